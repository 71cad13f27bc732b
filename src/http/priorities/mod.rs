//! Strategic priorities: what they are, what they were, and how analysts change them.

mod change;

use actix_web::{HttpRequest, HttpResponse, http::header, web};

use super::{
    App,
    etag::{CACHE_CONTROL, Tag},
    parameters::PRIORITY_VERSION,
    problem::Problem,
    query::Query,
    readable, reading, refuse,
    wire::priority::{HistoryDocument, PriorityDocument},
};
use crate::service::{Service, priorities::Version};

/// The addresses.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/priorities")
                .route(reading(web::route()).to(list))
                .route(web::post().to(change::create))
                .default_service(refuse("GET, HEAD, POST, OPTIONS")),
        )
        .service(
            web::resource("/priorities/{priority}")
                .route(reading(web::route()).to(one))
                .route(web::put().to(change::replace))
                .route(web::delete().to(change::retire))
                .default_service(refuse("GET, HEAD, PUT, DELETE, OPTIONS")),
        )
        .service(readable("/priorities/{priority}/versions", web::route().to(versions)));
}

/// The document of a version.
///
/// # Errors
/// 404 for a definition that cannot be read.
fn document(
    service: &Service,
    base: &str,
    version: &Version,
    is_newest: bool,
) -> Result<PriorityDocument, Problem> {
    let priority = version.priority.as_ref().ok_or_else(|| {
        let fault = version.prepared.as_ref().err().map(ToString::to_string).unwrap_or_default();
        Problem::not_found(format!("version {} cannot be shown: {fault}", version.entry.version))
    })?;
    let layers = service.boundaries().ids().into_iter();
    Ok(PriorityDocument::new(version, priority, is_newest, base, layers))
}

/// The tag of a version: what an `If-Match` names, and with what its document is held.
fn tag(app: &App, version: &Version, is_newest: bool) -> Tag {
    let (id, number) = (version.entry.priority.as_str(), version.entry.version.to_string());
    Tag::of_lines(["priority", &app.configuration, id, &number, if is_newest { "newest" } else { "earlier" }])
}

/// `GET /priorities`: those in use, with `retired=true` the others after them.
async fn list(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let with_retired = query.choice("retired", &[("false", false), ("true", true)]).unwrap_or(false);
    query.finish()?;
    let (base, service) = (app.base(&request), &app.service);
    let in_use =
        service.priorities().iter().map(|known| service.definition(known.priority.id.as_str(), None));
    let mut shown = in_use.collect::<Result<Vec<_>, _>>()?;
    if with_retired {
        let retired = service.catalogue().newest_of_each().filter(|newest| newest.is_retired());
        shown.extend(retired.filter(|newest| newest.priority.is_some()));
    }
    let documents = shown.into_iter().map(|version| document(service, &base, version, true));
    let documents = documents.collect::<Result<Vec<_>, _>>()?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, CACHE_CONTROL)).json(documents))
}

/// `GET /priorities/{priority}`: as it is now, in use or not, or as it was in a version.
async fn one(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let version = query.whole(PRIORITY_VERSION, 1..=u32::MAX);
    query.finish()?;
    let asked = app.service.definition(&id, version)?;
    let newest = app.service.definition(&id, None)?;
    let is_newest = asked.entry.version == newest.entry.version;
    let tag = tag(&app, asked, is_newest);
    if let Some(unchanged) = tag.not_modified(&request) {
        return Ok(unchanged);
    }
    let document = document(&app.service, &app.base(&request), asked, is_newest)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::ETAG, tag.header()))
        .insert_header((header::CACHE_CONTROL, CACHE_CONTROL))
        .json(document))
}

/// `GET /priorities/{priority}/versions`: who defined it how, and when.
async fn versions(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request)?.finish()?;
    app.service.definition(&id, None)?;
    let versions: Vec<&Version> = app.service.catalogue().history(&id).map(AsRef::as_ref).collect();
    let document = HistoryDocument::of(versions.iter().copied(), app.audience, &app.base(&request));
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, CACHE_CONTROL)).json(document))
}
