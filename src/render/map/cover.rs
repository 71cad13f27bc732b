//! How much of each pixel an area covers, exactly, from its sides.

use std::ops::Range;

use geo_types::Coord;

use super::single;
use crate::feature::Bounds;

/// Pixels that are worked on at a time: they stay in a core's cache.
const PIXELS: usize = 1 << 17;
/// What is covered less than this is not: sums of sides are off by so much.
const LEAST: f32 = 1e-4;

/// The cover of some rows of a picture.
pub(super) struct Cover {
    width: usize,
    height: usize,
    /// What sides change of the cover from pixel to pixel, row by row with one more than the width.
    changes: Vec<f32>,
}

impl Cover {
    pub(super) fn new(width: usize, height: usize) -> Self {
        Self { width, height, changes: vec![0.0; (width + 1) * height] }
    }

    /// The height of strips that a picture is worked on in.
    pub(super) fn rows_at_a_time(width: usize, height: usize) -> usize {
        (PIXELS / width).clamp(1, height)
    }

    /// Gives what was added within a box, pixel by pixel with its cover from 0 to 1, and forgets it. Everything that was
    /// added has to lie in the box.
    pub(super) fn take(&mut self, bounds: &Bounds, mut give: impl FnMut(usize, f32)) {
        let columns = span(bounds.min().x, bounds.max().x, self.width);
        if columns.is_empty() {
            return;
        }
        for row in self.rows(bounds) {
            let changes = &mut self.changes[row * (self.width + 1)..][..=self.width];
            let mut cover = 0.0_f32;
            for column in columns.clone() {
                cover += std::mem::take(&mut changes[column]);
                let share = cover.abs().min(1.0);
                if share > LEAST {
                    give(row * self.width + column, share);
                }
            }
            changes[columns.end] = 0.0;
        }
    }

    /// The rows that a box meets.
    pub(super) fn rows(&self, bounds: &Bounds) -> Range<usize> {
        span(bounds.min().y, bounds.max().y, self.height)
    }

    /// Adds a side: on its right, the cover is more by the part of each row that it crosses upwards.
    pub(super) fn side(&mut self, start: Coord, end: Coord, sign: f64) {
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
}

/// The whole numbers from 0 to before `end` whose unit begins below `high` and ends above `low`, at least one where
/// both are the same and inside.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held between 0 and the end")]
fn span(low: f64, high: f64, end: usize) -> Range<usize> {
    let most = end as f64;
    let first = low.floor().clamp(0.0, most);
    let last = high.ceil().clamp(0.0, most);
    let last = if last > first || first >= most || high < 0.0 { last } else { first + 1.0 };
    first as usize..last as usize
}

/// A share of a pixel, 0 to 1, in sixteenths.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 16")]
pub(super) fn sixteenths(share: f32) -> u16 {
    (share * 16.0 + 0.5) as u16
}
