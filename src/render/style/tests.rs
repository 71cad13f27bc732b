use serde_json::{Value as Json, json};

use super::{
    expression::by_rule,
    maplibre::{Beside, Source, style},
    *,
};
use crate::feature::{GeometryKind, Rule, Symbology, Test, Value};

const SLD: &str = "http://www.opengis.net/sld";
const SE: &str = "http://www.opengis.net/se";
const OGC: &str = "http://www.opengis.net/ogc";

fn rule(label: &str, test: Test) -> Rule {
    Rule {
        label: label.to_owned(),
        test,
        fill: Some(Colour::opaque(215, 48, 31).with_alpha(190)),
        stroke: Some(Colour::opaque(1, 2, 3)),
        stroke_px: 0.5,
        radius_px: 4.0,
    }
}

fn symbology(field: Option<&str>, tests: &[Test]) -> Symbology {
    let rules = tests.iter().enumerate().map(|(number, test)| rule(&format!("label {number}"), test.clone()));
    Symbology {
        id: "rate".to_owned(),
        title: "Rate".to_owned(),
        geometry: GeometryKind::MultiPolygon,
        field: field.map(str::to_owned),
        class_rule: Some("Rule of <classes>".to_owned()),
        rules: rules.collect(),
    }
}

fn styled(symbology: &Symbology) -> Styled<'_> {
    Styled { collection: "burglary-wards", title: "Burglary & \"wards\"", symbology }
}

/// What an expression gives for a value of its field: as little of the specification as the styles use.
fn evaluated(expression: &Json, value: &Value<'_>) -> Json {
    let Some(parts) = expression.as_array() else { return expression.clone() };
    let given = match value {
        Value::Text(text) => json!(text),
        Value::Absent => Json::Null,
        other => json!(other.as_number()),
    };
    let sub = |number: usize| evaluated(&parts[number], value);
    match parts[0].as_str().unwrap() {
        "get" => given,
        "typeof" => json!(match sub(1) {
            Json::Number(_) => "number",
            Json::String(_) => "string",
            _ => "null",
        }),
        "==" => json!(sub(1) == sub(2)),
        "case" => {
            let hit = (1..parts.len() - 1).step_by(2).find(|number| sub(*number) == json!(true));
            sub(hit.map_or(parts.len() - 1, |number| number + 1))
        }
        "match" => {
            let hit = (2..parts.len() - 1).step_by(2).find(|number| parts[*number] == sub(1));
            sub(hit.map_or(parts.len() - 1, |number| number + 1))
        }
        "step" => {
            let number = sub(1).as_f64().expect("step takes numbers alone");
            let stops: Vec<f64> = parts[3..].iter().step_by(2).map(|stop| stop.as_f64().unwrap()).collect();
            assert!(stops.windows(2).all(|pair| pair[0] < pair[1]), "stops ascend strictly: {stops:?}");
            sub(2 + 2 * stops.iter().filter(|stop| **stop <= number).count())
        }
        other => panic!("no operator {other}"),
    }
}

/// Symbologies of every kind of test, gaps and overlaps among them.
fn samples() -> Vec<Symbology> {
    let range = |from: f64, below: f64| Test::Range(Some(from), Some(below));
    let of = |tests: &[Test]| symbology(Some("field"), tests);
    vec![
        symbology(None, &[Test::All]),
        of(&[Test::All]),
        of(&[]),
        of(&[Test::Range(Some(5.0), None), range(1.5, 5.0), Test::Range(None, Some(1.5)), Test::Absent]),
        of(&[range(1.0, 2.0), range(4.0, 5.0)]),
        of(&[range(0.0, 10.0), range(5.0, 20.0), Test::All]),
        of(&[Test::Range(None, None), Test::Absent]),
        of(&[Test::Text("a".into()), Test::Text("b".into()), Test::Text("a".into())]),
        of(&[Test::Text("a".into()), range(-3.0, -2.0), Test::Absent, Test::All]),
        of(&[Test::Absent]),
        of(&[range(3.0, 3.0), range(7.0, 6.0)]),
    ]
}

#[test]
fn expressions_lead_to_the_rule_at_below_and_above_every_limit() {
    for symbology in samples() {
        let numbers: Json = (0..symbology.rules.len()).map(|number| json!(number)).collect();
        let number_of =
            |rule: &Rule| json!(symbology.rules.iter().position(|known| std::ptr::eq(known, rule)).unwrap());
        let expression = by_rule(&symbology, number_of, &json!("none"));
        let mut values = vec![Value::Absent];
        values.extend(["a", "b", "c", ""].map(|text| Value::text(Some(text))));
        for limit in [-1e9, -3.0, -2.0, 0.0, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 10.0, 20.0, 1e9_f64] {
            values.extend([limit.next_down(), limit, limit.next_up()].map(Value::Number));
        }
        for value in values {
            let expected = symbology.rule_for(&value).map_or(json!("none"), |number| numbers[number].clone());
            assert_eq!(evaluated(&expression, &value), expected, "{value:?} by {expression}");
        }
    }
}

#[test]
fn a_style_of_areas_has_insides_and_borders_and_says_what_it_shows() {
    let symbology = symbology(Some("rate"), &[Test::Range(Some(2.0), None), Test::Absent]);
    let notices = ["Made up.".to_owned()];
    let beside = Beside {
        source: Source::Tiles("http://h/tiles/burglary-wards/tilejson.json?period=2024".to_owned()),
        legend: "http://h/legend".to_owned(),
        notices: &notices,
        attribution: None,
        bounds: None,
    };
    let style = style(&styled(&symbology), &beside);
    assert_eq!(style["version"], 8);
    assert_eq!(style["metadata"]["notices"], json!(["Made up."]));
    assert_eq!(
        style["sources"]["burglary-wards"]["url"],
        json!("http://h/tiles/burglary-wards/tilejson.json?period=2024")
    );
    let layers = style["layers"].as_array().unwrap();
    assert_eq!(layers.len(), 2);
    assert!(layers.iter().all(|layer| layer["source-layer"] == "burglary-wards"));
    let fill = &layers[0]["paint"]["fill-color"];
    assert_eq!(evaluated(fill, &Value::Number(2.0)), "rgba(215,48,31,0.745)");
    assert_eq!(evaluated(fill, &Value::Number(1.9)), "rgba(0,0,0,0)");
    assert_eq!(evaluated(&layers[1]["paint"]["line-width"], &Value::Absent), 0.5);
    let data = Source::GeoJson("http://h/items".to_owned());
    let of_items = super::maplibre::style(&styled(&symbology), &Beside { source: data, ..beside });
    assert_eq!(
        of_items["sources"]["burglary-wards"],
        json!({"type": "geojson", "data": "http://h/items", "attribution": ""})
    );
    assert_eq!(of_items["layers"][0].get("source-layer"), None);
}

#[test]
fn points_are_one_layer_of_circles() {
    let symbology = Symbology { geometry: GeometryKind::Point, ..symbology(None, &[Test::All]) };
    let source = Source::GeoJson(String::new());
    let beside = Beside { source, legend: String::new(), notices: &[], attribution: None, bounds: None };
    let style = style(&styled(&symbology), &beside);
    assert_eq!(style["layers"][0]["type"], "circle");
    assert_eq!(style["layers"][0]["paint"]["circle-radius"], 4.0);
}

#[test]
fn descriptors_are_well_formed_and_have_a_rule_for_each_line_of_the_legend() {
    for symbology in samples() {
        for (version, namespace) in [(Version::V1_0, SLD), (Version::V1_1, SE)] {
            let text = sld(&styled(&symbology), version);
            let document = roxmltree::Document::parse(&text).unwrap();
            assert!(document.root_element().has_tag_name((SLD, "StyledLayerDescriptor")));
            let titles: Vec<_> = document
                .descendants()
                .filter(|node| node.has_tag_name((namespace, "Rule")))
                .map(|rule| {
                    rule.descendants()
                        .find(|node| node.has_tag_name((namespace, "Title")))
                        .unwrap()
                        .text()
                        .unwrap()
                })
                .collect();
            let labels: Vec<_> = symbology.rules.iter().map(|rule| rule.label.as_str()).collect();
            assert_eq!(titles, if labels.is_empty() { vec!["Nothing to show"] } else { labels });
        }
    }
}

#[test]
fn a_descriptor_of_a_range_names_the_field_and_both_limits() {
    let symbology = symbology(Some("rate"), &[Test::Range(Some(0.5), Some(2.0))]);
    let text = sld(&styled(&symbology), Version::V1_0);
    let document = roxmltree::Document::parse(&text).unwrap();
    let found = |name: &str| document.descendants().find(|node| node.has_tag_name((OGC, name))).unwrap();
    let texts = |name: &str| -> Vec<String> {
        found(name)
            .children()
            .filter_map(|child| child.text().map(str::trim))
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(texts("PropertyIsGreaterThanOrEqualTo"), ["rate", "0.5"]);
    assert_eq!(texts("PropertyIsLessThan"), ["rate", "2"]);
    let order: Vec<_> = document
        .descendants()
        .find(|node| node.has_tag_name((SLD, "Rule")))
        .unwrap()
        .children()
        .filter(roxmltree::Node::is_element)
        .map(|node| node.tag_name().name())
        .collect();
    assert_eq!(order, ["Name", "Title", "Filter", "PolygonSymbolizer"]);
}

#[test]
fn styles_of_qgis_choose_a_renderer_by_the_tests() {
    let kind = |symbology: &Symbology| {
        let text = qml::qml(&styled(symbology));
        let document = roxmltree::Document::parse(&text).unwrap();
        let renderer = document.descendants().find(|node| node.has_tag_name("renderer-v2")).unwrap();
        let symbols = document.descendants().filter(|node| node.has_tag_name("symbol")).count();
        (renderer.attribute("type").unwrap().to_owned(), symbols)
    };
    let kinds: Vec<_> = samples().iter().map(kind).collect();
    let names: Vec<_> = kinds.iter().map(|(name, _)| name.as_str()).collect();
    let by_rule = "RuleRenderer";
    assert_eq!(names[..4], ["singleSymbol", "singleSymbol", "nullSymbol", by_rule]);
    assert_eq!((names[7], names[8]), ("categorizedSymbol", by_rule));
    assert_eq!(kinds[3].1, 4);
}

#[test]
fn quotes_in_names_and_texts_end_no_expression_of_qgis() {
    let symbology = symbology(Some("a\"b"), &[Test::Text("it's \\ \"x\"".into()), Test::Absent]);
    let text = qml::qml(&styled(&symbology));
    let document = roxmltree::Document::parse(&text).unwrap();
    let filters: Vec<_> = document.descendants().filter_map(|node| node.attribute("filter")).collect();
    assert_eq!(filters, ["\"a\"\"b\" = 'it''s \\\\ \"x\"'", "\"a\"\"b\" IS NULL"]);
}
