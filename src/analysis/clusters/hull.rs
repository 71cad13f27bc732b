//! The ground of a cluster.

use geo::ConvexHull;
use geo_types::{Coord, MultiPoint, Point, Polygon};

use crate::model::{GridPoint, Metres};

/// Corners of the discs that a hull is widened by.
const CORNERS: u32 = 24;

/// The convex hull of positions, widened by a margin: the hull of discs of that radius around them (drawn with
/// 24 corners). A single position, and positions in a line, have ground too. `None` without positions.
///
/// # Example
/// ```
/// use geo::Area;
/// use hotspots::{analysis::clusters::widened_hull, model::{GridPoint, Metres}};
/// let lone = [GridPoint::new(400_000.0, 290_000.0).unwrap()];
/// let disc = widened_hull(&lone, Metres::new(100.0).unwrap()).unwrap();
/// // 12 · sin(15°) · r² in place of π · r².
/// assert!((disc.unsigned_area() - 31_058.0).abs() < 1.0);
/// assert!(widened_hull(&[], Metres::ONE).is_none());
/// ```
pub fn widened_hull(positions: &[GridPoint], margin: Metres) -> Option<Polygon<f64>> {
    if positions.is_empty() {
        return None;
    }
    let bare = positions.iter().map(|at| Point(at.coord())).collect::<MultiPoint>().convex_hull();
    let around = |at: &Coord<f64>| {
        let at = *at;
        (0..CORNERS).map(move |corner| {
            let angle = f64::from(corner) / f64::from(CORNERS) * std::f64::consts::TAU;
            let (sin, cos) = (libm::sin(angle), libm::cos(angle));
            Point::new(at.x + margin.get() * cos, at.y + margin.get() * sin)
        })
    };
    Some(bare.exterior().coords().flat_map(around).collect::<MultiPoint>().convex_hull())
}
