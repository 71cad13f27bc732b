//! Local Moran's I.

use super::{Deviations, ROUNDING};
use crate::analysis::{neighbours::Neighbours, normal};

/// How a place compares with the mean, and how its neighbours do. The mean itself counts as low.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quadrant {
    /// High among high: the inside of a hot spot.
    HighHigh,
    /// Low among low: the inside of a cold spot.
    LowLow,
    /// High among low: an outlier.
    HighLow,
    /// Low among high: an outlier.
    LowHigh,
}

impl Quadrant {
    /// Its usual letters, the place first: `HH`, `LL`, `HL`, `LH`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HighHigh => "HH",
            Self::LowLow => "LL",
            Self::HighLow => "HL",
            Self::LowHigh => "LH",
        }
    }
}

/// What chance alone would make of a statistic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// Its expectation.
    pub expected: f64,
    /// Its variance.
    pub variance: f64,
    /// Standard deviations that it lies above its expectation; `None` without variance.
    pub z: Option<f64>,
}

impl Moments {
    fn of(value: f64, expected: f64, variance: f64) -> Self {
        let z = (variance > 0.0).then(|| (value - expected) / variance.sqrt());
        Self { expected, variance, z }
    }

    /// Two-sided probability of so large a |z| under the normal approximation.
    pub fn p_two_sided(self) -> Option<f64> {
        self.z.map(normal::two_sided_p)
    }
}

/// The statistic of one place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocalMoran {
    /// Positive where the place and its neighbours lie on the same side of the mean.
    pub i: f64,
    /// On which sides.
    pub quadrant: Quadrant,
    /// When the place keeps its value and the others are shuffled among the rest.
    pub conditional: Moments,
    /// When all values are shuffled among all places.
    pub randomised: Moments,
}

/// Local Moran's I of each place, with weights 1/k for its k neighbours:
///
/// Iᵢ = (n − 1) dᵢ (Σ dⱼ / k) / Σ d², with d the values less their mean (Anselin 1995, eq. 7; the scale is that
/// of `PySAL`, n/(n − 1) less than that of `spdep`'s default).
///
/// With m₂ = Σ d²/n, b₂ the kurtosis and c = (n − 1)/n, which the scale brings in, the moments are
///
/// - conditional (Sokal, R. R., Oden, N. L. and Thomson, B. A. (1998), doi
///   10.1111/j.1538-4632.1998.tb00406.x): E = −c dᵢ²/((n − 1) m₂), Var = c² (dᵢ/m₂)² n/(n − 2) ·
///   (1/k − 1/(n − 1)) · (m₂ − dᵢ²/(n − 1));
/// - randomised (Anselin 1995, eq. 13 and 14): E = −c/(n − 1), Var = c² ((n − b₂)/((n − 1) k) +
///   (1 − 1/k)(2b₂ − n)/((n − 1)(n − 2)) − 1/(n − 1)²).
///
/// `None` for a place without neighbours. A z is missing where the statistic cannot vary: for the mean
/// itself, for a place whose neighbours are all the others, and where the others are all equal.
///
/// # Example
/// ```
/// use hotspots::analysis::{moran::{Quadrant, local_moran}, neighbours::Neighbours};
/// let line = Neighbours::from_rows(5, (0..5_u32).map(|i| vec![i + 1, i.wrapping_sub(1)]));
/// let last = local_moran(&[0.0, 0.0, 1.0, 4.0, 5.0], &line)[4].unwrap();
/// // x̄ = 2, Σ d² = 22: 4 · 3 · 2 / 22
/// assert!((last.i - 24.0 / 22.0).abs() < 1e-12);
/// assert_eq!(last.quadrant, Quadrant::HighHigh);
/// assert!((last.conditional.z.unwrap() - 1.677_484).abs() < 1e-6);
/// ```
pub fn local_moran(values: &[f64], neighbours: &Neighbours) -> Vec<Option<LocalMoran>> {
    let Some(deviations) = Deviations::of(values, neighbours.len()) else {
        return vec![None; neighbours.len()];
    };
    let kurtosis = deviations.kurtosis();
    let places = deviations.each.iter().enumerate();
    places
        .map(|(place, &deviation)| {
            let around = neighbours.of(place);
            (!around.is_empty()).then(|| {
                of_place(deviation, deviations.sum(around), around.len() as f64, &deviations, kurtosis)
            })
        })
        .collect()
}

fn of_place(deviation: f64, sum: f64, k: f64, deviations: &Deviations, kurtosis: f64) -> LocalMoran {
    let (n, variance) = (deviations.n(), deviations.variance());
    let scale = (n - 1.0) / n;
    let lag = sum / k;
    let i = scale * deviation * lag / variance;
    let expected = -scale * deviation * deviation / ((n - 1.0) * variance);
    // Of two places the other one is always the neighbour.
    let varies = n > 2.0;
    let others = variance - deviation * deviation / (n - 1.0);
    let conditional = if varies && others > ROUNDING * variance {
        (scale * deviation / variance).powi(2) * n / (n - 2.0) * (1.0 / k - 1.0 / (n - 1.0)) * others
    } else {
        0.0
    };
    let randomised = if varies {
        (n - kurtosis) / ((n - 1.0) * k) + (1.0 - 1.0 / k) * (2.0 * kurtosis - n) / ((n - 1.0) * (n - 2.0))
            - (n - 1.0).powi(-2)
    } else {
        0.0
    };
    let randomised = if randomised > ROUNDING { scale * scale * randomised } else { 0.0 };
    let quadrant = match (deviation > 0.0, lag > ROUNDING * variance.sqrt()) {
        (true, true) => Quadrant::HighHigh,
        (false, false) => Quadrant::LowLow,
        (true, false) => Quadrant::HighLow,
        (false, true) => Quadrant::LowHigh,
    };
    LocalMoran {
        i,
        quadrant,
        conditional: Moments::of(i, expected, conditional),
        randomised: Moments::of(i, -scale / (n - 1.0), randomised),
    }
}
