//! Reading the features of a boundary file.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use geo::Area as _;
use geojson::{Geometry, GeometryValue, JsonObject, JsonValue};

use super::{
    fault::{BoundaryFault, BoundaryFaults},
    shape::{self, FileCrs},
};
use crate::model::{Area, AreaCode, Denominators, GridShape, Invalid, LonLatShape, SquareMetres};

/// A boundary file as a manifest speaks of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct BoundaryFile<'a> {
    /// The name in the manifest, for messages.
    pub(super) name: &'a str,
    /// Where it is.
    pub(super) path: &'a Path,
    /// Its coordinate system by the manifest.
    pub(super) crs: FileCrs,
}

/// Where the code and the name of an area stand in the properties of its feature.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
}

/// Reads the areas of a layer, ordered by code and without denominators.
///
/// # Errors
/// Every fault of every feature, and those of the file.
pub(super) fn read_areas(file: BoundaryFile<'_>, fields: Fields<'_>) -> Result<Vec<Area>, BoundaryFaults> {
    let features = read_features(file)?;
    for field in [fields.id, fields.name] {
        require_field(file.name, &features, field)?;
    }
    let mut faults = Vec::new();
    let mut areas: BTreeMap<AreaCode, (usize, Area)> = BTreeMap::new();
    for (feature, number) in features.into_iter().zip(1_usize..) {
        let (code, name) = (feature.text(fields.id), feature.text(fields.name));
        let label = label(number, code.as_deref().ok(), name.as_deref().ok());
        let mut report = |what| {
            faults.push(BoundaryFault { file: file.name.to_owned(), feature: Some(label.clone()), what });
        };
        let code = code.map(AreaCode).map_err(&mut report);
        let name = name.map_err(&mut report);
        let shapes = feature.shapes(file.crs).map_err(|all| {
            all.into_iter().for_each(&mut report);
        });
        if let Some((earlier, _)) = code.as_ref().ok().and_then(|code| areas.get(code)) {
            report(format!("its code is also that of feature {earlier}; codes are unique in a layer"));
        } else if let (Ok(code), Ok(name), Ok((grid, lonlat))) = (code, name, shapes) {
            areas.insert(code.clone(), (number, area_of(code, name, grid, lonlat)));
        }
    }
    if faults.is_empty() {
        Ok(areas.into_values().map(|(_, area)| area).collect())
    } else {
        Err(BoundaryFaults(faults))
    }
}

/// Reads an outline: the file's only feature or, where `id_field` is given, the one with that code.
///
/// # Errors
/// The faults of the file and of that feature.
pub(super) fn read_outline(
    file: BoundaryFile<'_>,
    id_field: Option<&str>,
    code: &str,
    name: &str,
) -> Result<Area, BoundaryFaults> {
    let mut features = read_features(file)?;
    if let Some(field) = id_field {
        require_field(file.name, &features, field)?;
        features.retain(|feature| feature.text(field).is_ok_and(|text| text == code));
    }
    let found = features.len();
    let (Some(feature), 1) = (features.pop(), found) else {
        let which = id_field.map_or_else(String::new, |field| format!(" with '{code}' as its '{field}'"));
        return Err(BoundaryFaults::of_file(
            file.name,
            format!("an outline is one feature, but there are {found}{which}"),
        ));
    };
    match feature.shapes(file.crs) {
        Ok((grid, lonlat)) => Ok(area_of(AreaCode(code.to_owned()), name.to_owned(), grid, lonlat)),
        Err(all) => Err(BoundaryFaults(
            all.into_iter()
                .map(|what| BoundaryFault {
                    file: file.name.to_owned(),
                    feature: Some("the outline".to_owned()),
                    what,
                })
                .collect(),
        )),
    }
}

/// An area with its size measured on the grid.
pub(super) fn area_of(code: AreaCode, name: String, grid: GridShape, lonlat: LonLatShape) -> Area {
    let area = SquareMetres(grid.0.unsigned_area());
    Area { code, name, grid, lonlat, area, denominators: Denominators::default() }
}

/// A feature as it stands in the file. Its geometry is read apart from its properties, so that a
/// feature with a broken geometry can still be named.
#[derive(Default)]
struct RawFeature {
    properties: JsonObject,
    geometry: JsonValue,
}

impl RawFeature {
    fn new(feature: JsonValue) -> Self {
        let JsonValue::Object(mut members) = feature else { return Self::default() };
        let properties = match members.remove("properties") {
            Some(JsonValue::Object(properties)) => properties,
            _ => JsonObject::new(),
        };
        Self { properties, geometry: members.remove("geometry").unwrap_or_default() }
    }

    /// The value of a field that identifies: a text that is not blank, or a whole number.
    fn text(&self, field: &str) -> Result<String, String> {
        match self.properties.get(field) {
            Some(JsonValue::String(text)) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
            Some(JsonValue::Number(number)) if !number.is_f64() => Ok(number.to_string()),
            Some(value) => {
                Err(Invalid::new(value, format!("the field '{field}' is a text or a whole number"))
                    .to_string())
            }
            None => Err(format!("it has no field '{field}'")),
        }
    }

    fn shapes(self, crs: FileCrs) -> Result<(GridShape, LonLatShape), Vec<String>> {
        if self.geometry.is_null() {
            return Err(vec!["it has no geometry".to_owned()]);
        }
        let geometry: Geometry = serde_json::from_value(self.geometry)
            .map_err(|cause| vec![format!("its geometry is not GeoJSON: {cause}")])?;
        let parts = match geometry.value {
            GeometryValue::Polygon { coordinates } => vec![coordinates],
            GeometryValue::MultiPolygon { coordinates } => coordinates,
            other => {
                return Err(vec![format!(
                    "its geometry is a {}; an area is a Polygon or a MultiPolygon",
                    other.type_name()
                )]);
            }
        };
        shape::convert(&parts, crs)
    }
}

fn read_features(file: BoundaryFile<'_>) -> Result<Vec<RawFeature>, BoundaryFaults> {
    let fault = |what: String| BoundaryFaults::of_file(file.name, what);
    let text = fs::read_to_string(file.path).map_err(|cause| fault(format!("it cannot be read: {cause}")))?;
    let json: JsonValue = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|cause| fault(format!("it is not JSON: {cause}")))?;
    let JsonValue::Object(mut collection) = json else {
        return Err(fault("a GeoJSON FeatureCollection was expected, but it is no JSON object".to_owned()));
    };
    match collection.get("type").and_then(JsonValue::as_str) {
        Some("FeatureCollection") => {}
        other => {
            let found = other.map_or_else(|| "it has no 'type'".to_owned(), |it| format!("it is a '{it}'"));
            return Err(fault(format!("a GeoJSON FeatureCollection was expected, but {found}")));
        }
    }
    check_crs_member(&collection, file.crs).map_err(fault)?;
    let Some(JsonValue::Array(features)) = collection.remove("features") else {
        return Err(fault("the collection has no array of 'features'".to_owned()));
    };
    if features.is_empty() {
        return Err(fault("the collection has no features".to_owned()));
    }
    Ok(features.into_iter().map(RawFeature::new).collect())
}

/// Files from before RFC 7946 name their coordinate system. The manifest rules; where the file says
/// something else, one of the two is wrong and areas would be drawn elsewhere, so that is a fault.
fn check_crs_member(collection: &JsonObject, expected: FileCrs) -> Result<(), String> {
    let Some(member) = collection.get("crs").filter(|member| !member.is_null()) else { return Ok(()) };
    let named = member.pointer("/properties/name").and_then(JsonValue::as_str);
    let Some(named) = named else {
        return Err("its 'crs' member has no name; remove it, or give the name of the system".to_owned());
    };
    match FileCrs::parse(named) {
        Ok(crs) if crs == expected => Ok(()),
        Ok(_) => Err(format!("its 'crs' member says '{named}', the manifest another coordinate system")),
        Err(fault) => Err(format!("its 'crs' member is not understood: {fault}")),
    }
}

/// A field that no feature has is one fault, not one for each feature.
fn require_field(file: &str, features: &[RawFeature], field: &str) -> Result<(), BoundaryFaults> {
    if features.iter().any(|feature| feature.properties.contains_key(field)) {
        return Ok(());
    }
    let fields: BTreeSet<&str> =
        features.iter().flat_map(|feature| feature.properties.keys().map(String::as_str)).collect();
    let there_are = match fields.len() {
        0 => "there are no fields".to_owned(),
        _ => format!("the fields are {}", fields.into_iter().collect::<Vec<_>>().join(", ")),
    };
    Err(BoundaryFaults::of_file(file, format!("no feature has a field '{field}'; {there_are}")))
}

fn label(number: usize, code: Option<&str>, name: Option<&str>) -> String {
    let known: Vec<&str> = code.into_iter().chain(name).collect();
    if known.is_empty() {
        format!("feature {number}")
    } else {
        format!("feature {number} ({})", known.join(" "))
    }
}
