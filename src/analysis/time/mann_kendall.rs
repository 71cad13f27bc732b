//! Whether a series goes up or down: the Mann-Kendall test, and Sen's slope.

use std::cmp::Ordering;

use crate::analysis::{normal, order};

use super::level::Confidence;

/// The Mann-Kendall test of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MannKendall {
    /// Number of values.
    pub steps: usize,
    /// Pairs in which the later value is the higher one, less those in which it is the lower one.
    pub s: i64,
    /// Variance of S without trend, less for ties.
    pub variance: f64,
    /// S as a standard normal value, drawn by 1 towards 0 because S goes in steps; 0 where S is 0.
    pub z: f64,
    /// Two-sided probability of so large a |z|, 0…1.
    pub p: f64,
}

/// Beyond this many values the normal approximation serves as well.
const MOST_EXACT: usize = 30;

/// The Mann-Kendall test: Mann, H. B. (1945), doi 10.2307/1907187; Kendall, M. G. (1975), Rank Correlation
/// Methods, with the variance corrected for ties:
///
/// S = Σ sgn(xⱼ − xᵢ) over i < j, Var = [T(T−1)(2T+5) − Σ t(t−1)(2t+5)]/18 over groups of t equal values,
/// Z = (S ∓ 1)/√Var.
///
/// A series of fewer than two values, or of equal ones, has S = 0 and p = 1. With fewer than five values
/// no p can be below 0.05. Cost: T²/2 comparisons.
///
/// # Example
/// ```
/// use hotspots::analysis::time::mann_kendall::mann_kendall;
/// let test = mann_kendall(&[1.0, 3.0, 2.0, 2.0, 5.0, 6.0]);
/// assert_eq!((test.s, test.variance), (10, 246.0 / 9.0));
/// assert!((test.p - 0.085_167_905_883_955_9).abs() < 1e-12);
/// ```
pub fn mann_kendall(series: &[f64]) -> MannKendall {
    let (mut s, mut ties) = (0_i64, 0_i64);
    for (index, value) in series.iter().enumerate() {
        let (mut higher, mut lower, mut equal) = (0_i64, 0_i64, 0_i64);
        for later in &series[index + 1..] {
            higher += i64::from(later > value);
            lower += i64::from(later < value);
            equal += i64::from(later.partial_cmp(value) == Some(Ordering::Equal));
        }
        s += higher - lower;
        // Over a group of t equal values, which see t − 1, t − 2 … 0 others, this adds up to t(t−1)(2t+5).
        ties += 6 * equal * (equal + 2);
    }
    let steps = series.len();
    let t = steps as f64;
    MannKendall::of(steps, s, (t * (t - 1.0) * (2.0 * t + 5.0) - ties as f64) / 18.0)
}

/// The seasonal Kendall test: Hirsch, R. M., Slack, J. R. and Smith, R. A. (1982), doi
/// 10.1029/WR018i001p00107. Januaries are compared with Januaries and so on, and S and its variance added
/// up, so that neither the season nor the length of months is taken for a trend. `None` with less than two
/// values of any season.
///
/// # Example
/// ```
/// use hotspots::analysis::time::mann_kendall::seasonal_kendall;
/// // Every quarter is up on that of the year before, though the year ends lower than it begins.
/// let test = seasonal_kendall(&[8.0, 6.0, 4.0, 2.0, 9.0, 7.0, 5.0, 3.0], 4).unwrap();
/// assert_eq!((test.s, test.variance), (4, 4.0));
/// ```
pub fn seasonal_kendall(series: &[f64], seasons: usize) -> Option<MannKendall> {
    if seasons == 0 || series.len() / seasons < 2 {
        return None;
    }
    let of_season = |season: usize| {
        let values: Vec<f64> = series.iter().skip(season).step_by(seasons).copied().collect();
        mann_kendall(&values)
    };
    let (s, variance) = (0..seasons)
        .map(of_season)
        .fold((0, 0.0), |(s, variance), test| (s + test.s, variance + test.variance));
    Some(MannKendall::of(series.len(), s, variance))
}

impl MannKendall {
    fn of(steps: usize, s: i64, variance: f64) -> Self {
        let towards_zero = s - s.signum();
        let z = if variance > 0.0 { towards_zero as f64 / variance.sqrt() } else { 0.0 };
        Self { steps, s, variance, z, p: normal::two_sided_p(z) }
    }

    /// Kendall's τₐ, S over the number of pairs, −1…1; `None` for fewer than two values.
    pub fn tau(&self) -> Option<f64> {
        let pairs = self.steps * self.steps.saturating_sub(1) / 2;
        (pairs > 0).then(|| self.s as f64 / pairs as f64)
    }
}

/// The exact two-sided probability of so large an |S| when every order of the values is as likely as the
/// others; `None` with ties, for which there is no table, with fewer than two values, and with more than 30,
/// for which the normal approximation serves as well. Kendall (1975), ch. 5.
///
/// # Example
/// ```
/// use hotspots::analysis::time::mann_kendall::exact_p;
/// // Of the 120 orders of five values two run one way all along.
/// assert!((exact_p(&[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap() - 2.0 / 120.0).abs() < 1e-15);
/// ```
pub fn exact_p(series: &[f64]) -> Option<f64> {
    let mut sorted = series.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let tied = sorted.windows(2).any(|pair| pair[0] >= pair[1]);
    if tied || !(2..=MOST_EXACT).contains(&series.len()) {
        return None;
    }
    // How often so many pairs stand in falling order, in parts of all orders: the n-th value stands before
    // 0 to n − 1 of the others.
    let mut falling = vec![1.0];
    for n in 2..=series.len() {
        let mut next = vec![0.0; falling.len() + n - 1];
        for (pairs, share) in falling.iter().enumerate() {
            for more in 0..n {
                next[pairs + more] += share / n as f64;
            }
        }
        falling = next;
    }
    let all = i64::try_from(falling.len()).ok()? - 1;
    let s = mann_kendall(series).s.abs();
    let extreme = falling.iter().zip(0..).filter(|&(_, pairs): &(_, i64)| (all - 2 * pairs).abs() >= s);
    Some(extreme.map(|(share, _)| share).sum::<f64>().min(1.0))
}

/// How steep a series is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SenSlope {
    /// The median of the slopes between all pairs, in units of the series a step.
    pub slope: f64,
    /// Lower end of its interval; `None` where the series is too short to give one.
    pub low: Option<f64>,
    /// Upper end of its interval; `None` where the series is too short to give one.
    pub high: Option<f64>,
}

/// Sen's slope: Sen, P. K. (1968), doi 10.2307/2285891. The interval takes the slopes of rank
/// (N ∓ z √Var)/2 of all N, rounded outwards, with the variance of S; `None` for fewer than two values.
/// Cost: T²/2 slopes, sorted.
///
/// # Example
/// ```
/// use hotspots::analysis::time::{level::Confidence, mann_kendall::sen_slope};
/// let slope = sen_slope(&[12.5, 10.0, 9.0, 8.5, 7.0, 3.0, 2.0], Confidence::default()).unwrap();
/// assert_eq!(slope.slope, -1.75);
/// ```
pub fn sen_slope(series: &[f64], confidence: Confidence) -> Option<SenSlope> {
    let mut slopes = Vec::with_capacity(series.len() * series.len().saturating_sub(1) / 2);
    for (index, value) in series.iter().enumerate() {
        let later = series[index + 1..].iter().enumerate();
        slopes.extend(later.map(|(between, later)| (later - value) / (between + 1) as f64));
    }
    slopes.sort_unstable_by(f64::total_cmp);
    let slope = order::quantile(&slopes, 0.5)?;
    let spread = -normal::quantile(confidence.tail()) * mann_kendall(series).variance.sqrt();
    let rank = ((slopes.len() as f64 - spread) / 2.0).floor();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 1 to the number of slopes"
    )]
    let rank = (rank >= 1.0).then_some(rank as usize);
    let low = rank.and_then(|rank| slopes.get(rank - 1)).copied();
    let high = rank.and_then(|rank| slopes.get(slopes.len() - rank)).copied();
    Some(SenSlope { slope, low, high })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Seeded;

    /// Ties by groups, as the formula has them.
    fn naive(series: &[f64]) -> (i64, f64) {
        let mut s = 0;
        for i in 0..series.len() {
            for j in i + 1..series.len() {
                s += i64::from(series[j] > series[i]) - i64::from(series[j] < series[i]);
            }
        }
        let mut groups: Vec<(f64, f64)> = Vec::new();
        for &value in series {
            match groups.iter_mut().find(|(known, _)| known.total_cmp(&value).is_eq()) {
                Some((_, size)) => *size += 1.0,
                None => groups.push((value, 1.0)),
            }
        }
        let term = |t: f64| t * (t - 1.0) * (2.0 * t + 5.0);
        let ties: f64 = groups.iter().map(|&(_, size)| term(size)).sum();
        (s, (term(series.len() as f64) - ties) / 18.0)
    }

    #[test]
    fn ties_are_taken_off_group_by_group() {
        let mut seeded = Seeded::new(91);
        for n in 0..40 {
            let series: Vec<_> = (0..n).map(|_| seeded.between(0.0, 6.0).floor()).collect();
            let test = mann_kendall(&series);
            assert_eq!((test.s, test.variance), naive(&series));
        }
    }

    #[test]
    fn turning_a_series_round_turns_its_signs() {
        let mut seeded = Seeded::new(92);
        let series: Vec<_> = (0..17).map(|_| seeded.between(0.0, 9.0).floor()).collect();
        let reversed: Vec<_> = series.iter().rev().copied().collect();
        let (one, other) = (mann_kendall(&series), mann_kendall(&reversed));
        assert_eq!((one.s, one.z, one.p), (-other.s, -other.z, other.p));
        let slopes = [&series, &reversed].map(|x| sen_slope(x, Confidence::default()).unwrap());
        assert_eq!(Some(slopes[0].slope), Some(-slopes[1].slope));
        assert_eq!(slopes[0].low, slopes[1].high.map(|high| -high));
    }

    #[test]
    fn short_and_equal_series_are_no_evidence() {
        for series in [&[][..], &[3.0], &[4.0; 9]] {
            let test = mann_kendall(series);
            assert_eq!((test.s, test.variance.max(0.0), test.z, test.p), (0, 0.0, 0.0, 1.0));
            assert_eq!(exact_p(series), None);
        }
        let rising = [1.0, 2.0, 3.0, 4.0, 5.0];
        assert!((0..5).all(|n| mann_kendall(&rising[..n]).p > 0.05) && mann_kendall(&rising).p < 0.05);
        assert_eq!(mann_kendall(&[1.0]).tau(), None);
        assert_eq!(sen_slope(&[1.0], Confidence::default()), None);
        let short = sen_slope(&[1.0, 2.0], Confidence::default()).unwrap();
        assert_eq!((short.slope, short.low, short.high), (1.0, None, None));
        let equal = sen_slope(&[4.0; 9], Confidence::default()).unwrap();
        assert_eq!((equal.slope, equal.low, equal.high), (0.0, Some(0.0), Some(0.0)));
    }

    #[test]
    fn exact_probabilities_are_counted_over_all_orders() {
        // All 24 orders of four values: S is 6 and -6 once, 4 and -4 three times.
        assert!((exact_p(&[1.0, 2.0, 4.0, 3.0]).unwrap() - 8.0 / 24.0).abs() < 1e-15);
        assert_eq!(exact_p(&[2.0, 1.0, 2.0]), None);
        let long: Vec<_> = (0..31).map(f64::from).collect();
        assert_eq!(exact_p(&long), None);
        assert!(exact_p(&long[..30]).unwrap() < 1e-30);
    }

    #[test]
    fn seasons_are_compared_with_themselves() {
        let months: Vec<_> = (0..36).map(|m| f64::from(m / 12) - f64::from(m % 12) * 10.0).collect();
        let test = seasonal_kendall(&months, 12).unwrap();
        // Each month of three years: S = 3, Var = 3·2·11/18.
        assert_eq!(test.s, 36);
        assert!((test.variance - 44.0).abs() < 1e-12 && test.p < 1e-6);
        assert!(mann_kendall(&months).s < 0);
        assert_eq!(seasonal_kendall(&months[..23], 12), None);
        assert_eq!(seasonal_kendall(&months, 0), None);
    }
}
