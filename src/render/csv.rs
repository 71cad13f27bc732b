//! Tables as comma-separated values (RFC 4180), UTF-8, CRLF.

use serde::Serialize;

/// The rows as CSV, the names of their members as header. An absent number is an empty field.
///
/// # Errors
/// The `csv` crate's, for rows that are not flat.
pub fn table<R: Serialize>(rows: &[R]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.serialize(row)?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}
