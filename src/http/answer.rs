//! The way of every computed answer: tag, look whether it is held, compute on the gate, encode.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::header::{self, ContentEncoding},
    web::{self, Bytes},
};
use serde::Serialize;

use super::{
    App,
    etag::{CACHE_CONTROL, Tag},
    events,
    held::Held,
    negotiate::Format,
    problem::Problem,
    range::{self, Part},
};
use crate::{
    render::sheet::Sheet,
    service::{Service, job::Job},
    snapshot::Snapshot,
};

/// What an answer consists of beside its format.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// The bytes; none of them is status 204.
    pub bytes: Bytes,
    /// Headers that the content brings with it.
    pub headers: Vec<(&'static str, String)>,
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes: bytes.into(), headers: Vec::new() }
    }
}

impl Body {
    /// The same with a header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// Answers from the live snapshot: 304 if the client holds the answer, what is held here, or otherwise what
/// `compute` gives, computed on the gate's threads.
///
/// # Errors
/// Those of `compute`, and 503 when the gate is full.
pub async fn answer<B: Into<Body> + Send + 'static>(
    request: &HttpRequest,
    app: &web::Data<App>,
    format: Format,
    compute: impl FnOnce(&Service, &Arc<Snapshot>) -> Result<B, Problem> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    answer_from(app.service.snapshot(), request, app, format, compute).await
}

/// Answers as [`answer`] does, from a snapshot that need not be the live one.
///
/// # Errors
/// As [`answer`].
pub async fn answer_from<B: Into<Body> + Send + 'static>(
    snapshot: Arc<Snapshot>,
    request: &HttpRequest,
    app: &web::Data<App>,
    format: Format,
    compute: impl FnOnce(&Service, &Arc<Snapshot>) -> Result<B, Problem> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let tag = tag(request, app, format, &snapshot);
    if let Some(unchanged) = tag.not_modified(request) {
        return Ok(unchanged);
    }
    let held = if let Some(held) = app.answers.get(&tag) {
        held
    } else {
        let service = Arc::clone(&app.service);
        let body = app.gate.run(move || compute(&service, &snapshot).map(Into::into)).await??;
        app.answers.keep(tag.clone(), body)
    };
    if format.compresses() && held.is_to_be_compressed_for(request) {
        let held = Arc::clone(&held);
        app.gate.run(move || held.compress()).await?;
    }
    Ok(respond(request, &tag, format, &held))
}

/// Answers as [`answer`] does what takes long: on the gate for that, stopped when the client goes away, and
/// also as events that tell how far it is. `compute` gives JSON for these.
///
/// # Errors
/// Those of `compute`, and 503 when the gate is full; of events, they are in the stream.
pub async fn answer_long(
    request: &HttpRequest,
    app: &web::Data<App>,
    format: Format,
    compute: impl FnOnce(&Service, &Snapshot, &Job) -> Result<Vec<u8>, Problem> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let snapshot = app.service.snapshot();
    let tag = tag(request, app, format, &snapshot);
    let (service, gate) = (Arc::clone(&app.service), app.long_gate.clone());
    let job = Arc::<Job>::default();
    let watched = Arc::clone(&job);
    let work = async move {
        let work = move |job: &Job| compute(&service, &snapshot, job);
        gate.run_watched(watched, work).await?
    };
    if format == Format::Events {
        return Ok(events::answer(request, &tag, job, Box::pin(work)));
    }
    if let Some(unchanged) = tag.not_modified(request) {
        return Ok(unchanged);
    }
    if let Some(held) = app.answers.get(&tag) {
        return Ok(respond(request, &tag, format, &held));
    }
    let held = app.answers.keep(tag.clone(), work.await?.into());
    Ok(respond(request, &tag, format, &held))
}

/// The tag of an answer from `snapshot`.
fn tag(request: &HttpRequest, app: &App, format: Format, snapshot: &Snapshot) -> Tag {
    let (store, generation) = (&snapshot.store_id().0, snapshot.generation());
    let priorities = app.service.catalogue().revision();
    let gazetteer = app.service.gazetteer().revision;
    // Links begin with the host, so two hosts get two answers.
    let state =
        format!("{} {store} {generation} {priorities} {gazetteer} {}", app.configuration, app.base(request));
    Tag::of(request, format.word(), &state)
}

fn respond(request: &HttpRequest, tag: &Tag, format: Format, held: &Held) -> HttpResponse {
    let length = held.plain().len() as u64;
    if length == 0 {
        return describe(&mut HttpResponse::NoContent(), tag, format, held).finish();
    }
    let mut response = match range::part(request, tag, length) {
        Part::Whole => HttpResponse::Ok(),
        Part::Beyond => {
            return HttpResponse::RangeNotSatisfiable()
                .insert_header((header::CONTENT_RANGE, format!("bytes */{length}")))
                .insert_header((header::CACHE_CONTROL, CACHE_CONTROL))
                .finish();
        }
        Part::Bytes(first, last) => {
            let mut response = HttpResponse::PartialContent();
            response.insert_header((header::CONTENT_RANGE, format!("bytes {first}-{last}/{length}")));
            // A part is one of the plain bytes: compressed, its numbers would mean others.
            response.insert_header(ContentEncoding::Identity);
            return describe(&mut response, tag, format, held).body(slice(held.plain(), first, last));
        }
    };
    let response = describe(&mut response, tag, format, held);
    if !format.compresses() {
        return response.insert_header(ContentEncoding::Identity).body(held.plain().clone());
    }
    match held.gzipped(request) {
        Some(smaller) => response.insert_header(ContentEncoding::Gzip).body(smaller),
        None => response.body(held.plain().clone()),
    }
}

fn describe<'a>(
    response: &'a mut HttpResponseBuilder,
    tag: &Tag,
    format: Format,
    held: &Held,
) -> &'a mut HttpResponseBuilder {
    response
        .insert_header((header::ETAG, tag.header()))
        .insert_header((header::CACHE_CONTROL, CACHE_CONTROL))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .content_type(format.media_type());
    for (name, value) in held.headers() {
        response.insert_header((*name, value.as_str()));
    }
    response
}

/// The bytes from `first` to `last`, both included, which lie in the body.
fn slice(body: &Bytes, first: u64, last: u64) -> Bytes {
    let index = |byte: u64| usize::try_from(byte).unwrap_or(usize::MAX).min(body.len());
    body.slice(index(first)..index(last.saturating_add(1)))
}

/// A value as JSON bytes.
///
/// # Errors
/// 500, should a value not be representable in JSON.
pub fn json(value: &impl Serialize) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(value).map_err(|error| Problem::internal(&error))
}

/// Rows as CSV bytes below a header of `columns`.
///
/// # Errors
/// 500, should rows not be flat.
pub fn csv<R: Serialize>(columns: &[&str], rows: &[R]) -> Result<Vec<u8>, Problem> {
    crate::render::csv::table(columns, rows).map_err(|error| Problem::internal(&error))
}

/// A sheet as CSV bytes.
///
/// # Errors
/// 500, should a row not fit its columns.
pub fn sheet(sheet: &Sheet) -> Result<Vec<u8>, Problem> {
    crate::render::csv::sheet(sheet).map_err(|error| Problem::internal(&error))
}
