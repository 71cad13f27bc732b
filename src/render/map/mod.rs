//! Pictures of layers.
//!
//! Features are drawn from the coordinates of the plane that is asked for. Within a layer the insides of all areas
//! come first, then their borders, then points, so that a border is whole whichever of its two areas comes last.
//! Areas with a common border meet without a gap (`fill`), and what is drawn at a place depends on the size of
//! a pixel and not on where a picture is cut, so that tiles fit together.

mod cover;
mod fill;
mod line;
mod picture;
mod point;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use geo_types::{Coord, LineString, MultiPolygon};
pub use picture::Picture;
use resvg::tiny_skia::{Color, PremultipliedColorU8};

use crate::{
    feature::{Bounds, Colour, Features, Plane, Shape, Symbology, Value},
    model::Invalid,
};

/// What a picture shows, and how large it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    bounds: Bounds,
    plane: Plane,
    width_px: u32,
    height_px: u32,
}

/// A layer in a picture.
#[derive(Clone, Copy)]
pub struct Painted<'a> {
    /// Its features.
    pub features: &'a dyn Features,
    /// The rows that are drawn; all, where there are none.
    pub rows: Option<&'a [u32]>,
    /// How they are drawn.
    pub symbology: &'a Symbology,
}

impl View {
    /// The longest side of a picture, pixels.
    pub const MOST_PX: u32 = 4_096;
    /// The least side of a pixel, in units of the plane: a tenth of a millimetre of degrees.
    const LEAST_PIXEL: f64 = 1e-9;

    /// A picture of a box in a plane. Pixels need not be square.
    ///
    /// # Errors
    /// [`Invalid`] for sides that are not from 1 to [`Self::MOST_PX`] pixels, and for a box without width or height.
    ///
    /// # Example
    /// ```
    /// use geo_types::coord;
    /// use hotspots::{feature::{Bounds, Plane}, render::map::View};
    /// let area = Bounds::new(coord! { x: 390_000.0, y: 284_000.0 }, coord! { x: 394_000.0, y: 286_000.0 }).unwrap();
    /// assert!(View::new(area, Plane::Grid, 400, 200).is_ok());
    /// assert!(View::new(area, Plane::Grid, 400, 5_000).is_err());
    /// ```
    pub fn new(bounds: Bounds, plane: Plane, width_px: u32, height_px: u32) -> Result<Self, Invalid> {
        let sides = 1..=Self::MOST_PX;
        if !sides.contains(&width_px) || !sides.contains(&height_px) {
            let rule = format!("the sides of a picture are 1 to {} pixels", Self::MOST_PX);
            return Err(Invalid::new(format!("{width_px} x {height_px}"), rule));
        }
        let is_side = |side: f64, px: u32| side.is_finite() && side / f64::from(px) >= Self::LEAST_PIXEL;
        if !is_side(bounds.width(), width_px) || !is_side(bounds.height(), height_px) {
            let (min, max) = (bounds.min(), bounds.max());
            let shown = format!("{},{},{},{}", min.x, min.y, max.x, max.y);
            return Err(Invalid::new(shown, "the box of a picture has some width and height"));
        }
        Ok(Self { bounds, plane, width_px, height_px })
    }

    /// The box that is shown.
    pub const fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// The plane of the box.
    pub const fn plane(&self) -> Plane {
        self.plane
    }

    /// Pixels from left to right.
    pub const fn width_px(&self) -> u32 {
        self.width_px
    }

    /// Pixels from top to bottom.
    pub const fn height_px(&self) -> u32 {
        self.height_px
    }

    /// Where a position is in the picture: pixels from its upper left corner, to the right and down.
    fn pixel(&self, at: Coord) -> Coord {
        let (min, max) = (self.bounds.min(), self.bounds.max());
        Coord {
            x: (at.x - min.x) * (f64::from(self.width_px) / self.bounds.width()),
            y: (max.y - at.y) * (f64::from(self.height_px) / self.bounds.height()),
        }
    }

    /// The box that is shown with a margin of so many pixels.
    fn with_margin(&self, margin_px: f64) -> Bounds {
        let across = self.bounds.width() / f64::from(self.width_px);
        let down = self.bounds.height() / f64::from(self.height_px);
        self.bounds.widened(margin_px * across.max(down))
    }
}

/// Draws layers, the first at the bottom, on a background or on nothing.
pub fn draw(layers: &[Painted<'_>], view: &View, background: Option<Colour>) -> Picture {
    let mut picture = Picture::new(view.width_px, view.height_px, background);
    for layer in layers {
        let seen = Seen::of(layer, view);
        fill::draw(&seen, layer.symbology, picture.pixmap_mut());
        line::draw(&seen, layer.symbology, picture.pixmap_mut());
        point::draw(&seen, layer.symbology, picture.pixmap_mut());
    }
    picture
}

/// What of a layer is in a picture, each with the number of its rule.
struct Seen<'a> {
    areas: Vec<Area<'a>>,
    /// In pixels.
    points: Vec<(Coord, usize)>,
    view: View,
}

/// An area in a picture.
struct Area<'a> {
    rule: usize,
    shape: Cow<'a, MultiPolygon<f64>>,
    /// The box around it, in pixels.
    bounds: Bounds,
}

impl Area<'_> {
    /// The box around it with a margin, both in pixels, counted from a row of the picture.
    fn below(&self, row: usize, margin_px: f64) -> Bounds {
        let (min, max, top) = (self.bounds.min(), self.bounds.max(), row as f64);
        let corners = [Coord { x: min.x, y: min.y - top }, Coord { x: max.x, y: max.y - top }];
        Bounds::around(corners).unwrap_or(self.bounds).widened(margin_px)
    }
}

impl<'a> Seen<'a> {
    fn of(layer: &Painted<'a>, view: &View) -> Self {
        let Painted { features, symbology, .. } = *layer;
        let widest = |size: fn(&crate::feature::Rule) -> f32| {
            symbology.rules.iter().map(|rule| f64::from(size(rule))).fold(0.0, f64::max)
        };
        // A pixel more, as places are rounded to pixels.
        let margin = widest(|rule| rule.radius_px) + widest(|rule| rule.stroke_px) + 2.0;
        let field = symbology.field.as_ref().map(|name| features.field(name));
        let mut seen = Self { areas: Vec::new(), points: Vec::new(), view: *view };
        for row in rows(layer, &view.with_margin(margin), view.plane) {
            let row = row as usize;
            let value = match field {
                Some(Some(field)) => features.value(row, field),
                Some(None) | None => Value::Absent,
            };
            let Some(rule) = symbology.rule_for(&value) else { continue };
            match features.shape(row, view.plane) {
                Some(Shape::Point(at)) => seen.points.push((view.pixel(at), rule)),
                Some(Shape::Polygons(shape)) => seen.take(rule, shape),
                None => {}
            }
        }
        seen
    }

    fn take(&mut self, rule: usize, shape: Cow<'a, MultiPolygon<f64>>) {
        let rings =
            shape.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
        let Some(around) = Bounds::around(rings.flat_map(LineString::coords).copied()) else { return };
        let corners = [around.min(), around.max()].map(|corner| self.view.pixel(corner));
        let Some(bounds) = Bounds::around(corners) else { return };
        self.areas.push(Area { rule, shape, bounds });
    }
}

/// The rows that are drawn and meet a box, ascending.
fn rows(layer: &Painted<'_>, window: &Bounds, plane: Plane) -> Vec<u32> {
    let mut near = layer.features.rows_meeting(window, plane);
    if let Some(wanted) = layer.rows {
        let mut wanted = Cow::Borrowed(wanted);
        if !wanted.is_sorted() {
            wanted.to_mut().sort_unstable();
        }
        near.retain(|row| wanted.binary_search(row).is_ok());
    }
    near
}

/// A colour as pixels have it.
fn premultiplied(colour: Colour) -> PremultipliedColorU8 {
    skia(colour).premultiply().to_color_u8()
}

fn skia(Colour { rgb: [red, green, blue], alpha }: Colour) -> Color {
    Color::from_rgba8(red, green, blue, alpha)
}

#[expect(clippy::cast_possible_truncation, reason = "pixels of a picture, and parts of one")]
fn single(number: f64) -> f32 {
    number as f32
}
