use geo_types::Coord;

use super::*;
use crate::{feature::FieldKind, model::LonLat};

mod laws;

/// A feature with a value for each of [`fields`].
#[derive(Clone, Debug)]
struct Feature {
    values: Vec<Value<'static>>,
    shape: Option<Shape<'static>>,
}

impl Row for Feature {
    fn value(&self, field: usize) -> Value<'_> {
        self.values[field].clone()
    }

    fn shape(&self, plane: Plane) -> Option<Shape<'_>> {
        let project = |at: Coord| plane.project(LonLat::new(at.x, at.y).unwrap()).unwrap();
        match self.shape.as_ref()? {
            Shape::Point(at) => Some(Shape::Point(project(*at))),
            Shape::Polygons(area) => {
                Some(Shape::Polygons(std::borrow::Cow::Owned(plane.project_shape(area).unwrap())))
            }
        }
    }
}

fn fields() -> Vec<Field> {
    let field = |(name, kind): (&str, FieldKind)| Field::new(name, kind, "", "");
    [
        ("category", FieldKind::Text),
        ("street", FieldKind::Text),
        ("weight", FieldKind::Number),
        ("count", FieldKind::Whole),
        ("clipped", FieldKind::Flag),
        ("from", FieldKind::Instant),
        ("to", FieldKind::Instant),
    ]
    .map(field)
    .into()
}

/// New year 2024.
const NEW_YEAR_S: i64 = 1_704_067_200;

fn feature() -> Feature {
    Feature {
        values: vec![
            Value::text(Some("burglary")),
            Value::text(Some("Café Row")),
            Value::Number(2.5),
            Value::Whole(3),
            Value::Flag(true),
            Value::Instant(NEW_YEAR_S),
            // The whole of January.
            Value::Instant(NEW_YEAR_S + 31 * 86_400),
        ],
        shape: Some(Shape::Point(Coord { x: -2.08, y: 52.51 })),
    }
}

fn parsed(text: &str) -> Condition {
    let is_json = text.starts_with('{');
    let parse = if is_json { Condition::parse_json } else { Condition::parse_text };
    parse(text, &fields(), Crs::Crs84).unwrap_or_else(|fault| panic!("{text}: {}", fault.rule))
}

fn truth(text: &str, row: &Feature) -> Option<bool> {
    parsed(text).root.truth(row)
}

fn refusal(text: &str) -> String {
    let parse = if text.starts_with('{') { Condition::parse_json } else { Condition::parse_text };
    match parse(text, &fields(), Crs::Crs84) {
        Ok(_) => panic!("taken: {text}"),
        Err(fault) => fault.rule,
    }
}

#[test]
fn conditions_are_true_false_or_not_known() {
    let mut row = feature();
    row.values[3] = Value::Absent;
    for (text, expected) in [
        ("category = 'burglary'", Some(true)),
        ("category <> 'burglary' OR category != 'x'", Some(true)),
        ("'burglary' = category AND weight > 2 and weight<=2.5", Some(true)),
        ("NOT category = 'x'", Some(true)),
        ("not not clipped", Some(true)),
        ("clipped = false", Some(false)),
        ("clipped and true", Some(true)),
        ("count = 3", None),
        ("not (count = 3)", None),
        ("count = 3 and false", Some(false)),
        ("count = 3 or true", Some(true)),
        ("count is null and street is not null", Some(true)),
        ("count in (1, 2)", None),
        ("weight in (1, -2.5, 2.5)", Some(true)),
        ("weight not in (1, count, 2)", None),
        ("weight in (1, count, 2.5)", Some(true)),
        ("category in ('robbery','burglary')", Some(true)),
        ("category in ('robbery')", Some(false)),
        ("weight between 2.5 and 3", Some(true)),
        ("weight not between 2 and 3", Some(false)),
        ("weight between count and 2", Some(false)),
        ("weight between count and 3", None),
        ("weight * 2 + 1 = 6 and weight-1=1.5 and 7 div 2 = 3 and 7 % 4 = 3 and 2 ^ 3 = 8", Some(true)),
        ("1 + 2 * 3 = 7 and (1 + 2) * 3 = 9 and 8 - 4 - 2 = 2 and -weight = -2.5 and - (1) < +0", Some(true)),
        ("1 / 0 > 1", None),
        ("weight = weight", Some(true)),
        ("category like 'burg%' and category not like '%x%'", Some(true)),
        ("casei(category) = casei('BURGLARY') and CASEI(street) LIKE casei('CAFÉ%')", Some(true)),
        ("accenti(street) = accenti('Cafè Row')", Some(true)),
        ("accenti(casei(street)) = accenti(casei('CAFE\u{301} ROW'))", Some(true)),
        ("\"category\" = 'burglary'", Some(true)),
        ("category = 'it''s'", Some(false)),
        ("geometry is not null and not geom is null", Some(true)),
        ("true", Some(true)),
        ("false or count > 1 and true", None),
    ] {
        assert_eq!(truth(text, &row), expected, "{text}");
    }
}

#[test]
fn times_are_compared_as_days_and_as_instants() {
    let row = feature();
    for (text, expected) in [
        ("from = DATE('2024-01-01')", true),
        ("from = '2024-01-01T'", true),
        ("from = TIMESTAMP('2024-01-01T00:00:00Z')", true),
        ("from >= '2024-01-01T00:00:00Z' and from <= '2024-01-01T00:00:00+00:00'", true),
        ("from < '2024-01-01T00:00:00.5Z' and not from > '2024-01-01T00:00:00.5Z'", true),
        ("from > DATE('2023-12-31') and DATE('2024-01-02') > from", true),
        ("from > DATE('2024-01-01') or from < DATE('2024-01-01') or from <> DATE('2024-01-01')", false),
        ("from between '2023-01-01' and '2024-01-01' and from in ('2024-01-01', '2025-01-01')", true),
        ("to > from", true),
        ("t_after(from, TIMESTAMP('2023-12-31T23:59:59Z')) and t_before(from, DATE('2024-01-02'))", true),
        (
            "t_during(from, INTERVAL('2023-12-01', '..')) and not t_during(from, INTERVAL('2024-01-01', '..'))",
            true,
        ),
        ("T_INTERSECTS(from, INTERVAL('2024-01-01', '2024-01-01'))", true),
        ("t_equals(INTERVAL(from, to), INTERVAL('2024-01-01', '2024-01-31'))", true),
        ("t_starts(INTERVAL(from, to), INTERVAL('2024-01-01', '..'))", true),
        ("t_intersects(INTERVAL(from, to), INTERVAL('2024-02-01', '2024-02-29'))", false),
        ("t_before(INTERVAL(from, to), DATE('2024-02-01'))", true),
        ("t_contains(INTERVAL(from, to), TIMESTAMP('2024-01-15T12:00:00Z'))", true),
        ("t_disjoint(INTERVAL(from, from), DATE('2024-01-01'))", false),
        ("t_metBy(INTERVAL(from, to), INTERVAL('..', '2024-01-01T00:00:00Z'))", true),
        ("t_overlappedBy(INTERVAL(from, to), INTERVAL('2023-12-01', '2024-01-10'))", true),
        ("t_finishes(DATE('2024-01-31'), INTERVAL(from, to))", true),
        ("AnyInteracts(from, DATE('9999-12-31'))", false),
    ] {
        assert_eq!(truth(text, &row), Some(expected), "{text}");
    }
    let mut timeless = row;
    timeless.values[6] = Value::Absent;
    assert_eq!(truth("t_before(INTERVAL(from, to), DATE('2025-02-01'))", &timeless), None);
    // Ends before it starts.
    assert_eq!(truth("t_after(INTERVAL(from, '2020-01-01'), DATE('2000-02-01'))", &timeless), None);
}

#[test]
fn geometries_stand_on_either_side_and_in_every_system() {
    let row = feature();
    let grid = Plane::Grid.project(LonLat::new(-2.08, 52.51).unwrap()).unwrap();
    let around = |x: f64, y: f64, by: f64| format!("BBOX({},{},{},{})", x - by, y - by, x + by, y + by);
    for (text, crs, expected) in [
        ("s_intersects(geometry, POINT(-2.08 52.51))".to_owned(), Crs::Crs84, true),
        ("S_INTERSECTS(geom, POINT Z (-2.08 52.51 100))".to_owned(), Crs::Crs84, true),
        ("s_equals(MULTIPOINT((-2.08 52.51), (-2.08 52.51)), geometry)".to_owned(), Crs::Crs84, true),
        ("s_within(geometry, MULTIPOINT(1 1, -2.08 52.51))".to_owned(), Crs::Crs84, true),
        ("s_touches(geometry, LINESTRING(-2.08 52.51, 1 1))".to_owned(), Crs::Crs84, true),
        ("s_within(geometry, POLYGON((-3 52, -2 52, -2 53, -3 52)))".to_owned(), Crs::Crs84, true),
        ("s_contains(POLYGON((-3 52, -2 52, -2 53, -3 52)), geometry)".to_owned(), Crs::Crs84, true),
        ("s_contains(geometry, POLYGON((-3 52, -2 52, -2 53, -3 52)))".to_owned(), Crs::Crs84, false),
        (
            "s_disjoint(geometry, MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((2 2,3 2,3 3,2 2))))".to_owned(),
            Crs::Crs84,
            true,
        ),
        (
            "s_intersects(geometry, GEOMETRYCOLLECTION(POINT(1 1), LINESTRING(-2.08 52.51, 1 1)))".to_owned(),
            Crs::Crs84,
            true,
        ),
        (
            "s_within(geometry, GEOMETRYCOLLECTION(POINT(-2.08 52.51), POINT(1 1)))".to_owned(),
            Crs::Crs84,
            true,
        ),
        ("s_intersects(geometry, BBOX(170, 50, -2, 53))".to_owned(), Crs::Crs84, true),
        ("s_intersects(geometry, BBOX(170, 50, -3, 53))".to_owned(), Crs::Crs84, false),
        ("s_intersects(geometry, BBOX(-3, 52, 0, -2, 53, 9))".to_owned(), Crs::Crs84, true),
        ("s_touches(geometry, BBOX(-2.08, 52, -2, 53))".to_owned(), Crs::Crs84, true),
        ("s_intersects(geometry, POINT(52.51 -2.08))".to_owned(), Crs::Wgs84, true),
        (format!("s_within(geometry, {})", around(52.51, -2.08, 0.1)), Crs::Wgs84, true),
        (format!("s_within(geometry, {})", around(grid.x, grid.y, 0.5)), Crs::BritishGrid, true),
        (format!("s_disjoint(geometry, {})", around(grid.x + 2.0, grid.y, 1.5)), Crs::BritishGrid, true),
        (format!("s_equals(geometry, POINT({} {}))", grid.x, grid.y), Crs::BritishGrid, true),
    ] {
        let condition = Condition::parse_text(&text, &fields(), crs).unwrap();
        assert_eq!(condition.root.truth(&row), Some(expected), "{text}");
    }
    assert_eq!(truth("s_equals(geometry, geom) and not s_touches(geom, geometry)", &row), Some(true));
    let nowhere = Feature { shape: None, ..row };
    assert_eq!(truth("s_equals(geometry, geometry)", &nowhere), None);
    assert_eq!(truth("s_disjoint(geometry, POINT(0 0))", &nowhere), None);
    assert_eq!(truth("geometry is null", &nowhere), Some(true));
}

/// The same conditions in both encodings.
const PAIRS: [(&str, &str); 12] = [
    (
        "category = 'x' and weight <> -2 or not clipped",
        r#"{"op":"or","args":[{"op":"and","args":[{"op":"=","args":[{"property":"category"},"x"]},{"op":"<>","args":[{"property":"weight"},-2]}]},{"op":"not","args":[{"property":"clipped"}]}]}"#,
    ),
    ("category in ('a', 'b')", r#"{"op":"in","args":[{"property":"category"},["a","b"]]}"#),
    (
        "weight between 1 and count",
        r#"{"op":"between","args":[{"property":"weight"},1,{"property":"count"}]}"#,
    ),
    ("street is null", r#"{"op":"isNull","args":[{"property":"street"}]}"#),
    (
        "casei(street) like casei('X%')",
        r#"{"op":"like","args":[{"op":"casei","args":[{"property":"street"}]},{"op":"casei","args":["X%"]}]}"#,
    ),
    (
        "weight * 2 ^ 2 > 1 - count",
        r#"{"op":">","args":[{"op":"*","args":[{"property":"weight"},{"op":"^","args":[2,2]}]},{"op":"-","args":[1,{"property":"count"}]}]}"#,
    ),
    (
        "from > TIMESTAMP('2024-01-01T00:00:00Z')",
        r#"{"op":">","args":[{"property":"from"},{"timestamp":"2024-01-01T00:00:00Z"}]}"#,
    ),
    (
        "t_metBy(INTERVAL(from, to), INTERVAL(DATE('2024-01-01'), '..'))",
        r#"{"op":"t_metBy","args":[{"interval":[{"property":"from"},{"property":"to"}]},{"interval":[{"date":"2024-01-01"},".."]}]}"#,
    ),
    (
        "s_intersects(geometry, POLYGON((0 0, 1 0, 1 1, 0 0)))",
        r#"{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1,9],[0,0]]]}]}"#,
    ),
    (
        "s_within(geometry, BBOX(-3, 52, -2, 53))",
        r#"{"op":"s_within","args":[{"property":"geometry"},{"bbox":[-3,52,-2,53]}]}"#,
    ),
    (
        "s_intersects(geometry, GEOMETRYCOLLECTION(POINT(1 2), MULTILINESTRING((0 0, 1 1))))",
        r#"{"op":"s_intersects","args":[{"property":"geometry"},{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},{"type":"MultiLineString","coordinates":[[[0,0],[1,1]]]}]}]}"#,
    ),
    ("true", "true"),
];

#[test]
fn both_encodings_say_the_same() {
    for (text, json) in PAIRS {
        assert_eq!(text::read(text), json::read(json), "{text}");
        Condition::parse_text(text, &fields(), Crs::Crs84).unwrap();
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_what_there_is() {
    for (text, told) in [
        ("", "the filter ends where a property"),
        ("category", "a filter is a condition"),
        ("category =", "the filter ends where"),
        ("category = 'a' and", "the filter ends where"),
        ("category = 'a' b", "at character 16, and, or, or the end is expected, not b"),
        ("(category = 'a'", "the filter ends where ')' is expected"),
        ("é = = 1", "at character 5"),
        ("category = and", "not and"),
        ("category = null", "not null"),
        ("postcode = 'DY1'", "no property 'postcode'; there are category, street"),
        ("category = 1", "a text is compared with a number; put texts in single quotes"),
        ("category = \"burglary\"", "no property 'burglary'"),
        ("clipped = 1", "true or false is compared with a number"),
        ("weight > 'a'", "a number is compared with a text"),
        ("weight in (1, 'a')", "a number is compared with a text"),
        ("from = 'yesterday'", "'yesterday' is no time"),
        ("from = DATE('2024-01-01T00:00:00Z')", "is no day"),
        ("from = DATE(2024)", "date takes one text"),
        ("'a' like 3", "like takes a text"),
        ("weight like 'a'", "like takes a text, not a number"),
        ("casei(weight) = 'a'", "casei takes a text"),
        ("category in ()", "at character 14"),
        ("soundex(category) = 'a'", "'soundex' is not offered; there are and, or"),
        ("category + 1 = 2", "'+' takes numbers"),
        ("(weight = 1) = true", "'=' makes a condition"),
        ("weight and true", "a filter is a condition"),
        ("s_intersects(geometry)", "'s_intersects' takes the property geometry and a geometry"),
        ("s_intersects(category, POINT(0 0))", "'s_intersects' takes the property geometry"),
        ("s_intersects(shape, POINT(0 0))", "no property 'shape'"),
        ("s_intersects(POINT(0 0), POINT(0 0))", "takes the property geometry and a geometry"),
        (
            "s_intersects(geometry, POINT(394607 294649))",
            "is not a position of CRS:84 (longitude, then latitude",
        ),
        ("s_intersects(geometry, POINT(1))", "a position has two"),
        ("s_intersects(geometry, POINT(nan 1))", "at character 30"),
        ("s_intersects(geometry, POINT(1e999 1))", "too great"),
        ("s_intersects(geometry, POINT EMPTY)", "lies nowhere"),
        ("s_intersects(geometry, LINESTRING(1 1))", "two positions"),
        ("s_intersects(geometry, POLYGON((0 0, 1 0, 1 1, 0 1)))", "ends where it starts"),
        ("s_intersects(geometry, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))", "not valid"),
        ("s_within(geometry, GEOMETRYCOLLECTION(POINT(0 0), LINESTRING(0 0, 1 1)))", "s_disjoint only"),
        (
            "s_intersects(geometry, GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POINT(0 0))))",
            "no further collection",
        ),
        ("s_intersects(geometry, BBOX(0, 0, 1))", "BBOX has four numbers"),
        ("s_intersects(geometry, BBOX(0, 1, 1, 0))", "lower corner"),
        ("geometry = POINT(0 0)", "s_intersects"),
        ("t_after(category, DATE('2024-01-01'))", "a text stands where a time"),
        ("t_after(from, '..')", "an end of an interval only"),
        ("t_after(from, INTERVAL('2024-02-01', '2024-01-01'))", "does not end before it starts"),
        ("t_after(from, INTERVAL('2024-02-01'))", "two ends"),
        ("from = INTERVAL('2024-01-01', '..')", "t_intersects"),
        (r#"{"op":"="}"#, "'args' is a list"),
        (r#"{"op":"=","args":[{"property":"weight"},null]}"#, "isNull"),
        (r#"{"op":"=","args":[{"property":"weight"}]}"#, "'=' takes two values"),
        (r#"{"op":"=","args":[{"poperty":"weight"},1]}"#, "here are only: poperty"),
        (r#"{"op":"s_within","args":[{"property":"geometry"},{"type":"Circle"}]}"#, "'Circle' is no type"),
        (
            r#"{"op":"s_within","args":[{"property":"geometry"},{"type":"MultiPoint","coordinates":[]}]}"#,
            "has positions",
        ),
        ("{", "not CQL2 JSON: EOF"),
    ] {
        let rule = refusal(text);
        assert!(rule.contains(told), "{text}: {rule}");
    }
}

#[test]
fn what_is_hostile_is_refused_at_once() {
    let open = |count: usize, what: &str| what.repeat(count);
    let nested_json = |count: usize| {
        let (open, close) = (r#"{"op":"not","args":["#, "]}");
        format!("{}true{}", open.repeat(count), close.repeat(count))
    };
    for text in [
        open(500, "("),
        format!("{}category = 'a'{}", open(500, "("), open(500, ")")),
        format!("{}category = 'a'", open(39, "(")),
        format!("{}category = ){}", open(39, "("), open(39, ")")),
        format!("{}true", open(1_000, "not ")),
        format!("weight = {}1", open(3_000, "-")),
        format!("weight = {}", open(1_000, "casei(")),
        format!("weight = 1{}", open(3_000, "+1")),
        open(400, "GEOMETRYCOLLECTION("),
        format!("s_intersects(geometry, {}", open(400, "GEOMETRYCOLLECTION(")),
        nested_json(41),
        nested_json(400),
        format!("{{\"op\":{}", open(4_000, "[")),
        format!("category in ({}'a')", open(3_000, "'a',")),
        "\u{0}".to_owned(),
        format!("'{}", open(3_000, "''")),
    ] {
        let rule = refusal(&text);
        assert!(rule.len() < 1_000, "{rule}");
    }
    assert!(refusal(&nested_json(41)).contains("nested"));
    assert_eq!(truth(&nested_json(38), &feature()), Some(true));
    // What is long and not deep is taken.
    let many: Vec<_> = (0..500).map(|number| format!("weight={number}")).collect();
    assert_eq!(truth(&many.join(" or "), &feature()), Some(false));
}
