//! Between which limits the rates of areas lie where chance alone makes them differ: a funnel, narrow for many
//! people and wide for few.
//!
//! Spiegelhalter, D. J. (2005), Funnel plots for comparing institutional performance, doi 10.1002/sim.1970.

use statrs::function::gamma::gamma_ur;

/// Limits of an area's rate per 1,000.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Funnel {
    /// The rate of all areas together.
    pub target: f64,
    /// Where 95 of 100 areas lie by chance.
    pub limits_95: (f64, f64),
    /// Where 998 of 1,000 areas lie by chance.
    pub limits_998: (f64, f64),
}

/// Where a rate lies in its funnel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Below the limits of 99.8 %.
    Below998,
    /// Below the limits of 95 %, and not of 99.8 %.
    Below95,
    /// Inside the limits of 95 %.
    Inside,
    /// Above the limits of 95 %, and not of 99.8 %.
    Above95,
    /// Above the limits of 99.8 %.
    Above998,
}

impl Place {
    /// The word for it in tables: `above-99.8`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Below998 => "below-99.8",
            Self::Below95 => "below-95",
            Self::Inside => "inside",
            Self::Above95 => "above-95",
            Self::Above998 => "above-99.8",
        }
    }
}

impl Funnel {
    /// The funnel of an area with `population` people, above 0, at a common rate of `target` per 1,000.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::rates::funnel::{Funnel, Place};
    /// let funnel = Funnel::of(10.0, 1_000); // ten incidents are expected
    /// assert!((funnel.limits_95.0 - 3.775).abs() < 1e-3 && (funnel.limits_95.1 - 16.16).abs() < 1e-3);
    /// assert_eq!(funnel.place(17.0), Place::Above95);
    /// ```
    pub fn of(target: f64, population: u32) -> Self {
        let people = f64::from(population);
        let expected = target * people / 1_000.0;
        let rate = |p: f64| poisson_limit(expected, p) * 1_000.0 / people;
        Self { target, limits_95: (rate(0.025), rate(0.975)), limits_998: (rate(0.001), rate(0.999)) }
    }

    /// Where a rate per 1,000 lies. One that is on a limit is inside it.
    pub fn place(&self, per_1000: f64) -> Place {
        if per_1000 < self.limits_998.0 {
            Place::Below998
        } else if per_1000 < self.limits_95.0 {
            Place::Below95
        } else if per_1000 > self.limits_998.1 {
            Place::Above998
        } else if per_1000 > self.limits_95.1 {
            Place::Above95
        } else {
            Place::Inside
        }
    }
}

/// The p quantile of a Poisson count with that mean, made continuous between the counts: with r the least count
/// of which the cumulative probability F(r) is at least p, it is r − (F(r) − p) / (F(r) − F(r − 1)), and not below
/// 0. Spiegelhalter (2005), appendix A.1.1.
///
/// # Example
/// ```
/// use hotspots::analysis::rates::funnel::poisson_limit;
/// assert!((poisson_limit(10.0, 0.975) - 16.160).abs() < 1e-3);
/// assert_eq!(poisson_limit(0.0, 0.975), 0.0);
/// ```
pub fn poisson_limit(mean: f64, p: f64) -> f64 {
    if mean <= 0.0 {
        return 0.0;
    }
    let cumulative = |count: f64| if count < 0.0 { 0.0 } else { gamma_ur(count + 1.0, mean) };
    // Farther from the mean than any quantile that is asked for.
    let (mut below, mut at) = (-1.0, (mean + 10.0 * mean.sqrt() + 20.0).ceil());
    while at - below > 1.0 {
        let middle = f64::midpoint(below, at).floor();
        if cumulative(middle) < p { below = middle } else { at = middle }
    }
    let (before, here) = (cumulative(below), cumulative(at));
    let part = if here > before { (here - p) / (here - before) } else { 0.0 };
    (at - part).max(0.0)
}

/// How much more counts differ from what is expected than chance makes them: the mean of the squared standardised
/// differences (count − expected)² / expected, of which the tenth at each end is drawn in to the next. 1 is
/// chance; `None` for fewer than two areas with anything expected. Spiegelhalter (2005), section 3.2.
///
/// # Example
/// ```
/// use hotspots::analysis::rates::funnel::overdispersion;
/// let phi = overdispersion([(14, 10.0), (6, 10.0), (10, 10.0)]).unwrap();
/// assert!((phi - 3.2 / 3.0).abs() < 1e-12);
/// ```
pub fn overdispersion(areas: impl IntoIterator<Item = (u64, f64)>) -> Option<f64> {
    let mut scores: Vec<f64> = areas
        .into_iter()
        .filter(|(_, expected)| *expected > 0.0)
        .map(|(count, expected)| (count as f64 - expected) / expected.sqrt())
        .collect();
    scores.sort_unstable_by(f64::total_cmp);
    let tenth = scores.len() / 10;
    let (least, most) = (*scores.get(tenth)?, *scores.get(scores.len().checked_sub(tenth + 1)?)?);
    let squares: f64 = scores.iter().map(|score| score.clamp(least, most).powi(2)).sum();
    (scores.len() > 1).then(|| squares / scores.len() as f64)
}

/// Whether an overdispersion of `areas` areas is more than chance gives: above 1 by two standard deviations of the
/// mean of so many squares, 1 + 2 √(2 / areas).
pub fn is_overdispersed(phi: f64, areas: usize) -> bool {
    phi > 1.0 + 2.0 * (2.0 / areas as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same from the probabilities themselves.
    fn naive_limit(mean: f64, p: f64) -> f64 {
        let (mut this, mut before, mut r) = ((-mean).exp(), 0.0, 0.0);
        loop {
            let here = before + this;
            if here >= p {
                return (r - (here - p) / this).max(0.0);
            }
            before = here;
            r += 1.0;
            this *= mean / r;
        }
    }

    #[test]
    fn limits_are_those_of_the_probabilities_added_up() {
        for mean in [0.05, 0.7, 3.0, 10.0, 42.5, 180.0, 600.0] {
            for p in [0.001, 0.025, 0.5, 0.975, 0.999] {
                let (fast, naive) = (poisson_limit(mean, p), naive_limit(mean, p));
                assert!((fast - naive).abs() < 1e-6, "{mean} {p}: {fast} {naive}");
            }
        }
    }

    #[test]
    fn funnels_are_nested_around_their_target_and_narrow_with_people() {
        let mut width = f64::INFINITY;
        for population in [50, 400, 3_000, 20_000, 1_000_000] {
            let Funnel { target, limits_95, limits_998 } = Funnel::of(8.0, population);
            assert!(limits_998.0 <= limits_95.0 && limits_95.0 <= target);
            assert!(target <= limits_95.1 && limits_95.1 < limits_998.1);
            assert!(limits_998.1 - limits_998.0 < width);
            width = limits_998.1 - limits_998.0;
        }
        let none = Funnel::of(0.0, 100);
        assert_eq!((none.limits_998, none.place(0.0)), ((0.0, 0.0), Place::Inside));
    }

    #[test]
    fn places_go_by_the_limits() {
        let funnel = Funnel { target: 5.0, limits_95: (3.0, 7.0), limits_998: (2.0, 8.0) };
        let places = [1.9, 2.0, 2.9, 3.0, 5.0, 7.0, 7.1, 8.0, 8.1].map(|rate| funnel.place(rate).as_str());
        let expected = [
            "below-99.8",
            "below-95",
            "below-95",
            "inside",
            "inside",
            "inside",
            "above-95",
            "above-95",
            "above-99.8",
        ];
        assert_eq!(places, expected);
    }

    #[test]
    fn overdispersion_draws_in_the_ends() {
        let even = (0..20).map(|_| (10_u64, 10.0));
        assert_eq!(overdispersion(even.clone()), Some(0.0));
        let with_extremes = even.chain([(1_000, 10.0), (0, 0.0)]);
        assert_eq!(overdispersion(with_extremes), Some(0.0));
        assert_eq!(
            (overdispersion([]), overdispersion([(3, 1.0)]), overdispersion([(3, 0.0); 4])),
            (None, None, None)
        );
        assert!(is_overdispersed(2.0, 24) && !is_overdispersed(1.5, 24));
    }
}
