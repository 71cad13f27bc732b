//! The borders of areas.

use geo_types::{Coord, LineString};
use resvg::tiny_skia::{LineJoin, Paint, PathBuilder, Pixmap, Stroke, Transform};

use super::{Seen, View, single, skia};
use crate::feature::{Bounds, Symbology};

/// Corners that are nearer than this to the last one that was drawn are left out, pixels.
const NEAR_PX: f64 = 0.3;
/// How far beyond the picture lines are drawn: more than joins and ends reach.
const MARGIN_PX: f64 = 16.0;

/// All borders of a rule are one path: where two areas meet, their border is drawn once.
pub(super) fn draw(seen: &Seen<'_>, symbology: &Symbology, pixmap: &mut Pixmap) {
    for (number, rule) in symbology.rules.iter().enumerate().rev() {
        let Some(colour) = rule.stroke.filter(|_| rule.stroke_px > 0.0) else { continue };
        let margin = MARGIN_PX + f64::from(rule.stroke_px);
        let mut path = Clipped::new(&seen.view, margin);
        for area in seen.areas.iter().filter(|area| area.rule == number) {
            for polygon in area.shape.iter() {
                path.ring(polygon.exterior(), &area.bounds);
                polygon.interiors().iter().for_each(|hole| path.ring(hole, &area.bounds));
            }
        }
        let Some(path) = path.path.finish() else { continue };
        let mut paint = Paint::default();
        paint.set_color(skia(colour));
        let stroke = Stroke { width: rule.stroke_px, line_join: LineJoin::Round, ..Stroke::default() };
        pixmap.stroke_path(&path, &paint, &stroke, Transform::identity(), None);
    }
}

/// A path of what of rings is in or near the picture: the rasteriser is given no large numbers.
struct Clipped<'a> {
    view: &'a View,
    window: Bounds,
    path: PathBuilder,
}

impl<'a> Clipped<'a> {
    fn new(view: &'a View, margin: f64) -> Self {
        let corner = Coord { x: f64::from(view.width_px), y: f64::from(view.height_px) };
        let picture = Bounds::around([Coord::zero(), corner])
            .unwrap_or_else(|| unreachable!("a picture's sides are finite"));
        Self { view, window: picture.widened(margin), path: PathBuilder::new() }
    }

    fn ring(&mut self, ring: &LineString<f64>, bounds: &Bounds) {
        let mut corners = thinned(ring.0.iter().map(|at| self.view.pixel(*at)));
        let Some(first) = corners.next() else { return };
        if self.window.covers(bounds) {
            self.path.move_to(single(first.x), single(first.y));
            corners.for_each(|at| self.path.line_to(single(at.x), single(at.y)));
            self.path.close();
            return;
        }
        let mut start = first;
        let mut pen: Option<Coord> = None;
        for end in corners {
            if let Some((from, to)) = part_in(&self.window, start, end) {
                if pen != Some(from) {
                    self.path.move_to(single(from.x), single(from.y));
                }
                self.path.line_to(single(to.x), single(to.y));
                pen = Some(to);
            }
            start = end;
        }
    }
}

/// Corners without those near the last one that was kept; the first and the last stay. Whether one stays depends
/// on those before it alone, and not on where the picture is.
fn thinned(corners: impl ExactSizeIterator<Item = Coord>) -> impl Iterator<Item = Coord> {
    let last = corners.len().saturating_sub(1);
    let mut kept: Option<Coord> = None;
    corners.enumerate().filter_map(move |(number, at)| {
        let is_near =
            kept.is_some_and(|kept| (at.x - kept.x).abs() < NEAR_PX && (at.y - kept.y).abs() < NEAR_PX);
        if is_near && number != last {
            return None;
        }
        kept = Some(at);
        kept
    })
}

/// The part of a line that lies in a box (Liang and Barsky, 1984); `None` where none does.
fn part_in(window: &Bounds, start: Coord, end: Coord) -> Option<(Coord, Coord)> {
    let (dx, dy) = (end.x - start.x, end.y - start.y);
    let (min, max) = (window.min(), window.max());
    let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
    for (towards, room) in
        [(-dx, start.x - min.x), (dx, max.x - start.x), (-dy, start.y - min.y), (dy, max.y - start.y)]
    {
        if towards == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if towards < 0.0 {
            enters = enters.max(room / towards);
        } else {
            leaves = leaves.min(room / towards);
        }
    }
    let along = |share: f64| Coord { x: start.x + share * dx, y: start.y + share * dy };
    let from = if enters == 0.0 { start } else { along(enters) };
    let to = if leaves >= 1.0 { end } else { along(leaves) };
    (enters <= leaves).then_some((from, to))
}
