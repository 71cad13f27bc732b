//! Several areas in one service.

use std::{collections::HashMap, fs, path::PathBuf, sync::OnceLock};

use serde_json::Value;

use crate::app::TestApp;

/// Half of the demonstration's wards as a borough of its own, whose outline is their union.
const MANIFEST: &str = r#"
name = "The south"
code = "E08000099"
grid = "EPSG:27700"
schematic = true

[[layer]]
id = "ward"
title = "Wards"
file = "wards.geojson"
id_field = "code"
name_field = "name"
vintage = "half"
licence = "none"
"#;

/// Which wards it has.
const WARDS: [&str; 4] = ["E05001237", "E05001244", "E05001245", "E05001246"];

fn manifest() -> PathBuf {
    let folder =
        tempfile::Builder::new().prefix("areas-").tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap().keep();
    let wards =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/boundaries/dudley-wards.geojson")).unwrap();
    let mut wards: Value = serde_json::from_str(&wards).unwrap();
    let is_one = |feature: &Value| WARDS.contains(&feature["properties"]["code"].as_str().unwrap());
    wards["features"].as_array_mut().unwrap().retain(is_one);
    fs::write(folder.join("wards.geojson"), wards.to_string()).unwrap();
    fs::write(folder.join("south.toml"), MANIFEST).unwrap();
    folder.join("south.toml")
}

fn app() -> &'static TestApp {
    static APP: OnceLock<TestApp> = OnceLock::new();
    APP.get_or_init(|| {
        let manifest = manifest();
        let app = TestApp::start(&["--demonstration", "--further-area", manifest.to_str().unwrap()]);
        fs::remove_dir_all(manifest.parent().unwrap()).unwrap();
        app
    })
}

/// An answer below an area's address, which the description has at the root.
fn below(address: &str) -> Value {
    let exchange = app().ask_unchecked("GET", &format!("/areas/E08000099{address}"), &[], b"");
    assert_eq!(exchange.status, 200, "{address}: {}", exchange.text());
    exchange.json()
}

#[test]
fn areas_are_listed_with_where_each_begins() {
    let areas = app().get("/areas").expect(200).json();
    let told: Vec<_> = areas.as_array().unwrap().iter().map(|area| area["code"].as_str().unwrap()).collect();
    assert_eq!(told, ["E08000027", "E08000099"]);
    assert_eq!(areas[0]["links"][0]["href"], format!("{}/", app().base));
    assert_eq!(areas[1]["links"][0]["href"], format!("{}/areas/E08000099/", app().base));
    assert_eq!(below("/areas"), areas);
    let alone = TestApp::shared().get("/areas").expect(200).json();
    assert_eq!(alone.as_array().unwrap().len(), 1);
}

#[test]
fn each_area_is_a_whole_service() {
    let summary = below("/summaries/ward?period=2025-01/2025-12&compare=none");
    let whole = app().get("/summaries/ward?period=2025-01/2025-12&compare=none").expect(200).json();
    let rows = |answer: &Value| answer["rows"].as_array().unwrap().clone();
    let counts = |answer: &Value| -> Vec<(String, u64)> {
        let of = |row: &Value| (row["code"].as_str().unwrap().to_owned(), row["count"].as_u64().unwrap());
        rows(answer).iter().map(of).filter(|(code, _)| WARDS.contains(&code.as_str())).collect()
    };
    assert_eq!(rows(&summary).len(), 4);
    assert_eq!(counts(&summary), counts(&whole));
    assert_eq!(summary["method"]["area_code"], "E08000099");
}

#[test]
fn links_stay_in_the_area() {
    let prefix = format!("{}/areas/E08000099/", app().base);
    for address in ["/", "/collections", "/collections/wards/items", "/summaries/ward", "/tiles", "/styles"] {
        let text = below(address).to_string();
        let own = text.matches(&prefix).count();
        let all = text.matches(&format!("{}/", app().base)).count();
        assert!(own > 0 && own == all, "{address}: {own} of {all} links lead to the area: {text}");
    }
    let permalink = below("/summaries/ward?compare=none")["method"]["permalink"].as_str().unwrap().to_owned();
    assert!(permalink.starts_with(&format!("{prefix}summaries/ward?")), "{permalink}");
}

#[test]
fn the_same_question_of_two_areas_is_not_answered_by_one() {
    let tag = |address: &str| app().ask_unchecked("GET", address, &[], b"").header("etag");
    let (one, other) = (tag("/summaries/ward"), tag("/areas/E08000099/summaries/ward"));
    assert!(one.is_some() && other.is_some() && one != other);
    assert_eq!(tag("/areas/E08000027/summaries/ward"), one, "the first area stands below its code too");
}

#[test]
fn a_code_that_is_none_is_told() {
    let refused = app().ask_unchecked("GET", "/areas/E08000028/layers", &[], b"");
    assert_eq!(refused.status, 404);
    assert!(
        refused.text().contains("E08000028") && refused.text().contains("E08000099"),
        "{}",
        refused.text()
    );
    assert_eq!(app().ask_unchecked("GET", "/areas/", &[], b"").status, 404);
    assert_eq!(app().ask_unchecked("GET", "/areas/E08000099/nothing", &[], b"").status, 404);
}

#[test]
fn incidents_across_the_border_count_for_the_density_where_that_is_asked() {
    let asked = "/analysis/density?period=2025-01/2025-12&bandwidth_m=600&cell_m=100&f=json";
    let (without, with) = (below(asked), below(&format!("{asked}&across_border=true")));
    let sum = |answer: &Value| cells(answer).values().sum::<f64>();
    let parameters = |answer: &Value| answer["method"]["parameters"].clone();
    assert!(sum(&with) > sum(&without), "{} {}", sum(&with), sum(&without));
    assert_eq!(parameters(&without)["across_border"], false);
    assert_eq!(parameters(&with)["across_border"], true);
    assert_eq!(parameters(&with)["reach_m"], 600.0);
    assert!(parameters(&with)["incidents_beyond"].as_u64().unwrap() > 0);
    assert_eq!(with["method"]["incidents"], without["method"]["incidents"], "counts are of those inside");
    let refused = app().ask_unchecked("GET", &format!("{asked}&across_border=true&edge=diggle"), &[], b"");
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("across_border"), "{}", refused.text());
}

#[test]
fn across_the_border_the_density_is_that_of_one_without_a_border() {
    let asked =
        "/analysis/density?period=2025-01/2025-12&bandwidth_m=600&cell_m=100&f=json&across_border=true";
    let south = cells(&below(asked));
    let whole = cells(&app().get(asked).expect(200).json());
    let shared: Vec<_> = south.iter().filter_map(|(at, value)| Some((value, whole.get(at)?))).collect();
    assert!(
        shared.len() > 1000 && shared.len() * 10 > south.len() * 9,
        "{} of {}",
        shared.len(),
        south.len()
    );
    for (one, other) in shared {
        assert!((one - other).abs() <= 1e-6 * other.max(1.0), "{one} {other}");
    }
}

/// The cells of a raster inside its study area, by their south-western corner in metres.
fn cells(raster: &Value) -> HashMap<(u64, u64), f64> {
    let number = |name: &str| raster[name].as_f64().unwrap();
    let (east, north, side) = (number("origin_easting_m"), number("origin_northing_m"), number("cell_m"));
    let corner = |origin: f64, count: usize| (origin + side * count as f64).round().to_bits();
    let mut cells = HashMap::new();
    for (row, values) in raster["values"].as_array().unwrap().iter().enumerate() {
        for (column, value) in values.as_array().unwrap().iter().enumerate() {
            if let Some(value) = value.as_f64() {
                cells.insert((corner(east, column), corner(north, row)), value);
            }
        }
    }
    cells
}
