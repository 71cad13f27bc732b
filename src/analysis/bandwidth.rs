//! Cell size and bandwidth where the request gives none.
//!
//! Rules of thumb give the σ of a Gaussian kernel. A quartic kernel smooths as much with a radius
//! [`quartic_per_sigma`] times as long, which many tools leave out.

use geo::BoundingRect;

use crate::model::{GridPoint, GridShape, Metres};

/// Radius of the quartic kernel that smooths as a Gaussian of σ = 1 does, by equal asymptotic mean
/// integrated square error in two dimensions: the sixth root of the ratio of R/μ² of both kernels, with
/// the roughness R (9/(5π) and 1/(4π)) and the variance μ on one axis (1/8 and 1).
/// Wand, M. P. and Jones, M. C. (1995). *Kernel Smoothing*, section 2.7 (canonical kernels).
///
/// # Example
/// ```
/// use hotspots::analysis::bandwidth::quartic_per_sigma;
/// assert!((quartic_per_sigma() - 2.7792).abs() < 5e-5);
/// ```
pub fn quartic_per_sigma() -> f64 {
    460.8_f64.powf(1.0 / 6.0)
}

/// σ by Scott's rule in two dimensions, metres: the geometric mean of the axes' s · n^(−1/6), with
/// the sample standard deviation s (divisor n − 1) of the eastings and of the northings.
/// Scott, D. W. (1992). *Multivariate Density Estimation*, p. 152.
///
/// Every incident counts as one, whatever its weight, and those at one place each count. `None` for
/// fewer than two incidents, and where all have the same easting or the same northing.
///
/// # Example
/// ```
/// use hotspots::{analysis::bandwidth::scott_sigma_m, model::GridPoint};
/// let corners = [(0.0, 0.0), (0.0, 300.0), (400.0, 0.0), (400.0, 300.0)];
/// let corners = corners.map(|(e, n)| GridPoint::new(e, n).unwrap());
/// // s = 200·√(4/3) and 150·√(4/3), n^(−1/6) = 0.7937
/// assert!((scott_sigma_m(&corners).unwrap() - 158.740_105).abs() < 1e-6);
/// ```
pub fn scott_sigma_m(incidents: &[GridPoint]) -> Option<f64> {
    let n = incidents.len() as f64;
    let spread = |axis: fn(GridPoint) -> f64| {
        let first = axis(*incidents.first()?);
        let mean = first + incidents.iter().map(|&p| axis(p) - first).sum::<f64>() / n;
        let squares: f64 = incidents.iter().map(|&p| (axis(p) - mean).powi(2)).sum();
        let varied = incidents.iter().any(|&p| axis(p).total_cmp(&first).is_ne());
        varied.then(|| (squares / (n - 1.0)).sqrt())
    };
    let (east, north) = (spread(GridPoint::easting_m)?, spread(GridPoint::northing_m)?);
    Some((east * north).sqrt() * n.powf(-1.0 / 6.0))
}

/// The rule that gave a bandwidth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BandwidthRule {
    /// [`scott_sigma_m`] × [`quartic_per_sigma`].
    Scott,
    /// Five cells, where the incidents have no spread that a rule could use: fewer than two, or all on
    /// one easting or one northing. The radius of the classroom rule of UK crime mapping.
    FiveCells,
}

/// Which limit a bandwidth was moved to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BandwidthLimit {
    /// Raised to three cells: a shorter kernel would show the raster.
    ThreeCells,
    /// Lowered to a quarter of the outline's shorter side: a longer kernel would show one hill.
    QuarterSide,
}

/// A bandwidth and how it came about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DefaultBandwidth {
    /// The bandwidth to use.
    pub bandwidth: Metres,
    /// The rule.
    pub rule: BandwidthRule,
    /// What the rule gave, metres, before limits.
    pub raw_m: f64,
    /// The limit that replaced it, if one did.
    pub limited: Option<BandwidthLimit>,
    /// Number of incidents that the rule saw.
    pub incidents: usize,
}

/// The quartic bandwidth for incidents that are looked at on cells of that size, in an outline whose
/// bounding box has that shorter side.
///
/// It is the rule's value within [three cells, a quarter of the side]. Where three cells are more than
/// a quarter of the side, three cells hold.
pub fn default_bandwidth(incidents: &[GridPoint], cell: Metres, shorter_side: Metres) -> DefaultBandwidth {
    let scott = scott_sigma_m(incidents).map(|sigma| sigma * quartic_per_sigma());
    let (rule, raw_m) = match scott {
        Some(raw_m) => (BandwidthRule::Scott, raw_m),
        None => (BandwidthRule::FiveCells, 5.0 * cell.get()),
    };
    let least = times(cell, 3.0);
    let most = times(shorter_side, 0.25);
    let (bandwidth, limited) = match Metres::new(raw_m) {
        Ok(raw) if raw.get() > most.get().max(least.get()) => {
            if most.get() > least.get() {
                (most, Some(BandwidthLimit::QuarterSide))
            } else {
                (least, Some(BandwidthLimit::ThreeCells))
            }
        }
        Ok(raw) if raw.get() >= least.get() => (raw, None),
        _ => (least, Some(BandwidthLimit::ThreeCells)),
    };
    DefaultBandwidth { bandwidth, rule, raw_m, limited, incidents: incidents.len() }
}

/// A length times a factor; the length itself where the product is no length.
fn times(length: Metres, factor: f64) -> Metres {
    Metres::new(length.get() * factor).unwrap_or(length)
}

/// The shorter side of a shape's bounding box; `None` where it has no extent on an axis.
pub fn shorter_side(outline: &GridShape) -> Option<Metres> {
    let bounds = outline.0.bounding_rect()?;
    Metres::new(bounds.width().min(bounds.height())).ok()
}

/// The cell size for an outline with that shorter side: a 250th of it (the rule of ArcGIS), rounded
/// down to a multiple of 10 m, at least 10 m.
///
/// # Example
/// ```
/// use hotspots::{analysis::bandwidth::default_cell, model::Metres};
/// assert_eq!(default_cell(Metres::new(12_199.0).unwrap()).get(), 40.0);
/// assert_eq!(default_cell(Metres::new(900.0).unwrap()).get(), 10.0);
/// ```
pub fn default_cell(shorter_side: Metres) -> Metres {
    let tens = (shorter_side.get() / 250.0 / 10.0).floor().max(1.0);
    Metres::new(tens * 10.0).unwrap_or(shorter_side)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{Seeded, metres, rectangle};

    fn positions(n: usize, spread: f64) -> Vec<GridPoint> {
        Seeded::new(11).points(n, spread).iter().map(|p| p.position).collect()
    }

    #[test]
    fn the_bandwidth_is_scotts_within_its_limits() {
        let incidents = positions(500, 2_000.0);
        let raw_m = scott_sigma_m(&incidents).unwrap() * quartic_per_sigma();
        assert!((300.0..3_000.0).contains(&raw_m), "{raw_m}");
        let free = default_bandwidth(&incidents, metres(40.0), metres(12_000.0));
        assert_eq!((free.bandwidth.get(), free.rule, free.limited), (raw_m, BandwidthRule::Scott, None));
        assert_eq!((free.raw_m, free.incidents), (raw_m, 500));

        let coarse = default_bandwidth(&incidents, metres(2_000.0), metres(90_000.0));
        assert_eq!((coarse.bandwidth.get(), coarse.limited), (6_000.0, Some(BandwidthLimit::ThreeCells)));
        let small = default_bandwidth(&incidents, metres(10.0), metres(200.0));
        assert_eq!((small.bandwidth.get(), small.limited), (50.0, Some(BandwidthLimit::QuarterSide)));
        let both = default_bandwidth(&incidents, metres(50.0), metres(200.0));
        assert_eq!((both.bandwidth.get(), both.limited), (150.0, Some(BandwidthLimit::ThreeCells)));
        assert_eq!(small.raw_m.to_bits(), raw_m.to_bits());
    }

    #[test]
    fn incidents_without_spread_get_five_cells() {
        let at = |e, n| GridPoint::new(e, n).unwrap();
        let alike = vec![at(394_500.1, 290_500.7); 7];
        let on_a_line: Vec<_> = (0..7).map(|i| at(394_500.1, 290_500.0 + f64::from(i))).collect();
        for incidents in [&[][..], &alike[..1], &alike, &on_a_line] {
            let default = default_bandwidth(incidents, metres(40.0), metres(12_000.0));
            assert_eq!((default.bandwidth.get(), default.rule), (200.0, BandwidthRule::FiveCells));
            assert_eq!(default.limited, None);
        }
    }

    #[test]
    fn the_default_cell_is_tens_of_metres() {
        let side = shorter_side(&rectangle(387_101.0, 280_899.0, 399_300.0, 295_600.0)).unwrap();
        assert_eq!((side.get(), default_cell(side).get()), (12_199.0, 40.0));
        for side in [1e-9, 1.0, 2_500.0, 4_999.0, 1e300] {
            assert!(default_cell(metres(side)).get() >= 10.0);
        }
        assert!(shorter_side(&GridShape(geo_types::MultiPolygon(Vec::new()))).is_none());
        assert!(shorter_side(&rectangle(0.0, 0.0, 5.0, 0.0)).is_none());
    }
}
