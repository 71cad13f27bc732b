//! `GET /api`: the description of the service with every layer written out, as OpenAPI 3.0 in JSON and as a
//! page to read and try it on.

mod document;
mod layers;

use actix_web::{HttpRequest, HttpResponse, web};
pub(super) use document::written;

use super::{
    App,
    answer::{Body, answer, json},
    negotiate::{self, Format},
    pages,
    problem::Problem,
    query::Query,
    readable,
};

/// The addresses.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(readable("/api", web::route().to(api)))
        .service(readable("/api.html", web::route().to(page)));
}

async fn api(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    describe(request, app, &[Format::OpenApi, Format::Html]).await
}

async fn page(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    describe(request, app, &[Format::Html]).await
}

async fn describe(
    request: HttpRequest,
    app: web::Data<App>,
    offered: &[Format],
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, offered);
    query.finish()?;
    let (format, base) = (format?, app.base(&request));
    let shared = app.clone();
    answer(&request, &app, format, move |service, _| match format {
        Format::Html => Ok(pages::api::page(service, &base)),
        _ => json(&document::document(&shared, &base)?).map(Body::from),
    })
    .await
}
