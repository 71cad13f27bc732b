//! Beats: neighbourhoods of a force that lie in the borough.

use std::fs;

use serde_json::Value;

use crate::{
    support::{Desk, read, zip},
    world::World,
};

/// The codes and names of the beats that were written.
fn beats(desk: &Desk) -> Vec<(String, String)> {
    let folder = fs::read_dir(desk.official("")).unwrap();
    let mut names = folder.map(|entry| entry.unwrap().path());
    let file = names.find(|path| path.extension().is_some_and(|ending| ending == "geojson")).unwrap();
    let set: Value = serde_json::from_str(&read(&file)).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let features = set["features"].as_array().unwrap();
    features
        .iter()
        .map(|it| (text(&it["properties"]["beat_code"]), text(&it["properties"]["name"])))
        .collect()
}

#[test]
fn neighbourhoods_within_the_borough_are_its_beats() {
    let (server, desk) = (World::default().serve(), Desk::new());
    let ended = desk.fetch(&server, ["boundaries", "--layers", "outline,beat"]);
    ended.well(&["neighbourhood DU03 (Without boundary) has no boundary", ": 3 areas"]);
    let codes: Vec<_> = beats(&desk).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["DU01", "DU02", "SW03"]);
    let manifest: toml::Table = toml::from_str(&read(&desk.official("area.toml"))).unwrap();
    let layer = &manifest["layer"][0];
    assert_eq!(layer["id"].as_str(), Some("beat"));
    let vintage = layer["vintage"].as_str().unwrap();
    assert_eq!(layer["file"].as_str(), Some(format!("beats-{vintage}.geojson").as_str()));
    assert_eq!(layer["id_field"].as_str(), Some("beat_code"));
}

#[test]
fn a_force_that_is_none_is_told_with_those_there_are() {
    let (server, desk) = (World::default().serve(), Desk::new());
    let given = ["boundaries", "--layers", "outline,beat", "--force", "dudley"];
    desk.fetch(&server, given).refused(&["'dudley'", "staffordshire, west-midlands"]);
    let elsewhere = ["boundaries", "--layers", "outline,beat", "--force", "staffordshire"];
    desk.fetch(&server, elsewhere).refused(&["staffordshire/neighbourhoods", "404"]);
}

fn kml(name: &str, ring: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><kml xmlns=\"http://www.opengis.net/kml/2.2\"><Placemark>\
         <name>{name}</name><Polygon><outerBoundaryIs><LinearRing><coordinates>{ring}</coordinates></LinearRing>\
         </outerBoundaryIs></Polygon></Placemark></kml>"
    )
}

#[test]
fn an_archive_of_kml_files_will_do() {
    let (server, desk) = (World::default().serve(), Desk::new());
    let inside = kml("Town", "-2.1,52.49 -2.1,52.50 -2.09,52.50 -2.09,52.49 -2.1,52.49");
    let far = kml("Far", "-1.1,52.49 -1.1,52.50 -1.09,52.50 -1.09,52.49 -1.1,52.49");
    let archive = zip(&[
        ("2026-10/west-midlands/DU01.kml", &inside),
        ("2026-10/west-midlands/CV01.kml", &far),
        ("2026-10/staffordshire/ST01.kml", &inside),
    ]);
    let path = desk.path("kmls.zip");
    fs::write(&path, archive).unwrap();
    let given = ["boundaries", "--layers", "outline,beat", "--from-file", path.to_str().unwrap()];
    desk.fetch(&server, given).refused(&["--force", "staffordshire, west-midlands"]);
    desk.fetch(&server, given.into_iter().chain(["--force", "west-midlands"])).well(&[": 1 areas"]);
    assert_eq!(beats(&desk), [("DU01".to_owned(), "Town".to_owned())]);

    fs::write(&path, zip(&[("f/A.kml", "<html>no</html")])).unwrap();
    desk.fetch(&server, given).refused(&["f/A.kml"]);
    fs::write(&path, "no archive").unwrap();
    desk.fetch(&server, given).refused(&["no zip archive"]);
}
