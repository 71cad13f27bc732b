//! The log of priorities in the file: a table of its own, which files made before there was one are given.

use std::path::Path;

use rusqlite::{Connection, Row, TransactionBehavior, params};

use super::{failed, file};
use crate::{
    model::{Invalid, PriorityChange, PriorityEntry, PriorityId, PriorityOrigin, StoreId},
    store::{Logged, StoreError},
};

const TABLE: &str = include_str!("priorities.sql");
const MAKING: &str = "making the table of priorities";
const READING: &str = "reading the priorities";
const WRITING: &str = "logging priorities";

/// Makes the table where it is not there. Programs that do not know it pass it over, so that the schema's version
/// stays as it is.
pub(super) fn ensure(connection: &mut Connection) -> Result<(), StoreError> {
    if is_there(connection)? {
        return Ok(());
    }
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed(MAKING))?;
    // Somebody else may have made it meanwhile.
    if !is_there(&transaction)? {
        transaction.execute_batch(TABLE).map_err(failed(MAKING))?;
    }
    transaction.commit().map_err(failed(MAKING))
}

fn is_there(connection: &Connection) -> Result<bool, StoreError> {
    let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'hotspots_priorities'";
    let found: i64 = connection.query_row(sql, [], |row| row.get(0)).map_err(failed(MAKING))?;
    Ok(found > 0)
}

/// How many entries there are. Rows are numbered from 1 without gaps, so the last number says it.
pub(super) fn revision(connection: &Connection) -> Result<u64, StoreError> {
    let sql = "SELECT ifnull(max(number), 0) FROM hotspots_priorities";
    let number: i64 = connection.query_row(sql, [], |row| row.get(0)).map_err(failed(READING))?;
    u64::try_from(number).map_err(|_negative| StoreError::Damaged {
        row_id: number,
        reason: "entries of the log of priorities are numbered from 1".to_owned(),
    })
}

/// Every entry, the oldest first.
pub(super) fn entries(connection: &Connection) -> Result<Vec<PriorityEntry>, StoreError> {
    let mut statement = connection
        .prepare(
            "SELECT number, priority, version, at_s, author, origin, change, note, definition \
             FROM hotspots_priorities ORDER BY number",
        )
        .map_err(failed(READING))?;
    let mut rows = statement.query([]).map_err(failed(READING))?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next().map_err(failed(READING))? {
        entries.push(entry(row)?);
    }
    Ok(entries)
}

fn entry(row: &Row<'_>) -> Result<PriorityEntry, StoreError> {
    let row_id = row.get(0).map_err(failed(READING))?;
    let damaged =
        |fault: Invalid| StoreError::Damaged { row_id, reason: format!("in the log of priorities, {fault}") };
    let text = |index: usize| row.get::<_, String>(index).map_err(failed(READING));
    let (id, origin, change) = (text(1)?, text(5)?, text(6)?);
    let version: i64 = row.get(2).map_err(failed(READING))?;
    Ok(PriorityEntry {
        priority: PriorityId::new(&id).map_err(damaged)?,
        version: u32::try_from(version)
            .map_err(|_too_large| damaged(Invalid::new(version, "versions are counted from 1")))?,
        at_s: row.get(3).map_err(failed(READING))?,
        author: text(4)?,
        origin: PriorityOrigin::from_word(&origin)
            .ok_or_else(|| damaged(Invalid::new(&origin, "an entry is from file or http")))?,
        change: PriorityChange::from_word(&change).ok_or_else(|| {
            damaged(Invalid::new(&change, "a priority is created, changed, retired or restored"))
        })?,
        note: row.get(7).map_err(failed(READING))?,
        definition: text(8)?,
    })
}

/// Adds entries in one transaction, if there still are `after` of them.
pub(super) fn log(
    connection: &mut Connection,
    path: &Path,
    id: &StoreId,
    after: u64,
    entries: &[PriorityEntry],
) -> Result<Logged, StoreError> {
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed(WRITING))?;
    file::state_of(&transaction, path, id)?;
    if revision(&transaction)? != after {
        return Ok(Logged::Overtaken);
    }
    for entry in entries {
        transaction
            .execute(
                "INSERT INTO hotspots_priorities VALUES \
                 ((SELECT ifnull(max(number), 0) + 1 FROM hotspots_priorities),?1,?2,?3,?4,?5,?6,?7,?8)",
                params![
                    entry.priority.as_str(),
                    entry.version,
                    entry.at_s,
                    entry.author,
                    entry.origin.as_str(),
                    entry.change.as_str(),
                    entry.note,
                    entry.definition,
                ],
            )
            .map_err(failed(WRITING))?;
    }
    transaction
        .execute(
            "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') \
             WHERE table_name = 'hotspots_priorities'",
            [],
        )
        .map_err(failed(WRITING))?;
    transaction.commit().map_err(failed(WRITING))?;
    Ok(Logged::Added)
}
