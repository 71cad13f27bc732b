//! Styles of QGIS. Written in the way that every version of QGIS 3 reads.

use super::Styled;
use crate::{
    feature::{Colour, GeometryKind, Rule, Symbology, Test},
    render::xml::Element,
};

/// Millimetres of a pixel of 1/96 inch: in print as on the screen.
const MM_PER_PX: f64 = 25.4 / 96.0;

/// The style of a layer for QGIS: one symbol for all features, or by category, or by rules. Classes of numbers are
/// rules, since the ranges of a graduated renderer take in their upper limit, which here belongs to the next class.
pub fn qml(styled: &Styled<'_>) -> String {
    let symbology = styled.symbology;
    let is_all = symbology.rules.first().is_some_and(|rule| rule.test == Test::All);
    let are_texts = symbology.rules.iter().all(|rule| matches!(rule.test, Test::Text(_)));
    let renderer = match &symbology.field {
        _ if symbology.rules.is_empty() => Element::new("renderer-v2").with("type", "nullSymbol"),
        None => single(symbology),
        Some(_) if is_all => single(symbology),
        Some(field) if are_texts => categorized(symbology, field),
        Some(field) => by_rules(symbology, field),
    };
    let geometry = match symbology.geometry {
        GeometryKind::Point => "0",
        GeometryKind::MultiPolygon => "2",
    };
    Element::new("qgis")
        .with("version", "3.22.0")
        .with("styleCategories", "Symbology")
        .child(renderer)
        .child(Element::new("blendMode").text("0"))
        .child(Element::new("featureBlendMode").text("0"))
        .child(Element::new("layerGeometryType").text(geometry))
        .document()
}

fn renderer(kind: &str) -> Element {
    Element::new("renderer-v2")
        .with("type", kind)
        .with("symbollevels", "0")
        .with("enableorderby", "0")
        .with("forceraster", "0")
}

fn single(symbology: &Symbology) -> Element {
    renderer("singleSymbol").child(symbols(&symbology.rules[..1], symbology.geometry))
}

fn categorized(symbology: &Symbology, field: &str) -> Element {
    let category = |(number, rule): (usize, &Rule)| {
        let value = if let Test::Text(text) = &rule.test { text } else { "" };
        Element::new("category")
            .with("symbol", number)
            .with("value", value)
            .with("type", "string")
            .with("label", &rule.label)
            .with("render", "true")
    };
    let categories = symbology.rules.iter().enumerate().map(category);
    renderer("categorizedSymbol")
        .with("attr", field)
        .child(Element::new("categories").children(categories))
        .child(symbols(&symbology.rules, symbology.geometry))
}

fn by_rules(symbology: &Symbology, field: &str) -> Element {
    let of_rule = |(number, rule): (usize, &Rule)| {
        Element::new("rule")
            .with("key", format!("rule-{}", number + 1))
            .with("filter", condition(field, &rule.test))
            .with("label", &rule.label)
            .with("symbol", number)
    };
    let rules = symbology.rules.iter().enumerate().map(of_rule);
    renderer("RuleRenderer")
        .child(Element::new("rules").with("key", "rules").children(rules))
        .child(symbols(&symbology.rules, symbology.geometry))
}

/// A test as an expression of QGIS. In names and texts, quotes are written twice.
fn condition(field: &str, test: &Test) -> String {
    let name = format!("\"{}\"", field.replace('"', "\"\""));
    match test {
        Test::All => "ELSE".to_owned(),
        Test::Absent => format!("{name} IS NULL"),
        Test::Text(text) => format!("{name} = '{}'", text.replace('\\', "\\\\").replace('\'', "''")),
        Test::Range(None, None) => format!("{name} IS NOT NULL"),
        Test::Range(Some(from), None) => format!("{name} >= {from}"),
        Test::Range(None, Some(below)) => format!("{name} < {below}"),
        Test::Range(Some(from), Some(below)) => format!("{name} >= {from} AND {name} < {below}"),
    }
}

fn symbols(rules: &[Rule], geometry: GeometryKind) -> Element {
    let (kind, class) = match geometry {
        GeometryKind::Point => ("marker", "SimpleMarker"),
        GeometryKind::MultiPolygon => ("fill", "SimpleFill"),
    };
    let symbol = |(number, rule): (usize, &Rule)| {
        let layer = Element::new("layer")
            .with("class", class)
            .with("enabled", "1")
            .with("locked", "0")
            .with("pass", "0")
            .children(
                properties(rule, geometry).map(|(k, v)| Element::new("prop").with("k", k).with("v", v)),
            );
        Element::new("symbol")
            .with("type", kind)
            .with("name", number)
            .with("alpha", "1")
            .with("clip_to_extent", "1")
            .with("force_rhr", "0")
            .child(layer)
    };
    Element::new("symbols").children(rules.iter().enumerate().map(symbol))
}

fn properties(rule: &Rule, geometry: GeometryKind) -> impl Iterator<Item = (&'static str, String)> {
    let colour = |colour: Option<Colour>| {
        let Colour { rgb: [red, green, blue], alpha } = colour.unwrap_or(Colour { rgb: [0; 3], alpha: 0 });
        format!("{red},{green},{blue},{alpha}")
    };
    let solid = |is_seen: bool| if is_seen { "solid" } else { "no" }.to_owned();
    let mm = |px: f32| format!("{:.3}", f64::from(px) * MM_PER_PX);
    let line = rule.stroke.filter(|_| rule.stroke_px > 0.0);
    let mut properties = vec![
        ("color", colour(rule.fill)),
        ("outline_color", colour(line)),
        ("outline_style", solid(line.is_some())),
        ("outline_width", mm(rule.stroke_px)),
        ("outline_width_unit", "MM".to_owned()),
        ("joinstyle", "round".to_owned()),
    ];
    match geometry {
        GeometryKind::Point => properties.extend([
            ("name", "circle".to_owned()),
            ("size", mm(2.0 * rule.radius_px)),
            ("size_unit", "MM".to_owned()),
            ("scale_method", "diameter".to_owned()),
        ]),
        GeometryKind::MultiPolygon => properties.push(("style", solid(rule.fill.is_some()))),
    }
    properties.into_iter()
}
