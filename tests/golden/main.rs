//! The reference results of `../shared/golden`, which independent packages computed on real data.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at once on what cannot be")]

mod accuracy;
mod bandwidth;
#[path = "../boundaries/support.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod boundaries;
mod classes;
<<<<<<< HEAD
mod dbscan;
=======
mod concentration;
>>>>>>> 07d5f45 (Point patterns, concentration, repeat locations, rates by area and location quotients)
mod density;
mod gi_star;
mod hex;
mod osgb;
mod pattern;
mod support;
mod wards;
