//! Getis-Ord Gi* in space and time.

use rayon::{
    iter::{IndexedParallelIterator, ParallelIterator},
    slice::ParallelSliceMut,
};

use super::Cube;
use crate::analysis::neighbours::Neighbours;

/// What a bin's neighbourhood is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlobalWindow {
    /// All places in all steps.
    EntireCube,
    /// All places in the steps that the neighbourhood reaches over.
    NeighbourhoodSteps,
    /// All places in the bin's own step. The neighbourhood then ends with that step too: bins outside of what
    /// they are compared with would make the statistic another one.
    IndividualStep,
}

/// z of each bin, place by place and step by step, as Gi* has it over a window of n bins:
///
/// z = (Σ x − x̄ W) / (s √((n W − W²)/(n − 1))), the sum over the bins of the place and of its neighbours in
/// the step and in the `steps_back` before it, as far as there are any, W their number; x̄ and s over the
/// window. Getis, A. and Ord, J. K. (1992), doi 10.1111/j.1538-4632.1992.tb00261.x; the neighbourhood as in
/// ArcGIS's Emerging Hot Spot Analysis.
///
/// z = 0 where all bins of the window are equal, and where the neighbourhood is all of it.
///
/// # Example
/// ```
/// use hotspots::analysis::{
///     neighbours::Neighbours,
///     time::emerging::{Cube, gi_star::{GlobalWindow, space_time}},
/// };
/// let mut cube = Cube::new(3, 2);
/// cube.add(2, 1, 6.0);
/// let z = space_time(&cube, &Neighbours::from_rows(3, []), 0, GlobalWindow::EntireCube);
/// // x̄ = 1, s = √5, n = 6, W = 1.
/// assert!((z[5] - 5.0 / 5.0_f64.sqrt()).abs() < 1e-12);
/// ```
pub fn space_time(cube: &Cube, neighbours: &Neighbours, steps_back: usize, window: GlobalWindow) -> Vec<f64> {
    let (places, steps) = (cube.places(), cube.steps());
    let mut z = vec![0.0; places * steps];
    if z.is_empty() {
        return z;
    }
    let back = if window == GlobalWindow::IndividualStep { 0 } else { steps_back };
    let populations = populations(cube, back, window);
    // Σ x of the neighbourhood up to each step, so that any run of steps is one difference.
    let upto = || vec![0.0; steps + 1];
    let rows = z.par_chunks_mut(steps).with_min_len(256).enumerate();
    rows.for_each_init(upto, |upto, (place, row)| {
        let around = neighbours.of(place);
        upto[1..].copy_from_slice(cube.series(place));
        for &other in around {
            for (sum, value) in upto[1..].iter_mut().zip(cube.series(other as usize)) {
                *sum += value;
            }
        }
        for step in 0..steps {
            upto[step + 1] += upto[step];
        }
        for (step, z) in row.iter_mut().enumerate() {
            let first = step.saturating_sub(back);
            let number = (around.len() + 1) * (step + 1 - first);
            *z = populations[step].z(upto[step + 1] - upto[first], number as f64);
        }
    });
    z
}

/// The bins that neighbourhoods are compared with.
#[derive(Clone, Copy, Debug)]
struct Population {
    number: f64,
    mean: f64,
    /// Their standard deviation; 0 where all are equal.
    deviation: f64,
}

impl Population {
    fn z(&self, sum: f64, number: f64) -> f64 {
        let n = self.number;
        let spread = self.deviation * ((n * number - number * number) / (n - 1.0)).sqrt();
        if spread > 0.0 { (sum - self.mean * number) / spread } else { 0.0 }
    }
}

/// The window of each step.
fn populations(cube: &Cube, back: usize, window: GlobalWindow) -> Vec<Population> {
    let steps = Step::all(cube);
    let range = |step: usize| match window {
        GlobalWindow::EntireCube => 0..steps.len(),
        GlobalWindow::NeighbourhoodSteps => step.saturating_sub(back)..step + 1,
        GlobalWindow::IndividualStep => step..step + 1,
    };
    let places = cube.places() as f64;
    (0..steps.len()).map(|step| Step::together(&steps[range(step)], places)).collect()
}

/// The values of one step.
#[derive(Clone, Copy, Debug)]
struct Step {
    mean: f64,
    /// Σ (x − mean)².
    squares: f64,
    least: f64,
    most: f64,
}

impl Step {
    fn all(cube: &Cube) -> Vec<Self> {
        let none = Self { mean: 0.0, squares: 0.0, least: f64::INFINITY, most: f64::NEG_INFINITY };
        let mut all = vec![none; cube.steps()];
        for series in cube.all_series() {
            for (step, &value) in all.iter_mut().zip(series) {
                step.mean += value;
                step.least = step.least.min(value);
                step.most = step.most.max(value);
            }
        }
        for step in &mut all {
            step.mean /= cube.places() as f64;
        }
        for series in cube.all_series() {
            for (step, &value) in all.iter_mut().zip(series) {
                step.squares += (value - step.mean).powi(2);
            }
        }
        all
    }

    /// Steps of `places` values each as one population. Squares about the common mean are those about each
    /// step's own and those of the steps' means: nothing is lost by subtraction.
    fn together(steps: &[Self], places: f64) -> Population {
        let number = places * steps.len() as f64;
        let mean = steps.iter().map(|step| step.mean).sum::<f64>() / steps.len() as f64;
        let squares: f64 = steps.iter().map(|step| step.squares + places * (step.mean - mean).powi(2)).sum();
        let least = steps.iter().map(|step| step.least).fold(f64::INFINITY, f64::min);
        let most = steps.iter().map(|step| step.most).fold(f64::NEG_INFINITY, f64::max);
        // The mean of equal values need not be their value in floating point.
        Population { number, mean, deviation: if most > least { (squares / number).sqrt() } else { 0.0 } }
    }
}
