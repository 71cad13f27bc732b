//! The insides of areas.
//!
//! How much of a pixel an area covers is worked out exactly from its sides, and rounded to sixteenths, in such a way
//! that areas that make a pixel whole together have sixteen between them. Their colours are added: where areas meet
//! is neither a gap nor a doubled line, and two of the same colour have no border to be seen. What is left of a
//! cover when a pixel is whole belongs to an area that lies over another, and is laid over it.

use geo_types::{Coord, LineString};
use resvg::tiny_skia::Pixmap;

use super::{Area, Seen, View, premultiplied, single};
use crate::feature::Symbology;

/// Sixteenths of a whole pixel.
const WHOLE: u32 = 16;
/// What is covered less than this is not: sums of sides are off by so much.
const LEAST: f32 = 1e-4;
/// Pixels that are worked on at a time: they stay in a core's cache.
const PIXELS: usize = 1 << 17;

pub(super) fn draw(seen: &Seen<'_>, symbology: &Symbology, pixmap: &mut Pixmap) {
    let fills: Vec<Option<[u8; 4]>> = symbology
        .rules
        .iter()
        .map(|rule| {
            let pixel = premultiplied(rule.fill?);
            Some([pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()])
        })
        .collect();
    let filled: Vec<(&Area<'_>, [u8; 4])> =
        seen.areas.iter().filter_map(|area| Some((area, fills[area.rule]?))).collect();
    if filled.is_empty() {
        return;
    }
    let (width, height) = (pixmap.width() as usize, pixmap.height() as usize);
    let rows = (PIXELS / width).clamp(1, height);
    let mut strip = Strip::new(width, rows);
    for first in (0..height).step_by(rows) {
        strip.first_row = first;
        for (area, colour) in &filled {
            strip.fill(area, &seen.view, *colour);
        }
        strip.lay_on(&mut pixmap.data_mut()[4 * width * first..]);
    }
}

/// Some rows of a layer.
struct Strip {
    width: usize,
    height: usize,
    first_row: usize,
    /// What the sides of one area change of its cover from pixel to pixel, row by row with one more than the
    /// width.
    changes: Vec<f32>,
    /// Sums of sixteenths of colours.
    colours: Vec<[u16; 4]>,
    /// How much is covered, 0 to 1.
    covered: Vec<f32>,
}

impl Strip {
    fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            first_row: 0,
            changes: vec![0.0; (width + 1) * height],
            colours: vec![[0; 4]; width * height],
            covered: vec![0.0; width * height],
        }
    }

    fn fill(&mut self, area: &Area<'_>, view: &View, colour: [u8; 4]) {
        let top = self.first_row as f64;
        let rows = span(area.bounds.min().y - top, area.bounds.max().y - top, self.height);
        let columns = span(area.bounds.min().x, area.bounds.max().x, self.width);
        if rows.is_empty() || columns.is_empty() {
            return;
        }
        for polygon in area.shape.iter() {
            self.ring(polygon.exterior(), view, 1.0);
            for hole in polygon.interiors() {
                self.ring(hole, view, -1.0);
            }
        }
        for row in rows {
            let changes = &mut self.changes[row * (self.width + 1)..][..=self.width];
            let mut cover = 0.0_f32;
            for column in columns.clone() {
                cover += std::mem::take(&mut changes[column]);
                let share = cover.abs().min(1.0);
                if share > LEAST {
                    let at = row * self.width + column;
                    add(&mut self.colours[at], &mut self.covered[at], share, colour);
                }
            }
            changes[columns.end] = 0.0;
        }
    }

    /// Adds the sides of a ring, whichever way round it goes; `sign` is −1 for a hole.
    fn ring(&mut self, ring: &LineString<f64>, view: &View, sign: f64) {
        let Some(first) = ring.0.first() else { return };
        let doubled_area: f64 = ring
            .lines()
            .map(|side| (side.start.x - first.x) * side.dy() - (side.start.y - first.y) * side.dx())
            .sum();
        let sign = if doubled_area < 0.0 { -sign } else { sign };
        let top = self.first_row as f64;
        let place = |at: &Coord| {
            let at = view.pixel(*at);
            Coord { x: at.x, y: at.y - top }
        };
        let mut start = place(first);
        for corner in &ring.0[1..] {
            let end = place(corner);
            self.side(start, end, sign);
            start = end;
        }
    }

    /// Adds a side: on its right, the cover is more by the part of each row that it crosses upwards.
    fn side(&mut self, start: Coord, end: Coord, sign: f64) {
        let (sign, upper, lower) = if start.y > end.y { (sign, end, start) } else { (-sign, start, end) };
        let (from, to) = (upper.y.max(0.0), lower.y.min(self.height as f64));
        if from >= to {
            return;
        }
        let slope = (lower.x - upper.x) / (lower.y - upper.y);
        let (least, most) = (upper.x.min(lower.x), upper.x.max(lower.x));
        let across = |y: f64| (upper.x + (y - upper.y) * slope).clamp(least, most);
        for row in span(from, to, self.height) {
            let (y0, y1) = (from.max(row as f64), to.min(row as f64 + 1.0));
            if y1 > y0 {
                self.piece(row, across(y0), across(y1), sign * (y1 - y0));
            }
        }
    }

    /// Adds a piece of a side that lies in one row, from `x0` to `x1`, and crosses `height` of it.
    fn piece(&mut self, row: usize, x0: f64, x1: f64, height: f64) {
        let (left, right) = (x0.min(x1), x0.max(x1));
        let changes = &mut self.changes[row * (self.width + 1)..][..=self.width];
        let mut add = |column: usize, x: f64, height: f64| {
            let beside = x - column as f64;
            changes[column] += single(height * (1.0 - beside));
            changes[column + 1] += single(height * beside);
        };
        let width = self.width as f64;
        if left >= width {
            return;
        }
        if right <= 0.0 {
            add(0, 0.0, height);
            return;
        }
        let columns = span(left, right, self.width);
        if right - left < 1e-9 || (columns.len() == 1 && left >= 0.0 && right <= width) {
            add(columns.start, left.midpoint(right).clamp(0.0, width), height);
            return;
        }
        let per_column = height / (right - left);
        if left < 0.0 {
            add(0, 0.0, -left * per_column);
        }
        for column in columns {
            let (from, to) = (left.max(column as f64), right.min(column as f64 + 1.0));
            add(column, from.midpoint(to), (to - from) * per_column);
        }
    }

    /// Lays what is in it on the rows of a picture, and empties it.
    fn lay_on(&mut self, rows: &mut [u8]) {
        let cells = self.colours.iter_mut().zip(&mut self.covered);
        for (pixel, (sums, covered)) in rows.as_chunks_mut::<4>().0.iter_mut().zip(cells) {
            if *covered == 0.0 {
                continue;
            }
            let colour = sums.map(|sum| ((u32::from(sum) + WHOLE / 2) / WHOLE).min(255));
            let behind = 255 - colour[3];
            for (below, above) in pixel.iter_mut().zip(colour) {
                *below = narrow(above + (u32::from(*below) * behind + 127) / 255);
            }
            *sums = [0; 4];
            *covered = 0.0;
        }
    }
}

/// Adds a share of a pixel, 0 to 1, to what is in it already.
fn add(sums: &mut [u16; 4], covered: &mut f32, share: f32, colour: [u8; 4]) {
    let room = 1.0 - *covered;
    let total = if share < room { *covered + share } else { 1.0 };
    // The sum is rounded and not the share, so that shares of a whole are sixteen sixteenths.
    let beside = sixteenths(total) - sixteenths(*covered);
    for (sum, part) in sums.iter_mut().zip(colour) {
        *sum += beside * u16::from(part);
    }
    *covered = total;
    let over = sixteenths((share - room).max(0.0));
    if over > 0 {
        let (whole, over) = (WHOLE * 255, u32::from(over));
        let kept = whole - over * u32::from(colour[3]);
        for (sum, part) in sums.iter_mut().zip(colour) {
            let mixed = (u32::from(*sum) * kept + whole / 2) / whole + over * u32::from(part);
            *sum = u16::try_from(mixed.min(whole)).unwrap_or(u16::MAX);
        }
    }
}

/// The whole numbers from 0 to before `end` whose unit begins below `high` and ends above `low`, at least one where
/// both are the same and inside.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held between 0 and the end")]
fn span(low: f64, high: f64, end: usize) -> std::ops::Range<usize> {
    let most = end as f64;
    let first = low.floor().clamp(0.0, most);
    let last = high.ceil().clamp(0.0, most);
    let last = if last > first || first >= most || high < 0.0 { last } else { first + 1.0 };
    first as usize..last as usize
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 16")]
fn sixteenths(share: f32) -> u16 {
    (share * 16.0 + 0.5) as u16
}

fn narrow(value: u32) -> u8 {
    u8::try_from(value).unwrap_or(u8::MAX)
}
