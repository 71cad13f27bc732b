//! The geographic profile of a priority: everything its report says, from one snapshot.
//!
//! | file | what of it |
//! |---|---|
//! | `situation` | how much, what of, how it changed, what harm |
//! | `areas` | a table for each boundary layer |
//! | `accuracy` | how well a map of it held what came next |
//! | [`findings`] | sentences for what is more than chance, each with its figures |
//!
//! Every figure is the answer of one of the analyses ([`crate::service::analysis`]), so that a profile and the
//! address of an analysis cannot disagree.

mod accuracy;
mod areas;
pub mod findings;
pub(super) mod situation;

pub use areas::{AreaRow, AreaTable};
pub use findings::Finding;
pub use situation::{CategoryCount, Harm, Situation};

use super::{
    QuestionError, Scope, Service,
    analysis::{
        accuracy::Accuracy,
        cells::Statistic,
        change,
        concentration::{Concentration, ConcentrationParameters, Measure, Unit},
        density::{Density, DensityParameters},
        emerging::{EmergingLayer, EmergingParameters},
        hex::HexLayer,
        hotspots::{HotspotLayer, HotspotParameters, Resampling},
        hours::Hours,
        repeats::RepeatLocations,
        seasonality::SeasonalityAnswer,
    },
    question::{About, Question},
};
use crate::{
    analysis::{
        density::Form,
        monte_carlo::Replications,
        random::Seed,
        stability::Resamples,
        time::{emerging::Rules, level::Confidence},
    },
    model::{Month, Period},
    profile::Method,
    selection::Tally,
    snapshot::Snapshot,
};

/// What a profile is asked beside its scope.
#[derive(Clone, Debug, Default)]
pub struct ProfileParameters {
    /// What harm is measured by.
    pub harm: HarmTable,
    /// Whether single places may be told.
    pub places: bool,
}

/// The table of weights that harm is measured by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum HarmTable {
    /// The first that the service has.
    #[default]
    First,
    /// Harm is left out.
    None,
    /// The one with this id.
    Named(String),
}

impl HarmTable {
    /// Reads `none` or the id of a table; the first table where nothing is said.
    ///
    /// # Example
    /// ```
    /// use hotspots::service::profile::HarmTable;
    /// assert_eq!(HarmTable::read(None), HarmTable::First);
    /// assert_eq!(HarmTable::read(Some("none")), HarmTable::None);
    /// assert_eq!(HarmTable::read(Some("cchi-2026")), HarmTable::Named("cchi-2026".into()));
    /// ```
    pub fn read(word: Option<&str>) -> Self {
        match word {
            None => Self::First,
            Some("none") => Self::None,
            Some(id) => Self::Named(id.to_owned()),
        }
    }
}

/// A part of a profile, or why the incidents do not tell it.
pub type Section<T> = Result<T, String>;

/// A priority's geographic profile.
pub struct Profile<'a> {
    /// What belongs to the priority, in its own words.
    pub description: String,
    /// How much, what of, and how it changed.
    pub situation: Situation<'a>,
    /// Months of the year, over the whole years before the period's end.
    pub seasonality: Section<SeasonalityAnswer>,
    /// Hours of the week.
    pub hours: Section<Hours>,
    /// The hotspots.
    pub hotspots: HotspotLayer<'a>,
    /// The surface that they are cut from.
    pub density: Density<'a>,
    /// Hex cells with Gi*.
    pub hex: HexLayer<'a>,
    /// What becomes of hot spots, by hex cell.
    pub emerging: Section<EmergingLayer<'a>>,
    /// A table for each boundary layer.
    pub tables: Vec<AreaTable<'a>>,
    /// On how few places the incidents are.
    pub concentration: Concentration,
    /// Places with more than one incident; the first ones are listed where places may be told.
    pub repeats: RepeatLocations<'a>,
    /// How well a map of the months before held the month after them.
    pub accuracy: Section<Accuracy>,
    /// What is more than chance, in words.
    pub findings: Vec<Finding>,
    /// How it was made.
    pub about: About,
}

/// Repeat places that are listed.
const REPEAT_PLACES: u32 = 10;
/// Streets that name a hotspot.
const STREETS: usize = 3;
/// Resamples that tell how stable a hotspot is.
const RESAMPLES: u32 = 99;
/// Months that trend and seasons look back over, as far as the store holds them.
const HISTORY_MONTHS: u16 = 60;

impl Profile<'_> {
    /// What was counted and what was left out.
    pub fn tally(&self) -> Tally {
        self.about.card.tally
    }

    /// Its parts by name, each with how it was made; those that the incidents do not tell are left out.
    pub fn parts(&self) -> Vec<(&'static str, &About)> {
        let trend = self.situation.trend.as_ref().map(|trend| &trend.about);
        let seasonality = self.seasonality.as_ref().map(|answer| &answer.about);
        let rates = self.tables.first().map(|table| &table.about);
        [
            ("trend", trend.ok()),
            ("seasonality", seasonality.ok()),
            ("hours", self.hours.as_ref().map(|hours| &hours.about).ok()),
            ("density", Some(&self.density.about)),
            ("hotspots", Some(&self.hotspots.about)),
            ("cells", Some(&self.hex.about)),
            ("emerging", self.emerging.as_ref().map(|layer| &layer.about).ok()),
            ("rates", rates),
            ("concentration", Some(&self.concentration.about)),
            ("repeats", Some(&self.repeats.about)),
            ("accuracy", self.accuracy.as_ref().map(|judged| &judged.about).ok()),
        ]
        .into_iter()
        .filter_map(|(name, about)| about.map(|about| (name, about)))
        .collect()
    }

    /// The parts that the incidents do not tell, each with the reason.
    pub fn unanswered(&self) -> Vec<(&'static str, &str)> {
        [
            ("change", self.situation.change.as_ref().err()),
            ("trend", self.situation.trend.as_ref().err()),
            ("seasonality", self.seasonality.as_ref().err()),
            ("hours", self.hours.as_ref().err()),
            ("emerging", self.emerging.as_ref().err()),
            ("accuracy", self.accuracy.as_ref().err()),
        ]
        .into_iter()
        .filter_map(|(name, reason)| reason.map(|reason| (name, reason.as_str())))
        .collect()
    }
}

impl Service {
    /// The geographic profile of a scope, which names a priority.
    ///
    /// # Errors
    /// As [`Service::resolve`], and for an unknown table of weights. What these incidents cannot answer is
    /// told section by section, and is no error.
    pub fn profile<'a>(
        &'a self,
        scope: &Scope,
        parameters: &ProfileParameters,
        snapshot: &'a Snapshot,
    ) -> Result<Profile<'a>, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let (period, confidence) = (question.period(), Confidence::default());
        // Parts that look further back or forward are asked with a period of their own; all others with this. All are of the
        // same areas.
        let scope = &Scope { period: Some(period), vintages: question.vintages(), ..scope.clone() };
        let history = history(period, snapshot);
        let past = history.map(|history| Scope { period: Some(history), compare: None, ..scope.clone() });

        let ((hotspots, hex), (emerging, (concentration, repeats))) = rayon::join(
            || {
                rayon::join(
                    || self.profile_hotspots(scope, snapshot),
                    || self.hex(scope, None, Statistic::default(), snapshot),
                )
            },
            || {
                rayon::join(
                    || self.profile_emerging(scope, period, snapshot),
                    || {
                        let places = ConcentrationParameters {
                            unit: Unit::Places,
                            measure: Measure::Count,
                            resamples: Replications::default(),
                            seed: Seed::default(),
                        };
                        let listed = if parameters.places { REPEAT_PLACES } else { 0 };
                        (self.concentration(scope, &places, snapshot), self.repeats(scope, listed, snapshot))
                    },
                )
            },
        );
        let ((tables, accuracy), (seasonality, hours)) = rayon::join(
            || {
                rayon::join(
                    || self.area_tables(&question, scope, confidence, snapshot),
                    || section(self.profile_accuracy(scope, period, snapshot)),
                )
            },
            || {
                let seasonality = past.as_ref().map(|past| self.seasonality(past, confidence, snapshot));
                let seasonality = seasonality.unwrap_or_else(|| Err(no_month(period)));
                (section(seasonality), section(self.hours(scope, snapshot)))
            },
        );
        let density = self.density(scope, &DensityParameters::default(), Form::Intensity, snapshot)?;
        let situation = self.situation(&question, scope, past.as_ref(), parameters, confidence, snapshot)?;
        let method = Method::new("geographic-profile")
            .with("harm_table", situation.harm.as_ref().map(|harm| harm.table.clone()))
            .with("confidence", confidence.get())
            .with("history", history)
            .with("findings", "told where the test or interval behind them is significant at 1 - confidence")
            .with("repeat_places", "places with two incidents and more in the period");
        let mut profile = Profile {
            description: question.description().to_owned(),
            situation,
            seasonality: seasonality?,
            hours: hours?,
            hotspots: hotspots?,
            density,
            hex: hex?,
            emerging: emerging?,
            tables: tables?,
            concentration: concentration?,
            repeats: repeats?,
            accuracy: accuracy?,
            findings: Vec::new(),
            about: question.about(method),
        };
        profile.findings = findings::of(&profile);
        Ok(profile)
    }

    /// What becomes of hot spots; periods of days have no steps of a month.
    fn profile_emerging<'a>(
        &'a self,
        scope: &Scope,
        period: Period,
        snapshot: &'a Snapshot,
    ) -> Result<Section<EmergingLayer<'a>>, QuestionError> {
        if period.as_months().is_none() {
            return Ok(Err("emerging hot spots take a period of whole months".to_owned()));
        }
        let parameters = EmergingParameters { resolution: None, rings: None, rules: Rules::default() };
        section(self.emerging(scope, parameters, snapshot))
    }

    /// The hotspots with their stability, where it can be drawn in reasonable time.
    fn profile_hotspots<'a>(
        &'a self,
        scope: &Scope,
        snapshot: &'a Snapshot,
    ) -> Result<HotspotLayer<'a>, QuestionError> {
        let parameters = HotspotParameters {
            minimum_count: 1,
            streets: STREETS,
            resampling: Resamples::new(RESAMPLES).map_or(Resampling::None, Resampling::WhereAffordable),
            ..HotspotParameters::default()
        };
        self.hotspots(scope, &parameters, snapshot)
    }
}

/// What cannot be answered becomes the reason; every other error stays one.
fn section<T>(answer: Result<T, QuestionError>) -> Result<Section<T>, QuestionError> {
    match answer {
        Ok(answer) => Ok(Ok(answer)),
        Err(QuestionError::Unanswerable { detail }) => Ok(Err(detail)),
        Err(other) => Err(other),
    }
}

/// The period that this one can be compared with, or why there is no change to tell: the other parts can be told
/// without it.
fn compared(question: &Question<'_>) -> Section<Period> {
    match change::comparison(question) {
        _ if question.asked_comparison().is_none() => Err("no comparison was asked for".to_owned()),
        Err(QuestionError::Invalid { fault, .. }) => Err(fault.to_string()),
        other => other.map_err(|error| error.to_string()),
    }
}

fn no_month(period: Period) -> QuestionError {
    QuestionError::Unanswerable { detail: format!("the store holds no month up to the end of {period}") }
}

/// The months up to a period's end that the store holds, at most [`HISTORY_MONTHS`].
fn history(period: Period, snapshot: &Snapshot) -> Option<Period> {
    let (oldest, newest) = snapshot.months()?;
    let last = Month::of(period.last()).min(newest);
    let first = oldest.max(last.plus(1 - i32::from(HISTORY_MONTHS)));
    Period::months(first, last).ok()
}
