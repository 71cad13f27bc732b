//! How many events a cylinder needs for a ratio of a given level.
//!
//! The ratio rises with the events and falls with what is expected. So for every window there is a least
//! number of events for each weight of a zone, found once; after that a cylinder is held against a whole
//! number in place of two logarithms.

use super::{counts::Cases, llr::poisson, rules::Windows};

/// The least numbers of events for one level of the ratio, in rows by the zone's weight.
pub(super) struct Floor {
    level: f64,
    /// The least weight of each row, ascending.
    weights: Vec<f64>,
    /// By row, then the window's length, then its start in whole groups.
    needed: Vec<i32>,
    row: usize,
}

/// From row to row the weight grows by this factor, or by a larger one where that made too many rows. Within
/// a row the least weight counts, so that a floor is rather too low than too high.
const STEP: f64 = 1.02;
const MOST_ROWS: f64 = 1_000.0;
/// More than any zone has, and small enough to be added to.
const NEVER: i32 = i32::MAX / 2;
/// Fewer events are no cluster.
pub(super) const FEWEST: u32 = 2;

impl Floor {
    pub(super) fn new(cases: &Cases, windows: &Windows, greatest_weight: f64, level: f64) -> Self {
        let least = cases.site_weights().iter().copied().filter(|weight| *weight > 0.0);
        let least = least.min_by(f64::total_cmp).unwrap_or(1.0);
        let weights = rungs(least, greatest_weight);
        let row = cases.width() * windows.longest;
        let mut needed = vec![NEVER; weights.len() * row];
        for window in windows.all() {
            let place = (window.len() - 1) * cases.width() + window.start;
            let window_weight = cases.window_weight(window);
            let mut events = FEWEST;
            for (weight, row) in weights.iter().zip(needed.chunks_exact_mut(row)) {
                let expected = cases.expected(*weight, window_weight);
                events = least_for(level, events, expected, cases.events());
                row[place] = i32::try_from(events).unwrap_or(NEVER).min(NEVER);
            }
        }
        Self { level, weights, needed, row }
    }

    /// The ratio.
    pub(super) fn level(&self) -> f64 {
        self.level
    }

    /// The least numbers for a zone of that weight.
    #[inline]
    pub(super) fn needed(&self, zone_weight: f64) -> &[i32] {
        let row = self.weights.partition_point(|weight| *weight <= zone_weight).saturating_sub(1);
        &self.needed[row * self.row..][..self.row]
    }
}

/// Weights from the least to the greatest, each over the one before by the same factor.
fn rungs(least: f64, greatest: f64) -> Vec<f64> {
    let logarithm = (greatest / least).max(1.0).ln();
    let rows = (logarithm / STEP.ln()).ceil().clamp(1.0, MOST_ROWS);
    let step = (logarithm / rows).exp();
    #[expect(clippy::cast_possible_truncation, reason = "at most a thousand")]
    (0..rows as i32).map(|row| least * step.powi(row)).collect()
}

/// The least number of events from `from` on whose ratio reaches the level; beyond `total` where none does.
fn least_for(level: f64, from: u32, expected: f64, total: u32) -> u32 {
    // What rounding takes from a ratio must not hide it.
    let level = level * (1.0 - 1e-9);
    let mut events = from;
    while events <= total && poisson(f64::from(events), expected, f64::from(total)) < level {
        events += 1;
    }
    if events > total { u32::MAX } else { events }
}
