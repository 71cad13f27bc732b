//! The point pattern: centres, spread, nearest neighbours, Ripley's K.

use crate::{
    analysis::{
        bandwidth::shorter_side,
        density::WeightedPoint,
        monte_carlo::Replications,
        pattern::{
            centre::{self, MedianCentre},
            ellipse::{Dispersion, Spread},
            envelope::{Envelope, NoEnvelope},
            nearest::{NearestNeighbour, nearest_neighbour},
            ripley::{Radii, Ripley, default_farthest, ripley},
        },
        progress::Watch,
        random::Seed,
    },
    crs,
    model::{GridPoint, Invalid, LonLat, Metres},
    profile::Method,
    service::{
        QuestionError, Scope, Service,
        question::{About, Question},
    },
    snapshot::Snapshot,
};

/// What is asked of a point pattern.
#[derive(Clone, Copy, Debug, Default)]
pub struct PatternParameters {
    /// How spread is measured.
    pub spread: Spread,
    /// The farthest distance of K; `None` lets a rule decide.
    pub farthest: Option<Metres>,
    /// How many distances; `None` for 20.
    pub steps: Option<u32>,
    /// How often chance is played out; `None` for no envelope.
    pub replications: Option<Replications>,
    /// What chance starts from.
    pub seed: Seed,
}

/// Shortest and longest distance of K that is taken, metres.
pub const FARTHEST_M: std::ops::RangeInclusive<f64> = 10.0..=10_000.0;
/// Most distances of K.
pub const MOST_STEPS: u32 = 100;
const DEFAULT_STEPS: u32 = 20;

/// Pairs of incidents that an envelope may look at: about half a minute of one processor.
const MOST_PAIRS: f64 = 1e10;

/// A point pattern. A statistic that these incidents do not have is `None`, or empty.
pub struct Pattern {
    /// Incidents.
    pub incidents: u64,
    /// The sum of their weights.
    pub weight: f64,
    /// The weighted mean centre.
    pub mean_centre: Option<GridPoint>,
    /// The centre of the medians.
    pub centre_of_medians: Option<GridPoint>,
    /// The weighted median centre.
    pub median_centre: Option<MedianCentre>,
    /// Spread around the mean centre.
    pub dispersion: Option<Dispersion>,
    /// Nearest neighbours of incidents.
    pub nearest_incidents: Option<NearestNeighbour>,
    /// Nearest neighbours of places, each counted once.
    pub nearest_places: Option<NearestNeighbour>,
    /// K by distance.
    pub ripley: Vec<Ripley>,
    /// What chance gives.
    pub envelope: Option<Envelope>,
    /// How it was made.
    pub about: About,
}

impl Service {
    /// Describes the point pattern of a selection.
    ///
    /// # Errors
    /// As [`Service::resolve`], for distances out of bounds or more replications than can be computed, and
    /// [`QuestionError::Stopped`].
    pub fn pattern(
        &self,
        scope: &Scope,
        parameters: PatternParameters,
        snapshot: &Snapshot,
        watch: &dyn Watch,
    ) -> Result<Pattern, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let (counted, weighted) = (question.counted(), question.weighted());
        let incidents = question.selection.tally.used;
        let outline = &question.area().grid;
        let (radii, farthest_rule) = radii(&question, parameters, incidents)?;
        check_work(&question, parameters, &radii, incidents)?;
        let distinct: Vec<_> = counted.iter().map(|at| WeightedPoint { weight: 1.0, ..*at }).collect();
        let curve = ripley(&counted, outline, &radii);
        let envelope = parameters.replications.map(|replications| {
            Envelope::of(&curve, incidents, outline, replications, parameters.seed, watch)
        });
        let envelope = match envelope {
            Some(Err(NoEnvelope::Stopped)) => return Err(QuestionError::Stopped),
            Some(Ok(envelope)) => Some(envelope),
            // Two incidents are too few for K as well, and no study area is so narrow.
            Some(Err(NoEnvelope::Unplayable)) | None => None,
        };
        let method = Method::new("pattern")
            .with("study_area_km2", question.area().area.km2())
            .with("centres", "mean, median centre and spread by weight; centre of the medians by incidents")
            .with("median_centre", "least weighted sum of distances (Vardi and Zhang 2000)")
            .with("spread", parameters.spread.as_str())
            .with("spread_rule", match parameters.spread {
                Spread::Plain => "divisor n",
                Spread::CrimeStat => "divisor n - 2, axes of the ellipse times the square root of 2",
            })
            .with("nearest_neighbour", "Clark and Evans (1954) with the true area; z without regard to the border; border-safe index by Kaplan-Meier; Donnelly's correction for rectangles only")
            .with("k", "border-corrected and uncorrected, distances to the border exact")
            .with("farthest_m", radii.farthest_m())
            .with("farthest_rule", farthest_rule)
            .with("distances", radii.as_slice().len())
            .with("replications", parameters.replications.map(Replications::get))
            .with("seed", parameters.replications.map(|_| parameters.seed.0))
            .with("chance", "complete spatial randomness: as many incidents, each anywhere in the study area");
        let mut about = question.about(method);
        let nearest_incidents = nearest_neighbour(&counted, outline);
        about.notices.extend(nearest_incidents.as_ref().and_then(snapped_notice));
        Ok(Pattern {
            incidents,
            weight: weighted.iter().map(|at| at.weight).sum(),
            mean_centre: centre::mean(&weighted),
            centre_of_medians: centre::of_medians(&counted),
            median_centre: centre::median(&weighted),
            dispersion: Dispersion::of(&weighted, incidents, parameters.spread),
            nearest_incidents,
            nearest_places: nearest_neighbour(&distinct, outline),
            ripley: curve,
            envelope,
            about,
        })
    }
}

/// The distances of K, and how the farthest came about.
fn radii(
    question: &Question<'_>,
    parameters: PatternParameters,
    incidents: u64,
) -> Result<(Radii, &'static str), QuestionError> {
    let (farthest, rule) = match parameters.farthest {
        Some(farthest) if !FARTHEST_M.contains(&farthest.get()) => {
            let rule = format!("it is {} to {} metres", FARTHEST_M.start(), FARTHEST_M.end());
            let fault = Invalid::new(farthest.get(), rule);
            return Err(QuestionError::Invalid { place: "query parameter farthest_m", fault });
        }
        Some(farthest) => (farthest, "as asked"),
        None => {
            let side = shorter_side(&question.area().grid).unwrap_or(Metres::ONE);
            let rule = "a quarter of the shorter side, at most as far as chance has 1,000 incidents";
            (default_farthest(side, question.area().area, incidents), rule)
        }
    };
    let radii = Radii::up_to(farthest, parameters.steps.unwrap_or(DEFAULT_STEPS))
        .map_err(|fault| QuestionError::Invalid { place: "query parameter steps", fault })?;
    Ok((radii, rule))
}

/// Refuses an envelope that would take too long.
fn check_work(
    question: &Question<'_>,
    parameters: PatternParameters,
    radii: &Radii,
    incidents: u64,
) -> Result<(), QuestionError> {
    let Some(replications) = parameters.replications else { return Ok(()) };
    let around = std::f64::consts::PI * radii.farthest_m().powi(2) / question.area().area.0.max(1.0);
    let pairs = (incidents as f64).powi(2) * around.min(1.0) * replications.get() as f64;
    if pairs <= MOST_PAIRS {
        return Ok(());
    }
    let rule = format!(
        "with {incidents} incidents up to {} m this is too much to compute; ask for fewer replications or a \
         shorter farthest_m",
        radii.farthest_m()
    );
    let fault = Invalid::new(replications.get(), rule);
    Err(QuestionError::Invalid { place: "query parameter replications", fault })
}

fn snapped_notice(found: &NearestNeighbour) -> Option<String> {
    (found.at_shared_positions > 0).then(|| {
        format!(
            "{} of {} incidents share their position with another. Published positions are often moved to the middle \
             of a street: clustering at distances shorter than those between such positions is made by that. \
             Compare the index of places.",
            found.at_shared_positions, found.incidents
        )
    })
}

impl Pattern {
    /// The standard distance and the ellipse as closed rings in degrees; `None` where they have no extent.
    pub fn rings(&self) -> Option<(Vec<LonLat>, Vec<LonLat>)> {
        let dispersion = self.dispersion.filter(|spread| spread.standard_distance_m > 0.0)?;
        Some((to_lonlat(&dispersion.circle(RING_SIDES)), to_lonlat(&dispersion.ring(RING_SIDES))))
    }
}

/// Sides of a drawn circle: the middle of a side is 0.03 % of the radius from it.
const RING_SIDES: u16 = 128;

/// Where a position on the grid is in degrees.
pub fn lonlat(at: GridPoint) -> Option<LonLat> {
    crs::osgb::to_lonlat(at).ok()
}

/// A ring in degrees. What lies outside Great Britain is left out.
fn to_lonlat(ring: &[geo_types::Coord<f64>]) -> Vec<LonLat> {
    ring.iter().filter_map(|corner| lonlat(GridPoint::new(corner.x, corner.y).ok()?)).collect()
}
