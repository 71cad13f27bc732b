//! Profiles and the assessment of the demonstration city.

#![expect(clippy::float_cmp, reason = "numbers of incidents are whole and exact")]

use std::{collections::BTreeMap, io::Read};

use serde_json::Value;

use crate::app::TestApp;

fn json(address: &str) -> Value {
    TestApp::shared().get(address).expect(200).json()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn rows<'a>(answer: &'a Value, table: &str) -> &'a Vec<Value> {
    answer["tables"][table]["rows"].as_array().unwrap_or_else(|| panic!("no table {table}"))
}

/// The ids of the priorities.
fn priorities() -> Vec<String> {
    let all = json("/priorities");
    all.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_priority_has_a_profile_that_agrees_with_the_analyses() {
    for id in priorities() {
        let profile = json(&format!("/priorities/{id}/profile"));
        let query = format!("priority={id}");
        let (figures, count) = (&profile["figures"], number(&profile["figures"]["count"]));

        let summary = json(&format!("/summaries/ward?{query}"));
        let by_ward = rows(&profile, "areas-ward");
        for (row, plain) in by_ward.iter().zip(summary["rows"].as_array().unwrap()) {
            for (member, name) in
                [("code", "code"), ("count", "count"), ("residents", "residents"), ("rank", "rank")]
            {
                assert_eq!(row[member], plain[name], "{id} {member}");
            }
            let (ours, theirs) = (number(&row["rate_per_1000"]), number(&plain["rate_per_1000"]));
            assert!((ours - theirs).abs() < 1e-9);
        }
        assert_eq!(summary["method"]["incidents"]["used"].as_f64(), Some(count), "{id}");

        let hotspots = json(&format!("/analysis/hotspots?{query}&streets=3"));
        let features = hotspots["features"].as_array().unwrap();
        assert_eq!(rows(&profile, "hotspots").len(), features.len(), "{id}");
        for (row, feature) in rows(&profile, "hotspots").iter().zip(features) {
            for member in ["rank", "count", "area_km2"] {
                assert_eq!(row[member], feature["properties"][member], "{id} {member}");
            }
        }

        let rates = json(&format!("/analysis/rates/ward?{query}"));
        for (row, rate) in by_ward.iter().zip(rates["rows"].as_array().unwrap()) {
            for (member, name) in
                [("rate_low", "rate_low"), ("rate_high", "rate_high"), ("rate_p_adjusted", "p_adjusted")]
            {
                assert_eq!(row[member], rate[name], "{id} {member}");
            }
        }

        let repeats = json(&format!("/analysis/repeats?{query}"));
        for (row, repeat) in rows(&profile, "repeats").iter().zip(repeats["rows"].as_array().unwrap()) {
            assert_eq!(
                (&row["places"], &row["incidents"]),
                (&repeat["places"], &repeat["incidents"]),
                "{id}"
            );
        }
        let quality: BTreeMap<&str, f64> = rows(&profile, "quality")
            .iter()
            .filter_map(|row| Some((row["figure"].as_str()?, row["value"].as_f64()?)))
            .collect();
        assert_eq!(quality["used"], count, "{id}");
        let of_categories: f64 = rows(&profile, "categories").iter().map(|row| number(&row["count"])).sum();
        assert_eq!(of_categories, count, "{id}");
        assert!((number(&figures["per_day"]) - count / number(&figures["days"])).abs() < 1e-12);
    }
}

#[test]
fn findings_tell_only_what_is_more_than_chance_and_the_figures_behind_it() {
    let mut names = std::collections::BTreeSet::new();
    for id in priorities() {
        let profile = json(&format!("/priorities/{id}/profile"));
        for finding in profile["findings"].as_array().unwrap() {
            let text = finding["text"].as_str().unwrap();
            assert!(text.ends_with('.') && !text.contains("NaN") && !text.contains(" inf"), "{text}");
            let figures = &finding["figures"];
            assert!(!figures.as_object().unwrap().is_empty(), "{text}");
            for member in ["p", "change_p"] {
                assert!(figures[member].as_f64().is_none_or(|p| p <= 0.05), "{text}");
            }
            names.insert(finding["name"].as_str().unwrap().to_owned());
        }
        let is_hot = rows(&profile, "cells").iter().any(|cell| number(&cell["class"]) >= 2.0);
        let told =
            profile["findings"].as_array().unwrap().iter().any(|finding| finding["name"] == "hot-cells");
        assert_eq!(is_hot, told, "{id}");
    }
    // The city has planted hot streets, a growing kind and a season: these are to be found.
    for name in ["volume", "hotspots", "strongest-hotspot", "rates-above", "half-at-few-places"] {
        assert!(names.contains(name), "{name} in {names:?}");
    }
}

#[test]
fn a_period_without_incidents_has_a_profile_that_says_so() {
    let profile = json("/priorities/burglary/profile?period=1950-01/1950-12");
    assert_eq!(number(&profile["figures"]["count"]), 0.0);
    assert_eq!(profile["findings"].as_array().unwrap().len(), 1);
    let unanswered: Vec<_> = profile["unanswered"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["section"].as_str().unwrap())
        .collect();
    assert!(unanswered.contains(&"trend") && unanswered.contains(&"emerging"), "{unanswered:?}");
    assert!(rows(&profile, "hotspots").is_empty());
    let page = TestApp::shared()
        .get("/priorities/burglary/profile?period=1950-01/1950-12&f=html")
        .expect(200)
        .text();
    assert!(page.contains("Not told:") && !page.contains("NaN"));
}

#[test]
fn the_page_has_the_figures_of_the_tables_and_fetches_nothing() {
    let app = TestApp::shared();
    let profile = json("/priorities/violence/profile");
    let answer = app.get("/priorities/violence/profile?f=html").expect(200);
    assert!(answer.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
    let page = answer.text();
    for row in rows(&profile, "areas-ward") {
        let name = row["name"].as_str().unwrap().replace('&', "&amp;");
        let count = grouped(row["count"].as_u64().unwrap());
        let cells = format!("<th scope=\"row\">{name}</th><td class=\"number\">{count}</td>");
        assert!(page.contains(&cells), "{cells}");
    }
    for finding in profile["findings"].as_array().unwrap() {
        let text =
            finding["text"].as_str().unwrap().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        assert!(page.contains(&text), "{text}");
    }
    for fetched in ["src=\"http", "<link", "<script", "url(http", "@import"] {
        assert!(!page.contains(fetched), "{fetched}");
    }
    assert_eq!(page.matches("<svg").count(), page.matches("role=\"img\"").count());
    let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(ids.len(), distinct.len(), "an id stands twice");
}

fn grouped(number: u64) -> String {
    hotspots::model::words::count(number)
}

#[test]
fn files_hold_the_same_tables() {
    let app = TestApp::shared();
    let profile = json("/priorities/burglary/profile");
    let zip = app.get("/priorities/burglary/profile?f=zip").expect(200).plain();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
    let mut wards = String::new();
    archive.by_name("areas-ward.csv").unwrap().read_to_string(&mut wards).unwrap();
    let mut reader = csv::Reader::from_reader(wards.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let column = |wanted: &str| headers.iter().position(|known| known == wanted).unwrap();
    let (name, count) = (column("name"), column("count"));
    for (record, row) in reader.records().zip(rows(&profile, "areas-ward")) {
        let record = record.unwrap();
        assert_eq!(record[name], *row["name"].as_str().unwrap());
        assert_eq!(record[count], row["count"].to_string());
    }
    let sheets: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    for table in profile["tables"].as_object().unwrap().keys() {
        assert!(sheets.contains(&format!("{table}.csv")), "{table}");
    }
    for (form, start) in [("xlsx", b"PK"), ("gpkg", b"SQ")] {
        let answer = app.get(&format!("/priorities/burglary/profile?f={form}")).expect(200);
        assert!(answer.header("content-disposition").unwrap().contains("burglary-profile"));
        assert!(answer.plain().starts_with(start), "{form}");
    }
}

#[test]
fn the_same_question_gives_the_same_bytes_and_an_unchanged_one_none() {
    let app = TestApp::shared();
    // Another process, with a memory of its own, on the same incidents: only the store's id and the host differ.
    let other = TestApp::start(&["--demonstration", "--public-address", &app.base]);
    let without_store = |text: String| {
        let id = store_of(&text);
        text.replace(&id, "STORE")
    };
    for form in ["json", "html", "geojson"] {
        let address = format!("/priorities/burglary/profile?f={form}");
        let first = app.get(&address).expect(200);
        let again = app.get_with(&address, &[("if-none-match", &first.header("etag").unwrap())]);
        assert_eq!(again.status, 304, "{form}");
        let second = other.get(&address).expect(200);
        assert_eq!(without_store(first.text()), without_store(second.text()), "{form}");
    }
    for form in ["xlsx", "zip"] {
        let address = format!("/assessment?f={form}");
        assert!(app.get(&address).expect(200).plain() == app.get(&address).expect(200).plain(), "{form}");
    }
}

/// The id of the store that an answer names: 32 hexadecimal digits.
fn store_of(text: &str) -> String {
    let is_hex = |part: &&str| part.len() == 32 && part.bytes().all(|b| b.is_ascii_hexdigit());
    text.split(|c: char| !c.is_ascii_alphanumeric()).find(is_hex).unwrap_or("no store").to_owned()
}

#[test]
fn single_places_are_for_those_who_may_see_incidents() {
    let hidden = TestApp::start(&["--demonstration", "--hide-incidents"]);
    let profile = hidden.get("/priorities/burglary/profile").expect(200).json();
    assert!(profile["tables"]["repeat-places"]["rows"].as_array().unwrap().is_empty());
    assert!(!rows(&json("/priorities/burglary/profile"), "repeat-places").is_empty());
    assert!(hidden.get("/analysis/repeats").expect(200).json()["places"].as_array().unwrap().is_empty());
    let page = hidden.get("/priorities/burglary/profile?f=html").expect(200).text();
    assert!(!page.contains("Places with the most incidents"));
}

#[test]
fn the_assessment_has_a_row_for_each_priority_and_agrees_with_the_profiles() {
    let assessment = json("/assessment");
    let table = rows(&assessment, "priorities");
    assert_eq!(table.len(), priorities().len());
    for (row, id) in table.iter().zip(priorities()) {
        let profile = json(&format!("/priorities/{id}/profile"));
        assert_eq!(row["priority"], id.as_str());
        for (member, figure) in [
            ("count", "count"),
            ("share", "share_of_all"),
            ("harm", "harm"),
            ("share_of_harm", "share_of_harm"),
        ] {
            assert_eq!(row[member].as_f64(), profile["figures"][figure].as_f64(), "{id} {member}");
        }
        assert_eq!(row["hotspots"], rows(&profile, "hotspots").len(), "{id}");
    }
    let sources = rows(&assessment, "sources");
    assert!(sources.len() > 1, "the demonstration has several partners");
    for row in table {
        let id = row["priority"].as_str().unwrap();
        let summed: f64 = sources.iter().map(|source| number(&source[id])).sum();
        assert_eq!(summed, number(&row["count"]), "{id}");
    }
    assert!(rows(&assessment, "scores").iter().all(|row| row["burglary"].is_null()), "nobody has scored");
    let page = TestApp::shared().get("/assessment?f=html").expect(200).text();
    assert!(page.contains("Where priorities meet") && page.matches("<figure").count() > table.len());
}

#[test]
fn what_is_asked_wrongly_is_told() {
    let app = TestApp::shared();
    let unknown = app.get("/priorities/nothing/profile").expect(404).json();
    assert!(unknown["detail"].as_str().unwrap().contains("burglary"));
    app.get("/priorities/burglary/profile?harm=nothing").expect(404);
    app.get("/assessment?priority=burglary").expect(400);
    app.get("/priorities/burglary/profile?bandwidth=400").expect(400);
    app.get("/priorities/burglary/profile?f=pdf").expect(400);
    let none = json("/priorities/burglary/profile?harm=none&compare=none");
    assert!(none["figures"]["harm"].is_null() && none["figures"]["comparison_count"].is_null());
}
