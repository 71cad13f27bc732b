//! The front door.

use std::collections::BTreeSet;

use crate::{app::TestApp, contract::Contract};

#[test]
fn the_landing_page_tells_what_is_held_and_says_that_it_is_made_up() {
    let landing = TestApp::shared().get("/").expect(200).json();
    assert_eq!(landing["title"], "Crime hotspots of Dudley");
    assert!(landing["incidents"].as_u64().unwrap() > 10_000);
    assert!(landing["unlocated"].as_u64().unwrap() > 0);
    assert!(landing["first_month"].as_str() < landing["last_month"].as_str());
    let categories = landing["categories"].as_array().unwrap();
    assert!(categories.iter().any(|category| category == "burglary"));
    let notices = landing["notices"].to_string();
    assert!(notices.contains("schematic") && notices.contains("synthetic"), "{notices}");
}

#[test]
fn every_link_leads_to_an_answer_of_the_type_it_names() {
    let app = TestApp::shared();
    let mut waiting = vec!["/".to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(address) = waiting.pop() {
        let document = app.get(&address).expect(200);
        if document.media_type().as_deref() != Some("application/json") {
            continue;
        }
        let mut links = Vec::new();
        collect_links(&document.json(), &mut links);
        for (href, media_type) in links {
            let target =
                href.strip_prefix(&app.base).unwrap_or_else(|| panic!("{href} leads away")).to_owned();
            let answer = app.get_with(&target, &[("accept", &media_type)]).expect(200);
            let offered = media_type.split(';').next().map(str::to_owned);
            assert_eq!(answer.media_type(), offered, "{href}");
            // The layers and summaries of every priority lead nowhere new.
            if seen.insert(target.clone()) && target.matches('/').count() <= 2 && !target.contains('?') {
                waiting.push(target);
            }
        }
    }
    assert!(seen.len() > 20, "{seen:?}");
}

fn collect_links(value: &serde_json::Value, links: &mut Vec<(String, String)>) {
    // A template leads nowhere until it is filled in.
    let listed = value["links"].as_array().into_iter().flatten().filter(|link| link["templated"] != true);
    links.extend(
        listed.map(|link| {
            (link["href"].as_str().unwrap().to_owned(), link["type"].as_str().unwrap().to_owned())
        }),
    );
    for item in value.as_array().into_iter().flatten() {
        collect_links(item, links);
    }
}

#[test]
fn the_description_is_served_as_it_is_kept() {
    let served = TestApp::shared().get("/openapi.yaml").expect(200);
    assert_eq!(served.text(), include_str!("../../openapi.yaml"));
}

#[test]
fn every_declared_address_is_there() {
    let app = TestApp::shared();
    for (path, methods) in Contract::of_the_service().methods() {
        assert!(methods.contains(&"GET") || methods == ["POST"], "{path}");
        let address = path.replace("{layer}", "ward").replace("{priority}", "violence");
        let answer = app.get(&address);
        let missing = answer.status == 404 && answer.text().contains("there is nothing at");
        assert!(!missing, "{path} is declared, but nothing answers there");
    }
}

#[test]
fn health_and_readiness_are_told() {
    let app = TestApp::shared();
    assert_eq!(app.get("/health").expect(200).json()["status"], "ok");
    let ready = app.get("/ready").expect(200).json();
    assert_eq!(ready["status"], "ready");
    assert_eq!(ready["serving_generation"], ready["stored_generation"]);
}

#[test]
fn an_empty_store_answers_with_zeros_or_says_that_it_holds_nothing() {
    let app = TestApp::empty();
    let landing = app.get("/").expect(200).json();
    assert_eq!((&landing["incidents"], &landing["first_month"]), (&0.into(), &serde_json::Value::Null));
    for address in ["/summaries/ward", "/analysis/hex?priority=violence", "/incidents?near=-2.08,52.51"] {
        let refused = app.get(address).expect(404);
        assert!(refused.text().contains("holds no incidents"), "{}", refused.text());
    }
    let summary = app.get("/summaries/ward?period=2025-12").expect(200).json();
    assert_eq!(summary["method"]["incidents"]["used"], 0);
    assert!(
        summary["notices"].to_string().contains("The store holds no incidents."),
        "{}",
        summary["notices"]
    );
    let bands = app.get("/analysis/density?priority=violence&period=2025-12").expect(200).json();
    assert_eq!(bands["features"], serde_json::json!([]));
    let raster = app.get("/analysis/density?priority=violence&period=2025-12&f=json").expect(200).json();
    assert_eq!(raster["peak_per_km2"], 0.0);
    let hexes = app.get("/analysis/hex?priority=violence&period=2025-12").expect(200).json();
    let cells = hexes["features"].as_array().unwrap();
    assert!(!cells.is_empty() && cells.iter().all(|cell| cell["properties"]["class"] == 0));
    let table = app.get("/analysis/hex?priority=violence&period=2025-12&empty=omit&f=csv").expect(200);
    assert!(table.csv().1.is_empty(), "a table without rows still has its header row");
}
