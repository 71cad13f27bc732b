//! Incidents by HTTP, and the files of rejected rows.

mod body;

use std::{path::Path, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
    web,
};

use super::{
    App,
    problem::Problem,
    query::Query,
    wire::import::{ImportDocument, encoded},
};
use crate::{
    intake::{self, BodyFormat, Options},
    model::Invalid,
    service::importing::{self, ImportError},
};

/// Characters of a name or source that are taken.
const LONGEST_NAME: usize = 100;

/// `POST /incidents`: imports the body.
pub async fn import(
    request: HttpRequest,
    app: web::Data<App>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let source = query.read("source", named);
    let name = query.read("name", named).unwrap_or_else(|| "body".to_owned());
    query.finish()?;
    let format = body_format(&request)?;
    let folder = importing::rejects_folder(&app.rejects_dir);
    let gazetteer = Some(Arc::clone(&app.service.gazetteer().gazetteer));
    let options = Options { source, gazetteer, ..Options::default() };

    let (feed, body) = body::channel();
    let service = Arc::clone(&app.service);
    let to = folder.clone();
    let importing = web::block(move || {
        service.import(&to.path, |sink| intake::read_body(&name, format, body, &options, sink))
    });
    let fed = feed.all_of(payload, app.most_body_bytes);
    let (outcome, fed) = futures_util::future::join(importing, fed).await;
    fed?;
    let report = outcome.map_err(|error| Problem::internal(&error))??;
    let document = ImportDocument::of(&report, &folder, &app.base(&request));
    let status = if report.generation.is_some() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(HttpResponse::build(status).insert_header((header::CACHE_CONTROL, "no-store")).json(document))
}

fn named(text: &str) -> Result<String, Invalid> {
    if text.trim().is_empty() || text.chars().count() > LONGEST_NAME || text.chars().any(char::is_control) {
        return Err(Invalid::new(text, format!("a name has 1 to {LONGEST_NAME} printable characters")));
    }
    Ok(text.to_owned())
}

fn body_format(request: &HttpRequest) -> Result<BodyFormat, Problem> {
    let unsupported =
        |detail| Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported media type", detail);
    let coding = request.headers().get(header::CONTENT_ENCODING).map(HeaderValue::as_bytes);
    if coding.is_some_and(|coding| !coding.eq_ignore_ascii_case(b"identity")) {
        let detail = "a body has no Content-Encoding; gzipped CSV is sent as application/gzip".to_owned();
        return Err(unsupported(detail));
    }
    let media =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    BodyFormat::from_media_type(media).ok_or_else(|| {
        let detail = format!(
            "incidents come as text/csv, application/gzip (CSV), application/zip, application/geo+json or \
             application/x-ndjson, not '{media}'"
        );
        unsupported(detail)
    })
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Store(cause) => crate::service::QuestionError::Store(cause).into(),
            other => Self::internal(&other),
        }
    }
}

/// `GET /imports/{import}/rejects/{file}`: a file of rejected rows, to be mended.
pub async fn rejects(
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request)?.finish()?;
    let (import, file) = path.into_inner();
    let missing = || Problem::not_found(format!("there are no rejects {file} of an import {import}"));
    // Names are compared with what a listing shows and never made into a path: nothing else can be read.
    let hexadecimal = import.len() == 16 && import.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !hexadecimal {
        return Err(missing());
    }
    let (folder, wanted) = (app.rejects_dir.join(&import), file.clone());
    let found = web::block(move || {
        let listed = std::fs::read_dir(folder).ok()?.flatten().find(|entry| entry.file_name() == *wanted)?;
        std::fs::read(listed.path()).ok()
    })
    .await
    .map_err(|error| Problem::internal(&error))?
    .ok_or_else(missing)?;
    let media = match Path::new(&file).extension().and_then(|ending| ending.to_str()) {
        Some("csv") => "text/csv; charset=utf-8",
        Some("geojson") => "application/geo+json",
        Some("ndjson") => "application/x-ndjson",
        _ => "text/plain; charset=utf-8",
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename*=UTF-8''{}", encoded(&file)),
        ))
        .content_type(media)
        .body(found))
}
