//! Rates and location quotients of the demonstration city.

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

fn rows(answer: &Value) -> &Vec<Value> {
    answer["rows"].as_array().unwrap()
}

#[test]
fn rates_are_those_of_the_summary_with_what_is_known_about_them() {
    let summary = json("/summaries/ward?priority=violence");
    let found = json("/analysis/rates/ward?priority=violence");
    assert_eq!(rows(&found).len(), 24);
    let mut expected = 0.0;
    for (row, plain) in rows(&found).iter().zip(rows(&summary)) {
        for (member, name) in [("code", "code"), ("count", "count"), ("population", "residents")] {
            assert_eq!(row[member], plain[name]);
        }
        let rate = number(&row["rate_per_1000"]);
        assert!((rate - number(&plain["rate_per_1000"])).abs() < 1e-9);
        assert!(number(&row["rate_low"]) < rate && rate < number(&row["rate_high"]));
        assert!((number(&row["ratio"]) - number(&row["count"]) / number(&row["expected"])).abs() < 1e-9);
        assert!(number(&row["p"]) <= number(&row["p_adjusted"]));
        // A smoothed rate lies between its own and that of all.
        let (overall, smoothed) =
            (number(&found["overall"]["rate_per_1000"]), number(&row["smoothed_per_1000"]));
        assert!(smoothed >= rate.min(overall) - 1e-9 && smoothed <= rate.max(overall) + 1e-9);
        expected += number(&row["expected"]);
    }
    assert!((expected - number(&found["overall"]["count"])).abs() < 1e-6);
    assert_eq!(
        found["method"]["parameters"]["estimates_of_year"],
        summary["method"]["parameters"]["residents_year"]
    );
}

#[test]
fn unknown_dwellings_and_beats_without_residents_have_no_rate() {
    for address in ["/analysis/rates/ward?per=dwellings", "/analysis/rates/beat"] {
        let found = json(address);
        let unknown: Vec<_> = rows(&found).iter().filter(|row| row["population"].is_null()).collect();
        for row in &unknown {
            for member in
                ["rate_per_1000", "expected", "ratio", "p", "smoothed_per_1000", "local_smoothed_per_1000"]
            {
                assert!(row[member].is_null(), "{address} {member}");
            }
            assert!(row["count"].is_u64());
        }
        assert_eq!(found["notices"].to_string().contains("not known"), !unknown.is_empty());
        if unknown.len() == rows(&found).len() {
            assert!(found["overall"]["rate_per_1000"].is_null());
        }
    }
}

#[test]
fn the_forms_of_rates_say_the_same() {
    let app = TestApp::shared();
    let address = "/analysis/rates/ward?priority=drugs";
    let found = json(address);
    let shapes = json(&format!("{address}&f=geojson"));
    let properties: Vec<_> =
        shapes["features"].as_array().unwrap().iter().map(|feature| &feature["properties"]).collect();
    assert_eq!(properties, rows(&found).iter().collect::<Vec<_>>());
    let (header, table) = app.get(&format!("{address}&f=csv")).expect(200).csv();
    for (fields, row) in table.iter().zip(rows(&found)) {
        for (name, field) in header.iter().zip(fields) {
            let value = &row[name];
            let same = value.as_str() == Some(field) || value.as_f64() == field.parse().ok();
            assert!(same, "{name}: {value} is not {field}");
        }
    }
}

#[test]
fn one_ward_is_its_own_yardstick() {
    let found = json("/analysis/rates/ward?within=ward/E05001236&priority=all-incidents");
    assert_eq!(rows(&found).len(), 1);
    assert_eq!((&rows(&found)[0]["code"], &rows(&found)[0]["p"]), (&"E05001236".into(), &1.0.into()));
    assert!((number(&rows(&found)[0]["ratio"]) - 1.0).abs() < 1e-12);
    let quotients = json("/analysis/location-quotients/ward?within=ward/E05001236");
    for row in rows(&quotients) {
        assert!((number(&row["location_quotient"]) - 1.0).abs() < 1e-12);
    }
}

#[test]
fn without_incidents_rates_are_zero_and_quotients_absent() {
    let rates = json(&format!("/analysis/rates/ward?{NEVER}"));
    for row in rows(&rates) {
        assert_eq!(
            (&row["count"], &row["rate_per_1000"], &row["ratio"]),
            (&0.into(), &0.0.into(), &Value::Null)
        );
        assert_eq!((&row["p"], &row["smoothed_per_1000"]), (&1.0.into(), &0.0.into()));
        assert!(number(&row["rate_high"]) > 0.0);
    }
    let quotients = json(&format!("/analysis/location-quotients/ward?{NEVER}"));
    assert!(rows(&quotients).is_empty());
    assert!(quotients["notices"].to_string().contains("fewer than 20"));
    let one = json(&format!("/analysis/location-quotients/ward?{NEVER}&category=burglary"));
    assert!(one["notices"].to_string().contains("no incident of burglary"), "{}", one["notices"]);
}

#[test]
fn quotients_are_shares_over_shares_of_every_category() {
    let all = json("/analysis/location-quotients/ward");
    let count = |row: &Value, member: &str| row[member].as_u64().unwrap();
    let areas: Vec<_> = rows(&json("/summaries/ward")).iter().map(|row| count(row, "count")).collect();
    let total = areas.iter().sum::<u64>() as f64;
    let categories = rows(&all).len() / areas.len();
    for (area, rows) in areas.iter().zip(rows(&all).chunks(categories)) {
        assert_eq!(rows.iter().map(|row| count(row, "count")).sum::<u64>(), *area);
        for row in rows {
            assert_eq!(count(row, "area_count"), *area);
            let expected = number(&row["count"]) / *area as f64 / (number(&row["category_count"]) / total);
            let found = number(&row["location_quotient"]);
            assert!((found - expected).abs() < 1e-9 * (1.0 + expected));
            let standing = row["standing"].as_str().unwrap();
            let over = row["low"].as_f64().is_some_and(|low| low > 1.0);
            assert_eq!(standing == "over", over, "{row}");
        }
    }
    // Choosing categories chooses rows and changes no number.
    let burglary = json("/analysis/location-quotients/ward?category=burglary");
    let chosen: Vec<_> = rows(&all).iter().filter(|row| row["category"] == "burglary").collect();
    assert_eq!(rows(&burglary).iter().collect::<Vec<_>>(), chosen);
    let shapes = json("/analysis/location-quotients/ward?category=burglary&f=geojson");
    assert_eq!(shapes["features"][0]["properties"], *chosen[0]);
    assert_eq!(shapes["features"][0]["id"], format!("{}/burglary", chosen[0]["code"].as_str().unwrap()));
}

#[test]
fn areas_with_few_incidents_have_no_quotient() {
    let most = rows(&json("/summaries/ward")).iter().map(|row| row["count"].as_u64().unwrap()).max().unwrap();
    let found = json(&format!("/analysis/location-quotients/ward?least={most}&category=drugs"));
    let told = rows(&found).iter().filter(|row| !row["location_quotient"].is_null()).count();
    assert!(told >= 1 && told < rows(&found).len());
    let few = rows(&found).iter().filter(|row| row["standing"] == "too-few-incidents");
    assert!(few.clone().all(|row| row["low"].is_null() && row["count"].is_u64()));
    assert_eq!(few.count() + told, rows(&found).len());
}
