//! A page of 10,000 features as GeoJSON beside documents built in memory first; choosing features by box and value
//! beside asking each.

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench is no interface and may stop at once")]

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use geo_types::{LineString, MultiPolygon, Polygon, coord};
use geojson::{Feature, FeatureCollection, GeometryValue};
use hotspots::{
    feature::{Bounds, Crs, Features, Field, FieldKind, GeometryKind, Placed, Plane, Shape, Table, Value},
    model::LonLatShape,
    render::features::{FeatureJson, Written},
};
use serde_json::{Map, json};

const FEATURES: u32 = 10_000;

/// Hexagons in rows, with a count and a name.
fn table() -> Table {
    let fields = vec![
        Field::new("hex_id", FieldKind::Text, "", ""),
        Field::new("count", FieldKind::Whole, "", ""),
        Field::new("per_km2", FieldKind::Number, "", ""),
        Field::new("z", FieldKind::Number, "", ""),
    ];
    let mut table = Table::builder(GeometryKind::MultiPolygon, fields);
    for number in 0..FEATURES {
        let (column, row) = (f64::from(number % 100), f64::from(number / 100));
        let corner = |step: u32| {
            let angle = f64::from(step % 6) * std::f64::consts::FRAC_PI_3;
            coord! { x: -2.2 + (column + 0.5 * angle.cos()) / 500.0, y: 52.4 + (row + 0.5 * angle.sin()) / 600.0 }
        };
        let ring: LineString = (0..=6).map(corner).collect();
        table.push(
            format!("{number:015x}"),
            Some(Placed::Area(LonLatShape(MultiPolygon(vec![Polygon::new(ring, Vec::new())])))),
            [
                Value::Text(format!("{number:015x}").into()),
                Value::Whole(i64::from(number % 17)),
                Value::Number(f64::from(number) / 7.0),
                Value::Number(f64::from(number).sin()),
            ],
        );
    }
    table.finish()
}

fn streamed(table: &Table, written: &Written) -> Vec<u8> {
    let features: Vec<_> =
        (0..table.len()).map(|row| FeatureJson { features: table, row, written }).collect();
    serde_json::to_vec(&features).unwrap()
}

/// What building the whole document first looks like.
fn built(table: &Table) -> Vec<u8> {
    let feature = |row: usize| {
        let Some(Shape::Polygons(shape)) = table.shape(row, Plane::Degrees) else { unreachable!() };
        let values = table.fields().iter().enumerate().map(|(number, field)| {
            let value = match table.value(row, number) {
                Value::Text(text) => json!(text),
                Value::Whole(whole) => json!(whole),
                other => json!(other.as_number()),
            };
            (field.name.clone(), value)
        });
        Feature {
            bbox: None,
            geometry: Some(geojson::Geometry::new(GeometryValue::from(shape.as_ref()))),
            id: Some(geojson::feature::Id::String(table.id(row).into_owned())),
            properties: Some(values.collect::<Map<_, _>>()),
            foreign_members: None,
        }
    };
    let features = (0..table.len()).map(feature).collect();
    FeatureCollection { bbox: None, features, foreign_members: None }.to_string().into_bytes()
}

fn pages(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("features");
    group.sample_size(20).measurement_time(Duration::from_secs(5));
    let table = table();
    let written = Written::all(&table);
    group.bench_function("GeoJSON of 10,000 hexagons", |b| b.iter(|| streamed(black_box(&table), &written)));
    group.bench_function("… built as a document first", |b| b.iter(|| built(black_box(&table))));
    let grid = Written { crs: Crs::BritishGrid, ..written.clone() };
    table.shape(0, Plane::Grid);
    group.bench_function("… on the national grid", |b| b.iter(|| streamed(black_box(&table), &grid)));
    group.bench_function("the table itself, with the national grid", |b| {
        b.iter(|| {
            let made = self::table();
            made.shape(0, Plane::Grid).is_some()
        });
    });
    let window = Bounds::new(coord! { x: -2.15, y: 52.45 }, coord! { x: -2.13, y: 52.46 }).unwrap();
    group.bench_function("features in a box", |b| {
        b.iter(|| table.rows_meeting(black_box(&window), Plane::Degrees));
    });
    group.bench_function("… by asking each", |b| {
        b.iter(|| {
            let meets = |row: &u32| {
                table
                    .shape(*row as usize, Plane::Degrees)
                    .and_then(|shape| shape.bounds())
                    .is_some_and(|own| own.meets(&window))
            };
            (0..FEATURES).filter(meets).collect::<Vec<_>>()
        });
    });
    group.finish();
}

criterion_group!(benches, pages);
criterion_main!(benches);
