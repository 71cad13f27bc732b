//! Hotspot polygons and clusters of the demonstration city.

use geo::{Area, BooleanOps, BoundingRect, Intersects, Validation};
use geo_types::MultiPolygon;
use geojson::Geometry;
use serde_json::Value;

use crate::app::TestApp;

/// A period without incidents.
const NEVER: &str = "period=1950-01";

fn json(address: &str) -> Value {
    TestApp::shared().get(address).expect(200).json()
}

fn properties(answer: &Value) -> Vec<&Value> {
    answer["features"].as_array().unwrap().iter().map(|feature| &feature["properties"]).collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// Twice the signed area of a ring, positive where it runs anticlockwise.
fn turn(ring: &Value) -> f64 {
    let at = |point: &Value| (number(&point[0]), number(&point[1]));
    let points: Vec<_> = ring.as_array().unwrap().iter().map(at).collect();
    points.windows(2).map(|pair| pair[0].0 * pair[1].1 - pair[1].0 * pair[0].1).sum()
}

/// Asserts that rings turn as RFC 7946 has it.
fn assert_winding(answer: &Value) {
    for feature in answer["features"].as_array().unwrap() {
        for polygon in feature["geometry"]["coordinates"].as_array().unwrap() {
            for (number, ring) in polygon.as_array().unwrap().iter().enumerate() {
                assert!((turn(ring) > 0.0) == (number == 0), "{} ring {number}", feature["id"]);
            }
        }
    }
}

/// Asserts what holds for all hotspots.
fn assert_lawful(answer: &Value) {
    let (totals, hotspots) = (&answer["totals"], properties(answer));
    for member in ["count", "weighted", "area_km2"] {
        let parts = ["hotspots", "omitted", "elsewhere"].map(|part| number(&totals[part][member]));
        let whole = number(&totals["study_area"][member]);
        assert!((parts.iter().sum::<f64>() - whole).abs() < 1e-6 * whole.max(1.0), "{member}: {totals}");
        let sum: f64 = hotspots.iter().map(|hotspot| number(&hotspot[member])).sum();
        assert!((sum - parts[0]).abs() < 1e-6 * sum.max(1.0), "{member}: {sum} {totals}");
    }
    assert_eq!(totals["study_area"]["count"], answer["method"]["incidents"]["used"]);
    assert_eq!(totals["hotspots"]["polygons"], hotspots.len());
    assert_winding(answer);
    for pair in hotspots.windows(2) {
        assert!(number(&pair[0]["weighted"]) >= number(&pair[1]["weighted"]));
    }
    for (rank, hotspot) in (1..).zip(hotspots) {
        assert_eq!(hotspot["rank"], rank);
        assert!(number(&hotspot["peak_per_km2"]) >= number(&answer["limit_per_km2"]));
        let pai = number(&hotspot["count_share"]) / number(&hotspot["area_share"]);
        assert!((pai - number(&hotspot["pai"])).abs() < 1e-9 * pai);
        for (layer, areas) in hotspot["areas"].as_object().unwrap() {
            let sum: f64 = areas.as_array().unwrap().iter().map(|area| number(&area["share"])).sum();
            assert!((sum - 1.0).abs() < 1e-3, "{layer} of {}: {areas}", hotspot["hotspot_id"]);
        }
        let named: u64 =
            hotspot["streets"].as_array().unwrap().iter().map(|s| s["count"].as_u64().unwrap()).sum();
        assert!(named <= hotspot["count"].as_u64().unwrap());
    }
}

#[test]
fn hotspots_account_for_all_incidents_under_every_rule() {
    for question in [
        "priority=violence",
        "priority=burglary&classes=volume:50",
        "priority=drugs&classes=area:3&class=1",
        "classes=quantile:5&minimum_count=30",
        "classes=equal-interval:4&class=1&minimum_area_m2=1e6",
        "category=robbery&classes=limits:1,5&class=1&cell_m=100",
        "within=ward/E05001236&classes=area:10",
        "priority=violence&weights=none",
    ] {
        let answer = json(&format!("/analysis/hotspots?{question}"));
        assert_lawful(&answer);
    }
}

#[test]
fn hotspots_hold_far_more_than_their_share_of_the_area() {
    let answer = json("/analysis/hotspots?priority=violence");
    let together = &answer["totals"]["hotspots"];
    assert!(number(&together["pai"]) > 3.0, "{together}");
    assert_eq!(answer["method"]["parameters"]["class_is"], "3 times the mean or more");
    let limits = &answer["method"]["parameters"]["class_limits_per_km2"];
    assert_eq!(answer["limit_per_km2"], limits[2]);
    assert!(properties(&answer).iter().all(|hotspot| hotspot["found_share"].is_null()));
}

#[test]
fn hotspots_are_the_bands_from_their_class_on() {
    let hotspots = json("/analysis/hotspots?priority=burglary&class=4&minimum_count=0&minimum_area_m2=1");
    let bands = json("/analysis/density?priority=burglary");
    let area = |of: &[&Value]| of.iter().map(|part| number(&part["area_km2"])).sum::<f64>();
    let hot: Vec<_> =
        properties(&bands).into_iter().filter(|band| band["class"].as_u64().unwrap() >= 4).collect();
    let of_hotspots = number(&hotspots["totals"]["hotspots"]["area_km2"])
        + number(&hotspots["totals"]["omitted"]["area_km2"]);
    assert!((area(&hot) - of_hotspots).abs() < 1e-3 * of_hotspots, "{} {of_hotspots}", area(&hot));
}

#[test]
fn the_volume_and_the_area_that_were_asked_for_are_drawn() {
    let raster = json("/analysis/density?priority=burglary&f=json&cell_m=50&classes=volume:25,60");
    let cells: Vec<f64> = raster["values"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|row| row.as_array().unwrap())
        .filter_map(Value::as_f64)
        .collect();
    let total: f64 = cells.iter().sum();
    for (threshold, percent) in raster["thresholds_per_km2"].as_array().unwrap().iter().zip([60.0, 25.0]) {
        let above = cells.iter().filter(|cell| **cell >= number(threshold));
        let held = 100.0 * above.clone().sum::<f64>() / total;
        let least = above.copied().fold(f64::INFINITY, f64::min);
        assert!(held >= percent && held - 100.0 * least / total < percent, "{held} {percent}");
    }
    let hottest = json("/analysis/hotspots?priority=burglary&cell_m=50&classes=area:5&minimum_count=0");
    let share = number(&hottest["totals"]["hotspots"]["area_share"]);
    assert!((share - 0.05).abs() < 0.002, "{share}");
    let bands = json("/analysis/density?priority=burglary&classes=volume:25,60");
    let rules: Vec<_> = properties(&bands).into_iter().map(|band| &band["rule"]).collect();
    assert_eq!(rules, ["smallest area with 60 % of the volume", "smallest area with 25 % of the volume"]);
}

/// The polygons of an answer in degrees.
fn polygons(answer: &Value) -> Vec<MultiPolygon> {
    let features = answer["features"].as_array().unwrap().iter();
    let geometry = |feature: &Value| serde_json::from_value::<Geometry>(feature["geometry"].clone()).unwrap();
    features.map(|feature| MultiPolygon::try_from(geometry(feature)).unwrap()).collect()
}

#[test]
fn polygons_are_valid_and_apart_as_they_are_written() {
    for question in [
        "priority=burglary&bandwidth_m=250",
        "cell_m=25&bandwidth_m=60&classes=volume:95&minimum_area_m2=1&minimum_count=0",
        "cell_m=20&bandwidth_m=20&classes=area:5&minimum_area_m2=1&minimum_count=0",
    ] {
        let polygons = polygons(&json(&format!("/analysis/hotspots?{question}")));
        assert!(!polygons.is_empty());
        let boxes: Vec<_> = polygons.iter().map(|polygon| polygon.bounding_rect().unwrap()).collect();
        for (i, polygon) in polygons.iter().enumerate() {
            assert!(polygon.is_valid(), "{question}: {:?}", polygon.validation_errors());
            for (other, of_other) in polygons.iter().zip(&boxes).skip(i + 1) {
                if boxes[i].intersects(of_other) {
                    // 1e-11 square degrees are 0.08 m².
                    assert!(polygon.intersection(other).unsigned_area() < 1e-11, "{question}");
                }
            }
        }
    }
}

#[test]
fn what_is_too_small_is_said() {
    let all = json("/analysis/hotspots?priority=burglary&minimum_count=0&minimum_area_m2=1&class=2");
    let some = json("/analysis/hotspots?priority=burglary&minimum_count=40&minimum_area_m2=1&class=2");
    let ids = |answer: &Value| properties(answer).iter().map(|h| h["hotspot_id"].clone()).collect::<Vec<_>>();
    let kept: Vec<_> = properties(&all)
        .into_iter()
        .filter(|hotspot| hotspot["count"].as_u64().unwrap() >= 40)
        .map(|hotspot| hotspot["hotspot_id"].clone())
        .collect();
    assert_eq!(ids(&some), kept);
    assert!(kept.len() < properties(&all).len(), "some are small");
    let notices = some["notices"].to_string();
    assert!(notices.contains("left out as too small"), "{notices}");
}

#[test]
fn stability_is_repeatable_and_the_first_hotspot_is_sure() {
    let address = "/analysis/hotspots?priority=violence&cell_m=100&resamples=99&seed=7";
    let answer = json(address);
    assert_eq!(answer, json(address));
    assert_lawful(&answer);
    let parameters = &answer["method"]["parameters"];
    assert_eq!((&parameters["resamples"], &parameters["seed"]), (&99.into(), &7.into()));
    let hotspots = properties(&answer);
    assert!(number(&hotspots[0]["found_share"]) > 0.9, "{}", hotspots[0]);
    for hotspot in hotspots {
        assert!(number(&hotspot["found_share"]) <= number(&hotspot["peak_hot_share"]));
    }
    let without = json("/analysis/hotspots?priority=violence&cell_m=100");
    assert_eq!(without["features"][0]["geometry"], answer["features"][0]["geometry"]);
}

#[test]
fn clusters_and_noise_are_all_incidents() {
    for question in
        ["priority=burglary", "eps_m=100&min_points=60", "within=ward/E05001236", "eps_m=5000&min_points=2"]
    {
        let answer = json(&format!("/analysis/clusters?{question}"));
        let clusters = properties(&answer);
        let count: u64 = clusters.iter().map(|cluster| cluster["count"].as_u64().unwrap()).sum();
        assert_eq!(answer["in_clusters"], count);
        assert_eq!(answer["method"]["incidents"]["used"], count + answer["noise"].as_u64().unwrap());
        let least = answer["method"]["parameters"]["min_points"].as_u64().unwrap();
        assert_winding(&answer);
        for cluster in clusters {
            let of = |name: &str| cluster[name].as_u64().unwrap();
            assert!(of("core_count") <= of("count") && of("count") >= least.min(of("count")));
            assert!(of("hull_count") >= of("count") && of("positions") <= of("count"), "{cluster}");
        }
    }
    assert!(!properties(&json("/analysis/clusters?priority=violence")).is_empty());
}

#[test]
fn without_incidents_there_are_no_hotspots_and_no_clusters() {
    let hotspots = json(&format!("/analysis/hotspots?{NEVER}&resamples=99"));
    assert!(properties(&hotspots).is_empty());
    assert!(hotspots["limit_per_km2"].is_null() && hotspots["totals"]["hotspots"]["pai"].is_null());
    assert_eq!(hotspots["totals"]["elsewhere"]["area_share"], 1.0);
    let clusters = json(&format!("/analysis/clusters?{NEVER}"));
    assert!(properties(&clusters).is_empty());
    assert_eq!((&clusters["noise"], &clusters["in_clusters"]), (&0.into(), &0.into()));
    for address in ["/analysis/hotspots", "/analysis/clusters"] {
        let (_, rows) = TestApp::shared().get(&format!("{address}?{NEVER}&f=csv")).expect(200).csv();
        assert!(rows.is_empty());
    }
    for words in ["quantile:4", "equal-interval:3", "volume:50", "area:5", "limits:5"] {
        assert!(properties(&json(&format!("/analysis/density?{NEVER}&classes={words}"))).is_empty());
    }
}

#[test]
fn features_and_tables_say_the_same() {
    let app = TestApp::shared();
    for address in
        ["/analysis/hotspots?priority=drugs&cell_m=100&resamples=99", "/analysis/clusters?priority=drugs"]
    {
        let answer = json(address);
        let (header, table) = app.get(&format!("{address}&f=csv")).expect(200).csv();
        let features = properties(&answer);
        assert!(!features.is_empty() && features.len() == table.len());
        for (feature, fields) in features.iter().zip(&table) {
            for (name, field) in header.iter().zip(fields) {
                match &feature[name] {
                    Value::String(text) => assert_eq!(text, field, "{name}"),
                    Value::Null => assert_eq!(field, "", "{name}"),
                    Value::Number(value) => assert_eq!(value.as_f64(), field.parse().ok(), "{name}"),
                    listed => assert!(!listed.is_null() && field.contains(['(', '%']), "{name}: {field}"),
                }
            }
        }
    }
}
