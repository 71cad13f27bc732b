//! Times as people write them.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    fmt::strtime,
    tz::Offset,
};

use crate::model::{Invalid, Month, Occurred, TimePrecision, time::london_instant};

const RULE: &str = "a time is written 2024-03, 2024-03-09, 2024-03-09 14:30, 2024-03-09T14:30:00Z, 09/03/2024 or \
     09/03/2024 14:30 (day first)";

/// Reads a month, a day, a time on London's clock or an instant.
///
/// Days are `2024-03-09` or `09/03/2024`, day first in every case; times are `14:30`, `14:30:05` or
/// with a fraction, after a space or `T`; `Z`, `+01:00` or `+0100` behind makes an instant of it.
pub(super) fn parse(text: &str) -> Result<Occurred, Invalid> {
    let fault = || Invalid::new(text, RULE);
    if text.len() == 7 && text.as_bytes()[4] == b'-' {
        return text.parse().map(Occurred::in_month);
    }
    let (day, rest) = text.split_at_checked(10).ok_or_else(fault)?;
    let day = date(day).ok_or_else(|| {
        let shaped = matches!(day.as_bytes()[4], b'-' | b'0'..=b'9') || day.as_bytes()[2] == b'/';
        Invalid::new(text, if shaped { format!("there is no such day; {RULE}") } else { RULE.to_owned() })
    })?;
    if rest.is_empty() {
        return Ok(Occurred::on_day(day));
    }
    let clock = rest.strip_prefix(['T', 't', ' ']).ok_or_else(fault)?;
    let (clock, offset) = split_offset(clock).ok_or_else(fault)?;
    let time =
        time(clock).ok_or_else(|| Invalid::new(text, format!("there is no such time of day; {RULE}")))?;
    instant(day.to_datetime(time), offset).map(Occurred::at).ok_or_else(fault)
}

/// Reads a time by a `strptime` format: a month where it has no day, a day where it has no hour.
pub(super) fn parse_format(text: &str, format: &str) -> Result<Occurred, Invalid> {
    let fault = |cause: jiff::Error| Invalid::new(text, format!("a time is written {format} ({cause})"));
    let parts = strtime::parse(format, text).map_err(fault)?;
    if parts.timestamp().is_some() || parts.offset().is_some() {
        let instant = parts.to_timestamp().map_err(fault)?;
        let in_years = in_range(Offset::UTC.to_datetime(instant).date());
        return if in_years { Ok(Occurred::at(instant)) } else { Err(Invalid::new(text, YEARS_RULE)) };
    }
    if let (Some(year), Some(month), None, None) = (parts.year(), parts.month(), parts.day(), parts.hour()) {
        return format!("{year:04}-{month:02}").parse().map(Occurred::in_month);
    }
    let day = parts.to_date().map_err(fault)?;
    if !in_range(day) {
        return Err(Invalid::new(text, YEARS_RULE));
    }
    if parts.hour().is_none() {
        return Ok(Occurred::on_day(day));
    }
    let local = parts.to_datetime().map_err(fault)?;
    instant(local, None).map(Occurred::at).ok_or_else(|| Invalid::new(text, YEARS_RULE))
}

/// The interval from the start of one to the end of the other, as exactly as the less exact is known.
pub(super) fn between(start: Occurred, end: Occurred, text: &str) -> Result<Occurred, Invalid> {
    let precision = start.precision().max(end.precision());
    // A day or month ends where the next begins, so that the one before the start ends at the start.
    let before = end.precision() != TimePrecision::Minute && end.end_s() == start.start_s();
    Occurred::from_parts(start.start_s(), end.end_s(), precision)
        .filter(|_| !before)
        .ok_or_else(|| Invalid::new(text, "the end is not before the start"))
}

const YEARS_RULE: &str = "a year lies between 1900 and 2199";

fn in_range(day: Date) -> bool {
    day >= Month::FIRST.first_day() && Month::of(day) <= Month::LAST
}

/// `2024-03-09` or `09/03/2024`, of a text of ten bytes.
fn date(text: &str) -> Option<Date> {
    let (year, month, day) = match text.as_bytes() {
        [_, _, _, _, b'-', _, _, b'-', _, _] => (&text.get(..4)?, &text.get(5..7)?, &text.get(8..)?),
        [_, _, b'/', _, _, b'/', ..] => (&text.get(6..)?, &text.get(3..5)?, &text.get(..2)?),
        _ => return None,
    };
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    let date = Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    in_range(date).then_some(date)
}

/// `14:30`, `14:30:05` or `14:30:05.25`, which is cut to the second.
fn time(text: &str) -> Option<Time> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let two = |range| clock.get(range).filter(|part: &&str| part.len() == 2).and_then(number);
    let second = match clock.as_bytes() {
        [_, _, b':', _, _] if clock.len() == text.len() => 0,
        [_, _, b':', _, _, b':', _, _] if fraction.bytes().all(|b| b.is_ascii_digit()) => two(6..8)?,
        _ => return None,
    };
    let part = |value: i16| i8::try_from(value).ok();
    Time::new(part(two(0..2)?)?, part(two(3..5)?)?, part(second)?, 0).ok()
}

/// The digits as a number; at most four.
fn number(digits: &str) -> Option<i16> {
    let all_digits = !digits.is_empty() && digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit());
    all_digits.then(|| digits.parse().ok()).flatten()
}

/// Parts a clock time and what stands behind it: nothing, `Z`, `+01:00` or `+0100`. `None` when the
/// offset is no offset.
fn split_offset(text: &str) -> Option<(&str, Option<Offset>)> {
    if let Some(clock) = text.strip_suffix(['Z', 'z']) {
        return Some((clock, Some(Offset::UTC)));
    }
    let Some(at) = text.find(['+', '-']) else {
        return Some((text, None));
    };
    let (clock, behind) = text.split_at(at);
    let (hours, minutes) = match behind.as_bytes() {
        [_, _, _, b':', _, _] => (behind.get(1..3)?, behind.get(4..6)?),
        [_, _, _, _, _] => (behind.get(1..3)?, behind.get(3..5)?),
        _ => return None,
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = (i32::from(hours) * 60 + i32::from(minutes)) * 60;
    let offset = Offset::from_seconds(if behind.starts_with('-') { -seconds } else { seconds }).ok()?;
    Some((clock, Some(offset)))
}

fn instant(local: DateTime, offset: Option<Offset>) -> Option<Timestamp> {
    let instant = match offset {
        Some(offset) => offset.to_timestamp(local).ok()?,
        None => london_instant(local)?,
    };
    in_range(Offset::UTC.to_datetime(instant).date()).then_some(instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_second()
    }

    #[test]
    fn the_same_minute_is_read_from_every_form() {
        for text in [
            "2024-03-09 14:30",
            "2024-03-09T14:30",
            "2024-03-09t14:30:00",
            "2024-03-09T14:30:00.999",
            "2024-03-09T14:30Z",
            "2024-03-09T14:30:00z",
            "2024-03-09T15:30:00+01:00",
            "2024-03-09 09:30-0500",
            "09/03/2024 14:30",
            "09/03/2024 14:30:00",
        ] {
            let at = parse(text).unwrap();
            assert_eq!(
                (at.start_s(), at.end_s()),
                (utc("2024-03-09T14:30:00Z"), utc("2024-03-09T14:30:00Z")),
                "{text}"
            );
            assert_eq!(at.precision(), TimePrecision::Minute);
        }
        assert_eq!(parse("2024-07-01 00:15").unwrap().start_s(), utc("2024-06-30T23:15:00Z"), "summer time");
    }

    #[test]
    fn days_are_never_read_month_first() {
        let ninth_of_march = parse("09/03/2024").unwrap();
        assert_eq!(ninth_of_march, parse("2024-03-09").unwrap());
        assert_eq!(ninth_of_march.precision(), TimePrecision::Day);
        assert!(parse("03/13/2024").unwrap_err().rule.contains("no such day"));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "2024",
            "2024-3",
            "2024-13",
            "2024-02-30",
            "30/02/2024",
            "2024-03-09 24:00",
            "2024-03-09 14:60",
            "2024-03-09 14",
            "2024-03-09 1:30",
            "2024-03-09 14:30+25:00",
            "2024-03-09 14:30 PM",
            "2024-03-09x14:30",
            "1899-12-31",
            "2200-01-01",
            "0000-01-01",
            "２０２４-03-09",
            "2024-03-0é",
            "+024-03-09",
            "9/3/2024",
            "2024/03/09",
            "2024-03-09 14:30.5",
            "2024-03-09 14:30:05.x",
            "20240309",
            "2024-03-09 14:30:60",
            "NaN",
            "2024-03-09 +1:30",
            "2024-W10-6",
            "1709994600",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_format_decides_how_exactly_a_time_is_known() {
        let march_9 = parse("2024-03-09").unwrap();
        assert_eq!(parse_format("3/9/2024", "%m/%d/%Y").unwrap(), march_9);
        assert_eq!(parse_format("Mar 2024", "%b %Y").unwrap(), parse("2024-03").unwrap());
        let minute = parse("2024-03-09 14:30").unwrap();
        assert_eq!(parse_format("9.3.2024 2:30 PM", "%d.%m.%Y %I:%M %p").unwrap(), minute);
        assert_eq!(parse_format("2024-03-09 15:30 +0100", "%Y-%m-%d %H:%M %z").unwrap(), minute);
        for (text, format) in
            [("x", "%Y"), ("2024", "%Y"), ("9/3/2024", "%q"), ("1/1/0001", "%d/%m/%Y"), ("", "")]
        {
            assert!(parse_format(text, format).is_err(), "{text} {format}");
        }
    }

    #[test]
    fn an_interval_is_as_exact_as_its_less_exact_end() {
        let (day, minute) = (parse("2024-03-08").unwrap(), parse("2024-03-09 14:30").unwrap());
        let both = between(day, minute, "").unwrap();
        assert_eq!((both.start_s(), both.end_s()), (day.start_s(), minute.end_s()));
        assert_eq!(both.precision(), TimePrecision::Day);
        assert!(between(minute, day, "").is_err());
        assert_eq!(between(minute, minute, "").unwrap(), minute);
        assert_eq!(between(day, day, "").unwrap(), day);
        assert!(between(day, parse("2024-03-07").unwrap(), "").is_err(), "the day before");
        assert!(between(minute, parse("2024-03-09").unwrap(), "").is_ok(), "some time later that day");
    }
}
