//! Levels: how rare is significant, and how sure an interval is.

use crate::model::Invalid;

/// A level of significance: a result that chance gives with this probability or a smaller one counts.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Alpha(f64);

impl Alpha {
    /// 0.05, one in twenty.
    pub const USUAL: Self = Self(0.05);

    /// # Errors
    /// [`Invalid`] unless it is from 0.0001 to 0.5.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::time::level::Alpha;
    /// assert_eq!(Alpha::new(0.05).unwrap().get(), 0.05);
    /// assert!(Alpha::new(0.0).is_err());
    /// ```
    pub fn new(value: f64) -> Result<Self, Invalid> {
        if (0.0001..=0.5).contains(&value) {
            Ok(Self(value))
        } else {
            Err(Invalid::new(value, "a level of significance is 0.0001 to 0.5"))
        }
    }

    /// The probability.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl Default for Alpha {
    /// [`Alpha::USUAL`].
    fn default() -> Self {
        Self::USUAL
    }
}

/// How often an interval made in this way holds the true value.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Confidence(f64);

impl Confidence {
    /// # Errors
    /// [`Invalid`] unless it is from 0.5 to 0.9999.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::time::level::Confidence;
    /// assert_eq!(Confidence::new(0.9).unwrap().get(), 0.9);
    /// assert!(Confidence::new(95.0).is_err());
    /// ```
    pub fn new(value: f64) -> Result<Self, Invalid> {
        if (0.5..=0.9999).contains(&value) {
            Ok(Self(value))
        } else {
            Err(Invalid::new(value, "a level of confidence is 0.5 to 0.9999"))
        }
    }

    /// The probability.
    pub const fn get(self) -> f64 {
        self.0
    }

    /// What an interval leaves out at either end: half of one less the confidence.
    pub const fn tail(self) -> f64 {
        (1.0 - self.0) / 2.0
    }
}

impl Default for Confidence {
    /// 0.95.
    fn default() -> Self {
        Self(0.95)
    }
}
