//! `GET /dggs/H3/zones/{zone}`: what a zone is.

use actix_web::{HttpRequest, HttpResponse, web};
use geojson::Geometry;
use serde::Serialize;

use super::{H3, H3_URI, known_grid, known_zone, rel};
use crate::{
    analysis::hex::Zone,
    feature::Crs,
    http::{
        App, Link,
        answer::{answer, json},
        features::links::{link, own},
        negotiate::{self, Format},
        parameters::Address,
        problem::Problem,
        query::Query,
    },
    render::geojson::{multi_polygon, rounded},
};

const FORMATS: [Format; 2] = [Format::Json, Format::GeoJson];

/// What there is to say about a zone beside its ground.
#[derive(Serialize)]
struct About {
    level: u8,
    #[serde(rename = "shapeType")]
    shape_type: &'static str,
    crs: &'static str,
    centroid: [f64; 2],
    #[serde(rename = "areaMetersSquare")]
    area_m2: f64,
    parent: Option<String>,
    children: Vec<String>,
    neighbours: Vec<String>,
}

#[derive(Serialize)]
struct Document {
    id: String,
    dggrs: &'static str,
    #[serde(flatten)]
    about: About,
    bbox: Option<[f64; 4]>,
    geometry: Geometry,
    links: Vec<Link>,
}

/// The same as a feature.
#[derive(Serialize)]
struct Feature {
    r#type: &'static str,
    id: String,
    bbox: Option<[f64; 4]>,
    geometry: Geometry,
    properties: About,
    links: Vec<Link>,
}

/// Answers it.
pub async fn zone(
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    known_grid(&path.0)?;
    let zone = known_zone(&path.1)?;
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &FORMATS);
    query.finish()?;
    let (format, address) = (format?, Address::of(&request, &app));
    answer(&request, &app, format, move |_, _| {
        let about = about(zone)?;
        let links = links(zone, &address, format);
        let (id, geometry) = (zone.to_string(), multi_polygon(&zone.shape()));
        let bbox = zone.limits().map(|limits| limits.map(rounded));
        if format == Format::GeoJson {
            return json(&Feature { r#type: "Feature", id, bbox, geometry, properties: about, links });
        }
        json(&Document { id, dggrs: H3_URI, about, bbox, geometry, links })
    })
    .await
}

fn about(zone: Zone) -> Result<About, Problem> {
    let centre = zone.centre().map_err(|fault| Problem::internal(&fault))?;
    let names = |zones: &mut dyn Iterator<Item = Zone>| zones.map(|zone| zone.to_string()).collect();
    Ok(About {
        level: zone.level().get(),
        shape_type: if zone.is_pentagon() { "pentagon" } else { "hexagon" },
        crs: Crs::Crs84.uri(),
        centroid: [centre.lon_deg(), centre.lat_deg()].map(rounded),
        area_m2: (zone.area_m2() * 1e3).round() / 1e3,
        parent: zone.parent().map(|parent| parent.to_string()),
        children: names(&mut zone.descendants(1)),
        neighbours: names(&mut zone.neighbours().into_iter()),
    })
}

fn links(zone: Zone, address: &Address, format: Format) -> Vec<Link> {
    let grid = format!("{}/dggs/{H3}", address.base());
    let to = |rel: &'static str, title: &'static str| {
        let grid = grid.clone();
        move |zone: Zone| link(rel, &format!("{grid}/zones/{zone}"), Format::Json, title)
    };
    let mut links = own(address, format, &FORMATS);
    links.push(link(rel::GRID, &grid, Format::Json, "The grid"));
    links.extend(zone.parent().map(to(rel::PARENT, "The zone above")));
    links.extend(zone.descendants(1).map(to(rel::CHILD, "A sub-zone")));
    links.extend(zone.neighbours().into_iter().map(to(rel::NEIGHBOUR, "A zone beside it")));
    links
}
