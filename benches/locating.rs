//! Which ward a point lies in: the cell table against asking ward after ward.

#![allow(missing_docs, clippy::expect_used, reason = "a bench is no interface and may stop at once")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use geo::CoordsIter;
use geo_types::Coord;
use hotspots::{
    boundary::Locator,
    model::{Area, GridPoint},
};
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;

#[path = "../tests/boundaries/support.rs"]
#[allow(dead_code, reason = "tests use the rest")]
mod support;

const POINTS: usize = 1_000_000;

/// Points spread evenly over the bounding box of the areas.
fn points(areas: &[Area]) -> Vec<GridPoint> {
    let vertices = || areas.iter().flat_map(|area| area.grid.0.coords_iter());
    let min = vertices()
        .fold(Coord { x: f64::MAX, y: f64::MAX }, |a, b| Coord { x: a.x.min(b.x), y: a.y.min(b.y) });
    let max =
        vertices().fold(Coord { x: 0.0, y: 0.0 }, |a: Coord, b| Coord { x: a.x.max(b.x), y: a.y.max(b.y) });
    let mut random = Pcg64::seed_from_u64(42);
    let mut between =
        |low: f64, high: f64| low + (high - low) * (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
    (0..POINTS)
        .map(|_| {
            GridPoint::new(between(min.x, max.x), between(min.y, max.y)).expect("a point of the borough")
        })
        .collect()
}

fn locating(criterion: &mut Criterion) {
    let (name, set) = match support::real_wards(2013, "") {
        Some(set) => ("24 real wards", set),
        None => ("24 schematic wards", support::schematic()),
    };
    let areas = &set.layers[0].areas;
    let points = points(areas);
    let locator = Locator::new(areas);

    let mut group = criterion.benchmark_group(format!("locating 1,000,000 points, {name}"));
    group.throughput(Throughput::Elements(POINTS as u64)).sample_size(10);
    group.bench_function("cell table", |bencher| {
        bencher.iter(|| {
            points.iter().filter_map(|&at| locator.locate(black_box(at))).map(u64::from).sum::<u64>()
        });
    });
    group.bench_function("ward after ward", |bencher| {
        bencher.iter(|| {
            points.iter().filter_map(|&at| locator.locate_naive(black_box(at))).map(u64::from).sum::<u64>()
        });
    });
    group.finish();
    criterion.bench_function(&format!("building the cell table, {name}"), |bencher| {
        bencher.iter(|| Locator::new(black_box(areas)));
    });
}

criterion_group!(benches, locating);
criterion_main!(benches);
