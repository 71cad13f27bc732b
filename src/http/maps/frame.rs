//! The box that a map shows, in which system, and how large.

use geo::BoundingRect;
use geo_types::coord;

use crate::{
    feature::{Bounds, Crs, Plane},
    http::{layer, layer::Window, query::Query},
    model::Invalid,
    render::map::View,
    service::Service,
};

/// The longer side of a map where no size is asked for, pixels.
const USUAL_PX: u32 = 1_024;
/// Room around the borough where no box is asked for, a share of its longer side.
const ROOM: f64 = 0.02;

/// What a map shows.
#[derive(Clone, Copy)]
pub struct Frame {
    /// The system of its coordinates.
    pub crs: Crs,
    /// Box and size.
    pub view: View,
}

impl Frame {
    /// Reads `bbox` with `bbox-crs`, `crs`, `width` and `height`. Without a box it is the borough, without a system the
    /// national grid, and without a side the one that keeps pixels square.
    pub fn read(query: &mut Query, service: &Service) -> Option<Self> {
        let window = layer::window(query);
        let crs = query.parse("crs").unwrap_or(Crs::BritishGrid);
        let (width, height) =
            (query.whole("width", 1..=View::MOST_PX), query.whole("height", 1..=View::MOST_PX));
        if query.has_faults() {
            return None;
        }
        let shown = match window {
            Some(window) => shown(&window, crs),
            None => Ok(borough(service, crs.plane())),
        };
        let read = shown.and_then(|shown| {
            let (width, height) = size(&shown, width, height);
            View::new(shown, crs.plane(), width, height)
        });
        read.map(|view| Self { crs, view }).map_err(|fault| query.fault("bbox", fault)).ok()
    }

    /// The box as a header has it: the lower and the upper corner in the order of the axes.
    pub fn bbox(&self) -> String {
        let bounds = self.view.bounds();
        let (low, high) = (self.crs.ordered(bounds.min()), self.crs.ordered(bounds.max()));
        format!("{},{},{},{}", low.x, low.y, high.x, high.y)
    }
}

/// The box of a window in the system of the map.
fn shown(window: &Window, crs: Crs) -> Result<Bounds, Invalid> {
    let joined = window.parts.iter().copied().reduce(|all, part| all.joined(&part));
    let (from, to) = (window.crs.plane(), crs.plane());
    let asked = joined.ok_or_else(|| Invalid::new("", "a box"))?;
    if from == to {
        return Ok(asked);
    }
    let (min, max) = (asked.min(), asked.max());
    let text = || format!("{},{},{},{}", min.x, min.y, max.x, max.y);
    let beyond = || Invalid::new(text(), format!("the box has nothing in the area of {crs}"));
    let degrees = from.bounds_in(&asked, Plane::Degrees).ok_or_else(beyond)?;
    let part = common(&degrees, &reach(to)).ok_or_else(beyond)?;
    Plane::Degrees.bounds_in(&part, to).ok_or_else(beyond)
}

/// The degrees that a plane is good for.
fn reach(plane: Plane) -> Bounds {
    let (west, south, east, north) = match plane {
        Plane::Degrees => (-180.0, -90.0, 180.0, 90.0),
        Plane::Mercator => (-180.0, -85.0, 180.0, 85.0),
        Plane::Grid => (-7.5, 49.9, 1.7, 60.9),
    };
    Bounds::around([coord! { x: west, y: south }, coord! { x: east, y: north }])
        .unwrap_or_else(|| unreachable!("the numbers are finite"))
}

fn common(a: &Bounds, b: &Bounds) -> Option<Bounds> {
    let min = coord! { x: a.min().x.max(b.min().x), y: a.min().y.max(b.min().y) };
    let max = coord! { x: a.max().x.min(b.max().x), y: a.max().y.min(b.max().y) };
    Bounds::new(min, max).ok()
}

/// The box around the borough, with some room.
fn borough(service: &Service, plane: Plane) -> Bounds {
    let outline = &service.boundaries().outline.lonlat.0;
    let around = outline.bounding_rect().and_then(|rect| Bounds::around([rect.min(), rect.max()]));
    let bounds = around.and_then(|around| Plane::Degrees.bounds_in(&around, plane));
    let bounds = bounds.unwrap_or_else(|| reach(Plane::Degrees));
    bounds.widened(ROOM * bounds.width().max(bounds.height()))
}

/// Width and height in pixels, those that are left out so that pixels are square.
fn size(bounds: &Bounds, width: Option<u32>, height: Option<u32>) -> (u32, u32) {
    let tall = bounds.height() / bounds.width();
    match (width, height) {
        (Some(width), Some(height)) => (width, height),
        (Some(width), None) => (width, whole(f64::from(width) * tall)),
        (None, Some(height)) => (whole(f64::from(height) / tall), height),
        (None, None) if tall <= 1.0 => (USUAL_PX, whole(f64::from(USUAL_PX) * tall)),
        (None, None) => (whole(f64::from(USUAL_PX) / tall), USUAL_PX),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held to the sides of a picture")]
fn whole(pixels: f64) -> u32 {
    pixels.round().clamp(1.0, f64::from(View::MOST_PX)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(west: f64, south: f64, east: f64, north: f64) -> Bounds {
        Bounds::new(coord! { x: west, y: south }, coord! { x: east, y: north }).unwrap()
    }

    #[test]
    fn sides_that_are_left_out_keep_pixels_square() {
        let wide = bounds(0.0, 0.0, 4_000.0, 1_000.0);
        for (width, height, expected) in [
            (None, None, (1_024, 256)),
            (Some(400), None, (400, 100)),
            (None, Some(400), (1_600, 400)),
            (None, Some(4_000), (4_096, 4_000)),
            (Some(1), None, (1, 1)),
            (Some(300), Some(300), (300, 300)),
        ] {
            assert_eq!(size(&wide, width, height), expected);
        }
    }

    #[test]
    fn boxes_of_the_world_are_cut_to_what_a_system_reaches() {
        let world = Window { crs: Crs::Crs84, parts: vec![bounds(-180.0, -90.0, 180.0, 90.0)] };
        let world = |crs| shown(&world, crs);
        assert!(world(Crs::WebMercator).unwrap().width() > 4e7);
        let grid = world(Crs::BritishGrid).unwrap();
        assert!(grid.width() > 4e5 && grid.height() > 9e5 && grid.max().y < 1.4e6, "{grid:?}");
        let far = Window { crs: Crs::Crs84, parts: vec![bounds(100.0, 10.0, 101.0, 11.0)] };
        assert!(shown(&far, Crs::BritishGrid).is_err() && shown(&far, Crs::WebMercator).is_ok());
    }
}
