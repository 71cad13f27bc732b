use super::*;
use crate::{
    analysis::{
        density::{Kernel, RasterGrid, intensity},
        hotspots::{Events, HotspotRule, hotspots},
        testing::{metres, on_threads, point, rectangle},
    },
    model::{GridShape, SquareMetres},
};

fn outline() -> GridShape {
    rectangle(400_000.0, 290_000.0, 403_000.0, 292_000.0)
}

fn grid() -> RasterGrid {
    RasterGrid::covering(&outline(), metres(50.0), metres(50.0)).unwrap()
}

/// A limit at a third of what is highest.
fn draw(points: &[WeightedPoint]) -> Drawn {
    let surface = intensity(points, &grid(), Kernel::Quartic, metres(200.0));
    let peak = surface.peak();
    Drawn { surface, limit_per_km2: (peak > 0.0).then_some(peak / 3.0) }
}

fn found_in(events: &[WeightedPoint]) -> Vec<Hotspot> {
    let Drawn { surface, limit_per_km2 } = draw(events);
    let rule = HotspotRule {
        limit_per_km2: limit_per_km2.unwrap_or(f64::NAN),
        minimum_area: SquareMetres(0.0),
        minimum_count: 0,
    };
    let at = |event: &WeightedPoint| Events { position: event.position, count: 1, weight: event.weight };
    hotspots(&surface, &rule, &outline(), &events.iter().map(at).collect::<Vec<_>>()).ranked
}

fn looked_for(events: &[WeightedPoint], number: u32) -> (Vec<Hotspot>, Stability) {
    let ranked = found_in(events);
    let resamples = Resamples::new(number).unwrap();
    let stability = stability(events, &ranked, grid().cells(), resamples, Seed(3), draw);
    (ranked, stability)
}

/// Many events in the west, few in the east.
fn west_and_east(west: usize, east: usize) -> Vec<WeightedPoint> {
    let mut events = vec![point(400_700.0, 291_000.0, 1.0); west];
    events.extend(vec![point(402_300.0, 291_000.0, 1.0); east]);
    events
}

#[test]
fn what_many_events_make_is_found_and_what_few_make_is_found_by_chance() {
    let (ranked, stability) = looked_for(&west_and_east(90, 33), 999);
    assert_eq!(ranked.len(), 2);
    assert_eq!((stability.found[0], stability.peak_hot[0]), (1.0, 1.0));
    // The eastern hotspot is hot where its resampled share, 33 of 123 on average, is over a third of the
    // western one's: a little more than every second time.
    assert!((0.5..0.8).contains(&stability.found[1]), "{:?}", stability.found);
    assert!(stability.found[1] <= stability.peak_hot[1]);
    let hot = stability.hot[ranked[1].peak.cell];
    assert!((hot - stability.peak_hot[1]).abs() < 1e-12);
}

#[test]
fn the_share_is_that_of_the_binomial_distribution() {
    // The east is hot where it has more than a third of the western events: at least 31 of 123 in 1/4 of them.
    let (_, stability) = looked_for(&west_and_east(90, 33), 999);
    let others = statrs::distribution::Binomial::new(33.0 / 123.0, 123).unwrap();
    let expected = 1.0 - statrs::distribution::DiscreteCDF::cdf(&others, 30);
    assert!((stability.peak_hot[1] - expected).abs() < 0.05, "{expected} {:?}", stability.peak_hot);
}

#[test]
fn all_at_one_place_is_always_found() {
    let (ranked, stability) = looked_for(&[point(401_000.0, 291_000.0, 2.0); 7], 99);
    assert_eq!((ranked.len(), &stability.found[..], &stability.peak_hot[..]), (1, &[1.0][..], &[1.0][..]));
    assert!(stability.hot.iter().all(|share| *share == 0.0 || *share > 0.999_999));
    let (_, lone) = looked_for(&[point(401_000.0, 291_000.0, 1.0)], 99);
    assert_eq!(lone.found, [1.0]);
}

#[test]
fn without_events_or_weight_nothing_is_found() {
    for events in [vec![], vec![point(401_000.0, 291_000.0, 0.0); 5]] {
        let (ranked, stability) = looked_for(&events, 99);
        assert!(ranked.is_empty() && stability.found.is_empty());
        assert!(stability.hot.iter().all(|share| *share == 0.0) && stability.hot.len() == grid().cells());
    }
}

#[test]
fn a_resample_has_as_many_events_and_keeps_their_weights() {
    let mut events = west_and_east(5, 3);
    events.extend(vec![point(400_700.0, 291_000.0, 10.0); 2]);
    let places = Places::of(&events);
    let mut means = [0.0; 2];
    for number in 0..4_000 {
        let points = places.resampled(Seed(1), number);
        for point in points {
            means[usize::from(point.position.easting_m() > 401_000.0)] += point.weight / 4_000.0;
        }
    }
    assert!((means[0] - 25.0).abs() < 0.6 && (means[1] - 3.0).abs() < 0.1, "{means:?}");
}

#[test]
fn neither_threads_nor_the_order_of_events_change_a_byte() {
    let mut events = crate::analysis::testing::Seeded::new(81).points(300, 900.0);
    for event in &mut events {
        event.position = crate::model::GridPoint::new(
            (event.position.easting_m() + 1_500.0).round(),
            (event.position.northing_m() + 1_000.0).round(),
        )
        .unwrap();
    }
    let one = on_threads(1, || looked_for(&events, 99));
    assert!(!one.0.is_empty());
    assert!(one.1 == on_threads(4, || looked_for(&events, 99)).1);
    events.reverse();
    assert!(one.1.hot == looked_for(&events, 99).1.hot);
}

#[test]
fn numbers_of_resamples_are_checked() {
    for bad in [0, 98, 1_000] {
        assert!(Resamples::new(bad).is_err());
    }
}
