//! Three wards, written in every format.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::Write as _,
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

pub(crate) type Ring = Vec<(f64, f64)>;

pub(crate) struct Ward {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    /// Exteriors run anticlockwise, holes clockwise.
    pub(crate) parts: Vec<Vec<Ring>>,
}

/// A square in degrees west of Dudley's middle, anticlockwise; sides in thousandths of a degree.
pub(crate) fn square(west: f64, south: f64, side: f64) -> Ring {
    let at = |x: f64, y: f64| (-2.1 + (west + x) / 1000.0, 52.5 + (south + y) / 1000.0);
    vec![at(0.0, 0.0), at(side, 0.0), at(side, side), at(0.0, side), at(0.0, 0.0)]
}

pub(crate) fn turned(mut ring: Ring) -> Ring {
    ring.reverse();
    ring
}

/// A plain ward, one with a hole, and one of two parts, the first of which has an island in its lake.
pub(crate) fn wards() -> Vec<Ward> {
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

pub(crate) fn json_ring(ring: &Ring) -> String {
    let positions: Vec<_> = ring.iter().map(|(x, y)| format!("[{x},{y}]")).collect();
    format!("[{}]", positions.join(","))
}

pub(crate) fn features() -> Vec<String> {
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

pub(crate) fn geojson() -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features().join(","))
}

/// The rings of a ward as Esri has them: exteriors clockwise; here also the last ring first.
pub(crate) fn esri_rings(ward: &Ward) -> Vec<Ring> {
    ward.parts.iter().flatten().rev().cloned().map(turned).collect()
}

pub(crate) fn arcgis_set(wards: &[Ward], more: &str) -> String {
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

pub(crate) fn kml() -> String {
    let coordinates = |ring: &Ring| {
        let positions: Vec<_> = ring.iter().map(|(x, y)| format!("{x},{y},0")).collect();
        format!("<LinearRing><coordinates>\n{}\n</coordinates></LinearRing>", positions.join("\n "))
    };
    let polygon = |rings: &Vec<Ring>| {
        let mut holes = String::new();
        for hole in &rings[1..] {
            write!(holes, "<innerBoundaryIs>{}</innerBoundaryIs>", coordinates(hole)).unwrap();
        }
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

pub(crate) fn write_shapefile(folder: &Path, prj: Option<&str>) {
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
pub(crate) fn blob(ward: &Ward) -> Vec<u8> {
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

pub(crate) fn write_geopackage(path: &Path, tables: &[&str]) {
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

/// The files of an archive, by name.
pub(crate) type Members<'a> = &'a [(&'a str, &'a [u8])];

pub(crate) fn zipped(path: &Path, members: Members<'_>) {
    let mut archive = zip::ZipWriter::new(File::create(path).unwrap());
    for (name, bytes) in members {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
}

pub(crate) type Loaded = Result<(BoundarySet, Vec<BoundaryNote>), BoundaryFaults>;

pub(crate) fn load_noted(folder: &Path, file: &str, more: &str) -> Loaded {
    load_by(folder, file, "code", more)
}

pub(crate) fn load_by(folder: &Path, file: &str, id_field: &str, more: &str) -> Loaded {
    let path = folder.join("dudley.toml");
    let manifest = format!(
        "name = 'Dudley'\ncode = 'E08000027'\ngrid = 'EPSG:27700'\n[[layer]]\nid = 'ward'\ntitle = 'Wards'\n\
         file = '{file}'\nid_field = '{id_field}'\nname_field = 'name'\nvintage = '2013'\nlicence = 'none'\n{more}"
    );
    fs::write(&path, manifest).unwrap();
    manifest::load_noted(&path)
}

pub(crate) fn areas(folder: &Path, file: &str, more: &str) -> Vec<Area> {
    let (mut set, notes) = load_noted(folder, file, more).expect(file);
    assert_eq!(notes, [], "{file}");
    let mut areas = set.layers.remove(0).areas;
    for area in &mut areas {
        // Formats that give rings in any order give parts in any order.
        area.grid.0.0.sort_by(|a, b| a.exterior().0[0].x.total_cmp(&b.exterior().0[0].x));
        area.lonlat.0.0.sort_by(|a, b| a.exterior().0[0].x.total_cmp(&b.exterior().0[0].x));
    }
    areas
}

pub(crate) fn faults(folder: &Path, file: &str, more: &str) -> String {
    load_noted(folder, file, more).expect_err(file).to_string()
}

/// The faults of a file that holds these bytes.
pub(crate) fn faults_of(name: &str, bytes: &[u8]) -> String {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    faults(folder.path(), name, "")
}

pub(crate) const WGS84_PRJ: &str = r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;
