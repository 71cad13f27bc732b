//! The command line.

mod boundaries;
mod definitions;
mod fetch;
mod import;
mod priorities;
mod report;
mod serve;

use std::{
    error::Error,
    fmt::Display,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::{Args, Parser, Subcommand};

use crate::{
    boundary::manifest,
    model::BoundarySet,
    store::{IncidentStore, StoreError, geopackage::GeoPackageStore},
};

/// What a command ends with: an error is printed with its causes, and the exit code is 1.
pub type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

/// Says a line of a command's result. Whoever read it may have gone away, as in `hotspots import … |
/// head -1`, which is no reason to stop.
fn say(line: impl Display) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Crime hotspots for the geographic profile of each strategic priority.
#[derive(Debug, Parser)]
#[command(
    name = "hotspots",
    version,
    about,
    after_help = "Examples:\n  \
        hotspots import 2024-01-west-midlands-street.csv    import a month of data.police.uk\n  \
        hotspots serve                                      serve on http://127.0.0.1:8080\n  \
        hotspots profile burglary --out reports             write the geographic profile of a priority\n  \
        hotspots boundaries check                           look for faults, overlaps and gaps\n  \
        hotspots fetch all --from 2024-01 --to 2024-06      fetch official boundaries, incidents and figures"
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve hotspot layers, summaries and geocoding over HTTP.
    Serve(serve::Serve),
    /// Import incidents: police.uk files, other CSV, GeoJSON, NDJSON, folders, zip and gz.
    Import(import::Import),
    /// Fill an empty store with synthetic incidents, to try everything out.
    Demonstration(import::Demonstration),
    /// Write the geographic profile of priorities as files: page, PDF, workbook, tables, layers.
    Profile(report::Profile),
    /// Write the assessment of all priorities side by side as files.
    Assessment(report::Assessment),
    /// Look at strategic priorities: what is in use, and who changed what.
    #[command(subcommand)]
    Priorities(priorities::Priorities),
    /// Look after boundary files.
    #[command(subcommand)]
    Boundaries(boundaries::Boundaries),
    /// Fetch open data of a borough from its publishers: boundaries, incidents, postcodes, population.
    #[command(subcommand)]
    Fetch(fetch::Fetch),
}

/// Where incidents and boundaries are.
#[derive(Args, Clone, Debug)]
struct Places {
    /// The GeoPackage file that holds the incidents; it is made when it is not there.
    #[arg(long, value_name = "FILE", env = "HOTSPOTS_STORE", default_value = "data/incidents.gpkg")]
    store: PathBuf,
    /// The manifest of the borough's boundaries.
    #[arg(long, value_name = "FILE", env = "HOTSPOTS_BOUNDARIES", default_value = "boundaries/dudley.toml")]
    boundaries: PathBuf,
}

impl Places {
    fn open_store(&self) -> Result<Arc<dyn IncidentStore>, Box<dyn Error + Send + Sync>> {
        if let Some(folder) = self.store.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|cause| StoreError::Unreachable {
                place: folder.display().to_string(),
                reason: cause.to_string(),
            })?;
        }
        Ok(Arc::new(GeoPackageStore::open(&self.store)?))
    }

    fn read_boundaries(&self) -> Result<BoundarySet, Box<dyn Error + Send + Sync>> {
        Ok(manifest::load(&self.boundaries)?)
    }

    /// Rejected rows are kept beside the store.
    fn rejects_dir(&self) -> PathBuf {
        self.store.parent().unwrap_or(Path::new("")).join("rejects")
    }
}

impl Cli {
    /// Does what was asked.
    ///
    /// # Errors
    /// Whatever went wrong, with its causes.
    pub fn run(self) -> Outcome {
        match self.command {
            Command::Serve(serve) => serve.run(),
            Command::Import(import) => import.run(),
            Command::Demonstration(demonstration) => demonstration.run(),
            Command::Profile(profile) => profile.run(),
            Command::Assessment(assessment) => assessment.run(),
            Command::Priorities(priorities) => priorities.run(),
            Command::Boundaries(boundaries) => boundaries.run(),
            Command::Fetch(fetch) => fetch.run(),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_commands_fit_together() {
        super::Cli::command().debug_assert();
    }
}
