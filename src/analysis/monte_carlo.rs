//! Probabilities by simulation: what was observed among what chance alone gives.

use crate::model::Invalid;

/// How many times chance is played out: 99 to 9,999, 999 unless said otherwise.
///
/// The smallest p that R replications can give is 1/(R + 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replications(u16);

impl Replications {
    /// What a number of replications has to be.
    pub const RULE: &str = "replications are a whole number from 99 to 9999";

    /// # Errors
    /// [`Invalid`] unless it is 99 to 9,999.
    pub fn new(number: u32) -> Result<Self, Invalid> {
        match u16::try_from(number) {
            Ok(number @ 99..=9_999) => Ok(Self(number)),
            _ => Err(Invalid::new(number, Self::RULE)),
        }
    }

    /// The number.
    pub fn get(self) -> usize {
        usize::from(self.0)
    }
}

impl Default for Replications {
    fn default() -> Self {
        Self(999)
    }
}

/// The probability of at least `observed` by its rank among simulated values:
/// (number of them that reach it + 1) / (number of them + 1).
///
/// North, B. V., Curtis, D. and Sham, P. C. (2002), doi 10.1086/341527.
///
/// # Example
/// ```
/// use hotspots::analysis::monte_carlo::p_at_least;
/// assert_eq!(p_at_least(&3, &[1, 2, 3, 4]), 0.6);
/// assert_eq!(p_at_least(&3, &[]), 1.0);
/// ```
pub fn p_at_least<T: PartialOrd>(observed: &T, simulated: &[T]) -> f64 {
    let reaching = simulated.iter().filter(|value| *value >= observed).count();
    (reaching + 1) as f64 / (simulated.len() + 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replications_have_bounds() {
        for (number, fine) in [(98, false), (99, true), (9_999, true), (10_000, false), (100_000, false)] {
            assert_eq!(Replications::new(number).is_ok(), fine, "{number}");
        }
        assert_eq!(Replications::default(), Replications::new(999).unwrap());
    }
}
