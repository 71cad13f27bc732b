//! Concentration and repeat locations of the demonstration city.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::app::TestApp;

/// A period without incidents.
const NEVER: &str = "period=1950-01";

fn json(address: &str) -> Value {
    TestApp::shared().get(address).expect(200).json()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn every_unit_holds_all_that_was_used_and_smaller_ones_concentrate_more() {
    let mut ginis = Vec::new();
    for unit in
        ["unit=ward", "unit=squares&cell_m=1000", "unit=squares", "unit=places", "unit=hex&resolution=9"]
    {
        let found = json(&format!("/analysis/concentration?priority=violence&{unit}"));
        assert_eq!(found["total"], number(&found["method"]["incidents"]["used"]), "{unit}");
        assert_eq!(found["units"], found["method"]["parameters"]["units"]);
        let lorenz = found["lorenz"].as_array().unwrap();
        assert_eq!(lorenz[0], serde_json::json!([0.0, 0.0]));
        assert_eq!(lorenz.last().unwrap(), &serde_json::json!([1.0, 1.0]));
        let area: f64 = lorenz
            .windows(2)
            .map(|c| (number(&c[1][0]) - number(&c[0][0])) * (number(&c[0][1]) + number(&c[1][1])))
            .sum();
        assert!((number(&found["gini"]) - (1.0 - area)).abs() < 1e-9, "{unit}");
        let interval = &found["gini_interval"];
        let (low, high) = (number(&interval["percentile_low"]), number(&interval["percentile_high"]));
        assert!(low < high, "{interval}");
        assert!(number(&found["generalised_gini"]) <= number(&found["gini"]));
        let holding: Vec<f64> = found["units_pct_holding"]
            .as_array()
            .unwrap()
            .iter()
            .map(|at| number(&at["units_pct"]))
            .collect();
        assert!(holding.is_sorted() && holding[2] <= 80.0, "{holding:?}");
        ginis.push(number(&found["gini"]));
    }
    assert!(ginis[..3].is_sorted(), "{ginis:?}");
}

#[test]
fn the_table_of_wards_is_the_summary_in_another_order() {
    let app = TestApp::shared();
    let summary = json("/summaries/ward?priority=burglary");
    let counts: BTreeMap<_, _> = summary["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["code"].as_str().unwrap().to_owned(), number(&row["count"])))
        .collect();
    let address = "/analysis/concentration?priority=burglary&unit=ward";
    let (header, rows) = app.get(&format!("{address}&f=csv")).expect(200).csv();
    let column = |name: &str| header.iter().position(|other| other == name).unwrap();
    let held: Vec<f64> = rows.iter().map(|row| row[column("held")].parse().unwrap()).collect();
    assert!(held.is_sorted_by(|a, b| a >= b) && rows.len() == counts.len());
    assert!(rows.iter().zip(&held).all(|(row, held)| counts.get(&row[column("unit")]) == Some(held)));
    assert_eq!(rows.last().unwrap()[column("cumulative_units_pct")], "100.0");

    let some = json(&format!("{address}&limit=3"));
    assert_eq!(some["rows"].as_array().unwrap().len(), 3);
    let shapes = json(&format!("{address}&f=geojson"));
    assert_eq!(shapes["features"].as_array().unwrap().len(), 24);
    assert_eq!(shapes["features"][0]["properties"], some["rows"][0]);
}

#[test]
fn harm_concentrates_too_but_has_no_forms_for_counts() {
    let harm = json("/analysis/concentration?weights=cchi-2026&measure=weighted");
    let count = json("/analysis/concentration?weights=cchi-2026");
    assert!(number(&harm["total"]) > number(&count["total"]));
    for absent in
        ["generalised_gini", "generalised_gini_interval", "unbiased_gini", "unbiased_generalised_gini"]
    {
        assert!(harm[absent].is_null() && !count[absent].is_null(), "{absent}");
    }
    assert!(count["notices"].to_string().contains("measure=weighted"));
    assert!(!harm["notices"].to_string().contains("measure=weighted"));
}

#[test]
fn the_seed_decides_the_interval_and_nothing_else() {
    let [one, again, other] = ["1", "1", "2"].map(|seed| {
        json(&format!("/analysis/concentration?unit=beat&resamples=99&seed={seed}&priority=drugs"))
    });
    assert_eq!(one["gini_interval"], again["gini_interval"]);
    assert_ne!(one["gini_interval"], other["gini_interval"]);
    assert_eq!(one["gini"], other["gini"]);
}

#[test]
fn a_ward_has_cells_places_and_areas_of_its_own() {
    let within = "within=ward/E05001236&priority=all-incidents";
    let used = json(&format!("/analysis/pattern?{within}"))["method"]["incidents"]["used"].as_f64();
    for unit in ["hex", "squares", "places", "ward"] {
        let found = json(&format!("/analysis/concentration?{within}&unit={unit}"));
        assert_eq!(found["total"].as_f64(), used, "{unit}");
        let whole = json(&format!("/analysis/concentration?priority=all-incidents&unit={unit}"));
        assert!(found["units"].as_u64() < whole["units"].as_u64());
    }
    let wards = json(&format!("/analysis/concentration?{within}&unit=ward"));
    assert_eq!(wards["units"], 1);
    assert_eq!(wards["rows"][0]["unit"], "E05001236");
}

#[test]
fn without_incidents_nothing_concentrates() {
    let app = TestApp::shared();
    for unit in ["hex", "squares", "places", "ward"] {
        let address = format!("/analysis/concentration?{NEVER}&unit={unit}");
        let found = app.get(&address).expect(200).json();
        assert_eq!(
            (&found["total"], &found["gini"], &found["gini_interval"]),
            (&0.0.into(), &Value::Null, &Value::Null)
        );
        assert_eq!((&found["lorenz"], &found["rows"]), (&serde_json::json!([]), &serde_json::json!([])));
        assert!(found["held_pct_by_top"][0]["held_pct"].is_null());
        assert!(app.get(&format!("{address}&f=csv")).expect(200).csv().1.is_empty());
        assert!(found["units"].as_u64().unwrap() > 0);
    }
    let repeats = json(&format!("/analysis/repeats?{NEVER}"));
    assert_eq!((&repeats["incidents"], &repeats["repeat_share"]), (&0.into(), &Value::Null));
    assert_eq!(repeats["places"], serde_json::json!([]));
}

#[test]
fn places_by_their_repeats_hold_every_incident() {
    let app = TestApp::shared();
    for scope in ["priority=antisocial-behaviour", "within=ward/E05001254"] {
        let found = json(&format!("/analysis/repeats?{scope}&limit=50"));
        let rows = found["rows"].as_array().unwrap();
        let sum = |member: &str| rows.iter().map(|row| row[member].as_u64().unwrap()).sum::<u64>();
        assert_eq!(Some(sum("incidents")), found["method"]["incidents"]["used"].as_u64(), "{scope}");
        let units = json(&format!("/analysis/concentration?{scope}&unit=places"))["units"].clone();
        assert_eq!(found["places_known"], units);
        assert_eq!(
            found["at_repeat_places"].as_u64().unwrap() + rows[0]["incidents"].as_u64().unwrap(),
            sum("incidents")
        );
        let places = found["places"].as_array().unwrap();
        assert!(places.iter().all(|place| place["count"].as_u64() >= Some(2)));
        let counts: Vec<_> = places.iter().map(|place| place["count"].as_u64().unwrap()).collect();
        assert!(counts.is_sorted_by(|a, b| a >= b));
        assert!(places.iter().any(|place| place["street"].is_string()));

        let table = app.get(&format!("/analysis/repeats?{scope}&limit=50&f=csv")).expect(200).csv().1;
        assert_eq!(table.len(), places.len());
        let points = json(&format!("/analysis/repeats?{scope}&limit=50&f=geojson"));
        assert_eq!(points["features"][0]["properties"], places[0]);
    }
}

#[test]
fn the_first_repeat_place_has_as_many_incidents_as_are_found_there() {
    let repeats = json("/analysis/repeats?limit=1&period=2025-01/2025-12&weights=none");
    let place = &repeats["places"][0];
    let near = json(&format!(
        "/incidents?near={},{}&radius_m=1&limit=10000&period=2025-01/2025-12",
        place["lon"], place["lat"]
    ));
    let found = near["features"].as_array().unwrap();
    assert_eq!(place["count"].as_u64(), Some(found.len() as u64));
    assert_eq!(place["weighted"], place["count"].as_f64().unwrap());
}
