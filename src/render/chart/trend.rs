//! Counts by month.

use std::fmt::Write as _;

use geo_types::{Coord, coord};

use super::{
    axis,
    frame::{Frame, height_for},
    key::{self, Entry},
    month,
    scale::Scale,
};
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

/// The most months that are drawn.
const MOST: usize = 120;
/// How overlays differ: colour, width, dashes.
const OVERLAYS: [(&str, f64, &str); 3] = [(ACCENT, 2.2, ""), (BASE, 1.6, "7 4"), (ACCENT, 1.8, "1.5 3.5")];

impl Trend {
    /// The drawing.
    pub fn svg(&self) -> String {
        let height = height_for(self.figure.width());
        let plan = Plan::of(self, height);
        if plan.values.iter().all(Option::is_none) {
            return self.figure.nothing();
        }
        let mut drawn = plan.head.clone();
        drawn.extend(self.band(&plan));
        drawn.extend(axis::across(&plan.y, &plan.frame));
        match self.form {
            Form::Bars => drawn.extend(self.bars(&plan).into_iter().chain(self.comparison(&plan))),
            Form::Line => {
                drawn.extend(self.comparison(&plan));
                drawn.extend(lines(&plan, &plan.values, (MAIN, 2.4, "")));
            }
        }
        for (overlay, style) in self.overlays.iter().zip(OVERLAYS.iter().cycle()) {
            drawn.extend(lines(&plan, &overlay.from(plan.skipped), *style));
        }
        drawn.push(axis::base(plan.y.at(0.0), &plan.frame));
        drawn.extend(plan.months());
        self.figure.svg(self.figure.width(), height, &self.said(&plan), drawn)
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
    fn band(&self, plan: &Plan) -> Vec<Element> {
        let Some((from, to, name)) = &self.period else { return Vec::new() };
        let last = plan.first.plus(i32::try_from(plan.values.len()).unwrap_or(0) - 1);
        let (from, to) = ((*from).max(plan.first), (*to).min(last));
        if from > to {
            return Vec::new();
        }
        let number = |month: Month| f64::from(month.index() - plan.first.index());
        let (left, right) =
            (plan.frame.left + number(from) * plan.slot, plan.frame.left + (number(to) + 1.0) * plan.slot);
        let (top, high) = (plan.frame.top - 16.0, plan.frame.high() + 16.0);
        let mut band = vec![ink::rect(left, top, right - left, high, BAND).with("class", "period")];
        // A name that is wider than the band ends with it, or starts with the chart.
        let wide = width(name, SMALL);
        if wide + 8.0 <= right - left {
            band.push(ink::quiet(name, left.midpoint(right), top + 12.0, ink::MIDDLE));
        } else if wide <= right - plan.frame.left {
            band.push(ink::quiet(name, right, top + 12.0, ink::END));
        } else if wide <= plan.frame.right - left {
            band.push(ink::quiet(name, left, top + 12.0, ink::START));
        }
        band
    }

    fn is_in_period(&self, month: Month) -> bool {
        self.period.as_ref().is_none_or(|(from, to, _)| (*from..=*to).contains(&month))
    }

    fn bars(&self, plan: &Plan) -> Vec<Element> {
        let zero = plan.y.at(0.0);
        let wide = plan.bar();
        let bars = plan.values.iter().enumerate().filter_map(|(number, value)| {
            let y = plan.y.at((*value)?);
            let month = plan.first.plus(i32::try_from(number).ok()?);
            let fill = if self.is_in_period(month) { MAIN } else { PALE };
            let x = plan.middle(number) - wide / 2.0;
            Some(ink::rect(x, y.min(zero), wide, (y - zero).abs(), fill).with("class", "bar"))
        });
        bars.collect()
    }

    /// Ticks across bars, so that they are seen on and above them; a dashed line beside a line.
    fn comparison(&self, plan: &Plan) -> Vec<Element> {
        let Some(compared) = &self.compared else { return Vec::new() };
        let values = compared.from(plan.skipped);
        if self.form == Form::Line {
            return lines(plan, &values, COMPARED);
        }
        let half = (plan.slot * 0.44).max(1.6);
        let ticks = values.iter().take(plan.values.len()).enumerate().filter_map(|(number, value)| {
            let (x, y) = (plan.middle(number), plan.y.at((*value)?));
            let rim = ink::line((x - half, y), (x + half, y), WHITE, 4.0);
            Some([rim, ink::line((x - half, y), (x + half, y), BASE, 2.0)])
        });
        ticks.flatten().collect()
    }

    fn said(&self, plan: &Plan) -> String {
        let month = |number: usize| month::said(plan.first.plus(i32::try_from(number).unwrap_or(0)));
        let known: Vec<(usize, f64)> =
            plan.values.iter().enumerate().filter_map(|(number, value)| Some((number, (*value)?))).collect();
        let least = known.iter().copied().reduce(|a, b| if b.1 < a.1 { b } else { a });
        let most = known.iter().copied().reduce(|a, b| if b.1 > a.1 { b } else { a });
        let mut said = format!(
            "{}. {} months from {} to {}",
            self.unit,
            plan.values.len(),
            month(0),
            month(plan.values.len().saturating_sub(1)),
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
        let gaps = plan.values.len() - known.len();
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
fn lines(plan: &Plan, values: &[Option<f64>], (colour, wide, dashes): (&str, f64, &str)) -> Vec<Element> {
    let places: Vec<Option<Coord>> = values
        .iter()
        .take(plan.values.len())
        .enumerate()
        .map(|(number, value)| value.map(|value| coord! { x: plan.middle(number), y: plan.y.at(value) }))
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

/// Where everything lies.
struct Plan {
    /// How many of the first values are not drawn.
    skipped: usize,
    first: Month,
    values: Vec<Option<f64>>,
    head: Vec<Element>,
    frame: Frame,
    y: Scale,
    /// From one month to the next.
    slot: f64,
}

impl Plan {
    fn of(trend: &Trend, height: f64) -> Self {
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

    fn middle(&self, number: usize) -> f64 {
        self.frame.left + (number as f64 + 0.5) * self.slot
    }

    fn bar(&self) -> f64 {
        (self.slot * 0.76).clamp(1.0, 40.0)
    }

    /// The names of months below, and the year below the first one and each January.
    fn months(&self) -> Vec<Element> {
        let step = month::step(self.slot);
        let mut drawn = Vec::new();
        let mut is_year_told = false;
        for number in 0..self.values.len() {
            let Ok(later) = i32::try_from(number) else { break };
            let month = self.first.plus(later);
            let of_year = month::of_year(month);
            let years = usize::try_from(month::year(month)).unwrap_or(0);
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
            drawn.push(ink::quiet(month::short_name(of_year), x, bottom + 15.0, ink::MIDDLE));
            if of_year == 0 || !is_year_told {
                drawn.push(ink::quiet(&month::year(month).to_string(), x, bottom + 28.0, ink::MIDDLE));
                is_year_told = true;
            }
        }
        drawn
    }
}
