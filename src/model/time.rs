//! When an incident happened, and how exactly that is known.

use std::sync::LazyLock;

use jiff::{
    Timestamp,
    civil::Date,
    tz::{TimeZone, TimeZoneDatabase},
};

use super::{Invalid, Month};

/// The zone in which days, months and hours are counted. It comes from the bundled database, so
/// that the machine's own cannot change a result.
///
/// The fallback to UTC is unreachable: the bundled database has the zone (a test holds it to that).
static LONDON: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZoneDatabase::bundled().get("Europe/London").unwrap_or(TimeZone::UTC));

/// How exactly the time of an incident is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimePrecision {
    /// To the minute, as an instant or between two instants.
    Minute,
    /// Only the day.
    Day,
    /// Only the month, as police.uk publishes.
    Month,
}

impl TimePrecision {
    /// The word for it on the wire and in the store: `minute`, `day` or `month`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Day => "day",
            Self::Month => "month",
        }
    }
}

/// The interval in which an incident happened. Seconds are Unix time; the start is included, the
/// end is not, except that an instant has both equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Occurred {
    start_s: i64,
    end_s: i64,
    precision: TimePrecision,
}

impl Occurred {
    /// Some time in a month, London time.
    ///
    /// # Example
    /// ```
    /// use hotspots::model::Occurred;
    /// let july = Occurred::in_month("2024-07".parse().unwrap());
    /// assert_eq!(july.end_s() - july.start_s(), 31 * 86_400);
    /// ```
    pub fn in_month(month: Month) -> Self {
        Self {
            start_s: midnight_s(month.first_day()),
            end_s: midnight_s(month.plus(1).first_day()),
            precision: TimePrecision::Month,
        }
    }

    /// Some time on a day, London time.
    pub fn on_day(day: Date) -> Self {
        Self {
            start_s: midnight_s(day),
            end_s: midnight_s(day.tomorrow().unwrap_or(day)),
            precision: TimePrecision::Day,
        }
    }

    /// At an instant.
    pub fn at(instant: Timestamp) -> Self {
        Self { start_s: instant.as_second(), end_s: instant.as_second(), precision: TimePrecision::Minute }
    }

    /// Some time between two instants.
    ///
    /// # Errors
    /// [`Invalid`] when the end is before the start.
    pub fn between(start: Timestamp, end: Timestamp) -> Result<Self, Invalid> {
        if end < start {
            return Err(Invalid::new(end, format!("the end is before the start, {start}")));
        }
        Ok(Self { start_s: start.as_second(), end_s: end.as_second(), precision: TimePrecision::Minute })
    }

    /// Rebuilds what [`start_s`](Self::start_s), [`end_s`](Self::end_s) and
    /// [`precision`](Self::precision) said; `None` when the end is before the start.
    pub fn from_parts(start_s: i64, end_s: i64, precision: TimePrecision) -> Option<Self> {
        (start_s <= end_s).then_some(Self { start_s, end_s, precision })
    }

    /// Start of the interval, Unix seconds.
    pub const fn start_s(self) -> i64 {
        self.start_s
    }

    /// End of the interval, Unix seconds, not included (equal to the start for an instant).
    pub const fn end_s(self) -> i64 {
        self.end_s
    }

    /// How exactly it is known.
    pub const fn precision(self) -> TimePrecision {
        self.precision
    }

    /// The London month in which the interval starts.
    pub fn month(self) -> Month {
        Month::of(london_day(self.start_s))
    }
}

/// Unix seconds of the midnight that begins `day` in London.
pub fn midnight_s(day: Date) -> i64 {
    day.to_zoned(LONDON.clone()).map_or(0, |zoned| zoned.timestamp().as_second())
}

/// The London calendar day of a Unix second.
pub fn london_day(unix_s: i64) -> Date {
    Timestamp::from_second(unix_s).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(LONDON.clone()).date()
}

/// The London clock, read by the hour of the week. It remembers from when until when clocks stand as they
/// do, so that reading one time after the other costs little.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_field_names, reason = "the ending is the unit, seconds")]
pub struct LondonClock {
    /// How far the clock is ahead of UTC.
    ahead_s: i64,
    /// From when on, and until when.
    from_s: i64,
    until_s: i64,
}

impl LondonClock {
    /// The hour of the week that the clock shows at a Unix second, 0 for Monday 00:00–01:00 to 167 for
    /// Sunday 23:00–24:00, and the Unix second until which it shows this hour.
    ///
    /// # Example
    /// ```
    /// use hotspots::model::time::LondonClock;
    /// // The first second of 1970 was on a Thursday, and summer time was kept all that winter.
    /// assert_eq!(LondonClock::default().hour_of_week(0), (3 * 24 + 1, 3_600));
    /// ```
    pub fn hour_of_week(&mut self, unix_s: i64) -> (usize, i64) {
        if !(self.from_s..self.until_s).contains(&unix_s) {
            *self = Self::at(unix_s);
        }
        let local_s = unix_s.saturating_add(self.ahead_s);
        // Hour 0 of Unix time is the first of a Thursday.
        let hour = (local_s.div_euclid(3_600) + 3 * 24).rem_euclid(7 * 24);
        let until_s = unix_s.saturating_add(3_600 - local_s.rem_euclid(3_600));
        (usize::try_from(hour).unwrap_or_default(), until_s.min(self.until_s))
    }

    fn at(unix_s: i64) -> Self {
        let instant = Timestamp::from_second(unix_s).unwrap_or(Timestamp::UNIX_EPOCH);
        let next = LONDON.following(instant).next().map(|change| change.timestamp().as_second());
        Self {
            ahead_s: i64::from(LONDON.to_offset(instant).seconds()),
            from_s: unix_s,
            until_s: next.filter(|&next_s| next_s > unix_s).unwrap_or(i64::MAX),
        }
    }
}

/// The instant that a London wall clock shows as `local`. In the hour that is repeated when summer
/// time ends the first pass is meant; in the hour that is skipped, the time an hour later.
pub fn london_instant(local: jiff::civil::DateTime) -> Option<Timestamp> {
    LONDON.to_timestamp(local).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_zone_knows_summer_time() {
        let first = midnight_s(jiff::civil::date(2024, 7, 1));
        assert_eq!(first, 1_719_788_400, "BST midnight is 23:00 UTC the day before");
        assert_eq!(london_day(first), jiff::civil::date(2024, 7, 1));
        assert_eq!(Occurred::in_month("2024-07".parse().unwrap()).month().to_string(), "2024-07");
    }

    #[test]
    fn an_interval_never_ends_before_it_starts() {
        let t = Timestamp::from_second(1_000_000).unwrap();
        let earlier = Timestamp::from_second(999_999).unwrap();
        assert!(Occurred::between(t, earlier).is_err());
        assert_eq!(Occurred::from_parts(2, 1, TimePrecision::Day), None);
    }
}
