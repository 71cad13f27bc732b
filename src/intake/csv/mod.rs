//! CSV files: police.uk's by their header, others by a column mapping.

mod columns;
mod records;

use std::{io::BufRead, ops::ControlFlow};

use crate::model::Invalid;

use super::{
    Event, Original, Reject, Shape, Sink, Unplaced, broken,
    draft::{At, Drafted, Drafter, Fault},
    fields::Values,
    format,
    options::Options,
    unreadable,
};
use columns::Columns;
use records::{BadLine, Records};

/// The columns that a file of rejects adds behind those of the input. They are known by name and
/// passed over when the file is read again.
pub(super) const REJECT_COLUMNS: [&str; 4] = ["reject_line", "reject_column", "reject_value", "reject_rule"];

/// Reads a CSV text.
pub(super) fn read(
    name: &str,
    text: &mut dyn BufRead,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let mut records = match Records::new(text, options.limits.row_bytes) {
        Ok(records) => records,
        Err(cause) => return broken_before_rows(name, &cause, sink),
    };
    let header: Vec<String> = match records.read() {
        Ok(Some(Ok(()))) => (0..records.len()).map(|column| records.get(column).to_owned()).collect(),
        Ok(Some(Err(bad))) => return unreadable(name, bad.line, bad.fault, sink),
        Ok(None) => {
            return unreadable(
                name,
                1,
                Invalid::new("", "the file is empty: a CSV file has a header line"),
                sink,
            );
        }
        Err(cause) => return broken_before_rows(name, &cause, sink),
    };
    let columns = match Columns::of_header(&header, options) {
        Ok(columns) => columns,
        Err(fault) => return unreadable(name, records.first_line(), fault, sink),
    };
    let mut drafter = Drafter::new(name, options);
    drafter.police = columns.is_police();
    let shape = Shape::Csv { header: columns.own_header(&header), delimiter: records.delimiter() };
    sink(Event::File { name: name.to_owned(), shape })?;
    let mended = format::names_rejects(name) || columns.reject_line().is_some();
    loop {
        match records.read() {
            Ok(Some(Ok(()))) => {}
            Ok(Some(Err(bad))) => {
                sink(Event::Reject(of_bad_line(bad, &columns)))?;
                continue;
            }
            Ok(None) => return ControlFlow::Continue(()),
            Err(cause) => return broken(records.first_line(), &cause, sink),
        }
        if mended && columns.is_note(&records) {
            continue;
        }
        match row(&records, &columns, &mut drafter, mended) {
            Ok(Drafted { incident, unplaced }) => {
                if let Some((field, why)) = unplaced {
                    let value = columns.value_of(&records, field);
                    let (line, column) = (records.first_line(), columns.name_of(field));
                    sink(Event::Unplaced(Unplaced::new(line, column, value, why)))?;
                }
                sink(Event::Incident(Box::new(incident)))?;
            }
            Err(fault) => sink(Event::Reject(of_fault(fault, &records, &columns)))?,
        }
    }
}

/// Tells of a text that cannot be read even up to its header.
fn broken_before_rows(name: &str, cause: &std::io::Error, sink: &mut Sink<'_>) -> ControlFlow<()> {
    sink(Event::File { name: name.to_owned(), shape: Shape::Unreadable })?;
    broken(1, cause, sink)
}

fn row(
    records: &Records<'_>,
    columns: &Columns,
    drafter: &mut Drafter<'_>,
    mended: bool,
) -> Result<Drafted, Fault> {
    let (found, expected) = (records.len(), columns.len());
    if found != expected {
        let (first, last) = (records.first_line(), records.last_line());
        let place = if first == last {
            format!("line {first}")
        } else {
            format!("the row of lines {first} to {last} (is a quote not closed?)")
        };
        let rule = format!("{place} has {found} fields and the header has {expected}");
        return Err(Fault::row(Invalid::new(records.get(0), rule)));
    }
    let mut values = Values::default();
    for (field, column) in columns.fields() {
        values.set(field, columns.value(records, column));
    }
    let attributes = columns.attributes(records)?;
    let mended_line = mended.then(|| {
        let given = columns.reject_line().map(|column| records.get(column).trim()).unwrap_or_default();
        let is_number = !given.is_empty() && given.len() <= 20 && given.bytes().all(|b| b.is_ascii_digit());
        // A row that somebody added to a file of rejects has no line of its own there.
        if is_number { given.to_owned() } else { format!("added-{}", records.first_line()) }
    });
    drafter.incident(&values, None, attributes, mended_line.as_deref())
}

fn of_fault(fault: Fault, records: &Records<'_>, columns: &Columns) -> Reject {
    let column = match fault.at {
        At::Field(field) => Some(columns.name_of(field)),
        At::Name(name) => Some(name),
        At::Row => None,
    };
    let fields = (0..records.len()).map(|field| records.get(field).to_owned()).collect();
    Reject::new(records.first_line(), column, fault.invalid, Original::Fields(columns.own_fields(fields)))
}

fn of_bad_line(bad: BadLine, columns: &Columns) -> Reject {
    let column = bad.field.and_then(|field| columns.name_at(field));
    let original = match bad.original {
        Original::Fields(fields) => Original::Fields(columns.own_fields(fields)),
        other => other,
    };
    Reject::new(bad.line, column, bad.fault, original)
}
