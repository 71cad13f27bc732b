//! Tilesets as OGC API – Tiles (20-057 §8 and §9) describes them: lists of them, and each with its metadata
//! (17-083r4 §7).

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{MAX_ZOOM, matrix, selection::Selection};
use crate::{
    feature::{Bounds, Crs, FieldKind, GeometryKind, Plane, TileId},
    http::{
        App, Link,
        answer::{answer, json},
        features::bounds,
        negotiate::{self, Format},
        parameters::Address,
        problem::Problem,
        query::Query,
    },
    service::collection::Collection,
};

const TILING_SCHEME: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";

#[derive(Serialize)]
struct TileSets {
    links: Vec<Link>,
    tilesets: [Listed; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    title: String,
    data_type: &'static str,
    crs: &'static str,
    #[serde(rename = "tileMatrixSetURI")]
    matrix_set_uri: &'static str,
    links: Vec<TileLink>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TileSet {
    #[serde(flatten)]
    listed: Listed,
    description: String,
    bounding_box: BoundingBox,
    layers: Vec<GeospatialData>,
    tile_matrix_set_limits: Vec<Limits>,
}

/// A link, which may be a template (20-057 §8.2).
#[derive(Serialize)]
struct TileLink {
    #[serde(flatten)]
    link: Link,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    templated: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BoundingBox {
    lower_left: [f64; 2],
    upper_right: [f64; 2],
    crs: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GeospatialData {
    id: String,
    title: String,
    description: String,
    data_type: &'static str,
    geometry_dimension: u8,
    min_tile_matrix: String,
    max_tile_matrix: String,
    properties_schema: PropertiesSchema,
}

#[derive(Serialize)]
struct PropertiesSchema {
    r#type: &'static str,
    properties: BTreeMap<String, Property>,
}

#[derive(Serialize)]
struct Property {
    title: std::borrow::Cow<'static, str>,
    description: &'static str,
    r#type: &'static str,
}

/// The rows and columns of a zoom that have something.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Limits {
    tile_matrix: String,
    min_tile_row: u32,
    max_tile_row: u32,
    min_tile_col: u32,
    max_tile_col: u32,
}

/// `GET /collections/{collection}/tiles`.
pub async fn of_one(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let selection = Selection::one(&mut query, &app, &id)?;
    list(&request, &app, query, selection, format!("/collections/{id}/tiles")).await
}

/// `GET /collections/{collection}/tiles/WebMercatorQuad`.
pub async fn one(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let selection = Selection::one(&mut query, &app, &id)?;
    describe(&request, &app, query, selection, format!("/collections/{id}/tiles")).await
}

/// `GET /tiles`.
pub async fn of_several(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let selection = Selection::several(&mut query, &app)?;
    list(&request, &app, query, selection, "/tiles".to_owned()).await
}

/// `GET /tiles/WebMercatorQuad`.
pub async fn several(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let selection = Selection::several(&mut query, &app)?;
    describe(&request, &app, query, selection, "/tiles".to_owned()).await
}

async fn list(
    request: &HttpRequest,
    app: &web::Data<App>,
    mut query: Query,
    selection: Selection,
    path: String,
) -> Result<HttpResponse, Problem> {
    let format = negotiate::format(request, &mut query, &[Format::Json]);
    query.finish()?;
    let address = Address::of(request, app);
    answer(request, app, format?, move |_, _| {
        let here = Link::new("self", &address.at(&path), Format::Json.media_type(), "This document");
        json(&TileSets { links: vec![here], tilesets: [listed(&selection, &address, &path)] })
    })
    .await
}

async fn describe(
    request: &HttpRequest,
    app: &web::Data<App>,
    mut query: Query,
    selection: Selection,
    path: String,
) -> Result<HttpResponse, Problem> {
    let format = negotiate::format(request, &mut query, &[Format::Json]);
    query.finish()?;
    let (address, shared) = (Address::of(request, app), app.clone());
    answer(request, app, format?, move |_, _| {
        let all = selection.layers.iter().map(|picked| bounds(&shared, &picked.collection));
        let around = all.reduce(|all, own| all.joined(&own));
        let (min, max) = around.map_or_else(Default::default, |around| (around.min(), around.max()));
        json(&TileSet {
            listed: listed(&selection, &address, &path),
            description: "Vector tiles with areas cut to 64 of 4096 units around each tile.".to_owned(),
            bounding_box: BoundingBox {
                lower_left: [min.x, min.y],
                upper_right: [max.x, max.y],
                crs: Crs::Crs84.uri(),
            },
            layers: selection.layers.iter().map(|picked| data(&picked.collection)).collect(),
            tile_matrix_set_limits: around.map(|around| limits(&around)).unwrap_or_default(),
        })
    })
    .await
}

fn listed(selection: &Selection, address: &Address, path: &str) -> Listed {
    let titles = selection.layers.iter().map(|picked| picked.collection.title.as_str());
    let link = |rel: &str, href: String, format: Format, title: &str| TileLink {
        link: Link::new(rel, &href, format.media_type(), title),
        templated: false,
    };
    let base = address.base();
    let tiles = address.template(&format!("{path}/{}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", matrix::ID));
    let item = link("item", tiles, Format::VectorTile, "Its tiles");
    Listed {
        title: titles.collect::<Vec<_>>().join(", "),
        data_type: "vector",
        crs: Crs::WebMercator.uri(),
        matrix_set_uri: matrix::URI,
        links: vec![
            link("self", address.at(&format!("{path}/{}", matrix::ID)), Format::Json, "The tileset"),
            link(
                TILING_SCHEME,
                format!("{base}/tileMatrixSets/{}", matrix::ID),
                Format::Json,
                "The grid that its tiles are cut by",
            ),
            link(
                "describedby",
                address.at(&format!("{}/tilejson.json", selection.path)),
                Format::Json,
                "The tileset as TileJSON",
            ),
            TileLink { templated: true, ..item },
        ],
    }
}

fn data(collection: &Collection) -> GeospatialData {
    let property = |field: &crate::feature::Field| {
        let r#type = match field.kind {
            FieldKind::Text | FieldKind::Instant => "string",
            FieldKind::Whole => "integer",
            FieldKind::Number => "number",
            FieldKind::Flag => "boolean",
        };
        (field.name.clone(), Property { title: field.title.clone(), description: field.description, r#type })
    };
    GeospatialData {
        id: collection.id.clone(),
        title: collection.title.clone(),
        description: collection.description.clone(),
        data_type: "vector",
        geometry_dimension: match collection.geometry {
            GeometryKind::Point => 0,
            GeometryKind::MultiPolygon => 2,
        },
        min_tile_matrix: "0".to_owned(),
        max_tile_matrix: MAX_ZOOM.to_string(),
        properties_schema: PropertiesSchema {
            r#type: "object",
            properties: collection.fields.iter().map(property).collect(),
        },
    }
}

/// By zoom, the tiles that a box meets.
fn limits(bounds: &Bounds) -> Vec<Limits> {
    let Some(metres) = Plane::Degrees.bounds_in(bounds, Plane::Mercator) else { return Vec::new() };
    let half_side_m = TileId::side_m(0) / 2.0;
    let of = |zoom: u8| {
        let number = |from_corner_m: f64| number_of(from_corner_m / TileId::side_m(zoom), zoom);
        Limits {
            tile_matrix: zoom.to_string(),
            min_tile_row: number(half_side_m - metres.max().y),
            max_tile_row: number(half_side_m - metres.min().y),
            min_tile_col: number(metres.min().x + half_side_m),
            max_tile_col: number(metres.max().x + half_side_m),
        }
    };
    (0..=MAX_ZOOM).map(of).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number within the bounds that it is clamped to"
)]
fn number_of(tiles: f64, zoom: u8) -> u32 {
    tiles.clamp(0.0, f64::from((1_u32 << zoom) - 1)) as u32
}

#[cfg(test)]
mod tests {
    use geo_types::coord;

    use super::*;

    #[test]
    fn limits_are_the_tiles_of_the_corners() {
        let dudley = Bounds::new(coord! { x: -2.2, y: 52.42 }, coord! { x: -2.01, y: 52.56 }).unwrap();
        let limits = limits(&dudley);
        assert_eq!(limits.len(), usize::from(MAX_ZOOM) + 1);
        let at = &limits[10];
        assert_eq!(
            (at.min_tile_col, at.max_tile_col, at.min_tile_row, at.max_tile_row),
            (505, 506, 335, 336)
        );
    }
}
