//! Which points a polygon holds.

use geo::{BoundingRect, GeoNum, Kernel, Orientation};
use geo_types::{Coord, Line, LineString, Polygon};

use crate::model::GridPoint;

/// Points in an order in which those that a polygon holds are found without looking at all of them.
///
/// # Example
/// ```
/// use geo_types::polygon;
/// use hotspots::{analysis::contained::Northward, model::GridPoint};
/// let at = |easting_m| GridPoint::new(easting_m, 5.0).unwrap();
/// let points = Northward::new([at(20.0), at(10.0), at(10.5), at(0.0)]);
/// let square = polygon![(x: 0.0, y: 0.0), (x: 10.0, y: 0.0), (x: 10.0, y: 10.0), (x: 0.0, y: 10.0)];
/// assert_eq!(points.within(&square), [1, 3]); // on the border is within
/// ```
#[derive(Clone, Debug)]
pub struct Northward {
    /// From south to north, each with its number.
    points: Vec<(Coord<f64>, u32)>,
}

impl Northward {
    /// Takes the points, numbered from 0 as they come. Those after the 2³²nd are not taken.
    pub fn new(points: impl IntoIterator<Item = GridPoint>) -> Self {
        let mut points: Vec<_> = points.into_iter().map(GridPoint::coord).zip(0..).collect();
        points.sort_unstable_by(|(a, i), (b, j)| a.y.total_cmp(&b.y).then(i.cmp(j)));
        Self { points }
    }

    /// The numbers of the points in the polygon or on its border, ascending.
    ///
    /// The answer is exact for the coordinates as they are, as in [`mask`](super::mask). Each edge costs
    /// the points between the northings of its ends.
    pub fn within(&self, polygon: &Polygon<f64>) -> Vec<u32> {
        let Some(bounds) = polygon.bounding_rect() else { return Vec::new() };
        let near = between(&self.points, bounds.min().y, bounds.max().y);
        // For each point: whether edges west of it were met an odd number of times, and whether it is on one.
        let mut states = vec![(false, false); near.len()];
        let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        for edge in rings.flat_map(LineString::lines) {
            meet(edge, near, &mut states);
        }
        let held = near.iter().zip(states).filter(|(_, (odd, border))| *odd || *border);
        let mut numbers: Vec<u32> = held.map(|((_, number), _)| *number).collect();
        numbers.sort_unstable();
        numbers
    }
}

/// The points with northings in `low..=high`.
fn between(points: &[(Coord<f64>, u32)], low: f64, high: f64) -> &[(Coord<f64>, u32)] {
    let first = points.partition_point(|(at, _)| at.y < low);
    let end = points.partition_point(|(at, _)| at.y <= high);
    points.get(first..end).unwrap_or_default()
}

/// Notes for each point how it stands to an edge.
fn meet(edge: Line<f64>, points: &[(Coord<f64>, u32)], states: &mut [(bool, bool)]) {
    let (low, high) =
        if edge.start.y <= edge.end.y { (edge.start, edge.end) } else { (edge.end, edge.start) };
    let (west, east) = (low.x.min(high.x), low.x.max(high.x));
    let first = points.partition_point(|(at, _)| at.y < low.y);
    let level = points.iter().skip(first).take_while(|(at, _)| at.y <= high.y);
    for ((at, _), (odd, border)) in level.zip(states.iter_mut().skip(first)) {
        let side = if at.x < west {
            Orientation::CounterClockwise
        } else if at.x > east {
            Orientation::Clockwise
        } else {
            <f64 as GeoNum>::Ker::orient2d(low, high, *at)
        };
        match side {
            Orientation::CounterClockwise => {}
            Orientation::Collinear => *border = true,
            // A vertex between two edges belongs to the upper one, so that it is met once.
            Orientation::Clockwise => *odd ^= at.y < high.y,
        }
    }
}

#[cfg(test)]
mod tests {
    use geo::Intersects;

    use super::*;
    use crate::{
        analysis::testing::{Seeded, rectangle, shape},
        model::GridShape,
    };

    fn assert_as_geo(points: &[GridPoint], shape: &GridShape) {
        let found = Northward::new(points.iter().copied()).within(&shape.0.0[0]);
        let expected: Vec<u32> = (0..)
            .zip(points)
            .filter(|(_, at)| shape.0.0[0].intersects(&at.coord()))
            .map(|(i, _)| i)
            .collect();
        assert_eq!(found, expected, "{shape:?}");
    }

    #[test]
    fn what_is_within_is_exact_containment_for_any_star() {
        let mut seeded = Seeded::new(61);
        let mut lattice: Vec<_> =
            (0..1_600_u32).map(|i| GridPoint::new(f64::from(i % 40), f64::from(i / 40)).unwrap()).collect();
        seeded.shuffle(&mut lattice);
        for case in 0..60 {
            // Half of them with corners on the points.
            let mut ring = |radius: f64| {
                (0..24)
                    .map(|i| {
                        let (r, t) = (seeded.between(0.4, 1.0) * radius, f64::from(i) * 0.261_799);
                        let (x, y) = (20.0 + r * t.cos(), 20.0 + r * t.sin());
                        if case % 2 == 0 { (x.floor(), y.floor()) } else { (x, y) }
                    })
                    .collect::<Vec<_>>()
            };
            assert_as_geo(&lattice, &shape(&[ring(if case % 3 == 0 { 19.0 } else { 35.0 })]));
            assert_as_geo(&lattice, &shape(&[ring(34.0), ring(6.0)]));
        }
    }

    #[test]
    fn borders_corners_and_level_edges_are_within() {
        let lattice: Vec<_> =
            (0..81_u32).map(|i| GridPoint::new(f64::from(i % 9), f64::from(i / 9)).unwrap()).collect();
        for outline in [
            rectangle(1.0, 1.0, 5.0, 5.0),
            shape(&[vec![(0.0, 0.0), (8.0, 8.0), (0.0, 8.0)]]),
            shape(&[
                vec![(0.0, 0.0), (8.0, 0.0), (8.0, 8.0), (0.0, 8.0)],
                vec![(2.0, 2.0), (2.0, 4.0), (4.0, 4.0)],
            ]),
            shape(&[vec![(3.0, 0.0), (6.0, 3.0), (3.0, 6.0), (0.0, 3.0)]]),
        ] {
            assert_as_geo(&lattice, &outline);
        }
    }

    #[test]
    fn nothing_is_within_nothing() {
        let empty = Polygon::new(LineString(Vec::new()), Vec::new());
        assert!(Northward::new([GridPoint::new(1.0, 1.0).unwrap()]).within(&empty).is_empty());
        assert!(Northward::new([]).within(&rectangle(0.0, 0.0, 9.0, 9.0).0.0[0]).is_empty());
    }
}
