//! The way of every computed answer: tag, compute on the gate, encode.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use serde::Serialize;

use super::{
    App,
    etag::{CACHE_CONTROL, Tag},
    negotiate::Format,
    problem::Problem,
};
use crate::{service::Service, snapshot::Snapshot};

/// Answers from one snapshot: 304 if the client holds the answer, otherwise what `compute` gives,
/// computed on the gate's threads.
///
/// # Errors
/// Those of `compute`, and 503 when the gate is full.
pub async fn answer(
    request: &HttpRequest,
    app: &web::Data<App>,
    format: Format,
    compute: impl FnOnce(&Service, &Snapshot) -> Result<Vec<u8>, Problem> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let snapshot = app.service.snapshot();
    let tag = tag(request, app, format, &snapshot);
    if let Some(unchanged) = tag.not_modified(request) {
        return Ok(unchanged);
    }
    let service = Arc::clone(&app.service);
    let body = app.gate.run(move || compute(&service, &snapshot)).await??;
    Ok(respond(&tag, format, body))
}

/// The tag of an answer from `snapshot`.
fn tag(request: &HttpRequest, app: &App, format: Format, snapshot: &Snapshot) -> Tag {
    let (store, generation) = (&snapshot.store_id().0, snapshot.generation());
    // Links begin with the host, so two hosts get two answers.
    let state = format!("{} {store} {generation} {}", app.configuration, app.base(request));
    Tag::of(request, format.word(), &state)
}

fn respond(tag: &Tag, format: Format, body: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::ETAG, tag.header()))
        .insert_header((header::CACHE_CONTROL, CACHE_CONTROL))
        .content_type(format.media_type())
        .body(body)
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
