//! Vector tiles: of hex cells, of single points, and of gathered ones.

#![allow(
    missing_docs,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a bench is no interface and may stop at once"
)]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use hotspots::{
    feature::{Features, Field, FieldKind, GeometryKind, Placed, Plane, Table, TileId, Value},
    model::{LonLat, LonLatShape},
    render::vector_tile::encode,
};
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;

const WEST: f64 = -2.2;
const SOUTH: f64 = 52.42;

fn random(seed: u64) -> impl FnMut(f64, f64) -> f64 {
    let mut random = Pcg64::seed_from_u64(seed);
    move |low, high| low + (random.next_u64() >> 11) as f64 * (high - low) / 2_f64.powi(53)
}

fn fields(kinds: &[(&str, FieldKind)]) -> Vec<Field> {
    kinds.iter().map(|(name, kind)| Field::new(*name, *kind, "Field", "A field.")).collect()
}

/// 100 by 100 hexagons over Dudley with the fields of a hex layer, most of them of another value in each cell.
fn cells() -> Table {
    let number = FieldKind::Number;
    let mut table = Table::builder(
        GeometryKind::MultiPolygon,
        fields(&[
            ("hex_id", FieldKind::Text),
            ("count", FieldKind::Whole),
            ("weighted", number),
            ("area_km2", number),
            ("clipped_area_km2", number),
            ("per_km2", number),
            ("local_i", number),
            ("quadrant", FieldKind::Text),
            ("z", number),
            ("p", number),
            ("p_adjusted", number),
            ("class", FieldKind::Whole),
        ]),
    );
    let mut between = random(1);
    let (width, height) = (0.0018, 0.0012);
    for (row, column) in (0..100).flat_map(|row| (0..100).map(move |column| (row, column))) {
        let x = WEST + width * (f64::from(column) + f64::from(row % 2) / 2.0);
        let y = SOUTH + height * f64::from(row);
        let corners =
            [(0.0, -2.0), (0.5, -1.0), (0.5, 1.0), (0.0, 2.0), (-0.5, 1.0), (-0.5, -1.0), (0.0, -2.0)];
        let ring: LineString =
            corners.iter().map(|(dx, dy)| Coord { x: x + dx * width, y: y + dy * height / 3.0 }).collect();
        let id = format!("89194{column:03x}{row:03x}fffff");
        let count = between(0.0, 9.0).floor();
        table.push(
            id.clone(),
            Some(Placed::Area(LonLatShape(MultiPolygon(vec![Polygon::new(ring, Vec::new())])))),
            [
                Value::Text(id.into()),
                Value::Whole(count as i64),
                Value::Number(count),
                Value::Number(between(0.1, 0.2)),
                Value::Number(between(0.1, 0.2)),
                Value::Number(between(0.0, 90.0)),
                Value::Absent,
                Value::Absent,
                Value::Number(between(-3.0, 3.0)),
                Value::Number(between(0.0, 1.0)),
                Value::Number(between(0.0, 1.0)),
                Value::Whole(0),
            ],
        );
    }
    table.finish()
}

/// Points with the fields of incidents, in a box around a corner.
fn points(count: usize, width: f64, height: f64) -> Table {
    let text = FieldKind::Text;
    let names = ["category", "source", "street", "outcome", "month", "precision", "ward", "beat"];
    let mut kinds: Vec<(&str, FieldKind)> = names.map(|name| (name, text)).to_vec();
    kinds.extend([("occurred_from", FieldKind::Instant), ("occurred_to", FieldKind::Instant)]);
    let mut table = Table::builder(GeometryKind::Point, fields(&kinds));
    let mut between = random(2);
    for number in 0..count {
        let at = LonLat::new(WEST + between(0.0, width), SOUTH + between(0.0, height)).unwrap();
        let mut one_of =
            |what: &str, kinds: f64| Value::Text(format!("{what} {}", between(0.0, kinds).floor()).into());
        let mut values: Vec<Value<'static>> = names
            .iter()
            .zip([14.0, 2.0, 900.0, 12.0, 24.0, 3.0, 24.0, 12.0])
            .map(|(name, kinds)| one_of(name, kinds))
            .collect();
        let second = between(1.7e9, 1.76e9) as i64;
        values.extend([Value::Instant(second), Value::Instant(second + 60)]);
        table.push(number.to_string(), Some(Placed::Point(at)), values);
    }
    table.finish()
}

/// The tile of a zoom that holds the middle of a layer.
fn middle(features: &dyn Features, zoom: u8) -> TileId {
    let bounds = features.bounds(Plane::Mercator).unwrap();
    let (half, side) = (TileId::side_m(0) / 2.0, TileId::side_m(zoom));
    let (x, y) =
        (f64::midpoint(bounds.min().x, bounds.max().x), f64::midpoint(bounds.min().y, bounds.max().y));
    TileId::new(zoom.into(), ((x + half) / side) as u32, ((half - y) / side) as u32).unwrap()
}

fn tiles(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("tiles");
    group.sample_size(20);
    let whole = middle(&cells(), 9);
    group.bench_function("10,000 hex cells, 12 fields, with projecting and indexing them", |b| {
        b.iter_batched(cells, |cells| encode("hex", black_box(&cells), None, whole), BatchSize::PerIteration);
    });
    let held = cells();
    println!("10,000 hex cells: {} bytes", encode("hex", &held, None, whole).len());
    group.bench_function("10,000 hex cells, 12 fields", |b| {
        b.iter(|| encode("hex", black_box(&held), None, whole));
    });
    let near = points(2_000, 0.015, 0.009);
    let tile = middle(&near, 14);
    println!("about 2,000 points, zoom 14: {} bytes", encode("points", &near, None, tile).len());
    group.bench_function("about 2,000 points, 10 fields, zoom 14", |b| {
        b.iter(|| encode("points", black_box(&near), None, tile));
    });
    let many = points(300_000, 0.19, 0.14);
    let tile = middle(&many, 10);
    let bytes = encode("points", &many, None, tile).len();
    println!("300,000 points, zoom 10: {bytes} bytes");
    assert!(bytes < 500_000);
    group.bench_function("300,000 points, 10 fields, gathered at zoom 10", |b| {
        b.iter(|| encode("points", black_box(&many), None, tile));
    });
    group.finish();
}

criterion_group!(benches, tiles);
criterion_main!(benches);
