//! Where positions are, and what is so called.

mod document;

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use document::{Answer, Document, FoundDocument};
use serde::Deserialize;

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
    service::Service,
    snapshot::Snapshot,
};

/// Lists of positions hold at most this many.
const MOST_POSITIONS: usize = 10_000;
/// A list that long takes about 1 MB; more is refused unread.
const MOST_LIST_BYTES: usize = 4 << 20;

/// Characters of a text that is looked for; no name is as long.
const LONGEST_TEXT: usize = 100;
/// The ways to give a position, of which none goes with a text.
const POSITIONS: [&str; 5] = ["lon", "lat", "easting", "northing", "gridref"];

/// `GET /geocode`: one position, or every place that a text names.
pub async fn one(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    if let Some(text) = query.read("q", named) {
        return find(text, query, app).await;
    }
    let position = parameters::position(&mut query);
    query.finish()?;
    // `finish` has refused whatever left no position.
    let (position, square) = position.ok_or_else(|| Problem::not_found("no position was given"))?;
    let document = Document::of(&app.service.geocode(position, square));
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, CACHE_CONTROL)).json(document))
}

async fn find(text: String, mut query: Query, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    for name in POSITIONS {
        if query.read(name, |value| Ok(value.to_owned())).is_some() {
            query.fault(name, Invalid::new(&text, "q stands alone: give q, or a position, and not both"));
        }
    }
    query.finish()?;
    let (service, snapshot) = (app.service.clone(), app.service.snapshot());
    let with_streets = app.audience.may_see_incidents();
    let document = app
        .gate
        .run(move || {
            let found = service.find(&text, with_streets, false, &snapshot);
            FoundDocument::of(text, found)
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, CACHE_CONTROL)).json(document))
}

/// Checks a text that is looked for.
fn named(text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    match text.chars().count() {
        1..=LONGEST_TEXT => Ok(text.to_owned()),
        _ => Err(Invalid::new(text, format!("a place is named by 1 to {LONGEST_TEXT} characters"))),
    }
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
    let (service, snapshot) = (app.service.clone(), app.service.snapshot());
    let with_streets = app.audience.may_see_incidents();
    let answers = app
        .gate
        .run(move || {
            entries
                .into_iter()
                .map(|entry| {
                    let answered =
                        asked(entry).and_then(|asked| answer(asked, with_streets, &service, &snapshot));
                    answered.unwrap_or_else(|fault| Answer::Faulty { error: located(fault) })
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

/// A position as it is asked about, or what names one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    lon: Option<f64>,
    lat: Option<f64>,
    easting: Option<f64>,
    northing: Option<f64>,
    gridref: Option<String>,
    postcode: Option<String>,
    uprn: Option<serde_json::Value>,
    q: Option<String>,
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

/// Answers an entry. Similar names are not looked for: a list may be long.
fn answer(
    asked: Asked,
    with_streets: bool,
    service: &Service,
    snapshot: &Snapshot,
) -> Result<Answer, Invalid> {
    let of_position = |(position, square): (Position, Option<Metres>)| {
        Answer::Found(Box::new(Document::of(&service.geocode(position, square))))
    };
    let Asked { lon, lat, easting, northing, gridref, postcode, uprn, q } = asked;
    let pairs = (lon.zip(lat), easting.zip(northing));
    let given = [lon, lat, easting, northing].iter().flatten().count()
        + [&gridref, &postcode, &q].into_iter().flatten().count()
        + usize::from(uprn.is_some());
    match (pairs, gridref, postcode, uprn, q, given) {
        ((Some((lon, lat)), _), .., 2) => {
            LonLat::new(lon, lat).and_then(crs::from_lonlat).map(|at| of_position((at, None)))
        }
        ((_, Some((easting, northing))), .., 2) => {
            GridPoint::new(easting, northing).and_then(crs::from_grid).map(|at| of_position((at, None)))
        }
        (_, Some(reference), .., 1) => {
            let (centre, side) = crs::gridref::parse(&reference)?;
            crs::from_grid(centre).map(|at| of_position((at, Some(side))))
        }
        (_, _, Some(postcode), _, _, 1) => {
            service.position_of_postcode(&postcode).map(|at| of_position((at, None)))
        }
        (_, _, _, Some(uprn), _, 1) => {
            // A number is as good as its digits in a text.
            let digits = uprn.as_str().map_or_else(|| uprn.to_string(), str::to_owned);
            service.position_of_uprn(&digits).map(|at| of_position((at, None)))
        }
        (.., Some(text), 1) => {
            let text = named(&text)?;
            let found = service.find(&text, with_streets, true, snapshot);
            Ok(Answer::Named(FoundDocument::of(text, found)))
        }
        _ => Err(Invalid::new(
            "",
            "give lon and lat, or easting and northing, or gridref, postcode, uprn or q, and only one of them",
        )),
    }
}
