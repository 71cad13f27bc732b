//! Lengths and areas with their unit in the type.

use super::Invalid;

/// A positive, finite length in metres.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Metres(f64);

impl Metres {
    /// One metre.
    pub const ONE: Self = Self(1.0);

    /// Checks that `value` is a finite length greater than zero.
    ///
    /// # Errors
    /// [`Invalid`] for zero, negative, infinite and not-a-number.
    ///
    /// # Example
    /// ```
    /// use hotspots::model::Metres;
    /// assert_eq!(Metres::new(150.0).unwrap().get(), 150.0);
    /// assert!(Metres::new(f64::NAN).is_err());
    /// ```
    pub fn new(value: f64) -> Result<Self, Invalid> {
        if value.is_finite() && value > 0.0 {
            Ok(Self(value))
        } else {
            Err(Invalid::new(value, "a length is a finite number of metres above zero"))
        }
    }

    /// The length in metres.
    pub const fn get(self) -> f64 {
        self.0
    }
}

/// An area in square metres, zero or more.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct SquareMetres(pub f64);

impl SquareMetres {
    /// The area in square kilometres.
    ///
    /// # Example
    /// ```
    /// use hotspots::model::SquareMetres;
    /// assert_eq!(SquareMetres(97_940_000.0).km2(), 97.94);
    /// ```
    pub fn km2(self) -> f64 {
        self.0 / 1e6
    }
}
