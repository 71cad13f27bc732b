//! `/jobs/{job}` and `/jobs/{job}/results`: how a job stands, what came of it, and its end.

use actix_web::{
    HttpRequest, HttpResponse, ResponseError,
    http::{StatusCode, header},
    web,
};
use jiff::Timestamp;
use serde::Serialize;

use super::{Output, exception};
use crate::{
    http::{
        App, Link,
        features::links::link,
        negotiate::{self, Format},
        problem::Problem,
        query::Query,
    },
    model::Invalid,
    service::jobs::{JobId, JobStatus, State},
};

/// A job as the service keeps it.
pub(super) type Kept = JobStatus<Output, Problem>;

/// How a job stands (18-062r2 §7.13).
#[derive(Serialize)]
pub(super) struct Document {
    #[serde(rename = "jobID")]
    job_id: String,
    #[serde(rename = "processID")]
    process_id: &'static str,
    r#type: &'static str,
    status: &'static str,
    message: String,
    progress: u8,
    created: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    started: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    finished: Option<String>,
    updated: String,
    links: Vec<Link>,
}

/// The words for states, in their order.
pub(super) const STATES: [(&str, State); 5] = [
    ("accepted", State::Accepted),
    ("running", State::Running),
    ("successful", State::Successful),
    ("failed", State::Failed),
    ("dismissed", State::Dismissed),
];

impl Document {
    /// That of a job; links begin with `base`.
    pub(super) fn of(kept: &Kept, base: &str) -> Self {
        let here = format!("{base}/jobs/{}", kept.id);
        let mut links = vec![
            link("self", &here, Format::Json, "This document"),
            link("up", &format!("{base}/jobs"), Format::Json, "All jobs"),
        ];
        if matches!(kept.state, State::Successful | State::Failed) {
            let rel = if kept.state == State::Failed { "exceptions" } else { "results" };
            let rel = format!("http://www.opengis.net/def/rel/ogc/1.0/{rel}");
            let media_type = match &kept.outcome {
                Some(Ok(output)) => output.media_type,
                _ => "application/problem+json",
            };
            links.push(Link::new(&rel, &format!("{here}/results"), media_type, "What came of it"));
        }
        let written = |at: Timestamp| format!("{at:.3}");
        Self {
            job_id: kept.id.to_string(),
            process_id: kept.process,
            r#type: "process",
            status: STATES.iter().find(|(_, state)| *state == kept.state).map_or("failed", |(word, _)| word),
            message: message(kept),
            progress: kept.percent,
            created: written(kept.created),
            started: kept.started.map(written),
            finished: kept.finished.map(written),
            updated: written(kept.finished.or(kept.started).unwrap_or(kept.created)),
            links,
        }
    }

    /// Where the job is.
    pub(super) fn address(&self) -> String {
        self.links.first().map(|own| own.href.clone()).unwrap_or_default()
    }
}

fn message(kept: &Kept) -> String {
    match (&kept.outcome, kept.state) {
        (Some(Err(problem)), _) => problem.detail().to_owned(),
        (_, State::Accepted) => "It waits for its turn.".to_owned(),
        (_, State::Running) => "It is computed.".to_owned(),
        (_, State::Dismissed) => "It was dismissed.".to_owned(),
        _ => "Its result is kept for an hour.".to_owned(),
    }
}

/// `GET /jobs/{job}`.
pub async fn status(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &[Format::Json]);
    query.finish()?;
    let kept = job(&app, &id)?;
    format?;
    Ok(tell(&kept, &app.base(&request)))
}

/// `DELETE /jobs/{job}`: stops one that waits or runs, forgets one that has ended.
pub async fn dismiss(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request)?.finish()?;
    let kept = id.parse().ok().and_then(|id| app.jobs.dismiss(id)).ok_or_else(|| unknown(&id))?;
    Ok(tell(&kept, &app.base(&request)))
}

/// `GET /jobs/{job}/results`.
pub async fn results(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request)?.finish()?;
    let kept = job(&app, &id)?;
    match (kept.outcome, kept.state) {
        (Some(Ok(output)), _) => Ok(output.answer()),
        (Some(Err(problem)), _) => Ok(problem.error_response()),
        (None, State::Dismissed) => {
            Err(Problem::new(StatusCode::GONE, "Gone", "the job was dismissed, and has no result"))
        }
        (None, _) => {
            let detail = format!("the job is not done yet: ask /jobs/{} how far it is", kept.id);
            Err(Problem::not_found(detail).of_kind(exception!("result-not-ready")))
        }
    }
}

fn tell(kept: &Kept, base: &str) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(Document::of(kept, base))
}

fn job(app: &App, id: &str) -> Result<Kept, Problem> {
    id.parse::<JobId>().ok().and_then(|id| app.jobs.status(id)).ok_or_else(|| unknown(id))
}

fn unknown(id: &str) -> Problem {
    let Invalid { value, .. } = Invalid::new(id, "");
    let detail = format!("there is no job '{value}'; jobs are kept for an hour after their end");
    Problem::not_found(detail).of_kind(exception!("no-such-job"))
}
