//! Where the polygons of several sets meet: the hotspots of several priorities.

use geo::{Area as _, BooleanOps, BoundingRect, Intersects};
use geo_types::{MultiPolygon, Polygon};

/// A place where two sets or more have a polygon.
#[derive(Clone, Debug, PartialEq)]
pub struct Meeting {
    /// Its shape on the grid.
    pub shape: Polygon<f64>,
    /// Its area, m².
    pub area_m2: f64,
    /// The numbers of the sets that have ground in it, ascending.
    pub sets: Vec<usize>,
    /// The most sets that any of its ground belongs to.
    pub depth: usize,
}

/// Slivers that two outlines leave where they run side by side are no places, m².
const LEAST_M2: f64 = 100.0;

/// The places where two sets or more meet, the ones with the greatest depth first, then those of more sets, then
/// the largest; equal ones from the west.
///
/// The ground that at least d sets cover is the union over the sets of what at least d − 1 of the earlier ones
/// cover and this one as well, so one pass over the sets gives every depth. The polygons of one set do not
/// overlap. Parts smaller than 100 m² are left out.
///
/// # Example
/// ```
/// use geo_types::{MultiPolygon, polygon};
/// use hotspots::analysis::overlap::meetings;
/// let square = |x: f64| MultiPolygon(vec![polygon![(x: x, y: 0.0), (x: x + 100.0, y: 0.0), (x: x + 100.0, y: 100.0), (x: x, y: 100.0)]]);
/// let found = meetings(&[square(0.0), square(50.0), square(400.0)]);
/// assert_eq!((found.len(), found[0].area_m2, found[0].sets.as_slice()), (1, 5_000.0, &[0, 1][..]));
/// ```
pub fn meetings(sets: &[MultiPolygon<f64>]) -> Vec<Meeting> {
    let mut covered: Vec<MultiPolygon<f64>> = Vec::new();
    for set in sets {
        let deeper: Vec<_> = covered.iter().map(|ground| ground.intersection(set)).collect();
        for (depth, more) in deeper.into_iter().enumerate() {
            match covered.get_mut(depth + 1) {
                Some(ground) => *ground = ground.union(&more),
                None if more.0.is_empty() => {}
                None => covered.push(more),
            }
        }
        match covered.first_mut() {
            Some(ground) => *ground = ground.union(set),
            None => covered.push(set.clone()),
        }
    }
    let Some(shared) = covered.get(1) else { return Vec::new() };
    let mut found: Vec<_> = shared
        .iter()
        .filter(|shape| shape.unsigned_area() >= LEAST_M2)
        .map(|shape| meeting(shape, sets, &covered))
        .collect();
    let west = |meeting: &Meeting| meeting.shape.bounding_rect().map_or(0.0, |rect| rect.min().x);
    found.sort_by(|a, b| {
        b.depth
            .cmp(&a.depth)
            .then(b.sets.len().cmp(&a.sets.len()))
            .then(b.area_m2.total_cmp(&a.area_m2))
            .then(west(a).total_cmp(&west(b)))
    });
    found
}

fn meeting(shape: &Polygon<f64>, sets: &[MultiPolygon<f64>], covered: &[MultiPolygon<f64>]) -> Meeting {
    let meets = |ground: &MultiPolygon<f64>| {
        ground.intersects(shape) && ground.intersection(shape).unsigned_area() >= LEAST_M2
    };
    Meeting {
        area_m2: shape.unsigned_area(),
        sets: sets.iter().enumerate().filter(|(_, set)| meets(set)).map(|(number, _)| number).collect(),
        depth: covered.iter().rposition(meets).map_or(2, |deepest| deepest + 1),
        shape: shape.clone(),
    }
}

#[cfg(test)]
mod tests {
    use geo_types::{Rect, coord};

    use super::*;

    fn rectangle(x: f64, y: f64, width: f64, height: f64) -> Polygon<f64> {
        Rect::new(coord! { x: x, y: y }, coord! { x: x + width, y: y + height }).to_polygon()
    }

    fn set(rectangles: &[(f64, f64, f64, f64)]) -> MultiPolygon<f64> {
        MultiPolygon(rectangles.iter().map(|&(x, y, w, h)| rectangle(x, y, w, h)).collect())
    }

    #[test]
    fn the_shared_ground_is_that_of_a_grid_of_points() {
        let sets = [
            set(&[(0.0, 0.0, 100.0, 100.0), (300.0, 0.0, 50.0, 50.0)]),
            set(&[(50.0, 20.0, 100.0, 100.0), (310.0, 10.0, 200.0, 20.0)]),
            set(&[(70.0, 40.0, 10.0, 40.0), (900.0, 0.0, 10.0, 10.0)]),
        ];
        let found = meetings(&sets);
        let inside = |x: f64, y: f64| {
            let point = geo_types::Point::new(x, y);
            sets.iter().filter(|set| set.intersects(&point)).count()
        };
        let centre = |number: usize| number as f64 + 0.5;
        let shared = (0..1_000).flat_map(|x| (0..200).map(move |y| (x, y)));
        let shared = shared.filter(|&(x, y)| inside(centre(x), centre(y)) >= 2).count();
        let area: f64 = found.iter().map(|meeting| meeting.area_m2).sum();
        assert!((area - shared as f64).abs() < 1e-6, "{area} {shared}");
        assert_eq!((found[0].depth, found[0].sets.clone()), (3, vec![0, 1, 2]));
        assert_eq!((found[1].depth, found[1].sets.clone()), (2, vec![0, 1]));
    }

    #[test]
    fn sets_that_do_not_meet_have_no_meeting() {
        assert!(meetings(&[]).is_empty());
        assert!(meetings(&[set(&[(0.0, 0.0, 50.0, 50.0)])]).is_empty());
        let apart = [set(&[(0.0, 0.0, 50.0, 50.0)]), set(&[(50.0, 0.0, 50.0, 50.0)]), set(&[])];
        assert!(meetings(&apart).is_empty());
    }
}
