//! Boundary layers: which there are, and their shapes.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use serde::Serialize;

use super::{
    App, Link,
    answer::{answer, json},
    etag::CACHE_CONTROL,
    negotiate::{self, Format},
    problem::Problem,
    query::Query,
};
use crate::{
    model::{Area, Layer},
    render::geojson::{Feature, FeatureCollection, multi_polygon},
};

#[derive(Serialize)]
struct LayerDocument {
    id: String,
    title: String,
    vintage: String,
    licence: String,
    schematic: bool,
    areas: usize,
    links: Vec<Link>,
}

/// `GET /layers`.
pub async fn list(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    Query::of(&request)?.finish()?;
    let base = app.base(&request);
    let document = |layer: &Layer| LayerDocument {
        id: layer.id.to_string(),
        title: layer.title.clone(),
        vintage: layer.vintage.clone(),
        licence: layer.licence.clone(),
        schematic: layer.schematic,
        areas: layer.areas.len(),
        links: vec![
            Link::new(
                "items",
                &format!("{base}/layers/{}", layer.id),
                Format::GeoJson.media_type(),
                &layer.title,
            ),
            Link::new(
                "related",
                &format!("{base}/summaries/{}", layer.id),
                Format::Json.media_type(),
                &format!("Summary by {}", layer.id),
            ),
        ],
    };
    let layers: Vec<_> = app.service.boundaries().layers.iter().map(document).collect();
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, CACHE_CONTROL)).json(layers))
}

#[derive(Serialize)]
struct Members {
    title: String,
    vintage: String,
    licence: String,
    notices: Vec<String>,
}

#[derive(Serialize)]
struct AreaProperties {
    code: String,
    name: String,
    area_km2: f64,
    residents: Option<u32>,
    residents_year: Option<i16>,
    schematic: bool,
}

/// `GET /layers/{layer}`: the areas as GeoJSON.
pub async fn layer(
    request: HttpRequest,
    app: web::Data<App>,
    layer: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &[Format::GeoJson]);
    query.finish()?;
    app.service.layer(&layer)?;
    answer(&request, &app, format?, move |service, _| {
        let (_, layer) = service.layer(&layer)?;
        let members = Members {
            title: layer.title.clone(),
            vintage: layer.vintage.clone(),
            licence: layer.licence.clone(),
            notices: service.standing_notices(),
        };
        json(&FeatureCollection::new(members, layer.areas.iter().map(|area| feature(area, layer)).collect()))
    })
    .await
}

fn feature(area: &Area, layer: &Layer) -> Feature<AreaProperties> {
    let newest = area.denominators.residents.last_key_value();
    let properties = AreaProperties {
        code: area.code.to_string(),
        name: area.name.clone(),
        area_km2: area.area.km2(),
        residents: newest.map(|(_, residents)| *residents),
        residents_year: newest.map(|(year, _)| *year),
        schematic: layer.schematic,
    };
    Feature::new(area.code.to_string(), multi_polygon(&area.lonlat), properties)
}
