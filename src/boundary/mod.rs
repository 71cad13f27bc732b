//! Boundaries: reading a borough's manifest and files, checking them, locating points in them, and
//! drawing the schematic set that the project ships in place of official geometry.

mod denominators;
pub mod fault;
mod features;
mod file_crs;
mod files;
pub mod locator;
pub mod manifest;
mod noding;
mod outline;
mod rings;
pub mod schematic;
mod shape;
pub mod topology;
mod touching;
mod validity;

pub use fault::{BoundaryFault, BoundaryFaults, BoundaryNote};
pub use features::{SourceFeature, fit_shape, source_features};
pub use files::{Placemark, placemarks};
pub use locator::Locator;
pub use topology::TopologyReport;
