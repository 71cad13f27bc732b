//! The dimension TIME (06-042 Annex C and D): the months that the store holds.
//!
//! A month, a day or an instant alone means the month that holds it, because that is the resolution of the
//! dimension: clients name a month by its first day. A span from one to another means just its days.

use jiff::civil::{Date, Time};

use crate::model::{Invalid, Month, Period, period::parse_day};

const RULE: &str = "a month (2025-03) or a day of it (2025-03-01), a span of these (2025-01/2025-03), months one after \
     the other (2025-01,2025-02), or current";

/// Reads TIME; `newest` is what `current` means.
///
/// # Errors
/// [`Invalid`] for anything else, for a span that ends before it starts, and for months with others between them.
pub fn read(text: &str, newest: Option<Month>) -> Result<Period, Invalid> {
    let whole = |fault: Invalid| Invalid::new(text, fault.rule);
    let mut parts = text
        .split(',')
        .map(|part| one(part.trim(), newest))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|fault| Invalid::new(text, format!("{RULE}; {fault}")))?;
    parts.sort_unstable_by_key(|period| (period.first(), period.last()));
    let mut parts = parts.into_iter();
    let first = parts.next().ok_or_else(|| Invalid::new(text, RULE))?;
    parts.try_fold(first, |before, after| {
        if before.last().tomorrow().is_ok_and(|next| after.first() <= next) {
            Period::days(before.first(), before.last().max(after.last())).map_err(whole)
        } else {
            Err(Invalid::new(text, "several months follow one after the other"))
        }
    })
}

/// A month, a span, or a span with a resolution, which changes nothing.
fn one(text: &str, newest: Option<Month>) -> Result<Period, Invalid> {
    let mut ends = text.split('/');
    let (from, to, step) = (ends.next().unwrap_or_default(), ends.next(), ends.next());
    if ends.next().is_some() || step.is_some_and(|step| !step.starts_with('P')) {
        return Err(Invalid::new(text, RULE));
    }
    let (first, _) = days(from, newest)?;
    let Some(to) = to else {
        let month = Month::of(first);
        return Period::months(month, month);
    };
    let (start, end) = days(to, newest)?;
    // What ends as a day begins has nothing of that day.
    let ends_before = to.contains('T') && at_midnight(to) && start > first;
    let end = if ends_before { end.yesterday().unwrap_or(end) } else { end };
    Period::days(first, end)
}

/// The first and last day of a month, or a day twice.
fn days(text: &str, newest: Option<Month>) -> Result<(Date, Date), Invalid> {
    let month = match text {
        "current" => newest.ok_or_else(|| Invalid::new(text, "the store holds no month"))?,
        _ if text.len() == "2025-03".len() => text.parse()?,
        _ => {
            let (day, time) = text.split_once('T').unwrap_or((text, "00:00"));
            let clock = time.trim_end_matches('Z');
            if !clock.is_empty() && clock.parse::<Time>().is_err() {
                return Err(Invalid::new(text, RULE));
            }
            let day = parse_day(day)?;
            return Ok((day, day));
        }
    };
    let first = month.first_day();
    Ok((first, first.last_of_month()))
}

fn at_midnight(text: &str) -> bool {
    let time = text.split_once('T').map_or("", |(_, time)| time.trim_end_matches('Z'));
    time.parse::<Time>().is_ok_and(|time| time == Time::midnight())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_days_and_spans_are_read() {
        let newest = "2025-12".parse().ok();
        for (text, expected) in [
            ("2025-03", "2025-03"),
            ("2025-03-01", "2025-03"),
            ("2025-03-01T00:00:00Z", "2025-03"),
            ("2025-03-17T10:20:30.000Z", "2025-03"),
            ("current", "2025-12"),
            ("2025-01/2025-03", "2025-01/2025-03"),
            ("2025-01/2025-03/P1M", "2025-01/2025-03"),
            ("2025-01-01T00:00:00.000Z/2025-03-31T23:59:59.000Z", "2025-01/2025-03"),
            ("2025-01-01T00:00:00Z/2025-02-01T00:00:00Z", "2025-01"),
            ("2025-03-05/2025-03-20", "2025-03-05/2025-03-20"),
            ("2025-03-05/2025-03-05", "2025-03-05"),
            ("2025-02,2025-01", "2025-01/2025-02"),
        ] {
            assert_eq!(
                read(text, newest).map(|period| period.to_string()),
                Ok(expected.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let newest = "2025-12".parse().ok();
        for text in [
            "",
            "now",
            "2025",
            "2025-13",
            "2025-03/",
            "/2025-03",
            "2025-03/2025-01",
            "2025-01/2025-03/1M",
            "2025-01/2025-03/P1M/P1M",
            "2025-01,2025-03",
            "2025-01-01T25:00:00Z",
            ",",
        ] {
            assert!(read(text, newest).is_err(), "{text}");
        }
        assert!(read("current", None).is_err());
    }
}
