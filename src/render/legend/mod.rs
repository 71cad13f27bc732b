//! Legends: what the colours of a layer mean, for people as a drawing or a picture, for programs as JSON.

mod drawing;
mod json;
mod picture;
pub(super) mod words;

pub use drawing::svg;
pub use json::{LegendClass, LegendJson};
pub use picture::png;
#[cfg(test)]
pub(super) use picture::tree;

#[cfg(test)]
mod tests;
