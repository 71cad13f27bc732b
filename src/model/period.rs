//! Months and periods: which days an analysis is about.

use std::{borrow::Cow, fmt, str::FromStr, sync::LazyLock};

use jiff::civil::Date;

use super::{Invalid, time::midnight_s};

/// A calendar month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

const MONTH_RULE: &str = "a month is written YYYY-MM, as in 2024-03";

/// Months of the year by name, from January.
pub const MONTHS_OF_YEAR: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Month {
    /// The first month that is accepted.
    pub const FIRST: Self = Self(1900 * 12);
    /// The last month that is accepted.
    pub const LAST: Self = Self(2199 * 12 + 11);

    /// The month that holds `date`.
    pub fn of(date: Date) -> Self {
        Self(i32::from(date.year()) * 12 + i32::from(date.month()) - 1)
    }

    /// Months since January of year 0; one more for each month.
    pub const fn index(self) -> i32 {
        self.0
    }

    /// The month `n` months later (earlier when negative), held to 1900–2199.
    ///
    /// # Example
    /// ```
    /// use hotspots::model::Month;
    /// let january: Month = "2014-01".parse().unwrap();
    /// assert_eq!(january.plus(-1).to_string(), "2013-12");
    /// ```
    #[must_use]
    pub fn plus(self, n: i32) -> Self {
        Self(self.0.saturating_add(n).clamp(Self::FIRST.0, Self::LAST.0))
    }

    /// Its text, `2024-03`, ready-made.
    pub fn text(self) -> Cow<'static, str> {
        static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
            (Month::FIRST.0..=Month::LAST.0).map(|number| Month(number).to_string()).collect()
        });
        let number = usize::try_from(self.0 - Self::FIRST.0).ok();
        let text = number.and_then(|number| TEXTS.get(number));
        text.map_or_else(|| self.to_string().into(), |text| text.as_str().into())
    }

    /// Its place in the year, 0 for January.
    pub fn of_year(self) -> usize {
        usize::try_from(self.0.rem_euclid(12)).unwrap_or(0)
    }

    /// Its year.
    pub const fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// The month as people say it.
    ///
    /// # Example
    /// ```
    /// let month: hotspots::model::Month = "2024-03".parse().unwrap();
    /// assert_eq!(month.in_words(), "March 2024");
    /// ```
    pub fn in_words(self) -> String {
        format!("{} {}", MONTHS_OF_YEAR[self.of_year()], self.year())
    }

    /// The first day.
    pub fn first_day(self) -> Date {
        let year = i16::try_from(self.0.div_euclid(12)).unwrap_or(Date::MAX.year());
        let month = i8::try_from(self.0.rem_euclid(12) + 1).unwrap_or(1);
        jiff::civil::date(year, month, 1)
    }
}

impl FromStr for Month {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let fault = || Invalid::new(text, MONTH_RULE);
        let bytes = text.as_bytes();
        if bytes.len() != 7 || bytes[4] != b'-' {
            return Err(fault());
        }
        let digits = |range: std::ops::Range<usize>| {
            bytes[range]
                .iter()
                .try_fold(0_i32, |sum, b| b.is_ascii_digit().then(|| sum * 10 + i32::from(b - b'0')))
        };
        match (digits(0..4), digits(5..7)) {
            (Some(year @ 1900..=2199), Some(month @ 1..=12)) => Ok(Self(year * 12 + month - 1)),
            (Some(year), Some(1..=12)) => {
                Err(Invalid::new(text, format!("the year {year} is not between 1900 and 2199")))
            }
            _ => Err(fault()),
        }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

/// A run of whole days, first and last included, in Europe/London.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    first: Date,
    last: Date,
}

const PERIOD_RULE: &str = "a period is a month (2024-03), months (2024-01/2024-06), a day (2024-03-09) or days \
     (2024-03-09/2024-04-05), first and last included";

impl Period {
    /// Whole months, both included.
    ///
    /// # Errors
    /// [`Invalid`] when `last` is before `first`.
    pub fn months(first: Month, last: Month) -> Result<Self, Invalid> {
        if last < first {
            return Err(Invalid::new(
                format_args!("{first}/{last}"),
                "a period ends on or after the day it starts",
            ));
        }
        Ok(Self { first: first.first_day(), last: end_of(last) })
    }

    /// Days, both included.
    ///
    /// # Errors
    /// [`Invalid`] when `last` is before `first`.
    pub fn days(first: Date, last: Date) -> Result<Self, Invalid> {
        if last < first {
            return Err(Invalid::new(
                format_args!("{first}/{last}"),
                "a period ends on or after the day it starts",
            ));
        }
        Ok(Self { first, last })
    }

    /// The `count` months that end with `last`; at least one.
    pub fn ending(last: Month, count: u16) -> Self {
        Self { first: last.plus(1 - i32::from(count.max(1))).first_day(), last: end_of(last) }
    }

    /// First day.
    pub const fn first(self) -> Date {
        self.first
    }

    /// Last day, included.
    pub const fn last(self) -> Date {
        self.last
    }

    /// The period in Unix seconds, London midnights.
    ///
    /// # Example
    /// ```
    /// use hotspots::model::Period;
    /// let days = "2024-01-01".parse::<Period>().unwrap().days_s();
    /// assert_eq!(days.end_s - days.start_s, 86_400);
    /// ```
    pub fn days_s(self) -> Days {
        Days { start_s: midnight_s(self.first), end_s: midnight_s(self.last.tomorrow().unwrap_or(self.last)) }
    }

    /// First and last month when the period is made of whole months.
    pub fn as_months(self) -> Option<(Month, Month)> {
        let (first, last) = (Month::of(self.first), Month::of(self.last));
        (self.first == first.first_day() && self.last == end_of(last)).then_some((first, last))
    }

    /// Number of days, both ends included.
    pub fn day_count(self) -> i32 {
        self.first.until(self.last).map_or(0, |span| span.get_days()) + 1
    }

    /// The period of the same length that ends the day before this one starts: as many months for
    /// whole months, as many days otherwise.
    ///
    /// # Example
    /// ```
    /// use hotspots::model::Period;
    /// let february: Period = "2014-02".parse().unwrap();
    /// assert_eq!(february.before().to_string(), "2014-01");
    /// ```
    #[must_use]
    pub fn before(self) -> Self {
        if let Some((first, last)) = self.as_months() {
            let count = last.index() - first.index() + 1;
            return Self { first: first.plus(-count).first_day(), last: end_of(first.plus(-1)) };
        }
        let days = self.day_count();
        let back = |date: Date, n: i32| date.saturating_sub(jiff::Span::new().days(n));
        Self { first: back(self.first, days), last: back(self.first, 1) }
    }

    /// The same days one year earlier; a 29 February becomes the 28th, whole months stay whole.
    #[must_use]
    pub fn year_before(self) -> Self {
        if let Some((first, last)) = self.as_months() {
            return Self { first: first.plus(-12).first_day(), last: end_of(last.plus(-12)) };
        }
        let back = |date: Date| date.saturating_sub(jiff::Span::new().years(1));
        Self { first: back(self.first), last: back(self.last) }
    }
}

/// A period in Unix seconds: the start is included, the end is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// Midnight that begins the first day.
    pub start_s: i64,
    /// Midnight that ends the last day.
    pub end_s: i64,
}

fn end_of(month: Month) -> Date {
    month.first_day().last_of_month()
}

impl FromStr for Period {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let (first, last) = text.split_once('/').unwrap_or((text, text));
        let whole = |fault: Invalid| Invalid::new(text, fault.rule);
        if first.len() == 7 && last.len() == 7 {
            return Self::months(first.parse().map_err(whole)?, last.parse().map_err(whole)?).map_err(whole);
        }
        Self::days(parse_day(first).map_err(whole)?, parse_day(last).map_err(whole)?).map_err(whole)
    }
}

/// A day as `YYYY-MM-DD`, and nothing else of what ISO 8601 allows.
///
/// # Errors
/// [`Invalid`] for another shape, a day that no calendar has, or a year outside 1900–2199.
pub fn parse_day(text: &str) -> Result<Date, Invalid> {
    let fault = || Invalid::new(text, PERIOD_RULE);
    if text.len() != 10 || !text.is_ascii() {
        return Err(fault());
    }
    let date = Date::strptime("%Y-%m-%d", text)
        .map_err(|cause| Invalid::new(text, format!("{PERIOD_RULE} ({cause})")))?;
    if (1900..=2199).contains(&date.year()) {
        Ok(date)
    } else {
        Err(Invalid::new(text, "the year is not between 1900 and 2199"))
    }
}

impl fmt::Display for Period {
    /// The shortest form that [`FromStr`] reads back to the same period.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_months() {
            Some((first, last)) if first == last => write!(f, "{first}"),
            Some((first, last)) => write!(f, "{first}/{last}"),
            None if self.first == self.last => write!(f, "{}", self.first),
            None => write!(f, "{}/{}", self.first, self.last),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_written_as_it_is_read() {
        for text in ["2014-01", "2014-01/2014-02", "2014-01-05", "2014-01-05/2014-03-01"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        let whole: Period = "2014-01-01/2014-02-28".parse().unwrap();
        assert_eq!(whole.to_string(), "2014-01/2014-02", "whole months take the short form");
    }

    #[test]
    fn the_text_of_every_month_is_what_it_displays() {
        for month in
            [Month::FIRST, Month::LAST, Month::of(jiff::civil::date(2024, 3, 9)), Month(0), Month(1 << 20)]
        {
            assert_eq!(month.text(), month.to_string());
        }
    }

    #[test]
    fn an_inverted_or_malformed_period_names_the_value_and_the_rule() {
        for text in
            ["2014-02/2014-01", "2014-1", "2014-00", "2014-02-30", "", "/", "2014-01/2014-01-05", "0014-01"]
        {
            let fault = text.parse::<Period>().unwrap_err();
            assert_eq!(fault.value, text);
            assert!(!fault.rule.is_empty());
        }
    }

    #[test]
    fn the_period_before_has_the_same_length() {
        let year: Period = "2023-03/2024-02".parse().unwrap();
        assert_eq!(year.before().to_string(), "2022-03/2023-02");
        let days: Period = "2024-03-08/2024-03-14".parse().unwrap();
        assert_eq!(days.before().to_string(), "2024-03-01/2024-03-07");
    }
}
