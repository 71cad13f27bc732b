//! What is found in the current situation.

use super::{ALPHA, Finding, Profile};
use crate::{
    analysis::time::mann_kendall::MannKendall,
    model::words::{count, decimal, p_value, percent, plural},
    service::analysis::{change::Finding as Change, trend::TestedTrend},
};

pub(super) fn findings(profile: &Profile<'_>) -> Vec<Finding> {
    let found = [Some(volume(profile)), change(profile), trend(profile), harm(profile)];
    found.into_iter().flatten().collect()
}

/// How many there are is told always: everything else is measured by it.
fn volume(profile: &Profile<'_>) -> Finding {
    let situation = &profile.situation;
    let card = &profile.about.card;
    let place = card.within.as_ref().map_or(card.area.as_str(), |within| within.name.as_str());
    let what = plural(situation.count, "incident", "incidents");
    let share = situation
        .share()
        .filter(|_| situation.all > situation.count)
        .map(|share| format!(", {} of all that were recorded there", percent(share)));
    let part = situation.held.filter(|held| *held != card.period);
    let part = part.map(|held| format!(" (of which the store holds {held})")).unwrap_or_default();
    let text = format!(
        "{}: {} {what} in {place} in {}{part}, {} a day{}.",
        profile.about.subject,
        count(situation.count),
        card.period,
        decimal(situation.per_day(), usize::from(situation.per_day() < 10.0)),
        share.unwrap_or_default(),
    );
    Finding::new("situation", "volume", text)
        .with("count", situation.count)
        .with("days", situation.days)
        .with("per_day", situation.per_day())
        .with("count_of_all", situation.all)
        .with("share_of_all", situation.share())
}

fn change(profile: &Profile<'_>) -> Option<Finding> {
    let change = profile.situation.change.as_ref().ok()?;
    let tested = change.tested.filter(|tested| tested.finding != Change::NoEvidence)?;
    let ratio = tested.rate.ratio?;
    let comparison = profile.about.card.comparison?;
    let (more, by) = if ratio > 1.0 { ("more", ratio - 1.0) } else { ("fewer", 1.0 - ratio) };
    let high = tested.rate.high.map_or_else(|| "no upper limit".to_owned(), |high| decimal(high, 2));
    let text = format!(
        "That is {} {more} a day than in {comparison} ({}), which chance would hardly give ({}; ratio {}, 95 % \
         interval {} to {high}).",
        percent(by),
        count(change.change.before),
        p_value(tested.rate.p_exact),
        decimal(ratio, 2),
        decimal(tested.rate.low, 2),
    );
    let finding = Finding::new("situation", "change", text)
        .with("comparison_period", comparison)
        .with("comparison_count", change.change.before)
        .with("ratio", ratio)
        .with("ratio_low", tested.rate.low)
        .with("ratio_high", tested.rate.high)
        .with("p", tested.rate.p_exact);
    Some(finding)
}

fn trend(profile: &Profile<'_>) -> Option<Finding> {
    let trend = profile.situation.trend.as_ref().ok()?;
    let tested = trend.total.tested?;
    let (test, name) = test_of(&tested);
    let slope = tested.slope.filter(|slope| slope.slope != 0.0 && test.p <= ALPHA)?.slope;
    // A test that looks at seasons and a slope that does not may part; then neither is told.
    if (slope > 0.0) != (test.s > 0) {
        return None;
    }
    let (first, last) = (trend.months.first()?, trend.months.last()?);
    let text = format!(
        "From {first} to {last} the monthly number went {}: by about {} each month ({name}, {}).",
        if slope > 0.0 { "up" } else { "down" },
        decimal(slope.abs(), if slope.abs() < 1.0 { 2 } else { 1 }),
        p_value(test.p),
    );
    let finding = Finding::new("situation", "trend", text)
        .with("first_month", first.to_string())
        .with("last_month", last.to_string())
        .with("slope_per_month", slope)
        .with("test", name)
        .with("p", test.p);
    Some(finding)
}

/// The test that looks at each month of the year by itself, where there is one.
pub(super) fn test_of(tested: &TestedTrend) -> (MannKendall, &'static str) {
    match tested.seasonal {
        Some(seasonal) => (seasonal, "seasonal Kendall test"),
        None => (tested.test, "Mann-Kendall test"),
    }
}

fn harm(profile: &Profile<'_>) -> Option<Finding> {
    let situation = &profile.situation;
    let harm = situation.harm.as_ref()?;
    let (harm_share, share) = (harm.share()?, situation.share()?);
    // The same incidents are counted twice, with and without weights: no test is needed to tell both apart.
    (situation.all > situation.count && harm.total > 0.0).then(|| {
        let text = format!(
            "They are {} of the incidents and {} of the harm ({}).",
            percent(share),
            percent(harm_share),
            harm.title
        );
        Finding::new("situation", "harm", text)
            .with("harm_table", harm.table.as_str())
            .with("harm", harm.total)
            .with("harm_of_all", harm.of_all)
            .with("share_of_harm", harm_share)
            .with("share_of_incidents", share)
    })
}
