//! The analyses: each takes a scope and its own checked parameters, asks the pure methods, and says how
//! its answer came about.

pub mod density;
pub mod hex;
pub mod near_repeat;
pub mod scan;
mod sites;
