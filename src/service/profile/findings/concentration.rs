//! What is found in how few places hold the incidents, and in how well a map held later ones.

use super::{ALPHA, Finding, Profile};
use crate::analysis::{
    accuracy::Figures, concentration::LAW_OF_CRIME_CONCENTRATION, time::distribution::clopper_pearson,
};
use crate::model::words::{count, decimal, percent};

pub(super) fn findings(profile: &Profile<'_>) -> Vec<Finding> {
    [half(profile), repeats(profile), accuracy(profile)].into_iter().flatten().collect()
}

/// On which share of the known places half of the incidents are; where incidents gather on fewer than chance gives:
/// the interval of the generalised Gini coefficient, which is 0 for an even spread, lies above 0.
fn half(profile: &Profile<'_>) -> Option<Finding> {
    let found = &profile.concentration;
    let intervals = found.intervals?;
    let (low, high) = intervals.generalised.bca.unwrap_or(intervals.generalised.percentile);
    let generalised = found.forms?.generalised;
    let places_pct = found.table.as_ref()?.units_pct_holding(50.0)?;
    if low <= 0.0 {
        return None;
    }
    // The second row is that of half of the incidents.
    let [_, law] = LAW_OF_CRIME_CONCENTRATION;
    let stands = if places_pct < law.low_pct {
        "fewer places than"
    } else if places_pct > law.high_pct {
        "more places than"
    } else {
        "within"
    };
    let text = format!(
        "Half of the incidents are at {} of the known places: {stands} the {} to {} that other cities have of street \
         segments (generalised Gini {}, 95 % interval {} to {}).",
        percent(places_pct / 100.0),
        percent(law.low_pct / 100.0),
        percent(law.high_pct / 100.0),
        decimal(generalised, 2),
        decimal(low, 2),
        decimal(high, 2)
    );
    let finding = Finding::new("concentration", "half-at-few-places", text)
        .with("places_pct", places_pct)
        .with("law_low_pct", law.low_pct)
        .with("law_high_pct", law.high_pct)
        .with("places", found.units.len())
        .with("generalised_gini", generalised)
        .with("generalised_gini_low", low)
        .with("generalised_gini_high", high);
    Some(finding)
}

fn repeats(profile: &Profile<'_>) -> Option<Finding> {
    let repeats = &profile.repeats.repeats;
    let (share, expected) = (repeats.repeat_share?, repeats.repeat_share_expected?);
    let (low, _) = clopper_pearson(repeats.at_repeat_places, repeats.incidents, ALPHA / 2.0);
    (low > expected).then(|| {
        let text = format!(
            "{} of the incidents are at places with more than one; spread by chance over the known places it would be \
             {}.",
            percent(share),
            percent(expected)
        );
        Finding::new("concentration", "repeat-places", text)
            .with("incidents_at_repeat_places", repeats.at_repeat_places)
            .with("incidents", repeats.incidents)
            .with("share", share)
            .with("share_low", low)
            .with("share_expected", expected)
    })
}

/// The share of the ground at which a map's worth is told.
const GROUND: f64 = 0.05;

fn accuracy(profile: &Profile<'_>) -> Option<Finding> {
    let judged = profile.accuracy.as_ref().ok()?;
    let figures: &Figures = judged.figures.iter().find(|figures| figures.coverage == GROUND)?;
    let (hit_rate, pai) = (figures.hit_rate?, figures.pai?);
    // Weighted hits are no count, and a test of counts says nothing of them.
    let whole = |amount: f64| (amount.fract() == 0.0 && amount >= 0.0).then_some(amount);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole numbers from 0")]
    let (hits, later) = (whole(figures.hits)? as u64, whole(judged.later)? as u64);
    let (low, _) = clopper_pearson(hits, later, ALPHA / 2.0);
    (low > figures.area_share).then(|| {
        let text = format!(
            "A map of {} held {} of the {} incidents of {} in the hottest {} of the ground, {} times as many as an \
             even spread.",
            judged.training,
            percent(hit_rate),
            count(later),
            judged.test,
            percent(figures.area_share),
            decimal(pai, 1)
        );
        Finding::new("accuracy", "map-held", text)
            .with("map_period", judged.training)
            .with("test_period", judged.test)
            .with("incidents", later)
            .with("hits", hits)
            .with("hit_rate", hit_rate)
            .with("share_of_ground", figures.area_share)
            .with("pai", pai)
    })
}
