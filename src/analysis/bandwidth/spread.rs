//! Rules of thumb from how far incidents are spread.
//!
//! The rules for a Gaussian kernel give its σ; those that were made for the quartic kernel give its radius.
//! Every incident counts as one, and those at one place each count. A rule gives `None` where the spread
//! that it rests on is zero: for fewer than two incidents, and for those its documentation names.

use std::f64::consts::{LN_2, PI};

use crate::{
    analysis::{density::WeightedPoint, order},
    model::{GridPoint, Metres, SquareMetres},
};

/// σ by Scott's rule in two dimensions, metres: the geometric mean of the axes' s · n^(−1/6), with
/// the sample standard deviation s (divisor n − 1) of the eastings and of the northings.
/// Scott, D. W. (1992). *Multivariate Density Estimation*, p. 152.
///
/// `None` also where all have the same easting or the same northing.
///
/// # Example
/// ```
/// use hotspots::{analysis::bandwidth::spread::scott_sigma_m, model::GridPoint};
/// let corners = [(0.0, 0.0), (0.0, 300.0), (400.0, 0.0), (400.0, 300.0)];
/// let corners = corners.map(|(e, n)| GridPoint::new(e, n).unwrap());
/// // s = 200·√(4/3) and 150·√(4/3), n^(−1/6) = 0.7937
/// assert!((scott_sigma_m(&corners).unwrap() - 158.740_105).abs() < 1e-6);
/// ```
pub fn scott_sigma_m(incidents: &[GridPoint]) -> Option<f64> {
    let (east, north) = (Axis::of(incidents, EAST), Axis::of(incidents, NORTH));
    positive((east.sd? * north.sd?).sqrt() * (incidents.len() as f64).powf(-1.0 / 6.0))
}

/// σ by Silverman's rule for the normal scale in two dimensions, metres: S · n^(−1/6), where S is the
/// smaller of the mean standard deviation and the mean interquartile range over 1.34 of both axes.
/// Silverman, B. W. (1986). *Density Estimation*, pp. 47 and 86–87.
///
/// `None` also where half of the incidents share an easting and half a northing.
///
/// # Example
/// ```
/// use hotspots::{analysis::bandwidth::spread::silverman_sigma_m, model::GridPoint};
/// let corners = [(0.0, 0.0), (0.0, 300.0), (400.0, 0.0), (400.0, 300.0)];
/// let corners = corners.map(|(e, n)| GridPoint::new(e, n).unwrap());
/// // S = (400·√⅓ + 300·√⅓)/2 = 202.07, below (400 + 300)/2/1.34
/// assert!((silverman_sigma_m(&corners).unwrap() - 160.385_124).abs() < 1e-6);
/// ```
pub fn silverman_sigma_m(incidents: &[GridPoint]) -> Option<f64> {
    Some(normal_scale_m(incidents)? * (incidents.len() as f64).powf(-1.0 / 6.0))
}

/// σ by the oversmoothing rule, metres: the longest that any density of that scale could call for,
/// 1.0846 · S · n^(−1/6) with S as in [`silverman_sigma_m`]. The constant is (2 R / V)^(1/6) with the
/// roughness R = 1/4π of the Gaussian kernel and the least possible V = 16 Γ(5) · 8 / (10⁴ π).
/// Terrell, G. R. (1990). The maximal smoothing principle in density estimation,
/// doi 10.1080/01621459.1990.10476223.
pub fn oversmoothing_sigma_m(incidents: &[GridPoint]) -> Option<f64> {
    let least_roughness = 16.0 * 24.0 * 8.0 / (1e4 * PI);
    let constant = (2.0 / (4.0 * PI) / least_roughness).powf(1.0 / 6.0);
    Some(constant * silverman_sigma_m(incidents)?)
}

/// Radii by the normal reference rule that was made for each axis of a rectangular smoother, metres:
/// 4 · 1.06 · min(s, IQR/1.34) · n^(−1/5) for the eastings and the northings.
/// Venables, W. N. and Ripley, B. D. (2002). *Modern Applied Statistics with S*, p. 127
/// (`bandwidth.nrd`). Some crime mapping tools take the first as the radius of a quartic kernel.
///
/// `None` also where half of the incidents share an easting, or half a northing.
pub fn normal_reference_m(incidents: &[GridPoint]) -> Option<[f64; 2]> {
    let shrink = (incidents.len() as f64).powf(-0.2);
    let radius = |axis: Axis| positive(4.0 * 1.06 * axis.sd?.min(axis.iqr / 1.34) * shrink);
    Some([radius(Axis::of(incidents, EAST))?, radius(Axis::of(incidents, NORTH))?])
}

/// The quartic radius that ArcGIS takes by default, metres: 0.9 · min(D, √(1/ln 2) · M) · n^(−1/5) with
/// the standard distance D (divisor n) and the median distance M, both from the mean centre.
/// Esri, *How Kernel Density works*.
///
/// `None` also where half of the incidents are at their mean centre.
///
/// # Example
/// ```
/// use hotspots::{analysis::bandwidth::spread::arcgis_radius_m, model::GridPoint};
/// let corners = [(0.0, 0.0), (0.0, 300.0), (400.0, 0.0), (400.0, 300.0)];
/// let corners = corners.map(|(e, n)| GridPoint::new(e, n).unwrap());
/// // D = M = 250, n^(−1/5) = 0.7579
/// assert!((arcgis_radius_m(&corners).unwrap() - 170.518_114).abs() < 1e-6);
/// ```
pub fn arcgis_radius_m(incidents: &[GridPoint]) -> Option<f64> {
    let unit: Vec<_> = incidents.iter().map(|&position| WeightedPoint { position, weight: 1.0 }).collect();
    let Centred { standard_distance, distances } = Centred::of(&unit)?;
    let distances: Vec<_> = distances.into_iter().map(|(distance, _)| distance).collect();
    arcgis(standard_distance, order::median(&distances)?, unit.len() as f64)
}

/// [`arcgis_radius_m`] with a population field: n is the sum of the weights, mean centre and standard
/// distance are weighted, and M is the smallest distance up to which at least half of the weight lies.
///
/// `None` also without weight, and where half of it is at the mean centre.
pub fn arcgis_weighted_radius_m(points: &[WeightedPoint]) -> Option<f64> {
    let Centred { standard_distance, distances } = Centred::of(points)?;
    let total = points.iter().map(|point| point.weight).sum();
    arcgis(standard_distance, order::weighted_median(&distances)?, total)
}

fn arcgis(standard_distance: f64, median: f64, n: f64) -> Option<f64> {
    positive(0.9 * standard_distance.min((1.0 / LN_2).sqrt() * median) * n.powf(-0.2))
}

/// The radius of the classroom rule of UK crime mapping, metres: five cells of a 150th of the shorter side
/// of the study area's box (Ratcliffe's Hotspot Detective).
/// Chainey, S. and Ratcliffe, J. (2005). *GIS and Crime Mapping*.
pub fn hotspot_detective_radius_m(shorter_side: Metres) -> f64 {
    shorter_side.get() / 150.0 * 5.0
}

/// The quartic radius 0.68 · n^(−1/5) · √A for n incidents in an area A, metres.
/// Bailey, T. C. and Gatrell, A. C. (1995). *Interactive Spatial Data Analysis*, chapter 3.
pub fn bailey_gatrell_radius_m(incidents: usize, area: SquareMetres) -> Option<f64> {
    positive(0.68 * (incidents as f64).powf(-0.2) * area.0.sqrt()).filter(|_| incidents > 0)
}

/// A length that is one.
fn positive(length_m: f64) -> Option<f64> {
    (length_m > 0.0 && length_m.is_finite()).then_some(length_m)
}

const EAST: fn(GridPoint) -> f64 = GridPoint::easting_m;
const NORTH: fn(GridPoint) -> f64 = GridPoint::northing_m;

/// How far incidents are spread along one axis.
struct Axis {
    /// Sample standard deviation; `None` where all values are equal.
    sd: Option<f64>,
    /// Interquartile range, by linear interpolation.
    iqr: f64,
}

impl Axis {
    fn of(incidents: &[GridPoint], axis: fn(GridPoint) -> f64) -> Self {
        let n = incidents.len() as f64;
        let first = incidents.first().map_or(0.0, |&p| axis(p));
        let mean = first + incidents.iter().map(|&p| axis(p) - first).sum::<f64>() / n;
        let squares: f64 = incidents.iter().map(|&p| (axis(p) - mean).powi(2)).sum();
        let varied = incidents.iter().any(|&p| axis(p).total_cmp(&first).is_ne());
        let mut sorted: Vec<_> = incidents.iter().map(|&p| axis(p)).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let quartile = |p| order::quantile(&sorted, p).unwrap_or(0.0);
        Self { sd: varied.then(|| (squares / (n - 1.0)).sqrt()), iqr: quartile(0.75) - quartile(0.25) }
    }
}

/// The scale S of [`silverman_sigma_m`].
fn normal_scale_m(incidents: &[GridPoint]) -> Option<f64> {
    let (east, north) = (Axis::of(incidents, EAST), Axis::of(incidents, NORTH));
    let sd = f64::midpoint(east.sd.unwrap_or(0.0), north.sd.unwrap_or(0.0));
    positive(sd.min(f64::midpoint(east.iqr, north.iqr) / 1.34))
}

/// Distances from the mean centre.
struct Centred {
    standard_distance: f64,
    /// With the weights.
    distances: Vec<(f64, f64)>,
}

impl Centred {
    fn of(points: &[WeightedPoint]) -> Option<Self> {
        let total: f64 = points.iter().map(|point| point.weight).sum();
        let origin = points.first()?.position;
        if total <= 0.0 {
            return None;
        }
        let mean = |axis: fn(GridPoint) -> f64| {
            let moment = |point: &WeightedPoint| point.weight * (axis(point.position) - axis(origin));
            axis(origin) + points.iter().map(moment).sum::<f64>() / total
        };
        let (east, north) = (mean(EAST), mean(NORTH));
        let distance = |point: &WeightedPoint| {
            (point.position.easting_m() - east).hypot(point.position.northing_m() - north)
        };
        let distances: Vec<_> = points.iter().map(|point| (distance(point), point.weight)).collect();
        let squares: f64 = distances.iter().map(|(distance, weight)| weight * distance * distance).sum();
        Some(Self { standard_distance: (squares / total).sqrt(), distances })
    }
}
