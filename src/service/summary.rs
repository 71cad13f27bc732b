//! Counts, rates, shares, ranks and change by area, and what they are worth against chance and against others.

pub mod against;
pub mod columns;
pub mod tables;

use std::collections::BTreeMap;

pub use self::columns::{Column, Measure, Row};
use self::{
    against::Similar,
    tables::{CategoryTable, MonthTable},
};
use super::{
    QuestionError, Scope, Service,
    question::{About, Question},
};
use crate::{
    analysis::{
        rates::{Rate, Rates, funnel::Funnel},
        summary::{self, AreaSummary, Tally},
    },
    model::{Denominators, Layer, Per, Period},
    profile::{Method, method_card::LayerNote},
    selection::Selection,
    snapshot::Snapshot,
};

/// How many areas are alike where nobody says so.
pub const SIMILAR_AREAS: usize = 5;

/// What is to be said about the areas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Whether the columns are given that stand for a layer by default.
    pub defaults: bool,
    /// The measures that are given with all their columns.
    pub measures: Vec<Measure>,
    /// What rates are by.
    pub per: Per,
    /// How many areas each is compared with by [`Measure::Similar`].
    pub similar: usize,
    /// Whether incidents are counted by month too.
    pub by_month: bool,
    /// Whether incidents are counted by category too.
    pub by_category: bool,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            defaults: true,
            measures: Vec::new(),
            per: Per::default(),
            similar: SIMILAR_AREAS,
            by_month: false,
            by_category: false,
        }
    }
}

impl Wanted {
    fn asks(&self, measures: &[Measure]) -> bool {
        self.measures.iter().any(|asked| measures.contains(asked))
    }
}

/// A layer's areas with what was counted in them, in order of the areas' codes.
pub struct Summary<'a> {
    /// The layer.
    pub layer: &'a Layer,
    /// A row for each of its areas, in the same order.
    pub rows: Vec<AreaSummary>,
    /// What rates are by.
    pub per: Per,
    /// The denominator of each area in [`denominator_year`](Self::denominator_year), where it is known.
    pub denominators: Vec<Option<u32>>,
    /// The year of the denominators; `None` where none is known.
    pub denominator_year: Option<i16>,
    /// Rates with intervals and ratios, where a measure needs them.
    pub rates: Option<Rates>,
    /// By area the limits of chance, where they were asked for; otherwise empty.
    pub funnels: Vec<Option<Funnel>>,
    /// By area the comparison with those that are alike, where it was asked for; otherwise empty.
    pub similar: Vec<Option<Similar>>,
    /// Counts by month, where they were asked for.
    pub months: Option<MonthTable>,
    /// Counts by category, where they were asked for.
    pub categories: Option<CategoryTable>,
    /// The columns that were asked for.
    pub columns: Vec<&'static Column>,
    /// Used incidents in no area of the layer, though inside the borough.
    pub in_no_area: u64,
    /// How it was made, and what a reader has to know beside the numbers.
    pub about: About,
}

impl Summary<'_> {
    /// The rate of all areas together, where rates were asked for and any is known.
    pub fn overall(&self) -> Option<Rate> {
        self.rates.as_ref()?.overall
    }

    /// The rows in the layer's order.
    pub fn each(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.rows.len()).map(|number| Row { summary: self, number })
    }

    /// Whether boundaries are schematic or incidents synthetic, in words; `None` for neither.
    pub fn data_notice(&self) -> Option<String> {
        let card = &self.about.card;
        let notices = [
            card.schematic_boundaries.then_some("schematic boundaries"),
            (card.tally.synthetic > 0).then_some("synthetic incidents"),
        ];
        let told: Vec<&str> = notices.into_iter().flatten().collect();
        (!told.is_empty()).then(|| told.join("; "))
    }
}

impl Service {
    /// Summarises a layer by what is told by default.
    ///
    /// # Errors
    /// As [`Service::summary_of`].
    pub fn summary<'a>(
        &'a self,
        layer_id: &str,
        scope: &Scope,
        snapshot: &'a Snapshot,
    ) -> Result<Summary<'a>, QuestionError> {
        self.summary_of(layer_id, scope, &Wanted::default(), snapshot)
    }

    /// Summarises a layer.
    ///
    /// # Errors
    /// As [`Service::resolve`]; for an unknown layer; by month, for a period that is not whole months or of which the
    /// store holds none.
    pub fn summary_of<'a>(
        &'a self,
        layer_id: &str,
        scope: &Scope,
        wanted: &Wanted,
        snapshot: &'a Snapshot,
    ) -> Result<Summary<'a>, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let (layer_index, layer) = question.layer(layer_id)?;
        let areas = layer.areas.len();
        let counted = count(&question.selection, snapshot, layer_index, areas);
        let before = question
            .comparison()
            .map(|period| count(&question.selection_in(period), snapshot, layer_index, areas));
        let year = estimate_year(layer, question.period(), |of| of.of(wanted.per));
        let denominators: Vec<_> = layer
            .areas
            .iter()
            .map(|area| year.and_then(|year| area.denominators.of(wanted.per).get(&year).copied()))
            .collect();
        let months = wanted.by_month.then(|| MonthTable::of(&question, layer_index, areas)).transpose()?;
        let rates = wanted
            .asks(&[Measure::Rate, Measure::Funnel, Measure::Borough])
            .then(|| against::all(&counted.counts, &denominators));
        let funnels = match &rates {
            Some(rates) if wanted.asks(&[Measure::Funnel]) => against::funnels(rates, &denominators),
            _ => Vec::new(),
        };
        let similar = if wanted.asks(&[Measure::Similar]) {
            against::similar(layer, &counted.counts, &denominators, wanted.similar)
        } else {
            Vec::new()
        };
        Ok(Summary {
            layer,
            rows: summary::summarise(&counted, &denominators, before.as_ref()),
            per: wanted.per,
            months,
            categories: wanted.by_category.then(|| CategoryTable::of(&question, layer_index, areas)),
            columns: Column::chosen(wanted.defaults, &wanted.measures, wanted.per),
            in_no_area: counted.outside,
            about: about(&question, wanted, layer, &counted, (year, &denominators), rates.as_ref()),
            denominators,
            denominator_year: year,
            rates,
            funnels,
            similar,
        })
    }
}

/// What is said beside the numbers.
fn about(
    question: &Question<'_>,
    wanted: &Wanted,
    layer: &Layer,
    counted: &Tally,
    (year, denominators): (Option<i16>, &[Option<u32>]),
    rates: Option<&Rates>,
) -> About {
    let per = wanted.per.as_str();
    let of_people = if wanted.per == Per::Residents { "usual residents" } else { per };
    let note = LayerNote::of(layer);
    let mut method = Method::new("summary")
        .with("rate", format!("incidents per 1,000 {of_people}"))
        .with("per", per)
        .with("denominator_year", year);
    if wanted.per == Per::Residents {
        // What `denominator_year` was called before there were others.
        method = method.with("residents_year", year);
    }
    method = method
        .with("rank", "by count, highest first; ties share the better rank")
        .with("border_rule", "a point on a border belongs to the first of its areas in order of code");
    let mut notices = Vec::new();
    if rates.is_some() {
        method = method.with("interval", "95 %, exact Poisson (Garwood 1936)");
    }
    if let (Some(rates), true) = (rates, wanted.asks(&[Measure::Funnel])) {
        let found = against::overdispersion(&counted.counts, rates);
        method = method
            .with("funnel", "exact Poisson limits around the rate of all areas, interpolated between counts (Spiegelhalter 2005), of 95 % and 99.8 %")
            .with("overdispersion", found.map(|(phi, _)| phi));
        if let Some((phi, true)) = found {
            notices.push(format!(
                "Areas differ more than chance makes them (overdispersion {phi:.1}, 1 is chance): many lie outside the \
                 limits of the funnel, which are those of chance alone."
            ));
        }
    }
    if wanted.asks(&[Measure::Borough]) {
        method = method.with(
            "borough",
            "rate over that of all areas with a known denominator, the area itself among them; p exact binomial, \
             adjusted by Benjamini-Hochberg, below 0.05 a difference",
        );
    }
    if wanted.asks(&[Measure::Similar]) {
        method = method
            .with("similar", wanted.similar)
            .with(
                "similarity",
                format!("least distance in {per} and {per} per km2, each divided by its standard deviation over the areas"),
            )
            .with(
                "similar_comparison",
                "rate over that of these areas together; interval and p exact, given both counts; p adjusted by \
                 Benjamini-Hochberg, below 0.05 a difference",
            );
    }
    let mut about = question.about_in(method, Some(note));
    about.notices.append(&mut notices);
    let unknown = denominators.iter().filter(|known| known.is_none()).count();
    if year.is_none() {
        about.notices.push(format!("No rate is given: {per} of the layer {} are not known.", layer.id));
    } else if unknown > 0 {
        about.notices.push(format!(
            "{unknown} of {} areas have no rate: their {per} are not known.",
            denominators.len()
        ));
    }
    if counted.outside > 0 {
        about
            .notices
            .push(format!("{} incidents inside the borough lie in no area of the layer.", counted.outside));
    }
    about
}

/// Counts a selection by the areas of a layer.
pub(super) fn count(selection: &Selection, snapshot: &Snapshot, layer: usize, areas: usize) -> Tally {
    let incidents = selection.rows.iter().zip(&selection.weights).map(|(row, weight)| {
        let place = snapshot.place(*row as usize);
        (place.and_then(|place| snapshot.places().area(layer, place)).map(usize::from), *weight)
    });
    Tally::of(areas, incidents)
}

/// The year of the residents to divide by: as [`estimate_year`].
pub(super) fn residents_year(layer: &Layer, period: Period) -> Option<i16> {
    estimate_year(layer, period, |of| &of.residents)
}

/// The year of the estimates to divide by: the newest not after the period's end that any area has, or else the
/// oldest there is.
pub(super) fn estimate_year(
    layer: &Layer,
    period: Period,
    estimates: impl Fn(&Denominators) -> &BTreeMap<i16, u32>,
) -> Option<i16> {
    let years = || layer.areas.iter().flat_map(|area| estimates(&area.denominators).keys().copied());
    years().filter(|year| *year <= period.last().year()).max().or_else(|| years().min())
}
