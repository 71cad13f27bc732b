//! A map of some features, as a drawing inside a page.

use std::fmt::Write;

use geo::InteriorPoint;
use geo_types::{Coord, LineString, MultiPolygon};
use maud::{Markup, PreEscaped, html};

use super::text::shown;
use crate::feature::{Bounds, Colour, Features, GeometryKind, Plane, Rule, Shape, Symbology};

/// Width of the drawing in its own units.
const WIDTH: f64 = 960.0;
/// Its height at most, and at least.
const HEIGHTS: (f64, f64) = (360.0, 760.0);
/// Free on every side.
const MARGIN: f64 = 16.0;

/// What is drawn: rows of a layer over the outline of the study area, on the national grid, north up.
pub struct Map<'a> {
    /// The layer.
    pub features: &'a dyn Features,
    /// Which of its rows.
    pub rows: &'a [usize],
    /// How they are drawn.
    pub symbology: Option<&'a Symbology>,
    /// The study area, metres on the national grid.
    pub outline: &'a MultiPolygon<f64>,
    /// Whether the whole of the study area is shown, and not only where the rows are.
    pub whole: bool,
}

/// From metres on the grid to units of the drawing, y downwards.
struct View {
    scale: f64,
    left_m: f64,
    top_m: f64,
    height: f64,
}

impl View {
    fn of(bounds: &Bounds) -> Self {
        // A point has no width: half a kilometre around it is shown.
        let bounds =
            if bounds.width().max(bounds.height()) < 100.0 { bounds.widened(500.0) } else { *bounds };
        let (inner, tallest) = (WIDTH - 2.0 * MARGIN, HEIGHTS.1 - 2.0 * MARGIN);
        let scale = (inner / bounds.width().max(1.0)).min(tallest / bounds.height().max(1.0));
        let height = (bounds.height() * scale + 2.0 * MARGIN).clamp(HEIGHTS.0, HEIGHTS.1);
        let centre = (bounds.min().x + bounds.width() / 2.0, bounds.min().y + bounds.height() / 2.0);
        Self { scale, left_m: centre.0 - WIDTH / 2.0 / scale, top_m: centre.1 + height / 2.0 / scale, height }
    }

    /// Tenths of a unit: finer than a screen shows.
    fn at(&self, at: Coord) -> (f64, f64) {
        let tenths = |units: f64| (units * 10.0).round() / 10.0;
        (tenths((at.x - self.left_m) * self.scale), tenths((self.top_m - at.y) * self.scale))
    }

    /// An area as the data of a path. Corners that fall on the one before are left out.
    fn path(&self, shape: &MultiPolygon<f64>) -> String {
        let mut data = String::new();
        for polygon in &shape.0 {
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                self.ring(ring, &mut data);
            }
        }
        data
    }

    fn ring(&self, ring: &LineString<f64>, data: &mut String) {
        let mut last = None;
        for at in ring.coords().map(|at| self.at(*at)) {
            if last == Some(at) {
                continue;
            }
            let command = if last.is_none() { 'M' } else { 'L' };
            // Writing to a string does not fail.
            let _ = write!(data, "{command}{} {}", at.0, at.1);
            last = Some(at);
        }
        data.push('Z');
    }

    /// A round length that takes up to a quarter of the width, metres.
    fn bar_m(&self) -> f64 {
        let most = WIDTH / 4.0 / self.scale;
        let power = libm::pow(10.0, most.log10().floor());
        [5.0, 2.0, 1.0].into_iter().map(|step| step * power).find(|length| *length <= most).unwrap_or(power)
    }
}

impl Map<'_> {
    /// The drawing. `link` gives the address that a row leads to.
    pub fn drawn(&self, link: impl Fn(usize) -> String) -> Markup {
        let of_rows = self
            .rows
            .iter()
            .filter_map(|row| self.features.shape(*row, Plane::Grid)?.bounds())
            .reduce(|all, own| all.joined(&own));
        let outline = Shape::Polygons(std::borrow::Cow::Borrowed(self.outline));
        let of_outline = outline.bounds().filter(|_| self.whole || of_rows.is_none());
        let bounds = match (of_rows, of_outline) {
            (Some(rows), Some(outline)) => rows.joined(&outline),
            (Some(rows), None) => rows.widened(0.75 * rows.width().max(rows.height())),
            (None, Some(outline)) => outline,
            (None, None) => return html! {},
        };
        let view = View::of(&bounds);
        let label = format!("Map of {} features; the table below lists them too", self.rows.len());
        html! {
            figure.map {
                svg viewBox={ "0 0 " (WIDTH) " " (view.height) } role="img" aria-label=(label) {
                    path.outline d=(view.path(self.outline)) {}
                    @for row in self.rows { (self.feature(*row, &view, &link(*row))) }
                    path.rim d=(view.path(self.outline)) {}
                    (self.names(&view))
                    (bar(&view))
                }
                (self.legend())
            }
        }
    }

    fn feature(&self, row: usize, view: &View, href: &str) -> Markup {
        let Some(shape) = self.features.shape(row, Plane::Grid) else { return html! {} };
        let Some(rule) = self.rule(row) else { return html! {} };
        let title = self.title(row);
        html! {
            a href=(href) tabindex="-1" {
                @match &shape {
                    Shape::Point(at) => {
                        @let (x, y) = view.at(*at);
                        circle cx=(x) cy=(y) r=(rule.radius_px.max(3.0)) fill=(fill(rule).0)
                            fill-opacity=(fill(rule).1) stroke=(stroke(rule).0)
                            stroke-opacity=(stroke(rule).1) stroke-width=(rule.stroke_px) {
                            title { (title) }
                        }
                    }
                    Shape::Polygons(polygons) => {
                        path d=(view.path(polygons)) fill-rule="evenodd" fill=(fill(rule).0)
                            fill-opacity=(fill(rule).1) stroke=(stroke(rule).0)
                            stroke-opacity=(stroke(rule).1) stroke-width=(rule.stroke_px) {
                            title { (title) }
                        }
                    }
                }
            }
        }
    }

    /// The names of areas, where there are not too many to be read.
    fn names(&self, view: &View) -> Markup {
        const MOST: usize = 60;
        let field = self.features.field("name").filter(|_| (2..=MOST).contains(&self.rows.len()));
        let Some(field) = field else { return html! {} };
        html! {
            g.names {
                @for row in self.rows {
                    @if let Some((x, y)) = self.middle(*row, view) {
                        @let name = shown(&self.features.value(*row, field));
                        @let (first, second) = two_lines(&name);
                        text x=(x) y=(y) {
                            tspan x=(x) { (first) }
                            @if !second.is_empty() { tspan x=(x) dy="1.05em" { (second) } }
                        }
                    }
                }
            }
        }
    }

    /// A position inside an area.
    fn middle(&self, row: usize, view: &View) -> Option<(f64, f64)> {
        match self.features.shape(row, Plane::Grid)? {
            Shape::Polygons(polygons) => polygons.interior_point().map(|point| view.at(point.0)),
            Shape::Point(_) => None,
        }
    }

    fn rule(&self, row: usize) -> Option<&Rule> {
        let symbology = self.symbology?;
        let value = match &symbology.field {
            Some(name) => self.features.value(row, self.features.field(name)?),
            None => crate::feature::Value::Absent,
        };
        symbology.rules.get(symbology.rule_for(&value)?)
    }

    /// What a feature is called, and the value that it is drawn by.
    fn title(&self, row: usize) -> String {
        let of = |name: &str| {
            let field = self.features.field(name)?;
            let value = self.features.value(row, field);
            (!value.is_absent()).then(|| shown(&value))
        };
        let name =
            ["name", "title"].into_iter().find_map(of).unwrap_or_else(|| self.features.id(row).into_owned());
        let drawn_by = self.symbology.and_then(|symbology| symbology.field.as_deref());
        match drawn_by.and_then(|field| Some((field, of(field)?))) {
            Some((field, value)) => format!("{name}: {field} {value}"),
            None => name,
        }
    }

    fn legend(&self) -> Markup {
        let Some(symbology) = self.symbology else { return html! {} };
        html! {
            figcaption {
                b { (symbology.title) }
                ul.legend {
                    @for rule in &symbology.rules {
                        li { (swatch(rule, symbology.geometry)) (rule.label) }
                    }
                }
                @if let Some(rule) = &symbology.class_rule { p { (rule) "." } }
            }
        }
    }
}

/// A name in two lines of about the same length, where it is long and has a space to be parted at.
fn two_lines(name: &str) -> (&str, &str) {
    const LONG: usize = 14;
    if name.len() <= LONG {
        return (name, "");
    }
    let middle = name.len() / 2;
    let spaces = name.match_indices(' ').map(|(at, _)| at);
    spaces.min_by_key(|at| at.abs_diff(middle)).map_or((name, ""), |at| (&name[..at], &name[at + 1..]))
}

/// The colour of the inside, and how opaque it is.
fn fill(rule: &Rule) -> (String, f64) {
    paint(rule.fill)
}

/// The colour of the line around it, and how opaque it is.
fn stroke(rule: &Rule) -> (String, f64) {
    paint(rule.stroke)
}

fn paint(colour: Option<Colour>) -> (String, f64) {
    let hundredths = |opacity: f64| (opacity * 100.0).round() / 100.0;
    colour.map_or_else(|| ("none".to_owned(), 1.0), |colour| (colour.hex(), hundredths(colour.opacity())))
}

fn swatch(rule: &Rule, geometry: GeometryKind) -> Markup {
    let (colour, opacity) = fill(rule);
    html! {
        svg viewBox="0 0 18 14" width="18" height="14" aria-hidden="true" {
            @if geometry == GeometryKind::Point {
                circle cx="9" cy="7" r="5" fill=(colour) fill-opacity=(opacity) stroke=(stroke(rule).0) {}
            } @else {
                rect x="1" y="1" width="16" height="12" fill=(colour) fill-opacity=(opacity) stroke=(stroke(rule).0) {}
            }
        }
    }
}

fn bar(view: &View) -> Markup {
    let length_m = view.bar_m();
    let label =
        if length_m >= 1_000.0 { format!("{} km", length_m / 1_000.0) } else { format!("{length_m} m") };
    let (from, to) = (MARGIN, MARGIN + (length_m * view.scale).round());
    let y = view.height - MARGIN;
    let path = format!("M{from} {}V{y}H{to}V{}", y - 6.0, y - 6.0);
    html! {
        g.bar {
            path d=(PreEscaped(path)) {}
            text x=(to + 8.0) y=(y) { (label) }
        }
    }
}

#[cfg(test)]
mod tests {
    use geo_types::coord;

    use super::*;

    #[test]
    fn the_bar_is_a_round_length_and_drawn_to_scale() {
        let bounds = Bounds::around([coord! { x: 0.0, y: 0.0 }, coord! { x: 9_280.0, y: 5_000.0 }]).unwrap();
        let view = View::of(&bounds);
        assert!((view.scale - 0.1).abs() < 1e-9);
        assert!((view.bar_m() - 2_000.0).abs() < 1e-9);
        assert_eq!(view.at(coord! { x: 0.0, y: 5_000.0 }), (MARGIN, MARGIN));
    }

    #[test]
    fn corners_that_cannot_be_told_apart_are_drawn_once() {
        let bounds = Bounds::around([coord! { x: 0.0, y: 0.0 }, coord! { x: 9_280.0, y: 5_000.0 }]).unwrap();
        let view = View::of(&bounds);
        let ring = LineString::from(vec![(0.0, 0.0), (0.1, 0.1), (100.0, 0.0), (100.0, 100.0), (0.0, 0.0)]);
        let mut data = String::new();
        view.ring(&ring, &mut data);
        assert_eq!(data, "M16 516L26 516L26 506L16 516Z");
    }

    #[test]
    fn long_names_take_two_lines() {
        assert_eq!(two_lines("Norton"), ("Norton", ""));
        assert_eq!(two_lines("Wollaston and Stourbridge Town"), ("Wollaston and", "Stourbridge Town"));
        assert_eq!(two_lines("Llanfairpwllgwyngyll"), ("Llanfairpwllgwyngyll", ""));
        assert_eq!(two_lines("Übergrößenträger über"), ("Übergrößenträger", "über"));
    }

    #[test]
    fn a_single_point_is_shown_with_its_surroundings() {
        let view = View::of(&Bounds::around([coord! { x: 394_000.0, y: 294_000.0 }]).unwrap());
        let (x, y) = view.at(coord! { x: 394_000.0, y: 294_000.0 });
        assert!((x - WIDTH / 2.0).abs() < 0.1 && (y - view.height / 2.0).abs() < 0.1);
        assert!(view.scale.is_finite() && view.scale < 2.0);
    }
}
