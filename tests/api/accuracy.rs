//! Bandwidths, accuracy and backtests: the laws of their answers, and questions at their edges.

use serde_json::{Value, json};

use crate::{app::TestApp, exchange::Exchange};

fn get(address: &str) -> Value {
    TestApp::shared().get(address).expect(200).json()
}

fn backtest(query: &str, body: &Value) -> Exchange {
    let address = format!("/analysis/backtest{query}");
    TestApp::shared().post(&address, "application/json", body.to_string().as_bytes())
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs())
}

fn row<'a>(table: &'a Value, rule: &str) -> &'a Value {
    table["rows"].as_array().unwrap().iter().find(|row| row["rule"] == rule).unwrap()
}

#[test]
fn every_rule_is_listed_and_the_one_in_use_is_that_of_the_density() {
    let table = get("/analysis/bandwidths?category=burglary");
    let rows = table["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 17);
    assert_eq!(table["used_m"], row(&table, "scott")["bandwidth_m"]);
    for row in rows {
        let applies = row["not_applicable"].is_null();
        assert_eq!(applies, !row["bandwidth_m"].is_null(), "{row}");
        if applies && row["limited"].is_null() {
            assert!((number(&row["unlimited_m"]) / number(&row["sigma_m"]) - 2.7792).abs() < 1e-3, "{row}");
        }
    }
    let configured = get("/analysis/bandwidths?priority=burglary");
    assert_eq!(
        (&configured["used_m"], &configured["because"]),
        (&json!(400.0), &json!("as configured for the priority"))
    );
    assert!(row(&table, "arcgis-weighted")["not_applicable"].as_str().unwrap().contains("weight"));
    assert!(!row(&table, "lscv")["optima"].as_array().unwrap().is_empty());
    for rule in ["scott", "lscv", "arcgis", "nearest-10", "five-cells"] {
        let density = get(&format!("/analysis/density?category=burglary&bandwidth_rule={rule}"));
        let parameters = &density["method"]["parameters"];
        assert_eq!(parameters["bandwidth_m"], row(&table, rule)["bandwidth_m"], "{rule}");
        let same = get(&format!("/analysis/bandwidths?category=burglary&bandwidth_rule={rule}"));
        assert_eq!(same["used_m"], parameters["bandwidth_m"]);
        assert_eq!(same["because"], parameters["bandwidth_rule"]);
    }
}

#[test]
fn a_gaussian_needs_no_conversion() {
    let table = get("/analysis/bandwidths?priority=burglary&kernel=gaussian");
    let scott = row(&table, "scott");
    assert_eq!(scott["sigma_m"], scott["unlimited_m"]);
    let quartic = get("/analysis/bandwidths?priority=burglary");
    assert_eq!(row(&quartic, "scott")["sigma_m"], scott["sigma_m"]);
}

#[test]
fn nothing_selected_gives_five_cells_and_says_why() {
    let table = get("/analysis/bandwidths?category=burglary&period=1950-01&cell_m=50");
    assert_eq!((table["places"].as_u64(), number(&table["used_m"])), (Some(0), 250.0));
    assert!(
        table["because"].as_str().unwrap().contains("needs at least 2 incidents"),
        "{}",
        table["because"]
    );
    assert!(row(&table, "lscv")["not_applicable"].is_string());
    assert!(row(&table, "hotspot-detective")["not_applicable"].is_null());
    let density = get("/analysis/density?category=burglary&period=1950-01&bandwidth_rule=lscv");
    let rule = density["method"]["parameters"]["bandwidth_rule"].as_str().unwrap().to_owned();
    assert!(rule.contains("five cells") && rule.contains("lscv does not apply"), "{rule}");
}

#[test]
fn hits_follow_from_each_other_and_the_curve_ends_at_everything() {
    for map in ["density", "counts", "gi-star"] {
        let address = format!("/analysis/accuracy?priority=burglary&map={map}&coverage=0.02,0.1,0.5,1");
        let judged = get(&address);
        let later = number(&judged["later"]);
        assert!(later > 0.0);
        for figures in judged["figures"].as_array().unwrap() {
            let rate = number(&figures["hit_rate"]);
            assert!(near(rate, number(&figures["hits"]) / later), "{figures}");
            assert!(number(&figures["area_share"]) <= number(&figures["coverage"]) + 1e-9);
            assert!(near(number(&figures["pai"]), rate / number(&figures["area_share"])), "{figures}");
            assert_eq!(figures["pai"], figures["pai_by_area"]);
            assert!(number(&figures["pei"]) <= 1.0);
            assert_eq!(figures["predicted_observed_ratio"].is_null(), map == "gi-star");
        }
        let all = &judged["figures"][3];
        assert!(near(number(&all["pai"]), 1.0) && all["cells"] == judged["cells"]);
        let curve = judged["curve"].as_array().unwrap();
        assert_eq!(curve.last().unwrap()["hit_rate"], 1.0);
        assert!(curve.len() <= 101);
        assert!(number(&judged["area_under_curve"]) <= number(&judged["best_area_under_curve"]));
        // The city's hotspots stay where they are.
        assert!(number(&judged["area_under_curve"]) > 0.5);
        let (_, points) = TestApp::shared().get(&format!("{address}&f=csv&table=curve")).expect(200).csv();
        assert_eq!(points.len() as u64, judged["cells"].as_u64().unwrap() + 1);
        let (header, rows) = TestApp::shared().get(&format!("{address}&f=csv")).expect(200).csv();
        assert_eq!((header.len(), rows.len()), (16, 4));
    }
}

#[test]
fn the_test_comes_after_the_map_by_default() {
    let judged = get("/analysis/accuracy?priority=burglary");
    let landing = get("/");
    assert_eq!(judged["test_period"], landing["last_month"]);
    assert_eq!(judged["method"]["period"], judged["training_period"]);
    let same = get(&format!(
        "/analysis/accuracy?priority=burglary&period={}&test={}",
        judged["training_period"].as_str().unwrap(),
        judged["test_period"].as_str().unwrap()
    ));
    assert_eq!(same["figures"], judged["figures"]);
    let given = get("/analysis/accuracy?category=burglary&period=2024-03/2024-08");
    assert_eq!(given["test_period"], "2024-09");
    let given = get("/analysis/accuracy?category=burglary&test=2025-03-05/2025-03-31");
    assert_eq!(given["training_period"], "2024-03/2025-02");
}

#[test]
fn a_test_that_cannot_judge_is_refused_or_told() {
    let app = TestApp::shared();
    let early = app.get("/analysis/accuracy?period=2025-01/2025-06&test=2025-06").expect(400);
    assert!(early.text().contains("begins after the period of the map"), "{}", early.text());
    let beyond = app.get("/analysis/accuracy?period=2025-01/2025-06&test=2190-01").expect(422);
    assert!(beyond.text().contains("does not hold all of the test period"), "{}", beyond.text());
    let none = "filter=street%20%3D%20'nowhere'";
    let nothing = get(&format!("/analysis/accuracy?{none}"));
    assert!(nothing["notices"].to_string().contains("No incident of this selection"));
    let figures = &nothing["figures"][0];
    assert!(
        figures["pai"].is_null() && figures["hit_rate"].is_null() && nothing["area_under_curve"].is_null()
    );
    assert_eq!(nothing["curve"].as_array().unwrap().len(), 0);
    let ward = get("/analysis/accuracy?within=ward/E05001236&resolution=10&ground=cells");
    assert_eq!(ward["figures"][0]["pai"], ward["figures"][0]["pai_by_cells"]);
}

#[test]
fn a_backtest_ranks_its_maps_and_compares_them_with_the_best() {
    let body = json!({
        "candidates": [
            {"map": "density", "bandwidth_m": 300},
            {"map": "density", "bandwidth_rule": "scott", "half_life_months": 6},
            {"map": "counts"},
            {"name": "quarter", "map": "latest-counts", "months": 3},
            {"map": "same-season"},
            {"map": "gi-star"}
        ],
        "coverages": [0.05, 0.2],
        "resolution": 8
    });
    let answer = backtest("?priority=burglary", &body).expect(200).json();
    let windows = answer["windows"].as_array().unwrap();
    assert!(windows.len() >= 6, "{}", windows.len());
    assert_eq!(windows.last().unwrap()["test_period"], get("/")["last_month"]);
    let ranking = answer["ranking"].as_array().unwrap();
    assert_eq!(ranking.len(), 6);
    assert!(ranking[0]["against_best"].is_null());
    for (index, standing) in ranking.iter().enumerate() {
        assert_eq!(standing["rank"], index + 1);
        let pai: Vec<f64> = standing["trials"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|trial| trial["figures"][0]["pai"].as_f64())
            .collect();
        let mean = pai.iter().sum::<f64>() / pai.len() as f64;
        assert!(near(number(&standing["pai"][0]["mean"]), mean));
        assert_eq!(standing["pai"][0]["windows"], pai.len());
        if index > 0 {
            assert!(mean <= number(&ranking[index - 1]["pai"][0]["mean"]) + 1e-12);
            let against = &standing["against_best"];
            let decided = against["wins"].as_u64().unwrap() + against["losses"].as_u64().unwrap();
            assert!(decided <= against["windows"].as_u64().unwrap());
        }
    }
    assert_eq!(answer, backtest("?priority=burglary", &body).expect(200).json());
    // A window is what the accuracy of its periods is.
    let standing = ranking.iter().find(|standing| standing["name"] == "density, quartic 300 m").unwrap();
    let last = windows.len() - 1;
    let judged = get(&format!(
        "/analysis/accuracy?priority=burglary&period={}&test={}&bandwidth_m=300&coverage=0.05,0.2&resolution=8",
        windows[last]["training_period"].as_str().unwrap(),
        windows[last]["test_period"].as_str().unwrap()
    ));
    for coverage in 0..2 {
        for figure in ["cells", "hits", "hit_rate", "pai", "pei"] {
            let in_window = &standing["trials"][last]["figures"][coverage][figure];
            assert_eq!(in_window, &judged["figures"][coverage][figure], "{figure}");
        }
    }
    let (_, rows) = backtest("?priority=burglary&f=csv", &body).expect(200).csv();
    let trials = ranking.iter().flat_map(|standing| standing["trials"].as_array().unwrap());
    assert_eq!(rows.len(), 2 * trials.filter(|trial| !trial.is_null()).count());
}

#[test]
fn all_faults_of_a_backtest_are_told_together() {
    let body = json!({
        "candidates": [
            {"map": "density", "bandwidth_m": 5, "bandwidth_rule": "guess", "kernel": "square", "months": 3},
            {"map": "counts", "half_life_months": 0},
            {"map": "counts", "name": ""},
            {"name": "x"},
            {"map": "heat"},
            7
        ],
        "train_months": 0,
        "test_months": 1.5,
        "coverages": [0, "a"],
        "ground": "roads",
        "resolution": 12,
        "seed": -1,
        "resamples": 3,
        "colour": "red"
    });
    let refused = backtest("", &body).expect(400);
    let faults = refused.faults();
    let places: Vec<_> = faults.iter().map(|[place, ..]| place.as_str()).collect();
    for member in [
        "candidates[0].bandwidth_m",
        "candidates[0].bandwidth_rule",
        "candidates[0].kernel",
        "candidates[0].months",
        "candidates[1].half_life_months",
        "candidates[2].name",
        "candidates[3].map",
        "candidates[4].map",
        "candidates[5]",
        "train_months",
        "test_months",
        "coverages[0]",
        "coverages[1]",
        "ground",
        "resolution",
        "seed",
        "resamples",
        "colour",
    ] {
        assert!(places.contains(&format!("body member {member}").as_str()), "{member} in {places:?}");
    }
}

#[test]
fn a_backtest_that_cannot_be_made_is_refused_with_the_rule() {
    let app = TestApp::shared();
    let counts = json!({"candidates": [{"map": "counts"}]});
    let few = backtest("?period=2025-01/2025-06", &counts).expect(422);
    assert!(few.text().contains("12 months of training and 1 of test"), "{}", few.text());
    let days = backtest("?period=2025-01-05/2025-06-30", &counts).expect(400);
    assert!(days.text().contains("whole months"), "{}", days.text());
    // Months that the store does not hold are no months without incidents.
    let long = backtest("?period=2001-01/2025-06", &counts).expect(200).json();
    let first = get("/")["first_month"].as_str().unwrap().to_owned();
    assert!(long["windows"][0]["training_period"].as_str().unwrap().starts_with(&first));
    let unheld = backtest("?period=2001-01/2003-06", &counts).expect(422);
    assert!(unheld.text().contains("holds no month"), "{}", unheld.text());
    let twice = json!({"candidates": [{"map": "counts"}, {"map": "counts"}]});
    assert!(backtest("", &twice).expect(400).text().contains("no two candidates have one name"));
    let none = json!({"candidates": []});
    assert!(backtest("", &none).expect(400).text().contains("from 1 to 20"));
    let wide: Vec<_> = (0..20)
        .map(|index| json!({"map": "density", "kernel": "gaussian", "bandwidth_m": 1000 + index}))
        .collect();
    let much = json!({"candidates": wide, "resolution": 11, "train_months": 1});
    let refused = backtest("", &much).expect(400);
    assert!(refused.text().contains("kernels"), "{}", refused.text());
    for (media_type, body, status) in [
        ("text/csv", "x", 415),
        ("application/json", "{", 400),
        ("application/json", "[]", 400),
        ("application/json", "null", 400),
    ] {
        app.post("/analysis/backtest", media_type, body.as_bytes()).expect(status);
    }
    let long = format!("{{\"candidates\": \"{}\"}}", "x".repeat(100_000));
    app.post("/analysis/backtest", "application/json", long.as_bytes()).expect(413);
    backtest("?priority=knives", &counts).expect(404);
    assert!(backtest("?colour=red", &counts).expect(400).text().contains("colour"));
}

#[test]
fn a_backtest_of_a_ward_or_of_nothing_is_defined() {
    let body = json!({
        "candidates": [{"map": "counts"}, {"map": "density", "bandwidth_rule": "lscv"}],
        "resolution": 9,
        "ground": "cells",
        "test_months": 3,
        "step_months": 1
    });
    let ward = backtest("?within=ward/E05001236", &body).expect(200).json();
    assert!(ward["notices"].to_string().contains("The tests overlap"));
    let nothing = backtest("?filter=street%20%3D%20'nowhere'", &body).expect(200).json();
    for standing in nothing["ranking"].as_array().unwrap() {
        assert!(standing["pai"][0]["mean"].is_null());
    }
}
