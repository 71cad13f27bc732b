//! Exact kernel density estimation.
//!
//! The intensity at a place x is Σ wᵢ K(dᵢ) over all points i at the distance dᵢ, with a [`Kernel`] K whose
//! integral is 1 (Silverman, B. W. (1986). *Density Estimation for Statistics and Data Analysis*, p. 76,
//! eq. 4.5). Values are in events per km². Nothing is binned: [`intensity`] is the sum over all points,
//! [`intensity_naive`], but for rounding.
//!
//! [`intensity`] makes no edge correction: near the outline a part of the kernels' mass falls outside.

mod direct;
mod estimate;
mod field;
mod form;
mod gaussian;
mod kernel;
mod moments;
mod nearest;
mod points;
mod raster;
mod window;

pub(in crate::analysis) use self::estimate::over_mass;
use self::points::merged;
pub use self::{
    estimate::{Bandwidth, EdgeCorrection, Estimate, Smoothing},
    form::Form,
    kernel::Kernel,
    nearest::NearestEvents,
    points::{WeightedPoint, merge},
    raster::{RasterGrid, Surface},
    window::Window,
};
use crate::model::{GridPoint, Metres};

/// Kernels that reach over at most this many columns to each side are evaluated cell by cell. The
/// moments, whose cost does not grow with the reach, are faster above it (`benches/density.rs`).
const DIRECT_REACH_COLUMNS: f64 = 10.0;

/// An event with the bandwidth of its own that its mass is spread by.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Spread {
    at: WeightedPoint,
    bandwidth: Metres,
}

/// The intensity at one position: the sum over all points, events per km².
///
/// # Example
/// At the place of a lone event it is the kernel's height, 3/(πh²) for the quartic:
/// ```
/// use hotspots::analysis::density::{Kernel, WeightedPoint, intensity_at};
/// use hotspots::model::{GridPoint, Metres};
/// let position = GridPoint::new(394_500.0, 290_500.0).unwrap();
/// let event = WeightedPoint { position, weight: 1.0 };
/// let value = intensity_at(&[event], position, Kernel::Quartic, Metres::new(500.0).unwrap());
/// assert!((value - 3.819_718_634_205_488).abs() < 1e-12);
/// ```
pub fn intensity_at(points: &[WeightedPoint], position: GridPoint, kernel: Kernel, bandwidth: Metres) -> f64 {
    sum_at(points, position.easting_m(), position.northing_m(), kernel, bandwidth)
}

/// Σ w K(d) at a place, events per km².
fn sum_at(
    points: &[WeightedPoint],
    easting_m: f64,
    northing_m: f64,
    kernel: Kernel,
    bandwidth: Metres,
) -> f64 {
    let h = bandwidth.get();
    let term = |point: &WeightedPoint| {
        let de = point.position.easting_m() - easting_m;
        let dn = point.position.northing_m() - northing_m;
        point.weight * kernel.profile((de * de + dn * dn) / h / h)
    };
    points.iter().map(term).sum::<f64>() * kernel.peak_per_km2(bandwidth)
}

/// The surface the obvious way: every cell against every point. The truth that [`intensity`] is tested
/// against, and what it is measured beside.
pub fn intensity_naive(
    points: &[WeightedPoint],
    grid: &RasterGrid,
    kernel: Kernel,
    bandwidth: Metres,
) -> Surface {
    let values = (0..grid.cells())
        .map(|cell| {
            let easting_m = grid.column_centre_m(cell % grid.columns());
            let northing_m = grid.row_centre_m(cell / grid.columns());
            sum_at(points, easting_m, northing_m, kernel, bandwidth)
        })
        .collect();
    Surface { grid: *grid, values }
}

/// The surface over a raster, events per km² at the cell centres.
///
/// Points outside the raster count where the kernel reaches it. A cell that no kernel reaches is exactly
/// 0; none is negative. The points may come in any order and unmerged (the result is the same to the
/// byte), but already [`merge`]d points save a copy and a sort.
///
/// It is the sum over all points but for rounding, some 1e-14 of the peak; of Gaussian kernels, which have
/// no end, less than 1e-14 events per km² is left out. Short kernels are evaluated over the few columns
/// that they reach, and so are triangular and uniform ones of any length. Longer kernels that are
/// polynomials are summed as such, at O(rows · (columns + points near the row)) whatever the bandwidth;
/// Gaussian ones as products of a part by row and one by column.
pub fn intensity(points: &[WeightedPoint], grid: &RasterGrid, kernel: Kernel, bandwidth: Metres) -> Surface {
    let points = merged(points);
    let long = bandwidth.get() > DIRECT_REACH_COLUMNS * grid.cell().get();
    let swept = if long { moments::surface(&points, grid, kernel, bandwidth) } else { None };
    let values = swept.unwrap_or_else(|| {
        let spreads: Vec<_> = points.iter().map(|&at| Spread { at, bandwidth }).collect();
        direct::surface(&spreads, kernel, grid)
    });
    Surface { grid: *grid, values }
}

#[cfg(test)]
mod tests;
