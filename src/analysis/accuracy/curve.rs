//! The share of later incidents against the share of the ground, as the coverage grows.

use super::{
    figures::{Judged, ratio},
    ranking::{Ground, Ranking},
};

/// A point of the curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    /// Cells that are taken.
    pub cells: usize,
    /// Their share of the ground, 0…1.
    pub ground_share: f64,
    /// Their share of later incidents, 0…1.
    pub hit_rate: f64,
}

/// The curve from nothing to all the ground, a point for each cell that is added.
#[derive(Clone, Debug, PartialEq)]
pub struct HitCurve {
    /// The points, the first of no cells, the last of all.
    pub points: Vec<CurvePoint>,
    /// The area under the curve by straight lines between the points, 0…1; a map by lot has ½.
    pub area_under: f64,
    /// The area under the curve of the map that knew the later incidents.
    pub best_area_under: f64,
}

impl HitCurve {
    /// The curve of a map; `None` without later incidents or without ground.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::accuracy::{Ground, HitCurve, Judged, Ranking};
    /// let judged = Judged {
    ///     scores: &[9.0, 7.0, 1.0, 0.0],
    ///     areas_m2: &[1e4; 4],
    ///     later: &[6.0, 0.0, 2.0, 0.0],
    ///     before: &[0.0; 4],
    ///     expected: None,
    /// };
    /// let curve = HitCurve::of(&judged, &Ranking::of(judged.scores), Ground::Cells).unwrap();
    /// assert_eq!((curve.points[1].ground_share, curve.points[1].hit_rate), (0.25, 0.75));
    /// assert_eq!((curve.area_under, curve.best_area_under), (0.75, 0.8125));
    /// ```
    pub fn of(judged: &Judged<'_>, ranking: &Ranking, ground: Ground) -> Option<Self> {
        let measures = ground.measures(judged.areas_m2);
        let points = points(ranking.cells(), judged.later, &measures)?;
        let density = judged.later.iter().zip(&measures).map(|(later, measure)| ratio(*later, *measure));
        let densities: Vec<f64> = density.map(|density| density.unwrap_or(0.0)).collect();
        let best = self::points(Ranking::of(&densities).cells(), judged.later, &measures)?;
        Some(Self { area_under: area_under(&points), best_area_under: area_under(&best), points })
    }

    /// The points at which at least each of `steps` equal shares of the ground is reached, and the first.
    pub fn at_steps(&self, steps: u32) -> Vec<CurvePoint> {
        let reached = |step: u32| {
            let share = f64::from(step) / f64::from(steps.max(1));
            let at = self.points.partition_point(|point| point.ground_share < share - 1e-12);
            self.points.get(at).or(self.points.last()).copied()
        };
        let mut points: Vec<CurvePoint> = (0..=steps).filter_map(reached).collect();
        points.dedup_by_key(|point| point.cells);
        points
    }
}

/// Cumulated shares; `None` where there is nothing to share.
fn points(cells: &[u32], later: &[f64], measures: &[f64]) -> Option<Vec<CurvePoint>> {
    let of = |values: &[f64], cell: u32| values.get(cell as usize).copied().unwrap_or(0.0);
    let all = |values: &[f64]| cells.iter().map(|&cell| of(values, cell)).sum::<f64>();
    let (all_ground, all_hits) = (all(measures), all(later));
    if !(all_ground > 0.0 && all_hits > 0.0) {
        return None;
    }
    let mut points = vec![CurvePoint { cells: 0, ground_share: 0.0, hit_rate: 0.0 }];
    let (mut ground, mut hits) = (0.0, 0.0);
    for (index, &cell) in cells.iter().enumerate() {
        ground += of(measures, cell);
        hits += of(later, cell);
        points.push(CurvePoint {
            cells: index + 1,
            ground_share: ground / all_ground,
            hit_rate: hits / all_hits,
        });
    }
    Some(points)
}

fn area_under(points: &[CurvePoint]) -> f64 {
    let strip = |pair: &[CurvePoint]| {
        (pair[1].ground_share - pair[0].ground_share) * f64::midpoint(pair[0].hit_rate, pair[1].hit_rate)
    };
    points.windows(2).map(strip).sum()
}
