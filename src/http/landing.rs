//! The front door: what there is, whether it runs, and how it is described.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use serde::Serialize;

use super::{
    App, Link,
    answer::{Body, answer, json},
    etag::CACHE_CONTROL,
    features,
    negotiate::{self, Format},
    pages,
    problem::Problem,
    query::Query,
};
use crate::{model::Month, service::Service, snapshot::Snapshot};

/// The description that the service is held to.
pub(super) const OPENAPI: &str = include_str!("../../openapi.yaml");

const FORMATS: [Format; 2] = [Format::Json, Format::Html];

/// What the service holds and where to go.
#[derive(Serialize)]
pub struct Landing {
    pub(super) title: String,
    pub(super) description: &'static str,
    pub(super) notices: Vec<String>,
    pub(super) incidents: usize,
    pub(super) unlocated: usize,
    pub(super) first_month: Option<String>,
    pub(super) last_month: Option<String>,
    pub(super) categories: Vec<String>,
    pub(super) sources: Vec<String>,
    pub(super) generation: u64,
    pub(super) links: Vec<Link>,
}

impl Landing {
    fn of(service: &Service, snapshot: &Snapshot, base: &str) -> Self {
        let months = snapshot.months();
        let month = |month: Month| month.to_string();
        Self {
            title: format!("Crime hotspots of {}", service.boundaries().name),
            description: "Geographic profiles of strategic priorities: density and hex layers for GIS clients, \
                          GeoJSON for dashboards, ward and beat tables for analysts.",
            notices: service.standing_notices().into_iter().chain(service.synthetic_notice()).collect(),
            incidents: snapshot.len(),
            unlocated: snapshot.unlocated_count(),
            first_month: months.map(|(first, _)| month(first)),
            last_month: months.map(|(_, last)| month(last)),
            categories: snapshot.categories().to_vec(),
            sources: snapshot.sources().to_vec(),
            generation: snapshot.generation().0,
            links: links(service, base),
        }
    }
}

/// Where to go. Clients of OGC API standards take the first link of a relation, so each stands here once.
fn links(service: &Service, base: &str) -> Vec<Link> {
    let yaml = "application/yaml";
    let link = |rel: &str, path: &str, media: &str, title: &str| {
        Link::new(rel, &format!("{base}{path}"), media, title)
    };
    let in_format = |rel: &str, path: &str, format: Format, title: &str| {
        features::links::link(rel, &format!("{base}{path}"), format, title)
    };
    let mut links = vec![
        in_format("self", "/", Format::Json, "This document"),
        in_format("alternate", "/?f=html", Format::Html, "This document as a page"),
        in_format("service-desc", "/api", Format::OpenApi, "Description of every address (OpenAPI 3.0)"),
        in_format(
            "service-doc",
            "/api.html",
            Format::Html,
            "Description of every address, to be read and tried",
        ),
        in_format("conformance", "/conformance", Format::Json, "Which standards hold here"),
        in_format("data", "/collections", Format::Json, "Every layer"),
        link("describedby", "/openapi.yaml", yaml, "Description of every address, as it was written (YAML)"),
    ];
    let related = |path: &str, title: &str| in_format("related", path, Format::Json, title);
    let ogc = |rel: &str, path: &str, title: &str| {
        in_format(&format!("http://www.opengis.net/def/rel/ogc/1.0/{rel}"), path, Format::Json, title)
    };
    links.extend([
        related("/priorities", "Strategic priorities and their hotspot layers"),
        related("/assessment", "All priorities side by side: volume, harm, change, hotspots"),
        related("/areas", "The areas that the service holds"),
        related("/layers", "Boundary layers"),
        related("/weights", "Tables of weights by category"),
        ogc("styles", "/styles", "The ways to draw every layer"),
        ogc("tilesets-vector", "/tiles", "Vector tiles of layers"),
        ogc("tiling-schemes", "/tileMatrixSets", "The grid that tiles are cut by"),
        ogc("processes", "/processes", "Analyses with one's own parameters"),
        ogc("job-list", "/jobs", "Analyses that run or have run"),
        in_format(super::dggs::LIST, "/dggs", Format::Json, "Discrete global grids"),
    ]);
    links.extend(
        service
            .boundaries()
            .ids()
            .into_iter()
            .map(|layer| related(&format!("/summaries/{layer}"), &format!("Summary by {layer}"))),
    );
    links
}

/// `GET /`: what the service holds and where to go.
pub async fn landing(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let is_named = request.query_string().split('&').any(|part| part.starts_with("f="));
    let format = negotiate::format(&request, &mut query, &FORMATS);
    query.finish()?;
    let (format, base) = (format?, app.base(&request));
    // People who open the address in a browser want the map; `f=html` asks for the list of what there is.
    if format == Format::Html && !is_named && pages::dashboard::is_built() {
        return Ok(HttpResponse::SeeOther()
            .insert_header((header::LOCATION, format!("{base}/dashboard")))
            .insert_header((header::CACHE_CONTROL, CACHE_CONTROL))
            .finish());
    }
    let shared = app.clone();
    answer(&request, &app, format, move |service, snapshot| {
        let document = Landing::of(service, snapshot, &base);
        if format == Format::Html {
            return Ok(pages::landing::page(&shared, &base, &document));
        }
        json(&document).map(Body::from)
    })
    .await
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

/// `GET /health`: the process answers.
pub async fn health(request: HttpRequest) -> Result<HttpResponse, Problem> {
    Query::of(&request)?.finish()?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(Health { status: "ok" }))
}

#[derive(Serialize)]
struct Ready {
    status: &'static str,
    serving_generation: u64,
    stored_generation: Option<u64>,
}

/// `GET /ready`: a snapshot is loaded and the store answers. While the store is away the service
/// goes on answering from its last good snapshot, and says `store-unreachable` here with 503.
pub async fn ready(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    Query::of(&request)?.finish()?;
    let serving_generation = app.service.snapshot().generation().0;
    let service = app.service.clone();
    let stored =
        web::block(move || service.stored_generation()).await.map_err(|error| Problem::internal(&error))?;
    let (mut response, status) = match &stored {
        Ok(_) => (HttpResponse::Ok(), "ready"),
        Err(error) => {
            tracing::warn!(%error, "the store does not answer");
            (HttpResponse::ServiceUnavailable(), "store-unreachable")
        }
    };
    let document =
        Ready { status, serving_generation, stored_generation: stored.ok().map(|generation| generation.0) };
    Ok(response.insert_header((header::CACHE_CONTROL, "no-store")).json(document))
}

/// `GET /openapi.yaml`: the description of the service.
pub async fn openapi(request: HttpRequest) -> Result<HttpResponse, Problem> {
    Query::of(&request)?.finish()?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, CACHE_CONTROL))
        .content_type("application/yaml")
        .body(OPENAPI))
}
