//! The embedded store: one GeoPackage file, which QGIS and GDAL open as it is.
//!
//! The file is SQLite with a write-ahead log, synchronised at each commit: an import is one
//! transaction, so that a process killed at any moment leaves the last commit, whole. Readers work
//! on the commit they began with and never wait for a writer.
//!
//! Numbers and texts come back as they were given, to the bit, but for a negative zero, which SQLite
//! keeps as zero. Every commit raises the generation by one, also one that wrote nothing new:
//! whoever compares generations may build a snapshot in vain but never misses a change. There is no
//! spatial index in the file; questions about space are answered by the snapshot.

mod file;
mod gazetteer;
mod import;
mod point;
mod priorities;
mod scan;

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode};

use super::{GazetteerStore, Import, IncidentStore, Logged, PriorityLog, StoreError, StoredIncident};
use crate::{
    gazetteer::{PostcodeEntry, SourceFile, UprnEntry},
    model::{Generation, PriorityEntry, StoreId},
};

/// How long an import waits for another one before it gives up.
const IMPORT_WAIT: Duration = Duration::from_secs(30);

/// A store in one GeoPackage file.
///
/// # Example
/// ```
/// use hotspots::{model::Generation, store::{IncidentStore, geopackage::GeoPackageStore}};
/// let folder = tempfile::tempdir().unwrap();
/// let store = GeoPackageStore::open(&folder.path().join("incidents.gpkg")).unwrap();
/// assert_eq!(store.generation().unwrap(), Generation(0));
/// assert_eq!(store.id().0.len(), 32);
/// ```
#[derive(Debug)]
pub struct GeoPackageStore {
    path: PathBuf,
    id: StoreId,
    import_wait: Duration,
    // Kept open so that asking for the generation is cheap and the log is not folded into the file
    // after every import.
    watch: Mutex<Watch>,
}

/// A connection and which file it was opened on: one that was moved away can still be read through
/// it, though nobody else finds the store any more.
#[derive(Debug)]
struct Watch {
    connection: Connection,
    file: file::Identity,
}

impl GeoPackageStore {
    /// Opens the store in the file `path`, or makes an empty one where there is no file (readable by
    /// its owner alone, because incidents are sensitive). The folder has to exist.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] when the file cannot be opened or made;
    /// [`StoreError::Foreign`] when it is anything but a store that this version knows, and then it
    /// is left as it was; [`StoreError::Busy`] when somebody holds it for longer than 30 seconds.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let (connection, id) = file::open(path, IMPORT_WAIT)?;
        let watch = Mutex::new(Watch { connection, file: file::Identity::of(path)? });
        Ok(Self { path: path.to_owned(), id, import_wait: IMPORT_WAIT, watch })
    }

    /// The same store, whose imports wait this long for another one before they answer
    /// [`StoreError::Busy`]; 30 seconds where nothing is said.
    #[must_use]
    pub fn with_import_wait(self, import_wait: Duration) -> Self {
        Self { import_wait, ..self }
    }

    /// Reads something small by the connection that is kept open, once it is sure that the file is this store.
    fn watched<T>(
        &self,
        read: impl FnOnce(&Connection, file::State) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        // A poisoned lock is no fault here: reading one row leaves nothing half done.
        let mut watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        let file = file::Identity::of(&self.path)?;
        if file != watch.file {
            // Brought back as a copy.
            *watch = Watch { connection: file::connect(&self.path, self.import_wait)?, file };
        }
        let state = file::state_of(&watch.connection, &self.path, &self.id)?;
        read(&watch.connection, state)
    }
}

impl PriorityLog for GeoPackageStore {
    fn priorities_revision(&self) -> Result<u64, StoreError> {
        self.watched(|connection, _| priorities::revision(connection))
    }

    fn priority_entries(&self) -> Result<Vec<PriorityEntry>, StoreError> {
        self.watched(|connection, _| priorities::entries(connection))
    }

    fn log_priorities(&self, after: u64, entries: &[PriorityEntry]) -> Result<Logged, StoreError> {
        let mut connection = file::connect(&self.path, self.import_wait)?;
        priorities::log(&mut connection, &self.path, &self.id, after, entries)
    }
}

impl GazetteerStore for GeoPackageStore {
    fn gazetteer_revision(&self) -> Result<u64, StoreError> {
        self.watched(|connection, _| gazetteer::revision(connection))
    }

    fn gazetteer_sources(&self) -> Result<Vec<SourceFile>, StoreError> {
        self.watched(|connection, _| gazetteer::sources(connection))
    }

    fn replace_postcodes(
        &self,
        entries: &[PostcodeEntry],
        sources: &[SourceFile],
    ) -> Result<u64, StoreError> {
        let mut connection = file::connect(&self.path, self.import_wait)?;
        gazetteer::replace_postcodes(&mut connection, &self.path, &self.id, entries, sources)
    }

    fn replace_uprns(&self, entries: &[UprnEntry], sources: &[SourceFile]) -> Result<u64, StoreError> {
        let mut connection = file::connect(&self.path, self.import_wait)?;
        gazetteer::replace_uprns(&mut connection, &self.path, &self.id, entries, sources)
    }

    fn scan_gazetteer(
        &self,
        postcode: &mut dyn FnMut(PostcodeEntry),
        uprn: &mut dyn FnMut(UprnEntry),
    ) -> Result<u64, StoreError> {
        let mut connection = file::connect(&self.path, self.import_wait)?;
        gazetteer::scan(&mut connection, &self.path, &self.id, postcode, uprn)
    }
}

impl IncidentStore for GeoPackageStore {
    fn id(&self) -> StoreId {
        self.id.clone()
    }

    fn generation(&self) -> Result<Generation, StoreError> {
        self.watched(|_, state| Ok(state.generation))
    }

    fn begin_import(&self) -> Result<Box<dyn Import + '_>, StoreError> {
        let connection = file::connect(&self.path, self.import_wait)?;
        import::GeoPackageImport::begin(connection, &self.path, &self.id)
            .map(|import| -> Box<dyn Import> { Box::new(import) })
    }

    fn scan(&self, visit: &mut dyn FnMut(StoredIncident<'_>)) -> Result<Generation, StoreError> {
        let mut connection = file::connect(&self.path, self.import_wait)?;
        scan::scan(&mut connection, &self.path, &self.id, visit)
    }
}

/// Says what was being done when SQLite failed.
fn failed(doing: &'static str) -> impl Fn(rusqlite::Error) -> StoreError {
    move |cause| match cause.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy,
        _ => StoreError::Failed { doing, cause: Box::new(cause) },
    }
}

#[cfg(test)]
mod tests;
