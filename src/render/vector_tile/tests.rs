#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    reason = "the numbers of tests are small and exact"
)]

use std::collections::BTreeMap;

use geo::{Area, BooleanOps, BoundingRect, Euclidean, Length, Validation};
use geo_types::{Coord, LineString, MultiPolygon, Polygon, Rect, coord};
use prost::Message;
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;

use super::{
    wire::{Feature, Layer, POINT, POLYGON, Tile},
    *,
};
use crate::{
    feature::{Field, FieldKind, Placed, Table, Value},
    model::{LonLat, LonLatShape},
};

fn random(seed: u64) -> impl FnMut(f64, f64) -> f64 {
    let mut random = Pcg64::seed_from_u64(seed);
    move |low, high| low + (random.next_u64() >> 11) as f64 * (high - low) / 2_f64.powi(53)
}

/// The only layer of a tile; `None` for a tile without bytes.
fn decoded(bytes: &[u8]) -> Option<Layer> {
    let mut tile = Tile::decode(bytes).unwrap();
    assert!(tile.layers.len() <= 1);
    let layer = tile.layers.pop()?;
    assert_eq!((layer.version, layer.extent), (2, Some(EXTENT)));
    Some(layer)
}

fn features(bytes: &[u8]) -> Vec<Feature> {
    decoded(bytes).map(|layer| layer.features).unwrap_or_default()
}

/// The rings or positions that commands draw.
fn drawn(geometry: &[u32]) -> Vec<Vec<Coord>> {
    let mut numbers = geometry.iter().copied();
    let (mut cursor, mut parts): (Coord, Vec<Vec<Coord>>) = (Coord::zero(), Vec::new());
    while let Some(command) = numbers.next() {
        let (kind, count) = (command & 7, command >> 3);
        if kind == 7 {
            assert_eq!(count, 1);
            continue;
        }
        for _ in 0..count {
            let mut way = || {
                let number = numbers.next().unwrap();
                f64::from((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
            };
            cursor = cursor + coord! { x: way(), y: way() };
            match kind {
                1 => parts.push(vec![cursor]),
                2 => parts.last_mut().unwrap().push(cursor),
                other => panic!("command {other}"),
            }
        }
    }
    parts
}

/// The surveyor's formula of the specification: positive for exteriors.
fn signed(ring: &[Coord]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f64>() / 2.0
}

fn area_of(feature: &Feature) -> MultiPolygon<f64> {
    assert_eq!(feature.kind, Some(POLYGON));
    let mut polygons: Vec<Polygon<f64>> = Vec::new();
    for ring in drawn(&feature.geometry) {
        let (area, ring) = (signed(&ring), LineString::new(ring));
        assert!(area != 0.0);
        if area > 0.0 {
            polygons.push(Polygon::new(ring, Vec::new()));
        } else {
            polygons.last_mut().unwrap().interiors_push(ring);
        }
    }
    MultiPolygon(polygons)
}

fn position_of(feature: &Feature) -> Coord {
    assert_eq!(feature.kind, Some(POINT));
    drawn(&feature.geometry)[0][0]
}

fn properties(layer: &Layer, feature: &Feature) -> BTreeMap<String, wire::Value> {
    let pairs = feature.tags.chunks(2);
    pairs.map(|pair| (layer.keys[pair[0] as usize].clone(), layer.values[pair[1] as usize].clone())).collect()
}

/// A tile in Dudley and where its corner and units lie in degrees.
struct Place {
    tile: TileId,
}

impl Place {
    fn new(zoom: u32, column: u32, row: u32) -> Self {
        Self { tile: TileId::new(zoom, column, row).unwrap() }
    }

    /// The degrees of a position in units, not rounded.
    fn degrees(&self, units: Coord) -> Coord {
        let (bounds, side) = (self.tile.bounds(), TileId::side_m(self.tile.zoom()));
        let unit = side / f64::from(EXTENT);
        let at = coord! { x: bounds.min().x + units.x * unit, y: bounds.max().y - units.y * unit };
        let at = Plane::Mercator.unproject(at).unwrap();
        coord! { x: at.lon_deg(), y: at.lat_deg() }
    }

    fn areas(&self, areas: &[MultiPolygon<f64>]) -> Table {
        use geo::MapCoords;
        let mut table = Table::builder(GeometryKind::MultiPolygon, Vec::new());
        for (number, area) in areas.iter().enumerate() {
            let degrees = area.map_coords(|at| self.degrees(at));
            table.push(number.to_string(), Some(Placed::Area(LonLatShape(degrees))), []);
        }
        table.finish()
    }

    fn cut(&self, area: MultiPolygon<f64>) -> MultiPolygon<f64> {
        let features = features(&encode("areas", &self.areas(&[area]), None, self.tile));
        features.first().map_or_else(|| MultiPolygon(Vec::new()), area_of)
    }
}

fn dudley() -> Place {
    Place::new(14, 8097, 5373)
}

/// A ring around a centre, its corners at random distances from it.
fn star(
    centre: Coord,
    radius: f64,
    corners: u32,
    between: &mut impl FnMut(f64, f64) -> f64,
) -> LineString<f64> {
    let corner = |number: u32| {
        let angle = std::f64::consts::TAU * f64::from(number) / f64::from(corners);
        let (sin, cos) = libm::sincos(angle);
        let distance = radius * between(0.3, 1.0);
        centre + coord! { x: distance * cos, y: distance * sin }
    };
    let mut ring: Vec<Coord> = (0..corners).map(corner).collect();
    ring.push(ring[0]);
    LineString::new(ring)
}

fn window() -> Rect {
    let (low, high) = (-f64::from(BUFFER), f64::from(EXTENT + BUFFER));
    Rect::new(coord! { x: low, y: low }, coord! { x: high, y: high })
}

#[test]
fn what_is_cut_is_valid_and_what_the_slow_way_gives() {
    let mut between = random(1);
    let place = dudley();
    for case in 0..400 {
        let radius = libm::exp(between(0.0, 9.5));
        let centre = coord! { x: between(-1500.0, 5600.0), y: between(-1500.0, 5600.0) };
        let corners = between(3.0, 60.0) as u32;
        let exterior = star(centre, radius, corners, &mut between);
        let holes =
            if case % 2 == 0 { vec![star(centre, 0.25 * radius, 7, &mut between)] } else { Vec::new() };
        let whole = MultiPolygon(vec![Polygon::new(exterior, holes)]);
        let cut = place.cut(whole.clone());
        assert!(cut.is_valid(), "case {case}: {:?}", cut.validation_errors());
        let expected = whole.intersection(&window().to_polygon());
        let sides: f64 = expected
            .iter()
            .flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()))
            .map(|ring| Euclidean.length(ring))
            .sum();
        let (got, expected) = (cut.unsigned_area(), expected.unsigned_area());
        assert!((got - expected).abs() <= 0.72 * sides + 1.0, "case {case}: {got} is not {expected}");
        if let Some(bounds) = cut.bounding_rect() {
            assert!(window().min().x <= bounds.min().x && bounds.max().y <= window().max().y, "case {case}");
        }
    }
}

#[test]
fn narrow_and_small_areas_are_valid_or_left_out() {
    let mut between = random(2);
    let place = dudley();
    let mut kept = 0;
    for case in 0..2_000 {
        let radius = between(0.1, 6.0);
        let centre = coord! { x: between(0.0, 4096.0), y: between(0.0, 4096.0) };
        let corners = between(3.0, 40.0) as u32;
        let flat = between(0.02, 1.0);
        let mut ring = star(centre, radius, corners, &mut between);
        ring.coords_mut().for_each(|at| at.y = centre.y + flat * (at.y - centre.y));
        let cut = place.cut(MultiPolygon(vec![Polygon::new(ring, Vec::new())]));
        assert!(cut.is_valid(), "case {case}: {:?}", cut.validation_errors());
        kept += usize::from(!cut.0.is_empty());
    }
    assert!(kept > 500, "{kept}");
}

#[test]
fn parts_that_come_to_overlap_unite() {
    let square = |x: f64| Rect::new(coord! { x: x, y: 10.0 }, coord! { x: x + 10.0, y: 20.0 }).to_polygon();
    let cut = dudley().cut(MultiPolygon(vec![square(100.0), square(110.0)]));
    assert_eq!((cut.0.len(), cut.unsigned_area()), (1, 200.0));
}

#[test]
fn a_hole_stays_a_hole_and_turns_the_other_way() {
    let square = |low: f64, high: f64| {
        Rect::new(coord! { x: low, y: low }, coord! { x: high, y: high }).to_polygon().exterior().clone()
    };
    let table = dudley()
        .areas(&[MultiPolygon(vec![Polygon::new(square(-500.0, 500.0), vec![square(100.0, 200.0)])])]);
    let features = features(&encode("areas", &table, None, dudley().tile));
    let areas: Vec<f64> = drawn(&features[0].geometry).iter().map(|ring| signed(ring)).collect();
    assert_eq!(areas, [564.0 * 564.0, -100.0 * 100.0]);
}

#[test]
fn neighbours_share_their_border_to_the_unit() {
    let mut between = random(3);
    let place = dudley();
    for _ in 0..50 {
        // A strip over the whole tile, parted by a jagged line: what one part lacks the other has.
        let line: Vec<Coord> = (-10..=50)
            .map(|step| coord! { x: 100.0 * f64::from(step), y: between(1500.0, 2500.0) })
            .collect();
        let side = |y: f64| {
            let mut ring = line.clone();
            ring.extend([coord! { x: 5000.0, y: y }, coord! { x: -1000.0, y: y }]);
            MultiPolygon(vec![Polygon::new(LineString::new(ring), Vec::new())])
        };
        let (above, below) = (place.cut(side(1000.0)), place.cut(side(3000.0)));
        let width = f64::from(EXTENT + 2 * BUFFER);
        assert!((above.unsigned_area() + below.unsigned_area() - 2000.0 * width).abs() < 1e-6);
    }
}

#[test]
fn hexagons_tile_the_tile_without_gap() {
    // 45 units across, as the finest cells are in a tile of a whole borough.
    let (place, radius) = (dudley(), 26.0);
    let cell = |column: i32, row: i32| {
        let shift = f64::from(row.rem_euclid(2)) / 2.0;
        let centre = coord! { x: (f64::from(column) + shift) * radius * 3_f64.sqrt(), y: 1.5 * radius * f64::from(row) };
        let corner = |number: i32| {
            let (sin, cos) = libm::sincos(std::f64::consts::FRAC_PI_3 * (f64::from(number) + 0.5));
            centre + coord! { x: radius * cos, y: radius * sin }
        };
        // Corners that cells share are made equal: their numbers differ in the last digits.
        let even = |at: Coord| coord! { x: (at.x * 1e3).round() / 1e3, y: (at.y * 1e3).round() / 1e3 };
        let ring: LineString<f64> = (0..=6).map(|number| even(corner(number % 6))).collect();
        MultiPolygon(vec![Polygon::new(ring, Vec::new())])
    };
    let cells: Vec<_> = (-5..100).flat_map(|column| (-5..115).map(move |row| cell(column, row))).collect();
    let features = features(&encode("hex", &place.areas(&cells), None, place.tile));
    let areas: Vec<_> = features.iter().map(area_of).collect();
    assert!(areas.iter().all(Validation::is_valid));
    let sum: f64 = areas.iter().map(Area::unsigned_area).sum();
    assert_eq!(sum, f64::from(EXTENT + 2 * BUFFER).powi(2));
}

/// Points with an id, a category and a weight, most of them in a few tiles.
fn points(count: usize) -> Table {
    let fields = vec![
        Field::new("category", FieldKind::Text, "Category", "What it is."),
        Field::new("weight", FieldKind::Number, "Weight", "How much it counts."),
        Field::new("occurred_from", FieldKind::Instant, "From", "When it began."),
        Field::new("known", FieldKind::Flag, "Known", "Whether it is known."),
        Field::new("street", FieldKind::Text, "Street", "Where it is."),
    ];
    let mut table = Table::builder(GeometryKind::Point, fields);
    let mut between = random(4);
    for number in 0..count {
        let at = LonLat::new(between(-2.2, -2.0), between(52.4, 52.6)).unwrap();
        let category = if number % 3 == 0 { "burglary" } else { "violence" };
        table.push(
            number.to_string(),
            Some(Placed::Point(at)),
            [
                Value::Text(category.into()),
                Value::Number(2.5),
                Value::Instant(1_704_067_200),
                Value::Flag(number % 2 == 0),
                Value::Absent,
            ],
        );
    }
    table.finish()
}

/// The tiles of a zoom that meet a layer.
fn tiles(features: &dyn Features, zoom: u32) -> Vec<TileId> {
    let bounds = features.bounds(Plane::Mercator).unwrap();
    let across = 0..1_u32 << zoom;
    let all = across.clone().flat_map(|column| across.clone().map(move |row| (column, row)));
    if zoom < 6 {
        return all.map(|(column, row)| TileId::new(zoom, column, row).unwrap()).collect();
    }
    let (half, side) = (TileId::side_m(0) / 2.0, TileId::side_m(u8::try_from(zoom).unwrap()));
    let number = |metres: f64| (metres / side) as u32;
    (number(bounds.min().x + half)..=number(bounds.max().x + half))
        .flat_map(|column| {
            (number(half - bounds.max().y)..=number(half - bounds.min().y))
                .map(move |row| TileId::new(zoom, column, row).unwrap())
        })
        .collect()
}

fn is_inside(at: Coord) -> bool {
    let inside = 0.0..f64::from(EXTENT);
    inside.contains(&at.x) && inside.contains(&at.y)
}

#[test]
fn a_point_is_in_exactly_one_tile_without_its_buffer() {
    let table = points(3_000);
    for zoom in [14, 16] {
        let mut seen = vec![0; table.len()];
        for tile in tiles(&table, zoom) {
            for feature in features(&encode("points", &table, None, tile)) {
                let row = usize::try_from(feature.id.unwrap()).unwrap();
                seen[row] += usize::from(is_inside(position_of(&feature)));
            }
        }
        assert!(seen.iter().all(|times| *times == 1), "zoom {zoom}");
    }
}

#[test]
fn gathered_points_count_to_all_of_them() {
    let table = points(3_000);
    for zoom in [0, 5, 9, 11, 13] {
        let mut total = 0;
        for tile in tiles(&table, zoom) {
            let Some(layer) = decoded(&encode("points", &table, None, tile)) else { continue };
            for feature in layer.features.iter().filter(|feature| is_inside(position_of(feature))) {
                total += properties(&layer, feature)[COUNT].whole.unwrap();
            }
        }
        assert_eq!(total, 3_000, "zoom {zoom}");
    }
}

#[test]
fn neighbouring_tiles_show_the_same_features_in_their_common_strip() {
    let table = points(3_000);
    for (zoom, column, row) in [(13, 4048, 2686), (14, 8097, 5373)] {
        let strip = |column: u32, shift: f64| {
            let bytes = encode("points", &table, None, TileId::new(zoom, column, row).unwrap());
            let mut found: Vec<(i64, i64)> = features(&bytes)
                .iter()
                .map(|feature| position_of(feature) + coord! { x: shift, y: 0.0 })
                .filter(|at| (4096.0 - 64.0..4096.0 + 64.0).contains(&at.x))
                .map(|at| (at.x as i64, at.y as i64))
                .collect();
            found.sort_unstable();
            found
        };
        let (west, east) = (strip(column, 0.0), strip(column + 1, 4096.0));
        assert!(!west.is_empty() && west == east, "{west:?} {east:?}");
    }
}

#[test]
fn a_square_has_the_mean_position_and_the_values_on_which_all_agree() {
    let place = Place::new(10, 506, 335);
    let mut table = Table::builder(GeometryKind::Point, points(0).fields().to_vec());
    let placed = |x: f64, y: f64| {
        let at = place.degrees(coord! { x: x, y: y });
        Some(Placed::Point(LonLat::new(at.x, at.y).unwrap()))
    };
    table.push("1", placed(320.0, 640.0), [Value::Text("drugs".into()), Value::Number(1.0)]);
    table.push("2", placed(351.0, 671.0), [Value::Text("drugs".into()), Value::Number(2.0)]);
    table.push("3", placed(352.0, 640.0), [Value::Text("arson".into())]);
    let table = table.finish();
    let layer = decoded(&encode("points", &table, None, place.tile)).unwrap();
    let shown: Vec<_> =
        layer.features.iter().map(|one| (position_of(one), properties(&layer, one))).collect();
    let text = |text: &str| wire::Value { text: Some(text.to_owned()), ..Default::default() };
    let whole = |whole: i64| wire::Value { whole: Some(whole), ..Default::default() };
    let two = BTreeMap::from([("category".to_owned(), text("drugs")), (COUNT.to_owned(), whole(2))]);
    let one = BTreeMap::from([("category".to_owned(), text("arson")), (COUNT.to_owned(), whole(1))]);
    assert_eq!(shown, [(coord! { x: 336.0, y: 656.0 }, two), (coord! { x: 352.0, y: 640.0 }, one)]);
}

#[test]
fn properties_have_the_types_of_their_fields_and_absent_ones_are_left_out() {
    let table = points(2_000);
    let layer = decoded(&encode("points", &table, Some(&[6]), {
        let Some(Shape::Point(at)) = table.shape(6, Plane::Mercator) else { panic!("a point") };
        let around = crate::feature::Bounds::around([at]).unwrap();
        tiles(&table, 14).into_iter().find(|tile| tile.bounds().covers(&around)).unwrap()
    }))
    .unwrap();
    let [feature] = layer.features.as_slice() else { panic!("one feature") };
    let properties = properties(&layer, feature);
    assert_eq!(feature.id, Some(6));
    assert_eq!(properties["category"].text.as_deref(), Some("burglary"));
    assert_eq!(properties["weight"].number, Some(2.5));
    assert_eq!(properties["occurred_from"].text.as_deref(), Some("2024-01-01T00:00:00Z"));
    assert_eq!(properties["known"].flag, Some(true));
    assert_eq!(properties.len(), 4);
}

#[test]
fn an_id_that_is_no_number_is_a_property() {
    let mut table = Table::builder(GeometryKind::Point, Vec::new());
    table.push("89194ad3b6fffff", Some(Placed::Point(LonLat::new(-2.0809, 52.5123).unwrap())), []);
    let layer = decoded(&encode("hex", &table.finish(), None, dudley().tile)).unwrap();
    assert_eq!(layer.features[0].id, None);
    assert_eq!(properties(&layer, &layer.features[0])[ID].text.as_deref(), Some("89194ad3b6fffff"));
}

#[test]
fn only_the_chosen_rows_are_shown() {
    let table = points(1_000);
    let chosen: Vec<u32> = (0..1_000).step_by(3).collect();
    let whole = TileId::new(0, 0, 0).unwrap();
    let layer = decoded(&encode("points", &table, Some(&chosen), whole)).unwrap();
    let all = layer.features.iter().map(|feature| properties(&layer, feature));
    let (counts, categories): (Vec<_>, Vec<_>) = all
        .map(|mut of| (of[COUNT].whole.unwrap(), of.remove("category").and_then(|value| value.text)))
        .unzip();
    assert_eq!(counts.iter().sum::<i64>(), 334);
    assert!(categories.iter().all(|category| category.as_deref() == Some("burglary")));
    assert!(encode("points", &table, Some(&[]), whole).is_empty());
}

#[test]
fn the_same_layer_gives_the_same_bytes() {
    let bytes = || encode("points", &points(500), None, TileId::new(10, 506, 335).unwrap());
    assert_eq!(bytes(), bytes());
    assert!(!bytes().is_empty());
}
