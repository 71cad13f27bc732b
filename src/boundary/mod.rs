//! Boundaries: reading a borough's manifest and files, checking them, locating points in them, and
//! drawing the schematic set that the project ships in place of official geometry.

mod denominators;
pub mod fault;
mod features;
pub mod locator;
pub mod manifest;
mod noding;
mod outline;
pub mod schematic;
mod shape;
pub mod topology;

pub use fault::{BoundaryFault, BoundaryFaults};
pub use locator::Locator;
pub use topology::TopologyReport;
