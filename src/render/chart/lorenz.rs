//! How much of the incidents how few places have.

use geo_types::{Coord, coord};

use super::{
    axis::{self, ONE_LINE},
    frame::{Frame, height_for},
    key,
    scale::Scale,
};
use crate::{
    feature::Bounds,
    model::words::decimal,
    render::{
        figure::{
            Figure, fitted,
            ink::{self, BAND, BASE, MAIN, OTHER, SMALL, STRONG},
            place::Places,
            width,
        },
        xml::Element,
    },
};

/// Curves of concentration (Lorenz, 1905): the share of incidents that a share of the places has, those with most first.
///
/// # Example
/// ```
/// use hotspots::render::{chart::{Lorenz, LorenzCurve}, figure::Figure};
/// let chart = Lorenz {
///     figure: Figure::new("lorenz", "Concentration"),
///     places: "Share of street segments, those with most first".into(),
///     incidents: "Share of incidents".into(),
///     curve: LorenzCurve { label: "Burglary".into(), points: vec![(0.0, 0.0), (0.1, 0.5), (1.0, 1.0)] },
///     compared: None,
/// };
/// assert!(chart.svg().contains("Half of the incidents lie at 10.0 % of the places"));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Lorenz {
    /// Its names and width.
    pub figure: Figure,
    /// What the level axis is.
    pub places: String,
    /// What the upright axis is.
    pub incidents: String,
    /// The curve.
    pub curve: LorenzCurve,
    /// Another to compare it with, such as what chance alone would make.
    pub compared: Option<LorenzCurve>,
}

/// A curve with its name.
#[derive(Clone, Debug, PartialEq)]
pub struct LorenzCurve {
    /// What it is of.
    pub label: String,
    /// Share of places and share of incidents, each from 0 to 1, in any order; others are left out.
    pub points: Vec<(f64, f64)>,
}

impl LorenzCurve {
    fn known(&self) -> Vec<(f64, f64)> {
        let is_share = |share: f64| (0.0..=1.0).contains(&share);
        let mut points: Vec<(f64, f64)> =
            self.points.iter().copied().filter(|(x, y)| is_share(*x) && is_share(*y)).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        points
    }
}

/// The share of places at which a curve comes to a share of incidents.
fn reached(points: &[(f64, f64)], share: f64) -> Option<f64> {
    points.windows(2).find(|pair| pair[0].1 <= share && share <= pair[1].1 && pair[0].1 < pair[1].1).map(
        |pair| {
            let along = (share - pair[0].1) / (pair[1].1 - pair[0].1);
            pair[0].0 + along * (pair[1].0 - pair[0].0)
        },
    )
}

impl Lorenz {
    /// The drawing.
    pub fn svg(&self) -> String {
        let wide = self.figure.width();
        let height = height_for(wide) + 30.0;
        let points = self.curve.known();
        if points.len() < 2 {
            return self.figure.nothing();
        }
        let (unit, top) = key::axis_title(&self.incidents, 0.0, wide, 0.0);
        let percent = Scale::linear([0.0, 100.0], 5.0).in_unit(" %");
        let frame = Frame {
            left: axis::room(&percent),
            top: top + 8.0,
            right: wide - 20.0,
            bottom: height - 2.0 * ONE_LINE,
        };
        let (x, y) =
            (percent.clone().between(frame.left, frame.right), percent.between(frame.bottom, frame.top));
        let at =
            |(places, incidents): (f64, f64)| coord! { x: x.at(100.0 * places), y: y.at(100.0 * incidents) };
        let run: Vec<Coord> = points.iter().copied().map(at).collect();
        let half = reached(&points, 0.5);
        let mut drawn: Vec<Element> = unit.into_iter().collect();
        if let Some(share) = half {
            let at = at((share, 0.5));
            drawn.push(ink::rect(frame.left, at.y, at.x - frame.left, frame.bottom - at.y, BAND));
        }
        drawn.extend(axis::upright(&x, &frame, wide));
        drawn.extend(axis::across(&y, &frame));
        drawn.push(axis::base(frame.bottom, &frame));
        let even = [at((0.0, 0.0)), at((1.0, 1.0))];
        drawn.push(ink::stroke([even.as_slice()], BASE, 1.2).with("stroke-dasharray", "2 3"));
        let compared = self.compared.as_ref().map(|curve| (curve, curve.known()));
        if let Some((_, points)) = &compared {
            let run: Vec<Coord> = points.iter().copied().map(at).collect();
            drawn.push(ink::stroke([run.as_slice()], OTHER, 1.8).with("stroke-dasharray", "6 4"));
        }
        drawn.push(ink::stroke([run.as_slice()], MAIN, 2.4).with("class", "curve"));
        if let Some(share) = half {
            drawn.extend(half_mark(share, at((share, 0.5)), &frame));
        }
        drawn.push(ink::quiet(
            &fitted(&self.places, SMALL, frame.right),
            frame.right,
            height - 5.0,
            ink::END,
        ));
        drawn.extend(self.labels(
            &frame,
            &at,
            &points,
            compared.as_ref().map(|(curve, points)| (*curve, points.as_slice())),
        ));
        let said = half.map_or_else(String::new, |share| {
            format!(" Half of the incidents lie at {} % of the places.", decimal(100.0 * share, 1))
        });
        let said = format!("{} against {}.{said}", self.incidents, self.places);
        self.figure.svg(wide, height, &said, drawn)
    }

    /// Names beside the curves, on the side where they are in nobody's way.
    fn labels(
        &self,
        frame: &Frame,
        at: &impl Fn((f64, f64)) -> Coord,
        points: &[(f64, f64)],
        compared: Option<(&LorenzCurve, &[(f64, f64)])>,
    ) -> Vec<Element> {
        let corners = [coord! { x: frame.left, y: frame.top }, coord! { x: frame.right, y: frame.bottom }];
        let Some(inside) = Bounds::around(corners) else { return Vec::new() };
        let mut places = Places::within(inside);
        let all = [points, &[(0.0, 0.0), (1.0, 1.0)], compared.map_or(&[], |(_, points)| points)];
        for curve in all {
            for (from, to) in curve.iter().zip(curve.iter().skip(1)) {
                places.take_line(at(*from), at(*to));
            }
        }
        let mut drawn = Vec::new();
        let mut write = |words: &str, face, colour: &str, near: Vec<Coord>| {
            let label = places.along(words, face, &near, 3.0);
            drawn.extend(label.into_iter().map(|part| part.with("fill", colour)));
        };
        let on = |points: &[(f64, f64)], shares: [f64; 6]| -> Vec<Coord> {
            shares.into_iter().filter_map(|share| Some(at((reached(points, share)?, share)))).collect()
        };
        write(&self.curve.label, STRONG, MAIN, on(points, [0.85, 0.78, 0.7, 0.62, 0.92, 0.4]));
        if let Some((curve, points)) = compared {
            write(&curve.label, SMALL, ink::QUIET, on(points, [0.72, 0.65, 0.8, 0.58, 0.86, 0.4]));
        }
        write(
            "Line of evenness",
            SMALL,
            ink::QUIET,
            [0.55, 0.6, 0.65, 0.5, 0.45].map(|share| at((share, share))).into(),
        );
        drawn
    }
}

/// The way from half of the incidents to the curve, and down to the places. What that is stands in the lower right
/// corner, which no curve of places with most first can reach.
fn half_mark(share: f64, at: Coord, frame: &Frame) -> Vec<Element> {
    let lines =
        ["Half of the incidents".to_owned(), format!("at {} % of the places", decimal(100.0 * share, 1))];
    let wide = lines.iter().map(|line| width(line, STRONG)).fold(0.0, f64::max);
    let (right, bottom) = (frame.right - 8.0, frame.bottom - 14.0);
    let dashed = |from, to| ink::line(from, to, MAIN, 1.0).with("stroke-dasharray", "3 3");
    vec![
        dashed((frame.left, at.y), (at.x, at.y)),
        dashed((at.x, at.y), (at.x, frame.bottom)),
        ink::disc(at.x, at.y, 4.0, MAIN).with("class", "half"),
        ink::disc(right - wide - 10.0, bottom - 20.0, 4.0, MAIN),
        ink::haloed(ink::text(&lines[0], right - wide, bottom - 16.0, STRONG, ink::START)),
        ink::haloed(ink::text(&lines[1], right - wide, bottom, STRONG, ink::START)),
    ]
}
