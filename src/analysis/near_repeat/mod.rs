//! Near repeats: do incidents that are close in place follow each other sooner than chance explains?
//!
//! Every unordered pair of events is counted by its distance and by its days apart (Knox, E. G., 1964, doi
//! 10.2307/2985220). Chance deals the days out to the events anew; what it makes of each cell of the table
//! is what the observed number is held against (Johnson, S. D. *et al.*, 2007, doi
//! 10.1007/s10940-007-9025-3; Ratcliffe's Near Repeat Calculator).
//!
//! | band | holds the pairs with |
//! |---|---|
//! | same place | distance ≤ 0.001 m |
//! | of limits a, b | a ≤ distance < b; the first: 0.001 m < distance < the first limit |
//! | beyond | distance ≥ the last limit |
//! | of days a, b | a ≤ days apart < b; the first from 0 |
//! | later | days apart ≥ the last limit |

mod bands;
mod moments;
mod pairs;

pub use bands::{DayBands, DistanceBands, Metric, SAME_PLACE_M};

use super::{
    monte_carlo::{Replications, p_at_least},
    order::median,
    progress::{Watch, pieces},
    random::Seed,
};
use crate::model::GridPoint;
use moments::Shape;
use pairs::NearPairs;

/// An event of which place and day are known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DatedPoint {
    /// Where.
    pub position: GridPoint,
    /// Number of the day, from any first one.
    pub day: i32,
}

/// The rules of a near-repeat analysis.
#[derive(Clone, Debug, PartialEq)]
pub struct NearRepeatRules {
    /// Bands of distance.
    pub distances: DistanceBands,
    /// Bands of days.
    pub days: DayBands,
    /// How distance is measured.
    pub metric: Metric,
    /// How often chance is played out.
    pub replications: Replications,
    /// What it starts from.
    pub seed: Seed,
}

/// One cell of the table: a band of distance and a band of days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Pairs observed.
    pub observed: u64,
    /// Their mean number in the simulations.
    pub mean: f64,
    /// Their median number in the simulations.
    pub median: f64,
    /// The share of simulations with at least as many, the observed table counted in.
    pub p: f64,
    /// The mean over *all* ways to deal out the days: row total × column total / pairs.
    pub exact_mean: f64,
    /// The standard deviation over all ways to deal out the days; `None` for fewer than two events.
    pub exact_sd: Option<f64>,
}

impl Cell {
    /// Observed / mean of the simulations: the near-repeat ratio. `None` where no simulation has any.
    pub fn ratio(&self) -> Option<f64> {
        quotient(self.observed, self.mean)
    }

    /// Observed / median of the simulations. `None` where that is 0.
    pub fn ratio_to_median(&self) -> Option<f64> {
        quotient(self.observed, self.median)
    }

    /// Observed / exact mean. `None` where that is 0.
    pub fn ratio_to_exact_mean(&self) -> Option<f64> {
        quotient(self.observed, self.exact_mean)
    }
}

fn quotient(observed: u64, of: f64) -> Option<f64> {
    (of > 0.0).then(|| observed as f64 / of)
}

/// What a near-repeat analysis gives.
#[derive(Clone, Debug, PartialEq)]
pub struct NearRepeat {
    /// Events.
    pub events: usize,
    /// Unordered pairs of them: n(n − 1)/2, the sum of the observed numbers.
    pub pairs: u64,
    /// A row for each band of distance, the same place first and what is beyond last; in it a cell for
    /// each band of days, what is later last.
    pub rows: Vec<Vec<Cell>>,
}

/// Why there is no table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoNearRepeat {
    /// The watch stopped it.
    #[error("the analysis was stopped")]
    Stopped,
    /// Too many pairs lie within the last limit.
    #[error(
        "more than {} million pairs of incidents lie within the last limit of distance; choose a shorter period or a smaller limit",
        NearPairs::MOST / 1_000_000
    )]
    TooManyPairs,
}

/// Counts all pairs of events by distance and days apart, and says what chance makes of them.
///
/// Any number of events will do: none, or one, makes a table of zeros with p = 1.
///
/// # Errors
/// [`NoNearRepeat`].
///
/// # Example
/// ```
/// use hotspots::{
///     analysis::{near_repeat::{DatedPoint, DayBands, DistanceBands, NearRepeatRules, near_repeat}, progress::Unwatched},
///     model::{GridPoint, Metres},
/// };
/// let at = |east: f64, day| DatedPoint { position: GridPoint::new(390_000.0 + east, 290_000.0).unwrap(), day };
/// let rules = NearRepeatRules {
///     distances: DistanceBands::new(vec![Metres::new(200.0).unwrap()]).unwrap(),
///     days: DayBands::new(vec![7]).unwrap(),
///     metric: Default::default(),
///     replications: Default::default(),
///     seed: Default::default(),
/// };
/// let events = [at(0.0, 1), at(50.0, 3), at(5_000.0, 200), at(9_000.0, 300)];
/// let table = near_repeat(&events, &rules, &Unwatched).unwrap();
/// // One pair of six lies within 200 m, and it is within a week.
/// assert_eq!((table.pairs, table.rows[1][0].observed, table.rows[1][1].observed), (6, 1, 0));
/// assert_eq!(table.rows[1][0].exact_mean, 1.0 / 6.0);
/// ```
pub fn near_repeat(
    events: &[DatedPoint],
    rules: &NearRepeatRules,
    watch: &dyn Watch,
) -> Result<NearRepeat, NoNearRepeat> {
    let near = NearPairs::of(events, &rules.distances, rules.metric).ok_or(NoNearRepeat::TooManyPairs)?;
    let days: Vec<i32> = events.iter().map(|event| event.day).collect();
    let (by_distance, by_days) = (near.shapes(), rules.days.shapes(&days));
    let totals: Vec<u64> = by_days.iter().map(|shape| shape.pairs).collect();
    let count = |days: &[i32]| near.table(days, &rules.days, &totals);

    let observed = count(&days);
    let simulated = pieces(rules.replications.get(), watch, |replication| {
        let mut days = days.clone();
        rules.seed.stream(replication as u64).shuffle(&mut days);
        count(&days)
    })
    .ok_or(NoNearRepeat::Stopped)?;

    let cell = |row: usize, column: usize, observed: u64| {
        let at = |table: &Vec<Vec<u64>>| table[row][column];
        let values: Vec<u64> = simulated.iter().map(at).collect();
        let numbers: Vec<f64> = values.iter().map(|value| *value as f64).collect();
        let (exact_mean, exact_sd) = moments::of_chance(&by_distance[row], &by_days[column]);
        Cell {
            observed,
            // Numbers of pairs are whole, so that their sum does not depend on its order.
            mean: numbers.iter().sum::<f64>() / numbers.len() as f64,
            median: median(&numbers).unwrap_or(0.0),
            p: p_at_least(&observed, &values),
            exact_mean,
            exact_sd,
        }
    };
    let row = |(row, cells): (usize, &Vec<u64>)| {
        (0..).zip(cells).map(|(column, &observed)| cell(row, column, observed)).collect()
    };
    Ok(NearRepeat {
        events: events.len(),
        pairs: Shape::pairs_of(events.len()),
        rows: observed.iter().enumerate().map(|(number, cells)| row((number, cells))).collect(),
    })
}

#[cfg(test)]
mod tests;
