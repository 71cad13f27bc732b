//! A raster of Gaussian kernels, as products of two small matrices.
//!
//! exp(−(x² + y²)/2σ²) is a function of x times one of y. So the sum over a tile of cells is, for eight
//! events at a time, a matrix of eight columns for the tile's rows times one for its columns.

use pulp::{Arch, NullaryFnOnce};
use rayon::{
    iter::{IndexedParallelIterator, ParallelIterator},
    slice::ParallelSliceMut,
};

use super::{Kernel, RasterGrid, Spread};
use crate::analysis::exponential;

/// What may be missing in a cell because of events too far away to be looked at, events per km².
const MISSING_PER_KM2: f64 = 1e-14;
/// Every event within this many σ is looked at, so that very flat surfaces are exact as well. Beyond it
/// a kernel is below 2e-22 of its height.
const LEAST_REACH_SIGMAS: f64 = 10.0;

const TILE_ROWS: usize = 32;
const TILE_COLUMNS: usize = 64;
/// Events taken at a time.
const BATCH: usize = 8;
/// Columns taken at a time.
const LANES: usize = 8;

/// An event in metres from the raster's south-western corner.
#[derive(Clone, Copy)]
struct Event {
    east: f64,
    north: f64,
    /// Weight times the kernel's height.
    height: f64,
    /// 1/2σ².
    rate: f64,
    reach: f64,
}

/// The values over a raster; `spreads` go from south to north, and their bandwidths are their σ.
///
/// Left out is what lies so far away that all of it together is less than 1e-14 events per km².
pub(super) fn surface(spreads: &[Spread], grid: &RasterGrid) -> Vec<f64> {
    let (arch, cell, columns) = (Arch::new(), grid.cell().get(), grid.columns());
    let events = events(spreads, grid);
    let farthest = events.iter().map(|event| event.reach).fold(0.0, f64::max);
    let mut values = vec![0.0; grid.cells()];
    values.par_chunks_mut(columns * TILE_ROWS).enumerate().for_each(|(band, values)| {
        let centre = |row: usize| ((band * TILE_ROWS + row) as f64 + 0.5) * cell;
        let norths: [f64; TILE_ROWS] = std::array::from_fn(centre);
        let (south, north) = (norths[0], norths[TILE_ROWS - 1]);
        let first = events.partition_point(|event| event.north < south - farthest);
        let end = events.partition_point(|event| event.north <= north + farthest).max(first);
        let near_rows: Vec<&Event> = events[first..end]
            .iter()
            .filter(|event| event.north >= south - event.reach && event.north <= north + event.reach)
            .collect();
        for begin in (0..columns).step_by(TILE_COLUMNS) {
            let easts: [f64; TILE_COLUMNS] = std::array::from_fn(|i| ((begin + i) as f64 + 0.5) * cell);
            let (west, east) = (easts[0], easts[TILE_COLUMNS - 1]);
            let near = |event: &&&Event| event.east >= west - event.reach && event.east <= east + event.reach;
            let near: Vec<Event> = near_rows.iter().filter(near).map(|&&event| event).collect();
            let mut sums = [[[0.0; LANES]; TILE_ROWS]; TILE_COLUMNS / LANES];
            arch.dispatch(Tile { events: &near, norths: &norths, easts: &easts, sums: &mut sums });
            for (number, row) in values.chunks_mut(columns).enumerate() {
                let sums = sums.iter().flat_map(|group| group[number]);
                for (value, sum) in row[begin..].iter_mut().zip(sums) {
                    *value = sum;
                }
            }
        }
    });
    values
}

fn events(spreads: &[Spread], grid: &RasterGrid) -> Vec<Event> {
    let weights: f64 = spreads.iter().map(|spread| spread.at.weight).sum();
    let event = |spread: &Spread| {
        let (sigma, peak) = (spread.bandwidth.get(), Kernel::Gaussian.peak_per_km2(spread.bandwidth));
        let reach = (2.0 * libm::log(weights * peak / MISSING_PER_KM2)).max(0.0).sqrt();
        Event {
            east: spread.at.position.easting_m() - grid.west_m(),
            north: spread.at.position.northing_m() - grid.south_m(),
            height: spread.at.weight * peak,
            rate: 0.5 / sigma / sigma,
            reach: reach.max(LEAST_REACH_SIGMAS) * sigma,
        }
    };
    spreads.iter().map(event).collect()
}

/// The sums of a tile: group of columns by group, row by row.
struct Tile<'a> {
    events: &'a [Event],
    norths: &'a [f64; TILE_ROWS],
    easts: &'a [f64; TILE_COLUMNS],
    sums: &'a mut [[[f64; LANES]; TILE_ROWS]; TILE_COLUMNS / LANES],
}

impl NullaryFnOnce for Tile<'_> {
    type Output = ();

    #[expect(clippy::inline_always, reason = "compiled anew for what each processor can do")]
    #[inline(always)]
    fn call(self) {
        let factor = |from: f64, to: f64, rate: f64| exponential::of_minus((to - from) * (to - from) * rate);
        let mut by_row = [[0.0; BATCH]; TILE_ROWS];
        let mut by_column = [[[0.0; LANES]; BATCH]; TILE_COLUMNS / LANES];
        for batch in self.events.chunks(BATCH) {
            // Where a batch is not full its last places have no weight.
            let event = |i: usize| {
                let nothing = Event { east: 0.0, north: 0.0, height: 0.0, rate: 0.0, reach: 0.0 };
                batch.get(i).copied().unwrap_or(nothing)
            };
            let batch: [Event; BATCH] = std::array::from_fn(event);
            for (factors, &north) in by_row.iter_mut().zip(self.norths) {
                for (row_factor, event) in factors.iter_mut().zip(&batch) {
                    *row_factor = event.height * factor(event.north, north, event.rate);
                }
            }
            for (group, easts) in by_column.iter_mut().zip(self.easts.chunks_exact(LANES)) {
                for (factors, event) in group.iter_mut().zip(&batch) {
                    for (column_factor, &east) in factors.iter_mut().zip(easts) {
                        *column_factor = factor(event.east, east, event.rate);
                    }
                }
            }
            for (sums, columns) in self.sums.iter_mut().zip(&by_column) {
                for (sums, rows) in sums.iter_mut().zip(&by_row) {
                    let mut lanes = *sums;
                    for (columns, &row) in columns.iter().zip(rows) {
                        for (sum, column) in lanes.iter_mut().zip(columns) {
                            *sum += row * column;
                        }
                    }
                    *sums = lanes;
                }
            }
        }
    }
}
