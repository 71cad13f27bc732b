//! Files of rejected rows: fetched, mended, imported again.

use serde_json::{Value, json};

use crate::{app::TestApp, exchange::Exchange};

fn import(app: &TestApp, name: &str, media_type: &str, body: &str) -> Value {
    let address = format!("/incidents?source=fire-service&name={name}");
    app.post(&address, media_type, body.as_bytes()).expect(200).json()
}

fn fetch(app: &TestApp, report: &Value) -> Exchange {
    let url = report["files"][0]["rejects_url"].as_str().unwrap();
    app.get(url.strip_prefix(&app.base).unwrap()).expect(200)
}

fn held(app: &TestApp) -> u64 {
    app.get("/").expect(200).json()["incidents"].as_u64().unwrap()
}

/// Imports what has one bad row among three, mends it, and imports it again, twice.
fn mend(name: &str, media_type: &str, body: &str, wrong: &str, right: &str) {
    let app = TestApp::empty();
    let report = import(&app, name, media_type, body);
    assert_eq!((&report["accepted"], &report["rejected"]), (&2.into(), &1.into()), "{report}");
    assert_eq!(held(&app), 2);
    let rejects = fetch(&app, &report);
    assert_eq!(rejects.media_type().as_deref(), Some(media_type));
    let saved = rejects.header("content-disposition").unwrap();
    assert!(saved.starts_with("attachment;") && saved.contains(".rejects."), "{saved}");
    let text = rejects.text();
    assert!(text.contains(wrong), "{text}");
    let mended = text.replacen(wrong, right, 1);
    let file = report["files"][0]["rejects_url"].as_str().unwrap().rsplit('/').next().unwrap();
    for _ in 0..2 {
        let again = import(&app, file, media_type, &mended);
        assert_eq!((&again["accepted"], &again["rejected"]), (&1.into(), &0.into()), "{again}");
        assert_eq!(held(&app), 3, "a mended row completes its batch and replaces nothing");
    }
    let found = app.get("/incidents?near=-2.08,52.51").expect(200).json();
    assert_eq!(found["numberReturned"], 3);
}

#[test]
fn a_csv_is_mended() {
    let body = "date,category,lon,lat\n2025-11-05,Fire,-2.08,52.51\n2025-11-06,Fire,-2.08,525.1\n2025-11-07,Fire,-2.09,52.50\n";
    mend("fires.csv", "text/csv", body, "525.1", "52.51");
}

#[test]
fn a_geojson_is_mended() {
    let feature = |lat: f64, day: &str| {
        json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [-2.08, lat]},
               "properties": {"date": day, "category": "Fire"}})
    };
    let features = [feature(52.51, "2025-11-05"), feature(525.1, "2025-11-06"), feature(52.5, "2025-11-07")];
    let body = json!({"type": "FeatureCollection", "features": features}).to_string();
    mend("fires.geojson", "application/geo+json", &body, "525.1", "52.51");
}

#[test]
fn an_ndjson_is_mended() {
    let body = r#"{"date": "2025-11-05", "category": "Fire", "lon": -2.08, "lat": 52.51}
{"date": "2025-11-06", "category": "Fire", "lon": -2.08, "lat": 525.1}
{"date": "2025-11-07", "category": "Fire", "lon": -2.09, "lat": 52.5}
"#;
    mend("fires.ndjson", "application/x-ndjson", body, "525.1", "52.51");
}

#[test]
fn every_reject_is_kept_though_only_a_hundred_are_shown() {
    let app = TestApp::empty();
    let mut body = "date,category,lon,lat\n2025-11-05,Fire,-2.08,52.51\n".to_owned();
    for row in 0..250 {
        body.push_str(&format!("2025-11-05,Fire,-2.08,9{row}\n"));
    }
    let report = import(&app, "fires.csv", "text/csv", &body);
    assert_eq!((&report["rejected"], report["rejects"].as_array().unwrap().len()), (&250.into(), 100));
    let (header, rows) = fetch(&app, &report).csv();
    assert_eq!(rows.len(), 250);
    let line = header.iter().position(|column| column == "reject_line").unwrap();
    assert_eq!((rows[0][line].as_str(), rows[249][line].as_str()), ("3", "252"));
}

#[test]
fn a_file_that_cannot_be_read_has_its_reason_kept() {
    let app = TestApp::empty();
    let answer = app.post("/incidents?name=months.zip", "application/zip", b"no archive at all").expect(422);
    let rejects = fetch(&app, &answer.json());
    assert_eq!(rejects.media_type().as_deref(), Some("text/plain"));
    assert!(!rejects.text().trim().is_empty());
}

#[test]
fn names_that_lead_elsewhere_or_upset_a_header_stay_names() {
    let app = TestApp::empty();
    for name in [
        "..%2F..%2Fetc%2Fpasswd.csv",
        "%2Ftmp%2Fx.csv",
        "..",
        "a%22%3B%20b.csv",
        "caf%C3%A9%20%F0%9F%A6%80.csv",
        ".csv",
        "-rf.csv",
    ] {
        let body = "date,category,lon,lat\n2025-11-05,Fire,-2.08,52.51\n2025-11-06,Fire,-2.08,525.1\n";
        let report = import(&app, name, "text/csv", body);
        let rejects = fetch(&app, &report);
        assert!(rejects.text().contains("525.1"), "{name}");
    }
}
