//! A series in the cell of a table.

use geo_types::{Coord, coord};

use crate::render::{
    figure::{
        Figure,
        ink::{self, ACCENT, GRID, MAIN, WHITE},
        number::{datum, short},
    },
    xml::Element,
};

/// A line without axes, from zero, its last value marked.
///
/// # Example
/// ```
/// use hotspots::render::{chart::Sparkline, figure::Figure};
/// let line = Sparkline { figure: Figure::new("spark-1", "Gornal"), values: vec![Some(3.0), None, Some(5.0)] };
/// assert!(line.svg().contains("3 values, least 3, most 5, last 5"));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Sparkline {
    /// Its names; its width is always 100, its height 24.
    pub figure: Figure,
    /// The values; `None` where there is none.
    pub values: Vec<Option<f64>>,
}

const WIDE: f64 = 100.0;
const HIGH: f64 = 24.0;

impl Sparkline {
    /// The drawing.
    pub fn svg(&self) -> String {
        let values: Vec<Option<f64>> = self.values.iter().map(|value| value.and_then(datum)).collect();
        let known = || values.iter().copied().flatten();
        let Some(last) = known().next_back() else {
            let words = ink::quiet(crate::render::figure::NOTHING, WIDE / 2.0, HIGH / 2.0 + 4.0, ink::MIDDLE);
            return self.figure.svg(WIDE, HIGH, crate::render::figure::NOTHING, vec![words]);
        };
        let (least, most) =
            known().fold((last, last), |(low, high), value| (low.min(value), high.max(value)));
        let (low, high) = (least.min(0.0), most.max(0.0));
        let tall = if high > low { high - low } else { 1.0 };
        let y = |value: f64| HIGH - 4.0 - (value - low) / tall * (HIGH - 8.0);
        let step = (WIDE - 8.0) / values.len().saturating_sub(1).max(1) as f64;
        let place = |number: usize, value: f64| coord! { x: 4.0 + step * number as f64, y: y(value) };
        let places: Vec<Option<Coord>> = values
            .iter()
            .enumerate()
            .map(|(number, value)| value.map(|value| place(number, value)))
            .collect();
        let runs: Vec<Vec<Coord>> = places
            .split(Option::is_none)
            .filter(|run| !run.is_empty())
            .map(|run| run.iter().copied().flatten().collect())
            .collect();
        let mut drawn: Vec<Element> = vec![ink::line((4.0, y(0.0)), (WIDE - 4.0, y(0.0)), GRID, 1.0)];
        drawn.push(ink::stroke(runs.iter().map(Vec::as_slice), MAIN, 1.6).with("class", "line"));
        if let Some(at) = places.iter().rev().find_map(|place| *place) {
            drawn.push(ink::disc(at.x, at.y, 2.8, ACCENT).with("stroke", WHITE).with("class", "last"));
        }
        let said = format!(
            "{} values, least {}, most {}, last {}",
            values.len(),
            short(least),
            short(most),
            short(last)
        );
        self.figure.svg(WIDE, HIGH, &said, drawn)
    }
}
