//! Overlaps, gaps and what lies outside.

use geo_types::{Coord, MultiPolygon, Polygon, Rect};
use hotspots::{
    boundary::topology::{self, Slivers},
    model::{
        Area, AreaCode, BoundarySet, Denominators, GridShape, Layer, LayerId, LonLatShape, SquareMetres,
        Validity,
    },
};

use crate::support;

/// A rectangle in metres east and north of a corner of Dudley.
fn rect(code: &str, west: f64, south: f64, east: f64, north: f64) -> Area {
    let corner = |x: f64, y: f64| Coord { x: 390_000.0 + x, y: 290_000.0 + y };
    area(code, Rect::new(corner(west, south), corner(east, north)).to_polygon())
}

fn area(code: &str, shape: Polygon<f64>) -> Area {
    let grid = GridShape(MultiPolygon::from(shape));
    Area {
        code: AreaCode(code.to_owned()),
        name: code.to_owned(),
        area: SquareMetres(geo::Area::unsigned_area(&grid.0)),
        grid,
        lonlat: LonLatShape(MultiPolygon::new(vec![])),
        denominators: Denominators::default(),
    }
}

fn check(outline: Area, areas: Vec<Area>) -> topology::LayerTopology {
    let layer = Layer {
        id: LayerId::new("ward").unwrap(),
        title: "Wards".to_owned(),
        vintage: "2013".to_owned(),
        valid: Validity::default(),
        retired: false,
        licence: "none".to_owned(),
        schematic: false,
        areas,
    };
    let set = BoundarySet {
        name: "Dudley".to_owned(),
        code: "E08000027".to_owned(),
        outline,
        schematic: false,
        layers: vec![layer],
    };
    topology::check(&set).layers.remove(0)
}

fn near(found: SquareMetres, expected: f64) -> bool {
    (found.0 - expected).abs() < 0.01
}

#[test]
fn areas_that_fit_have_nothing_to_report() {
    let halves = vec![rect("A", 0.0, 0.0, 50.0, 100.0), rect("B", 50.0, 0.0, 100.0, 100.0)];
    let report = check(rect("O", 0.0, 0.0, 100.0, 100.0), halves);
    assert!(report.is_clean());
    assert_eq!(report.slivers, Slivers::default());
    assert_eq!(
        report.to_string(),
        "ward: 2 areas, 0.010 km²: no overlaps, no gaps, nothing outside the outline\n"
    );
}

#[test]
fn overlaps_gaps_and_overhangs_are_measured_and_placed() {
    let areas = vec![
        rect("A", 0.0, 0.0, 60.0, 100.0),   // 10 m into B
        rect("B", 50.0, 0.0, 100.0, 80.0),  // 20 m short of the northern side
        rect("C", 100.0, 0.0, 130.0, 50.0), // outside
    ];
    let report = check(rect("O", 0.0, 0.0, 100.0, 100.0), areas);
    let [overlap] = &report.overlaps[..] else { panic!("{report}") };
    assert_eq!((overlap.areas.0.0.as_str(), overlap.areas.1.0.as_str()), ("A", "B"));
    assert!(
        near(overlap.shared.area, 800.0) && (390_050.0..390_060.0).contains(&overlap.shared.at.x),
        "{report}"
    );
    let [gap] = &report.gaps[..] else { panic!("{report}") };
    assert!(near(gap.area, 800.0) && gap.at.x > 390_060.0 && gap.at.y > 290_080.0, "{report}");
    let [outside] = &report.outside[..] else { panic!("{report}") };
    assert!(outside.code.0 == "C" && near(outside.beyond.area, 1500.0), "{report}");
    let text = report.to_string();
    assert!(text.starts_with("ward: 3 areas, 0.011 km²: does not fit\n"), "{text}");
    assert!(text.contains("\n  overlap        800.0 m² at 390055 290040: A and B\n"), "{text}");
}

#[test]
fn a_hole_between_areas_is_a_gap_even_if_the_outline_has_it_too() {
    let ring = |code: &str| {
        let hole = rect("", 40.0, 40.0, 60.0, 60.0).grid.0.0[0].exterior().clone();
        let around = rect("", 0.0, 0.0, 100.0, 100.0).grid.0.0[0].exterior().clone();
        let mut hole = hole.0;
        hole.reverse();
        area(code, Polygon::new(around, vec![hole.into()]))
    };
    let report = check(ring("O"), vec![ring("A")]);
    assert_eq!(report.gaps.len(), 1, "{report}");
    assert!(near(report.gaps[0].area, 400.0), "{report}");
}

#[test]
fn slivers_are_summed_and_not_listed() {
    let areas = vec![rect("A", 0.0, 0.0, 50.0, 100.0), rect("B", 50.004, 0.0, 100.0, 100.0)];
    let report = check(rect("O", 0.0, 0.0, 100.0, 100.0), areas);
    assert!(report.is_clean(), "{report}");
    assert_eq!(report.slivers.count, 1);
    assert!(near(report.slivers.total, 0.4), "{report}");
    assert!(report.to_string().contains("0.400 m² in 1 pieces of less than 1 m² each"), "{report}");
}

#[test]
fn the_real_wards_fit_together() {
    for year in [2013, 2024] {
        let Some(set) = support::real_wards(year, "") else { return };
        let report = topology::check(&set);
        assert!(report.is_clean(), "{year}: {report}");
        assert!(report.layers[0].slivers.total.0 < 1.0, "{year}: {report}");
    }
}

#[test]
fn wards_of_one_year_against_the_borough_of_another_are_reported() {
    let Some(old) = support::real_wards(2013, "") else { return };
    let Some(new) = support::real_wards(2024, "") else { return };
    let report = topology::check(&BoundarySet { outline: new.outline, ..old });
    let layer = &report.layers[0];
    let differing: f64 = layer.gaps.iter().map(|gap| gap.area.0).sum::<f64>()
        + layer.outside.iter().map(|outside| outside.beyond.area.0).sum::<f64>()
        + layer.slivers.total.0;
    // The symmetric difference of the two is 0.126 km².
    assert!(layer.overlaps.is_empty());
    assert!((differing / 1e6 - 0.126).abs() < 0.0005, "{differing} m²");
}
