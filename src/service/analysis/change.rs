//! Change between two periods, by area and in all, with tests.

use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

use super::months::counts_notice;
use crate::{
    analysis::{
        fdr::benjamini_hochberg,
        summary::Change,
        time::{
            change::{Counted, RateChange, rate_change},
            level::Confidence,
        },
    },
    model::{Area, Invalid, Layer, Period},
    profile::{Method, method_card::LayerNote},
    service::{
        QuestionError, Scope, Service,
        question::{About, Question},
        scope::held_whole,
        summary,
    },
    snapshot::Snapshot,
};

/// The change of one area, or of all.
#[derive(Clone, Copy, Debug)]
pub struct AreaChange {
    /// Incidents in the period.
    pub count: u64,
    /// The same against the comparison period.
    pub change: Change,
    /// What the tests say; `None` without incidents in either period.
    pub tested: Option<TestedChange>,
}

/// What the tests say of a change.
#[derive(Clone, Copy, Debug)]
pub struct TestedChange {
    /// The rates per day, and the tests that they are equal.
    pub rate: RateChange,
    /// `p_exact` adjusted for the number of areas (Benjamini–Hochberg); for all areas in one the same.
    pub p_exact_adjusted: f64,
    /// `p_e_test`, adjusted as well.
    pub p_e_test_adjusted: f64,
    /// What that comes to.
    pub finding: Finding,
}

/// Whether there is more than chance to a change, by the adjusted exact test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Significantly more a day.
    More,
    /// Significantly fewer a day.
    Fewer,
    /// Nothing that chance would not give.
    NoEvidence,
}

impl Finding {
    /// The word for it in answers and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::More => "more",
            Self::Fewer => "fewer",
            Self::NoEvidence => "no-evidence",
        }
    }
}

/// The change of a layer's areas.
pub struct ChangeLayer<'a> {
    /// The layer.
    pub layer: &'a Layer,
    /// A row for each of its areas, in the same order.
    pub rows: Vec<AreaChange>,
    /// The study area.
    pub area: &'a Area,
    /// All its incidents, those in no area of the layer included.
    pub total: AreaChange,
    /// Incidents of the period in no area of the layer.
    pub in_no_area: u64,
    /// How it was made.
    pub about: About,
}

impl Service {
    /// Compares a selection with that of another period, area by area.
    ///
    /// # Errors
    /// As [`Service::resolve`]; for an unknown layer; without a comparison, or with one that overlaps; and
    /// where the store does not hold both periods whole.
    pub fn change<'a>(
        &'a self,
        layer_id: &str,
        scope: &Scope,
        confidence: Confidence,
        snapshot: &'a Snapshot,
    ) -> Result<ChangeLayer<'a>, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let (layer_number, layer) = question.layer(layer_id)?;
        let other = comparison(&question)?;
        let before = question.selection_in(other);
        let [now_by_area, before_by_area] = [&question.selection, &before]
            .map(|selection| summary::count(selection, snapshot, layer_number, layer.areas.len()));

        let days = |period: Period| u32::try_from(period.day_count()).unwrap_or_default();
        let (days_now, days_before) = (days(question.period()), days(other));
        let rate = |before: u64, now: u64| {
            let before = Counted { incidents: before, days: days_before };
            rate_change(before, Counted { incidents: now, days: days_now }, confidence)
        };
        let pairs = now_by_area.counts.par_iter().zip(&before_by_area.counts);
        let rates: Vec<_> = pairs.map(|(&now, &before)| rate(before, now)).collect();
        let tested = adjusted(&rates, confidence);
        let areas = now_by_area.counts.iter().zip(&before_by_area.counts).zip(tested);
        let rows = areas
            .map(|((&count, &before), tested)| AreaChange {
                count,
                change: Change::between(before, count),
                tested,
            })
            .collect();
        let (count, count_before) = (question.selection.tally.used, before.tally.used);
        let total = AreaChange {
            count,
            change: Change::between(count_before, count),
            tested: adjusted(&[rate(count_before, count)], confidence).pop().flatten(),
        };

        let method = Method::new("change")
            .with("tests", "that incidents a day are as many as before; counts are taken as Poisson")
            .with("exact_test", "binomial, conditional on the sum of both counts; twice the smaller tail")
            .with("e_test", "Krishnamoorthy and Thomson (2004)")
            .with("interval", "exact, from the Clopper-Pearson interval of the binomial share")
            .with("confidence", confidence.get())
            .with("days", days_now)
            .with("comparison_days", days_before)
            .with("p_adjusted", "Benjamini-Hochberg over the areas with incidents in either period")
            .with("finding", "by the adjusted exact test at 1 - confidence")
            .with("counts", "every incident counts as one, whatever its weight")
            .with("border_rule", "a point on a border belongs to the first of its areas in order of code");
        let note = LayerNote::of(layer);
        let mut about = question.about_in(method, Some(note));
        about.notices.extend(counts_notice(&question));
        if before.tally.coarser_than_period > 0 {
            about.notices.push(format!(
                "{} incidents are known only to a month that lies partly outside the comparison period and are \
                 not counted in it.",
                before.tally.coarser_than_period
            ));
        }
        Ok(ChangeLayer { layer, rows, area: question.area(), total, in_no_area: now_by_area.outside, about })
    }
}

/// The period to compare with. Both have to be held whole: days without data are not days without incidents.
pub(in crate::service) fn comparison(question: &Question<'_>) -> Result<Period, QuestionError> {
    let period = question.period();
    let refused = |value: &str, rule: &str| {
        let fault = Invalid::new(value, rule);
        Err(QuestionError::Invalid { place: "query parameter compare", fault })
    };
    let Some(other) = question.asked_comparison() else {
        return refused(
            "none",
            "a change needs a period to compare with: before, year-before, or one of its own",
        );
    };
    if other.first() <= period.last() && period.first() <= other.last() {
        let rule = format!("the comparison period does not overlap the period {period}");
        return refused(&other.to_string(), &rule);
    }
    let held = question.snapshot().months();
    for (name, wanted) in [("period", period), ("comparison period", other)] {
        if !held_whole(wanted, held) {
            let held = held.map_or_else(
                || "it holds no incidents".to_owned(),
                |(first, last)| format!("it holds {first} to {last}"),
            );
            let detail = format!("the store does not hold all of the {name} {wanted}: {held}");
            return Err(QuestionError::Unanswerable { detail });
        }
    }
    Ok(other)
}

/// The tests with their p-values adjusted for the number of them.
fn adjusted(rates: &[Option<RateChange>], confidence: Confidence) -> Vec<Option<TestedChange>> {
    let of = |p: fn(&RateChange) -> f64| {
        benjamini_hochberg(&rates.iter().flatten().map(p).collect::<Vec<_>>()).into_iter()
    };
    let mut both = of(|rate| rate.p_exact).zip(of(|rate| rate.p_e_test));
    let mut tested = |rate: RateChange| {
        let (p_exact_adjusted, p_e_test_adjusted) = both.next()?;
        let finding = match rate.ratio {
            _ if p_exact_adjusted > 1.0 - confidence.get() => Finding::NoEvidence,
            Some(ratio) if ratio < 1.0 => Finding::Fewer,
            _ => Finding::More,
        };
        Some(TestedChange { rate, p_exact_adjusted, p_e_test_adjusted, finding })
    };
    rates.iter().map(|rate| rate.and_then(&mut tested)).collect()
}
