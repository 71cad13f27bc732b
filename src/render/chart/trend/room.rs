//! Where everything of a trend lies.

use super::Trend;
use crate::{
    model::{Month, period::MONTHS_OF_YEAR},
    render::{
        chart::{axis, frame::Frame, key, month, scale::Scale},
        figure::ink::{self, BASE},
        xml::Element,
    },
};

/// The most months that are drawn.
const MOST: usize = 120;

/// Where everything lies.
pub struct Room {
    /// How many of the first values are not drawn.
    pub skipped: usize,
    pub first: Month,
    pub values: Vec<Option<f64>>,
    pub head: Vec<Element>,
    pub frame: Frame,
    pub y: Scale,
    /// From one month to the next.
    pub slot: f64,
}

impl Room {
    pub fn of(trend: &Trend, height: f64) -> Self {
        let skipped = trend.series.values.len().saturating_sub(MOST);
        let values = trend.series.from(skipped);
        let shown = values.len();
        let overlays = trend.overlays.iter().chain(&trend.compared).map(|series| series.from(skipped));
        let all = overlays.flat_map(|values| values.into_iter().take(shown)).chain(values.iter().copied());
        let y = Scale::linear(all.flatten().chain([0.0]), 4.5);
        let (left, right) = (axis::room(&y), trend.figure.width() - 6.0);
        let (mut head, top) = key::drawn(&trend.key(), 0.0, right, 0.0);
        let (unit, top) = key::axis_title(&trend.unit, 0.0, right, top);
        head.extend(unit);
        let room = if trend.period.is_some() { 22.0 } else { 8.0 };
        let frame = Frame { left, top: top + room, right, bottom: height - 32.0 };
        let y = y.between(frame.bottom, frame.top);
        let slot = frame.wide() / values.len().max(1) as f64;
        let first = trend.first.plus(i32::try_from(skipped).unwrap_or(0));
        Self { skipped, first, values, head, frame, y, slot }
    }

    pub fn middle(&self, number: usize) -> f64 {
        self.frame.left + (number as f64 + 0.5) * self.slot
    }

    pub fn bar(&self) -> f64 {
        (self.slot * 0.76).clamp(1.0, 40.0)
    }

    /// The names of months below, and the year below the first one and each January.
    pub fn months(&self) -> Vec<Element> {
        let step = month::step(self.slot);
        let mut drawn = Vec::new();
        let mut is_year_told = false;
        for number in 0..self.values.len() {
            let Ok(later) = i32::try_from(number) else { break };
            let month = self.first.plus(later);
            let of_year = month.of_year();
            let years = usize::try_from(month.year()).unwrap_or(0);
            let is_named = if step <= 12 {
                of_year.is_multiple_of(step)
            } else {
                of_year == 0 && years.is_multiple_of(step / 12)
            };
            if !is_named {
                continue;
            }
            let bottom = self.frame.bottom;
            let x = self.middle(number);
            drawn.push(ink::line((x, bottom), (x, bottom + 3.0), BASE, 1.0));
            // The last name stays within the drawing.
            let x = x.min(self.frame.right - 8.0);
            drawn.push(ink::quiet(&MONTHS_OF_YEAR[of_year][..3], x, bottom + 15.0, ink::MIDDLE));
            if of_year == 0 || !is_year_told {
                drawn.push(ink::quiet(&month.year().to_string(), x, bottom + 28.0, ink::MIDDLE));
                is_year_told = true;
            }
        }
        drawn
    }
}
