//! Against the check of `geo`, which compares everything with everything.

use geo::{CoordsIter, Validation};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::*;

/// What both checks say.
fn both(shape: &MultiPolygon<f64>) -> (Vec<InvalidMultiPolygon>, Vec<InvalidMultiPolygon>) {
    (faults(shape).into_iter().map(|fault| fault.rule).collect(), shape.validation_errors())
}

fn ring(positions: &[(f64, f64)]) -> LineString<f64> {
    let mut ring: LineString<f64> = positions.to_vec().into();
    ring.close();
    ring
}

fn square(west: f64, south: f64, side: f64) -> LineString<f64> {
    ring(&[(west, south), (west + side, south), (west + side, south + side), (west, south + side)])
}

/// A ring around a centre whose distances go up and down; it never crosses itself.
fn star(random: &mut Pcg64, centre: (f64, f64), size: f64) -> LineString<f64> {
    let corners = random.random_range(3..12_u32);
    let corner = |i: u32| {
        let distance = size * random.random_range(0.2..1.0);
        let angle = std::f64::consts::TAU * f64::from(i) / f64::from(corners);
        (centre.0 + distance * angle.cos(), centre.1 + distance * angle.sin())
    };
    ring(&(0..corners).map(corner).collect::<Vec<_>>())
}

#[test]
fn rings_on_a_small_lattice_are_judged_as_geo_does() {
    // On a lattice of 5 by 5 vertices meet vertices and edges, and edges run along each other, all the time.
    let mut random = Pcg64::seed_from_u64(7);
    let mut valid = 0;
    for case in 0..4000 {
        let corners = random.random_range(3..7);
        let at = |random: &mut Pcg64| f64::from(random.random_range(0..5_u32));
        let positions: Vec<_> = (0..corners).map(|_| (at(&mut random), at(&mut random))).collect();
        let shape = MultiPolygon::from(Polygon::new(ring(&positions), vec![]));
        let (ours, theirs) = both(&shape);
        assert_eq!(ours, theirs, "{case}: {positions:?}");
        valid += usize::from(ours.is_empty());
    }
    assert!((200..3800).contains(&valid), "{valid}");
}

#[test]
fn holes_and_parts_are_judged_as_geo_does() {
    let mut random = Pcg64::seed_from_u64(8);
    let mut valid = 0;
    for case in 0..1500 {
        let parts = random.random_range(1..4);
        let mut part = || {
            let centre = (random.random_range(0.0..12.0), random.random_range(0.0..12.0));
            let exterior = star(&mut random, centre, 6.0);
            let holes = (0..random.random_range(0..3))
                .map(|_| {
                    let beside = |at: f64, random: &mut Pcg64| at + random.random_range(-2.0..2.0);
                    let centre = (beside(centre.0, &mut random), beside(centre.1, &mut random));
                    star(&mut random, centre, 1.0)
                })
                .collect();
            Polygon::new(exterior, holes)
        };
        let shape: MultiPolygon<f64> = (0..parts).map(|_| part()).collect();
        let (ours, theirs) = both(&shape);
        assert_eq!(ours, theirs, "{case}: {shape:?}");
        valid += usize::from(ours.is_empty());
    }
    assert!((100..1400).contains(&valid), "{valid}");
}

#[test]
fn squares_that_touch_overlap_or_lie_in_each_other_are_judged_as_geo_does() {
    let mut random = Pcg64::seed_from_u64(9);
    let mut valid = 0;
    for case in 0..3000 {
        let mut small = |most: u32| f64::from(random.random_range(0..most));
        let holes = (0..2).map(|_| square(small(6), small(6), 1.0 + small(3))).collect();
        let other = square(small(10), small(10), 1.0 + small(3));
        let shape =
            MultiPolygon::new(vec![Polygon::new(square(0.0, 0.0, 8.0), holes), Polygon::new(other, vec![])]);
        let (ours, theirs) = both(&shape);
        assert_eq!(ours, theirs, "{case}: {shape:?}");
        valid += usize::from(ours.is_empty());
    }
    assert!((10..2990).contains(&valid), "{valid}");
}

#[test]
fn a_crossing_is_told_with_its_place() {
    let bow_tie = Polygon::new(ring(&[(0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0)]), vec![]);
    let [fault] = &faults(&bow_tie.into())[..] else { panic!("one fault") };
    assert_eq!(
        fault.to_string(),
        "polygon at index 0 is invalid: exterior ring has a self-intersection, at easting 2.0 northing 2.0"
    );
}

#[test]
fn a_ring_of_many_vertices_is_valid() {
    let around = |i: u32| {
        let angle = std::f64::consts::TAU * f64::from(i) / 50_000.0;
        let distance = 1000.0 + 5.0 * (f64::from(i) * 0.7).sin();
        (distance * angle.cos(), distance * angle.sin())
    };
    let shape = MultiPolygon::from(Polygon::new(ring(&(0..50_000).map(around).collect::<Vec<_>>()), vec![]));
    assert_eq!(shape.coords_count(), 50_001);
    assert_eq!(faults(&shape), []);
}
