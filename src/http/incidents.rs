//! Incidents by place.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{
    App,
    answer::{answer, json},
    negotiate::{self, Format},
    parameters,
    problem::Problem,
    query::Query,
};
use crate::{
    crs,
    model::{GridPoint, Invalid, LonLat},
    render::geojson::{Feature, FeatureCollection, point},
    service::nearby::{Nearby, Place},
    snapshot::Snapshot,
};

/// Most incidents in one answer.
const MOST_INCIDENTS: u32 = 10_000;

#[derive(Serialize)]
struct Members {
    notices: Vec<String>,
    #[serde(rename = "numberReturned")]
    number_returned: usize,
    #[serde(rename = "numberMatched", skip_serializing_if = "Option::is_none")]
    number_matched: Option<usize>,
}

#[derive(Serialize)]
struct Properties {
    category: String,
    occurred_from: String,
    occurred_to: String,
    precision: &'static str,
    month: String,
    source: String,
    street: Option<String>,
    outcome: Option<String>,
    weight: f64,
    positioned_by: &'static str,
}

/// `GET /incidents`: in a box, within a distance of a point, or nearest to it.
pub async fn nearby(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &[Format::GeoJson]);
    let scope = parameters::scope(&mut query, &app.service, None);
    let limit = query.whole("limit", 1..=MOST_INCIDENTS).unwrap_or(100) as usize;
    let place = place(&mut query);
    query.finish()?;
    if !app.audience.may_see_incidents() {
        return Err(Problem::not_found("incidents are not open to the audience of this service"));
    }
    let place = place.ok_or_else(|| Problem::not_found("no place was given"))?;
    answer(&request, &app, format?, move |service, snapshot| {
        let Nearby { rows, matched } = service.nearby(place, &scope, limit, snapshot)?;
        let features: Vec<_> = rows.iter().filter_map(|row| feature(*row as usize, snapshot)).collect();
        let members = Members {
            notices: service.standing_notices().into_iter().chain(service.synthetic_notice()).collect(),
            number_returned: features.len(),
            number_matched: matched,
        };
        json(&FeatureCollection::new(members, features))
    })
    .await
}

/// `bbox`, or `near` with or without `radius_m`.
fn place(query: &mut Query) -> Option<Place> {
    let bbox = query.read("bbox", parameters::bbox);
    let near = query.read("near", near);
    let radius = parameters::metres(query, "radius_m");
    if query.has_faults() {
        return None;
    }
    match (bbox, near, radius) {
        (Some((min, max)), None, None) => Some(Place::Box { min, max }),
        (None, Some(centre), Some(radius)) => Some(Place::Radius { centre, radius }),
        (None, Some(centre), None) => Some(Place::Nearest { centre }),
        _ => {
            query.fault("bbox, near", Invalid::new("", "give bbox, or near with or without radius_m"));
            None
        }
    }
}

fn near(text: &str) -> Result<GridPoint, Invalid> {
    let rule = "a position is lon,lat in degrees, as in -2.08,52.51";
    let (lon, lat) = text.split_once(',').ok_or_else(|| Invalid::new(text, rule))?;
    let (lon, lat) = (super::query::finite(lon.trim())?, super::query::finite(lat.trim())?);
    LonLat::new(lon, lat).and_then(crs::osgb::to_grid).map_err(|fault| Invalid::new(text, fault.rule))
}

fn feature(row: usize, snapshot: &Snapshot) -> Option<Feature<Properties>> {
    let at = snapshot.place(row)?;
    let occurred = snapshot.occurred(row);
    let instant =
        |second: i64| jiff::Timestamp::from_second(second).map(|t| t.to_string()).unwrap_or_default();
    let properties = Properties {
        category: snapshot.categories()[usize::from(snapshot.category(row))].clone(),
        occurred_from: instant(occurred.start_s()),
        occurred_to: instant(occurred.end_s()),
        precision: occurred.precision().as_str(),
        month: snapshot.month(row).to_string(),
        source: snapshot.sources()[usize::from(snapshot.source(row))].clone(),
        street: snapshot.street(row).map(str::to_owned),
        outcome: snapshot.outcome(row).map(str::to_owned),
        weight: snapshot.weight(row),
        positioned_by: snapshot.positioned_by(row).as_str(),
    };
    Some(Feature::new(snapshot.row_id(row).to_string(), point(snapshot.places().lonlat(at)), properties))
}
