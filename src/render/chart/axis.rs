//! Axes: quiet lines across the data, numbers along its edge.

use super::{frame::Frame, scale::Scale};
use crate::render::{
    figure::{
        ink::{self, BASE, GRID, SMALL},
        width,
    },
    xml::Element,
};

/// Space between numbers and what they stand at.
const GAP: f64 = 6.0;
/// The room below the data for one line of numbers.
pub const ONE_LINE: f64 = 18.0;

/// The room that the numbers of an axis need at the left.
pub fn room(scale: &Scale) -> f64 {
    let widths = scale.ticks().iter().map(|tick| width(&scale.said(*tick), SMALL));
    (widths.fold(0.0, f64::max) + GAP + 2.0).ceil()
}

/// Lines across at the ticks of an upright axis, with their numbers at the left; numbers that would touch the one before are
/// left out.
pub fn across(scale: &Scale, frame: &Frame) -> Vec<Element> {
    let lines = scale.ticks().iter().map(|tick| {
        let y = scale.at(*tick);
        ink::line((frame.left, y), (frame.right, y), GRID, 1.0)
    });
    let mut drawn: Vec<Element> = lines.collect();
    let mut last = f64::INFINITY;
    for tick in scale.ticks() {
        let y = scale.at(*tick);
        if (last - y).abs() >= 11.0 {
            drawn.push(ink::quiet(&scale.said(*tick), frame.left - GAP, y + 3.7, ink::END));
            last = y;
        }
    }
    drawn
}

/// Lines up at the ticks of a level axis, with their numbers below.
pub fn upright(scale: &Scale, frame: &Frame, wide: f64) -> Vec<Element> {
    let mut drawn = lines_up(scale, frame);
    drawn.extend(numbers(scale, frame.bottom + 14.0, wide));
    drawn
}

/// Lines up at the ticks of a level axis.
pub fn lines_up(scale: &Scale, frame: &Frame) -> Vec<Element> {
    let line = |tick: &f64| {
        let x = scale.at(*tick);
        ink::line((x, frame.top), (x, frame.bottom), GRID, 1.0)
    };
    scale.ticks().iter().map(line).collect()
}

/// The numbers of a level axis; those that would touch the one before are left out, and none leaves the drawing, which
/// is so wide.
pub fn numbers(scale: &Scale, baseline: f64, wide: f64) -> Vec<Element> {
    let mut drawn = Vec::new();
    let mut free = f64::NEG_INFINITY;
    for tick in scale.ticks() {
        let said = scale.said(*tick);
        let half = width(&said, SMALL) / 2.0;
        let x = scale.at(*tick).min(wide - half).max(half);
        if x - half > free {
            drawn.push(ink::quiet(&said, x, baseline, ink::MIDDLE));
            free = x + half + GAP;
        }
    }
    drawn
}

/// The line that data stands on.
pub fn base(y: f64, frame: &Frame) -> Element {
    ink::line((frame.left, y), (frame.right, y), BASE, 1.0)
}
