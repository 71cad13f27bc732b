//! What is known about positions and places, on the wire.

use serde::Serialize;

use crate::{
    http::problem::FieldFault,
    model::Metres,
    render::geojson::rounded,
    service::{
        geocoding::{AreaAt, Geocoded},
        places::find::{Found, Match},
    },
};

/// The answer to one entry of a list.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Answer {
    Found(Box<Document>),
    Named(FoundDocument),
    Faulty { error: FieldFault },
}

/// What is known about a position.
#[derive(Serialize)]
pub(super) struct Document {
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
    pub(super) fn of(found: &Geocoded) -> Self {
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

/// What a text names.
#[derive(Serialize)]
pub(super) struct FoundDocument {
    query: String,
    matches: Vec<MatchDocument>,
    notice: Option<String>,
}

#[derive(Serialize)]
struct MatchDocument {
    kind: String,
    name: String,
    context: Option<String>,
    code: Option<String>,
    precision_m: Option<f64>,
    detail: Option<String>,
    bbox: Option<[f64; 4]>,
    #[serde(flatten)]
    at: Document,
}

impl FoundDocument {
    pub(super) fn of(query: String, found: Found) -> Self {
        let matched = |Match { place, at }: Match| MatchDocument {
            kind: place.kind.as_str().to_owned(),
            name: place.name,
            context: place.context,
            code: place.code,
            precision_m: place.precision_m,
            detail: place.detail,
            bbox: place.bbox.map(|corners| corners.map(rounded)),
            at: Document::of(&at),
        };
        Self { query, matches: found.matches.into_iter().map(matched).collect(), notice: found.notice }
    }
}
