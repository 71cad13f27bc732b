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
            if ring.iter().all(|corner| grid::holds(*corner)) && is_convex(&ring) {
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

/// Whether a ring is convex, without corners that lie on a side: it turns one way at each corner, and goes once to the
/// east and once to the west.
fn is_convex(ring: &[IntPoint]) -> bool {
    if ring.len() < 3 {
        return false;
    }
    let way = |(a, b): (IntPoint, IntPoint)| IntPoint::new(b.x - a.x, b.y - a.y);
    let first = way((ring[ring.len() - 1], ring[0]));
    let (mut before, mut turn, mut heading, mut changes) = (first, 0, 0, 0);
    for side in sides(ring).map(way) {
        let turning = cross(before, side).signum();
        if turning == 0 || (turn != 0 && turning != turn) {
            return false;
        }
        turn = turning;
        before = side;
    }
    for side in sides(ring).map(way).filter(|side| side.x != 0) {
        changes += i32::from(heading != 0 && side.x.signum() != heading);
        heading = side.x.signum();
    }
    changes <= 2
}

#[cfg(test)]
#[path = "area_tests.rs"]
mod tests;
