//! The analyses that also run as processes, apart from a request to their address.

use super::{AskedFor, density, hex, hotspots, scan, scope};
use crate::{
    http::{App, negotiate::Format, parameters::Address, problem::Problem, query::Query},
    service::{Service, job::Job},
    snapshot::Snapshot,
};

/// One of these analyses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum Process {
    /// Hotspot polygons.
    Hotspots,
    /// Bands of density.
    Density,
    /// H3 cells.
    Hex,
    /// Clusters in space and time.
    Scan,
}

type Compute = Box<dyn FnOnce(&AskedFor, &Service, &Snapshot, &Job) -> Result<Vec<u8>, Problem> + Send>;

/// A question with everything checked, ready to be answered on any thread.
pub(in crate::http) struct Prepared {
    asked: AskedFor,
    compute: Compute,
}

impl Process {
    /// All of them, as they are listed.
    pub(in crate::http) const ALL: [Self; 4] = [Self::Hotspots, Self::Density, Self::Hex, Self::Scan];

    /// What it is called.
    pub(in crate::http) const fn id(self) -> &'static str {
        match self {
            Self::Hotspots => "hotspots",
            Self::Density => "density",
            Self::Hex => "hex",
            Self::Scan => "scan",
        }
    }

    /// The address that answers the same.
    pub(in crate::http) fn path(self) -> String {
        format!("/analysis/{}", self.id())
    }

    /// The forms of its result, the usual one first.
    pub(in crate::http) fn formats(self) -> impl Iterator<Item = Format> {
        let formats: &[Format] = match self {
            Self::Hotspots => &hotspots::FORMATS,
            Self::Density => &density::FORMATS,
            Self::Hex => &hex::FORMATS,
            Self::Scan => &scan::FORMATS,
        };
        // Progress is told by the job.
        formats.iter().copied().filter(|format| *format != Format::Events)
    }

    /// Whether it takes minutes.
    pub(in crate::http) const fn is_long(self) -> bool {
        matches!(self, Self::Scan)
    }

    /// Reads what is asked; `address` is where a request would have asked for the same.
    ///
    /// # Errors
    /// 400 with every fault.
    pub(in crate::http) fn prepare(
        self,
        mut query: Query,
        format: Format,
        address: Address,
        app: &App,
    ) -> Result<Prepared, Problem> {
        let scope = scope(&mut query, &app.service);
        let compute: Compute = match self {
            Self::Hotspots => unwatched(hotspots::compute(&mut query)),
            Self::Density => unwatched(density::compute(&mut query, format)),
            Self::Hex => unwatched(hex::compute(&mut query)),
            Self::Scan => Box::new(scan::compute(&mut query, app.audience)),
        };
        query.finish()?;
        Ok(Prepared { asked: AskedFor { scope, format, address }, compute })
    }
}

fn unwatched(
    compute: impl FnOnce(&AskedFor, &Service, &Snapshot) -> Result<Vec<u8>, Problem> + Send + 'static,
) -> Compute {
    Box::new(move |asked, service, snapshot, _| compute(asked, service, snapshot))
}

impl Prepared {
    /// The form of the answer.
    pub(in crate::http) const fn format(&self) -> Format {
        self.asked.format
    }

    /// The answer.
    ///
    /// # Errors
    /// As its address answers.
    pub(in crate::http) fn compute(
        self,
        service: &Service,
        snapshot: &Snapshot,
        job: &Job,
    ) -> Result<Vec<u8>, Problem> {
        (self.compute)(&self.asked, service, snapshot, job)
    }
}
