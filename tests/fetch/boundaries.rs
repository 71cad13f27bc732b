//! `hotspots fetch boundaries`: pages, counts, records.

use std::fs;

use serde_json::Value;

use crate::{
    support::{Desk, read},
    world::World,
};

const OFFICIAL: [&str; 3] = ["boundaries", "--layers", "outline,ward,lsoa"];

#[test]
fn pages_become_one_file_with_its_record() {
    let (server, desk) = (World::default().serve(), Desk::new());
    desk.fetch(&server, OFFICIAL).well(&[
        "wards-2024.json: 24 areas",
        "wards-2023.json: 24",
        "lsoa-2021.json: 4",
        "Dudley: ",
    ]);
    let wards: Value = serde_json::from_str(&read(&desk.official("wards-2024.json"))).unwrap();
    assert_eq!(wards["features"].as_array().unwrap().len(), 24);
    assert_eq!(wards["spatialReference"]["wkid"], 27700);
    assert!(wards.get("exceededTransferLimit").is_none());
    let offsets: Vec<_> = server
        .seen()
        .iter()
        .filter(|request| request.path.contains("Wards_December_2024"))
        .filter_map(|request| request.parameter("resultOffset"))
        .collect();
    assert_eq!(offsets, ["0", "10", "20"]);

    let manifest: toml::Table = toml::from_str(&read(&desk.official("area.toml"))).unwrap();
    let text = |value: &toml::Value| value.as_str().map(str::to_owned).unwrap_or_default();
    assert_eq!(
        (text(&manifest["name"]), text(&manifest["code"])),
        ("Dudley".to_owned(), "E08000027".to_owned())
    );
    assert_eq!(text(&manifest["outline"]["file"]), "local-authority-2024.json");
    assert_eq!(text(&manifest["outline"]["id_field"]), "LAD24CD");
    let layers = manifest["layer"].as_array().unwrap();
    let named: Vec<_> =
        layers.iter().map(|it| format!("{} {}", text(&it["id"]), text(&it["vintage"]))).collect();
    assert_eq!(named, ["ward 2024", "ward 2023", "lsoa 2021"]);
    assert_eq!(layers[0]["valid_from"].to_string(), "2024-05-02");
    assert!(layers[1].get("valid_from").is_none() && layers[2].get("valid_from").is_none());
    assert_eq!(
        (text(&layers[0]["id_field"]), text(&layers[0]["crs"])),
        ("WD24CD".to_owned(), "EPSG:27700".to_owned())
    );

    let sources: toml::Table = toml::from_str(&read(&desk.official("SOURCES.toml"))).unwrap();
    let ward = sources["file"]
        .as_array()
        .unwrap()
        .iter()
        .find(|file| text(&file["file"]) == "wards-2024.json")
        .unwrap();
    assert_eq!(ward["features"].as_integer(), Some(24));
    assert!(text(&ward["address"]).starts_with("https://services1.arcgis.com/"), "{ward}");
    assert!(text(&ward["licence"]).contains("Office for National Statistics"));
    let size = fs::metadata(desk.official("wards-2024.json")).unwrap().len();
    assert_eq!(ward["bytes"].as_integer(), i64::try_from(size).ok());
}

#[test]
fn what_is_there_is_not_fetched_again_unless_it_changed() {
    let (server, desk) = (World::default().serve(), Desk::new());
    desk.fetch(&server, OFFICIAL).well(&[]);
    let before = read(&desk.official("area.toml"));
    server.forget();
    desk.fetch(&server, OFFICIAL).well(&["wards-2024.json: is there"]);
    assert!(server.seen().is_empty());
    assert_eq!(read(&desk.official("area.toml")), before);

    fs::write(desk.official("wards-2024.json"), "{}").unwrap();
    desk.fetch(&server, OFFICIAL).refused(&["wards-2024.json is not what was fetched", "--again"]);
    desk.fetch(&server, OFFICIAL.into_iter().chain(["--again"])).well(&["wards-2024.json: 24 areas"]);
}

#[test]
fn what_people_wrote_into_the_manifest_stays() {
    let (server, desk) = (World::default().serve(), Desk::new());
    let newest = ["boundaries", "--layers", "outline,ward", "--vintage", "2024"];
    desk.fetch(&server, newest).well(&[]);
    let path = desk.official("area.toml");
    let ours = read(&path).replacen("\"Wards\"", "\"Our wards\" # as we say", 1);
    fs::write(&path, ours).unwrap();
    desk.fetch(&server, OFFICIAL).well(&[]);
    let text = read(&path);
    assert!(text.contains("\"Our wards\" # as we say"), "{text}");
    assert!(text.contains("valid_from = 2024-05-02") && text.contains("first Thursday"), "{text}");
}

#[test]
fn fewer_rows_than_counted_are_no_layer() {
    let (server, desk) = (World { miscount: 1, ..World::default() }.serve(), Desk::new());
    desk.fetch(&server, OFFICIAL).refused(&["truncated", "1 rows came", "counts 2"]);
    assert!(!desk.official("local-authority-2024.json").exists());
    let (stuck, desk) = (World { stuck: true, ..World::default() }.serve(), Desk::new());
    desk.fetch(&stuck, OFFICIAL).refused(&["Wards_December_2024"]);
    assert!(!desk.official("wards-2024.json").exists());
}

#[test]
fn errors_of_services_are_told() {
    let (server, desk) = (World { broken: true, ..World::default() }.serve(), Desk::new());
    desk.fetch(&server, OFFICIAL).refused(&[
        "error 400",
        "Cannot perform query.",
        "'where' clause",
        "--service",
    ]);
    let server = World::default().serve();
    desk.fetch(&server, ["boundaries", "--area", "E08000099", "--layers", "outline"])
        .refused(&["E08000099", "LAD_DEC_2024"]);
    desk.fetch(&server, ["boundaries", "--layers", "outline", "--vintage", "2019"])
        .refused(&["of 2019", "there are: 2024"]);
    desk.fetch(&server, ["boundaries", "--layers", "outline", "--service", "Nowhere"])
        .refused(&["Invalid URL"]);
    desk.fetch(&server, ["boundaries", "--service", "LAD_DEC_2024_UK_BFC"]).refused(&["one layer"]);
}

#[test]
fn the_manifest_is_read() {
    let (server, desk) = (World::default().serve(), Desk::new());
    desk.fetch(&server, ["boundaries"]).well(&[]);
    let mut check = crate::support::hotspots(desk.path("").as_path());
    check.args(["boundaries", "check"]).arg(desk.official("area.toml"));
    crate::support::run(&mut check).well(&["Dudley (E08000027): every shape is valid"]);
}

#[test]
fn a_whole_force_comes_by_its_code() {
    let (server, desk) = (World::default().serve(), Desk::new());
    let given = ["boundaries", "--area", "E23000014", "--layers", "outline,ward,lsoa", "--vintage", "2024"];
    desk.fetch(&server, given).well(&[
        "police-force-2024.json: 1 areas",
        "local-authorities-2024.json: 2 areas",
        "wards-2024.json: 24 areas",
        "lsoa-2021.json: 5 areas",
        "West Midlands:",
    ]);
    let manifest = desk.path("official/E23000014/area.toml");
    let set = hotspots::boundary::manifest::load(&manifest).unwrap();
    assert_eq!((set.code.as_str(), set.name.as_str()), ("E23000014", "West Midlands"));
    assert_eq!(set.ids(), ["ward", "lsoa", "district"]);
    let names: Vec<_> =
        set.layer("district").unwrap().1.areas.iter().map(|area| area.name.as_str()).collect();
    assert_eq!(names, ["Dudley", "Sandwell"]);
    desk.fetch(&server, ["population", "--area", "E23000014"]).well(&["population-ward-2024.csv"]);
    desk.fetch(&server, ["boundaries", "--area", "E23000099", "--layers", "outline"]).refused(&["E23000099"]);
}
