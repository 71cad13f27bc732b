//! GeoJSON (RFC 7946): longitude first, exterior rings anticlockwise, seven decimals.

use geo::MapCoords;
use geojson::{Geometry, GeometryValue};
use serde::Serialize;

use crate::model::{LonLat, LonLatShape};

/// A feature collection with members of its own beside the features (RFC 7946 §6.1).
#[derive(Debug, Serialize)]
pub struct FeatureCollection<P, M> {
    r#type: &'static str,
    /// The members beside the features.
    #[serde(flatten)]
    pub members: M,
    /// The features.
    pub features: Vec<Feature<P>>,
}

/// One feature.
#[derive(Debug, Serialize)]
pub struct Feature<P> {
    r#type: &'static str,
    id: String,
    geometry: Geometry,
    properties: P,
}

impl<P, M> FeatureCollection<P, M> {
    /// A collection of `features` with `members` beside them.
    pub const fn new(members: M, features: Vec<Feature<P>>) -> Self {
        Self { r#type: "FeatureCollection", members, features }
    }
}

impl<P> Feature<P> {
    /// A feature.
    pub fn new(id: impl Into<String>, geometry: Geometry, properties: P) -> Self {
        Self { r#type: "Feature", id: id.into(), geometry, properties }
    }
}

/// Decimals of a degree that are written: seven are one centimetre.
const SCALE: f64 = 1e7;

/// A degree value as it is written.
///
/// # Example
/// ```
/// assert_eq!(hotspots::render::geojson::rounded(-2.080_949_049), -2.080_949);
/// ```
pub fn rounded(degrees: f64) -> f64 {
    (degrees * SCALE).round() / SCALE
}

fn rounded_coord(c: geo_types::Coord) -> geo_types::Coord {
    geo_types::Coord { x: rounded(c.x), y: rounded(c.y) }
}

/// A multipolygon, also where it has one part: clients take a layer's type from its first feature.
pub fn multi_polygon(shape: &LonLatShape) -> Geometry {
    Geometry::new(GeometryValue::from(&shape.0.map_coords(rounded_coord)))
}

/// A polygon without holes from its closed ring.
pub fn polygon(ring: &[LonLat]) -> Geometry {
    let corners = ring.iter().map(|corner| geo_types::Coord { x: corner.lon_deg(), y: corner.lat_deg() });
    let ring: geo_types::LineString = corners.map(rounded_coord).collect();
    Geometry::new(GeometryValue::from(&geo_types::Polygon::new(ring, Vec::new())))
}

/// A point.
pub fn point(lonlat: LonLat) -> Geometry {
    Geometry::new(GeometryValue::from(&geo_types::Point::new(
        rounded(lonlat.lon_deg()),
        rounded(lonlat.lat_deg()),
    )))
}
