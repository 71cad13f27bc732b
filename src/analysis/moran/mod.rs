//! Which values are like those around them: Moran's I, local and global, and Geary's C.
//!
//! Moran, P. A. P. (1950), doi 10.1093/biomet/37.1-2.17; Geary, R. C. (1954), doi 10.2307/2986645; Cliff, A. D.
//! and Ord, J. K. (1981), Spatial Processes, ISBN 0850860814; Anselin, L. (1995), doi
//! 10.1111/j.1538-4632.1995.tb00338.x.
//!
//! Undefined everywhere for fewer than two places, and where all values are equal; values missing at the end
//! count as 0, values beyond the places are not used.

mod global;
mod local;
mod permutation;

pub use global::{Autocorrelation, Test, Weights, geary, moran};
pub use local::{LocalMoran, Moments, Quadrant, local_moran};
pub use permutation::{PermutationP, Permutations, permutation_p};

/// Values less their mean.
struct Deviations {
    each: Vec<f64>,
    /// Σ d².
    squares: f64,
}

/// What rounding leaves of a difference, as a share of what it is a difference of.
const ROUNDING: f64 = 1e-12;

impl Deviations {
    /// `None` where no value differs from another.
    fn of(values: &[f64], places: usize) -> Option<Self> {
        let value = |place: usize| values.get(place).copied().unwrap_or(0.0);
        if (1..places).all(|place| value(place).total_cmp(&value(0)).is_eq()) {
            return None;
        }
        let mean = (0..places).map(value).sum::<f64>() / places as f64;
        let mut each: Vec<_> = (0..places).map(|place| value(place) - mean).collect();
        let squares: f64 = each.iter().map(|d| d * d).sum();
        let least = ROUNDING * (squares / places as f64).sqrt();
        for deviation in &mut each {
            // The mean itself: its sign would be one of rounding.
            if deviation.abs() <= least {
                *deviation = 0.0;
            }
        }
        (squares > 0.0 && squares.is_finite()).then_some(Self { each, squares })
    }

    /// Number of places.
    fn n(&self) -> f64 {
        self.each.len() as f64
    }

    /// m₂ = Σ d²/n.
    fn variance(&self) -> f64 {
        self.squares / self.n()
    }

    /// b₂ = (Σ d⁴/n) / m₂².
    fn kurtosis(&self) -> f64 {
        let variance = self.variance();
        self.each.iter().map(|d| (d * d / variance).powi(2)).sum::<f64>() / self.n()
    }

    /// The sum over some places.
    fn sum(&self, places: &[u32]) -> f64 {
        places.iter().filter_map(|&place| self.each.get(place as usize)).sum()
    }
}

#[cfg(test)]
mod tests;
