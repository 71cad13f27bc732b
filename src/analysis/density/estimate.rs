//! A density estimate with all its choices: kernel, bandwidth by place, edge correction.

use std::str::FromStr;

use rayon::{
    iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator},
    slice::ParallelSliceMut,
};

use super::{
    Kernel, NearestEvents, RasterGrid, Spread, Surface, WeightedPoint, Window, direct, intensity, merge,
};
use crate::model::{GridPoint, Invalid, Metres};

/// What is done about the kernels' mass outside the outline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EdgeCorrection {
    /// Nothing: intensities are too low near the border.
    #[default]
    None,
    /// The intensity at x is divided by the edge mass q at x (Diggle, P. J. (1985),
    /// doi 10.2307/2347366). Right for an even intensity; the surface's mass is not exactly that of the
    /// events.
    Uniform,
    /// Each event's kernel is divided by the edge mass q at the event, so that its whole mass is inside
    /// (Jones, M. C. (1993), doi 10.1007/BF00147776).
    Diggle,
}

impl EdgeCorrection {
    /// Its name in parameters and method cards.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Uniform => "uniform",
            Self::Diggle => "diggle",
        }
    }
}

impl FromStr for EdgeCorrection {
    type Err = Invalid;

    /// Reads a [`name`](Self::name).
    fn from_str(text: &str) -> Result<Self, Invalid> {
        [Self::None, Self::Uniform, Self::Diggle]
            .into_iter()
            .find(|edge| edge.name() == text)
            .ok_or_else(|| Invalid::new(text, "an edge correction is none, uniform or diggle"))
    }
}

/// How wide kernels are.
#[derive(Clone, Debug)]
pub enum Bandwidth {
    /// The same for all.
    Fixed(Metres),
    /// Each event has its own, narrow where events are dense: h = h₀ · min(f^(−½), 5G)/G, with a pilot
    /// estimate f at the event, itself included, and G the geometric mean of f^(−½) over the events
    /// (Abramson, I. S. (1982), doi 10.1214/aos/1176345986; the limit of 5G is that of Davies, T. M. et
    /// al. (2018), doi 10.1002/sim.7577).
    Abramson {
        /// h₀: G being a geometric mean, that of the events' bandwidths.
        global: Metres,
        /// The bandwidth of the pilot, a fixed estimate with the same kernel and edge correction.
        pilot: Metres,
    },
    /// Each place has its own: the distance to its k-th nearest event, so that a minimum number of events
    /// speaks for every place (Loftsgaarden, D. O. and Quesenberry, C. P. (1965),
    /// doi 10.1214/aoms/1177700079; the adaptive bandwidth of `CrimeStat`). The surface's mass is not that of
    /// the events.
    Nearest(NearestEvents),
}

/// How events become a surface.
#[derive(Clone, Debug)]
pub struct Smoothing {
    kernel: Kernel,
    bandwidth: Bandwidth,
    edge: EdgeCorrection,
}

impl Smoothing {
    /// # Errors
    /// [`Invalid`] for [`Bandwidth::Nearest`] with [`EdgeCorrection::Diggle`]: where the bandwidth belongs
    /// to the place, an event has no kernel of its own that could be corrected.
    pub fn new(kernel: Kernel, bandwidth: Bandwidth, edge: EdgeCorrection) -> Result<Self, Invalid> {
        if matches!(bandwidth, Bandwidth::Nearest(_)) && edge == EdgeCorrection::Diggle {
            let rule = "a bandwidth by the k-th nearest event goes with the edge correction none or uniform";
            return Err(Invalid::new(edge.name(), rule));
        }
        Ok(Self { kernel, bandwidth, edge })
    }

    /// One bandwidth for all.
    pub const fn fixed(kernel: Kernel, bandwidth: Metres, edge: EdgeCorrection) -> Self {
        Self { kernel, bandwidth: Bandwidth::Fixed(bandwidth), edge }
    }
}

/// An edge mass below this is as none: what little of a kernel lies inside cannot be scaled up to all of
/// it. No place inside an outline has one, unless the outline is a thousand times smaller than the kernel.
const LEAST_MASS: f64 = 1e-6;

/// The pilot's f^(−½) counts up to this many times its geometric mean.
const WIDEST_IN_MEANS: f64 = 5.0;

/// Events made ready: the intensity at any place, or over any raster.
pub struct Estimate<'a> {
    window: &'a Window,
    kernel: Kernel,
    edge: EdgeCorrection,
    /// South to north. With Diggle's correction their weights are over their edge masses.
    events: Vec<Spread>,
    by_place: ByPlace<'a>,
}

/// The bandwidth of a place.
enum ByPlace<'a> {
    Fixed(Metres),
    Abramson { global: Metres, mean: f64, pilot: Box<Estimate<'a>> },
    Nearest(NearestEvents),
}

impl<'a> Estimate<'a> {
    /// Prepares events; they may come in any order and unmerged. Events without weight, and with an edge
    /// correction those that have no mass in the window, are left out.
    pub fn new(points: &[WeightedPoint], window: &'a Window, smoothing: &Smoothing) -> Self {
        let (kernel, edge) = (smoothing.kernel, smoothing.edge);
        let mut points = merge(points.to_vec());
        points.retain(|point| point.weight > 0.0);
        let (bandwidths, by_place) = match &smoothing.bandwidth {
            Bandwidth::Fixed(h) => (vec![*h; points.len()], ByPlace::Fixed(*h)),
            Bandwidth::Nearest(nearest) => {
                (vec![Metres::ONE; points.len()], ByPlace::Nearest(nearest.clone()))
            }
            Bandwidth::Abramson { global, pilot } => {
                let pilot = Self::new(&points, window, &Smoothing::fixed(kernel, *pilot, edge));
                let root = |point: &WeightedPoint| pilot.at(point.position).powf(-0.5);
                let roots: Vec<f64> = points.par_iter().with_min_len(8).map(root).collect();
                let mean = geometric_mean(&roots, &points);
                let bandwidths = roots.iter().map(|&root| narrowed(*global, root, mean)).collect();
                (bandwidths, ByPlace::Abramson { global: *global, mean, pilot: Box::new(pilot) })
            }
        };
        if edge == EdgeCorrection::Diggle {
            let masses = window.masses_at(&points, kernel, |i| bandwidths[i]);
            for (point, mass) in points.iter_mut().zip(masses) {
                point.weight = over_mass(point.weight, mass);
            }
        }
        let spread = |(at, bandwidth)| Spread { at, bandwidth };
        let mut events: Vec<_> = points.into_iter().zip(bandwidths).map(spread).collect();
        events.retain(|event| event.at.weight > 0.0);
        Self { window, kernel, edge, events, by_place }
    }

    /// The intensity at a place, events per km², by the definition. For places outside the window see
    /// [`surface`](Self::surface).
    pub fn at(&self, place: GridPoint) -> f64 {
        let sum = match &self.by_place {
            ByPlace::Nearest(nearest) => {
                self.sum_around(place.easting_m(), place.northing_m(), nearest.radius(place))
            }
            ByPlace::Fixed(_) | ByPlace::Abramson { .. } => self.sum(place),
        };
        match self.edge {
            EdgeCorrection::Uniform => {
                over_mass(sum, self.window.mass_at(place, self.kernel, self.bandwidth_at(place)))
            }
            EdgeCorrection::None | EdgeCorrection::Diggle => sum,
        }
    }

    /// The bandwidth that belongs to a place: what the uniform correction takes there.
    pub fn bandwidth_at(&self, place: GridPoint) -> Metres {
        match &self.by_place {
            ByPlace::Fixed(h) => *h,
            ByPlace::Nearest(nearest) => nearest.radius(place),
            ByPlace::Abramson { global, mean, pilot } => narrowed(*global, pilot.at(place).powf(-0.5), *mean),
        }
    }

    /// The bandwidths of the events, south to north, in the order of their places; `None` where bandwidths
    /// belong to the places of the surface.
    pub fn event_bandwidths(&self) -> Option<impl Iterator<Item = (GridPoint, Metres)>> {
        let by_event = !matches!(self.by_place, ByPlace::Nearest(_));
        by_event.then(|| self.events.iter().map(|event| (event.at.position, event.bandwidth)))
    }

    /// The surface over a raster, events per km² at the cell centres.
    ///
    /// Outside the window the corrected surface runs on as it does inside, so that contours can be drawn up
    /// to the border; it is no estimate there, and 0 where the window is out of the kernel's reach.
    pub fn surface(&self, grid: &RasterGrid) -> Surface {
        let uniform = self.edge == EdgeCorrection::Uniform;
        let (values, masses) = match &self.by_place {
            ByPlace::Fixed(h) => {
                let points: Vec<_> = self.events.iter().map(|event| event.at).collect();
                let values = intensity(&points, grid, self.kernel, *h).values;
                (values, uniform.then(|| self.window.masses_over(grid, self.kernel, *h)))
            }
            ByPlace::Abramson { global, mean, pilot } => {
                let values = direct::surface(&self.events, self.kernel, grid);
                let narrowed = |value: f64| narrowed(*global, value.powf(-0.5), *mean);
                let by_cell = || pilot.surface(grid).values.into_iter().map(narrowed).collect::<Vec<_>>();
                (values, uniform.then(|| self.window.masses_by_cell(grid, self.kernel, &by_cell())))
            }
            ByPlace::Nearest(nearest) => {
                let (values, by_cell) = self.by_cell(nearest, grid);
                (values, uniform.then(|| self.window.masses_by_cell(grid, self.kernel, &by_cell)))
            }
        };
        let surface = Surface { grid: *grid, values };
        match masses {
            Some(masses) => surface.over_masses(&masses),
            None => surface,
        }
    }

    /// Values and bandwidths by cell, where bandwidths belong to the cells.
    fn by_cell(&self, nearest: &NearestEvents, grid: &RasterGrid) -> (Vec<f64>, Vec<Metres>) {
        let columns = grid.columns();
        let mut cells = vec![(0.0, Metres::ONE); grid.cells()];
        cells.par_chunks_mut(columns).enumerate().for_each(|(row, cells)| {
            for (column, cell) in cells.iter_mut().enumerate() {
                let (e, n) = (grid.column_centre_m(column), grid.row_centre_m(row));
                let h = nearest.radius_around(e, n);
                *cell = (self.sum_around(e, n, h), h);
            }
        });
        cells.into_iter().unzip()
    }

    /// Σ w K(d), each event with its bandwidth.
    fn sum(&self, place: GridPoint) -> f64 {
        let term = |event: &Spread| {
            let h = event.bandwidth.get();
            let height = event.at.weight * self.kernel.peak_per_km2(event.bandwidth);
            height * self.kernel.profile(event.at.position.distance_2(place) / h / h)
        };
        self.events.iter().map(term).sum()
    }

    /// Σ w K(d), with one bandwidth.
    fn sum_around(&self, easting_m: f64, northing_m: f64, bandwidth: Metres) -> f64 {
        let h = bandwidth.get();
        let reach = self.kernel.radius(bandwidth).map_or(f64::INFINITY, Metres::get);
        let north = |event: &Spread| event.at.position.northing_m();
        let first = self.events.partition_point(|event| north(event) <= northing_m - reach);
        let end = self.events.partition_point(|event| north(event) < northing_m + reach).max(first);
        let term = |event: &Spread| {
            let de = event.at.position.easting_m() - easting_m;
            let dn = north(event) - northing_m;
            event.at.weight * self.kernel.profile((de * de + dn * dn) / h / h)
        };
        self.events[first..end].iter().map(term).sum::<f64>() * self.kernel.peak_per_km2(bandwidth)
    }
}

/// A value over an edge mass; 0 where the mass is as good as none.
pub(in crate::analysis) fn over_mass(value: f64, mass: f64) -> f64 {
    if mass < LEAST_MASS { 0.0 } else { value / mass }
}

/// Abramson's bandwidth where the pilot's f^(−½) is `root` and its geometric mean over the events `mean`.
fn narrowed(global: Metres, root: f64, mean: f64) -> Metres {
    let share = root.min(WIDEST_IN_MEANS * mean) / mean;
    Metres::new(global.get() * share).unwrap_or(global)
}

/// The geometric mean, each value as often as its point weighs. Points that the pilot has nothing at, which
/// only a correction that leaves them out can bring about, do not count.
fn geometric_mean(values: &[f64], points: &[WeightedPoint]) -> f64 {
    let finite = || values.iter().zip(points).filter(|(value, _)| value.is_finite());
    let weights: f64 = finite().map(|(_, point)| point.weight).sum();
    let logs: f64 = finite().map(|(&value, point)| point.weight * libm::log(value)).sum();
    if weights > 0.0 { libm::exp(logs / weights) } else { 1.0 }
}

#[cfg(test)]
#[path = "estimate_tests.rs"]
mod tests;
