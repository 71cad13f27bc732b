//! Style documents for every client, all made from one [`Symbology`]: they carry its class limits and colours, so
//! that each client draws what the pictures of this service show.

mod expression;
pub mod maplibre;
pub mod qml;
mod sld;

pub use sld::{Version, sld};

use crate::feature::{Colour, Symbology};

/// A layer whose style is written.
#[derive(Clone, Copy, Debug)]
pub struct Styled<'a> {
    /// The collection's id: the layer's name for clients.
    pub collection: &'a str,
    /// Its name for people.
    pub title: &'a str,
    /// How it is drawn.
    pub symbology: &'a Symbology,
}

/// Three decimals tell all 256 opacities apart.
pub(super) fn opacity(colour: Colour) -> f64 {
    (colour.opacity() * 1e3).round() / 1e3
}

#[cfg(test)]
mod tests;
