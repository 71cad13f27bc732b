//! The same wards in every format that is read.

mod fixtures;
mod refused;

use std::fs;

use rusqlite::Connection;
use tempfile::TempDir;

use fixtures::{
    Ring, WGS84_PRJ, arcgis_set, areas, faults, features, geojson, json_ring, kml, load_by, load_noted,
    square, turned, wards, write_geopackage, write_shapefile, zipped,
};

#[test]
fn every_format_gives_the_same_areas() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let put = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    put("wards.geojson", &geojson());
    let expected = areas(folder, "wards.geojson", "");
    assert_eq!(expected.len(), 3);
    assert_eq!(expected[1].name, "Ynys Môn");
    let km2: Vec<_> = expected.iter().map(|ward| ward.area.km2()).collect();
    // A thousandth of a degree is 68 m to the east and 111 m to the north.
    for (km2, squares) in km2.iter().zip([100.0, 91.0, 100.0 - 36.0 + 4.0 + 25.0]) {
        assert!((km2 / squares - 0.068 * 0.111).abs() < 2e-4, "{km2} {squares}");
    }

    put("wards.ndjson", &features().join("\n"));
    let pages =
        [arcgis_set(&wards()[..2], r#""exceededTransferLimit":true,"#), arcgis_set(&wards()[2..], "")];
    put("wards.json", &arcgis_set(&wards(), ""));
    put("array.json", &format!("[{}]", pages.join(",")));
    put("pages.json", &pages.join("\n"));
    put("wards.kml", &kml());
    write_shapefile(folder, Some(WGS84_PRJ));
    write_geopackage(&folder.join("wards.gpkg"), &["wards"]);
    let read = |name: &str| fs::read(folder.join(name)).unwrap();
    zipped(&folder.join("wards.kmz"), &[("images/a.png", b"?"), ("doc.kml", kml().as_bytes())]);
    zipped(&folder.join("json.zip"), &[("a/wards.geojson", geojson().as_bytes()), ("readme.txt", b"?")]);
    zipped(&folder.join("gpkg.zip"), &[("wards.gpkg", &read("wards.gpkg"))]);
    zipped(
        &folder.join("shp.zip"),
        &[
            ("__MACOSX/._Wards.shp", b"?"),
            ("d/Wards.shp", &read("wards.shp")),
            ("d/Wards.DBF", &read("wards.dbf")),
            ("d/wards.prj", &read("wards.prj")),
            ("d/Wards.cpg", b"UTF-8"),
            ("d/Wards.json", b"{}"),
        ],
    );
    // Names say nothing where the first bytes do.
    fs::copy(folder.join("wards.gpkg"), folder.join("no-ending")).unwrap();
    for file in [
        "wards.ndjson",
        "wards.json",
        "array.json",
        "pages.json",
        "wards.kml",
        "wards.shp",
        "wards.gpkg",
        "wards.kmz",
        "json.zip",
        "gpkg.zip",
        "shp.zip",
        "no-ending",
    ] {
        assert_eq!(areas(folder, file, ""), expected, "{file}");
        assert_eq!(areas(folder, file, "crs = 'EPSG:4326'"), expected, "{file}");
    }
    for (file, place) in [
        ("wards.json", "its 'spatialReference' says 'EPSG:4326'"),
        ("wards.shp", "its .prj says 'GCS_WGS_1984'"),
        ("wards.gpkg", "its 'srs_id' says 'EPSG:4326'"),
        ("wards.kml", "KML always says 'EPSG:4326'"),
        ("shp.zip", "its .prj says 'GCS_WGS_1984'"),
    ] {
        let told = faults(folder, file, "crs = 'EPSG:27700'");
        assert_eq!(told, format!("{file}: {place}, the manifest another coordinate system"));
    }
}

#[test]
fn fields_of_every_kind_may_be_codes() {
    let folder = TempDir::new().unwrap();
    write_shapefile(folder.path(), None);
    fs::write(folder.path().join("wards.kml"), kml()).unwrap();
    let codes = |file: &str, id_field: &str| -> Vec<String> {
        let (set, _) = load_by(folder.path(), file, id_field, "merge = true").unwrap();
        set.layers[0].areas.iter().map(|area| area.code.0.clone()).collect()
    };
    assert_eq!(codes("wards.shp", "number"), ["1", "2", "3"]);
    assert_eq!(codes("wards.kml", "description"), ["<b>1</b>"]);
    assert_eq!(codes("wards.kml", "old"), ["E050"]);
}

#[test]
fn one_of_several_tables_is_named() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    write_geopackage(&folder.join("two.gpkg"), &["wards 2024", "lad"]);
    assert_eq!(areas(folder, "two.gpkg", "table = 'wards 2024'").len(), 3);
    // As QGIS leaves it; and a name with what means something in addresses.
    let file = Connection::open(folder.join("two.gpkg")).unwrap();
    file.pragma_update(None, "journal_mode", "wal").unwrap();
    drop(file);
    fs::copy(folder.join("two.gpkg"), folder.join("50% #1?.gpkg")).unwrap();
    assert_eq!(areas(folder, "50% #1?.gpkg", "table = 'lad'").len(), 3);
    assert!(!folder.join("50% #1?.gpkg-wal").exists() && !folder.join("50% #1?.gpkg-shm").exists());
    assert_eq!(
        faults(folder, "two.gpkg", ""),
        "two.gpkg: it has several feature tables; name one as 'table' in the manifest: there are lad, wards 2024"
    );
    assert_eq!(
        faults(folder, "two.gpkg", "table = 'beats'"),
        "two.gpkg: it has no feature table 'beats'; there are lad, wards 2024"
    );
    fs::write(folder.join("wards.geojson"), geojson()).unwrap();
    let told = faults(folder, "wards.geojson", "table = 'wards'");
    assert_eq!(told, "wards.geojson: 'table' is for GeoPackages, and this is none");
}

#[test]
fn rings_that_are_wound_all_alike_are_told_apart_by_nesting() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let set = |rings: &[Ring]| {
        let rings: Vec<_> = rings.iter().map(json_ring).collect();
        format!(
            r#"{{"spatialReference":{{"wkid":4326}},"features":[{{"attributes":{{"code":7,"name":"A"}},"geometry":{{"rings":[{}]}}}}]}}"#,
            rings.join(",")
        )
    };
    let put = |text: String| fs::write(folder.join("w.json"), text).unwrap();
    let alike =
        [square(2.0, 2.0, 6.0), square(0.0, 0.0, 10.0), square(4.0, 4.0, 2.0), square(20.0, 0.0, 1.0)];
    put(set(&alike));
    let shape = areas(folder, "w.json", "")[0].grid.0.clone();
    let holes: Vec<_> = shape.iter().map(|part| part.interiors().len()).collect();
    assert_eq!(holes, [1, 0, 0]);
    put(set(&[turned(square(0.0, 0.0, 10.0)), square(20.0, 0.0, 1.0)]));
    assert_eq!(
        faults(folder, "w.json", ""),
        "w.json: feature 1 (7 A): ring 2 is a hole, as it runs anticlockwise, but lies in no exterior ring"
    );
    put(set(&[]));
    assert_eq!(faults(folder, "w.json", ""), "w.json: feature 1 (7 A): its MultiPolygon has no parts");
}

#[test]
fn features_with_one_code_are_merged_where_the_manifest_says_so() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let feature = |name: &str, ring: Ring| {
        let ring = json_ring(&ring);
        format!(
            r#"{{"type":"Feature","properties":{{"code":"A","name":"{name}"}},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}"#
        )
    };
    let put = |features: &[String]| fs::write(folder.join("w.ndjson"), features.join("\n")).unwrap();
    put(&[feature("One", square(0.0, 0.0, 4.0)), feature("Two", square(10.0, 0.0, 4.0))]);
    let told = faults(folder, "w.ndjson", "");
    assert_eq!(
        told,
        "w.ndjson: feature 2 (A Two): its code is also that of feature 1; codes are unique in a layer"
    );
    let apart = areas(folder, "w.ndjson", "merge = true");
    assert_eq!((apart.len(), apart[0].name.as_str(), apart[0].grid.0.0.len()), (1, "One", 2));
    put(&[feature("One", square(0.0, 0.0, 4.0)), feature("Two", square(2.0, 0.0, 4.0))]);
    let over = areas(folder, "w.ndjson", "merge = true");
    assert_eq!(over[0].grid.0.0.len(), 1);
    assert!((over[0].area.0 / apart[0].area.0 - 24.0 / 32.0).abs() < 1e-3, "{:?}", over[0].area);
}

#[test]
fn a_ring_that_touches_itself_is_taken_apart_and_told_of() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let ring = "[[390000,290000],[390050,290050],[390100,290000],[390100,290100],[390050,290050],\
                [390000,290100],[390000,290000]]";
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[{{"properties":{{"code":"A","name":"Both"}},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}]}}"#
    );
    fs::write(folder.join("w.geojson"), text).unwrap();
    let (set, notes) = load_noted(folder, "w.geojson", "crs = 'EPSG:27700'").unwrap();
    let [note] = &notes[..] else { panic!("one note") };
    assert_eq!(
        note.to_string(),
        "w.geojson: feature 1 (A Both): exterior ring touches itself, first at easting 390050.0 northing 290050.0, \
         and is read as 2 rings"
    );
    let area = &set.layers[0].areas[0];
    assert_eq!(area.grid.0.0.len(), 2);
    assert!((area.area.0 - 5000.0).abs() < 1e-6);
}
