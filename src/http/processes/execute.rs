//! `POST /processes/{process}/execution`: runs a process, at once or as a job.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    rt, web,
};
use serde_json::value::RawValue;

use super::{
    Output, Process,
    inputs::{Asked, Response},
    job::Document,
    named,
};
use crate::{
    http::{
        App, analysis::Prepared, answer, body::json_body, negotiate::Format, parameters::Address,
        problem::Problem, query::Query,
    },
    service::{
        job::Job,
        jobs::{JobId, MOST_RESULT_BYTES, TooManyJobs},
    },
};

/// Inputs take some hundred bytes; more than this is refused unread.
const MOST_BYTES: usize = 64 << 10;

/// Answers it.
pub async fn execute(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    Query::of(&request)?.finish()?;
    let process = named(&id)?;
    let body = json_body(&request, payload, MOST_BYTES, "an execution").await?;
    let asked = Asked::read(&body, process)?;
    let response = asked.response;
    let prepared = prepare(asked, process, app.base(&request), &app)?;
    if prefers_a_job(&request) {
        let id = start(process, prepared, response, &app)?;
        let kept = app.jobs.status(id).ok_or_else(|| Problem::not_found("the job is over and forgotten"))?;
        let document = Document::of(&kept, &app.base(&request));
        return Ok(HttpResponse::Created()
            .insert_header((header::LOCATION, document.address()))
            .insert_header(("Preference-Applied", "respond-async"))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .json(document));
    }
    let (service, snapshot) = (Arc::clone(&app.service), app.service.snapshot());
    let gate = if process.is_long() { &app.long_gate } else { &app.gate };
    let work = move |job: &Job| {
        let format = prepared.format();
        Output::of(prepared.compute(&service, &snapshot, job)?, format, response)
    };
    Ok(gate.run_watched(Arc::default(), work).await??.answer())
}

/// Checks what is asked. The result names the address of the analysis as what gives it again.
fn prepare(asked: Asked, process: Process, base: String, app: &App) -> Result<Prepared, Problem> {
    let Asked { inputs, format, .. } = asked;
    let form = (process.formats().next() != Some(format)).then(|| ("f".to_owned(), format.word().to_owned()));
    let pairs: Vec<_> = inputs.iter().cloned().chain(form).collect();
    let address = Address::instead(base, process.path(), &pairs);
    process.prepare(Query::of_inputs(inputs), format, address, app)
}

/// Whether a client would rather come back for the result (RFC 7240 §4.1).
fn prefers_a_job(request: &HttpRequest) -> bool {
    let given = request.headers().get_all("prefer").filter_map(|value| value.to_str().ok());
    let mut preferences = given.flat_map(|value| value.split(','));
    preferences.any(|preference| {
        let name = preference.split(';').next().unwrap_or_default();
        name.trim().eq_ignore_ascii_case("respond-async")
    })
}

/// Begins a job, which goes on whoever hangs up.
fn start(
    process: Process,
    prepared: Prepared,
    response: Response,
    app: &web::Data<App>,
) -> Result<JobId, Problem> {
    let place = app.long_gate.place()?;
    let job = Arc::<Job>::default();
    let id = app.jobs.accept(process.id(), Arc::clone(&job))?;
    // What was asked for is answered from the data of now, however long it waits.
    let (begun, snapshot) = (app.clone(), app.service.snapshot());
    let work = move |job: &Job| {
        begun.jobs.starts(id);
        let format = prepared.format();
        let output = Output::of(prepared.compute(&begun.service, &snapshot, job)?, format, response)?;
        if output.bytes.len() <= MOST_RESULT_BYTES {
            return Ok(output);
        }
        let detail = format!(
            "the result has {} bytes and a job keeps at most {MOST_RESULT_BYTES}; run it at once, or ask for less",
            output.bytes.len()
        );
        Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "Too large", detail))
    };
    let done = app.clone();
    let task = rt::spawn(async move {
        let outcome = place.run(job, work).await.map_err(Problem::from).flatten();
        let bytes = outcome.as_ref().map_or(0, |output| output.bytes.len());
        done.jobs.ends(id, outcome, bytes);
    });
    app.jobs.done_by(id, task.abort_handle());
    Ok(id)
}

impl From<TooManyJobs> for Problem {
    fn from(error: TooManyJobs) -> Self {
        Self::busy(error.to_string())
    }
}

/// A value beside its media type (18-062r2 §7.11.2.3).
#[derive(serde::Serialize)]
struct Qualified<'a> {
    #[serde(rename = "mediaType")]
    media_type: &'static str,
    value: Value<'a>,
}

#[derive(serde::Serialize)]
#[serde(untagged)]
enum Value<'a> {
    Json(&'a RawValue),
    Text(&'a str),
}

#[derive(serde::Serialize)]
struct Results<'a> {
    result: Qualified<'a>,
}

impl Output {
    /// The bytes of a result in a format, as they are asked for.
    fn of(bytes: Vec<u8>, format: Format, response: Response) -> Result<Self, Problem> {
        if response == Response::Raw {
            return Ok(Self { bytes: bytes.into(), media_type: format.media_type() });
        }
        let text = String::from_utf8(bytes).map_err(|error| Problem::internal(&error))?;
        let value = match format {
            Format::Csv => Value::Text(&text),
            _ => Value::Json(serde_json::from_str(&text).map_err(|error| Problem::internal(&error))?),
        };
        let result = Qualified { media_type: format.essence(), value };
        let bytes = answer::json(&Results { result })?;
        Ok(Self { bytes: bytes.into(), media_type: Format::Json.media_type() })
    }

    /// As an answer.
    pub(super) fn answer(self) -> HttpResponse {
        HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .content_type(self.media_type)
            .body(self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_job_is_made_where_it_is_preferred() {
        for (preference, expected) in [
            ("respond-async", true),
            ("Respond-Async; wait=10", true),
            ("return=minimal, respond-async", true),
            ("wait=10", false),
            ("respond-asynchronously", false),
        ] {
            let request = TestRequest::default().insert_header(("prefer", preference)).to_http_request();
            assert_eq!(prefers_a_job(&request), expected, "{preference}");
        }
        assert!(!prefers_a_job(&TestRequest::default().to_http_request()));
    }

    #[test]
    fn a_document_holds_json_as_it_is_and_a_table_as_text() {
        let of = |bytes: &str, format| {
            let output = Output::of(bytes.into(), format, Response::Document).ok().unwrap();
            String::from_utf8(output.bytes.to_vec()).unwrap()
        };
        let expected = r#"{"result":{"mediaType":"application/geo+json","value":{"a":1.50}}}"#;
        assert_eq!(of(r#"{"a":1.50}"#, Format::GeoJson), expected);
        let expected = r#"{"result":{"mediaType":"text/csv","value":"a,b\r\n"}}"#;
        assert_eq!(of("a,b\r\n", Format::Csv), expected);
    }
}
