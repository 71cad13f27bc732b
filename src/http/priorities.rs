//! Strategic priorities.

use actix_web::{HttpRequest, HttpResponse, http::header, web};

use super::{App, etag::CACHE_CONTROL, problem::Problem, query::Query, wire::priority::PriorityDocument};
use crate::model::Priority;

fn document(app: &App, base: &str, priority: &Priority) -> PriorityDocument {
    let layers = app.service.boundaries().layers.iter().map(|layer| layer.id.as_str());
    PriorityDocument::new(priority, base, layers)
}

/// `GET /priorities`, in the order of their file.
pub async fn list(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    Query::of(&request)?.finish()?;
    let base = app.base(&request);
    let known = app.service.priorities().iter();
    let documents: Vec<_> = known.map(|prepared| document(&app, &base, &prepared.priority)).collect();
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, CACHE_CONTROL)).json(documents))
}

/// `GET /priorities/{priority}`.
pub async fn one(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request)?.finish()?;
    let priority = &app.service.priority(&id)?.priority;
    let document = document(&app, &app.base(&request), priority);
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, CACHE_CONTROL)).json(document))
}
