//! The binomial and the Poisson distribution as tables, whose tails are exact to rounding for any numbers.

/// The probabilities of a run of whole numbers. What lies outside of it has less than 10⁻³⁰⁰ of the most
/// likely number's probability.
#[derive(Clone, Debug)]
pub struct Table {
    first: u64,
    probabilities: Vec<f64>,
}

/// Probabilities below this part of the greatest are left out.
const LEAST: f64 = 1e-300;

impl Table {
    /// The number of successes in `trials` of probability `p`, held to 0…1.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::time::distribution::Table;
    /// // 56 of the 1,024 outcomes of ten fair coins have eight heads or more.
    /// assert!((Table::binomial(10, 0.5).at_least(8) - 56.0 / 1_024.0).abs() < 1e-15);
    /// ```
    pub fn binomial(trials: u64, p: f64) -> Self {
        let p = p.clamp(0.0, 1.0);
        if p >= 1.0 {
            return Self { first: trials, probabilities: vec![1.0] };
        }
        let odds = p / (1.0 - p);
        let n = trials as f64;
        Self::from_mode(((n + 1.0) * p).floor().min(n), |k| (n - k) / (k + 1.0) * odds)
    }

    /// The number of events where `mean` are expected, finite and not negative.
    pub fn poisson(mean: f64) -> Self {
        Self::from_mode(mean.floor(), |k| mean / (k + 1.0))
    }

    /// Multiplies outwards from the most likely number, so that nothing is lost to the logarithm of a
    /// factorial. `ratio(k)` is the probability of k + 1 over that of k.
    fn from_mode(mode: f64, ratio: impl Fn(f64) -> f64) -> Self {
        let outwards = |step: &dyn Fn(f64) -> f64, end: f64| {
            let mut tail = Vec::new();
            let (mut k, mut p) = (mode, 1.0);
            while (end - k).abs() > 0.5 {
                p *= step(k);
                if p < LEAST {
                    break;
                }
                tail.push(p);
                k += (end - k).signum();
            }
            tail
        };
        let above = outwards(&ratio, f64::INFINITY);
        let mut probabilities = outwards(&|k| 1.0 / ratio(k - 1.0), 0.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number from 0")]
        let first = mode as u64 - probabilities.len() as u64;
        probabilities.reverse();
        probabilities.push(1.0);
        probabilities.extend(above);
        let sum: f64 = probabilities.iter().sum();
        for p in &mut probabilities {
            *p /= sum;
        }
        Self { first, probabilities }
    }

    /// The first number of the table.
    pub fn first(&self) -> u64 {
        self.first
    }

    /// The probabilities from [`first`](Self::first) on.
    pub fn probabilities(&self) -> &[f64] {
        &self.probabilities
    }

    /// P(X ≤ k).
    pub fn at_most(&self, k: u64) -> f64 {
        let Some(index) = k.checked_sub(self.first) else { return 0.0 };
        let end = usize::try_from(index.saturating_add(1)).unwrap_or(usize::MAX);
        add(self.probabilities.iter().take(end))
    }

    /// P(X ≥ k).
    pub fn at_least(&self, k: u64) -> f64 {
        let start = usize::try_from(k.saturating_sub(self.first)).unwrap_or(usize::MAX);
        // From the small ones to the large ones.
        add(self.probabilities.iter().skip(start).rev())
    }
}

/// A probability from its parts; `sum` makes −0 of none.
fn add<'a>(parts: impl Iterator<Item = &'a f64>) -> f64 {
    parts.fold(0.0, |sum, p| sum + p).min(1.0)
}

/// The shares of the population that a sample with `successes` of `trials` leaves possible, each limit with
/// `tail` of probability beyond it: Clopper, C. J. and Pearson, E. S. (1934), doi 10.1093/biomet/26.4.404.
/// 0…1 where there were no trials.
///
/// # Example
/// ```
/// use hotspots::analysis::time::distribution::clopper_pearson;
/// let (low, high) = clopper_pearson(8, 10, 0.025);
/// assert!((low - 0.443_905).abs() < 1e-6 && (high - 0.974_789).abs() < 1e-6);
/// ```
pub fn clopper_pearson(successes: u64, trials: u64, tail: f64) -> (f64, f64) {
    let low = if successes == 0 {
        0.0
    } else {
        first_where(|p| Table::binomial(trials, p).at_least(successes) >= tail)
    };
    let high = if successes >= trials {
        1.0
    } else {
        first_where(|p| Table::binomial(trials, p).at_most(successes) < tail)
    };
    (low, high)
}

/// The probability from which on `holds`, to the last bits.
fn first_where(holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    // Small limits need more halvings than large ones; 100 are the last bit of 10⁻¹⁵.
    for _ in 0..100 {
        let middle = low + (high - low) / 2.0;
        if high - low <= 1e-15 * high || middle <= low || middle >= high {
            break;
        }
        if holds(middle) { high = middle } else { low = middle }
    }
    low + (high - low) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ln_factorial(n: u64) -> f64 {
        (2..=n).map(|k| (k as f64).ln()).sum()
    }

    #[test]
    fn tables_are_the_formulas() {
        for (n, p) in [(0_u64, 0.3), (1, 0.0), (1, 1.0), (9, 0.5), (40, 0.03), (200, 0.9)] {
            let table = Table::binomial(n, p);
            for k in 0..=n {
                let ln_choose = ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k);
                let expected = ln_choose.exp() * f64::powf(p, k as f64) * f64::powf(1.0 - p, (n - k) as f64);
                let index = usize::try_from(k).unwrap().checked_sub(usize::try_from(table.first()).unwrap());
                let got = index.and_then(|i| table.probabilities().get(i)).copied().unwrap_or(0.0);
                assert!((got - expected).abs() < 1e-13, "{n} {p} {k}: {got} {expected}");
            }
        }
        for mean in [0.0, 0.4, 1.0, 7.3, 300.0] {
            let table = Table::poisson(mean);
            for k in 0..600_u64 {
                let expected = (f64::powf(mean, k as f64).ln() - mean - ln_factorial(k)).exp();
                let expected = if mean == 0.0 { f64::from(u8::from(k == 0)) } else { expected };
                let index = usize::try_from(k).unwrap().checked_sub(usize::try_from(table.first()).unwrap());
                let got = index.and_then(|i| table.probabilities().get(i)).copied().unwrap_or(0.0);
                if f64::powf(mean, k as f64).is_finite() {
                    assert!((got - expected).abs() < 1e-12, "{mean} {k}: {got} {expected}");
                }
            }
        }
    }

    #[test]
    fn tails_meet_and_reach_far_out() {
        let table = Table::binomial(1_000_000, 0.4);
        assert!((table.at_most(400_100) + table.at_least(400_101) - 1.0).abs() < 1e-12);
        assert!(table.at_least(410_000) > 0.0 && table.at_least(410_000) < 1e-90);
        assert_eq!((table.at_most(0), table.at_least(1_000_001)), (0.0, 0.0));
        assert!((table.at_least(0) - 1.0).abs() < 1e-12 && table.at_least(1_000_001).is_sign_positive());
        assert_eq!((Table::poisson(0.0).at_least(1), Table::poisson(0.0).at_most(0)), (0.0, 1.0));
    }

    #[test]
    fn limits_leave_the_tail_beyond_them() {
        for (x, n) in [(1_u64, 1_u64), (0, 7), (3, 9), (50, 60), (7_000, 20_000)] {
            for tail in [0.025, 0.2] {
                let (low, high) = clopper_pearson(x, n, tail);
                if x > 0 {
                    assert!((Table::binomial(n, low).at_least(x) - tail).abs() < 1e-9);
                }
                if x < n {
                    assert!((Table::binomial(n, high).at_most(x) - tail).abs() < 1e-9);
                }
                assert!(low <= x as f64 / n as f64 && x as f64 / n as f64 <= high);
            }
        }
        assert_eq!(clopper_pearson(0, 0, 0.025), (0.0, 1.0));
        // Without a success the upper limit has a closed form.
        assert!((clopper_pearson(0, 12, 0.025).1 - (1.0 - 0.025_f64.powf(1.0 / 12.0))).abs() < 1e-14);
    }
}
