//! `hotspots priorities …`: what is in use, who changed what, and all of it as a file.

use std::{collections::BTreeMap, error::Error, path::PathBuf};

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::{Outcome, say};
use crate::{
    config::priorities::{read_stored, to_toml},
    model::{Priority, PriorityChange, PriorityEntry},
    store::{PriorityLog, StoreError, geopackage::GeoPackageStore},
};

#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:\n  \
    hotspots priorities list\n  \
    hotspots priorities history burglary\n  \
    hotspots priorities export > priorities.toml")]
pub(super) enum Priorities {
    /// List the priorities that the store knows, each with its version and who made it.
    #[command(after_help = "Examples:\n  \
        hotspots priorities list\n  \
        hotspots priorities list --retired --store data/demonstration.gpkg")]
    List(List),
    /// Tell every version of a priority: when, by whom, from where, why, and what the definition was.
    #[command(after_help = "Example:\n  hotspots priorities history burglary")]
    History(History),
    /// Write the priorities in use as a file for `hotspots serve --priorities`.
    #[command(after_help = "Example:\n  hotspots priorities export > priorities.toml")]
    Export(Kept),
}

/// Where the log of priorities is.
#[derive(Args, Clone, Debug)]
pub(super) struct Kept {
    /// The GeoPackage file that holds the incidents and the log of priorities.
    #[arg(long, value_name = "FILE", env = "HOTSPOTS_STORE", default_value = "data/incidents.gpkg")]
    store: PathBuf,
}

#[derive(Args, Debug)]
pub(super) struct List {
    #[command(flatten)]
    kept: Kept,
    /// Also those that are not in use any more.
    #[arg(long)]
    retired: bool,
}

#[derive(Args, Debug)]
pub(super) struct History {
    /// The priority's id, as in addresses.
    id: String,
    #[command(flatten)]
    kept: Kept,
}

impl Kept {
    /// Every entry. Looking into a store does not make one.
    fn entries(&self) -> Result<Vec<PriorityEntry>, StoreError> {
        if !self.store.exists() {
            return Err(StoreError::Unreachable {
                place: self.store.display().to_string(),
                reason: "there is no such file; hotspots serve makes it, and --store names another"
                    .to_owned(),
            });
        }
        GeoPackageStore::open(&self.store)?.priority_entries()
    }
}

impl Priorities {
    pub(super) fn run(self) -> Outcome {
        match self {
            Self::List(List { kept, retired }) => {
                let entries = kept.entries()?;
                let newest = newest_of_each(&entries);
                let shown: Vec<_> = newest.iter().filter(|entry| retired || !is_retired(entry)).collect();
                if shown.is_empty() {
                    say(
                        "The store knows no priorities yet: hotspots serve logs those of the file when it starts.",
                    );
                }
                for entry in shown {
                    let state = if is_retired(entry) { ", retired" } else { "" };
                    say(format!(
                        "{}: {} (version {}{state}, {})",
                        entry.priority,
                        title(entry),
                        entry.version,
                        signed(entry)
                    ));
                }
                Ok(())
            }
            Self::History(History { id, kept }) => {
                let entries = kept.entries()?;
                let of_it: Vec<_> = entries.iter().filter(|entry| entry.priority.as_str() == id).collect();
                if of_it.is_empty() {
                    let newest = newest_of_each(&entries);
                    let known: Vec<_> = newest.iter().map(|entry| entry.priority.as_str()).collect();
                    return Err(
                        format!("there is no priority '{id}'; there are: {}", known.join(", ")).into()
                    );
                }
                for entry in of_it {
                    say(format!("# Version {}: {}, {}", entry.version, entry.change.as_str(), signed(entry)));
                    if let Some(note) = &entry.note {
                        // A note over several lines stays a comment.
                        note.lines().for_each(|line| say(format!("# {line}")));
                    }
                    say(definition(entry)?);
                }
                Ok(())
            }
            Self::Export(kept) => {
                let entries = kept.entries()?;
                let in_use = newest_of_each(&entries).into_iter().filter(|entry| !is_retired(entry));
                let priorities = in_use.map(read).collect::<Result<Vec<_>, _>>()?;
                if priorities.is_empty() {
                    return Err("the store knows no priorities yet".into());
                }
                say(to_toml(&priorities)?.trim_end());
                Ok(())
            }
        }
    }
}

fn is_retired(entry: &PriorityEntry) -> bool {
    entry.change == PriorityChange::Retired
}

/// The newest entry of each priority, in the order in which priorities were made.
fn newest_of_each(entries: &[PriorityEntry]) -> Vec<&PriorityEntry> {
    let newest: BTreeMap<_, _> = entries.iter().map(|entry| (&entry.priority, entry)).collect();
    let first = entries.iter().filter(|entry| entry.version == 1);
    first.filter_map(|entry| newest.get(&entry.priority).copied()).collect()
}

/// When, by whom and from where.
fn signed(entry: &PriorityEntry) -> String {
    let at = Timestamp::from_second(entry.at_s).map_or_else(|_| entry.at_s.to_string(), |at| at.to_string());
    format!("{at} by {} ({})", entry.author, entry.origin.as_str())
}

fn title(entry: &PriorityEntry) -> String {
    read_stored(&entry.definition)
        .map_or_else(|_faults| "(cannot be read)".to_owned(), |priority| priority.title)
}

fn read(entry: &PriorityEntry) -> Result<Priority, String> {
    read_stored(&entry.definition).map_err(|faults| {
        let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
        format!("version {} of {} cannot be read: {}", entry.version, entry.priority, told.join("; "))
    })
}

/// The definition as a file has it, or why it cannot be read.
fn definition(entry: &PriorityEntry) -> Result<String, Box<dyn Error + Send + Sync>> {
    match read(entry) {
        Ok(priority) => Ok(to_toml(&[priority])?),
        Err(fault) => Ok(format!("# {fault}\n")),
    }
}
