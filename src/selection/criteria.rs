//! What is asked for.

use std::collections::BTreeMap;

use super::Filter;
use crate::model::{Category, Period};

/// An area by the numbers of its layer and of itself in the boundary set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AreaNumber {
    /// The layer's place in the set.
    pub layer: usize,
    /// The area's place in the layer.
    pub area: usize,
}

/// Conditions that an incident has to meet, all of them.
#[derive(Clone, Debug)]
pub struct Criteria {
    /// The days it has to start in.
    pub period: Period,
    /// The categories it may have; empty means any.
    pub categories: Vec<Category>,
    /// The sources it may come from; empty means any.
    pub sources: Vec<String>,
    /// Further conditions, all of which have to hold.
    pub filters: Vec<Filter>,
    /// The one area that it has to lie in, where not the whole borough is asked about.
    pub within: Option<AreaNumber>,
    /// Weights by category that multiply an incident's own.
    pub weights: BTreeMap<Category, f64>,
    /// The weight of categories that `weights` does not name.
    pub other_weight: f64,
}

impl Criteria {
    /// Everything in `period`, every incident with its own weight.
    pub fn all_in(period: Period) -> Self {
        Self {
            period,
            categories: Vec::new(),
            sources: Vec::new(),
            filters: Vec::new(),
            within: None,
            weights: BTreeMap::new(),
            other_weight: 1.0,
        }
    }

    /// The same conditions in another period.
    #[must_use]
    pub fn in_period(&self, period: Period) -> Self {
        Self { period, ..self.clone() }
    }

    /// The weight of a category, by slug.
    pub(super) fn weight_of(&self, slug: &str) -> f64 {
        self.weights
            .iter()
            .find_map(|(category, weight)| (category.as_str() == slug).then_some(*weight))
            .unwrap_or(self.other_weight)
    }
}
