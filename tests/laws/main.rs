//! Laws of selection and analysis on a made-up city whose truth is known.

#![expect(clippy::unwrap_used, reason = "a test stops at once on what cannot be")]

mod answers;
mod city;
mod filters;
mod support;
