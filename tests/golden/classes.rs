//! Incremental-mean classes against the reference results of topic 14.

use std::collections::BTreeMap;

use crate::support::{expected, golden, number, table};
use hotspots::analysis::classes::IncrementalMean;
use serde_json::Value;

/// Asserts the mean, the thresholds and how many values fall into each class.
fn assert_as_reference(values: &[f64], reference: &Value, of_class: &str) {
    let classes = IncrementalMean::of(values, &vec![true; values.len()]).unwrap();
    let near = |value: f64, reference: &Value| (value / reference.as_f64().unwrap() - 1.0).abs() < 1e-9;
    assert!(near(classes.mean, &reference["mean_positive"]), "{classes:?} {reference}");
    for (threshold, reference) in classes.thresholds().iter().zip(reference["thresholds"].as_array().unwrap())
    {
        assert!(near(*threshold, reference), "{threshold} {reference}");
    }
    let mut found = (0..=6).map(|class| (class.to_string(), 0)).collect::<BTreeMap<_, _>>();
    for value in values {
        *found.get_mut(&classes.class_of(*value).to_string()).unwrap() += 1;
    }
    for (class, count) in found {
        assert_eq!(reference[of_class][&class], count, "class {class} of {reference}");
    }
}

#[test]
fn classes_of_hex_cells_equal_the_reference() {
    let Some(golden) = golden() else { return };
    let results = &expected(golden.join("14_incremental_mean/expected.json"))["h3_res9"]["results"];
    for set in ["all", "burglary"] {
        let rows = table(golden.join(format!("14_incremental_mean/{set}_classes.csv")));
        let values: Vec<_> = rows.iter().map(|row| number(row, "kde")).collect();
        assert_as_reference(&values, &results[set], "cells_per_class");
        let classes = IncrementalMean::of(&values, &vec![true; values.len()]).unwrap();
        for (row, value) in rows.iter().zip(values) {
            assert_eq!(classes.class_of(value).to_string(), row["klass"], "{row:?}");
        }
    }
}

#[test]
fn classes_of_evaluation_points_equal_the_reference() {
    let Some(golden) = golden() else { return };
    let results = &expected(golden.join("14_incremental_mean/expected.json"))["grid_15x20"]["results"];
    let points = table(golden.join("04_kde/evaluation_points.csv"));
    let inside: Vec<_> =
        points.iter().filter(|row| row["inside_borough"] == "1").map(|row| &row["pt"]).collect();
    let rows = table(golden.join("04_kde/kde.csv"));
    for h in ["200", "500", "1000"] {
        let values: Vec<_> = rows
            .iter()
            .filter(|row| row["set"] == "all" && row["kernel"] == "quartic" && row["h"] == h)
            .filter(|row| inside.contains(&&row["pt"]))
            .map(|row| number(row, "raw"))
            .collect();
        assert_as_reference(&values, &results[format!("h{h}")], "points_per_class");
    }
}
