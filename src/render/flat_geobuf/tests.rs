#![expect(clippy::cast_possible_wrap, clippy::float_cmp, reason = "the numbers of tests are small and exact")]

use flatgeobuf::{FallibleStreamingIterator, FeatureProperties, FgbReader};
use geo_types::{Coord, MultiPolygon};
use geozero::ToGeo;

use super::*;
use crate::{
    feature::{Features, Field, Placed, Table},
    model::{LonLat, LonLatShape},
    render::features::Written,
};

const WEST: (f64, f64) = (-2.11, 52.5);

fn point(lon: f64, lat: f64) -> Placed {
    Placed::Point(LonLat::new(lon, lat).unwrap())
}

fn fields() -> Vec<Field> {
    vec![
        Field::new("name", FieldKind::Text, "Name", "What it is called."),
        Field::new("count", FieldKind::Whole, "Count", "How many."),
        Field::new("rate", FieldKind::Number, "Rate", "How often.").in_unit("1/km2"),
        Field::new("known", FieldKind::Flag, "Known", "Whether it is."),
        Field::new("since", FieldKind::Instant, "Since", "From when."),
    ]
}

/// A row of points from west to east, the second without values.
fn points(count: usize) -> Table {
    let mut table = Table::builder(GeometryKind::Point, fields());
    for row in 0..count {
        let values = [
            Value::Text(format!("nº {row}").into()),
            Value::Whole(row as i64 - 5),
            Value::Number(row as f64 / 3.0),
            Value::Flag(row % 2 == 0),
            Value::Instant(1_704_067_200 + row as i64),
        ];
        let values = values.into_iter().take(if row == 1 { 0 } else { 5 });
        table.push(format!("p{row}"), Some(point(WEST.0 + row as f64 * 1e-4, WEST.1)), values);
    }
    table.finish()
}

fn file(features: &dyn Features, crs: Crs, order: Order) -> Vec<u8> {
    let rows: Vec<usize> = (0..features.len()).collect();
    let written = Written { crs, ..Written::all(features) };
    let layer = Layer {
        name: "t",
        title: "T",
        description: "D",
        features,
        rows: &rows,
        written: &written,
        symbologies: &[],
    };
    write(&layer, order).unwrap()
}

/// The ids of a file, in its order, of what lies in a box.
fn ids(file: &[u8], window: Option<[f64; 4]>) -> Vec<String> {
    let reader = FgbReader::open(std::io::Cursor::new(file)).unwrap();
    let mut found = match window {
        Some([west, south, east, north]) => reader.select_bbox(west, south, east, north).unwrap(),
        None => reader.select_all().unwrap(),
    };
    let mut ids = Vec::new();
    while let Some(feature) = found.next().unwrap() {
        ids.push(feature.property::<String>("id").unwrap());
    }
    ids
}

#[test]
fn values_and_places_come_back() {
    let table = points(3);
    let file = file(&table, Crs::BritishGrid, Order::AsGiven);
    let reader = FgbReader::open(std::io::Cursor::new(&file)).unwrap();
    let header = reader.header();
    assert_eq!((header.features_count(), header.title(), header.name()), (3, Some("T"), Some("t")));
    assert_eq!(header.crs().map(|crs| crs.code()), Some(27_700));
    let columns = header.columns().unwrap();
    assert_eq!(
        columns.iter().map(|column| column.name()).collect::<Vec<_>>(),
        ["id", "name", "count", "rate", "known", "since"]
    );
    assert_eq!(columns.get(3).description(), Some("How often. Unit: 1/km2."));
    let mut all = reader.select_all().unwrap();
    let first = all.next().unwrap().unwrap();
    assert_eq!(first.property::<String>("name").unwrap(), "nº 0");
    assert_eq!(first.property::<i64>("count").unwrap(), -5);
    assert_eq!(first.property::<f64>("rate").unwrap(), 0.0);
    assert!(first.property::<bool>("known").unwrap());
    assert_eq!(first.property::<String>("since").unwrap(), "2024-01-01T00:00:00Z");
    let expected = table.shape(0, Crs::BritishGrid.plane()).unwrap();
    let geo_types::Geometry::Point(at) = first.to_geo().unwrap() else { panic!("a point") };
    assert_eq!(Shape::Point(at.0), expected);
    let second = all.next().unwrap().unwrap();
    assert_eq!(second.property::<String>("id").unwrap(), "p1");
    assert_eq!(second.properties().unwrap().len(), 1, "absent values are left out");
}

#[test]
fn longitude_comes_first_in_every_system() {
    for crs in [Crs::Crs84, Crs::Wgs84] {
        let file = file(&points(1), crs, Order::ByPlace);
        assert_eq!(ids(&file, Some([WEST.0 - 0.1, WEST.1 - 0.1, WEST.0 + 0.1, WEST.1 + 0.1])), ["p0"]);
        assert!(ids(&file, Some([WEST.1 - 0.1, WEST.0 - 0.1, WEST.1 + 0.1, WEST.0 + 0.1])).is_empty());
    }
}

#[test]
fn the_index_finds_what_lies_in_a_box() {
    let table = points(500);
    let indexed = file(&table, Crs::Crs84, Order::ByPlace);
    let window = [WEST.0 + 99.5e-4, 52.0, WEST.0 + 103.5e-4, 53.0];
    let mut found = ids(&indexed, Some(window));
    found.sort();
    assert_eq!(found, ["p100", "p101", "p102", "p103"]);
    assert_eq!(ids(&indexed, None).len(), 500);
    assert_eq!(indexed, file(&table, Crs::Crs84, Order::ByPlace), "the same layer, the same bytes");
}

#[test]
fn without_an_index_the_order_is_that_of_the_layer() {
    let expected: Vec<String> = (0..100).map(|row| format!("p{row}")).collect();
    assert_eq!(ids(&file(&points(100), Crs::Crs84, Order::AsGiven), None), expected);
}

#[test]
fn areas_come_back_with_their_holes() {
    let ring = |low: f64, side: f64| -> geo_types::LineString {
        [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side), (0.0, 0.0)]
            .iter()
            .map(|(x, y)| Coord { x: -2.0 + low + x, y: 52.0 + low + y })
            .collect()
    };
    let pierced = geo_types::Polygon::new(ring(0.0, 0.1), vec![ring(0.02, 0.01), ring(0.05, 0.02)]);
    let shape = MultiPolygon(vec![pierced, geo_types::Polygon::new(ring(0.2, 0.1), Vec::new())]);
    let mut table = Table::builder(GeometryKind::MultiPolygon, Vec::new());
    table.push("two parts", Some(Placed::Area(LonLatShape(shape.clone()))), []);
    table.push("one part", Some(Placed::Area(LonLatShape(MultiPolygon(shape.0[1..].to_vec())))), []);
    let file = file(&table.finish(), Crs::Crs84, Order::AsGiven);
    let mut all = FgbReader::open(std::io::Cursor::new(&file)).unwrap().select_all().unwrap();
    for parts in [&shape.0[..], &shape.0[1..]] {
        let geo_types::Geometry::MultiPolygon(read) = all.next().unwrap().unwrap().to_geo().unwrap() else {
            panic!("areas of one part are of the same type as others")
        };
        assert_eq!(read.0, parts);
    }
}

#[test]
fn layers_without_features_or_places_are_files_too() {
    let nothing = file(&points(0), Crs::BritishGrid, Order::ByPlace);
    assert!(ids(&nothing, None).is_empty());
    let mut table = Table::builder(GeometryKind::MultiPolygon, Vec::new());
    table.push("nowhere", None, []);
    assert_eq!(ids(&file(&table.finish(), Crs::BritishGrid, Order::ByPlace), None), ["nowhere"]);
}
