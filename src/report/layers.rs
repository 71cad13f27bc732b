//! The layers that maps are drawn from: the same that every client is given.

use std::sync::Arc;

use crate::{
    service::{
        QuestionError, Scope, Service,
        collection::{CollectionKind, Dataset, LayerMethod, LayerQuestion},
    },
    snapshot::Snapshot,
};

/// The layers of a priority.
pub struct Layers {
    /// Bands of density.
    pub density: Arc<Dataset>,
    /// Hex cells with Gi*.
    pub cells: Arc<Dataset>,
    /// The areas of each boundary layer, in the order of the manifest.
    pub areas: Vec<Arc<Dataset>>,
}

impl Layers {
    /// The layers of the priority that a scope names.
    ///
    /// # Errors
    /// Those of [`Service::dataset`].
    pub fn of(scope: &Scope, service: &Service, snapshot: &Arc<Snapshot>) -> Result<Self, QuestionError> {
        let priority = scope.priority.clone().unwrap_or_default();
        let made = |kind: CollectionKind| made(&kind, scope, service, snapshot);
        let layers = service.boundaries().ids().into_iter();
        Ok(Self {
            density: made(CollectionKind::Density { priority: priority.clone() })?,
            cells: made(CollectionKind::Hex { priority: priority.clone() })?,
            areas: layers
                .map(|layer| {
                    made(CollectionKind::Summary { priority: priority.clone(), layer: layer.to_owned() })
                })
                .collect::<Result<_, _>>()?,
        })
    }
}

/// The bands of density of the priority that a scope names.
///
/// # Errors
/// Those of [`Service::dataset`].
pub fn density(
    scope: &Scope,
    service: &Service,
    snapshot: &Arc<Snapshot>,
) -> Result<Arc<Dataset>, QuestionError> {
    let priority = scope.priority.clone().unwrap_or_default();
    made(&CollectionKind::Density { priority }, scope, service, snapshot)
}

fn made(
    kind: &CollectionKind,
    scope: &Scope,
    service: &Service,
    snapshot: &Arc<Snapshot>,
) -> Result<Arc<Dataset>, QuestionError> {
    let priority = kind.priority().unwrap_or_default();
    let known = service.collections_of(priority, scope.priority_version)?;
    let collection = known.iter().find(|collection| collection.kind == *kind).ok_or_else(|| {
        QuestionError::Unanswerable { detail: format!("there is no such layer of the priority '{priority}'") }
    })?;
    let question = LayerQuestion { scope: scope.clone(), method: LayerMethod::Plain };
    service.dataset(collection, &question, snapshot)
}
