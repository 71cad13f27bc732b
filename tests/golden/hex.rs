//! H3 counts and areas against the reference results of topic 02, and the grid of the real borough.

use std::collections::BTreeMap;

use crate::support::{borough, golden, number, table};
use hotspots::{
    analysis::hex::{HexGrid, HexResolution, bin},
    crs::osgb,
    model::LonLat,
};

#[test]
fn cells_counts_and_areas_equal_the_reference() {
    let Some(golden) = golden() else { return };
    let incidents = table(golden.join("inputs/incidents_dudley_2014-01_2014-02.csv"));
    let positions: Vec<_> =
        incidents.iter().map(|row| LonLat::new(number(row, "lon"), number(row, "lat")).unwrap()).collect();
    for resolution in [8, 9, 10] {
        let cells = bin(&positions, HexResolution::new(resolution).unwrap());
        let mut counts = BTreeMap::<_, (u32, u32)>::new();
        for (cell, row) in cells.iter().zip(&incidents) {
            let (all, burglary) = counts.entry(cell.to_string()).or_default();
            *all += 1;
            *burglary += u32::from(row["crime_type"] == "Burglary");
        }
        let reference = table(golden.join(format!("02_h3_counts/h3_res{resolution}.csv")));
        assert_eq!(counts.len(), reference.len());
        for row in reference {
            let found = counts[&row["h3"]];
            assert_eq!(
                (found.0.to_string(), found.1.to_string()),
                (row["all"].clone(), row["burglary"].clone())
            );
            let area = cells.iter().find(|cell| cell.to_string() == row["h3"]).unwrap().area_km2();
            assert!((area / number(&row, "cell_area_km2") - 1.0).abs() < 1e-9, "{row:?}: {area}");
        }
    }
}

#[test]
fn the_cells_of_the_borough_add_up_to_its_area_and_hold_its_incidents() {
    let Some(golden) = golden() else { return };
    let outline = borough(&golden);
    let incidents = table(golden.join("inputs/incidents_dudley_2014-01_2014-02.csv"));
    let inside = incidents.iter().filter(|row| row["in_borough"] == "1");
    let positions: Vec<_> =
        inside.map(|row| LonLat::new(number(row, "lon"), number(row, "lat")).unwrap()).collect();
    assert_eq!(positions.len(), 3_100);
    for number in 7..=11 {
        let resolution = HexResolution::new(number).unwrap();
        let hexes = HexGrid::covering(&outline, resolution, &osgb::to_grid).unwrap();
        let total: f64 = hexes.cells().iter().map(|cell| cell.clipped.0).sum();
        assert!((total / outline.area.0 - 1.0).abs() < 1e-6, "resolution {number}: {total}");
        assert!(hexes.cells().windows(2).all(|pair| pair[0].index < pair[1].index));
        let cells = bin(&positions, resolution);
        let (counts, outside) = hexes.counts(cells.into_iter().map(|cell| (cell, 1.0)));
        assert_eq!((counts.iter().sum::<f64>(), outside), (3_100.0, 0.0), "resolution {number}");
        let reference = [(8, 147), (9, 1_028)].into_iter().find(|(resolution, _)| *resolution == number);
        if let Some((_, centres)) = reference {
            assert_eq!(hexes.centres_inside().cells().len(), centres);
        }
    }
}
