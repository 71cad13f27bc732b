//! The geometry of the drawing, on the grid.

use geo::{Area as _, BooleanOps, BoundingRect, CoordsIter};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

/// All positions on one side of a line: those with `normal · position ≤ limit`.
#[derive(Clone, Copy)]
struct HalfPlane {
    normal: Coord<f64>,
    limit: f64,
}

impl HalfPlane {
    /// Positive outside, negative inside.
    fn excess(&self, at: Coord<f64>) -> f64 {
        dot(self.normal, at) - self.limit
    }

    /// What of a convex ring lies inside: I. E. Sutherland and G. W. Hodgman 1974, *Reentrant polygon
    /// clipping*, Communications of the ACM 17(1), 32–42, doi 10.1145/360767.360802.
    fn clip(&self, ring: &[Coord<f64>]) -> Vec<Coord<f64>> {
        let mut kept = Vec::with_capacity(ring.len() + 1);
        for (i, &to) in ring.iter().enumerate() {
            let from = ring[(i + ring.len() - 1) % ring.len()];
            let (before, after) = (self.excess(from), self.excess(to));
            if (before < 0.0 && after > 0.0) || (before > 0.0 && after < 0.0) {
                kept.push(from + (to - from) * (before / (before - after)));
            }
            if after <= 0.0 {
                kept.push(to);
            }
        }
        kept
    }
}

fn dot(a: Coord<f64>, b: Coord<f64>) -> f64 {
    a.x * b.x + a.y * b.y
}

/// The Voronoi cells of the sites, clipped to a shape, in the order of the sites: each the ground
/// that is nearer to its site than to any other, made by cutting away what is nearer to the others.
pub(super) fn voronoi(sites: &[Coord<f64>], clip: &MultiPolygon<f64>) -> Vec<MultiPolygon<f64>> {
    let around = frame(clip);
    sites
        .iter()
        .map(|&site| {
            let others = sites.iter().filter(|&&other| other != site);
            let cell = others.fold(around.clone(), |cell, &other| {
                let normal = other - site;
                HalfPlane { normal, limit: dot(normal, (site + other) / 2.0) }.clip(&cell)
            });
            Polygon::new(LineString::new(cell), vec![]).intersection(clip)
        })
        .collect()
}

/// A rectangle well around a shape; empty for an empty one.
fn frame(shape: &MultiPolygon<f64>) -> Vec<Coord<f64>> {
    let Some(rect) = shape.bounding_rect() else { return Vec::new() };
    let room = Coord { x: rect.width(), y: rect.height() };
    let (low, high) = (rect.min() - room, rect.max() + room);
    vec![low, Coord { x: high.x, y: low.y }, high, Coord { x: low.x, y: high.y }]
}

/// Cuts a shape across its long axis into strips of equal area, from west to east (or from south to
/// north where the axis runs exactly so). The long axis joins the two corners farthest apart.
pub(super) fn strips(shape: &MultiPolygon<f64>, count: u32) -> Vec<MultiPolygon<f64>> {
    let axis = long_axis(shape);
    let side_of = |cut: Option<f64>, towards: f64| {
        let half = cut.map(|limit| HalfPlane { normal: axis * towards, limit: limit * towards });
        let ring = half.map_or_else(|| frame(shape), |half| half.clip(&frame(shape)));
        Polygon::new(LineString::new(ring), vec![])
    };
    let mut cuts = vec![None];
    let (mut lowest, highest) = extent_along(shape, axis);
    for number in 1..count {
        let wanted = shape.unsigned_area() * f64::from(number) / f64::from(count);
        lowest = bisect(lowest, highest, |cut| {
            shape.intersection(&side_of(Some(cut), 1.0)).unsigned_area() < wanted
        });
        cuts.push(Some(lowest));
    }
    cuts.push(None);
    cuts.windows(2)
        .map(|cut| shape.intersection(&side_of(cut[0], -1.0)).intersection(&side_of(cut[1], 1.0)))
        .collect()
}

fn long_axis(shape: &MultiPolygon<f64>) -> Coord<f64> {
    let corners: Vec<Coord<f64>> = shape.exterior_coords_iter().collect();
    let mut longest = Coord { x: 1.0, y: 0.0 };
    for (i, &from) in corners.iter().enumerate() {
        for &to in &corners[i + 1..] {
            if dot(to - from, to - from) > dot(longest, longest) {
                longest = to - from;
            }
        }
    }
    let direction = longest / dot(longest, longest).sqrt();
    if (direction.x, direction.y) < (0.0, 0.0) { direction * -1.0 } else { direction }
}

fn extent_along(shape: &MultiPolygon<f64>, axis: Coord<f64>) -> (f64, f64) {
    shape
        .exterior_coords_iter()
        .map(|at| dot(at, axis))
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
}

/// Where `is_before` turns false between `low` and `high`, to the millimetre over some kilometres.
fn bisect(mut low: f64, mut high: f64, is_before: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..24 {
        let middle = f64::midpoint(low, high);
        if is_before(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}
