//! Writing drawn layers as GeoJSON (RFC 7946): EPSG:4326, exteriors anticlockwise.

use std::{fs, path::Path};

use geo::{
    MapCoords,
    orient::{Direction, Orient},
};
use geo_types::{Coord, LineString, Polygon};
use serde::Serialize;

use super::Drawn;
use crate::{
    crs::osgb,
    model::{GridPoint, Invalid},
};

#[derive(Serialize)]
struct Feature<'a> {
    r#type: &'static str,
    properties: Properties<'a>,
    geometry: Geometry,
}

#[derive(Serialize)]
struct Properties<'a> {
    code: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ward: Option<&'a str>,
    schematic: bool,
    note: &'a str,
}

#[derive(Serialize)]
#[serde(tag = "type")]
enum Geometry {
    Polygon { coordinates: Vec<Ring> },
    MultiPolygon { coordinates: Vec<Vec<Ring>> },
}

type Ring = Vec<[f64; 2]>;

/// Writes a collection with one feature on a line, so that changes can be read.
pub(super) fn collection(path: &Path, drawn: &[Drawn], note: &str) -> Result<(), String> {
    let lines: Vec<String> = drawn
        .iter()
        .map(|drawn| {
            let feature = feature(drawn, note).map_err(|fault| format!("{}: {fault}", drawn.code))?;
            serde_json::to_string(&feature).map_err(|cause| format!("{}: {cause}", drawn.code))
        })
        .collect::<Result<_, _>>()?;
    let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", lines.join(",\n"));
    fs::write(path, text).map_err(|cause| format!("it cannot be written: {cause}"))
}

fn feature<'a>(drawn: &'a Drawn, note: &'a str) -> Result<Feature<'a>, Invalid> {
    let degrees = drawn.shape.orient(Direction::Default).try_map_coords(to_degrees)?;
    let mut parts: Vec<Vec<Ring>> = degrees.iter().map(rings).collect();
    let geometry = match (parts.pop(), parts.is_empty()) {
        (Some(coordinates), true) => Geometry::Polygon { coordinates },
        (last, _) => {
            parts.extend(last);
            Geometry::MultiPolygon { coordinates: parts }
        }
    };
    let properties = Properties {
        code: &drawn.code,
        name: &drawn.name,
        ward: drawn.ward.as_deref(),
        schematic: true,
        note,
    };
    Ok(Feature { r#type: "Feature", properties, geometry })
}

fn rings(part: &Polygon<f64>) -> Vec<Ring> {
    let ring = |ring: &LineString<f64>| ring.coords().map(|at| [at.x, at.y]).collect();
    std::iter::once(part.exterior()).chain(part.interiors()).map(ring).collect()
}

/// Seven decimals: about a centimetre.
fn to_degrees(at: Coord<f64>) -> Result<Coord<f64>, Invalid> {
    let degrees = osgb::to_lonlat(GridPoint::new(at.x, at.y)?)?;
    let round = |value: f64| (value * 1e7).round() / 1e7;
    Ok(Coord { x: round(degrees.lon_deg()), y: round(degrees.lat_deg()) })
}
