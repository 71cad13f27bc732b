//! Incidents by place.

use serde_json::Value;

use crate::app::TestApp;

fn features(answer: &Value) -> &Vec<Value> {
    answer["features"].as_array().unwrap()
}

fn position(feature: &Value) -> (f64, f64) {
    let at = &feature["geometry"]["coordinates"];
    (at[0].as_f64().unwrap(), at[1].as_f64().unwrap())
}

/// Metres on a sphere, good to a part in a hundred.
fn metres(from: (f64, f64), to: (f64, f64)) -> f64 {
    let (dx, dy) = ((to.0 - from.0) * from.1.to_radians().cos(), to.1 - from.1);
    dx.hypot(dy).to_radians() * 6_371_000.0
}

#[test]
fn a_box_holds_what_it_gives() {
    let app = TestApp::shared();
    let answer = app.get("/incidents?bbox=-2.12,52.48,-2.08,52.52&limit=10000").expect(200).json();
    let found = features(&answer);
    assert!(found.len() > 100);
    assert_eq!(answer["numberReturned"], found.len());
    assert!(answer["numberMatched"].as_u64().unwrap() >= found.len() as u64);
    // The box on the grid that holds the four corners is a little wider than they are.
    let slack = 0.002;
    for feature in found {
        let (lon, lat) = position(feature);
        assert!((-2.12 - slack..=-2.08 + slack).contains(&lon), "{lon}");
        assert!((52.48 - slack..=52.52 + slack).contains(&lat), "{lat}");
    }
}

#[test]
fn a_distance_holds_and_the_nearest_come_first() {
    let app = TestApp::shared();
    let centre = (-2.0809, 52.5123);
    let answer = app.get("/incidents?near=-2.0809,52.5123&radius_m=700&limit=10000").expect(200).json();
    let distances: Vec<_> =
        features(&answer).iter().map(|feature| metres(centre, position(feature))).collect();
    assert!(distances.len() > 10);
    assert_eq!(answer["numberMatched"], distances.len());
    assert!(distances.iter().all(|distance| *distance < 710.0));
    assert!(distances.windows(2).all(|pair| pair[0] <= pair[1] + 10.0), "nearest first");
    let nearest = app.get("/incidents?near=-2.0809,52.5123&limit=10").expect(200).json();
    assert_eq!(features(&nearest)[..], features(&answer)[..10]);
    assert!(nearest.get("numberMatched").is_none());
}

#[test]
fn the_limit_holds_and_does_not_change_what_matches() {
    let app = TestApp::shared();
    let address = "/incidents?bbox=-2.2,52.4,-2.0,52.6";
    let standard = app.get(address).expect(200).json();
    assert_eq!(standard["numberReturned"], 100);
    for limit in [1, 99, 1000] {
        let limited = app.get(&format!("{address}&limit={limit}")).expect(200).json();
        assert_eq!(limited["numberReturned"], limit);
        assert_eq!(limited["numberMatched"], standard["numberMatched"]);
    }
}

#[test]
fn category_source_priority_and_period_hold() {
    let app = TestApp::shared();
    let all = |more: &str| {
        let answer = app.get(&format!("/incidents?near=-2.0809,52.5123&limit=500&{more}")).expect(200).json();
        assert!(!features(&answer).is_empty(), "{more}");
        features(&answer).iter().map(|feature| feature["properties"].clone()).collect::<Vec<_>>()
    };
    assert!(all("category=burglary").iter().all(|incident| incident["category"] == "burglary"));
    let two = all("category=burglary,drugs");
    assert!(two.iter().all(|incident| incident["category"] == "burglary" || incident["category"] == "drugs"));
    assert!(two.iter().any(|incident| incident["category"] == "drugs"));
    assert!(all("source=synthetic-police").iter().all(|incident| incident["source"] == "synthetic-police"));
    assert!(all("priority=vehicle-crime").iter().all(|incident| incident["category"] == "vehicle-crime"));
    assert!(all("period=2025-11").iter().all(|incident| incident["month"] == "2025-11"));
    assert!(all("filter=precision%20%3D%20%27day%27").iter().all(|incident| incident["precision"] == "day"));
}

#[test]
fn intervals_end_after_they_start_and_months_are_those_of_london() {
    let app = TestApp::shared();
    let answer = app.get("/incidents?bbox=-2.2,52.4,-2.0,52.6&limit=10000&period=2025-07").expect(200).json();
    for feature in features(&answer) {
        let incident = &feature["properties"];
        let (from, to) =
            (incident["occurred_from"].as_str().unwrap(), incident["occurred_to"].as_str().unwrap());
        match incident["precision"].as_str().unwrap() {
            "month" => assert_eq!((from, to), ("2025-06-30T23:00:00Z", "2025-07-31T23:00:00Z")),
            "day" => assert!(from.ends_with("T23:00:00Z") && to.ends_with("T23:00:00Z"), "{from} {to}"),
            _ => assert!(from <= to, "{from} {to}"),
        }
    }
}
