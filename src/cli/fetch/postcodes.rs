//! `hotspots fetch postcodes`.

use std::{error::Error, fs, path::PathBuf};

use clap::Args;

use super::{Common, Desk, Shelf, incidents::set_of};
use crate::{
    boundary::manifest,
    cli::{Outcome, say},
    fetch::{FetchError, Watch, os},
    gazetteer::read::{Bounds, Counts, MARGIN_M},
    model::{BoundarySet, Invalid, Metres, words},
    service::gazetteer,
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
    /// The manifest whose area they are for, where that is not one that was fetched.
    #[arg(long, value_name = "FILE")]
    boundaries: Option<PathBuf>,
}

impl Postcodes {
    pub(super) fn run(self) -> Outcome {
        let desk = self.common.open()?;
        let files = match &self.from_file {
            Some(path) => vec![path.clone()],
            None => fetched(&desk, &self.shelf, self.uprn)?,
        };
        let bounds = match &self.boundaries {
            Some(manifest) => around(&manifest::load(manifest)?)?,
            None => around_all(&desk)?,
        };
        load(&files, &bounds, &self.shelf, &desk)
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

/// The box that postcodes are kept of.
fn around(set: &BoundarySet) -> Result<Bounds, Invalid> {
    Bounds::around(&set.outline, Metres::new(MARGIN_M)?)
}

/// The box around the area and every other one that was fetched: postcodes of all of them are kept.
pub(super) fn around_all(desk: &Desk) -> Result<Bounds, Box<dyn Error + Send + Sync>> {
    let mut bounds = around(&set_of(desk.area.as_str(), &desk.outline()?)?)?;
    let folders = desk.folder.parent().map(fs::read_dir).and_then(Result::ok).into_iter().flatten();
    for folder in folders.filter_map(Result::ok).map(|entry| entry.path()) {
        let other = folder.join("area.toml");
        if folder == desk.folder || !other.exists() {
            continue;
        }
        match manifest::load(&other) {
            Ok(set) => bounds = bounds.with(around(&set)?)?,
            Err(faults) => say(format_args!("{} is passed over: {faults}", other.display())),
        }
    }
    Ok(bounds)
}

/// Reads verified files into the store.
pub(super) fn load(files: &[PathBuf], bounds: &Bounds, shelf: &Shelf, desk: &Desk) -> Outcome {
    let store = shelf.open_store()?;
    let report = gazetteer::load_files(store.as_ref(), files, bounds, &mut |rows| {
        desk.bars.bytes("rows read", rows, None);
    })?;
    let held = [(report.postcodes, "postcodes"), (report.uprns, "properties")];
    for (count, what) in held.into_iter().filter_map(|(count, what)| Some((count?, what))) {
        desk.bars.say(&format!("{} {what} are in the gazetteer", words::count(count)));
    }
    let Counts { read, taken, elsewhere, without_position, rejected } = report.counts;
    say(format_args!(
        "{read} rows read = {taken} taken + {elsewhere} elsewhere + {without_position} without position + \
         {rejected} rejected"
    ));
    for fault in report.faults.iter().take(SHOWN) {
        let column = fault.column.map(|column| format!(", column {column}")).unwrap_or_default();
        say(format_args!("    {}, line {}{column}: {}", fault.file, fault.line, fault.fault));
    }
    Ok(())
}

/// Faulty rows that are shown.
const SHOWN: usize = 10;
