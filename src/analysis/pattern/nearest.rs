//! Whether incidents lie nearer to each other than by chance: the nearest neighbour index.
//!
//! Clark, P. J. and Evans, F. C. (1954), doi 10.2307/1931034.

use std::f64::consts::PI;

use geo::Area as _;
use geo_types::{Coord, LineString};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::{Counted, squares::Squares};
use crate::{
    analysis::{border::Border, density::WeightedPoint, normal},
    model::{GridShape, SquareMetres},
};

/// Mean distance to the nearest neighbour, and what it would be by chance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NearestNeighbour {
    /// Incidents that it is the mean of.
    pub incidents: u64,
    /// Those of them whose nearest neighbour is at the same position.
    pub at_shared_positions: u64,
    /// Mean distance from an incident to the nearest other one, metres.
    pub observed_m: f64,
    /// The same without regard to the border.
    pub chance: Chance,
    /// The same with Donnelly's correction for the border, which is known for rectangles only.
    pub donnelly: Option<Chance>,
    /// The index from distances that the border cannot have lengthened; `None` where every nearest
    /// neighbour is farther than the border.
    pub border_safe_index: Option<f64>,
}

/// An observed mean distance against that of complete spatial randomness.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    /// Mean distance that chance gives, metres.
    pub expected_m: f64,
    /// Its standard error, metres.
    pub standard_error_m: f64,
    /// Observed over expected: below 1 clustered, above 1 regular.
    pub index: f64,
    /// Standard errors from the expected to the observed distance.
    pub z: f64,
    /// Two-sided p of z under the normal distribution, 0…1.
    pub p_two_sided: f64,
}

impl Chance {
    fn of(observed_m: f64, expected_m: f64, standard_error_m: f64) -> Self {
        let z = (observed_m - expected_m) / standard_error_m;
        let index = observed_m / expected_m;
        Self { expected_m, standard_error_m, index, z, p_two_sided: normal::two_sided_p(z) }
    }
}

/// The nearest neighbour index of incidents in an outline. `counted` holds places with their numbers of
/// incidents; two incidents at one place are at distance 0. Every place lies in the outline.
///
/// With the outline's true area A and n incidents chance gives d = ½ √(A/n) with standard error
/// √((4 − π) A / 4π)/n. Near the border the nearest neighbour may lie outside and not be counted, which
/// lengthens the observed distance and raises index and z. Two things are done about that:
/// - for a rectangle with perimeter P, Donnelly, K. P. (1978), *Simulations to determine the variance and
///   edge effect of total nearest-neighbour distance*: d = ½ √(A/n) + (0.0514 + 0.0412/√n) P/n with variance
///   0.0703 A/n² + 0.037 P √(A/n⁵);
/// - for any outline, the mean of the distribution of nearest distances estimated by Kaplan and Meier,
///   a distance being cut off where the border is nearer than the neighbour (Baddeley, A. and Gill, R. D.
///   (1997), doi 10.1214/aos/1034276629), over ½ √(A/n).
///
/// `None` for fewer than two incidents, and for an outline without area.
///
/// # Example
/// ```
/// use geo_types::{MultiPolygon, polygon};
/// use hotspots::{analysis::{density::WeightedPoint, pattern::nearest::nearest_neighbour}, model::{GridPoint, GridShape}};
/// let square = polygon![(x: 0.0, y: 0.0), (x: 400.0, y: 0.0), (x: 400.0, y: 400.0), (x: 0.0, y: 400.0)];
/// let at = |e, n| WeightedPoint { position: GridPoint::new(e, n).unwrap(), weight: 1.0 };
/// let points = [at(100.0, 100.0), at(300.0, 100.0), at(100.0, 300.0), at(300.0, 300.0)];
/// let found = nearest_neighbour(&points, &GridShape(MultiPolygon(vec![square]))).unwrap();
/// // 200 m each, and ½ √(160,000/4) = 100 m by chance.
/// assert_eq!((found.observed_m, found.chance.index), (200.0, 2.0));
/// ```
pub fn nearest_neighbour(counted: &[WeightedPoint], outline: &GridShape) -> Option<NearestNeighbour> {
    let places = super::whole(counted);
    let area = SquareMetres(outline.0.unsigned_area());
    let n = super::incidents(&places);
    if n < 2 || area.0 <= 0.0 {
        return None;
    }
    let distances = distances(&places, &Border::of(outline));
    let count = n as f64;
    let observed_m = distances.iter().map(|at| f64::from(at.count) * at.nearest_m).sum::<f64>() / count;
    let expected_m = 0.5 * (area.0 / count).sqrt();
    let standard_error_m = ((4.0 - PI) * area.0 / (4.0 * PI)).sqrt() / count;
    Some(NearestNeighbour {
        incidents: n,
        at_shared_positions: distances
            .iter()
            .filter(|at| at.nearest_m <= 0.0)
            .map(|at| u64::from(at.count))
            .sum(),
        observed_m,
        chance: Chance::of(observed_m, expected_m, standard_error_m),
        donnelly: rectangle_perimeter(outline).map(|perimeter| {
            let expected_m = expected_m + (0.0514 + 0.0412 / count.sqrt()) * perimeter / count;
            let variance =
                0.0703 * area.0 / count.powi(2) + 0.037 * perimeter * (area.0 / count.powi(5)).sqrt();
            Chance::of(observed_m, expected_m, variance.sqrt())
        }),
        border_safe_index: censored_mean(distances).map(|mean| mean / expected_m),
    })
}

/// A place's incidents with how far they are from the nearest other, and from the border.
#[derive(Clone, Copy)]
struct Distances {
    count: u32,
    nearest_m: f64,
    border_m: f64,
}

fn distances(places: &[Counted], border: &Border) -> Vec<Distances> {
    let squares = Squares::of(places, 0.0);
    (0..squares.places.len())
        .into_par_iter()
        .map(|number| {
            let (at, count) = squares.places[number];
            let nearest_2 = if count > 1 { Some(0.0) } else { squares.nearest_2(number) };
            Distances {
                count,
                nearest_m: nearest_2.unwrap_or_default().sqrt(),
                border_m: border.distance_m(at).unwrap_or_default(),
            }
        })
        .collect()
}

/// The mean of the distribution of nearest distances by Kaplan and Meier, those cut off that are longer than
/// the distance to the border.
fn censored_mean(mut distances: Vec<Distances>) -> Option<f64> {
    let seen = |at: &Distances| at.nearest_m.min(at.border_m);
    let whole = |at: &Distances| at.nearest_m <= at.border_m;
    distances.sort_by(|a, b| seen(a).total_cmp(&seen(b)));
    let mut left: f64 = distances.iter().map(|at| f64::from(at.count)).sum();
    let (mut surviving, mut sum, mut mass) = (1.0, 0.0, 0.0);
    for tied in distances.chunk_by(|a, b| seen(a).total_cmp(&seen(b)).is_eq()) {
        let count = |ended: bool| -> f64 {
            tied.iter().filter(|at| !ended || whole(at)).map(|at| f64::from(at.count)).sum()
        };
        let step = surviving * count(true) / left;
        sum += step * tied.first().map_or(0.0, seen);
        mass += step;
        surviving -= step;
        left -= count(false);
    }
    (mass > 0.0).then(|| sum / mass)
}

/// The length around an outline that is one rectangle, turned in any way.
fn rectangle_perimeter(outline: &GridShape) -> Option<f64> {
    let [polygon] = outline.0.0.as_slice() else { return None };
    let LineString(ring) = polygon.exterior();
    let (&[a, b, c, d, _], []) = (ring.as_slice(), polygon.interiors()) else { return None };
    let length = |from: Coord<f64>, to: Coord<f64>| (to - from).x.hypot((to - from).y);
    let (width, height) = (length(a, b), length(b, c));
    let (dot, opposite) = ((b - a).x * (c - b).x + (b - a).y * (c - b).y, (a - b) + (c - d));
    let small = 1e-9 * (width + height);
    let right = dot.abs() <= small * (width + height) && opposite.x.hypot(opposite.y) <= small;
    (right && width > 0.0 && height > 0.0).then_some(2.0 * (width + height))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{Seeded, on_threads, point, rectangle, shape};

    fn random(seeded: &mut Seeded, n: usize, width: f64, height: f64) -> Vec<WeightedPoint> {
        (0..n).map(|_| point(seeded.between(0.0, width), seeded.between(0.0, height), 1.0)).collect()
    }

    /// The correction holds if random points in a rectangle have that mean and spread.
    #[test]
    fn in_a_rectangle_chance_is_as_donnelly_has_it() {
        let mut seeded = Seeded::new(81);
        for (n, width, height) in [(50, 3_000.0, 1_000.0), (200, 1_000.0, 1_000.0)] {
            let outline = rectangle(0.0, 0.0, width, height);
            let runs = 2_000;
            let found: Vec<_> = (0..runs)
                .map(|_| nearest_neighbour(&random(&mut seeded, n, width, height), &outline).unwrap())
                .collect();
            let mean = found.iter().map(|f| f.observed_m).sum::<f64>() / f64::from(runs);
            let sd =
                (found.iter().map(|f| (f.observed_m - mean).powi(2)).sum::<f64>() / f64::from(runs)).sqrt();
            let donnelly = found[0].donnelly.unwrap();
            assert!((mean / donnelly.expected_m - 1.0).abs() < 0.01, "{mean} {donnelly:?}");
            assert!((sd / donnelly.standard_error_m - 1.0).abs() < 0.06, "{sd} {donnelly:?}");
            // Without it the index is too high; the border-safe one is not.
            assert!(mean / found[0].chance.expected_m > 1.03);
            let safe = found.iter().filter_map(|f| f.border_safe_index).sum::<f64>() / f64::from(runs);
            assert!((safe - 1.0).abs() < 0.03, "{safe}");
        }
    }

    #[test]
    fn only_rectangles_have_a_rectangle_s_correction() {
        let corners =
            [(0.0, 0.0), (30.0, 40.0), (-10.0, 70.0), (-40.0, 30.0)].map(|(x, y)| (x + 500.0, y + 500.0));
        assert!((rectangle_perimeter(&shape(&[corners.to_vec()])).unwrap() - 200.0).abs() < 1e-9);
        for other in [
            vec![(0.0, 0.0), (9.0, 1.0), (10.0, 10.0), (0.0, 9.0)],
            vec![(0.0, 0.0), (9.0, 0.0), (9.0, 9.0)],
            vec![(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (4.0, 9.0)],
        ] {
            assert_eq!(rectangle_perimeter(&shape(&[other])), None);
        }
    }

    #[test]
    fn few_incidents_and_shared_positions_are_defined() {
        let outline = rectangle(0.0, 0.0, 100.0, 100.0);
        assert!(nearest_neighbour(&[], &outline).is_none());
        assert!(nearest_neighbour(&[point(5.0, 5.0, 1.0)], &outline).is_none());
        let heap = nearest_neighbour(&[point(5.0, 5.0, 9.0)], &outline).unwrap();
        assert_eq!((heap.observed_m, heap.at_shared_positions, heap.chance.index), (0.0, 9, 0.0));
        assert_eq!(heap.border_safe_index, Some(0.0));
        // Both are nearer to the border than to each other.
        let far = nearest_neighbour(&[point(1.0, 50.0, 1.0), point(99.0, 50.0, 1.0)], &outline).unwrap();
        assert_eq!((far.observed_m, far.border_safe_index), (98.0, None));
        let line = [10.0, 20.0, 40.0].map(|e| point(e, 50.0, 1.0));
        assert!((nearest_neighbour(&line, &outline).unwrap().observed_m - 40.0 / 3.0).abs() < 1e-12);
        assert!(nearest_neighbour(&line, &GridShape(geo_types::MultiPolygon(Vec::new()))).is_none());
    }

    #[test]
    fn threads_make_no_difference() {
        let points = random(&mut Seeded::new(82), 3_000, 5_000.0, 4_000.0);
        let outline = rectangle(0.0, 0.0, 5_000.0, 4_000.0);
        let [one, four] = [1, 4].map(|threads| on_threads(threads, || nearest_neighbour(&points, &outline)));
        assert_eq!(one, four);
    }
}
