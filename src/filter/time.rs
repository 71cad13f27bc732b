//! Points and spans of time, and how two of them lie to each other (OGC 21-065r2 §7.9).
//!
//! Every span is closed and made of whole seconds: a day is its first to its last second in Europe/London, as
//! for the parameter `datetime`, and a span that ends where a field says does not include that second, as fields
//! of this service tell the first second after.

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};

use super::Row;
use crate::{feature::Value, model::time::midnight_s};

/// From its first to its last second, Unix time. What lies between two seconds, as 0.5 s does, has the later as
/// its first and the earlier as its last, so that it is before, after, but never at a whole second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) first_s: i64,
    pub(super) last_s: i64,
}

impl Moment {
    pub(super) const fn at(second: i64) -> Self {
        Self { first_s: second, last_s: second }
    }

    /// Before, at, or after: a second of a day is at that day.
    pub(super) fn compare(&self, other: &Self) -> std::cmp::Ordering {
        if self == other {
            std::cmp::Ordering::Equal
        } else if self.last_s < other.first_s {
            std::cmp::Ordering::Less
        } else if other.last_s < self.first_s {
            std::cmp::Ordering::Greater
        } else {
            std::cmp::Ordering::Equal
        }
    }
}

/// A day, `2024-01-31`; GDAL ends it with a T.
pub(super) fn day(text: &str) -> Result<Moment, String> {
    let fault = || format!("'{text}' is no day; one is written YYYY-MM-DD, as in 2024-01-31");
    let plain = text.strip_suffix('T').unwrap_or(text);
    if plain.len() != "2024-01-31".len() {
        return Err(fault());
    }
    let day: Date = plain.parse().ok().ok_or_else(fault)?;
    let first_s = midnight_s(day);
    if day.year() == 9999 {
        // What is commonly written for a far end, and beyond the last instant that is counted.
        return Ok(Moment { first_s: midnight_s(jiff::civil::date(9999, 1, 1)), last_s: i64::MAX });
    }
    let next = day.tomorrow().ok().ok_or_else(fault)?;
    Ok(Moment { first_s, last_s: midnight_s(next) - 1 })
}

/// An instant, `2024-01-31T12:00:00Z`, of UTC where it names no offset.
pub(super) fn instant(text: &str) -> Result<Moment, String> {
    let fault = || format!("'{text}' is no instant; one is written as in 2024-01-31T12:00:00Z");
    let utc = |local: DateTime| local.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp());
    let is_long = text.len() > "2024-01-31T".len();
    let instant = text.parse::<Timestamp>().or_else(|_| text.parse().and_then(utc)).ok().filter(|_| is_long);
    let instant = instant.ok_or_else(fault)?;
    // Both are cut off towards 1970.
    let (second, rest) = (instant.as_second(), instant.subsec_nanosecond());
    Ok(Moment { first_s: second + i64::from(rest > 0), last_s: second - i64::from(rest < 0) })
}

/// A day or an instant.
pub(super) fn moment(text: &str) -> Result<Moment, String> {
    let read = day(text).or_else(|_| instant(text)).ok();
    read.ok_or_else(|| {
        format!("'{text}' is no time; times are written as in 2024-01-31 or 2024-01-31T12:00:00Z")
    })
}

/// An operand of a temporal function.
#[derive(Clone, Copy, Debug)]
pub(super) enum Span {
    Fixed(Moment),
    /// The instant of the field with that number.
    Field(usize),
    Between(End, End),
}

/// An end of a span.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    Open,
    Fixed(Moment),
    Field(usize),
}

impl Span {
    /// The span for a row; `None` where an end is not known, and where it would end before it starts.
    pub(super) fn of(&self, row: &impl Row) -> Option<Moment> {
        let field = |number: usize| match row.value(number) {
            Value::Instant(second) => Some(second),
            _ => None,
        };
        match self {
            Self::Fixed(moment) => Some(*moment),
            Self::Field(number) => field(*number).map(Moment::at),
            Self::Between(from, to) => {
                let first_s = match from {
                    End::Open => i64::MIN,
                    End::Fixed(moment) => moment.first_s,
                    End::Field(number) => field(*number)?,
                };
                let last_s = match to {
                    End::Open => i64::MAX,
                    End::Fixed(moment) => moment.last_s,
                    // The second after the last, but for an instant, which is its own end.
                    End::Field(number) => match field(*number)? {
                        end if end > first_s => end - 1,
                        end => end,
                    },
                };
                (first_s <= last_s).then_some(Moment { first_s, last_s })
            }
        }
    }
}

/// How one span lies to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeRelation {
    After,
    Before,
    Contains,
    Disjoint,
    During,
    Equals,
    FinishedBy,
    Finishes,
    Intersects,
    Meets,
    MetBy,
    OverlappedBy,
    Overlaps,
    StartedBy,
    Starts,
}

impl TimeRelation {
    /// All of them by name.
    pub(super) const ALL: [(&'static str, Self); 15] = [
        ("t_after", Self::After),
        ("t_before", Self::Before),
        ("t_contains", Self::Contains),
        ("t_disjoint", Self::Disjoint),
        ("t_during", Self::During),
        ("t_equals", Self::Equals),
        ("t_finishedby", Self::FinishedBy),
        ("t_finishes", Self::Finishes),
        ("t_intersects", Self::Intersects),
        ("t_meets", Self::Meets),
        ("t_metby", Self::MetBy),
        ("t_overlappedby", Self::OverlappedBy),
        ("t_overlaps", Self::Overlaps),
        ("t_startedby", Self::StartedBy),
        ("t_starts", Self::Starts),
    ];

    /// The relation with a name in lower case; `anyinteracts` is what drafts called `t_intersects`.
    pub(super) fn named(name: &str) -> Option<Self> {
        let name = if name == "anyinteracts" { "t_intersects" } else { name };
        Self::ALL.iter().find(|(own, _)| *own == name).map(|(_, relation)| *relation)
    }

    /// Whether `a` lies so to `b`, by the ends of both (OGC 21-065r2 Table 12).
    pub(super) fn holds(self, a: Moment, b: Moment) -> bool {
        let (from, to) = (a.first_s.cmp(&b.first_s), a.last_s.cmp(&b.last_s));
        match self {
            Self::After => a.first_s > b.last_s,
            Self::Before => a.last_s < b.first_s,
            Self::Contains => from.is_lt() && to.is_gt(),
            Self::During => from.is_gt() && to.is_lt(),
            Self::Equals => from.is_eq() && to.is_eq(),
            Self::FinishedBy => from.is_lt() && to.is_eq(),
            Self::Finishes => from.is_gt() && to.is_eq(),
            Self::StartedBy => from.is_eq() && to.is_gt(),
            Self::Starts => from.is_eq() && to.is_lt(),
            Self::Meets => a.last_s == b.first_s,
            Self::MetBy => a.first_s == b.last_s,
            Self::Overlaps => from.is_lt() && a.last_s > b.first_s && to.is_lt(),
            Self::OverlappedBy => from.is_gt() && a.first_s < b.last_s && to.is_gt(),
            Self::Intersects => a.first_s <= b.last_s && a.last_s >= b.first_s,
            Self::Disjoint => !Self::Intersects.holds(a, b),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_instants_are_read() {
        let new_year = 1_704_067_200;
        let summer = 1_719_788_400;
        for (text, first_s, last_s) in [
            ("2024-01-01", new_year, new_year + 86_399),
            ("2024-01-01T", new_year, new_year + 86_399),
            // A summer's day begins at 23:00 UTC.
            ("2024-07-01", summer, summer + 86_399),
            ("2024-01-01T00:00:00Z", new_year, new_year),
            ("2024-01-01T00:00:00", new_year, new_year),
            ("2024-01-01 01:00:00+01:00", new_year, new_year),
            ("2024-01-01T00:00:00.5Z", new_year + 1, new_year),
            ("1969-12-31T23:59:59.5Z", 0, -1),
        ] {
            assert_eq!(moment(text), Ok(Moment { first_s, last_s }), "{text}");
        }
        assert_eq!(moment("9999-12-31").unwrap().last_s, i64::MAX);
        for text in
            ["", "T", "2024-01", "2024-02-30", "20240101T", "yesterday", "2024-01-01T25:00:00Z", "é24-01-0"]
        {
            assert!(moment(text).is_err(), "{text}");
        }
    }

    #[test]
    fn relations_are_those_of_the_ends() {
        let span = |first_s, last_s| Moment { first_s, last_s };
        let to_ten = |a: Moment| -> Vec<&str> {
            let b = span(10, 20);
            TimeRelation::ALL
                .iter()
                .filter(|(_, relation)| relation.holds(a, b))
                .map(|(name, _)| *name)
                .collect()
        };
        for (a, relations) in [
            (span(1, 9), vec!["t_before", "t_disjoint"]),
            (span(1, 10), vec!["t_intersects", "t_meets"]),
            (span(1, 11), vec!["t_intersects", "t_overlaps"]),
            (span(1, 20), vec!["t_finishedby", "t_intersects"]),
            (span(1, 21), vec!["t_contains", "t_intersects"]),
            (span(10, 15), vec!["t_intersects", "t_starts"]),
            (span(10, 20), vec!["t_equals", "t_intersects"]),
            (span(10, 21), vec!["t_intersects", "t_startedby"]),
            (span(11, 19), vec!["t_during", "t_intersects"]),
            (span(15, 15), vec!["t_during", "t_intersects"]),
            (span(11, 20), vec!["t_finishes", "t_intersects"]),
            (span(11, 21), vec!["t_intersects", "t_overlappedby"]),
            (span(20, 25), vec!["t_intersects", "t_metby"]),
            (span(21, 25), vec!["t_after", "t_disjoint"]),
        ] {
            assert_eq!(to_ten(a), relations, "{a:?}");
        }
    }
}
