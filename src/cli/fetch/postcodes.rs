//! `hotspots fetch postcodes`.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use clap::Args;

use super::{Common, Desk, Shelf};
use crate::{
    cli::{Outcome, say},
    fetch::{FetchError, os},
};

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    hotspots fetch postcodes\n  \
    hotspots fetch postcodes --uprn\n  \
    hotspots fetch postcodes --from-file codepo_gb.zip")]
pub(in crate::cli) struct Postcodes {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    shelf: Shelf,
    /// Addresses too: the positions of unique property reference numbers (OS Open UPRN, some 600 MB).
    #[arg(long)]
    uprn: bool,
    /// Take this file instead: Code-Point Open as zip or CSV, or the ONS Postcode Directory.
    #[arg(long, value_name = "FILE")]
    from_file: Option<PathBuf>,
}

impl Postcodes {
    pub(super) fn run(self) -> Outcome {
        let files = match &self.from_file {
            Some(path) => vec![at_hand(path)?],
            None => fetched(&self.common.open()?, &self.shelf, self.uprn)?,
        };
        load(&files);
        Ok(())
    }
}

/// Downloads what is not there yet, verified by size and checksum.
pub(super) fn fetched(desk: &Desk, shelf: &Shelf, uprn: bool) -> Result<Vec<PathBuf>, FetchError> {
    let products = ["CodePointOpen", "OpenUPRN"].into_iter().take(if uprn { 2 } else { 1 });
    let folder = shelf.downloads();
    products
        .map(|product| os::product(&desk.client, product, &folder, desk.again, desk.now, &desk.bars))
        .collect()
}

/// A file that is given: zip or text, and not what came in its place.
fn at_hand(path: &Path) -> Result<PathBuf, FetchError> {
    let mut start = [0; 512];
    let read = File::open(path).and_then(|mut file| file.read(&mut start));
    let read = read.map_err(FetchError::reading(path))?;
    let start = &start[..read];
    let is_text = !start.is_empty() && !start.contains(&0) && !start.trim_ascii_start().starts_with(b"<");
    if start.starts_with(b"PK\x03\x04") || is_text {
        return Ok(path.to_owned());
    }
    let rule = "it is no zip archive and no CSV; Code-Point Open or the ONS Postcode Directory is expected";
    Err(FetchError::content(path.display(), rule))
}

/// What becomes of verified files.
// HERE the gazetteer takes the files in: nothing reads them into the store yet.
pub(super) fn load(files: &[PathBuf]) {
    for file in files {
        say(format_args!("{}: verified", file.display()));
    }
}
