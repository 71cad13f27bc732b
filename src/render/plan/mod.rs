//! Maps of printed reports, as SVG drawings on the plane of the national grid.
//!
//! Shapes come in metres (EPSG:27700) and are drawn with straight sides, north of the grid at the top. Their corners are
//! rounded to a tenth of a unit, which is finer than paper shows, so that a map of a thousand cells stays small.

mod ground;
mod margin;
mod names;
mod paint;
mod pole;

use std::{borrow::Cow, fmt::Write as _};

use geo_types::{Coord, MultiPolygon, coord};
use ground::{Ground, path};
use paint::Paint;

use super::{
    figure::{Figure, ink, place::Places},
    xml::Element,
};
use crate::{
    feature::{Bounds, Features, GeometryKind, Plane, Rule, Shape, Symbology, Value},
    model::GridShape,
};

/// A map: a borough, layers of areas and points in it, hotspots by rank, names, and what a reader needs to use it.
///
/// Layers are drawn in the order in which they are added, each as its [`Symbology`] says, but opaque, since nothing lies
/// below them on paper. Classes whose greys are alike are hatched, in the map and in the legend.
///
/// # Example
/// ```
/// use geo_types::{MultiPolygon, polygon};
/// use hotspots::{model::GridShape, render::{figure::Figure, plan::Plan}};
/// let square = polygon![(x: 390_000.0, y: 284_000.0), (x: 394_000.0, y: 284_000.0), (x: 394_000.0, y: 288_000.0),
///                       (x: 390_000.0, y: 288_000.0)];
/// let outline = GridShape(MultiPolygon(vec![square]));
/// let map = Plan::of(Figure::new("map", "Dudley"), &outline).names([("Dudley", &outline)]).svg();
/// assert!(map.contains(">Dudley</text>") && map.contains(">500 m</text>"));
/// ```
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    figure: Figure,
    outline: &'a GridShape,
    layers: Vec<Layer<'a>>,
    hotspots: Option<(Rule, Vec<&'a GridShape>)>,
    names: Vec<(&'a str, &'a GridShape)>,
    attribution: Option<&'a str>,
    most_high: f64,
    has_legend: bool,
    has_neatline: bool,
}

/// A layer of the map.
#[derive(Clone, Debug)]
struct Layer<'a> {
    title: Option<String>,
    /// How classes were found.
    note: Option<String>,
    rules: Vec<Rule>,
    is_points: bool,
    /// By rule.
    marks: Vec<(usize, Mark<'a>)>,
}

#[derive(Clone, Debug)]
enum Mark<'a> {
    Area(Cow<'a, MultiPolygon<f64>>),
    Point(Coord),
}

/// The ground of the borough below all layers.
const LAND: &str = "#f6f7f8";

impl<'a> Plan<'a> {
    /// A map of a borough, without anything in it.
    pub fn of(figure: Figure, outline: &'a GridShape) -> Self {
        let most_high = 0.8 * figure.width();
        Self {
            figure,
            outline,
            layers: Vec::new(),
            hotspots: None,
            names: Vec::new(),
            attribution: None,
            most_high,
            has_legend: true,
            has_neatline: false,
        }
    }

    /// The same with a layer of areas, each with the value that its symbology tests.
    #[must_use]
    pub fn areas(
        mut self,
        symbology: &Symbology,
        areas: impl IntoIterator<Item = (&'a GridShape, Value<'a>)>,
    ) -> Self {
        let marks = areas.into_iter().filter_map(|(shape, value)| {
            Some((symbology.rule_for(&value)?, Mark::Area(Cow::Borrowed(&shape.0))))
        });
        let marks = marks.collect();
        self.layers.push(Layer::of(symbology, marks));
        self
    }

    /// The same with a layer as clients are given it: each feature as the first rule that fits it says.
    #[must_use]
    pub fn features(mut self, features: &'a dyn Features, symbology: &Symbology) -> Self {
        let field = symbology.field.as_ref().and_then(|name| features.field(name));
        let marks = (0..features.len()).filter_map(|row| {
            let value = field.map_or(Value::Absent, |field| features.value(row, field));
            let rule = symbology.rule_for(&value)?;
            let mark = match features.shape(row, Plane::Grid)? {
                Shape::Point(at) => Mark::Point(at),
                Shape::Polygons(shape) => Mark::Area(shape),
            };
            Some((rule, mark))
        });
        let marks: Vec<(usize, Mark<'a>)> = marks.collect();
        self.layers.push(Layer::of(symbology, marks));
        self
    }

    /// The same with the borders of areas, drawn by the rule's line, without their insides.
    #[must_use]
    pub fn borders(mut self, rule: &Rule, areas: impl IntoIterator<Item = &'a GridShape>) -> Self {
        let marks = areas.into_iter().map(|shape| (0, Mark::Area(Cow::Borrowed(&shape.0)))).collect();
        let rules = vec![Rule { fill: None, ..rule.clone() }];
        self.layers.push(Layer { title: None, note: None, rules, is_points: false, marks });
        self
    }

    /// The same with hotspots, the first in rank first: above all layers, drawn by one rule, which lets shine through what
    /// its fill does, and each with its rank in a disc.
    #[must_use]
    pub fn hotspots(mut self, rule: &Rule, shapes: impl IntoIterator<Item = &'a GridShape>) -> Self {
        self.hotspots = Some((rule.clone(), shapes.into_iter().collect()));
        self
    }

    /// The same with names of areas, those that find room inside.
    #[must_use]
    pub fn names(mut self, names: impl IntoIterator<Item = (&'a str, &'a GridShape)>) -> Self {
        self.names.extend(names);
        self
    }

    /// The same with a line that says whose the boundaries are, and what else the law wants to be said.
    #[must_use]
    pub const fn attribution(mut self, text: &'a str) -> Self {
        self.attribution = Some(text);
        self
    }

    /// The same with the ground no higher than so much, at least 120.
    #[must_use]
    pub fn high(mut self, most: f64) -> Self {
        self.most_high = if most.is_finite() { most.clamp(120.0, 2_000.0) } else { self.most_high };
        self
    }

    /// The same without a legend.
    #[must_use]
    pub const fn without_legend(mut self) -> Self {
        self.has_legend = false;
        self
    }

    /// The same with a line around the ground.
    #[must_use]
    pub const fn neatline(mut self) -> Self {
        self.has_neatline = true;
        self
    }

    /// The drawing.
    pub fn svg(&self) -> String {
        let Some(shown) = self.shown() else { return self.figure.nothing() };
        let wide = self.figure.width();
        let beside = margin::is_beside(wide);
        let room = if beside { wide - margin::COLUMN - margin::GUTTER } else { wide };
        let high = (room * shown.height() / shown.width()).min(self.most_high).max(60.0);
        let frame = Bounds::new(coord! { x: 1.0, y: 1.0 }, coord! { x: room - 1.0, y: high + 1.0 });
        let Some(ground) = frame.ok().and_then(|frame| Ground::new(shown, frame)) else {
            return self.figure.nothing();
        };
        let id = |name: &str| self.figure.id_of(name);
        let paints: Vec<Vec<Paint>> = self.layers.iter().map(|layer| Paint::of(&layer.rules)).collect();
        let mut drawn = vec![definitions(&ground, &paints, &id)];
        drawn.push(self.grounds(&ground, &paints, &id));
        drawn.extend(self.words(&ground));
        if self.has_neatline {
            drawn.push(neatline(ground.frame()));
        }
        let (margin, height) = margin::drawn(self, &ground, &paints);
        drawn.extend(margin);
        self.figure.svg(wide, height, &self.said(), drawn)
    }

    /// The part of the ground that is shown: the borough with a margin, and of what lies beyond only what is near.
    fn shown(&self) -> Option<Bounds> {
        let corners = |shape: &MultiPolygon<f64>| {
            Bounds::around(shape.iter().flat_map(|polygon| polygon.exterior().coords().copied()))
        };
        let borough = corners(&self.outline.0)?;
        let side = borough.width().max(borough.height());
        if side <= 0.0 {
            return None;
        }
        let most = borough.widened(0.06 * side);
        let marks = self.layers.iter().flat_map(|layer| &layer.marks);
        let boxes = marks.filter_map(|(_, mark)| match mark {
            Mark::Area(shape) => corners(shape),
            Mark::Point(at) => Bounds::new(*at, *at).ok(),
        });
        let all = boxes.filter(|bounds| bounds.meets(&most)).fold(borough, |all, one| all.joined(&one));
        let min = coord! { x: all.min().x.max(most.min().x), y: all.min().y.max(most.min().y) };
        let max = coord! { x: all.max().x.min(most.max().x), y: all.max().y.min(most.max().y) };
        Bounds::new(min, max).ok().map(|bounds| bounds.widened(0.015 * side))
    }

    /// Everything that lies on the ground, in tenths, cut off at the frame.
    fn grounds(&self, ground: &Ground, paints: &[Vec<Paint>], id: &dyn Fn(&str) -> String) -> Element {
        let outline = ground.shape(&self.outline.0).map(|shape| path(&shape)).unwrap_or_default();
        let mut drawn = vec![Element::new("path").with("d", &outline).with("fill", LAND)];
        for (layer, paints) in self.layers.iter().zip(paints) {
            drawn.extend(layer.drawn(ground, paints, id));
        }
        let border = Element::new("path").with("d", outline).with("fill", "none").with("stroke", ink::BASE);
        drawn.push(border.with("stroke-width", 14).with("class", "outline"));
        if let Some((rule, shapes)) = &self.hotspots {
            let paths: Vec<String> =
                shapes.iter().filter_map(|shape| ground.shape(&shape.0).map(|shape| path(&shape))).collect();
            // A rim of paper first, so that the line is seen on every colour.
            let rims = paths.iter().map(|d| Element::new("path").with("d", d));
            let rim =
                Element::new("g").with("fill", "none").with("stroke", ink::WHITE).with("stroke-width", 40);
            drawn.push(rim.children(rims));
            let areas = paths.iter().map(|d| Element::new("path").with("d", d).with("class", "hotspot"));
            drawn.push(Paint::glass(rule).on(Element::new("g"), id).children(areas));
        }
        let scaled = Element::new("g")
            .with("transform", "scale(.1)")
            .with("fill-rule", "evenodd")
            .with("stroke-linejoin", "round")
            .children(drawn);
        Element::new("g").with("clip-path", format!("url(#{})", id("frame"))).child(scaled)
    }

    /// Ranks and names, clear of each other.
    fn words(&self, ground: &Ground) -> Vec<Element> {
        let mut places = Places::within(ground.frame());
        let mut drawn = Vec::new();
        if let Some((_, shapes)) = &self.hotspots {
            drawn = names::ranks(shapes, ground, &mut places);
        }
        // Names lie below ranks, of which each must be seen.
        let mut all = names::inside(&self.names, ground, &mut places);
        all.append(&mut drawn);
        all
    }

    fn said(&self) -> String {
        let mut said = "Map on the national grid, north at the top.".to_owned();
        for layer in &self.layers {
            let labels: Vec<&str> = layer.rules.iter().map(|rule| rule.label.as_str()).collect();
            let what = if layer.is_points { "points" } else { "areas" };
            let title = layer.title.as_deref().map(|title| format!("{title}, ")).unwrap_or_default();
            let _ = write!(said, " {title}{} {what}: {}.", layer.marks.len(), labels.join("; "));
        }
        if let Some((rule, shapes)) = &self.hotspots {
            let _ = write!(said, " {}: {}, numbered by rank.", rule.label, shapes.len());
        }
        said
    }
}

impl<'a> Layer<'a> {
    fn of(symbology: &Symbology, marks: Vec<(usize, Mark<'a>)>) -> Self {
        Self {
            title: Some(symbology.title.clone()),
            note: symbology.class_rule.clone(),
            rules: symbology.rules.clone(),
            is_points: symbology.geometry == GeometryKind::Point,
            marks,
        }
    }

    /// Its marks, those of one class together, in the order of the legend.
    fn drawn(&self, ground: &Ground, paints: &[Paint], id: &dyn Fn(&str) -> String) -> Vec<Element> {
        let classes = paints.iter().enumerate().map(|(class, paint)| {
            let marks = self.marks.iter().filter(|(rule, _)| *rule == class);
            let marks = marks.filter_map(|(_, mark)| mark.drawn(ground, paint.radius));
            paint.on(Element::new("g"), id).with("class", "class").children(marks)
        });
        classes.collect()
    }
}

impl Mark<'_> {
    fn drawn(&self, ground: &Ground, radius: f64) -> Option<Element> {
        match self {
            Self::Area(shape) => Some(Element::new("path").with("d", path(&ground.shape(shape)?))),
            Self::Point(at) => {
                let at = ground.at(*at);
                let is_seen = ground.frame().holds(at);
                is_seen.then(|| {
                    Element::new("circle")
                        .with("cx", (at.x * ground::TENTHS).round())
                        .with("cy", (at.y * ground::TENTHS).round())
                        .with("r", (radius * ground::TENTHS).round())
                })
            }
        }
    }
}

/// The frame that everything is cut off at, and the patterns of hatches.
fn definitions(ground: &Ground, paints: &[Vec<Paint>], id: &dyn Fn(&str) -> String) -> Element {
    let (min, frame) = (ground.frame().min(), ground.frame());
    let clip = Element::new("clipPath").with("id", id("frame")).child(ink::rect(
        min.x,
        min.y,
        frame.width(),
        frame.height(),
        ink::WHITE,
    ));
    let mut patterns: Vec<(String, Element)> = Vec::new();
    for (name, pattern) in paints.iter().flatten().filter_map(|paint| paint.pattern(id)) {
        if !patterns.iter().any(|(known, _)| *known == name) {
            patterns.push((name, pattern));
        }
    }
    Element::new("defs").child(clip).children(patterns.into_iter().map(|(_, pattern)| pattern))
}

fn neatline(frame: Bounds) -> Element {
    let min = frame.min();
    let line = ink::rect(min.x, min.y, frame.width(), frame.height(), "none");
    line.with("stroke", ink::OTHER).with("class", "neatline")
}

#[cfg(test)]
mod tests;
