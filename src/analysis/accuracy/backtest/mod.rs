//! Which map would have worked here: many maps made from the months up to a date, each judged by the
//! months after it, date after date.
//!
//! A map is scored by [`Candidate::scores`], which is given the months of training and nothing else, so
//! that it cannot look ahead.

mod candidate;
mod comparison;
mod windows;
mod work;

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

pub use self::{
    candidate::{BandwidthChoice, Candidate, HalfLife, Score},
    comparison::{Comparison, Spread},
    windows::{Window, Windows},
    work::kernel_evaluations,
};
use super::{
    curve::HitCurve,
    figures::{Figures, Judged},
    ranking::{Coverage, Ground, Ranking},
};
use crate::{
    analysis::{neighbours::Neighbours, random::Seed},
    model::{GridPoint, Metres, SquareMetres},
};

/// What happened at one place in one month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Happened {
    /// Where.
    pub position: GridPoint,
    /// The place of its cell in the grid; `None` where it lies in no cell. It then counts in the intensity
    /// around it and is no hit.
    pub cell: Option<u32>,
    /// Number of incidents.
    pub count: u32,
    /// The sum of their weights.
    pub weight: f64,
}

/// Cells that scores are given to: slices of one length, in the order of the cells' ids.
#[derive(Clone, Copy, Debug)]
pub struct Cells<'a> {
    /// Their centres.
    pub centres: &'a [GridPoint],
    /// Their areas inside the study area, m².
    pub areas_m2: &'a [f64],
    /// Which of them touch.
    pub neighbours: &'a Neighbours,
    /// Side of the raster's cells that bandwidths by rule are limited by.
    pub raster_cell: Metres,
    /// Shorter side of the study area's box, which limits them too.
    pub shorter_side: Metres,
    /// The study area.
    pub area: SquareMetres,
}

/// The months in order, each with what happened in it.
pub type Months = [Vec<Happened>];

/// How candidates are tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The maps.
    pub candidates: Vec<Candidate>,
    /// The periods.
    pub windows: Windows,
    /// The shares of the ground that hotspots may cover. The first one ranks the candidates.
    pub coverages: Vec<Coverage>,
    /// How ground is counted.
    pub ground: Ground,
    /// For the resamples of windows.
    pub seed: Seed,
    /// How many resamples an interval is taken from.
    pub resamples: u32,
}

/// What a map was worth in one window.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// The bandwidth that was used, where the candidate has one.
    pub bandwidth: Option<Metres>,
    /// The figures at each coverage.
    pub figures: Vec<Figures>,
    /// The area under the hit rate curve; `None` without later incidents.
    pub area_under_curve: Option<f64>,
}

/// A candidate over all windows.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Its place in the plan.
    pub candidate: usize,
    /// 1 for the best: that with the highest mean PAI at the first coverage; of equal ones that with the
    /// greater area under the curve, then the one that stands first in the plan. Candidates without any
    /// PAI come last.
    pub rank: usize,
    /// What it was worth in each window; `None` where it cannot be computed from its training months.
    pub trials: Vec<Option<Trial>>,
    /// The PAI at each coverage over the windows.
    pub pai: Vec<Spread>,
    /// The PEI at each coverage over the windows.
    pub pei: Vec<Spread>,
    /// The hit rate at each coverage over the windows.
    pub hit_rate: Vec<Spread>,
    /// The area under the curve over the windows.
    pub area_under_curve: Spread,
    /// How it does against the best one, by PAI at the first coverage; `None` for the best itself.
    pub against_best: Option<Comparison>,
}

/// Tries every candidate in every window that the months hold. The best stands first.
pub fn backtest(months: &Months, cells: &Cells<'_>, plan: &Plan) -> Vec<Standing> {
    let windows = plan.windows.over(months.len());
    let tasks: Vec<(usize, Window)> = (0..plan.candidates.len())
        .flat_map(|candidate| windows.iter().map(move |window| (candidate, window.clone())))
        .collect();
    let trial = |(candidate, window): (usize, Window)| trial(months, cells, plan, candidate, &window);
    let mut trials: Vec<Option<Trial>> = tasks.into_par_iter().with_max_len(1).map(trial).collect();
    let mut standings: Vec<Standing> = Vec::with_capacity(plan.candidates.len());
    for candidate in (0..plan.candidates.len()).rev() {
        let own = trials.split_off(candidate * windows.len());
        standings.push(Standing::of(candidate, own, plan.coverages.len()));
    }
    standings.sort_by(|a, b| {
        let ((pai_a, area_a), (pai_b, area_b)) = (a.merit(), b.merit());
        pai_b.total_cmp(&pai_a).then(area_b.total_cmp(&area_a)).then(a.candidate.cmp(&b.candidate))
    });
    let best = standings.first().map(Standing::primary).unwrap_or_default();
    for (index, standing) in standings.iter_mut().enumerate() {
        standing.rank = index + 1;
        standing.against_best = (index > 0).then(|| {
            let stream = plan.seed.stream(standing.candidate as u64);
            Comparison::of(&standing.primary(), &best, plan.resamples, stream)
        });
    }
    standings
}

fn trial(
    months: &Months,
    cells: &Cells<'_>,
    plan: &Plan,
    candidate: usize,
    window: &Window,
) -> Option<Trial> {
    let (training, test) = (months.get(window.train.clone())?, months.get(window.test.clone())?);
    let (scores, bandwidth) = plan.candidates.get(candidate)?.scores(training, plan.windows.test(), cells)?;
    let sums = |months: &Months| {
        let mut sums = vec![0.0; cells.areas_m2.len()];
        for happened in months.iter().flatten() {
            if let Some(sum) = happened.cell.and_then(|cell| sums.get_mut(cell as usize)) {
                *sum += happened.weight;
            }
        }
        sums
    };
    let (later, before) = (sums(test), sums(training));
    let judged =
        Judged { scores: &scores, areas_m2: cells.areas_m2, later: &later, before: &before, expected: None };
    let ranking = Ranking::of(&scores);
    let figures = |&coverage: &Coverage| Figures::of(&judged, &ranking, coverage, plan.ground);
    Some(Trial {
        bandwidth,
        figures: plan.coverages.iter().map(figures).collect(),
        area_under_curve: HitCurve::of(&judged, &ranking, plan.ground).map(|curve| curve.area_under),
    })
}

impl Standing {
    fn of(candidate: usize, trials: Vec<Option<Trial>>, coverages: usize) -> Self {
        let spread = |of: &dyn Fn(&Trial) -> Option<f64>| {
            Spread::of(&trials.iter().map(|trial| trial.as_ref().and_then(of)).collect::<Vec<_>>())
        };
        let at_each = |of: fn(&Figures) -> Option<f64>| -> Vec<Spread> {
            (0..coverages).map(|index| spread(&|trial| trial.figures.get(index).and_then(of))).collect()
        };
        Self {
            candidate,
            rank: 0,
            pai: at_each(|figures| figures.pai),
            pei: at_each(|figures| figures.pei),
            hit_rate: at_each(|figures| figures.hit_rate),
            area_under_curve: spread(&|trial| trial.area_under_curve),
            against_best: None,
            trials,
        }
    }

    /// The PAI at the first coverage in each window.
    fn primary(&self) -> Vec<Option<f64>> {
        let first = |trial: &Trial| trial.figures.first().and_then(|figures| figures.pai);
        self.trials.iter().map(|trial| trial.as_ref().and_then(first)).collect()
    }

    /// What candidates are ordered by.
    fn merit(&self) -> (f64, f64) {
        let mean = |spread: Option<&Spread>| spread.and_then(|spread| spread.mean).unwrap_or(-1.0);
        (mean(self.pai.first()), mean(Some(&self.area_under_curve)))
    }
}

#[cfg(test)]
mod tests;
