//! What is found in months, days and hours.

use super::{ALPHA, Finding, Profile};
use crate::analysis::time::{distribution::clopper_pearson, seasonality::MonthOfYear};
use crate::model::words::{count, decimal, list, p_value, percent};

pub(super) fn findings(profile: &Profile<'_>) -> Vec<Finding> {
    [months(profile), hours(profile)].into_iter().flatten().collect()
}

fn months(profile: &Profile<'_>) -> Option<Finding> {
    let found = &profile.seasonality.as_ref().ok()?.found;
    let evenness = found.evenness.filter(|test| test.p <= ALPHA)?;
    let told = |month: &&MonthOfYear| month.index.is_some();
    let above = || found.months.iter().filter(|month| month.low.is_some_and(|low| low > 100.0)).filter(told);
    let below =
        || found.months.iter().filter(|month| month.high.is_some_and(|high| high < 100.0)).filter(told);
    if above().count() + below().count() == 0 {
        return None;
    }
    let named = |month: &MonthOfYear| {
        format!("{} (index {})", month.name(), decimal(month.index.unwrap_or(100.0), 0))
    };
    let more: Vec<_> = above().map(named).collect();
    let fewer: Vec<_> = below().map(named).collect();
    let parts = [("more", &more), ("fewer", &fewer)];
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|(_, months)| !months.is_empty())
        .map(|(word, months)| format!("{word} in {}", list(months)))
        .collect();
    let text = format!(
        "Seasons: there are significantly {} than in an even year (100), from {} to {} ({}).",
        parts.join(" and "),
        found.first,
        found.last,
        p_value(evenness.p)
    );
    let finding = Finding::new("seasonality", "months", text)
        .with("months_above", above().map(|month| i64::from(month.month)).collect::<Vec<_>>())
        .with("months_below", below().map(|month| i64::from(month.month)).collect::<Vec<_>>())
        .with("years", found.years)
        .with("chi_square", evenness.chi_square)
        .with("p", evenness.p);
    Some(finding)
}

/// Hours of a shift.
const SHIFT: usize = 8;

/// The eight hours of the day that hold the most, where that is more than a third by more than chance, the best of
/// 24 beginnings being chosen.
fn hours(profile: &Profile<'_>) -> Option<Finding> {
    let found = &profile.hours.as_ref().ok()?.found;
    let (by_hour, usable) = (found.hours(), found.usable());
    let of_shift =
        |start: usize| (0..SHIFT).filter_map(|later| by_hour.get((start + later) % 24)).sum::<f64>();
    let (start, held) = (0..24)
        .map(|start| (start, of_shift(start)))
        .fold((0, 0.0), |best: (usize, f64), next| if next.1 > best.1 { next } else { best });
    // Incidents known to an interval count in parts; whole ones are what a test may take.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a sum of parts of a count")]
    let whole = (held.floor() as u64).min(usable);
    let (low, _) = clopper_pearson(whole, usable, ALPHA / 2.0 / 24.0);
    let even = SHIFT as f64 / 24.0;
    (low > even).then(|| {
        let end = (start + SHIFT) % 24;
        let text = format!(
            "Hours: {} of the {} incidents whose time is known fall between {start:02}:00 and {end:02}:00, a third of \
             the day.",
            percent(held / usable as f64),
            count(usable)
        );
        Finding::new("seasonality", "hours", text)
            .with("from_hour", start)
            .with("to_hour", end)
            .with("incidents", held)
            .with("usable", usable)
            .with("share", held / usable as f64)
            .with("share_low", low)
    })
}
