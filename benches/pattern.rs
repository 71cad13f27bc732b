//! Ripley's K and nearest neighbours of many incidents, beside all pairs.

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench is no interface and may stop at once")]

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use geo_types::{MultiPolygon, polygon};
use hotspots::{
    analysis::{
        density::WeightedPoint,
        monte_carlo::Replications,
        pattern::{
            envelope::Envelope,
            nearest::nearest_neighbour,
            ripley::{Radii, ripley},
        },
        progress::Unwatched,
        random::Seed,
    },
    model::{GridPoint, GridShape, Metres},
};
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;

/// A box of the area of Dudley.
fn outline() -> GridShape {
    GridShape(MultiPolygon(vec![polygon![
        (x: 387_000.0, y: 281_000.0),
        (x: 396_000.0, y: 281_000.0),
        (x: 396_000.0, y: 292_000.0),
        (x: 387_000.0, y: 292_000.0),
    ]]))
}

fn incidents(n: usize) -> Vec<WeightedPoint> {
    let mut random = Pcg64::seed_from_u64(42);
    let mut between = move |low, high| low + (random.next_u64() >> 11) as f64 * (high - low) / 2_f64.powi(53);
    let mut at = || GridPoint::new(between(387_000.0, 396_000.0), between(281_000.0, 292_000.0)).unwrap();
    (0..n).map(|_| WeightedPoint { position: at(), weight: 1.0 }).collect()
}

/// Numbers of pairs within each of the distances, from every pair.
fn all_pairs(points: &[WeightedPoint], radii: &Radii) -> Vec<u64> {
    let mut counts = vec![0; radii.as_slice().len()];
    for a in points {
        for b in points {
            let distance = a.position.distance_2(b.position).sqrt();
            if let Some(count) = counts.get_mut(radii.as_slice().partition_point(|radius| *radius < distance))
            {
                *count += 1;
            }
        }
    }
    counts
}

fn pattern(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("pattern");
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    let (points, outline) = (incidents(20_000), outline());
    let radii = Radii::up_to(Metres::new(1_240.0).unwrap(), 20).unwrap();
    group.bench_function("K at 20 distances to 1,240 m, 20,000 incidents", |b| {
        b.iter(|| ripley(black_box(&points), &outline, &radii));
    });
    group.bench_function("all pairs, a tenth of the first incidents", |b| {
        b.iter(|| all_pairs(black_box(&points[..2_000]), &radii));
    });
    group.bench_function("nearest neighbours, 20,000 incidents", |b| {
        b.iter(|| nearest_neighbour(black_box(&points), &outline));
    });
    let observed = ripley(&points, &outline, &radii);
    let replications = Replications::new(99).unwrap();
    group.bench_function("envelope of 99 replications, 20,000 incidents", |b| {
        b.iter(|| Envelope::of(black_box(&observed), 20_000, &outline, replications, Seed(1), &Unwatched));
    });
    group.finish();
}

criterion_group!(benches, pattern);
criterion_main!(benches);
