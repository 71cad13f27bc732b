//! Collections: every layer that clients are given, listed once, and made when it is asked for.

mod areas;
mod choice;
mod held;
mod hex;
mod hotspots;
mod incidents;
mod list;
mod priorities;
mod symbology;

pub use choice::{Choice, SortKey, WhenAsked};
pub use held::HeldLayers;

pub(super) use list::of_priority;

use std::sync::Arc;

use super::{
    PreparedPriority, QuestionError, Scope, Service,
    analysis::{cells::Statistic, density::DensityParameters, hotspots::HotspotParameters},
    question::About,
};
use crate::{
    analysis::hex::HexResolution,
    feature::{Features, Field, GeometryKind, Symbology},
    model::{BoundarySet, Invalid},
    snapshot::Snapshot,
};

/// A layer as it is listed.
#[derive(Clone, Debug, PartialEq)]
pub struct Collection {
    /// Its name in addresses: `burglary-hex`.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// What it holds, in a sentence or two.
    pub description: String,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// What it is made from.
    pub kind: CollectionKind,
    /// The type of its geometries.
    pub geometry: GeometryKind,
    /// The fields of its features.
    pub fields: Vec<Field>,
    /// The ids of its styles, the usual one first.
    pub styles: &'static [&'static str],
}

/// What a collection is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CollectionKind {
    /// The areas of a boundary layer.
    Areas {
        /// The layer's id.
        layer: String,
    },
    /// The outline.
    Borough,
    /// Every located incident.
    Incidents,
    /// The priorities, each with its hotspots.
    Priorities,
    /// Bands of a priority's intensity.
    Density {
        /// The priority's id.
        priority: String,
    },
    /// H3 cells with a priority's counts.
    Hex {
        /// The priority's id.
        priority: String,
    },
    /// A priority's hotspots.
    Hotspots {
        /// The priority's id.
        priority: String,
    },
    /// The areas of a boundary layer with a priority's counts.
    Summary {
        /// The priority's id.
        priority: String,
        /// The layer's id.
        layer: String,
    },
}

/// How a layer is to be made: which incidents, and by what method.
#[derive(Clone, Debug, Default)]
pub struct LayerQuestion {
    /// Which incidents; the priority is that of the collection.
    pub scope: Scope,
    /// The method's parameters.
    pub method: LayerMethod,
}

/// The parameters of the method that makes a layer.
#[derive(Clone, Debug, Default)]
pub enum LayerMethod {
    /// There are none.
    #[default]
    Plain,
    /// Of density bands.
    Density(DensityParameters),
    /// Of hotspots, and of the priorities, which are shown by theirs.
    Hotspots(HotspotParameters),
    /// Of hex cells.
    Hex {
        /// The resolution; the priority's where it is left out.
        resolution: Option<HexResolution>,
        /// How cells are tested.
        statistic: Statistic,
        /// Whether cells without incidents are listed.
        with_empty: bool,
    },
}

/// A layer as it was made: features, how they are drawn, and what has to be known about them.
pub struct Dataset {
    /// The features.
    pub features: Box<dyn Features>,
    /// The ways to draw it, the usual one first.
    pub symbologies: Vec<Symbology>,
    /// The method card of a layer that was computed.
    pub about: Option<About>,
    /// What a reader has to know beside the numbers.
    pub notices: Vec<String>,
    /// Where its data is from, and under which licence, where that is known.
    pub attribution: Option<String>,
}

impl Collection {
    /// What a style of it shows, for people; `None` for what is no id of its styles.
    pub fn style_title(&self, style: &str) -> Option<&'static str> {
        self.styles.contains(&style).then(|| symbology::title(style))
    }
}

impl Dataset {
    /// How it is drawn in a style; the usual way where none is named.
    pub fn symbology(&self, style: Option<&str>) -> Option<&Symbology> {
        match style {
            None => self.symbologies.first(),
            Some(id) => self.symbologies.iter().find(|known| known.id == id),
        }
    }
}

impl CollectionKind {
    /// The priority that it is about.
    pub fn priority(&self) -> Option<&str> {
        match self {
            Self::Density { priority }
            | Self::Hex { priority }
            | Self::Hotspots { priority }
            | Self::Summary { priority, .. } => Some(priority),
            Self::Areas { .. } | Self::Borough | Self::Incidents | Self::Priorities => None,
        }
    }

    /// Whether it is computed from incidents of a period.
    pub fn is_computed(&self) -> bool {
        self.priority().is_some() || *self == Self::Priorities
    }
}

impl Service {
    /// Every collection, in the order in which they are listed.
    pub fn collections(&self) -> &[Arc<Collection>] {
        self.catalogue.collections()
    }

    /// The collection with that id.
    ///
    /// # Errors
    /// [`QuestionError::Unknown`] with the ids that exist, and [`QuestionError::Retired`] for one of a priority that is
    /// not in use.
    pub fn collection(&self, id: &str) -> Result<&Arc<Collection>, QuestionError> {
        if let Some(found) = self.collections().iter().find(|known| known.id == id) {
            return Ok(found);
        }
        self.check_in_use(id)?;
        let known: Vec<_> = self.collections().iter().map(|known| known.id.as_str()).collect();
        Err(QuestionError::Unknown {
            kind: "collection",
            name: Invalid::new(id, "").value,
            known: known.join(", "),
        })
    }

    /// The features of a collection, made now or held from an earlier question.
    ///
    /// # Errors
    /// As [`Service::resolve`], and for parameters of the method that are out of bounds.
    pub fn dataset(
        &self,
        collection: &Collection,
        question: &LayerQuestion,
        snapshot: &Arc<Snapshot>,
    ) -> Result<Arc<Dataset>, QuestionError> {
        let key = held::key(collection, question, self.catalogue.revision(), snapshot);
        if let Some(held) = self.held_layers.get(&key) {
            return Ok(held);
        }
        let made = Arc::new(self.make(collection, question, snapshot)?);
        self.held_layers.keep(key, &made);
        Ok(made)
    }

    /// The rows of a layer that meet a choice, in its order; `None` where that is all of them as they stand. They
    /// are kept for the pages and tiles that ask for the same.
    pub fn chosen(
        &self,
        dataset: &Dataset,
        collection: &Collection,
        question: &LayerQuestion,
        choice: &Choice,
        snapshot: &Snapshot,
    ) -> Option<Arc<Vec<u32>>> {
        if choice.is_everything() {
            return None;
        }
        let key =
            format!("{} {choice:?}", held::key(collection, question, self.catalogue.revision(), snapshot));
        if let Some(rows) = self.held_layers.rows(&key) {
            return Some(rows);
        }
        let rows = Arc::new(choice.rows(dataset.features.as_ref()));
        self.held_layers.keep_rows(key, &rows);
        Some(rows)
    }

    fn make(
        &self,
        collection: &Collection,
        question: &LayerQuestion,
        snapshot: &Arc<Snapshot>,
    ) -> Result<Dataset, QuestionError> {
        let scope = &question.scope;
        match (&collection.kind, &question.method) {
            (CollectionKind::Areas { layer }, _) => {
                self.shown_layer(layer, &scope.vintages).map(|layer| self.areas(layer))
            }
            (CollectionKind::Borough, _) => Ok(self.borough()),
            (CollectionKind::Incidents, _) => Ok(self.incidents(snapshot)),
            (CollectionKind::Priorities, method) => {
                self.priority_layer(scope, &hotspot_parameters(method), snapshot)
            }
            (CollectionKind::Density { .. }, LayerMethod::Density(parameters)) => {
                self.density_layer(scope, parameters, snapshot)
            }
            (CollectionKind::Density { .. }, _) => {
                self.density_layer(scope, &DensityParameters::default(), snapshot)
            }
            (CollectionKind::Hex { .. }, LayerMethod::Hex { resolution, statistic, with_empty }) => {
                self.hex_layer(scope, *resolution, *statistic, *with_empty, snapshot)
            }
            (CollectionKind::Hex { .. }, _) => {
                self.hex_layer(scope, None, Statistic::default(), true, snapshot)
            }
            (CollectionKind::Hotspots { .. }, method) => {
                self.hotspot_layer(scope, &hotspot_parameters(method), snapshot)
            }
            (CollectionKind::Summary { layer, .. }, _) => self.summary_layer(layer, scope, snapshot),
        }
    }
}

fn hotspot_parameters(method: &LayerMethod) -> HotspotParameters {
    match method {
        LayerMethod::Hotspots(parameters) => parameters.clone(),
        _ => HotspotParameters { minimum_count: 1, streets: 3, ..HotspotParameters::default() },
    }
}

/// Lists the collections of a service.
///
/// # Errors
/// [`Invalid`] where a priority and a boundary layer lead to the same id.
pub(super) fn catalogue(
    boundaries: &BoundarySet,
    priorities: &[Arc<PreparedPriority>],
) -> Result<Vec<Collection>, Invalid> {
    let mut all = list::of_boundaries(boundaries);
    all.push(list::of_incidents(boundaries));
    all.push(list::of_priorities());
    all.extend(priorities.iter().flat_map(|prepared| list::of_priority(&prepared.priority, boundaries)));
    let mut ids: Vec<&str> = all.iter().map(|collection| collection.id.as_str()).collect();
    ids.sort_unstable();
    match ids.windows(2).find(|pair| pair[0] == pair[1]) {
        None => Ok(all),
        Some(pair) => Err(Invalid::new(
            pair[0],
            "two layers would have this name: rename the priority or the boundary layer",
        )),
    }
}
