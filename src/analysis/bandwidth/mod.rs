//! Cell size and bandwidth where the request gives none, and what every known rule would give.
//!
//! | module | rules |
//! |---|---|
//! | [`spread`] | from how far incidents are spread: Scott, Silverman, oversmoothing, ArcGIS and others |
//! | [`nearest`] | the mean distance to the k-th nearest incident |
//! | [`pairs`] | least-squares cross-validation |
//! | [`left_out`] | likelihood cross-validation, and the rule of Cronie and van Lieshout |
//! | [`limits`] | cell size, and the limits that every rule's value is held to |
//! | [`rule`], [`table`] | the rules by name, and the table of what each gives for some incidents |
//!
//! Most rules give the σ of a Gaussian kernel. Another kernel smooths as much with a radius longer by a
//! factor of its own, [`Kernel::per_sigma`](super::density::Kernel::per_sigma), which many tools leave out.

pub mod left_out;
pub mod limits;
pub mod nearest;
pub mod optimum;
pub mod pairs;
pub mod rule;
mod search;
pub mod spread;
pub mod table;

pub use self::{
    limits::{BandwidthLimit, default_cell, shorter_side},
    rule::{NotApplicable, Rule},
    table::{Chosen, RuleBandwidth, RuleValue, Situation, choose, values},
};

#[cfg(test)]
mod tests;
