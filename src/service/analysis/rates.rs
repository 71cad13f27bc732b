//! Rates by area, with intervals, ratios and smoothed rates.

use super::study_areas::{StudyAreas, WITHIN_RULE};
use crate::{
    analysis::{
        adjacency,
        rates::{self, Rates},
    },
    model::Area,
    profile::Method,
    service::{QuestionError, Scope, Service, question::About, summary::estimate_year},
    snapshot::Snapshot,
};

pub use crate::model::Per;

/// Rates of a layer's areas.
pub struct AreaRates<'a> {
    /// The areas.
    pub areas: Vec<&'a Area>,
    /// Incidents in each.
    pub counts: Vec<u64>,
    /// Residents, households or dwellings of each, where they are known.
    pub populations: Vec<Option<u32>>,
    /// The rates.
    pub rates: Rates,
    /// Incidents in none of the areas.
    pub in_no_area: u64,
    /// How it was made.
    pub about: About,
}

impl Service {
    /// Rates of a layer's areas.
    ///
    /// # Errors
    /// As [`Service::resolve`], and for an unknown layer.
    pub fn rates<'a>(
        &'a self,
        layer_id: &str,
        scope: &Scope,
        per: Per,
        snapshot: &'a Snapshot,
    ) -> Result<AreaRates<'a>, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let study = StudyAreas::of(&question, layer_id)?;
        let mut counts = vec![0; study.areas.len()];
        let mut in_no_area = 0;
        for at in &question.selection.places {
            let slot = study.slot(&question, at.place).and_then(|slot| counts.get_mut(slot));
            *slot.unwrap_or(&mut in_no_area) += u64::from(at.count);
        }
        let year = estimate_year(study.layer, question.period(), |of| of.of(per));
        let population = |area: &&Area| area.denominators.of(per).get(&year?).copied();
        let populations: Vec<_> = study.areas.iter().map(population).collect();
        let shapes: Vec<_> = study.areas.iter().map(|area| &area.grid).collect();
        let rates = rates::rates(&counts, &populations, &adjacency::touching(&shapes));
        let method = Method::new("rates")
            .with("rate", format!("incidents of the period per 1,000 {}", per.as_str()))
            .with("per", per.as_str())
            .with("estimates_of_year", year)
            .with("areas", if question.is_within_an_area() { WITHIN_RULE } else { "all of the layer" })
            .with("interval", "95 %, exact Poisson (Garwood 1936)")
            .with("ratio", "incidents over those expected at the rate of all areas together")
            .with("p_values", "exact: binomial by population given all incidents, twice the smaller tail; adjusted by Benjamini-Hochberg over all areas with a rate")
            .with("smoothing", "empirical Bayes with the moments of Marshall (1991), towards all areas, and towards an area and those that touch it; intervals 95 % of the gamma posterior")
            .with("border_rule", "a point on a border belongs to the first of its areas in order of code");
        let mut about = question.about_in(method, Some(study.note()));
        about.notices.extend(study.notice(&question));
        let unknown = populations.iter().filter(|population| population.is_none()).count();
        if unknown > 0 {
            about.notices.push(format!(
                "{unknown} of {} areas have no rate: their {} are not known. They are left out of everything.",
                populations.len(),
                per.as_str()
            ));
        }
        if in_no_area > 0 {
            about
                .notices
                .push(format!("{in_no_area} incidents in the study area lie in none of these areas."));
        }
        if question.is_weighted() {
            about.notices.push("Rates count incidents; weights are not used.".to_owned());
        }
        Ok(AreaRates { areas: study.areas, counts, populations, rates, in_no_area, about })
    }
}
