//! Which categories an area has more of than its share: location quotients.

use super::normal;

/// How many incidents an area needs for its quotients to be told, where nobody says: 20.
pub const DEFAULT_LEAST: u64 = 20;

/// Four counts that a quotient is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Incidents of the category in the area.
    pub category_in_area: u64,
    /// All incidents in the area.
    pub area: u64,
    /// Incidents of the category in the borough, the area included.
    pub category: u64,
    /// All incidents in the borough.
    pub all: u64,
}

/// A location quotient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocationQuotient {
    /// 1 where the area has its share; 2 where the category makes up twice as much of the area's incidents as
    /// of the borough's.
    pub quotient: f64,
    /// 95 % interval; `None` where the area has no incident of the category, of which a logarithm tells
    /// nothing.
    pub interval: Option<(f64, f64)>,
}

impl LocationQuotient {
    /// Whether the interval is all above 1, all below it, or neither.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::location_quotient::{Counts, LocationQuotient, Standing};
    /// let counts = Counts { category_in_area: 40, area: 100, category: 200, all: 1_000 };
    /// assert_eq!(location_quotient(counts).standing(), Standing::Over);
    /// # fn location_quotient(c: Counts) -> LocationQuotient { hotspots::analysis::location_quotient::location_quotient(c, 20).unwrap() }
    /// ```
    pub fn standing(&self) -> Standing {
        match self.interval {
            Some((low, _)) if low > 1.0 => Standing::Over,
            Some((_, high)) if high < 1.0 => Standing::Under,
            _ => Standing::Unclear,
        }
    }
}

/// How a quotient stands to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// More than its share.
    Over,
    /// Less than its share.
    Under,
    /// The counts do not tell.
    Unclear,
}

impl Standing {
    /// The word for it in answers and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Over => "over",
            Self::Under => "under",
            Self::Unclear => "unclear",
        }
    }
}

/// The location quotient (a/n)/(c/N) of a incidents of a category among n in an area, against c among N in the
/// borough: Brantingham, P. L. and Brantingham, P. J. (1998), Mapping crime for analytic purposes: location
/// quotients, counts, and rates, in *Crime Mapping and Crime Prevention*.
///
/// The interval is that of the logarithm, exp(ln LQ ± 1.96 s), as Katz, D. et al. (1978), doi 10.2307/2530610,
/// have it for a ratio of two shares, with the variance for a part and its whole. With the four cells of area and
/// category multinomial the delta method gives
///
/// s² = 1/a − 1/n − 1/c + 2a/(n c) − 1/N,
///
/// which is 0 where area and borough are one; see also Moineddin, R., Beyene, J. and Boyle, E. (2003), doi
/// 10.1111/j.1538-4632.2003.tb01112.x, on intervals of location quotients.
///
/// `None` where the area has fewer than `least` incidents or none, and where the borough has none of the
/// category.
///
/// # Example
/// ```
/// use hotspots::analysis::location_quotient::{Counts, location_quotient};
/// let counts = Counts { category_in_area: 40, area: 100, category: 200, all: 1_000 };
/// let found = location_quotient(counts, 20).unwrap();
/// assert_eq!(found.quotient, 2.0);
/// let (low, high) = found.interval.unwrap();
/// assert!((low - 1.599).abs() < 1e-3 && (high - 2.501).abs() < 1e-3, "{low} {high}");
/// assert_eq!(location_quotient(counts, 101), None);
/// ```
pub fn location_quotient(counts: Counts, least: u64) -> Option<LocationQuotient> {
    let Counts { category_in_area, area, category, all } = counts;
    if area < least.max(1) || category == 0 || all == 0 {
        return None;
    }
    let [a, n, c, total] = [category_in_area, area, category, all].map(|count| count as f64);
    let quotient = (a / n) / (c / total);
    let interval = (category_in_area > 0).then(|| {
        let variance = 1.0 / a - 1.0 / n - 1.0 / c + 2.0 * a / (n * c) - 1.0 / total;
        let factor = (normal::quantile(0.975) * variance.max(0.0).sqrt()).exp();
        (quotient / factor, quotient * factor)
    });
    Some(LocationQuotient { quotient, interval })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::random::Seed;

    fn counts(category_in_area: u64, area: u64, category: u64, all: u64) -> Counts {
        Counts { category_in_area, area, category, all }
    }

    /// Draws incidents with a true quotient and sees how often the interval holds it.
    #[test]
    fn the_interval_covers_the_truth_as_often_as_it_says() {
        let mut stream = Seed(2).stream(0);
        // Area 20 %, category 20 % of the area and 10 % of the borough: LQ = 2.
        let cells = [0.04, 0.16, 0.06];
        let (runs, mut covered) = (4_000, 0);
        for _ in 0..runs {
            let mut drawn = [0_u64; 4];
            for _ in 0..1_000 {
                let u = stream.unit();
                let mut reached = 0.0;
                let cell = cells.iter().position(|share| {
                    reached += share;
                    u < reached
                });
                drawn[cell.unwrap_or(3)] += 1;
            }
            let [a, rest, elsewhere, _] = drawn;
            let found = location_quotient(counts(a, a + rest, a + elsewhere, 1_000), 1).unwrap();
            let (low, high) = found.interval.unwrap();
            covered += i32::from(low <= 2.0 && 2.0 <= high);
        }
        // 95 % with a standard error of 0.35 %.
        let share = f64::from(covered) / f64::from(runs);
        assert!((share - 0.95).abs() < 0.012, "{share}");
    }

    #[test]
    fn the_whole_borough_has_exactly_its_share() {
        let found = location_quotient(counts(30, 200, 30, 200), 20).unwrap();
        assert!((found.quotient - 1.0).abs() < 1e-15);
        let (low, high) = found.interval.unwrap();
        assert!((low - 1.0).abs() < 1e-6 && (high - 1.0).abs() < 1e-6);
        assert_eq!(found.standing(), Standing::Unclear);
    }

    #[test]
    fn too_few_and_none_are_defined() {
        assert_eq!(location_quotient(counts(5, 19, 50, 900), 20), None);
        assert_eq!(location_quotient(counts(0, 0, 50, 900), 0), None);
        assert_eq!(location_quotient(counts(0, 30, 0, 900), 20), None);
        assert_eq!(location_quotient(counts(0, 0, 0, 0), 0), None);
        let none = location_quotient(counts(0, 30, 50, 900), 20).unwrap();
        assert_eq!((none.quotient, none.interval, none.standing()), (0.0, None, Standing::Unclear));
    }

    #[test]
    fn standing_follows_the_interval() {
        assert_eq!(location_quotient(counts(2, 100, 200, 1_000), 20).unwrap().standing(), Standing::Under);
        assert_eq!(location_quotient(counts(22, 100, 200, 1_000), 20).unwrap().standing(), Standing::Unclear);
    }
}
