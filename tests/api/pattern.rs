//! The point pattern of the demonstration city.

use serde_json::Value;

use crate::app::TestApp;

fn json(address: &str) -> Value {
    TestApp::shared().get(address).expect(200).json()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn made_up_incidents_cluster_in_the_borough() {
    let found = json("/analysis/pattern?priority=burglary");
    assert_eq!(found["incidents"], found["method"]["incidents"]["used"]);
    assert_eq!(found["incidents"].as_f64(), found["weight"].as_f64());
    let nearest = &found["nearest_neighbour"];
    let incidents = &nearest["incidents"];
    assert!(number(&incidents["index"]) < 0.8 && number(&incidents["z"]) < -3.0, "{nearest}");
    for of in ["incidents", "places"] {
        // The border lengthens distances.
        assert!(number(&nearest[of]["border_safe_index"]) < number(&nearest[of]["index"]), "{nearest}");
        assert!(nearest[of]["donnelly"].is_null());
    }
    // The streets of the city are laid out evenly: what clusters is how often they are met.
    assert!(number(&nearest["places"]["index"]) > number(&incidents["index"]));
    assert!(nearest["places"]["count"].as_u64() < nearest["incidents"]["count"].as_u64());
    assert_eq!(nearest["places"]["at_shared_positions"], 0);
    assert!(found["notices"].to_string().contains("share their position"), "{}", found["notices"]);
    let k = found["k"].as_array().unwrap();
    assert_eq!(k.len(), 20);
    assert!(
        k.windows(2).all(|pair| number(&pair[0]["k_uncorrected_m2"]) <= number(&pair[1]["k_uncorrected_m2"]))
    );
    assert!(number(&k[0]["l_less_r_m"]) > 0.0);
    let ellipse = &found["ellipse"];
    assert!(number(&ellipse["semi_minor_m"]) <= number(&ellipse["semi_major_m"]));
    let (major, minor) = (number(&ellipse["semi_major_m"]), number(&ellipse["semi_minor_m"]));
    assert!((major.hypot(minor) - number(&found["standard_distance_m"])).abs() < 1e-6);
    // The median centre is the better middle by what it is the middle of.
    assert!(number(&found["median_centre"]["mean_distance_m"]) < number(&found["standard_distance_m"]));
}

#[test]
fn crimestat_measures_a_little_farther() {
    let [plain, crimestat] = ["plain", "crimestat"]
        .map(|spread| json(&format!("/analysis/pattern?priority=drugs&spread={spread}&steps=1")));
    let n = number(&plain["incidents"]);
    let axes = number(&crimestat["ellipse"]["semi_major_m"]) / number(&plain["ellipse"]["semi_major_m"]);
    assert!((axes - (2.0 * n / (n - 2.0)).sqrt()).abs() < 1e-9);
    let distance = number(&crimestat["standard_distance_m"]) / number(&plain["standard_distance_m"]);
    assert!((distance - (n / (n - 2.0)).sqrt()).abs() < 1e-9);
    assert_eq!(crimestat["method"]["parameters"]["spread"], "crimestat");
}

#[test]
fn an_envelope_is_the_same_for_the_same_seed() {
    let address = "/analysis/pattern?priority=drugs&period=2025-06&farthest_m=400&steps=4&replications=99";
    let found = json(address);
    assert_eq!(found["envelope"]["rank"], 2);
    assert!(number(&found["envelope"]["p_global"]) <= 0.02, "{}", found["envelope"]);
    for at in found["k"].as_array().unwrap() {
        let (low, high) = (number(&at["chance_low_m"]), number(&at["chance_high_m"]));
        assert!(low < 0.0 && 0.0 < high && high < number(&at["l_less_r_m"]), "{at}");
    }
    assert_eq!(json(&format!("{address}&seed=1"))["k"], found["k"]);
    assert_ne!(json(&format!("{address}&seed=2"))["k"], found["k"]);
}

#[test]
fn the_table_is_k_and_the_shapes_are_drawn() {
    let app = TestApp::shared();
    let address = "/analysis/pattern?priority=violence&farthest_m=1000&steps=5";
    let found = app.get(address).expect(200).json();
    let (header, rows) = app.get(&format!("{address}&f=csv")).expect(200).csv();
    assert_eq!(rows.len(), 5);
    for (row, at) in rows.iter().zip(found["k"].as_array().unwrap()) {
        for (name, field) in header.iter().zip(row) {
            assert_eq!(field.parse::<f64>().ok(), at[name].as_f64(), "{name}");
        }
    }
    let shapes = app.get(&format!("{address}&f=geojson")).expect(200).json();
    let ids: Vec<_> =
        shapes["features"].as_array().unwrap().iter().map(|f| f["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["mean-centre", "centre-of-medians", "median-centre", "standard-distance", "ellipse"]);
    let at = &shapes["features"][0]["geometry"]["coordinates"];
    assert_eq!((&at[0], &at[1]), (&found["mean_centre"]["lon"], &found["mean_centre"]["lat"]));
}

#[test]
fn a_ward_is_a_study_area_of_its_own() {
    let ward = json("/analysis/pattern?within=ward/E05001236&priority=all-incidents");
    let borough = json("/analysis/pattern?priority=all-incidents");
    let area = |of: &Value| number(&of["method"]["parameters"]["study_area_km2"]);
    assert!(area(&ward) < area(&borough) / 5.0);
    let filtered = json("/analysis/pattern?priority=all-incidents&filter=ward%20%3D%20'E05001236'");
    assert_eq!(ward["mean_centre"], filtered["mean_centre"]);
    assert_eq!(ward["incidents"], filtered["incidents"]);
    // The same incidents in a smaller area lie less close than in the whole borough.
    let index = |of: &Value| number(&of["nearest_neighbour"]["incidents"]["index"]);
    assert!(index(&ward) > index(&filtered));
}

#[test]
fn harm_moves_the_centre_but_not_the_neighbours() {
    let [plain, harm] =
        ["none", "cchi-2026"].map(|weights| json(&format!("/analysis/pattern?weights={weights}")));
    assert_ne!(plain["mean_centre"], harm["mean_centre"]);
    assert!(number(&harm["weight"]) > number(&plain["weight"]));
    for same in ["nearest_neighbour", "k", "centre_of_medians", "incidents"] {
        assert_eq!(plain[same], harm[same], "{same}");
    }
    assert_eq!(harm["method"]["weights_from"], "cchi-2026");
}

#[test]
fn without_incidents_there_is_nothing_to_describe() {
    let app = TestApp::shared();
    let address = "/analysis/pattern?period=1950-01&replications=99";
    let found = app.get(address).expect(200).json();
    for nothing in
        ["mean_centre", "centre_of_medians", "median_centre", "standard_distance_m", "ellipse", "envelope"]
    {
        assert!(found[nothing].is_null(), "{nothing}");
    }
    assert_eq!((&found["incidents"], &found["k"]), (&0.into(), &serde_json::json!([])));
    assert!(found["nearest_neighbour"]["incidents"].is_null());
    assert_eq!(
        app.get(&format!("{address}&f=geojson")).expect(200).json()["features"],
        serde_json::json!([])
    );
    assert!(app.get(&format!("{address}&f=csv")).expect(200).csv().1.is_empty());
}
