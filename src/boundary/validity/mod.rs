//! Whether a shape is valid (OGC Simple Features), in about n log n.
//!
//! The rules and the words are those of `geo`, whose own check compares every edge of a ring with every other. Here an
//! R-tree finds the edges that may meet; the few rings that do meet others are then held against each other by `geo`.

use std::collections::{BTreeMap, BTreeSet};

use geo::{
    BoundingRect, Intersects, Relate, RemoveRepeatedPoints,
    coordinate_position::{CoordPos, CoordinatePosition},
    dimensions::Dimensions,
    line_intersection::{LineIntersection, line_intersection},
    validation::{GeometryIndex, InvalidMultiPolygon, InvalidPolygon, RingRole},
};
use geo_types::{Coord, Line, LineString, MultiPolygon, Point, Polygon};
use rstar::{
    AABB, RTree,
    primitives::{GeomWithData, Rectangle},
};

/// A fault, with its place on the grid where it has one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fault {
    pub(super) rule: InvalidMultiPolygon,
    at: Option<Coord<f64>>,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.rule)?;
        self.at.map_or(Ok(()), |at| write!(f, ", at easting {:.1} northing {:.1}", at.x, at.y))
    }
}

/// Every fault of a shape whose coordinates are finite.
pub(super) fn faults(shape: &MultiPolygon<f64>) -> Vec<Fault> {
    let meetings = Meetings::of(shape);
    let tree = boxes(shape.iter().map(BoundingRect::bounding_rect));
    let mut faults = Vec::new();
    for (number, part) in shape.iter().enumerate() {
        let of_part = |rule| InvalidMultiPolygon::InvalidPolygon(GeometryIndex(number), rule);
        let mut note = |rule, at| faults.push(Fault { rule: of_part(rule), at });
        for (ring, role) in rings(part) {
            if ring.remove_repeated_points().0.len() < 4 {
                note(InvalidPolygon::TooFewPointsInRing(role), None);
            }
            if let Some(at) = meetings.crossing(shape, (number, index(role))) {
                note(InvalidPolygon::SelfIntersection(role), at);
            }
        }
        for rule in of_holes(number, part, &meetings) {
            note(rule, None);
        }
        let others = near(&tree, part.bounding_rect(), number);
        let of_others = of_parts(number, &others, shape, &meetings);
        faults.extend(of_others.into_iter().map(|rule| Fault { rule, at: None }));
    }
    faults
}

/// A ring by part and by its place in it: 0 for the exterior, then the holes.
type RingId = (usize, usize);

fn rings(part: &Polygon<f64>) -> impl Iterator<Item = (&LineString<f64>, RingRole)> {
    let holes = part.interiors().iter().enumerate().map(|(i, hole)| (hole, RingRole::Interior(i)));
    std::iter::once((part.exterior(), RingRole::Exterior)).chain(holes)
}

const fn index(role: RingRole) -> usize {
    match role {
        RingRole::Exterior => 0,
        RingRole::Interior(number) => number + 1,
    }
}

/// Which rings have edges that meet.
struct Meetings {
    /// By ring, the first two edges that do not follow each other and meet.
    own: BTreeMap<RingId, (usize, usize)>,
    /// Pairs of rings, the smaller first.
    others: BTreeSet<(RingId, RingId)>,
    /// Pairs of parts, the smaller first.
    parts: BTreeSet<(usize, usize)>,
}

impl Meetings {
    fn of(shape: &MultiPolygon<f64>) -> Self {
        let edges = shape.iter().enumerate().flat_map(|(number, part)| {
            rings(part).flat_map(move |(ring, role)| {
                let id = (number, index(role));
                ring.lines().enumerate().map(move |(place, edge)| {
                    let rect = Rectangle::from_corners(Point(edge.start), Point(edge.end));
                    GeomWithData::new(rect, (id, place, edge))
                })
            })
        });
        let tree = RTree::bulk_load(edges.collect());
        let mut found = Self { own: BTreeMap::new(), others: BTreeSet::new(), parts: BTreeSet::new() };
        for (first, second) in tree.intersection_candidates_with_other_tree(&tree) {
            let ((a, i, edge), (b, j, other)) = (first.data, second.data);
            if (a, i) < (b, j) {
                found.meet((a, i, edge), (b, j, other));
            }
        }
        found
    }

    fn meet(&mut self, (a, i, edge): (RingId, usize, Line<f64>), (b, j, other): (RingId, usize, Line<f64>)) {
        if a == b {
            let is_earlier = self.own.get(&a).is_none_or(|known| (i, j) < *known);
            // Edges that follow each other share a vertex.
            if is_earlier && edge.end != other.start && edge.start != other.end && edge.intersects(&other) {
                self.own.insert(a, (i, j));
            }
        } else if !self.others.contains(&(a, b)) && edge.intersects(&other) {
            self.others.insert((a, b));
            if a.0 != b.0 {
                self.parts.insert((a.0, b.0));
            }
        }
    }

    /// Where a ring meets itself: `Some(None)` where that has no place.
    #[expect(clippy::option_option, reason = "whether, and where")]
    fn crossing(&self, shape: &MultiPolygon<f64>, id: RingId) -> Option<Option<Coord<f64>>> {
        let &(i, j) = self.own.get(&id)?;
        let ring = shape.0.get(id.0).and_then(|part| rings(part).nth(id.1)).map(|(ring, _)| ring);
        let edge = |place| ring.and_then(|ring| ring.lines().nth(place));
        let at =
            edge(i).zip(edge(j)).and_then(|(edge, other)| line_intersection(edge, other)).map(|meeting| {
                match meeting {
                    LineIntersection::SinglePoint { intersection, .. } => intersection,
                    LineIntersection::Collinear { intersection } => intersection.start,
                }
            });
        Some(at)
    }
}

/// How the holes of a part lie in it and to each other.
fn of_holes(number: usize, part: &Polygon<f64>, meetings: &Meetings) -> Vec<InvalidPolygon> {
    let mut faults = Vec::new();
    let exterior = Polygon::new(part.exterior().clone(), vec![]);
    let tree = boxes(part.interiors().iter().map(BoundingRect::bounding_rect));
    for (i, hole) in part.interiors().iter().enumerate() {
        let role = RingRole::Interior(i);
        let as_polygon = Polygon::new(hole.clone(), vec![]);
        if meetings.others.contains(&((number, 0), (number, i + 1))) {
            let relation = exterior.relate(&as_polygon);
            if !relation.is_contains() {
                faults.push(InvalidPolygon::InteriorRingNotContainedInExteriorRing(role));
            }
            if borders_run_together(&relation) {
                faults.push(InvalidPolygon::IntersectingRingsOnALine(RingRole::Exterior, role));
            }
        } else if !first_is_inside(hole, &exterior) {
            faults.push(InvalidPolygon::InteriorRingNotContainedInExteriorRing(role));
        }
        for j in near(&tree, hole.bounding_rect(), i) {
            let (other, other_role) = (&part.interiors()[j], RingRole::Interior(j));
            let other_polygon = Polygon::new(other.clone(), vec![]);
            if meetings.others.contains(&((number, i + 1), (number, j + 1))) {
                let relation = as_polygon.relate(&other_polygon);
                if share_ground(&relation) {
                    faults.push(InvalidPolygon::IntersectingRingsOnAnArea(role, other_role));
                }
                if borders_run_together(&relation) {
                    faults.push(InvalidPolygon::IntersectingRingsOnALine(role, other_role));
                }
            } else if first_is_inside(hole, &other_polygon) || first_is_inside(other, &as_polygon) {
                faults.push(InvalidPolygon::IntersectingRingsOnAnArea(role, other_role));
            }
        }
    }
    faults
}

/// How a part lies to those of others after it whose rectangles it touches.
fn of_parts(
    i: usize,
    others: &[usize],
    shape: &MultiPolygon<f64>,
    meetings: &Meetings,
) -> Vec<InvalidMultiPolygon> {
    let part = &shape.0[i];
    let mut faults = Vec::new();
    for &j in others {
        let (other, first, second) = (&shape.0[j], GeometryIndex(i), GeometryIndex(j));
        if meetings.parts.contains(&(i, j)) {
            let relation = part.relate(other);
            if share_ground(&relation) {
                faults.push(InvalidMultiPolygon::ElementsOverlaps(first.clone(), second.clone()));
            }
            if borders_run_together(&relation) {
                faults.push(InvalidMultiPolygon::ElementsTouchOnALine(first, second));
            }
        } else if first_is_inside(part.exterior(), other) || first_is_inside(other.exterior(), part) {
            faults.push(InvalidMultiPolygon::ElementsOverlaps(first, second));
        }
    }
    faults
}

fn share_ground(relation: &geo::relate::IntersectionMatrix) -> bool {
    relation.get(CoordPos::Inside, CoordPos::Inside) == Dimensions::TwoDimensional
}

fn borders_run_together(relation: &geo::relate::IntersectionMatrix) -> bool {
    relation.get(CoordPos::OnBoundary, CoordPos::OnBoundary) == Dimensions::OneDimensional
}

/// Of a ring that meets no border of the polygon, one vertex tells where all of it lies.
fn first_is_inside(ring: &LineString<f64>, polygon: &Polygon<f64>) -> bool {
    ring.0.first().is_some_and(|at| polygon.coordinate_position(at) == CoordPos::Inside)
}

type Boxes = RTree<GeomWithData<Rectangle<Point<f64>>, usize>>;

fn boxes(rects: impl Iterator<Item = Option<geo_types::Rect<f64>>>) -> Boxes {
    let boxed = |(number, rect): (usize, Option<geo_types::Rect<f64>>)| {
        let rect = rect?;
        Some(GeomWithData::new(Rectangle::from_corners(Point(rect.min()), Point(rect.max())), number))
    };
    RTree::bulk_load(rects.enumerate().filter_map(boxed).collect())
}

/// The boxes after that number which the rectangle touches, in their order.
fn near(tree: &Boxes, rect: Option<geo_types::Rect<f64>>, after: usize) -> Vec<usize> {
    let Some(rect) = rect else { return Vec::new() };
    let around = AABB::from_corners(Point(rect.min()), Point(rect.max()));
    let mut found: Vec<usize> = tree
        .locate_in_envelope_intersecting(&around)
        .map(|boxed| boxed.data)
        .filter(|number| *number > after)
        .collect();
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests;
