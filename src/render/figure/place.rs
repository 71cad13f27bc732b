//! Labels that keep clear of each other.

use geo_types::{Coord, coord};

use super::{ink, width};
use crate::{
    feature::Bounds,
    render::{legend::words::Face, xml::Element},
};

/// The boxes of a drawing that are taken, and the frame that labels stay in.
pub struct Places {
    frame: Bounds,
    taken: Vec<Bounds>,
}

/// Where a label goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    /// Its box.
    pub bounds: Bounds,
    /// Whether it is so far from what it names that a line should lead there.
    pub is_away: bool,
}

impl Placed {
    /// The start of its baseline, for letters that fill the box.
    pub fn baseline(&self) -> (f64, f64) {
        (self.bounds.min().x, self.bounds.max().y - 0.22 * self.bounds.height())
    }

    /// The place of its edge that is next to a position.
    pub fn nearest(&self, to: Coord) -> Coord {
        let (min, max) = (self.bounds.min(), self.bounds.max());
        coord! { x: to.x.clamp(min.x, max.x), y: to.y.clamp(min.y, max.y) }
    }
}

/// The box of a line of text around its middle, with the room its letters need.
pub fn text_box(words: &str, face: Face, middle: Coord) -> Option<Bounds> {
    let (across, down) = (width(words, face) / 2.0, f64::from(face.size_px) * 0.6);
    Bounds::new(middle - coord! { x: across, y: down }, middle + coord! { x: across, y: down }).ok()
}

impl Places {
    /// An empty frame.
    pub const fn within(frame: Bounds) -> Self {
        Self { frame, taken: Vec::new() }
    }

    /// Keeps a box clear.
    pub fn take(&mut self, bounds: Bounds) {
        self.taken.push(bounds);
    }

    /// Keeps the box around a disc clear.
    pub fn take_disc(&mut self, at: Coord, radius: f64) {
        if let Ok(bounds) = Bounds::new(at, at) {
            self.taken.push(bounds.widened(radius));
        }
    }

    /// Keeps a line clear, by small boxes along it.
    pub fn take_line(&mut self, from: Coord, to: Coord) {
        const STEP: f64 = 3.0;
        let way = to - from;
        let long = way.x.hypot(way.y);
        let steps =
            std::iter::successors(Some(0.0), |at| Some(at + STEP)).take_while(|at| *at < long).take(1_000);
        for at in steps.chain([long]) {
            let along = if long > 0.0 { at / long } else { 0.0 };
            self.take_disc(from + way * along, 1.0);
        }
    }

    /// A label beside a disc, with a line to it where it is away; nothing where no place is free.
    pub fn label(&mut self, words: &str, face: Face, at: Coord, radius: f64) -> Vec<Element> {
        self.beside(words, face, at, radius)
            .map_or_else(Vec::new, |placed| drawn(words, face, at, radius, placed))
    }

    /// A label next to one of some positions, where one of them has room, or else away from the first.
    pub fn along(&mut self, words: &str, face: Face, all: &[Coord], radius: f64) -> Vec<Element> {
        let near = all.iter().find_map(|at| Some((*at, self.at_gap(words, face, *at, radius, GAPS[0])?)));
        match (near, all) {
            (Some((at, placed)), _) => drawn(words, face, at, radius, placed),
            (None, [first, ..]) => self.label(words, face, *first, radius),
            (None, []) => Vec::new(),
        }
    }

    /// The same as [`Self::label`], with a number in place of a label that finds no place; the notes
    /// then say the whole of it.
    pub fn noted(
        &mut self,
        (words, whole): (&str, &str),
        face: Face,
        at: Coord,
        radius: f64,
        notes: &mut Vec<String>,
    ) -> Vec<Element> {
        let label = self.label(words, face, at, radius);
        if !label.is_empty() {
            return label;
        }
        let number = (notes.len() + 1).to_string();
        notes.push(format!("{number}\u{a0}{whole}"));
        self.label(&number, face, at, radius)
    }

    /// Whether a box lies in the frame and meets none that is taken.
    pub fn is_free(&self, bounds: &Bounds) -> bool {
        self.frame.covers(bounds) && !self.taken.iter().any(|taken| taken.meets(bounds))
    }

    /// Takes the first free one of some boxes.
    pub fn first_of(&mut self, boxes: impl IntoIterator<Item = Bounds>) -> Option<Bounds> {
        let found = boxes.into_iter().find(|bounds| self.is_free(bounds))?;
        self.taken.push(found);
        Some(found)
    }

    /// A place for a label beside a disc: right, left, above, below and between, then farther and farther away; `None`
    /// where all are taken.
    pub fn beside(&mut self, words: &str, face: Face, at: Coord, radius: f64) -> Option<Placed> {
        GAPS.iter().find_map(|gap| self.at_gap(words, face, at, radius, *gap))
    }

    fn at_gap(&mut self, words: &str, face: Face, at: Coord, radius: f64, gap: f64) -> Option<Placed> {
        // Right first, as one reads; steps of an eighth of a turn.
        const SIDES: [(f64, f64); 8] = [
            (1.0, 0.0),
            (-1.0, 0.0),
            (0.0, -1.0),
            (0.0, 1.0),
            (0.7, -0.7),
            (0.7, 0.7),
            (-0.7, -0.7),
            (-0.7, 0.7),
        ];
        let (half, tall) = (width(words, face) / 2.0, f64::from(face.size_px) * 0.6);
        let boxes = SIDES.iter().filter_map(|(across, down)| {
            let reach = radius + gap;
            let shift = if *across == 0.0 { 0.0 } else { half * across.signum() };
            text_box(words, face, at + coord! { x: across * reach + shift, y: down * (reach + tall) })
        });
        self.first_of(boxes).map(|bounds| Placed { bounds, is_away: gap > 8.0 })
    }
}

/// Steps away from what is named.
const GAPS: [f64; 9] = [3.0, 8.0, 14.0, 20.0, 28.0, 38.0, 50.0, 64.0, 80.0];

fn drawn(words: &str, face: Face, at: Coord, radius: f64, placed: Placed) -> Vec<Element> {
    let (x, y) = placed.baseline();
    let text = ink::haloed(ink::text(words, x, y, face, ink::START)).with("class", "label");
    if !placed.is_away {
        return vec![text];
    }
    let edge = placed.nearest(at);
    let way = edge - at;
    let long = way.x.hypot(way.y).max(1.0);
    let from = at + way * (radius / long);
    vec![ink::line((from.x, from.y), (edge.x, edge.y), ink::OTHER, 0.8), text]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::figure::ink::SMALL;

    #[test]
    fn labels_of_one_place_do_not_meet() {
        let frame = Bounds::new(coord! { x: 0.0, y: 0.0 }, coord! { x: 400.0, y: 300.0 }).unwrap();
        let mut places = Places::within(frame);
        let at = coord! { x: 200.0, y: 150.0 };
        places.take_disc(at, 4.0);
        let placed: Vec<Placed> =
            (0..20).filter_map(|n| places.beside(&format!("Label {n}"), SMALL, at, 4.0)).collect();
        assert!(placed.len() > 12, "{}", placed.len());
        assert!(!placed[0].is_away && placed[0].bounds.min().x > at.x);
        for (n, one) in placed.iter().enumerate() {
            assert!(frame.covers(&one.bounds));
            assert!(placed[n + 1..].iter().all(|other| !other.bounds.meets(&one.bounds)));
        }
    }

    #[test]
    fn a_label_that_fits_nowhere_is_none() {
        let frame = Bounds::new(coord! { x: 0.0, y: 0.0 }, coord! { x: 40.0, y: 30.0 }).unwrap();
        let at = coord! { x: 20.0, y: 15.0 };
        assert_eq!(Places::within(frame).beside(&"W".repeat(40), SMALL, at, 3.0), None);
    }
}
