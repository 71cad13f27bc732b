//! A raster by evaluating every kernel over the cells that it reaches.
//!
//! It serves every kernel that ends, whatever the bandwidth of each event.

use std::marker::PhantomData;

use pulp::{Arch, NullaryFnOnce};
use rayon::{
    iter::{IndexedParallelIterator, ParallelIterator},
    slice::ParallelSliceMut,
};

use super::{Kernel, RasterGrid, Spread};

/// Columns are handled in groups of this many, which a processor's vector registers hold.
const GROUP: usize = 8;

/// A kernel's profile over squared distances in square metres.
trait Shape: Sync {
    /// What it needs to know of the bandwidth.
    fn scale(h: f64) -> f64;

    /// The share of the height at a squared distance.
    fn share(d_2: f64, scale: f64) -> f64;
}

/// (1 − u²) to a power.
struct Power<const K: u8>;

impl<const K: u8> Shape for Power<K> {
    fn scale(h: f64) -> f64 {
        1.0 / h / h
    }

    #[expect(clippy::inline_always, reason = "compiled anew for what each processor can do")]
    #[inline(always)]
    fn share(d_2: f64, per_h_2: f64) -> f64 {
        let rest = 1.0 - d_2 * per_h_2;
        let rest = if rest > 0.0 { rest } else { 0.0 };
        match K {
            1 => rest,
            2 => rest * rest,
            _ => rest * (rest * rest),
        }
    }
}

/// 1 − u.
struct Cone;

impl Shape for Cone {
    fn scale(h: f64) -> f64 {
        1.0 / h
    }

    #[expect(clippy::inline_always, reason = "compiled anew for what each processor can do")]
    #[inline(always)]
    fn share(d_2: f64, per_h: f64) -> f64 {
        let rest = 1.0 - d_2.sqrt() * per_h;
        if rest > 0.0 { rest } else { 0.0 }
    }
}

/// 1 in the disc. It is told in metres whether a cell is in, where coordinates are as they were given:
/// nothing softens the rim for the side on which rounding would put a centre.
struct Disc;

impl Shape for Disc {
    fn scale(h: f64) -> f64 {
        h * h
    }

    #[expect(clippy::inline_always, reason = "compiled anew for what each processor can do")]
    #[inline(always)]
    fn share(d_2: f64, h_2: f64) -> f64 {
        if d_2 < h_2 { 1.0 } else { 0.0 }
    }
}

/// An event in metres from the raster's south-western corner.
struct Event {
    east: f64,
    north: f64,
    /// Weight times the kernel's height.
    height: f64,
    scale: f64,
    /// The groups of columns that it can reach in any row, first and end.
    groups: [u32; 2],
}

/// The values over a raster; `events` go from south to north.
pub(super) fn surface(events: &[Spread], kernel: Kernel, grid: &RasterGrid) -> Vec<f64> {
    match kernel {
        Kernel::Epanechnikov => rows::<Power<1>>(events, kernel, grid),
        Kernel::Quartic => rows::<Power<2>>(events, kernel, grid),
        Kernel::Triweight => rows::<Power<3>>(events, kernel, grid),
        Kernel::Triangular => rows::<Cone>(events, kernel, grid),
        Kernel::Uniform => rows::<Disc>(events, kernel, grid),
        Kernel::Gaussian => super::gaussian::surface(events, grid),
    }
}

fn rows<S: Shape>(spreads: &[Spread], kernel: Kernel, grid: &RasterGrid) -> Vec<f64> {
    let arch = Arch::new();
    let cell = grid.cell().get();
    let centres: Vec<f64> = (0..grid.columns()).map(|column| (column as f64 + 0.5) * cell).collect();
    let group = |columns: &[f64]| std::array::from_fn(|i| columns.get(i).copied().unwrap_or(f64::INFINITY));
    let columns: Vec<[f64; GROUP]> = centres.chunks(GROUP).map(group).collect();
    let reach = spreads.iter().map(|event| event.bandwidth.get()).fold(0.0, f64::max);
    let events: Vec<Event> =
        spreads.iter().filter_map(|spread| Event::near::<S>(spread, kernel, grid)).collect();
    let mut values = vec![0.0; grid.cells()];
    values.par_chunks_mut(grid.columns()).enumerate().for_each_init(
        || vec![[0.0; GROUP]; columns.len()],
        |sums, (row, values)| {
            let north = (row as f64 + 0.5) * cell;
            let first = events.partition_point(|event| event.north <= north - reach);
            let end = events.partition_point(|event| event.north < north + reach).max(first);
            let (shape, near) = (PhantomData::<S>, &events[first..end]);
            arch.dispatch(Row { events: near, north, columns: &columns, sums, shape });
            for (value, sum) in values.iter_mut().zip(sums.as_flattened()) {
                *value = *sum;
            }
            sums.fill([0.0; GROUP]);
        },
    );
    values
}

impl Event {
    /// The event in the raster's coordinates; `None` where it reaches no cell.
    fn near<S: Shape>(spread: &Spread, kernel: Kernel, grid: &RasterGrid) -> Option<Self> {
        let (cell, h) = (grid.cell().get(), spread.bandwidth.get());
        let east = spread.at.position.easting_m() - grid.west_m();
        let north = spread.at.position.northing_m() - grid.south_m();
        let height_m = grid.rows() as f64 * cell;
        // A column more to each side makes rounding harmless.
        let column = |east: f64| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut to the columns")]
            let column = (east / cell).clamp(0.0, grid.columns() as f64) as usize;
            column
        };
        let (first, end) = (column((east - h) - 0.5 * cell), column((east + h) + 1.5 * cell));
        let reached = first < end && north > -h && north < height_m + h;
        reached.then(|| Self {
            east,
            north,
            height: spread.at.weight * kernel.peak_per_km2(spread.bandwidth),
            scale: S::scale(h),
            groups: [first / GROUP, end.div_ceil(GROUP)]
                .map(|group| u32::try_from(group).unwrap_or(u32::MAX)),
        })
    }
}

/// The sums of one row.
struct Row<'a, S> {
    events: &'a [Event],
    north: f64,
    columns: &'a [[f64; GROUP]],
    sums: &'a mut [[f64; GROUP]],
    shape: PhantomData<S>,
}

impl<S: Shape> NullaryFnOnce for Row<'_, S> {
    type Output = ();

    #[expect(clippy::inline_always, reason = "compiled anew for what each processor can do")]
    #[inline(always)]
    fn call(self) {
        for event in self.events {
            let dn = self.north - event.north;
            let dn_2 = dn * dn;
            if S::share(dn_2, event.scale) <= 0.0 {
                continue;
            }
            let groups = event.groups[0] as usize..event.groups[1] as usize;
            let groups = self.sums[groups.clone()].iter_mut().zip(&self.columns[groups]);
            for (sums, columns) in groups {
                *sums = std::array::from_fn(|lane| {
                    let de = columns[lane] - event.east;
                    sums[lane] + event.height * S::share(de * de + dn_2, event.scale)
                });
            }
        }
    }
}
