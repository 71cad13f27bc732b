//! The near-repeat table of a selection.

use jiff::civil::Date;

use crate::{
    analysis::{
        near_repeat::{self, DatedPoint, Metric, NearRepeat, NearRepeatRules, NoNearRepeat, SAME_PLACE_M},
        progress::Watch,
    },
    model::{Occurred, TimePrecision, time::london_day},
    profile::Method,
    service::{QuestionError, Scope, Service, question::About},
    snapshot::Snapshot,
};

/// A near-repeat table with what has to be known about it.
pub struct NearRepeatAnswer {
    /// The table.
    pub table: NearRepeat,
    /// Its rules.
    pub rules: NearRepeatRules,
    /// Incidents that are known only to the month, and so are not in it.
    pub known_to_month: usize,
    /// Incidents that may have happened over more days than the narrowest band has, and so are not in it.
    pub known_to_longer: usize,
    /// How it was made.
    pub about: About,
}

const SECONDS_A_DAY: i64 = 86_400;

impl Service {
    /// Counts the pairs of a selection by distance and days apart.
    ///
    /// # Errors
    /// As [`Service::resolve`]; [`QuestionError::Unanswerable`] where fewer than two incidents are known to
    /// the day, or too many pairs are near, and [`QuestionError::Stopped`].
    pub fn near_repeat(
        &self,
        scope: &Scope,
        rules: NearRepeatRules,
        snapshot: &Snapshot,
        watch: &dyn Watch,
    ) -> Result<NearRepeatAnswer, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let longest_s = i64::from(rules.days.narrowest_days()) * SECONDS_A_DAY;
        let mut events = Vec::new();
        let (mut known_to_month, mut known_to_longer) = (0, 0);
        for &row in &question.selection.rows {
            let occurred = snapshot.occurred(row as usize);
            let Some(place) = snapshot.place(row as usize) else { continue };
            if occurred.precision() == TimePrecision::Month {
                known_to_month += 1;
            } else if occurred.end_s() - occurred.start_s() > longest_s.max(longest_day(occurred)) {
                known_to_longer += 1;
            } else {
                events.push(DatedPoint { position: snapshot.places().grid(place), day: day(occurred) });
            }
        }
        let selected = question.selection.rows.len();
        if events.len() < 2 && selected > 0 {
            let detail = format!(
                "near repeats need days: of the {selected} incidents {known_to_month} are known only to the month, \
                 {known_to_longer} to more than the {} days of the narrowest band, and {} to the day",
                rules.days.narrowest_days(),
                events.len()
            );
            return Err(QuestionError::Unanswerable { detail });
        }
        let table = near_repeat::near_repeat(&events, &rules, watch).map_err(|cause| match cause {
            NoNearRepeat::Stopped => QuestionError::Stopped,
            NoNearRepeat::TooManyPairs => QuestionError::Unanswerable { detail: cause.to_string() },
        })?;
        let mut about = question.about(method(&rules));
        if known_to_month + known_to_longer > 0 {
            about.notices.push(format!(
                "Of the {selected} incidents {} are in the table; {known_to_month} are known only to the month, and \
                 {known_to_longer} to more days than the narrowest band has.",
                events.len()
            ));
        }
        Ok(NearRepeatAnswer { table, rules, known_to_month, known_to_longer, about })
    }
}

/// A day has 25 hours when summer time ends; what is known to the day is known well enough.
fn longest_day(occurred: Occurred) -> i64 {
    if occurred.precision() == TimePrecision::Day { SECONDS_A_DAY + 3_600 } else { 0 }
}

/// The London day of the middle of an interval, counted from 1 January 1970.
fn day(occurred: Occurred) -> i32 {
    let middle_s = occurred.start_s() + (occurred.end_s() - occurred.start_s()) / 2;
    Date::constant(1970, 1, 1).until(london_day(middle_s)).map_or(0, |span| span.get_days())
}

fn method(rules: &NearRepeatRules) -> Method {
    let metric = match rules.metric {
        Metric::Euclidean => "euclidean",
        Metric::Manhattan => "manhattan",
    };
    Method::new("near-repeat")
        .with("statistic", "unordered pairs by distance and days apart (Knox 1964)")
        .with("counts", "incidents; weights are not used")
        .with("metric", metric)
        .with("distance_limits_m", rules.distances.limits_m().to_vec())
        .with("day_limits", rules.days.limits_days().to_vec())
        .with("bands", "from a limit on and below the next")
        .with("same_place_m", SAME_PLACE_M)
        .with("day", "London day of the middle of the time in which it happened; left out where that is longer than the narrowest band")
        .with("chance", "days dealt out anew to the incidents")
        .with("replications", rules.replications.get())
        .with("seed", rules.seed.0)
        .with("p_values", "(replications with at least as many pairs + 1) / (replications + 1)")
        .with("exact", "mean and standard deviation over all ways to deal out the days (Barton and David 1966)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_an_interval_tells_the_day() {
        let on = |day: i8| Occurred::on_day(jiff::civil::date(2024, 10, day));
        assert_eq!(day(on(28)) - day(on(27)), 1, "the day on which summer time ends");
        assert_eq!(day(Occurred::on_day(jiff::civil::date(1970, 1, 2))), 1);
        let at = |hours: i64| {
            let start = on(10).start_s() + 20 * 3_600;
            day(Occurred::from_parts(start, start + hours * 3_600, TimePrecision::Minute).unwrap())
        };
        assert_eq!(at(7), day(on(10)));
        assert_eq!(at(9), day(on(11)));
    }
}
