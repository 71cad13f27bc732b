//! Counts, rates, shares, ranks and change by area.

use std::collections::BTreeMap;

use super::{QuestionError, Scope, Service, question::About};
use crate::{
    analysis::summary::{self, AreaSummary, Tally},
    model::{Denominators, Layer, Period},
    profile::{Method, method_card::LayerNote},
    selection::Selection,
    snapshot::Snapshot,
};

/// A layer's areas with what was counted in them, in order of the areas' codes.
pub struct Summary<'a> {
    /// The layer.
    pub layer: &'a Layer,
    /// A row for each of its areas, in the same order.
    pub rows: Vec<AreaSummary>,
    /// Residents of each area in the year that the method card names.
    pub residents: Vec<Option<u32>>,
    /// Used incidents in no area of the layer, though inside the borough.
    pub in_no_area: u64,
    /// How it was made, and what a reader has to know beside the numbers.
    pub about: About,
}

impl Service {
    /// The layer with that id and its number.
    ///
    /// # Errors
    /// [`QuestionError::Unknown`] with the layers that exist.
    pub fn layer(&self, id: &str) -> Result<(usize, &Layer), QuestionError> {
        self.boundaries.layer(id).ok_or_else(|| {
            let known: Vec<_> = self.boundaries.layers.iter().map(|layer| layer.id.as_str()).collect();
            QuestionError::Unknown { kind: "boundary layer", name: id.to_owned(), known: known.join(", ") }
        })
    }

    /// Summarises a layer.
    ///
    /// # Errors
    /// As [`Service::resolve`], and for an unknown layer.
    pub fn summary(
        &self,
        layer_id: &str,
        scope: &Scope,
        snapshot: &Snapshot,
    ) -> Result<Summary<'_>, QuestionError> {
        let (layer_index, layer) = self.layer(layer_id)?;
        let question = self.question(scope, snapshot)?;
        let counted = count(&question.selection, snapshot, layer_index, layer.areas.len());
        let before = question
            .comparison()
            .map(|period| count(&question.selection_in(period), snapshot, layer_index, layer.areas.len()));
        let year = residents_year(layer, question.period());
        let residents: Vec<_> = layer
            .areas
            .iter()
            .map(|area| year.and_then(|year| area.denominators.residents.get(&year).copied()))
            .collect();
        let rows = summary::summarise(&counted, &residents, before.as_ref());
        let note = LayerNote { id: layer.id.to_string(), vintage: layer.vintage.clone() };
        let method = Method::new("summary")
            .with("rate", "incidents per 1,000 usual residents")
            .with("residents_year", year)
            .with("rank", "by count, highest first; ties share the better rank")
            .with("border_rule", "a point on a border belongs to the first of its areas in order of code");
        let mut about = question.about_in(method, Some(note));
        if year.is_none() {
            about
                .notices
                .push(format!("No rate is given: residents of the layer {} are not known.", layer.id));
        }
        let in_no_area = counted.outside;
        if in_no_area > 0 {
            about
                .notices
                .push(format!("{in_no_area} incidents inside the borough lie in no area of the layer."));
        }
        Ok(Summary { layer, rows, residents, in_no_area, about })
    }
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
