//! Points: each symbol is drawn once, and stamped wherever there is one.

use resvg::tiny_skia::{FillRule, Paint, PathBuilder, Pixmap, Stroke, Transform};

use super::{Seen, line::lay_on, skia};
use crate::feature::{Rule, Symbology};

/// The largest radius with its line, pixels.
const MOST_REACH_PX: f32 = 256.0;

/// Points lie on whole pixels, those further south over those further north; of a rule, a pixel has one.
pub(super) fn draw(seen: &Seen<'_>, symbology: &Symbology, pixmap: &mut Pixmap) {
    if seen.points.is_empty() {
        return;
    }
    let stamps: Vec<Option<Stamp>> = symbology.rules.iter().map(Stamp::of).collect();
    let mut places: Vec<(i32, i32, usize)> =
        seen.points.iter().map(|(at, rule)| (whole(at.y), whole(at.x), *rule)).collect();
    places.sort_unstable();
    places.dedup();
    for (y, x, rule) in places {
        if let Some(stamp) = &stamps[rule] {
            stamp.put(pixmap, x, y);
        }
    }
}

/// The pixel that a position lies in.
#[expect(clippy::cast_possible_truncation, reason = "points are at or near the picture")]
fn whole(at: f64) -> i32 {
    at.floor() as i32
}

/// A symbol.
struct Stamp {
    /// Pixels from its middle one to its side.
    reach: i32,
    drawn: Pixmap,
}

impl Stamp {
    /// The circle of a rule; `None` for one without a radius.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 1 to the greatest reach"
    )]
    fn of(rule: &Rule) -> Option<Self> {
        let stroke = rule.stroke.filter(|_| rule.stroke_px > 0.0);
        let reach = (rule.radius_px + rule.stroke_px / 2.0).ceil().clamp(1.0, MOST_REACH_PX);
        let middle = reach + 0.5;
        let side = 2 * reach as u32 + 1;
        let mut drawn = Pixmap::new(side, side)?;
        let circle = PathBuilder::from_circle(middle, middle, rule.radius_px)?;
        let mut paint = Paint::default();
        if let Some(fill) = rule.fill {
            paint.set_color(skia(fill));
            drawn.fill_path(&circle, &paint, FillRule::Winding, Transform::identity(), None);
        }
        if let Some(colour) = stroke {
            paint.set_color(skia(colour));
            let stroke = Stroke { width: rule.stroke_px, ..Stroke::default() };
            drawn.stroke_path(&circle, &paint, &stroke, Transform::identity(), None);
        }
        Some(Self { reach: reach as i32, drawn })
    }

    /// Puts it with its middle on a pixel, which may lie beyond the picture.
    fn put(&self, pixmap: &mut Pixmap, x: i32, y: i32) {
        let width = pixmap.width() as usize;
        let columns = Overlap::of(x.saturating_sub(self.reach), self.drawn.width(), pixmap.width());
        let rows = Overlap::of(y.saturating_sub(self.reach), self.drawn.height(), pixmap.height());
        if columns.len == 0 {
            return;
        }
        let side = self.drawn.width() as usize;
        let (onto, stamp) = (pixmap.data_mut(), self.drawn.data());
        for row in 0..rows.len {
            let from = 4 * ((rows.in_stamp + row) * side + columns.in_stamp);
            let to = 4 * ((rows.in_picture + row) * width + columns.in_picture);
            let above = stamp[from..][..4 * columns.len].as_chunks::<4>().0;
            let below = onto[to..][..4 * columns.len].as_chunks_mut::<4>().0;
            for (below, above) in below.iter_mut().zip(above) {
                match above[3] {
                    0 => {}
                    255 => *below = *above,
                    _ => lay_on(below, *above),
                }
            }
        }
    }
}

/// The part of a stamp's side that lies in the picture.
struct Overlap {
    in_stamp: usize,
    in_picture: usize,
    len: usize,
}

impl Overlap {
    fn of(start: i32, stamp: u32, picture: u32) -> Self {
        let (start, stamp, picture) = (i64::from(start), i64::from(stamp), i64::from(picture));
        let (first, end) = (start.max(0), (start + stamp).min(picture));
        let size = |number: i64| usize::try_from(number).unwrap_or(0);
        Self { in_stamp: size(first - start), in_picture: size(first), len: size(end - first) }
    }
}
