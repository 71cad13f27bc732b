//! Which vintage of a boundary layer answers a question, and what a reader has to know of it.

use std::borrow::Cow;

use super::{QuestionError, Service, question::Question};
use crate::{
    model::{BoundarySet, Invalid, Layer, Period, VintageAsked, vintages::is_plain},
    profile::{MethodCard, method_card::LayerNote},
};

impl Service {
    /// The layer with that id and its number, in the vintage that is asked for, or else the one for a period; see
    /// [`BoundarySet::layer_in`](crate::model::BoundarySet::layer_in).
    ///
    /// # Errors
    /// [`QuestionError::Unknown`] with the layers, or the vintages of the layer, that exist.
    pub fn layer(
        &self,
        id: &str,
        asked: &VintageAsked,
        period: Option<Period>,
    ) -> Result<(usize, &Layer), QuestionError> {
        let usual = self.boundaries.layer_in(id, period).ok_or_else(|| QuestionError::Unknown {
            kind: "boundary layer",
            name: Invalid::new(id, "").value,
            known: self.boundaries.ids().join(", "),
        })?;
        let Some(vintage) = asked.of(id) else { return Ok(usual) };
        let vintages = self.boundaries.vintages(id);
        vintages.iter().find(|(_, layer)| layer.vintage == vintage).copied().ok_or_else(|| {
            let known: Vec<_> = vintages.iter().map(|(_, layer)| layer.vintage.as_str()).collect();
            QuestionError::Unknown {
                kind: "vintage of that layer",
                name: Invalid::new(vintage, "").value,
                known: known.join(", "),
            }
        })
    }

    /// Every layer in the vintage for a period. A vintage that is asked for without a layer is taken of those that have
    /// it.
    ///
    /// # Errors
    /// [`QuestionError::Unknown`] for a layer or a vintage that there is not.
    pub(super) fn layers_of(
        &self,
        asked: &VintageAsked,
        period: Option<Period>,
    ) -> Result<Vec<(usize, &Layer)>, QuestionError> {
        for (layer, vintage) in asked.each() {
            match layer {
                Some(id) => {
                    self.layer(id, asked, None)?;
                }
                None if self.boundaries.layers.iter().any(|known| known.vintage == vintage) => {}
                None => return Err(self.unknown_vintage(vintage)),
            }
        }
        let ids = self.boundaries.ids().into_iter();
        let layer = |id| {
            let of_all = asked.of(id).is_some_and(|vintage| {
                !self.boundaries.vintages(id).iter().any(|(_, layer)| layer.vintage == vintage)
            });
            let asked = if of_all { &VintageAsked::default() } else { asked };
            self.layer(id, asked, period)
        };
        ids.map(layer).collect()
    }

    /// The layer with that id as it is shown by itself, in the vintage that is asked for or else the newest.
    ///
    /// # Errors
    /// [`QuestionError::Unknown`] for a layer or a vintage that there is not.
    pub fn shown_layer(&self, id: &str, asked: &VintageAsked) -> Result<&Layer, QuestionError> {
        let all = self.layers_of(asked, None)?;
        match all.into_iter().find(|(_, layer)| layer.id.as_str() == id) {
            Some((_, layer)) => Ok(layer),
            None => self.layer(id, asked, None).map(|(_, layer)| layer),
        }
    }

    /// The boundaries as an answer saw them: each layer in the one vintage that it was made with.
    pub fn boundaries_of(&self, card: &MethodCard) -> Cow<'_, BoundarySet> {
        if !self.boundaries.ids().into_iter().any(|id| self.boundaries.has_vintages(id)) {
            return Cow::Borrowed(&self.boundaries);
        }
        let used = |layer: &Layer| card.vintages.contains(&format!("{}/{}", layer.id, layer.vintage));
        let layer = |id| {
            let vintages = self.boundaries.vintages(id);
            vintages
                .iter()
                .find(|(_, layer)| used(layer))
                .or(vintages.first())
                .map(|(_, layer)| (*layer).clone())
        };
        let layers = self.boundaries.ids().into_iter().filter_map(layer).collect();
        Cow::Owned(BoundarySet { layers, ..self.boundaries.as_ref().clone() })
    }

    fn unknown_vintage(&self, vintage: &str) -> QuestionError {
        let all = self.boundaries.layers.iter();
        let known: Vec<_> = all.map(|layer| format!("{}/{}", layer.id, layer.vintage)).collect();
        QuestionError::Unknown {
            kind: "vintage",
            name: Invalid::new(vintage, "").value,
            known: known.join(", "),
        }
    }
}

/// Layers and their vintages as a permalink names them: all whose name fits into an address. A layer that has one
/// vintage today may have another tomorrow.
pub(super) fn pinned(layers: &[(usize, &Layer)]) -> Vec<String> {
    let fits = layers.iter().filter(|(_, layer)| is_plain(&layer.vintage));
    fits.map(|(_, layer)| format!("{}/{}", layer.id, layer.vintage)).collect()
}

impl<'a> Question<'a> {
    /// The vintages that answer this question, for questions that follow from it.
    pub fn vintages(&self) -> VintageAsked {
        VintageAsked::of_layers(self.layers().iter().map(|(_, layer)| *layer))
    }

    /// The layer with that id and its number, in the vintage that answers this question.
    ///
    /// # Errors
    /// [`QuestionError::Unknown`] with the layers that exist.
    pub fn layer(&self, id: &str) -> Result<(usize, &'a Layer), QuestionError> {
        match self.layers().iter().find(|(_, layer)| layer.id.as_str() == id) {
            Some(found) => Ok(*found),
            None => self.service().layer(id, &VintageAsked::default(), Some(self.period())),
        }
    }

    /// What a reader has to know where the boundaries were not in force all along.
    pub(super) fn vintage_notices(&self, note: &LayerNote) -> Vec<String> {
        let layers = self.layers().iter();
        let found = layers
            .map(|(_, layer)| *layer)
            .find(|layer| layer.id.as_str() == note.id && layer.vintage == note.vintage);
        let Some(layer) = found else { return Vec::new() };
        let periods = [("the period", Some(self.period())), ("the comparison period", self.comparison())];
        let outside: Vec<String> = periods
            .into_iter()
            .filter_map(|(what, period)| Some((what, period.filter(|it| !layer.valid.holds_through(*it))?)))
            .map(|(what, period)| format!("{what} {period}"))
            .collect();
        if outside.is_empty() {
            return Vec::new();
        }
        vec![format!(
            "Everything is counted in the vintage {} of the layer {}, {}; that is not the whole of {}.",
            layer.vintage,
            layer.id,
            in_force(layer),
            outside.join(", nor of ")
        )]
    }
}

/// When a vintage is in force, in words.
fn in_force(layer: &Layer) -> String {
    match (layer.valid.from, layer.valid.until) {
        (Some(from), Some(until)) => format!("in force from {from} to {until}"),
        (Some(from), None) => format!("in force from {from}"),
        (None, Some(until)) => format!("in force until {until}"),
        (None, None) => "in force throughout".to_owned(),
    }
}
