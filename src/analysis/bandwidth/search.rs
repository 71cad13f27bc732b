//! Finds the bandwidth that a criterion calls best.

use super::{
    left_out::{LeftOut, Sums},
    optimum::{Optimum, minima},
    pairs::PairDistances,
};
use crate::model::Metres;

/// The range of σ that is searched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range {
    from_m: f64,
    to_m: f64,
}

/// Positions are not known better than this, metres.
const SHORTEST_M: f64 = 10.0;
/// Bandwidths of the grid for a criterion that costs little.
const VALUES: u32 = 200;
/// So many local optima are told.
const MOST_OPTIMA: usize = 5;

impl Range {
    /// From 10 m to half of the study area's shorter side, at least two doublings.
    pub(super) fn of(shorter_side: Metres) -> Self {
        Self { from_m: SHORTEST_M, to_m: (shorter_side.get() / 2.0).clamp(4.0 * SHORTEST_M, 1e6) }
    }

    /// The optima of a criterion from pair distances, the best first, over 200 values of σ in geometric
    /// steps.
    pub(super) fn of_pairs(
        self,
        pairs: &PairDistances,
        criterion: fn(&PairDistances, f64) -> Option<f64>,
    ) -> Vec<Optimum> {
        let value = |sigma_m: f64| criterion(pairs, sigma_m).unwrap_or(f64::INFINITY);
        let step = (self.to_m / self.from_m).ln() / f64::from(VALUES - 1);
        let grid: Vec<_> = (0..VALUES)
            .map(|k| self.from_m * (step * f64::from(k)).exp())
            .map(|sigma_m| (sigma_m, value(sigma_m)))
            .collect();
        minima(&grid, MOST_OPTIMA, value)
    }

    /// The optima of a criterion from the sums that leave a place out; `ladder` is from
    /// [`ladder`](Self::ladder).
    pub(super) fn of_sums(
        places: &LeftOut,
        ladder: &[Sums],
        criterion: impl Fn(&Sums) -> f64,
    ) -> Vec<Optimum> {
        let grid: Vec<_> = ladder.iter().map(|sums| (sums.sigma_m, criterion(sums))).collect();
        minima(&grid, 1, |sigma_m| criterion(&places.at(sigma_m)))
    }

    /// The sums for σ from the longest down to the shortest in steps of 2^(1/4), ascending.
    pub(super) fn ladder(self, places: &LeftOut) -> Vec<Sums> {
        let halvings = (self.to_m / self.from_m).log2();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 2 to some dozen")]
        let steps = (2.0 * halvings) as usize + 1;
        let mut ladder = places.at_each(self.to_m, steps);
        ladder.extend(places.at_each(self.to_m * 0.5_f64.powf(0.25), steps));
        ladder.sort_by(|a, b| a.sigma_m.total_cmp(&b.sigma_m));
        ladder
    }
}
