//! The categories of emerging hot spots, against sequences whose category was assigned by hand.

use hotspots::analysis::time::{
    emerging::{Definition, Direction, Side, categorise},
    level::Alpha,
    mann_kendall::mann_kendall,
};
use serde_json::Value;

use crate::support::{expected, golden};

fn category(case: &Value, alpha: f64, definition: Definition) -> String {
    let flags: Vec<_> = case["flags"]
        .as_str()
        .unwrap()
        .chars()
        .map(|flag| match flag {
            'H' => Some(Side::Hot),
            'C' => Some(Side::Cold),
            _ => None,
        })
        .collect();
    let z: Vec<_> = case["z"].as_array().unwrap().iter().map(|z| z.as_f64().unwrap()).collect();
    let trend = mann_kendall(&z);
    assert_eq!(trend.s, case["mk_S"].as_i64().unwrap());
    assert!((trend.p - case["mk_p"].as_f64().unwrap()).abs() < 1e-12);
    let found = categorise(&flags, Direction::of(&trend, Alpha::new(alpha).unwrap()), definition);
    found.map_or_else(|| "No Pattern Detected".to_owned(), |found| found.to_string())
}

#[test]
fn sequences_have_their_category() {
    let Some(golden) = golden() else { return };
    let reference = expected(golden.join("11_emerging_hot_spots/expected.json"));
    let cases = reference["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 30);
    for case in cases {
        for alpha in [0.05, 0.1] {
            let found = category(case, alpha, Definition::Current);
            assert_eq!(case["expected"].as_str(), Some(found.as_str()), "{}", case["id"]);
        }
    }
}

#[test]
fn the_older_wording_parts_on_what_was_hot_and_is_no_more() {
    let Some(golden) = golden() else { return };
    let reference = expected(golden.join("11_emerging_hot_spots/expected.json"));
    for case in reference["cases"].as_array().unwrap() {
        let found = category(case, 0.05, Definition::ArcGis2);
        match case["id"].as_u64() {
            Some(19 | 20) => assert_eq!(found, "Sporadic Hot Spot"),
            Some(29) => assert_eq!(found, "Sporadic Cold Spot"),
            _ => assert_eq!(case["expected"].as_str(), Some(found.as_str()), "{}", case["id"]),
        }
    }
}

#[test]
fn sequences_of_two_categories_have_the_first_in_order() {
    let Some(golden) = golden() else { return };
    let reference = expected(golden.join("11_emerging_hot_spots/expected.json"));
    for case in reference["ambiguous_cases"].as_array().unwrap() {
        let found = category(case, 0.05, Definition::Current);
        assert!(case["accepted"].as_array().unwrap().iter().any(|name| name.as_str() == Some(&found)));
        assert_eq!(case["first_in_documented_order"].as_str(), Some(found.as_str()));
    }
}
