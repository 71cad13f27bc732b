//! `hotspots fetch`: open data of a borough, from its publishers.

mod all;
mod boundaries;
mod incidents;
mod population;
mod postcodes;
mod progress;

use std::{
    error::Error,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::{Outcome, Places};
use crate::{
    fetch::{AreaId, Base, Client, FetchError, Outline, Settings, boundaries::Task},
    selection::SYNTHETIC_PREFIX,
    store::IncidentStore,
};
use progress::Bars;

/// The vintage of boundaries that is fetched where nothing else is said: the wards of Dudley were drawn anew in 2024.
const NEWEST: &str = "2024";

#[derive(Debug, Subcommand)]
pub(super) enum Fetch {
    /// Wards, outline and lower layer super output areas (Office for National Statistics), police beats (data.police.uk).
    Boundaries(boundaries::Boundaries),
    /// Street crimes of months that the store does not hold yet (data.police.uk).
    Incidents(incidents::Incidents),
    /// Positions of postcodes (Ordnance Survey).
    Postcodes(postcodes::Postcodes),
    /// Residents and households by area (census and estimates, Nomis), or from a table at hand.
    Population(population::Population),
    /// All of these in order; what is there already is not fetched again.
    All(all::All),
}

impl Fetch {
    pub(super) fn run(self) -> Outcome {
        match self {
            Self::Boundaries(it) => it.run(),
            Self::Incidents(it) => it.run(),
            Self::Postcodes(it) => it.run(),
            Self::Population(it) => it.run(),
            Self::All(it) => it.run(),
        }
    }
}

/// What all of them take.
#[derive(Args, Clone, Debug)]
struct Common {
    /// The code of the local authority, or of a police force area.
    #[arg(long, value_name = "CODE", default_value = "E08000027")]
    area: String,
    /// Where a folder for each area is.
    #[arg(long, value_name = "FOLDER", default_value = "boundaries/official")]
    out: PathBuf,
    /// A mirror: what would be asked of `https://HOST/PATH` is asked of `URL/HOST/PATH`.
    #[arg(long, value_name = "URL", env = "HOTSPOTS_FETCH_BASE_URL")]
    base_url: Option<String>,
    /// Fetch again what is there already.
    #[arg(long)]
    again: bool,
}

/// Where the store is, and the downloads beside it.
#[derive(Args, Clone, Debug)]
struct Shelf {
    /// The GeoPackage file that holds the incidents; it is made when it is not there.
    #[arg(long, value_name = "FILE", env = "HOTSPOTS_STORE", default_value = "data/incidents.gpkg")]
    store: PathBuf,
}

impl Shelf {
    fn places(&self) -> Places {
        Places { store: self.store.clone(), boundaries: PathBuf::new() }
    }

    /// The store, unless it holds the demonstration: made-up incidents beside real ones spoil every count.
    fn open_store(&self) -> Result<Arc<dyn IncidentStore>, Box<dyn Error + Send + Sync>> {
        let store = self.places().open_store()?;
        let mut is_made_up = false;
        store.scan(&mut |incident| is_made_up |= incident.source.starts_with(SYNTHETIC_PREFIX))?;
        if is_made_up {
            return Err(format!(
                "{} holds the synthetic incidents of the demonstration; name another file with --store, as in \
                 --store data/official.gpkg",
                self.store.display()
            )
            .into());
        }
        Ok(store)
    }

    fn downloads(&self) -> PathBuf {
        self.store.parent().unwrap_or(Path::new("")).join("downloads")
    }
}

/// What a command works with.
struct Desk {
    client: Client,
    area: AreaId,
    folder: PathBuf,
    now: Timestamp,
    again: bool,
    bars: Bars,
}

impl Common {
    fn open(&self) -> Result<Desk, FetchError> {
        let area = AreaId::new(&self.area)?;
        let base = Base::new(self.base_url.as_deref())?;
        Ok(Desk {
            client: Client::new(Settings { base, ..Settings::default() }),
            folder: self.out.join(area.as_str()),
            area,
            now: Timestamp::now(),
            again: self.again,
            bars: Bars::default(),
        })
    }
}

impl Desk {
    fn task(&self) -> Task<'_> {
        Task {
            client: &self.client,
            area: &self.area,
            folder: &self.folder,
            now: self.now,
            again: self.again,
            watch: &self.bars,
        }
    }

    /// The outline that is there, or the newest one.
    fn outline(&self) -> Result<Outline, FetchError> {
        match self.task().held_outline()? {
            Some(outline) => Ok(outline),
            None => self.task().outline(NEWEST, None, None),
        }
    }
}
