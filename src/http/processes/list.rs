//! `GET /processes`: what can be run.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{Page, Process};
use crate::http::{
    App, Link,
    answer::{answer, json},
    features::links::{link, own},
    negotiate::{self, Format},
    parameters::Address,
    problem::Problem,
    query::Query,
};

const FORMATS: [Format; 1] = [Format::Json];

#[derive(Serialize)]
struct Processes {
    processes: Vec<Summary>,
    links: Vec<Link>,
}

/// A process as it is listed (18-062r2 §7.9).
#[derive(Serialize)]
pub(super) struct Summary {
    id: &'static str,
    title: &'static str,
    description: &'static str,
    version: &'static str,
    keywords: [&'static str; 2],
    #[serde(rename = "jobControlOptions")]
    job_control_options: [&'static str; 3],
    #[serde(rename = "outputTransmission")]
    output_transmission: [&'static str; 1],
    pub(super) links: Vec<Link>,
}

impl Summary {
    /// That of a process; links begin with `base`, and the one to its description is `rel`.
    pub(super) fn of(process: Process, base: &str, rel: &str) -> Self {
        let (title, description) = about(process);
        let here = format!("{base}/processes/{}", process.id());
        Self {
            id: process.id(),
            title,
            description,
            version: env!("CARGO_PKG_VERSION"),
            keywords: ["crime", process.id()],
            job_control_options: ["sync-execute", "async-execute", "dismiss"],
            output_transmission: ["value"],
            links: vec![
                link(rel, &here, Format::Json, "Description of the process"),
                link(
                    "http://www.opengis.net/def/rel/ogc/1.0/execute",
                    &format!("{here}/execution"),
                    Format::Json,
                    "Where it is run, by POST",
                ),
            ],
        }
    }
}

fn about(process: Process) -> (&'static str, &'static str) {
    match process {
        Process::Hotspots => {
            ("Hotspots", "Polygons of high density with what they hold, ranked by the incidents in them.")
        }
        Process::Density => {
            ("Density", "Incidents per km² by a kernel: bands of intensity, or the raster as JSON.")
        }
        Process::Hex => (
            "Hex cells",
            "Incidents on H3 cells, each tested with its neighbours (Gi*, Gi or local Moran's I).",
        ),
        Process::Scan => (
            "Clusters in space and time",
            "The scan statistic: circles and spans of months with more incidents than chance explains. It can take \
             minutes: run it as a job.",
        ),
    }
}

/// Answers it.
pub async fn list(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &FORMATS);
    let page = Page::read(&mut query);
    query.finish()?;
    let (format, address) = (format?, Address::of(&request, &app));
    answer(&request, &app, format, move |_, _| {
        let all = Process::ALL.into_iter().map(|process| Summary::of(process, address.base(), "self"));
        let (processes, beside) = page.of(all.collect(), &address);
        let mut links = own(&address, format, &FORMATS);
        links.extend(beside);
        json(&Processes { processes, links })
    })
    .await
}
