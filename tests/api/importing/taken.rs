//! What is taken, and what it replaces.

use serde_json::{Value, json};

use super::{gzip, held, imported, post, street_file, zipped};
use crate::app::TestApp;

fn without_generation(mut document: Value) -> Value {
    document["generation"].take();
    document["method"]["generation"].take();
    document
}

#[test]
fn each_form_of_the_same_incidents_leads_to_the_same_answers() {
    let csv = "id,date,category,lon,lat,weight\n\
               a1,2025-11-05 21:40,Deliberate fire,-2.0809,52.5123,2\n\
               a2,2025-11-06,Bin fire,-2.0900,52.5000,1\n\
               a3,2025-11,Bin fire,,,1\n";
    let objects = [
        json!({"id": "a1", "date": "2025-11-05 21:40", "category": "Deliberate fire", "lon": -2.0809, "lat": 52.5123, "weight": 2}),
        json!({"id": "a2", "date": "2025-11-06", "category": "Bin fire", "lon": -2.09, "lat": 52.5, "weight": 1}),
        json!({"id": "a3", "date": "2025-11", "category": "Bin fire", "lon": null, "lat": null, "weight": 1}),
    ];
    let ndjson: String = objects.iter().flat_map(|object| [object.to_string(), "\n".to_owned()]).collect();
    let features: Vec<_> = objects
        .iter()
        .map(|object| {
            let mut properties = object.clone();
            let at = [properties["lon"].take(), properties["lat"].take()];
            let geometry = (!at[0].is_null()).then(|| json!({"type": "Point", "coordinates": at}));
            json!({"type": "Feature", "geometry": geometry, "properties": properties})
        })
        .collect();
    let geojson = json!({"type": "FeatureCollection", "features": features}).to_string();
    let mut answers = Vec::new();
    for (media_type, body) in [
        ("text/csv", csv.as_bytes().to_vec()),
        ("text/csv; charset=utf-8", format!("\u{feff}{}", csv.replace('\n', "\r\n")).into_bytes()),
        ("application/gzip", gzip(csv.as_bytes())),
        ("application/zip", zipped(&[("fires.csv", csv.as_bytes())])),
        ("application/geo+json", geojson.into_bytes()),
        ("application/x-ndjson", ndjson.into_bytes()),
    ] {
        let app = TestApp::empty();
        let report = imported(post(&app, "?source=fire-service", media_type, &body));
        let counted = ["read", "accepted", "rejected", "unlocated", "outside", "stored", "replaced"];
        assert_eq!(
            counted.map(|member| report[member].as_u64().unwrap()),
            [3, 3, 0, 1, 0, 3, 0],
            "{media_type}"
        );
        assert_eq!(report["generation"], 1);
        let summary = app.get("/summaries/ward?period=2025-11").expect(200).json();
        let mut found = app.get("/incidents?near=-2.08,52.51").expect(200).json();
        for feature in found["features"].as_array_mut().unwrap() {
            assert_eq!(feature["properties"]["source"], "fire-service");
            feature["id"].take();
        }
        answers.push((media_type, summary["rows"].clone(), found));
    }
    for (media_type, rows, found) in &answers[1..] {
        assert_eq!((rows, found), (&answers[0].1, &answers[0].2), "{media_type}");
    }
    assert_eq!(answers[0].2["numberReturned"], 2);
}

#[test]
fn importing_a_file_twice_changes_nothing() {
    let app = TestApp::empty();
    let file = street_file("2025-11", 90);
    let first = imported(post(&app, "", "text/csv", file.as_bytes()));
    assert_eq!(
        (&first["stored"], &first["unlocated"], &first["replaced"]),
        (&90.into(), &18.into(), &0.into())
    );
    let batches = &first["files"][0]["batches"];
    assert_eq!(*batches, json!([{"source": "west-midlands-police", "month": "2025-11"}]));
    let addresses = ["/summaries/ward?priority=burglary", "/analysis/hex?priority=drugs&empty=omit", "/"];
    let answers = |app: &TestApp| {
        addresses.map(|address| {
            let mut answer = without_generation(app.get(address).expect(200).json());
            answer["method"]["permalink"].take();
            answer
        })
    };
    let before = answers(&app);
    let second = imported(post(&app, "", "text/csv", file.as_bytes()));
    assert_eq!((&second["stored"], &second["replaced"]), (&90.into(), &90.into()));
    assert_eq!(answers(&app), before);
    assert_eq!(held(&app)["incidents"], 90);
}

#[test]
fn a_corrected_file_replaces_its_month_and_no_other() {
    let app = TestApp::empty();
    imported(post(&app, "", "text/csv", street_file("2025-10", 30).as_bytes()));
    imported(post(&app, "", "text/csv", street_file("2025-11", 60).as_bytes()));
    let other = street_file("2025-11", 45).replace("West Midlands Police", "British Transport Police");
    imported(post(&app, "", "text/csv", other.as_bytes()));
    let corrected = imported(post(&app, "", "text/csv", street_file("2025-11", 57).as_bytes()));
    assert_eq!((&corrected["stored"], &corrected["replaced"]), (&57.into(), &60.into()));
    assert_eq!(held(&app)["incidents"], 30 + 57 + 45);
}

#[test]
fn an_incident_with_an_id_replaces_the_one_of_that_id() {
    let app = TestApp::empty();
    let row =
        |id: &str, kind: &str| format!("id,date,category,lon,lat\n{id},2025-11-05,{kind},-2.0809,52.5123\n");
    for (id, kind) in [("a", "Bin fire"), ("b", "Bin fire"), ("a", "House fire")] {
        imported(post(&app, "?source=fire-service", "text/csv", row(id, kind).as_bytes()));
    }
    imported(post(&app, "?source=ambulance", "text/csv", row("a", "Assault").as_bytes()));
    let landing = held(&app);
    assert_eq!(landing["incidents"], 3);
    let used = |category: &str| {
        app.get(&format!("/summaries/ward?category={category}")).expect(200).json()["method"]["incidents"]["used"].clone()
    };
    assert_eq!([used("bin-fire"), used("house-fire"), used("assault")], [1, 1, 1].map(Value::from));
}

#[test]
fn an_import_makes_held_copies_stale() {
    let app = TestApp::empty();
    imported(post(&app, "", "text/csv", street_file("2025-10", 30).as_bytes()));
    let address = "/summaries/ward?period=2025-10";
    let tag = app.get(address).expect(200).header("etag").unwrap();
    app.get_with(address, &[("if-none-match", &tag)]).expect(304);
    imported(post(&app, "", "text/csv", street_file("2025-11", 30).as_bytes()));
    let renewed = app.get_with(address, &[("if-none-match", &tag)]).expect(200);
    assert_ne!(renewed.header("etag").unwrap(), tag);
    assert_eq!(renewed.json()["method"]["generation"], 2);
}

#[test]
fn where_incidents_lie_is_counted() {
    let app = TestApp::empty();
    let rows = "date,category,easting,northing,gridref\n\
                2025-11-05,Fire,394550,290550,\n2025-11-05,Fire,,,SO 945 905\n\
                2025-11-05,Fire,530000,180000,\n2025-11-05,Fire,,,\n";
    let report = imported(post(&app, "?name=fires.csv", "text/csv", rows.as_bytes()));
    assert_eq!((&report["outside"], &report["unlocated"]), (&1.into(), &1.into()));
    assert_eq!(report["in_no_area"], json!({"ward": 0, "beat": 0}));
    assert_eq!(report["files"][0]["name"], "fires.csv");
    let incidents = &app.get("/summaries/ward").expect(200).json()["method"]["incidents"];
    assert_eq!(
        (&incidents["used"], &incidents["outside"], &incidents["unlocated"]),
        (&2.into(), &1.into(), &1.into())
    );
    let source =
        &app.get("/incidents?near=-2.08,52.51").expect(200).json()["features"][0]["properties"]["source"];
    assert_eq!(*source, "fires", "a row that names no source has that of its file");
}

#[test]
fn an_archive_is_taken_file_by_file() {
    let app = TestApp::empty();
    let archive = zipped(&[
        ("2025-10/2025-10-west-midlands-street.csv", street_file("2025-10", 30).as_bytes()),
        ("2025-10/2025-10-west-midlands-outcomes.csv", b"Crime ID,Month\r\n"),
        ("2025-11/2025-11-west-midlands-street.csv", street_file("2025-11", 60).as_bytes()),
        ("2025-11/2025-11-broken-street.csv", b"Month,Crime type\r\n\"2025-11,Drugs"),
        ("read me.txt", b"hello"),
    ]);
    let report = imported(post(&app, "", "application/zip", &archive));
    assert_eq!((&report["stored"], &report["generation"]), (&90.into(), &2.into()));
    let skipped = report["skipped"].to_string();
    assert!(skipped.contains("outcomes") && skipped.contains("read me.txt"), "{skipped}");
    let refused: Vec<_> =
        report["files"].as_array().unwrap().iter().filter(|file| file["committed"] == false).collect();
    assert_eq!(refused.len(), 1, "{report}");
    assert!(refused[0]["name"].as_str().unwrap().contains("broken"));
}

#[test]
fn text_of_an_older_encoding_is_read() {
    let app = TestApp::empty();
    let rows = b"date,category,lon,lat,street\n2025-11-05,Fire,-2.08,52.51,Caf\xe9 Road\n";
    imported(post(&app, "?source=x", "text/csv", rows));
    let found = app.get("/incidents?near=-2.08,52.51").expect(200).json();
    assert_eq!(found["features"][0]["properties"]["street"], "Café Road");
}

#[test]
fn imports_at_the_same_time_all_end_well_or_are_told_to_come_back() {
    let app = TestApp::empty();
    let done = std::thread::scope(|scope| {
        let imports: Vec<_> = (0..6)
            .map(|number| {
                let (app, body) = (&app, street_file("2025-11", 200));
                scope.spawn(move || {
                    let body = body.replace("West Midlands Police", &format!("Force {number}"));
                    let answer = post(app, "", "text/csv", body.as_bytes());
                    match answer.status {
                        200 => u64::from(imported(answer)["stored"] == 200),
                        other => {
                            assert_eq!(other, 503, "{}", answer.text());
                            0
                        }
                    }
                })
            })
            .collect();
        imports.into_iter().map(|import| import.join().unwrap()).sum::<u64>()
    });
    assert!(done > 0);
    assert_eq!(held(&app)["incidents"], done * 200);
    assert_eq!(held(&app)["generation"], done);
}
