//! Tables of weights by category: how grave an incident of a category is taken to be.

use std::{collections::BTreeMap, fmt};

use super::{Category, Invalid};

/// Name of a table of weights in addresses: `cchi-2026`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WeightTableId(String);

/// Words that stand in the place of an id and mean something else.
const RESERVED: [&str; 2] = ["none", "priority"];

impl WeightTableId {
    /// # Errors
    /// [`Invalid`] unless it is 1 to 60 of `a`–`z`, `0`–`9` and `-`, and for `none` and `priority`.
    ///
    /// # Example
    /// ```
    /// use hotspots::model::WeightTableId;
    /// assert_eq!(WeightTableId::new("cchi-2026").unwrap().as_str(), "cchi-2026");
    /// assert!(WeightTableId::new("none").is_err());
    /// ```
    pub fn new(text: &str) -> Result<Self, Invalid> {
        let slug = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if RESERVED.contains(&text) {
            Err(Invalid::new(text, "this word is reserved; a table needs an id of its own"))
        } else if (1..=60).contains(&text.len()) && text.bytes().all(slug) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new(text, "the id of a table of weights is 1 to 60 of a-z, 0-9 and -"))
        }
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WeightTableId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The weight of one category in the unit of its table.
#[derive(Clone, Debug, PartialEq)]
pub struct CategoryWeight {
    weight: f64,
    interval: Option<(f64, f64)>,
    /// What the figure rests on, where that needs saying.
    pub remark: Option<String>,
}

impl CategoryWeight {
    /// Checks a weight and the interval that it may lie in.
    ///
    /// # Errors
    /// [`Invalid`] unless all are finite, zero or more, and low ≤ weight ≤ high.
    ///
    /// # Example
    /// ```
    /// use hotspots::model::CategoryWeight;
    /// let burglary = CategoryWeight::new(221.6, Some((190.7, 252.5)), None).unwrap();
    /// assert_eq!((burglary.weight(), burglary.interval()), (221.6, Some((190.7, 252.5))));
    /// assert!(CategoryWeight::new(300.0, Some((190.7, 252.5)), None).is_err());
    /// ```
    pub fn new(weight: f64, interval: Option<(f64, f64)>, remark: Option<String>) -> Result<Self, Invalid> {
        let (low, high) = interval.unwrap_or((weight, weight));
        for value in [weight, low, high] {
            if !value.is_finite() || value < 0.0 {
                return Err(Invalid::new(value, "a weight is a finite number, zero or more"));
            }
        }
        if low <= weight && weight <= high {
            Ok(Self { weight, interval, remark })
        } else {
            Err(Invalid::new(weight, format!("a weight lies between its low {low} and its high {high}")))
        }
    }

    /// The weight, finite and not negative.
    pub const fn weight(&self) -> f64 {
        self.weight
    }

    /// The lowest and the highest weight that can be defended; `None` where there is one figure only.
    pub const fn interval(&self) -> Option<(f64, f64)> {
        self.interval
    }
}

/// Weights by category from one source.
///
/// A table has nothing to say on a category that it does not name: [`weight`](Self::weight) is then `None`,
/// and whoever adds up harm has to say how many incidents that were.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightTable {
    /// Its name in addresses, with its version: `cchi-2026`.
    pub id: WeightTableId,
    /// What people call it.
    pub title: String,
    /// What a weight counts: `days of imprisonment`.
    pub unit: String,
    /// The year that the figures are of.
    pub year: i16,
    /// Where the figures come from.
    pub source: String,
    /// Terms of use.
    pub licence: String,
    /// What a reader has to know; may be empty.
    pub remarks: String,
    /// The weights.
    pub weights: BTreeMap<Category, CategoryWeight>,
}

impl WeightTable {
    /// The weight of a category; `None` where the table does not name it.
    pub fn weight(&self, category: &Category) -> Option<f64> {
        self.weights.get(category).map(CategoryWeight::weight)
    }
}
