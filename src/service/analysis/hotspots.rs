//! The hotspot polygons of a selection.

use geo_types::MultiPolygon;

use super::{
    density::{DensityParameters, Drawing, to_lonlat},
    streets::{self, Street},
};
use crate::{
    analysis::{
        hotspots::{self, Events, Held, Hotspot, HotspotRule, Hotspots, Share},
        random::Seed,
        stability::{self, Drawn, Resamples, Stability},
    },
    crs,
    model::{Area, GridPoint, GridShape, Invalid, LonLat, LonLatShape, SquareMetres},
    profile::Method,
    selection::SelectedPlace,
    service::{
        QuestionError, Scope, Service,
        question::{About, Question},
    },
    snapshot::Snapshot,
};

/// Parameters of the method; what is left out follows a rule.
#[derive(Clone, Debug, Default)]
pub struct HotspotParameters {
    /// How the surface is drawn and parted into classes.
    pub density: DensityParameters,
    /// Number of the class from which on a place is hot.
    pub class: Option<usize>,
    /// Fewer incidents make no hotspot.
    pub minimum_count: u64,
    /// Less ground makes no hotspot; one cell of the raster where nothing is said.
    pub minimum_area: Option<SquareMetres>,
    /// How many streets are named for each.
    pub streets: usize,
    /// Whether resamples tell how stable each is.
    pub resampling: Resampling,
    /// What the resamples start from.
    pub seed: Seed,
}

/// Whether resamples of the incidents tell how stable hotspots are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resampling {
    /// They are not drawn.
    #[default]
    None,
    /// So many are drawn; more than can be drawn in reasonable time are refused.
    Exactly(Resamples),
    /// So many are drawn where that takes a reasonable time, and otherwise none.
    WhereAffordable(Resamples),
}

/// The hotspots of a selection.
pub struct HotspotLayer<'a> {
    /// The hotspots, the one with the greatest weighted count first.
    pub hotspots: Vec<RankedHotspot<'a>>,
    /// What they hold together.
    pub together: Held,
    /// Polygons that were left out as too small.
    pub omitted: Held,
    /// What lies in no polygon.
    pub elsewhere: Held,
    /// The whole study area.
    pub whole: Held,
    /// The least intensity of a hotspot, events per km²; `None` where the surface is zero.
    pub limit_per_km2: Option<f64>,
    /// How it was made.
    pub about: About,
}

/// One hotspot.
pub struct RankedHotspot<'a> {
    /// Its rank from 1.
    pub rank: usize,
    /// What it holds.
    pub held: Held,
    /// Which part of the study area it is.
    pub share: Share,
    /// Its shape.
    pub shape: LonLatShape,
    /// The same on the grid.
    pub grid_shape: GridShape,
    /// The centre of its hottest cell.
    pub peak: GridPoint,
    /// The same in degrees.
    pub peak_lonlat: LonLat,
    /// The intensity there, events per km².
    pub peak_per_km2: f64,
    /// By layer its id and the areas it lies in, with the share of the hotspot's ground, the greatest first.
    pub areas: Vec<(&'a str, Vec<(&'a Area, f64)>)>,
    /// Its commonest streets.
    pub streets: Vec<Street>,
    /// In what share of the resamples it is found, and its peak is hot; `None` without resamples.
    pub stability: Option<(f64, f64)>,
}

impl Service {
    /// The hotspot polygons of a selection in the study area.
    ///
    /// # Errors
    /// As [`Service::density`], for a class that the classification does not have, and for more resamples than
    /// can be drawn in reasonable time.
    pub fn hotspots<'a>(
        &'a self,
        scope: &Scope,
        parameters: &HotspotParameters,
        snapshot: &'a Snapshot,
    ) -> Result<HotspotLayer<'a>, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let drawing = Drawing::of(&question, &parameters.density)?;
        let class = class(parameters.class, &drawing)?;
        let resamples = match parameters.resampling {
            Resampling::None => None,
            Resampling::Exactly(wanted) => Some(affordable(wanted, &question, &drawing)?),
            Resampling::WhereAffordable(wanted) => affordable(wanted, &question, &drawing).ok(),
        };

        let surface = drawing.surface(&question.weighted());
        let limits = drawing.limits(&surface);
        let limit_per_km2 = limits.as_ref().and_then(|limits| limits.of_class(class));
        let rule = HotspotRule {
            // Nothing is at least this.
            limit_per_km2: limit_per_km2.unwrap_or(f64::INFINITY),
            minimum_area: parameters.minimum_area.unwrap_or_else(|| drawing.grid.cell_area()),
            minimum_count: parameters.minimum_count,
        };
        let found = hotspots::hotspots(&surface, &rule, drawing.outline, &events(&question));
        let stability = resamples.map(|resamples| {
            let draw = |points: &[_]| {
                let surface = drawing.surface(points);
                let limits = drawing.limits(&surface);
                let limit_per_km2 = limits.and_then(|limits| limits.of_class(class));
                Drawn { surface, limit_per_km2 }
            };
            let (incidents, cells) = (question.incidents(), drawing.grid.cells());
            stability::stability(&incidents, &found.ranked, cells, resamples, parameters.seed, draw)
        });

        let method = drawing
            .described(Method::new("hotspots"), limits.as_ref())
            .with("class", class)
            .with("class_is", drawing.classes.label(class))
            .with("limit_per_km2", limit_per_km2)
            .with("minimum_count", rule.minimum_count)
            .with("minimum_area_m2", rule.minimum_area.0)
            .with("rank", "by weighted count; then by peak, then from the south-west")
            .with("border_rule", "an incident on the border of a hotspot is in it")
            .with("resamples", resamples.map(Resamples::get))
            .with("seed", resamples.map(|_| parameters.seed.0))
            .with("found", resamples.map(|_| FOUND));
        let mut about = question.about(method);
        about.notices.extend(drawing.notice());
        about.notices.extend(notices(&found));
        let whole = Held::sum([found.together(), found.omitted, found.elsewhere]);
        let whole = Held { area: question.area().area, ..whole };
        let (together, omitted, elsewhere) = (found.together(), found.omitted, found.elsewhere);
        let hotspots = Self::ranked(&question, &found, stability.as_ref(), &whole, parameters.streets);
        Ok(HotspotLayer { hotspots, together, omitted, elsewhere, whole, limit_per_km2, about })
    }

    /// Says of each hotspot where it lies and what it is called.
    fn ranked<'a>(
        question: &Question<'a>,
        found: &Hotspots,
        stability: Option<&Stability>,
        whole: &Held,
        most_streets: usize,
    ) -> Vec<RankedHotspot<'a>> {
        let mut of_place = vec![None; question.selection.places.len()];
        for (number, hotspot) in found.ranked.iter().enumerate() {
            for place in &hotspot.places {
                of_place[*place as usize] = Some(number);
            }
        }
        let streets = streets::of_groups(question, found.ranked.len(), |place| of_place[place], most_streets);
        let ranked = found.ranked.iter().zip(streets).enumerate();
        ranked
            .filter_map(|(number, (hotspot, streets))| {
                let share_at = |shares: &[f64]| shares.get(number).copied();
                Some(RankedHotspot {
                    rank: number + 1,
                    held: hotspot.held,
                    share: hotspot.held.share_of(whole),
                    shape: to_lonlat(&MultiPolygon(vec![hotspot.shape.clone()])),
                    grid_shape: GridShape(MultiPolygon(vec![hotspot.shape.clone()])),
                    peak: hotspot.peak.position,
                    // A cell's centre in the borough lies where degrees are defined.
                    peak_lonlat: crs::osgb::to_lonlat(hotspot.peak.position).ok()?,
                    peak_per_km2: hotspot.peak.per_km2,
                    areas: Self::areas_of(question, hotspot),
                    streets,
                    stability: stability.and_then(|s| share_at(&s.found).zip(share_at(&s.peak_hot))),
                })
            })
            .collect()
    }

    fn areas_of<'a>(question: &Question<'a>, hotspot: &Hotspot) -> Vec<(&'a str, Vec<(&'a Area, f64)>)> {
        let layers = question.layers().iter();
        layers
            .map(|&(_, layer)| {
                let shares = hotspots::area_shares(&hotspot.shape, &layer.areas);
                let areas = shares.iter().map(|part| (&layer.areas[part.area], part.share)).collect();
                (layer.id.as_str(), areas)
            })
            .collect()
    }
}

const FOUND: &str = "share of the resamples in which the peak is hot and so is at least half of the cells; the \
     incidents are drawn with replacement, the limit is computed again, bandwidth and raster are kept";

/// What the surfaces of all resamples may take, in units of [`Drawing::work`]: some fifteen seconds on one core.
const MOST_WORK: f64 = 5e8;

fn class(asked: Option<usize>, drawing: &Drawing<'_>) -> Result<usize, QuestionError> {
    let (class, classes) =
        (asked.unwrap_or(drawing.classes.usual_hotspot_class()), drawing.classes.classes());
    if (1..=classes).contains(&class) {
        return Ok(class);
    }
    let rule = format!("the classes of {} are 1 to {classes}", drawing.classes);
    Err(QuestionError::Invalid { place: "query parameter class", fault: Invalid::new(class, rule) })
}

fn affordable(
    resamples: Resamples,
    question: &Question<'_>,
    drawing: &Drawing<'_>,
) -> Result<Resamples, QuestionError> {
    let refuse = |rule: String| {
        let fault = Invalid::new(resamples.get(), rule);
        Err(QuestionError::Invalid { place: "query parameter resamples", fault })
    };
    if !drawing.is_fixed() {
        return refuse(
            "resamples are drawn with one bandwidth for all: they go with adaptive=none".to_owned(),
        );
    }
    let each = drawing.work(question);
    if each * f64::from(resamples.get()) <= MOST_WORK {
        return Ok(resamples);
    }
    refuse(format!(
        "with this kernel, {} cells and {} incidents at most {:.0} resamples are drawn; a larger cell_m or a \
         shorter period allows more",
        drawing.grid.cells(),
        question.selection.tally.used,
        (MOST_WORK / each).floor()
    ))
}

fn events(question: &Question<'_>) -> Vec<Events> {
    let at = |at: &SelectedPlace| Events {
        position: question.snapshot().places().grid(at.place),
        count: at.count,
        weight: at.weight,
    };
    question.selection.places.iter().map(at).collect()
}

fn notices(found: &Hotspots) -> Vec<String> {
    let Held { polygons, count, .. } = found.omitted;
    match polygons {
        0 => Vec::new(),
        1 => vec![format!("One polygon with {count} incidents is left out as too small.")],
        _ => vec![format!("{polygons} polygons with {count} incidents in all are left out as too small.")],
    }
}
