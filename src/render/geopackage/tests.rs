#![expect(clippy::cast_possible_wrap, clippy::float_cmp, reason = "the numbers of tests are small and exact")]

use rusqlite::{Connection, types::Value as Sql};

use super::*;
use crate::{
    feature::{Features, Field, Placed, Plane, Symbology, Table},
    model::{LonLat, LonLatShape},
    render::features::Written,
};

fn points(count: usize) -> Table {
    let fields = vec![
        Field::new("name", FieldKind::Text, "Name", "What it is called."),
        Field::new("count", FieldKind::Whole, "Count", "How many."),
        Field::new("rate", FieldKind::Number, "Rate", "How often.").in_unit("1/km2"),
        Field::new("known", FieldKind::Flag, "Known", "Whether it is."),
        Field::new("since", FieldKind::Instant, "Since", "From when."),
    ];
    let mut table = Table::builder(GeometryKind::Point, fields);
    for row in 0..count {
        let at = LonLat::new(-2.11 + row as f64 * 1e-4, 52.5).unwrap();
        let values = [
            Value::Text(format!("nº {row}").into()),
            Value::Whole(row as i64 - 5),
            Value::Number(0.5),
            Value::Flag(true),
            Value::Instant(1_704_067_200),
        ];
        let values = values.into_iter().take(if row == 1 { 0 } else { 5 });
        table.push(format!("p{row}"), Some(Placed::Point(at)), values);
    }
    table.finish()
}

fn file(name: &str, features: &dyn Features, crs: Crs) -> Vec<u8> {
    let rows: Vec<usize> = (0..features.len()).collect();
    let written = Written { crs, ..Written::all(features) };
    let layer = Layer {
        name,
        title: "T",
        description: "D",
        features,
        rows: &rows,
        written: &written,
        symbologies: &[by("count"), by("nothing")],
    };
    write(&[layer], 1_704_067_200).unwrap()
}

/// A way to draw by a field.
fn by(field: &str) -> Symbology {
    Symbology {
        id: format!("by-{field}"),
        title: "Drawn".to_owned(),
        geometry: GeometryKind::Point,
        field: Some(field.to_owned()),
        class_rule: None,
        rules: Vec::new(),
    }
}

fn open(bytes: &[u8]) -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.deserialize_read_exact(MAIN_DB, bytes, bytes.len(), false).unwrap();
    let check: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    connection
}

fn one(file: &Connection, sql: &str) -> Vec<Sql> {
    file.query_row(sql, [], |row| (0..row.as_ref().column_count()).map(|at| row.get(at)).collect()).unwrap()
}

fn text(text: &str) -> Sql {
    Sql::Text(text.to_owned())
}

#[test]
fn values_come_back_by_their_types() {
    let file = open(&file("a layer", &points(3), Crs::BritishGrid));
    let row = one(&file, "SELECT fid, id, name, count, rate, known, since FROM \"a layer\" WHERE fid = 1");
    assert_eq!(
        row,
        [
            Sql::Integer(1),
            text("p0"),
            text("nº 0"),
            Sql::Integer(-5),
            Sql::Real(0.5),
            Sql::Integer(1),
            text("2024-01-01T00:00:00.000Z"),
        ]
    );
    let absent = one(&file, "SELECT name, count, rate, known, since FROM \"a layer\" WHERE id = 'p1'");
    assert_eq!(absent, vec![Sql::Null; 5]);
    let declared = one(&file, "SELECT group_concat(type) FROM pragma_table_info('a layer')");
    assert_eq!(declared, [text("INTEGER,TEXT,POINT,TEXT,INTEGER,DOUBLE,BOOLEAN,DATETIME")]);
    let told = one(&file, "SELECT title, description FROM gpkg_data_columns WHERE column_name = 'rate'");
    assert_eq!(told, [text("Rate"), text("How often. Unit: 1/km2.")]);
}

#[test]
fn the_file_says_what_it_is_and_where() {
    for (crs, srs) in
        [(Crs::BritishGrid, 27_700), (Crs::Crs84, 4326), (Crs::Wgs84, 4326), (Crs::WebMercator, 3857)]
    {
        let table = points(4);
        let bytes = file("t", &table, crs);
        assert_eq!(&bytes[68..72], b"GPKG");
        assert_eq!(bytes, file("t", &table, crs), "the same layer, the same bytes");
        let file = open(&bytes);
        let bounds = table.bounds(crs.plane()).unwrap();
        assert_eq!(
            one(
                &file,
                "SELECT data_type, last_change, srs_id, min_x, min_y, max_x, max_y FROM gpkg_contents \
                 WHERE table_name = 't'"
            ),
            [
                text("features"),
                text("2024-01-01T00:00:00.000Z"),
                Sql::Integer(srs),
                Sql::Real(bounds.min().x),
                Sql::Real(bounds.min().y),
                Sql::Real(bounds.max().x),
                Sql::Real(bounds.max().y),
            ]
        );
        let Some(Sql::Blob(blob)) = one(&file, "SELECT geom FROM t WHERE fid = 2").pop() else {
            panic!("a blob")
        };
        let Some(Shape::Point(at)) = table.shape(1, crs.plane()) else { panic!("a point") };
        assert_eq!(blob.len(), 29);
        assert_eq!(i64::from(i32::from_le_bytes(blob[4..8].try_into().unwrap())), srs);
        assert_eq!(f64::from_le_bytes(blob[13..21].try_into().unwrap()), at.x);
        assert_eq!(f64::from_le_bytes(blob[21..29].try_into().unwrap()), at.y);
    }
}

#[test]
fn the_index_finds_what_lies_in_a_box() {
    let table = points(300);
    let Some(Shape::Point(at)) = table.shape(200, Plane::Grid) else { panic!("a point") };
    let file = open(&file("t", &table, Crs::BritishGrid));
    let sql = format!(
        "SELECT count(*), min(id) FROM rtree_t_geom WHERE minx > {} AND maxx < {}",
        at.x - 1.0,
        at.x + 1.0
    );
    assert_eq!(one(&file, &sql), [Sql::Integer(1), Sql::Integer(201)]);
    // Every box holds its point, though its sides have fewer digits.
    let sides = one(&file, "SELECT minx, maxx, miny, maxy FROM rtree_t_geom WHERE id = 201");
    let [Sql::Real(west), Sql::Real(east), Sql::Real(south), Sql::Real(north)] = sides[..] else {
        panic!("{sides:?}")
    };
    assert!(west <= at.x && at.x <= east && south <= at.y && at.y <= north && east - west < 0.1);
    let parts = "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'rtree_t_geom_%'";
    assert_eq!(one(&file, parts), [Sql::Integer(6)]);
    let check: String = file.query_row("SELECT rtreecheck('rtree_t_geom')", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
}

#[test]
fn the_index_is_sound_at_every_size() {
    // A node holds 51 cells: one node, one too many for it, two levels, one too many for them.
    for count in [0, 1, 51, 52, 51 * 51, 51 * 51 + 1, 3_000] {
        let file = open(&file("t", &points(count), Crs::BritishGrid));
        let check: String =
            file.query_row("SELECT rtreecheck('rtree_t_geom')", [], |row| row.get(0)).unwrap();
        assert_eq!(check, "ok", "{count}");
        let found = one(&file, "SELECT count(*) FROM rtree_t_geom WHERE minx > 0 AND maxy < 1e6");
        assert_eq!(found, [Sql::Integer(count as i64)]);
        // It can be changed as any other.
        file.execute("INSERT INTO rtree_t_geom VALUES (99999, 1, 2, 1, 2)", []).unwrap();
        file.execute("DELETE FROM rtree_t_geom WHERE id = 1", []).unwrap();
        let check: String =
            file.query_row("SELECT rtreecheck('rtree_t_geom')", [], |row| row.get(0)).unwrap();
        assert_eq!(check, "ok", "{count}, changed");
    }
}

#[test]
fn styles_lie_where_qgis_looks_for_them() {
    let file = open(&file("t", &points(1), Crs::BritishGrid));
    let style = one(
        &file,
        "SELECT f_table_schema, f_table_name, f_geometry_column, styleName, useAsDefault, count(*) FROM layer_styles",
    );
    let expected = [text(""), text("t"), text("geom"), text("by-count"), Sql::Integer(1), Sql::Integer(1)];
    assert_eq!(style, expected, "and none that draws by a field which is not there");
    let documents = one(
        &file,
        "SELECT styleQML LIKE '%<qgis %', styleSLD LIKE '%<%StyledLayerDescriptor %' FROM layer_styles",
    );
    assert_eq!(documents, [Sql::Integer(1), Sql::Integer(1)]);
}

#[test]
fn areas_are_well_known_binary_behind_their_box() {
    let corner = |x: f64, y: f64| geo_types::Coord { x: -2.0 + x, y: 52.0 + y };
    let ring: geo_types::LineString =
        vec![corner(0.0, 0.0), corner(0.1, 0.0), corner(0.0, 0.2), corner(0.0, 0.0)].into();
    let shape = geo_types::MultiPolygon(vec![geo_types::Polygon::new(ring, Vec::new())]);
    let mut table = Table::builder(GeometryKind::MultiPolygon, Vec::new());
    table.push("somewhere", Some(Placed::Area(LonLatShape(shape))), []);
    table.push("nowhere", None, []);
    let file = open(&file("t", &table.finish(), Crs::Crs84));
    let Some(Sql::Blob(blob)) = one(&file, "SELECT geom FROM t WHERE fid = 1").pop() else {
        panic!("a blob")
    };
    assert_eq!(blob[..4], [b'G', b'P', 0, 0b0000_0011]);
    let number = |at: usize| f64::from_le_bytes(blob[at..at + 8].try_into().unwrap());
    assert_eq!([8, 16, 24, 32].map(number), [-2.0, -1.9, 52.0, 52.2]);
    let whole = |at: usize| u32::from_le_bytes(blob[at..at + 4].try_into().unwrap());
    // Type 6 with one part, type 3 with one ring of four positions.
    assert_eq!([41, 45, 50, 54, 58].map(whole), [6, 1, 3, 1, 4]);
    assert_eq!(blob.len(), 62 + 4 * 16);
    assert_eq!(one(&file, "SELECT geom FROM t WHERE fid = 2"), [Sql::Null]);
    assert_eq!(one(&file, "SELECT count(*) FROM rtree_t_geom"), [Sql::Integer(1)]);
}

#[test]
fn fields_may_have_any_name() {
    let names = ["FID", "geom", "Id", "a \"b\"", "; DROP TABLE t"];
    let fields = names.iter().map(|name| Field::new(*name, FieldKind::Text, "T", "D")).collect();
    let mut table = Table::builder(GeometryKind::Point, fields);
    let at = Placed::Point(LonLat::new(-2.0, 52.0).unwrap());
    table.push("x", Some(at), names.map(|name| Value::Text(name.into())));
    let file = open(&file("t\"_I", &table.finish(), Crs::BritishGrid));
    let row = one(&file, "SELECT fid_, id_, FID, \"geom\", \"Id\", \"a \"\"b\"\"\" FROM \"t\"\"_I\"");
    assert_eq!(row, [Sql::Integer(1), text("x"), text("FID"), text("geom"), text("Id"), text("a \"b\"")]);
}
