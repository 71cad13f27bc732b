//! A table for each boundary layer: what an area has, how that stands to the borough, and how it changed.

use super::{compared, section};
use crate::{
    analysis::{
        location_quotient::{Counts, DEFAULT_LEAST, LocationQuotient, location_quotient},
        rates::{AreaRate, Rates},
        summary::competition_ranks,
        time::level::Confidence,
    },
    model::{Area, Layer},
    selection::Selection,
    service::{
        QuestionError, Scope, Service,
        analysis::{
            change::{AreaChange, ChangeLayer},
            rates::{AreaRates, Per},
            study_areas::StudyAreas,
        },
        question::{About, Question},
        summary::estimate_year,
    },
    snapshot::Snapshot,
};

/// The areas of a layer, in order of their codes.
pub struct AreaTable<'a> {
    /// The layer.
    pub layer: &'a Layer,
    /// A row for each of its areas in the study area.
    pub rows: Vec<AreaRow<'a>>,
    /// Incidents in none of them.
    pub in_no_area: u64,
    /// Rates by residents: all areas together, and the year of the estimates where there are any.
    pub residents: (Rates, Option<i16>),
    /// Rates by households, likewise.
    pub households: (Rates, Option<i16>),
    /// How rates were made.
    pub about: About,
}

/// One area.
pub struct AreaRow<'a> {
    /// The area.
    pub area: &'a Area,
    /// Its incidents.
    pub count: u64,
    /// Its share of the incidents in all areas of the table; `None` where there are none.
    pub share: Option<f64>,
    /// Its rank by count from 1; equal counts share the better one.
    pub rank: usize,
    /// Usual residents, where they are known.
    pub residents: Option<u32>,
    /// Rate per 1,000 residents against all areas, where residents are known.
    pub rate: Option<AreaRate>,
    /// Households, where they are known.
    pub households: Option<u32>,
    /// Rate per 1,000 households against all areas, where households are known.
    pub household_rate: Option<AreaRate>,
    /// Against the comparison period, where the store holds it.
    pub change: Option<AreaChange>,
    /// The priority's part of the area's incidents over its part of all; `None` with too few incidents.
    pub quotient: Option<LocationQuotient>,
}

impl Service {
    pub(super) fn area_tables<'a>(
        &'a self,
        question: &Question<'a>,
        scope: &Scope,
        confidence: Confidence,
        snapshot: &'a Snapshot,
    ) -> Result<Vec<AreaTable<'a>>, QuestionError> {
        let everything = question.everything();
        let layers = self.boundaries().ids().into_iter();
        layers
            .map(|id| {
                let residents = self.rates(id, scope, Per::Residents, snapshot)?;
                let households = self.rates(id, scope, Per::Households, snapshot)?;
                let change = match compared(question) {
                    Ok(_) => section(self.change(id, scope, confidence, snapshot))?.ok(),
                    Err(_untold) => None,
                };
                let study = StudyAreas::of(question, id)?;
                let all = counts(&study, question, &everything);
                Ok(table(question, study.layer, &study, (residents, households), change.as_ref(), &all))
            })
            .collect()
    }
}

/// Incidents of a selection in each of the areas.
fn counts(study: &StudyAreas<'_>, question: &Question<'_>, selection: &Selection) -> Vec<u64> {
    let mut counts = vec![0; study.areas.len()];
    for at in &selection.places {
        if let Some(count) = study.slot(question, at.place).and_then(|slot| counts.get_mut(slot)) {
            *count += u64::from(at.count);
        }
    }
    counts
}

fn table<'a>(
    question: &Question<'_>,
    layer: &'a Layer,
    study: &StudyAreas<'a>,
    (residents, households): (AreaRates<'a>, AreaRates<'a>),
    change: Option<&ChangeLayer<'a>>,
    all: &[u64],
) -> AreaTable<'a> {
    let ranks = competition_ranks(&residents.counts);
    let (of_areas, of_all): (u64, u64) = (residents.counts.iter().sum(), all.iter().sum());
    let changed = |area: &Area| {
        let change = change?;
        let number = change.layer.areas.binary_search_by(|known| known.code.cmp(&area.code)).ok()?;
        change.rows.get(number).copied()
    };
    let row = |(slot, &area): (usize, &&'a Area)| {
        let count = residents.counts.get(slot).copied().unwrap_or_default();
        let of_area = all.get(slot).copied().unwrap_or_default();
        let counts = Counts { category_in_area: count, area: of_area, category: of_areas, all: of_all };
        AreaRow {
            area,
            count,
            share: (of_areas > 0).then(|| count as f64 / of_areas as f64),
            rank: ranks.get(slot).copied().unwrap_or_default(),
            residents: residents.populations.get(slot).copied().flatten(),
            rate: residents.rates.areas.get(slot).copied().flatten(),
            households: households.populations.get(slot).copied().flatten(),
            household_rate: households.rates.areas.get(slot).copied().flatten(),
            change: changed(area),
            quotient: location_quotient(counts, DEFAULT_LEAST),
        }
    };
    let rows = study.areas.iter().enumerate().map(row).collect();
    let period = question.period();
    AreaTable {
        layer,
        rows,
        in_no_area: residents.in_no_area,
        residents: (residents.rates, estimate_year(layer, period, |of| &of.residents)),
        households: (households.rates, estimate_year(layer, period, |of| &of.households)),
        about: residents.about,
    }
}
