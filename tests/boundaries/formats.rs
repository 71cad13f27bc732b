//! The same wards in every format that is read, and what is told of files that are none.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
};

use hotspots::{
    boundary::{BoundaryFaults, BoundaryNote, manifest},
    model::{Area, BoundarySet},
};
use rusqlite::Connection;
use shapefile::{
    Point, Polygon, PolygonRing,
    dbase::{self, FieldValue, TableWriterBuilder},
};
use tempfile::TempDir;

type Ring = Vec<(f64, f64)>;

struct Ward {
    code: &'static str,
    name: &'static str,
    /// Exteriors run anticlockwise, holes clockwise.
    parts: Vec<Vec<Ring>>,
}

/// A square in degrees west of Dudley's middle, anticlockwise; sides in thousandths of a degree.
fn square(west: f64, south: f64, side: f64) -> Ring {
    let at = |x: f64, y: f64| (-2.1 + (west + x) / 1000.0, 52.5 + (south + y) / 1000.0);
    vec![at(0.0, 0.0), at(side, 0.0), at(side, side), at(0.0, side), at(0.0, 0.0)]
}

fn turned(mut ring: Ring) -> Ring {
    ring.reverse();
    ring
}

/// A plain ward, one with a hole, and one of two parts, the first of which has an island in its lake.
fn wards() -> Vec<Ward> {
    vec![
        Ward { code: "W1", name: "Brierley Hill & Pensnett", parts: vec![vec![square(0.0, 0.0, 10.0)]] },
        Ward {
            code: "W2",
            name: "Ynys Môn",
            parts: vec![vec![square(20.0, 0.0, 10.0), turned(square(22.0, 2.0, 3.0))]],
        },
        Ward {
            code: "W3",
            name: "St Thomas's",
            parts: vec![
                vec![square(40.0, 0.0, 10.0), turned(square(42.0, 2.0, 6.0))],
                vec![square(44.0, 4.0, 2.0)],
                vec![square(60.0, 0.0, 5.0)],
            ],
        },
    ]
}

fn json_ring(ring: &Ring) -> String {
    let positions: Vec<_> = ring.iter().map(|(x, y)| format!("[{x},{y}]")).collect();
    format!("[{}]", positions.join(","))
}

fn features() -> Vec<String> {
    let part = |rings: &Vec<Ring>| format!("[{}]", rings.iter().map(json_ring).collect::<Vec<_>>().join(","));
    wards()
        .iter()
        .map(|ward| {
            let parts: Vec<_> = ward.parts.iter().map(part).collect();
            format!(
                r#"{{"type":"Feature","properties":{{"code":"{}","name":"{}"}},"geometry":{{"type":"MultiPolygon","coordinates":[{}]}}}}"#,
                ward.code,
                ward.name,
                parts.join(",")
            )
        })
        .collect()
}

fn geojson() -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features().join(","))
}

/// The rings of a ward as Esri has them: exteriors clockwise; here also the last ring first.
fn esri_rings(ward: &Ward) -> Vec<Ring> {
    ward.parts.iter().flatten().rev().cloned().map(turned).collect()
}

fn arcgis_set(wards: &[Ward], more: &str) -> String {
    let features: Vec<_> = wards
        .iter()
        .map(|ward| {
            let rings: Vec<_> = esri_rings(ward).iter().map(json_ring).collect();
            format!(
                r#"{{"attributes":{{"OBJECTID":1,"code":"{}","name":"{}"}},"geometry":{{"rings":[{}]}}}}"#,
                ward.code,
                ward.name,
                rings.join(",")
            )
        })
        .collect();
    format!(
        r#"{{"geometryType":"esriGeometryPolygon","spatialReference":{{"wkid":4326,"latestWkid":4326}},{more}"features":[{}]}}"#,
        features.join(",")
    )
}

fn kml() -> String {
    let coordinates = |ring: &Ring| {
        let positions: Vec<_> = ring.iter().map(|(x, y)| format!("{x},{y},0")).collect();
        format!("<LinearRing><coordinates>\n{}\n</coordinates></LinearRing>", positions.join("\n "))
    };
    let polygon = |rings: &Vec<Ring>| {
        let holes: String = rings[1..]
            .iter()
            .map(|hole| format!("<innerBoundaryIs>{}</innerBoundaryIs>", coordinates(hole)))
            .collect();
        let exterior = coordinates(&rings[0]);
        format!(
            "<Polygon><tessellate>1</tessellate><outerBoundaryIs>{exterior}</outerBoundaryIs>{holes}</Polygon>"
        )
    };
    let placemarks: Vec<String> = wards()
        .iter()
        .map(|ward| {
            let parts: String = ward.parts.iter().map(polygon).collect();
            let name = ward.name.replace('&', "&amp;").replace('\'', "&#39;");
            format!(
                "<Placemark><name>{name}</name><description><![CDATA[<b>1</b>]]></description><Style/>\
                 <ExtendedData><Data name=\"code\"><displayName>Code</displayName><value>{}</value></Data>\
                 <SchemaData><SimpleData name=\"old\">E05&#48;</SimpleData></SchemaData></ExtendedData>\
                 <MultiGeometry><Point><coordinates>-2,52</coordinates></Point>{parts}</MultiGeometry></Placemark>",
                ward.code
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document>\
         <name>Wards</name>{}<Folder><name>more</name><Folder>{}</Folder></Folder></Document></kml>",
        placemarks[0],
        placemarks[1..].concat()
    )
}

fn write_shapefile(folder: &Path, prj: Option<&str>) {
    let table = TableWriterBuilder::new()
        .add_character_field("code".try_into().unwrap(), 10)
        .add_character_field("name".try_into().unwrap(), 40)
        .add_numeric_field("number".try_into().unwrap(), 10, 0);
    let mut writer = shapefile::Writer::from_path(folder.join("wards.shp"), table).unwrap();
    for (ward, number) in wards().iter().zip(1_u32..) {
        // The last ring first, as nothing says that exteriors come first.
        let mut rings = Vec::new();
        for (place, ring) in ward.parts.iter().flat_map(|rings| rings.iter().enumerate()) {
            let points = ring.iter().map(|&(x, y)| Point::new(x, y)).collect();
            let ring = if place == 0 { PolygonRing::Outer(points) } else { PolygonRing::Inner(points) };
            rings.insert(0, ring);
        }
        let mut record = dbase::Record::default();
        record.insert("code".to_owned(), FieldValue::Character(Some(ward.code.to_owned())));
        record.insert("name".to_owned(), FieldValue::Character(Some(ward.name.to_owned())));
        record.insert("number".to_owned(), FieldValue::Numeric(Some(f64::from(number))));
        writer.write_shape_and_record(&Polygon::with_rings(rings), &record).unwrap();
    }
    drop(writer);
    if let Some(prj) = prj {
        fs::write(folder.join("wards.prj"), prj).unwrap();
    }
    fs::write(folder.join("wards.cpg"), "UTF-8").unwrap();
}

/// A GeoPackage geometry in EPSG:4326.
fn blob(ward: &Ward) -> Vec<u8> {
    let mut blob = b"GP\0\x01".to_vec();
    blob.extend(4326_i32.to_le_bytes());
    let head = |kind: u32, count: usize| {
        let count = u32::try_from(count).unwrap();
        [&[1_u8][..], &kind.to_le_bytes(), &count.to_le_bytes()].concat()
    };
    blob.extend(head(6, ward.parts.len()));
    for part in &ward.parts {
        blob.extend(head(3, part.len()));
        for ring in part {
            blob.extend(u32::try_from(ring.len()).unwrap().to_le_bytes());
            blob.extend(ring.iter().flat_map(|(x, y)| [x.to_le_bytes(), y.to_le_bytes()].concat()));
        }
    }
    blob
}

fn write_geopackage(path: &Path, tables: &[&str]) {
    let file = Connection::open(path).unwrap();
    file.execute_batch(
        "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, \
         organization_coordsys_id INTEGER, definition TEXT, description TEXT);\
         INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, '', '');\
         CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT);\
         CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);",
    )
    .unwrap();
    for table in tables {
        file.execute_batch(&format!(
            "CREATE TABLE \"{table}\" (fid INTEGER PRIMARY KEY, geom BLOB, code TEXT, name TEXT);\
             INSERT INTO gpkg_contents VALUES ('{table}', 'features');\
             INSERT INTO gpkg_geometry_columns VALUES ('{table}', 'geom', 4326);"
        ))
        .unwrap();
        for ward in wards() {
            file.execute(
                &format!("INSERT INTO \"{table}\" (geom, code, name) VALUES (?1, ?2, ?3)"),
                (blob(&ward), ward.code, ward.name),
            )
            .unwrap();
        }
    }
}

fn zipped(path: &Path, members: &[(&str, &[u8])]) {
    let mut archive = zip::ZipWriter::new(File::create(path).unwrap());
    for (name, bytes) in members {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
}

type Loaded = Result<(BoundarySet, Vec<BoundaryNote>), BoundaryFaults>;

fn load_noted(folder: &Path, file: &str, more: &str) -> Loaded {
    load_by(folder, file, "code", more)
}

fn load_by(folder: &Path, file: &str, id_field: &str, more: &str) -> Loaded {
    let path = folder.join("dudley.toml");
    let manifest = format!(
        "name = 'Dudley'\ncode = 'E08000027'\ngrid = 'EPSG:27700'\n[[layer]]\nid = 'ward'\ntitle = 'Wards'\n\
         file = '{file}'\nid_field = '{id_field}'\nname_field = 'name'\nvintage = '2013'\nlicence = 'none'\n{more}"
    );
    fs::write(&path, manifest).unwrap();
    manifest::load_noted(&path)
}

fn areas(folder: &Path, file: &str, more: &str) -> Vec<Area> {
    let (mut set, notes) = load_noted(folder, file, more).unwrap_or_else(|faults| panic!("{file}: {faults}"));
    assert_eq!(notes, [], "{file}");
    let mut areas = set.layers.remove(0).areas;
    for area in &mut areas {
        // Formats that give rings in any order give parts in any order.
        area.grid.0.0.sort_by(|a, b| a.exterior().0[0].x.total_cmp(&b.exterior().0[0].x));
        area.lonlat.0.0.sort_by(|a, b| a.exterior().0[0].x.total_cmp(&b.exterior().0[0].x));
    }
    areas
}

fn faults(folder: &Path, file: &str, more: &str) -> String {
    load_noted(folder, file, more).expect_err(file).to_string()
}

/// The faults of a file that holds these bytes.
fn faults_of(name: &str, bytes: &[u8]) -> String {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    faults(folder.path(), name, "")
}

const WGS84_PRJ: &str = r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;

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
    let cases: [(&str, &[(&str, &[u8])], &str); 6] = [
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
