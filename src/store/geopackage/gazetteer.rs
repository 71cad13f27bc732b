//! The gazetteer in the file: tables of its own, which files made before there were any are given.

use std::path::Path;

use rusqlite::{Connection, Row, Transaction, TransactionBehavior, params};

use super::{failed, file};
use crate::{
    gazetteer::{EntryKind, PostcodeEntry, Quality, SourceFile, Uprn, UprnEntry},
    model::{GridPoint, Invalid, StoreId},
    store::StoreError,
};

const TABLES: &str = include_str!("gazetteer.sql");
const COLUMN: &str = "ALTER TABLE incidents ADD COLUMN positioned_by TEXT";
const MAKING: &str = "making the tables of the gazetteer";
const READING: &str = "reading the gazetteer";
const WRITING: &str = "replacing the gazetteer";

/// Makes the tables where they are not there, and the column of incidents that says what placed them. Programs that do
/// not know them pass them over, so that the schema's version stays as it is.
pub(super) fn ensure(connection: &mut Connection) -> Result<(), StoreError> {
    if has_tables(connection)? && has_column(connection)? {
        return Ok(());
    }
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed(MAKING))?;
    // Somebody else may have made them meanwhile.
    if !has_tables(&transaction)? {
        transaction.execute_batch(TABLES).map_err(failed(MAKING))?;
    }
    if !has_column(&transaction)? {
        transaction.execute_batch(COLUMN).map_err(failed(MAKING))?;
    }
    transaction.commit().map_err(failed(MAKING))
}

fn has_tables(connection: &Connection) -> Result<bool, StoreError> {
    is_found(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'hotspots_gazetteer'")
}

fn has_column(connection: &Connection) -> Result<bool, StoreError> {
    is_found(connection, "SELECT count(*) FROM pragma_table_info('incidents') WHERE name = 'positioned_by'")
}

fn is_found(connection: &Connection, sql: &str) -> Result<bool, StoreError> {
    let found: i64 = connection.query_row(sql, [], |row| row.get(0)).map_err(failed(MAKING))?;
    Ok(found > 0)
}

/// How often entries were replaced.
pub(super) fn revision(connection: &Connection) -> Result<u64, StoreError> {
    let sql = "SELECT ifnull(max(revision), 0) FROM hotspots_gazetteer";
    let number: i64 = connection.query_row(sql, [], |row| row.get(0)).map_err(failed(READING))?;
    u64::try_from(number)
        .map_err(|_negative| damaged(number, "revisions of the gazetteer are counted from 1"))
}

/// The sources in use.
pub(super) fn sources(connection: &Connection) -> Result<Vec<SourceFile>, StoreError> {
    let sql = "SELECT number, kind, name, edition, sha256, rows_read, rows_taken FROM hotspots_gazetteer AS one \
               WHERE revision = (SELECT max(revision) FROM hotspots_gazetteer AS other WHERE other.kind = one.kind) \
               ORDER BY kind, number";
    let mut statement = connection.prepare(sql).map_err(failed(READING))?;
    let mut rows = statement.query([]).map_err(failed(READING))?;
    let mut sources = Vec::new();
    while let Some(row) = rows.next().map_err(failed(READING))? {
        sources.push(source(row)?);
    }
    Ok(sources)
}

fn source(row: &Row<'_>) -> Result<SourceFile, StoreError> {
    let number: i64 = row.get(0).map_err(failed(READING))?;
    let kind: String = row.get(1).map_err(failed(READING))?;
    let count = |index: usize| {
        let count: i64 = row.get(index).map_err(failed(READING))?;
        u64::try_from(count).map_err(|_negative| damaged(number, "a number of rows is zero or more"))
    };
    Ok(SourceFile {
        kind: EntryKind::from_word(&kind)
            .ok_or_else(|| damaged(number, &format!("'{kind}' is no kind of entries: postcodes or uprns")))?,
        name: row.get(2).map_err(failed(READING))?,
        edition: row.get(3).map_err(failed(READING))?,
        sha256: row.get(4).map_err(failed(READING))?,
        rows: count(5)?,
        taken: count(6)?,
    })
}

/// Puts postcodes in place of all that there are.
pub(super) fn replace_postcodes(
    connection: &mut Connection,
    path: &Path,
    id: &StoreId,
    entries: &[PostcodeEntry],
    sources: &[SourceFile],
) -> Result<u64, StoreError> {
    replace(connection, path, id, EntryKind::Postcodes, sources, |transaction| {
        transaction.execute("DELETE FROM hotspots_postcodes", [])?;
        let sql = "INSERT INTO hotspots_postcodes (postcode, easting, northing, quality, terminated) \
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut insert = transaction.prepare(sql)?;
        for entry in entries {
            let (east, north) = (entry.grid.easting_m(), entry.grid.northing_m());
            let quality = entry.quality.get();
            insert.execute(params![entry.postcode.to_string(), east, north, quality, entry.terminated])?;
        }
        Ok(())
    })
}

/// Puts properties in place of all that there are.
pub(super) fn replace_uprns(
    connection: &mut Connection,
    path: &Path,
    id: &StoreId,
    entries: &[UprnEntry],
    sources: &[SourceFile],
) -> Result<u64, StoreError> {
    replace(connection, path, id, EntryKind::Uprns, sources, |transaction| {
        transaction.execute("DELETE FROM hotspots_uprns", [])?;
        let mut insert = transaction.prepare("INSERT INTO hotspots_uprns VALUES (?1, ?2, ?3)")?;
        for entry in entries {
            // A UPRN has twelve digits at most.
            let number = i64::try_from(entry.uprn.get()).unwrap_or(i64::MAX);
            insert.execute(params![number, entry.grid.easting_m(), entry.grid.northing_m()])?;
        }
        Ok(())
    })
}

/// Writes entries and their sources in one transaction, as the next revision.
fn replace(
    connection: &mut Connection,
    path: &Path,
    id: &StoreId,
    kind: EntryKind,
    sources: &[SourceFile],
    write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>,
) -> Result<u64, StoreError> {
    let of_kind: Vec<&SourceFile> = sources.iter().filter(|source| source.kind == kind).collect();
    if of_kind.is_empty() {
        let cause = format!("no source of the {} was named", kind.as_str());
        return Err(StoreError::Failed { doing: WRITING, cause: cause.into() });
    }
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed(WRITING))?;
    file::state_of(&transaction, path, id)?;
    let next = revision(&transaction)? + 1;
    write(&transaction).map_err(failed(WRITING))?;
    let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    for source in of_kind {
        let sql = "INSERT INTO hotspots_gazetteer (revision, kind, name, edition, sha256, rows_read, rows_taken) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let SourceFile { name, edition, sha256, rows, taken, .. } = source;
        let values = params![whole(next), kind.as_str(), name, edition, sha256, whole(*rows), whole(*taken)];
        transaction.execute(sql, values).map_err(failed(WRITING))?;
    }
    let changed = "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') \
                   WHERE table_name IN ('hotspots_gazetteer', 'hotspots_' || ?1)";
    transaction.execute(changed, [kind.as_str()]).map_err(failed(WRITING))?;
    transaction.commit().map_err(failed(WRITING))?;
    Ok(next)
}

/// Shows every entry, of one moment.
pub(super) fn scan(
    connection: &mut Connection,
    path: &Path,
    id: &StoreId,
    postcode: &mut dyn FnMut(PostcodeEntry),
    uprn: &mut dyn FnMut(UprnEntry),
) -> Result<u64, StoreError> {
    // The first statement fixes what the whole transaction sees.
    let transaction = connection.transaction().map_err(failed(READING))?;
    file::state_of(&transaction, path, id)?;
    let revision = revision(&transaction)?;
    let sql =
        "SELECT id, easting, northing, postcode, quality, terminated FROM hotspots_postcodes ORDER BY id";
    each(&transaction, sql, |row| {
        let (row_id, grid) = place(row)?;
        let (text, quality): (String, i64) = (cell(row, 3)?, cell(row, 4)?);
        postcode(PostcodeEntry {
            postcode: text.parse().map_err(|fault: Invalid| damaged(row_id, &fault.to_string()))?,
            grid,
            quality: u8::try_from(quality)
                .ok()
                .and_then(Quality::new)
                .ok_or_else(|| damaged(row_id, &format!("{quality} is no positional quality")))?,
            terminated: cell(row, 5)?,
        });
        Ok(())
    })?;
    each(&transaction, "SELECT uprn, easting, northing FROM hotspots_uprns ORDER BY uprn", |row| {
        let (number, grid) = place(row)?;
        let known = u64::try_from(number).ok().and_then(|number| Uprn::new(number).ok());
        uprn(UprnEntry { uprn: known.ok_or_else(|| damaged(number, "it is no UPRN"))?, grid });
        Ok(())
    })?;
    Ok(revision)
}

fn each(
    connection: &Connection,
    sql: &str,
    mut show: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare(sql).map_err(failed(READING))?;
    let mut rows = statement.query([]).map_err(failed(READING))?;
    while let Some(row) = rows.next().map_err(failed(READING))? {
        show(row)?;
    }
    Ok(())
}

/// The number of a row and its position, which stand first.
fn place(row: &Row<'_>) -> Result<(i64, GridPoint), StoreError> {
    let number = cell(row, 0)?;
    let grid =
        GridPoint::new(cell(row, 1)?, cell(row, 2)?).map_err(|fault| damaged(number, &fault.to_string()))?;
    Ok((number, grid))
}

fn cell<T: rusqlite::types::FromSql>(row: &Row<'_>, index: usize) -> Result<T, StoreError> {
    row.get(index).map_err(failed(READING))
}

fn damaged(row_id: i64, reason: &str) -> StoreError {
    StoreError::Damaged { row_id, reason: format!("in the gazetteer, {reason}") }
}
