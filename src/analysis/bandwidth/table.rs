//! What each rule gives for some incidents, and which one is used.

use std::cell::OnceCell;

use super::{
    left_out::{LeftOut, Sums},
    limits::{self, BandwidthLimit},
    nearest::mean_nearest_m,
    optimum::Optimum,
    pairs::PairDistances,
    rule::{NotApplicable, Rule},
    search::Range,
    spread,
};
use crate::{
    analysis::density::{Kernel, WeightedPoint},
    model::{GridPoint, Metres, SquareMetres},
};

/// What a bandwidth is looked for: incidents, where they are looked at, and with which kernel.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The number of incidents at each place, as weights; each place stands there once.
    pub counted: &'a [WeightedPoint],
    /// The same places with the sums of their incidents' weights.
    pub weighted: &'a [WeightedPoint],
    /// Side of the raster's cells.
    pub cell: Metres,
    /// Shorter side of the study area's box.
    pub shorter_side: Metres,
    /// The study area.
    pub area: SquareMetres,
    /// The kernel in use.
    pub kernel: Kernel,
}

/// What a rule gives.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleBandwidth {
    /// σ of a Gaussian kernel, metres. From a rule for a quartic radius it is the one that smooths as much.
    pub sigma_m: f64,
    /// Bandwidth of the kernel in use that smooths as much, metres.
    pub raw_m: f64,
    /// The same within the limits.
    pub bandwidth: Metres,
    /// The limit that replaced it, if one did.
    pub limited: Option<BandwidthLimit>,
    /// For a rule that optimises a criterion: its optima, the best first. σ is that of the best.
    pub optima: Vec<Optimum>,
}

/// A rule and what it gives, or why it does not apply.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleValue {
    /// The rule.
    pub rule: Rule,
    /// What it gives.
    pub given: Result<RuleBandwidth, NotApplicable>,
}

/// The bandwidth in use and how it came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// The rule that was used.
    pub rule: Rule,
    /// What it gave.
    pub given: RuleBandwidth,
    /// The rule that was wanted, and why it does not apply, where another one is used.
    pub instead_of: Option<(Rule, NotApplicable)>,
    /// Number of incidents that the rule saw.
    pub incidents: usize,
}

/// Least-squares cross-validation is computed for at most so many places: about a second.
pub const MOST_PLACES_BY_PAIRS: usize = 50_000;
/// The criteria that need a sum for each place are computed for at most so many: some seconds.
pub const MOST_PLACES_LEFT_OUT: usize = 10_000;

/// What each of the rules gives, in their order.
///
/// Incidents count as one each, whatever their weight, but for [`Rule::ArcGisWeighted`].
pub fn values(rules: &[Rule], situation: &Situation<'_>) -> Vec<RuleValue> {
    let work = Work::new(situation);
    rules.iter().map(|&rule| RuleValue { rule, given: work.apply(rule) }).collect()
}

/// The bandwidth by a rule; by [`Rule::FiveCells`] where it does not apply.
///
/// # Example
/// ```
/// use hotspots::{
///     analysis::{bandwidth::{Rule, Situation, choose}, density::{Kernel, WeightedPoint}},
///     model::{GridPoint, Metres, SquareMetres},
/// };
/// let corners = [(0.0, 0.0), (400.0, 0.0), (0.0, 300.0), (400.0, 300.0)].map(|(e, n)| WeightedPoint {
///     position: GridPoint::new(394_000.0 + e, 290_000.0 + n).unwrap(),
///     weight: 1.0,
/// });
/// let situation = Situation {
///     counted: &corners,
///     weighted: &corners,
///     cell: Metres::new(40.0).unwrap(),
///     shorter_side: Metres::new(12_000.0).unwrap(),
///     area: SquareMetres(144e6),
///     kernel: Kernel::Quartic,
/// };
/// // Scott's σ is 158.74 m; the quartic kernel needs 2.779 times as much.
/// assert!((choose(Rule::Scott, &situation).given.bandwidth.get() - 441.17).abs() < 0.01);
/// ```
pub fn choose(rule: Rule, situation: &Situation<'_>) -> Chosen {
    let work = Work::new(situation);
    let incidents = work.incidents.len();
    let of = |rule, given, instead_of| Chosen { rule, given, instead_of, incidents };
    match work.apply(rule) {
        Ok(given) => of(rule, given, None),
        Err(reason) => of(Rule::FiveCells, situation.five_cells(), Some((rule, reason))),
    }
}

impl Situation<'_> {
    fn of_sigma(&self, sigma_m: f64, optima: Vec<Optimum>) -> RuleBandwidth {
        let raw_m = sigma_m * self.kernel.per_sigma();
        let (bandwidth, limited) = limits::limited(raw_m, self.cell, self.shorter_side);
        RuleBandwidth { sigma_m, raw_m, bandwidth, limited, optima }
    }

    fn of_quartic_radius(&self, radius_m: f64) -> RuleBandwidth {
        let given = self.of_sigma(radius_m / Kernel::Quartic.per_sigma(), Vec::new());
        if self.kernel != Kernel::Quartic {
            return given;
        }
        // As the rule gives it, and not rounded on the way through σ.
        let (bandwidth, limited) = limits::limited(radius_m, self.cell, self.shorter_side);
        RuleBandwidth { raw_m: radius_m, bandwidth, limited, ..given }
    }

    fn five_cells(&self) -> RuleBandwidth {
        self.of_quartic_radius(5.0 * self.cell.get())
    }
}

/// The position of every incident, as often as there are incidents at a place.
pub(super) fn every_incident(counted: &[WeightedPoint]) -> Vec<GridPoint> {
    let at = |place: &WeightedPoint| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of incidents")]
        let count = place.weight as usize;
        std::iter::repeat_n(place.position, count)
    };
    counted.iter().flat_map(at).collect()
}

/// What the rules work on; what several need is made once, when the first asks for it.
struct Work<'a> {
    situation: &'a Situation<'a>,
    /// The position of every incident.
    incidents: Vec<GridPoint>,
    range: Range,
    pairs: OnceCell<PairDistances>,
    left_out: LeftOut,
    ladder: OnceCell<Vec<Sums>>,
}

impl<'a> Work<'a> {
    fn new(situation: &'a Situation<'a>) -> Self {
        Self {
            situation,
            incidents: every_incident(situation.counted),
            range: Range::of(situation.shorter_side),
            pairs: OnceCell::new(),
            left_out: LeftOut::new(situation.counted),
            ladder: OnceCell::new(),
        }
    }

    fn apply(&self, rule: Rule) -> Result<RuleBandwidth, NotApplicable> {
        let (situation, incidents) = (self.situation, self.incidents.as_slice());
        let least = match rule {
            Rule::HotspotDetective | Rule::FiveCells => 0,
            Rule::BaileyGatrell => 1,
            Rule::Nearest(order) => usize::from(order) + 1,
            _ => 2,
        };
        if incidents.len() < least {
            return Err(NotApplicable::TooFewIncidents { least });
        }
        let radius = |radius_m: Option<f64>| {
            radius_m.filter(|&radius_m| radius_m > 0.0).map(|radius_m| situation.of_quartic_radius(radius_m))
        };
        let sigma = |sigma_m: Option<f64>| sigma_m.map(|sigma_m| situation.of_sigma(sigma_m, Vec::new()));
        let by_spread = match rule {
            Rule::Scott => sigma(spread::scott_sigma_m(incidents)),
            Rule::Silverman => sigma(spread::silverman_sigma_m(incidents)),
            Rule::Oversmoothing => sigma(spread::oversmoothing_sigma_m(incidents)),
            Rule::NormalReference => {
                radius(spread::normal_reference_m(incidents).map(|[east, north]| (east * north).sqrt()))
            }
            Rule::ArcGis => radius(spread::arcgis_radius_m(incidents)),
            Rule::ArcGisWeighted if !self.has_weights() => return Err(NotApplicable::NoWeights),
            Rule::ArcGisWeighted => radius(spread::arcgis_weighted_radius_m(situation.weighted)),
            Rule::HotspotDetective => {
                radius(Some(spread::hotspot_detective_radius_m(situation.shorter_side)))
            }
            Rule::BaileyGatrell => radius(spread::bailey_gatrell_radius_m(incidents.len(), situation.area)),
            Rule::Nearest(order) => {
                let means = mean_nearest_m(situation.counted, &[u32::from(order)]);
                radius(means.into_iter().flatten().next())
            }
            Rule::FiveCells => Some(situation.five_cells()),
            Rule::LeastSquares
            | Rule::LeastSquaresByIncident
            | Rule::Likelihood
            | Rule::LikelihoodByIncident
            | Rule::CronieVanLieshout => return self.optimum(rule),
        };
        by_spread.ok_or(NotApplicable::NoSpread)
    }

    /// Whether any place has another weight than its number of incidents.
    fn has_weights(&self) -> bool {
        let weights = self.situation.weighted.iter().map(|place| place.weight);
        !weights.eq(self.situation.counted.iter().map(|place| place.weight))
    }

    /// The bandwidth that a criterion calls best.
    fn optimum(&self, rule: Rule) -> Result<RuleBandwidth, NotApplicable> {
        let places = self.situation.counted.len();
        let by_pairs = matches!(rule, Rule::LeastSquares | Rule::LeastSquaresByIncident);
        let most = if by_pairs { MOST_PLACES_BY_PAIRS } else { MOST_PLACES_LEFT_OUT };
        if places < 2 {
            return Err(NotApplicable::OnePlace);
        }
        if places > most {
            return Err(NotApplicable::TooManyPlaces { most });
        }
        let of_pairs = |criterion: fn(&PairDistances, f64) -> Option<f64>| {
            let pairs = self.pairs.get_or_init(|| PairDistances::of(self.situation.counted));
            self.range.of_pairs(pairs, criterion)
        };
        let of_sums = |criterion: &dyn Fn(&LeftOut, &Sums) -> f64| {
            let ladder = self.ladder.get_or_init(|| self.range.ladder(&self.left_out));
            Range::of_sums(&self.left_out, ladder, |sums| criterion(&self.left_out, sums))
        };
        let area = self.situation.area;
        let optima = match rule {
            Rule::LeastSquares => of_pairs(PairDistances::criterion),
            Rule::LeastSquaresByIncident => of_pairs(PairDistances::criterion_by_incident),
            // The greatest likelihood is the least of its negative.
            Rule::Likelihood => of_sums(&|places, sums| -places.log_likelihood(sums)),
            Rule::LikelihoodByIncident => of_sums(&|places, sums| -places.log_likelihood_by_incident(sums)),
            _ => of_sums(&|places, sums| places.area_left_m2(sums, area).powi(2)),
        };
        let best = optima.first().ok_or(NotApplicable::NoOptimum)?;
        Ok(self.situation.of_sigma(best.sigma_m, optima))
    }
}
