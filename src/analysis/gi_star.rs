//! Getis-Ord Gi* and Gi: where high or low values cluster more than chance would have it.
//!
//! Getis, A. and Ord, J. K. (1992), doi 10.1111/j.1538-4632.1992.tb00261.x, in the standardised form of
//! Ord, J. K. and Getis, A. (1995), doi 10.1111/j.1538-4632.1995.tb00912.x.

use super::{neighbours::Neighbours, normal};

/// Gi* or Gi of one place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GiStar {
    /// Standard deviations above (positive: hot) or below what the mean would give.
    pub z: f64,
    /// Two-sided probability of so large a |z| under the normal approximation, 0…1.
    pub p_two_sided: f64,
}

/// No evidence either way.
const NOTHING: GiStar = GiStar { z: 0.0, p_two_sided: 1.0 };

/// Gi* of each place with binary weights, the place itself among its neighbours:
///
/// z = (Σ x − x̄ W) / (s √((n W − W²)/(n − 1))), the sum over the place and its neighbours, W their
/// number, x̄ the mean and s² = Σ(x − x̄)²/n over all n places.
///
/// Defined for every input: z = 0 and p = 1 where all values are equal (s = 0) and where a place and
/// its neighbours are all there are (W = n), as both sides of the fraction are then zero. A place
/// without neighbours is compared by its own value. The normal approximation is poor for fewer than
/// about 30 places or very skewed values; the number of places is the caller's to report.
/// Values missing at the end count as 0, values beyond the places are not used.
///
/// # Example
/// ```
/// use hotspots::analysis::{gi_star::gi_star, neighbours::Neighbours};
/// let line = Neighbours::from_rows(5, (0..5_u32).map(|i| vec![i + 1, i.wrapping_sub(1)]));
/// let statistics = gi_star(&[0.0, 0.0, 1.0, 4.0, 5.0], &line);
/// // x̄ = 2, s = 2.0976, place 4 has W = 2: (9 − 4) / (2.0976·√(6/4))
/// assert!((statistics[4].z - 1.946_247).abs() < 1e-6);
/// assert!((statistics[4].p_two_sided - 0.051_625).abs() < 1e-6);
/// ```
pub fn gi_star(values: &[f64], neighbours: &Neighbours) -> Vec<GiStar> {
    let places = neighbours.len();
    let value = |place: usize| values.get(place).copied().unwrap_or(0.0);
    if all_equal(places, value) {
        return vec![NOTHING; places];
    }
    let n = places as f64;
    let mean = (0..places).map(value).sum::<f64>() / n;
    let variance = (0..places).map(|place| (value(place) - mean).powi(2)).sum::<f64>() / n;
    (0..places)
        .map(|place| {
            let around = neighbours.of(place);
            let number = around.len() as f64 + 1.0;
            let sum = value(place) + around.iter().map(|&other| value(other as usize)).sum::<f64>();
            let spread = (variance * (n * number - number * number) / (n - 1.0)).sqrt();
            if spread > 0.0 { from_z((sum - mean * number) / spread) } else { NOTHING }
        })
        .collect()
}

/// Gi of each place with binary weights: its neighbours without the place itself, against all other places:
///
/// z = (Σ x − x̄ᵢ k) / (sᵢ √(((n − 1) k − k²)/(n − 2))), the sum over the k neighbours, x̄ᵢ the mean and sᵢ² = Σ(x − x̄ᵢ)²/(n − 1)
/// over the n − 1 other places. Weights of 1/k give the same z, and so they do for [`gi_star`].
///
/// It asks whether a place lies among high values whatever its own is. Defined for every input: z = 0 and
/// p = 1 where all other values are equal, for a place without neighbours, and for one whose neighbours
/// are all others. Missing values as for [`gi_star`].
///
/// # Example
/// ```
/// use hotspots::analysis::{gi_star::gi, neighbours::Neighbours};
/// let line = Neighbours::from_rows(5, (0..5_u32).map(|i| vec![i + 1, i.wrapping_sub(1)]));
/// let statistics = gi(&[0.0, 0.0, 1.0, 4.0, 5.0], &line);
/// // Without place 4 x̄ = 1.25, s = 1.639_36; k = 1: (4 − 1.25) / (1.639_36·√(3/3))
/// assert!((statistics[4].z - 1.677_484).abs() < 1e-6);
/// ```
pub fn gi(values: &[f64], neighbours: &Neighbours) -> Vec<GiStar> {
    let places = neighbours.len();
    let value = |place: usize| values.get(place).copied().unwrap_or(0.0);
    if all_equal(places, value) {
        return vec![NOTHING; places];
    }
    let n = places as f64;
    let mean = (0..places).map(value).sum::<f64>() / n;
    let squares: f64 = (0..places).map(|place| (value(place) - mean).powi(2)).sum();
    (0..places)
        .map(|place| {
            let around = neighbours.of(place);
            let number = around.len() as f64;
            // Deviations from the mean of all: those of the others add up to −deviation.
            let deviation = value(place) - mean;
            let others = -deviation / (n - 1.0);
            let variance = (squares - deviation * deviation) / (n - 1.0) - others * others;
            let spread = variance * ((n - 1.0) * number - number * number) / (n - 2.0);
            // What rounding leaves where all other values are equal.
            if n < 3.0 || variance <= 1e-12 * squares / n || spread <= 0.0 {
                return NOTHING;
            }
            let sum: f64 = around.iter().map(|&other| value(other as usize) - mean).sum();
            from_z((sum - others * number) / spread.sqrt())
        })
        .collect()
}

/// Told from the values: their mean may differ from them by rounding.
fn all_equal(places: usize, value: impl Fn(usize) -> f64) -> bool {
    (1..places).all(|place| value(place).total_cmp(&value(0)).is_eq())
}

/// The statistic with p = 2Φ(−|z|) = erfc(|z|/√2).
fn from_z(z: f64) -> GiStar {
    GiStar { z, p_two_sided: normal::two_sided_p(z) }
}

/// A hot (positive) or cold (negative) place by confidence, numbered as in the `Gi_Bin` field of ArcGIS:
/// ±3 for p ≤ 0.01, ±2 for p ≤ 0.05, ±1 for p ≤ 0.10, 0 otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GiBin(i8);

impl GiBin {
    /// The bin of a p-value, plain or adjusted for the number of tests, with the sign of z.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::gi_star::GiBin;
    /// assert_eq!(GiBin::of(2.2, 0.028).get(), 2);
    /// assert_eq!(GiBin::of(-2.6, 0.0093).get(), -3);
    /// ```
    pub fn of(z: f64, p: f64) -> Self {
        let strength = i8::from(p <= 0.10) + i8::from(p <= 0.05) + i8::from(p <= 0.01);
        Self(if z < 0.0 { -strength } else { strength })
    }

    /// −3…3.
    pub const fn get(self) -> i8 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Seeded;

    /// The formula with a full matrix of weights.
    fn naive(values: &[f64], neighbours: &Neighbours) -> Vec<f64> {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let s = (values.iter().map(|x| x * x).sum::<f64>() / n - mean * mean).sqrt();
        let weight = |i: usize, j: usize| {
            f64::from(u8::from(i == j || neighbours.of(i).iter().any(|&k| k as usize == j)))
        };
        (0..values.len())
            .map(|i| {
                let sum: f64 = (0..values.len()).map(|j| weight(i, j) * values[j]).sum();
                let w: f64 = (0..values.len()).map(|j| weight(i, j)).sum();
                let w2: f64 = (0..values.len()).map(|j| weight(i, j).powi(2)).sum();
                (sum - mean * w) / (s * ((n * w2 - w * w) / (n - 1.0)).sqrt())
            })
            .collect()
    }

    #[test]
    fn the_statistic_is_the_formula_over_all_pairs() {
        let mut seeded = Seeded::new(41);
        for n in [5_u32, 30, 120] {
            let rows = (0..n).map(|_| {
                let count = seeded.below(4);
                (0..count).map(|_| u32::try_from(seeded.below(n as usize)).unwrap()).collect()
            });
            let neighbours = Neighbours::from_rows(n as usize, rows.collect::<Vec<Vec<u32>>>());
            let values: Vec<_> = (0..n).map(|_| seeded.between(0.0, 9.0)).collect();
            for (fast, naive) in gi_star(&values, &neighbours).iter().zip(naive(&values, &neighbours)) {
                assert!((fast.z - naive).abs() < 1e-9 * (1.0 + naive.abs()), "{} {naive}", fast.z);
            }
        }
    }

    #[test]
    fn gi_is_the_formula_over_the_others() {
        let mut seeded = Seeded::new(42);
        for n in [3_u32, 5, 30, 120] {
            let rows = (0..n).map(|_| {
                let count = seeded.below(4);
                (0..count).map(|_| u32::try_from(seeded.below(n as usize)).unwrap()).collect()
            });
            let neighbours = Neighbours::from_rows(n as usize, rows.collect::<Vec<Vec<u32>>>());
            let values: Vec<_> = (0..n).map(|_| seeded.between(0.0, 9.0)).collect();
            for (i, fast) in gi(&values, &neighbours).iter().enumerate() {
                let others: Vec<_> = (0..n as usize).filter(|&j| j != i).map(|j| values[j]).collect();
                let m = others.len() as f64;
                let mean = others.iter().sum::<f64>() / m;
                let s2 = others.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / m;
                let around = neighbours.of(i);
                let k = around.len() as f64;
                let sum: f64 = around.iter().map(|&j| values[j as usize]).sum();
                let spread = (s2 * (m * k - k * k) / (m - 1.0)).sqrt();
                let naive = if spread > 1e-9 { (sum - mean * k) / spread } else { 0.0 };
                assert!((fast.z - naive).abs() < 1e-8 * (1.0 + naive.abs()), "{} {naive}", fast.z);
            }
        }
    }

    #[test]
    fn gi_of_islands_equal_others_and_few_places_is_no_evidence() {
        let ring = Neighbours::from_rows(9, (0..9_u32).map(|i| vec![(i + 1) % 9, (i + 8) % 9]));
        assert_eq!(gi(&[0.1; 9], &ring), [NOTHING; 9]);
        let spike = gi(&[0.1, 0.1, 0.1, 0.1, 7.3, 0.1, 0.1, 0.1, 0.1], &ring);
        assert_eq!(spike[4], NOTHING);
        assert!(spike[3].z > 1.0 && spike[0].z < 0.0);
        assert_eq!(gi(&[0.0, 1.0, 5.0], &Neighbours::from_rows(3, [])), [NOTHING; 3]);
        assert_eq!(gi(&[0.0, 1.0], &Neighbours::from_rows(2, [vec![1], vec![0]])), [NOTHING; 2]);
        assert_eq!(gi(&[7.0], &Neighbours::from_rows(1, [])), [NOTHING]);
        assert!(gi(&[], &Neighbours::default()).is_empty());
        let complete = Neighbours::from_rows(4, (0..4_u32).map(|_| vec![0, 1, 2, 3]));
        assert_eq!(gi(&[1.0, 2.0, 3.0, 9.0], &complete), [NOTHING; 4]);
    }

    #[test]
    fn equal_values_are_no_evidence() {
        let ring = Neighbours::from_rows(9, (0..9_u32).map(|i| vec![(i + 1) % 9, (i + 8) % 9]));
        // The mean of nine times 0.1 is not 0.1 in floating point.
        assert_eq!(gi_star(&[0.1; 9], &ring), [NOTHING; 9]);
        assert_eq!(gi_star(&[0.0; 9], &ring), [NOTHING; 9]);
        assert_eq!(gi_star(&[], &ring), [NOTHING; 9]);
    }

    #[test]
    fn a_place_whose_neighbours_are_all_the_others_is_no_evidence() {
        let star = Neighbours::from_rows(4, [vec![1, 2, 3], vec![0], vec![0], vec![0]]);
        let statistics = gi_star(&[1.0, 2.0, 3.0, 9.0], &star);
        assert_eq!(statistics[0], NOTHING);
        assert!(statistics[3].z > 0.0 && statistics[1].z < 0.0);
    }

    #[test]
    fn islands_single_places_and_none_are_defined() {
        let islands = Neighbours::from_rows(3, []);
        // x̄ = 2, s = √(14/3): the island's own value, standardised.
        let z = gi_star(&[0.0, 1.0, 5.0], &islands)[2].z;
        assert!((z - 3.0 / (14.0_f64 / 3.0).sqrt()).abs() < 1e-12);
        assert_eq!(gi_star(&[7.0], &Neighbours::from_rows(1, [])), [NOTHING]);
        assert!(gi_star(&[7.0], &Neighbours::default()).is_empty());
    }

    #[test]
    fn bins_follow_confidence_and_sign() {
        let bins =
            [(3.0, 0.01), (3.0, 0.010_1), (-2.0, 0.05), (1.7, 0.1), (1.0, 0.100_1), (0.0, 1.0), (-9.0, 0.0)];
        assert_eq!(bins.map(|(z, p)| GiBin::of(z, p).get()), [3, 2, -2, 1, 0, 0, -3]);
        assert_eq!(GiBin::of(f64::NAN, f64::NAN).get(), 0);
    }
}
