//! A raster by running sums of the kernels' polynomial coefficients.
//!
//! In units of the bandwidth, with q = 1 − dy² and the point at `a`, the kernel of power k along a row is
//! (q − (u − a)²)ᵏ for |u − a| < √q. With b = q − a² the quartic, k = 2, expands to
//!
//! b² + 4ab·u + (4a² − 2b)·u² − 4a·u³ + u⁴,
//!
//! and the others likewise. A kernel's coefficients are added where it begins and taken off where it ends,
//! and one pass along the row evaluates the running sum, whatever the bandwidth.
//!
//! The powers of `u` would cancel catastrophically far from their origin. So a row is cut into blocks
//! four bandwidths wide, each with its origin at its centre, and a point goes to a block that holds
//! its whole kernel. One layer of blocks side by side does not hold every kernel; two layers, shifted
//! by half a block, do. Then |a| ≤ 1 and |u| ≤ 2, no term of the quartic is beyond about eighty times the
//! kernel's height (five hundred times for the triweight), and what rounding leaves is some 1e-14 of the
//! peak.

use rayon::{
    iter::{IndexedParallelIterator, ParallelIterator},
    slice::ParallelSliceMut,
};

use super::{
    Kernel, RasterGrid, WeightedPoint,
    field::{Field, near},
};
use crate::model::Metres;

/// The coefficients of a kernel along a row and, last, the number of kernels in the sum. The number is a
/// whole number and so exact: where it is zero the sums are set to zero, and no residue of rounding
/// remains.
trait Terms<const T: usize>: Sync {
    /// Those of a kernel at `a` with a maximum of `rest` = 1 − dy².
    fn of(a: f64, rest: f64, weight: f64) -> [f64; T];
}

/// The power k of (1 − u²)ᵏ.
struct Power<const K: u8>;

impl Terms<4> for Power<1> {
    fn of(a: f64, rest: f64, weight: f64) -> [f64; 4] {
        [weight * (rest - a * a), 2.0 * weight * a, -weight, 1.0]
    }
}

impl Terms<6> for Power<2> {
    fn of(a: f64, rest: f64, weight: f64) -> [f64; 6] {
        let b = rest - a * a;
        let wa = 4.0 * weight * a;
        let wb = weight * b;
        [wb * b, wa * b, wa * a - 2.0 * wb, -wa, weight, 1.0]
    }
}

impl Terms<8> for Power<3> {
    fn of(a: f64, rest: f64, weight: f64) -> [f64; 8] {
        let (b, c) = (rest - a * a, 2.0 * a);
        let (wb, wc) = (weight * b, weight * c);
        let (wbb, wcc) = (wb * b, wc * c);
        [
            wbb * b,
            3.0 * wbb * c,
            3.0 * (wb * c * c - wbb),
            wcc * c - 6.0 * wb * c,
            3.0 * (wb - wcc),
            3.0 * wc,
            -weight,
            1.0,
        ]
    }
}

/// The values over a raster; `None` for a kernel that is no polynomial. `points` go from south to north.
pub(super) fn surface(
    points: &[WeightedPoint],
    grid: &RasterGrid,
    kernel: Kernel,
    bandwidth: Metres,
) -> Option<Vec<f64>> {
    let field = || Field::new(points, grid, bandwidth.get(), 1.0);
    let height = kernel.peak_per_km2(bandwidth);
    match kernel {
        Kernel::Epanechnikov => Some(rows::<Power<1>, 4>(&field(), grid, height)),
        Kernel::Quartic => Some(rows::<Power<2>, 6>(&field(), grid, height)),
        Kernel::Triweight => Some(rows::<Power<3>, 8>(&field(), grid, height)),
        Kernel::Triangular | Kernel::Uniform | Kernel::Gaussian => None,
    }
}

fn rows<K: Terms<T>, const T: usize>(field: &Field, grid: &RasterGrid, height: f64) -> Vec<f64> {
    let layers = Layers::new(field);
    let mut values = vec![0.0; grid.cells()];
    values.par_chunks_mut(grid.columns()).enumerate().for_each_init(
        || layers.buffer::<T>(),
        |buffer, (row, values)| layers.row::<K, T>(field.row(row), height, buffer, values),
    );
    values
}
/// So many points are prepared at a time that the work stays in the fastest memory.
const BATCH: usize = 64;

/// 2⁵²: added to a number between 0 and 2³² it leaves the nearest whole number in the lowest bits.
const WHOLE: f64 = 4_503_599_627_370_496.0;

/// The points near a raster, each in the layer and block that holds its kernel.
struct Layers {
    columns: f64,
    columns_per_bandwidth: f64,
    both: [Layer; 2],
}

#[derive(Default)]
struct Layer {
    blocks: Vec<Block>,
    /// For each column its position in bandwidths east of its block's centre.
    local: Vec<f64>,
    points: Points,
}

struct Block {
    end_column: usize,
    /// In bandwidths from the raster's western edge.
    centre: f64,
}

/// The points of a layer, south to north.
#[derive(Default)]
struct Points {
    /// In bandwidths from the raster's southern edge.
    north: Vec<f64>,
    /// In columns from the raster's western edge.
    column: Vec<f64>,
    /// In bandwidths east of the block's centre.
    local: Vec<f64>,
    weight: Vec<f64>,
    /// Number of the block in its layer.
    block: Vec<f64>,
}

/// What a row is computed in. A column's slot is the column plus the number of its block in the layer,
/// because each block has one slot more for what ends where the block ends.
struct Buffer<const T: usize> {
    /// What begins in a slot less what ends there; all zero between rows.
    changes: Vec<[f64; T]>,
    first: [u32; BATCH],
    end: [u32; BATCH],
    rest: [f64; BATCH],
}

impl Layers {
    fn new(field: &Field) -> Self {
        let columns = field.columns.len() as f64;
        let per_bandwidth = field.cells_per_unit;
        // From a centre to the next one's of the other layer: half a block. A point is at most half of
        // this from the nearest centre, and its kernel ends two columns or more inside the block.
        let stride = (2.0 * per_bandwidth).ceil() + 4.0;
        let mut layers = [Layer::default(), Layer::default()];
        let mut number = 0.0;
        while (number - 1.0) * stride < columns {
            let layer = &mut layers[parity(number)];
            let centre = number * stride / per_bandwidth;
            let end_column = whole(((number + 1.0) * stride).min(columns));
            layer.local.extend(field.columns[layer.local.len()..end_column].iter().map(|u| u - centre));
            layer.blocks.push(Block { end_column, centre });
            number += 1.0;
        }
        let last = number - 1.0;
        let points = field.east.iter().zip(&field.north).zip(&field.weight);
        for ((&east, &north), &weight) in points {
            let column = east * per_bandwidth;
            let number = (column / stride).round().clamp(0.0, last);
            let layer = &mut layers[parity(number)];
            let block = (number / 2.0).floor();
            layer.points.north.push(north);
            layer.points.column.push(column);
            layer.points.local.push(east - layer.blocks[whole(block)].centre);
            layer.points.weight.push(weight);
            layer.points.block.push(block);
        }
        Self { columns, columns_per_bandwidth: per_bandwidth, both: layers }
    }

    fn buffer<const T: usize>(&self) -> Buffer<T> {
        let slots = self.both.iter().map(|layer| layer.local.len() + layer.blocks.len()).max();
        Buffer {
            changes: vec![[0.0; T]; slots.unwrap_or(0)],
            first: [0; BATCH],
            end: [0; BATCH],
            rest: [0.0; BATCH],
        }
    }

    /// Writes the values of one row, whose centres are `north` bandwidths from the southern edge.
    fn row<K: Terms<T>, const T: usize>(
        &self,
        north: f64,
        height: f64,
        buffer: &mut Buffer<T>,
        values: &mut [f64],
    ) {
        values.fill(0.0);
        for layer in &self.both {
            let near = near(&layer.points.north, north, 1.0);
            let mut start = near.start;
            while start < near.end {
                let batch = start..near.end.min(start + BATCH);
                start = batch.end;
                self.place(&layer.points, batch.clone(), north, buffer);
                layer.points.add::<K, T>(batch, buffer);
            }
            layer.sweep(height, &mut buffer.changes, values);
        }
    }

    /// Finds for each point of a batch the slots where its kernel begins and ends in this row.
    fn place<const T: usize>(
        &self,
        points: &Points,
        batch: std::ops::Range<usize>,
        north: f64,
        buffer: &mut Buffer<T>,
    ) {
        let inputs =
            points.north[batch.clone()].iter().zip(&points.column[batch.clone()]).zip(&points.block[batch]);
        let outputs = buffer.first.iter_mut().zip(&mut buffer.end).zip(&mut buffer.rest);
        for (((&point_north, &column), &block), ((first, end), rest)) in inputs.zip(outputs) {
            let dn = north - point_north;
            *rest = 1.0 - dn * dn;
            let half = (if *rest > 0.0 { *rest } else { 0.0 }).sqrt() * self.columns_per_bandwidth;
            *first = self.slot(column - half, block);
            *end = self.slot(column + half, block);
        }
    }

    /// The slot of the first column whose centre is east of `column`; the slot after the last for none.
    /// A kernel is zero at its rim, so that the side on which rounding puts a
    /// centre at the very rim makes no difference.
    fn slot(&self, column: f64, block: f64) -> u32 {
        let column = if column > 0.0 { column } else { 0.0 };
        let column = if column < self.columns { column } else { self.columns };
        #[expect(clippy::cast_possible_truncation, reason = "the low half holds the whole number")]
        let slot = (column + block + WHOLE).to_bits() as u32;
        slot
    }
}

impl Points {
    /// Adds each kernel of a batch where it begins and takes it off where it ends.
    fn add<K: Terms<T>, const T: usize>(&self, batch: std::ops::Range<usize>, buffer: &mut Buffer<T>) {
        let slots = buffer.first.iter().zip(&buffer.end).zip(&buffer.rest);
        let points = self.local[batch.clone()].iter().zip(&self.weight[batch]);
        for ((&a, &weight), ((&first, &end), &rest)) in points.zip(slots) {
            let terms = K::of(a, rest, weight);
            for (sum, term) in buffer.changes[first as usize].iter_mut().zip(terms) {
                *sum += term;
            }
            for (sum, term) in buffer.changes[end as usize].iter_mut().zip(terms) {
                *sum -= term;
            }
        }
    }
}

impl Layer {
    /// Evaluates the running sums from west to east, adds them to the values and clears the changes.
    fn sweep<const T: usize>(&self, height: f64, changes: &mut [[f64; T]], values: &mut [f64]) {
        let mut begin = 0;
        for (number, block) in self.blocks.iter().enumerate() {
            let columns = begin..block.end_column;
            let slots = &mut changes[columns.start + number..=columns.end + number];
            let mut sums = [0.0; T];
            for ((change, &u), value) in
                slots.iter().zip(&self.local[columns.clone()]).zip(&mut values[columns])
            {
                for (sum, change) in sums.iter_mut().zip(change) {
                    *sum += change;
                }
                let [coefficients @ .., kernels] = &sums[..] else { continue };
                if *kernels > 0.0 {
                    let polynomial = coefficients.iter().rev().fold(0.0, |sum, term| sum * u + term);
                    *value += polynomial.max(0.0) * height;
                } else {
                    sums = [0.0; T];
                }
            }
            slots.fill([0.0; T]);
            begin = block.end_column;
        }
    }
}

/// Which layer a block belongs to.
fn parity(number: f64) -> usize {
    usize::from(number % 2.0 > 0.5)
}

/// A whole number of at most the columns of a raster.
fn whole(number: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and not negative")]
    let number = number as usize;
    number
}
