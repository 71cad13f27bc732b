//! Where incidents are kept, and beside them the log of priorities and the gazetteer. Traits, so that an embedded file and
//! a shared database are the same to everything above.

mod attributes;
mod gazetteer;
pub mod geopackage;
mod priorities;

pub use gazetteer::GazetteerStore;
pub use priorities::{Logged, PriorityLog};

use crate::model::{Generation, Incident, Month, Occurred, Position, PositionedBy, StoreId};

/// A store of incidents, with the log of priorities that they are looked at by and the gazetteer that places them.
/// Calls block; none is made while a
/// question is answered.
pub trait IncidentStore: PriorityLog + GazetteerStore {
    /// Which store this is, for as long as it exists.
    fn id(&self) -> StoreId;

    /// The newest committed generation; 0 for a store that nothing was imported into.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    fn generation(&self) -> Result<Generation, StoreError>;

    /// Starts the import of one input file. Nothing of it can be seen by others until
    /// [`Import::commit`], and nothing remains of it when it is dropped before.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be written, or another import holds it for too long.
    fn begin_import(&self) -> Result<Box<dyn Import + '_>, StoreError>;

    /// Shows every incident of one generation, in no promised order, and names the generation.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read or holds a row that breaks the model's rules.
    fn scan(&self, visit: &mut dyn FnMut(StoredIncident<'_>)) -> Result<Generation, StoreError>;
}

/// One import in progress: a transaction.
pub trait Import {
    /// Adds an incident.
    ///
    /// With an own id it replaces the one that its source gave under that id. Without, the first of
    /// its (source, month) in this import removes what earlier imports stored for that batch.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written; the import is then to be dropped.
    fn add(&mut self, incident: &Incident) -> Result<(), StoreError>;

    /// Makes everything added visible at once, durably, as the next generation.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be made durable; then nothing of it is stored.
    fn commit(self: Box<Self>) -> Result<Committed, StoreError>;
}

/// What a commit did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// The generation that holds it.
    pub generation: Generation,
    /// Incidents added, those that replaced one with the same id among them.
    pub added: u64,
    /// Incidents of earlier imports that were removed or replaced.
    pub replaced: u64,
    /// The batches that were written whole, in order.
    pub batches: Vec<(String, Month)>,
}

/// An incident as the store shows it, borrowed for the time of one call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StoredIncident<'a> {
    /// The store's own number for it, never used twice.
    pub row_id: i64,
    /// See [`Incident::source`].
    pub source: &'a str,
    /// See [`Incident::own_id`].
    pub own_id: Option<&'a str>,
    /// See [`Incident::reference`].
    pub reference: Option<&'a str>,
    /// See [`Incident::occurred`].
    pub occurred: Occurred,
    /// The category's slug.
    pub category: &'a str,
    /// See [`Incident::weight`].
    pub weight: f64,
    /// See [`Incident::position`].
    pub position: Option<Position>,
    /// See [`Incident::positioned_by`].
    pub positioned_by: PositionedBy,
    /// See [`Incident::street`].
    pub street: Option<&'a str>,
    /// See [`Incident::outcome`].
    pub outcome: Option<&'a str>,
    /// The attributes as a JSON object, keys in the order of the source; empty for none.
    pub attributes_json: &'a str,
}

/// Why a store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file or server cannot be reached or opened.
    #[error("the store {place} cannot be opened: {reason}")]
    Unreachable {
        /// The file or address, without secrets.
        place: String,
        /// What failed.
        reason: String,
    },
    /// It is not a store of this program, or of a newer version of it.
    #[error("{place} is not a store this version can use: {reason}")]
    Foreign {
        /// The file or address, without secrets.
        place: String,
        /// What was found.
        reason: String,
    },
    /// Somebody else is writing and did not finish in time.
    #[error("somebody else is writing to the store, an import perhaps; try again when that has finished")]
    Busy,
    /// Reading or writing failed.
    #[error("the store failed while {doing}")]
    Failed {
        /// What was being done.
        doing: &'static str,
        /// The cause.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A row holds what no import writes.
    #[error("row {row_id} of the store is damaged: {reason}")]
    Damaged {
        /// The store's number of the row.
        row_id: i64,
        /// What is wrong with it.
        reason: String,
    },
}
