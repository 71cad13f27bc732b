//! The vocabulary of the field: positions, times, incidents, areas, priorities.
//!
//! Everything here is a plain value. Constructors check, so that a value that exists is valid and
//! analysis need not ask again. Nothing here reads a file, a clock or the environment, and nothing
//! derives `Serialize`: what goes over the wire has types of its own in [`crate::http`].

pub mod area;
pub mod fault;
pub mod incident;
pub mod period;
pub mod position;
pub mod priority;
pub mod priority_log;
pub mod scoring;
pub mod time;
pub mod units;
pub mod vintages;
pub mod weights;
pub mod words;

pub use area::{Area, AreaCode, BoundarySet, Denominators, Layer, LayerId, Per, Validity};
pub use fault::Invalid;
pub use incident::{Category, Generation, Incident, PositionedBy, StoreId};
pub use period::{Month, Period};
pub use position::{GridPoint, GridShape, LonLat, LonLatShape, Position};
pub use priority::{Priority, PriorityId};
pub use priority_log::{PriorityChange, PriorityEntry, PriorityOrigin};
pub use scoring::ScoringTable;
pub use time::{Occurred, TimePrecision};
pub use units::{Metres, SquareMetres};
pub use vintages::VintageAsked;
pub use weights::{CategoryWeight, WeightTable, WeightTableId};
