//! The tilesets of a layer's map (OGC API – Tiles Part 1, 20-057; 17-083r4): there is one, of `WebMercatorQuad`.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::MAP;
use crate::{
    feature::Crs,
    http::{
        App, Link,
        answer::{answer, json},
        features::bounds,
        layer,
        negotiate::{self, Format},
        parameters::Address,
        problem::Problem,
        query::Query,
    },
    service::collection::Collection,
};

/// The tile matrix set that there is.
const SET: &str = "WebMercatorQuad";
/// Its definition (17-083r4 Annex D.1).
const SET_URI: &str = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";
/// Relation of the definition of a tile matrix set.
const TILING_SCHEME: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are those of the standard")]
struct Tilesets {
    title: String,
    links: Vec<Link>,
    tilesets: Vec<Tileset>,
}

#[derive(Serialize)]
struct Tileset {
    title: String,
    #[serde(rename = "dataType")]
    data_type: &'static str,
    crs: &'static str,
    #[serde(rename = "tileMatrixSetURI")]
    set: &'static str,
    #[serde(rename = "boundingBox", skip_serializing_if = "Option::is_none")]
    bounding_box: Option<BoundingBox>,
    links: Vec<TilesetLink>,
}

#[derive(Serialize)]
struct BoundingBox {
    #[serde(rename = "lowerLeft")]
    lower_left: [f64; 2],
    #[serde(rename = "upperRight")]
    upper_right: [f64; 2],
    crs: &'static str,
}

/// A link, of which some are templates (17-083r4 §6.5.1.5).
#[derive(Serialize)]
struct TilesetLink {
    #[serde(flatten)]
    link: Link,
    #[serde(skip_serializing_if = "Option::is_none")]
    templated: Option<bool>,
}

/// Refuses every tile matrix set but the one that there is.
///
/// # Errors
/// 404 with its name.
pub fn known_set(set: &str) -> Result<(), Problem> {
    if set == SET {
        return Ok(());
    }
    Err(Problem::not_found(format!("there is no tile matrix set of that name here; there is {SET}")))
}

/// `GET /collections/{collection}/map/tiles`.
pub async fn list(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let collection = layer::collection(&app, &id)?;
    describe(request, app, collection, |address, collection, app| {
        let here = address.with(&[]);
        json(&Tilesets {
            title: format!("{}: tilesets", collection.title),
            links: vec![Link::new("self", &here, Format::Json.media_type(), "This document")],
            tilesets: vec![Tileset::of(address.base(), collection, app, false)],
        })
    })
    .await
}

/// `GET /collections/{collection}/map/tiles/WebMercatorQuad`.
pub async fn one(
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, set) = path.into_inner();
    let collection = layer::collection(&app, &id)?;
    known_set(&set)?;
    describe(request, app, collection, |address, collection, app| {
        json(&Tileset::of(address.base(), collection, app, true))
    })
    .await
}

async fn describe(
    request: HttpRequest,
    app: web::Data<App>,
    collection: Arc<Collection>,
    document: impl FnOnce(&Address, &Collection, &App) -> Result<Vec<u8>, Problem> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &[Format::Json]);
    query.finish()?;
    let (address, shared) = (Address::of(&request, &app), app.clone());
    answer(&request, &app, format?, move |_, _| document(&address, &collection, &shared)).await
}

impl Tileset {
    /// That of a collection; whole, with its box, where it is the document itself.
    fn of(base: &str, collection: &Collection, app: &App, whole: bool) -> Self {
        let tiles = format!("{base}/collections/{}/map/tiles/{SET}", collection.id);
        let link = |rel: &str, href: &str, format: Format, title: &str| TilesetLink {
            link: Link::new(rel, href, format.media_type(), title),
            templated: href.contains('{').then_some(true),
        };
        let template = format!("{tiles}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}");
        let map = format!("{base}/collections/{}/map", collection.id);
        let bounding_box = whole.then(|| {
            let around = bounds(app, collection);
            BoundingBox {
                lower_left: [around.min().x, around.min().y],
                upper_right: [around.max().x, around.max().y],
                crs: Crs::Crs84.uri(),
            }
        });
        Self {
            title: collection.title.clone(),
            data_type: "map",
            crs: Crs::WebMercator.uri(),
            set: SET_URI,
            bounding_box,
            links: vec![
                link("self", &tiles, Format::Json, "The tileset"),
                link("item", &template, Format::Png, "Its tiles as PNG"),
                link(
                    TILING_SCHEME,
                    &format!("{base}/tileMatrixSets/{SET}"),
                    Format::Json,
                    "How tiles are cut",
                ),
                link(MAP, &map, Format::Png, "The map that it is cut from"),
            ],
        }
    }
}
