//! Questions and answers. The service holds the live snapshot and everything that is built once;
//! it knows neither HTTP nor JSON.

pub mod analysis;
pub mod assessment;
pub mod collection;
pub mod gate;
pub mod gazetteer;
pub mod geocoding;
pub mod importing;
pub mod job;
pub mod jobs;
pub mod nearby;
pub mod places;
pub mod priorities;
pub mod profile;
pub mod question;
mod retained;
pub mod scope;
pub mod summary;
mod vintages;

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
    model::{BoundarySet, Generation, Invalid, PriorityId, ScoringTable, WeightTable},
    snapshot::Snapshot,
    store::{IncidentStore, StoreError},
};
use collection::HeldLayers;
use gazetteer::HeldGazetteer;
use importing::{ImportError, ImportReport, Target};
use places::HeldPlaces;
pub use priorities::PreparedPriority;
use priorities::{Catalogue, PrioritiesFile};
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
    /// A priority that is not in use was named without a version.
    #[error(
        "the priority '{id}' is retired, since version {version}; with priority_version the versions before are \
         still to be had, which /priorities/{id}/versions lists"
    )]
    Retired {
        /// Its id.
        id: String,
        /// The version that retired it.
        version: u32,
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

/// What layers may take that are kept between questions.
const HELD_LAYERS_BYTES: u64 = 256 << 20;

/// The service: boundaries, priorities, store and the live snapshot.
///
/// A value of this type is an edition: its priorities and its gazetteer never change, and everything else is shared with the editions
/// before and after it. A clone is cheap.
#[derive(Clone)]
pub struct Service {
    boundaries: Arc<BoundarySet>,
    locators: Arc<Locators>,
    /// The priorities of this edition.
    catalogue: Arc<Catalogue>,
    /// Those of the newest.
    newest: Arc<ArcSwap<Catalogue>>,
    /// The gazetteer of this edition.
    gazetteer: Arc<HeldGazetteer>,
    /// That of the newest.
    newest_gazetteer: Arc<ArcSwap<HeldGazetteer>>,
    /// Held while priorities are read or changed: of two at once, the older could end last and stay.
    changing: Arc<Mutex<()>>,
    /// The ids of the priorities in the file, in its order.
    file_order: Arc<Vec<PriorityId>>,
    weight_tables: Arc<Vec<WeightTable>>,
    scoring: Arc<ScoringTable>,
    store: Arc<dyn IncidentStore>,
    live: Arc<ArcSwap<Snapshot>>,
    /// Held while a snapshot is loaded, likewise.
    refreshing: Arc<Mutex<()>>,
    held_layers: Arc<HeldLayers>,
    retained: Arc<Retained>,
    held_places: Arc<HeldPlaces>,
    /// Hex grids by resolution − 7; each is made on first use and kept.
    hex_grids: Arc<[OnceLock<Result<HexGrid, Invalid>>; 5]>,
}

impl Service {
    /// Prepares everything, logs what the file of priorities has changed since it was last read, and loads the first
    /// snapshot.
    ///
    /// # Errors
    /// [`QuestionError::Invalid`] when the filter of a priority in the file is faulty, [`QuestionError::Store`] when
    /// the store cannot be read, or written where there is something to log.
    pub fn new(
        boundaries: BoundarySet,
        priorities: &PrioritiesFile,
        weight_tables: Vec<WeightTable>,
        store: Arc<dyn IncidentStore>,
    ) -> Result<Self, QuestionError> {
        let catalogue = Arc::new(priorities.reconcile(store.as_ref(), &boundaries)?);
        let locators = Locators::new(&boundaries);
        let snapshot = load(store.as_ref(), &locators)?;
        let gazetteer = Arc::new(gazetteer::load(store.as_ref())?);
        Ok(Self {
            boundaries: Arc::new(boundaries),
            locators: Arc::new(locators),
            newest: Arc::new(ArcSwap::new(Arc::clone(&catalogue))),
            catalogue,
            newest_gazetteer: Arc::new(ArcSwap::new(Arc::clone(&gazetteer))),
            gazetteer,
            changing: Arc::default(),
            file_order: Arc::new(priorities.order()),
            weight_tables: Arc::new(weight_tables),
            scoring: Arc::default(),
            store,
            live: Arc::new(ArcSwap::from_pointee(snapshot)),
            refreshing: Arc::default(),
            held_layers: Arc::new(HeldLayers::new(HELD_LAYERS_BYTES)),
            retained: Arc::default(),
            hex_grids: Arc::default(),
            held_places: Arc::default(),
        })
    }

    /// The same with a scoring table for the assessment; without, nothing is scored.
    #[must_use]
    pub fn with_scoring(self, scoring: ScoringTable) -> Self {
        Self { scoring: Arc::new(scoring), ..self }
    }

    /// The snapshot to answer one question from; hold it from start to end.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.live.load_full()
    }

    /// Loads a new snapshot if the store holds a newer generation, and the priorities and the gazetteer if others have
    /// changed them, and says whether it did. Readers go on with the old ones meanwhile.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read; what was read before then stays in use.
    pub fn refresh(&self) -> Result<bool, StoreError> {
        let has_others = self.refresh_priorities()? | self.refresh_gazetteer()?;
        let _one_at_a_time = self.refreshing.lock().unwrap_or_else(PoisonError::into_inner);
        let held = self.snapshot();
        if self.store.generation()? == held.generation() {
            return Ok(has_others);
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

    /// What analysts score priorities by.
    pub fn scoring(&self) -> &ScoringTable {
        &self.scoring
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
