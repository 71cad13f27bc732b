//! Where the middle of a point pattern is.

use geo_types::Coord;

use crate::{
    analysis::{density::WeightedPoint, order},
    model::GridPoint,
};

/// The mean of the positions by their weights; `None` without weight.
///
/// # Example
/// ```
/// use hotspots::{analysis::{density::WeightedPoint, pattern::centre}, model::GridPoint};
/// let at = |e, weight| WeightedPoint { position: GridPoint::new(e, 500.0).unwrap(), weight };
/// assert_eq!(centre::mean(&[at(0.0, 1.0), at(100.0, 3.0)]).unwrap().easting_m(), 75.0);
/// ```
pub fn mean(points: &[WeightedPoint]) -> Option<GridPoint> {
    let weight: f64 = points.iter().map(|point| point.weight).sum();
    if weight <= 0.0 {
        return None;
    }
    // Sums of offsets from the first position lose less to rounding than those of coordinates.
    let origin = points.first()?.position;
    let sum = |axis: fn(GridPoint) -> f64| {
        points.iter().map(|point| point.weight * (axis(point.position) - axis(origin))).sum::<f64>()
    };
    let mean = |axis: fn(GridPoint) -> f64| axis(origin) + sum(axis) / weight;
    GridPoint::new(mean(GridPoint::easting_m), mean(GridPoint::northing_m)).ok()
}

/// The centre of the medians: the median easting and the median northing of the incidents, each the mean of
/// the two middle ones for an even number. `counted` holds places with their numbers of incidents; `None`
/// without incidents.
pub fn of_medians(counted: &[WeightedPoint]) -> Option<GridPoint> {
    let places = super::whole(counted);
    let median = |axis: fn(GridPoint) -> f64| {
        let all = places.iter().flat_map(|(at, count)| std::iter::repeat_n(axis(*at), *count as usize));
        order::median(&all.collect::<Vec<_>>())
    };
    GridPoint::new(median(GridPoint::easting_m)?, median(GridPoint::northing_m)?).ok()
}

/// The position with the least sum of distances to all others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MedianCentre {
    /// Where it is.
    pub position: GridPoint,
    /// The sum over all points of weight times distance to it, in metres.
    pub sum_of_distances_m: f64,
}

/// The median centre, also called Euclidean median or centre of minimum distance: the position from which the
/// weighted sum of straight-line distances is least. `None` without weight.
///
/// Weiszfeld's iteration in the form of Vardi, Y. and Zhang, C.-H. (2000), doi 10.1073/pnas.97.4.1423, which
/// also ends well on a position of the data, with Newton's steps where they get on faster. The answer is within
/// 10⁻⁶ m of the optimum unless points lie on one line and an even number of equal weights makes every position
/// between the two middle ones as good; it is then one of those.
///
/// # Example
/// ```
/// use hotspots::{analysis::{density::WeightedPoint, pattern::centre}, model::GridPoint};
/// let at = |e, n| WeightedPoint { position: GridPoint::new(e, n).unwrap(), weight: 1.0 };
/// // Of four corners it is where the diagonals cross.
/// let found = centre::median(&[at(0.0, 0.0), at(60.0, 0.0), at(60.0, 80.0), at(0.0, 80.0)]).unwrap();
/// assert!((found.position.easting_m() - 30.0).abs() < 1e-6);
/// assert!((found.sum_of_distances_m - 200.0).abs() < 1e-6);
/// ```
pub fn median(points: &[WeightedPoint]) -> Option<MedianCentre> {
    let origin = mean(points)?.coord();
    let heavy = points.iter().filter(|point| point.weight > 0.0);
    let points: Vec<(Coord<f64>, f64)> =
        heavy.map(|point| (point.position.coord() - origin, point.weight)).collect();
    let found = descend(&points);
    let position = GridPoint::new(origin.x + found.at.x, origin.y + found.at.y).ok()?;
    Some(MedianCentre { position, sum_of_distances_m: found.sum })
}

/// More steps are never needed in practice; what is reached then is the answer.
const MOST_STEPS: usize = 1_000;
/// Steps shorter than this end the search, metres.
const SHORT_STEP_M: f64 = 1e-9;

/// The least sum of distances, sought from the mean at (0, 0) on.
fn descend(points: &[(Coord<f64>, f64)]) -> Look {
    let mut here = Look::at(Coord::zero(), points);
    let mut tried = None;
    for _ in 0..MOST_STEPS {
        // The optimum is often a position of the data, which steps come near to but do not reach.
        if tried != Some(here.nearest) {
            tried = Some(here.nearest);
            let datum = Look::at(here.nearest, points);
            if datum.is_optimum() {
                return datum;
            }
        }
        let better = |at| Some(Look::at(at, points)).filter(|look| look.improves_on(&here));
        let next = here.newton().and_then(better).or_else(|| here.weiszfeld().and_then(better));
        let Some(next) = next else { return here };
        let step = next.at - here.at;
        here = next;
        if step.x.hypot(step.y) < SHORT_STEP_M {
            return here;
        }
    }
    here
}

/// What is seen from a position: the sum of distances and its derivatives.
struct Look {
    at: Coord<f64>,
    /// Σ w d.
    sum: f64,
    /// Weight of the points that lie here.
    here: f64,
    /// Σ w (x − at)/d over the others: the negative gradient.
    pull: Coord<f64>,
    /// Σ w/d over the others.
    inverse: f64,
    /// Second derivatives of the sum: by easting twice, by both, by northing twice.
    bend: (f64, f64, f64),
    /// The nearest position of the data.
    nearest: Coord<f64>,
}

impl Look {
    fn at(at: Coord<f64>, points: &[(Coord<f64>, f64)]) -> Self {
        let zero = Coord::zero();
        let mut look =
            Self { at, sum: 0.0, here: 0.0, pull: zero, inverse: 0.0, bend: (0.0, 0.0, 0.0), nearest: at };
        let mut least = f64::INFINITY;
        for &(point, weight) in points {
            let off = point - at;
            let distance = off.x.hypot(off.y);
            if distance < least {
                (least, look.nearest) = (distance, point);
            }
            if distance <= 0.0 {
                look.here += weight;
                continue;
            }
            look.sum += weight * distance;
            look.inverse += weight / distance;
            let unit = off / distance;
            look.pull = look.pull + unit * weight;
            look.bend.0 += weight / distance * unit.y * unit.y;
            look.bend.1 -= weight / distance * unit.x * unit.y;
            look.bend.2 += weight / distance * unit.x * unit.x;
        }
        look
    }

    /// Whether nothing pulls harder than the weight that lies here holds.
    fn is_optimum(&self) -> bool {
        self.pull.x.hypot(self.pull.y) <= self.here
    }

    /// Whether it is a better answer. Near the optimum the sum is flat beyond what numbers can tell; the
    /// gradient still is not.
    fn improves_on(&self, other: &Self) -> bool {
        let flat = 1e-14 * other.sum;
        let steepness = |look: &Self| look.pull.x.hypot(look.pull.y);
        self.sum < other.sum - flat || (self.sum <= other.sum + flat && steepness(self) < steepness(other))
    }

    fn newton(&self) -> Option<Coord<f64>> {
        let (xx, xy, yy) = self.bend;
        let determinant = xx * yy - xy * xy;
        // Points on a line bend the sum in one direction only.
        if self.here > 0.0 || determinant <= 1e-12 * (xx + yy) * (xx + yy) {
            return None;
        }
        let step = Coord {
            x: (yy * self.pull.x - xy * self.pull.y) / determinant,
            y: (xx * self.pull.y - xy * self.pull.x) / determinant,
        };
        Some(self.at + step)
    }

    fn weiszfeld(&self) -> Option<Coord<f64>> {
        let pull = self.pull.x.hypot(self.pull.y);
        (self.inverse > 0.0 && pull > self.here)
            .then(|| self.at + self.pull * ((1.0 - self.here / pull) / self.inverse))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{Seeded, point};

    /// The sum of distances from a position.
    fn sum(at: GridPoint, points: &[WeightedPoint]) -> f64 {
        points.iter().map(|point| point.weight * at.distance_2(point.position).sqrt()).sum()
    }

    #[test]
    fn no_position_around_the_median_centre_is_better() {
        let mut seeded = Seeded::new(73);
        for n in [1, 2, 3, 4, 5, 40, 3_000] {
            let points = seeded.points(n, 3_000.0);
            let found = median(&points).unwrap();
            assert!((found.sum_of_distances_m - sum(found.position, &points)).abs() < 1e-3);
            for point in &points {
                assert!(found.sum_of_distances_m <= sum(point.position, &points) * (1.0 + 1e-12));
            }
            for radius in [1e-3, 1.0, 300.0] {
                for i in 0..16 {
                    let turn = f64::from(i) * std::f64::consts::FRAC_PI_8;
                    let (e, n) = (found.position.easting_m(), found.position.northing_m());
                    let beside = GridPoint::new(e + radius * turn.cos(), n + radius * turn.sin()).unwrap();
                    assert!(sum(beside, &points) >= found.sum_of_distances_m * (1.0 - 1e-13), "{n} {radius}");
                }
            }
        }
    }

    #[test]
    fn a_place_that_outweighs_the_others_is_the_median_centre() {
        let points = [point(0.0, 0.0, 1.0), point(900.0, 0.0, 1.0), point(300.0, 40.0, 9.0)];
        assert_eq!(median(&points).unwrap().position, points[2].position);
        let same = [point(7.0, 7.0, 1.0), point(7.0, 7.0, 2.0)];
        assert_eq!(
            median(&same).unwrap(),
            MedianCentre { position: same[0].position, sum_of_distances_m: 0.0 }
        );
    }

    #[test]
    fn on_a_line_the_median_centre_is_a_median() {
        let line: Vec<_> = [0.0, 10.0, 11.0, 500.0, 900.0].map(|e| point(e, 2.0 * e, 1.0)).into();
        let found = median(&line).unwrap();
        assert!((found.position.easting_m() - 11.0).abs() < 1e-6, "{found:?}");
        let found = median(&line[..4]).unwrap();
        assert!((10.0..=11.0).contains(&found.position.easting_m()), "{found:?}");
        assert!((found.sum_of_distances_m - 501.0 * 5.0_f64.sqrt()).abs() < 1e-6);
    }

    #[test]
    fn without_weight_there_is_no_centre() {
        for points in [vec![], vec![point(1.0, 1.0, 0.0)]] {
            assert_eq!((mean(&points), of_medians(&points), median(&points)), (None, None, None));
        }
        // A place without weight is not the centre, however near it is.
        let points = [point(0.0, 0.0, 1.0), point(1.0, 0.0, 0.0), point(2.0, 0.0, 1.0), point(1.0, 2.0, 1.0)];
        assert!(median(&points).unwrap().position.northing_m() > 0.1);
    }

    #[test]
    fn medians_are_those_of_incidents() {
        let at = |e, count| point(e, 1_000.0 - e, count);
        let found = of_medians(&[at(0.0, 1.0), at(10.0, 3.0), at(20.0, 4.0)]).unwrap();
        assert_eq!((found.easting_m(), found.northing_m()), (15.0, 985.0));
    }
}
