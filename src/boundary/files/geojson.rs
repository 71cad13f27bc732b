//! GeoJSON (RFC 7946): a collection, several pages of one, or a feature on each line.

use geo_types::Coord;
use geojson::{Geometry, GeometryValue, LineStringType, PolygonType};
use serde_json::{Map, Value, value::RawValue};

use super::{
    Part, RawFeature, RawFile, Ring,
    json::{Members, array_of, check_complete, given, members, text_of},
};
use crate::{boundary::file_crs::StatedCrs, model::Invalid};

pub(super) fn read(documents: &[Members<'_>]) -> Result<RawFile, String> {
    let mut crs: Option<StatedCrs> = None;
    let mut features = Vec::new();
    for document in documents {
        let kind = text_of(document, "type");
        match kind.as_deref() {
            Some("FeatureCollection") => {
                if let Some(stated) = crs_member(document)? {
                    if crs.as_ref().is_some_and(|before| before.crs != stated.crs) {
                        return Err("its pages say different coordinate systems".to_owned());
                    }
                    crs = Some(stated);
                }
                let found = array_of(document, "features")
                    .ok_or_else(|| "the collection has no array of 'features'".to_owned())?;
                features.extend(found.into_iter().map(|value| feature(&members(value).unwrap_or_default())));
            }
            // The first line may well be the only one.
            Some("Feature") => features.push(feature(document)),
            other => {
                let found =
                    other.map_or_else(|| "it has no 'type'".to_owned(), |it| format!("it is a '{it}'"));
                return Err(format!("a GeoJSON FeatureCollection was expected, but {found}"));
            }
        }
    }
    check_complete(documents)?;
    Ok(RawFile { crs, features })
}

/// Files from before RFC 7946 name their coordinate system.
fn crs_member(collection: &Members<'_>) -> Result<Option<StatedCrs>, String> {
    let Some(member) = given(collection, "crs") else { return Ok(None) };
    let member: Value = serde_json::from_str(member.get()).unwrap_or_default();
    let Some(name) = member.pointer("/properties/name").and_then(Value::as_str) else {
        return Err("its 'crs' member has no name; remove it, or give the name of the system".to_owned());
    };
    let stated = StatedCrs::by_name("its 'crs' member", name);
    // A name that is not understood is not overruled by the manifest: it may be mended in the file.
    stated.crs.clone().map(|_| Some(stated))
}

fn feature(feature: &Members<'_>) -> RawFeature {
    let properties = match given(feature, "properties").map(|raw| serde_json::from_str(raw.get())) {
        Some(Ok(Value::Object(properties))) => Ok(properties),
        Some(Err(cause)) => Err(format!("its properties cannot be read: {cause}")),
        _ => Ok(Map::new()),
    };
    let geometry = given(feature, "geometry").ok_or_else(|| "it has no geometry".to_owned()).and_then(parts);
    match properties {
        Ok(properties) => RawFeature { properties, parts: geometry },
        Err(fault) => RawFeature { properties: Map::new(), parts: Err(fault) },
    }
}

fn parts(geometry: &RawValue) -> Result<Vec<Part>, String> {
    let geometry: Geometry = serde_json::from_str(geometry.get())
        .map_err(|cause| format!("its geometry is not GeoJSON: {cause}"))?;
    match geometry.value {
        GeometryValue::Polygon { coordinates } => Ok(vec![part("", coordinates)?]),
        GeometryValue::MultiPolygon { coordinates } => coordinates
            .into_iter()
            .zip(1..)
            .map(|(coordinates, number)| part(&format!("part {number}, "), coordinates))
            .collect(),
        other => {
            Err(format!("its geometry is a {}; an area is a Polygon or a MultiPolygon", other.type_name()))
        }
    }
}

fn part(name: &str, rings: PolygonType) -> Result<Part, String> {
    rings
        .into_iter()
        .enumerate()
        .map(|(number, coordinates)| {
            ring(coordinates).map_err(|fault| match number {
                0 => format!("{name}exterior ring, {fault}"),
                _ => format!("{name}hole {number}, {fault}"),
            })
        })
        .collect()
}

fn ring(positions: LineStringType) -> Result<Ring, String> {
    positions
        .into_iter()
        .zip(1..)
        .map(|(position, number)| {
            if let [x, y, ..] = position.as_slice() {
                return Ok(Coord { x: *x, y: *y });
            }
            let fault = Invalid::new(position.len(), "a position has two numbers or more");
            Err(format!("vertex {number}: {fault}"))
        })
        .collect()
}
