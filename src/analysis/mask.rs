//! Which raster cells have their centre inside an outline.

use geo::{BoundingRect, GeoNum, Kernel, Orientation};
use geo_types::{Coord, LineString, Polygon};

use super::density::RasterGrid;
use crate::model::GridShape;

/// For each cell of the raster, in the order of a surface's values, whether its centre is in the shape
/// or on its border.
///
/// The answer is exact for the coordinates as they are: where rounding could decide, the side of an
/// edge is found in adaptive precision (Shewchuk, J. R. (1997), doi 10.1007/PL00009321). The cost is
/// that of the cells plus, for each edge, the rows that it crosses.
///
/// # Example
/// ```
/// use geo_types::{MultiPolygon, polygon};
/// use hotspots::{analysis::{density::RasterGrid, mask}, model::{GridShape, Metres}};
/// let triangle = polygon![(x: 0.0, y: 0.0), (x: 30.0, y: 0.0), (x: 0.0, y: 30.0)];
/// let grid = RasterGrid::new(0.0, 0.0, Metres::new(10.0).unwrap(), 3, 3).unwrap();
/// let inside = mask::centres_inside(&grid, &GridShape(MultiPolygon(vec![triangle])));
/// assert_eq!(inside, [true, true, true, true, true, false, true, false, false]);
/// ```
pub fn centres_inside(grid: &RasterGrid, shape: &GridShape) -> Vec<bool> {
    let mut inside = vec![false; grid.cells()];
    for polygon in &shape.0 {
        mark(grid, polygon, &mut inside);
    }
    inside
}

/// Sets the cells whose centre is in or on one polygon.
fn mark(grid: &RasterGrid, polygon: &Polygon<f64>, inside: &mut [bool]) {
    let Some(bounds) = polygon.bounding_rect() else { return };
    let (first_row, end_row) = rows(grid, bounds.min().y, bounds.max().y);
    let columns = grid.columns();
    // Each cell of a row: whether an edge is crossed between its centre and the one to the west.
    let mut crossed = vec![false; (end_row - first_row) * columns];
    for edge in std::iter::once(polygon.exterior()).chain(polygon.interiors()).flat_map(LineString::lines) {
        let (low, high) =
            if edge.start.y <= edge.end.y { (edge.start, edge.end) } else { (edge.end, edge.start) };
        let (first, end) = rows(grid, low.y, high.y);
        for row in first..end {
            let y = grid.row_centre_m(row);
            let cells = &mut inside[row * columns..][..columns];
            let first_east = mark_edge(grid, low, high, y, cells);
            // A vertex between two edges belongs to the upper one, so that it is crossed once.
            if low.y <= y && y < high.y && first_east < columns {
                crossed[(row - first_row) * columns + first_east] ^= true;
            }
        }
    }
    for (row, crossed) in (first_row..end_row).zip(crossed.chunks(columns)) {
        let mut within = false;
        for (cell, crossed) in inside[row * columns..].iter_mut().zip(crossed) {
            within ^= crossed;
            *cell |= within;
        }
    }
}

/// The rows whose centres are in `low..=high`, metres of northing.
fn rows(grid: &RasterGrid, low: f64, high: f64) -> (usize, usize) {
    let row = |northing: f64| {
        let place = (northing - grid.south_m()) / grid.cell().get() - 0.5;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut to 0..=rows")]
        let row = place.clamp(0.0, grid.rows() as f64) as usize;
        row
    };
    let mut first = row(low).saturating_sub(1);
    let mut end = (row(high) + 2).min(grid.rows());
    while first < end && grid.row_centre_m(first) < low {
        first += 1;
    }
    while first < end && grid.row_centre_m(end - 1) > high {
        end -= 1;
    }
    (first, end)
}

/// Sets the cells of the row at `y` whose centre is on the edge, and returns the first column whose
/// centre is east of it (the number of columns for none).
fn mark_edge(grid: &RasterGrid, low: Coord<f64>, high: Coord<f64>, y: f64, cells: &mut [bool]) -> usize {
    // Positive where the centre is west of the edge that runs from south to north.
    let side = |column: usize| {
        <f64 as GeoNum>::Ker::orient2d(low, high, Coord { x: grid.column_centre_m(column), y })
    };
    if low.y >= high.y {
        let (west, east) = (low.x.min(high.x), low.x.max(high.x));
        let mut column = column_near(grid, west);
        while column < cells.len() && grid.column_centre_m(column) < west {
            column += 1;
        }
        while column < cells.len() && grid.column_centre_m(column) <= east {
            cells[column] = true;
            column += 1;
        }
        return column;
    }
    let mut column = column_near(grid, low.x + (y - low.y) / (high.y - low.y) * (high.x - low.x));
    while column > 0 && side(column - 1) != Orientation::CounterClockwise {
        column -= 1;
    }
    while column < cells.len() && side(column) != Orientation::Clockwise {
        if side(column) == Orientation::Collinear {
            cells[column] = true;
        }
        column += 1;
    }
    column
}

/// A column at most a few west of the one at an easting, cut to the raster.
fn column_near(grid: &RasterGrid, easting: f64) -> usize {
    let place = (easting - grid.west_m()) / grid.cell().get() - 1.5;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut to 0..=columns")]
    let column = place.clamp(0.0, grid.columns() as f64) as usize;
    column
}

#[cfg(test)]
mod tests {
    use geo::Intersects;

    use super::*;
    use crate::analysis::testing::{Seeded, metres, rectangle, shape};

    fn assert_as_geo(grid: &RasterGrid, shape: &GridShape) {
        let inside = centres_inside(grid, shape);
        for (cell, inside) in inside.iter().enumerate() {
            let centre = Coord {
                x: grid.column_centre_m(cell % grid.columns()),
                y: grid.row_centre_m(cell / grid.columns()),
            };
            assert_eq!(*inside, shape.0.intersects(&centre), "{centre:?} {shape:?}");
        }
    }

    #[test]
    fn the_mask_is_exact_containment_for_any_star() {
        let mut seeded = Seeded::new(21);
        let grid = RasterGrid::new(-20.0, -20.0, metres(1.0), 40, 40).unwrap();
        for case in 0..60 {
            let whole = case % 2 == 0;
            let mut ring = |radius: f64| {
                (0..24)
                    .map(|i| {
                        let (r, t) = (seeded.between(0.4, 1.0) * radius, f64::from(i) * 0.261_799);
                        let (x, y) = (r * t.cos(), r * t.sin());
                        // On halves, so that vertices and edges meet centres.
                        if whole { (x.floor() + 0.5, y.floor() + 0.5) } else { (x, y) }
                    })
                    .collect::<Vec<_>>()
            };
            assert_as_geo(&grid, &shape(&[ring(if case % 3 == 0 { 19.0 } else { 35.0 })]));
            assert_as_geo(&grid, &shape(&[ring(34.0), ring(6.0)]));
        }
    }

    #[test]
    fn centres_on_the_border_are_inside() {
        let grid = RasterGrid::new(0.0, 0.0, metres(1.0), 8, 8).unwrap();
        for outline in [
            rectangle(1.5, 1.5, 5.5, 5.5),
            rectangle(-9.0, 0.5, 90.0, 3.5),
            shape(&[vec![(0.5, 0.5), (7.5, 7.5), (0.5, 7.5)]]),
            shape(&[
                vec![(0.5, 0.5), (7.5, 0.5), (7.5, 7.5), (0.5, 7.5)],
                vec![(2.5, 2.5), (2.5, 4.5), (4.5, 4.5)],
            ]),
            shape(&[vec![(3.5, 0.5), (6.5, 3.5), (3.5, 6.5), (0.5, 3.5)]]),
        ] {
            assert_as_geo(&grid, &outline);
        }
        let count = centres_inside(&grid, &rectangle(1.5, 1.5, 5.5, 5.5)).iter().filter(|&&i| i).count();
        assert_eq!(count, 25);
    }

    #[test]
    fn a_shape_in_parts_is_inside_in_each() {
        let grid = RasterGrid::new(0.0, 0.0, metres(1.0), 8, 8).unwrap();
        let mut parts = rectangle(0.0, 0.0, 3.0, 8.0);
        parts.0.0.extend(rectangle(3.0, 0.0, 5.0, 2.0).0);
        parts.0.0.extend(rectangle(6.5, 6.5, 6.5, 6.5).0);
        assert_as_geo(&grid, &parts);
    }

    #[test]
    fn shapes_off_the_raster_mark_nothing() {
        let grid = RasterGrid::new(0.0, 0.0, metres(1.0), 8, 8).unwrap();
        for outline in [
            rectangle(20.0, 0.0, 30.0, 8.0),
            rectangle(-30.0, 0.0, -20.0, 8.0),
            rectangle(0.0, 9.0, 8.0, 12.0),
        ] {
            assert!(!centres_inside(&grid, &outline).contains(&true));
        }
        assert!(!centres_inside(&grid, &GridShape(geo_types::MultiPolygon(Vec::new()))).contains(&true));
    }
}
