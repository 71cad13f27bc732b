//! The analyses: each takes a scope and its own checked parameters, asks the pure methods, and says how
//! its answer came about.

pub mod accuracy;
pub mod backtest;
pub mod bandwidths;
pub mod cells;
pub mod change;
pub mod clusters;
pub mod concentration;
pub mod density;
pub mod emerging;
pub mod hex;
pub mod hotspots;
pub mod hours;
pub mod location_quotients;
pub(super) mod months;
pub mod near_repeat;
pub mod pattern;
pub mod rates;
pub mod repeats;
pub mod risk;
pub mod scan;
pub mod seasonality;
mod sites;
pub mod squares;
pub mod streets;
pub(super) mod study_areas;
mod study_cells;
pub mod trend;
