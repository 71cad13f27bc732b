//! What rates are divided by: figures of residents, households and dwellings, from the manifest and from tables.

use std::{collections::HashMap, path::Path};

use csv::StringRecord;

use super::fault::BoundaryFault;
use crate::model::{Area, Per};

/// What a year has to be.
pub(super) const YEAR_RULE: &str = "a year is written with four digits";
const VALUE_RULE: &str = "a figure is a whole number from 0 to 4,294,967,295, in digits alone";
/// The columns of a table.
const COLUMNS: [&str; 4] = ["code", "measure", "year", "value"];

/// A year of four digits.
pub(super) fn year(text: &str) -> Option<i16> {
    let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|year: &i16| digits && *year >= 1000)
}

/// The areas of a layer, which are ordered by code, on their way to their figures.
pub(super) struct Figures<'a> {
    areas: &'a mut [Area],
    /// Where each figure was given.
    given: HashMap<(usize, Per, i16), String>,
}

impl<'a> Figures<'a> {
    /// Areas without figures yet.
    pub fn of(areas: &'a mut [Area]) -> Self {
        Self { areas, given: HashMap::new() }
    }

    /// Enters a figure that stands at `place`.
    ///
    /// # Errors
    /// What is wrong: there is no such area, or it has this figure already.
    pub fn enter(
        &mut self,
        code: &str,
        per: Per,
        year: i16,
        value: u32,
        place: String,
    ) -> Result<(), String> {
        let area = self
            .areas
            .binary_search_by(|area| area.code.0.as_str().cmp(code))
            .map_err(|_nowhere| format!("no area has the code '{code}'"))?;
        if let Some(before) = self.given.get(&(area, per, year)) {
            return Err(format!("{} of {code} in {year} were given before, in {before}", per.as_str()));
        }
        self.given.insert((area, per, year), place);
        self.areas[area].denominators.of_mut(per).insert(year, value);
        Ok(())
    }

    /// Enters the figures of a table and gives back every fault of it, with line and column.
    pub fn read(&mut self, name: &str, path: &Path) -> Vec<BoundaryFault> {
        let mut builder = csv::ReaderBuilder::new();
        // Rows of other lengths are told as faults of their own.
        let mut reader = match builder.flexible(true).trim(csv::Trim::All).from_path(path) {
            Ok(reader) => reader,
            Err(cause) => return vec![BoundaryFault::of_file(name, format!("it cannot be read: {cause}"))],
        };
        let columns = match reader.headers().map_err(|cause| vec![cause.to_string()]).and_then(columns) {
            Ok(columns) => columns,
            Err(faults) => {
                return faults.into_iter().map(|what| at(name, "line 1".to_owned(), what)).collect();
            }
        };
        let mut faults = Vec::new();
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(cause) => {
                    faults.push(unreadable(name, &cause));
                    continue;
                }
            };
            let line = record.position().map_or(0, csv::Position::line);
            if record.len() != COLUMNS.len() {
                let what = format!("a row has {} values; this one has {}", COLUMNS.len(), record.len());
                faults.push(at(name, format!("line {line}"), what));
                continue;
            }
            let row = columns.map(|column| record.get(column).unwrap_or_default());
            let told = self.row(row, format!("{name} line {line}"));
            faults.extend(
                told.into_iter()
                    .map(|(column, what)| at(name, format!("line {line}, column {column}"), what)),
            );
        }
        faults
    }

    /// Enters one row: code, measure, year, value. Gives back its faults, each with the column.
    fn row(&mut self, row: [&str; 4], place: String) -> Vec<(&'static str, String)> {
        let [code, measure, year_text, value_text] = row;
        let mut faults = Vec::new();
        let per = Per::ALL.into_iter().find(|per| per.as_str() == measure);
        if per.is_none() {
            let words = Per::ALL.map(Per::as_str).join(", ");
            faults.push(("measure", format!("'{measure}': a measure is one of {words}")));
        }
        let year = year(year_text);
        if year.is_none() {
            faults.push(("year", format!("'{year_text}': {YEAR_RULE}")));
        }
        let digits = value_text.bytes().all(|byte| byte.is_ascii_digit());
        let value = value_text.parse::<u32>().ok().filter(|_| digits);
        if value.is_none() {
            faults.push(("value", format!("'{value_text}': {VALUE_RULE}")));
        }
        match (per, year, value) {
            (Some(per), Some(year), Some(value)) => {
                faults.extend(self.enter(code, per, year, value, place).err().map(|what| ("code", what)));
            }
            _ if self.areas.binary_search_by(|area| area.code.0.as_str().cmp(code)).is_err() => {
                faults.insert(0, ("code", format!("no area has the code '{code}'")));
            }
            _ => {}
        }
        faults
    }
}

/// Where each of [`COLUMNS`] stands.
fn columns(header: &StringRecord) -> Result<[usize; 4], Vec<String>> {
    let names: Vec<&str> = header.iter().map(|name| name.trim_start_matches('\u{feff}').trim()).collect();
    let mut faults = Vec::new();
    let found = COLUMNS.map(|column| {
        let mut places = names.iter().enumerate().filter(|(_, name)| **name == column);
        let first = places.next().map(|(place, _)| place);
        match (first, places.next()) {
            (None, _) => faults.push(format!("there is no column '{column}'")),
            (_, Some(_)) => faults.push(format!("there are two columns '{column}'")),
            _ => {}
        }
        first.unwrap_or_default()
    });
    let others = names.iter().filter(|name| !COLUMNS.contains(name));
    faults.extend(
        others.map(|name| format!("'{name}' is no column of such a table; they are {}", COLUMNS.join(", "))),
    );
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

fn at(name: &str, place: String, what: String) -> BoundaryFault {
    BoundaryFault { file: name.to_owned(), feature: Some(place), what }
}

/// A row that is not even text, or a file that cannot be read on.
fn unreadable(name: &str, cause: &csv::Error) -> BoundaryFault {
    match (cause.kind(), cause.position()) {
        (csv::ErrorKind::Utf8 { .. }, Some(position)) => {
            at(name, format!("line {}", position.line()), "it is not UTF-8 text".to_owned())
        }
        _ => BoundaryFault::of_file(name, format!("it cannot be read: {cause}")),
    }
}
