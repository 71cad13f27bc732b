//! `hotspots boundaries`.

use std::path::PathBuf;

use clap::Subcommand;

use super::{Outcome, say};
use crate::boundary::{manifest, schematic, topology};

#[derive(Debug, Subcommand)]
pub(super) enum Boundaries {
    /// Read a manifest and its layers; list every fault, overlap and gap.
    #[command(after_help = "Examples:\n  \
        hotspots boundaries check\n  \
        hotspots boundaries check boroughs/dudley-2024.toml")]
    Check {
        /// The manifest.
        #[arg(value_name = "FILE", default_value = "boundaries/dudley.toml")]
        manifest: PathBuf,
    },
    /// Draw schematic layers from ward centroids and an outline.
    #[command(after_help = "Example:\n  \
        hotspots boundaries schematic boundaries/schematic.toml boundaries")]
    Schematic {
        /// The centroids and the outline.
        #[arg(value_name = "FILE", default_value = "boundaries/schematic.toml")]
        source: PathBuf,
        /// Where the layers go.
        #[arg(value_name = "FOLDER", default_value = "boundaries")]
        out: PathBuf,
    },
}

impl Boundaries {
    pub(super) fn run(self) -> Outcome {
        match self {
            Self::Check { manifest } => {
                let (set, notes) = manifest::load_noted(&manifest)?;
                let report = topology::check(&set);
                for note in notes {
                    say(format_args!("note: {note}"));
                }
                say(format_args!("{} ({}): every shape is valid.\n{report}", set.name, set.code));
                // Overlaps and gaps are reported, not refused: official layers of different
                // generalisation have them, and the border rule decides for every point.
                Ok(())
            }
            Self::Schematic { source, out } => {
                for path in schematic::generate(&source, &out)? {
                    say(path.display());
                }
                Ok(())
            }
        }
    }
}
