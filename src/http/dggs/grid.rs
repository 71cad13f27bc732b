//! `/dggs` and `/dggs/H3`: the grid, and the same for a hex layer.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{H3, H3_URI, hex_layer, known_grid, rel};
use crate::{
    analysis::hex::ZoneLevel,
    feature::Crs,
    http::{
        App, Link,
        answer::{answer, json},
        features::links::{link, own},
        negotiate::{self, Format},
        parameters::Address,
        problem::Problem,
        query::Query,
    },
};

const FORMATS: [Format; 1] = [Format::Json];
/// The finest level that hex layers come in.
const FINEST_OF_LAYERS: u8 = 11;

#[derive(Serialize)]
struct Grids {
    links: Vec<Link>,
    dggrs: [Entry; 1],
}

#[derive(Serialize)]
struct Entry {
    id: &'static str,
    title: &'static str,
    uri: &'static str,
    links: Vec<Link>,
}

/// The grid, or what a layer has of it.
#[derive(Serialize)]
struct Grid {
    id: &'static str,
    title: String,
    description: &'static str,
    uri: &'static str,
    crs: &'static str,
    #[serde(rename = "defaultDepth")]
    default_depth: u8,
    #[serde(rename = "maxRefinementLevel")]
    finest_level: u8,
    #[serde(rename = "maxRelativeDepth", skip_serializing_if = "Option::is_none")]
    deepest: Option<u8>,
    levels: Vec<Level>,
    links: Vec<Link>,
    #[serde(rename = "linkTemplates")]
    link_templates: Vec<Template>,
}

/// A level, and what its zones are like.
#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are those of the standard")]
struct Level {
    level: u8,
    zones: u64,
    #[serde(rename = "meanAreaMetersSquare")]
    mean_area_m2: f64,
}

/// An address with a place for the name of a zone.
#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are those of the standard")]
struct Template {
    rel: &'static str,
    title: &'static str,
    #[serde(rename = "uriTemplate")]
    uri_template: String,
    r#type: &'static str,
}

const TITLE: &str = "H3, hexagons in sixteen levels";

/// `GET /dggs`.
pub async fn list(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    grids(request, app, "/dggs".to_owned()).await
}

/// `GET /collections/{collection}/dggs`.
pub async fn list_of_layer(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let layer = hex_layer(&Query::empty(), &app, &id)?;
    grids(request, app, format!("/collections/{}/dggs", layer.id)).await
}

async fn grids(request: HttpRequest, app: web::Data<App>, path: String) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &FORMATS);
    query.finish()?;
    let (format, address) = (format?, Address::of(&request, &app));
    answer(&request, &app, format, move |_, _| {
        let here = format!("{}{path}/{H3}", address.base());
        let links = vec![
            link("self", &here, Format::Json, "The grid"),
            link(rel::ZONES, &format!("{here}/zones"), Format::Json, "Its zones"),
            definition(),
        ];
        let dggrs = [Entry { id: H3, title: TITLE, uri: H3_URI, links }];
        json(&Grids { links: own(&address, format, &FORMATS), dggrs })
    })
    .await
}

/// Where the grid is defined.
fn definition() -> Link {
    link(rel::DEFINITION, "https://h3geo.org/docs/core-library/overview", Format::Html, "H3")
}

/// `GET /dggs/{grid}`.
pub async fn one(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    known_grid(&id)?;
    describe(request, app, None).await
}

/// `GET /collections/{collection}/dggs/{grid}`.
pub async fn one_of_layer(
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let layer = hex_layer(&Query::empty(), &app, &path.0)?;
    known_grid(&path.1)?;
    describe(request, app, Some((layer.id.clone(), layer.title.clone()))).await
}

async fn describe(
    request: HttpRequest,
    app: web::Data<App>,
    layer: Option<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &FORMATS);
    query.finish()?;
    let (format, address) = (format?, Address::of(&request, &app));
    answer(&request, &app, format, move |_, _| {
        let grid = format!("{}/dggs/{H3}", address.base());
        let mut links = own(&address, format, &FORMATS);
        links.push(definition());
        let zone_info = Template {
            rel: rel::ZONE,
            title: "One zone",
            uri_template: format!("{grid}/zones/{{zoneId}}"),
            r#type: Format::Json.media_type(),
        };
        let mut link_templates = vec![zone_info];
        let (title, finest_level, here) = match &layer {
            None => (TITLE.to_owned(), ZoneLevel::FINEST.get(), grid),
            Some((id, title)) => {
                let here = format!("{}/collections/{id}/dggs/{H3}", address.base());
                links.push(link(rel::GRID, &grid, Format::Json, "The grid"));
                link_templates.push(Template {
                    rel: rel::DATA,
                    title: "What the layer has in one zone",
                    uri_template: format!("{here}/zones/{{zoneId}}/data"),
                    r#type: Format::Json.media_type(),
                });
                (title.clone(), FINEST_OF_LAYERS, here)
            }
        };
        links.push(link(rel::ZONES, &format!("{here}/zones"), Format::Json, "Zones of a level in a box"));
        json(&Grid {
            id: H3,
            title,
            description: "Hexagons, and twelve pentagons, on an icosahedron. A zone has seven sub-zones on the next \
                          level, which do not fill it exactly; the order of sub-zones is that of their indexes.",
            uri: H3_URI,
            crs: Crs::Crs84.uri(),
            default_depth: 0,
            finest_level,
            deepest: layer.is_some().then_some(super::data::DEEPEST),
            levels: ZoneLevel::all()
                .filter(|level| level.get() <= finest_level)
                .map(|level| Level {
                    level: level.get(),
                    zones: level.zones(),
                    mean_area_m2: level.mean_area_m2().round(),
                })
                .collect(),
            links,
            link_templates,
        })
    })
    .await
}
