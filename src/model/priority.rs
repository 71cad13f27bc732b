//! Strategic priorities: what the partnership has chosen to analyse.

use std::{collections::BTreeMap, fmt};

use super::{Category, Invalid, Metres, Month, Period};

/// Name of a priority in addresses: `serious-acquisitive-crime`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PriorityId(String);

impl PriorityId {
    /// # Errors
    /// [`Invalid`] unless it is 1 to 60 of `a`–`z`, `0`–`9` and `-`.
    pub fn new(text: &str) -> Result<Self, Invalid> {
        let slug = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if (1..=60).contains(&text.len()) && text.bytes().all(slug) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new(text, "a priority's id is 1 to 60 of a-z, 0-9 and -"))
        }
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PriorityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which months a priority is about when the question names none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeriodRule {
    /// This many months, ending with the newest that holds incidents.
    pub last_months: u16,
    /// What the period is compared with.
    pub compare: Comparison,
}

/// The period that another one is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The period of the same length directly before.
    Before,
    /// The same days a year earlier, so that seasons cancel.
    YearBefore,
}

impl Comparison {
    /// The word for it in files and addresses: `before` or `year-before`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::YearBefore => "year-before",
        }
    }

    /// The period to compare `period` with.
    ///
    /// # Example
    /// ```
    /// use hotspots::model::{Period, priority::Comparison};
    /// let quarter: Period = "2014-01/2014-03".parse().unwrap();
    /// assert_eq!(Comparison::YearBefore.of(quarter).to_string(), "2013-01/2013-03");
    /// ```
    pub fn of(self, period: Period) -> Period {
        match self {
            Self::Before => period.before(),
            Self::YearBefore => period.year_before(),
        }
    }
}

impl PeriodRule {
    /// The period this rule means when `newest` is the newest month that holds incidents.
    pub fn period(self, newest: Month) -> Period {
        Period::ending(newest, self.last_months)
    }
}

/// H3 resolutions that are offered: cells of about 4.7 km² (7) to 0.002 km² (11) in Dudley.
pub const HEX_RESOLUTIONS: std::ops::RangeInclusive<u8> = 7..=11;

/// Shortest and longest side of a raster cell that is taken, metres.
pub const CELL_M: std::ops::RangeInclusive<f64> = 5.0..=2_000.0;
/// Shortest and longest kernel radius that is taken, metres.
pub const BANDWIDTH_M: std::ops::RangeInclusive<f64> = 10.0..=20_000.0;

/// Method parameters that hold where a question names none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MethodDefaults {
    /// Kernel radius; `None` lets the rule of thumb decide from the incidents.
    pub bandwidth: Option<Metres>,
    /// Raster cell; `None` derives it from the extent.
    pub cell: Option<Metres>,
    /// H3 resolution of the hex layer, 7 to 11.
    pub hex_resolution: u8,
}

impl Default for MethodDefaults {
    /// Rules of thumb for bandwidth and cell, H3 resolution 9 (about 0.095 km² a cell in Dudley).
    fn default() -> Self {
        Self { bandwidth: None, cell: None, hex_resolution: 9 }
    }
}

/// One strategic priority.
#[derive(Clone, Debug, PartialEq)]
pub struct Priority {
    /// Its name in addresses.
    pub id: PriorityId,
    /// What people call it.
    pub title: String,
    /// What belongs to it, in a sentence or two.
    pub description: String,
    /// The categories it takes in; empty means every category.
    pub categories: Vec<Category>,
    /// A further condition in CQL2 text.
    pub filter: Option<String>,
    /// Weights by category that multiply an incident's own; 1 where none is given.
    pub weights: BTreeMap<Category, f64>,
    /// Which period it is about.
    pub period: PeriodRule,
    /// Method parameters.
    pub method: MethodDefaults,
}
