//! Whole layers as files, and surfaces as `GeoTIFF`.

use std::collections::BTreeMap;

use flatgeobuf::{FallibleStreamingIterator, FeatureProperties, FgbReader};
use rusqlite::{Connection, MAIN_DB};
use serde_json::Value;

use crate::{app::TestApp, exchange::Exchange};

const TYPES: [(&str, &str); 4] = [
    ("geojson", "application/geo+json"),
    ("csv", "text/csv"),
    ("fgb", "application/flatgeobuf"),
    ("gpkg", "application/geopackage+sqlite3"),
];

fn get(address: &str) -> Exchange {
    TestApp::shared().get(address).expect(200)
}

fn database(bytes: &[u8]) -> Connection {
    let mut file = Connection::open_in_memory().unwrap();
    file.deserialize_read_exact(MAIN_DB, bytes, bytes.len(), true).unwrap();
    file
}

/// Ids and counts of a file's features, in its order.
fn counts(fgb: &[u8]) -> Vec<(String, i64)> {
    let mut all = FgbReader::open(std::io::Cursor::new(fgb)).unwrap().select_all().unwrap();
    let mut found = Vec::new();
    while let Some(feature) = all.next().unwrap() {
        found.push((feature.property("id").unwrap(), feature.property("count").unwrap()));
    }
    found
}

fn counts_of_json(features: &Value) -> Vec<(String, i64)> {
    let features = features["features"].as_array().unwrap().iter();
    features
        .map(|feature| {
            let count = feature["properties"]["count"].as_i64().unwrap();
            (feature["id"].as_str().unwrap().to_owned(), count)
        })
        .collect()
}

#[test]
fn collections_lead_to_their_files() {
    for id in ["wards", "borough", "incidents", "priorities", "burglary-hex", "burglary-hotspots"] {
        let collection = get(&format!("/collections/{id}")).json();
        let links = collection["links"].as_array().unwrap().iter();
        let files: BTreeMap<_, _> = links
            .filter(|link| link["rel"] == "enclosure")
            .map(|link| (link["type"].as_str().unwrap(), link["href"].as_str().unwrap()))
            .collect();
        assert_eq!(files.len(), TYPES.len());
        for (ending, media_type) in TYPES {
            let found = files.iter().find(|(known, _)| known.starts_with(media_type)).unwrap().1;
            let path = found.strip_prefix(&TestApp::shared().base).unwrap();
            assert_eq!(path, format!("/downloads/{id}.{ending}"));
            let file = get(path);
            assert_eq!(file.media_type().as_deref(), Some(media_type));
            let named = format!("attachment; filename=\"{id}.{ending}\"");
            assert_eq!(file.header("content-disposition"), Some(named));
        }
    }
}

#[test]
fn every_file_has_the_features_of_the_layer() {
    let items = get("/collections/violence-hex/items?limit=10000").json();
    let mut expected = counts_of_json(&items);
    assert_eq!(counts_of_json(&get("/downloads/violence-hex.geojson").json()), expected);
    let (header, rows) = get("/downloads/violence-hex.csv").csv();
    assert_eq!((header[0].as_str(), header[1].as_str()), ("hex_id", "count"));
    assert_eq!(header.last().map(String::as_str), Some("id"));
    let of_csv: Vec<_> =
        rows.iter().map(|row| (row[row.len() - 1].clone(), row[1].parse::<i64>().unwrap())).collect();
    assert_eq!(of_csv, expected);
    let file = database(&get("/downloads/violence-hex.gpkg").plain());
    let mut select = file.prepare("SELECT id, count FROM \"violence-hex\" ORDER BY fid").unwrap();
    let of_gpkg = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    assert_eq!(of_gpkg.collect::<Result<Vec<(String, i64)>, _>>().unwrap(), expected);
    // Features with an index stand in the order of the index.
    let mut of_fgb = counts(&get("/downloads/violence-hex.fgb").plain());
    of_fgb.sort();
    expected.sort();
    assert_eq!(of_fgb, expected);
}

#[test]
fn files_take_the_parameters_of_the_layer() {
    let asked = "resolution=8&empty=omit&sortby=-count&filter=count%3E2";
    let items = get(&format!("/collections/violence-hex/items?limit=10000&{asked}")).json();
    let expected = counts_of_json(&items);
    assert!(!expected.is_empty() && expected.is_sorted_by(|a, b| a.1 >= b.1));
    assert_eq!(counts(&get(&format!("/downloads/violence-hex.fgb?{asked}")).plain()), expected);
    let (header, _) = get("/downloads/wards.csv?properties=name").csv();
    assert_eq!(header, ["name", "id"]);
    let boxed = get("/downloads/incidents.geojson?bbox=-2.15,52.45,-2.1,52.5").json();
    assert!(boxed["numberMatched"].as_u64().unwrap() > 0);
}

#[test]
fn files_of_geographic_clients_are_on_the_national_grid() {
    for (crs, srs, easterly) in [("", 27_700, 350_000.0..430_000.0), ("?crs=EPSG:4326", 4326, -2.4..-1.9)] {
        let file = database(&get(&format!("/downloads/wards.gpkg{crs}")).plain());
        let (found, west): (i64, f64) = file
            .query_row("SELECT srs_id, min_x FROM gpkg_contents WHERE table_name = 'wards'", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        assert_eq!(found, srs);
        assert!(easterly.contains(&west), "{west}");
        let fgb = get(&format!("/downloads/wards.fgb{crs}")).plain();
        let reader = FgbReader::open(std::io::Cursor::new(&fgb)).unwrap();
        let header = reader.header();
        assert_eq!(header.crs().map(|crs| i64::from(crs.code())), Some(srs));
        assert!(easterly.contains(&header.envelope().unwrap().get(0)));
    }
}

#[test]
fn one_file_has_every_layer() {
    let collections = get("/collections").json();
    let mut expected: Vec<_> = collections["collections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|collection| collection["id"].as_str().unwrap().to_owned())
        .collect();
    expected.sort();
    let file = database(&get("/downloads/all.gpkg").plain());
    let mut select =
        file.prepare("SELECT table_name FROM gpkg_contents WHERE data_type = 'features' ORDER BY 1").unwrap();
    let found = select.query_map([], |row| row.get::<_, String>(0)).unwrap();
    assert_eq!(found.map(Result::unwrap).collect::<Vec<_>>(), expected);
    let mut select = file
        .prepare(
            "SELECT f_table_name FROM layer_styles WHERE useAsDefault AND styleQML LIKE '%<qgis%' ORDER BY 1",
        )
        .unwrap();
    let styled = select.query_map([], |row| row.get::<_, String>(0)).unwrap();
    assert_eq!(
        styled.map(Result::unwrap).collect::<Vec<_>>(),
        expected,
        "each has one style that is the usual one"
    );
}

#[test]
fn a_file_of_nothing_is_a_file() {
    for (ending, media_type) in TYPES {
        let file = get(&format!("/downloads/wards.{ending}?name=nowhere"));
        assert_eq!(file.media_type().as_deref(), Some(media_type));
    }
}

#[test]
fn files_come_in_parts_that_fit_together() {
    let app = TestApp::shared();
    for address in [
        "/downloads/burglary-density.tif",
        "/analysis/density?priority=burglary&f=tiff",
        "/analysis/risk?priority=burglary&f=tiff&cell_m=200",
        "/downloads/burglary-hex.gpkg",
        "/downloads/burglary-hex.fgb",
    ] {
        let whole = get(address);
        let length = whole.body.len();
        let head = app.ask("HEAD", address, &[], b"").expect(200);
        assert_eq!(head.header("content-length"), Some(length.to_string()), "{address}");
        assert_eq!(head.header("etag"), whole.header("etag"));
        let mut joined = Vec::new();
        let step = length / 3 + 1;
        for from in (0..length).step_by(step) {
            let range = format!("bytes={from}-{}", from + step - 1);
            let part = app.get_with(address, &[("range", &range)]).expect(206);
            joined.extend(part.body);
        }
        assert!(joined == whole.body, "{address}");
    }
}

#[test]
fn surfaces_say_what_they_are() {
    for (form, title, unit) in [
        ("intensity", "incidents per km2", "1/km2"),
        ("absolute", "incidents per cell", "1"),
        ("probability", "share of all incidents", "1"),
    ] {
        let asked = format!("priority=burglary&form={form}&cell_m=200");
        let file = get(&format!("/analysis/density?f=tiff&{asked}")).plain();
        assert_eq!(&file[..4], b"II\x2a\0");
        let text = String::from_utf8_lossy(&file);
        let from = text.find("<GDALMetadata>").unwrap();
        let until = text[from..].find("</GDALMetadata>").unwrap();
        let xml = &text[from..from + until + "</GDALMetadata>".len()];
        let document = roxmltree::Document::parse(xml).unwrap();
        let item = |name: &str| {
            let items = document.root_element().children();
            let item = items.into_iter().find(|item| item.attribute("name") == Some(name));
            item.and_then(|item| item.text()).unwrap_or_else(|| panic!("{name} in {xml}"))
        };
        assert_eq!((item("DESCRIPTION"), item("UNITTYPE"), item("method")), (title, unit, "density"));
        let raster = get(&format!("/analysis/density?f=json&{asked}")).json();
        assert_eq!(item("period"), raster["method"]["period"].as_str().unwrap());
        assert_eq!(item("title"), raster["title"].as_str().unwrap());
    }
}

#[test]
fn pages_come_as_flatgeobuf_and_lead_on() {
    let page = get("/collections/violence-hex/items?f=fgb&limit=7&sortby=-count");
    let expected = get("/collections/violence-hex/items?limit=7&sortby=-count").json();
    assert_eq!(counts(&page.plain()), counts_of_json(&expected));
    let next = page.header("link").unwrap();
    assert!(next.contains("rel=\"next\"; type=\"application/flatgeobuf\""), "{next}");
    assert!(next.contains("f=fgb") && next.contains("offset=7"));
}

#[test]
fn files_that_there_are_not_are_told_with_those_that_there_are() {
    let app = TestApp::shared();
    for file in ["wards", "wards.shp", "wards.tif", "all.csv", "nothing.gpkg", ".gpkg", "wards."] {
        let answer = app.get(&format!("/downloads/{file}")).expect(404);
        assert!(
            answer.text().contains(if file.ends_with("csv") || file.contains("gpkg") {
                "violence-hex"
            } else {
                "gpkg"
            }),
            "{file}"
        );
    }
    for (address, parameter) in [
        ("wards.gpkg?f=csv", "f"),
        ("wards.gpkg?limit=5", "limit"),
        ("wards.gpkg?crs=EPSG:1", "crs"),
        ("all.gpkg?period=2024-01", "period"),
        ("burglary-density.tif?sortby=class", "sortby"),
        ("burglary-density.tif?form=none", "form"),
        ("burglary-density.gpkg?form=absolute", "form"),
    ] {
        let answer = app.get(&format!("/downloads/{address}")).expect(400);
        assert!(answer.text().contains(&format!("query parameter {parameter}")), "{address}");
    }
}
