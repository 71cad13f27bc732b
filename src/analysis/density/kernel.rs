//! The shapes that an event's mass is spread in.

use std::{f64::consts::PI, fmt, str::FromStr};

use crate::{
    analysis::exponential,
    model::{Invalid, Metres},
};

/// A kernel: how the mass of an event is spread around its place. Each has the integral 1 over the plane.
///
/// With u = d/h, the distance in bandwidths, and zero for u ≥ 1 except for the Gaussian:
///
/// | kernel | K(d) |
/// |---|---|
/// | quartic (biweight) | 3/(πh²) · (1 − u²)² |
/// | Epanechnikov | 2/(πh²) · (1 − u²) |
/// | triweight | 4/(πh²) · (1 − u²)³ |
/// | triangular (conic) | 3/(πh²) · (1 − u) |
/// | uniform | 1/(πh²) |
/// | Gaussian (normal) | 1/(2πh²) · exp(−u²/2) |
///
/// The bandwidth h is the radius of the disc that the kernel fills; that of the Gaussian, which has no
/// end, is its standard deviation σ (Silverman, B. W. (1986). *Density Estimation for Statistics and Data
/// Analysis*, §4.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kernel {
    /// (1 − u²)², also called biweight; smooth at its rim.
    #[default]
    Quartic,
    /// 1 − u², with the least mean square error of all.
    Epanechnikov,
    /// (1 − u²)³, the smoothest of those that end.
    Triweight,
    /// 1 − u, a cone.
    Triangular,
    /// The same everywhere in its disc.
    Uniform,
    /// The normal distribution.
    Gaussian,
}

/// The kernels whose square R = ∫K² and variance along one axis μ = ½∫u²K follow from the power k in
/// (k+1)/π · (1 − u²)ᵏ: R = (k+1)²/((2k+1)π), μ = 1/(2(k+2)).
fn roughness_and_variance_of_power(k: f64) -> (f64, f64) {
    ((k + 1.0) * (k + 1.0) / ((2.0 * k + 1.0) * PI), 1.0 / (2.0 * (k + 2.0)))
}

impl Kernel {
    /// Every kernel.
    pub const ALL: [Self; 6] =
        [Self::Quartic, Self::Epanechnikov, Self::Triweight, Self::Triangular, Self::Uniform, Self::Gaussian];

    /// Its name in parameters and method cards.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quartic => "quartic",
            Self::Epanechnikov => "epanechnikov",
            Self::Triweight => "triweight",
            Self::Triangular => "triangular",
            Self::Uniform => "uniform",
            Self::Gaussian => "gaussian",
        }
    }

    /// Its formula in words for a method card: h bandwidth, d distance.
    pub const fn formula(self) -> &'static str {
        match self {
            Self::Quartic => "3/(pi h^2) * (1 - d^2/h^2)^2 for d < h",
            Self::Epanechnikov => "2/(pi h^2) * (1 - d^2/h^2) for d < h",
            Self::Triweight => "4/(pi h^2) * (1 - d^2/h^2)^3 for d < h",
            Self::Triangular => "3/(pi h^2) * (1 - d/h) for d < h",
            Self::Uniform => "1/(pi h^2) for d < h",
            Self::Gaussian => "1/(2 pi h^2) * exp(-d^2/(2 h^2))",
        }
    }

    /// ∫K² over the plane for a bandwidth of 1; for another divide by h².
    pub fn roughness(self) -> f64 {
        self.roughness_and_variance().0
    }

    /// The variance along one axis for a bandwidth of 1, ½∫u²K; for another multiply by h².
    pub fn variance(self) -> f64 {
        self.roughness_and_variance().1
    }

    fn roughness_and_variance(self) -> (f64, f64) {
        match self {
            Self::Uniform => roughness_and_variance_of_power(0.0),
            Self::Epanechnikov => roughness_and_variance_of_power(1.0),
            Self::Quartic => roughness_and_variance_of_power(2.0),
            Self::Triweight => roughness_and_variance_of_power(3.0),
            Self::Triangular => (1.5 / PI, 0.15),
            Self::Gaussian => (0.25 / PI, 1.0),
        }
    }

    /// The bandwidth that smooths as much as a Gaussian of σ = 1: (R/μ²)^(1/6) over the Gaussian's.
    ///
    /// Two kernels have the same asymptotic mean integrated square error, up to one factor for all
    /// bandwidths, when their bandwidths are in this ratio, so a rule that gives σ gives the bandwidth of
    /// every kernel (Marron, J. S. and Nolan, D. (1989). Canonical kernels for density estimation,
    /// doi 10.1016/0167-7152(88)90050-8, in two dimensions).
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::density::Kernel;
    /// assert!((Kernel::Quartic.per_sigma() - 2.7792).abs() < 1e-4);
    /// assert_eq!(Kernel::Gaussian.per_sigma(), 1.0);
    /// ```
    pub fn per_sigma(self) -> f64 {
        let canonical = |kernel: Self| {
            let (roughness, variance) = kernel.roughness_and_variance();
            roughness / (variance * variance)
        };
        libm::pow(canonical(self) / canonical(Self::Gaussian), 1.0 / 6.0)
    }

    /// How far a kernel of that bandwidth reaches; `None` for the Gaussian, which has no end.
    pub fn radius(self, bandwidth: Metres) -> Option<Metres> {
        (self != Self::Gaussian).then_some(bandwidth)
    }

    /// The density at the squared distance `u_2`, in squared bandwidths, as a share of that at the
    /// centre. 0 from the rim on.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::density::Kernel;
    /// assert_eq!(Kernel::Quartic.profile(0.5), 0.25);
    /// assert_eq!(Kernel::Uniform.profile(1.0), 0.0);
    /// ```
    pub fn profile(self, u_2: f64) -> f64 {
        let rest = (1.0 - u_2).max(0.0);
        match self {
            Self::Quartic => rest * rest,
            Self::Epanechnikov => rest,
            Self::Triweight => rest * (rest * rest),
            Self::Triangular => (1.0 - u_2.sqrt()).max(0.0),
            Self::Uniform => f64::from(u_2 < 1.0),
            Self::Gaussian => exponential::of_minus(0.5 * u_2),
        }
    }

    /// The density at the centre, per km².
    pub fn peak_per_km2(self, bandwidth: Metres) -> f64 {
        let h = bandwidth.get();
        let at_one = match self {
            Self::Quartic | Self::Triangular => 3.0,
            Self::Epanechnikov => 2.0,
            Self::Triweight => 4.0,
            Self::Uniform => 1.0,
            Self::Gaussian => 0.5,
        };
        // In this order nothing overflows or is lost at extreme bandwidths.
        at_one * 1e6 / PI / h / h
    }
}

impl fmt::Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kernel {
    type Err = Invalid;

    /// Reads a [`name`](Self::name).
    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::ALL.into_iter().find(|kernel| kernel.name() == text).ok_or_else(|| {
            Invalid::new(
                text,
                "a kernel is quartic, epanechnikov, triweight, triangular, uniform or gaussian",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::metres;

    /// ∫ f(u) 2πu du in fine steps.
    fn over_the_plane(f: impl Fn(f64) -> f64) -> f64 {
        let step = 1e-4;
        (0..120_000).map(|i| (f64::from(i) + 0.5) * step).map(|u| f(u) * 2.0 * PI * u * step).sum()
    }

    #[test]
    fn kernels_hold_one_event_and_their_constants_are_their_integrals() {
        for kernel in Kernel::ALL {
            let height = kernel.peak_per_km2(metres(1.0)) / 1e6;
            let density = |u: f64| height * kernel.profile(u * u);
            let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{kernel}: {a} is not {b}");
            near(over_the_plane(density), 1.0);
            near(over_the_plane(|u| density(u).powi(2)), kernel.roughness());
            near(over_the_plane(|u| density(u) * u * u / 2.0), kernel.variance());
        }
    }

    #[test]
    fn equal_smoothing_is_the_known_factor() {
        let factors = [2.779_2, 2.401_9, 3.115_4, 2.537_0, 2.0, 1.0];
        for (kernel, factor) in Kernel::ALL.into_iter().zip(factors) {
            assert!((kernel.per_sigma() - factor).abs() < 1e-4, "{kernel}: {}", kernel.per_sigma());
        }
    }

    #[test]
    fn names_are_read_back_and_others_are_refused() {
        for kernel in Kernel::ALL {
            assert_eq!(kernel.name().parse(), Ok(kernel));
        }
        for text in ["", "Quartic", "normal", "quartic "] {
            assert_eq!(text.parse::<Kernel>().unwrap_err().value, text);
        }
    }
}
