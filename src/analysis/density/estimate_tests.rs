use super::*;
use crate::analysis::{
    density::intensity_naive,
    testing::{Seeded, metres, on_threads, point, rectangle, shape},
};

fn window() -> Window {
    let ring = vec![
        (399_100.0, 289_100.0),
        (400_500.0, 289_300.0),
        (400_900.0, 290_900.0),
        (400_000.0, 290_300.0),
        (399_300.0, 290_800.0),
    ];
    Window::new(&shape(&[ring]))
}

fn grid() -> RasterGrid {
    RasterGrid::new(399_000.0, 289_000.0, metres(50.0), 40, 40).unwrap()
}

/// Every choice, for some bandwidth.
fn all_smoothings(events: &[WeightedPoint], h: f64) -> Vec<Smoothing> {
    let h = metres(h);
    let mut all = Vec::new();
    for kernel in Kernel::ALL {
        for edge in [EdgeCorrection::None, EdgeCorrection::Uniform, EdgeCorrection::Diggle] {
            for bandwidth in [
                Bandwidth::Fixed(h),
                Bandwidth::Abramson { global: h, pilot: metres(1.3 * h.get()) },
                Bandwidth::Nearest(NearestEvents::new(events, 7, metres(30.0))),
            ] {
                all.extend(Smoothing::new(kernel, bandwidth, edge));
            }
        }
    }
    all
}

#[test]
fn surfaces_hold_the_estimates_at_their_centres() {
    let (window, grid) = (window(), grid());
    let events = Seeded::new(51).points(150, 900.0);
    for smoothing in all_smoothings(&events, 200.0) {
        let estimate = Estimate::new(&events, &window, &smoothing);
        let surface = estimate.surface(&grid);
        let inside = window.inside(&grid);
        for (cell, value) in surface.values.iter().enumerate() {
            let (e, n) = (grid.column_centre_m(cell % 40), grid.row_centre_m(cell / 40));
            let exact = estimate.at(GridPoint::new(e, n).unwrap());
            let near = (value - exact).abs() <= 1e-9 * exact + 1e-12 * surface.peak();
            assert!(near || !inside[cell], "{smoothing:?}, cell {cell}: {value} is not {exact}");
            assert!(value.is_finite() && *value >= 0.0, "{smoothing:?}, cell {cell}: {value}");
        }
    }
}

#[test]
fn the_order_of_the_events_and_the_number_of_threads_change_no_byte() {
    let (window, grid) = (window(), grid());
    let mut seeded = Seeded::new(52);
    let mut events = seeded.points(150, 900.0);
    let bits = |events: &[WeightedPoint], smoothing: &Smoothing| {
        let surface = Estimate::new(events, &window, smoothing).surface(&grid);
        surface.values.iter().map(|value| value.to_bits()).collect::<Vec<_>>()
    };
    for smoothing in all_smoothings(&events.clone(), 200.0) {
        let first = on_threads(1, || bits(&events, &smoothing));
        seeded.shuffle(&mut events);
        assert!(first == on_threads(4, || bits(&events, &smoothing)), "{smoothing:?}");
    }
}

#[test]
fn an_estimate_moves_with_its_events() {
    let events = Seeded::new(53).points(100, 900.0);
    let by = |de: f64, dn: f64| {
        let moved =
            |p: &WeightedPoint| point(p.position.easting_m() + de, p.position.northing_m() + dn, p.weight);
        let events: Vec<_> = events.iter().map(moved).collect();
        let outline = rectangle(399_100.0 + de, 289_100.0 + dn, 400_900.0 + de, 290_900.0 + dn);
        let window = Window::new(&outline);
        let place = GridPoint::new(399_150.0 + de, 289_500.0 + dn).unwrap();
        let at = |smoothing| Estimate::new(&events, &window, &smoothing).at(place);
        all_smoothings(&events, 200.0).into_iter().map(at).collect::<Vec<_>>()
    };
    for (a, b) in by(0.0, 0.0).into_iter().zip(by(20_000.0, -30_000.0)) {
        assert!((a - b).abs() <= 1e-8 * a, "{a} or {b}");
    }
}

#[test]
fn the_same_bandwidth_for_all_is_abramsons_where_events_are_even() {
    // Alone, an event has its own pilot as the mean, and so the global bandwidth.
    let (window, lone) = (window(), [point(399_800.0, 289_900.0, 2.0)]);
    let bandwidth = Bandwidth::Abramson { global: metres(120.0), pilot: metres(500.0) };
    let smoothing = Smoothing::new(Kernel::Quartic, bandwidth, EdgeCorrection::None).unwrap();
    let surface = Estimate::new(&lone, &window, &smoothing).surface(&grid());
    let fixed = intensity_naive(&lone, &grid(), Kernel::Quartic, metres(120.0));
    for (a, b) in surface.values.iter().zip(&fixed.values) {
        assert!((a - b).abs() < 1e-12 * fixed.peak());
    }
}

#[test]
fn one_incident_many_times_is_one_with_their_weight() {
    let window = window();
    let mut events = Seeded::new(54).points(60, 900.0);
    for event in &mut events {
        event.weight = 1.0;
    }
    let heavy: Vec<_> = events.iter().map(|event| WeightedPoint { weight: 3.0, ..*event }).collect();
    let often: Vec<_> = events.iter().flat_map(|event| [*event; 3]).collect();
    for (one, other) in all_smoothings(&heavy, 200.0).iter().zip(all_smoothings(&often, 200.0)) {
        let surface =
            |events: &[WeightedPoint], smoothing| Estimate::new(events, &window, smoothing).surface(&grid());
        assert_eq!(surface(&heavy, one), surface(&often, &other), "{one:?}");
    }
}

#[test]
fn degenerate_events_have_surfaces_without_holes() {
    let window = window();
    let outside = vec![point(405_000.0, 295_000.0, 1.0), point(399_800.0, 289_900.0, 1.0)];
    let same = vec![point(399_800.0, 289_900.0, 1.0); 20];
    let weightless = vec![point(399_800.0, 289_900.0, 0.0); 2];
    for events in [vec![], same, weightless, outside] {
        for h in [1e-3, 200.0, 1e7] {
            for smoothing in all_smoothings(&events, h) {
                let grid = RasterGrid::new(399_000.0, 289_000.0, metres(200.0), 10, 10).unwrap();
                let surface = Estimate::new(&events, &window, &smoothing).surface(&grid);
                assert!(surface.values.iter().all(|v| v.is_finite() && *v >= 0.0), "{smoothing:?}");
            }
        }
    }
    let nowhere = Window::new(&crate::model::GridShape(geo_types::MultiPolygon(vec![])));
    for smoothing in all_smoothings(&[point(399_800.0, 289_900.0, 1.0)], 200.0) {
        let surface =
            Estimate::new(&[point(399_800.0, 289_900.0, 1.0)], &nowhere, &smoothing).surface(&grid());
        assert!(surface.values.iter().all(|v| v.is_finite() && *v >= 0.0), "{smoothing:?}");
    }
}

#[test]
fn a_bandwidth_of_places_has_no_kernel_to_correct() {
    let nearest = || Bandwidth::Nearest(NearestEvents::new(&[], 5, metres(10.0)));
    let fault = Smoothing::new(Kernel::Quartic, nearest(), EdgeCorrection::Diggle).unwrap_err();
    assert_eq!(fault.value, "diggle");
    assert!(Smoothing::new(Kernel::Quartic, nearest(), EdgeCorrection::Uniform).is_ok());
    assert!("edge".parse::<EdgeCorrection>().is_err());
    assert_eq!("diggle".parse(), Ok(EdgeCorrection::Diggle));
}
