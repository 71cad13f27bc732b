//! Whether there were more incidents than before, or whether the difference is what chance gives.
//!
//! Both counts are taken as Poisson: incidents that happen one by one at a rate per day. Incidents that
//! come in series make counts vary more than that, and differences look surer than they are.

use super::{
    distribution::{Table, clopper_pearson},
    level::Confidence,
};

/// Incidents, and the days in which they were counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Incidents; each is one, whatever its weight.
    pub incidents: u64,
    /// Days.
    pub days: u32,
}

/// The incidents a day of one period against those of the period before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateChange {
    /// Incidents a day now over incidents a day before; `None` where there were none before.
    pub ratio: Option<f64>,
    /// Lower end of the exact interval of the ratio.
    pub low: f64,
    /// Its upper end; `None` where there is no limit, as there were no incidents before.
    pub high: Option<f64>,
    /// p of the exact conditional test, 0…1. Below 10⁻³⁰⁰ it is given as 0.
    pub p_exact: f64,
    /// p of the E-test, 0…1. Below 10⁻³⁰⁰ it is given as 0.
    pub p_e_test: f64,
}

/// The change of the rate per day, with an exact interval and two tests that it is 1. `None` where there were
/// no incidents in either period, or no days in one: there is nothing to test.
///
/// **Exact conditional test**: given the sum of both counts, that of now is binomial with the share of days
/// that fell to it. Przyborowski, J. and Wilenski, H. (1940), doi 10.1093/biomet/31.3-4.313. Two-sided as
/// twice the smaller tail, at most 1, which agrees with the interval: p ≤ 1 − confidence just where the
/// interval leaves out 1 (Fay, M. P. 2010, doi 10.32614/RJ-2010-008). The interval is that of Clopper and
/// Pearson for the binomial share π, as π/(1 − π) · days before / days now.
///
/// **E-test**: the probability, over both Poisson distributions with the pooled rate, of a standardised
/// difference as great as the one seen. Krishnamoorthy, K. and Thomson, J. (2004), doi
/// 10.1016/S0378-3758(02)00408-1, eq. 3.5. It finds more than the exact test, which errs on the safe side.
///
/// Cost: about 75 standard deviations of steps for a test, a hundred times that for the interval.
///
/// # Example
/// ```
/// use hotspots::analysis::time::{change::{Counted, rate_change}, level::Confidence};
/// let before = Counted { incidents: 20, days: 31 };
/// let now = Counted { incidents: 33, days: 28 };
/// let change = rate_change(before, now, Confidence::default()).unwrap();
/// assert!((change.ratio.unwrap() - 1.826_786).abs() < 1e-6);
/// assert!(change.low > 1.0 && change.p_exact < 0.05);
/// ```
pub fn rate_change(before: Counted, now: Counted, confidence: Confidence) -> Option<RateChange> {
    let (n, all) = (now.incidents, now.incidents.saturating_add(before.incidents));
    if all == 0 || before.days == 0 || now.days == 0 {
        return None;
    }
    let exposure = f64::from(before.days) / f64::from(now.days);
    let (low, high) = clopper_pearson(n, all, confidence.tail());
    let odds = |share: f64| share / (1.0 - share) * exposure;
    Some(RateChange {
        ratio: (before.incidents > 0).then(|| n as f64 / before.incidents as f64 * exposure),
        low: odds(low),
        high: (before.incidents > 0).then(|| odds(high)),
        p_exact: exact_test(before, now),
        p_e_test: e_test(before, now),
    })
}

fn exact_test(before: Counted, now: Counted) -> f64 {
    let share = f64::from(now.days) / (f64::from(now.days) + f64::from(before.days));
    let table = Table::binomial(now.incidents.saturating_add(before.incidents), share);
    let tail = table.at_least(now.incidents).min(table.at_most(now.incidents));
    (2.0 * tail).min(1.0)
}

/// The standardised difference grows with one count and falls with the other. So for each count of now the
/// counts of before that are as extreme lie outside two limits, which only move up: one walk finds them all.
fn e_test(before: Counted, now: Counted) -> f64 {
    let days = [f64::from(now.days), f64::from(before.days)];
    let statistic = |now: f64, before: f64| {
        let rates = [now / days[0], before / days[1]];
        let variance = rates[0] / days[0] + rates[1] / days[1];
        if variance > 0.0 { (rates[0] - rates[1]) / variance.sqrt() } else { 0.0 }
    };
    // Counts that are as extreme in other order may differ in the last bit.
    let seen = statistic(now.incidents as f64, before.incidents as f64).abs() * (1.0 - 1e-9);
    if seen <= 0.0 {
        return 1.0;
    }
    let pooled = (now.incidents as f64 + before.incidents as f64) / (days[0] + days[1]);
    let [of_now, of_before] = days.map(|days| Table::poisson(pooled * days));
    let probabilities = of_before.probabilities();
    let count = |index: usize| of_before.first() as f64 + index as f64;
    // Below `low` the counts of before are extremely few, from `high` on extremely many.
    let (mut low, mut high) = (0, 0);
    let mut few = 0.0;
    let mut many: Vec<f64> = vec![0.0; probabilities.len() + 1];
    for (index, p) in probabilities.iter().enumerate().rev() {
        many[index] = many[index + 1] + p;
    }
    let mut sum = 0.0;
    for (index, p) in of_now.probabilities().iter().enumerate() {
        let k = of_now.first() as f64 + index as f64;
        while low < probabilities.len() && statistic(k, count(low)) >= seen {
            few += probabilities[low];
            low += 1;
        }
        while high < probabilities.len() && statistic(k, count(high)) > -seen {
            high += 1;
        }
        sum += p * (few + many[high]);
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Seeded;

    fn counted(incidents: u64, days: u32) -> Counted {
        Counted { incidents, days }
    }

    fn change(before: (u64, u32), now: (u64, u32)) -> RateChange {
        rate_change(counted(before.0, before.1), counted(now.0, now.1), Confidence::default()).unwrap()
    }

    /// The E-test as its double sum.
    fn naive_e_test(before: Counted, now: Counted) -> f64 {
        let (n1, n2) = (f64::from(now.days), f64::from(before.days));
        let t = |k1: f64, k2: f64| {
            let variance = k1 / (n1 * n1) + k2 / (n2 * n2);
            if variance > 0.0 { (k1 / n1 - k2 / n2) / variance.sqrt() } else { 0.0 }
        };
        let (x1, x2) = (now.incidents as f64, before.incidents as f64);
        let pooled = (x1 + x2) / (n1 + n2);
        let poisson = |mean: f64| {
            let mut p = (-mean).exp();
            (0..400).map(move |k| {
                let this = p;
                p *= mean / (f64::from(k) + 1.0);
                this
            })
        };
        let mut sum = 0.0;
        for (k1, p1) in poisson(n1 * pooled).enumerate() {
            for (k2, p2) in poisson(n2 * pooled).enumerate() {
                if t(k1 as f64, k2 as f64).abs() >= t(x1, x2).abs() - 1e-10 {
                    sum += p1 * p2;
                }
            }
        }
        sum.min(1.0)
    }

    #[test]
    fn the_e_test_is_its_double_sum() {
        let mut seeded = Seeded::new(81);
        for _ in 0..12 {
            let mut draw = |end: usize| u64::try_from(seeded.below(end)).unwrap();
            let before = counted(draw(40), u32::try_from(28 + draw(40)).unwrap());
            let now = counted(1 + draw(40), u32::try_from(28 + draw(40)).unwrap());
            let (fast, naive) = (e_test(before, now), naive_e_test(before, now));
            assert!((fast - naive).abs() < 1e-10, "{before:?} {now:?}: {fast} {naive}");
        }
    }

    #[test]
    fn tests_and_interval_are_those_of_statsmodels_and_scipy() {
        // (before, days, now, days), E-test (`test_poisson_2indep`, etest-wald), twice the smaller binomial
        // tail, and the interval from quantiles of the beta distribution.
        let cases = [
            ((20, 31), (33, 28), 0.032_785_692_303, 0.042_997_660_011, 1.017_643_804, Some(3.359_444_619)),
            ((0, 31), (9, 31), 0.001_193_332_455, 0.003_906_25, 1.973_826_312, None),
            ((30, 365), (60, 366), 0.001_526_074_757, 0.002_151_319_052, 1.266_423_487, Some(3.202_949_415)),
            ((41, 59), (15, 62), 0.000_240_395_735, 0.000_345_422_261, 0.179_005_428, Some(0.642_432_720)),
            ((3, 31), (0, 28), 0.089_612_536_732, 0.290_107_557_248, 0.0, Some(2.679_232_453)),
            (
                (1_043, 365),
                (1_180, 366),
                0.004_487_078_037,
                0.004_790_437_045,
                1.037_203_520,
                Some(1.227_447_079),
            ),
            ((7, 92), (2, 90), 0.111_497_313_236, 0.190_744_277_754, 0.029_603_610, Some(1.533_931_305)),
        ];
        for (before, now, e_test, exact, low, high) in cases {
            let found = change(before, now);
            // The other implementation sums over a shorter range.
            assert!((found.p_e_test - e_test).abs() < 1e-7, "{found:?} {e_test}");
            assert!((found.p_exact - exact).abs() < 1e-11, "{found:?} {exact}");
            assert!((found.low - low).abs() < 1e-8, "{found:?} {low}");
            assert_eq!(found.high.is_some(), high.is_some());
            assert!((found.high.unwrap_or(0.0) - high.unwrap_or(0.0)).abs() < 1e-8, "{found:?}");
        }
    }

    #[test]
    fn test_and_interval_agree() {
        let mut seeded = Seeded::new(82);
        for _ in 0..200 {
            let mut draw = |end: usize| u64::try_from(seeded.below(end)).unwrap();
            let found = change((draw(30), 59), (1 + draw(30), 62));
            let holds_one = found.low <= 1.0 && found.high.is_none_or(|high| high >= 1.0);
            assert_eq!(found.p_exact > 0.05, holds_one, "{found:?}");
        }
    }

    #[test]
    fn exchanging_the_periods_inverts_the_ratio() {
        let (one, other) = (change((14, 31), (29, 28)), change((29, 28), (14, 31)));
        assert!((one.p_exact - other.p_exact).abs() < 1e-14 && (one.p_e_test - other.p_e_test).abs() < 1e-14);
        let inverse = |a: f64, b: Option<f64>| (a * b.unwrap() - 1.0).abs() < 1e-9;
        assert!(inverse(one.ratio.unwrap(), other.ratio));
        assert!(inverse(one.low, other.high) && inverse(other.low, one.high));
    }

    #[test]
    fn no_incidents_before_or_now_or_at_all_are_defined() {
        let none = |before, now| rate_change(before, now, Confidence::default()).is_none();
        assert!(none(counted(0, 31), counted(0, 28)));
        assert!(none(counted(3, 0), counted(4, 31)) && none(counted(3, 31), counted(4, 0)));
        let new = change((0, 31), (9, 31));
        assert!(new.ratio.is_none() && new.high.is_none() && new.low > 1.0);
        assert!((new.p_exact - 2.0 / 512.0).abs() < 1e-15, "all nine heads, or all nine tails");
        let gone = change((9, 31), (0, 31));
        assert!(gone.ratio == Some(0.0) && gone.low == 0.0 && gone.high.unwrap() < 1.0);
    }

    #[test]
    fn equal_rates_are_no_evidence() {
        let same = change((600, 60), (300, 30));
        assert_eq!((same.ratio, same.p_exact, same.p_e_test), (Some(1.0), 1.0, 1.0));
        let large = change((1_000_000, 365), (1_004_000, 365));
        assert!(
            large.p_exact > 0.004 && large.p_exact < 0.006 && (large.p_exact - large.p_e_test).abs() < 1e-4
        );
    }
}
