//! At which distances incidents cluster: Ripley's K and L.
//!
//! Ripley, B. D. (1976), doi 10.2307/3212829, and (1977), doi 10.1111/j.2517-6161.1977.tb01615.x; L is of
//! Besag, J. E. (1977), in the discussion of the latter.

use std::f64::consts::PI;

use geo::Area as _;

use super::{
    Counted,
    pairs::{Pairs, Reach},
};
use crate::{
    analysis::{border::Border, density::WeightedPoint},
    model::{GridShape, Invalid, Metres, SquareMetres},
};

/// The distances at which K is taken, ascending, metres.
#[derive(Clone, Debug, PartialEq)]
pub struct Radii(Vec<f64>);

/// More distances than this are not asked about at once.
const MOST_RADII: usize = 200;

impl Radii {
    /// Checks distances.
    ///
    /// # Errors
    /// [`Invalid`] unless there are 1 to 200, ascending.
    ///
    /// # Example
    /// ```
    /// use hotspots::{analysis::pattern::ripley::Radii, model::Metres};
    /// let radii = |all: &[f64]| Radii::new(all.iter().map(|r| Metres::new(*r).unwrap()));
    /// assert_eq!(radii(&[100.0, 250.0]).unwrap().as_slice(), [100.0, 250.0]);
    /// assert!(radii(&[250.0, 100.0]).is_err());
    /// ```
    pub fn new(radii: impl IntoIterator<Item = Metres>) -> Result<Self, Invalid> {
        let radii: Vec<f64> = radii.into_iter().map(Metres::get).collect();
        if radii.is_empty() || radii.len() > MOST_RADII {
            return Err(Invalid::new(radii.len(), format!("there are 1 to {MOST_RADII} distances")));
        }
        match radii.windows(2).find(|pair| pair[0] >= pair[1]) {
            Some(pair) => {
                Err(Invalid::new(pair[1], format!("distances ascend, and this follows {}", pair[0])))
            }
            None => Ok(Self(radii)),
        }
    }

    /// That many distances in equal steps up to the farthest.
    ///
    /// # Errors
    /// As [`Radii::new`].
    pub fn up_to(farthest: Metres, steps: u32) -> Result<Self, Invalid> {
        let radius = |step: u32| Metres::new(farthest.get() * f64::from(step) / f64::from(steps));
        Self::new((1..=steps).map(radius).collect::<Result<Vec<_>, _>>()?)
    }

    /// The distances in metres.
    pub fn as_slice(&self) -> &[f64] {
        &self.0
    }

    /// The greatest of them, in metres.
    pub fn farthest_m(&self) -> f64 {
        self.0.last().copied().unwrap_or_default()
    }
}

/// The distance up to which K is of use by default: a quarter of the shorter side of the outline's box, or
/// that within which chance would place 1,000 incidents, √(1000 A/(π n)), where that is less; the rule of
/// `spatstat` (Baddeley, A., Rubak, E. and Turner, R. (2015), *Spatial Point Patterns*, section 7.3). Rounded down
/// to a multiple of 20 m, and at least 20 m.
///
/// # Example
/// ```
/// use hotspots::{analysis::pattern::ripley::default_farthest, model::{Metres, SquareMetres}};
/// let side = Metres::new(9_000.0).unwrap();
/// assert_eq!(default_farthest(side, SquareMetres(98e6), 348).get(), 2_240.0);
/// assert_eq!(default_farthest(side, SquareMetres(98e6), 20_000).get(), 1_240.0);
/// ```
pub fn default_farthest(shorter_side: Metres, area: SquareMetres, incidents: u64) -> Metres {
    let thousand = (1_000.0 * area.0 / (PI * incidents.max(1) as f64)).sqrt();
    let farthest = (shorter_side.get() / 4.0).min(thousand);
    Metres::new(((farthest / 20.0).floor() * 20.0).max(20.0)).unwrap_or(Metres::ONE)
}

/// K at one distance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ripley {
    /// The distance, metres.
    pub radius_m: f64,
    /// K without regard to the border, square metres.
    pub k_uncorrected_m2: f64,
    /// K from incidents that are at least the distance from the border; `None` where there is none.
    pub k_border_m2: Option<f64>,
    /// The number of those incidents.
    pub away_from_border: u64,
}

impl Ripley {
    /// K of complete spatial randomness, π r², square metres.
    pub fn k_random_m2(&self) -> f64 {
        PI * self.radius_m * self.radius_m
    }

    /// L − r of the border-corrected K, metres: 0 for chance, above 0 clustered, below 0 regular.
    pub fn l_less_r_m(&self) -> Option<f64> {
        self.k_border_m2.map(|k| l(k) - self.radius_m)
    }

    /// L − r of the uncorrected K, metres.
    pub fn l_uncorrected_less_r_m(&self) -> f64 {
        l(self.k_uncorrected_m2) - self.radius_m
    }
}

/// L = √(K/π).
fn l(k: f64) -> f64 {
    (k / PI).sqrt()
}

/// K of incidents in an outline at each of the distances. `counted` holds places with their numbers of
/// incidents; every place lies in the outline.
///
/// With n incidents in area A, and pairs counted in both orders at distances of at most r:
/// - uncorrected, K = A/(n (n − 1)) · pairs, which is too low, the more so the farther r, as neighbours
///   outside are not seen;
/// - border-corrected, K = A/n · the mean number of others within r over the incidents that are at least r
///   from the border (Ripley, B. D. (1988), *Statistical Inference for Spatial Processes*, chapter 3), unbiased
///   in any outline and the less precise the farther r.
///
/// Numbers of pairs are whole and exact. Cost: the pairs nearer than the farthest distance, shared by all
/// threads; incidents at one place count as one. Empty for fewer than two incidents, or without area.
///
/// # Example
/// ```
/// use geo_types::{MultiPolygon, polygon};
/// use hotspots::{analysis::{density::WeightedPoint, pattern::ripley::{Radii, ripley}}, model::{GridPoint, GridShape, Metres}};
/// let square = polygon![(x: 0.0, y: 0.0), (x: 300.0, y: 0.0), (x: 300.0, y: 300.0), (x: 0.0, y: 300.0)];
/// let at = |e, n| WeightedPoint { position: GridPoint::new(e, n).unwrap(), weight: 1.0 };
/// let points = [at(150.0, 150.0), at(150.0, 200.0), at(20.0, 20.0)];
/// let radii = Radii::new([Metres::new(100.0).unwrap()]).unwrap();
/// let k = ripley(&points, &GridShape(MultiPolygon(vec![square])), &radii);
/// assert_eq!(k[0].k_uncorrected_m2, 90_000.0 / 6.0 * 2.0);
/// // Two of them are 100 m from the border, each with one other within 100 m.
/// assert_eq!((k[0].k_border_m2, k[0].away_from_border), (Some(90_000.0 / 3.0 * 1.0), 2));
/// ```
pub fn ripley(counted: &[WeightedPoint], outline: &GridShape, radii: &Radii) -> Vec<Ripley> {
    let (places, area_m2) = (super::whole(counted), outline.0.unsigned_area());
    let n = super::incidents(&places) as f64;
    if n < 2.0 || area_m2 <= 0.0 {
        return Vec::new();
    }
    let pairs = Pairs::count(&places, &Border::of(outline), radii, Reach::Farthest);
    let rows = radii.0.iter().zip(pairs.all).zip(pairs.away).zip(pairs.incidents_away);
    rows.map(|(((&radius_m, all), away), away_from_border)| Ripley {
        radius_m,
        k_uncorrected_m2: area_m2 / (n * (n - 1.0)) * all as f64,
        k_border_m2: k_border(area_m2 / n, away, away_from_border),
        away_from_border,
    })
    .collect()
}

/// L − r by distance of the border-corrected K alone, which is had for less.
pub(super) fn l_less_r_m(
    places: &[Counted],
    area_m2: f64,
    border: &Border,
    radii: &Radii,
) -> Vec<Option<f64>> {
    let n = super::incidents(places) as f64;
    let Pairs { away, incidents_away, .. } = Pairs::count(places, border, radii, Reach::Border);
    let k = away.into_iter().zip(incidents_away).map(|(away, from)| k_border(area_m2 / n, away, from));
    k.zip(&radii.0).map(|(k, radius)| k.map(|k| l(k) - radius)).collect()
}

/// A/n · pairs per incident.
fn k_border(area_each_m2: f64, pairs: u64, incidents: u64) -> Option<f64> {
    (incidents > 0).then(|| area_each_m2 * (pairs as f64 / incidents as f64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{Seeded, metres, on_threads, point, rectangle, shape};

    fn radii(all: &[f64]) -> Radii {
        Radii::new(all.iter().map(|radius| metres(*radius))).unwrap()
    }

    /// By all pairs of incidents, each incident on its own.
    fn naive(points: &[WeightedPoint], outline: &GridShape, radius: f64) -> (f64, Option<f64>, u64) {
        let incidents: Vec<_> =
            super::super::whole(points).iter().flat_map(|(at, n)| vec![*at; *n as usize]).collect();
        let (n, area) = (incidents.len() as f64, outline.0.unsigned_area());
        let border = Border::of(outline);
        let (mut all, mut away, mut far) = (0.0, 0.0, 0_u32);
        for (i, a) in incidents.iter().enumerate() {
            let others = incidents.iter().enumerate();
            let near = others.filter(|(j, b)| i != *j && a.distance_2(**b) <= radius * radius).count() as f64;
            all += near;
            if border.distance_m(*a).unwrap() >= radius {
                (away, far) = (away + near, far + 1);
            }
        }
        let k = (far > 0).then(|| area / n * (away / f64::from(far)));
        (area / (n * (n - 1.0)) * all, k, u64::from(far))
    }

    #[test]
    fn k_is_that_of_all_pairs_of_incidents() {
        let mut seeded = Seeded::new(91);
        let ell = shape(&[vec![
            (0.0, 0.0),
            (900.0, 0.0),
            (900.0, 300.0),
            (300.0, 300.0),
            (300.0, 900.0),
            (0.0, 900.0),
        ]]);
        for n in [2, 3, 150] {
            // On tens of metres, so that pairs are exactly at the distances.
            let mut ten = |most: f64| (seeded.between(0.0, most) / 10.0).round() * 10.0;
            let points: Vec<_> =
                (0..n).map(|i| point(ten(300.0), ten(900.0), f64::from(1 + i % 3))).collect();
            let radii = radii(&[10.0, 20.0, 50.0, 100.0, 150.0, 1_000.0]);
            for found in ripley(&points, &ell, &radii) {
                let (all, border, away) = naive(&points, &ell, found.radius_m);
                assert!((found.k_uncorrected_m2 - all).abs() <= 1e-9 * all, "{found:?} {all}");
                assert_eq!((found.k_border_m2, found.away_from_border), (border, away));
            }
        }
    }

    #[test]
    fn of_random_points_k_is_that_of_chance() {
        let mut seeded = Seeded::new(92);
        let outline = rectangle(0.0, 0.0, 4_000.0, 4_000.0);
        let points: Vec<_> = (0..4_000)
            .map(|_| point(seeded.between(0.0, 4_000.0), seeded.between(0.0, 4_000.0), 1.0))
            .collect();
        for found in ripley(&points, &outline, &radii(&[100.0, 400.0, 800.0])) {
            let border = found.k_border_m2.unwrap();
            assert!((border / found.k_random_m2() - 1.0).abs() < 0.03, "{found:?}");
            assert!(found.l_less_r_m().unwrap().abs() < 10.0);
            assert!(found.k_uncorrected_m2 < found.k_random_m2());
        }
    }

    #[test]
    fn few_incidents_and_one_place_are_defined() {
        let outline = rectangle(0.0, 0.0, 100.0, 100.0);
        let radii = radii(&[10.0, 60.0]);
        assert!(ripley(&[], &outline, &radii).is_empty());
        assert!(ripley(&[point(50.0, 50.0, 1.0)], &outline, &radii).is_empty());
        let heap = ripley(&[point(50.0, 50.0, 5.0)], &outline, &radii);
        // Every incident has four others at distance 0.
        assert_eq!((heap[0].k_uncorrected_m2, heap[0].k_border_m2), (10_000.0, Some(8_000.0)));
        assert_eq!((heap[1].k_border_m2, heap[1].away_from_border, heap[1].l_less_r_m()), (None, 0, None));
    }

    #[test]
    fn threads_make_no_difference() {
        let points = Seeded::new(93).points(2_000, 2_000.0);
        let counted: Vec<_> =
            points.iter().map(|p| WeightedPoint { weight: p.weight.ceil(), ..*p }).collect();
        let outline = rectangle(397_000.0, 287_000.0, 403_000.0, 293_000.0);
        let radii = Radii::up_to(metres(1_000.0), 50).unwrap();
        let [one, four] = [1, 4].map(|threads| on_threads(threads, || ripley(&counted, &outline, &radii)));
        assert_eq!(one, four);
    }
}
