//! The gazetteer: where postcodes and properties are.
//!
//! [`postcode`] and [`uprn`] hold what a text may mean, [`read`] takes the open products in that list positions
//! (Code-Point Open, the ONS Postcode Directory, OS Open UPRN), and [`Gazetteer`] answers where something is. It is
//! immutable and made whole; the same entries in any order make the same gazetteer.

mod index;
pub mod postcode;
pub mod prefix;
pub mod read;
pub mod uprn;

use crate::model::GridPoint;

pub use index::{Gazetteer, PartSummary};
pub use postcode::{PartLevel, Postcode, PostcodeName, PostcodePart};
pub use uprn::Uprn;

/// A postcode with its position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PostcodeEntry {
    /// Which.
    pub postcode: Postcode,
    /// Where, metres on the national grid.
    pub grid: GridPoint,
    /// How its position was found.
    pub quality: Quality,
    /// Whether it is not in use any more. Records of its time still name it.
    pub terminated: bool,
}

/// A property with its position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UprnEntry {
    /// Which.
    pub uprn: Uprn,
    /// Where, metres on the national grid.
    pub grid: GridPoint,
}

/// How the position of a postcode was found, by the positional quality indicator of Code-Point Open: 10 is the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quality(u8);

impl Quality {
    /// The indicator of a postcode whose position nobody knows.
    pub const NO_POSITION: u8 = 90;

    /// The quality with that indicator; `None` for a number that is none, and for 90, which has no position.
    ///
    /// # Example
    /// ```
    /// use hotspots::gazetteer::Quality;
    /// assert_eq!(Quality::new(50).unwrap().within_m(), Some(100.0));
    /// assert!(Quality::new(11).is_none() && Quality::new(90).is_none());
    /// ```
    pub const fn new(indicator: u8) -> Option<Self> {
        match indicator {
            10 | 20 | 30 | 40 | 50 | 60 | 80 => Some(Self(indicator)),
            _ => None,
        }
    }

    /// The indicator, 10 to 80.
    pub const fn get(self) -> u8 {
        self.0
    }

    /// What it means, as the end of a sentence about the position.
    pub const fn words(self) -> &'static str {
        match self.0 {
            10 | 20 => "in the building nearest to the middle of its addresses",
            30 => "to within 50 m",
            40 => "at the middle of addresses that it had once",
            50 => "estimated from the postcodes around it, to about 100 m",
            60 => "at the middle of its sector",
            _ => "as it was recorded when it was last in use",
        }
    }

    /// Metres that the position may be off, where the product says so.
    pub const fn within_m(self) -> Option<f64> {
        match self.0 {
            30 => Some(50.0),
            50 => Some(100.0),
            _ => None,
        }
    }
}

/// What a file of entries is, as the store remembers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// Postcodes.
    Postcodes,
    /// Properties by their reference numbers.
    Uprns,
}

impl EntryKind {
    /// Its word: `postcodes` or `uprns`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Postcodes => "postcodes",
            Self::Uprns => "uprns",
        }
    }

    /// The kind with that word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Postcodes, Self::Uprns].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Where entries came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// What it held.
    pub kind: EntryKind,
    /// The file's name, without its folder.
    pub name: String,
    /// The edition that its name tells, or the day it was written: `2014-08`, `2025-08-19`; `None` where neither is
    /// known.
    pub edition: Option<String>,
    /// SHA-256 of the file as it lay there, 64 hexadecimal digits.
    pub sha256: String,
    /// Rows that it held.
    pub rows: u64,
    /// Entries taken of them.
    pub taken: u64,
}
