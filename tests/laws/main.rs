//! Laws of selection and analysis on a made-up city whose truth is known.

#![expect(
    clippy::unwrap_used,
    clippy::float_cmp,
    reason = "a test stops at once on what cannot be; equal means equal"
)]

mod answers;
mod city;
mod filters;
mod support;
