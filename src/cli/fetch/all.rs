//! `hotspots fetch all`.

use clap::Args;

use super::{Common, NEWEST, Shelf, boundaries, incidents, postcodes};
use crate::{
    cli::{Outcome, say},
    fetch::population,
    model::Month,
};

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    hotspots fetch all --from 2024-01 --to 2024-06\n  \
    hotspots fetch all --area E08000028 --from 2023-07 --to 2024-06")]
pub(in crate::cli) struct All {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    shelf: Shelf,
    /// The first month of incidents.
    #[arg(long, value_name = "YYYY-MM")]
    from: Month,
    /// The last month of incidents.
    #[arg(long, value_name = "YYYY-MM")]
    to: Month,
    /// The police force; the one of the middle of the outline where it is left out.
    #[arg(long, value_name = "ID")]
    force: Option<String>,
}

impl All {
    pub(super) fn run(self) -> Outcome {
        let desk = self.common.open()?;
        // A store that cannot take them is told before anything is fetched.
        if self.shelf.store.exists() {
            self.shelf.open_store()?;
        }
        let serve = format!(
            "Serve them: hotspots serve --store {} --boundaries {}",
            self.shelf.store.display(),
            desk.folder.join("area.toml").display()
        );
        say("1 of 4: boundaries");
        boundaries::Choice::usual(self.force.clone()).fetch(&desk)?;
        say("2 of 4: postcodes");
        let files = postcodes::fetched(&desk, &self.shelf, false)?;
        postcodes::load(&files, &postcodes::around_all(&desk)?, &self.shelf, &desk)?;
        say("3 of 4: population");
        population::fetch(&desk.task(), NEWEST, None)?;
        say("4 of 4: incidents");
        let incidents = incidents::Choice {
            shelf: self.shelf,
            from: self.from,
            to: self.to,
            force: self.force,
            margin_m: 0,
            archive: false,
            from_file: None,
            boundaries: None,
        };
        incidents.fetch(&desk)?;
        say(serve);
        Ok(())
    }
}
