//! ArcGIS JSON, as the services of public bodies answer it: sets of features with `attributes` and `rings`.

use geo_types::Coord;
use serde::Deserialize;
use serde_json::{Map, Value, value::RawValue};

use super::{
    Part, RawFeature, RawFile, Ring, assembled,
    json::{Members, array_of, check_complete, given, members, text_of},
};
use crate::boundary::file_crs::StatedCrs;

/// Whether a document is an ArcGIS answer, by its members: GeoJSON has none of these and always a `type`.
pub(super) fn is_of_it(document: &Members<'_>) -> bool {
    let has = |name| given(document, name).is_some();
    text_of(document, "type").is_none()
        && (has("error")
            || has("features")
                && (has("geometryType") || has("spatialReference") || has_attributes(document)))
}

fn has_attributes(document: &Members<'_>) -> bool {
    array_of(document, "features")
        .and_then(|features| members(features.first()?))
        .is_some_and(|first| first.contains_key("attributes"))
}

pub(super) fn read(documents: &[Members<'_>]) -> Result<RawFile, String> {
    let mut crs: Option<StatedCrs> = None;
    let mut features = Vec::new();
    for document in documents {
        if let Some(error) = given(document, "error") {
            return Err(told(error));
        }
        if !is_of_it(document) {
            return Err("some of its documents are ArcGIS sets of features, others are not".to_owned());
        }
        let found =
            array_of(document, "features").ok_or_else(|| "the set has no array of 'features'".to_owned())?;
        // A page without features has no spatial reference that would matter.
        if let Some(stated) = spatial_reference(document).filter(|_| !found.is_empty()) {
            if crs.as_ref().is_some_and(|before| before.crs != stated.crs) {
                return Err("its pages say different coordinate systems".to_owned());
            }
            crs = Some(stated);
        }
        features.extend(found.into_iter().map(|value| feature(&members(value).unwrap_or_default())));
    }
    check_complete(documents)?;
    Ok(RawFile { crs, features })
}

/// What a service says instead of an answer.
fn told(error: &RawValue) -> String {
    let error: Value = serde_json::from_str(error.get()).unwrap_or_default();
    let member = |name| error.get(name).filter(|value| !value.is_null());
    let code = member("code").map_or_else(String::new, |code| format!(" {code}"));
    let message = match member("message") {
        Some(Value::String(message)) => message.chars().take(200).collect(),
        _ => "no message".to_owned(),
    };
    format!("it is no data but an error of the service that was asked:{code} '{message}'")
}

fn spatial_reference(document: &Members<'_>) -> Option<StatedCrs> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Reference {
        wkid: Option<u32>,
        latest_wkid: Option<u32>,
        wkt: Option<String>,
    }
    let reference: Reference = serde_json::from_str(given(document, "spatialReference")?.get()).ok()?;
    match (reference.latest_wkid.or(reference.wkid), reference.wkt) {
        // Older services give Web Mercator by Esri's own number only.
        (Some(102_100), _) => Some(StatedCrs::by_name("its 'spatialReference'", "EPSG:3857")),
        (Some(number), _) => Some(StatedCrs::by_name("its 'spatialReference'", &format!("EPSG:{number}"))),
        (None, Some(text)) => Some(super::wkt::stated("its 'spatialReference'", &text)),
        (None, None) => None,
    }
}

fn feature(feature: &Members<'_>) -> RawFeature {
    let properties = match given(feature, "attributes").map(|raw| serde_json::from_str(raw.get())) {
        Some(Ok(Value::Object(properties))) => properties,
        _ => Map::new(),
    };
    let parts = given(feature, "geometry").ok_or_else(|| "it has no geometry".to_owned()).and_then(parts);
    RawFeature { properties, parts }
}

fn parts(geometry: &RawValue) -> Result<Vec<Part>, String> {
    let found = members(geometry).ok_or_else(|| "its geometry is no JSON object".to_owned())?;
    if found.contains_key("curveRings") {
        return Err("its geometry has curves; ask the service for rings of straight edges".to_owned());
    }
    let rings = given(&found, "rings").ok_or_else(|| {
        let members: Vec<_> = found.keys().map(String::as_str).collect();
        format!("its geometry has no 'rings' but {}; an area is a polygon", members.join(", "))
    })?;
    let rings: Vec<Vec<Position>> = serde_json::from_str(rings.get()).map_err(|cause| {
        format!("its 'rings' are not arrays of positions of two numbers or more: {cause}")
    })?;
    let rings = rings.into_iter().map(|ring| ring.into_iter().map(|Position(at)| at).collect::<Ring>());
    assembled(rings.collect())
}

/// A position of two numbers or more; heights and measures are dropped.
struct Position(Coord<f64>);

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: serde::Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct Numbers;
        impl<'de> serde::de::Visitor<'de> for Numbers {
            type Value = Position;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a position of two numbers or more")
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut numbers: A) -> Result<Position, A::Error> {
                let mut next = |index| {
                    numbers
                        .next_element()?
                        .ok_or_else(|| serde::de::Error::invalid_length(index, &"two numbers or more"))
                };
                let at = Coord { x: next(0)?, y: next(1)? };
                while numbers.next_element::<serde::de::IgnoredAny>()?.is_some() {}
                Ok(Position(at))
            }
        }
        source.deserialize_seq(Numbers)
    }
}
