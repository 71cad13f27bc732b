//! How much of each of many convex cells lies in an outline.
//!
//! A ring is clipped to a convex cell side by side (Sutherland, I. E. and Hodgman, G. W. (1974), doi
//! 10.1145/360767.360802). For a ring that is not convex the result may run to and fro along the cell's
//! sides; the signed area of such pieces is zero, so the areas are exact to rounding. The cells are
//! halved again and again, and the outline with them, so that a cell meets only the part of the
//! outline around it.

use geo_types::{Coord, MultiPolygon};

/// A convex polygon, anticlockwise, not closed.
pub(in crate::analysis) type Convex = Vec<Coord<f64>>;

/// The area of each cell that lies in the outline, in the order of the cells.
pub(super) fn areas_within<'a>(
    cells: impl ExactSizeIterator<Item = &'a Convex>,
    outline: &MultiPolygon<f64>,
) -> Vec<f64> {
    // Coordinates count from a corner of the outline, so that products keep their digits.
    let origin = outline.0.iter().find_map(|polygon| polygon.exterior().0.first().copied());
    let Some(origin) = origin else { return vec![0.0; cells.len()] };
    let rings = outline.0.iter().flat_map(|polygon| {
        let exterior = signed(&polygon.exterior().0, origin, 1.0);
        std::iter::once(exterior).chain(polygon.interiors().iter().map(|ring| signed(&ring.0, origin, -1.0)))
    });
    let local: Vec<Convex> = cells.map(|cell| cell.iter().map(|&corner| corner - origin).collect()).collect();
    let mut boxed: Vec<_> =
        local.iter().enumerate().map(|(number, cell)| (number, cell, Box::around(cell))).collect();
    let mut areas = vec![0.0; local.len()];
    halve(&mut boxed, rings.collect(), &mut areas);
    areas
}

/// A cell with its number and its bounding box.
type Numbered<'a> = (usize, &'a Convex, Box);

/// Writes the areas of some cells, given the parts of the outline's rings around them.
fn halve(cells: &mut [Numbered<'_>], mut rings: Vec<Vec<Coord<f64>>>, areas: &mut [f64]) {
    let Some(bounds) = cells.iter().map(|cell| cell.2).reduce(Box::union) else { return };
    let corners = bounds.corners();
    rings = rings.iter().map(|ring| clip(ring, &corners)).filter(|ring| ring.len() > 2).collect();
    let within: f64 = rings.iter().map(|ring| area(ring)).sum();
    let whole = area(&corners);
    // Rounding: a box of a borough's cells has sides of metres to kilometres.
    if within >= whole * (1.0 - 1e-12) {
        for (number, cell, _) in cells {
            areas[*number] = area(cell);
        }
    } else if let [(number, cell, _)] = cells {
        let within: f64 = rings.iter().map(|ring| area(&clip(ring, cell))).sum();
        areas[*number] = within.max(0.0).min(area(cell));
    } else if !rings.is_empty() {
        let (width, height) = (bounds.high.x - bounds.low.x, bounds.high.y - bounds.low.y);
        let place = |cell: &Numbered<'_>| if width > height { cell.2.low.x } else { cell.2.low.y };
        let half = cells.len() / 2;
        cells.select_nth_unstable_by(half, |a, b| place(a).total_cmp(&place(b)).then(a.0.cmp(&b.0)));
        let (first, second) = cells.split_at_mut(half);
        halve(first, rings.clone(), areas);
        halve(second, rings, areas);
    }
}

/// The part of a ring in a convex polygon: a ring of the same sense, not closed.
fn clip(ring: &[Coord<f64>], convex: &[Coord<f64>]) -> Vec<Coord<f64>> {
    let mut ring = ring.to_vec();
    let mut clipped = Vec::with_capacity(ring.len() + 8);
    for (from, to) in sides(convex) {
        // Positive to the left of the side, which is inside.
        let side = |c: Coord<f64>| (to.x - from.x) * (c.y - from.y) - (to.y - from.y) * (c.x - from.x);
        clipped.clear();
        for (start, end) in sides(&ring) {
            let (before, after) = (side(start), side(end));
            if before >= 0.0 {
                clipped.push(start);
            }
            if (before > 0.0 && after < 0.0) || (before < 0.0 && after > 0.0) {
                clipped.push(start + (end - start) * (before / (before - after)));
            }
        }
        std::mem::swap(&mut ring, &mut clipped);
    }
    ring
}

/// The sides of a ring that is not closed.
fn sides(ring: &[Coord<f64>]) -> impl Iterator<Item = (Coord<f64>, Coord<f64>)> + '_ {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))
}

/// Area of a ring that is not closed, positive anticlockwise.
pub(super) fn area(ring: &[Coord<f64>]) -> f64 {
    let Some(&first) = ring.first() else { return 0.0 };
    let twice: f64 = sides(ring)
        .map(|(a, b)| {
            let (a, b) = (a - first, b - first);
            a.x * b.y - a.y * b.x
        })
        .sum();
    twice / 2.0
}

/// A closed ring as one that is not closed, of the given sense, in coordinates from an origin.
fn signed(ring: &[Coord<f64>], origin: Coord<f64>, sign: f64) -> Vec<Coord<f64>> {
    let mut ring: Vec<_> = ring.iter().skip(1).map(|&corner| corner - origin).collect();
    if area(&ring) * sign < 0.0 {
        ring.reverse();
    }
    ring
}

/// A rectangle along the axes.
#[derive(Clone, Copy)]
struct Box {
    low: Coord<f64>,
    high: Coord<f64>,
}

impl Box {
    fn around(corners: &[Coord<f64>]) -> Self {
        let nothing = Self {
            low: Coord { x: f64::INFINITY, y: f64::INFINITY },
            high: Coord { x: f64::NEG_INFINITY, y: f64::NEG_INFINITY },
        };
        corners.iter().fold(nothing, |bounds, &corner| bounds.union(Self { low: corner, high: corner }))
    }

    fn union(self, other: Self) -> Self {
        Self {
            low: Coord { x: self.low.x.min(other.low.x), y: self.low.y.min(other.low.y) },
            high: Coord { x: self.high.x.max(other.high.x), y: self.high.y.max(other.high.y) },
        }
    }

    /// Anticlockwise from the south-west.
    fn corners(self) -> [Coord<f64>; 4] {
        let Self { low, high } = self;
        [low, Coord { x: high.x, y: low.y }, high, Coord { x: low.x, y: high.y }]
    }
}

#[cfg(test)]
mod tests {
    use geo::{Area, BooleanOps};
    use geo_types::{LineString, Polygon};

    use super::*;
    use crate::analysis::testing::{Seeded, rectangle, shape};

    /// A honeycomb of hexagons with a corner radius.
    fn honeycomb(west: f64, south: f64, radius: f64, columns: i32, rows: i32) -> Vec<Convex> {
        let hexagon = |column: i32, row: i32| {
            let x = west + (f64::from(column) + f64::from(row % 2) / 2.0) * radius * 3_f64.sqrt();
            let y = south + f64::from(row) * radius * 1.5;
            let corner = |i: i32| {
                let (sin, cos) = (f64::from(i) * 60.0 + 30.0).to_radians().sin_cos();
                Coord { x: x + radius * cos, y: y + radius * sin }
            };
            (0..6).map(corner).collect()
        };
        (0..rows).flat_map(|row| (0..columns).map(move |column| hexagon(column, row))).collect()
    }

    fn by_overlay(cells: &[Convex], outline: &MultiPolygon<f64>) -> Vec<f64> {
        let area = |cell: &Convex| {
            let mut ring = LineString(cell.clone());
            ring.close();
            Polygon::new(ring, Vec::new()).intersection(outline).unsigned_area()
        };
        cells.iter().map(area).collect()
    }

    #[test]
    fn areas_are_those_of_a_general_overlay_and_add_up() {
        let mut seeded = Seeded::new(71);
        for case in 0..6 {
            let ring = |seeded: &mut Seeded, low: f64, high: f64| {
                (0..50)
                    .map(|i| {
                        let (r, t) = (seeded.between(low, high), f64::from(i) * 0.125_66);
                        (400_000.0 + r * t.cos(), 290_000.0 + r * t.sin())
                    })
                    .collect::<Vec<_>>()
            };
            let outline = shape(&[ring(&mut seeded, 400.0, 990.0), ring(&mut seeded, 50.0, 390.0)]).0;
            let cells = honeycomb(398_900.0, 288_900.0, 40.0 + 30.0 * f64::from(case), 40, 45);
            let areas = areas_within(cells.iter(), &outline);
            for (number, (area, overlay)) in areas.iter().zip(by_overlay(&cells, &outline)).enumerate() {
                assert!((area - overlay).abs() < 0.01, "case {case}, cell {number}: {area} {overlay}");
            }
            let total: f64 = areas.iter().sum();
            assert!((total / outline.unsigned_area() - 1.0).abs() < 1e-9, "case {case}: {total}");
        }
    }

    #[test]
    fn an_outline_in_one_cell_and_cells_in_an_outline_are_whole() {
        let cells = honeycomb(0.0, 0.0, 100.0, 3, 3);
        let small = rectangle(-5.0, -5.0, 5.0, 5.0);
        let areas = areas_within(cells.iter(), &small.0);
        assert!((areas[0] - 100.0).abs() < 1e-9 && areas[1..].iter().all(|&area| area == 0.0));
        let wide = rectangle(-1_000.0, -1_000.0, 1_000.0, 1_000.0);
        for (part, cell) in areas_within(cells.iter(), &wide.0).iter().zip(&cells) {
            assert!((part / area(cell) - 1.0).abs() < 1e-12);
        }
        let backwards = shape(&[vec![(-5.0, -5.0), (-5.0, 5.0), (5.0, 5.0), (5.0, -5.0)]]);
        assert!((areas_within(cells.iter(), &backwards.0)[0] - 100.0).abs() < 1e-9);
    }

    #[test]
    fn parts_of_an_outline_add_up_and_none_is_none() {
        let cells = honeycomb(0.0, 0.0, 100.0, 3, 3);
        let mut parts = rectangle(-5.0, -5.0, 5.0, 5.0).0;
        parts.0.extend(rectangle(10.0, 10.0, 20.0, 20.0).0);
        assert!((areas_within(cells.iter(), &parts)[0] - 200.0).abs() < 1e-9);
        assert_eq!(areas_within(cells.iter(), &MultiPolygon(Vec::new())), vec![0.0; cells.len()]);
        assert!(areas_within([].iter(), &parts).is_empty());
    }
}
