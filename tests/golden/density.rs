//! Intensities, edge masses and adaptive estimates at 300 points against the reference results of topic 04.

use std::{collections::HashMap, path::Path};

use crate::support::{golden, number, polygons, table};
use hotspots::{
    analysis::density::{
        Bandwidth, EdgeCorrection, Estimate, Kernel, RasterGrid, Smoothing, WeightedPoint, Window, intensity,
        intensity_at, merge,
    },
    model::{GridPoint, GridShape, Metres},
};

type Row = HashMap<String, String>;

fn place(row: &Row) -> GridPoint {
    GridPoint::new(number(row, "e"), number(row, "n")).unwrap()
}

/// The events of the three sets: burglaries, all, and all with their weights.
fn sets(golden: &Path) -> HashMap<&'static str, Vec<WeightedPoint>> {
    let events = table(golden.join("04_kde/events.csv"));
    let point = |row: &Row, weight| WeightedPoint { position: place(row), weight };
    let burglaries = events.iter().filter(|row| row["crime_type"] == "Burglary");
    HashMap::from([
        ("one_type", burglaries.map(|row| point(row, 1.0)).collect()),
        ("all", events.iter().map(|row| point(row, 1.0)).collect()),
        ("all_weighted", events.iter().map(|row| point(row, number(row, "weight"))).collect()),
    ])
}

fn positions(golden: &Path) -> HashMap<String, GridPoint> {
    let rows = table(golden.join("04_kde/evaluation_points.csv"));
    rows.iter().map(|row| (row["pt"].clone(), place(row))).collect()
}

fn window(golden: &Path) -> Window {
    Window::new(&GridShape(polygons(golden.join("inputs/borough_27700.geojson"))))
}

fn metres(value: f64) -> Metres {
    Metres::new(value).unwrap()
}

/// Whether a value is the reference's, which is 0 where it underflows.
fn is(value: f64, reference: f64, relative: f64) -> bool {
    (value - reference).abs() <= relative * reference + 1e-12
}

#[test]
fn intensities_equal_the_reference() {
    let Some(golden) = golden() else { return };
    let (sets, positions, window) = (sets(&golden), positions(&golden), window(&golden));
    let mut estimates: HashMap<(String, String, String), [Estimate; 2]> = HashMap::new();
    let (mut compared, mut corrected) = (0, 0);
    for row in table(golden.join("04_kde/kde.csv")) {
        let (kernel, h): (Kernel, _) = (row["kernel"].parse().unwrap(), metres(number(&row, "h")));
        let (points, at) = (&sets[row["set"].as_str()], positions[&row["pt"]]);
        let raw = intensity_at(points, at, kernel, h);
        assert!(is(raw, number(&row, "raw"), 1e-9), "{row:?}: {raw}");
        compared += 1;
        if row["uniform"].is_empty() {
            continue;
        }
        let key = (row["set"].clone(), row["kernel"].clone(), row["h"].clone());
        let [uniform, diggle] = estimates.entry(key).or_insert_with(|| {
            [EdgeCorrection::Uniform, EdgeCorrection::Diggle]
                .map(|edge| Estimate::new(points, &window, &Smoothing::fixed(kernel, h, edge)))
        });
        assert!(is(uniform.at(at), number(&row, "uniform"), 1e-8), "{row:?}: {}", uniform.at(at));
        assert!(is(diggle.at(at), number(&row, "diggle"), 1e-8), "{row:?}: {}", diggle.at(at));
        corrected += 1;
    }
    assert_eq!(compared, 3 * 6 * 3 * 300);
    assert!(corrected > compared / 2, "{corrected}");
}

#[test]
fn edge_masses_equal_the_reference() {
    let Some(golden) = golden() else { return };
    let (positions, window) = (positions(&golden), window(&golden));
    let mut compared = 0;
    for row in table(golden.join("04_kde/edge_mass.csv")) {
        let kernel: Kernel = row["kernel"].parse().unwrap();
        let mass = window.mass_at(positions[&row["pt"]], kernel, metres(number(&row, "h")));
        assert!(is(mass, number(&row, "q"), 1e-8), "{row:?}: {mass}");
        compared += 1;
    }
    assert_eq!(compared, 6 * 3 * 300);
}

#[test]
fn adaptive_estimates_equal_the_reference() {
    let Some(golden) = golden() else { return };
    let (sets, positions, window) = (sets(&golden), positions(&golden), window(&golden));
    let events: HashMap<String, GridPoint> =
        table(golden.join("04_kde/events.csv")).iter().map(|row| (row["id"].clone(), place(row))).collect();
    let estimate = |row: &Row| {
        let (global, pilot) = (metres(number(row, "h0")), metres(number(row, "hp")));
        let bandwidth = Bandwidth::Abramson { global, pilot };
        let smoothing = Smoothing::new(Kernel::Gaussian, bandwidth, row["edge"].parse().unwrap()).unwrap();
        Estimate::new(&sets["one_type"], &window, &smoothing)
    };
    let key = |row: &Row| (row["h0"].clone(), row["hp"].clone(), row["edge"].clone());
    let mut estimates: HashMap<_, Estimate> = HashMap::new();
    let mut compared = 0;
    for row in table(golden.join("04_kde/adaptive_event_bandwidths.csv")) {
        let estimate = estimates.entry(key(&row)).or_insert_with(|| estimate(&row));
        let at = events[&row["event_id"]];
        let h = estimate.event_bandwidths().unwrap().find(|(place, _)| *place == at).unwrap().1;
        assert!(is(h.get(), number(&row, "h_i"), 1e-8), "{row:?}: {h:?}");
        compared += 1;
    }
    for row in
        table(golden.join("04_kde/adaptive_surface.csv")).iter().filter(|row| !row["intensity"].is_empty())
    {
        let (estimate, at) = (&estimates[&key(row)], positions[&row["pt"]]);
        let (h, value) = (estimate.bandwidth_at(at).get(), estimate.at(at));
        if !row["h_at_point"].is_empty() {
            assert!(is(h, number(row, "h_at_point"), 1e-8), "{row:?}: {h}");
        }
        assert!(is(value, number(row, "intensity"), 1e-8), "{row:?}: {value}");
        compared += 1;
    }
    assert!(compared > 2_000, "{compared}");
}

#[test]
fn surfaces_of_real_events_equal_the_sum_at_each_cell() {
    let Some(golden) = golden() else { return };
    let points = &sets(&golden)["all_weighted"];
    let window = window(&golden);
    let weights: f64 = points.iter().map(|point| point.weight).sum();
    for kernel in Kernel::ALL {
        for (h, cell) in
            [(200.0, 100.0), (500.0, 50.0), (1_000.0, 100.0)].map(|(h, c)| (metres(h), metres(c)))
        {
            let margin = metres(h.get() * if kernel == Kernel::Gaussian { 5.0 } else { 1.0 });
            let grid = RasterGrid::covering(window.shape(), cell, margin).unwrap();
            let surface = intensity(&merge(points.clone()), &grid, kernel, h);
            // Cells are coarse for a kernel with a step at its rim.
            let tolerance = if kernel == Kernel::Uniform { 2e-2 } else { 2e-3 };
            assert!((surface.total() / weights - 1.0).abs() < tolerance, "{kernel}: {}", surface.total());
            for cell in (0..grid.cells()).step_by(97) {
                let (column, row) = (cell % grid.columns(), cell / grid.columns());
                let centre = GridPoint::new(grid.column_centre_m(column), grid.row_centre_m(row)).unwrap();
                let exact = intensity_at(points, centre, kernel, h);
                assert!(
                    (surface.values[cell] - exact).abs() <= 1e-12 * surface.peak(),
                    "{kernel} {centre:?}"
                );
            }
        }
    }
}

#[test]
fn kernels_corrected_at_the_event_hold_their_whole_mass_inside() {
    let Some(golden) = golden() else { return };
    let points = &sets(&golden)["all"];
    let window = window(&golden);
    let grid = RasterGrid::covering(window.shape(), metres(25.0), metres(25.0)).unwrap();
    let inside = window.inside(&grid);
    for kernel in Kernel::ALL {
        let smoothing = Smoothing::fixed(kernel, metres(400.0), EdgeCorrection::Diggle);
        let surface = Estimate::new(points, &window, &smoothing).surface(&grid);
        let held: f64 =
            surface.values.iter().zip(&inside).filter(|(_, inside)| **inside).map(|(v, _)| v).sum();
        let held = held * grid.cell_area().km2();
        assert!((held / points.len() as f64 - 1.0).abs() < 1e-3, "{kernel}: {held}");
    }
}
