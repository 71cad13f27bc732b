//! What a caller may say about an import, and the limits that hold whatever it says.

use std::sync::{Arc, atomic::AtomicU64};

use crate::gazetteer::Gazetteer;

use super::mapping::Mapping;

/// How to read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The source of rows that name none, where the mapping names none either. `None` takes the
    /// file's name without its endings.
    pub source: Option<String>,
    /// How columns and members are to be understood; `None` goes by their names alone.
    pub mapping: Option<Mapping>,
    /// Where postcodes and properties are, for rows that name one and have no other position.
    pub gazetteer: Option<Arc<Gazetteer>>,
    /// What no input may exceed.
    pub limits: Limits,
    /// Counts the bytes taken from files or bodies so far, as they lie there: compressed ones
    /// before they are expanded. Compare with [`total_bytes`](super::total_bytes).
    pub progress: Option<Arc<AtomicU64>>,
}

/// What no input may exceed, so that none can fill memory or disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes in total after expansion, over all files of one call.
    pub total_bytes: u64,
    /// Times that a compressed file may grow; counted while it is expanded, whatever it declares.
    pub expansion: u64,
    /// Expanded bytes of one file up to which [`expansion`](Self::expansion) is not asked for.
    pub expansion_free_bytes: u64,
    /// Files in the folders of one call, and members of one archive.
    pub members: usize,
    /// Bytes of one row: a line, a CSV record over several lines, a feature.
    pub row_bytes: usize,
    /// Columns of a CSV file, and members of a JSON object.
    pub columns: usize,
}

impl Default for Limits {
    /// 16 GiB in total (all of England and Wales for six years), 200-fold expansion above 64 MiB
    /// (police.uk files shrink to a fifth), 10,000 members, 1 MiB a row, 1,000 columns.
    fn default() -> Self {
        Self {
            total_bytes: 16 << 30,
            expansion: 200,
            expansion_free_bytes: 64 << 20,
            members: 10_000,
            row_bytes: 1 << 20,
            columns: 1_000,
        }
    }
}
