//! Which area a point lies in, exactly, in a few nanoseconds.
//!
//! # The border rule
//! A point on the border of an area counts as inside it. Where several areas share the point, the
//! one that comes first in the order of codes gets it. The same rule holds for every layer, for the
//! outline, for importing and for answering questions; what is computed is the geometry as it was
//! read, with no tolerance.
//!
//! # How it is fast
//! A table of 256 × 256 cells over the extent of the areas is built once. A cell that no border
//! passes through answers at once. A cell with borders knows for one reference point which areas hold
//! it, and the edges that pass through the cell: walking from the reference point to the point in
//! question changes sides at every edge crossed. Each crossing is decided by the exact orientation
//! predicate (J. R. Shewchuk 1997, *Adaptive precision floating-point arithmetic and fast robust
//! geometric predicates*, Discrete & Computational Geometry 18, 305–363,
//! doi [10.1007/PL00009321](https://doi.org/10.1007/PL00009321)); a walk that meets a vertex or a
//! border head-on is given up and the whole area is tested instead. So the answer is always that of
//! the whole test.

mod build;
mod cells;

use geo::{CoordinatePosition, Distance, Euclidean, LinesIter, coordinate_position::CoordPos};
use geo_types::{Coord, Line, MultiPolygon, Point};
use rstar::RTree;

use self::cells::CellTable;
use crate::model::{Area, GridPoint};

/// Finds the area of a point, and how far the nearest border is.
///
/// # Example
/// ```
/// use geo_types::{MultiPolygon, Rect, coord};
/// use hotspots::boundary::locator::Locator;
/// use hotspots::model::{Area, AreaCode, Denominators, GridPoint, GridShape, LonLatShape, SquareMetres};
///
/// // Two squares of 100 m, side by side, with the border at an easting of 390,100 m.
/// let square = |code: &str, west_m: f64| {
///     let rect = Rect::new(
///         coord! { x: west_m, y: 290_000.0 },
///         coord! { x: west_m + 100.0, y: 290_100.0 },
///     );
///     Area {
///         code: AreaCode(code.into()),
///         name: code.into(),
///         grid: GridShape(MultiPolygon::from(rect.to_polygon())),
///         lonlat: LonLatShape(MultiPolygon::new(vec![])),
///         area: SquareMetres(10_000.0),
///         denominators: Denominators::default(),
///     }
/// };
/// let locator = Locator::new(&[square("A", 390_000.0), square("B", 390_100.0)]);
/// let at = |easting_m| GridPoint::new(easting_m, 290_050.0).unwrap();
/// assert_eq!(locator.locate(at(390_130.0)), Some(1));
/// assert_eq!(locator.locate(at(390_100.0)), Some(0)); // on the border: the first in order
/// assert_eq!(locator.locate(at(389_999.0)), None);
/// assert_eq!(locator.border_distance_m(at(390_130.0)), 30.0);
/// ```
#[derive(Debug)]
pub struct Locator {
    shapes: Vec<MultiPolygon<f64>>,
    table: CellTable,
    edges: RTree<Line<f64>>,
}

impl Locator {
    /// Prepares the areas, which are in order of their codes. Takes some milliseconds for the wards
    /// of a borough.
    ///
    /// Areas after the 65,536th are not looked at; [`manifest::load`](crate::boundary::manifest::load)
    /// refuses a layer with so many.
    pub fn new(areas: &[Area]) -> Self {
        let held = areas.len().min(usize::from(u16::MAX) + 1);
        let shapes: Vec<_> = areas.iter().take(held).map(|area| area.grid.0.clone()).collect();
        let table = build::table(&shapes);
        let edges = RTree::bulk_load(shapes.iter().flat_map(LinesIter::lines_iter).collect());
        Self { shapes, table, edges }
    }

    /// Index of the area that holds the point, among the areas given to [`new`](Self::new); `None`
    /// where none does. See the module for the border rule.
    #[inline]
    pub fn locate(&self, place: GridPoint) -> Option<u16> {
        let at = place.coord();
        self.table.area_at(at, |area| holds(&self.shapes[usize::from(area)], at))
    }

    /// The same answer found the obvious way, by asking area after area: what tests and benches hold
    /// [`locate`](Self::locate) against.
    pub fn locate_naive(&self, place: GridPoint) -> Option<u16> {
        (0..=u16::MAX).zip(&self.shapes).find(|(_, shape)| holds(shape, place.coord())).map(|(area, _)| area)
    }

    /// Distance in metres from the point to the nearest border of any of the areas, 0 on a border,
    /// infinite where there are no areas. It says nothing about which side the point is on.
    pub fn border_distance_m(&self, place: GridPoint) -> f64 {
        let point = Point(place.coord());
        self.edges.nearest_neighbor(&point).map_or(f64::INFINITY, |edge| Euclidean.distance(edge, &point))
    }
}

/// Whether a point lies in a shape or on its border.
///
/// Part by part, because on a point where two parts meet `geo` counts the borders of a whole
/// `MultiPolygon` modulo two and calls it outside.
fn holds(shape: &MultiPolygon<f64>, at: Coord<f64>) -> bool {
    shape.iter().any(|part| part.coordinate_position(&at) != CoordPos::Outside)
}

#[cfg(test)]
mod tests;
