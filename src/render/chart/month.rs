//! Months along an axis, and in words.

use crate::model::Month;

const NAMES: [&str; 12] = [
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

/// The month of the year, 0 for January.
pub fn of_year(month: Month) -> usize {
    usize::try_from(month.index().rem_euclid(12)).unwrap_or(0)
}

/// Its name.
pub fn name(of_year: usize) -> &'static str {
    NAMES[of_year % 12]
}

/// The first three letters of its name.
pub fn short_name(of_year: usize) -> &'static str {
    &name(of_year)[..3]
}

/// The year of a month.
pub fn year(month: Month) -> i32 {
    month.index().div_euclid(12)
}

/// A month in words: `March 2024`.
pub fn said(month: Month) -> String {
    format!("{} {}", name(of_year(month)), year(month))
}

/// Every how many months one is named, where each has so much room: a number that parts the year, or years.
pub fn step(slot: f64) -> usize {
    const WORD: f64 = 30.0;
    [1, 2, 3, 6, 12, 24, 60]
        .into_iter()
        .find(|step| slot * f64::from(*step) >= WORD)
        .map_or(120, |step| usize::try_from(step).unwrap_or(1))
}
