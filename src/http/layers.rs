//! Boundary layers: which there are, and their shapes.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use serde::Serialize;

use super::{
    App, Link,
    answer::{answer, json},
    etag::CACHE_CONTROL,
    negotiate::{self, Format},
    parameters,
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
    valid_from: Option<String>,
    valid_until: Option<String>,
    licence: String,
    schematic: bool,
    areas: usize,
    vintages: Vec<VintageDocument>,
    links: Vec<Link>,
}

/// A vintage of a layer.
#[derive(Serialize)]
struct VintageDocument {
    vintage: String,
    valid_from: Option<String>,
    valid_until: Option<String>,
    retired: bool,
    areas: usize,
    links: Vec<Link>,
}

fn day(day: Option<jiff::civil::Date>) -> Option<String> {
    day.map(|day| day.to_string())
}

impl VintageDocument {
    fn of(layer: &Layer, base: &str) -> Self {
        let address = format!("{base}/layers/{}?vintage={}", layer.id, layer.vintage);
        Self {
            vintage: layer.vintage.clone(),
            valid_from: day(layer.valid.from),
            valid_until: day(layer.valid.until),
            retired: layer.retired,
            areas: layer.areas.len(),
            links: vec![Link::new("items", &address, Format::GeoJson.media_type(), &layer.title)],
        }
    }
}

/// `GET /layers`: each in its newest vintage, with all that there are.
pub async fn list(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    Query::of(&request)?.finish()?;
    let (base, boundaries) = (app.base(&request), app.service.boundaries());
    let document = |layer: &Layer| LayerDocument {
        id: layer.id.to_string(),
        title: layer.title.clone(),
        vintage: layer.vintage.clone(),
        valid_from: day(layer.valid.from),
        valid_until: day(layer.valid.until),
        licence: layer.licence.clone(),
        schematic: layer.schematic,
        areas: layer.areas.len(),
        vintages: boundaries
            .has_vintages(layer.id.as_str())
            .then(|| boundaries.vintages(layer.id.as_str()))
            .into_iter()
            .flatten()
            .map(|(_, vintage)| VintageDocument::of(vintage, &base))
            .collect(),
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
    let layers: Vec<_> = boundaries.in_force(None).into_iter().map(|(_, layer)| document(layer)).collect();
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
    let vintages = parameters::vintages(&mut query);
    query.finish()?;
    app.service.shown_layer(&layer, &vintages)?;
    answer(&request, &app, format?, move |service, _| {
        let layer = service.shown_layer(&layer, &vintages)?;
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
