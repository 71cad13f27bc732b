//! Least-squares cross-validation of 20,000 places over 20 bandwidths, beside the sum over all pairs; the
//! sums that leave each place out; mean distances to the nearest.

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench is no interface and may stop at once")]

use std::{f64::consts::PI, hint::black_box, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use hotspots::{
    analysis::{
        bandwidth::{left_out::LeftOut, nearest::mean_nearest_m, pairs::PairDistances},
        density::{WeightedPoint, merge},
    },
    model::GridPoint,
};
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;

/// Events in 300 clusters about 500 m wide, a third of them anywhere in 12.8 × 12.8 km, all at distinct
/// places.
fn events(n: usize) -> Vec<WeightedPoint> {
    let mut random = Pcg64::seed_from_u64(42);
    let mut between =
        |low: f64, high: f64| low + (random.next_u64() >> 11) as f64 * (high - low) / 2_f64.powi(53);
    let centres: Vec<_> =
        (0..300).map(|_| (between(387_800.0, 399_400.0), between(282_200.0, 293_800.0))).collect();
    let event = |i: usize| {
        let (easting_m, northing_m) = if i.is_multiple_of(3) {
            (between(387_200.0, 400_000.0), between(281_600.0, 294_400.0))
        } else {
            let (e, n) = centres[i % 300];
            (e + between(-250.0, 250.0) + between(-250.0, 250.0), n + between(-250.0, 250.0))
        };
        WeightedPoint { position: GridPoint::new(easting_m, northing_m).unwrap(), weight: 1.0 }
    };
    merge((0..n).map(event).collect())
}

/// 20 bandwidths in geometric steps from 20 to 4,000 m.
fn bandwidths_m() -> impl Iterator<Item = f64> {
    (0..20).map(|k| 20.0 * 200_f64.powf(f64::from(k) / 19.0))
}

/// The criterion with a pass over all pairs.
fn least_squares_naive(places: &[WeightedPoint], sigma_m: f64) -> f64 {
    let (n, rate) = (places.len() as f64, 0.25 / (sigma_m * sigma_m));
    let (mut wide, mut narrow) = (0.0, 0.0);
    for (i, a) in places.iter().enumerate() {
        for b in &places[i + 1..] {
            let kernel = (-a.position.distance_2(b.position) * rate).exp();
            wide += kernel;
            narrow += kernel * kernel;
        }
    }
    ((n + 2.0 * wide) / (n * n * 4.0 * PI) - 4.0 * narrow / (n * (n - 1.0) * 2.0 * PI)) / (sigma_m * sigma_m)
}

fn cross_validation(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("bandwidth");
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    let places = events(20_000);
    group.bench_function("least squares, 20,000 places, 20 bandwidths", |b| {
        b.iter(|| {
            let pairs = PairDistances::of(black_box(&places));
            bandwidths_m().map(|sigma_m| pairs.criterion(sigma_m).unwrap()).sum::<f64>()
        });
    });
    group.bench_function("naive least squares, 20,000 places, 1 bandwidth (1/20 of them)", |b| {
        b.iter(|| least_squares_naive(black_box(&places), 500.0));
    });
    let few = events(5_000);
    let left_out = LeftOut::new(&few);
    group.bench_function("left out, 5,000 places, 18 bandwidths", |b| {
        b.iter(|| left_out.at_each(black_box(6_000.0), 18));
    });
    group.bench_function("left out, 5,000 places, 1 bandwidth", |b| {
        b.iter(|| left_out.at(black_box(500.0)));
    });
    group.bench_function("mean distance to the nearest of order 5, 10, 20, 20,000 places", |b| {
        b.iter(|| mean_nearest_m(black_box(&places), &[5, 10, 20]));
    });
    group.finish();
}

criterion_group!(benches, cross_validation);
criterion_main!(benches);
