//! The borders of areas.
//!
//! A side of an area is drawn as the rectangle along it, and the cover of all sides of an area is added up. Of the
//! areas of one rule each pixel takes the greatest cover, so that a border of two of them is as strong as that of one.

use geo_types::{Coord, LineString};
use resvg::tiny_skia::Pixmap;

use super::{
    Area, Seen, View,
    cover::{Cover, sixteenths},
    premultiplied,
};
use crate::feature::{Rule, Symbology};

/// Corners that are nearer than this to the last one that was drawn are left out, pixels.
const NEAR_PX: f64 = 0.3;

/// Rules that come first in the legend lie over those that come later.
pub(super) fn draw(seen: &Seen<'_>, symbology: &Symbology, pixmap: &mut Pixmap) {
    for (number, rule) in symbology.rules.iter().enumerate().rev() {
        let areas: Vec<&Area<'_>> = seen.areas.iter().filter(|area| area.rule == number).collect();
        if let Some(shades) = shades(rule).filter(|_| !areas.is_empty()) {
            draw_rule(&areas, f64::from(rule.stroke_px) / 2.0, &shades, &seen.view, pixmap);
        }
    }
}

/// The line's colour by its cover in sixteenths; `None` without a line.
fn shades(rule: &Rule) -> Option<[[u8; 4]; 17]> {
    let colour = premultiplied(rule.stroke.filter(|_| rule.stroke_px > 0.0)?);
    let whole = [colour.red(), colour.green(), colour.blue(), colour.alpha()];
    Some(std::array::from_fn(|share| {
        whole.map(|part| u8::try_from((usize::from(part) * share + 8) / 16).unwrap_or(u8::MAX))
    }))
}

fn draw_rule(areas: &[&Area<'_>], half_px: f64, shades: &[[u8; 4]; 17], view: &View, pixmap: &mut Pixmap) {
    let (width, height) = (pixmap.width() as usize, pixmap.height() as usize);
    let rows = Cover::rows_at_a_time(width, height);
    let mut cover = Cover::new(width, rows);
    let mut greatest = vec![0.0_f32; width * rows];
    for first in (0..height).step_by(rows) {
        for area in areas {
            let bounds = area.below(first, half_px);
            if cover.rows(&bounds).is_empty() {
                continue;
            }
            for polygon in area.shape.iter() {
                ring(&mut cover, polygon.exterior(), view, first, half_px);
                polygon.interiors().iter().for_each(|hole| ring(&mut cover, hole, view, first, half_px));
            }
            cover.take(&bounds, |at, share| greatest[at] = greatest[at].max(share));
        }
        let onto = pixmap.data_mut()[4 * width * first..].as_chunks_mut::<4>().0;
        for (below, share) in onto.iter_mut().zip(&mut greatest) {
            if *share > 0.0 {
                lay_on(below, shades[usize::from(sixteenths(*share))]);
                *share = 0.0;
            }
        }
    }
}

/// Lays a colour over another, both multiplied by their opacity.
pub(super) fn lay_on(below: &mut [u8; 4], above: [u8; 4]) {
    let behind = u16::from(255 - above[3]);
    for (below, above) in below.iter_mut().zip(above) {
        let kept = (u16::from(*below) * behind + 127) / 255;
        *below = above.saturating_add(u8::try_from(kept).unwrap_or(u8::MAX));
    }
}

fn ring(cover: &mut Cover, ring: &LineString<f64>, view: &View, first_row: usize, half_px: f64) {
    let top = first_row as f64;
    let mut start: Option<Coord> = None;
    for end in thinned(ring.0.iter().map(|at| view.pixel(*at))) {
        let end = Coord { x: end.x, y: end.y - top };
        if let Some(start) = start {
            line(cover, start, end, half_px);
        }
        start = Some(end);
    }
}

/// Adds the rectangle along a line, always the same way round.
fn line(cover: &mut Cover, start: Coord, end: Coord, half_px: f64) {
    let along = end - start;
    let length = (along.x * along.x + along.y * along.y).sqrt();
    if length > 0.0 {
        let aside = Coord { x: -along.y * half_px / length, y: along.x * half_px / length };
        let corners = [start + aside, end + aside, end - aside, start - aside];
        for (number, corner) in corners.iter().enumerate() {
            cover.side(*corner, corners[(number + 1) % 4], 1.0);
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
