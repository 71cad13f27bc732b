//! Rates by area: how many incidents for how many residents or households, and how sure that is.
//!
//! | module | what it answers |
//! |---|---|
//! | [`interval`] | between which rates the true one lies (exact Poisson) |
//! | [`funnel`] | between which rates areas lie where chance alone makes them differ |
//! | [`similar`] | which areas are alike, and how a rate compares with theirs |
//! | [`smoothing`] | what a rate is likely to be, given the others (empirical Bayes) |
//!
//! Residents are not those at risk of everything: town centres have few residents and many visitors.

pub mod funnel;
pub mod interval;
pub mod similar;
pub mod smoothing;

use statrs::distribution::{Binomial, DiscreteCDF};

use self::smoothing::Smoothed;
use super::{fdr, neighbours::Neighbours};

/// Rates of all areas of a layer, and of all of them together.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    /// Incidents in areas whose population is known.
    pub count: u64,
    /// Population of these areas.
    pub population: u64,
    /// The rate of all of them together; `None` where no population is known.
    pub overall: Option<Rate>,
    /// By area; `None` where its population is not known, or nobody lives there.
    pub areas: Vec<Option<AreaRate>>,
}

/// A rate with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Incidents per 1,000 of the population.
    pub per_1000: f64,
    /// Exact Poisson interval (Garwood).
    pub interval: (f64, f64),
}

/// What is said about one area.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AreaRate {
    /// Its rate.
    pub rate: Rate,
    /// Incidents it would have at the rate of all areas together.
    pub expected: f64,
    /// Incidents over expected ones: the indirectly standardised ratio, 1 for the rate of all; `None` where
    /// no area has any incident.
    pub ratio: Option<Ratio>,
    /// Probability of a count as far from the expected one, were the rate the same everywhere, 0…1.
    pub p: f64,
    /// The same adjusted for the number of areas (Benjamini–Hochberg).
    pub p_adjusted: f64,
    /// The rate drawn towards that of all areas.
    pub smoothed: Smoothed,
    /// The rate drawn towards that of the area and its neighbours.
    pub smoothed_locally: Smoothed,
}

/// A ratio with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    /// The ratio.
    pub ratio: f64,
    /// The exact Poisson interval of the count over the expected one.
    pub interval: (f64, f64),
}

/// The count and population of an area that has one.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Area {
    count: u64,
    population: f64,
}

impl Rate {
    fn of(count: u64, population: f64) -> Self {
        let (low, high) = interval::garwood(count);
        let per_1000 = |count: f64| count * 1_000.0 / population;
        Self { per_1000: per_1000(count as f64), interval: (per_1000(low), per_1000(high)) }
    }
}

/// Rates of areas. `populations` and `neighbours` go by the order of `counts`; an area beyond their end has
/// none. Areas without a known population, or with nobody, have no rate and are left out of everything.
///
/// The ratio is standardised by the overall rate: populations are given as totals, without age or sex. The p of
/// an area is exact: given all incidents, its count is binomial with its part of the population where rates are
/// equal; twice the smaller tail, at most 1.
///
/// # Example
/// ```
/// use hotspots::analysis::{neighbours::Neighbours, rates::rates};
/// let two = Neighbours::from_rows(2, [vec![1], vec![0]]);
/// let found = rates(&[30, 10], &[Some(4_000), Some(4_000)], &two);
/// let first = found.areas[0].unwrap();
/// assert_eq!((first.rate.per_1000, first.expected, first.ratio.unwrap().ratio), (7.5, 20.0, 1.5));
/// assert!((first.p - 0.002_221).abs() < 1e-6); // two-sided, 30 of 40 at one half
/// ```
pub fn rates(counts: &[u64], populations: &[Option<u32>], neighbours: &Neighbours) -> Rates {
    let known = |area: usize| populations.get(area).copied().flatten().filter(|people| *people > 0);
    let areas: Vec<Option<Area>> = counts
        .iter()
        .enumerate()
        .map(|(area, &count)| known(area).map(|people| Area { count, population: f64::from(people) }))
        .collect();
    let count: u64 = areas.iter().flatten().map(|area| area.count).sum();
    let people: f64 = areas.iter().flatten().map(|area| area.population).sum();
    let smoothed = smoothing::towards_all(&areas);
    let smoothed_locally = smoothing::towards_neighbours(&areas, neighbours);
    let p: Vec<f64> = areas
        .iter()
        .flatten()
        .map(|area| p_of_difference(area.count, count, area.population / people))
        .collect();
    let mut tests = p.iter().copied().zip(fdr::benjamini_hochberg(&p));
    let row = |(area, (smoothed, local)): (&Option<Area>, (Option<Smoothed>, Option<Smoothed>))| {
        let (area, (p, p_adjusted)) = ((*area)?, tests.next()?);
        let expected = count as f64 * area.population / people;
        let (low, high) = interval::garwood(area.count);
        Some(AreaRate {
            rate: Rate::of(area.count, area.population),
            expected,
            ratio: (expected > 0.0).then(|| Ratio {
                ratio: area.count as f64 / expected,
                interval: (low / expected, high / expected),
            }),
            p,
            p_adjusted,
            smoothed: smoothed?,
            smoothed_locally: local?,
        })
    };
    Rates {
        count,
        population: (0..counts.len()).filter_map(known).map(u64::from).sum(),
        overall: (people > 0.0).then(|| Rate::of(count, people)),
        areas: areas.iter().zip(smoothed.into_iter().zip(smoothed_locally)).map(row).collect(),
    }
}

/// Probability of a count as extreme out of `all`, each falling on the area with probability `share`.
fn p_of_difference(count: u64, all: u64, share: f64) -> f64 {
    if share >= 1.0 {
        return 1.0;
    }
    let Ok(spread) = Binomial::new(share, all) else { return 1.0 };
    let below = spread.cdf(count);
    let above = count.checked_sub(1).map_or(1.0, |less| spread.sf(less));
    (2.0 * below.min(above)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::random::Seed;

    #[test]
    fn p_is_that_of_all_outcomes_added_up() {
        let binomial = |k: u64, n: u64, p: f64| {
            let choose: f64 = (0..k).map(|i| (n - i) as f64 / (k - i) as f64).product();
            choose * libm::pow(p, k as f64) * libm::pow(1.0 - p, (n - k) as f64)
        };
        for (count, all, share) in [(0, 12, 0.3), (12, 12, 0.3), (3, 12, 0.3), (30, 40, 0.5), (7, 25, 0.1)] {
            let below: f64 = (0..=count).map(|k| binomial(k, all, share)).sum();
            let above: f64 = (count..=all).map(|k| binomial(k, all, share)).sum();
            let expected = (2.0 * below.min(above)).min(1.0);
            let found = p_of_difference(count, all, share);
            assert!((found - expected).abs() < 1e-12, "{count} {found} {expected}");
        }
        assert_eq!((p_of_difference(0, 0, 0.4), p_of_difference(5, 5, 1.0)), (1.0, 1.0));
    }

    #[test]
    fn ratios_add_up_to_the_whole() {
        let mut stream = Seed(4).stream(0);
        let counts: Vec<u64> = (0..40).map(|_| u64::from(stream.below(60))).collect();
        let populations: Vec<_> = (0..40).map(|i| (i % 7 != 0).then(|| 500 + stream.below(9_000))).collect();
        let found = rates(&counts, &populations, &Neighbours::default());
        let expected: f64 = found.areas.iter().flatten().map(|area| area.expected).sum();
        assert!((expected - found.count as f64).abs() < 1e-9);
        for (area, row) in found.areas.iter().enumerate() {
            assert_eq!(row.is_some(), populations[area].is_some());
            let Some(row) = row else { continue };
            assert!(row.rate.interval.0 <= row.rate.per_1000 && row.rate.per_1000 <= row.rate.interval.1);
            assert!(row.p <= row.p_adjusted);
            let overall = found.overall.unwrap().per_1000;
            assert!((row.ratio.unwrap().ratio - row.rate.per_1000 / overall).abs() < 1e-9);
        }
    }

    #[test]
    fn absent_populations_are_absent_and_not_zero() {
        let found = rates(&[5, 7, 9], &[None, Some(0)], &Neighbours::default());
        assert_eq!((found.areas, found.overall, found.population, found.count), (vec![None; 3], None, 0, 0));
        assert!(rates(&[], &[], &Neighbours::default()).areas.is_empty());
    }

    #[test]
    fn without_any_incident_rates_are_zero_and_nothing_stands_out() {
        let found = rates(&[0, 0], &[Some(100), Some(900)], &Neighbours::default());
        for area in found.areas.into_iter().flatten() {
            assert_eq!((area.rate.per_1000, area.expected, area.ratio, area.p), (0.0, 0.0, None, 1.0));
            assert_eq!((area.smoothed.per_1000, area.smoothed_locally.per_1000), (0.0, 0.0));
            assert!(area.rate.interval.1 > 0.0);
        }
    }

    #[test]
    fn one_area_is_the_whole() {
        let area = rates(&[12], &[Some(3_000)], &Neighbours::from_rows(1, [])).areas[0].unwrap();
        assert_eq!((area.p, area.ratio.unwrap().ratio, area.smoothed.per_1000), (1.0, 1.0, 4.0));
    }
}
