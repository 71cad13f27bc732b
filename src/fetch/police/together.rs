//! One month of several boroughs of a force. The store replaces a month of a source as a whole, so that of one borough
//! has to bring along what was fetched of the others.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use csv::{Reader, StringRecord, Writer};

use super::crime::{COLUMNS, MonthFile, grid};
use crate::{
    fetch::{AreaId, FetchError, Outline},
    model::Month,
};

/// The name of the file of one borough's month.
pub fn file_name(month: Month, force: &str, area: &AreaId) -> String {
    format!("{month}-{force}-{}-street.csv", area.as_str())
}

/// The files of that month that were fetched of other boroughs of the force, in order of their names.
///
/// # Errors
/// [`FetchError::Disk`] for a folder that cannot be read.
pub fn of_others(
    folder: &Path,
    month: Month,
    force: &str,
    area: &AreaId,
) -> Result<Vec<PathBuf>, FetchError> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let start = format!("{month}-{force}-");
    let is_other = |name: &str| {
        let code = name.strip_prefix(&start).and_then(|rest| rest.strip_suffix("-street.csv"));
        code.is_some_and(|code| code != area.as_str() && AreaId::new(code).is_ok())
    };
    let entries = fs::read_dir(folder).map_err(FetchError::reading(folder))?;
    let names = entries.filter_map(Result::ok).map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut files: Vec<PathBuf> = names.filter(|name| is_other(name)).map(|name| folder.join(name)).collect();
    files.sort();
    Ok(files)
}

/// The rows of a file.
///
/// # Errors
/// [`FetchError`] for one that cannot be read.
pub fn rows_in(path: &Path) -> Result<u64, FetchError> {
    records(path).map(|records| records.len() as u64)
}

/// A borough's month with what others brought: their rows that do not lie within `margin_m` metres of its outline, where
/// its own file has all there are. A crime with an id that two of them have stands once.
///
/// # Errors
/// [`FetchError`] for a file of the others that cannot be read.
pub fn with_others(
    own: &MonthFile,
    others: &[PathBuf],
    outline: &Outline,
    margin_m: f64,
) -> Result<MonthFile, FetchError> {
    let broken = |cause: csv::Error| FetchError::content("a street file", cause.to_string());
    let mut writer = Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).map_err(broken)?;
    let (mut seen, mut rows) = (HashSet::new(), 0);
    let mut own_rows = Reader::from_reader(own.bytes.as_slice());
    for record in own_rows.records() {
        let record = record.map_err(broken)?;
        seen.extend(id_of(&record));
        rows += 1;
        writer.write_record(&record).map_err(broken)?;
    }
    for path in others {
        for record in records(path)? {
            let place = record.get(4).zip(record.get(5)).and_then(|(lon, lat)| grid(lon, lat));
            let is_own = place.is_some_and(|place| outline.holds(place, margin_m));
            let is_new = id_of(&record).is_none_or(|id| seen.insert(id));
            if !is_own && is_new {
                rows += 1;
                writer.write_record(&record).map_err(broken)?;
            }
        }
    }
    let bytes =
        writer.into_inner().map_err(|cause| FetchError::content("a street file", cause.to_string()))?;
    Ok(MonthFile { bytes, rows, outside: 0, nowhere: 0 })
}

/// The Crime ID, which antisocial behaviour does not have.
fn id_of(record: &StringRecord) -> Option<String> {
    record.get(0).filter(|id| !id.is_empty()).map(str::to_owned)
}

fn records(path: &Path) -> Result<Vec<StringRecord>, FetchError> {
    let broken = |cause: csv::Error| FetchError::content(path.display(), cause.to_string());
    let mut reader = Reader::from_path(path).map_err(broken)?;
    if reader.headers().map_err(broken)? != COLUMNS.as_slice() {
        return Err(FetchError::content(
            path.display(),
            "it is no street file of `hotspots fetch incidents`",
        ));
    }
    reader.records().map(|record| record.map_err(broken)).collect()
}
