//! Rates of areas against their size, with the limits of chance.

use geo_types::{Coord, coord};

use super::{
    axis::{self, ONE_LINE},
    frame::{Frame, height_for},
    key::{self, Entry},
    scale::Scale,
};
use crate::{
    feature::Bounds,
    render::{
        figure::{
            Figure, fitted,
            ink::{self, BASE, MAIN, OTHER, SMALL, WHITE},
            number::{datum, short},
            place::Places,
            width,
        },
        xml::Element,
    },
};

/// A funnel plot (Spiegelhalter, 2005): rates of areas against their population, within limits that chance alone would
/// keep them in. Areas beyond are named.
#[derive(Clone, Debug, PartialEq)]
pub struct Funnel {
    /// Its names and width.
    pub figure: Figure,
    /// What the rates are: "Incidents per 1,000 residents".
    pub rate_unit: String,
    /// What the populations are: "Residents".
    pub population_unit: String,
    /// The rate of all areas together, and its name.
    pub overall: (String, f64),
    /// The limits by population, in any order. Between two of them they are taken as straight.
    pub limits: Vec<FunnelLimit>,
    /// The areas.
    pub areas: Vec<FunnelArea>,
}

/// The limits at a population.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FunnelLimit {
    /// The population.
    pub population: f64,
    /// The lower and the upper 95 % limit.
    pub limits_95: (f64, f64),
    /// The lower and the upper 99.8 % limit.
    pub limits_998: (f64, f64),
}

/// An area.
#[derive(Clone, Debug, PartialEq)]
pub struct FunnelArea {
    /// Its name.
    pub label: String,
    /// Its population.
    pub population: f64,
    /// Its rate.
    pub rate: f64,
}

/// Where an area lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Beyond {
    Nothing,
    The95,
    The998,
}

impl FunnelLimit {
    fn numbers(&self) -> [f64; 5] {
        [self.population, self.limits_998.0, self.limits_95.0, self.limits_95.1, self.limits_998.1]
    }
}

/// The limits at a population by those on its two sides; `None` beyond them all.
fn limits_at(limits: &[[f64; 5]], population: f64) -> Option<[f64; 5]> {
    let pair = limits.windows(2).find(|pair| (pair[0][0]..=pair[1][0]).contains(&population));
    let (before, after) = match (pair, limits) {
        (Some([before, after]), _) => (before, after),
        (_, [only]) if only[0].to_bits() == population.to_bits() => (only, only),
        _ => return None,
    };
    let long = after[0] - before[0];
    let along = if long > 0.0 { (population - before[0]) / long } else { 0.0 };
    Some(std::array::from_fn(|number| before[number] + along * (after[number] - before[number])))
}

fn beyond(limits: &[[f64; 5]], population: f64, rate: f64) -> Beyond {
    match limits_at(limits, population) {
        Some([_, low, _, _, high]) if rate < low || rate > high => Beyond::The998,
        Some([_, _, low, high, _]) if rate < low || rate > high => Beyond::The95,
        _ => Beyond::Nothing,
    }
}

impl Funnel {
    /// The drawing.
    pub fn svg(&self) -> String {
        let wide = self.figure.width();
        let bottom = height_for(wide) + 6.0;
        let mut areas: Vec<&FunnelArea> = self
            .areas
            .iter()
            .filter(|area| {
                datum(area.population).is_some_and(|people| people >= 0.0) && datum(area.rate).is_some()
            })
            .collect();
        if areas.is_empty() {
            return self.figure.nothing();
        }
        let mut limits: Vec<[f64; 5]> = self.limits.iter().map(FunnelLimit::numbers).collect();
        limits.retain(|limit| limit.iter().all(|value| datum(*value).is_some()));
        limits.sort_by(|a, b| a[0].total_cmp(&b[0]));
        let people = areas.iter().map(|area| area.population).chain(limits.iter().map(|limit| limit[0]));
        let x = Scale::tight(people, 6.0);
        let rates =
            areas.iter().map(|area| area.rate).chain(limits.iter().flat_map(|limit| limit[1..].to_vec()));
        let y = Scale::linear(rates.chain(datum(self.overall.1)), 5.0);
        let (mut drawn, top) = key::drawn(&key(), 0.0, wide, 0.0);
        let (unit, top) = key::axis_title(&self.rate_unit, 0.0, wide, top);
        drawn.extend(unit);
        let overall = fitted(&format!("{} {}", self.overall.0, short(self.overall.1)), SMALL, 0.22 * wide);
        let right = wide - width(&overall, SMALL).max(width("99.8 %", SMALL)) - 6.0;
        let frame = Frame { left: axis::room(&y), top: top + 6.0, right, bottom };
        // Marks at the ends stay whole.
        let (x, y) = (x.between(frame.left + 6.0, frame.right - 6.0), y.between(frame.bottom, frame.top));
        drawn.extend(axis::across(&y, &frame));
        drawn.extend(axis::upright(&x, &frame, wide));
        drawn.push(axis::base(frame.bottom, &frame));
        let people = fitted(&self.population_unit, SMALL, frame.wide());
        drawn.push(ink::quiet(&people, frame.right, frame.bottom + ONE_LINE + 12.0, ink::END));
        drawn.extend(curves(&limits, &x, &y));
        drawn.extend(self.ends(&limits, &overall, &y, &frame));
        // Those beyond come last, on top of the others, and are named by how far beyond they are.
        areas.sort_by_key(|area| beyond(&limits, area.population, area.rate));
        let place = |area: &FunnelArea| coord! { x: x.at(area.population), y: y.at(area.rate) };
        for area in &areas {
            drawn.push(dot(place(area), beyond(&limits, area.population, area.rate)));
        }
        let mut notes = Vec::new();
        drawn.extend(self.names(&areas, &limits, (&x, &y), &frame, &mut notes));
        let (below, height) = key::notes(&notes, frame.left, wide, frame.bottom + 2.0 * ONE_LINE);
        drawn.extend(below);
        let outside: Vec<String> = areas
            .iter()
            .rev()
            .filter(|area| beyond(&limits, area.population, area.rate) != Beyond::Nothing)
            .map(|area| format!("{} {}", area.label, short(area.rate)))
            .collect();
        let outside = if outside.is_empty() { "none".to_owned() } else { outside.join(", ") };
        let said = format!(
            "{} of {} areas against {}. {} {}. Beyond the 95 % limits: {outside}.",
            self.rate_unit,
            areas.len(),
            self.population_unit,
            self.overall.0,
            short(self.overall.1)
        );
        self.figure.svg(wide, height, &said, drawn)
    }

    /// What the curves and the line are, at their right ends, kept apart.
    fn ends(&self, limits: &[[f64; 5]], overall: &str, y: &Scale, frame: &Frame) -> Vec<Element> {
        let mut drawn = Vec::new();
        let mut ends = Vec::new();
        if let Some(rate) = datum(self.overall.1) {
            let y = y.at(rate);
            drawn.push(ink::line((frame.left, y), (frame.right, y), BASE, 1.2));
            ends.push((y, overall));
        }
        if let Some(last) = limits.last().filter(|_| limits.len() > 1) {
            let names = [(4, "99.8 %"), (3, "95 %"), (2, "95 %"), (1, "99.8 %")];
            ends.extend(names.map(|(number, words)| (y.at(last[number]), words)));
        }
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        // Upwards from the foot, then downwards from the head, each clear of the one before.
        let mut free = frame.bottom + 3.7;
        for (y, _) in ends.iter_mut().rev() {
            *y = (*y + 3.7).min(free);
            free = *y - 11.5;
        }
        let mut free = frame.top + 3.7;
        for (y, words) in ends {
            let baseline = y.max(free);
            drawn.push(ink::quiet(words, frame.right + 4.0, baseline, ink::START));
            free = baseline + 11.5;
        }
        drawn
    }

    /// The names of the areas beyond, clear of each other, of the dots and of the curves near them.
    fn names(
        &self,
        areas: &[&FunnelArea],
        limits: &[[f64; 5]],
        (x, y): (&Scale, &Scale),
        frame: &Frame,
        notes: &mut Vec<String>,
    ) -> Vec<Element> {
        let corners =
            [coord! { x: frame.left, y: frame.top - 6.0 }, coord! { x: frame.right, y: frame.bottom }];
        let Some(inside) = Bounds::around(corners) else { return Vec::new() };
        let mut places = Places::within(inside);
        let place = |area: &FunnelArea| coord! { x: x.at(area.population), y: y.at(area.rate) };
        for area in areas {
            places.take_disc(place(area), 4.5);
        }
        if let Some(rate) = datum(self.overall.1) {
            let ends = [frame.left, frame.right].map(|x| coord! { x: x, y: y.at(rate) });
            places.take_line(ends[0], ends[1]);
        }
        for pair in limits.windows(2) {
            for number in 1..5 {
                let ends =
                    [&pair[0], &pair[1]].map(|limit| coord! { x: x.at(limit[0]), y: y.at(limit[number]) });
                places.take_line(ends[0], ends[1]);
            }
        }
        let is_beyond = |area: &&&FunnelArea| beyond(limits, area.population, area.rate) != Beyond::Nothing;
        let mut drawn = Vec::new();
        for area in areas.iter().rev().filter(is_beyond) {
            let words = fitted(&area.label, SMALL, 0.4 * frame.wide());
            drawn.extend(places.noted((&words, &area.label), SMALL, place(area), 4.5, notes));
        }
        drawn
    }
}

fn key() -> Vec<Entry> {
    let entry = |label: &str, mark: fn(f64, f64) -> Vec<Element>| Entry { label: label.to_owned(), mark };
    vec![
        entry("within the limits", |x, y| vec![dot(coord! { x: x, y: y }, Beyond::Nothing)]),
        entry("beyond 95 %", |x, y| vec![dot(coord! { x: x, y: y }, Beyond::The95)]),
        entry("beyond 99.8 %", |x, y| vec![dot(coord! { x: x, y: y }, Beyond::The998)]),
    ]
}

/// A hollow ring, a full disc, a full diamond.
fn dot(at: Coord, beyond: Beyond) -> Element {
    match beyond {
        Beyond::Nothing => ink::disc(at.x, at.y, 3.2, WHITE).with("stroke", OTHER).with("stroke-width", 1.4),
        Beyond::The95 => ink::disc(at.x, at.y, 4.0, MAIN).with("stroke", WHITE),
        Beyond::The998 => {
            let corners = [(0.0, -5.6), (5.6, 0.0), (0.0, 5.6), (-5.6, 0.0)];
            ink::area(&corners.map(|(x, y)| at + coord! { x: x, y: y }), ink::ACCENT).with("stroke", WHITE)
        }
    }
    .with("class", "area")
}

/// The limits as curves, those of 95 % dashed.
fn curves(limits: &[[f64; 5]], x: &Scale, y: &Scale) -> Vec<Element> {
    if limits.len() < 2 {
        return Vec::new();
    }
    let curve = |number: usize| {
        let run: Vec<Coord> =
            limits.iter().map(|limit| coord! { x: x.at(limit[0]), y: y.at(limit[number]) }).collect();
        let curve = ink::stroke([run.as_slice()], OTHER, 1.3);
        if number == 2 || number == 3 { curve.with("stroke-dasharray", "5 3") } else { curve }
    };
    (1..5).map(curve).collect()
}
