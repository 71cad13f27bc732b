//! The wards, beats or other areas that a polygon lies in.

use geo::{Area as _, BooleanOps, BoundingRect, Intersects};
use geo_types::Polygon;

use crate::model::Area;

/// How much of a polygon lies in an area.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AreaShare {
    /// The number of the area in its layer.
    pub area: usize,
    /// The share of the polygon's ground, above 0 and at most 1.
    pub share: f64,
}

/// Less common ground than this is what rounding leaves along a common border, square metres.
const SMALLEST_M2: f64 = 1.0;

/// The areas of a layer that a polygon lies in, the one with most of it first, equal ones in the layer's
/// order. Common ground of less than 1 m² is none. Where the layer covers the polygon the shares add up to 1,
/// to rounding.
///
/// # Example
/// ```
/// # use geo_types::{MultiPolygon, Polygon, Rect, coord};
/// use hotspots::analysis::hotspots::area_shares;
/// # use hotspots::model::{Area, AreaCode, Denominators, GridShape, LonLatShape, SquareMetres};
/// # let rect = |west: f64, east: f64| -> Polygon {
/// #     Rect::new(coord! { x: west, y: 0.0 }, coord! { x: east, y: 100.0 }).to_polygon()
/// # };
/// # let ward = |west: f64, east: f64| Area {
/// #     code: AreaCode(String::new()),
/// #     name: String::new(),
/// #     grid: GridShape(MultiPolygon(vec![rect(west, east)])),
/// #     lonlat: LonLatShape(MultiPolygon(vec![])),
/// #     area: SquareMetres(0.0),
/// #     denominators: Denominators::default(),
/// # };
/// // Two wards side by side; a quarter of the polygon reaches into the first.
/// let wards = [ward(0.0, 100.0), ward(100.0, 200.0)];
/// let shares = area_shares(&rect(75.0, 175.0), &wards);
/// assert_eq!((shares[0].area, shares[1].area), (1, 0));
/// assert!((shares[0].share - 0.75).abs() < 1e-9);
/// ```
pub fn area_shares(polygon: &Polygon<f64>, areas: &[Area]) -> Vec<AreaShare> {
    let Some(bounds) = polygon.bounding_rect() else { return Vec::new() };
    let whole = polygon.unsigned_area();
    let near = areas
        .iter()
        .enumerate()
        .filter(|(_, area)| area.grid.0.bounding_rect().is_some_and(|of_area| of_area.intersects(&bounds)));
    let mut shares: Vec<_> = near
        .map(|(number, area)| (number, polygon.intersection(&area.grid.0).unsigned_area()))
        .filter(|(_, common)| *common >= SMALLEST_M2)
        .map(|(area, common)| AreaShare { area, share: (common / whole).min(1.0) })
        .collect();
    shares.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.area.cmp(&b.area)));
    shares
}
