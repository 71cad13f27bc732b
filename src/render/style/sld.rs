//! Styled Layer Descriptors: version 1.0 (OGC 02-070) and 1.1 (05-078r4) with Symbology Encoding 1.1 (05-077r4),
//! filters as in Filter Encoding 1.0 (02-059) and 1.1 (04-095).

use super::{Styled, opacity};
use crate::{
    feature::{Colour, GeometryKind, Rule, Symbology, Test},
    render::xml::Element,
};

/// A version of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 1.0.0, which most software reads.
    V1_0,
    /// 1.1.0 with Symbology Encoding.
    V1_1,
}

impl Version {
    const fn number(self) -> &'static str {
        match self {
            Self::V1_0 => "1.0.0",
            Self::V1_1 => "1.1.0",
        }
    }

    const fn schema(self) -> &'static str {
        match self {
            Self::V1_0 => {
                "http://www.opengis.net/sld http://schemas.opengis.net/sld/1.0.0/StyledLayerDescriptor.xsd"
            }
            Self::V1_1 => {
                "http://www.opengis.net/sld http://schemas.opengis.net/sld/1.1.0/StyledLayerDescriptor.xsd"
            }
        }
    }

    /// An element of what became Symbology Encoding.
    fn element(self, name: &'static str) -> Element {
        match self {
            Self::V1_0 => Element::new(name),
            Self::V1_1 => Element::new(format!("se:{name}")),
        }
    }

    /// A name, a title and a longer text, as elements beside each other or below `Description`.
    fn named(self, parent: Element, name: &str, title: &str, text: Option<&str>) -> Element {
        let parent = parent.child(self.element("Name").text(name));
        let title = self.element("Title").text(title);
        let text = text.map(|text| self.element("Abstract").text(text));
        match self {
            Self::V1_0 => parent.child(title).children(text),
            Self::V1_1 => parent.child(self.element("Description").child(title).children(text)),
        }
    }

    fn parameter(self, name: &str, value: &impl ToString) -> Element {
        let element = self.element(if self == Self::V1_0 { "CssParameter" } else { "SvgParameter" });
        element.with("name", name).text(value.to_string())
    }
}

/// The style of a layer as a document. Each rule of the symbology is one of the document, in its order, with its
/// label as title. Rules of a layer do not overlap, but that one for every feature after others stands for those
/// that are left (`ElseFilter`).
pub fn sld(styled: &Styled<'_>, version: Version) -> String {
    let Styled { collection, title, symbology } = styled;
    let mut root = Element::new("StyledLayerDescriptor")
        .with("version", version.number())
        .with("xmlns", "http://www.opengis.net/sld")
        .with("xmlns:ogc", "http://www.opengis.net/ogc")
        .with("xmlns:xlink", "http://www.w3.org/1999/xlink")
        .with("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
        .with("xsi:schemaLocation", version.schema());
    if version == Version::V1_1 {
        root = root.with("xmlns:se", "http://www.opengis.net/se");
    }
    let shown = format!("{title}: {}", symbology.title);
    let style =
        version.named(Element::new("UserStyle"), &symbology.id, &shown, symbology.class_rule.as_deref());
    let features = version.element("FeatureTypeStyle").children(rules(symbology, version));
    let layer = Element::new("NamedLayer")
        .child(version.element("Name").text(*collection))
        .child(style.child(features));
    root.child(layer).document()
}

fn rules(symbology: &Symbology, version: Version) -> Vec<Element> {
    if symbology.rules.is_empty() {
        // A style has a rule at least; this one draws nothing.
        let rule = version.named(version.element("Rule"), "nothing", "Nothing to show", None);
        return vec![rule.child(version.element("PolygonSymbolizer"))];
    }
    let of_rule = |(number, rule): (usize, &Rule)| {
        let name = format!("rule-{}", number + 1);
        let element = version.named(version.element("Rule"), &name, &rule.label, None);
        let element = match (&symbology.field, &rule.test) {
            (_, Test::All) | (None, _) if number == 0 => element,
            (_, Test::All) | (None, _) => element.child(version.element("ElseFilter")),
            (Some(field), test) => element.child(filter(field, test)),
        };
        element.child(symbolizer(rule, symbology.geometry, version))
    };
    symbology.rules.iter().enumerate().map(of_rule).collect()
}

fn filter(field: &str, test: &Test) -> Element {
    let compared = |comparison: &'static str, literal: &str| {
        Element::new(comparison)
            .child(Element::of("ogc:PropertyName", field))
            .child(Element::of("ogc:Literal", literal))
    };
    let from = |limit: f64| compared("ogc:PropertyIsGreaterThanOrEqualTo", &limit.to_string());
    let below = |limit: f64| compared("ogc:PropertyIsLessThan", &limit.to_string());
    let absent = || Element::new("ogc:PropertyIsNull").child(Element::of("ogc:PropertyName", field));
    let condition = match test {
        Test::Text(text) => compared("ogc:PropertyIsEqualTo", text),
        Test::Range(Some(low), Some(high)) => Element::new("ogc:And").child(from(*low)).child(below(*high)),
        Test::Range(Some(low), None) => from(*low),
        Test::Range(None, Some(high)) => below(*high),
        Test::Range(None, None) => Element::new("ogc:Not").child(absent()),
        Test::Absent | Test::All => absent(),
    };
    Element::new("ogc:Filter").child(condition)
}

fn symbolizer(rule: &Rule, geometry: GeometryKind, version: Version) -> Element {
    let fill = rule.fill.map(|colour| {
        let element = version.element("Fill");
        element.children(coloured(version, ["fill", "fill-opacity"], colour))
    });
    let line = rule.stroke.filter(|_| rule.stroke_px > 0.0).map(|colour| {
        let element = version.element("Stroke");
        let element = element.children(coloured(version, ["stroke", "stroke-opacity"], colour));
        let element = element.child(version.parameter("stroke-width", &rule.stroke_px));
        element.child(version.parameter("stroke-linejoin", &"round"))
    });
    match geometry {
        GeometryKind::MultiPolygon => version.element("PolygonSymbolizer").children(fill).children(line),
        GeometryKind::Point => {
            let mark = version.element("Mark").child(version.element("WellKnownName").text("circle"));
            let size = version.element("Size").text((2.0 * rule.radius_px).to_string());
            let graphic = version.element("Graphic").child(mark.children(fill).children(line)).child(size);
            version.element("PointSymbolizer").child(graphic)
        }
    }
}

fn coloured(version: Version, [colour_name, opacity_name]: [&str; 2], colour: Colour) -> [Element; 2] {
    [version.parameter(colour_name, &colour.hex()), version.parameter(opacity_name, &opacity(colour))]
}
