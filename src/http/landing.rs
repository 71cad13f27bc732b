//! The front door: what there is, whether it runs, and how it is described.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use serde::Serialize;

use super::{App, Link, etag::CACHE_CONTROL, problem::Problem, query::Query};

/// The description that the service is held to.
pub(super) const OPENAPI: &str = include_str!("../../openapi.yaml");

#[derive(Serialize)]
struct Landing {
    title: String,
    description: &'static str,
    notices: Vec<String>,
    incidents: usize,
    unlocated: usize,
    first_month: Option<String>,
    last_month: Option<String>,
    categories: Vec<String>,
    sources: Vec<String>,
    generation: u64,
    links: Vec<Link>,
}

/// `GET /`: what the service holds and where to go.
pub async fn landing(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    Query::of(&request)?.finish()?;
    let snapshot = app.service.snapshot();
    let boundaries = app.service.boundaries();
    let base = app.base(&request);
    let mut notices = app.service.standing_notices();
    notices.extend(app.service.synthetic_notice());
    let months = snapshot.months();
    let link = |rel: &str, path: &str, media: &str, title: &str| {
        Link::new(rel, &format!("{base}{path}"), media, title)
    };
    let mut links = vec![
        link("self", "/", "application/json", "This document"),
        link(
            "service-desc",
            "/openapi.yaml",
            "application/yaml",
            "Description of every address (OpenAPI 3.0)",
        ),
        link("data", "/priorities", "application/json", "Strategic priorities and their hotspot layers"),
        link("data", "/layers", "application/json", "Boundary layers"),
        link(
            "http://www.opengis.net/def/rel/ogc/1.0/styles",
            "/styles",
            "application/json",
            "The ways to draw every layer",
        ),
        link("data", "/weights", "application/json", "Tables of weights by category"),
        link(
            "http://www.opengis.net/def/rel/ogc/1.0/processes",
            "/processes",
            "application/json",
            "Processes",
        ),
        link("http://www.opengis.net/def/rel/ogc/1.0/job-list", "/jobs", "application/json", "Jobs"),
        link(super::dggs::LIST, "/dggs", "application/json", "Discrete global grids"),
    ];
    links.extend([
        link(
            "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
            "/tiles",
            "application/json",
            "Vector tiles of layers",
        ),
        link(
            "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes",
            "/tileMatrixSets",
            "application/json",
            "The grid that tiles are cut by",
        ),
    ]);
    for layer in &boundaries.layers {
        let path = format!("/summaries/{}", layer.id);
        links.push(link("data", &path, "application/json", &format!("Summary by {}", layer.id)));
    }
    let document = Landing {
        title: format!("Crime hotspots of {}", boundaries.name),
        description: "Geographic profiles of strategic priorities: density and hex layers for GIS clients, GeoJSON \
                      for dashboards, ward and beat tables for analysts.",
        notices,
        incidents: snapshot.len(),
        unlocated: snapshot.unlocated_count(),
        first_month: months.map(|(first, _)| first.to_string()),
        last_month: months.map(|(_, last)| last.to_string()),
        categories: snapshot.categories().to_vec(),
        sources: snapshot.sources().to_vec(),
        generation: snapshot.generation().0,
        links,
    };
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, CACHE_CONTROL)).json(document))
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
