//! What is refused, and that it changes nothing.

use serde_json::Value;

use super::{HEADER, check, gzip, held, imported, post, street_file, zipped};
use crate::app::TestApp;

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

#[test]
fn a_truncated_archive_gives_its_whole_files_and_says_that_it_is_cut_off() {
    let app = TestApp::empty();
    let (october, november) = (street_file("2025-10", 30), street_file("2025-11", 60));
    let archive = zipped(&[
        ("2025-10/2025-10-x-street.csv", october.as_bytes()),
        ("2025-11/2025-11-x-street.csv", november.as_bytes()),
    ]);
    // The archive's directory, at its end, names the second file once more.
    let name = b"2025-11/2025-11-x-street.csv";
    let second = archive.windows(name.len()).position(|part| part == name).unwrap();
    let report = imported(post(&app, "", "application/zip", &archive[..second + 200]));
    assert_eq!(report["stored"], 30, "{report}");
    assert!(report["rejected"].as_u64().unwrap() > 0, "{report}");
    assert_eq!(held(&app)["last_month"], "2025-10");
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
fn a_body_of_another_type_is_refused() {
    let app = TestApp::shared();
    for media_type in ["text/plain", "image/png", "application/pdf", "multipart/form-data; boundary=x", "csv"]
    {
        let refused = app.post("/incidents", media_type, b"date,category\n").expect(415);
        assert!(refused.text().contains(media_type.split(';').next().unwrap()), "{}", refused.text());
    }
}

#[test]
fn a_coded_body_is_refused_with_what_to_send_instead() {
    let headers = [("content-type", "text/csv"), ("content-encoding", "gzip")];
    let refused =
        TestApp::shared().ask("POST", "/incidents", &headers, &gzip(b"date,category\n")).expect(415);
    assert!(refused.text().contains("application/gzip"), "{}", refused.text());
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
        let before = app.imports_with_rejects();
        app.send_and_hang_up(request.as_bytes());
        // That it was cut off is itself a reject; a later import then waits until the broken one is done.
        while app.imports_with_rejects() == before {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        imported(post(&app, "", "text/csv", street_file("2025-10", 3).as_bytes()));
        assert_eq!(held(&app)["incidents"], 33, "half a month has taken the place of a whole one");
    }
}
