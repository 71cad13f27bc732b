//! Colours, letters and lines of the drawings.
//!
//! The colours are those of the Analysis Function of the UK government (2022, *Data visualisation: colours*), the orange
//! darkened until it has a contrast of 3 : 1 and more on white; text has 7 : 1 and more (WCAG 2.2, AAA). None of them
//! stands alone for a meaning: lines differ by their dashes, marks by being full or hollow.

use std::fmt::Write as _;

use geo_types::Coord;

use crate::render::{legend::words::Face, xml::Element};

/// What readers have first, then what pictures are made with.
pub const FAMILY: &str = "system-ui, \"DejaVu Sans\", sans-serif";

/// Names, and values beside what they belong to.
pub const LABEL: Face = Face { size_px: 11.5, bold: false };
/// The same where one stands out.
pub const STRONG: Face = Face { size_px: 11.5, bold: true };
/// Numbers along axes, notes.
pub const SMALL: Face = Face { size_px: 10.5, bold: false };

pub const TEXT: &str = "#1f2328";
pub const QUIET: &str = "#4b5563";
pub const GRID: &str = "#dfe3e8";
pub const BASE: &str = "#3d4450";
pub const WHITE: &str = "#ffffff";
/// What a drawing is about.
pub const MAIN: &str = "#12436d";
/// The same in the background.
pub const PALE: &str = "#b7c9da";
/// A plane behind everything.
pub const BAND: &str = "#eef2f6";
/// What is laid over it.
pub const ACCENT: &str = "#c2410c";
/// What it is compared with.
pub const OTHER: &str = "#6b7280";

pub const START: &str = "start";
pub const MIDDLE: &str = "middle";
pub const END: &str = "end";

/// A length in tenths, the precision of all drawings: `12`, `12.3`, `-0.5`.
pub fn px(length: f64) -> String {
    let tenths = (length * 10.0).round() / 10.0;
    // Adding 0 makes a negative zero positive.
    let text = format!("{:.1}", tenths + 0.0);
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// A line of text whose baseline is at `y`.
pub fn text(words: &str, x: f64, y: f64, face: Face, anchor: &'static str) -> Element {
    let mut element = Element::of("text", words).with("x", px(x)).with("y", px(y));
    if face.size_px.to_bits() != LABEL.size_px.to_bits() {
        element = element.with("font-size", face.size_px);
    }
    if face.bold {
        element = element.with("font-weight", "bold");
    }
    if anchor == START { element } else { element.with("text-anchor", anchor) }
}

/// The same in the colour of notes.
pub fn quiet(words: &str, x: f64, y: f64, anchor: &'static str) -> Element {
    text(words, x, y, SMALL, anchor).with("fill", QUIET)
}

/// The same with a rim of paper around its letters, for places where something may lie below.
pub fn haloed(text: Element) -> Element {
    text.with("stroke", WHITE)
        .with("stroke-width", 3)
        .with("stroke-linejoin", "round")
        .with("paint-order", "stroke")
}

/// A straight line.
pub fn line(from: (f64, f64), to: (f64, f64), colour: &str, wide: f64) -> Element {
    Element::new("line")
        .with("x1", px(from.0))
        .with("y1", px(from.1))
        .with("x2", px(to.0))
        .with("y2", px(to.1))
        .with("stroke", colour)
        .with("stroke-width", wide)
}

/// A rectangle from its upper left corner.
pub fn rect(x: f64, y: f64, wide: f64, high: f64, fill: &str) -> Element {
    Element::new("rect")
        .with("x", px(x))
        .with("y", px(y))
        .with("width", px(wide.max(0.0)))
        .with("height", px(high.max(0.0)))
        .with("fill", fill)
}

/// A disc.
pub fn disc(x: f64, y: f64, radius: f64, fill: &str) -> Element {
    Element::new("circle").with("cx", px(x)).with("cy", px(y)).with("r", px(radius)).with("fill", fill)
}

/// A line without an inside along places, one subpath for each run.
pub fn stroke<'a>(runs: impl IntoIterator<Item = &'a [Coord]>, colour: &str, wide: f64) -> Element {
    let mut d = String::new();
    for run in runs {
        polyline(&mut d, run);
    }
    Element::new("path")
        .with("d", d)
        .with("fill", "none")
        .with("stroke", colour)
        .with("stroke-width", wide)
        .with("stroke-linejoin", "round")
        .with("stroke-linecap", "round")
}

/// A closed area around places.
pub fn area(corners: &[Coord], fill: &str) -> Element {
    let mut d = String::new();
    polyline(&mut d, corners);
    d.push('Z');
    Element::new("path").with("d", d).with("fill", fill)
}

fn polyline(d: &mut String, run: &[Coord]) {
    for (number, at) in run.iter().enumerate() {
        let step = if number == 0 { 'M' } else { 'L' };
        let _ = write!(d, "{step}{} {}", px(at.x), px(at.y));
    }
}
