//! Getis-Ord Gi*: where high or low values cluster more than chance would have it.
//!
//! Getis, A. and Ord, J. K. (1992), doi 10.1111/j.1538-4632.1992.tb00261.x, in the standardised form of
//! Ord, J. K. and Getis, A. (1995), doi 10.1111/j.1538-4632.1995.tb00912.x.

use super::{neighbours::Neighbours, normal};

/// The statistic of one place.
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
    let varied = (1..places).any(|place| value(place).total_cmp(&value(0)).is_ne());
    if !varied {
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
