//! The points near a raster in coordinates of its own.

use std::ops::Range;

use super::{RasterGrid, WeightedPoint};

/// The points near a raster, south to north, so that those near a row stand together. Lengths are from the
/// raster's south-western corner in a unit of the method's choice.
pub(super) struct Field {
    pub(super) east: Vec<f64>,
    pub(super) north: Vec<f64>,
    pub(super) weight: Vec<f64>,
    /// East of the centres of the columns.
    pub(super) columns: Vec<f64>,
    /// Cells to a unit.
    pub(super) cells_per_unit: f64,
}

impl Field {
    /// Takes the points nearer to the raster than `reach` units of `unit_m` metres. `points` go from south
    /// to north.
    pub(super) fn new(points: &[WeightedPoint], grid: &RasterGrid, unit_m: f64, reach: f64) -> Self {
        let cell = grid.cell().get();
        let columns = (0..grid.columns()).map(|i| (i as f64 + 0.5) * cell / unit_m).collect();
        let mut field = Self {
            east: Vec::with_capacity(points.len()),
            north: Vec::with_capacity(points.len()),
            weight: Vec::with_capacity(points.len()),
            columns,
            cells_per_unit: unit_m / cell,
        };
        let (width, height) = (grid.columns() as f64 * cell / unit_m, grid.rows() as f64 * cell / unit_m);
        for point in points {
            let east = (point.position.easting_m() - grid.west_m()) / unit_m;
            let north = (point.position.northing_m() - grid.south_m()) / unit_m;
            if east > -reach && east < width + reach && north > -reach && north < height + reach {
                field.east.push(east);
                field.north.push(north);
                field.weight.push(point.weight);
            }
        }
        field
    }

    /// North of the centres of a row.
    pub(super) fn row(&self, row: usize) -> f64 {
        (row as f64 + 0.5) / self.cells_per_unit
    }
}

/// The points, given from south to north, whose northing is nearer than `reach` to another.
pub(super) fn near(north: &[f64], to: f64, reach: f64) -> Range<usize> {
    let first = north.partition_point(|&north| north <= to - reach);
    let end = north.partition_point(|&north| north < to + reach);
    first..end.max(first)
}
