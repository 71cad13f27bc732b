//! Binning into H3 cells beside h3o's own cost; Gi* beside the full matrix of weights; probabilities of local
//! Moran's I beside draws for each place.

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench is no interface and may stop at once")]

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use h3o::LatLng;
use hotspots::{
    analysis::{
        fdr::benjamini_hochberg,
        gi_star::{gi, gi_star},
        grid::neighbours_among,
        hex::{CellIndex, HexResolution, bin, cell_of},
        moran::{Permutations, Weights, geary, local_moran, moran, permutation_p},
        neighbours::Neighbours,
        random::Seed,
    },
    model::LonLat,
};
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;

fn random(seed: u64) -> impl FnMut(f64, f64) -> f64 {
    let mut random = Pcg64::seed_from_u64(seed);
    move |low, high| low + (random.next_u64() >> 11) as f64 * (high - low) / 2_f64.powi(53)
}

/// Positions anywhere in and around Dudley.
fn positions(n: usize) -> Vec<LonLat> {
    let mut between = random(42);
    (0..n).map(|_| LonLat::new(between(-2.2, -2.0), between(52.4, 52.6)).unwrap()).collect()
}

fn binning(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("hex");
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    let positions = positions(1_000_000);
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    for number in [7, 9, 11] {
        let resolution = HexResolution::new(number).unwrap();
        group.bench_function(format!("bin, resolution {number}, 1,000,000 positions, one thread"), |b| {
            b.iter(|| one.install(|| bin(black_box(&positions), resolution)));
        });
        group.bench_function(format!("h3o, resolution {number}, 1,000,000 positions, one thread"), |b| {
            let known = h3o::Resolution::try_from(number).unwrap();
            let cell = |p: &LonLat| LatLng::new(p.lat_deg(), p.lon_deg()).unwrap().to_cell(known);
            b.iter(|| black_box(&positions).iter().map(cell).collect::<Vec<_>>());
        });
        let alone = positions.iter().map(|&position| cell_of(position, resolution));
        assert!(alone.eq(bin(&positions, resolution)));
    }
    group.bench_function("bin, resolution 9, 1,000,000 positions, all threads", |b| {
        b.iter(|| bin(black_box(&positions), HexResolution::new(9).unwrap()));
    });
    group.finish();
}

fn finest() -> HexResolution {
    HexResolution::new(11).unwrap()
}

/// The cells within `rings` of one in Dudley, ordered by index.
fn cells(rings: u32) -> Vec<CellIndex> {
    let centre = cell_of(LonLat::new(-2.08, 52.5).unwrap(), finest());
    let mut cells: Vec<_> = centre.grid_disk(rings);
    cells.sort_unstable();
    cells
}

/// Gi* with every pair of places.
fn naive(values: &[f64], neighbours: &Neighbours) -> Vec<f64> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let s = (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
    (0..values.len())
        .map(|i| {
            let mut weights = vec![0.0; values.len()];
            for &j in neighbours.of(i) {
                weights[j as usize] = 1.0;
            }
            weights[i] = 1.0;
            let sum: f64 = weights.iter().zip(values).map(|(w, x)| w * x).sum();
            let w: f64 = weights.iter().sum();
            let w2: f64 = weights.iter().map(|w| w * w).sum();
            (sum - mean * w) / (s * ((n * w2 - w * w) / (n - 1.0)).sqrt())
        })
        .collect()
}

fn statistics(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("gi_star");
    group.sample_size(20).measurement_time(Duration::from_secs(5));
    let many = cells(182);
    let label = many.len();
    let mut between = random(43);
    let values: Vec<_> = many.iter().map(|_| between(0.0, 9.0).floor()).collect();
    let neighbours = neighbours_among(finest(), &many);
    group.bench_function(format!("neighbours among {label} cells"), |b| {
        b.iter(|| neighbours_among(finest(), black_box(&many)));
    });
    group.bench_function(format!("Gi* of {label} cells"), |b| {
        b.iter(|| gi_star(black_box(&values), &neighbours));
    });
    group.bench_function(format!("Gi of {label} cells"), |b| {
        b.iter(|| gi(black_box(&values), &neighbours));
    });
    let p: Vec<_> = gi_star(&values, &neighbours).iter().map(|s| s.p_two_sided).collect();
    group.bench_function(format!("FDR of {label} p-values"), |b| {
        b.iter(|| benjamini_hochberg(black_box(&p)));
    });
    // A 25th of the cells takes a 625th of the time of the naive way.
    let few = cells(36);
    let neighbours = neighbours_among(finest(), &few);
    group.bench_function(format!("naive Gi* of {} cells (1/625 of the pairs)", few.len()), |b| {
        b.iter(|| naive(black_box(&values[..few.len()]), &neighbours));
    });
    group.finish();
}

/// Draws of their own for each of some places: how often the sum is at least the observed one.
fn naive_permutations(values: &[f64], neighbours: &Neighbours, places: usize, times: usize) -> Vec<usize> {
    let place = |place: usize| {
        let mut stream = Seed(1).stream(place as u64);
        let around = neighbours.of(place);
        let observed: f64 = around.iter().map(|&other| values[other as usize]).sum();
        let mut others: Vec<usize> = (0..values.len()).filter(|&other| other != place).collect();
        let mut draw = || {
            for at in 0..around.len() {
                let left = u32::try_from(others.len() - at).unwrap();
                others.swap(at, at + stream.below(left) as usize);
            }
            others[..around.len()].iter().map(|&other| values[other]).sum::<f64>()
        };
        (0..times).filter(|_| draw() >= observed).count()
    };
    (0..places).map(place).collect()
}

fn autocorrelation(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("moran");
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    let many = cells(57);
    let label = many.len();
    let mut between = random(44);
    let values: Vec<_> = many.iter().map(|_| between(0.0, 9.0).floor()).collect();
    let neighbours = neighbours_among(finest(), &many);
    group.bench_function(format!("local Moran of {label} cells"), |b| {
        b.iter(|| local_moran(black_box(&values), &neighbours));
    });
    group.bench_function(format!("global Moran and Geary of {label} cells"), |b| {
        b.iter(|| {
            let i = moran(black_box(&values), &neighbours, Weights::RowStandardised);
            (i, geary(&values, &neighbours, Weights::RowStandardised))
        });
    });
    for times in [999, 9_999] {
        let permutations = Permutations::new(times).unwrap();
        group.bench_function(format!("{times} permutations of {label} cells"), |b| {
            b.iter(|| permutation_p(black_box(&values), &neighbours, permutations, Seed(1)));
        });
    }
    group.bench_function(format!("naive: 999 permutations of 100 of {label} cells"), |b| {
        b.iter(|| naive_permutations(black_box(&values), &neighbours, 100, 999));
    });
    group.finish();
}

criterion_group!(benches, binning, statistics, autocorrelation);
criterion_main!(benches);
