//! What the partnership decides beside the data: priorities, weights, scores.

use std::{error::Error, path::PathBuf, sync::Arc};

use clap::Args;
use jiff::Timestamp;

use crate::{
    config::{priorities, scoring, weights},
    model::BoundarySet,
    service::{Service, priorities::PrioritiesFile},
    store::IncidentStore,
};

/// What the priorities that come with the program are called in the log.
const SHIPPED: &str = "shipped with hotspots";

#[derive(Args, Clone, Debug)]
pub(super) struct Definitions {
    /// The file of strategic priorities; without it, those shipped with the program.
    #[arg(long, value_name = "FILE", env = "HOTSPOTS_PRIORITIES")]
    priorities: Option<PathBuf>,
    /// A folder with further tables of weights by category, beside those shipped with the program.
    #[arg(long, value_name = "DIR", env = "HOTSPOTS_WEIGHTS")]
    weights: Option<PathBuf>,
    /// The scoring table of the threat assessment; without it, one without scores.
    #[arg(long, value_name = "FILE", env = "HOTSPOTS_SCORING")]
    scoring: Option<PathBuf>,
}

impl Definitions {
    /// The service with these, and everything that answers depend on beside the data, as text.
    pub(super) fn service(
        &self,
        boundaries: BoundarySet,
        store: Arc<dyn IncidentStore>,
    ) -> Result<(Service, String), Box<dyn Error + Send + Sync>> {
        let name = self.priorities.as_ref().map(|path| path.display().to_string());
        let priorities = PrioritiesFile {
            priorities: priorities::load(self.priorities.as_deref())?,
            name: name.unwrap_or_else(|| SHIPPED.to_owned()),
            read_at_s: Timestamp::now().as_second(),
        };
        let weights = weights::load(self.weights.as_deref())?;
        let scoring = scoring::load(self.scoring.as_deref())?;
        // The debug form shows every number and name that answers depend on.
        let configuration = format!(
            "{}\n{boundaries:?}\n{:?}\n{weights:?}\n{scoring:?}",
            env!("CARGO_PKG_VERSION"),
            priorities.priorities
        );
        let service = Service::new(boundaries, &priorities, weights, store)?.with_scoring(scoring);
        Ok((service, configuration))
    }
}
