//! Moran's I and Geary's C of all places together.

use super::{Deviations, ROUNDING};
use crate::analysis::{neighbours::Neighbours, normal};

/// What each neighbour counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weights {
    /// 1/k for each of a place's k neighbours, so that places count alike.
    #[default]
    RowStandardised,
    /// 1, so that pairs count alike.
    Binary,
}

/// How much neighbours are alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Autocorrelation {
    /// The statistic.
    pub value: f64,
    /// Its expectation when the values are shuffled among the places.
    pub expected: f64,
    /// How far it is from that; `None` for fewer than four places and where shuffling changes nothing.
    pub test: Option<Test>,
}

/// A statistic against all orders of the values, each as likely as the others (randomisation).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Test {
    /// Its variance.
    pub variance: f64,
    /// Standard deviations above its expectation.
    pub z: f64,
    /// Two-sided probability of so large a |z| under the normal approximation.
    pub p_two_sided: f64,
}

/// Moran's I: (n/S₀) Σᵢⱼ wᵢⱼ dᵢ dⱼ / Σ d², with d the values less their mean and S₀ the sum of the weights.
///
/// Above its expectation −1/(n − 1) where neighbours are alike. Its variance under randomisation is that of
/// Cliff and Ord (1981), eq. 1.44. Places without neighbours count in n and in the mean. `None` also
/// where no place has a neighbour.
///
/// # Example
/// ```
/// use hotspots::analysis::{moran::{Weights, moran}, neighbours::Neighbours};
/// let line = Neighbours::from_rows(5, (0..5_u32).map(|i| vec![i + 1, i.wrapping_sub(1)]));
/// let i = moran(&[0.0, 0.0, 1.0, 4.0, 5.0], &line, Weights::Binary).unwrap();
/// // d = −2, −2, −1, 2, 3: 5/8 · 2 (4 + 2 − 2 + 6) / 22
/// assert!((i.value - 0.568_182).abs() < 1e-6);
/// assert_eq!(i.expected, -0.25);
/// assert!((i.test.unwrap().p_two_sided - 0.068_845).abs() < 1e-6);
/// ```
pub fn moran(values: &[f64], neighbours: &Neighbours, weights: Weights) -> Option<Autocorrelation> {
    let deviations = Deviations::of(values, neighbours.len())?;
    let Sums { s0, s1, s2 } = Sums::of(neighbours, weights)?;
    let n = deviations.n();
    let crossed = sum_of(&deviations, neighbours, weights, |d, lag, _| d * lag);
    let value = n / s0 * crossed / deviations.squares;
    let expected = -1.0 / (n - 1.0);
    let square = || {
        let b2 = deviations.kurtosis();
        let spread = n * ((n * n - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * s0 * s0);
        let peaked = b2 * ((n * n - n) * s1 - 2.0 * n * s2 + 6.0 * s0 * s0);
        (spread - peaked) / ((n - 1.0) * (n - 2.0) * (n - 3.0) * s0 * s0)
    };
    Some(Autocorrelation::of(value, expected, n, || square() - expected * expected))
}

/// Geary's C: (n − 1) Σᵢⱼ wᵢⱼ (xᵢ − xⱼ)² / (2 S₀ Σ d²).
///
/// Below its expectation 1 where neighbours are alike: z is negative there. It weighs differences within
/// pairs, where Moran's I weighs differences from the mean. Its variance under randomisation is that of
/// Cliff and Ord (1981), eq. 1.48. `None` as for [`moran`].
///
/// # Example
/// ```
/// use hotspots::analysis::{moran::{Weights, geary}, neighbours::Neighbours};
/// let line = Neighbours::from_rows(5, (0..5_u32).map(|i| vec![i + 1, i.wrapping_sub(1)]));
/// let c = geary(&[0.0, 0.0, 1.0, 4.0, 5.0], &line, Weights::Binary).unwrap();
/// // 4 · 2 (0 + 1 + 9 + 1) / (2 · 8 · 22)
/// assert!((c.value - 0.25).abs() < 1e-12);
/// assert!(c.test.unwrap().z < 0.0);
/// ```
pub fn geary(values: &[f64], neighbours: &Neighbours, weights: Weights) -> Option<Autocorrelation> {
    let deviations = Deviations::of(values, neighbours.len())?;
    let Sums { s0, s1, s2 } = Sums::of(neighbours, weights)?;
    let n = deviations.n();
    let apart = sum_of(&deviations, neighbours, weights, |_, _, apart| apart);
    let value = (n - 1.0) * apart / (2.0 * s0 * deviations.squares);
    let variance = || {
        let b2 = deviations.kurtosis();
        let first = (n - 1.0) * s1 * (n * n - 3.0 * n + 3.0 - (n - 1.0) * b2);
        let second = 0.25 * (n - 1.0) * s2 * (n * n + 3.0 * n - 6.0 - (n * n - n + 2.0) * b2);
        let third = s0 * s0 * (n * n - 3.0 - (n - 1.0) * (n - 1.0) * b2);
        (first - second + third) / (n * (n - 2.0) * (n - 3.0) * s0 * s0)
    };
    Some(Autocorrelation::of(value, 1.0, n, variance))
}

impl Autocorrelation {
    fn of(value: f64, expected: f64, n: f64, variance: impl FnOnce() -> f64) -> Self {
        let variance = if n > 3.0 { variance() } else { 0.0 };
        let test = (variance > ROUNDING * expected * expected).then(|| {
            let z = (value - expected) / variance.sqrt();
            Test { variance, z, p_two_sided: normal::two_sided_p(z) }
        });
        Self { value, expected, test }
    }
}

/// Adds up what places give: a place's deviation, the weighted sum of its neighbours' deviations, and of
/// their squared differences from it.
fn sum_of(
    deviations: &Deviations,
    neighbours: &Neighbours,
    weights: Weights,
    part: impl Fn(f64, f64, f64) -> f64,
) -> f64 {
    let places = deviations.each.iter().enumerate();
    let parts = places.map(|(place, &deviation)| {
        let around = neighbours.of(place);
        let apart = around.iter().filter_map(|&other| deviations.each.get(other as usize));
        let apart: f64 = apart.map(|other| (deviation - other).powi(2)).sum();
        let weight = weights.of(around.len());
        part(deviation, weight * deviations.sum(around), weight * apart)
    });
    parts.sum()
}

impl Weights {
    /// The weight of each of `k` neighbours.
    fn of(self, k: usize) -> f64 {
        match self {
            Self::Binary => 1.0,
            Self::RowStandardised => 1.0 / k.max(1) as f64,
        }
    }
}

/// S₀ = Σ wᵢⱼ, S₁ = Σ (wᵢⱼ + wⱼᵢ)²/2, S₂ = Σᵢ (Σⱼ wᵢⱼ + Σⱼ wⱼᵢ)².
struct Sums {
    s0: f64,
    s1: f64,
    s2: f64,
}

impl Sums {
    /// `None` where no place has a neighbour.
    fn of(neighbours: &Neighbours, weights: Weights) -> Option<Self> {
        let weight = |place: usize| weights.of(neighbours.of(place).len());
        let (mut s0, mut s1) = (0.0, 0.0);
        let mut both = vec![0.0; neighbours.len()];
        for place in 0..neighbours.len() {
            let here = weight(place);
            for &other in neighbours.of(place) {
                let other = other as usize;
                s0 += here;
                both[place] += here;
                both[other] += here;
                let back = u32::try_from(place).is_ok_and(|p| neighbours.of(other).binary_search(&p).is_ok());
                // Without a way back the pair stands in one direction only, and in the sum in both.
                s1 += if back { (here + weight(other)).powi(2) / 2.0 } else { here * here };
            }
        }
        let s2 = both.iter().map(|both| both * both).sum();
        (s0 > 0.0).then_some(Self { s0, s1, s2 })
    }
}
