//! Between which numbers the mean of a Poisson count lies.

use statrs::distribution::{ContinuousCDF, Gamma};

/// The exact 95 % interval of the mean of a Poisson variable of which `count` was seen: half the 2.5 %
/// quantile of χ² with 2·count degrees of freedom to half the 97.5 % quantile with 2·count + 2; from 0 for a
/// count of 0.
///
/// Garwood, F. (1936), doi 10.1093/biomet/28.3-4.437. It holds the mean in at least 95 of 100 cases.
///
/// # Example
/// ```
/// use hotspots::analysis::rates::interval::garwood;
/// let (low, high) = garwood(10);
/// assert!((low - 4.795_389).abs() < 1e-6 && (high - 18.390_356).abs() < 1e-6);
/// ```
pub fn garwood(count: u64) -> (f64, f64) {
    let low = if count == 0 { 0.0 } else { gamma_quantile(count as f64, 1.0, 0.025) };
    (low, gamma_quantile(count as f64 + 1.0, 1.0, 0.975))
}

/// The quantile of a gamma distribution with that shape and rate, both above 0.
pub(super) fn gamma_quantile(shape: f64, rate: f64, p: f64) -> f64 {
    Gamma::new(shape, 1.0).map_or(shape, |gamma| gamma.inverse_cdf(p)) / rate
}

#[cfg(test)]
mod tests {
    use statrs::function::gamma::{gamma_lr, gamma_ur};

    use super::*;

    #[test]
    fn the_limits_are_where_the_tails_are_a_fortieth() {
        for count in [0_u64, 1, 2, 5, 30, 250, 4_000, 90_000] {
            let (low, high) = garwood(count);
            let n = count as f64;
            assert!(low <= n && n < high);
            // P(X ≥ n | low) and P(X ≤ n | high).
            assert!(count == 0 || (gamma_lr(n, low) - 0.025).abs() < 1e-8, "{count} {low}");
            assert!((gamma_ur(n + 1.0, high) - 0.025).abs() < 1e-8, "{count} {high}");
        }
        assert!((garwood(0).1 - 40.0_f64.ln()).abs() < 1e-9);
    }
}
