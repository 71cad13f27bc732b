//! The reference results of `../shared/golden`, which independent packages computed on real data.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at once on what cannot be")]

mod accuracy;
mod bandwidth;
#[path = "../boundaries/support.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod boundaries;
mod classes;
mod concentration;
mod dbscan;
mod density;
mod emerging;
mod hex;
mod local_statistics;
mod mann_kendall;
mod near_repeat;
mod osgb;
mod pattern;
mod postcodes;
mod risk;
mod scan;
mod support;
mod wards;
