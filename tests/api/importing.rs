//! Imports by HTTP.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};

use crate::{app::TestApp, exchange::Exchange};

const HEADER: &str = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,\
                      Crime type,Last outcome category,Context\r\n";

/// A street file as police.uk publishes it. Every third row has no Crime ID, every fifth no position.
fn street_file(month: &str, rows: u32) -> String {
    let mut file = HEADER.to_owned();
    for row in 0..rows {
        let id = if row % 3 == 0 { String::new() } else { format!("{row:064x}") };
        let at = if row % 5 == 4 {
            ",".to_owned()
        } else {
            format!("{:.6},{:.6}", -2.12 + f64::from(row % 40) * 0.001, 52.48 + f64::from(row % 30) * 0.001)
        };
        let kind = ["Burglary", "Drugs", "Anti-social behaviour"][row as usize % 3];
        file.push_str(&format!(
            "{id},{month},West Midlands Police,West Midlands Police,{at},On or near High Street,E01009790,\
             Dudley 001A,{kind},,\r\n"
        ));
    }
    file
}

fn post(app: &TestApp, query: &str, media_type: &str, body: &[u8]) -> Exchange {
    app.post(&format!("/incidents{query}"), media_type, body)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// What holds for every report.
fn check(report: &Value) {
    let of = |value: &Value, member: &str| value[member].as_u64().unwrap();
    assert_eq!(of(report, "read"), of(report, "accepted") + of(report, "rejected"), "{report}");
    let files = report["files"].as_array().unwrap();
    for member in ["read", "accepted", "rejected", "unlocated"] {
        assert_eq!(files.iter().map(|file| of(file, member)).sum::<u64>(), of(report, member), "{report}");
    }
    let committed = files.iter().filter(|file| file["committed"] == true).map(|file| of(file, "accepted"));
    assert_eq!(committed.sum::<u64>(), of(report, "stored"), "{report}");
    for file in files {
        assert_eq!(file["committed"] == true, file["reason"].is_null(), "{file}");
        assert_eq!(of(file, "rejected") > 0, file["rejects_url"].is_string(), "{file}");
    }
    for reject in report["rejects"].as_array().unwrap() {
        assert!(files.iter().any(|file| file["name"] == reject["file"]), "{reject}");
    }
}

fn imported(answer: Exchange) -> Value {
    let report = answer.expect(200).json();
    check(&report);
    report
}

/// Refused, with the store as it was before.
fn refused(app: &TestApp, query: &str, media_type: &str, body: &[u8]) -> Value {
    let before = held(app);
    let report = post(app, query, media_type, body).expect(422).json();
    check(&report);
    assert_eq!(report["generation"], Value::Null);
    assert!(
        report["rejects"]
            .as_array()
            .unwrap()
            .iter()
            .all(|reject| !reject["rule"].as_str().unwrap().is_empty())
    );
    assert_eq!(held(app), before, "{report}");
    report
}

/// Everything that the landing page says of the store.
fn held(app: &TestApp) -> Value {
    app.get("/").expect(200).json()
}

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
    let ndjson: String = objects.iter().map(|object| format!("{object}\n")).collect();
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
    let addresses = ["/summaries/ward?priority=burglary", "/priorities/drugs/hotspots/hex?empty=omit", "/"];
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
fn bad_input_is_listed_and_changes_nothing() {
    let app = TestApp::empty();
    imported(post(&app, "", "text/csv", street_file("2025-11", 30).as_bytes()));
    let whole = street_file("2025-11", 60).into_bytes();
    let packed = gzip(&whole);
    let archive = zipped(&[("2025-11-x-street.csv", &whole)]);
    let bomb = gzip(&[HEADER.as_bytes(), &vec![b'\n'; 100 << 20]].concat());
    let doubled = HEADER.replace("Context", "Month");
    for (media_type, body) in [
        ("text/csv", HEADER.as_bytes()),
        ("text/csv", b"a,b,c\n1,2,3\n"),
        ("text/csv", doubled.as_bytes()),
        ("text/csv", b"date,category,lon,lat\n2025-11-05,\"Fire,-2.08,52.51\n"),
        ("text/csv", b"date,category,lon,lat\n2025-13-05,Fire,-2.08,52.51\n"),
        ("text/csv", b"date,category,lon,lat\n2025-11-05,Fire,52.51,-2.08\n"),
        ("text/csv", b"date,category,lon,lat\n2025-11-05,Fire,NaN,inf\n"),
        ("text/csv", b"date,category,lon,lat\n2025-11-05,,-2.08,52.51\n"),
        ("text/csv", b"\0\0\0\0"),
        ("text/csv", b"PK\x03\x04 and no more"),
        ("application/gzip", b"Month,Crime type\n"),
        ("application/gzip", &packed[..packed.len() - 9]),
        ("application/gzip", &packed[..packed.len() / 2]),
        ("application/gzip", &bomb),
        ("application/zip", b"Month,Crime type\n"),
        ("application/zip", &archive[..archive.len() - 30]),
        ("application/zip", &archive[..archive.len() / 2]),
        ("application/geo+json", b"{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\""),
        ("application/geo+json", b"{\"type\":\"Topology\"}"),
        ("application/geo+json", b"[1,2,3]"),
        (
            "application/geo+json",
            br#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"date":"2025-11-05","category":"Fire"},
             "geometry":{"type":"Polygon","coordinates":[[[-2,52],[-2,53],[-1,53],[-2,52]]]}}]}"#,
        ),
        ("application/x-ndjson", b"{\"date\": \"2025-11-05\""),
        ("application/x-ndjson", b"null\n[]\n7\n"),
    ] {
        let report = refused(&app, "?name=input", media_type, body);
        let said = report["rejects"].as_array().unwrap().len() + report["files"].as_array().unwrap().len();
        assert!(said > 0, "{media_type} {}: nothing is said", String::from_utf8_lossy(&body[..body.len().min(60)]));
    }
    assert_eq!(held(&app)["generation"], 1);
}

#[test]
fn a_bad_row_is_told_with_line_column_value_and_rule() {
    let app = TestApp::empty();
    let rows = "date,category,lon,lat,weight\n\
                2025-11-05,Fire,-2.08,52.51,1\n\
                2025-02-30,Fire,-2.08,52.51,1\n\
                2025-11-05,Fire,-2.08,95.5,1\n\
                2025-11-05,Fire,-2.08,52.51,heavy\n";
    let report = imported(post(&app, "?name=fires.csv", "text/csv", rows.as_bytes()));
    let told: Vec<_> = report["rejects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reject| {
            (
                reject["line"].as_u64().unwrap(),
                reject["column"].as_str().unwrap_or_default(),
                reject["value"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(told[0], (3, "date", "2025-02-30"));
    assert_eq!(told[1].0, 4);
    assert!(told[1].2.contains("95.5"), "{told:?}");
    assert_eq!(told[2], (5, "weight", "heavy"));
    assert!(report["rejects"].as_array().unwrap().iter().all(|reject| reject["file"] == "fires.csv"));
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
fn a_body_of_another_type_is_refused() {
    let app = TestApp::shared();
    for media_type in ["text/plain", "image/png", "application/pdf", "multipart/form-data; boundary=x", "csv"]
    {
        let refused = app.post("/incidents", media_type, b"date,category\n").expect(415);
        assert!(refused.text().contains(media_type.split(';').next().unwrap()), "{}", refused.text());
    }
}

#[test]
fn parameters_of_an_import_are_checked_before_its_body_is_read() {
    let app = TestApp::shared();
    for (query, place) in [
        ("?force=x", "force"),
        ("?source=", "source"),
        ("?source=a&source=b", "source"),
        ("?name=%00", "name"),
        (&format!("?name={}", "n".repeat(101)), "name"),
    ] {
        let refused = post(app, query, "text/csv", b"date,category\n").expect(400);
        assert!(refused.faults().iter().any(|[at, ..]| at.contains(place)), "{query}: {}", refused.text());
    }
}

#[test]
fn a_body_that_is_too_large_is_refused_and_changes_nothing() {
    let app = TestApp::start(&["--largest-body-mb", "1"]);
    imported(post(&app, "", "text/csv", street_file("2025-11", 30).as_bytes()));
    let body = street_file("2025-11", 9_000);
    assert!(body.len() > 1 << 20);
    let head = format!(
        "POST /incidents HTTP/1.1\r\nHost: {}\r\nContent-Type: text/csv\r\nConnection: close\r\n",
        app.authority()
    );
    for request in [
        format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()),
        format!("{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len()),
    ] {
        let answer = app.raw(request.as_bytes());
        assert!(answer.starts_with("HTTP/1.1 413 "), "{}", answer.lines().next().unwrap_or_default());
        assert!(answer.contains("1048576"), "{answer}");
        assert_eq!((&held(&app)["incidents"], &held(&app)["generation"]), (&30.into(), &1.into()));
    }
    imported(post(&app, "", "text/csv", street_file("2025-11", 40).as_bytes()));
}

#[test]
fn a_body_that_breaks_off_changes_nothing() {
    let app = TestApp::empty();
    imported(post(&app, "", "text/csv", street_file("2025-11", 30).as_bytes()));
    let body = street_file("2025-11", 60);
    let half = &body[..body.len() / 2];
    let half = &half[..=half.rfind('\n').unwrap()];
    let head = format!("POST /incidents HTTP/1.1\r\nHost: {}\r\nContent-Type: text/csv\r\n", app.authority());
    for request in [
        format!("{head}Content-Length: {}\r\n\r\n{half}", body.len()),
        format!("{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{half}\r\n", half.len()),
        format!("{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{half}", body.len()),
    ] {
        app.send_and_hang_up(request.as_bytes());
        // A later import waits for the store, so it comes after whatever the broken one did.
        imported(post(&app, "", "text/csv", street_file("2025-10", 3).as_bytes()));
        assert_eq!(held(&app)["incidents"], 33, "half a month has taken the place of a whole one");
    }
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
