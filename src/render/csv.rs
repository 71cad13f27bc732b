//! Tables as comma-separated values (RFC 4180), UTF-8, CRLF.

use serde::Serialize;

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
