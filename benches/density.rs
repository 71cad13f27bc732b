//! Exact surfaces of up to a million points on up to 2048 × 2048 cells over 12.8 × 12.8 km, the size of
//! Dudley, each beside the sum over all points; edge masses of an outline of that size.

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench is no interface and may stop at once")]

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use hotspots::{
    analysis::density::{Kernel, RasterGrid, WeightedPoint, Window, intensity, intensity_naive, merge},
    model::{GridPoint, GridShape, Metres},
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

fn metres(value: f64) -> Metres {
    Metres::new(value).unwrap()
}

/// The four surfaces that there are goals for, and longer kernels. What the naive sum takes is measured on
/// a part of the cells, as many as it does in seconds: multiply by what its name says.
fn quartic(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("density");
    group.sample_size(20).measurement_time(Duration::from_secs(5));
    for (n, name, size, bandwidths, naive_size) in [
        (100_000, "100,000", 512, &[150.0, 300.0, 500.0, 1_000.0, 2_500.0][..], 64),
        (1_000_000, "1,000,000", 512, &[150.0], 16),
        (10_000, "10,000", 2_048, &[150.0], 128),
    ] {
        let points = events(n);
        for &h in bandwidths {
            group.bench_function(format!("quartic, {name} points, {size}x{size}, {h} m"), |b| {
                b.iter(|| intensity(black_box(&points), &grid(size), Kernel::Quartic, metres(h)));
            });
        }
        let times = (size / naive_size) * (size / naive_size);
        let naive = format!("naive, {name} points, {naive_size}x{naive_size} (times {times}), 150 m");
        group.sample_size(10).bench_function(naive, |b| {
            b.iter(|| intensity_naive(black_box(&points), &grid(naive_size), Kernel::Quartic, metres(150.0)));
        });
        group.sample_size(20);
    }
    let points = events(100_000);
    group.bench_function("merge, 100,000 points", |b| {
        b.iter_batched(|| points.clone(), merge, criterion::BatchSize::LargeInput);
    });
    group.finish();
}

fn kernels(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("kernels");
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    let points = merge(events(10_000));
    for kernel in Kernel::ALL {
        for h in [150.0, 1_000.0] {
            group.bench_function(format!("{kernel}, 10,000 points, 512x512, {h} m"), |b| {
                b.iter(|| intensity(black_box(&points), &grid(512), kernel, metres(h)));
            });
        }
        group.bench_function(format!("naive {kernel}, 10,000 points, 64x64 (times 64)"), |b| {
            b.iter(|| intensity_naive(black_box(&points), &grid(64), kernel, metres(150.0)));
        });
    }
    group.finish();
}

/// An outline with 720 vertices, about 11 km across.
fn outline() -> GridShape {
    let vertex = |i: i32| {
        let angle = f64::from(i).to_radians() / 2.0;
        let radius = 5_000.0 + 800.0 * (7.0 * angle).sin() + 60.0 * (90.0 * angle).cos();
        (393_600.0 + radius * angle.cos(), 288_000.0 + radius * angle.sin())
    };
    let ring: geo_types::LineString = (0..720).map(vertex).collect();
    GridShape(geo_types::MultiPolygon(vec![geo_types::Polygon::new(ring, Vec::new())]))
}

fn edge_masses(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("edge masses");
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    let window = Window::new(&outline());
    for kernel in [Kernel::Quartic, Kernel::Gaussian] {
        for h in [150.0, 1_000.0] {
            group.bench_function(format!("{kernel}, 512x512, {h} m"), |b| {
                b.iter(|| window.masses_over(black_box(&grid(512)), kernel, metres(h)));
            });
        }
        group.bench_function(format!("each by itself, {kernel}, 64x64 (times 64), 1000 m"), |b| {
            let grid = grid(64);
            let place = |cell: usize| {
                GridPoint::new(grid.column_centre_m(cell % 64), grid.row_centre_m(cell / 64)).unwrap()
            };
            let mass = |cell| window.mass_at(place(cell), kernel, metres(1_000.0));
            b.iter(|| (0..grid.cells()).map(mass).sum::<f64>());
        });
    }
    group.finish();
}

criterion_group!(benches, quartic, kernels, edge_masses);
criterion_main!(benches);
