//! Boundaries from files at hand, and everything about Dudley from real files, without asking anybody.

use std::{collections::BTreeMap, fs, ops::ControlFlow};

use hotspots::{
    boundary::manifest,
    intake::{self, Event, Options},
    locate::Locators,
};
use serde_json::{Value, json};

use crate::{
    server::{Answer, Server},
    support::{Desk, hotspots, read, run, shared},
};

/// A server that nobody is to ask.
fn nobody() -> Server {
    Server::start(|_| Answer::new(500, "nobody asks"))
}

/// A square of a kilometre in degrees, more or less, with these fields.
fn square(west: f64, fields: &Value) -> Value {
    let (east, south, north) = (west + 0.014, 52.50, 52.509);
    json!({ "type": "Feature", "properties": fields, "geometry": { "type": "Polygon", "coordinates": [[
        [west, south], [east, south], [east, north], [west, north], [west, south]
    ]] } })
}

fn collection(features: &[Value]) -> String {
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

fn from_file<'a>(layer: &'a str, vintage: &'a str, file: &'a str) -> [&'a str; 7] {
    ["boundaries", "--layers", layer, "--vintage", vintage, "--from-file", file]
}

#[test]
fn of_a_file_of_the_country_the_area_is_taken() {
    let (server, desk) = (nobody(), Desk::new());
    let ward = |west: f64, code: &str, of: &str| {
        square(west, &json!({ "WD24CD": code, "WD24NM": "A", "LAD24CD": of, "LAD24NM": "B" }))
    };
    let wards = [
        ward(-2.10, "E05015904", "E08000027"),
        ward(-2.08, "E05000001", "E08000028"),
        ward(-2.12, "E05015903", "E08000027"),
    ];
    fs::write(desk.path("wards.geojson"), collection(&wards)).unwrap();
    desk.fetch(&server, from_file("ward", "2024", "wards.geojson")).well(&["wards-2024.json: 2 areas"]);
    let sources = read(&desk.official("SOURCES.toml"));
    assert!(sources.contains("file at hand: wards.geojson"), "{sources}");
    let set = manifest::load(&desk.official("area.toml")).unwrap();
    let codes: Vec<_> = set.layers[0].areas.iter().map(|area| area.code.0.as_str()).collect();
    assert_eq!(codes, ["E05015903", "E05015904"]);
    assert!(server.seen().is_empty());
}

#[test]
fn a_file_that_names_no_authority_needs_the_outline_or_a_word() {
    let (server, desk) = (nobody(), Desk::new());
    let ward = |west: f64, code: &str| square(west, &json!({ "WD13CD": code, "WD13NM": code }));
    fs::write(desk.path("wards.geojson"), collection(&[ward(-2.10, "E1"), ward(-2.05, "E2")])).unwrap();
    let given = from_file("ward", "2013", "wards.geojson");
    desk.fetch(&server, given).refused(&["wards.geojson", "LAD..CD", "--layers outline", "--whole"]);
    let outline = square(-2.10, &json!({ "LAD13CD": "E08000027", "LAD13NM": "Dudley" }));
    fs::write(desk.path("outline.geojson"), collection(&[outline])).unwrap();
    desk.fetch(&server, from_file("outline", "2013", "outline.geojson")).well(&["Dudley:"]);
    desk.fetch(&server, given).well(&["wards-2013.json: 1 areas"]);
    let whole = given.into_iter().chain(["--whole"]);
    desk.fetch(&server, whole).well(&["wards-2013.json: 2 areas"]);
    assert!(server.seen().is_empty());
}

#[test]
fn a_file_that_holds_something_else_is_told() {
    let (server, desk) = (nobody(), Desk::new());
    fs::write(desk.path("page.geojson"), "<!doctype html><title>Sign in</title>").unwrap();
    desk.fetch(&server, from_file("ward", "2024", "page.geojson")).refused(&["page.geojson", "web page"]);
    let elsewhere = square(-2.1, &json!({ "WD24CD": "E1", "WD24NM": "A", "LAD24CD": "E08000028" }));
    fs::write(desk.path("other.geojson"), collection(&[elsewhere])).unwrap();
    desk.fetch(&server, from_file("ward", "2024", "other.geojson")).refused(&["no feature of E08000027"]);
    desk.fetch(&server, ["boundaries", "--from-file", "other.geojson"]).refused(&["one layer"]);
    assert!(!desk.official("area.toml").exists());
}

/// The real wards of two vintages, census, postcodes and two months, from files alone.
#[test]
fn the_real_dudley_comes_from_files_alone() {
    let files = [
        "data/boundaries/wards_2013_E08000027.geojson",
        "data/boundaries/wards_2024_E08000027.geojson",
        "data/population/census2021_residents_households_lsoa21_wmids_met_county.csv",
        "data/postcodes/codepoint_open_2014-08_B_DY_WS_WV.csv.gz",
        "data/crime_westmidlands/2014-01-west-midlands-street.csv.gz",
        "data/crime_westmidlands/2014-02-west-midlands-street.csv.gz",
        "golden/01_ward_counts/expected.json",
    ];
    let Some(paths) = files.map(shared).into_iter().collect::<Option<Vec<_>>>() else { return };
    let text: Vec<&str> = paths.iter().map(|path| path.to_str().unwrap()).collect();
    let (server, desk) = (nobody(), Desk::new());
    let whole = |vintage, file| from_file("ward", vintage, file).into_iter().chain(["--whole"]);
    desk.fetch(&server, whole("2013", text[0])).well(&["wards-2013.json: 24 areas"]);
    desk.fetch(&server, from_file("ward", "2024", text[1])).well(&["wards-2024.json: 24 areas"]);
    let columns = ["--residents", "usual_residents_2021", "--households", "households_2021"];
    let table = ["population", "--from-file", text[2], "--code-column", "ward24_code", "--year", "2021"];
    desk.fetch(&server, table.into_iter().chain(columns)).well(&["323484 residents", "137053 households"]);
    let manifest = desk.official("area.toml");
    let postcodes = ["postcodes", "--from-file", text[3], "--boundaries", manifest.to_str().unwrap()];
    desk.fetch(&server, postcodes).well(&["72055 rows read"]);
    assert!(server.seen().is_empty());

    let mut check = hotspots(desk.path("").as_path());
    check.args(["boundaries", "check"]).arg(&manifest);
    run(&mut check).well(&["every shape is valid"]);
    let set = manifest::load(&manifest).unwrap();
    let (newest, wards) = set.layer("ward").unwrap();
    assert_eq!((wards.vintage.as_str(), newest), ("2024", 0));
    assert_eq!(wards.valid.from.unwrap().to_string(), "2024-05-02");
    let residents = wards.areas.iter().map(|area| u64::from(area.denominators.residents[&2021])).sum::<u64>();
    assert_eq!(residents, 323_484);

    // The months are of 2014, so their wards are those of 2013, and as many as the reference counts.
    let (then, wards) = set.layer_in("ward", Some("2014-01/2014-02".parse().unwrap())).unwrap();
    assert_eq!(wards.vintage, "2013");
    let locators = Locators::new(&set);
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let flow = intake::read_paths(&paths[4..6], &Options::default(), &mut |event| {
        if let Event::Incident(incident) = event
            && let Some(position) = incident.position
            && let Some(ward) = locators.layers()[then].locate(position.grid)
        {
            *counts.entry(wards.areas[usize::from(ward)].code.0.clone()).or_default() += 1;
        }
        ControlFlow::Continue(())
    });
    assert!(flow.unwrap().is_continue());
    let golden: Value = serde_json::from_str(&read(&paths[6])).unwrap();
    let expected: BTreeMap<String, u64> = golden["total_by_ward"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(code, ward)| (code.clone(), ward["count"].as_u64().unwrap()))
        .collect();
    assert_eq!(counts, expected);
}
