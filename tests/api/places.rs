//! Places while somebody types.

use serde_json::{Value, json};

use crate::app::TestApp;

fn found(app: &TestApp, query: &str) -> Vec<Value> {
    let answer = app.get(&format!("/places?{query}")).expect(200).json();
    answer["results"].as_array().unwrap().clone()
}

fn names(places: &[Value]) -> Vec<&str> {
    places.iter().map(|place| place["name"].as_str().unwrap()).collect()
}

#[test]
fn areas_are_found_by_name_and_code() {
    let app = TestApp::shared();
    let wards = found(app, "q=halesowen%20n");
    let first = &wards[0];
    assert_eq!(
        (&first["kind"], &first["name"], &first["context"]),
        (&"ward".into(), &"Halesowen North".into(), &"Wards".into())
    );
    assert_eq!(first["code"], "E05001244");
    // The ward's position lies in it, and its box holds it.
    let area = app.get("/layers/ward").expect(200).json();
    let feature = area["features"]
        .as_array()
        .unwrap()
        .iter()
        .find(|feature| feature["id"] == "E05001244")
        .unwrap()
        .clone();
    assert!(feature["geometry"].is_object());
    let (lon, lat) = (&first["lon"], &first["lat"]);
    let there = app.get(&format!("/geocode?lon={lon}&lat={lat}")).expect(200).json();
    assert_eq!(there["areas"][0]["code"], "E05001244");
    let bbox: Vec<f64> =
        first["bbox"].as_array().unwrap().iter().map(|side| side.as_f64().unwrap()).collect();
    assert!(bbox[0] < lon.as_f64().unwrap() && lon.as_f64().unwrap() < bbox[2]);
    assert!(bbox[1] < lat.as_f64().unwrap() && lat.as_f64().unwrap() < bbox[3]);

    assert_eq!(found(app, "q=e05001244")[0], *first);
    let spelled: Vec<_> = ["st%20jamess", "ST.%20JAMES%27S", "st%20j"]
        .map(|q| found(app, &format!("q={q}"))[0]["name"].clone())
        .into();
    assert!(spelled.iter().all(|name| name == "St James's"), "{spelled:?}");
}

#[test]
fn the_better_fit_stands_first_and_the_limit_holds() {
    let app = TestApp::shared();
    let all = found(app, "q=ha&limit=20");
    let rank = |name: &str| {
        let name = name.to_lowercase();
        match name {
            name if name.starts_with("ha") => 1,
            name if name.contains(" ha") => 2,
            _ => 3,
        }
    };
    let ranks: Vec<_> = names(&all).into_iter().map(rank).collect();
    assert!(ranks.is_sorted() && !ranks.is_empty(), "{ranks:?}");
    assert_eq!(found(app, "q=ha&limit=2"), all[..2]);
    assert_eq!(found(app, "q=street").len(), 8);
    assert!(found(app, "q=xyzzy").is_empty());
    assert!(found(app, "q=%27%27").is_empty());
}

#[test]
fn streets_are_told_to_those_who_may_see_incidents() {
    let app = TestApp::shared();
    let streets = found(app, "q=demo%20street%2017&limit=20");
    let first = &streets[0];
    assert_eq!(
        (&first["kind"], &first["name"], &first["code"]),
        (&"street".into(), &"Demo Street 17".into(), &Value::Null)
    );
    // It lies where incidents with its name are, in the ward that is its context.
    let there = app.get(&format!("/geocode?lon={}&lat={}", first["lon"], first["lat"])).expect(200).json();
    assert_eq!(there["areas"][0]["name"], first["context"]);
    let near = app.get(&format!("/incidents?near={},{}&radius_m=1&limit=100", first["lon"], first["lat"]));
    assert!(near.expect(200).text().contains("On or near Demo Street 17\""));

    let hidden = TestApp::start(&["--demonstration", "--hide-incidents"]);
    assert!(found(&hidden, "q=demo%20street%2017").is_empty());
    assert_eq!(found(&hidden, "q=halesowen%20n")[0]["name"], "Halesowen North");
}

#[test]
fn grid_references_and_coordinates_are_places() {
    let app = TestApp::shared();
    let square = &found(app, "q=so945905")[0];
    assert_eq!((&square["kind"], &square["name"]), (&"grid-reference".into(), &"SO 945 905".into()));
    let there = app.get("/geocode?gridref=SO945905").expect(200).json();
    for name in ["lon", "lat"] {
        assert!((square[name].as_f64().unwrap() - there[name].as_f64().unwrap()).abs() < 1e-7);
    }
    assert_eq!(square["context"], there["areas"][0]["name"]);
    assert!(square["bbox"].is_array());
    for typed in ["52.51,%20-2.08", "52.51%20-2.08", "-2.08,52.51"] {
        let place = &found(app, &format!("q={typed}"))[0];
        let expected = json!({
            "kind": "coordinates", "name": "52.51, -2.08", "context": place["context"], "code": null,
            "lon": -2.08, "lat": 52.51, "bbox": null,
        });
        assert_eq!(*place, expected);
    }
    let london = &found(app, "q=51.5,%20-0.12")[0];
    assert!(london["context"].is_null());
    assert!(found(app, "q=48.85,%202.35").is_empty());
}

#[test]
fn faulty_questions_are_refused() {
    let app = TestApp::shared();
    for (query, place) in [
        ("", "query parameter q"),
        ("q=h", "query parameter q"),
        ("q=%20%20h%20", "query parameter q"),
        ("q=ha&limit=0", "query parameter limit"),
        ("q=ha&limit=21", "query parameter limit"),
        ("q=ha&layer=ward", "query parameter layer"),
    ] {
        let refused = app.get(&format!("/places?{query}")).expect(400);
        assert_eq!(refused.faults()[0][0], place, "{query}");
    }
    let long = format!("/places?q={}", "a".repeat(101));
    app.get(&long).expect(400);
}
