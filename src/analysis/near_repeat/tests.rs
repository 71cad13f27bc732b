#![expect(
    clippy::float_cmp,
    reason = "what is a fraction of whole numbers, or computed twice alike, is the same"
)]

use proptest::prelude::*;

use super::*;
use crate::{
    analysis::{
        progress::Unwatched,
        testing::{Seeded, metres, on_threads},
    },
    model::Metres,
};

fn rules(distances: &[f64], days: &[u32]) -> NearRepeatRules {
    NearRepeatRules {
        distances: DistanceBands::new(distances.iter().map(|&limit| metres(limit)).collect()).unwrap(),
        days: DayBands::new(days.to_vec()).unwrap(),
        metric: Metric::Euclidean,
        replications: Replications::new(199).unwrap(),
        seed: Seed(3),
    }
}

/// Events at places that repeat, on any day of a year.
fn events(seed: u64, n: usize) -> Vec<DatedPoint> {
    let mut seeded = Seeded::new(seed);
    let places = seeded.points(n / 2 + 1, 1_500.0);
    let event = |_| DatedPoint {
        position: places[seeded.below(places.len())].position,
        day: i32::try_from(seeded.below(365)).unwrap() - 40,
    };
    (0..n).map(event).collect()
}

fn observed(table: &NearRepeat) -> Vec<Vec<u64>> {
    table.rows.iter().map(|row| row.iter().map(|cell| cell.observed).collect()).collect()
}

/// Every pair by itself.
fn naive(events: &[DatedPoint], rules: &NearRepeatRules) -> Vec<Vec<u64>> {
    let (distances, days) = (rules.distances.limits_m(), rules.days.limits_days());
    let mut table = vec![vec![0; days.len() + 1]; distances.len() + 2];
    for (i, a) in events.iter().enumerate() {
        for b in &events[i + 1..] {
            let de = (a.position.easting_m() - b.position.easting_m()).abs();
            let dn = (a.position.northing_m() - b.position.northing_m()).abs();
            let distance = match rules.metric {
                Metric::Euclidean => (de * de + dn * dn).sqrt(),
                Metric::Manhattan => de + dn,
            };
            let row = match distances.iter().rposition(|limit| distance >= *limit) {
                Some(last) => last + 2,
                None => usize::from(distance > 0.001),
            };
            let column =
                days.iter().rposition(|limit| a.day.abs_diff(b.day) >= *limit).map_or(0, |last| last + 1);
            table[row][column] += 1;
        }
    }
    table
}

#[test]
fn the_table_counts_every_pair_once() {
    for metric in [Metric::Euclidean, Metric::Manhattan] {
        let rules = NearRepeatRules { metric, ..rules(&[100.0, 250.0, 600.0], &[1, 7, 14, 30]) };
        let events = events(1, 700);
        let table = near_repeat(&events, &rules, &Unwatched).unwrap();
        assert_eq!(observed(&table), naive(&events, &rules));
        assert_eq!(observed(&table).iter().flatten().sum::<u64>(), table.pairs);
        assert_eq!(table.pairs, 700 * 699 / 2);
    }
}

#[test]
fn limits_belong_to_the_band_above_them() {
    let at =
        |east: f64, day| DatedPoint { position: GridPoint::new(390_000.0 + east, 290_000.0).unwrap(), day };
    let rules = rules(&[100.0, 200.0], &[7, 14]);
    let cell = |east: f64, days: i32| {
        let table = near_repeat(&[at(0.0, 0), at(east, days)], &rules, &Unwatched).unwrap();
        let found = observed(&table);
        let row = found.iter().position(|row| row.contains(&1)).unwrap();
        (row, found[row].iter().position(|&number| number == 1).unwrap())
    };
    assert_eq!(cell(0.0, 0), (0, 0));
    assert_eq!(cell(0.000_9, -6), (0, 0));
    assert_eq!(cell(0.002, 7), (1, 1));
    assert_eq!(cell(99.99, -13), (1, 1));
    assert_eq!(cell(100.0, 14), (2, 2));
    assert_eq!(cell(200.0, 300), (3, 2));
}

/// All orders of some days.
fn orders(days: &[i32]) -> Vec<Vec<i32>> {
    if days.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for first in 0..days.len() {
        let mut rest = days.to_vec();
        let day = rest.remove(first);
        all.extend(orders(&rest).into_iter().map(|mut order| {
            order.push(day);
            order
        }));
    }
    all
}

#[test]
fn exact_moments_are_those_of_all_orders() {
    for n in 2..=6 {
        let events = events(7, n);
        let rules = rules(&[600.0, 2_000.0], &[30, 120]);
        let table = near_repeat(&events, &rules, &Unwatched).unwrap();
        let days: Vec<i32> = events.iter().map(|event| event.day).collect();
        let tables: Vec<_> = orders(&days)
            .into_iter()
            .map(|order| {
                let dealt: Vec<_> =
                    events.iter().zip(order).map(|(event, day)| DatedPoint { day, ..*event }).collect();
                naive(&dealt, &rules)
            })
            .collect();
        for (r, row) in table.rows.iter().enumerate() {
            for (c, cell) in row.iter().enumerate() {
                let values = tables.iter().map(|table| table[r][c] as f64);
                let mean = values.clone().sum::<f64>() / tables.len() as f64;
                let variance = values.map(|value| (value - mean).powi(2)).sum::<f64>() / tables.len() as f64;
                assert!((cell.exact_mean - mean).abs() < 1e-12, "{n} {r} {c}: {cell:?} {mean}");
                let sd = cell.exact_sd.unwrap();
                assert!((sd * sd - variance).abs() < 1e-12, "{n} {r} {c}: {cell:?} {variance}");
            }
        }
    }
}

#[test]
fn simulations_agree_with_the_exact_moments() {
    let rules = NearRepeatRules {
        replications: Replications::new(1_999).unwrap(),
        ..rules(&[100.0, 300.0], &[7, 14])
    };
    let table = near_repeat(&events(5, 400), &rules, &Unwatched).unwrap();
    for cell in table.rows.iter().flatten() {
        let limit = 5.0 * cell.exact_sd.unwrap() / 1_999_f64.sqrt();
        assert!((cell.mean - cell.exact_mean).abs() <= limit, "{cell:?}");
        assert!((cell.median - cell.exact_mean).abs() <= cell.exact_sd.unwrap().max(1.0));
        assert!((1.0 / 2_000.0..=1.0).contains(&cell.p));
    }
}

#[test]
fn near_repeats_are_found_where_they_are_and_not_elsewhere() {
    for seed in 1..=4 {
        let mut events = events(seed, 400);
        let rules = rules(&[100.0], &[7]);
        let p = |events: &[DatedPoint]| near_repeat(events, &rules, &Unwatched).unwrap().rows[1][0].p;
        assert!(p(&events) > 0.01, "{seed}");
        // Every eighth is followed by another nearby in a few days.
        let next = |event: &DatedPoint| DatedPoint {
            position: GridPoint::new(event.position.easting_m() + 40.0, event.position.northing_m()).unwrap(),
            day: event.day + 3,
        };
        let more: Vec<_> = events.iter().step_by(8).map(next).collect();
        events.extend(more);
        assert_eq!(p(&events), 1.0 / 200.0, "{seed}");
    }
}

#[test]
fn one_thread_and_four_give_the_same() {
    let (events, rules) = (events(9, 500), rules(&[100.0, 200.0], &[7, 14]));
    let run = |threads| on_threads(threads, || near_repeat(&events, &rules, &Unwatched).unwrap());
    assert_eq!(run(1), run(4));
}

#[test]
fn degenerate_input_has_a_table() {
    let rules = rules(&[100.0], &[7]);
    for n in 0..=3 {
        // All at one place on one day.
        let all = vec![DatedPoint { position: GridPoint::new(390_000.0, 290_000.0).unwrap(), day: 5 }; n];
        let table = near_repeat(&all, &rules, &Unwatched).unwrap();
        let pairs = (n * n.saturating_sub(1) / 2) as u64;
        assert_eq!((table.events, table.pairs), (n, pairs));
        assert_eq!(observed(&table), [[pairs, 0], [0, 0], [0, 0]]);
        for cell in table.rows.iter().flatten() {
            assert_eq!(cell.p, 1.0);
            assert_eq!(cell.exact_sd, (pairs > 0).then_some(0.0));
            assert_eq!(cell.ratio(), (cell.observed > 0).then_some(1.0));
            assert_eq!(cell.ratio(), cell.ratio_to_median());
            assert_eq!(cell.ratio(), cell.ratio_to_exact_mean());
        }
    }
}

#[test]
fn bands_are_checked() {
    let metres = |limits: &[f64]| limits.iter().map(|&limit| Metres::new(limit).unwrap()).collect();
    for faulty in [&[][..], &[200.0, 100.0], &[100.0, 100.0], &[0.001], &[1.0; 21]] {
        assert!(DistanceBands::new(metres(faulty)).is_err(), "{faulty:?}");
    }
    for faulty in [&[][..], &[0], &[7, 7], &[14, 7], &[4_000], &[1; 21]] {
        assert!(DayBands::new(faulty.to_vec()).is_err(), "{faulty:?}");
    }
}

#[test]
fn too_many_pairs_are_refused() {
    let place = GridPoint::new(390_000.0, 290_000.0).unwrap();
    let all: Vec<_> = (0..6_400).map(|day| DatedPoint { position: place, day }).collect();
    assert_eq!(near_repeat(&all, &rules(&[100.0], &[7]), &Unwatched), Err(NoNearRepeat::TooManyPairs));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn any_events_are_counted_as_pair_by_pair(
        given in prop::collection::vec((0_u32..30, 0_u32..30, any::<i32>()), 0..40),
        limit in 1_u32..20, days in 1_u32..3_000,
    ) {
        let event = |(e, n, day): &(u32, u32, i32)| DatedPoint {
            position: GridPoint::new(390_000.0 + f64::from(*e), 290_000.0 + f64::from(*n)).unwrap(),
            day: *day,
        };
        let events: Vec<_> = given.iter().map(event).collect();
        let rules = NearRepeatRules {
            replications: Replications::new(99).unwrap(),
            ..rules(&[f64::from(limit), f64::from(limit) * 1.5], &[days, days + 9])
        };
        let table = near_repeat(&events, &rules, &Unwatched).unwrap();
        prop_assert_eq!(observed(&table), naive(&events, &rules));
    }
}
