//! What goes over the wire, as `openapi.yaml` describes it.

pub mod card;
pub mod import;
pub mod priority;
pub mod sheet;
pub mod street;

pub use card::Card;
pub use street::Street;
