//! Threats by how many there are and how much harm they do.

use std::fmt::Write as _;

use geo_types::{Coord, coord};

use super::{
    axis::{self, ONE_LINE},
    frame::Frame,
    key,
    scale::Scale,
};
use crate::{
    feature::Bounds,
    render::{
        figure::{
            Figure, fitted,
            ink::{self, BASE, MAIN, SMALL, STRONG, WHITE},
            number::{datum, short},
            place::{Places, text_box},
            width,
        },
        xml::Element,
    },
};

/// A matrix of threats: volume to the right, harm upwards, a bubble for each threat, four quadrants with names.
#[derive(Clone, Debug, PartialEq)]
pub struct ThreatMatrix {
    /// Its names and width.
    pub figure: Figure,
    /// What volume is: "Incidents".
    pub volume_unit: String,
    /// What harm is: "Average weight of an incident".
    pub harm_unit: String,
    /// Whether volume is drawn by powers of ten. Threats without any are then left out, and told.
    pub is_volume_log: bool,
    /// Whether harm is drawn by powers of ten.
    pub is_harm_log: bool,
    /// Where the quadrants part: a volume and a harm. Without it, in the middle of the drawing.
    pub parting: Option<(f64, f64)>,
    /// The names of the quadrants: upper left, upper right, lower left, lower right.
    pub quadrants: [String; 4],
    /// The threats.
    pub threats: Vec<Threat>,
}

/// A threat.
#[derive(Clone, Debug, PartialEq)]
pub struct Threat {
    /// Its name.
    pub label: String,
    /// How many there are.
    pub volume: f64,
    /// How much harm each does.
    pub harm: f64,
    /// What the area of its bubble stands for, such as the harm of all together; bubbles without it are alike.
    pub size: Option<f64>,
    /// Whether it stands out: its bubble is full and its name bold.
    pub is_strong: bool,
}

/// The radius of bubbles without a size.
const PLAIN: f64 = 5.5;
/// The room of the names of quadrants.
const NAMES: f64 = 18.0;

impl ThreatMatrix {
    /// The drawing.
    pub fn svg(&self) -> String {
        let wide = self.figure.width();
        let bottom = (0.56 * wide).clamp(210.0, 370.0);
        let shown: Vec<&Threat> = self.threats.iter().filter(|threat| self.is_shown(threat)).collect();
        if shown.is_empty() {
            return self.figure.nothing();
        }
        let scale = |is_log: bool, values: Vec<f64>, about| {
            if is_log { Scale::log(values) } else { Scale::linear(values.into_iter().chain([0.0]), about) }
        };
        let parting =
            self.parting.filter(|(volume, harm)| datum(*volume).is_some() && datum(*harm).is_some());
        let (volume, harm) = parting.unzip();
        let x =
            scale(self.is_volume_log, shown.iter().map(|threat| threat.volume).chain(volume).collect(), 6.0);
        let y = scale(self.is_harm_log, shown.iter().map(|threat| threat.harm).chain(harm).collect(), 5.0);
        let (unit, top) = key::axis_title(&self.harm_unit, 0.0, wide, 0.0);
        let frame = Frame { left: axis::room(&y), top: top + 6.0, right: wide - 10.0, bottom };
        // Bubbles at the ends stay whole, and clear of the names of the quadrants.
        let inset =
            if shown.iter().any(|threat| threat.size.is_some()) { self.largest() } else { PLAIN } + 2.0;
        let (x, y) = (
            x.between(frame.left + inset, frame.right - inset),
            y.between(frame.bottom - inset - NAMES, frame.top + inset + NAMES),
        );
        let mut drawn: Vec<Element> = unit.into_iter().collect();
        let middle = coord! {
            x: volume.map_or(frame.left.midpoint(frame.right), |volume| x.at(volume)),
            y: harm.map_or(frame.top.midpoint(frame.bottom), |harm| y.at(harm)),
        };
        drawn.push(ink::rect(middle.x, frame.top, frame.right - middle.x, middle.y - frame.top, ink::BAND));
        drawn.extend(axis::across(&y, &frame));
        drawn.extend(axis::upright(&x, &frame, wide));
        drawn.push(ink::line((middle.x, frame.top), (middle.x, frame.bottom), BASE, 1.0));
        drawn.push(ink::line((frame.left, middle.y), (frame.right, middle.y), BASE, 1.0));
        let volume_unit = fitted(&self.volume_unit, SMALL, frame.wide());
        drawn.push(ink::quiet(&volume_unit, frame.right, frame.bottom + ONE_LINE + 12.0, ink::END));
        let place = |threat: &Threat| coord! { x: x.at(threat.volume), y: y.at(threat.harm) };
        let mut notes = Vec::new();
        drawn.extend(self.marks(&shown, &place, middle, &frame, &mut notes));
        let (below, height) = key::notes(&notes, frame.left, wide, frame.bottom + 2.0 * ONE_LINE);
        drawn.extend(below);
        self.figure.svg(wide, height, &self.said(&shown), drawn)
    }

    /// The radius of the largest bubble with a size.
    fn largest(&self) -> f64 {
        0.032 * self.figure.width()
    }

    fn is_shown(&self, threat: &Threat) -> bool {
        let fits = |value: f64, is_log: bool| datum(value).is_some_and(|value| !is_log || value > 0.0);
        fits(threat.volume, self.is_volume_log) && fits(threat.harm, self.is_harm_log)
    }

    /// Bubbles, the largest first so that none is hidden, and names: those of the quadrants in their corners, those of
    /// the threats beside their bubbles.
    fn marks(
        &self,
        shown: &[&Threat],
        place: &impl Fn(&Threat) -> Coord,
        middle: Coord,
        frame: &Frame,
        notes: &mut Vec<String>,
    ) -> Vec<Element> {
        let largest = shown.iter().filter_map(|threat| threat.size.and_then(datum)).fold(0.0, f64::max);
        let radius = |threat: &Threat| match threat.size.and_then(datum) {
            Some(size) if largest > 0.0 => (self.largest() * (size.max(0.0) / largest).sqrt()).max(3.2),
            _ => PLAIN,
        };
        let mut bubbles: Vec<(&Threat, Coord, f64)> =
            shown.iter().map(|threat| (*threat, place(threat), radius(threat))).collect();
        bubbles.sort_by(|a, b| b.2.total_cmp(&a.2));
        let corners = [coord! { x: frame.left, y: frame.top }, coord! { x: frame.right, y: frame.bottom }];
        let Some(inside) = Bounds::around(corners) else { return Vec::new() };
        let mut places = Places::within(inside);
        let mut drawn = self.corners(middle, frame, &mut places);
        places.take_line(coord! { x: middle.x, y: frame.top }, coord! { x: middle.x, y: frame.bottom });
        places.take_line(coord! { x: frame.left, y: middle.y }, coord! { x: frame.right, y: middle.y });
        for (threat, at, radius) in &bubbles {
            places.take_disc(*at, *radius);
            let fill = if threat.is_strong { ink::ACCENT } else { MAIN };
            let bubble = ink::disc(at.x, at.y, *radius, fill)
                .with("fill-opacity", if threat.is_strong { 0.85 } else { 0.55 });
            let bubble = bubble.with("stroke", WHITE).with("stroke-width", 1.5).with("class", "bubble");
            drawn.push(bubble.child(Element::of("title", threat.label.as_str())));
        }
        // Strong ones choose first, then larger ones.
        bubbles.sort_by_key(|(threat, ..)| !threat.is_strong);
        for (threat, at, radius) in bubbles {
            let face = if threat.is_strong { STRONG } else { SMALL };
            let words = fitted(&threat.label, face, 0.4 * frame.wide());
            drawn.extend(places.noted((&words, &threat.label), face, at, radius, notes));
        }
        drawn
    }

    /// The names of the quadrants in the outer corners, those that fit.
    fn corners(&self, middle: Coord, frame: &Frame, places: &mut Places) -> Vec<Element> {
        let (left, right) = (frame.left + 6.0, frame.right - 6.0);
        let (top, bottom) = (frame.top + 14.0, frame.bottom - 7.0);
        let corners = [
            (left, top, ink::START, middle.x),
            (right, top, ink::END, middle.x),
            (left, bottom, ink::START, middle.x),
            (right, bottom, ink::END, middle.x),
        ];
        let mut drawn = Vec::new();
        for (words, (x, y, anchor, parting)) in self.quadrants.iter().zip(corners) {
            let room = (parting - x).abs() - 4.0;
            if words.is_empty() || room < 30.0 {
                continue;
            }
            let words = fitted(words, STRONG, room);
            let half = width(&words, STRONG) / 2.0;
            let centre = if anchor == ink::START { x + half } else { x - half };
            if let Some(bounds) = text_box(&words, STRONG, coord! { x: centre, y: y - 4.0 }) {
                places.take(bounds);
            }
            drawn.push(ink::text(&words, x, y, STRONG, anchor).with("fill", ink::QUIET));
        }
        drawn
    }

    fn said(&self, shown: &[&Threat]) -> String {
        let each = |threat: &&Threat| {
            format!("{} {} and {}", threat.label, short(threat.volume), short(threat.harm))
        };
        let listed: Vec<String> = shown.iter().map(each).collect();
        let mut said = format!("{} and {}: {}.", self.volume_unit, self.harm_unit, listed.join(", "));
        let missing: Vec<&str> = self
            .threats
            .iter()
            .filter(|threat| !self.is_shown(threat))
            .map(|threat| threat.label.as_str())
            .collect();
        if !missing.is_empty() {
            let _ = write!(said, " Not drawn: {}.", missing.join(", "));
        }
        said
    }
}
