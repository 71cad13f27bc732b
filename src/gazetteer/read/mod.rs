//! Reading the open products that list positions of postcodes and properties.
//!
//! | product | how it is known | rows without a position |
//! |---|---|---|
//! | Code-Point Open (Ordnance Survey) | ten columns without a header, or the columns `Postcode`, `Positional_quality_indicator`, `Eastings`, `Northings` | quality 90 |
//! | ONS Postcode Directory | the columns `pcds`, `oseast1m`, `osnrth1m`, `osgrdind` (or, as later editions call them, `east1m`, `north1m`, `gridind`), `doterm` | grid indicator 9, or no coordinates |
//! | OS Open UPRN | the columns `UPRN`, `X_COORDINATE`, `Y_COORDINATE` | no coordinates |
//!
//! A file is CSV, CSV in gzip, or the product's zip, of which the tables are read and the documentation is passed over.
//! Files are streamed, so that the forty million rows of Open UPRN take no more memory than those near the borough.
//! Every row is counted: `read = taken + elsewhere + without_position + rejected`. A file that is cut off is an error,
//! because half a gazetteer must not take the place of a whole one.

mod archive;
mod lines;
mod product;
mod source;

use std::{collections::HashSet, io, path::PathBuf};

use geo::BoundingRect;

use super::{PostcodeEntry, SourceFile, UprnEntry};
use crate::model::{Area, GridPoint, Invalid, Metres};

/// Faulty rows that are told; all are counted.
pub const SHOWN_FAULTS: usize = 100;

/// Rows further than this from the borough's box are elsewhere.
pub const MARGIN_M: f64 = 10_000.0;

/// The box that rows are taken from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    min: GridPoint,
    max: GridPoint,
}

impl Bounds {
    /// The box around an area, wider by a margin on each side; cut off where the grid ends. [`MARGIN_M`] is the usual
    /// margin.
    ///
    /// # Errors
    /// [`Invalid`] for an area without a shape.
    pub fn around(area: &Area, margin: Metres) -> Result<Self, Invalid> {
        let bounds = area
            .grid
            .0
            .bounding_rect()
            .ok_or_else(|| Invalid::new(&area.name, "an area without a shape has no box around it"))?;
        let corner = |x: f64, y: f64| {
            GridPoint::new(x.clamp(0.0, GridPoint::MAX_EASTING_M), y.clamp(0.0, GridPoint::MAX_NORTHING_M))
        };
        let margin_m = margin.get();
        Ok(Self {
            min: corner(bounds.min().x - margin_m, bounds.min().y - margin_m)?,
            max: corner(bounds.max().x + margin_m, bounds.max().y + margin_m)?,
        })
    }

    /// The box between two corners.
    pub const fn between(min: GridPoint, max: GridPoint) -> Self {
        Self { min, max }
    }

    /// The box around both.
    ///
    /// # Errors
    /// None that boxes on the grid lead to.
    pub fn with(self, other: Self) -> Result<Self, Invalid> {
        let corner = |of: fn(f64, f64) -> f64, one: GridPoint, two: GridPoint| {
            GridPoint::new(of(one.easting_m(), two.easting_m()), of(one.northing_m(), two.northing_m()))
        };
        Ok(Self { min: corner(f64::min, self.min, other.min)?, max: corner(f64::max, self.max, other.max)? })
    }

    /// Whether these numbers lie in it, edges included.
    fn holds(&self, easting_m: f64, northing_m: f64) -> bool {
        (self.min.easting_m()..=self.max.easting_m()).contains(&easting_m)
            && (self.min.northing_m()..=self.max.northing_m()).contains(&northing_m)
    }
}

/// Counts of rows; `read` is the sum of the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows read.
    pub read: u64,
    /// Entries taken.
    pub taken: u64,
    /// Rows with a position outside of the box.
    pub elsewhere: u64,
    /// Rows without a position.
    pub without_position: u64,
    /// Rows that broke a rule.
    pub rejected: u64,
}

/// One faulty row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file, with the member of an archive: `codepo_gb.zip/Data/CSV/dy.csv`.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// The column at fault, where it is one.
    pub column: Option<&'static str>,
    /// The value and the rule that it breaks.
    pub fault: Invalid,
}

/// What was read.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// Postcodes near the borough.
    pub postcodes: Vec<PostcodeEntry>,
    /// Properties near the borough.
    pub uprns: Vec<UprnEntry>,
    /// The files, in the order given.
    pub sources: Vec<SourceFile>,
    /// All rows.
    pub counts: Counts,
    /// The first [`SHOWN_FAULTS`] faulty rows.
    pub faults: Vec<Fault>,
}

/// Why nothing could be read. What is wrong with a row is a [`Fault`] instead.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A file cannot be opened or read to its end.
    #[error("{} cannot be read to its end: {cause}; fetch it again", path.display())]
    Unreadable {
        /// The path as given.
        path: PathBuf,
        /// What failed.
        #[source]
        cause: io::Error,
    },
    /// A file is none of the products.
    #[error("{file}: {fault}")]
    Unknown {
        /// The file, with the member of an archive.
        file: String,
        /// What stood there, and what is read.
        fault: Invalid,
    },
    /// Two kinds of entries in one file.
    #[error("{} holds postcodes and UPRNs: give them as two files", path.display())]
    Mixed {
        /// The path as given.
        path: PathBuf,
    },
    /// More entries near the borough than are held.
    #[error("{} has more than {limit} entries near the borough: is the boundary the right one?", path.display())]
    TooMany {
        /// The path as given.
        path: PathBuf,
        /// How many are held.
        limit: usize,
    },
}

/// Reads files of any of the products, in the order given. `progress` is told the rows read so far, every 100,000.
///
/// A postcode or UPRN that a row before has taken is a fault: nobody knows which of the two is right.
///
/// # Errors
/// [`ReadError`]; then nothing of it is to be used.
pub fn read_files(
    paths: &[PathBuf],
    bounds: &Bounds,
    progress: &mut dyn FnMut(u64),
) -> Result<Read, ReadError> {
    let mut reading = Reading { bounds, progress, read: Read::default(), known: HashSet::new() };
    for path in paths {
        source::read(path, &mut reading)?;
    }
    Ok(reading.read)
}

/// What is being read.
struct Reading<'a> {
    bounds: &'a Bounds,
    progress: &'a mut dyn FnMut(u64),
    read: Read,
    /// The names of all entries taken.
    known: HashSet<Name>,
}

/// What no two rows may have.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Name {
    Postcode(super::Postcode),
    Uprn(super::Uprn),
}

#[cfg(test)]
mod tests;
