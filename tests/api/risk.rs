//! Relative risks of the demonstration city.

use serde_json::Value;

use crate::app::TestApp;

fn json(address: &str) -> Value {
    TestApp::shared().get(address).expect(200).json()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// The cells of a raster's member, inside the study area or not.
fn cells(raster: &Value, member: &str) -> Vec<Option<f64>> {
    let rows = raster[member].as_array().unwrap().iter();
    rows.flat_map(|row| row.as_array().unwrap()).map(Value::as_f64).collect()
}

#[test]
fn exchanging_the_groups_turns_the_sign() {
    let of = |a: &str, b: &str| {
        let scope = format!("category={a}&against_category={b}");
        json(&format!("/analysis/risk?{scope}&f=json&cell_m=400&bandwidth_m=900"))
    };
    let (one, other) = (of("burglary", "drugs"), of("drugs", "burglary"));
    assert_eq!((&one["cases"], &one["controls"]), (&other["controls"], &other["cases"]));
    for (a, b) in cells(&one, "values").iter().zip(cells(&other, "values")) {
        assert!((a.unwrap_or(0.0) + b.unwrap_or(0.0)).abs() < 1e-12);
    }
    for (a, b) in cells(&one, "p_upper").iter().zip(cells(&other, "p_lower")) {
        assert!((a.unwrap_or(0.0) - b.unwrap_or(0.0)).abs() < 1e-9);
    }
}

#[test]
fn forms_say_the_same() {
    let of = |form: &str| {
        json(&format!("/analysis/risk?priority=burglary&f=json&cell_m=400&shrinkage=0.1&form={form}"))
    };
    let (logs, ratios, differences) = (of("log-ratio"), of("ratio"), of("difference"));
    for ((log, ratio), difference) in
        cells(&logs, "values").iter().zip(cells(&ratios, "values")).zip(cells(&differences, "values"))
    {
        let (Some(log), Some(ratio), Some(difference)) = (log, ratio, difference) else {
            assert!(log.is_none() && ratio.is_none() && difference.is_none());
            continue;
        };
        assert!((log.exp() / ratio - 1.0).abs() < 1e-12);
        assert!((*log > 0.0) == (difference > 0.0));
    }
}

#[test]
fn contours_hold_what_they_say() {
    let address = "/analysis/risk?priority=burglary&bandwidth_m=600";
    let answer = json(address);
    let features = answer["features"].as_array().unwrap();
    assert!(!features.is_empty());
    for feature in features {
        let of = &feature["properties"];
        let share = |group: &str| number(&of[group]) / number(&answer[group]);
        if let Some(risk) = of["relative_risk"].as_f64() {
            assert!((share("cases") / share("controls") / risk - 1.0).abs() < 1e-9);
            assert_eq!(risk > 1.0, of["direction"] == "higher", "{of}");
        }
        assert!(number(&of["area_km2"]) > 0.0);
    }
    // The ground of the contours is that of the cells with such probabilities.
    let raster = json(&format!("{address}&f=json&cell_m=60"));
    let below =
        cells(&raster, "p_upper").into_iter().flatten().filter(|p| *p <= 0.05).count() as f64 * 0.0036;
    let drawn: f64 = features
        .iter()
        .filter(|feature| feature["properties"]["direction"] == "higher")
        .map(|feature| number(&feature["properties"]["area_km2"]))
        .sum();
    assert!((drawn - below).abs() < 0.05 * below + 0.1, "{drawn} km², {below} km²");
}

#[test]
fn incidents_of_both_kinds_are_cases_only() {
    let all = json("/analysis/risk?category=burglary&f=json&cell_m=400");
    let same = json("/analysis/risk?category=burglary&against_priority=all-incidents&f=json&cell_m=400");
    assert_eq!(same["controls"], all["controls"]);
    let parameters = &same["method"]["parameters"];
    assert_eq!(parameters["in_both"], same["cases"]);
    assert_eq!(
        all["method"]["parameters"]["against"],
        "all other incidents of the same period, sources and area"
    );
}

#[test]
fn a_period_is_compared_with_another() {
    let of = |period: &str, other: &str| {
        json(&format!(
            "/analysis/risk?priority=burglary&period={period}&against_period={other}&f=json&cell_m=400"
        ))
    };
    let (new, old) = ("2025-07/2025-12", "2025-01/2025-06");
    let (forward, back) = (of(new, old), of(old, new));
    assert_eq!(forward["cases"], back["controls"]);
    assert_eq!(forward["method"]["parameters"]["against"], format!("the same kind of incidents in {old}"));
}

#[test]
fn permutations_are_seeded_and_agree_with_the_tolerance() {
    let address = "/analysis/risk?priority=burglary&f=json&cell_m=500&permutations=199";
    let (one, again) = (json(&format!("{address}&seed=3")), json(&format!("{address}&seed=3")));
    assert_eq!(one, again);
    assert_ne!(one["p_upper"], json(&format!("{address}&seed=4"))["p_upper"]);
    let asymptotic = json("/analysis/risk?priority=burglary&f=json&cell_m=500");
    let away: Vec<f64> = cells(&one, "p_upper")
        .iter()
        .zip(cells(&asymptotic, "p_upper"))
        .filter_map(|(a, b)| Some((a.as_ref()? - b?).abs()))
        .collect();
    assert!(away.iter().sum::<f64>() / (away.len() as f64) < 0.08, "{}", away.iter().sum::<f64>());
    assert!(!json(&address.replace("f=json&", ""))["features"].is_null());
}

#[test]
fn one_area_and_every_edge_correction_are_answered() {
    for edge in ["none", "uniform", "diggle"] {
        let raster =
            json(&format!("/analysis/risk?priority=violence&within=ward/E05001236&f=json&edge={edge}"));
        assert_eq!(raster["method"]["parameters"]["edge_correction"], edge);
        assert!(cells(&raster, "values").iter().any(Option::is_some));
    }
}

#[test]
fn groups_without_incidents_cannot_be_compared() {
    let app = TestApp::shared();
    for question in ["period=1950-01", "priority=burglary&against_period=1950-01", "period=2025-01"] {
        let refused = app.get(&format!("/analysis/risk?{question}&cell_m=400")).expect(422);
        assert!(refused.json()["detail"].as_str().unwrap().contains("incidents of both kinds"), "{question}");
    }
}
