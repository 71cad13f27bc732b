//! Reads `datetime`: an instant, a day, or a span of them (RFC 3339 §5.6, ISO 8601 durations).

use jiff::{Span, Timestamp, civil::Date};

use crate::{
    model::{Invalid, time::midnight_s},
    service::collection::WhenAsked,
};

const RULE: &str = "an instant (2024-03-09T12:00:00Z), a day (2024-03-09), or a span of these, open as .. or empty, \
     as in 2024-01-01/2024-03-31 or 2024-01-01/.. or 2024-01-01/P3M";

/// Reads it. Days are those of Europe/London, and whole: a span includes its first and last.
///
/// # Errors
/// [`Invalid`] for anything else, and for a span that ends before it starts.
pub fn read(text: &str) -> Result<WhenAsked, Invalid> {
    let fault = || Invalid::new(text, RULE);
    let Some((from, to)) = text.split_once('/') else {
        let (from_s, to_s) = moment(text).ok_or_else(fault)?;
        return Ok(WhenAsked { from_s: Some(from_s), to_s: Some(to_s) });
    };
    let is_open = |end: &str| end.is_empty() || end == "..";
    let from_s = if is_open(from) { None } else { Some(moment(from).ok_or_else(fault)?.0) };
    let to_s = match to {
        open if is_open(open) => None,
        duration if duration.starts_with('P') => Some(after(from, duration).ok_or_else(fault)?),
        end => Some(moment(end).ok_or_else(fault)?.1),
    };
    if let (Some(from_s), Some(to_s)) = (from_s, to_s)
        && from_s > to_s
    {
        return Err(Invalid::new(text, "a span does not end before it starts"));
    }
    Ok(WhenAsked { from_s, to_s })
}

/// The first and the last second of an instant or day.
fn moment(text: &str) -> Option<(i64, i64)> {
    // GDAL writes a day as 2024-01-01T.
    if let Ok(day) = text.strip_suffix('T').unwrap_or(text).parse::<Date>()
        && text.len() <= "2024-01-01T".len()
    {
        return Some((midnight_s(day), midnight_s(day.tomorrow().ok()?) - 1));
    }
    let instant: Timestamp = text.parse().ok()?;
    Some((instant.as_second(), instant.as_second()))
}

/// The last second of a span of `duration` from the start of `from`.
fn after(from: &str, duration: &str) -> Option<i64> {
    let (start_s, _) = moment(from)?;
    let span: Span = duration.parse().ok()?;
    let start = Timestamp::from_second(start_s).ok()?.to_zoned(jiff::tz::TimeZone::UTC);
    let end = start.checked_add(span).ok()?.timestamp().as_second();
    (end >= start_s).then_some(if end > start_s { end - 1 } else { end })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_days_and_spans_are_read() {
        let span = |from_s, to_s| WhenAsked { from_s, to_s };
        let new_year = 1_704_067_200;
        for (text, expected) in [
            ("2024-01-01T00:00:00Z", span(Some(new_year), Some(new_year))),
            ("2024-01-01", span(Some(new_year), Some(new_year + 86_399))),
            ("2024-01-01T", span(Some(new_year), Some(new_year + 86_399))),
            ("2024-01-01/..", span(Some(new_year), None)),
            ("2024-01-01T/..", span(Some(new_year), None)),
            ("/2024-01-01", span(None, Some(new_year + 86_399))),
            ("../..", span(None, None)),
            ("2024-01-01/P2D", span(Some(new_year), Some(new_year + 2 * 86_400 - 1))),
            ("2024-01-01T01:00:00+01:00/2024-01-01T00:00:01Z", span(Some(new_year), Some(new_year + 1))),
        ] {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "yesterday",
            "2024-13-01",
            "2024-01",
            "",
            "2024-01-01T00:00:00Z/2023-01-01T00:00:00Z",
            "2024-01-01/P-2D",
            "2024-01-01/Px",
            "a/b/c",
            "2024-01-01T25:00:00Z",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
