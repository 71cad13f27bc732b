//! The maps that can be tried.

use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

use super::{Cells, Happened, Months};
use crate::{
    analysis::{
        bandwidth::{self, Rule, Situation},
        density::{self, Kernel, WeightedPoint, merge},
        gi_star::gi_star,
    },
    model::{GridPoint, Invalid, Metres},
};

/// A way to make a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// What it is called.
    pub name: String,
    /// What it scores cells by.
    pub score: Score,
    /// After how many months an incident counts half as much; `None` where all training months count alike.
    pub half_life: Option<HalfLife>,
}

/// A number of months.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct HalfLife(f64);

impl HalfLife {
    /// The least and most months.
    pub const MONTHS: std::ops::RangeInclusive<f64> = 0.25..=120.0;

    /// # Errors
    /// [`Invalid`] unless it is within [`MONTHS`](Self::MONTHS).
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::accuracy::backtest::HalfLife;
    /// assert_eq!(HalfLife::new(6.0).unwrap().months(), 6.0);
    /// assert!(HalfLife::new(0.0).is_err());
    /// ```
    pub fn new(months: f64) -> Result<Self, Invalid> {
        if Self::MONTHS.contains(&months) {
            Ok(Self(months))
        } else {
            Err(Invalid::new(months, "a half-life is 0.25 to 120 months"))
        }
    }

    /// The months.
    pub const fn months(self) -> f64 {
        self.0
    }

    /// What an incident of that age counts.
    fn factor(self, age_months: f64) -> f64 {
        0.5_f64.powf(age_months / self.0)
    }
}

/// What cells are scored by. Incidents count with their weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Score {
    /// The intensity at the cell's centre, without edge correction.
    Density {
        /// The kernel.
        kernel: Kernel,
        /// Its bandwidth.
        bandwidth: BandwidthChoice,
    },
    /// Incidents in the cell in all of the training months.
    Counts,
    /// Incidents in the cell in the last so many training months.
    LatestCounts {
        /// How many.
        months: usize,
    },
    /// Incidents in the cell in the months that lie a year, or whole years, before those of the test.
    SameSeason,
    /// The z-score of Getis-Ord Gi* of the incidents in the cell and those it touches.
    GiStar,
}

/// The bandwidth of a density.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BandwidthChoice {
    /// The same in every window.
    Fixed(Metres),
    /// By a rule from the training months of each window, within its limits.
    ByRule(Rule),
}

impl Candidate {
    /// The score of each cell from the months of training, in the order of the cells, and the bandwidth
    /// that was used; `test` is how many months after them are to be told. `None` where the months do not
    /// hold what the score needs: no month for the season, or none at all.
    pub fn scores(
        &self,
        training: &Months,
        test: usize,
        cells: &Cells<'_>,
    ) -> Option<(Vec<f64>, Option<Metres>)> {
        if self.months(training.len(), test).is_empty() {
            return None;
        }
        let weighted = self.weighted(training, test);
        match self.score {
            Score::Density { kernel, bandwidth } => {
                let bandwidth = match bandwidth {
                    BandwidthChoice::Fixed(bandwidth) => bandwidth,
                    BandwidthChoice::ByRule(rule) => by_rule(rule, kernel, training, cells),
                };
                let points = weighted.map(|(at, weight)| WeightedPoint { position: at.position, weight });
                let scores = intensities(&merge(points.collect()), cells.centres, kernel, bandwidth);
                Some((scores, Some(bandwidth)))
            }
            Score::Counts | Score::LatestCounts { .. } | Score::SameSeason => {
                Some((counts(weighted, cells), None))
            }
            Score::GiStar => {
                let stars = gi_star(&counts(weighted, cells), cells.neighbours);
                Some((stars.iter().map(|star| star.z).collect(), None))
            }
        }
    }

    /// The training months in use, by their places, of so many.
    fn months(&self, training: usize, test: usize) -> Vec<usize> {
        match self.score {
            Score::LatestCounts { months } => (training.saturating_sub(months)..training).collect(),
            Score::SameSeason => {
                let is_season =
                    |month: &usize| (0..test).any(|later| (training + later - month).is_multiple_of(12));
                (0..training).filter(is_season).collect()
            }
            _ => (0..training).collect(),
        }
    }

    /// What happened in the training months in use, with the weight that its age leaves it.
    fn weighted<'a>(&self, training: &'a Months, test: usize) -> impl Iterator<Item = (&'a Happened, f64)> {
        let half_life = self.half_life;
        let of_month = move |month: usize| {
            let age_months = (training.len() - 1 - month) as f64;
            let factor = half_life.map_or(1.0, |half_life| half_life.factor(age_months));
            training[month].iter().map(move |at| (at, at.weight * factor))
        };
        self.months(training.len(), test).into_iter().flat_map(of_month)
    }
}

/// Sums by cell.
fn counts<'a>(weighted: impl Iterator<Item = (&'a Happened, f64)>, cells: &Cells<'_>) -> Vec<f64> {
    let mut sums = vec![0.0; cells.areas_m2.len()];
    for (at, weight) in weighted {
        if let Some(sum) = at.cell.and_then(|cell| sums.get_mut(cell as usize)) {
            *sum += weight;
        }
    }
    sums
}

fn by_rule(rule: Rule, kernel: Kernel, training: &Months, cells: &Cells<'_>) -> Metres {
    let points = |weight: fn(&Happened) -> f64| {
        let point = |at: &Happened| WeightedPoint { position: at.position, weight: weight(at) };
        merge(training.iter().flatten().map(point).collect())
    };
    let situation = Situation {
        counted: &points(|at| f64::from(at.count)),
        weighted: &points(|at| at.weight),
        cell: cells.raster_cell,
        shorter_side: cells.shorter_side,
        area: cells.area,
        kernel,
    };
    bandwidth::choose(rule, &situation).given.bandwidth
}

/// The intensity at each position, events per km². Points are merged, and so run from south to north: only
/// those that the kernel reaches are looked at.
fn intensities(
    points: &[WeightedPoint],
    positions: &[GridPoint],
    kernel: Kernel,
    bandwidth: Metres,
) -> Vec<f64> {
    let reach = kernel.radius(bandwidth).map_or(f64::INFINITY, Metres::get);
    let at = |position: &GridPoint| {
        let north = position.northing_m();
        let first = points.partition_point(|point| point.position.northing_m() < north - reach);
        let end = points.partition_point(|point| point.position.northing_m() <= north + reach);
        density::intensity_at(points.get(first..end).unwrap_or_default(), *position, kernel, bandwidth)
    };
    positions.par_iter().with_min_len(64).map(at).collect()
}
