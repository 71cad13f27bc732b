//! Several vintages of a boundary layer side by side.

use std::{fs, sync::OnceLock};

use serde_json::Value;

use crate::app::TestApp;

/// Wards of three vintages: those of the demonstration, its beats as wards that were drawn anew in May 2025, and the
/// first once more as a vintage that is retired.
const MANIFEST: &str = r#"
name = "Dudley"
code = "E08000027"
grid = "EPSG:27700"
schematic = true

[outline]
file = "dudley-outline.geojson"

[[layer]]
id = "ward"
title = "Wards"
file = "dudley-beats.geojson"
id_field = "code"
name_field = "name"
vintage = "2025"
valid_from = 2025-05-01
licence = "none"

[[layer]]
id = "ward"
title = "Wards"
file = "dudley-wards.geojson"
id_field = "code"
name_field = "name"
vintage = "2004"
valid_until = 2025-04-30
licence = "none"

[[layer]]
id = "ward"
title = "Wards"
file = "dudley-wards.geojson"
id_field = "code"
name_field = "name"
vintage = "1990"
valid_until = 2004-06-09
retired = true
licence = "none"

[[layer]]
id = "beat"
title = "Beats"
file = "dudley-beats.geojson"
id_field = "code"
name_field = "name"
vintage = "one"
licence = "none"
"#;

fn app() -> &'static TestApp {
    static APP: OnceLock<TestApp> = OnceLock::new();
    APP.get_or_init(|| {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        for file in ["dudley-outline.geojson", "dudley-wards.geojson", "dudley-beats.geojson"] {
            let from = concat!(env!("CARGO_MANIFEST_DIR"), "/boundaries/").to_owned() + file;
            fs::copy(from, folder.path().join(file)).unwrap();
        }
        let manifest = folder.path().join("dudley.toml");
        fs::write(&manifest, MANIFEST).unwrap();
        TestApp::start_with(&manifest, &["--demonstration"])
    })
}

fn json(address: &str) -> Value {
    app().get(address).expect(200).json()
}

fn vintage(answer: &Value) -> &str {
    answer["method"]["layer"]["vintage"].as_str().unwrap()
}

fn told(answer: &Value, words: &str) -> bool {
    answer["notices"].as_array().unwrap().iter().any(|notice| notice.as_str().unwrap().contains(words))
}

fn first_code(answer: &Value) -> String {
    answer["rows"][0]["code"].as_str().unwrap().to_owned()
}

#[test]
fn a_period_is_counted_in_the_vintage_at_its_end() {
    for (period, wanted, code, whole) in [
        ("2025-01/2025-03", "2004", "E05001236", true),
        ("2025-06/2025-12", "2025", "demo-", true),
        ("2025-03/2025-06", "2025", "demo-", false),
    ] {
        let summary = json(&format!("/summaries/ward?period={period}&compare=none"));
        assert_eq!(vintage(&summary), wanted, "{period}");
        assert!(first_code(&summary).starts_with(code), "{period}");
        assert_eq!(told(&summary, "not the whole of the period"), !whole, "{period}: {}", summary["notices"]);
    }
}

#[test]
fn whoever_names_a_vintage_gets_it_and_is_told() {
    let summary = json("/summaries/ward?period=2025-06/2025-12&compare=none&vintage=2004");
    assert_eq!(vintage(&summary), "2004");
    assert!(told(&summary, "the vintage 2004 of the layer ward, in force until 2025-04-30"));
    let both = "/summaries/ward?period=2025-06/2025-12&compare=none&vintage=ward/2004,beat/one";
    assert_eq!(json(both)["rows"], summary["rows"]);
    let unknown = app().get("/summaries/ward?vintage=1066").expect(404).text();
    assert!(unknown.contains("1066") && unknown.contains("ward/2025"), "{unknown}");
    let unknown = app().get("/summaries/ward?vintage=ward/1066").expect(404).text();
    assert!(unknown.contains("there are: 2025, 2004, 1990"), "{unknown}");
    app().get("/summaries/ward?vintage=ward/").expect(400);
}

#[test]
fn a_comparison_is_made_in_one_vintage_and_says_so() {
    let change = json("/analysis/change/ward?period=2025-06/2025-08&compare=year-before");
    assert_eq!(vintage(&change), "2025");
    assert!(told(&change, "the comparison period 2024-06/2024-08"), "{}", change["notices"]);
    let whole = json("/analysis/change/ward?period=2025-01/2025-03&compare=year-before");
    assert_eq!(vintage(&whole), "2004");
    assert!(!told(&whole, "vintage"), "{}", whole["notices"]);
}

#[test]
fn a_permalink_keeps_its_vintage() {
    let summary = json("/summaries/ward?period=2025-01/2025-03");
    let permalink = summary["method"]["permalink"].as_str().unwrap();
    assert!(permalink.contains("vintage=ward/2004"), "{permalink}");
    let again = json(permalink.strip_prefix(&app().base).unwrap());
    assert_eq!(again["rows"], summary["rows"]);
    let of_one = TestApp::shared().get("/summaries/ward?period=2025-01/2025-03").expect(200).text();
    assert!(!of_one.contains("vintage=ward"), "a layer of one vintage needs no parameter");
}

#[test]
fn layers_are_listed_once_with_their_vintages() {
    let layers = json("/layers");
    let ids: Vec<_> = layers.as_array().unwrap().iter().map(|layer| layer["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["ward", "beat"]);
    let vintages: Vec<_> = layers[0]["vintages"].as_array().unwrap().iter().collect();
    let named = vintages.iter().map(|it| (it["vintage"].as_str().unwrap(), it["retired"].as_bool().unwrap()));
    assert_eq!(named.collect::<Vec<_>>(), [("2025", false), ("2004", false), ("1990", true)]);
    assert_eq!(layers[0]["valid_from"], "2025-05-01");
    assert!(layers[1]["vintages"].as_array().unwrap().is_empty());
    let link = vintages[1]["links"][0]["href"].as_str().unwrap();
    let older = json(link.strip_prefix(&app().base).unwrap());
    assert_eq!(older["vintage"], "2004");
    assert_eq!(older["features"].as_array().unwrap().len(), 24);
}

#[test]
fn what_is_retired_still_answers_reports_of_before() {
    let summary = json("/summaries/ward?period=2025-01/2025-03&vintage=1990&compare=none");
    assert_eq!(vintage(&summary), "1990");
    let at_home = json("/geocode?lon=-2.08&lat=52.51");
    let areas = at_home["areas"].as_array().unwrap();
    let told: Vec<_> = areas.iter().map(|area| area["vintage"].as_str().unwrap()).collect();
    assert_eq!(told, ["2025", "2004", "one"]);
}

#[test]
fn an_area_is_found_by_its_code_in_any_vintage() {
    let density = json("/analysis/hotspots?period=2025-06/2025-12&within=ward/E05001254");
    assert_eq!(density["method"]["within"]["code"], "E05001254");
    assert!(told(&density, "is of the vintage 2004"), "{}", density["notices"]);
    let permalink = density["method"]["permalink"].as_str().unwrap();
    assert!(permalink.contains("ward/2004"), "{permalink}");
    assert_eq!(json(permalink.strip_prefix(&app().base).unwrap())["features"], density["features"]);
    app().get("/analysis/hotspots?period=2025-06/2025-12&within=ward/E05001254&vintage=2025").expect(404);
}

#[test]
fn incidents_tell_their_ward_of_each_vintage() {
    let older = json("/collections/incidents/items?limit=1&filter=ward_2004%3D'E05001254'");
    let properties = &older["features"][0]["properties"];
    assert_eq!(properties["ward_2004"], "E05001254");
    assert!(properties["ward"].as_str().unwrap().starts_with("demo-"));
    assert_eq!(properties["ward_2025"], properties["ward"]);
    assert!(properties.get("ward_1990").is_none());
}

#[test]
fn a_filter_follows_the_vintage_of_its_question() {
    let of = |period: &str, filter: &str| {
        let answer = json(&format!("/summaries/ward?period={period}&compare=none&filter={filter}"));
        (answer["method"]["incidents"]["used"].as_u64().unwrap(), answer)
    };
    let (then, _) = of("2025-01/2025-03", "ward%3D'E05001254'");
    assert!(then > 0);
    assert_eq!(of("2025-01/2025-03", "ward_2004%3D'E05001254'").0, then);
    assert_eq!(of("2025-01/2025-03", "ward_1990%3D'E05001254'").0, then, "filters of before go on to work");
    let (now, answer) = of("2025-06/2025-12", "ward%3D'E05001254'");
    assert_eq!(now, 0);
    assert!(told(&answer, "names E05001254, an area of the vintage"), "{}", answer["notices"]);
    assert!(of("2025-06/2025-12&vintage=2004", "ward%3D'E05001254'").0 > 0);
}

#[test]
fn a_layer_without_the_vintage_is_shown_as_it_is() {
    let count = |address: &str| json(address)["numberMatched"].as_u64().unwrap();
    let beats = count("/collections/beats/items?limit=1");
    assert_eq!(count("/collections/beats/items?vintage=2004&limit=1"), beats);
    assert_eq!(json("/layers/beat?vintage=2004")["vintage"], "one");
    app().get("/layers/beat?vintage=1066").expect(404);
    app().get("/collections/wards/items?vintage=beat/1066").expect(404);
}

#[test]
fn all_priorities_are_named_by_the_wards_of_their_period() {
    let all = json("/assessment?period=2025-01/2025-03");
    let rows = all["tables"]["meetings"]["rows"].as_array().unwrap();
    let places: Vec<_> = rows.iter().filter_map(|row| row["place"].as_str()).collect();
    assert!(!places.is_empty() && !places.iter().any(|place| place.contains("Demo beat")), "{places:?}");
}

#[test]
fn layers_of_gis_clients_follow_the_period() {
    let count = |address: &str| json(address)["numberMatched"].as_u64().unwrap();
    assert_eq!(count("/collections/wards/items?vintage=2004&limit=1"), 24);
    let newest = count("/collections/wards/items?limit=1");
    assert!(newest > 24);
    assert_eq!(count("/collections/burglary-wards/items?period=2025-01/2025-03&limit=1"), 24);
    assert_eq!(count("/collections/burglary-wards/items?period=2025-06/2025-12&limit=1"), newest);
}

#[test]
fn a_report_is_made_in_the_vintage_of_its_period() {
    let profile = json("/priorities/burglary/profile?period=2025-01/2025-03");
    let text = profile.to_string();
    assert!(
        text.contains("E05001254") && !text.contains("\"demo-E05001254-1\",\"St"),
        "wards of 2004 are told"
    );
    let page = app().get("/priorities/burglary/profile?period=2025-01/2025-03&f=html").expect(200).text();
    assert!(page.contains("Wards (2004)") && !page.contains("Wards (2025)"));
}

#[test]
fn a_place_is_found_by_a_code_of_an_older_vintage() {
    let found = json("/geocode?q=E05001254");
    assert_eq!(found["matches"][0]["code"], "E05001254");
    assert_eq!(found["matches"][0]["context"], "Wards, vintage 2004");
}

#[test]
fn a_scan_by_area_says_which_vintage_it_counts_in() {
    let scan = json(
        "/analysis/scan?category=burglary&period=2025-03/2025-06&unit=ward&model=incidents&replications=99",
    );
    assert_eq!(vintage(&scan), "2025");
    assert!(told(&scan, "not the whole of the period"), "{}", scan["notices"]);
}
