//! The months of the year against an even year.

use super::{
    axis,
    frame::{Frame, height_for},
    key::{self, Entry},
    scale::Scale,
};
use crate::model::{period::MONTHS_OF_YEAR, words::decimal};
use crate::render::{
    figure::{
        Figure,
        ink::{self, BASE, MAIN, PALE, WHITE},
        number::datum,
    },
    xml::Element,
};

/// Month-of-year indices, 100 for an even year, with their intervals.
///
/// # Example
/// ```
/// use hotspots::render::{chart::{SeasonalIndex, Seasonality}, figure::Figure};
/// let mut months = [None; 12];
/// months[11] = Some(SeasonalIndex { index: 124.0, interval: Some((108.0, 141.0)) });
/// let chart = Seasonality { figure: Figure::new("season", "Burglary through the year"), interval: "95 % interval".into(), months };
/// assert!(chart.svg().contains("December 124 (108 to 141)"));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Seasonality {
    /// Its names and width.
    pub figure: Figure,
    /// What the whiskers are: "95 % confidence interval".
    pub interval: String,
    /// January to December; `None` where there is no index.
    pub months: [Option<SeasonalIndex>; 12],
}

/// The index of a month of the year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeasonalIndex {
    /// 100 where the month has a twelfth of a year.
    pub index: f64,
    /// The ends of its interval, where there is one.
    pub interval: Option<(f64, f64)>,
}

const EVEN: f64 = 100.0;

impl SeasonalIndex {
    /// What of it can be drawn.
    fn known(self) -> Option<Self> {
        let index = datum(self.index)?;
        let ends = self.interval.and_then(|(low, high)| Some((datum(low)?, datum(high)?)));
        Some(Self { index, interval: ends.map(|(low, high)| (low.min(high), low.max(high))) })
    }

    /// Whether its interval lies above or below an even year.
    fn is_uneven(&self) -> bool {
        self.interval.is_some_and(|(low, high)| low > EVEN || high < EVEN)
    }

    fn said(&self, of_year: usize) -> String {
        let ends = self.interval.map(|(low, high)| format!(" ({} to {})", decimal(low, 0), decimal(high, 0)));
        format!("{} {}{}", MONTHS_OF_YEAR[of_year % 12], decimal(self.index, 0), ends.unwrap_or_default())
    }
}

impl Seasonality {
    /// The drawing.
    pub fn svg(&self) -> String {
        let (width, height) = (self.figure.width(), height_for(self.figure.width()) * 0.86);
        let months = self.months.map(|month| month.and_then(SeasonalIndex::known));
        if months.iter().all(Option::is_none) {
            return self.figure.nothing();
        }
        let ends = months.iter().flatten().flat_map(|month| {
            let (low, high) = month.interval.unwrap_or((month.index, month.index));
            [month.index, low, high]
        });
        let y = Scale::linear(ends.chain([EVEN]), 4.5);
        let (left, right) = (axis::room(&y), width - 6.0);
        let has_intervals = months.iter().flatten().any(|month| month.interval.is_some());
        let (mut drawn, top) = key::drawn(&self.key(has_intervals), 0.0, right, 0.0);
        let frame = Frame { left, top: top + 8.0, right, bottom: height - 22.0 };
        let y = y.between(frame.bottom, frame.top);
        drawn.extend(axis::across(&y, &frame));
        let slot = frame.wide() / 12.0;
        let middle = |number: usize| frame.left + (number as f64 + 0.5) * slot;
        let known = months.iter().enumerate().filter_map(|(number, month)| Some((middle(number), (*month)?)));
        let (mut bars, mut marks) = (Vec::new(), Vec::new());
        for (x, month) in known {
            let (zero, end) = (y.at(EVEN), y.at(month.index));
            let bar = ink::rect(x - 0.32 * slot, zero.min(end), 0.64 * slot, (zero - end).abs(), PALE);
            bars.push(bar.with("class", "bar"));
            marks.extend(whisker(x, month, &y));
        }
        drawn.extend(bars);
        drawn.push(axis::base(y.at(EVEN), &frame));
        drawn.extend(marks);
        drawn.extend(names(&frame, slot));
        let said: Vec<String> =
            months.iter().enumerate().filter_map(|(number, month)| Some((*month)?.said(number))).collect();
        self.figure.svg(width, height, &format!("Index, even year = 100: {}.", said.join(", ")), drawn)
    }

    fn key(&self, has_intervals: bool) -> Vec<Entry> {
        let mut entries =
            vec![Entry { label: "Index, even year = 100".into(), mark: |x, y| vec![mark(x, y, false)] }];
        if has_intervals {
            entries.push(Entry {
                label: "differs from an even year".into(),
                mark: |x, y| vec![mark(x, y, true)],
            });
            entries.push(Entry {
                label: self.interval.clone(),
                mark: |x, y| vec![ink::line((x, y - 6.0), (x, y + 6.0), BASE, 1.4)],
            });
        }
        entries
    }
}

fn mark(x: f64, y: f64, is_full: bool) -> Element {
    let disc = ink::disc(x, y, 3.6, if is_full { MAIN } else { WHITE });
    disc.with("stroke", MAIN).with("stroke-width", 1.6)
}

fn whisker(x: f64, month: SeasonalIndex, y: &Scale) -> Vec<Element> {
    let mut drawn = Vec::new();
    if let Some((low, high)) = month.interval {
        let line = ink::line((x, y.at(low)), (x, y.at(high)), BASE, 1.4).with("class", "whisker");
        drawn.push(line);
    }
    drawn.push(mark(x, y.at(month.index), month.is_uneven()));
    drawn
}

/// Three letters of each month, one where there is no room for three.
fn names(frame: &Frame, slot: f64) -> Vec<Element> {
    let letters = if slot < 27.0 { 1 } else { 3 };
    let name = |number: usize| {
        let x = frame.left + (number as f64 + 0.5) * slot;
        ink::quiet(&MONTHS_OF_YEAR[number % 12][..letters], x, frame.bottom + 15.0, ink::MIDDLE)
    };
    (0..12).map(name).collect()
}
