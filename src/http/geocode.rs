//! Where positions are.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use serde::{Deserialize, Serialize};

use super::{
    App,
    body::json_body,
    etag::CACHE_CONTROL,
    parameters,
    problem::{FieldFault, Problem},
    query::Query,
};
use crate::{
    crs,
    model::{GridPoint, Invalid, LonLat, Metres, Position},
    service::geocoding::{AreaAt, Geocoded},
};

/// Lists of positions hold at most this many.
const MOST_POSITIONS: usize = 10_000;
/// A list that long takes about 1 MB; more is refused unread.
const MOST_LIST_BYTES: usize = 4 << 20;

/// `GET /geocode`: one position.
pub async fn one(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let position = parameters::position(&mut query);
    query.finish()?;
    // `finish` has refused whatever left no position.
    let (position, square) = position.ok_or_else(|| Problem::not_found("no position was given"))?;
    let document = Document::of(&app.service.geocode(position, square));
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, CACHE_CONTROL)).json(document))
}

/// `POST /geocode`: a JSON list of positions, answered in its order. A faulty entry is answered by
/// its fault and does not spoil the others.
pub async fn many(
    request: HttpRequest,
    app: web::Data<App>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    Query::of(&request)?.finish()?;
    let entries = read(&request, payload).await?;
    let service = app.service.clone();
    let answers = app
        .gate
        .run(move || {
            entries
                .into_iter()
                .map(|entry| match asked(entry).and_then(|asked| place(&asked)) {
                    Ok((position, square)) => {
                        Answer::Found(Box::new(Document::of(&service.geocode(position, square))))
                    }
                    Err(fault) => Answer::Faulty { error: located(fault) },
                })
                .collect::<Vec<_>>()
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(answers))
}

async fn read(request: &HttpRequest, payload: web::Payload) -> Result<Vec<serde_json::Value>, Problem> {
    let body = json_body(request, payload, MOST_LIST_BYTES, "a list of positions").await?;
    let entries: Vec<serde_json::Value> = serde_json::from_slice(&body).map_err(|error| {
        let rule =
            format!("it is a JSON list of positions, as in [{{\"lon\": -2.1, \"lat\": 52.5}}] ({error})");
        Problem::invalid("body", Invalid::new(String::from_utf8_lossy(&body), rule))
    })?;
    if entries.len() > MOST_POSITIONS {
        let rule = format!("a list has at most {MOST_POSITIONS} positions; send it in parts");
        return Err(Problem::invalid("body", Invalid::new(entries.len(), rule)));
    }
    Ok(entries)
}

/// A position as it is asked about.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    lon: Option<f64>,
    lat: Option<f64>,
    easting: Option<f64>,
    northing: Option<f64>,
    gridref: Option<String>,
}

/// The only shape of an entry is an object; `serde` would take an array of the members' values too.
fn asked(entry: serde_json::Value) -> Result<Asked, Invalid> {
    if !entry.is_object() {
        let rule = "a position is an object, as in {\"lon\": -2.1, \"lat\": 52.5}";
        return Err(Invalid::new(entry, rule));
    }
    let shown = entry.to_string();
    serde_json::from_value(entry).map_err(|error| Invalid::new(shown, error.to_string()))
}

fn located(fault: Invalid) -> FieldFault {
    FieldFault { place: "position".to_owned(), value: fault.value, rule: fault.rule }
}

fn place(asked: &Asked) -> Result<(Position, Option<Metres>), Invalid> {
    match (asked.lon, asked.lat, asked.easting, asked.northing, asked.gridref.as_deref()) {
        (Some(lon), Some(lat), None, None, None) => {
            LonLat::new(lon, lat).and_then(crs::from_lonlat).map(|at| (at, None))
        }
        (None, None, Some(easting), Some(northing), None) => {
            GridPoint::new(easting, northing).and_then(crs::from_grid).map(|at| (at, None))
        }
        (None, None, None, None, Some(reference)) => crs::gridref::parse(reference)
            .and_then(|(centre, side)| crs::from_grid(centre).map(|at| (at, Some(side)))),
        _ => Err(Invalid::new(
            "",
            "give lon and lat, or easting and northing, or gridref, and only one of them",
        )),
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Found(Box<Document>),
    Faulty { error: FieldFault },
}

#[derive(Serialize)]
struct Document {
    lon: f64,
    lat: f64,
    easting_m: f64,
    northing_m: f64,
    square_m: Option<f64>,
    inside: bool,
    outline_distance_m: f64,
    areas: Vec<AreaDocument>,
    h3: std::collections::BTreeMap<u8, String>,
}

#[derive(Serialize)]
struct AreaDocument {
    layer: String,
    vintage: String,
    code: Option<String>,
    name: Option<String>,
    border_distance_m: f64,
}

impl Document {
    fn of(found: &Geocoded) -> Self {
        let area = |at: &AreaAt| AreaDocument {
            layer: at.layer.to_string(),
            vintage: at.vintage.clone(),
            code: at.area.as_ref().map(|(code, _)| code.to_string()),
            name: at.area.as_ref().map(|(_, name)| name.clone()),
            border_distance_m: at.border_distance_m,
        };
        Self {
            lon: found.position.lonlat.lon_deg(),
            lat: found.position.lonlat.lat_deg(),
            easting_m: found.position.grid.easting_m(),
            northing_m: found.position.grid.northing_m(),
            square_m: found.square.map(Metres::get),
            inside: found.inside,
            outline_distance_m: found.outline_distance_m,
            areas: found.areas.iter().map(area).collect(),
            h3: found.cells.iter().cloned().collect(),
        }
    }
}
