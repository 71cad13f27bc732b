//! Clusters in space and time, near repeats, and the events of both.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{app::TestApp, exchange::Exchange};

const SCAN: &str = "/analysis/scan?category=burglary&period=2024-01/2025-12&resolution=8&replications=99";
const NEAR: &str = "/analysis/near-repeat?source=synthetic-fire-service&replications=99";

fn get(address: &str) -> Exchange {
    TestApp::shared().get(address).expect(200)
}

fn json(address: &str) -> Value {
    get(address).json()
}

fn clusters(answer: &Value) -> &[Value] {
    answer["clusters"].as_array().unwrap()
}

fn number(value: &Value, member: &str) -> f64 {
    value[member].as_f64().unwrap_or_else(|| panic!("{member} of {value}"))
}

#[test]
fn clusters_keep_to_the_rules_and_share_no_unit() {
    for more in [
        "&max_share=0.5&clusters=100",
        "&max_radius_m=1500&max_months=3&clusters=100",
        "&model=incidents&clusters=100",
        "&model=residents&unit=ward&max_share=0.3",
        "&model=incidents&scan=space&clusters=100",
        "&unit=place&max_share=0.02",
        "&unit=beat&max_share=0.5",
        "&ongoing=true",
        "&within=ward/E05001236&model=incidents",
    ] {
        let base = if more.contains("unit=") { SCAN.replace("&resolution=8", "") } else { SCAN.to_owned() };
        let address = base + more;
        let answer = json(&address);
        let used = number(&answer["method"]["incidents"], "used");
        assert!(number(&answer, "scanned_incidents") <= used, "{address}");
        let parameters = &answer["method"]["parameters"];
        assert_eq!((&parameters["replications"], &parameters["seed"]), (&Value::from(99), &Value::from(1)));
        let mut seen = BTreeSet::new();
        for (index, cluster) in clusters(&answer).iter().enumerate() {
            assert_eq!(cluster["rank"], index + 1);
            assert!(number(cluster, "observed") > number(cluster, "expected"), "{address}: {cluster}");
            assert!(number(cluster, "p") < 1.0 && number(cluster, "p") >= 0.01);
            let significant = number(cluster, "llr") > number(&answer, "critical_llr_5_percent");
            assert_eq!(significant, number(cluster, "p") <= 0.05, "{address}: {cluster}");
            for member in cluster["members"].as_array().unwrap() {
                assert!(seen.insert(member.as_str().unwrap().to_owned()), "{address}: {member} twice");
            }
            if more.contains("max_radius_m") {
                assert!(number(cluster, "radius_m") <= 1_500.0);
            }
            let months = (cluster["first_month"].as_str().unwrap(), cluster["last_month"].as_str().unwrap());
            assert!(months.0 <= months.1 && months.0 >= "2024-01" && months.1 <= "2025-12");
            if more.contains("ongoing") {
                assert_eq!(months.1, "2025-12");
            }
            if more.contains("scan=space") {
                assert_eq!(months, ("2024-01", "2025-12"));
            }
        }
        for pair in clusters(&answer).windows(2) {
            assert!(number(&pair[0], "llr") >= number(&pair[1], "llr"), "{address}");
        }
    }
}

#[test]
fn the_forms_of_a_scan_say_the_same() {
    let address = format!("{SCAN}&model=incidents");
    let document = json(&address);
    let rows = clusters(&document);
    assert!(!rows.is_empty());
    let collection = json(&format!("{address}&f=geojson"));
    let features = collection["features"].as_array().unwrap();
    assert_eq!(features.len(), rows.len());
    for (feature, row) in features.iter().zip(rows) {
        let mut properties = feature["properties"].clone();
        let drawn = properties.as_object_mut().unwrap().remove("drawn_radius_m").unwrap();
        assert_eq!(&properties, row);
        assert!(drawn.as_f64().unwrap() >= number(row, "radius_m"));
        let ring = feature["geometry"]["coordinates"][0].as_array().unwrap();
        assert_eq!((ring.len(), ring.first()), (65, ring.last()));
        let doubled: f64 = ring
            .windows(2)
            .map(|pair| {
                let at = |index: usize, axis: usize| {
                    pair[index][axis].as_f64().unwrap() - ring[0][axis].as_f64().unwrap()
                };
                at(0, 0) * at(1, 1) - at(1, 0) * at(0, 1)
            })
            .sum();
        assert!(doubled > 0.0, "anticlockwise");
    }
    let (header, table) = get(&format!("{address}&f=csv")).csv();
    assert_eq!(table.len(), rows.len());
    for (fields, row) in table.iter().zip(rows) {
        for (name, field) in header.iter().zip(fields) {
            match &row[name] {
                Value::Array(members) => {
                    let members: Vec<_> = members.iter().map(|member| member.as_str().unwrap()).collect();
                    assert_eq!(*field, members.join(" "));
                }
                Value::String(text) => assert_eq!(field, text),
                value => assert_eq!(field.parse::<f64>().ok(), value.as_f64(), "{name}"),
            }
        }
    }
}

/// The events of a stream: name and data.
fn events(stream: &Exchange) -> Vec<(String, Value)> {
    let text = stream.text();
    let of = |block: &str, field: &str| {
        block.lines().find_map(|line| line.strip_prefix(field)).map(|text| text.trim().to_owned())
    };
    let event = |block: &str| {
        let data = of(block, "data:").map(|data| serde_json::from_str(&data).unwrap());
        Some((of(block, "event:")?, data?))
    };
    text.split("\n\n").filter_map(event).collect()
}

#[test]
fn events_tell_the_progress_and_then_the_same_document() {
    for address in [SCAN, NEAR] {
        let document = json(address);
        let app = TestApp::shared();
        for stream in [
            app.get(&format!("{address}&f=events")).expect(200),
            app.get_with(address, &[("accept", "text/event-stream"), ("accept-encoding", "gzip, br")])
                .expect(200),
        ] {
            assert_eq!(stream.media_type().as_deref(), Some("text/event-stream"));
            let coding = stream.header("content-encoding").unwrap_or_default();
            assert!(
                ["", "identity"].contains(&coding.as_str()),
                "compressed, events would come late: {coding}"
            );
            let events = events(&stream);
            let (last, progress) = events.split_last().unwrap();
            assert_eq!(last.0, "result");
            assert_eq!(last.1, document, "{address}");
            assert!(!progress.is_empty());
            for (name, data) in progress {
                assert_eq!(name, "progress");
                assert!(number(data, "done") <= number(data, "total"));
            }
            let mut done = progress.iter().map(|(_, data)| number(data, "done"));
            assert!(done.clone().is_sorted(), "{progress:?}");
            assert_eq!(done.next_back(), Some(99.0));
        }
    }
}

#[test]
fn a_stream_tells_what_cannot_be_answered_and_does_not_begin_anew() {
    let app = TestApp::shared();
    let stream = app.get("/analysis/near-repeat?category=anti-social-behaviour&f=events").expect(200);
    let events = events(&stream);
    let (name, problem) = events.last().unwrap();
    assert_eq!((name.as_str(), &problem["status"]), ("problem", &Value::from(422)));
    assert!(stream.text().contains("id: end"));
    // What is wrong with the request itself is no stream.
    app.get("/analysis/scan?f=events&seed=x").expect(400);
    // `EventSource` connects again when a stream has ended.
    let again = app.get_with(&format!("{SCAN}&f=events"), &[("last-event-id", "end")]);
    again.expect(204);
    let head = app.ask("HEAD", &format!("{SCAN}&f=events"), &[], b"").expect(200);
    assert_eq!(head.media_type().as_deref(), Some("text/event-stream"));
}

#[test]
#[expect(clippy::float_cmp, reason = "numbers of incidents and pairs are whole")]
fn near_repeats_count_every_pair_once() {
    for more in ["", "&metric=manhattan", "&distances_m=250&days=1,2,30"] {
        let table = json(&format!("{NEAR}{more}"));
        let incidents = number(&table, "incidents_in_table");
        let cells = table["cells"].as_array().unwrap();
        let observed: f64 = cells.iter().map(|cell| number(cell, "observed")).sum();
        assert_eq!(number(&table, "pairs"), incidents * (incidents - 1.0) / 2.0);
        assert_eq!(observed, number(&table, "pairs"));
        let exact: f64 = cells.iter().map(|cell| number(cell, "exact_mean")).sum();
        assert!((exact - observed).abs() < 1e-6 * observed);
        let left_out = number(&table, "known_to_month") + number(&table, "known_to_longer");
        assert_eq!(incidents + left_out, number(&table["method"]["incidents"], "used"));
        for cell in cells {
            assert!(number(cell, "p") >= 0.01 && number(cell, "p") <= 1.0);
            assert_eq!(cell["ratio"].is_null(), number(cell, "mean") == 0.0);
        }
        let (_, rows) = get(&format!("{NEAR}{more}&f=csv")).csv();
        assert_eq!(rows.len(), cells.len());
    }
    let table = json(&format!("{NEAR}&distances_m=250&days=1,2,30"));
    let named = |cell: &Value| {
        let text = |member: &str| cell[member].as_str().unwrap().to_owned();
        (text("distance"), text("days_apart"))
    };
    let cells = table["cells"].as_array().unwrap();
    assert_eq!(cells.len(), 3 * 4);
    assert_eq!(named(&cells[0]), ("same place".to_owned(), "0 days".to_owned()));
    assert_eq!(named(&cells[6]), ("under 250 m".to_owned(), "2 to 29 days".to_owned()));
    assert_eq!(named(&cells[11]), ("250 m and more".to_owned(), "30 days and more".to_owned()));
}

#[test]
fn months_are_no_days() {
    let refused = TestApp::shared().get("/analysis/near-repeat?category=anti-social-behaviour").expect(422);
    let detail = refused.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("known only to the month") && detail.contains("0 to the day"), "{detail}");
}

#[test]
fn what_does_not_go_together_is_refused() {
    let app = TestApp::shared();
    for (query, parameter, words) in [
        ("scan=space", "model", "residents or incidents"),
        ("model=residents&unit=hex", "unit", "boundary layer"),
        ("model=residents&unit=place", "unit", "boundary layer"),
        ("model=residents&within=ward/E05001236", "within", "whole borough"),
        ("unit=ward&resolution=8", "resolution", "unit=hex"),
    ] {
        let faults = app.get(&format!("/analysis/scan?{query}")).expect(400).faults();
        let [place, _, rule] = &faults[0];
        assert!(place.ends_with(parameter) && rule.contains(words), "{query}: {faults:?}");
    }
    app.get("/analysis/scan?unit=parish").expect(404);
    for (period, words) in [("2025-03", "at least two months"), ("1990-01/2025-12", "at most 120 months")] {
        let refused = app.get(&format!("/analysis/scan?period={period}")).expect(422);
        assert!(refused.json()["detail"].as_str().unwrap().contains(words), "{period}");
    }
}

#[test]
fn a_period_without_incidents_has_no_cluster_and_no_pairs() {
    let scan = json("/analysis/scan?period=1995-01/1995-12&replications=99");
    assert!(clusters(&scan).is_empty() && scan["critical_llr_5_percent"].is_null());
    assert!(scan["notices"].to_string().contains("No incident"));
    for model in ["model=incidents", "model=residents", "model=incidents&scan=space", "unit=place"] {
        let scan = json(&format!("/analysis/scan?period=1995-01/1995-12&replications=99&{model}"));
        assert!(clusters(&scan).is_empty(), "{model}");
    }
    let table = json("/analysis/near-repeat?period=1995-01/1995-12&replications=99");
    assert_eq!((number(&table, "pairs"), number(&table, "incidents_in_table")), (0.0, 0.0));
    for cell in table["cells"].as_array().unwrap() {
        assert_eq!((number(cell, "p"), number(cell, "observed")), (1.0, 0.0));
        assert!(cell["exact_sd"].is_null() && cell["ratio"].is_null());
    }
}

#[test]
fn a_seed_gives_the_same_answer_and_another_one_another() {
    let address = format!("{SCAN}&model=incidents");
    let first = get(&address).text();
    assert_eq!(first, get(&address).text());
    let other = json(&format!("{address}&seed=2"));
    assert_ne!(json(&address)["critical_llr_5_percent"], other["critical_llr_5_percent"]);
}

#[test]
fn single_places_are_not_scanned_for_those_who_may_not_see_them() {
    let hidden = TestApp::start(&["--demonstration", "--hide-incidents"]);
    let scan = "/analysis/scan?category=burglary&period=2024-01/2025-12&replications=99";
    let refused = hidden.get(&format!("{scan}&unit=place")).expect(400).text();
    assert!(refused.contains("single places"), "{refused}");
    hidden.get(&format!("{scan}&unit=ward&max_share=0.3")).expect(200);
    let body = r#"{"inputs": {"category": "burglary", "period": "2025-01/2025-12", "unit": "place"}}"#;
    hidden.post("/processes/scan/execution", "application/json", body.as_bytes()).expect(400);
}
