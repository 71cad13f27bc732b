//! Random conditions and geometries against slow and obvious ways.

use geo::{Area, Relate};
use geo_types::{Coord, Geometry, MultiPolygon, Point, Rect, polygon};
use proptest::prelude::*;

use super::*;

/// A condition, and its truth worked out the slow way: every value unpacked, every part looked at.
#[derive(Clone, Debug)]
enum Plain {
    Number(usize, &'static str, i8),
    Text(usize, &'static str, char),
    In(usize, Vec<i8>),
    Between(usize, i8, i8),
    Null(usize),
    Flag,
    Not(Box<Plain>),
    And(Vec<Plain>),
    Or(Vec<Plain>),
}

const NAMES: [&str; 5] = ["category", "street", "weight", "count", "clipped"];

impl Plain {
    fn text(&self) -> String {
        let join = |parts: &[Self], word: &str| {
            let parts: Vec<_> = parts.iter().map(|part| format!("({})", part.text())).collect();
            parts.join(word)
        };
        match self {
            Self::Number(field, sign, number) => format!("{} {sign} {number}", NAMES[*field]),
            Self::Text(field, sign, letter) => format!("{} {sign} '{letter}'", NAMES[*field]),
            Self::In(field, items) => {
                let items: Vec<_> = items.iter().map(ToString::to_string).collect();
                format!("{} IN ({})", NAMES[*field], items.join(","))
            }
            Self::Between(field, low, high) => format!("{} between {low} and {high}", NAMES[*field]),
            Self::Null(field) => format!("{} IS NULL", NAMES[*field]),
            Self::Flag => "clipped".to_owned(),
            Self::Not(inner) => format!("NOT ({})", inner.text()),
            Self::And(parts) => join(parts, " AND "),
            Self::Or(parts) => join(parts, " OR "),
        }
    }

    fn json(&self) -> serde_json::Value {
        use serde_json::json;
        let property = |field: &usize| json!({"property": NAMES[*field]});
        let all = |parts: &[Self]| parts.iter().map(Self::json).collect::<Vec<_>>();
        match self {
            Self::Number(field, sign, number) => json!({"op": sign, "args": [property(field), number]}),
            Self::Text(field, sign, letter) => {
                json!({"op": sign, "args": [property(field), letter.to_string()]})
            }
            Self::In(field, items) => json!({"op": "in", "args": [property(field), items]}),
            Self::Between(field, low, high) => json!({"op": "between", "args": [property(field), low, high]}),
            Self::Null(field) => json!({"op": "isNull", "args": [property(field)]}),
            Self::Flag => property(&4),
            Self::Not(inner) => json!({"op": "not", "args": [inner.json()]}),
            Self::And(parts) => json!({"op": "and", "args": all(parts)}),
            Self::Or(parts) => json!({"op": "or", "args": all(parts)}),
        }
    }

    /// 0 for false, 1 for not known, 2 for true: and is the least, or the greatest.
    fn rank(&self, row: &Feature) -> u8 {
        let known = |truth: bool| if truth { 2 } else { 0 };
        let by = |sign: &str, order: std::cmp::Ordering| {
            known(match sign {
                "=" => order.is_eq(),
                "<>" => order.is_ne(),
                "<" => order.is_lt(),
                "<=" => order.is_le(),
                ">" => order.is_gt(),
                _ => order.is_ge(),
            })
        };
        let number = |field: &usize| row.values[*field].as_number();
        match self {
            Self::Number(field, sign, other) => {
                number(field).map_or(1, |own| by(sign, own.partial_cmp(&f64::from(*other)).unwrap()))
            }
            Self::Text(field, sign, letter) => match &row.values[*field] {
                Value::Text(own) => by(sign, own.to_string().cmp(&letter.to_string())),
                _ => 1,
            },
            Self::In(field, items) => number(field)
                .map_or(1, |own| known(items.iter().any(|item| (f64::from(*item) - own).abs() < 1e-9))),
            Self::Between(field, low, high) => {
                number(field).map_or(1, |own| known(own >= f64::from(*low) && own <= f64::from(*high)))
            }
            Self::Null(field) => known(row.values[*field].is_absent()),
            Self::Flag => match row.values[4] {
                Value::Flag(flag) => known(flag),
                _ => 1,
            },
            Self::Not(inner) => 2 - inner.rank(row),
            Self::And(parts) => parts.iter().map(|part| part.rank(row)).min().unwrap(),
            Self::Or(parts) => parts.iter().map(|part| part.rank(row)).max().unwrap(),
        }
    }
}

fn plain() -> impl Strategy<Value = Plain> {
    let sign = || prop::sample::select(vec!["=", "<>", "<", "<=", ">", ">="]);
    let leaf = prop_oneof![
        (2_usize..4, sign(), -2_i8..3).prop_map(|(field, sign, number)| Plain::Number(field, sign, number)),
        (0_usize..2, sign(), prop::char::range('a', 'c'))
            .prop_map(|(f, sign, letter)| Plain::Text(f, sign, letter)),
        (2_usize..4, prop::collection::vec(-2_i8..3, 1..4))
            .prop_map(|(field, items)| Plain::In(field, items)),
        (2_usize..4, -2_i8..3, -2_i8..3).prop_map(|(field, low, high)| Plain::Between(field, low, high)),
        (0_usize..5).prop_map(Plain::Null),
        Just(Plain::Flag),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Plain::Not(Box::new(inner))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Plain::And),
            prop::collection::vec(inner, 2..4).prop_map(Plain::Or),
        ]
    })
}

fn any_feature() -> impl Strategy<Value = Feature> {
    let text = || prop::option::of(prop::char::range('a', 'c'));
    let number = || prop::option::of(-2_i8..3);
    (text(), text(), number(), number(), prop::option::of(any::<bool>())).prop_map(|(a, b, c, d, e)| {
        let letter =
            |letter: Option<char>| letter.map_or(Value::Absent, |own| Value::Text(own.to_string().into()));
        let values = vec![
            letter(a),
            letter(b),
            Value::number(c.map(f64::from)),
            d.map_or(Value::Absent, |whole| Value::Whole(whole.into())),
            e.map_or(Value::Absent, Value::Flag),
        ];
        Feature { values, shape: None }
    })
}

fn corner() -> impl Strategy<Value = (i8, i8)> {
    (0_i8..6, 0_i8..6)
}

fn at((x, y): (i8, i8)) -> Coord {
    Coord { x: x.into(), y: y.into() }
}

/// A geometry as text, and as what it is; not always a valid one.
fn any_geometry() -> impl Strategy<Value = (String, Geometry<f64>)> {
    let written = |corners: &[(i8, i8)]| {
        let corners: Vec<_> = corners.iter().map(|(x, y)| format!("{x} {y}")).collect();
        corners.join(",")
    };
    prop_oneof![
        corner().prop_map(move |one| (format!("POINT({})", written(&[one])), Point(at(one)).into())),
        prop::collection::vec(corner(), 1..4).prop_map(move |all| {
            let points: Vec<Coord> = all.iter().copied().map(at).collect();
            (format!("MULTIPOINT({})", written(&all)), geometry::points(points).into())
        }),
        prop::collection::vec(corner(), 2..5).prop_map(move |all| {
            let line: geo_types::LineString<f64> = all.iter().copied().map(at).collect();
            (format!("LINESTRING({})", written(&all)), line.into())
        }),
        prop::collection::vec(corner(), 3..6).prop_map(move |mut all| {
            all.push(all[0]);
            let ring: geo_types::LineString<f64> = all.iter().copied().map(at).collect();
            (format!("POLYGON(({}))", written(&all)), geo_types::Polygon::new(ring, Vec::new()).into())
        }),
        prop::collection::vec((corner(), corner()), 1..3).prop_map(move |all| {
            let texts: Vec<_> = all.iter().map(|(a, b)| format!("({})", written(&[*a, *b]))).collect();
            let lines = all.iter().map(|(a, b)| vec![at(*a), at(*b)].into()).collect();
            (format!("MULTILINESTRING({})", texts.join(",")), geo_types::MultiLineString(lines).into())
        }),
        prop::collection::vec((corner(), corner()), 1..3).prop_map(move |all| {
            let rings = all.iter().map(|((x, y), (a, b))| {
                let (right, top) = (x + a + 1, y + b + 1);
                [(*x, *y), (right, *y), (right, top), (*x, top), (*x, *y)]
            });
            let texts: Vec<_> = rings.clone().map(|ring| format!("(({}))", written(&ring))).collect();
            let area =
                |ring: [(i8, i8); 5]| geo_types::Polygon::new(ring.map(at).to_vec().into(), Vec::new());
            (format!("MULTIPOLYGON({})", texts.join(",")), MultiPolygon(rings.map(area).collect()).into())
        }),
        (corner(), corner()).prop_map(|(a, b)| {
            let (low, high) = ((a.0.min(b.0), a.1.min(b.1)), (a.0.max(b.0), a.1.max(b.1)));
            let drawn = match (low.0 < high.0, low.1 < high.1) {
                (true, true) => Rect::new(at(low), at(high)).to_polygon().into(),
                (false, false) => Point(at(low)).into(),
                _ => geo_types::LineString::from(vec![at(low), at(high)]).into(),
            };
            (format!("BBOX({},{},{},{})", low.0, low.1, high.0, high.1), drawn)
        }),
    ]
}

/// A point, or two areas that may touch.
fn any_shape() -> impl Strategy<Value = Shape<'static>> {
    prop_oneof![
        corner().prop_map(|one| Shape::Point(at(one))),
        (0_i8..3, 0_i8..3, 1_i8..4, 1_i8..4).prop_map(|(x, y, width, height)| {
            let (x, y, width, height) = (f64::from(x), f64::from(y), f64::from(width), f64::from(height));
            let near = polygon![(x: x, y: y), (x: x + width, y: y), (x: x + width, y: y + height)];
            let far = polygon![(x: 8.0, y: 8.0), (x: 9.0, y: 8.0), (x: 9.0, y: 9.0)];
            let parts = if width > 2.0 { vec![near, far] } else { vec![near] };
            Shape::Polygons(std::borrow::Cow::Owned(MultiPolygon(parts)))
        }),
    ]
}

proptest! {
    #[test]
    fn a_condition_is_as_true_as_the_slow_way_says(plain in plain(), row in any_feature()) {
        let expected = plain.rank(&row);
        for encoded in [plain.text(), plain.json().to_string()] {
            let truth = parsed(&encoded).root.truth(&row);
            prop_assert_eq!(truth, [Some(false), None, Some(true)][usize::from(expected)], "{}", encoded);
        }
    }

    #[test]
    fn a_relation_is_that_of_the_whole_matrix((text, other) in any_geometry(), shape in any_shape()) {
        let own: Geometry<f64> = match &shape {
            Shape::Point(at) => Point(*at).into(),
            Shape::Polygons(area) => area.clone().into_owned().into(),
        };
        let row = Feature { values: Vec::new(), shape: Some(shape) };
        let condition = |name: &str, turned: bool| {
            let operands = if turned { format!("{text}, geometry") } else { format!("geometry, {text}") };
            Condition::parse_text(&format!("{name}({operands})"), &fields(), Crs::Crs84)
        };
        prop_assume!(condition("s_intersects", false).is_ok());
        // A polygon on one line has no interior, and of such a one two ways may differ.
        prop_assume!(!matches!(&other, Geometry::Polygon(flat) if flat.unsigned_area() == 0.0));
        let matrix = own.relate(&other);
        let turned_matrix = other.relate(&own);
        for (name, _) in space::SpaceRelation::ALL {
            for (turned, matrix) in [(false, &matrix), (true, &turned_matrix)] {
                let expected = match name {
                    "s_contains" => matrix.is_contains(),
                    "s_crosses" => matrix.is_crosses(),
                    "s_disjoint" => matrix.is_disjoint(),
                    "s_equals" => matrix.is_equal_topo(),
                    "s_intersects" => matrix.is_intersects(),
                    "s_overlaps" => matrix.is_overlaps(),
                    "s_touches" => matrix.is_touches(),
                    _ => matrix.is_within(),
                };
                let truth = condition(name, turned).unwrap().root.truth(&row);
                prop_assert_eq!(truth, Some(expected), "{} {} {:?}", name, &text, &own);
            }
        }
    }

    #[test]
    fn nothing_that_is_written_panics(text in r#"([a-z]{1,3}|[0-9.e+-]{1,4}|[ ()',="<>*/%^]|not |and |in\(|like |between |POINT\(|POLYGON\(\(|BBOX\(|DATE\('|weight|from|\{|\}|"op":|\[|\]){0,24}"#) {
        let _ = Condition::parse_text(&text, &fields(), Crs::Crs84);
        let _ = Condition::parse_json(&text, &fields(), Crs::Crs84);
    }
}
