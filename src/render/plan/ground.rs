//! From the national grid to the drawing.

use std::fmt::Write as _;

use geo::{MapCoords, Simplify};
use geo_types::{Coord, LineString, MultiPolygon, Polygon, coord};

use crate::feature::Bounds;

/// The part of the ground that is shown, and the frame it is shown in. Its places are tenths of a unit of the drawing, in
/// whole numbers: the resolution of paper.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ground {
    /// On the grid, metres.
    shown: Bounds,
    /// In the drawing.
    frame: Bounds,
    /// Tenths for a metre.
    scale: f64,
}

/// Tenths of a unit in a unit.
pub const TENTHS: f64 = 10.0;
/// Nothing is written farther away than so many tenths: it lies beyond every frame.
const FAR: f64 = 1e6;

impl Ground {
    /// A part of the ground in the middle of a frame, as large as it fits there; `None` for one without extent.
    pub fn new(shown: Bounds, frame: Bounds) -> Option<Self> {
        let scale = (frame.width() / shown.width()).min(frame.height() / shown.height());
        (scale.is_finite() && scale > 0.0).then_some(Self { shown, frame, scale: scale * TENTHS })
    }

    /// The frame.
    pub const fn frame(&self) -> Bounds {
        self.frame
    }

    /// The length of so many metres in the drawing.
    pub fn length(&self, metres: f64) -> f64 {
        metres * self.scale / TENTHS
    }

    /// Where a position is in the drawing.
    pub fn at(&self, position: Coord) -> Coord {
        self.tenths(position) / TENTHS
    }

    fn tenths(&self, position: Coord) -> Coord {
        let middle = |bounds: &Bounds| (bounds.min() + bounds.max()) / 2.0;
        let (from, to) = (middle(&self.shown), middle(&self.frame) * TENTHS);
        coord! { x: to.x + (position.x - from.x) * self.scale, y: to.y - (position.y - from.y) * self.scale }
    }

    /// A shape in tenths, without what is too small to be seen; `None` where nothing is left in the frame.
    pub fn shape(&self, shape: &MultiPolygon<f64>) -> Option<MultiPolygon<f64>> {
        let ring = |ring: &LineString<f64>| {
            let rounded = ring.map_coords(|at| {
                let at = self.tenths(at);
                coord! { x: at.x.clamp(-FAR, FAR).round(), y: at.y.clamp(-FAR, FAR).round() }
            });
            let is_known = rounded.coords().all(|at| at.x.is_finite() && at.y.is_finite());
            // A ring without an inside has less than three corners and the first again.
            Some(rounded).filter(|_| is_known).map(|ring| ring.simplify(1.0)).filter(|ring| ring.0.len() >= 4)
        };
        let polygons: Vec<Polygon<f64>> = shape
            .iter()
            .filter_map(|polygon| {
                let interiors = polygon.interiors().iter().filter_map(ring).collect();
                Some(Polygon::new(ring(polygon.exterior())?, interiors))
            })
            .filter(|polygon| self.is_seen(polygon))
            .collect();
        (!polygons.is_empty()).then_some(MultiPolygon(polygons))
    }

    fn is_seen(&self, polygon: &Polygon<f64>) -> bool {
        let (min, max) = (self.frame.min() * TENTHS, self.frame.max() * TENTHS);
        let frame = Bounds::new(min, max);
        let around = Bounds::around(polygon.exterior().coords().copied());
        matches!((frame, around), (Ok(frame), Some(around)) if frame.meets(&around))
    }
}

/// The path of a shape in tenths (SVG 2 §9.3): each ring from its first corner by steps.
pub fn path(shape: &MultiPolygon<f64>) -> String {
    let mut d = String::new();
    let rings =
        shape.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    for ring in rings {
        let Some((first, rest)) = ring.0.split_first() else { continue };
        let _ = write!(d, "M{} {}l", first.x, first.y);
        let mut last = *first;
        // The last corner is the first again, which `z` comes back to.
        for (number, at) in rest.iter().take(rest.len().saturating_sub(1)).enumerate() {
            let step = *at - last;
            for (part, length) in [step.x, step.y].into_iter().enumerate() {
                if (number > 0 || part > 0) && length >= 0.0 {
                    d.push(' ');
                }
                let _ = write!(d, "{}", length + 0.0);
            }
            last = *at;
        }
        d.push('z');
    }
    d
}
