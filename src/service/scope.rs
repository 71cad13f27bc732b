//! From what was asked to what is selected: defaults, checks, and notices where a reader might
//! take a number for more than it is.

use std::{collections::BTreeMap, fmt};

use super::{QuestionError, Service, vintages::pinned};
pub use crate::model::priority::Comparison;
use crate::{
    model::{
        Area, Category, Invalid, Layer, Month, Period, Priority, VintageAsked, priority::PeriodRule, words,
    },
    profile::{
        Method, MethodCard,
        method_card::{AreaNote, LayerNote},
    },
    selection::{AreaNumber, Criteria, Filter, SYNTHETIC_PREFIX, Tally},
    snapshot::Snapshot,
};

/// Which incidents a question is about, as it was asked.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The priority's id.
    pub priority: Option<String>,
    /// The version of its definition; `None` for the one in use.
    pub priority_version: Option<u32>,
    /// The period; `None` lets the priority's rule decide.
    pub period: Option<Period>,
    /// What to compare with; `None` lets the priority's rule decide.
    pub compare: Option<Compare>,
    /// Only these categories.
    pub categories: Vec<Category>,
    /// Only these sources.
    pub sources: Vec<String>,
    /// A further condition.
    pub filter: Option<Filter>,
    /// Id of a table of weights by category, in place of the priority's; `none` for no weights by category.
    pub weights: Option<String>,
    /// Only this area of this layer, by id and code; `None` for the whole borough.
    pub within: Option<(String, String)>,
    /// The vintage of boundary layers; where none is asked for, that for the period.
    pub vintages: VintageAsked,
}

/// What a period is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// Nothing.
    No,
    /// A period that follows from the one asked about.
    Rule(Comparison),
    /// A period of its own.
    Period(Period),
}

impl Compare {
    /// Reads `none`, `before`, `year-before` or a period.
    ///
    /// # Errors
    /// [`Invalid`] for anything else.
    ///
    /// # Example
    /// ```
    /// use hotspots::service::Compare;
    /// assert_eq!(Compare::read("year-before").unwrap().to_string(), "year-before");
    /// assert_eq!(Compare::read("2013-01/2013-03").unwrap().to_string(), "2013-01/2013-03");
    /// assert!(Compare::read("last year").is_err());
    /// ```
    pub fn read(text: &str) -> Result<Self, Invalid> {
        match text {
            "none" => Ok(Self::No),
            "before" => Ok(Self::Rule(Comparison::Before)),
            "year-before" => Ok(Self::Rule(Comparison::YearBefore)),
            other => other.parse().map(Self::Period).map_err(|fault: Invalid| {
                Invalid::new(other, format!("before, year-before, none, or a period: {}", fault.rule))
            }),
        }
    }
}

impl fmt::Display for Compare {
    /// As [`Compare::read`] takes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::No => f.write_str("none"),
            Self::Rule(rule) => f.write_str(rule.as_str()),
            Self::Period(period) => period.fmt(f),
        }
    }
}

/// Holds where a question names neither a priority nor a period.
const DEFAULT_RULE: PeriodRule = PeriodRule { last_months: 12, compare: Comparison::Before };

/// A scope with all defaults filled in and all names checked.
pub struct Resolved<'a> {
    /// The priority, where one was named.
    pub priority: Option<&'a Priority>,
    /// The version of its definition.
    pub priority_version: Option<u32>,
    /// The study area: the borough, or the one area that was asked about.
    pub area: &'a Area,
    /// That area, where it is not the borough.
    pub within: Option<AreaNote>,
    /// Every boundary layer with its number, in the vintage for this question, in the order of the manifest.
    pub layers: Vec<(usize, &'a Layer)>,
    /// Where the weights by category come from, where there are any.
    pub weights_from: Option<String>,
    /// What to select.
    pub criteria: Criteria,
    /// The period to compare with, where the store holds it whole.
    pub comparison: Option<Period>,
    /// The period that was to be compared with, held or not.
    pub asked_comparison: Option<Period>,
    /// What a reader has to know beside the numbers.
    pub notices: Vec<String>,
}

impl Service {
    /// Fills in defaults and checks names against priorities and data.
    ///
    /// # Errors
    /// [`QuestionError`] for unknown priorities, categories and sources, and when no period can be
    /// found because the store is empty.
    pub fn resolve(&self, scope: &Scope, snapshot: &Snapshot) -> Result<Resolved<'_>, QuestionError> {
        let prepared = scope.priority.as_deref().map(|id| self.priority_as_of(id, scope.priority_version));
        let prepared = prepared.transpose()?;
        let priority = prepared.map(|prepared| &prepared.priority);
        let categories = self.categories(scope, priority, snapshot)?;
        check_sources(&scope.sources, snapshot)?;
        let rule = priority.map_or(DEFAULT_RULE, |priority| priority.period);
        let held = snapshot.months();
        let period = match (scope.period, held) {
            (Some(period), _) => period,
            (None, Some((_, newest))) => rule.period(newest),
            (None, None) => return Err(QuestionError::NoIncidents),
        };
        let mut notices = self.standing_notices();
        notices.extend(held_notice(period, held));
        let asked = match scope.compare.unwrap_or(Compare::Rule(rule.compare)) {
            Compare::No => None,
            Compare::Rule(comparison) => Some(comparison.of(period)),
            Compare::Period(other) => Some(other),
        };
        let comparison = asked.filter(|other| held_whole(*other, held));
        if let (Some(other), None) = (asked, comparison) {
            notices.push(format!(
                "No change is given: the store does not hold all of the comparison period {other}."
            ));
        }
        let filters = prepared.and_then(|prepared| prepared.filter.clone()).into_iter();
        let mut layers = self.layers_of(&scope.vintages, Some(period))?;
        let (area, number, within) = self.study_area(scope, &mut layers, &mut notices)?;
        let filters: Vec<Filter> = filters.chain(scope.filter.clone()).collect();
        notices.extend(filters.iter().flat_map(|filter| self.stale_codes(filter, &layers)));
        let filters = filters.iter().map(|filter| filter.in_layers(&self.boundaries, &layers)).collect();
        let (weights, other_weight, weights_from) = self.weights(scope, priority)?;
        Ok(Resolved {
            priority,
            priority_version: prepared.map(|prepared| prepared.version),
            area,
            within,
            layers,
            weights_from,
            criteria: Criteria {
                period,
                categories,
                sources: scope.sources.clone(),
                filters,
                within: number,
                weights,
                other_weight,
            },
            comparison,
            asked_comparison: asked,
            notices,
        })
    }

    /// Notices that hold for every answer.
    pub fn standing_notices(&self) -> Vec<String> {
        let schematic =
            "The boundaries are schematic: drawn from ward centroids, not official, and not to be \
                         used for decisions."
                .to_owned();
        self.boundaries.schematic.then_some(schematic).into_iter().collect()
    }

    /// A notice where the store holds made-up incidents: beside real ones they spoil every count.
    pub fn synthetic_notice(&self) -> Option<String> {
        let synthetic = |source: &String| source.starts_with(SYNTHETIC_PREFIX);
        let notice = "The store holds synthetic incidents, made up by a generator for demonstration. Keep real \
                      ones in a store of their own.";
        self.snapshot().sources().iter().any(synthetic).then(|| notice.to_owned())
    }

    fn study_area<'a>(
        &'a self,
        scope: &Scope,
        layers: &mut [(usize, &'a Layer)],
        notices: &mut Vec<String>,
    ) -> Result<(&'a Area, Option<AreaNumber>, Option<AreaNote>), QuestionError> {
        let Some((layer_id, code)) = &scope.within else {
            return Ok((&self.boundaries.outline, None, None));
        };
        let slot = layers.iter_mut().find(|(_, layer)| layer.id.as_str() == layer_id);
        let Some(slot) = slot else {
            return Err(QuestionError::Unknown {
                kind: "boundary layer",
                name: Invalid::new(layer_id, "").value,
                known: self.boundaries.ids().join(", "),
            });
        };
        let usual = *slot;
        let has_code = |layer: &Layer| layer.areas.iter().position(|area| area.code.0 == *code);
        // A code of another vintage says which one is meant, here and for all that is counted by this layer; where one was
        // asked for, that one holds.
        let others = self.boundaries.vintages(layer_id).into_iter().filter(|(_, layer)| !layer.retired);
        let others = others.filter(|_| scope.vintages.of(layer_id).is_none());
        let found = std::iter::once(usual)
            .chain(others)
            .find_map(|(number, layer)| Some((number, layer, has_code(layer)?)));
        let Some((layer_number, layer, number)) = found else {
            let layer = usual.1;
            return Err(QuestionError::Unknown {
                kind: "area of that layer",
                name: Invalid::new(code, "").value,
                known: join(layer.areas.iter().map(|area| area.code.0.as_str())),
            });
        };
        if layer_number != usual.0 {
            notices.push(format!(
                "The area {code} is of the vintage {} of the layer {layer_id}; for this period it would be {}.",
                layer.vintage, usual.1.vintage
            ));
            *slot = (layer_number, layer);
        }
        let area = &layer.areas[number];
        let note = AreaNote { layer: layer_id.clone(), code: code.clone(), name: area.name.clone() };
        Ok((area, Some(AreaNumber { layer: layer_number, area: number }), Some(note)))
    }

    /// Says where a filter names an area of a vintage that does not answer this question: no incident has that code.
    fn stale_codes(&self, filter: &Filter, layers: &[(usize, &Layer)]) -> Vec<String> {
        let used = |number: usize| layers.iter().any(|(known, _)| *known == number);
        let others = self.boundaries.layers.iter().enumerate().filter(|(number, _)| !used(*number));
        let mut told = Vec::new();
        for (_, other) in others {
            let Some((_, layer)) = layers.iter().find(|(_, layer)| layer.id == other.id) else { continue };
            let is_known =
                |code: &str| layer.areas.binary_search_by(|area| area.code.0.as_str().cmp(code)).is_ok();
            let codes = other.areas.iter().map(|area| area.code.0.as_str());
            let named = codes.filter(|code| !is_known(code) && filter.text().contains(&format!("'{code}'")));
            told.extend(named.map(|code| {
                format!(
                    "The filter names {code}, an area of the vintage {} of the layer {}. Here that layer is of the vintage {}, \
                     in which no incident has this code.",
                    other.vintage, other.id, layer.vintage
                )
            }));
        }
        told.sort();
        told.dedup();
        told
    }

    /// Weights by category, the weight of every other category, and where they come from.
    #[expect(clippy::type_complexity, reason = "three things that are taken apart at once")]
    fn weights(
        &self,
        scope: &Scope,
        priority: Option<&Priority>,
    ) -> Result<(BTreeMap<Category, f64>, f64, Option<String>), QuestionError> {
        match scope.weights.as_deref() {
            None => {
                let of_priority = priority.map(|priority| priority.weights.clone()).unwrap_or_default();
                let from = (!of_priority.is_empty()).then(|| "priority".to_owned());
                Ok((of_priority, 1.0, from))
            }
            Some("none") => Ok((BTreeMap::new(), 1.0, None)),
            Some(id) => {
                let table = self.weight_table(id)?;
                let weights =
                    table.weights.iter().map(|(category, entry)| (category.clone(), entry.weight()));
                Ok((weights.collect(), 0.0, Some(table.id.to_string())))
            }
        }
    }

    fn categories(
        &self,
        scope: &Scope,
        priority: Option<&Priority>,
        snapshot: &Snapshot,
    ) -> Result<Vec<Category>, QuestionError> {
        let of_priority = priority.map_or(&[][..], |priority| &priority.categories);
        for category in &scope.categories {
            if let Some(priority) = priority
                && !of_priority.is_empty()
                && !of_priority.contains(category)
            {
                return Err(QuestionError::Unknown {
                    kind: "category of this priority",
                    name: category.to_string(),
                    known: join(priority.categories.iter().map(Category::as_str)),
                });
            }
            // A version of long ago may name what no priority in use does.
            let configured = of_priority.contains(category)
                || self.priorities().iter().any(|known| known.priority.categories.contains(category));
            if !configured && !snapshot.categories().iter().any(|held| held == category.as_str()) {
                return Err(QuestionError::Unknown {
                    kind: "category",
                    name: category.to_string(),
                    known: join(snapshot.categories().iter().map(String::as_str)),
                });
            }
        }
        Ok(if scope.categories.is_empty() { of_priority.to_vec() } else { scope.categories.clone() })
    }

    /// The method card of an answer.
    pub(super) fn card(
        &self,
        resolved: &Resolved<'_>,
        tally: Tally,
        method: Method,
        layer: Option<LayerNote>,
        snapshot: &Snapshot,
    ) -> MethodCard {
        let Criteria { period, categories, sources, filters, weights, .. } = resolved.criteria.clone();
        MethodCard {
            area: self.boundaries.name.clone(),
            area_code: self.boundaries.code.clone(),
            layer,
            vintages: pinned(&resolved.layers),
            within: resolved.within.clone(),
            schematic_boundaries: self.boundaries.schematic,
            priority: resolved.priority.map(|priority| priority.id.clone()),
            priority_version: resolved.priority_version,
            against_version: None,
            period,
            comparison: resolved.comparison,
            categories,
            sources,
            filters: filters.iter().map(|filter| filter.text().to_owned()).collect(),
            weights_from: resolved.weights_from.clone(),
            weights: weights.into_iter().collect(),
            tally,
            method,
            store: snapshot.store_id().clone(),
            generation: snapshot.generation(),
        }
    }
}

/// What a selection's tally makes necessary to say.
pub(super) fn tally_notices(tally: &Tally) -> Vec<String> {
    let mut notices = Vec::new();
    if tally.synthetic > 0 {
        notices.push(format!(
            "{} of the {} incidents are synthetic: made up by a generator for demonstration.",
            tally.synthetic, tally.used
        ));
    }
    if tally.by_postcode > 0 {
        notices.push(format!(
            "{} of the {} incidents are placed by their postcode: they stand at the middle of its addresses, not where \
             they happened.",
            words::count(tally.by_postcode),
            words::count(tally.used)
        ));
    }
    if tally.used == 0 {
        notices.push("No incident meets the conditions inside the borough.".to_owned());
    }
    if tally.coarser_than_period > 0 {
        notices.push(format!(
            "{} incidents are known only to a month that lies partly outside the period and are not counted.",
            tally.coarser_than_period
        ));
    }
    notices
}

fn check_sources(asked: &[String], snapshot: &Snapshot) -> Result<(), QuestionError> {
    match asked.iter().find(|source| !snapshot.sources().contains(source)) {
        None => Ok(()),
        Some(source) => Err(QuestionError::Unknown {
            kind: "source",
            name: Invalid::new(source, "").value,
            known: join(snapshot.sources().iter().map(String::as_str)),
        }),
    }
}

/// Whether the store holds every month that a period touches.
pub(super) fn held_whole(period: Period, held: Option<(Month, Month)>) -> bool {
    held.is_some_and(|(first, last)| first <= Month::of(period.first()) && Month::of(period.last()) <= last)
}

/// Says so when the period reaches beyond what the store holds: a count is then of a part.
fn held_notice(period: Period, held: Option<(Month, Month)>) -> Option<String> {
    if held_whole(period, held) {
        return None;
    }
    Some(match held {
        None => "The store holds no incidents.".to_owned(),
        Some((first, last)) => {
            format!("The period {period} reaches beyond what the store holds, {first} to {last}.")
        }
    })
}

fn join<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let list: Vec<_> = names.collect();
    if list.is_empty() { "none yet".to_owned() } else { list.join(", ") }
}
