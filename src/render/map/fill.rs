//! The insides of areas.
//!
//! How much of a pixel an area covers is worked out exactly from its sides, and rounded to sixteenths, in such a way
//! that areas that make a pixel whole together have sixteen between them. Their colours are added: where areas meet
//! is neither a gap nor a doubled line, and two of the same colour have no border to be seen. What is left of a
//! cover when a pixel is whole belongs to an area that lies over another, and is laid over it.

use geo_types::{Coord, LineString};
use resvg::tiny_skia::Pixmap;

use super::{
    Area, Seen, View,
    cover::{Cover, sixteenths},
    premultiplied,
};
use crate::feature::Symbology;

/// Sixteenths of a whole pixel.
const WHOLE: u32 = 16;

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
    let rows = Cover::rows_at_a_time(width, height);
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
    cover: Cover,
    first_row: usize,
    /// Sums of sixteenths of colours.
    colours: Vec<[u16; 4]>,
    /// How much is covered, 0 to 1.
    covered: Vec<f32>,
}

impl Strip {
    fn new(width: usize, height: usize) -> Self {
        let pixels = width * height;
        let (colours, covered) = (vec![[0; 4]; pixels], vec![0.0; pixels]);
        Self { cover: Cover::new(width, height), first_row: 0, colours, covered }
    }

    fn fill(&mut self, area: &Area<'_>, view: &View, colour: [u8; 4]) {
        let bounds = area.below(self.first_row, 0.0);
        if self.cover.rows(&bounds).is_empty() {
            return;
        }
        for polygon in area.shape.iter() {
            self.ring(polygon.exterior(), view, 1.0);
            for hole in polygon.interiors() {
                self.ring(hole, view, -1.0);
            }
        }
        let (colours, covered) = (&mut self.colours, &mut self.covered);
        self.cover.take(&bounds, |at, share| add(&mut colours[at], &mut covered[at], share, colour));
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
            self.cover.side(start, end, sign);
            start = end;
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

fn narrow(value: u32) -> u8 {
    u8::try_from(value).unwrap_or(u8::MAX)
}
