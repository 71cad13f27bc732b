//! Means over windows, and how sure it is that one map is better than another.

use statrs::distribution::{Binomial, DiscreteCDF};

use crate::analysis::{order::quantile, random::Stream};

/// A figure over windows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    /// Windows in which it has a value.
    pub windows: usize,
    /// Its mean; `None` without any.
    pub mean: Option<f64>,
    /// Its standard deviation (divisor n − 1); `None` below two windows.
    pub sd: Option<f64>,
}

impl Spread {
    /// Mean and spread of the values that there are.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::accuracy::backtest::Spread;
    /// let spread = Spread::of(&[Some(1.0), None, Some(3.0)]);
    /// assert_eq!((spread.windows, spread.mean, spread.sd), (2, Some(2.0), Some(2_f64.sqrt())));
    /// ```
    pub fn of(values: &[Option<f64>]) -> Self {
        let values: Vec<f64> = values.iter().flatten().copied().collect();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Self {
            windows: values.len(),
            mean: (!values.is_empty()).then_some(mean),
            sd: (values.len() > 1).then(|| (squares / (n - 1.0)).sqrt()),
        }
    }
}

/// One map against the best, window by window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Windows in which both have a value.
    pub windows: usize,
    /// Windows in which it was better.
    pub wins: usize,
    /// Windows in which it was worse.
    pub losses: usize,
    /// Its mean less that of the best, over these windows.
    pub mean_difference: Option<f64>,
    /// Where the middle 95 % of the mean differences of resampled windows lie; `None` below two windows.
    pub interval_95: Option<(f64, f64)>,
    /// The two-sided p-value of the sign test: how often fair coins would be as one-sided as wins and
    /// losses. Equal windows are left out; `None` where no window differs.
    pub sign_test_p: Option<f64>,
}

impl Comparison {
    /// Compares window by window. The interval is that of the percentile bootstrap: `resamples` times as
    /// many windows are drawn as there are, each as often as chance has it.
    /// Efron, B. and Tibshirani, R. J. (1993). *An Introduction to the Bootstrap*, chapter 13.
    pub fn of(own: &[Option<f64>], best: &[Option<f64>], resamples: u32, mut stream: Stream) -> Self {
        let pairs = own.iter().zip(best).filter_map(|(own, best)| own.zip(*best));
        let differences: Vec<f64> = pairs.map(|(own, best)| own - best).collect();
        let windows = differences.len();
        let wins = differences.iter().filter(|difference| **difference > 0.0).count();
        let losses = differences.iter().filter(|difference| **difference < 0.0).count();
        let mean = |sum: f64| sum / windows as f64;
        let draws = u32::try_from(windows).unwrap_or(u32::MAX);
        let mut resampled = || mean((0..draws).map(|_| differences[stream.below(draws) as usize]).sum());
        let interval_95 = (windows > 1 && resamples > 0).then(|| {
            let mut means: Vec<f64> = (0..resamples).map(|_| resampled()).collect();
            means.sort_unstable_by(f64::total_cmp);
            quantile(&means, 0.025).zip(quantile(&means, 0.975))
        });
        Self {
            windows,
            wins,
            losses,
            mean_difference: (windows > 0).then(|| mean(differences.iter().sum())),
            interval_95: interval_95.flatten(),
            sign_test_p: sign_test_p(wins, losses),
        }
    }
}

fn sign_test_p(wins: usize, losses: usize) -> Option<f64> {
    let coins = Binomial::new(0.5, (wins + losses) as u64).ok().filter(|_| wins + losses > 0)?;
    Some((2.0 * coins.cdf(wins.min(losses) as u64)).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::random::Seed;

    fn compared(differences: &[f64]) -> Comparison {
        let own: Vec<_> = differences.iter().map(|difference| Some(2.0 + difference)).collect();
        Comparison::of(&own, &vec![Some(2.0); differences.len()], 999, Seed(1).stream(0))
    }

    #[test]
    fn the_sign_test_is_that_of_coins() {
        // 0 of 6: 2/64. 1 of 6: 2·7/64. 3 of 6: certain.
        let p = |wins, losses| sign_test_p(wins, losses);
        assert!((p(0, 6).unwrap() - 2.0 / 64.0).abs() < 1e-12);
        assert!((p(5, 1).unwrap() - 14.0 / 64.0).abs() < 1e-12);
        assert_eq!((p(3, 3), p(0, 0)), (Some(1.0), None));
    }

    #[test]
    fn a_map_that_is_always_worse_is_surely_worse() {
        let always = compared(&[-0.5, -0.4, -0.6, -0.5, -0.3, -0.7, -0.5, -0.5]);
        assert_eq!((always.wins, always.losses, always.windows), (0, 8, 8));
        let (low, high) = always.interval_95.unwrap();
        assert!(low < -0.5 && high > -0.5 && high < -0.3 && low > -0.7, "{low} {high}");
        assert!((always.mean_difference.unwrap() + 0.5).abs() < 1e-12);
        let either = compared(&[-0.5, 0.5, -0.4, 0.4, 0.0]);
        let (low, high) = either.interval_95.unwrap();
        assert!(low < 0.0 && high > 0.0 && either.sign_test_p == Some(1.0) && either.wins == 2);
    }

    #[test]
    fn few_windows_are_defined() {
        let none = Comparison::of(&[None, Some(1.0)], &[Some(2.0), None], 99, Seed(1).stream(0));
        assert_eq!((none.windows, none.mean_difference, none.interval_95), (0, None, None));
        assert_eq!(compared(&[0.25]).interval_95, None);
        assert_eq!(compared(&[0.25]).mean_difference, Some(0.25));
        assert_eq!(Spread::of(&[]), Spread::default());
        assert_eq!(Spread::of(&[Some(2.0)]), Spread { windows: 1, mean: Some(2.0), sd: None });
    }
}
