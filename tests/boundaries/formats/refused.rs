//! What is told of files that are no boundary file or a broken one.

use std::fs;

use tempfile::TempDir;

use super::fixtures::{
    Members, WGS84_PRJ, arcgis_set, areas, faults, faults_of, geojson, kml, load_noted, wards,
    write_geopackage, write_shapefile, zipped,
};

#[test]
fn what_is_no_data_is_told_as_what_it_is() {
    let cases: [(&str, &[u8], &str); 14] = [
        ("w.geojson", b"<!DOCTYPE html><html>", "it is a web page and no data"),
        ("w.kml", b"\n <html lang='en'>", "it is a web page and no data"),
        ("w.shp", b"shape", "it is none of the formats that are read: GeoJSON, "),
        ("w.gpkg", b"SQLite format 3\0 and no more", "it cannot be read as a GeoPackage: "),
        ("w.kml", b"<?xml version='1.0'?><gpx></gpx>", "it is XML, but no KML"),
        ("w.kml", b"<kml><Document></Document></kml>", "it has no Placemark"),
        ("w.kml", b"<kml><Document><Placemark><name>A", "it is cut off: it ends within <name>"),
        ("w.kml", b"<kml>\n<Document></Folder></kml>", "line 2: it is not XML: "),
        ("w.kml", b"<kml><name>&bomb;</name></kml>", "line 1: '&bomb;' is not known in XML"),
        ("w.zip", b"PK\x03\x04 and no more", "it is cut off or no zip archive: "),
        (
            "w.json",
            br#"{"error":{"code":400,"message":"Invalid query parameters","details":[]}}"#,
            "it is no data but an error of the service that was asked: 400 'Invalid query parameters'",
        ),
        (
            "w.json",
            br#"{"features":[{"attributes":{"a":1}}],"exceededTransferLimit":true}"#,
            "it says 'exceededTransferLimit': features are missing",
        ),
        (
            "w.geojson",
            br#"{"type":"FeatureCollection","properties":{"exceededTransferLimit":true},"features":[{}]}"#,
            "it says 'exceededTransferLimit': features are missing",
        ),
        ("w.geojson", b"\xff\xfe{}", "it is not UTF-8 text"),
    ];
    for (name, bytes, expected) in cases {
        let told = faults_of(name, bytes);
        assert!(told.starts_with(&format!("{name}: {expected}")), "{told}\n{expected}");
    }
}

#[test]
fn elements_that_lie_too_deep_are_refused_and_do_no_harm() {
    for depth in [200, 1_000_000] {
        let deep = format!("<kml>{}", "<Folder>".repeat(depth));
        let told = faults_of("w.kml", deep.as_bytes());
        assert_eq!(told, "w.kml: line 1: elements lie more than 100 deep in each other");
    }
    let deep = format!("{}1{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
    assert!(faults_of("w.json", deep.as_bytes()).starts_with("w.json: "));
    let geometry = format!(
        r#"{{"type":"FeatureCollection","features":[{{"properties":{{"code":"A","name":"A"}},"geometry":{{"type":"Polygon","coordinates":{deep}}}}}]}}"#
    );
    assert!(
        faults_of("w.geojson", geometry.as_bytes())
            .starts_with("w.geojson: feature 1 (A A): its geometry is")
    );
}

#[test]
fn shapefiles_whose_files_do_not_fit_are_refused() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    write_shapefile(folder, Some("PROJCS[\"Local\",UNIT[\"Meter\",1.0]]"));
    let told = faults(folder, "wards.shp", "");
    assert_eq!(
        told,
        "wards.shp: its .prj says 'Local' without an EPSG code, which is not understood; \
         give it as 'crs' in the manifest"
    );
    assert_eq!(areas(folder, "wards.shp", "crs = 'EPSG:4326'").len(), 3);
    fs::remove_file(folder.join("wards.prj")).unwrap();

    let (shp, dbf) =
        (fs::read(folder.join("wards.shp")).unwrap(), fs::read(folder.join("wards.dbf")).unwrap());
    let put = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).unwrap();
    put("wards.cpg", b"KLINGON");
    let told = faults(folder, "wards.shp", "");
    assert!(told.contains("its .cpg says 'KLINGON', which is no encoding that is known"), "{told}");
    put("wards.cpg", b"UTF-8");

    // The second record is marked as deleted, and its shape goes with it.
    let (header, record) = (usize::from(dbf[8]) + 256 * usize::from(dbf[9]), usize::from(dbf[10]));
    let mut marked = dbf.clone();
    marked[header + record] = b'*';
    put("wards.dbf", &marked);
    let codes: Vec<_> = areas(folder, "wards.shp", "").into_iter().map(|area| area.code.0).collect();
    assert_eq!(codes, ["W1", "W3"]);

    put("wards.dbf", &dbf[..dbf.len() - 40]);
    let told = faults(folder, "wards.shp", "");
    assert_eq!(told, "wards.shp: its .dbf is cut off: records are missing");
    let mut fewer = dbf.clone();
    fewer[4] = 2;
    put("wards.dbf", &fewer);
    let told = faults(folder, "wards.shp", "");
    assert!(
        told.ends_with("its .shp has 3 shapes, its .dbf 2 records: one of them is of another file"),
        "{told}"
    );
    put("wards.dbf", &dbf);
    for length in [50, 110, shp.len() - 8] {
        put("wards.shp", &shp[..length]);
        let told = faults(folder, "wards.shp", "");
        assert!(told.starts_with("wards.shp: its .shp cannot be read: "), "{length}: {told}");
    }
    put("wards.shp", &shp);
    fs::remove_file(folder.join("wards.dbf")).unwrap();
    let told = faults(folder, "wards.shp", "");
    assert_eq!(told, "wards.shp: there is no .dbf beside the .shp, and so there are no codes and names");
}

#[test]
fn archives_that_leave_a_choice_are_refused() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let cases: [(&str, Members<'_>, &str); 6] = [
        (
            "two.zip",
            &[("a.shp", b"x"), ("b.shp", b"x")],
            "there are 2 boundary files in it (a.shp, b.shp); unpack the one that is meant",
        ),
        (
            "none.zip",
            &[("readme.txt", b"x")],
            "there is no boundary file in it: none of its members ends in shp, ",
        ),
        ("none.kmz", &[("a.geojson", b"{}")], "there is no .kml in it"),
        ("false.zip", &[("../a.shp", b"x")], "../a.shp: it is no shapefile"),
        ("inner.zip", &[("a.kml", b"PK\x03\x04")], "a.kml: an archive inside an archive is not opened"),
        ("page.zip", &[("a.kml", b"<html>")], "a.kml: it is a web page and no data"),
    ];
    for (name, members, expected) in cases {
        zipped(&folder.join(name), members);
        let told = faults(folder, name, "");
        assert!(told.starts_with(&format!("{name}: {expected}")), "{told}");
    }
}

#[test]
fn hostile_bytes_of_every_format_are_faults_and_no_panics() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    write_shapefile(folder, Some(WGS84_PRJ));
    write_geopackage(&folder.join("wards.gpkg"), &["wards"]);
    zipped(&folder.join("wards.zip"), &[("wards.geojson", geojson().as_bytes())]);
    fs::write(folder.join("wards.kml"), kml()).unwrap();
    fs::write(folder.join("wards.json"), arcgis_set(&wards(), "")).unwrap();
    let mut state = 7_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for name in ["wards.shp", "wards.dbf", "wards.gpkg", "wards.zip", "wards.kml", "wards.json"] {
        let whole = fs::read(folder.join(name)).unwrap();
        let file = name.replace(".dbf", ".shp");
        for _ in 0..60 {
            let mut bytes = whole.clone();
            for _ in 0..=next(6) {
                let at = next(bytes.len());
                bytes[at] = u8::try_from(next(256)).unwrap();
            }
            if next(3) == 0 {
                bytes.truncate(next(whole.len()));
            }
            fs::write(folder.join(name), bytes).unwrap();
            if let Err(told) = load_noted(folder, &file, "") {
                assert!(!told.to_string().is_empty());
            }
        }
        fs::write(folder.join(name), whole).unwrap();
    }
}
