//! OGC API – Processes, Part 1 (18-062r2): the analyses as processes, run at once or as jobs.
//!
//! A process takes what its address below `/analysis` takes, by the same rules, and gives the same.

mod description;
mod execute;
mod inputs;
mod job;
mod jobs;
mod list;

use actix_web::web::{self, Bytes};

use super::{
    Link, analysis::Process, features::links::link, negotiate::Format, parameters::Address, problem::Problem,
    query::Query, readable, reading, refuse,
};
use crate::{model::Invalid, service::jobs::Jobs};

/// The jobs with what came of them.
pub type KeptJobs = Jobs<Output, Problem>;

/// The result of an execution, as it is sent.
#[derive(Clone)]
pub struct Output {
    bytes: Bytes,
    media_type: &'static str,
}

/// The addresses.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(readable("/processes", web::route().to(list::list)))
        .service(readable("/processes/{process}", web::route().to(description::describe)))
        .service(
            web::resource("/processes/{process}/execution")
                .route(web::post().to(execute::execute))
                .default_service(refuse("POST, OPTIONS")),
        )
        .service(readable("/jobs", web::route().to(jobs::list)))
        .service(
            web::resource("/jobs/{job}")
                .route(reading(web::route()).to(job::status))
                .route(web::delete().to(job::dismiss))
                .default_service(refuse("GET, HEAD, DELETE, OPTIONS")),
        )
        .service(readable("/jobs/{job}/results", web::route().to(job::results)));
}

/// The address of what the standard names: exceptions.
macro_rules! exception {
    ($name:literal) => {
        concat!("http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/", $name)
    };
}
use exception;

/// The process of that name.
fn named(id: &str) -> Result<Process, Problem> {
    Process::ALL.into_iter().find(|process| process.id() == id).ok_or_else(|| {
        let known: Vec<_> = Process::ALL.iter().map(|process| process.id()).collect();
        let Invalid { value, .. } = Invalid::new(id, "");
        let detail = format!("there is no process '{value}'; there are: {}", known.join(", "));
        Problem::not_found(detail).of_kind(exception!("no-such-process"))
    })
}

/// Which part of a list is asked for.
#[derive(Clone, Copy)]
struct Page {
    offset: usize,
    limit: usize,
}

impl Page {
    /// Entries of a page where nothing is said.
    const USUAL: u32 = 100;
    /// More are not refused, they come on the next pages.
    const MOST: u32 = 1_000;

    fn read(query: &mut Query) -> Self {
        let limit = query.whole("limit", 1..=u32::MAX).unwrap_or(Self::USUAL).min(Self::MOST);
        let offset = query.whole("offset", 0..=u32::MAX).unwrap_or(0);
        Self { offset: offset as usize, limit: limit as usize }
    }

    /// The entries on this page, and links to those before and after.
    fn of<T>(self, all: Vec<T>, address: &Address) -> (Vec<T>, Vec<Link>) {
        let Self { offset, limit } = self;
        let to = |rel: &str, offset: usize, title: &str| {
            link(rel, &address.with(&[("offset", &offset.to_string())]), Format::Json, title)
        };
        let before = (offset > 0).then(|| to("prev", offset.saturating_sub(limit), "The page before"));
        let after = offset.saturating_add(limit);
        let next = (after < all.len()).then(|| to("next", after, "The next page"));
        let shown = all.into_iter().skip(offset).take(limit).collect();
        (shown, before.into_iter().chain(next).collect())
    }
}
