//! In which hours of the week incidents happen, where many are known only to lie between two times.
//!
//! Aoristic analysis: Ratcliffe, J. H. and `McCullagh`, M. J. (1998), doi 10.1080/136588198241644; Ratcliffe,
//! J. H. (2000), doi 10.1080/136588100424963. An incident between two times counts in each hour with the part
//! of the interval that falls into it.

use crate::model::{Occurred, TimePrecision, time::LondonClock};

/// Hours of a week, and with it bins.
pub const HOURS: usize = 168;
/// From this length on an interval says nothing of the hour: a week, 10,080 minutes.
const WEEK_S: i64 = 168 * 3_600;

/// Incidents by hour of the week, London clock time.
#[derive(Clone, Debug, PartialEq)]
pub struct HoursOfWeek {
    /// Incidents, in parts, by hour: Monday 00:00–01:00 first, Sunday 23:00–24:00 last. They add up to
    /// [`usable`](Self::usable).
    pub weights: [f64; HOURS],
    /// Incidents whose minute is known.
    pub instants: u64,
    /// Incidents known to lie within an interval shorter than a week.
    pub intervals: u64,
    /// Incidents known to lie within a longer interval, a 168th in each hour.
    pub week_or_longer: u64,
    /// Incidents known only to the day, and not used.
    pub only_day: u64,
    /// Incidents known only to the month, and not used.
    pub only_month: u64,
}

/// Spreads incidents over the hours of the week in which they may have happened, each part of its interval
/// with the same weight.
///
/// The clock is that of London. In the night in which clocks go back the hour from 1 comes twice and
/// an incident at some time in that night has twice the weight in it; in the night in which they go forward
/// it does not come. Incidents that are known only to the day or the month are counted and not used: spread
/// over their day they would flatten the hours of the others. Every incident is one, whatever its weight.
///
/// # Example
/// ```
/// use hotspots::{analysis::time::hours::hours_of_week, model::{Occurred, time::london_instant}};
/// let at = |hour, minute| london_instant(jiff::civil::date(2024, 1, 1).at(hour, minute, 0, 0)).unwrap();
/// let found = hours_of_week([Occurred::between(at(8, 30), at(10, 0)).unwrap()]);
/// // Monday: 30 of 90 minutes before nine, 60 after.
/// assert_eq!((found.weights[8], found.weights[9]), (1.0 / 3.0, 2.0 / 3.0));
/// ```
pub fn hours_of_week(incidents: impl IntoIterator<Item = Occurred>) -> HoursOfWeek {
    let mut found = HoursOfWeek {
        weights: [0.0; HOURS],
        instants: 0,
        intervals: 0,
        week_or_longer: 0,
        only_day: 0,
        only_month: 0,
    };
    let mut clock = LondonClock::default();
    for occurred in incidents {
        match occurred.precision() {
            TimePrecision::Minute => found.take(occurred.start_s(), occurred.end_s(), &mut clock),
            TimePrecision::Day => found.only_day += 1,
            TimePrecision::Month => found.only_month += 1,
        }
    }
    found
}

impl HoursOfWeek {
    fn take(&mut self, start_s: i64, end_s: i64, clock: &mut LondonClock) {
        let length_s = end_s.saturating_sub(start_s);
        if length_s >= WEEK_S {
            self.week_or_longer += 1;
            self.weights.iter_mut().for_each(|weight| *weight += 1.0 / HOURS as f64);
            return;
        }
        if length_s <= 0 {
            self.instants += 1;
            self.weights[clock.hour_of_week(start_s).0] += 1.0;
            return;
        }
        self.intervals += 1;
        let mut from_s = start_s;
        while from_s < end_s {
            let (hour, until_s) = clock.hour_of_week(from_s);
            let until_s = until_s.min(end_s);
            self.weights[hour] += (until_s - from_s) as f64 / length_s as f64;
            from_s = until_s;
        }
    }

    /// Incidents that were used.
    pub fn usable(&self) -> u64 {
        self.instants + self.intervals + self.week_or_longer
    }

    /// Sums by day, Monday first.
    pub fn days(&self) -> [f64; 7] {
        std::array::from_fn(|day| self.weights.iter().skip(24 * day).take(24).sum())
    }

    /// Sums by hour of the day, 00:00–01:00 first.
    pub fn hours(&self) -> [f64; 24] {
        std::array::from_fn(|hour| self.weights.iter().skip(hour).step_by(24).sum())
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};

    use super::*;
    use crate::{analysis::testing::Seeded, model::time::london_instant};

    fn between(start: &str, end: &str) -> Occurred {
        let at = |text: &str| london_instant(text.parse().unwrap()).unwrap();
        Occurred::between(at(start), at(end)).unwrap()
    }

    /// Minute by minute, each asked of the calendar.
    fn naive(occurred: Occurred) -> [f64; HOURS] {
        let mut weights = [0.0; HOURS];
        let minutes = (occurred.end_s() - occurred.start_s()) / 60;
        for minute in 0..minutes {
            let at = Timestamp::from_second(occurred.start_s() + 60 * minute).unwrap();
            let local = at.in_tz("Europe/London").unwrap();
            let day = local.weekday().to_monday_zero_offset();
            weights[usize::try_from(24 * i32::from(day) + i32::from(local.hour())).unwrap()] +=
                1.0 / minutes as f64;
        }
        weights
    }

    #[test]
    fn every_minute_of_an_interval_weighs_the_same() {
        let mut seeded = Seeded::new(95);
        // From March to the end of October 2024, over both changes of the clock.
        let first = london_instant(date(2024, 3, 29).at(0, 0, 0, 0)).unwrap().as_second();
        for _ in 0..60 {
            let start = first + 60 * i64::try_from(seeded.below(215 * 24 * 60)).unwrap();
            let length = 60 * i64::try_from(1 + seeded.below(9_000)).unwrap();
            let occurred = Occurred::from_parts(start, start + length, TimePrecision::Minute).unwrap();
            let fast = hours_of_week([occurred]).weights;
            for (fast, naive) in fast.iter().zip(naive(occurred)) {
                assert!((fast - naive).abs() < 1e-11, "{occurred:?}");
            }
        }
    }

    #[test]
    fn nights_of_23_and_25_hours_are_as_long_as_they_are() {
        // Sunday 31 March 2024: 01:00 is 02:00 at once. Midnight to three is two hours.
        let short = hours_of_week([between("2024-03-31T00:00", "2024-03-31T03:00")]).weights;
        assert_eq!(short[144..148], [0.5, 0.0, 0.5, 0.0]);
        // Sunday 27 October 2024: 01:00 to 02:00 comes twice. Midnight to three is four hours.
        let long = hours_of_week([between("2024-10-27T00:00", "2024-10-27T03:00")]).weights;
        assert_eq!(long[144..148], [0.25, 0.5, 0.25, 0.0]);
        // The same clock time is another time in London than in UTC, all summer long.
        let summer = hours_of_week([between("2024-07-01T23:30", "2024-07-01T23:30")]).weights;
        assert_eq!(summer[22..25], [0.0, 1.0, 0.0]);
    }

    #[test]
    fn weights_add_up_to_the_incidents_that_could_be_used() {
        let mut seeded = Seeded::new(96);
        let mut incidents = vec![
            Occurred::in_month("2024-01".parse().unwrap()),
            Occurred::on_day(date(2024, 1, 3)),
            Occurred::on_day(date(2024, 1, 3)),
            between("2024-01-01T08:00", "2024-01-08T08:00"),
            between("2024-01-01T08:00", "2024-01-01T08:00"),
        ];
        for _ in 0..500 {
            let start = i64::try_from(seeded.below(2_000_000_000)).unwrap();
            let end = start + i64::try_from(seeded.below(700_000)).unwrap();
            incidents.push(Occurred::from_parts(start, end, TimePrecision::Minute).unwrap());
        }
        let found = hours_of_week(incidents.iter().copied());
        assert_eq!((found.only_day, found.only_month, found.usable()), (2, 1, 502));
        for sum in [found.weights.iter().sum::<f64>(), found.days().iter().sum(), found.hours().iter().sum()]
        {
            assert!((sum - 502.0).abs() < 1e-9, "{sum}");
        }
        let week = hours_of_week([incidents[3]]);
        assert_eq!((week.weights, week.week_or_longer), ([1.0 / 168.0; HOURS], 1));
    }

    #[test]
    fn without_incidents_all_is_zero() {
        let empty = hours_of_week([]);
        assert_eq!((empty.usable(), empty.weights), (0, [0.0; HOURS]));
    }

    #[test]
    fn the_hour_before_the_first_of_1970_is_an_hour_too() {
        let before = Occurred::from_parts(-1, -1, TimePrecision::Minute).unwrap();
        // A Thursday; clocks in Britain were an hour ahead all year from 1968 to 1971.
        assert_eq!(hours_of_week([before]).weights[3 * 24..3 * 24 + 2], [1.0, 0.0]);
    }
}
