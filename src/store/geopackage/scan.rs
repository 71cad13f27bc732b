//! Reading: every row of one generation, in one read transaction.

use std::path::Path;

use rusqlite::{Connection, Row, types::ValueRef};

use super::{failed, file, point};
use crate::{
    model::{Category, Generation, LonLat, Occurred, Position, PositionedBy, StoreId, TimePrecision},
    store::{StoreError, StoredIncident},
};

/// In the order of the table, so that SQLite walks each row once.
const ROWS: &str = "SELECT id, geom, source, own_id, reference, category, start_s, end_s, precision, \
     weight, lon, lat, street, outcome, attributes, positioned_by FROM incidents ORDER BY id";

const READING: &str = "reading the incidents";

/// Shows every row to `visit`, ordered by row id.
pub(super) fn scan(
    connection: &mut Connection,
    path: &Path,
    id: &StoreId,
    visit: &mut dyn FnMut(StoredIncident<'_>),
) -> Result<Generation, StoreError> {
    // The first statement fixes what the whole transaction sees.
    let transaction = connection.transaction().map_err(failed(READING))?;
    let generation = file::state_of(&transaction, path, id)?.generation;
    let mut statement = transaction.prepare(ROWS).map_err(failed(READING))?;
    let mut rows = statement.query([]).map_err(failed(READING))?;
    while let Some(row) = rows.next().map_err(failed(READING))? {
        visit(incident(row)?);
    }
    Ok(generation)
}

fn incident<'a>(row: &'a Row<'_>) -> Result<StoredIncident<'a>, StoreError> {
    let row_id = row.get(0).map_err(failed(READING))?;
    let cells = Cells { row, row_id };
    let category = cells.text(5, "category")?;
    if !is_slug(category) {
        return Err(cells.damaged(format!("'{category}' is not a category's slug")));
    }
    let weight = cells.number(9, "weight")?;
    if weight < 0.0 || !weight.is_finite() {
        return Err(cells.damaged(format!("the weight {weight} is not a finite number, zero or more")));
    }
    Ok(StoredIncident {
        row_id,
        source: cells.text(2, "source")?,
        own_id: cells.text_or_none(3, "own_id")?,
        reference: cells.text_or_none(4, "reference")?,
        occurred: cells.occurred()?,
        category,
        weight,
        position: cells.position()?,
        positioned_by: cells.positioned_by()?,
        street: cells.text_or_none(12, "street")?,
        outcome: cells.text_or_none(13, "outcome")?,
        attributes_json: cells.text_or_none(14, "attributes")?.unwrap_or_default(),
    })
}

/// The values of one row, which need not be what an import wrote: the file is open to other
/// programs.
struct Cells<'a, 'r> {
    row: &'a Row<'r>,
    row_id: i64,
}

impl<'a> Cells<'a, '_> {
    fn damaged(&self, reason: String) -> StoreError {
        StoreError::Damaged { row_id: self.row_id, reason }
    }

    fn wrong(&self, column: &str, wanted: &str) -> StoreError {
        self.damaged(format!("{column} holds no {wanted}"))
    }

    fn value(&self, index: usize) -> Result<ValueRef<'a>, StoreError> {
        self.row.get_ref(index).map_err(failed(READING))
    }

    fn text(&self, index: usize, column: &str) -> Result<&'a str, StoreError> {
        self.text_or_none(index, column)?.ok_or_else(|| self.wrong(column, "text"))
    }

    fn text_or_none(&self, index: usize, column: &str) -> Result<Option<&'a str>, StoreError> {
        match self.value(index)? {
            ValueRef::Null => Ok(None),
            ValueRef::Text(bytes) => match str::from_utf8(bytes) {
                Ok(text) => Ok(Some(text)),
                Err(cause) => Err(self.damaged(format!("{column} is no UTF-8 text: {cause}"))),
            },
            _ => Err(self.wrong(column, "text")),
        }
    }

    fn number(&self, index: usize, column: &str) -> Result<f64, StoreError> {
        match self.value(index)? {
            ValueRef::Real(value) => Ok(value),
            _ => Err(self.wrong(column, "number")),
        }
    }

    fn seconds(&self, index: usize, column: &str) -> Result<i64, StoreError> {
        match self.value(index)? {
            ValueRef::Integer(value) => Ok(value),
            _ => Err(self.wrong(column, "whole number of seconds")),
        }
    }

    fn occurred(&self) -> Result<Occurred, StoreError> {
        let (start_s, end_s) = (self.seconds(6, "start_s")?, self.seconds(7, "end_s")?);
        let word = self.text(8, "precision")?;
        let precision = [TimePrecision::Month, TimePrecision::Day, TimePrecision::Minute]
            .into_iter()
            .find(|precision| precision.as_str() == word)
            .ok_or_else(|| self.damaged(format!("'{word}' is not a precision: minute, day or month")))?;
        Occurred::from_parts(start_s, end_s, precision)
            .ok_or_else(|| self.damaged(format!("it ends at {end_s} s, before it starts at {start_s} s")))
    }

    /// Nothing stands for coordinates, as in stores that knew nothing else.
    fn positioned_by(&self) -> Result<PositionedBy, StoreError> {
        let Some(word) = self.text_or_none(15, "positioned_by")? else {
            return Ok(PositionedBy::Coordinates);
        };
        PositionedBy::from_word(word).ok_or_else(|| {
            let known = PositionedBy::ALL.map(PositionedBy::as_str).join(", ");
            self.damaged(format!("'{word}' is no way to know a position: {known}"))
        })
    }

    fn position(&self) -> Result<Option<Position>, StoreError> {
        let blob = match self.value(1)? {
            ValueRef::Null => {
                return match (self.value(10)?, self.value(11)?) {
                    (ValueRef::Null, ValueRef::Null) => Ok(None),
                    _ => Err(self.damaged("it has degrees but no geometry".to_owned())),
                };
            }
            ValueRef::Blob(blob) => blob,
            _ => return Err(self.wrong("geom", "geometry")),
        };
        let grid = point::decode(blob).map_err(|fault| self.damaged(fault.to_string()))?;
        let lonlat = LonLat::new(self.number(10, "lon")?, self.number(11, "lat")?)
            .map_err(|fault| self.damaged(fault.to_string()))?;
        Ok(Some(Position { grid, lonlat }))
    }
}

/// Whether [`Category`] would write it so; the common case without making one.
fn is_slug(text: &str) -> bool {
    let plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    let easy = bytes.len() <= 80
        && bytes.first().is_some_and(plain)
        && bytes.last().is_some_and(plain)
        && bytes.windows(2).all(|pair| plain(&pair[0]) || pair[0] == b'-' && plain(&pair[1]));
    easy || Category::from_label(text).is_ok_and(|category| category.as_str() == text)
}
