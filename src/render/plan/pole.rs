//! Places inside a shape where a name has room.

use geo::{Contains, Distance, Euclidean};
use geo_types::{Coord, LineString, MultiPolygon, Point, Polygon, coord};

use crate::feature::Bounds;

/// A place inside a shape, and how far its border is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inner {
    /// The place.
    pub at: Coord,
    /// The distance to the nearest border.
    pub room: f64,
}

/// Columns and rows of the places that are looked at.
const STEPS: u32 = 15;

/// Places inside the largest part of a shape, those far from its border first. The first is its pole of inaccessibility, as
/// near as a fine grid finds it.
pub fn inner_places(shape: &MultiPolygon<f64>) -> Vec<Inner> {
    let around = |polygon: &Polygon<f64>| Bounds::around(polygon.exterior().coords().copied());
    let parts = shape.iter().filter_map(|polygon| Some((polygon, around(polygon)?)));
    let area = |bounds: &Bounds| bounds.width() * bounds.height();
    let Some((polygon, bounds)) = parts.reduce(|a, b| if area(&b.1) > area(&a.1) { b } else { a }) else {
        return Vec::new();
    };
    let mut places = on_grid(polygon, &bounds);
    // Finer and finer around the best, until a cell is a 200th of the shape.
    let mut side = coord! { x: bounds.width(), y: bounds.height() } / f64::from(STEPS);
    for _ in 0..2 {
        let Some(best) = places.first().copied() else { break };
        if let Ok(near) = Bounds::new(best.at - side, best.at + side) {
            let better = on_grid(polygon, &near);
            places.splice(0..0, better.into_iter().take(1).filter(|place| place.room > best.room));
        }
        side = side * 2.0 / f64::from(STEPS);
    }
    places
}

/// The middles of the cells of a grid that lie inside, the farthest from the border first.
fn on_grid(polygon: &Polygon<f64>, bounds: &Bounds) -> Vec<Inner> {
    let along =
        |low: f64, high: f64, step: u32| low + (high - low) * (f64::from(step) + 0.5) / f64::from(STEPS);
    let (min, max) = (bounds.min(), bounds.max());
    let mut places: Vec<Inner> = (0..STEPS * STEPS)
        .map(|cell| coord! { x: along(min.x, max.x, cell % STEPS), y: along(min.y, max.y, cell / STEPS) })
        .filter(|at| polygon.contains(at))
        .map(|at| Inner { at, room: border_distance(polygon, at) })
        .collect();
    places.sort_by(|a, b| b.room.total_cmp(&a.room));
    places
}

fn border_distance(polygon: &Polygon<f64>, at: Coord) -> f64 {
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    rings.map(|ring: &LineString<f64>| Euclidean.distance(&Point(at), ring)).fold(f64::INFINITY, f64::min)
}

/// Whether a box lies in a shape, as far as its corners and the middles of its sides tell.
pub fn is_inside(shape: &MultiPolygon<f64>, bounds: &Bounds) -> bool {
    let (min, max) = (bounds.min(), bounds.max());
    let middle = (min + max) / 2.0;
    let xs = [min.x, middle.x, max.x];
    xs.into_iter().all(|x| [min.y, max.y].into_iter().all(|y| shape.contains(&coord! { x: x, y: y })))
}

#[cfg(test)]
mod tests {
    use geo::Rect;

    use super::*;

    #[test]
    fn the_pole_of_a_crescent_lies_in_its_thick_part() {
        // A square of 100 without one of 80 at its right edge: the left strip is 20 wide, the others 10.
        let outer = Rect::new((0.0, 0.0), (100.0, 100.0)).to_polygon();
        let hole = Rect::new((20.0, 10.0), (99.0, 90.0)).to_polygon();
        let shape = MultiPolygon(vec![Polygon::new(outer.exterior().clone(), vec![hole.exterior().clone()])]);
        let places = inner_places(&shape);
        assert!(places.iter().all(|place| shape.contains(&place.at)));
        assert!(places[0].at.x < 20.0 && places[0].room > 9.8, "{:?}", places[0]);
        assert!(places.windows(2).all(|pair| pair[0].room >= pair[1].room));
    }

    #[test]
    fn nothing_has_no_inside() {
        assert!(inner_places(&MultiPolygon(vec![])).is_empty());
    }
}
