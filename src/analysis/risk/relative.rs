//! The log relative risk and its tolerance.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use crate::{
    analysis::{
        bandwidth::spread::oversmoothing_sigma_m,
        density::{EdgeCorrection, Estimate, Kernel, RasterGrid, Smoothing, Surface, WeightedPoint, Window},
        normal,
    },
    model::{GridPoint, Invalid, Metres},
};

/// A sum of kernels below this many events per km² counts as none: no event is near, and what a kernel
/// without end has there says nothing.
pub(super) const NONE_PER_KM2: f64 = 1e-9;

/// How much both densities are raised before they are divided, in mean densities.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shrinkage(f64);

impl Shrinkage {
    /// The most that makes sense: beyond it hardly a difference is left.
    pub const MOST: f64 = 10.0;

    /// # Errors
    /// [`Invalid`] unless it is 0 to [`MOST`](Self::MOST).
    pub fn new(share: f64) -> Result<Self, Invalid> {
        if (0.0..=Self::MOST).contains(&share) {
            Ok(Self(share))
        } else {
            Err(Invalid::new(share, format!("a shrinkage is 0 to {} mean densities", Self::MOST)))
        }
    }

    /// The share of the mean density that is added to both.
    pub const fn get(self) -> f64 {
        self.0
    }
}

/// Choices of a relative risk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RiskParameters {
    /// σ of the Gaussian kernel, for cases and controls alike.
    pub sigma: Metres,
    /// The edge correction; [`EdgeCorrection::None`] is allowed, because both lose alike at a border.
    pub edge: EdgeCorrection,
    /// What is added to both densities. It draws the ratio to 1 where there are few events of both.
    pub shrinkage: Shrinkage,
}

/// The default σ: that of the oversmoothing rule on all events, with √(cases · controls) in the place of
/// their number, metres. `None` where the events have no spread or a group is empty.
/// Davies, T. M., Marshall, J. C. and Hazelton, M. L. (2018), doi 10.1002/sim.7577.
pub fn default_sigma_m(all: &[GridPoint], cases: usize, controls: usize) -> Option<f64> {
    let between = (cases as f64 * controls as f64).sqrt();
    if between <= 0.0 {
        return None;
    }
    Some(oversmoothing_sigma_m(all)? * libm::pow(all.len() as f64 / between, 1.0 / 6.0))
}

/// What the two densities say at one place. Densities are shares of the group's events per km².
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Compared {
    /// Density of the cases.
    pub cases: f64,
    /// Density of the controls.
    pub controls: f64,
    /// Density of both together.
    pub pooled: f64,
    /// ln(cases/controls), both raised by the shrinkage. `None` where either is nothing: there is no ratio
    /// to nothing, nor of it.
    pub log_ratio: Option<f64>,
    /// The log ratio over its standard error where cases and controls have the same density;
    /// `None` with it, and where there is nothing of both.
    pub z: Option<f64>,
}

impl Compared {
    /// The relative risk itself, exp of the log ratio.
    pub fn ratio(&self) -> Option<f64> {
        self.log_ratio.map(libm::exp)
    }

    /// Cases less controls, shares of their events per km².
    pub fn difference(&self) -> f64 {
        self.cases - self.controls
    }

    /// The probability of so high a ratio, or a higher one, were the densities the same (asymptotically).
    pub fn p_upper(&self) -> Option<f64> {
        self.z.map(normal::upper_p)
    }
}

/// The z of a log relative risk at a place.
///
/// Its variance under equal densities is that of Hazelton, M. L. and Davies, T. M. (2009),
/// doi 10.1002/bimj.200810495: R (1/n₁ + 1/n₂)/(h² f), with R = q(h/√2)/(4π q(h)²), the edge masses q of
/// kernels of σ and σ/√2 there, and the pooled density f. With a shrinkage δ the ratio varies less, by the
/// factor (f/(f + δ))².
///
/// `densities` are those of the pooled events and δ, per m²; `masses` are q(h) and q(h/√2).
pub fn tolerance_z(
    log_ratio: f64,
    sigma: Metres,
    [pooled, shift]: [f64; 2],
    [mass, narrow_mass]: [f64; 2],
    [cases, controls]: [f64; 2],
) -> Option<f64> {
    let h = sigma.get();
    let roughness = narrow_mass / (4.0 * PI * mass * mass);
    let variance = roughness * (1.0 / cases + 1.0 / controls) * pooled / (h * h);
    let z = log_ratio * (pooled + shift) / variance.sqrt();
    (pooled > 0.0 && z.is_finite()).then_some(z)
}

/// One group's events, smoothed.
pub(super) struct Group<'a> {
    pub(super) estimate: Estimate<'a>,
    /// Number of events.
    pub(super) events: f64,
    /// The surface, events per km².
    pub(super) surface: Surface,
    /// What it holds inside, events.
    pub(super) held: f64,
}

/// The relative risk of cases against controls in a window.
pub struct RelativeRisk<'a> {
    pub(super) window: &'a Window,
    pub(super) parameters: RiskParameters,
    pub(super) inside: Vec<bool>,
    pub(super) cases: Group<'a>,
    pub(super) controls: Group<'a>,
    /// Cases and then controls, as they were given.
    pub(super) points: [Vec<WeightedPoint>; 2],
}

impl<'a> RelativeRisk<'a> {
    /// Smooths both groups over a raster. The weights of the points are numbers of events; events whose
    /// harm is weighed have no sampling error that a tolerance could be told from.
    ///
    /// A density is divided by its own integral over the window, which an edge correction leaves near 1:
    /// the mean over the cells inside times the window's area. `None` where a group has no event in the
    /// window, or no cell is inside.
    pub fn new(
        cases: &[WeightedPoint],
        controls: &[WeightedPoint],
        window: &'a Window,
        grid: &RasterGrid,
        parameters: RiskParameters,
    ) -> Option<Self> {
        let inside = window.inside(grid);
        let smoothing = Smoothing::fixed(Kernel::Gaussian, parameters.sigma, parameters.edge);
        let group = |points: &[WeightedPoint]| {
            let estimate = Estimate::new(points, window, &smoothing);
            let surface = estimate.surface(grid);
            let held = held(&surface.values, &inside, window);
            let events: f64 = points.iter().map(|point| point.weight).sum();
            (held > 0.0).then_some(Group { estimate, events, surface, held })
        };
        Some(Self {
            cases: group(cases)?,
            controls: group(controls)?,
            points: [cases.to_vec(), controls.to_vec()],
            window,
            parameters,
            inside,
        })
    }

    /// The numbers of events, cases and controls.
    pub fn events(&self) -> [f64; 2] {
        [self.cases.events, self.controls.events]
    }

    /// The integrals of the two densities over the window before they were divided by them.
    pub fn integrals(&self) -> [f64; 2] {
        [&self.cases, &self.controls].map(|group| group.held / group.events)
    }

    /// Whether a cell's centre is inside, in the order of [`surface`](Self::surface).
    pub fn inside(&self) -> &[bool] {
        &self.inside
    }

    /// The comparison at a place.
    pub fn at(&self, place: GridPoint) -> Compared {
        let sums = [&self.cases, &self.controls].map(|group| group.estimate.at(place));
        self.compare(sums, self.masses().map(|h| self.window.mass_at(place, Kernel::Gaussian, h)))
    }

    /// The comparison at each cell's centre, row by row from the south. Outside the window it runs on, so
    /// that contours can be drawn up to the border.
    pub fn surface(&self) -> Vec<Compared> {
        let grid = &self.cases.surface.grid;
        let [wide, narrow] = self.masses().map(|h| self.window.masses_over(grid, Kernel::Gaussian, h));
        let sums = self.cases.surface.values.iter().zip(&self.controls.surface.values);
        let masses = wide.iter().zip(&narrow);
        sums.zip(masses).map(|((&f, &g), (&wide, &narrow))| self.compare([f, g], [wide, narrow])).collect()
    }

    /// The bandwidths that edge masses are needed for.
    fn masses(&self) -> [Metres; 2] {
        let sigma = self.parameters.sigma;
        [sigma, Metres::new(sigma.get() * FRAC_1_SQRT_2).unwrap_or(sigma)]
    }

    /// What is added to both densities, per km².
    pub(super) fn shift(&self) -> f64 {
        self.parameters.shrinkage.get() / self.window.area().km2()
    }

    /// `sums` are events per km², cases and controls.
    fn compare(&self, sums: [f64; 2], masses: [f64; 2]) -> Compared {
        let shift = self.shift();
        let held = [self.cases.held, self.controls.held];
        let [cases, controls] = [sums[0] / held[0], sums[1] / held[1]];
        let pooled = (sums[0] + sums[1]) / (held[0] + held[1]);
        let log_ratio = log_ratio(sums, held, shift);
        let densities = [pooled, shift].map(|per_km2| per_km2 * 1e-6);
        let z = log_ratio
            .and_then(|log| tolerance_z(log, self.parameters.sigma, densities, masses, self.events()));
        Compared { cases, controls, pooled, log_ratio, z }
    }
}

/// ln of the ratio of two densities, each `sums` over what it holds and raised by `shift`.
pub(super) fn log_ratio(sums: [f64; 2], held: [f64; 2], shift: f64) -> Option<f64> {
    let near = sums.map(|sum| if sum < NONE_PER_KM2 { 0.0 } else { sum });
    let [cases, controls] = [near[0] / held[0] + shift, near[1] / held[1] + shift];
    (cases > 0.0 && controls > 0.0).then(|| libm::log(cases / controls))
}

/// The integral of a surface over a window, events: the mean over the cells inside times the area.
pub(super) fn held(values: &[f64], inside: &[bool], window: &Window) -> f64 {
    let within = || values.iter().zip(inside).filter(|(_, inside)| **inside);
    let cells = within().count();
    let sum: f64 = within().map(|(value, _)| value).sum();
    if cells == 0 { 0.0 } else { sum / cells as f64 * window.area().km2() }
}

#[cfg(test)]
mod tests;
