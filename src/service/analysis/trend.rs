//! Monthly series by area and in all, with tests for a trend.

use super::months::{Months, counts_notice};
use crate::{
    analysis::{
        fdr::benjamini_hochberg,
        time::{
            level::Confidence,
            mann_kendall::{MannKendall, SenSlope, exact_p, mann_kendall, seasonal_kendall, sen_slope},
        },
    },
    model::{Area, Layer, Month},
    profile::{Method, method_card::LayerNote},
    service::{QuestionError, Scope, Service, question::About},
    snapshot::Snapshot,
};

/// The trend of one area, or of all.
#[derive(Clone, Debug)]
pub struct AreaTrend {
    /// Incidents in each month.
    pub counts: Vec<u64>,
    /// What the tests say; `None` without incidents.
    pub tested: Option<TestedTrend>,
}

impl AreaTrend {
    /// Incidents in all months.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }
}

/// What the tests say of a series.
#[derive(Clone, Copy, Debug)]
pub struct TestedTrend {
    /// The Mann-Kendall test.
    pub test: MannKendall,
    /// Its exact p, where there are no ties and not too many months.
    pub p_exact: Option<f64>,
    /// Its p adjusted for the number of areas (Benjamini–Hochberg); for all areas in one the same.
    pub p_adjusted: f64,
    /// Sen's slope, incidents a month more each month; `None` for a single month.
    pub slope: Option<SenSlope>,
    /// The seasonal Kendall test, from two years on.
    pub seasonal: Option<MannKendall>,
    /// Whether the adjusted p is significant, and which way it goes.
    pub finding: TrendFinding,
}

/// Whether there is more than chance to a trend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrendFinding {
    /// Significantly up.
    Up,
    /// Significantly down.
    Down,
    /// Nothing that chance would not give.
    NoEvidence,
}

impl TrendFinding {
    /// The word for it in answers and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::NoEvidence => "no-evidence",
        }
    }
}

/// The trends of a layer's areas.
pub struct TrendLayer<'a> {
    /// The layer.
    pub layer: &'a Layer,
    /// The months of the series.
    pub months: Vec<Month>,
    /// A row for each of its areas, in the same order.
    pub rows: Vec<AreaTrend>,
    /// The study area.
    pub area: &'a Area,
    /// All its incidents, those in no area of the layer included.
    pub total: AreaTrend,
    /// Incidents in no area of the layer.
    pub in_no_area: u64,
    /// How it was made.
    pub about: About,
}

/// Months of a year.
const YEAR: usize = 12;

impl Service {
    /// Tests the monthly counts of a selection for a trend, area by area.
    ///
    /// # Errors
    /// As [`Service::resolve`]; for an unknown layer; for a period that is not of whole months, or of which
    /// the store holds none.
    pub fn trend<'a>(
        &'a self,
        layer_id: &str,
        scope: &Scope,
        confidence: Confidence,
        snapshot: &'a Snapshot,
    ) -> Result<TrendLayer<'a>, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let (layer_number, layer) = question.layer(layer_id)?;
        let months = Months::of(&question)?;
        let mut by_area = vec![vec![0_u64; months.count]; layer.areas.len()];
        let mut in_no_area = 0;
        for row in question.selection.rows.iter().map(|&row| row as usize) {
            let Some(month) = months.index(snapshot.month(row)) else { continue };
            let area = snapshot.place(row).and_then(|place| snapshot.places().area(layer_number, place));
            let series = area.and_then(|area| by_area.get_mut(usize::from(area)));
            match series.and_then(|series| series.get_mut(month)) {
                Some(count) => *count += 1,
                None => in_no_area += 1,
            }
        }
        let rows = tested(by_area, confidence);
        let total = tested(vec![months.counts(&question)], confidence).pop();
        let total = total.unwrap_or(AreaTrend { counts: Vec::new(), tested: None });

        let method = Method::new("trend")
            .with("series", "incidents in each calendar month that the store holds")
            .with("months", months.count)
            .with("test", "Mann-Kendall, two-sided; variance corrected for ties, continuity correction")
            .with("p_exact", "of all orders of the series; none with ties, or from 31 months on")
            .with("slope", "Sen's slope, incidents a month more each month")
            .with("confidence", confidence.get())
            .with(
                "seasonal_test",
                (months.count >= 2 * YEAR).then_some("seasonal Kendall: each month of the year by itself"),
            )
            .with("p_adjusted", "Benjamini-Hochberg over the areas with incidents")
            .with("finding", "by the adjusted Mann-Kendall test at 1 - confidence")
            .with(
                "counts",
                "every incident counts as one, whatever its weight; months are not adjusted for their length",
            )
            .with("border_rule", "a point on a border belongs to the first of its areas in order of code");
        let note = LayerNote::of(layer);
        let mut about = question.about_in(method, Some(note));
        about.notices.extend(counts_notice(&question));
        about.notices.extend(length_notice(months.count));
        Ok(TrendLayer {
            layer,
            months: months.iter().collect(),
            rows,
            area: question.area(),
            total,
            in_no_area,
            about,
        })
    }
}

fn length_notice(months: usize) -> Option<String> {
    match months {
        0..5 => Some(format!("A trend of {months} months cannot be significant: five are the least.")),
        5..24 => Some(
            "With less than two years, a season cannot be told from a trend: compare with the same months a year \
             before."
                .to_owned(),
        ),
        _ => None,
    }
}

fn tested(all: Vec<Vec<u64>>, confidence: Confidence) -> Vec<AreaTrend> {
    let numbers = |counts: &[u64]| counts.iter().map(|&count| count as f64).collect::<Vec<_>>();
    let series = all.iter().map(|counts| numbers(counts));
    let series: Vec<_> =
        series.map(|series| series.iter().any(|&count| count > 0.0).then_some(series)).collect();
    let p: Vec<_> = series.iter().flatten().map(|series| mann_kendall(series).p).collect();
    let mut adjusted = benjamini_hochberg(&p).into_iter();
    let mut test = |series: Vec<f64>| {
        let test = mann_kendall(&series);
        let p_adjusted = adjusted.next()?;
        let finding = match test.s {
            _ if p_adjusted > 1.0 - confidence.get() => TrendFinding::NoEvidence,
            ..0 => TrendFinding::Down,
            _ => TrendFinding::Up,
        };
        Some(TestedTrend {
            test,
            p_exact: exact_p(&series),
            p_adjusted,
            slope: sen_slope(&series, confidence),
            seasonal: seasonal_kendall(&series, YEAR),
            finding,
        })
    };
    let rows = all.into_iter().zip(series);
    rows.map(|(counts, series)| AreaTrend { counts, tested: series.and_then(&mut test) }).collect()
}
