//! What is said about one bad value.

use std::fmt;

/// One value that broke one rule. Where it stood (line, column, query parameter) is added by
/// whoever read it.
///
/// # Example
/// ```
/// use hotspots::model::Month;
/// let fault = "2014-13".parse::<Month>().unwrap_err();
/// assert_eq!(fault.to_string(), "'2014-13': a month is written YYYY-MM, as in 2024-03");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// The value as it was given, shortened where it is long.
    pub value: String,
    /// The rule it broke, in words a person can act on.
    pub rule: String,
}

/// Longer values are cut here, so that a hostile value cannot fill a log or an answer.
const LONGEST_VALUE_SHOWN: usize = 120;

impl Invalid {
    /// A fault about `value`, shown up to 120 characters.
    pub fn new(value: impl fmt::Display, rule: impl Into<String>) -> Self {
        let full = value.to_string();
        let mut value: String = full.chars().take(LONGEST_VALUE_SHOWN).collect();
        if value.len() < full.len() {
            value.push('…');
        }
        Self { value, rule: rule.into() }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}': {}", self.value, self.rule)
    }
}

impl std::error::Error for Invalid {}
