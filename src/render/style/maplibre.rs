//! Styles of `MapLibre` GL and Mapbox GL, version 8 of their specification.

use serde_json::{Value as Json, json};

use super::{Styled, expression::by_rule, opacity};
use crate::feature::{Bounds, Colour, GeometryKind, Rule};

/// Where a style takes features from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Vector tiles by the address of their `TileJSON`; their layer is called as the collection.
    Tiles(String),
    /// `GeoJSON` at an address.
    GeoJson(String),
}

/// What a style says beside how features are drawn.
#[derive(Clone, Debug)]
pub struct Beside<'a> {
    /// Where features come from.
    pub source: Source,
    /// Where the legend is.
    pub legend: String,
    /// What a reader has to know.
    pub notices: &'a [String],
    /// Where the layer's data is from.
    pub attribution: Option<&'a str>,
    /// The box around the layer, in degrees.
    pub bounds: Option<Bounds>,
}

/// A style with one source and one to two layers, of areas their insides and their borders. It needs neither
/// sprites nor fonts. Classes stand in its expressions; `metadata` has what has to be shown beside the map.
pub fn style(styled: &Styled<'_>, beside: &Beside<'_>) -> Json {
    let Styled { collection, title, symbology } = styled;
    let source = match &beside.source {
        Source::Tiles(address) => json!({"type": "vector", "url": address}),
        // TileJSON names its own attribution.
        Source::GeoJson(address) => {
            json!({"type": "geojson", "data": address, "attribution": beside.attribution.unwrap_or_default()})
        }
    };
    let mut style = json!({
        "version": 8,
        "name": format!("{title}: {}", symbology.title),
        "metadata": {
            "title": title,
            "style": symbology.id,
            "shows": symbology.title,
            "class_rule": symbology.class_rule,
            "legend": beside.legend,
            "notices": beside.notices,
            "attribution": beside.attribution,
        },
        "sources": {*collection: source},
        "layers": layers(styled, matches!(beside.source, Source::Tiles(_))),
    });
    if let Some(bounds) = beside.bounds {
        let centre = [bounds.min().x.midpoint(bounds.max().x), bounds.min().y.midpoint(bounds.max().y)];
        style["center"] = json!(centre.map(|degrees| (degrees * 1e4).round() / 1e4));
        style["zoom"] = json!(zoom(&bounds));
    }
    style
}

/// The zoom at which a box is some 600 pixels wide, of which a world of 360° has 512 at zoom 0.
fn zoom(bounds: &Bounds) -> f64 {
    let degrees = (bounds.max().x - bounds.min().x).max(1e-4);
    ((600.0 / 512.0 * 360.0 / degrees).log2() * 10.0).round() / 10.0
}

fn layers(styled: &Styled<'_>, tiled: bool) -> Vec<Json> {
    let symbology = styled.symbology;
    let paint = |of: &dyn Fn(&Rule) -> Json, otherwise: Json| by_rule(symbology, of, &otherwise);
    let colour = |of: fn(&Rule) -> Option<Colour>| paint(&|rule| shown(of(rule)), shown(None));
    let line_width = paint(&|rule| json!(px(width(rule))), json!(0.0));
    let layer = |part: &str, paint: Json| {
        let id = format!("{}-{part}", styled.collection);
        let kind = if part == "point" { "circle" } else { part };
        let mut layer = json!({"id": id, "type": kind, "source": styled.collection, "paint": paint});
        if tiled {
            layer["source-layer"] = json!(styled.collection);
        }
        layer
    };
    match symbology.geometry {
        GeometryKind::Point => {
            let circle = json!({
                "circle-radius": paint(&|rule| json!(px(rule.radius_px)), json!(0.0)),
                "circle-color": colour(|rule| rule.fill),
                "circle-stroke-color": colour(|rule| rule.stroke),
                "circle-stroke-width": line_width,
            });
            vec![layer("point", circle)]
        }
        GeometryKind::MultiPolygon => {
            let has_lines = symbology.rules.iter().any(|rule| width(rule) > 0.0);
            // Smoothed, see-through areas would be darker where two meet; lines hide the steps.
            let fill = json!({"fill-color": colour(|rule| rule.fill), "fill-antialias": !has_lines});
            let mut layers = vec![layer("fill", fill)];
            if has_lines {
                let line = json!({"line-color": colour(|rule| rule.stroke), "line-width": line_width});
                let mut line = layer("line", line);
                line["layout"] = json!({"line-join": "round"});
                layers.push(line);
            }
            layers
        }
    }
}

/// The width of a rule's line, 0 where it has none.
fn width(rule: &Rule) -> f32 {
    if rule.stroke.is_some() { rule.stroke_px } else { 0.0 }
}

/// Pixels as they were written, not as the nearest number of twice the digits.
fn px(number: f32) -> f64 {
    (f64::from(number) * 1e3).round() / 1e3
}

/// A colour with its opacity, or none that is seen.
fn shown(colour: Option<Colour>) -> Json {
    let colour = colour.unwrap_or(Colour { rgb: [0; 3], alpha: 0 });
    let [red, green, blue] = colour.rgb;
    json!(format!("rgba({red},{green},{blue},{})", opacity(colour)))
}
