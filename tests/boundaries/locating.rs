//! The fast locator against the obvious one, on whole boroughs.

use geo::{BoundingRect, CoordsIter, LinesIter};
use geo_types::Coord;
use hotspots::{
    boundary::Locator,
    model::{Area, GridPoint},
};
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;

use crate::support;

const RANDOM_POINTS: u32 = if cfg!(debug_assertions) { 200_000 } else { 1_000_000 };

fn assert_equal_at(locator: &Locator, at: Coord<f64>) {
    let place = GridPoint::new(at.x, at.y).unwrap();
    assert_eq!(locator.locate(place), locator.locate_naive(place), "{} {}", at.x, at.y);
}

fn assert_exact(areas: &[Area]) {
    let locator = Locator::new(areas);
    for area in areas {
        let middles = area.grid.0.lines_iter().map(|edge| (edge.start + edge.end) / 2.0);
        for border in area.grid.0.coords_iter().chain(middles) {
            for (dx, dy) in [(0.0, 0.0), (1e-9, 0.0), (-1e-9, 0.0), (0.0, 1e-9), (0.0, -1e-9)] {
                assert_equal_at(&locator, Coord { x: border.x + dx, y: border.y + dy });
            }
        }
    }
    let boxes: Vec<_> = areas.iter().filter_map(|area| area.grid.0.bounding_rect()).collect();
    let low = |of: fn(Coord) -> f64| boxes.iter().map(|it| of(it.min())).fold(f64::INFINITY, f64::min) - 50.0;
    let high =
        |of: fn(Coord) -> f64| boxes.iter().map(|it| of(it.max())).fold(f64::NEG_INFINITY, f64::max) + 50.0;
    let mut random = Pcg64::seed_from_u64(20_140_101);
    let mut between =
        |low: f64, high: f64| low + (high - low) * (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
    let (west, east, south, north) = (low(|at| at.x), high(|at| at.x), low(|at| at.y), high(|at| at.y));
    for _ in 0..RANDOM_POINTS {
        assert_equal_at(&locator, Coord { x: between(west, east), y: between(south, north) });
    }
}

#[test]
fn every_point_of_the_schematic_borough_is_located_exactly() {
    let set = support::schematic();
    for layer in &set.layers {
        assert_exact(&layer.areas);
    }
    assert_exact(std::slice::from_ref(&set.outline));
}

#[test]
fn every_point_of_the_real_wards_is_located_exactly() {
    for year in [2013, 2024] {
        let Some(set) = support::real_wards(year, "") else { return };
        assert_exact(&set.layers[0].areas);
        assert_exact(std::slice::from_ref(&set.outline));
    }
}
