//! Encodings: from values to bytes, without a thought of who asked.

pub mod bundle;
pub mod chart;
pub mod csv;
pub mod features;
pub mod figure;
pub mod flat_geobuf;
pub mod geojson;
pub mod geopackage;
pub mod geotiff;
pub mod layer;
pub mod legend;
pub mod map;
pub mod plan;
pub mod sheet;
pub mod style;
pub mod vector_tile;
pub mod workbook;
pub mod xml;
