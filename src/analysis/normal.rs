//! The standard normal distribution.

use std::f64::consts::{FRAC_1_SQRT_2, SQRT_2};

/// P(Z ≤ z).
///
/// # Example
/// ```
/// use hotspots::analysis::normal;
/// assert!((normal::cdf(1.959_963_984_540_054) - 0.975).abs() < 1e-15);
/// ```
pub fn cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * FRAC_1_SQRT_2)
}

/// P(Z ≥ z), exact far out where 1 − [`cdf`] is not.
pub fn upper_p(z: f64) -> f64 {
    0.5 * libm::erfc(z * FRAC_1_SQRT_2)
}

/// P(|Z| ≥ |z|).
pub fn two_sided_p(z: f64) -> f64 {
    libm::erfc(z.abs() * FRAC_1_SQRT_2)
}

/// The z that a share `p` of the distribution lies below; infinite for 0 and 1.
///
/// # Example
/// ```
/// use hotspots::analysis::normal;
/// assert!((normal::quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-12);
/// ```
pub fn quantile(p: f64) -> f64 {
    -SQRT_2 * statrs::function::erf::erfc_inv(2.0 * p)
}
