//! Where positions are.

use serde_json::{Value, json};

use crate::app::TestApp;

fn list(app: &TestApp, body: &Value) -> Vec<Value> {
    let answer = app.post("/geocode", "application/json", body.to_string().as_bytes()).expect(200);
    answer.json().as_array().unwrap().clone()
}

#[test]
fn the_three_ways_to_name_a_position_agree() {
    let app = TestApp::shared();
    let square = app.get("/geocode?gridref=SO%20945%20905").expect(200).json();
    assert_eq!((&square["easting_m"], &square["northing_m"]), (&394_550.0.into(), &290_550.0.into()));
    assert_eq!(square["square_m"], 100.0);
    let grid = app.get("/geocode?easting=394550&northing=290550").expect(200).json();
    assert_eq!(grid["square_m"], Value::Null);
    for member in ["areas", "h3", "lon", "lat", "inside", "outline_distance_m"] {
        assert_eq!(grid[member], square[member], "{member}");
    }
    let degrees = app.get(&format!("/geocode?lon={}&lat={}", grid["lon"], grid["lat"])).expect(200).json();
    assert_eq!((&degrees["lon"], &degrees["lat"]), (&grid["lon"], &grid["lat"]), "what was given is kept");
    assert_eq!(degrees["h3"], grid["h3"]);
    for member in ["easting_m", "northing_m", "outline_distance_m"] {
        let (there, here) = (degrees[member].as_f64().unwrap(), grid[member].as_f64().unwrap());
        assert!((there - here).abs() < 0.001, "{member}: {there} {here}");
    }
    for spelling in ["SO945905", "so945905", "so%20945905", "SO+945+905"] {
        assert_eq!(app.get(&format!("/geocode?gridref={spelling}")).expect(200).json(), square, "{spelling}");
    }
}

#[test]
fn a_position_in_the_borough_has_an_area_in_each_layer() {
    let app = TestApp::shared();
    let found = app.get("/geocode?lon=-2.0809&lat=52.5123").expect(200).json();
    assert_eq!(found["inside"], true);
    let areas = found["areas"].as_array().unwrap();
    let layers: Vec<_> = areas.iter().map(|area| area["layer"].as_str().unwrap()).collect();
    assert_eq!(layers, ["ward", "beat"]);
    assert!(areas.iter().all(|area| area["code"].is_string() && area["name"].is_string()));
    let reach = found["outline_distance_m"].as_f64().unwrap();
    assert!(areas.iter().all(|area| area["border_distance_m"].as_f64().unwrap() <= reach + 1.0), "{found}");
}

#[test]
fn a_position_outside_is_in_no_area() {
    let app = TestApp::shared();
    let london = app.get("/geocode?lon=-0.1278&lat=51.5074").expect(200).json();
    assert_eq!(london["inside"], false);
    assert!(
        london["areas"]
            .as_array()
            .unwrap()
            .iter()
            .all(|area| area["code"].is_null() && area["name"].is_null())
    );
    let distance = london["outline_distance_m"].as_f64().unwrap();
    assert!((150_000.0..200_000.0).contains(&distance), "{distance}");
}

#[test]
fn a_list_is_answered_in_its_order_and_as_single_positions_are() {
    let app = TestApp::shared();
    let answers = list(
        app,
        &json!([
            {"lon": -2.0809, "lat": 52.5123},
            {"easting": 394_550, "northing": 290_550},
            {"gridref": "SO 945 905"},
            {"lon": -0.1278, "lat": 51.5074},
        ]),
    );
    for (answer, query) in answers.iter().zip([
        "lon=-2.0809&lat=52.5123",
        "easting=394550&northing=290550",
        "gridref=SO945905",
        "lon=-0.1278&lat=51.5074",
    ]) {
        assert_eq!(*answer, app.get(&format!("/geocode?{query}")).expect(200).json(), "{query}");
    }
}

#[test]
fn a_faulty_entry_is_answered_by_its_fault_and_spoils_no_other() {
    let app = TestApp::shared();
    let good = json!({"gridref": "SO 945 905"});
    let faulty = [
        (json!({"lon": 52.5123, "lat": -2.0809}), "52.5123"),
        (json!({"lon": -181.5, "lat": 52.5}), "-181.5"),
        (json!({"lon": -2.08, "lat": 91.25}), "91.25"),
        (json!({"easting": -1.5, "northing": 290_550}), "-1.5"),
        (json!({"easting": 394_550, "northing": 1.5e7}), "15000000"),
        (json!({"gridref": "SO 945 90"}), "SO 945 90"),
        (json!({"gridref": "ZZ 12"}), "ZZ 12"),
        (json!({"lon": -2.08}), "lon and lat"),
        (json!({"lon": -2.08, "lat": 52.5, "gridref": "SO 945 905"}), "only one"),
        (json!({"lon": -2.08, "lat": 52.5, "height": 3}), "height"),
        (json!({"lon": "west", "lat": 52.5}), "west"),
        (json!({"lon": null, "lat": null}), "lon and lat"),
        (json!({}), "lon and lat"),
        (json!(7), "7"),
        (json!([-2.08, 52.5]), "lon"),
        (json!("SO 945 905"), "SO 945 905"),
        (Value::Null, "null"),
    ];
    let mut entries = vec![good.clone()];
    for (entry, _) in &faulty {
        entries.extend([entry.clone(), good.clone()]);
    }
    let answers = list(app, &Value::Array(entries));
    assert_eq!(answers.len(), 2 * faulty.len() + 1);
    assert!(answers.iter().step_by(2).all(|answer| *answer == answers[0] && answer["inside"] == true));
    for (answer, (entry, said)) in answers.iter().skip(1).step_by(2).zip(&faulty) {
        let error = answer["error"].to_string();
        assert!(error.contains(said), "{entry}: {answer}");
    }
}

#[test]
fn an_empty_list_has_an_empty_answer() {
    assert!(list(TestApp::shared(), &json!([])).is_empty());
}

#[test]
fn the_longest_list_is_taken_and_a_longer_one_is_not() {
    let app = TestApp::shared();
    let positions = |count: usize| vec![json!({"easting": 394_550, "northing": 290_550}); count];
    assert_eq!(list(app, &json!(positions(10_000))).len(), 10_000);
    let refused =
        app.post("/geocode", "application/json", json!(positions(10_001)).to_string().as_bytes()).expect(400);
    assert!(refused.text().contains("10001") && refused.text().contains("10000"), "{}", refused.text());
}

#[test]
fn what_is_no_list_of_positions_is_refused() {
    let app = TestApp::shared();
    for body in [
        "{}",
        "{\"lon\": 1}",
        "[",
        "",
        "null",
        "lon,lat\n1,2",
        "[1,]",
        "[{\"lon\": NaN}]",
        "\u{feff}[]",
        "\0",
    ] {
        let refused = app.post("/geocode", "application/json", body.as_bytes());
        let refused = if body.is_empty() && refused.status == 415 { refused } else { refused.expect(400) };
        assert!(refused.text().contains("list of positions"), "{body}: {}", refused.text());
    }
    let deep = "[".repeat(100_000);
    app.post("/geocode", "application/json", deep.as_bytes()).expect(400);
}

#[test]
fn a_list_of_another_type_is_refused() {
    let app = TestApp::shared();
    for media_type in ["text/plain", "application/geo+json", "text/csv", "application/jsonx", "json", "a, b"]
    {
        let refused = app.post("/geocode", media_type, b"[]").expect(415);
        assert!(refused.text().contains(media_type), "{}", refused.text());
    }
    for media_type in ["application/json; charset=utf-8", "application/json ;x=1", "Application/JSON"] {
        app.post("/geocode", media_type, b"[]").expect(200);
    }
}

#[test]
fn a_list_that_is_too_large_is_refused() {
    let app = TestApp::shared();
    let body = " ".repeat((4 << 20) + 1);
    let request = format!(
        "POST /geocode HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        app.authority(),
        body.len()
    );
    let answer = app.raw(request.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 413 "), "{}", answer.lines().next().unwrap_or_default());
    assert!(answer.contains("application/problem+json") && answer.contains("4194304"), "{answer}");
}
