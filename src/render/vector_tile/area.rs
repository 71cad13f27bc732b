//! Areas: in units, cut to the tile, and valid.

use geo_types::{LineString, MultiPolygon};
use i_overlay::{
    core::{
        fill_rule::FillRule,
        overlay::{IntOverlayOptions, Overlay, ShapeType},
        overlay_rule::OverlayRule,
    },
    i_float::int::point::IntPoint,
};

use super::{
    grid::{self, FIRST, Grid, LAST},
    path::Path,
};

/// Rings of up to so many corners are looked at side by side: cells, mostly.
const FEW: usize = 12;

/// Cuts areas to a tile with its buffer. Keeps what one needs for the next.
pub struct Cutter {
    overlay: Overlay,
}

impl Cutter {
    pub fn new() -> Self {
        Self {
            overlay: Overlay::new_custom(64, IntOverlayOptions::ogc(), i_overlay::core::solver::Solver::AUTO),
        }
    }

    /// The part of an area in the tile, as commands; none where it has no part there, or that part covers no unit.
    ///
    /// Rings are valid and turn as the specification has it (§4.3.4.4): what they cover lies to one side. Rounding to
    /// units can make the sides of a narrow area cross; the positive winding number then decides what is inside, so
    /// that parts of an area unite where they come to overlap and holes never become areas.
    pub fn cut(&mut self, area: &MultiPolygon<f64>, grid: &Grid) -> Vec<u32> {
        let mut path = Path::default();
        if let [only] = area.0.as_slice()
            && only.interiors().is_empty()
        {
            let ring = rounded(only.exterior(), grid);
            let is_inside = ring.len() <= FEW && ring.iter().all(|corner| grid::holds(*corner));
            if is_inside && is_simple(&ring) {
                path.ring(&turned(ring, true));
                return path.finish();
            }
        }
        self.overlay.clear();
        for polygon in &area.0 {
            let exterior = turned(rounded(polygon.exterior(), grid), true);
            self.overlay.add_contour(&exterior, ShapeType::Subject);
            for hole in polygon.interiors() {
                self.overlay.add_contour(&turned(rounded(hole, grid), false), ShapeType::Subject);
            }
        }
        let corners = [(FIRST, FIRST), (LAST, FIRST), (LAST, LAST), (FIRST, LAST)];
        self.overlay.add_contour(&corners.map(|(x, y)| IntPoint::new(x, y)), ShapeType::Clip);
        for polygon in self.overlay.overlay(OverlayRule::Intersect, FillRule::Positive) {
            // A hole does not always come out turned the other way, so every ring is turned here.
            for (number, ring) in polygon.into_iter().enumerate() {
                path.ring(&turned(ring, number == 0));
            }
        }
        path.finish()
    }
}

/// The corners of a ring in units, without repetitions, the first not repeated at the end.
fn rounded(ring: &LineString<f64>, grid: &Grid) -> Vec<IntPoint> {
    let mut corners: Vec<IntPoint> = ring.coords().map(|at| grid.units(*at)).collect();
    corners.dedup();
    while corners.len() > 1 && corners.first() == corners.last() {
        corners.pop();
    }
    corners
}

/// A ring that turns in the asked direction: the sum over its sides of the areas below them is positive or not.
fn turned(mut ring: Vec<IntPoint>, positive: bool) -> Vec<IntPoint> {
    let sum: i128 = sides(&ring).map(|(a, b)| i128::from(cross(a, b))).sum();
    if (sum > 0) != positive {
        ring.reverse();
    }
    ring
}

/// The sides of a ring, the one that closes it last.
fn sides(ring: &[IntPoint]) -> impl Iterator<Item = (IntPoint, IntPoint)> {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))
}

fn cross(a: IntPoint, b: IntPoint) -> i64 {
    i64::from(a.x) * i64::from(b.y) - i64::from(a.y) * i64::from(b.x)
}

/// Whether a ring is valid as it stands: no two of its sides have a position in common but the corner between them.
/// Every side is held against every other, so this is for rings with few corners.
fn is_simple(ring: &[IntPoint]) -> bool {
    let count = ring.len();
    let apart = |(i, first): (usize, (IntPoint, IntPoint))| {
        sides(ring).enumerate().skip(i + 1).all(|(j, second)| {
            if j == i + 1 || (i == 0 && j + 1 == count) {
                let (before, after) = if j == i + 1 { (first, second) } else { (second, first) };
                !folds_back(before, after)
            } else {
                !meet(first, second)
            }
        })
    };
    count >= 3 && sides(ring).enumerate().all(apart)
}

/// Whether a side runs back along the one before it.
fn folds_back((a, b): (IntPoint, IntPoint), (_, c): (IntPoint, IntPoint)) -> bool {
    let ahead = way(a, b).x.signum() == way(b, c).x.signum() && way(a, b).y.signum() == way(b, c).y.signum();
    turn(a, b, c) == 0 && !ahead
}

/// Whether two sides have a position in common.
fn meet((a, b): (IntPoint, IntPoint), (c, d): (IntPoint, IntPoint)) -> bool {
    let overlap = |of: fn(IntPoint) -> i32| {
        of(a).max(of(b)) >= of(c).min(of(d)) && of(c).max(of(d)) >= of(a).min(of(b))
    };
    overlap(|at| at.x)
        && overlap(|at| at.y)
        && turn(a, b, c) * turn(a, b, d) <= 0
        && turn(c, d, a) * turn(c, d, b) <= 0
}

/// The direction in which the way over three positions turns: 0 where they lie on a line.
fn turn(a: IntPoint, b: IntPoint, c: IntPoint) -> i64 {
    cross(way(a, b), way(b, c)).signum()
}

fn way(a: IntPoint, b: IntPoint) -> IntPoint {
    IntPoint::new(b.x - a.x, b.y - a.y)
}

#[cfg(test)]
#[path = "area_tests.rs"]
mod tests;
