//! The edge: parses requests, asks the service, encodes answers. Nothing else in the crate knows
//! HTTP or the shape of its JSON.

mod analysis;
mod answer;
mod areas;
mod audience;
mod body;
mod datetime;
mod description;
mod dggs;
mod downloads;
mod edition;
mod etag;
mod events;
mod features;
mod forwarded;
mod geocode;
mod held;
mod incidents;
mod landing;
mod layer;
mod layers;
mod maps;
mod middleware;
mod negotiate;
mod ows;
mod pages;
mod parameters;
mod places;
mod priorities;
pub mod problem;
mod processes;
mod query;
mod range;
pub mod reports;
mod styles;
mod summaries;
mod tiles;
mod upload;
mod weights;
mod wire;
mod wms;
mod wmts;

use std::{path::PathBuf, sync::Arc};

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse, Resource, Route, guard,
    http::{Method, header},
    web,
};
pub use areas::{Areas, mount, pick_area};
pub use audience::Audience;
pub use edition::hold_one_edition;
pub use etag::digest;
use forwarded::Forwarded;
pub use held::Answers;
pub use middleware::{KnownHosts, answer_unknown, cors, describe_answers, open_to_all, refuse_foreign_hosts};
pub use negotiate::Format;
pub use pages::dashboard::{Basemap, prepare as prepare_dashboard};
pub use parameters::Address;
use problem::Problem;
pub use processes::KeptJobs;
use serde::Serialize;

use crate::service::{Service, gate::ComputeGate};

/// What every handler works with. A clone shares all that is kept.
#[derive(Clone)]
pub struct App {
    /// Questions and answers, in one edition from start to end of a request.
    pub service: Arc<Service>,
    /// Where computing is done.
    pub gate: ComputeGate,
    /// Where computing is done that takes long.
    pub long_gate: ComputeGate,
    /// Where below the address people use this area is served: nothing, or `/areas/E08000028`.
    pub mount: String,
    /// The address people use, where a proxy stands before the service: `https://maps.example.org`.
    pub public_base: Option<String>,
    /// For whom the service is run.
    pub audience: Audience,
    /// A map of the world below the layers of the dashboard.
    pub basemap: Option<Basemap>,
    /// Answers that are kept.
    pub answers: Arc<Answers>,
    /// What is computed for clients that come back for it.
    pub jobs: Arc<KeptJobs>,
    /// Whether priorities are changed by their file alone.
    pub fixed_priorities: bool,
    /// A digest of what answers depend on beside the data and the priorities: boundaries, weights, program.
    pub configuration: String,
    /// Folder for files of rejected rows.
    pub rejects_dir: PathBuf,
    /// Bodies of incidents over this size are refused.
    pub most_body_bytes: u64,
}

impl App {
    /// The address that links begin with, without a slash at its end.
    fn base(&self, request: &HttpRequest) -> String {
        self.root(request) + &self.mount
    }

    /// The address of the service: the one that the operator named, or where the client asked, as a trusted proxy
    /// tells it or the request itself.
    fn root(&self, request: &HttpRequest) -> String {
        self.public_base.clone().unwrap_or_else(|| {
            // Both hosts were checked by `refuse_foreign_hosts`.
            let host =
                request.headers().get("host").and_then(|host| host.to_str().ok()).unwrap_or("localhost");
            request
                .extensions()
                .get::<Forwarded>()
                .map_or_else(|| format!("http://{host}"), |forwarded| forwarded.base(host))
        })
    }
}

/// A link of a JSON document (RFC 8288).
#[derive(Clone, Debug, Serialize)]
pub struct Link {
    rel: String,
    href: String,
    r#type: String,
    title: String,
}

impl Link {
    fn new(rel: &str, href: &str, media_type: &str, title: &str) -> Self {
        Self { rel: rel.into(), href: href.into(), r#type: media_type.into(), title: title.into() }
    }

    fn rel(&self) -> &str {
        &self.rel
    }

    fn href(&self) -> &str {
        &self.href
    }

    fn media_type(&self) -> &str {
        &self.r#type
    }

    fn title(&self) -> &str {
        &self.title
    }

    /// As one link of a `Link` header (RFC 8288 §3).
    fn header(&self) -> String {
        format!("<{}>; rel=\"{}\"; type=\"{}\"", self.href, self.rel, self.r#type)
    }
}

/// All addresses of the service.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(readable("/", web::route().to(landing::landing)))
        .service(readable("/health", web::route().to(landing::health)))
        .service(readable("/ready", web::route().to(landing::ready)))
        .service(readable("/openapi.yaml", web::route().to(landing::openapi)))
        .service(readable("/areas", web::route().to(areas::list)))
        .service(readable("/layers", web::route().to(layers::list)))
        .service(readable("/layers/{layer}", web::route().to(layers::layer)))
        .service(
            web::resource("/geocode")
                .route(reading(web::route()).to(geocode::one))
                .route(web::post().to(geocode::many))
                .default_service(refuse("GET, HEAD, POST, OPTIONS")),
        )
        .service(
            web::resource("/incidents")
                .route(reading(web::route()).to(incidents::nearby))
                .route(web::post().to(upload::import))
                .default_service(refuse("GET, HEAD, POST, OPTIONS")),
        )
        .service(readable("/places", web::route().to(places::places)))
        .service(readable("/imports/{import}/rejects/{file}", web::route().to(upload::rejects)))
        .service(readable("/summaries/columns", web::route().to(summaries::columns::columns)))
        .service(readable("/summaries/{layer}", web::route().to(summaries::summary)))
        .configure(priorities::routes)
        .service(readable("/weights", web::route().to(weights::list)))
        .service(readable("/weights/{table}", web::route().to(weights::one)))
        .configure(analysis::routes)
        .configure(description::routes)
        .configure(features::routes)
        .configure(pages::routes)
        .configure(maps::routes)
        .configure(styles::routes)
        .configure(tiles::routes)
        .configure(wms::routes)
        .configure(wmts::routes)
        .configure(downloads::routes)
        .configure(processes::routes)
        .configure(reports::routes)
        .configure(dggs::routes);
}

fn reading(route: Route) -> Route {
    route.guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// An address that can only be read.
fn readable(path: &str, route: Route) -> Resource {
    web::resource(path).route(reading(route)).default_service(refuse("GET, HEAD, OPTIONS"))
}

/// Answers the methods that an address does not have: `OPTIONS` by those that it has, the others by 405.
fn refuse(allow: &'static str) -> Route {
    web::route().to(move |request: HttpRequest| async move {
        if request.method() == Method::OPTIONS {
            return Ok(HttpResponse::NoContent().insert_header((header::ALLOW, allow)).finish());
        }
        Err(Problem::method_not_allowed(allow))
    })
}
