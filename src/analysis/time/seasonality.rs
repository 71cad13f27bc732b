//! Which months of the year have more than their share of incidents.

use statrs::function::gamma::gamma_ur;

use super::{distribution::clopper_pearson, level::Confidence};
use crate::model::{Month, period::MONTHS_OF_YEAR};

/// Months of a year.
const MONTHS: usize = 12;

/// One month of the year, over all years.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MonthOfYear {
    /// 1 for January to 12 for December.
    pub month: u8,
    /// Its incidents in all years.
    pub incidents: u64,
    /// Its days in all years.
    pub days: u32,
    /// Incidents a day in percent of those of all months: 100 is the average. `None` without incidents.
    pub index: Option<f64>,
    /// Lower end of the index's interval.
    pub low: Option<f64>,
    /// Upper end of the index's interval.
    pub high: Option<f64>,
}

impl MonthOfYear {
    /// Its name: `January`.
    pub fn name(&self) -> &'static str {
        MONTHS_OF_YEAR[usize::from(self.month.saturating_sub(1)) % MONTHS]
    }
}

/// Whether incidents are spread evenly over the days of the year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evenness {
    /// Σ (seen − expected)²/expected over the twelve months; expected by days.
    pub chi_square: f64,
    /// Its degrees of freedom, 11.
    pub degrees_of_freedom: u32,
    /// Probability of so much unevenness by chance, 0…1.
    pub p: f64,
    /// The expected number of the month that expects fewest; below 5 the test is a rough guide.
    pub least_expected: f64,
}

/// How incidents spread over the months of the year.
#[derive(Clone, Debug, PartialEq)]
pub struct Seasonality {
    /// The first month that was used.
    pub first: Month,
    /// The last month that was used.
    pub last: Month,
    /// How many whole years that is. In a single year, season cannot be told from a passing change.
    pub years: usize,
    /// Incidents in these years.
    pub incidents: u64,
    /// January to December.
    pub months: [MonthOfYear; MONTHS],
    /// The test of evenness; `None` without incidents.
    pub evenness: Option<Evenness>,
}

/// The seasonal index of each month of the year: its incidents a day, in percent of those of all months.
///
/// `counts` are those of consecutive months from `first` on. The newest whole years are used and older
/// months left out, so that each month of the year comes equally often; `None` for fewer than twelve
/// months. The interval is that of Clopper and Pearson for the month's share of all incidents. It allows
/// for chance within these years, not for years that differ; a trend over the years tilts the index.
/// Evenness is Pearson's chi-square test.
///
/// # Example
/// ```
/// use hotspots::analysis::time::{level::Confidence, seasonality::seasonality};
/// let mut counts = [30; 12];
/// counts[6] = 62;
/// let found = seasonality("2023-01".parse().unwrap(), &counts, Confidence::default()).unwrap();
/// // 62 incidents in 31 days of July, 392 in 365 days.
/// assert!((found.months[6].index.unwrap() - 100.0 * 2.0 / (392.0 / 365.0)).abs() < 1e-9);
/// assert!(found.evenness.unwrap().p < 0.01);
/// ```
pub fn seasonality(first: Month, counts: &[u64], confidence: Confidence) -> Option<Seasonality> {
    let years = counts.len() / MONTHS;
    if years == 0 {
        return None;
    }
    let left_out = counts.len() - years * MONTHS;
    let numbers = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let begin = first.plus(numbers(left_out));
    let mut totals = [(0_u64, 0_u32); MONTHS];
    for (count, later) in counts[left_out..].iter().zip(0..) {
        let day = begin.plus(later).first_day();
        let (incidents, days) = &mut totals[usize::from(day.month().unsigned_abs()).clamp(1, MONTHS) - 1];
        *incidents += count;
        *days += u32::from(day.days_in_month().unsigned_abs());
    }
    let incidents = totals.iter().map(|(count, _)| count).sum();
    let all_days = totals.iter().map(|(_, days)| f64::from(*days)).sum::<f64>();
    let months = std::array::from_fn(|place| {
        let (count, days) = totals[place];
        let (low, high) = clopper_pearson(count, incidents, confidence.tail());
        let index = |share: f64| (incidents > 0).then(|| 100.0 * share * all_days / f64::from(days));
        MonthOfYear {
            month: u8::try_from(place + 1).unwrap_or(0),
            incidents: count,
            days,
            index: index(count as f64 / incidents as f64),
            low: index(low),
            high: index(high),
        }
    });
    let last = begin.plus(numbers(years * MONTHS) - 1);
    let evenness = (incidents > 0).then(|| evenness(&totals, incidents as f64, all_days));
    Some(Seasonality { first: begin, last, years, incidents, months, evenness })
}

fn evenness(totals: &[(u64, u32); MONTHS], incidents: f64, all_days: f64) -> Evenness {
    let (mut chi_square, mut least_expected) = (0.0, f64::INFINITY);
    for &(count, days) in totals {
        let expected = incidents * f64::from(days) / all_days;
        chi_square += (count as f64 - expected).powi(2) / expected;
        least_expected = expected.min(least_expected);
    }
    // Of a chi-square distribution with n degrees of freedom the upper tail is Q(n/2, x/2).
    let p = if chi_square > 0.0 { gamma_ur(5.5, chi_square / 2.0).clamp(0.0, 1.0) } else { 1.0 };
    Evenness { chi_square, degrees_of_freedom: 11, p, least_expected }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(first: &str, counts: &[u64]) -> Option<Seasonality> {
        seasonality(first.parse().unwrap(), counts, Confidence::default())
    }

    #[test]
    fn months_of_other_length_and_equal_rates_have_index_100() {
        // Ten a day through a leap year and another.
        let first: Month = "2024-01".parse().unwrap();
        let days = |later| u64::from(first.plus(later).first_day().days_in_month().unsigned_abs());
        let counts: Vec<_> = (0..24).map(|later| 10 * days(later)).collect();
        let found = of("2024-01", &counts).unwrap();
        assert!(found.months.iter().all(|month| (month.index.unwrap() - 100.0).abs() < 1e-9));
        assert_eq!((found.months[1].days, found.years, found.incidents), (57, 2, 7_310));
        assert!(found.evenness.unwrap().p > 0.999_999);
        for month in &found.months {
            assert!(month.low.unwrap() < 100.0 && 100.0 < month.high.unwrap());
        }
    }

    #[test]
    fn the_newest_whole_years_are_used() {
        let counts: Vec<_> = (0..30).map(|m| if m < 6 { 1_000 } else { 5 }).collect();
        let found = of("2022-07", &counts).unwrap();
        assert_eq!(
            (found.first.to_string().as_str(), found.last.to_string().as_str()),
            ("2023-01", "2024-12")
        );
        assert_eq!((found.years, found.incidents), (2, 120));
        // A year that begins in October still has its months in order.
        let found = of("2022-10", &(1..=12).collect::<Vec<_>>()).unwrap();
        assert_eq!(found.months.map(|month| month.incidents), [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]);
    }

    #[test]
    fn indices_average_100_over_the_days() {
        let counts = [3, 0, 18, 7, 7, 2, 30, 11, 4, 4, 9, 1];
        let found = of("2023-01", &counts).unwrap();
        let sum: f64 = found.months.iter().map(|month| month.index.unwrap() * f64::from(month.days)).sum();
        assert!((sum / 365.0 - 100.0).abs() < 1e-9);
    }

    #[test]
    fn less_than_a_year_and_no_incidents_are_defined() {
        assert_eq!(of("2023-01", &[9; 11]), None);
        assert_eq!(of("2023-01", &[]), None);
        let empty = of("2023-01", &[0; 12]).unwrap();
        assert!(empty.evenness.is_none() && empty.incidents == 0);
        assert!(empty.months.iter().all(|m| m.index.is_none() && m.low.is_none() && m.high.is_none()));
        let mut one = [0; 12];
        one[4] = 40;
        let found = of("2023-01", &one).unwrap();
        assert_eq!(found.months[0].index, Some(0.0));
        assert!(found.evenness.unwrap().p < 1e-60 && found.evenness.unwrap().least_expected < 5.0);
    }
}
