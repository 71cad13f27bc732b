//! Making rings that run side by side share their vertices.

use geo::{BoundingRect, Distance, Euclidean, LinesIter};
use geo_types::{Coord, Line, LineString, MultiPolygon, Point, Polygon};
use rstar::{AABB, RTree};

/// The vertices that rings are drawn through. Two of them are never nearer to each other than the
/// tolerance, as far as they came by [`snap`](Self::snap).
#[derive(Debug)]
pub(super) struct Nodes {
    tree: RTree<Point<f64>>,
    tolerance_m: f64,
}

impl Nodes {
    pub(super) fn new(tolerance_m: f64, vertices: impl IntoIterator<Item = Coord<f64>>) -> Self {
        Self { tree: RTree::bulk_load(vertices.into_iter().map(Point).collect()), tolerance_m }
    }

    /// The vertex nearest to the position within the tolerance.
    pub(super) fn near(&self, at: Coord<f64>) -> Option<Coord<f64>> {
        let nearest = self.tree.nearest_neighbor(&Point(at))?;
        (Euclidean.distance(nearest, &Point(at)) <= self.tolerance_m).then_some(nearest.0)
    }

    /// The vertex near the position; the position itself becomes one where there is none.
    pub(super) fn snap(&mut self, at: Coord<f64>) -> Coord<f64> {
        self.near(at).unwrap_or_else(|| {
            self.tree.insert(Point(at));
            at
        })
    }

    /// The shape with every vertex snapped, and with the vertices put in that its edges pass by
    /// within the tolerance. Equal edges get equal vertices, whichever way they run.
    pub(super) fn noded(&self, shape: &MultiPolygon<f64>) -> MultiPolygon<f64> {
        let ring = |ring: &LineString<f64>| self.noded_ring(ring);
        shape
            .iter()
            .map(|part| Polygon::new(ring(part.exterior()), part.interiors().iter().map(ring).collect()))
            .collect()
    }

    fn noded_ring(&self, ring: &LineString<f64>) -> LineString<f64> {
        let snapped: LineString<f64> = ring.coords().map(|&at| self.near(at).unwrap_or(at)).collect();
        let mut noded: Vec<Coord<f64>> = snapped.0.first().copied().into_iter().collect();
        for edge in snapped.lines_iter().filter(|edge| edge.start != edge.end) {
            noded.extend(self.passed_by(edge));
            noded.push(edge.end);
        }
        LineString::new(noded)
    }

    /// The vertices beside the edge, apart from its ends, in the order of passing.
    fn passed_by(&self, edge: Line<f64>) -> Vec<Coord<f64>> {
        let margin = Coord { x: self.tolerance_m, y: self.tolerance_m };
        let rect = edge.bounding_rect();
        let around = AABB::from_corners(Point(rect.min() - margin), Point(rect.max() + margin));
        let mut passed: Vec<Coord<f64>> = self
            .tree
            .locate_in_envelope(&around)
            .filter(|node| node.0 != edge.start && node.0 != edge.end)
            .filter(|node| Euclidean.distance(&edge, *node) <= self.tolerance_m)
            .map(|node| node.0)
            .collect();
        let from_start = |at: &Coord<f64>| Euclidean.distance(Point(edge.start), Point(*at));
        passed.sort_by(|a, b| from_start(a).total_cmp(&from_start(b)));
        passed.dedup();
        passed
    }
}
