//! Tables as comma-separated values (RFC 4180), UTF-8, CRLF.

use serde::Serialize;

use super::{features::cell, sheet::Sheet};
use crate::feature::Value;

/// The rows as CSV below a header of `columns`, which stands there without rows too. An absent number is
/// an empty field.
///
/// # Errors
/// The `csv` crate's, for rows that are not flat or have another number of members than columns.
///
/// # Example
/// ```
/// use hotspots::render::csv::table;
/// assert_eq!(table(&["ward", "count"], &[("Gornal", Some(3)), ("Lye", None)])?, b"ward,count\r\nGornal,3\r\nLye,\r\n");
/// # Ok::<(), csv::Error>(())
/// ```
pub fn table<R: Serialize>(columns: &[&str], rows: &[R]) -> Result<Vec<u8>, csv::Error> {
    let mut builder = csv::WriterBuilder::new();
    let mut writer = builder.has_headers(false).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(columns)?;
    for row in rows {
        writer.serialize(row)?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// A sheet as CSV below the names of its columns. Whole numbers are written as digits, others with a point (`322.0`) as
/// [`table`] writes them, both without separators; instants as RFC 3339 in UTC; what is absent as an empty field.
///
/// Text is written as it is, also where it begins with `=`, `+`, `-` or `@` and a spreadsheet that opens the file by
/// a double click might take it for a formula: a mark before it would be one more character to every other program,
/// and codes would match nothing any more. For spreadsheets there is [`super::workbook`], whose text stays text.
///
/// # Errors
/// The `csv` crate's, for a row with another number of values than there are columns.
///
/// # Example
/// ```
/// use hotspots::{feature::{Field, FieldKind, Value}, render::{csv, sheet::Sheet}};
/// let columns = vec![
///     Field::new("ward", FieldKind::Text, "Ward", "Its name."),
///     Field::new("change", FieldKind::Whole, "Change", "More than before."),
/// ];
/// let rows = vec![vec![Value::Text("Lye, Stour Valley".into()), Value::Whole(-3)]];
/// let sheet = Sheet { name: "wards".into(), title: "Wards".into(), columns, rows };
/// assert_eq!(csv::sheet(&sheet)?, b"ward,change\r\n\"Lye, Stour Valley\",-3\r\n");
/// # Ok::<(), ::csv::Error>(())
/// ```
pub fn sheet(sheet: &Sheet) -> Result<Vec<u8>, csv::Error> {
    let mut builder = csv::WriterBuilder::new();
    let mut writer = builder.terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(sheet.columns.iter().map(|column| &column.name))?;
    for row in &sheet.rows {
        writer.write_record(row.iter().map(field))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn field(value: &Value<'_>) -> Vec<u8> {
    match value {
        // The shortest digits that are read back as the same number.
        Value::Number(number) => format!("{number:?}").into_bytes(),
        other => cell(other).into_owned().into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::{Field, FieldKind};

    #[test]
    fn numbers_of_sheets_are_written_as_those_of_tables() {
        for number in [0.0, 322.0, -0.5, 0.064_6, 1.0 / 3.0, 1e-7, 1e16, 1.5e300, 123_456_789.0] {
            let of_table = table(&["x"], &[(number,)]).unwrap();
            let columns = vec![Field::new("x", FieldKind::Number, "X", "")];
            let one = Sheet {
                name: "x".into(),
                title: String::new(),
                columns,
                rows: vec![vec![Value::Number(number)]],
            };
            assert_eq!(sheet(&one).unwrap(), of_table, "{number}");
        }
    }

    #[test]
    fn a_row_of_another_length_is_refused() {
        let columns = vec![Field::new("x", FieldKind::Number, "X", "")];
        let rows = vec![vec![Value::Absent, Value::Absent]];
        assert!(sheet(&Sheet { name: "x".into(), title: String::new(), columns, rows }).is_err());
    }
}
