//! Boundary sets: reading them, checking them, locating in them, and the schematic one.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at once on what cannot be")]

mod files;
mod formats;
mod locating;
mod official;
mod schematic;
mod support;
mod topology;
