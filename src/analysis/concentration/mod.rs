//! On how few units (cells, places, areas) how many of the incidents fall.
//!
//! | module | what it answers |
//! |---|---|
//! | [`lorenz`] | the Lorenz curve, the Gini coefficient and its form for few incidents |
//! | [`bootstrap`] | how sure the Gini coefficient is |
//! | [`table`] | the 80/20 table: units in order, and the share that a share of units holds |
//! | [`repeats`] | how many incidents fall on places that have more than one |

pub mod bootstrap;
pub mod lorenz;
pub mod repeats;
pub mod table;

/// A range of shares as a study found it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reference {
    /// Share of the incidents, percent.
    pub incidents_pct: f64,
    /// The smallest share of street segments that held them in any of the cities, percent.
    pub low_pct: f64,
    /// The largest, percent.
    pub high_pct: f64,
}

/// What Weisburd, D. (2015), The law of crime concentration and the criminology of place, doi
/// 10.1111/1745-9125.12070, found in eight cities: a quarter of the crime on 0.4 to 1.6 % of the street
/// segments, half of it on 2.1 to 6.0 %.
///
/// Street segments are not cells, squares or places, and a Gini coefficient grows as units shrink: it is a
/// yardstick beside the numbers and not a test.
pub const LAW_OF_CRIME_CONCENTRATION: [Reference; 2] = [
    Reference { incidents_pct: 25.0, low_pct: 0.4, high_pct: 1.6 },
    Reference { incidents_pct: 50.0, low_pct: 2.1, high_pct: 6.0 },
];
