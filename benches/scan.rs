//! The space-time scan and the near-repeat table of a borough's incidents, beside the ways that try every
//! cylinder and every pair.

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench is no interface and may stop at once")]

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use hotspots::{
    analysis::{
        monte_carlo::Replications,
        near_repeat::{DatedPoint, DayBands, DistanceBands, Metric, NearRepeatRules, near_repeat},
        progress::Unwatched,
        random::{Seed, Stream},
        scan::{Model, ScanEvent, ScanRules, llr::poisson, scan},
    },
    model::{GridPoint, Metres},
};

const MONTHS: u16 = 24;
const LIMITS_M: [f64; 4] = [100.0, 200.0, 300.0, 400.0];

/// Places of a borough, two thirds of them in thirty centres.
fn places(stream: &mut Stream, count: u32) -> Vec<GridPoint> {
    let centres: Vec<_> = (0..30).map(|_| (stream.unit() * 12_000.0, stream.unit() * 14_000.0)).collect();
    let place = |_| {
        let (e, n) = centres[stream.below(30) as usize];
        let spread = if stream.below(3) == 0 { 6_000.0 } else { 900.0 };
        let mut around = || (stream.unit() - 0.5) * spread;
        GridPoint::new(385_000.0 + e + around(), 280_000.0 + n + around()).unwrap()
    };
    (0..count).map(place).collect()
}

/// Incidents at places of which some have many more than others.
fn events(stream: &mut Stream, places: u32, count: u32) -> Vec<ScanEvent> {
    let event = |_| {
        let one = stream.below(places);
        ScanEvent {
            site: stream.below(one + 1),
            slot: u16::try_from(stream.below(u32::from(MONTHS))).unwrap(),
        }
    };
    (0..count).map(event).collect()
}

/// The highest ratio by every cylinder, each window summed anew.
fn naive(sites: &[GridPoint], events: &[ScanEvent]) -> f64 {
    let months = usize::from(MONTHS);
    let mut counts = vec![vec![0.0; months]; sites.len()];
    let mut by_month = vec![0.0; months];
    for event in events {
        counts[event.site as usize][usize::from(event.slot)] += 1.0;
        by_month[usize::from(event.slot)] += 1.0;
    }
    let total = events.len() as f64;
    let mut highest = 0.0_f64;
    for &centre in sites {
        let mut order: Vec<usize> = (0..sites.len()).collect();
        order.sort_by(|&a, &b| centre.distance_2(sites[a]).total_cmp(&centre.distance_2(sites[b])));
        let mut zone = vec![0.0; months];
        for site in order {
            zone.iter_mut().zip(&counts[site]).for_each(|(sum, count)| *sum += count);
            let all: f64 = zone.iter().sum();
            if all > 0.1 * total {
                break;
            }
            for start in 0..months {
                for end in start + 1..=(start + months / 2).min(months) {
                    let observed = zone[start..end].iter().sum();
                    let expected = all * by_month[start..end].iter().sum::<f64>() / total;
                    highest = highest.max(poisson(observed, expected, total));
                }
            }
        }
    }
    highest
}

fn scanning(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("scan");
    group.sample_size(10).measurement_time(Duration::from_secs(30));
    for (sites, what) in [(1_000, "cells"), (2_500, "places")] {
        let mut stream = Seed(5).stream(u64::from(sites));
        let (positions, incidents) = (places(&mut stream, sites), events(&mut stream, sites, 10_000));
        for (model, name) in [
            (Model::Permutation, "permutation"),
            (
                Model::Poisson { by_site: vec![1.0; positions.len()], by_slot: vec![1.0; MONTHS.into()] },
                "Poisson",
            ),
        ] {
            let label = format!("{name}, 10,000 incidents at {sites} {what}, 24 months, 999 replications");
            group.bench_function(label, |b| {
                let rules = ScanRules::default();
                b.iter(|| scan(black_box(&positions), MONTHS, &incidents, &model, &rules, &Unwatched));
            });
        }
        if what == "cells" {
            // One replication of a thousand.
            group.bench_function("naive, 10,000 incidents at 1,000 cells, 24 months, 1 replication", |b| {
                b.iter(|| naive(black_box(&positions), &incidents));
            });
        }
    }
    group.finish();
}

fn near_repeats(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("near_repeat");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    let mut stream = Seed(6).stream(0);
    let positions = places(&mut stream, 4_000);
    let event = |_| DatedPoint {
        position: positions[stream.below(4_000) as usize],
        day: i32::try_from(stream.below(365)).unwrap(),
    };
    let events: Vec<_> = (0..11_701).map(event).collect();
    let limits = LIMITS_M.map(|limit| Metres::new(limit).unwrap());
    let rules = |replications| NearRepeatRules {
        distances: DistanceBands::new(limits.to_vec()).unwrap(),
        days: DayBands::new(vec![7, 14, 21, 28]).unwrap(),
        metric: Metric::Euclidean,
        replications: Replications::new(replications).unwrap(),
        seed: Seed::default(),
    };
    group.bench_function("11,701 incidents, 999 replications", |b| {
        b.iter(|| near_repeat(black_box(&events), &rules(999), &Unwatched));
    });
    group.bench_function("naive, 11,701 incidents, 1 replication", |b| {
        b.iter(|| {
            let mut table = [[0_u64; 5]; 6];
            for (i, a) in black_box(&events).iter().enumerate() {
                for other in &events[i + 1..] {
                    let distance = a.position.distance_2(other.position).sqrt();
                    let row = if distance <= 0.001 {
                        0
                    } else {
                        1 + LIMITS_M.partition_point(|limit| *limit <= distance)
                    };
                    table[row][(a.day.abs_diff(other.day) / 7).min(4) as usize] += 1;
                }
            }
            table
        });
    });
    group.finish();
}

criterion_group!(benches, scanning, near_repeats);
criterion_main!(benches);
