//! Figures of predictive accuracy at one coverage.

use super::ranking::{Coverage, Ground, Ranking};

/// A map and what came later, cell by cell: all slices in the order of the grid and of its length.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// What the map says of each cell: the higher, the hotter.
    pub scores: &'a [f64],
    /// Area of each cell inside the study area, m².
    pub areas_m2: &'a [f64],
    /// Incidents of the later period in each cell, or their weights' sum.
    pub later: &'a [f64],
    /// Incidents of the period that the map was made from in each cell.
    pub before: &'a [f64],
    /// How many incidents the map expects in each cell in the later period, where it says so.
    pub expected: Option<&'a [f64]>,
}

/// How well the hotspots at one coverage held later incidents. Shares are 0…1. What divides by zero is
/// `None`: a hit rate of no later incidents, an index of no ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// The share of the ground that was asked for.
    pub coverage: f64,
    /// Cells in the hotspots.
    pub cells: usize,
    /// Their share of the cells.
    pub cell_share: f64,
    /// Their share of the study area.
    pub area_share: f64,
    /// The score of the last of them; `None` without any.
    pub cutoff: Option<f64>,
    /// Whether the next cell, which was left out, has the same score.
    pub tie_at_cutoff: bool,
    /// Later incidents in them.
    pub hits: f64,
    /// The share of later incidents that they hold.
    pub hit_rate: Option<f64>,
    /// Predictive accuracy index: the hit rate over the share of the ground, counted as the hotspots were
    /// chosen. 1 is what hotspots by lot would have.
    /// Chainey, S., Tompson, L. and Uhlig, S. (2008), doi 10.1057/palgrave.sj.8350066.
    pub pai: Option<f64>,
    /// The same with cells for ground.
    pub pai_by_cells: Option<f64>,
    /// The same with exact areas for ground.
    pub pai_by_area: Option<f64>,
    /// The most later incidents that hotspots of the same ground could have held.
    pub best_hits: f64,
    /// Predictive efficiency index: hits over the best possible, 0…1.
    /// Hunt, J. M. (2016), *Do crime hot spots move?*
    pub pei: Option<f64>,
    /// Incidents of the period before in them.
    pub hits_before: f64,
    /// Recapture rate index: (hits later / hits before) / (all later / all before). 1 where the hotspots
    /// hold as large a share as before.
    /// Levine, N. (2008), The "hottest" part of a hotspot, doi 10.1057/sj.2008.5.
    pub recapture_rate_index: Option<f64>,
    /// Incidents that the map expects in its hotspots over those that came. Above 1 it promised too much.
    pub predicted_observed_ratio: Option<f64>,
}

impl Figures {
    /// Judges the hotspots at a coverage.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::accuracy::{Coverage, Figures, Ground, Judged, Ranking};
    /// let judged = Judged {
    ///     scores: &[9.0, 7.0, 1.0, 0.0],
    ///     areas_m2: &[1e4; 4],
    ///     later: &[3.0, 0.0, 5.0, 0.0],
    ///     before: &[4.0, 2.0, 0.0, 0.0],
    ///     expected: None,
    /// };
    /// let quarter = Coverage::new(0.25).unwrap();
    /// let figures = Figures::of(&judged, &Ranking::of(judged.scores), quarter, Ground::Cells);
    /// assert_eq!(figures.pai, Some(1.5)); // 3 of 8 on a quarter of the ground
    /// assert_eq!(figures.pei, Some(0.6)); // the best quarter holds 5
    /// assert_eq!(figures.recapture_rate_index, Some(0.5625)); // (3/4)/(8/6)
    /// ```
    pub fn of(judged: &Judged<'_>, ranking: &Ranking, coverage: Coverage, ground: Ground) -> Self {
        let cells = ranking.covering(coverage, ground, judged.areas_m2);
        let (chosen, rest) = ranking.cells().split_at_checked(cells).unwrap_or((ranking.cells(), &[]));
        let sum = |values: &[f64]| chosen.iter().map(|&cell| value(values, cell)).sum::<f64>();
        let (later, before) = (judged.later.iter().sum::<f64>(), judged.before.iter().sum::<f64>());
        let (hits, hits_before) = (sum(judged.later), sum(judged.before));
        let cell_share = ratio(cells as f64, judged.scores.len() as f64).unwrap_or(0.0);
        let area_share = share(sum(judged.areas_m2), judged.areas_m2.iter().sum()).unwrap_or(0.0);
        let hit_rate = share(hits, later);
        let index = |share: f64| hit_rate.and_then(|rate| ratio(rate, share));
        let measures = ground.measures(judged.areas_m2);
        let best_hits = most_in(judged.later, &measures, sum(&measures));
        let score = |cell: Option<&u32>| cell.map(|&cell| value(judged.scores, cell));
        let cutoff = score(chosen.last());
        let recaptured = ratio(hits, hits_before).zip(ratio(later, before));
        Self {
            coverage: coverage.get(),
            cells,
            cell_share,
            area_share,
            cutoff,
            tie_at_cutoff: cutoff.zip(score(rest.first())).is_some_and(|(last, next)| next >= last),
            hits,
            hit_rate,
            pai: index(if ground == Ground::Cells { cell_share } else { area_share }),
            pai_by_cells: index(cell_share),
            pai_by_area: index(area_share),
            best_hits,
            pei: share(hits, best_hits),
            hits_before,
            recapture_rate_index: recaptured.and_then(|(hits, all)| ratio(hits, all)),
            predicted_observed_ratio: judged.expected.and_then(|expected| ratio(sum(expected), hits)),
        }
    }
}

fn value(values: &[f64], cell: u32) -> f64 {
    values.get(cell as usize).copied().unwrap_or(0.0)
}

/// The share that a part is of a whole, where there is one. Both are sums of the same numbers in different
/// orders, so that rounding could make all of them a little more than the whole.
fn share(part: f64, whole: f64) -> Option<f64> {
    ratio(part, whole).map(|share| share.min(1.0))
}

/// A quotient, where there is one.
pub(super) fn ratio(over: f64, under: f64) -> Option<f64> {
    (under > 0.0).then(|| over / under).filter(|quotient| quotient.is_finite())
}

/// The most that cells can hold on `room` ground: cells from the densest on, the last in part where not
/// all of it fits. With cells of one size that is the fullest cells, as many as there is room for.
fn most_in(later: &[f64], measures: &[f64], room: f64) -> f64 {
    let mut cells: Vec<_> = later.iter().zip(measures).filter(|(later, _)| **later > 0.0).collect();
    cells.sort_by(|a, b| (b.0 / b.1).total_cmp(&(a.0 / a.1)));
    let (mut held, mut left) = (0.0, room);
    for (&later, &measure) in cells {
        // What is left after taking one cell after the other is a little off a whole cell.
        if measure <= left * (1.0 + 1e-9) {
            held += later;
            left -= measure;
        } else {
            held += later * (left / measure).max(0.0);
            break;
        }
    }
    held
}
