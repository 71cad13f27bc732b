//! Which months of the year have more than their share.

use super::months::{Months, counts_notice};
use crate::{
    analysis::time::{
        level::Confidence,
        seasonality::{self, Seasonality},
    },
    profile::Method,
    service::{QuestionError, Scope, Service, question::About},
    snapshot::Snapshot,
};

/// The seasonality of a selection.
pub struct SeasonalityAnswer {
    /// What was found.
    pub found: Seasonality,
    /// How it was made.
    pub about: About,
}

impl Service {
    /// The seasonal index of each month of the year.
    ///
    /// # Errors
    /// As [`Service::resolve`]; for a period that is not of whole months; and where the store holds fewer than
    /// twelve of them.
    pub fn seasonality(
        &self,
        scope: &Scope,
        confidence: Confidence,
        snapshot: &Snapshot,
    ) -> Result<SeasonalityAnswer, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let months = Months::of(&question)?;
        let counts = months.counts(&question);
        let Some(found) = seasonality::seasonality(months.first, &counts, confidence) else {
            let detail = format!(
                "a season takes twelve months or more, and of the period {} the store holds {}",
                question.period(),
                months.count
            );
            return Err(QuestionError::Unanswerable { detail });
        };
        let method = Method::new("seasonality")
            .with("index", "incidents a day in the month over those in all months, times 100")
            .with("first_month", found.first.to_string())
            .with("last_month", found.last.to_string())
            .with("whole_years", found.years)
            .with("interval", "Clopper-Pearson, of the month's share of all incidents")
            .with("confidence", confidence.get())
            .with("evenness", "Pearson's chi-square over twelve months, expected by their days")
            .with("counts", "every incident counts as one, whatever its weight");
        let mut about = question.about(method);
        about.notices.extend(counts_notice(&question));
        let left_out = months.count - 12 * found.years;
        if left_out > 0 {
            let incidents: u64 = counts.iter().take(left_out).sum();
            about.notices.push(format!(
                "The oldest {left_out} months, with {incidents} incidents, are left out: only whole years have \
                 every month equally often."
            ));
        }
        if found.years < 2 {
            about.notices.push(
                "With one year only, a season cannot be told from a change that passed: two years or more show \
                 what comes back."
                    .to_owned(),
            );
        }
        if found.evenness.is_some_and(|test| test.least_expected < 5.0) {
            about.notices.push(
                "Fewer than five incidents are expected in some months: the test of evenness is a rough guide."
                    .to_owned(),
            );
        }
        Ok(SeasonalityAnswer { found, about })
    }
}
