//! Web Map Tile Service 1.0.0 (OGC 07-057r7): the layers as tiles, asked for by parameters and by addresses.

mod capabilities;
mod matrix;
mod report;
mod tile;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::{
    App,
    ows::{Code, Kvp, Refusal},
    problem::Problem,
    readable,
};
use crate::model::Invalid;

/// The addresses.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(readable("/wmts", web::route().to(by_parameters)))
        .service(readable("/wmts/1.0.0/WMTSCapabilities.xml", web::route().to(capabilities)))
        .service(readable(
            "/wmts/{layer}/{style}/{set}/{matrix}/{row}/{column}.png",
            web::route().to(by_address),
        ))
        .service(readable(
            "/wmts/{layer}/{style}/{time}/{set}/{matrix}/{row}/{column}.png",
            web::route().to(by_address),
        ));
}

/// What can be asked.
const OPERATIONS: [&str; 3] = ["GetCapabilities", "GetTile", "GetFeatureInfo"];

/// What the address of a tile is made of.
#[derive(Deserialize)]
struct Segments {
    layer: String,
    style: String,
    #[serde(default)]
    time: String,
    set: String,
    matrix: String,
    row: String,
    column: String,
}

/// `GET /wmts`.
async fn by_parameters(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let answered = match Kvp::of(&request) {
        Ok(kvp) => answered(&request, &app, &kvp).await,
        Err(refusal) => Err(refusal),
    };
    answered.or_else(report::to_parameters)
}

/// `GET /wmts/1.0.0/WMTSCapabilities.xml`.
async fn capabilities(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    capabilities::answer(&request, &app).await.or_else(report::to_address)
}

/// `GET /wmts/{layer}/{style}/{set}/{matrix}/{row}/{column}.png`, also with months before the set.
async fn by_address(
    request: HttpRequest,
    app: web::Data<App>,
    segments: Option<web::Path<Segments>>,
) -> Result<HttpResponse, Problem> {
    let answered = match of_address(&request, segments) {
        Ok(kvp) => tile::picture(&request, &app, &kvp).await,
        Err(refusal) => Err(refusal),
    };
    answered.or_else(report::to_address)
}

fn of_address(request: &HttpRequest, segments: Option<web::Path<Segments>>) -> Result<Kvp, Refusal> {
    let Some(segments) = segments else {
        let fault = Invalid::new(request.path(), "the address is not percent-encoded UTF-8");
        return Err(Refusal::new(Code::LayerNotDefined, "layer", &fault));
    };
    let Segments { layer, style, time, set, matrix, row, column } = segments.into_inner();
    let mut kvp = Kvp::of(request)?;
    let named = [
        ("layer", layer),
        ("style", style),
        ("tilematrixset", set),
        ("tilematrix", matrix),
        ("tilerow", row),
        ("tilecol", column),
    ];
    for (name, value) in named {
        kvp.set(name, value);
    }
    if !time.is_empty() {
        kvp.set("time", time);
    }
    kvp.set("format", "image/png");
    Ok(kvp)
}

async fn answered(request: &HttpRequest, app: &web::Data<App>, kvp: &Kvp) -> Result<HttpResponse, Refusal> {
    let one_of = |name: &str, value: &str| -> Result<(), Refusal> {
        match kvp.get(name) {
            Some(given) if !given.eq_ignore_ascii_case(value) => {
                Err(Refusal::not_one_of(Code::InvalidParameterValue, name, given, &[value]))
            }
            _ => Ok(()),
        }
    };
    one_of("service", "WMTS")?;
    let operation = kvp.needed("request")?;
    let is = |name: &str| operation.eq_ignore_ascii_case(name);
    if is("GetCapabilities") {
        return capabilities::answer(request, app).await;
    }
    one_of("version", "1.0.0")?;
    if is("GetTile") {
        return tile::picture(request, app, kvp).await;
    }
    if is("GetFeatureInfo") {
        return tile::info(request, app, kvp).await;
    }
    Err(Refusal::not_one_of(Code::OperationNotSupported, "request", operation, &OPERATIONS))
}
