//! The method card: what has to be known to make a layer again and to trust it.

use crate::{
    model::{Category, Generation, Period, PriorityId, StoreId},
    selection::Tally,
};

/// How a layer was made, and from what. Every layer carries one.
#[derive(Clone, Debug, PartialEq)]
pub struct MethodCard {
    /// The borough's name.
    pub area: String,
    /// The borough's code.
    pub area_code: String,
    /// The boundary layer that incidents were counted in, where one was.
    pub layer: Option<LayerNote>,
    /// Whether any boundary in use is schematic.
    pub schematic_boundaries: bool,
    /// The priority, where one was named.
    pub priority: Option<PriorityId>,
    /// The period the incidents start in.
    pub period: Period,
    /// The period it is compared with, where it is.
    pub comparison: Option<Period>,
    /// Categories taken in; empty means every one.
    pub categories: Vec<Category>,
    /// Sources taken in; empty means every one.
    pub sources: Vec<String>,
    /// Filters in CQL2 text that all had to hold.
    pub filters: Vec<String>,
    /// Weights by category, where the priority gives any.
    pub weights: Vec<(Category, f64)>,
    /// What was used and what was not.
    pub tally: Tally,
    /// The method and its parameters.
    pub method: MethodParameters,
    /// The store that held the incidents.
    pub store: StoreId,
    /// Its generation.
    pub generation: Generation,
}

/// The layer and vintage that incidents were counted in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerNote {
    /// The layer's id.
    pub id: String,
    /// Its vintage.
    pub vintage: String,
}

/// A method and its parameters. Lengths are in metres on EPSG:27700.
#[derive(Clone, Debug, PartialEq)]
pub enum MethodParameters {
    /// Quartic kernel density.
    Density {
        /// The kernel's radius.
        bandwidth_m: f64,
        /// How the radius came about, in words.
        bandwidth_rule: String,
        /// Side of the raster's cells.
        cell_m: f64,
        /// How the side came about, in words.
        cell_rule: String,
        /// Mean of the positive cells inside the outline, events per km²: the unit of the classes.
        mean_per_km2: Option<f64>,
    },
    /// Counts on H3 cells with Getis-Ord Gi*.
    Hex {
        /// H3 resolution.
        resolution: u8,
        /// Cells in the grid.
        cells: usize,
    },
    /// Counts by area.
    Summary {
        /// Year of the residents that rates are divided by, where they are known.
        residents_year: Option<i16>,
    },
}
