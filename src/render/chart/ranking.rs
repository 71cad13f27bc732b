//! Areas, categories or places by their value.

use geo_types::coord;

use super::{
    axis,
    frame::Frame,
    key::{self, Entry},
    scale::Scale,
};
use crate::model::words::decimal;
use crate::render::{
    figure::{
        Figure, fitted,
        ink::{self, BASE, LABEL, MAIN, PALE, STRONG, WHITE},
        number::datum,
        width,
    },
    xml::Element,
};

/// Horizontal bars with their values, in the order given.
///
/// # Example
/// ```
/// use hotspots::render::{chart::{Ranking, RankingRow}, figure::Figure};
/// let chart = Ranking {
///     figure: Figure::new("wards", "Burglary by ward"),
///     unit: "Incidents per 1,000 households".into(),
///     decimals: 1,
///     interval: "95 % interval".into(),
///     compared: String::new(),
///     rows: vec![RankingRow::new("Gornal", 12.25), RankingRow::new("Lye", 9.0)],
/// };
/// assert!(chart.svg().contains("Gornal 12.2, Lye 9.0"));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// Its names and width.
    pub figure: Figure,
    /// What the values are.
    pub unit: String,
    /// Decimals of the values.
    pub decimals: usize,
    /// What the whiskers are, where there are any.
    pub interval: String,
    /// What the ticks across the bars are, where there are any.
    pub compared: String,
    /// The rows; of more than 40 the first 40 are drawn, and the number of the others is told.
    pub rows: Vec<RankingRow>,
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct RankingRow {
    /// Its name.
    pub label: String,
    /// Its value; a row without one says so.
    pub value: Option<f64>,
    /// The ends of its interval.
    pub interval: Option<(f64, f64)>,
    /// What it is compared with.
    pub compared: Option<f64>,
    /// How it differs.
    pub significance: Significance,
}

/// How a value differs from what is expected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Significance {
    /// Not more than by chance.
    #[default]
    None,
    /// It is higher: a triangle that points up.
    Higher,
    /// It is lower: a triangle that points down.
    Lower,
}

impl RankingRow {
    /// A row with a value and nothing else.
    pub fn new(label: &str, value: f64) -> Self {
        let label = label.to_owned();
        Self { label, value: Some(value), interval: None, compared: None, significance: Significance::None }
    }

    fn value(&self) -> Option<f64> {
        self.value.and_then(datum)
    }

    fn ends(&self) -> Option<(f64, f64)> {
        let (low, high) = self.interval?;
        Some((datum(low)?, datum(high)?)).map(|(low, high)| (low.min(high), low.max(high)))
    }

    fn compared(&self) -> Option<f64> {
        self.compared.and_then(datum)
    }
}

const MOST: usize = 40;

impl Ranking {
    /// The drawing.
    pub fn svg(&self) -> String {
        let wide = self.figure.width();
        let rows = &self.rows[..self.rows.len().min(MOST)];
        if rows.iter().all(|row| row.value().is_none()) {
            return self.figure.nothing();
        }
        let (mut drawn, top) = key::drawn(&self.key(rows), 0.0, wide, 0.0);
        let (unit, top) = key::axis_title(&self.unit, 0.0, wide, top);
        drawn.extend(unit);
        let step = if rows.len() > 24 { 17.0 } else { 20.0 };
        let names = rows
            .iter()
            .map(|row| width(&row.label, LABEL))
            .fold(0.0, f64::max)
            .min((0.36 * wide).clamp(150.0_f64.min(0.5 * wide), 400.0))
            .ceil();
        let said = rows.iter().map(|row| width(&self.said_value(row), STRONG)).fold(0.0, f64::max).ceil();
        let room = if rows.iter().any(|row| row.significance != Significance::None) { 16.0 } else { 2.0 };
        let frame = Frame {
            left: names + 10.0,
            top: top + 16.0,
            right: wide - said - room - 10.0,
            bottom: top + 18.0 + step * rows.len() as f64,
        };
        let values = rows.iter().flat_map(|row| {
            let (low, high) = row.ends().unzip();
            [row.value(), low, high, row.compared()].into_iter().flatten()
        });
        let x = Scale::tight(values.chain([0.0]), (frame.wide() / 80.0).max(3.0))
            .between(frame.left, frame.right);
        drawn.extend(axis::lines_up(&x, &frame));
        drawn.extend(axis::numbers(&x, frame.top - 4.0, wide));
        for (number, row) in rows.iter().enumerate() {
            drawn.extend(self.row(row, frame.top + step * (number as f64 + 0.5) + 1.0, &x, (names, room)));
        }
        drawn.push(ink::line((x.at(0.0), frame.top), (x.at(0.0), frame.bottom), BASE, 1.0));
        let mut height = frame.bottom + 4.0;
        let others = self.rows.len() - rows.len();
        if others > 0 {
            height += 16.0;
            drawn.push(ink::quiet(
                &format!("and {} more", decimal(others as f64, 0)),
                0.0,
                height - 5.0,
                ink::START,
            ));
        }
        let listed: Vec<String> =
            rows.iter().map(|row| format!("{} {}", row.label, self.said_value(row))).collect();
        self.figure.svg(wide, height, &format!("{}: {}.", self.unit, listed.join(", ")), drawn)
    }

    fn said_value(&self, row: &RankingRow) -> String {
        row.value().map_or_else(|| "–".to_owned(), |value| decimal(value, self.decimals))
    }

    fn key(&self, rows: &[RankingRow]) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut entry = |is_there: bool, label: &str, mark: fn(f64, f64) -> Vec<Element>| {
            if is_there {
                entries.push(Entry { label: label.to_owned(), mark });
            }
        };
        let has = |kind| rows.iter().any(|row| row.significance == kind);
        entry(rows.iter().any(|row| row.ends().is_some()), &self.interval, |x, y| {
            vec![ink::line((x - 8.0, y), (x + 8.0, y), BASE, 1.4)]
        });
        entry(rows.iter().any(|row| row.compared().is_some()), &self.compared, |x, y| tick(x, y, 5.0));
        entry(has(Significance::Higher), "significantly higher", |x, y| vec![triangle(x, y, -1.0)]);
        entry(has(Significance::Lower), "significantly lower", |x, y| vec![triangle(x, y, 1.0)]);
        entries
    }

    fn row(&self, row: &RankingRow, y: f64, x: &Scale, (names, room): (f64, f64)) -> Vec<Element> {
        let high = 11.0;
        let name = fitted(&row.label, LABEL, names);
        let mut label = ink::text(&name, names, y + 4.0, LABEL, ink::END);
        if name != row.label {
            label = label.child(Element::of("title", row.label.as_str()));
        }
        let mut drawn = vec![label];
        if let Some(value) = row.value() {
            let (zero, end) = (x.at(0.0), x.at(value));
            // With whiskers over it, the bar is pale, so that both are seen.
            let fill = if row.ends().is_some() { PALE } else { MAIN };
            let bar = ink::rect(zero.min(end), y - high / 2.0, (end - zero).abs(), high, fill);
            drawn.push(bar.with("class", "bar"));
            if let Some((low, high)) = row.ends() {
                drawn.push(ink::line((x.at(low), y), (x.at(high), y), BASE, 1.4).with("class", "whisker"));
                drawn.push(ink::disc(end, y, 2.6, MAIN));
            }
        }
        if let Some(compared) = row.compared() {
            drawn.extend(tick(x.at(compared), y, 7.0));
        }
        let edge = self.figure.width();
        drawn.push(ink::text(&self.said_value(row), edge - room, y + 4.0, STRONG, ink::END));
        match row.significance {
            Significance::None => {}
            Significance::Higher => drawn.push(triangle(edge - 7.0, y, -1.0)),
            Significance::Lower => drawn.push(triangle(edge - 7.0, y, 1.0)),
        }
        drawn
    }
}

/// A tick across a bar, with a rim of paper.
fn tick(x: f64, y: f64, half: f64) -> Vec<Element> {
    vec![
        ink::line((x, y - half), (x, y + half), WHITE, 4.0),
        ink::line((x, y - half), (x, y + half), BASE, 2.0),
    ]
}

/// A triangle around a place; −1 points up, 1 down.
fn triangle(x: f64, y: f64, way: f64) -> Element {
    let corners = [
        coord! { x: x, y: y + 4.5 * way },
        coord! { x: x - 5.0, y: y - 4.0 * way },
        coord! { x: x + 5.0, y: y - 4.0 * way },
    ];
    ink::area(&corners, if way < 0.0 { ink::ACCENT } else { MAIN })
}
