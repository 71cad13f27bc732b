//! The analyses: each takes a scope and its own checked parameters, asks the pure methods, and says how
//! its answer came about.

pub mod clusters;
pub mod density;
pub mod hex;
pub mod hotspots;
pub mod streets;
