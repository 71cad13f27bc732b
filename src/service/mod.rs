//! Questions and answers. The service holds the live snapshot and everything that is built once;
//! it knows neither HTTP nor JSON.

pub mod analysis;
pub mod collection;
pub mod gate;
pub mod geocoding;
pub mod importing;
pub mod job;
pub mod jobs;
pub mod nearby;
pub mod places;
pub mod question;
mod retained;
pub mod scope;
pub mod summary;

use std::{
    ops::ControlFlow,
    path::Path,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use arc_swap::ArcSwap;

use crate::{
    analysis::hex::{HexGrid, HexResolution},
    crs,
    intake::{IntakeError, Sink},
    locate::Locators,
    model::{BoundarySet, Generation, Invalid, Priority, WeightTable},
    selection::Filter,
    snapshot::Snapshot,
    store::{IncidentStore, StoreError},
};
use collection::{Collection, HeldLayers};
use importing::{ImportError, ImportReport, Target};
use places::HeldPlaces;
use retained::Retained;
pub use scope::{Compare, Scope};

/// Why a question has no answer. Every variant is the asker's to mend but [`Self::Store`].
#[derive(Debug, thiserror::Error)]
pub enum QuestionError {
    /// Something that is not there was named.
    #[error("there is no {kind} '{name}'; there are: {known}")]
    Unknown {
        /// What kind of thing.
        kind: &'static str,
        /// The name that was given.
        name: String,
        /// The names that exist.
        known: String,
    },
    /// A value breaks a rule.
    #[error("{place}: {fault}")]
    Invalid {
        /// Where the value stands.
        place: &'static str,
        /// The value and the rule.
        fault: Invalid,
    },
    /// No period was named, and without incidents there is no newest month to count back from.
    #[error("the store holds no incidents yet: import some, or name a period")]
    NoIncidents,
    /// The question is well put, but these incidents cannot answer it.
    #[error("{detail}")]
    Unanswerable {
        /// What they lack.
        detail: String,
    },
    /// Pages of an older generation were asked for too late.
    #[error(
        "the data has changed since the first page, and generation {} is not held any more; start again without \
         generation",
        generation.0
    )]
    Gone {
        /// The generation.
        generation: Generation,
    },
    /// The computation was stopped, because nobody waits for the answer any more.
    #[error("the computation was stopped")]
    Stopped,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A priority with its filter compiled.
#[derive(Clone, Debug)]
pub struct PreparedPriority {
    /// As configured.
    pub priority: Priority,
    /// Its filter, where it has one.
    pub filter: Option<Filter>,
}

/// What layers may take that are kept between questions.
const HELD_LAYERS_BYTES: u64 = 256 << 20;

/// The service: boundaries, priorities, store and the live snapshot.
pub struct Service {
    boundaries: Arc<BoundarySet>,
    locators: Arc<Locators>,
    priorities: Vec<PreparedPriority>,
    weight_tables: Vec<WeightTable>,
    store: Arc<dyn IncidentStore>,
    live: ArcSwap<Snapshot>,
    /// Held while a snapshot is loaded: of two loads at once, the older could end last and stay.
    refreshing: Mutex<()>,
    collections: Vec<Arc<Collection>>,
    held_layers: HeldLayers,
    retained: Retained,
    held_places: HeldPlaces,
    /// Hex grids by resolution − 7; each is made on first use and kept.
    hex_grids: [OnceLock<Result<HexGrid, Invalid>>; 5],
}

impl Service {
    /// Prepares everything and loads the first snapshot.
    ///
    /// # Errors
    /// [`QuestionError::Invalid`] when a priority's filter is faulty, [`QuestionError::Store`] when the
    /// store cannot be read.
    pub fn new(
        boundaries: BoundarySet,
        priorities: Vec<Priority>,
        weight_tables: Vec<WeightTable>,
        store: Arc<dyn IncidentStore>,
    ) -> Result<Self, QuestionError> {
        let prepare = |priority: Priority| {
            let compiled = priority.filter.as_ref().map(|text| Filter::parse(text, &boundaries.layers));
            match compiled.transpose() {
                Ok(filter) => Ok(PreparedPriority { priority, filter }),
                Err(Invalid { value, rule }) => {
                    let fault = Invalid::new(value, format!("{rule} (of the priority '{}')", priority.id));
                    Err(QuestionError::Invalid { place: "a priority's filter", fault })
                }
            }
        };
        let priorities = priorities.into_iter().map(prepare).collect::<Result<Vec<_>, _>>()?;
        let collections = collection::catalogue(&boundaries.name, &boundaries.layers, &priorities)
            .map_err(|fault| QuestionError::Invalid { place: "the names of layers", fault })?
            .into_iter()
            .map(Arc::new)
            .collect();
        let locators = Locators::new(&boundaries);
        let snapshot = load(store.as_ref(), &locators)?;
        Ok(Self {
            boundaries: Arc::new(boundaries),
            locators: Arc::new(locators),
            priorities,
            weight_tables,
            store,
            live: ArcSwap::from_pointee(snapshot),
            refreshing: Mutex::new(()),
            collections,
            held_layers: HeldLayers::new(HELD_LAYERS_BYTES),
            retained: Retained::default(),
            held_places: HeldPlaces::default(),
            hex_grids: Default::default(),
        })
    }

    /// The snapshot to answer one question from; hold it from start to end.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.live.load_full()
    }

    /// Loads a new snapshot if the store holds a newer generation, and says whether it did. Readers
    /// go on with the old one meanwhile.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read; the old snapshot then stays in use.
    pub fn refresh(&self) -> Result<bool, StoreError> {
        let _one_at_a_time = self.refreshing.lock().unwrap_or_else(PoisonError::into_inner);
        let held = self.snapshot();
        if self.store.generation()? == held.generation() {
            return Ok(false);
        }
        self.live.store(Arc::new(load(self.store.as_ref(), &self.locators)?));
        Ok(true)
    }

    /// Imports what `read` tells, keeps files of rejects in `rejects`, and shows the new data at once.
    ///
    /// # Errors
    /// [`importing::ImportError`].
    pub fn import(
        &self,
        rejects: &Path,
        read: impl FnOnce(&mut Sink<'_>) -> Result<ControlFlow<()>, IntakeError> + Send,
    ) -> Result<ImportReport, ImportError> {
        let target = Target {
            store: self.store.as_ref(),
            boundaries: &self.boundaries,
            locators: &self.locators,
            rejects,
        };
        let mut report = importing::import(target, read, &mut |_| ())?;
        self.refresh()?;
        report.notices.extend(self.synthetic_notice());
        Ok(report)
    }

    /// The store's newest generation, asked of the store itself.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be reached.
    pub fn stored_generation(&self) -> Result<Generation, StoreError> {
        self.store.generation()
    }

    /// The boundaries.
    pub fn boundaries(&self) -> &BoundarySet {
        &self.boundaries
    }

    /// The locators of the boundaries.
    pub fn locators(&self) -> &Locators {
        &self.locators
    }

    /// The priorities in the order of their file.
    pub fn priorities(&self) -> &[PreparedPriority] {
        &self.priorities
    }

    /// The priority with that id.
    ///
    /// # Errors
    /// [`QuestionError::Unknown`] with the ids that exist.
    pub fn priority(&self, id: &str) -> Result<&PreparedPriority, QuestionError> {
        self.priorities.iter().find(|known| known.priority.id.as_str() == id).ok_or_else(|| {
            let known: Vec<_> = self.priorities.iter().map(|known| known.priority.id.as_str()).collect();
            QuestionError::Unknown { kind: "priority", name: id.to_owned(), known: known.join(", ") }
        })
    }

    /// The tables of weights in order of their ids.
    pub fn weight_tables(&self) -> &[WeightTable] {
        &self.weight_tables
    }

    /// The table of weights with that id.
    ///
    /// # Errors
    /// [`QuestionError::Unknown`] with the ids that exist.
    pub fn weight_table(&self, id: &str) -> Result<&WeightTable, QuestionError> {
        self.weight_tables.iter().find(|table| table.id.as_str() == id).ok_or_else(|| {
            let known: Vec<_> = self.weight_tables.iter().map(|table| table.id.as_str()).collect();
            QuestionError::Unknown {
                kind: "table of weights",
                name: Invalid::new(id, "").value,
                known: format!("none, {}", known.join(", ")),
            }
        })
    }

    /// The complete hex grid of the borough.
    ///
    /// # Errors
    /// [`Invalid`] when the borough has too many cells of that resolution.
    pub(crate) fn hex_grid(&self, resolution: HexResolution) -> Result<&HexGrid, Invalid> {
        let slot = &self.hex_grids[usize::from(resolution.get() - 7)];
        let made =
            slot.get_or_init(|| HexGrid::covering(&self.boundaries.outline, resolution, &crs::osgb::to_grid));
        made.as_ref().map_err(Clone::clone)
    }
}

fn load(store: &dyn IncidentStore, locators: &Locators) -> Result<Snapshot, StoreError> {
    Snapshot::load(store, locators.layers().len(), &mut |grid, areas| {
        areas.iter_mut().zip(locators.areas(grid)).for_each(|(slot, area)| *slot = area);
        locators.in_outline(grid)
    })
}
