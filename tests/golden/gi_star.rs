//! Gi*, its p-values, their adjustment and bins against the reference results of topic 06.

use crate::support::{borough, golden, number, table};
use hotspots::{
    analysis::{
        fdr::benjamini_hochberg,
        gi_star::{GiBin, gi_star},
        hex::{HexGrid, HexResolution, bin},
    },
    crs::osgb,
    model::LonLat,
};

#[test]
fn gi_star_of_the_borough_equals_the_reference() {
    let Some(golden) = golden() else { return };
    let outline = borough(&golden);
    let incidents = table(golden.join("inputs/incidents_dudley_2014-01_2014-02.csv"));
    for (name, resolution, category) in [
        ("all_res8", 8, None),
        ("all_res9", 9, None),
        ("burglary_res8", 8, Some("Burglary")),
        ("burglary_res9", 9, Some("Burglary")),
    ] {
        let resolution = HexResolution::new(resolution).unwrap();
        let hexes = HexGrid::covering(&outline, resolution, &osgb::to_grid).unwrap().centres_inside();
        let chosen = incidents.iter().filter(|row| category.is_none_or(|c| row["crime_type"] == c));
        let positions: Vec<_> =
            chosen.map(|row| LonLat::new(number(row, "lon"), number(row, "lat")).unwrap()).collect();
        let (counts, _) = hexes.counts(bin(&positions, resolution).into_iter().map(|cell| (cell, 1.0)));
        let statistics = gi_star(&counts, hexes.neighbours());
        let p: Vec<_> = statistics.iter().map(|statistic| statistic.p_two_sided).collect();
        let adjusted = benjamini_hochberg(&p);

        let reference = table(golden.join(format!("06_gi_star_local_moran/{name}.csv")));
        assert_eq!(reference.len(), hexes.cells().len(), "{name}");
        for (place, row) in reference.iter().enumerate() {
            assert_eq!(hexes.cells()[place].index.to_string(), row["h3"]);
            assert_eq!(counts[place].to_string(), row["count"], "{row:?}");
            assert_eq!(hexes.neighbours().of(place).len().to_string(), row["neighbours"], "{row:?}");
            let (z, reference_z) = (statistics[place].z, number(row, "gi_star_z"));
            assert!((z - reference_z).abs() <= 1e-9 * reference_z.abs().max(1e-3), "{row:?}: {z}");
            assert!((p[place] - number(row, "gi_star_p")).abs() <= 1e-8, "{row:?}: {}", p[place]);
            assert!(
                (adjusted[place] - number(row, "gi_star_p_bh")).abs() <= 1e-8,
                "{row:?}: {}",
                adjusted[place]
            );
            assert_eq!(GiBin::of(z, p[place]).get().to_string(), row["gi_bin"], "{row:?}");
            assert_eq!(GiBin::of(z, adjusted[place]).get().to_string(), row["gi_bin_fdr"], "{row:?}");
        }
    }
}
