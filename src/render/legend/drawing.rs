//! A legend as an SVG drawing.

use super::words::Face;
use crate::{
    feature::{GeometryKind, Rule, Symbology},
    render::{style::opacity, xml::Element},
};

const TITLE: Face = Face { size_px: 13.0, bold: true };
const LABEL: Face = Face { size_px: 12.0, bold: false };
const SMALL: Face = Face { size_px: 10.0, bold: false };

/// Space at every side.
const MARGIN: f32 = 10.0;
/// The widest that text becomes, and the drawing beside its margins.
const MOST_WIDTH: f32 = 260.0;
const SWATCH: (f32, f32) = (26.0, 16.0);
const GAP: f32 = 8.0;
/// The family first that pictures are made with, then what readers have.
const FAMILY: &str = "DejaVu Sans, Verdana, sans-serif";
/// What is said where there is nothing to draw.
const NOTHING: &str = "Nothing to show";

/// The legend of a layer as a drawing: its title, what it shows, a line for each rule with a swatch that is drawn
/// as the map draws it, and how classes were found. Sizes are pixels of 1/96 inch.
///
/// The drawing brings no font along; it is described for those who cannot see it (WAI-ARIA `img`, SVG 2 §5.7).
pub fn svg(symbology: &Symbology, title: &str) -> String {
    let mut page = Page::default();
    page.paragraph(title, TITLE, "#111111", 17.0);
    if symbology.title != title {
        page.paragraph(&symbology.title, LABEL, "#333333", 16.0);
    }
    page.down(4.0);
    for rule in &symbology.rules {
        page.rule(rule, symbology.geometry);
    }
    if symbology.rules.is_empty() {
        page.paragraph(NOTHING, LABEL, "#333333", 16.0);
    }
    if let Some(how) = &symbology.class_rule {
        page.down(4.0);
        page.paragraph(how, SMALL, "#555555", 13.0);
    }
    page.finish(&format!("Legend: {title}"), &described(symbology))
}

/// The legend in a sentence.
fn described(symbology: &Symbology) -> String {
    let labels: Vec<&str> = symbology.rules.iter().map(|rule| rule.label.as_str()).collect();
    let labels = if labels.is_empty() { NOTHING.to_owned() } else { labels.join("; ") };
    let how = symbology.class_rule.as_ref().map(|how| format!(" {how}.")).unwrap_or_default();
    format!("{}: {labels}.{how}", symbology.title)
}

/// A drawing that grows downwards.
#[derive(Default)]
struct Page {
    drawn: Vec<Element>,
    width: f32,
    height: f32,
}

impl Page {
    fn down(&mut self, by: f32) {
        self.height += by;
    }

    fn paragraph(&mut self, text: &str, face: Face, colour: &str, leading: f32) {
        for line in face.lines(text, MOST_WIDTH) {
            self.height += leading;
            self.line(&line, 0.0, self.height - 0.25 * leading, face, colour);
        }
    }

    fn line(&mut self, text: &str, x: f32, baseline: f32, face: Face, colour: &str) {
        self.width = self.width.max(x + face.width_px(text));
        let line = Element::of("text", text)
            .with("x", MARGIN + x)
            .with("y", MARGIN + baseline)
            .with("font-size", face.size_px)
            .with("fill", colour);
        self.drawn.push(if face.bold { line.with("font-weight", "bold") } else { line });
    }

    fn rule(&mut self, rule: &Rule, geometry: GeometryKind) {
        const LEADING: f32 = 15.0;
        let aside = SWATCH.0 + GAP;
        let lines = LABEL.lines(&rule.label, MOST_WIDTH - aside);
        let high = (SWATCH.1 + 5.0).max(LEADING * lines.len() as f32 + 5.0);
        let swatch = (MARGIN, MARGIN + self.height + 2.5);
        self.drawn.push(match geometry {
            GeometryKind::MultiPolygon => square(rule, swatch),
            GeometryKind::Point => disc(rule, swatch),
        });
        for (number, line) in lines.iter().enumerate() {
            let baseline = self.height + 2.5 + 12.0 + LEADING * number as f32;
            self.line(line, aside, baseline, LABEL, "#111111");
        }
        self.width = self.width.max(aside);
        self.height += high;
    }

    fn finish(self, label: &str, description: &str) -> String {
        let (width, height) = ((self.width + 2.0 * MARGIN).ceil(), (self.height + 2.0 * MARGIN).ceil());
        let paper = Element::new("rect").with("width", "100%").with("height", "100%").with("fill", "#ffffff");
        Element::new("svg")
            .with("xmlns", "http://www.w3.org/2000/svg")
            .with("role", "img")
            .with("aria-label", label)
            .with("width", width)
            .with("height", height)
            .with("viewBox", format!("0 0 {width} {height}"))
            .with("font-family", FAMILY)
            .child(Element::of("title", label))
            .child(Element::of("desc", description))
            .child(paper)
            .children(self.drawn)
            .document()
    }
}

/// A piece of an area, its line within the swatch.
fn square(rule: &Rule, (x, y): (f32, f32)) -> Element {
    let line = width_px(rule, 8.0);
    let element = Element::new("rect")
        .with("x", x + line / 2.0)
        .with("y", y + line / 2.0)
        .with("width", SWATCH.0 - line)
        .with("height", SWATCH.1 - line);
    painted(element, rule, line)
}

/// A point, as large as on the map where a swatch has room for it.
fn disc(rule: &Rule, (x, y): (f32, f32)) -> Element {
    let line = width_px(rule, 4.0);
    let room = (SWATCH.1 - line) / 2.0;
    let radius = if rule.radius_px.is_finite() { rule.radius_px.clamp(0.0, room) } else { room };
    let element = Element::new("circle")
        .with("cx", x + SWATCH.0 / 2.0)
        .with("cy", y + SWATCH.1 / 2.0)
        .with("r", radius);
    painted(element, rule, line)
}

/// The width of a rule's line, 0 where it has none.
fn width_px(rule: &Rule, most: f32) -> f32 {
    if rule.stroke.is_some() && rule.stroke_px.is_finite() { rule.stroke_px.clamp(0.0, most) } else { 0.0 }
}

fn painted(element: Element, rule: &Rule, line: f32) -> Element {
    let filled = match rule.fill {
        None => element.with("fill", "none"),
        Some(colour) => element.with("fill", colour.hex()).with("fill-opacity", opacity(colour)),
    };
    match rule.stroke {
        Some(colour) if line > 0.0 => filled
            .with("stroke", colour.hex())
            .with("stroke-opacity", opacity(colour))
            .with("stroke-width", line),
        _ => filled,
    }
}
