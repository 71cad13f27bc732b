//! The key of a chart: what its marks mean, in lines above the data.

use crate::render::{
    figure::{
        fitted,
        ink::{self, SMALL},
        width,
    },
    xml::Element,
};

const LINE: f64 = 16.0;
const MARK: f64 = 22.0;
const GAP: f64 = 16.0;

/// A mark, drawn around the middle of a place that is 16 wide and 10 high, and what it means.
pub struct Entry {
    pub label: String,
    pub mark: fn(f64, f64) -> Vec<Element>,
}

/// The entries in lines from the top, and where they end.
pub fn drawn(entries: &[Entry], left: f64, right: f64, top: f64) -> (Vec<Element>, f64) {
    let mut elements = Vec::new();
    let (mut x, mut y) = (left, top);
    for entry in entries.iter().filter(|entry| !entry.label.is_empty()) {
        let label = fitted(&entry.label, SMALL, right - left - MARK);
        let wide = MARK + width(&label, SMALL);
        if x > left && x + wide > right {
            (x, y) = (left, y + LINE);
        }
        elements.extend((entry.mark)(x + 8.0, y + LINE / 2.0));
        elements.push(ink::text(&label, x + MARK, y + LINE / 2.0 + 3.7, SMALL, ink::START));
        x += wide + GAP;
    }
    let end = if x > left { y + LINE + 4.0 } else { top };
    (elements, end)
}

/// Lines below the data that tell what numbers in it stand for, and where they end.
pub fn notes(notes: &[String], left: f64, right: f64, top: f64) -> (Vec<Element>, f64) {
    #[expect(clippy::cast_possible_truncation, reason = "a width of a page")]
    let lines = SMALL.lines(&notes.join("; "), (right - left) as f32);
    let end = top + LINE * lines.len() as f64;
    let baseline = |number: usize| top + LINE * number as f64 + 11.0;
    let drawn =
        lines.iter().enumerate().map(|(number, line)| ink::quiet(line, left, baseline(number), ink::START));
    (drawn.collect(), end)
}

/// What stands over an upright axis: what its numbers are.
pub fn axis_title(words: &str, left: f64, right: f64, top: f64) -> (Option<Element>, f64) {
    if words.trim().is_empty() {
        return (None, top);
    }
    let words = fitted(words, SMALL, right - left);
    (Some(ink::quiet(&words, left, top + 11.0, ink::START)), top + LINE)
}
