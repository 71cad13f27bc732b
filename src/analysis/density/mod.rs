//! Exact kernel density estimation with the quartic kernel.
//!
//! The intensity at a place x is Σ wᵢ K(dᵢ) over all points i at a distance dᵢ below the bandwidth h,
//! with the two-dimensional quartic kernel K(d) = 3/(πh²) · (1 − d²/h²)², which integrates to 1
//! (Silverman, B. W. (1986). *Density Estimation for Statistics and Data Analysis*, p. 76, eq. 4.5).
//! Values are in events per km². Nothing is binned or cut off: [`intensity`] differs from the sum over
//! all points, [`intensity_naive`], by rounding only.
//!
//! No edge correction is made here: near the outline a part of the kernels' mass falls outside.

mod direct;
mod kernel;
mod moments;
mod points;
mod raster;

use rayon::{
    iter::{IndexedParallelIterator, ParallelIterator},
    slice::ParallelSliceMut,
};

pub use self::{
    kernel::Kernel,
    points::{WeightedPoint, merge},
    raster::{RasterGrid, Surface},
};
use self::{moments::Layers, points::merged};
use crate::model::{GridPoint, Metres};

/// Kernels that reach over at most this many columns to each side are evaluated cell by cell. The
/// moments, whose cost does not grow with the reach, are faster above it (`benches/density.rs`).
const DIRECT_REACH_COLUMNS: f64 = 6.0;

/// Height of the quartic kernel at its centre, 3/(πh²), per km².
fn centre_height_per_km2(bandwidth: Metres) -> f64 {
    3.0e6 / std::f64::consts::PI / bandwidth.get() / bandwidth.get()
}

/// The intensity at one position: the sum over all points, events per km².
///
/// # Example
/// At the place of a lone event it is the kernel's height, 3/(πh²):
/// ```
/// use hotspots::{analysis::density::{WeightedPoint, intensity_at}, model::{GridPoint, Metres}};
/// let position = GridPoint::new(394_500.0, 290_500.0).unwrap();
/// let event = WeightedPoint { position, weight: 1.0 };
/// let value = intensity_at(&[event], position, Metres::new(500.0).unwrap());
/// assert!((value - 3.819_718_634_205_488).abs() < 1e-12);
/// ```
pub fn intensity_at(points: &[WeightedPoint], position: GridPoint, bandwidth: Metres) -> f64 {
    sum_at(points, position.easting_m(), position.northing_m(), bandwidth.get())
        * centre_height_per_km2(bandwidth)
}

/// Σ w (1 − d²/h²)² over the points nearer than h.
fn sum_at(points: &[WeightedPoint], easting_m: f64, northing_m: f64, h: f64) -> f64 {
    let term = |point: &WeightedPoint| {
        let de = (point.position.easting_m() - easting_m) / h;
        let dn = (point.position.northing_m() - northing_m) / h;
        let rest = (1.0 - (de * de + dn * dn)).max(0.0);
        point.weight * (rest * rest)
    };
    points.iter().map(term).sum()
}

/// The quartic surface the obvious way: every cell against every point. The truth that
/// [`intensity`] is tested against, and what it is measured beside.
pub fn intensity_naive(points: &[WeightedPoint], grid: &RasterGrid, bandwidth: Metres) -> Surface {
    let height = centre_height_per_km2(bandwidth);
    let values = (0..grid.cells())
        .map(|cell| {
            let easting_m = grid.column_centre_m(cell % grid.columns());
            let northing_m = grid.row_centre_m(cell / grid.columns());
            sum_at(points, easting_m, northing_m, bandwidth.get()) * height
        })
        .collect();
    Surface { grid: *grid, values }
}

/// The quartic surface over a raster, events per km² at the cell centres.
///
/// Points outside the raster count where they are nearer than a bandwidth. A cell that no point
/// reaches is exactly 0; none is negative. The points may come in any order and unmerged (the result
/// is the same to the byte), but already [`merge`]d points save a copy and a sort.
///
/// Each raster row gathers the points within a bandwidth of it. Short kernels are then evaluated
/// over their few columns. For long ones the kernel along a row is taken as what it is, a polynomial
/// of degree four in the column's position: its coefficients are added where the kernel begins and
/// taken off where it ends, and one pass along the row evaluates the running sum. The cost is
/// O(rows · (columns + points near the row)) whatever the bandwidth.
pub fn intensity(points: &[WeightedPoint], grid: &RasterGrid, bandwidth: Metres) -> Surface {
    let field = Field::new(&merged(points), grid, bandwidth);
    let height = centre_height_per_km2(bandwidth);
    let mut values = vec![0.0; grid.cells()];
    let rows = values.par_chunks_mut(grid.columns()).enumerate();
    if field.columns_per_bandwidth <= DIRECT_REACH_COLUMNS {
        let spans = direct::spans(&field);
        rows.for_each_init(
            || direct::buffer(&field),
            |buffer, (row, values)| direct::row(&field, &spans, row, height, buffer, values),
        );
    } else {
        let layers = Layers::new(&field);
        rows.for_each_init(
            || layers.buffer(),
            |buffer, (row, values)| layers.row(field.row(row), height, buffer, values),
        );
    }
    Surface { grid: *grid, values }
}

/// The points near a raster in coordinates of its own: from its south-western corner, in units of
/// the bandwidth. South to north, so that the points near a row stand together.
struct Field {
    east: Vec<f64>,
    north: Vec<f64>,
    weight: Vec<f64>,
    /// East of the centres of the columns.
    columns: Vec<f64>,
    /// Columns to a bandwidth.
    columns_per_bandwidth: f64,
}

impl Field {
    fn new(points: &[WeightedPoint], grid: &RasterGrid, bandwidth: Metres) -> Self {
        let h = bandwidth.get();
        let columns = (0..grid.columns()).map(|i| (i as f64 + 0.5) * grid.cell().get() / h).collect();
        let mut field = Self {
            east: Vec::with_capacity(points.len()),
            north: Vec::with_capacity(points.len()),
            weight: Vec::with_capacity(points.len()),
            columns,
            columns_per_bandwidth: h / grid.cell().get(),
        };
        let (width, height) =
            (grid.columns() as f64 * grid.cell().get() / h, grid.rows() as f64 * grid.cell().get() / h);
        for point in points {
            let east = (point.position.easting_m() - grid.west_m()) / h;
            let north = (point.position.northing_m() - grid.south_m()) / h;
            if east > -1.0 && east < width + 1.0 && north > -1.0 && north < height + 1.0 {
                field.east.push(east);
                field.north.push(north);
                field.weight.push(point.weight);
            }
        }
        field
    }

    /// North of the centres of a row.
    fn row(&self, row: usize) -> f64 {
        (row as f64 + 0.5) / self.columns_per_bandwidth
    }
}

/// The points, given from south to north, that are less than a bandwidth from a row's centres.
fn near(north: &[f64], row_north: f64) -> std::ops::Range<usize> {
    let first = north.partition_point(|&north| north <= row_north - 1.0);
    let end = north.partition_point(|&north| north < row_north + 1.0);
    first..end
}

#[cfg(test)]
mod tests;
