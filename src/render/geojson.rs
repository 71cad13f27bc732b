//! GeoJSON (RFC 7946): longitude first, exterior rings anticlockwise, seven decimals.

use geo::Area;
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
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
const DECIMALS: usize = 7;
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

fn rounded_coord(c: Coord) -> Coord {
    Coord { x: rounded(c.x), y: rounded(c.y) }
}

/// A multipolygon, also where it has one part: clients take a layer's type from its first feature.
///
/// Parts and holes that hold no ground when their corners are rounded are left out; they are smaller than a
/// centimetre across, and rings of fewer than three places are no rings.
pub fn multi_polygon(shape: &LonLatShape) -> Geometry {
    Geometry::new(GeometryValue::from(&written(&shape.0, DECIMALS)))
}

/// A shape with its corners rounded to so many decimals, without what then holds no ground.
pub(super) fn written(shape: &MultiPolygon, decimals: usize) -> MultiPolygon {
    let scale = 10_f64.powi(i32::try_from(decimals).unwrap_or(0));
    let part = |part: &Polygon| {
        let holes = part.interiors().iter().filter_map(|ring| rounded_ring(ring, scale)).collect();
        Some(Polygon::new(rounded_ring(part.exterior(), scale)?, holes))
    };
    shape.0.iter().filter_map(part).collect()
}

/// A ring with its corners rounded, each different from the one before; `None` where it holds no ground.
fn rounded_ring(ring: &LineString, scale: f64) -> Option<LineString> {
    let round = |c: &Coord| Coord { x: (c.x * scale).round() / scale, y: (c.y * scale).round() / scale };
    let mut corners: Vec<Coord> = ring.coords().map(round).collect();
    corners.dedup();
    let ring = Polygon::new(LineString(corners), Vec::new());
    // Half of the ground between rounded places next to each other.
    (ring.unsigned_area() > 0.25 / scale / scale).then(|| ring.into_inner().0)
}

/// A polygon without holes from its closed ring.
pub fn polygon(ring: &[LonLat]) -> Geometry {
    let corners = ring.iter().map(|corner| Coord { x: corner.lon_deg(), y: corner.lat_deg() });
    let ring: LineString = corners.map(rounded_coord).collect();
    Geometry::new(GeometryValue::from(&Polygon::new(ring, Vec::new())))
}

/// A point.
pub fn point(lonlat: LonLat) -> Geometry {
    Geometry::new(GeometryValue::from(&geo_types::Point::new(
        rounded(lonlat.lon_deg()),
        rounded(lonlat.lat_deg()),
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(west: f64, south: f64, side: f64) -> LineString {
        LineString::from(vec![
            (west, south),
            (west + side, south),
            (west + side, south + side),
            (west, south + side),
            (west, south),
        ])
    }

    #[test]
    fn rings_that_rounding_closes_are_left_out() {
        let speck = 2e-9;
        let pierced =
            Polygon::new(ring(-2.0, 52.0, 0.1), vec![ring(-1.95, 52.05, speck), ring(-1.94, 52.04, 1e-3)]);
        let sliver = LineString::from(vec![(-2.0, 52.0), (-1.9, 52.0), (-1.95, 52.0 + speck), (-2.0, 52.0)]);
        let specks = [ring(-1.5, 52.5, speck), sliver].map(|ring| Polygon::new(ring, Vec::new()));
        let shape = MultiPolygon(std::iter::once(pierced).chain(specks).collect());
        let drawn = MultiPolygon::<f64>::try_from(multi_polygon(&LonLatShape(shape))).unwrap();
        assert_eq!((drawn.0.len(), drawn.0[0].interiors().len()), (1, 1));
    }

    #[test]
    fn the_smallest_ring_of_written_places_is_drawn() {
        let triangle =
            LineString::from(vec![(-2.0, 52.0), (-1.999_999_9, 52.0), (-2.0, 52.000_000_1), (-2.0, 52.0)]);
        let drawn = multi_polygon(&LonLatShape(MultiPolygon(vec![Polygon::new(triangle, Vec::new())])));
        assert_eq!(MultiPolygon::<f64>::try_from(drawn).unwrap().0.len(), 1);
    }
}
