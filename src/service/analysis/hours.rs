//! In which hours of the week incidents happen.

use super::months::counts_notice;
use crate::{
    analysis::time::hours::{HoursOfWeek, hours_of_week},
    profile::Method,
    service::{QuestionError, Scope, Service, question::About},
    snapshot::Snapshot,
};

/// Incidents by hour of the week.
pub struct Hours {
    /// What was found; at least one incident was usable.
    pub found: HoursOfWeek,
    /// How it was made.
    pub about: About,
}

impl Service {
    /// Spreads a selection over the hours of the week by aoristic weights.
    ///
    /// # Errors
    /// As [`Service::resolve`], and where the time of day is known of no incident.
    pub fn hours(&self, scope: &Scope, snapshot: &Snapshot) -> Result<Hours, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let rows = &question.selection.rows;
        let found = hours_of_week(rows.iter().map(|&row| snapshot.occurred(row as usize)));
        let HoursOfWeek { only_day, only_month, .. } = found;
        if found.usable() == 0 {
            let detail = if rows.is_empty() {
                "no incident meets the conditions".to_owned()
            } else {
                format!(
                    "none of the {} incidents has a time of day: {only_day} are known only to the day, {only_month} \
                     only to the month",
                    rows.len()
                )
            };
            return Err(QuestionError::Unanswerable { detail });
        }
        let method = Method::new("hours")
            .with("weights", "aoristic: each minute of an incident's interval weighs the same, all of them 1")
            .with("clock", "Europe/London, summer time observed")
            .with("week", "168 hours, Monday 00:00 to 01:00 first")
            .with("long_intervals", "of 10080 minutes or more: 1/168 in each hour")
            .with("not_used", "incidents known only to the day or to the month")
            .with("counts", "every incident counts as one, whatever its weight");
        let mut about = question.about(method);
        about.notices.extend(counts_notice(&question));
        if only_day + only_month > 0 {
            about.notices.push(format!(
                "{} of the {} incidents have no time of day ({only_day} are known only to the day, {only_month} only \
                 to the month) and are not used.",
                only_day + only_month,
                rows.len()
            ));
        }
        Ok(Hours { found, about })
    }
}
