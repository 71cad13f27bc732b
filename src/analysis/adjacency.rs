//! Which areas of a layer touch.

use geo::{BoundingRect, CoordsIter};
use geo_types::Rect;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::{border::Border, neighbours::Neighbours};
use crate::model::{GridPoint, GridShape};

/// Borders this near to each other are one: published outlines are generalised and rounded.
const TOUCH_M: f64 = 1.0;

/// For each area those that touch it, be it in one point: two areas touch where a corner of one is within
/// a metre of the border of the other.
///
/// # Example
/// ```
/// use geo_types::{MultiPolygon, Rect, coord};
/// use hotspots::{analysis::adjacency::touching, model::GridShape};
/// let square = |west: f64| {
///     let rect = Rect::new(coord! { x: west, y: 0.0 }, coord! { x: west + 100.0, y: 100.0 });
///     GridShape(MultiPolygon(vec![rect.to_polygon()]))
/// };
/// let areas = [square(0.0), square(100.0), square(300.0)];
/// let neighbours = touching(&areas.iter().collect::<Vec<_>>());
/// assert_eq!((neighbours.of(0), neighbours.of(2)), (&[1][..], &[][..]));
/// ```
pub fn touching(areas: &[&GridShape]) -> Neighbours {
    let boxes: Vec<Option<Rect<f64>>> = areas.iter().map(|area| area.0.bounding_rect()).collect();
    let borders: Vec<Border> = areas.into_par_iter().map(|area| Border::of(area)).collect();
    let reaches = |from: usize, to: usize| {
        let Some(around) = boxes[to] else { return false };
        let (low, high) = (around.min(), around.max());
        areas[from].0.exterior_coords_iter().any(|corner| {
            let near = corner.x >= low.x - TOUCH_M
                && corner.x <= high.x + TOUCH_M
                && corner.y >= low.y - TOUCH_M
                && corner.y <= high.y + TOUCH_M;
            let distance =
                || GridPoint::new(corner.x, corner.y).ok().and_then(|at| borders[to].distance_m(at));
            near && distance().is_some_and(|metres| metres <= TOUCH_M)
        })
    };
    let pairs: Vec<(usize, usize)> = (0..areas.len())
        .into_par_iter()
        .flat_map_iter(|a| (a + 1..areas.len()).map(move |b| (a, b)))
        .filter(|(a, b)| reaches(*a, *b) || reaches(*b, *a))
        .collect();
    let mut rows = vec![Vec::new(); areas.len()];
    for (a, b) in pairs {
        for (from, to) in [(a, b), (b, a)] {
            rows[from].push(u32::try_from(to).unwrap_or(u32::MAX));
        }
    }
    Neighbours::from_rows(areas.len(), rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{rectangle, shape};

    #[test]
    fn areas_touch_along_sides_at_corners_and_in_holes() {
        let areas = [
            rectangle(0.0, 0.0, 100.0, 100.0),
            // Its corners lie on the side of the first one, not on its corners.
            rectangle(100.0, 20.0, 150.0, 60.0),
            // At a corner only.
            rectangle(150.0, 60.0, 200.0, 200.0),
            // A ring around the next one.
            shape(&[
                vec![(300.0, 0.0), (400.0, 0.0), (400.0, 100.0), (300.0, 100.0)],
                vec![(320.0, 20.0), (320.0, 80.0), (380.0, 80.0), (380.0, 20.0)],
            ]),
            rectangle(320.0, 20.0, 380.0, 80.0),
            // Near, but not touching.
            rectangle(0.0, 102.0, 100.0, 150.0),
        ];
        let neighbours = touching(&areas.iter().collect::<Vec<_>>());
        let expected: [&[u32]; 6] = [&[1], &[0, 2], &[1], &[4], &[3], &[]];
        for (area, expected) in expected.iter().enumerate() {
            assert_eq!(neighbours.of(area), *expected, "{area}");
        }
        assert!(touching(&[]).is_empty());
        let nothing = GridShape(geo_types::MultiPolygon(Vec::new()));
        assert_eq!(touching(&[&nothing, &nothing]).of(0), [0_u32; 0]);
    }
}
