//! Reads incidents from files and request bodies: police.uk CSV, other CSV by a column mapping,
//! GeoJSON, NDJSON, plain, gzipped, zipped or in a folder.
//!
//! Bad input is not an error here. Every row becomes an incident or a reject that names line,
//! column, value and rule, and `read = accepted + rejected` always holds ([`report::Report`] counts
//! it). Only what is no input at all, such as a path that does not exist, is an [`IntakeError`].
//!
//! # How columns and members are understood
//! [`mapping`] has the table of names that are known without being told, and the mapping file that
//! says the rest. Values are trimmed; an empty one (in JSON also `null`) is a missing one.
//!
//! | value | how it may be written |
//! |---|---|
//! | position | longitude and latitude in degrees, easting and northing in metres, a grid reference, or x and y with the system named; of several that are given none may lie more than 1 km from the others |
//! | UPRN, postcode | places a row that has none of those, if the gazetteer has it ([`Options::gazetteer`]); the UPRN counts first, and a sector or district places nothing |
//! | occurred | `2024-03`, `2024-03-09`, `09/03/2024` (day first, always), each day also with `14:30` or `14:30:05` after a space or `T`; with `Z` or `+01:00` an instant, without it the clock of London; or a start and an end |
//! | weight | a number from 0 to 1,000,000 |
//!
//! # Which rows replace which
//! A row with an id of its own is stored under it. One without belongs to the batch of its source
//! and month, which an import replaces as a whole. The rows of a file of rejects are a third kind:
//! they complete a batch that is stored already and must not replace it, so each gets the own id
//! `mended:<month>:<file>:<line>` of the row it stands for.

mod csv;
mod draft;
mod fields;
mod files;
mod format;
mod json;
mod lines;
mod meter;
mod named;
mod options;
mod place;
mod text;
mod unzip;
mod when;

pub mod mapping;
pub mod rejects;
pub mod report;

use std::ops::ControlFlow;

use crate::model::{Incident, Invalid};

pub use files::{IntakeError, read_body, read_paths, total_bytes};
pub use format::{BodyFormat, Format};
pub use options::{Limits, Options};

/// What a reader tells, in the order of the input.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A file (or a member of an archive) begins; events up to the next `File` or `Skipped` are
    /// about it.
    File {
        /// Path or member name as people know it.
        name: String,
        /// How its rejects are to be written.
        shape: Shape,
    },
    /// The next incident names a property or a postcode, has no other position, and could not be placed by it.
    Unplaced(Unplaced),
    /// A good row.
    Incident(Box<Incident>),
    /// A bad row.
    Reject(Reject),
    /// The file ends here although it is not complete: it was cut off, is damaged, or would exceed
    /// a limit. Nothing of it may replace a batch that is stored already, because what was read
    /// may be half of one. Counts as one row read and rejected.
    Broken(Reject),
    /// A file that holds no incidents and was not read, such as police.uk's outcomes.
    Skipped {
        /// Path or member name as people know it.
        name: String,
        /// Why it was not read.
        reason: String,
    },
}

/// A property or a postcode that places nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unplaced {
    /// Line of the input where the row starts, from 1; for GeoJSON the number of the feature, from 1.
    pub line: u64,
    /// The column or member that names it.
    pub column: String,
    /// The name, shortened where long.
    pub value: String,
    /// Why it places nothing.
    pub why: Why,
}

/// Why a well-formed name of a place does not place an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The gazetteer does not have it.
    NotInGazetteer,
    /// It is a sector, a district or an area, and not a full postcode.
    Partial,
    /// There is no gazetteer of postcodes.
    NoPostcodes,
    /// There is no gazetteer of properties.
    NoUprns,
}

/// Takes events; answering `Break` stops the reading (the store failed, the client went away).
pub type Sink<'a> = dyn FnMut(Event) -> ControlFlow<()> + 'a;

/// The form of an input file, which is also the form of its file of rejects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// CSV with this header.
    Csv {
        /// Column names as given, without the columns that a file of rejects adds.
        header: Vec<String>,
        /// What stands between fields: a comma, a semicolon or a tab.
        delimiter: u8,
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

impl Reject {
    /// What `fault` says, as a reject of the row at `line`.
    fn new(line: u64, column: Option<String>, fault: Invalid, original: Original) -> Self {
        Self { line, column, value: fault.value, rule: fault.rule, original }
    }
}

/// A rejected row in the form it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Original {
    /// The fields of a CSV row.
    Fields(Vec<String>),
    /// A feature or an object as JSON text (or, where it is no JSON, the line as it stood).
    Text(String),
    /// Nothing: the file could not be read, or the row is too long to be kept.
    Nothing,
}

/// Tells that a file cannot be read at all, for one reason.
fn unreadable(name: &str, line: u64, fault: Invalid, sink: &mut Sink<'_>) -> ControlFlow<()> {
    sink(Event::File { name: name.to_owned(), shape: Shape::Unreadable })?;
    sink(Event::Reject(Reject::new(line, None, fault, Original::Nothing)))
}

/// Tells that the file that is being read ends at `line` before its end.
fn broken(line: u64, cause: &std::io::Error, sink: &mut Sink<'_>) -> ControlFlow<()> {
    sink(Event::Broken(Reject::new(line, None, meter::fault_of(cause), Original::Nothing)))
}
