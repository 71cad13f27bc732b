//! Unique property reference numbers.

use std::{fmt, str::FromStr};

use crate::model::Invalid;

/// The number that Ordnance Survey and local authorities give a property for good: 1 to 12 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uprn(u64);

const LARGEST: u64 = 999_999_999_999;

impl Uprn {
    /// The number as it is.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The property with that number.
    ///
    /// # Errors
    /// [`Invalid`] for 0 and for more than twelve digits.
    pub fn new(number: u64) -> Result<Self, Invalid> {
        if (1..=LARGEST).contains(&number) { Ok(Self(number)) } else { Err(Invalid::new(number, RULE)) }
    }
}

const RULE: &str = "a UPRN is a whole number of 1 to 12 digits, as in 90014521";

impl FromStr for Uprn {
    type Err = Invalid;

    /// Reads digits and nothing else; zeros before them, which files of fixed width have, do not count.
    ///
    /// # Errors
    /// [`Invalid`] for any other text: a spreadsheet's `9.0E+07` has lost digits and is not read.
    ///
    /// # Example
    /// ```
    /// use hotspots::gazetteer::Uprn;
    /// assert_eq!("000090014521".parse::<Uprn>().unwrap().get(), 90_014_521);
    /// assert!("9.0E+07".parse::<Uprn>().is_err());
    /// ```
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let digits = text.trim();
        let plain = (1..=12).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.parse().ok().filter(|_| plain).ok_or_else(|| Invalid::new(text, RULE))?;
        Self::new(number).map_err(|fault| Invalid::new(text, fault.rule))
    }
}

impl fmt::Display for Uprn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_read_and_nothing_else() {
        for (text, number) in [("1", 1), (" 90014521 ", 90_014_521), ("999999999999", LARGEST), ("007", 7)] {
            assert_eq!(text.parse::<Uprn>().unwrap().get(), number, "{text}");
        }
        for text in ["", "0", "000", "1000000000000", "-1", "+1", "1.0", "1e5", "١", "1 2", "x"] {
            assert!(text.parse::<Uprn>().is_err(), "{text}");
        }
        assert!(Uprn::new(0).is_err() && Uprn::new(LARGEST + 1).is_err());
    }
}
