//! Near-repeat tables and their exact moments against the reference results of topic 09, for two cities.

use std::path::Path;

use hotspots::{
    analysis::{
        monte_carlo::Replications,
        near_repeat::{
            DatedPoint, DayBands, DistanceBands, Metric, NearRepeat, NearRepeatRules, near_repeat,
        },
        progress::Unwatched,
        random::Seed,
    },
    model::{GridPoint, Metres, period::parse_day},
};
use serde_json::Value;

use crate::support::{expected, golden, number, table};

fn events(golden: &Path, file: &str, single: bool) -> Vec<DatedPoint> {
    let first = parse_day("2016-01-01").unwrap();
    table(golden.join("09_knox").join(file))
        .iter()
        .map(|row| {
            // The published run held coordinates in 32 bits, which moves a few pairs over a limit.
            #[expect(clippy::cast_possible_truncation, reason = "that is what is meant")]
            let metres = |name| if single { f64::from(number(row, name) as f32) } else { number(row, name) };
            DatedPoint {
                position: GridPoint::new(metres("x"), metres("y")).unwrap(),
                day: first.until(parse_day(&row["date"]).unwrap()).unwrap().get_days(),
            }
        })
        .collect()
}

fn numbers(values: &Value) -> Vec<f64> {
    values.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

fn rows(values: &Value) -> Vec<Vec<f64>> {
    values.as_array().unwrap().iter().map(numbers).collect()
}

fn observed(table: &NearRepeat) -> Vec<Vec<f64>> {
    table.rows.iter().map(|row| row.iter().map(|cell| cell.observed as f64).collect()).collect()
}

#[test]
fn both_cities_have_the_reference_tables() {
    let Some(golden) = golden() else { return };
    for (name, published) in [("arson", Metric::Manhattan), ("bur", Metric::Euclidean)] {
        let reference = expected(golden.join(format!("09_knox/expected_{name}.json")));
        let file = reference["input"]["file"].as_str().unwrap();
        let limits = |name: &str| numbers(&reference[name]);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole days")]
        let days = limits("time_band_limits").into_iter().map(|days| days as u32).collect();
        let distances = limits("distance_band_limits").into_iter().map(|m| Metres::new(m).unwrap()).collect();
        let rules = NearRepeatRules {
            distances: DistanceBands::new(distances).unwrap(),
            days: DayBands::new(days).unwrap(),
            metric: published,
            replications: Replications::default(),
            seed: Seed::default(),
        };
        let exact = events(&golden, file, false);
        let run = |events: &[DatedPoint], metric| {
            near_repeat(events, &NearRepeatRules { metric, ..rules.clone() }, &Unwatched).unwrap()
        };
        for (metric, member) in
            [(Metric::Euclidean, "observed_euclidean"), (Metric::Manhattan, "observed_manhattan")]
        {
            let table = run(&exact, metric);
            assert_eq!(observed(&table), rows(&reference[member]), "{name} {member}");
            let pairs: u64 = table.rows.iter().flatten().map(|cell| cell.observed).sum();
            assert_eq!(pairs, table.pairs);
            if metric == published {
                assert_eq!(observed(&table), rows(&reference["observed"]));
                compare_with_chance(name, &table, &reference);
            }
        }
        let single = events(&golden, file, true);
        assert_eq!(
            observed(&run(&single, published)),
            rows(&reference["observed_float32_coordinates"]),
            "{name}"
        );
    }
}

fn compare_with_chance(name: &str, table: &NearRepeat, reference: &Value) {
    let (means, deviations) = (rows(&reference["expected_mean"]), rows(&reference["expected_sd"]));
    let ratios = &reference["ratio_observed_over_exact_mean"];
    let published = &reference["published_ratio_observed_over_mean_simulated"];
    let runs = reference["published_runs"].as_f64().unwrap();
    for (r, row) in table.rows.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            let (mean, sd) = (means[r][c], deviations[r][c]);
            let close = |one: f64, other: f64| (one - other).abs() <= 1e-9 * other.abs().max(1e-12);
            assert!(close(cell.exact_mean, mean), "{name} {r} {c}: {cell:?}");
            // The reference takes the mean's square from that of the numbers, which rounds the largest cells: by
            // whole numbers, the last of the burglaries has 38.2443466632685 as here.
            let rounding = f64::EPSILON * mean * mean / sd;
            assert!(
                (cell.exact_sd.unwrap() - sd).abs() <= 1e-9 * sd + rounding,
                "{name} {r} {c}: {cell:?} {sd}"
            );
            assert!(close(cell.ratio_to_exact_mean().unwrap(), ratios[r][c].as_f64().unwrap()));
            // Simulated, the two can only be as near as chance lets them.
            assert!((cell.mean - mean).abs() <= 5.0 * sd / 999_f64.sqrt(), "{name} {r} {c}: {cell:?}");
            if let Some(ratio) = published[r][c].as_f64() {
                let of_published = cell.observed as f64 / ratio;
                // Printed to three digits; a few pairs are in another band there.
                let rounding = of_published * (0.0006 / ratio) + 8.0 / ratio;
                let chance = 5.0 * sd / runs.sqrt();
                assert!(
                    (of_published - mean).abs() <= chance + rounding,
                    "{name} {r} {c}: {of_published} {mean}"
                );
            }
        }
    }
    let p = &reference["simulation_999"]["p"];
    for (row, expected) in table.rows.iter().zip(p.as_array().into_iter().flatten()) {
        for (cell, expected) in row.iter().zip(numbers(expected)) {
            // Two runs of 999: five standard deviations of the difference.
            let limit = 5.0 * (2.0 * expected.max(0.002) * (1.0 - expected).max(0.002) / 1000.0).sqrt();
            assert!((cell.p - expected).abs() <= limit, "{name}: {cell:?} {expected}");
        }
    }
}
