//! How much work a backtest is, so that too much can be refused before it begins.

use super::{BandwidthChoice, Candidate, Cells, Months, Plan, Score};
use crate::{
    analysis::{
        bandwidth::{Rule, table},
        density::{Kernel, WeightedPoint, merge},
    },
    model::Metres,
};

/// About how many kernels are evaluated, which is nearly all of the work: for each window and density, every
/// cell against the places that may be near it, and what a rule by cross-validation needs. A Gaussian kernel
/// takes the time of six others, and counts as six.
pub fn kernel_evaluations(months: &Months, cells: &Cells<'_>, plan: &Plan) -> u64 {
    let point = |at: &super::Happened| WeightedPoint { position: at.position, weight: 1.0 };
    let places = merge(months.iter().flatten().map(point).collect()).len();
    let north = |fold: fn(f64, f64) -> f64, start| {
        cells.centres.iter().map(|centre| centre.northing_m()).fold(start, fold)
    };
    let height_m = (north(f64::max, f64::NEG_INFINITY) - north(f64::min, f64::INFINITY)).max(1.0);
    let of_window = |training: &Months| -> f64 {
        let places = training.iter().map(Vec::len).sum::<usize>().min(places);
        let of = |candidate: &Candidate| of_candidate(candidate, places, cells.centres.len(), height_m);
        plan.candidates.iter().map(of).sum()
    };
    let windows = plan.windows.over(months.len());
    let sum: f64 = windows.iter().filter_map(|window| months.get(window.train.clone())).map(of_window).sum();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut to what fits")]
    let whole = sum as u64;
    whole
}

fn of_candidate(candidate: &Candidate, places: usize, cells: usize, height_m: f64) -> f64 {
    let Score::Density { kernel, bandwidth } = candidate.score else { return 0.0 };
    let n = places as f64;
    let strip = |bandwidth: Metres| {
        kernel.radius(bandwidth).map_or(1.0, |radius| (2.0 * radius.get() / height_m).min(1.0))
    };
    let (share, by_rule) = match bandwidth {
        BandwidthChoice::Fixed(bandwidth) => (strip(bandwidth), 0.0),
        BandwidthChoice::ByRule(rule) => {
            let by_rule = match rule {
                Rule::LeastSquares | Rule::LeastSquaresByIncident
                    if places <= table::MOST_PLACES_BY_PAIRS =>
                {
                    n * n / 2.0
                }
                Rule::Likelihood | Rule::LikelihoodByIncident | Rule::CronieVanLieshout
                    if places <= table::MOST_PLACES_LEFT_OUT =>
                {
                    EVALUATIONS_LEFT_OUT * n * n
                }
                _ => 0.0,
            };
            // A rule's value is held to a quarter of the shorter side to each side.
            (if kernel.radius(Metres::ONE).is_some() { 0.5 } else { 1.0 }, by_rule)
        }
    };
    let times = if kernel == Kernel::Gaussian { GAUSSIAN } else { 1.0 };
    times * n * cells as f64 * share + by_rule
}

/// How many other kernels a Gaussian one takes as long as.
const GAUSSIAN: f64 = 6.0;

/// A search looks at the sums of each place for so many bandwidths.
const EVALUATIONS_LEFT_OUT: f64 = 20.0;
