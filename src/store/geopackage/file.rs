//! Opening the file: making it, telling whose it is, connecting to it.

use std::{
    fs, io,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::{failed, gazetteer, priorities};
use crate::{
    model::{Generation, Invalid, StoreId},
    store::StoreError,
};

/// `GPKG`, which marks an SQLite file as a GeoPackage.
const APPLICATION_ID: i32 = 0x4750_4B47;
/// GeoPackage 1.3.0; nothing of 1.4 is used, and older readers know this one.
const GEOPACKAGE_VERSION: i32 = 10_300;
/// Raised when a table of ours changes.
const SCHEMA_VERSION: i64 = 1;

const SCHEMA: &str = include_str!("schema.sql");

/// Waiting is SQLite's; memory for pages is 64 MiB, so that an import of a month stays in it; a log
/// that grew over 64 MiB is cut back when it starts anew.
const SETTINGS: &str = "PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; \
     PRAGMA cache_size = -65536; PRAGMA journal_size_limit = 67108864;";

/// What the store says of itself at one moment.
pub(super) struct State {
    pub(super) id: StoreId,
    pub(super) generation: Generation,
}

/// Which file a path leads to; another one under the same path is not equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity(Option<(u64, u64)>);

impl Identity {
    /// # Errors
    /// [`StoreError::Unreachable`] where there is no file.
    pub(super) fn of(path: &Path) -> Result<Self, StoreError> {
        let found = fs::metadata(path).map_err(|cause| unreachable(path, cause.to_string()))?;
        #[cfg(unix)]
        let number = {
            use std::os::unix::fs::MetadataExt;
            Some((found.dev(), found.ino()))
        };
        #[cfg(not(unix))]
        let number = found.is_file().then_some((0, 0));
        Ok(Self(number))
    }
}

/// Opens the file, which is made when absent, and says which store it is.
pub(super) fn open(path: &Path, wait: Duration) -> Result<(Connection, StoreId), StoreError> {
    make_file(path)?;
    let start = Instant::now();
    loop {
        // SQLite does not wait where two that switch a file to a write-ahead log might wait for each
        // other; it tells one of them at once that the file is busy.
        match prepare(path, wait) {
            Err(StoreError::Busy) if start.elapsed() < wait => thread::sleep(Duration::from_millis(5)),
            prepared => return prepared,
        }
    }
}

fn prepare(path: &Path, wait: Duration) -> Result<(Connection, StoreId), StoreError> {
    let mut connection = connect(path, wait)?;
    let content = identify(&connection, path)?;
    let mode: String = connection
        .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
        .map_err(failed("switching to a write-ahead log"))?;
    if mode != "wal" {
        return Err(unreachable(path, "its file system does not allow a write-ahead log; use a local disk"));
    }
    if content == Content::Nothing {
        fill(&mut connection, path)?;
    }
    priorities::ensure(&mut connection)?;
    gazetteer::ensure(&mut connection)?;
    let id = state(&connection)?.id;
    Ok((connection, id))
}

/// Connects to a file that exists.
pub(super) fn connect(path: &Path, wait: Duration) -> Result<Connection, StoreError> {
    // Neither URI nor CREATE: the path is a path, and a file that has gone is not replaced in silence.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(path, flags).map_err(|cause| unreachable(path, cause.to_string()))?;
    connection
        .busy_timeout(wait)
        .and_then(|()| connection.execute_batch(SETTINGS))
        .map_err(|cause| not_a_store(path, cause))?;
    Ok(connection)
}

/// Which store it is, and its newest generation, as this connection sees it.
fn state(connection: &Connection) -> Result<State, StoreError> {
    let (id, generation): (String, i64) = connection
        .query_row("SELECT store_id, generation FROM hotspots_store WHERE only_row = 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .map_err(failed("reading its generation"))?;
    let generation = u64::try_from(generation).map_err(|cause| StoreError::Failed {
        doing: "reading its generation",
        cause: Box::new(Invalid::new(generation, format!("a generation is zero or more ({cause})"))),
    })?;
    Ok(State { id: StoreId(id), generation: Generation(generation) })
}

/// As [`state`], after making sure that the file is still the store that was opened.
pub(super) fn state_of(connection: &Connection, path: &Path, id: &StoreId) -> Result<State, StoreError> {
    let state = state(connection)?;
    if state.id == *id {
        Ok(state)
    } else {
        Err(foreign(path, "the file was replaced by another store while it was in use; restart"))
    }
}

fn make_file(path: &Path) -> Result<(), StoreError> {
    let folder = match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => return Err(unreachable(path, "it is not the path of a file")),
    };
    if !folder.is_dir() {
        let folder = folder.display();
        return Err(unreachable(path, format!("there is no folder {folder}; make it first")));
    }
    if path.is_dir() {
        return Err(unreachable(path, "it is a folder; give the path of a file in it"));
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => sync_folder(folder).map_err(|cause| unreachable(path, cause.to_string())),
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(cause) => Err(unreachable(path, cause.to_string())),
    }
}

/// Makes the new name in the folder durable, as far as the system knows how.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

#[derive(PartialEq, Eq)]
enum Content {
    Nothing,
    Store,
}

/// Tells an empty file from a store, and refuses everything else.
fn identify(connection: &Connection, path: &Path) -> Result<Content, StoreError> {
    let number = |sql| {
        connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(|cause| not_a_store(path, cause))
    };
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    let application_id = number("PRAGMA application_id")?;
    if tables == 0 && application_id == 0 {
        return Ok(Content::Nothing);
    }
    if application_id != i64::from(APPLICATION_ID) {
        return Err(foreign(
            path,
            format!(
                "it is an SQLite file of another kind (application id {application_id}); give another path"
            ),
        ));
    }
    if number("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'hotspots_store'")? == 0 {
        return Err(foreign(
            path,
            "it is a GeoPackage that was not made by this program; give another path and import it",
        ));
    }
    match number("SELECT schema_version FROM hotspots_store WHERE only_row = 1")? {
        SCHEMA_VERSION => Ok(Content::Store),
        newer if newer > SCHEMA_VERSION => Err(foreign(
            path,
            format!(
                "it was made by a newer version (its schema is {newer}, this version knows \
                 {SCHEMA_VERSION}); use that version"
            ),
        )),
        unknown => Err(foreign(path, format!("its schema is {unknown}, which no version has written"))),
    }
}

/// Makes the tables. Of two that try at once, the second finds them made.
fn fill(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    const DOING: &str = "making its tables";
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed(DOING))?;
    if identify(&transaction, path)? == Content::Store {
        return Ok(());
    }
    transaction.execute_batch(SCHEMA).map_err(failed(DOING))?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed(DOING))?;
    transaction.pragma_update(None, "user_version", GEOPACKAGE_VERSION).map_err(failed(DOING))?;
    transaction
        .execute("INSERT INTO hotspots_store VALUES (1, lower(hex(randomblob(16))), ?1, 0)", [SCHEMA_VERSION])
        .map_err(failed(DOING))?;
    transaction.commit().map_err(failed(DOING))
}

fn not_a_store(path: &Path, cause: rusqlite::Error) -> StoreError {
    match cause.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => {
            foreign(path, "it is no SQLite file and so no GeoPackage; give another path")
        }
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
            unreachable(path, cause.to_string())
        }
        _ => failed("finding out what the file is")(cause),
    }
}

fn unreachable(path: &Path, reason: impl Into<String>) -> StoreError {
    StoreError::Unreachable { place: path.display().to_string(), reason: reason.into() }
}

fn foreign(path: &Path, reason: impl Into<String>) -> StoreError {
    StoreError::Foreign { place: path.display().to_string(), reason: reason.into() }
}
