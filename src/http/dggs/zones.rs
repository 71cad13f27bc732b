//! `GET /dggs/H3/zones`: the zones of a level in a box, or in another zone.

use actix_web::{HttpRequest, HttpResponse, web};
use geo::BoundingRect;
use serde::Serialize;

use super::{H3, known_grid, rel};
use crate::{
    analysis::hex::{Zone, ZoneLevel},
    feature::{Bounds, Plane},
    http::{
        App, Link,
        answer::{answer, csv, json},
        features::{
            everywhere,
            links::{link, own},
        },
        layer::{self, Window},
        negotiate::{self, Format},
        parameters::Address,
        problem::Problem,
        query::Query,
    },
    model::{Invalid, LonLat},
    render::geojson::{Feature, FeatureCollection, multi_polygon},
    service::Service,
};

pub(super) const FORMATS: [Format; 3] = [Format::Json, Format::GeoJson, Format::Csv];
/// Most zones of one answer.
const MOST_ZONES: usize = 100_000;
/// The level where none is named: cells of some streets.
const USUAL_LEVEL: u8 = 9;

/// Which zones are asked for.
struct Asked {
    level: ZoneLevel,
    window: Option<Window>,
    parent: Option<Zone>,
}

/// Answers it.
pub async fn zones(
    request: HttpRequest,
    app: web::Data<App>,
    grid: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    known_grid(&grid)?;
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &FORMATS);
    let level = level(&mut query).map_or_else(|| ZoneLevel::new(USUAL_LEVEL), Ok);
    let (window, parent) = (layer::window(&mut query), query.parse::<Zone>("parent-zone"));
    let compact = compact(&mut query);
    query.finish()?;
    let level = level.map_err(|fault| Problem::internal(&fault))?;
    let (format, address) = (format?, Address::of(&request, &app));
    let asked = Asked { level, window, parent };
    answer(&request, &app, format, move |service, _| {
        let zones =
            asked.zones(service).map_err(|fault| Problem::invalid("query parameter zone-level", fault))?;
        encode(zones, compact, format, &address)
    })
    .await
}

/// Reads the level: `zone-level`, or `resolution` as hex layers call it.
fn level(query: &mut Query) -> Option<ZoneLevel> {
    let (level, resolution) =
        (query.parse::<ZoneLevel>("zone-level"), query.parse::<ZoneLevel>("resolution"));
    if let (Some(level), Some(resolution)) = (level, resolution)
        && level != resolution
    {
        let rule = format!("the same as zone-level, which is {}", level.get());
        query.fault("resolution", Invalid::new(resolution.get(), rule));
    }
    level.or(resolution)
}

/// Reads whether all sub-zones of a zone are listed as that zone.
pub(super) fn compact(query: &mut Query) -> bool {
    query.choice("compact-zones", &[("true", true), ("false", false)]).unwrap_or(true)
}

impl Asked {
    fn zones(&self, service: &Service) -> Result<Vec<Zone>, Invalid> {
        let Self { level, window, parent } = self;
        if let Some(parent) = parent {
            let depth = level.get().checked_sub(parent.level().get());
            let Some(depth) = depth else {
                let rule =
                    format!("the level of the parent zone or a deeper one: from {}", parent.level().get());
                return Err(Invalid::new(level.get(), rule));
            };
            if window.is_none() {
                let count = parent.count_at(*level);
                if count > MOST_ZONES as u64 {
                    let rule = format!(
                        "{count} zones of this level lie in the parent zone, and at most {MOST_ZONES} are listed"
                    );
                    return Err(Invalid::new(level.get(), rule));
                }
                return Ok(parent.descendants(depth).collect());
            }
        }
        let mut zones = Vec::new();
        for bounds in boxes(window.as_ref(), service) {
            let corner = |at: geo_types::Coord| LonLat::new(at.x, at.y);
            let found = Zone::covering(corner(bounds.min())?, corner(bounds.max())?, *level, MOST_ZONES)?;
            zones.extend(found.into_iter().filter(|zone| parent.is_none_or(|parent| parent.holds(*zone))));
        }
        zones.sort_unstable();
        zones.dedup();
        Ok(zones)
    }
}

/// What is asked for in degrees, as far as the national grid reaches; the box around the borough where nothing is
/// said.
fn boxes(window: Option<&Window>, service: &Service) -> Vec<Bounds> {
    let Some(window) = window else {
        let outline = service.boundaries().outline.lonlat.0.bounding_rect();
        return outline.and_then(|rect| Bounds::new(rect.min(), rect.max()).ok()).into_iter().collect();
    };
    let plane = window.crs.plane();
    let parts = window.parts.iter().filter_map(|part| plane.bounds_in(part, Plane::Degrees));
    parts.filter_map(|part| shared(&part, &everywhere())).collect()
}

/// The box that two boxes share.
fn shared(one: &Bounds, other: &Bounds) -> Option<Bounds> {
    let (low, high) = (
        geo_types::coord! { x: one.min().x.max(other.min().x), y: one.min().y.max(other.min().y) },
        geo_types::coord! { x: one.max().x.min(other.max().x), y: one.max().y.min(other.max().y) },
    );
    Bounds::new(low, high).ok()
}

#[derive(Serialize)]
struct List {
    zones: Vec<String>,
    links: Vec<Link>,
}

#[derive(Serialize)]
struct Properties {
    hex_id: String,
    level: u8,
}

#[derive(Serialize)]
struct Links {
    links: Vec<Link>,
}

/// Zones in a format.
pub(super) fn encode(
    zones: Vec<Zone>,
    compact: bool,
    format: Format,
    address: &Address,
) -> Result<Vec<u8>, Problem> {
    let zones = if compact { Zone::compacted(zones) } else { zones };
    let mut links = own(address, format, &FORMATS);
    links.push(link(rel::GRID, &format!("{}/dggs/{H3}", address.base()), Format::Json, "The grid"));
    let properties = |zone: &Zone| Properties { hex_id: zone.to_string(), level: zone.level().get() };
    match format {
        Format::Csv => csv(&["hex_id", "level"], &zones.iter().map(properties).collect::<Vec<_>>()),
        Format::GeoJson => {
            let feature =
                |zone: &Zone| Feature::new(zone.to_string(), multi_polygon(&zone.shape()), properties(zone));
            json(&FeatureCollection::new(Links { links }, zones.iter().map(feature).collect()))
        }
        _ => json(&List { zones: zones.iter().map(Zone::to_string).collect(), links }),
    }
}
