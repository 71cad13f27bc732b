//! Emerging hot spots: which places are new, growing, fading or lasting hot and cold spots.
//!
//! Counts by place and step of time are a [`Cube`]. Each of its bins is compared with its neighbourhood in
//! space and time by Getis-Ord Gi* ([`gi_star`]), each place's series of z is tested for a trend by
//! Mann-Kendall, and both together decide its [`Category`], in the words of ArcGIS's tool of that name.

mod category;
mod cube;
pub mod gi_star;

pub use category::{Category, Definition, Direction, Kind, Side, categorise};
pub use cube::Cube;
use gi_star::GlobalWindow;
use rayon::{
    iter::{IndexedParallelIterator, ParallelIterator},
    slice::ParallelSlice,
};

use super::{
    level::Alpha,
    mann_kendall::{MannKendall, mann_kendall},
};
use crate::analysis::{neighbours::Neighbours, normal};

/// What the categories depend on, beside the counts and who is whose neighbour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// How many steps before its own belong to a bin's neighbourhood.
    pub steps_back: usize,
    /// What a neighbourhood is compared with.
    pub window: GlobalWindow,
    /// From which p on a bin is hot or cold.
    pub alpha: Alpha,
    /// Whether that p is adjusted for the number of bins (Benjamini–Hochberg).
    pub fdr: bool,
    /// From which p on a place's z has a trend.
    pub trend_alpha: Alpha,
    /// The wording of the categories.
    pub definition: Definition,
}

impl Default for Rules {
    /// One step back, compared with the entire cube, 0.05 with FDR, trends at 0.05, current wording.
    fn default() -> Self {
        Self {
            steps_back: 1,
            window: GlobalWindow::EntireCube,
            alpha: Alpha::default(),
            fdr: true,
            trend_alpha: Alpha::default(),
            definition: Definition::Current,
        }
    }
}

/// What was found of one place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pattern {
    /// Its category; `None` for no pattern.
    pub category: Option<Category>,
    /// Steps in which it was hot.
    pub hot_steps: usize,
    /// Steps in which it was cold.
    pub cold_steps: usize,
    /// The trend of its z.
    pub trend: MannKendall,
}

/// What was found of a cube.
#[derive(Clone, Debug, PartialEq)]
pub struct Emerging {
    steps: usize,
    z: Vec<f64>,
    /// The least |z| of a hot or cold bin; `None` where there is no such bin.
    pub least_z: Option<f64>,
    /// A pattern for each place of the cube.
    pub patterns: Vec<Pattern>,
}

impl Emerging {
    /// z of a place in each step; empty for a place that does not exist.
    pub fn z(&self, place: usize) -> &[f64] {
        let start = place.saturating_mul(self.steps);
        self.z.get(start..start.saturating_add(self.steps)).unwrap_or_default()
    }
}

/// Finds the category of each place of a cube.
///
/// A bin is hot (cold) where z is above (below) 0 and its two-sided normal p at most `alpha`, with `fdr`
/// after the step-up procedure over all bins of the cube. A place with no incident of its own can be hot, as
/// its neighbours count for it. Without steps there are no patterns.
///
/// Cost: places × steps × (neighbours + steps/2); 100,000 places of 24 steps take a fraction of a second.
///
/// # Example
/// ```
/// use hotspots::analysis::{neighbours::Neighbours, time::emerging::{Cube, Rules, emerging}};
/// // Sixty places in a line; from the tenth step on incidents come to the middle of it.
/// let line = Neighbours::from_rows(60, (0..60_u32).map(|i| vec![i + 1, i.wrapping_sub(1)]));
/// let mut cube = Cube::new(60, 12);
/// for step in 9..12 {
///     cube.add(30, step, 8.0);
/// }
/// let found = emerging(&cube, &line, Rules::default());
/// assert_eq!(found.patterns[30].category.unwrap().to_string(), "Consecutive Hot Spot");
/// assert_eq!((found.patterns[30].hot_steps, found.patterns[0].category), (3, None));
/// ```
pub fn emerging(cube: &Cube, neighbours: &Neighbours, rules: Rules) -> Emerging {
    let z = gi_star::space_time(cube, neighbours, rules.steps_back, rules.window);
    let least_z = least_z(&z, rules.alpha, rules.fdr);
    let flag = |z: f64| match least_z {
        Some(least) if z >= least => Some(Side::Hot),
        Some(least) if -z >= least => Some(Side::Cold),
        _ => None,
    };
    let pattern = |series: &[f64]| {
        let flags: Vec<_> = series.iter().map(|&z| flag(z)).collect();
        let trend = mann_kendall(series);
        let steps_of = |side| flags.iter().filter(|&&flag| flag == Some(side)).count();
        let direction = Direction::of(&trend, rules.trend_alpha);
        Pattern {
            category: categorise(&flags, direction, rules.definition),
            hot_steps: steps_of(Side::Hot),
            cold_steps: steps_of(Side::Cold),
            trend,
        }
    };
    let steps = cube.steps();
    let patterns = z.par_chunks(steps.max(1)).with_min_len(256).map(pattern).collect();
    Emerging { steps, z, least_z, patterns }
}

/// The least |z| whose p is significant. p falls as |z| rises, so that a limit of one is a limit of the
/// other, and p is needed of the few bins only that may pass.
fn least_z(z: &[f64], alpha: Alpha, fdr: bool) -> Option<f64> {
    let plain = normal::quantile(1.0 - alpha.get() / 2.0);
    let mut passing: Vec<f64> = z.iter().map(|z| z.abs()).filter(|&z| z >= plain).collect();
    if !fdr {
        return (!passing.is_empty()).then_some(plain);
    }
    passing.sort_unstable_by(|a, b| b.total_cmp(a));
    let share = alpha.get() / z.len() as f64;
    let passes = |&(rank, &z): &(usize, &f64)| normal::two_sided_p(z) <= (rank + 1) as f64 * share;
    passing.iter().enumerate().rev().find(passes).map(|(_, &z)| z)
}

#[cfg(test)]
mod tests;
