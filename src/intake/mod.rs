//! Reads incidents from files and request bodies: police.uk CSV, other CSV by a column mapping,
//! GeoJSON, NDJSON, plain, gzipped, zipped or in a folder.
//!
//! Bad input is not an error here. Every row becomes an incident or a reject that names line,
//! column, value and rule, and `read = accepted + rejected` always holds.

use std::ops::ControlFlow;

use crate::model::Incident;

/// What a reader tells, in the order of the input.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A file (or a member of an archive) begins; events up to the next `File` are about it.
    File {
        /// Path or member name as people know it.
        name: String,
        /// How its rejects are to be written.
        shape: Shape,
    },
    /// A good row.
    Incident(Box<Incident>),
    /// A bad row.
    Reject(Reject),
}

/// Takes events; answering `Break` stops the reading (the store failed, the client went away).
pub type Sink<'a> = dyn FnMut(Event) -> ControlFlow<()> + 'a;

/// The form of an input file, which is also the form of its file of rejects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// CSV with this header.
    Csv {
        /// Column names as given.
        header: Vec<String>,
    },
    /// A GeoJSON feature collection.
    GeoJson,
    /// One JSON object a line.
    NdJson,
    /// A file that could not be read at all; it has one reject and no rows.
    Unreadable,
}

/// One row that was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Line of the input where the row starts, from 1; for GeoJSON the number of the feature, from 1.
    pub line: u64,
    /// The column or member at fault, where it can be named.
    pub column: Option<String>,
    /// The value at fault, shortened where long.
    pub value: String,
    /// The rule it breaks.
    pub rule: String,
    /// The row as it stood, to be mended and imported again.
    pub original: Original,
}

/// A rejected row in the form it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Original {
    /// The fields of a CSV row.
    Fields(Vec<String>),
    /// A feature or an object as JSON text (or, where it is no JSON, the line as it stood).
    Text(String),
    /// Nothing: the file could not be read.
    Nothing,
}
