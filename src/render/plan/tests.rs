use geo_types::{LineString, Polygon};
use proptest::prelude::*;

use super::*;
use crate::{
    feature::{Colour, Field, FieldKind, Test},
    render::figure::testing::{checked, classed, colour_at, length, picture, texts},
};

const RED: Colour = Colour::opaque(200, 30, 30);
const BLUE: Colour = Colour::opaque(20, 60, 220);
const HOSTILE: &str = "<b onload=\"x\">&amp; ' ]]> \u{0}</b>";
/// The corner of the borough, which is 4 km wide and 3 km high.
const CORNER: Coord = Coord { x: 390_000.0, y: 284_000.0 };

fn rectangle(x: f64, y: f64, wide: f64, high: f64) -> LineString<f64> {
    let corners = [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high), (x, y)];
    corners.map(|(x, y)| CORNER + coord! { x: x, y: y }).to_vec().into()
}

fn area(x: f64, y: f64, wide: f64, high: f64) -> GridShape {
    GridShape(MultiPolygon(vec![Polygon::new(rectangle(x, y, wide, high), vec![])]))
}

fn borough() -> GridShape {
    area(0.0, 0.0, 4_000.0, 3_000.0)
}

/// A round shape of so many corners.
fn round(x: f64, y: f64, radius: f64, corners: u32) -> GridShape {
    let corner = |number: u32| {
        let (up, across) = (f64::from(number) * std::f64::consts::TAU / f64::from(corners)).sin_cos();
        CORNER + coord! { x: x + radius * across, y: y + radius * up }
    };
    let ring: Vec<Coord> = (0..=corners).map(|number| corner(number % corners)).collect();
    GridShape(MultiPolygon(vec![Polygon::new(ring.into(), vec![])]))
}

fn rule(label: &str, test: Test, fill: Option<Colour>) -> Rule {
    Rule {
        label: label.to_owned(),
        test,
        fill,
        stroke: Some(Colour::opaque(60, 60, 60)),
        stroke_px: 1.0,
        radius_px: 4.0,
    }
}

fn symbology(rules: Vec<Rule>) -> Symbology {
    Symbology {
        id: "rate".into(),
        title: "Rate".into(),
        geometry: GeometryKind::MultiPolygon,
        field: Some("rate".into()),
        class_rule: Some("Natural breaks".into()),
        rules,
    }
}

fn classes() -> Symbology {
    symbology(vec![
        rule("below 5", Test::Range(None, Some(5.0)), Some(BLUE)),
        rule("5 and more", Test::Range(Some(5.0), None), Some(RED)),
    ])
}

fn figure() -> Figure {
    Figure::new("map", "A borough")
}

/// The place of a position in the drawing, by the outline that is drawn.
fn place(document: &roxmltree::Document<'_>, x: f64, y: f64) -> Coord {
    let d = classed(document, "outline")[0].attribute("d").unwrap().to_owned();
    // The outline is a rectangle: its first corner, and the steps from there.
    let numbers = d.replace(['M', 'l', 'z'], " ").replace('-', " -");
    let numbers: Vec<f64> = numbers.split_whitespace().map(|number| number.parse().unwrap()).collect();
    let (first, side) = (coord! { x: numbers[0], y: numbers[1] }, numbers[2] / 4_000.0);
    let at = coord! { x: first.x + x * side, y: first.y - y * side };
    at / 10.0
}

#[test]
fn areas_have_the_colour_of_their_class_and_holes_have_none() {
    let outline = borough();
    let holed =
        Polygon::new(rectangle(200.0, 200.0, 1_600.0, 1_600.0), vec![rectangle(600.0, 600.0, 800.0, 800.0)]);
    let (holed, plain) = (GridShape(MultiPolygon(vec![holed])), area(2_400.0, 200.0, 1_000.0, 1_000.0));
    let areas = [(&holed, Value::Number(9.0)), (&plain, Value::Number(1.0)), (&plain, Value::Absent)];
    let svg = Plan::of(figure(), &outline).areas(&classes(), areas).svg();
    let document = checked(&svg);
    let picture = picture(&svg, 1.0);
    let at = |x, y| {
        let at = place(&document, x, y);
        colour_at(&picture, at.x, at.y)
    };
    assert_eq!((at(400.0, 400.0), at(2_900.0, 700.0)), (RED.rgb, BLUE.rgb));
    assert_eq!((at(1_000.0, 1_000.0), at(3_800.0, 2_000.0)), ([0xf6, 0xf7, 0xf8], [0xf6, 0xf7, 0xf8]));
    let said = texts(&document);
    assert!(
        ["Rate", "below 5", "5 and more", "Natural breaks", "N"]
            .iter()
            .all(|words| said.contains(&(*words).into()))
    );
    assert!(svg.contains("Rate, 2 areas: below 5; 5 and more."));
}

#[test]
fn the_scale_bar_is_as_long_as_it_says() {
    let outline = borough();
    for (wide, length_m, words) in
        [(680.0, 500.0, "500 m"), (332.0, 1_000.0, "1 km"), (900.0, 500.0, "500 m")]
    {
        let svg = Plan::of(figure().wide(wide), &outline).svg();
        let document = checked(&svg);
        let long = place(&document, length_m, 0.0).x - place(&document, 0.0, 0.0).x;
        let halves: Vec<f64> = document
            .descendants()
            .filter(|node| node.attribute("height") == Some("5"))
            .map(|node| length(&node, "width"))
            .collect();
        assert_eq!(halves.len(), 2, "{wide}");
        assert!((halves[0] + halves[1] - long).abs() < 0.3, "{halves:?} {long}");
        assert!(texts(&document).contains(&words.to_owned()), "{wide}");
    }
}

#[test]
fn ranks_are_whole_apart_and_beside_what_is_too_small() {
    let outline = borough();
    let large = round(1_000.0, 1_000.0, 400.0, 60);
    let small: Vec<GridShape> =
        (0..9).map(|n| round(2_800.0 + 25.0 * f64::from(n), 2_000.0, 20.0, 12)).collect();
    let line = Rule { stroke_px: 2.0, ..rule("Hotspot", Test::All, Some(RED.with_alpha(60))) };
    let plan = Plan::of(figure(), &outline).hotspots(&line, std::iter::once(&large).chain(&small));
    let svg = plan.svg();
    let document = checked(&svg);
    let discs: Vec<Coord> = classed(&document, "rank")
        .iter()
        .map(|disc| coord! { x: length(disc, "cx"), y: length(disc, "cy") })
        .collect();
    assert_eq!(discs.len(), 10);
    for (number, one) in discs.iter().enumerate() {
        for other in &discs[number + 1..] {
            assert!((one.x - other.x).hypot(one.y - other.y) > 16.0);
        }
    }
    // The first is drawn last, in the middle of what it names.
    let middle = place(&document, 1_000.0, 1_000.0);
    assert!((discs[9].x - middle.x).hypot(discs[9].y - middle.y) < 12.0, "{:?} {middle:?}", discs[9]);
    assert_eq!(classed(&document, "hotspot").len(), 10);
    let said = texts(&document);
    assert!((1..=10).all(|rank: u32| said.contains(&rank.to_string())) && said.contains(&"Hotspot".into()));
    // What lies below shines through.
    let beside = place(&document, 1_000.0, 1_250.0);
    let seen = colour_at(&picture(&svg, 1.0), beside.x, beside.y);
    assert!(seen[0] > 220 && seen[1] > 150 && seen[1] < 220, "{seen:?}");
}

#[test]
fn names_stand_in_their_areas_or_nowhere() {
    let outline = borough();
    let (wide, thin) = (area(100.0, 100.0, 1_500.0, 1_500.0), area(2_000.0, 100.0, 60.0, 1_500.0));
    let names = [("Kingswinford North and Wall Heath", &wide), ("Gornal", &thin), ("", &wide)];
    let svg = Plan::of(figure(), &outline).names(names).svg();
    let document = checked(&svg);
    let (low, high) = (place(&document, 100.0, 1_600.0), place(&document, 1_600.0, 100.0));
    let written = classed(&document, "name");
    assert!(!written.is_empty());
    let words: Vec<&str> = written.iter().map(|name| name.text().unwrap()).collect();
    assert_eq!(words.join(" "), "Kingswinford North and Wall Heath");
    for name in written {
        assert!(
            (low.x..high.x).contains(&length(&name, "x")) && (low.y..high.y).contains(&length(&name, "y"))
        );
    }
    // Two names for one area: only one has room at the same place, and both stay apart.
    let narrow = area(100.0, 100.0, 700.0, 240.0);
    let svg = Plan::of(figure(), &outline).names([("Sedgley", &narrow), ("Wordsley", &narrow)]).svg();
    let document = checked(&svg);
    let lines: Vec<f64> = classed(&document, "name").iter().map(|name| length(name, "y")).collect();
    assert!(lines.len() == 1 || (lines[0] - lines[1]).abs() > 9.0, "{lines:?}");
}

#[test]
fn classes_of_one_grey_are_hatched_in_the_map_and_in_the_legend() {
    let outline = borough();
    let alike = Colour::opaque(97, 97, 97);
    let style = symbology(vec![
        rule("low", Test::Range(None, Some(5.0)), Some(alike)),
        rule("high", Test::Range(Some(5.0), None), Some(Colour::opaque(255, 20, 70))),
    ]);
    let (one, other) = (area(100.0, 100.0, 900.0, 900.0), area(1_500.0, 100.0, 900.0, 900.0));
    let areas = [(&one, Value::Number(1.0)), (&other, Value::Number(9.0))];
    let svg = Plan::of(figure(), &outline).areas(&style, areas.clone()).areas(&style, areas).svg();
    let document = checked(&svg);
    assert_eq!(svg.matches("<pattern").count(), 1);
    let pattern = document.descendants().find(|node| node.tag_name().name() == "pattern").unwrap();
    let url = format!("url(#{})", pattern.attribute("id").unwrap());
    let filled = document.descendants().filter(|node| node.attribute("fill") == Some(url.as_str()));
    assert_eq!(filled.count(), 4, "two layers, each with its swatch");
    assert_eq!(classed(&document, "swatch").len(), 4);
    let picture = picture(&svg, 1.0);
    let at = |x: f64, y: f64| {
        let at = place(&document, x, y);
        colour_at(&picture, at.x, at.y)
    };
    let seen = |x: f64| {
        (0..40).map(|step| at(x, 200.0 + 15.0 * f64::from(step))).collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(seen(500.0).into_iter().collect::<Vec<_>>(), [alike.rgb]);
    assert!(seen(2_000.0).len() > 1);
}

/// Points with a rate.
struct Points {
    fields: Vec<Field>,
    at: Vec<(Coord, f64)>,
}

impl Features for Points {
    fn fields(&self) -> &[Field] {
        &self.fields
    }

    fn geometry_kind(&self) -> GeometryKind {
        GeometryKind::Point
    }

    fn len(&self) -> usize {
        self.at.len()
    }

    fn id(&self, row: usize) -> Cow<'_, str> {
        row.to_string().into()
    }

    fn row_of(&self, id: &str) -> Option<usize> {
        id.parse().ok()
    }

    fn value(&self, row: usize, _field: usize) -> Value<'_> {
        Value::Number(self.at[row].1)
    }

    fn shape(&self, row: usize, plane: Plane) -> Option<Shape<'_>> {
        (plane == Plane::Grid).then(|| Shape::Point(self.at[row].0))
    }

    fn bounds(&self, _plane: Plane) -> Option<Bounds> {
        None
    }

    fn rows_meeting(&self, _window: &Bounds, _plane: Plane) -> Vec<u32> {
        Vec::new()
    }

    fn memory_bytes(&self) -> usize {
        0
    }
}

#[test]
fn a_layer_of_points_is_drawn_as_clients_draw_it() {
    let outline = borough();
    let style = Symbology { geometry: GeometryKind::Point, ..classes() };
    let fields = vec![Field::new("rate", FieldKind::Number, "Rate", "A rate.")];
    let on = |x, y| CORNER + coord! { x: x, y: y };
    let far = coord! { x: 1e5, y: 1e5 };
    let points =
        Points { fields, at: vec![(on(500.0, 500.0), 9.0), (on(3_000.0, 2_000.0), 1.0), (far, 9.0)] };
    let svg = Plan::of(figure(), &outline).features(&points, &style).svg();
    let document = checked(&svg);
    let picture = picture(&svg, 2.0);
    for (x, y, colour) in [(500.0, 500.0, RED), (3_000.0, 2_000.0, BLUE)] {
        let at = place(&document, x, y) * 2.0;
        assert_eq!(colour_at(&picture, at.x, at.y), colour.rgb);
    }
    assert!(svg.contains("Rate, 3 points"));
}

#[test]
fn a_map_of_a_borough_is_small() {
    let outline = round(2_000.0, 2_000.0, 2_000.0, 900);
    let wards: Vec<GridShape> = (0..24)
        .map(|n| round(600.0 * f64::from(n % 6) + 400.0, 800.0 * f64::from(n / 6) + 600.0, 300.0, 700))
        .collect();
    let cells: Vec<GridShape> = (0..1_000)
        .map(|n| round(100.0 * f64::from(n % 32) + 400.0, 100.0 * f64::from(n / 32) + 400.0, 58.0, 6))
        .collect();
    let bands: Vec<GridShape> = (0..24)
        .map(|n| round(500.0 * f64::from(n % 4) + 900.0, 2_000.0, 40.0 * f64::from(n + 1), 2_000))
        .collect();
    let value = |number: usize| Value::Number((number % 10) as f64);
    let layer = |shapes: &'static str| Symbology { title: shapes.into(), ..classes() };
    let plan = Plan::of(figure(), &outline)
        .areas(&layer("Bands"), bands.iter().enumerate().map(|(n, shape)| (shape, value(n))))
        .areas(&layer("Cells"), cells.iter().enumerate().map(|(n, shape)| (shape, value(n))))
        .areas(&layer("Wards"), wards.iter().enumerate().map(|(n, shape)| (shape, value(n))))
        .names(wards.iter().map(|shape| ("A ward", shape)))
        .neatline();
    let svg = plan.svg();
    checked(&svg);
    assert!(svg.len() < 150_000, "{} bytes", svg.len());
    assert_eq!(svg, plan.svg());
}

#[test]
fn whatever_the_words_are_they_are_only_words() {
    let outline = borough();
    let style = Symbology {
        title: HOSTILE.into(),
        class_rule: Some(HOSTILE.into()),
        ..symbology(vec![rule(HOSTILE, Test::All, Some(RED))])
    };
    let hot = rule(HOSTILE, Test::All, None);
    let svg = Plan::of(Figure::new(HOSTILE, HOSTILE), &outline)
        .areas(&style, [(&outline, Value::Absent)])
        .borders(&hot, [&outline])
        .hotspots(&hot, [&outline])
        .names([(HOSTILE, &outline)])
        .attribution(HOSTILE)
        .neatline()
        .svg();
    let document = checked(&svg);
    let known = ["svg", "title", "desc", "defs", "clipPath", "g", "path", "rect", "text", "circle", "line"];
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        assert!(known.contains(&node.tag_name().name()), "{}", node.tag_name().name());
        assert!(node.attributes().all(|attribute| !attribute.name().starts_with("on")));
    }
}

#[test]
fn the_legend_can_be_left_out_and_a_low_map_stays_whole() {
    let outline = borough();
    let areas = || [(&outline, Value::Number(1.0))];
    let svg = Plan::of(figure(), &outline).areas(&classes(), areas()).without_legend().high(150.0).svg();
    let document = checked(&svg);
    assert!(classed(&document, "swatch").is_empty());
    let (low, high) = (place(&document, 0.0, 0.0), place(&document, 4_000.0, 3_000.0));
    assert!(high.y >= 0.0 && low.y - high.y < 150.0);
}

#[test]
fn without_a_borough_there_is_no_map() {
    let point = GridShape(MultiPolygon(vec![Polygon::new(vec![CORNER; 4].into(), vec![])]));
    let lost = vec![coord! { x: f64::NAN, y: 1.0 }, coord! { x: 2.0, y: f64::INFINITY }];
    let lost = GridShape(MultiPolygon(vec![Polygon::new(lost.into(), vec![])]));
    for outline in [GridShape(MultiPolygon(vec![])), point, lost] {
        assert_eq!(texts(&checked(&Plan::of(figure(), &outline).svg())), ["No data"]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn no_shape_stops_the_drawing(
        corners in prop::collection::vec((0.0..4_000.0_f64, 0.0..3_000.0_f64), 0..14),
        strange in prop::collection::vec((prop::num::f64::ANY, prop::num::f64::ANY), 0..6),
        wide in 200.0..900.0_f64,
        name in ".{0,40}",
    ) {
        let outline = borough();
        let shape = |corners: &[(f64, f64)]| {
            let ring: Vec<Coord> = corners.iter().map(|(x, y)| CORNER + coord! { x: *x, y: *y }).collect();
            GridShape(MultiPolygon(vec![Polygon::new(ring.into(), vec![])]))
        };
        let (known, strange) = (shape(&corners), shape(&strange));
        let line = rule(&name, Test::All, Some(RED.with_alpha(40)));
        let svg = Plan::of(figure().wide(wide), &outline)
            .areas(&classes(), [(&known, Value::Number(3.0))])
            .hotspots(&line, [&known, &known])
            .names([(name.as_str(), &known), ("A", &known)])
            .attribution(&name)
            .svg();
        checked(&svg);
        // What reaches beyond the frame is cut off there.
        let wild = Plan::of(figure(), &strange)
            .areas(&classes(), [(&strange, Value::Number(3.0)), (&known, Value::Number(3.0))])
            .names([("A", &strange)])
            .hotspots(&line, [&strange])
            .svg();
        roxmltree::Document::parse(&wild).unwrap();
        let beyond = Plan::of(figure(), &outline).areas(&classes(), [(&strange, Value::Number(9.0))]).svg();
        prop_assert!(!beyond.contains("NaN") && !wild.contains("NaN") && !wild.contains("inf "));
    }
}
