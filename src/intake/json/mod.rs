//! GeoJSON and NDJSON.

mod geojson;
mod members;
mod ndjson;
mod objects;
mod scanner;

pub(super) use geojson::{REJECTS_OF, read as read_geojson};
pub(super) use members::members;
pub(super) use ndjson::read as read_ndjson;
pub(super) use objects::{REJECT_OF_FEATURE, REJECT_OF_OBJECT};
