#![expect(clippy::cast_sign_loss, reason = "the numbers of tests are small and exact")]

use geo::Contains;
use geo_types::{Coord, LineString, MultiPolygon, Point, Polygon, coord};
use proptest::prelude::*;

use super::*;
use crate::{
    feature::{Field, FieldKind, GeometryKind, Placed, Rule, Table, Test},
    model::{LonLat, LonLatShape},
};

const RED: Colour = Colour::opaque(215, 48, 31);
const BLUE: Colour = Colour::opaque(33, 102, 172);

fn ring(corners: &[(f64, f64)]) -> LineString {
    let mut ring: LineString = corners.iter().copied().collect();
    ring.close();
    ring
}

fn area(corners: &[(f64, f64)]) -> MultiPolygon {
    MultiPolygon(vec![Polygon::new(ring(corners), Vec::new())])
}

/// Areas with numbers 0, 1, …, in degrees.
fn areas(shapes: impl IntoIterator<Item = MultiPolygon>) -> Table {
    let number = Field::new("number", FieldKind::Whole, "Number", "Its number.");
    let mut table = Table::builder(GeometryKind::MultiPolygon, vec![number]);
    for (number, shape) in (0..).zip(shapes) {
        table.push(number.to_string(), Some(Placed::Area(LonLatShape(shape))), [Value::Whole(number)]);
    }
    table.finish()
}

fn points(places: &[(f64, f64)]) -> Table {
    let mut table = Table::builder(GeometryKind::Point, Vec::new());
    for (number, (lon, lat)) in places.iter().enumerate() {
        table.push(number.to_string(), Some(Placed::Point(LonLat::new(*lon, *lat).unwrap())), []);
    }
    table.finish()
}

fn rule(test: Test, fill: Option<Colour>) -> Rule {
    Rule { label: String::new(), test, fill, stroke: None, stroke_px: 0.0, radius_px: 0.0 }
}

/// Feature 0 in the first colour, 1 in the second, and so on; others are not drawn.
fn numbered(colours: &[Colour]) -> Symbology {
    let rules = (0..).zip(colours).map(|(number, colour)| {
        rule(Test::Range(Some(f64::from(number)), Some(f64::from(number) + 1.0)), Some(*colour))
    });
    symbology(Some("number"), rules.collect())
}

fn symbology(field: Option<&str>, rules: Vec<Rule>) -> Symbology {
    Symbology {
        id: "style".into(),
        title: "Style".into(),
        geometry: GeometryKind::MultiPolygon,
        field: field.map(str::to_owned),
        class_rule: None,
        rules,
    }
}

fn view(west: f64, south: f64, east: f64, north: f64, width: u32, height: u32) -> View {
    let bounds = Bounds::new(coord! { x: west, y: south }, coord! { x: east, y: north }).unwrap();
    View::new(bounds, Plane::Degrees, width, height).unwrap()
}

fn drawn(features: &Table, symbology: &Symbology, view: &View) -> Picture {
    draw(&[Painted { features, rows: None, symbology }], view, None)
}

fn pixels(picture: &Picture) -> Vec<[u8; 4]> {
    let all = (0..picture.height_px()).flat_map(|y| (0..picture.width_px()).map(move |x| (x, y)));
    all.map(|(x, y)| picture.pixel(x, y).unwrap()).collect()
}

const CLEAR: [u8; 4] = [0; 4];

#[test]
fn a_square_fills_the_pixels_it_covers_and_half_covered_ones_by_half() {
    // From 2 to 5½ pixels from the left, 1 to 3 from the bottom of 8 × 4 pixels.
    let table = areas([area(&[(2.0, 1.0), (5.5, 1.0), (5.5, 3.0), (2.0, 3.0)])]);
    let picture = drawn(&table, &numbered(&[RED]), &view(0.0, 0.0, 8.0, 4.0, 8, 4));
    for y in 0..4 {
        for x in 0..8 {
            let expected = match (x, y) {
                (2..=4, 1..=2) => [215, 48, 31, 255],
                (5, 1..=2) => [215, 48, 31, 128],
                _ => CLEAR,
            };
            let seen = picture.pixel(x, y).unwrap();
            let is_near = seen.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 1);
            assert!(is_near, "{x} {y}: {seen:?} for {expected:?}");
        }
    }
    assert_eq!(picture.pixel(8, 0), None);
}

#[test]
fn opacity_is_kept_and_a_background_lies_below() {
    let table = areas([area(&[(0.0, 0.0), (1.0, 0.0), (1.0, 2.0), (0.0, 2.0)])]);
    let style = numbered(&[RED.with_alpha(102)]);
    let all = view(0.0, 0.0, 2.0, 2.0, 2, 2);
    assert_eq!(drawn(&table, &style, &all).pixel(0, 0).unwrap()[3], 102);
    let layer = Painted { features: &table, rows: None, symbology: &style };
    let on_white = draw(&[layer], &all, Some(Colour::opaque(255, 255, 255)));
    // 0.4 of the red, 0.6 of the white.
    assert_eq!((on_white.pixel(0, 0), on_white.pixel(1, 0)), (Some([239, 172, 165, 255]), Some([255; 4])));
}

#[test]
fn holes_are_left_out_whichever_way_round_rings_go() {
    for (outer, inner) in [(false, false), (false, true), (true, false), (true, true)] {
        let turned = |corners: &[(f64, f64)], turn: bool| {
            let mut ring = ring(corners);
            if turn {
                ring.0.reverse();
            }
            ring
        };
        let shape = MultiPolygon(vec![Polygon::new(
            turned(&[(0.0, 0.0), (6.0, 0.0), (6.0, 6.0), (0.0, 6.0)], outer),
            vec![turned(&[(2.0, 2.0), (4.0, 2.0), (4.0, 4.0), (2.0, 4.0)], inner)],
        )]);
        let picture = drawn(&areas([shape]), &numbered(&[BLUE]), &view(0.0, 0.0, 6.0, 6.0, 6, 6));
        let clear = pixels(&picture).iter().filter(|pixel| **pixel == CLEAR).count();
        assert_eq!(clear, 4, "{outer} {inner}");
    }
}

#[test]
fn areas_with_a_common_border_meet_without_a_seam() {
    // A fan of triangles around a middle that is on no pixel's corner.
    let (middle, n) = ((50.37, 49.81), 17);
    let spoke = |i: i32| {
        let angle = f64::from(i) * std::f64::consts::TAU / f64::from(n);
        (middle.0 + 60.0 * angle.cos(), middle.1 + 60.0 * angle.sin())
    };
    let fan = areas((0..n).map(|i| area(&[middle, spoke(i), spoke((i + 1) % n)])));
    let all = view(10.0, 10.0, 80.0, 80.0, 93, 93);
    let alike = symbology(None, vec![rule(Test::All, Some(RED.with_alpha(190)))]);
    let picture = drawn(&fan, &alike, &all);
    let first = picture.pixel(0, 0).unwrap();
    for (i, pixel) in pixels(&picture).iter().enumerate() {
        assert_eq!(*pixel, first, "{} {}", i % 93, i / 93);
    }
    // Opaque and of two colours, nothing shows between them.
    let two: Vec<Colour> = (0..n).map(|i| if i % 2 == 0 { RED } else { BLUE }).collect();
    let opaque = drawn(&fan, &numbered(&two), &all);
    assert!(pixels(&opaque).iter().all(|pixel| pixel[3] == 255));
}

#[test]
fn an_area_over_another_hides_it_as_far_as_it_is_opaque() {
    let square = || area(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)]);
    let table = areas([square(), square()]);
    let all = view(0.0, 0.0, 4.0, 4.0, 4, 4);
    let seen = |over: Colour| drawn(&table, &numbered(&[RED, over]), &all).pixel(1, 1).unwrap();
    assert_eq!(seen(BLUE), [33, 102, 172, 255]);
    let mixed = seen(BLUE.with_alpha(51));
    for ((mixed, red), blue) in mixed.iter().zip(RED.rgb).zip(BLUE.rgb) {
        let expected = 0.8 * f64::from(red) + 0.2 * f64::from(blue);
        assert!((f64::from(*mixed) - expected).abs() < 1.6, "{mixed} {expected}");
    }
}

#[test]
fn features_that_no_rule_fits_and_rows_not_asked_for_are_not_drawn() {
    let left = area(&[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]);
    let right = area(&[(1.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 1.0)]);
    let table = areas([left, right]);
    let all = view(0.0, 0.0, 2.0, 1.0, 2, 1);
    assert_eq!(drawn(&table, &numbered(&[RED]), &all).pixel(1, 0), Some(CLEAR));
    let style = numbered(&[RED, BLUE]);
    for (rows, left, right) in [(&[1, 0][..], 255, 255), (&[1], 0, 255), (&[], 0, 0)] {
        let picture = draw(&[Painted { features: &table, rows: Some(rows), symbology: &style }], &all, None);
        let alphas = [0, 1].map(|x| picture.pixel(x, 0).unwrap()[3]);
        assert_eq!((alphas, picture.is_empty()), ([left, right], rows.is_empty()), "{rows:?}");
    }
}

/// A star with a hole, and its neighbours.
fn star() -> MultiPolygon {
    let star: Vec<(f64, f64)> = (0..40)
        .map(|i| {
            let (angle, radius) = (f64::from(i) * std::f64::consts::TAU / 40.0, [22.0, 40.0][i as usize % 2]);
            (50.0 + radius * angle.cos(), 50.0 + radius * angle.sin())
        })
        .collect();
    let hole = ring(&[(40.0, 45.0), (58.0, 43.0), (55.0, 60.0)]);
    MultiPolygon(vec![Polygon::new(ring(&star), vec![hole])])
}

#[test]
fn pixels_are_filled_where_their_middle_lies_in_the_area() {
    let (shape, size) = (star(), 400);
    let picture =
        drawn(&areas([shape.clone()]), &numbered(&[RED]), &view(0.0, 0.0, 100.0, 100.0, size, size));
    let mut agree = 0;
    for (i, pixel) in pixels(&picture).iter().enumerate() {
        let (x, y) = (i as f64 % 400.0, (i as f64 / 400.0).floor());
        let middle = Point::new((x.floor() + 0.5) / 4.0, 100.0 - (y + 0.5) / 4.0);
        agree += usize::from((pixel[3] >= 128) == shape.contains(&middle));
    }
    assert!(agree as f64 >= 0.995 * f64::from(size * size), "{agree}");
}

#[test]
fn a_picture_in_four_parts_is_the_picture_of_the_whole() {
    let mut shapes = vec![star()];
    shapes.push(area(&[(5.0, 5.0), (95.0, 8.0), (90.0, 40.0), (10.0, 30.0)]));
    let table = areas(shapes);
    let mut style = numbered(&[RED.with_alpha(190), BLUE.with_alpha(120)]);
    for rule in &mut style.rules {
        (rule.stroke, rule.stroke_px) = (Some(Colour::opaque(77, 77, 77)), 1.2);
    }
    let places: Vec<(f64, f64)> =
        (0..300).map(|i| (f64::from(i * 37 % 100) + 0.3, f64::from(i * 61 % 101) * 0.88)).collect();
    let (dots, mut dot) = (points(&places), rule(Test::All, Some(BLUE.with_alpha(200))));
    (dot.radius_px, dot.stroke, dot.stroke_px) = (4.0, Some(Colour::opaque(255, 255, 255)), 0.8);
    let dot = symbology(None, vec![dot]);
    let layers = [
        Painted { features: &table, rows: None, symbology: &style },
        Painted { features: &dots, rows: None, symbology: &dot },
    ];
    let whole = draw(&layers, &view(0.0, 0.0, 100.0, 100.0, 512, 512), None);
    let mut different = 0;
    for (column, row) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        let (west, south) = (50.0 * f64::from(column), 50.0 - 50.0 * f64::from(row));
        let part = draw(&layers, &view(west, south, west + 50.0, south + 50.0, 256, 256), None);
        for (x, y) in (0..256).flat_map(|y| (0..256).map(move |x| (x, y))) {
            let (part, whole) = (part.pixel(x, y), whole.pixel(x + 256 * column, y + 256 * row));
            let most = part.unwrap().iter().zip(whole.unwrap()).map(|(a, b)| a.abs_diff(b)).max().unwrap();
            different += usize::from(most > 2);
            assert!(most < 100, "{x} {y} of {column} {row}: {part:?} {whole:?}");
        }
    }
    assert!(different < 60, "{different} pixels on borders differ");
}

#[test]
fn points_at_one_pixel_are_drawn_once_and_symbols_reach_into_the_next_picture() {
    let mut dot = rule(Test::All, Some(RED.with_alpha(100)));
    dot.radius_px = 3.0;
    let style = symbology(None, vec![dot]);
    let once = drawn(&points(&[(5.2, 5.2)]), &style, &view(0.0, 0.0, 10.0, 10.0, 10, 10));
    let often = drawn(&points(&[(5.2, 5.2); 500]), &style, &view(0.0, 0.0, 10.0, 10.0, 10, 10));
    assert_eq!(pixels(&once), pixels(&often));
    assert_eq!(once.pixel(5, 4).unwrap()[3], 100);
    let beside = drawn(&points(&[(5.2, 5.2)]), &style, &view(6.0, 0.0, 16.0, 10.0, 10, 10));
    assert_eq!((beside.pixel(0, 4), beside.pixel(5, 4)), (once.pixel(6, 4), Some(CLEAR)));
}

#[test]
fn a_deep_view_into_a_wide_area_is_one_colour() {
    let table = areas([area(&[(-170.0, -80.0), (170.0, -80.0), (170.0, 80.0), (-170.0, 80.0)])]);
    let mut style = numbered(&[RED]);
    (style.rules[0].stroke, style.rules[0].stroke_px) = (Some(BLUE), 3.0);
    let deep = drawn(&table, &style, &view(10.0, 10.0, 10.000_001, 10.000_001, 64, 64));
    assert!(pixels(&deep).iter().all(|pixel| *pixel == [215, 48, 31, 255]));
    // At a corner, the border is seen, and beyond it nothing.
    let corner = drawn(&table, &style, &view(169.999_999, 79.999_999, 170.000_001, 80.000_001, 64, 64));
    let seen = [(0, 63), (32, 48), (63, 0)].map(|(x, y)| corner.pixel(x, y).unwrap());
    assert_eq!(seen, [[215, 48, 31, 255], [33, 102, 172, 255], CLEAR]);
}

#[test]
fn views_have_sides() {
    let bounds = |side: f64| Bounds::new(Coord::zero(), coord! { x: side, y: side }).unwrap();
    for (side, width, height) in [(0.0, 9, 9), (1e-12, 9, 9), (1.0, 0, 9), (1.0, 9, 4_097)] {
        assert!(View::new(bounds(side), Plane::Grid, width, height).is_err(), "{side} {width} {height}");
    }
    let far = Bounds::new(coord! { x: -f64::MAX, y: 0.0 }, coord! { x: f64::MAX, y: 1.0 }).unwrap();
    assert!(View::new(far, Plane::Grid, 9, 9).is_err());
    assert!(View::new(bounds(1e300), Plane::Grid, 9, 9).is_ok());
}

fn decoded(file: &[u8]) -> (png::ColorType, Vec<[u8; 4]>) {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(file));
    let colour = decoder.read_header_info().unwrap().color_type;
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::ALPHA);
    let mut reader = decoder.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut bytes).unwrap();
    (colour, bytes.as_chunks::<4>().0.to_vec())
}

#[test]
fn files_hold_the_picture_with_a_palette_where_that_is_enough() {
    let picture =
        drawn(&areas([star()]), &numbered(&[RED.with_alpha(150)]), &view(0.0, 0.0, 99.0, 99.0, 80, 50));
    assert_eq!(decoded(&picture.png()), (png::ColorType::Indexed, pixels(&picture)));
    // Many colours over one another.
    let colours: Vec<Colour> = (0..=255).map(|i| Colour::opaque(i, 255 - i, 7)).collect();
    let bars = areas((0..256).map(|i| {
        let x = f64::from(i) / 8.0;
        area(&[(x, 0.0), (x + 0.12, 0.0), (x + 0.12, 9.0), (x, 9.0)])
    }));
    let many = drawn(&bars, &numbered(&colours), &view(0.0, 0.0, 32.0, 10.0, 900, 20));
    let (colour, seen) = decoded(&many.png());
    assert_eq!((colour, seen == pixels(&many)), (png::ColorType::Rgba, true));
}

proptest! {
    #[test]
    fn no_shape_stops_the_drawing(
        corners in prop::collection::vec((-180.0..180.0, -90.0..90.0), 0..12),
        hole in prop::collection::vec((-180.0..180.0, -90.0..90.0), 0..6),
        (west, south) in (-180.0..180.0, -90.0..90.0),
        side in prop::sample::select(vec![1e-7, 0.01, 1.0, 50.0, 1e5, 1e200]),
        (width, height) in (1_u32..70, 1_u32..70),
    ) {
        let table = areas([MultiPolygon(vec![Polygon::new(ring(&corners), vec![ring(&hole)])])]);
        let mut style = numbered(&[RED]);
        (style.rules[0].stroke, style.rules[0].stroke_px) = (Some(BLUE), 2.0);
        let picture = drawn(&table, &style, &view(west, south, west + side, south + side, width, height));
        prop_assert_eq!((picture.width_px(), picture.height_px()), (width, height));
    }
}
