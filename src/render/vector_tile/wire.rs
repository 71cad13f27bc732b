//! The messages of a vector tile (Mapbox Vector Tile Specification 2.1, §4 and its `vector_tile.proto`).

use prost::Message;

/// A tile: one message for each layer.
#[derive(Clone, PartialEq, Message)]
pub struct Tile {
    /// The layers, each of another name.
    #[prost(message, repeated, tag = "3")]
    pub layers: Vec<Layer>,
}

/// A layer with the texts and values that its features refer to by number.
#[derive(Clone, PartialEq, Message)]
pub struct Layer {
    /// Its name.
    #[prost(string, required, tag = "1")]
    pub name: String,
    /// Its features.
    #[prost(message, repeated, tag = "2")]
    pub features: Vec<Feature>,
    /// The names of properties, each once.
    #[prost(string, repeated, tag = "3")]
    pub keys: Vec<String>,
    /// The values of properties, each once.
    #[prost(message, repeated, tag = "4")]
    pub values: Vec<Value>,
    /// Units along a side of the tile.
    #[prost(uint32, optional, tag = "5")]
    pub extent: Option<u32>,
    /// The version of the specification: 2.
    #[prost(uint32, required, tag = "15")]
    pub version: u32,
}

/// A feature.
#[derive(Clone, PartialEq, Message)]
pub struct Feature {
    /// Its id, where that is a number.
    #[prost(uint64, optional, tag = "1")]
    pub id: Option<u64>,
    /// Its properties: numbers of a key and of its value in turn.
    #[prost(uint32, repeated, tag = "2")]
    pub tags: Vec<u32>,
    /// [`POINT`] or [`POLYGON`].
    #[prost(uint32, optional, tag = "3")]
    pub kind: Option<u32>,
    /// Commands and their parameters (§4.3).
    #[prost(uint32, repeated, tag = "4")]
    pub geometry: Vec<u32>,
}

/// The geometry type of positions.
pub const POINT: u32 = 1;
/// The geometry type of areas.
pub const POLYGON: u32 = 3;

/// A value, of which exactly one member is there. Types that nothing here has are left out.
#[derive(Clone, PartialEq, Message)]
pub struct Value {
    /// Text.
    #[prost(string, optional, tag = "1")]
    pub text: Option<String>,
    /// A number.
    #[prost(double, optional, tag = "3")]
    pub number: Option<f64>,
    /// A whole number.
    #[prost(sint64, optional, tag = "6")]
    pub whole: Option<i64>,
    /// True or false.
    #[prost(bool, optional, tag = "7")]
    pub flag: Option<bool>,
}
