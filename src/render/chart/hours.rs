//! The hours of the week.

use super::{frame::Frame, scale::Scale};
use crate::render::{
    figure::{
        Figure, fitted,
        ink::{self, SMALL},
        number::{datum, short},
        width,
    },
    xml::Element,
};

/// A heat map of the hours of a week.
///
/// # Example
/// ```
/// use hotspots::render::{chart::Hours, figure::Figure};
/// let mut values = [[Some(0.0); 24]; 7];
/// values[5][23] = Some(3.5);
/// let chart = Hours { figure: Figure::new("hours", "Hours of violence"), unit: "Expected incidents".into(), values };
/// assert!(chart.svg().contains("Most: Saturday 23:00, 3.50"));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Hours {
    /// Its names and width.
    pub figure: Figure,
    /// What the values are: "Expected incidents in an hour of the week".
    pub unit: String,
    /// Monday to Sunday, each from the hour after midnight on; `None` where nothing is known.
    pub values: [[Option<f64>; 24]; 7],
}

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
/// From little to much: one hue, darker with each step.
const SHADES: [&str; 7] = ["#f1f5f9", "#d5e1ed", "#b0c8de", "#82a8ca", "#5286b3", "#2b6394", "#12436d"];

impl Hours {
    /// The drawing.
    pub fn svg(&self) -> String {
        let wide = self.figure.width();
        let left = 34.0;
        let cell = (wide - left - 2.0) / 24.0;
        let high = (cell * 0.86).clamp(15.0, 24.0);
        let frame = Frame { left, top: 18.0, right: wide - 2.0, bottom: 18.0 + 7.0 * high };
        let height = frame.bottom + if self.is_narrow() { 66.0 } else { 34.0 };
        let known = || self.values.iter().flatten().filter_map(|value| value.and_then(datum));
        if known().next().is_none() {
            return self.figure.nothing();
        }
        let scale = classes(known());
        let mut drawn = self.cells(&frame, &scale);
        drawn.extend(names(&frame));
        let most = self.most();
        if let Some((day, hour, _)) = most {
            let (x, y) = (frame.left + cell * hour as f64, frame.top + high * day as f64);
            let outline = ink::rect(x - 0.5, y - 0.5, cell, high, "none");
            drawn.push(outline.with("stroke", ink::TEXT).with("stroke-width", 2).with("class", "most"));
        }
        let most =
            most.map(|(day, hour, value)| format!("Most: {} {hour:02}:00, {}", DAYS[day], short(value)));
        drawn.extend(self.legend(&scale, &frame, most.as_deref().unwrap_or_default()));
        let said =
            format!("{} by day of the week and hour of the day. {}.", self.unit, most.unwrap_or_default());
        self.figure.svg(wide, height, &said, drawn)
    }

    /// Whether words have no room beside the shades.
    fn is_narrow(&self) -> bool {
        self.figure.width() < 500.0
    }

    fn cells(&self, frame: &Frame, scale: &Scale) -> Vec<Element> {
        let (wide, high) = (frame.wide() / 24.0, frame.high() / 7.0);
        let mut drawn = Vec::new();
        for (day, hours) in self.values.iter().enumerate() {
            for (hour, value) in hours.iter().enumerate() {
                let (x, y) = (frame.left + wide * hour as f64, frame.top + high * day as f64);
                let cell = |fill| ink::rect(x, y, wide - 1.0, high - 1.0, fill);
                drawn.push(match value.and_then(datum) {
                    Some(value) => cell(shade(scale, value)).with("class", "hour"),
                    None => ink::text("·", x + wide / 2.0, y + high / 2.0 + 4.0, SMALL, ink::MIDDLE),
                });
            }
        }
        drawn
    }

    /// The first hour with the largest value, above zero.
    fn most(&self) -> Option<(usize, usize, f64)> {
        let hours = self.values.iter().enumerate().flat_map(|(day, hours)| {
            hours
                .iter()
                .enumerate()
                .filter_map(move |(hour, value)| Some((day, hour, value.and_then(datum)?)))
        });
        hours.reduce(|most, one| if one.2 > most.2 { one } else { most }).filter(|most| most.2 > 0.0)
    }

    /// The shades with their limits, and the hour with most beside them.
    fn legend(&self, scale: &Scale, frame: &Frame, most: &str) -> Vec<Element> {
        let (top, swatch) = (frame.bottom + 8.0, if self.is_narrow() { 26.0 } else { 30.0 });
        let all = scale.ticks().len().saturating_sub(1);
        let mut drawn = Vec::new();
        let mut free = 0.0;
        for (number, tick) in scale.ticks().iter().enumerate() {
            let x = frame.left + swatch * number as f64;
            if number < all {
                drawn.push(ink::rect(x, top, swatch - 1.0, 10.0, SHADES[number_of(number, all)]));
            }
            let (said, anchor) = (scale.said(*tick), if number == 0 { ink::START } else { ink::MIDDLE });
            let half = width(&said, SMALL) / 2.0;
            let start = if number == 0 { x - 3.0 } else { x - half };
            if start >= free && start + 2.0 * half <= frame.right {
                drawn.push(ink::quiet(&said, if number == 0 { start } else { x }, top + 22.0, anchor));
                free = start + 2.0 * half + 2.0;
            }
        }
        let (aside, down) = if self.is_narrow() {
            (frame.left, 31.0)
        } else {
            (frame.left + swatch * all as f64 + 22.0, 0.0)
        };
        let unit = fitted(&self.unit, SMALL, frame.right - aside);
        drawn.push(ink::text(&unit, aside, top + down + 9.0, SMALL, ink::START));
        let most = fitted(most, SMALL, frame.right - aside);
        drawn.push(ink::quiet(&most, aside, top + down + 23.0, ink::START));
        drawn
    }
}

/// Limits of as many classes as there are shades, or fewer.
fn classes(values: impl Iterator<Item = f64>) -> Scale {
    let values: Vec<f64> = values.map(|value| value.max(0.0)).collect();
    let most = values.iter().copied().fold(0.0, f64::max);
    [7.0, 6.0, 5.0, 4.0, 3.0, 2.0]
        .into_iter()
        .map(|about| Scale::linear([0.0, most], about))
        .find(|scale| scale.ticks().len() <= SHADES.len() + 1)
        .unwrap_or_else(|| Scale::linear([0.0, most], 1.0))
}

/// The shade of a class, so that the first is the palest and the last the darkest.
fn number_of(class: usize, all: usize) -> usize {
    if all <= 1 { SHADES.len() - 1 } else { class * (SHADES.len() - 1) / (all - 1) }
}

fn shade(scale: &Scale, value: f64) -> &'static str {
    let ticks = scale.ticks();
    let all = ticks.len().saturating_sub(1).max(1);
    let class = ticks.iter().skip(1).take(all - 1).filter(|limit| value >= **limit).count();
    if value <= 0.0 && all <= 1 { SHADES[0] } else { SHADES[number_of(class, all).min(SHADES.len() - 1)] }
}

/// Days at the left, every third or sixth hour above.
fn names(frame: &Frame) -> Vec<Element> {
    let (wide, high) = (frame.wide() / 24.0, frame.high() / 7.0);
    let days = DAYS.iter().enumerate().map(|(day, name)| {
        ink::quiet(&name[..3], frame.left - 6.0, frame.top + high * (day as f64 + 0.5) + 3.3, ink::END)
    });
    let step = if 3.0 * wide < 34.0 { 6 } else { 3 };
    let hours = (0..24_u32).step_by(step).map(|hour| {
        let x = frame.left + wide * f64::from(hour);
        ink::quiet(&format!("{hour:02}:00"), x, frame.top - 6.0, ink::START)
    });
    days.chain(hours).collect()
}
