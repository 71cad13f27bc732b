//! Emerging hot spots of 100,000 places in 24 steps, beside Gi* bin by bin; hours of the week.

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench is no interface and may stop at once")]

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use hotspots::{
    analysis::{
        neighbours::Neighbours,
        time::{
            emerging::{
                Cube, Rules, emerging,
                gi_star::{GlobalWindow, space_time},
            },
            hours::hours_of_week,
        },
    },
    model::{Occurred, TimePrecision},
};
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;

const COLUMNS: usize = 400;
const ROWS: usize = 250;
const STEPS: usize = 24;

fn below(random: &mut Pcg64, end: usize) -> usize {
    usize::try_from(random.next_u64() % end as u64).unwrap()
}

/// A sheared grid, in which each place has six neighbours as a hex cell has.
fn neighbours() -> Neighbours {
    let around = |place: usize| {
        let (column, row) = (place % COLUMNS, place / COLUMNS);
        [(1, 0), (0, 1), (1, 1), (-1, 0), (0, -1), (-1, -1)].into_iter().filter_map(move |(east, north)| {
            let column = column.checked_add_signed(east).filter(|&column| column < COLUMNS)?;
            let row = row.checked_add_signed(north).filter(|&row| row < ROWS)?;
            u32::try_from(row * COLUMNS + column).ok()
        })
    };
    Neighbours::from_rows(COLUMNS * ROWS, (0..COLUMNS * ROWS).map(|place| around(place).collect()))
}

/// A million incidents, two thirds of them around fifty centres.
fn cube() -> Cube {
    let mut random = Pcg64::seed_from_u64(24);
    let mut cube = Cube::new(COLUMNS * ROWS, STEPS);
    for _ in 0..1_000_000 {
        let centre = below(&mut random, 50);
        let mut near = |of: usize, end: usize| (of + below(&mut random, 9) + below(&mut random, 9)) % end;
        let at = near(centre * 7_919, COLUMNS) + COLUMNS * near(centre * 104_729, ROWS);
        let anywhere = below(&mut random, COLUMNS * ROWS);
        let place = if below(&mut random, 3) == 0 { anywhere } else { at };
        cube.add(place, below(&mut random, STEPS), 1.0);
    }
    cube
}

/// Gi* over the entire cube, each bin's neighbourhood summed by itself.
fn bin_by_bin(cube: &Cube, neighbours: &Neighbours) -> Vec<f64> {
    let n = (cube.places() * cube.steps()) as f64;
    let mean = cube.all_series().flatten().sum::<f64>() / n;
    let s = (cube.all_series().flatten().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
    let bins = (0..cube.places()).flat_map(|place| (0..cube.steps()).map(move |step| (place, step)));
    bins.map(|(place, step)| {
        let (mut sum, mut number) = (0.0, 0.0);
        for step in step.saturating_sub(1)..=step {
            for &at in neighbours.of(place).iter().chain(&[u32::try_from(place).unwrap()]) {
                sum += cube.series(at as usize)[step];
                number += 1.0;
            }
        }
        (sum - mean * number) / (s * ((n * number - number * number) / (n - 1.0)).sqrt())
    })
    .collect()
}

fn emerging_hot_spots(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("emerging");
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    let (cube, neighbours) = (cube(), neighbours());
    for (name, window) in [
        ("entire cube", GlobalWindow::EntireCube),
        ("neighbourhood steps", GlobalWindow::NeighbourhoodSteps),
        ("individual step", GlobalWindow::IndividualStep),
    ] {
        let rules = Rules { window, ..Rules::default() };
        group.bench_function(format!("categories, 100,000 places x 24 steps, {name}"), |b| {
            b.iter(|| emerging(black_box(&cube), &neighbours, rules));
        });
    }
    group.bench_function("z alone, all threads", |b| {
        b.iter(|| space_time(black_box(&cube), &neighbours, 1, GlobalWindow::EntireCube));
    });
    group.bench_function("z alone, bin by bin, one thread", |b| {
        b.iter(|| bin_by_bin(black_box(&cube), &neighbours));
    });
    group.finish();
}

fn hours(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("hours");
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    let mut random = Pcg64::seed_from_u64(168);
    let incidents: Vec<_> = (0..1_000_000)
        .map(|_| {
            let start = 1_600_000_000 + i64::try_from(below(&mut random, 100_000_000)).unwrap();
            let end = start + i64::try_from(below(&mut random, 12 * 3_600)).unwrap();
            Occurred::from_parts(start, end, TimePrecision::Minute).unwrap()
        })
        .collect();
    group.bench_function("1,000,000 intervals of up to 12 hours", |b| {
        b.iter(|| hours_of_week(black_box(&incidents).iter().copied()));
    });
    group.finish();
}

criterion_group!(benches, emerging_hot_spots, hours);
criterion_main!(benches);
