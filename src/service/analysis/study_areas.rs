//! The areas of a layer that a question is about.

use geo::{Contains, InteriorPoint};

use crate::{
    model::{Area, Layer},
    profile::method_card::LayerNote,
    service::{QuestionError, question::Question},
};

/// The areas of a layer: all of them, or those of one area of another layer.
pub(in crate::service) struct StudyAreas<'a> {
    /// The layer.
    pub layer: &'a Layer,
    /// Its areas, ordered by code.
    pub areas: Vec<&'a Area>,
    /// The layer's place in the boundary set.
    number: usize,
    /// By the layer's areas their place in `areas`.
    slots: Vec<Option<usize>>,
}

/// How areas are chosen where the question is limited to one area.
pub(in crate::service) const WITHIN_RULE: &str = "those that have an interior point in the study area";

impl<'a> StudyAreas<'a> {
    /// The areas of the layer with that id.
    ///
    /// # Errors
    /// [`QuestionError::Unknown`] for no such layer.
    pub fn of(question: &Question<'a>, layer_id: &str) -> Result<Self, QuestionError> {
        let (number, layer) = question.layer(layer_id)?;
        let (limited, outline) = (question.is_within_an_area(), &question.area().grid.0);
        let chosen = |area: &&Area| {
            !limited || area.grid.0.interior_point().is_some_and(|inside| outline.contains(&inside))
        };
        let mut areas = Vec::new();
        let mut slots = Vec::with_capacity(layer.areas.len());
        for area in &layer.areas {
            slots.push(chosen(&area).then_some(areas.len()));
            areas.extend(Some(area).filter(chosen));
        }
        Ok(Self { layer, areas, number, slots })
    }

    /// The place in `areas` of the area that a place of the snapshot lies in.
    pub fn slot(&self, question: &Question<'_>, place: u32) -> Option<usize> {
        let area = question.snapshot().places().area(self.number, place)?;
        self.slots.get(usize::from(area)).copied().flatten()
    }

    /// What the method card says of the layer.
    pub fn note(&self) -> LayerNote {
        LayerNote::of(self.layer)
    }

    /// What a reader has to know where areas may reach beyond the study area.
    pub fn notice(&self, question: &Question<'_>) -> Option<String> {
        question.is_within_an_area().then(|| {
            format!(
                "Of the layer {}, {} areas have an interior point in the study area; of one that reaches beyond it \
                 only incidents inside it are counted.",
                self.layer.id,
                self.areas.len()
            )
        })
    }
}
