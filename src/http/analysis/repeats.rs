//! `GET /analysis/repeats`: repeat locations as JSON, GeoJSON or CSV.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{Asked, Members};
use crate::{
    analysis::concentration::repeats::{Repeats, Times},
    http::{
        App,
        answer::{csv, json},
        negotiate::Format,
        problem::Problem,
    },
    render::geojson::{Feature, FeatureCollection, point, rounded},
    service::analysis::repeats::{RepeatLocations, RepeatPlace},
};

const DEFAULT_LIMIT: u32 = 20;

/// Answers it.
pub async fn repeats(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut asked = Asked::of(&request, &app, &[Format::Json, Format::GeoJson, Format::Csv])?;
    let limit = asked.query.whole("limit", 1..=10_000).unwrap_or(DEFAULT_LIMIT);
    // A place with its incidents is as good as these.
    let limit = if app.audience.may_see_incidents() { limit } else { 0 };
    asked
        .answer(move |asked, service, snapshot| {
            let found = service.repeats(&asked.scope, limit, snapshot)?;
            let members = || RepeatMembers::of(&found, asked.members("repeat locations", &found.about));
            match asked.format {
                Format::Csv => csv(&COLUMNS, &places(&found).collect::<Vec<_>>()),
                Format::GeoJson => {
                    let features = found.top.iter().zip(places(&found)).map(|(at, place)| {
                        Feature::new(format!("place-{}", place.rank), point(at.position.lonlat), place)
                    });
                    json(&FeatureCollection::new(members(), features.collect()))
                }
                _ => json(&RepeatDocument { members: members(), places: places(&found).collect() }),
            }
        })
        .await
}

#[derive(Serialize)]
struct RepeatDocument {
    #[serde(flatten)]
    members: RepeatMembers,
    places: Vec<Place>,
}

#[derive(Serialize)]
struct RepeatMembers {
    #[serde(flatten)]
    members: Members,
    incidents: u64,
    places_known: u64,
    at_repeat_places: u64,
    repeat_share: Option<f64>,
    repeat_share_expected: Option<f64>,
    rows: Vec<Row>,
}

impl RepeatMembers {
    fn of(found: &RepeatLocations<'_>, members: Members) -> Self {
        let Repeats { rows, incidents, places, at_repeat_places, repeat_share, repeat_share_expected } =
            &found.repeats;
        Self {
            members,
            incidents: *incidents,
            places_known: *places,
            at_repeat_places: *at_repeat_places,
            repeat_share: *repeat_share,
            repeat_share_expected: *repeat_share_expected,
            rows: rows.iter().map(Row::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct Row {
    times: u64,
    and_more: bool,
    places: u64,
    incidents: u64,
    places_expected: f64,
}

impl Row {
    fn of(at: &Times) -> Self {
        Self {
            times: at.times,
            and_more: at.and_more,
            places: at.places,
            incidents: at.incidents,
            places_expected: at.places_expected,
        }
    }
}

/// The members of [`Place`] in their order.
const COLUMNS: [&str; 10] =
    ["rank", "count", "weighted", "share", "street", "categories", "easting_m", "northing_m", "lon", "lat"];

#[derive(Serialize)]
struct Place {
    rank: usize,
    count: u64,
    weighted: f64,
    share: f64,
    street: Option<String>,
    categories: String,
    easting_m: f64,
    northing_m: f64,
    lon: f64,
    lat: f64,
}

impl Place {
    fn of(rank: usize, at: &RepeatPlace<'_>, incidents: u64) -> Self {
        let categories = at.categories.iter().map(|(category, count)| format!("{category} {count}"));
        Self {
            rank,
            count: at.count,
            weighted: at.weighted,
            share: at.count as f64 / incidents as f64,
            street: at.street.map(str::to_owned),
            categories: categories.collect::<Vec<_>>().join(", "),
            easting_m: at.position.grid.easting_m(),
            northing_m: at.position.grid.northing_m(),
            lon: rounded(at.position.lonlat.lon_deg()),
            lat: rounded(at.position.lonlat.lat_deg()),
        }
    }
}

fn places<'a>(found: &'a RepeatLocations<'_>) -> impl Iterator<Item = Place> + 'a {
    (1..).zip(&found.top).map(|(rank, at)| Place::of(rank, at, found.repeats.incidents))
}
