//! `GET /tiles/{collection}/tilejson.json` and `GET /tiles/tilejson.json`: what map libraries read (`TileJSON` 3.0.0).

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};
use geo_types::Coord;
use serde::Serialize;

use super::{MAX_ZOOM, selection::Selection};
use crate::{
    feature::{Bounds, FieldKind, GeometryKind, Plane, TileId},
    http::{
        App,
        answer::{answer, json},
        features::bounds,
        negotiate::{self, Format},
        parameters::Address,
        problem::Problem,
        query::Query,
    },
    render::vector_tile::{COUNT, ID, SINGLE_FROM_ZOOM},
    service::collection::Collection,
};

#[derive(Serialize)]
struct TileJson {
    tilejson: &'static str,
    name: String,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribution: Option<String>,
    scheme: &'static str,
    tiles: [String; 1],
    minzoom: u8,
    maxzoom: u8,
    bounds: [f64; 4],
    center: [f64; 3],
    vector_layers: Vec<VectorLayer>,
}

#[derive(Serialize)]
struct VectorLayer {
    id: String,
    description: String,
    minzoom: u8,
    maxzoom: u8,
    fields: BTreeMap<String, String>,
}

/// That of one layer.
pub async fn one(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let selection = Selection::one(&mut query, &app, &id)?;
    respond(&request, &app, query, selection).await
}

/// That of several layers.
pub async fn several(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let selection = Selection::several(&mut query, &app)?;
    respond(&request, &app, query, selection).await
}

async fn respond(
    request: &HttpRequest,
    app: &web::Data<App>,
    mut query: Query,
    selection: Selection,
) -> Result<HttpResponse, Problem> {
    let format = negotiate::format(request, &mut query, &[Format::Json]);
    query.finish()?;
    let (address, shared) = (Address::of(request, app), app.clone());
    answer(request, app, format?, move |service, snapshot| {
        let (mut notices, mut attributions): (Vec<String>, Vec<String>) = Default::default();
        let mut around: Option<Bounds> = None;
        for picked in &selection.layers {
            let made = service.dataset(&picked.collection, &picked.question, snapshot)?;
            let own = made.features.bounds(Plane::Degrees);
            let own = own.unwrap_or_else(|| bounds(&shared, &picked.collection));
            around = Some(around.map_or(own, |all| all.joined(&own)));
            add_new(&mut notices, &made.notices);
            add_new(&mut attributions, made.attribution.as_slice());
        }
        let titles = selection.layers.iter().map(|picked| picked.collection.title.as_str());
        let name = titles.collect::<Vec<_>>().join(", ");
        let about = match selection.layers.as_slice() {
            [only] => only.collection.description.clone(),
            _ => format!("Layers of {}: {name}.", service.boundaries().name),
        };
        let description = std::iter::once(about).chain(notices).collect::<Vec<_>>().join(" ");
        let (bounds, center) = extent(&around.unwrap_or_else(whole));
        json(&TileJson {
            tilejson: "3.0.0",
            name,
            description,
            attribution: (!attributions.is_empty()).then(|| attributions.join("; ")),
            scheme: "xyz",
            tiles: [address.template(&format!("{}/{{z}}/{{x}}/{{y}}.mvt", selection.path))],
            minzoom: 0,
            maxzoom: MAX_ZOOM,
            bounds,
            center,
            vector_layers: selection.layers.iter().map(|picked| vector_layer(&picked.collection)).collect(),
        })
    })
    .await
}

fn add_new(known: &mut Vec<String>, more: &[String]) {
    for text in more {
        if !known.contains(text) {
            known.push(text.clone());
        }
    }
}

fn vector_layer(collection: &Collection) -> VectorLayer {
    let mut fields: BTreeMap<String, String> = collection
        .fields
        .iter()
        .map(|field| {
            let kind = match field.kind {
                FieldKind::Text => "String",
                FieldKind::Whole | FieldKind::Number => "Number",
                FieldKind::Flag => "Boolean",
                FieldKind::Instant => "String, RFC 3339",
            };
            let unit = field.unit.map(|unit| format!(" Unit: {unit}.")).unwrap_or_default();
            (field.name.clone(), format!("{kind}. {}{unit}", field.description))
        })
        .collect();
    let mut add = |name: &str, text: String| {
        fields.entry(name.to_owned()).or_insert(text);
    };
    if collection.geometry == GeometryKind::Point {
        let text = format!("Number. Below zoom {SINGLE_FROM_ZOOM}, how many features are gathered here.");
        add(COUNT, text);
    }
    add(ID, "String. The feature's id, where it is no number; a number is the tile's own id.".to_owned());
    VectorLayer {
        id: collection.id.clone(),
        description: collection.description.clone(),
        minzoom: 0,
        maxzoom: MAX_ZOOM,
        fields,
    }
}

/// The box, and its middle with the deepest zoom at which a tile is at least as wide and high.
fn extent(bounds: &Bounds) -> ([f64; 4], [f64; 3]) {
    let (min, max) = (bounds.min(), bounds.max());
    let size =
        Plane::Degrees.bounds_in(bounds, Plane::Mercator).map(|metres| metres.width().max(metres.height()));
    let fits = |zoom: &u8| size.is_some_and(|size| TileId::side_m(*zoom) >= size);
    let zoom = (0..=MAX_ZOOM).rev().find(fits).unwrap_or(0);
    let center = [f64::midpoint(min.x, max.x), f64::midpoint(min.y, max.y), f64::from(zoom)];
    ([min.x, min.y, max.x, max.y], center)
}

/// The area of web maps.
fn whole() -> Bounds {
    let corners = [Coord { x: -180.0, y: -85.0 }, Coord { x: 180.0, y: 85.0 }];
    Bounds::around(corners).unwrap_or_else(|| unreachable!("the numbers are finite"))
}
