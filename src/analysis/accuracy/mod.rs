//! How well a map of hotspots says where later incidents are.
//!
//! A map gives every cell of a grid a score; its hotspots are the cells of highest score that cover a share
//! of the ground. It is judged by incidents of a period *after* the one that it was made from: a map says
//! little about the future by holding the past.
//!
//! | module | what it answers |
//! |---|---|
//! | [`ranking`] | which cells are the hotspots at a coverage |
//! | [`figures`] | predictive accuracy (PAI), efficiency (PEI), recapture and hit rate at a coverage |
//! | [`curve`] | the share of later incidents as the coverage grows |
//! | [`backtest`] | which of several maps would have worked, over many periods |

pub mod backtest;
pub mod curve;
pub mod figures;
pub mod ranking;

pub use self::{
    curve::{CurvePoint, HitCurve},
    figures::{Figures, Judged},
    ranking::{Coverage, Ground, Ranking},
};

#[cfg(test)]
mod tests;
