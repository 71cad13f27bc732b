//! Postcodes, properties and names as places.

use std::{fs, path::Path, sync::OnceLock, thread, time::Duration};

use hotspots::{
    gazetteer::read::Bounds, model::GridPoint, service::gazetteer::load_files,
    store::geopackage::GeoPackageStore,
};
use serde_json::{Value, json};

use crate::app::TestApp;

const POSTCODES: &str = "DY1 1HF,10,394400,290300,,,,,,\n\
    DY1 1HG,50,394500,290400,,,,,,\n\
    DY1 4AA,10,393900,291000,,,,,,\n\
    DY111AA,10,383000,276000,,,,,,\n\
    B63 3AA,10,396500,283600,,,,,,\n";
const UPRNS: &str =
    "UPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE\n90014521,394410.5,290310.25,52.5,-2.08\n";

/// Loads postcodes and properties into the store.
fn load(store: &Path, postcodes: &str) {
    let folder = tempfile::tempdir().unwrap();
    let paths = [folder.path().join("dy.csv"), folder.path().join("uprn.csv")];
    fs::write(&paths[0], postcodes).unwrap();
    fs::write(&paths[1], UPRNS).unwrap();
    let corner = |east, north| GridPoint::new(east, north).unwrap();
    let bounds = Bounds::between(corner(370_000.0, 270_000.0), corner(410_000.0, 310_000.0));
    let store = GeoPackageStore::open(store).unwrap();
    load_files(&store, &paths, &bounds, &mut |_| ()).unwrap();
}

/// A service with the demonstration incidents and a gazetteer, for tests that only read.
fn shared() -> &'static TestApp {
    static SHARED: OnceLock<TestApp> = OnceLock::new();
    SHARED.get_or_init(|| TestApp::start_prepared(&["--demonstration"], |store| load(store, POSTCODES)))
}

fn found(app: &TestApp, q: &str) -> Value {
    let q = q.replace(' ', "%20").replace('+', "%2B");
    app.get(&format!("/geocode?q={q}")).expect(200).json()
}

fn matches(app: &TestApp, q: &str) -> Vec<[String; 2]> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let found = found(app, q);
    let all = found["matches"].as_array().unwrap();
    assert_eq!(found["notice"].is_null(), all.len() == 1, "{found}");
    all.iter().map(|one| [text(&one["kind"]), text(&one["name"])]).collect()
}

#[test]
fn a_postcode_is_the_position_that_the_gazetteer_has() {
    let app = shared();
    let answer = found(app, "dy11hf");
    assert_eq!((&answer["query"], &answer["notice"]), (&"dy11hf".into(), &Value::Null));
    let one = &answer["matches"][0];
    assert_eq!((&one["kind"], &one["name"]), (&"postcode".into(), &"DY1 1HF".into()));
    let there = app.get("/geocode?easting=394400&northing=290300").expect(200).json();
    for (member, value) in there.as_object().unwrap() {
        assert_eq!(one[member], *value, "{member}");
    }
    assert_eq!(one["context"], there["areas"][0]["name"]);
    assert!(one["detail"].as_str().unwrap().contains("building"), "{one}");
    assert_eq!(found(app, "DY1 1HG")["matches"][0]["precision_m"], 100.0);
}

#[test]
fn what_may_be_two_things_is_told_as_both() {
    let app = shared();
    let named = |kind: &str, name: &str| [kind.to_owned(), name.to_owned()];
    assert_eq!(matches(app, "dy11"), [named("postcode-district", "DY11"), named("postcode-sector", "DY1 1")]);
    assert_eq!(matches(app, "dy1 1"), [named("postcode-sector", "DY1 1")]);
    assert_eq!(matches(app, "DY1"), [named("postcode-district", "DY1")]);
    assert_eq!(matches(app, "DY"), [named("postcode-area", "DY")]);
    assert_eq!(matches(app, "90014521"), [named("uprn", "90014521")]);
    assert_eq!(matches(app, "SO 945 905"), [named("grid-reference", "SO 945 905")]);
    assert_eq!(matches(app, "52.51, -2.08"), [named("coordinates", "52.51, -2.08")]);
    assert_eq!(matches(app, "e05001244"), [named("ward", "Halesowen North")]);
    assert!(matches(app, "halesowen north").contains(&named("ward", "Halesowen North")));
    let sector = &found(app, "DY1 1")["matches"][0];
    assert_eq!((&sector["easting_m"], &sector["northing_m"]), (&394_450.0.into(), &290_350.0.into()));
    assert!((sector["precision_m"].as_f64().unwrap() - 50.0 * 2_f64.sqrt()).abs() < 1e-6);
    let square = &found(app, "so945905")["matches"][0];
    assert_eq!((&square["square_m"], &square["precision_m"]), (&100.0.into(), &100.0.into()));
}

#[test]
fn what_is_not_there_is_told_with_what_is_near() {
    let app = shared();
    for (q, said) in [
        (
            "DY1 1ZZ",
            "DY1 1ZZ is not in the gazetteer, which holds the borough and its surroundings. It has 2 other",
        ),
        ("ZE1 0AA", "ZE1 0AA is not in the gazetteer"),
        ("DY12", "not in the gazetteer"),
        ("90014522", "The UPRN 90014522 is not in the gazetteer"),
        ("48.85, 2.35", "Great Britain"),
        ("halesowen nor", "Similar: Halesowen North"),
        ("xyzzy", "called 'xyzzy'"),
    ] {
        assert!(matches(app, q).is_empty(), "{q}");
        let notice = found(app, q)["notice"].as_str().unwrap().to_owned();
        assert!(notice.contains(said), "{q}: {notice}");
    }
    let without = TestApp::shared();
    let told = found(without, "DY1 1HF");
    assert!(told["notice"].as_str().unwrap().contains("hotspots fetch postcodes"), "{told}");
    assert!(found(without, "1")["notice"].as_str().unwrap().contains("no gazetteer of properties"));
}

#[test]
fn a_street_in_several_wards_is_told_for_each_of_them_and_to_analysts_alone() {
    let app = shared();
    let suggested = app.get("/places?q=demo%20street%2017&limit=20").expect(200).json();
    let same: Vec<_> = suggested["results"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|place| place["name"] == "Demo Street 17")
        .map(|place| place["context"].clone())
        .collect();
    let told = found(app, "Demo Street 17");
    let contexts: Vec<_> =
        told["matches"].as_array().unwrap().iter().map(|one| one["context"].clone()).collect();
    assert!(!same.is_empty());
    assert_eq!(contexts, same);

    let hidden = TestApp::start(&["--demonstration", "--hide-incidents"]);
    assert!(matches(&hidden, "Demo Street 17").is_empty());
    let listed = hidden.post("/geocode", "application/json", b"[{\"q\":\"Demo Street 17\"}]").expect(200);
    assert!(listed.json()[0]["matches"].as_array().unwrap().is_empty());
}

#[test]
fn a_list_takes_names_beside_positions() {
    let app = shared();
    let body = json!([
        {"postcode": "dy1 1hf"}, {"uprn": 90_014_521}, {"uprn": "090014521"}, {"q": "DY11"},
        {"easting": 394_400, "northing": 290_300},
        {"postcode": "DY1"}, {"postcode": "DY1 1ZZ"}, {"uprn": 1.5}, {"uprn": [1]}, {"uprn": "2"}, {"q": " "},
        {"postcode": "DY1 1HF", "uprn": "90014521"}, {"q": "DY1", "lon": -2.08},
    ]);
    let answers = app.post("/geocode", "application/json", body.to_string().as_bytes()).expect(200).json();
    assert_eq!(answers[0], answers[4]);
    assert_eq!(answers[1]["easting_m"], 394_410.5);
    assert_eq!(answers[1], answers[2]);
    assert_eq!(answers[3], found(app, "DY11"));
    for (at, said) in [
        (5, "inward"),
        (6, "not in the gazetteer"),
        (7, "1.5"),
        (8, "whole number"),
        (9, "not in the gazetteer"),
        (10, "characters"),
        (11, "only one"),
        (12, "only one"),
    ] {
        let error = answers[at]["error"].to_string();
        assert!(error.contains(said) || said == "inward" && error.contains("DY1 1HF"), "{at}: {error}");
    }
}

#[test]
fn a_text_stands_alone_and_has_a_length() {
    let app = shared();
    for (query, place) in [
        ("q=DY1&lon=-2.08&lat=52.5", "query parameter lon"),
        ("q=DY1&gridref=SO945905", "query parameter gridref"),
        ("q=", "query parameter q"),
        ("q=%20%20", "query parameter q"),
        ("q=DY1&limit=3", "query parameter limit"),
    ] {
        let refused = app.get(&format!("/geocode?{query}")).expect(400);
        assert_eq!(refused.faults()[0][0], place, "{query}");
    }
    app.get(&format!("/geocode?q={}", "a".repeat(101))).expect(400);
}

#[test]
fn a_beginning_suggests_districts_sectors_and_postcodes() {
    let app = shared();
    let names = |typed: &str| -> Vec<String> {
        let answer = app.get(&format!("/places?q={typed}&limit=20")).expect(200).json();
        let results = answer["results"].as_array().unwrap().clone();
        results.iter().map(|place| place["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        names("dy1"),
        ["DY1", "DY11", "DY1 1", "DY1 4", "DY11 1", "DY1 1HF", "DY1 1HG", "DY1 4AA", "DY11 1AA"]
    );
    assert_eq!(names("dy1%201"), ["DY1 1", "DY1 1HF", "DY1 1HG"]);
    assert_eq!(names("dy1%201hf"), ["DY1 1HF"]);
    assert_eq!(names("90014521"), ["90014521"]);
    assert_eq!(names("ha")[0].to_lowercase()[..2], *"ha");
}

#[test]
fn incidents_with_a_postcode_alone_stand_at_its_middle_and_answers_say_so() {
    let app = TestApp::start_prepared(&[], |store| load(store, POSTCODES));
    let body = "date,category,lon,lat,postcode\n\
        2025-11-03,Burglary,-2.0809,52.5123,\n\
        2025-11-04,Burglary,,,DY1 1HF\n\
        2025-11-05,Burglary,,,dy1 1hf\n\
        2025-11-06,Burglary,,,DY1 9ZZ\n\
        2025-11-07,Burglary,,,nowhere\n";
    let report = app.post("/incidents?source=calls", "text/csv", body.as_bytes()).expect(200).json();
    assert_eq!(
        (&report["accepted"], &report["rejected"], &report["unlocated"]),
        (&4.into(), &1.into(), &1.into())
    );
    assert_eq!(report["positioned_by"], json!({"coordinates": 1, "postcode": 2}));
    assert_eq!(report["unplaced"][0]["value"], "DY1 9ZZ");
    let notices = report["notices"].to_string();
    assert!(notices.contains("1 rows name a postcode or a UPRN that is not in the gazetteer"), "{notices}");

    let summary = app.get("/summaries/ward?period=2025-11").expect(200).json();
    assert_eq!(summary["method"]["incidents"]["by_postcode"], 2);
    let said = "2 of the 3 incidents are placed by their postcode: they stand at the middle of its addresses, not where \
                they happened.";
    assert!(summary["notices"].as_array().unwrap().contains(&said.into()), "{}", summary["notices"]);

    let near =
        "/incidents?bbox=-2.3,52.4,-1.9,52.6&filter=positioned_by%20%3D%20%27postcode%27&period=2025-11";
    let points = app.get(near).expect(200).json();
    assert_eq!(points["numberMatched"], 2);
    assert_eq!(points["features"][0]["properties"]["positioned_by"], "postcode");
    let items = app.get("/collections/incidents/items?f=geojson").expect(200).json();
    assert!(items["features"].to_string().contains("\"positioned_by\":\"coordinates\""), "{items}");
}

#[test]
fn an_import_without_a_gazetteer_says_what_to_do() {
    let app = TestApp::empty();
    let body = "date,category,postcode\n2025-11-04,Burglary,DY1 1HF\n";
    let report = app.post("/incidents", "text/csv", body.as_bytes()).expect(200).json();
    assert_eq!(report["unlocated"], 1);
    assert!(report["notices"].to_string().contains("hotspots fetch postcodes"), "{report}");
}

#[test]
fn a_gazetteer_that_is_loaded_while_the_service_runs_shows_and_changes_tags() {
    let app = TestApp::empty();
    let tag = |app: &TestApp| app.get("/places?q=dy1").expect(200).header("etag").unwrap();
    let before = tag(&app);
    assert!(matches(&app, "DY1 1HF").is_empty());
    load(&app.store(), POSTCODES);
    for _ in 0..600 {
        if !matches(&app, "DY1 1HF").is_empty() {
            break;
        }
        thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(matches(&app, "DY1 1HF").len(), 1);
    assert_ne!(tag(&app), before);
}
