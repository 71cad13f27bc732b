//! Quartic intensities at 300 points against the reference results of topic 04.

use std::collections::HashMap;

use crate::support::{golden, number, polygons, table};
use hotspots::{
    analysis::density::{RasterGrid, WeightedPoint, intensity, intensity_at, merge},
    model::{GridPoint, GridShape, Metres},
};

/// The events of the three sets: burglaries, all, and all with their weights.
fn sets(events: &[HashMap<String, String>]) -> HashMap<&'static str, Vec<WeightedPoint>> {
    let point = |row: &HashMap<String, String>, weight| WeightedPoint {
        position: GridPoint::new(number(row, "e"), number(row, "n")).unwrap(),
        weight,
    };
    let burglaries = events.iter().filter(|row| row["crime_type"] == "Burglary");
    HashMap::from([
        ("one_type", burglaries.map(|row| point(row, 1.0)).collect()),
        ("all", events.iter().map(|row| point(row, 1.0)).collect()),
        ("all_weighted", events.iter().map(|row| point(row, number(row, "weight"))).collect()),
    ])
}

#[test]
fn quartic_intensities_equal_the_reference() {
    let Some(golden) = golden() else { return };
    let sets = sets(&table(golden.join("04_kde/events.csv")));
    let merged: HashMap<_, _> = sets.iter().map(|(&name, points)| (name, merge(points.clone()))).collect();
    let positions: HashMap<String, GridPoint> = table(golden.join("04_kde/evaluation_points.csv"))
        .iter()
        .map(|row| (row["pt"].clone(), GridPoint::new(number(row, "e"), number(row, "n")).unwrap()))
        .collect();
    let mut compared = 0;
    for row in table(golden.join("04_kde/kde.csv")).iter().filter(|row| row["kernel"] == "quartic") {
        let bandwidth = Metres::new(number(row, "h")).unwrap();
        let raw = number(row, "raw");
        for points in [&sets[row["set"].as_str()], &merged[row["set"].as_str()]] {
            let value = intensity_at(points, positions[&row["pt"]], bandwidth);
            assert!((value - raw).abs() <= 1e-9 * raw + 1e-12, "{row:?}: {value}");
        }
        compared += 1;
    }
    assert_eq!(compared, 3 * 3 * 300);
}

#[test]
fn surfaces_of_real_events_equal_the_sum_at_each_cell() {
    let Some(golden) = golden() else { return };
    let points = &sets(&table(golden.join("04_kde/events.csv")))["all_weighted"];
    let outline = GridShape(polygons(golden.join("inputs/borough_27700.geojson")));
    for (h, cell) in [(200.0, 100.0), (500.0, 50.0), (1_000.0, 100.0)].map(|(h, c)| (metres(h), metres(c))) {
        let grid = RasterGrid::covering(&outline, cell, h).unwrap();
        let surface = intensity(points, &grid, h);
        let weights: f64 = points.iter().map(|point| point.weight).sum();
        assert!((surface.total() / weights - 1.0).abs() < 1e-3, "{} of {weights}", surface.total());
        for cell in (0..grid.cells()).step_by(97) {
            let (column, row) = (cell % grid.columns(), cell / grid.columns());
            let centre = GridPoint::new(grid.column_centre_m(column), grid.row_centre_m(row)).unwrap();
            let exact = intensity_at(points, centre, h);
            assert!((surface.values[cell] - exact).abs() <= 1e-12 * surface.peak(), "{centre:?}");
        }
    }
}

fn metres(value: f64) -> Metres {
    Metres::new(value).unwrap()
}
