//! Exact quartic surfaces: 100,000 points on 512 × 512 cells of 25 m (12.8 × 12.8 km, the size of
//! Dudley), beside the sum over all points.

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench is no interface and may stop at once")]

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use hotspots::{
    analysis::density::{RasterGrid, WeightedPoint, intensity, intensity_naive, merge},
    model::{GridPoint, Metres},
};
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;

/// A raster of `size` × `size` cells over 12.8 × 12.8 km.
fn grid(size: u32) -> RasterGrid {
    let cell = Metres::new(12_800.0 / f64::from(size)).unwrap();
    RasterGrid::new(387_200.0, 281_600.0, cell, size as usize, size as usize).unwrap()
}

/// Events in 300 clusters about 500 m wide, a third of them anywhere; all at distinct places.
fn events(n: usize) -> Vec<WeightedPoint> {
    let mut random = Pcg64::seed_from_u64(42);
    let mut between =
        |low: f64, high: f64| low + (random.next_u64() >> 11) as f64 * (high - low) / 2_f64.powi(53);
    let centres: Vec<_> =
        (0..300).map(|_| (between(387_800.0, 399_400.0), between(282_200.0, 293_800.0))).collect();
    (0..n)
        .map(|i| {
            let (easting_m, northing_m) = if i % 3 == 0 {
                (between(387_200.0, 400_000.0), between(281_600.0, 294_400.0))
            } else {
                let (e, n) = centres[i % 300];
                (e + between(-250.0, 250.0) + between(-250.0, 250.0), n + between(-250.0, 250.0))
            };
            WeightedPoint { position: GridPoint::new(easting_m, northing_m).unwrap(), weight: 1.0 }
        })
        .collect()
}

fn surfaces(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("density");
    group.sample_size(20).measurement_time(Duration::from_secs(5));
    let (points, grid_512) = (events(100_000), grid(512));
    for bandwidth_m in [150.0, 300.0, 500.0, 1_000.0, 2_500.0] {
        let bandwidth = Metres::new(bandwidth_m).unwrap();
        group.bench_function(format!("quartic, 100,000 points unsorted, 512x512, {bandwidth_m} m"), |b| {
            b.iter(|| intensity(black_box(&points), &grid_512, bandwidth));
        });
    }
    let merged = merge(points.clone());
    group.bench_function("quartic, 100,000 points merged, 512x512, 150 m", |b| {
        b.iter(|| intensity(black_box(&merged), &grid_512, Metres::new(150.0).unwrap()));
    });
    group.bench_function("merge, 100,000 points", |b| {
        b.iter_batched(|| points.clone(), merge, criterion::BatchSize::LargeInput);
    });
    group.finish();
}

/// The naive sum on a 64th of the cells: multiply by 64 to compare.
fn naive(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("density");
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    let (points, grid_64) = (events(100_000), grid(64));
    group.bench_function("naive, 100,000 points, 64x64 (1/64 of the cells), 150 m", |b| {
        b.iter(|| intensity_naive(black_box(&points), &grid_64, Metres::new(150.0).unwrap()));
    });
    group.finish();
}

criterion_group!(benches, surfaces, naive);
criterion_main!(benches);
