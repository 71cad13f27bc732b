//! Counts by month.

mod room;

use std::fmt::Write as _;

use geo_types::{Coord, coord};

use room::Room;

use super::{axis, frame::height_for, key::Entry};
use crate::{
    model::Month,
    render::{
        figure::{
            Figure,
            ink::{self, ACCENT, BAND, BASE, MAIN, OTHER, PALE, SMALL, WHITE},
            number::{datum, short},
            width,
        },
        xml::Element,
    },
};

/// A monthly series, as bars or a line, with what lies over it and what it is compared with.
///
/// # Example
/// ```
/// use hotspots::render::{chart::{Form, Series, Trend}, figure::Figure};
/// let trend = Trend {
///     figure: Figure::new("trend", "Burglaries by month"),
///     unit: "Incidents a month".into(),
///     first: "2024-01".parse().unwrap(),
///     series: Series::new("Burglary", [12.0, 9.0, 14.0]),
///     form: Form::Bars,
///     overlays: vec![],
///     compared: None,
///     period: None,
/// };
/// assert!(trend.svg().contains("3 months from January 2024 to March 2024: least 9 (February 2024), most 14 (March 2024)"));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// Its names and width.
    pub figure: Figure,
    /// What the numbers are: "Incidents a month".
    pub unit: String,
    /// The month of the first value.
    pub first: Month,
    /// The values; of more than 120 the last 120 are drawn.
    pub series: Series,
    /// How they are drawn.
    pub form: Form,
    /// Lines over them, such as a moving average or a slope; from the same month on. Three are told apart.
    pub overlays: Vec<Series>,
    /// What each month is compared with, such as the same month of the year before; from the same month on.
    pub compared: Option<Series>,
    /// The months that the report is about, both included, and what that band is called.
    pub period: Option<(Month, Month, String)>,
}

/// Values by month with their name.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// What they are.
    pub label: String,
    /// The values, month by month; `None` where there is none.
    pub values: Vec<Option<f64>>,
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A bar for each month, from zero.
    Bars,
    /// A line.
    Line,
}

impl Series {
    /// A series without a gap.
    pub fn new(label: &str, values: impl IntoIterator<Item = f64>) -> Self {
        Self { label: label.to_owned(), values: values.into_iter().map(Some).collect() }
    }

    /// The values that can be drawn, from one on.
    fn from(&self, skipped: usize) -> Vec<Option<f64>> {
        self.values.iter().skip(skipped).map(|value| value.and_then(datum)).collect()
    }
}

/// How overlays differ: colour, width, dashes.
const OVERLAYS: [(&str, f64, &str); 3] = [(ACCENT, 2.2, ""), (BASE, 1.6, "7 4"), (ACCENT, 1.8, "1.5 3.5")];

impl Trend {
    /// The drawing.
    pub fn svg(&self) -> String {
        let height = height_for(self.figure.width());
        let room = Room::of(self, height);
        if room.values.iter().all(Option::is_none) {
            return self.figure.nothing();
        }
        let mut drawn = room.head.clone();
        drawn.extend(self.band(&room));
        drawn.extend(axis::across(&room.y, &room.frame));
        match self.form {
            Form::Bars => drawn.extend(self.bars(&room).into_iter().chain(self.comparison(&room))),
            Form::Line => {
                drawn.extend(self.comparison(&room));
                drawn.extend(lines(&room, &room.values, (MAIN, 2.4, "")));
            }
        }
        for (overlay, style) in self.overlays.iter().zip(OVERLAYS.iter().cycle()) {
            drawn.extend(lines(&room, &overlay.from(room.skipped), *style));
        }
        drawn.push(axis::base(room.y.at(0.0), &room.frame));
        drawn.extend(room.months());
        self.figure.svg(self.figure.width(), height, &self.said(&room), drawn)
    }

    fn key(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        let others = self.compared.is_some() || !self.overlays.is_empty();
        if others {
            let mark: fn(f64, f64) -> Vec<Element> = match self.form {
                Form::Bars => |x, y| vec![ink::rect(x - 5.0, y - 5.0, 10.0, 10.0, MAIN)],
                Form::Line => |x, y| vec![ink::line((x - 8.0, y), (x + 8.0, y), MAIN, 2.2)],
            };
            entries.push(Entry { label: self.series.label.clone(), mark });
        }
        let marks: [fn(f64, f64) -> Vec<Element>; 3] = [
            |x, y| vec![sample(x, y, OVERLAYS[0])],
            |x, y| vec![sample(x, y, OVERLAYS[1])],
            |x, y| vec![sample(x, y, OVERLAYS[2])],
        ];
        for (overlay, mark) in self.overlays.iter().zip(marks.iter().cycle()) {
            entries.push(Entry { label: overlay.label.clone(), mark: *mark });
        }
        if let Some(compared) = &self.compared {
            let mark: fn(f64, f64) -> Vec<Element> = match self.form {
                Form::Bars => |x, y| vec![ink::line((x - 5.0, y), (x + 5.0, y), BASE, 2.0)],
                Form::Line => |x, y| vec![sample(x, y, COMPARED)],
            };
            entries.push(Entry { label: compared.label.clone(), mark });
        }
        entries
    }

    /// The months of the report, as a band with its name.
    fn band(&self, room: &Room) -> Vec<Element> {
        let Some((from, to, name)) = &self.period else { return Vec::new() };
        let last = room.first.plus(i32::try_from(room.values.len()).unwrap_or(0) - 1);
        let (from, to) = ((*from).max(room.first), (*to).min(last));
        if from > to {
            return Vec::new();
        }
        let number = |month: Month| f64::from(month.index() - room.first.index());
        let (left, right) =
            (room.frame.left + number(from) * room.slot, room.frame.left + (number(to) + 1.0) * room.slot);
        let (top, high) = (room.frame.top - 16.0, room.frame.high() + 16.0);
        let mut band = vec![ink::rect(left, top, right - left, high, BAND).with("class", "period")];
        // A name that is wider than the band ends with it, or starts with the chart.
        let wide = width(name, SMALL);
        if wide + 8.0 <= right - left {
            band.push(ink::quiet(name, left.midpoint(right), top + 12.0, ink::MIDDLE));
        } else if wide <= right - room.frame.left {
            band.push(ink::quiet(name, right, top + 12.0, ink::END));
        } else if wide <= room.frame.right - left {
            band.push(ink::quiet(name, left, top + 12.0, ink::START));
        }
        band
    }

    fn is_in_period(&self, month: Month) -> bool {
        self.period.as_ref().is_none_or(|(from, to, _)| (*from..=*to).contains(&month))
    }

    fn bars(&self, room: &Room) -> Vec<Element> {
        let zero = room.y.at(0.0);
        let wide = room.bar();
        let bars = room.values.iter().enumerate().filter_map(|(number, value)| {
            let y = room.y.at((*value)?);
            let month = room.first.plus(i32::try_from(number).ok()?);
            let fill = if self.is_in_period(month) { MAIN } else { PALE };
            let x = room.middle(number) - wide / 2.0;
            Some(ink::rect(x, y.min(zero), wide, (y - zero).abs(), fill).with("class", "bar"))
        });
        bars.collect()
    }

    /// Ticks across bars, so that they are seen on and above them; a dashed line beside a line.
    fn comparison(&self, room: &Room) -> Vec<Element> {
        let Some(compared) = &self.compared else { return Vec::new() };
        let values = compared.from(room.skipped);
        if self.form == Form::Line {
            return lines(room, &values, COMPARED);
        }
        let half = (room.slot * 0.44).max(1.6);
        let ticks = values.iter().take(room.values.len()).enumerate().filter_map(|(number, value)| {
            let (x, y) = (room.middle(number), room.y.at((*value)?));
            let rim = ink::line((x - half, y), (x + half, y), WHITE, 4.0);
            Some([rim, ink::line((x - half, y), (x + half, y), BASE, 2.0)])
        });
        ticks.flatten().collect()
    }

    fn said(&self, room: &Room) -> String {
        let month = |number: usize| room.first.plus(i32::try_from(number).unwrap_or(0)).in_words();
        let known: Vec<(usize, f64)> =
            room.values.iter().enumerate().filter_map(|(number, value)| Some((number, (*value)?))).collect();
        let least = known.iter().copied().reduce(|a, b| if b.1 < a.1 { b } else { a });
        let most = known.iter().copied().reduce(|a, b| if b.1 > a.1 { b } else { a });
        let mut said = format!(
            "{}. {} months from {} to {}",
            self.unit,
            room.values.len(),
            month(0),
            month(room.values.len().saturating_sub(1)),
        );
        if let (Some(least), Some(most)) = (least, most) {
            let _ = write!(
                said,
                ": least {} ({}), most {} ({}).",
                short(least.1),
                month(least.0),
                short(most.1),
                month(most.0)
            );
        }
        let gaps = room.values.len() - known.len();
        if gaps > 0 {
            let _ = write!(said, " {gaps} months without a figure.");
        }
        said
    }
}

const COMPARED: (&str, f64, &str) = (OTHER, 1.8, "4 3");

fn sample(x: f64, y: f64, (colour, wide, dashes): (&str, f64, &str)) -> Element {
    dashed(ink::line((x - 8.0, y), (x + 8.0, y), colour, wide), dashes)
}

fn dashed(line: Element, dashes: &str) -> Element {
    if dashes.is_empty() { line } else { line.with("stroke-dasharray", dashes) }
}

/// A line through values, with a rim of paper so that it is seen on bars; a gap where there is none.
fn lines(room: &Room, values: &[Option<f64>], (colour, wide, dashes): (&str, f64, &str)) -> Vec<Element> {
    let places: Vec<Option<Coord>> = values
        .iter()
        .take(room.values.len())
        .enumerate()
        .map(|(number, value)| value.map(|value| coord! { x: room.middle(number), y: room.y.at(value) }))
        .collect();
    let flat: Vec<Vec<Coord>> = places
        .split(Option::is_none)
        .filter(|run| !run.is_empty())
        .map(|run| run.iter().copied().flatten().collect())
        .collect();
    let mut drawn = Vec::new();
    // A value between two gaps has no line, and so it is a dot.
    for lone in flat.iter().filter(|run| run.len() == 1) {
        drawn.push(ink::disc(lone[0].x, lone[0].y, wide, colour).with("stroke", WHITE));
    }
    let runs = || flat.iter().filter(|run| run.len() > 1).map(Vec::as_slice);
    if runs().next().is_some() {
        drawn.push(ink::stroke(runs(), WHITE, wide + 2.0));
        drawn.push(dashed(ink::stroke(runs(), colour, wide), dashes).with("class", "line"));
    }
    drawn
}
