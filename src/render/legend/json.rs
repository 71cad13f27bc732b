//! A legend for programs.

use serde::Serialize;

use crate::feature::{Colour, GeometryKind, Rule, Symbology, Test};

/// A legend as JSON.
#[derive(Serialize)]
pub struct LegendJson<'a> {
    title: &'a str,
    style: &'a str,
    shows: &'a str,
    geometry: &'static str,
    field: Option<&'a str>,
    unit: Option<&'a str>,
    class_rule: Option<&'a str>,
    classes: Vec<LegendClass<'a>>,
}

/// One of its lines. A feature belongs to the first that fits it.
#[derive(Serialize)]
pub struct LegendClass<'a> {
    label: &'a str,
    test: TestJson<'a>,
    fill: Option<String>,
    fill_opacity: Option<f64>,
    stroke: Option<String>,
    stroke_opacity: Option<f64>,
    stroke_px: f32,
    radius_px: f32,
}

/// Which values a class takes.
#[derive(Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
enum TestJson<'a> {
    All,
    Absent,
    Text { value: &'a str },
    Range { from: Option<f64>, below: Option<f64> },
}

impl<'a> LegendJson<'a> {
    /// That of a layer; `unit` is that of the field its classes are of.
    pub fn of(symbology: &'a Symbology, title: &'a str, unit: Option<&'a str>) -> Self {
        Self {
            title,
            style: &symbology.id,
            shows: &symbology.title,
            geometry: match symbology.geometry {
                GeometryKind::Point => "point",
                GeometryKind::MultiPolygon => "area",
            },
            field: symbology.field.as_deref(),
            unit,
            class_rule: symbology.class_rule.as_deref(),
            classes: symbology.rules.iter().map(LegendClass::of).collect(),
        }
    }
}

impl<'a> LegendClass<'a> {
    fn of(rule: &'a Rule) -> Self {
        Self {
            label: &rule.label,
            test: match &rule.test {
                Test::All => TestJson::All,
                Test::Absent => TestJson::Absent,
                Test::Text(text) => TestJson::Text { value: text },
                Test::Range(from, below) => TestJson::Range { from: *from, below: *below },
            },
            fill: rule.fill.map(Colour::hex),
            fill_opacity: rule.fill.map(Colour::opacity),
            stroke: rule.stroke.map(Colour::hex),
            stroke_opacity: rule.stroke.map(Colour::opacity),
            stroke_px: rule.stroke_px,
            radius_px: rule.radius_px,
        }
    }
}
