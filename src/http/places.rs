//! `GET /places`: places by what somebody types.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{
    App,
    answer::{answer, json},
    negotiate::Format,
    problem::Problem,
    query::Query,
};
use crate::{
    model::Invalid,
    render::geojson::rounded,
    service::places::{Place, PlaceKind},
};

/// Fewest characters that are looked for: one is the beginning of too much.
const FEWEST: usize = 2;
/// Most characters; no name is as long.
const MOST: usize = 100;

/// Answers it.
pub async fn places(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let typed = query.read("q", typed);
    let most = query.whole("limit", 1..=20).unwrap_or(8) as usize;
    query.finish()?;
    let typed = typed.ok_or_else(|| {
        Problem::invalid("query parameter q", Invalid::new("", "it is needed: what to look for, as in q=hal"))
    })?;
    let with_streets = app.audience.may_see_incidents();
    answer(&request, &app, Format::Json, move |service, snapshot| {
        let found = service.places(&typed, most, with_streets, snapshot);
        json(&Document { results: found.iter().map(PlaceDocument::of).collect() })
    })
    .await
}

fn typed(text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    match text.chars().count() {
        FEWEST..=MOST => Ok(text.to_owned()),
        _ => Err(Invalid::new(text, format!("{FEWEST} to {MOST} characters, without spaces around them"))),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    results: Vec<PlaceDocument<'a>>,
}

#[derive(Serialize)]
struct PlaceDocument<'a> {
    kind: &'a str,
    name: &'a str,
    context: Option<&'a str>,
    code: Option<&'a str>,
    lon: f64,
    lat: f64,
    bbox: Option<[f64; 4]>,
}

impl<'a> PlaceDocument<'a> {
    fn of(place: &'a Place) -> Self {
        // What somebody typed is given back as it was.
        let degrees = |value: f64| if place.kind == PlaceKind::Coordinates { value } else { rounded(value) };
        Self {
            kind: place.kind.as_str(),
            name: &place.name,
            context: place.context.as_deref(),
            code: place.code.as_deref(),
            lon: degrees(place.at.lonlat.lon_deg()),
            lat: degrees(place.at.lonlat.lat_deg()),
            bbox: place.bbox.map(|corners| corners.map(rounded)),
        }
    }
}
