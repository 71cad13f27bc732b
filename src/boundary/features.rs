//! From the features of a boundary file to areas.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use geo::Area as _;
use geo_types::{LineString, MultiPolygon, Polygon};
use serde_json::{Map, Value};

use super::{
    fault::{BoundaryFault, BoundaryFaults, BoundaryNote},
    file_crs::{self, FileCrs},
    files::{self, RawFeature},
    outline,
    shape::{self, Shapes},
    validity,
};
use crate::model::{Area, AreaCode, Denominators, GridShape, LonLatShape, SquareMetres};

/// A boundary file as a manifest speaks of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct BoundaryFile<'a> {
    /// The name in the manifest, for messages.
    pub(super) name: &'a str,
    /// Where it is.
    pub(super) path: &'a Path,
    /// Its coordinate system by the manifest, where that says one.
    pub(super) crs: Option<FileCrs>,
    /// Its feature table, of a GeoPackage with several.
    pub(super) table: Option<&'a str>,
}

/// Where the code and the name of an area stand in the properties of its feature.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    /// Whether features with one code are parts of one area.
    pub(super) merge: bool,
}

/// What was read, and what a reader should know of how.
pub(super) type Noted<T> = (T, Vec<BoundaryNote>);

/// Reads the areas of a layer, ordered by code and without denominators.
///
/// # Errors
/// Every fault of every feature, and those of the file.
pub(super) fn read_areas(
    file: BoundaryFile<'_>,
    fields: Fields<'_>,
) -> Result<Noted<Vec<Area>>, BoundaryFaults> {
    let (features, crs) = read_features(file)?;
    for field in [fields.id, fields.name] {
        require_field(file.name, &features, field)?;
    }
    let (mut faults, mut notes) = (Vec::new(), Vec::new());
    let mut areas: BTreeMap<AreaCode, (usize, Vec<Area>)> = BTreeMap::new();
    for (feature, number) in features.into_iter().zip(1_usize..) {
        let (code, name) = (feature.text(fields.id), feature.text(fields.name));
        let label = label(number, code.as_deref().ok(), name.as_deref().ok());
        let mut report = |what| {
            faults.push(BoundaryFault { file: file.name.to_owned(), feature: Some(label.clone()), what });
        };
        let code = code.map(AreaCode).map_err(&mut report);
        let name = name.map_err(&mut report);
        let shapes = shapes(feature, crs).map_err(|all| {
            all.into_iter().for_each(&mut report);
        });
        let earlier = code.as_ref().ok().and_then(|code| areas.get(code)).map(|(earlier, _)| *earlier);
        if let Some(earlier) = earlier.filter(|_| !fields.merge) {
            report(format!("its code is also that of feature {earlier}; codes are unique in a layer"));
        } else if let (Ok(code), Ok(name), Ok(shapes)) = (code, name, shapes) {
            notes.extend(note_of(file, &label, shapes.note));
            let area = area_of(code.clone(), name, shapes.grid, shapes.lonlat);
            areas.entry(code).or_insert((number, Vec::new())).1.push(area);
        }
    }
    let mut merged = Vec::new();
    for (code, (number, parts)) in areas {
        match one_of(parts) {
            Ok(area) => merged.extend(area),
            Err(what) => faults.push(BoundaryFault {
                file: file.name.to_owned(),
                feature: Some(format!("feature {number} ({code})")),
                what: format!("the union of all features with its code: {what}"),
            }),
        }
    }
    if faults.is_empty() { Ok((merged, notes)) } else { Err(BoundaryFaults(faults)) }
}

/// A feature of a boundary file, whatever its format: its fields, and its shape on the national grid.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceFeature {
    /// Its fields by name.
    pub fields: Map<String, Value>,
    /// Its shape in metres, valid, exteriors anticlockwise.
    pub shape: GridShape,
}

/// Reads those features of a boundary file whose fields are wanted, in the file's order. The others are not looked at
/// further, so that their faults do not matter.
///
/// # Errors
/// Every fault of every feature that is wanted, and those of the file.
pub fn source_features(
    path: &Path,
    wanted: &mut dyn FnMut(&Map<String, Value>) -> bool,
) -> Result<Vec<SourceFeature>, BoundaryFaults> {
    let name = path.display().to_string();
    let (features, crs) = read_features(BoundaryFile { name: &name, path, crs: None, table: None })?;
    let (mut taken, mut faults) = (Vec::new(), Vec::new());
    for (feature, number) in features.into_iter().zip(1_usize..) {
        if !wanted(&feature.properties) {
            continue;
        }
        let fields = feature.properties.clone();
        match shapes(feature, crs) {
            Ok(shapes) => taken.push(SourceFeature { fields, shape: shapes.grid }),
            Err(all) => faults.extend(all.into_iter().map(|what| BoundaryFault {
                file: name.clone(),
                feature: Some(format!("feature {number}")),
                what,
            })),
        }
    }
    if faults.is_empty() { Ok(taken) } else { Err(BoundaryFaults(faults)) }
}

/// A shape in degrees as a layer would have it: valid, with rings that touch themselves taken apart.
///
/// # Errors
/// Every fault that makes it unfit for a layer.
pub fn fit_shape(shape: &MultiPolygon<f64>) -> Result<MultiPolygon<f64>, Vec<String>> {
    let ring = |ring: &LineString<f64>| ring.0.clone();
    let part = |part: &Polygon<f64>| -> files::Part {
        std::iter::once(part.exterior()).chain(part.interiors()).map(ring).collect()
    };
    let parts: Vec<files::Part> = shape.0.iter().map(part).collect();
    shape::convert(&parts, FileCrs::LonLat).map(|shapes| shapes.lonlat.0)
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
) -> Result<Noted<Area>, BoundaryFaults> {
    const LABEL: &str = "the outline";
    let (mut features, crs) = read_features(file)?;
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
    match shapes(feature, crs) {
        Ok(Shapes { grid, lonlat, note }) => {
            let area = area_of(AreaCode(code.to_owned()), name.to_owned(), grid, lonlat);
            Ok((area, note_of(file, LABEL, note).into_iter().collect()))
        }
        Err(all) => Err(BoundaryFaults(
            all.into_iter()
                .map(|what| BoundaryFault {
                    file: file.name.to_owned(),
                    feature: Some(LABEL.to_owned()),
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

/// One area of areas with one code: their parts side by side or, where these overlap, their union.
fn one_of(mut areas: Vec<Area>) -> Result<Option<Area>, String> {
    if areas.len() < 2 {
        return Ok(areas.pop());
    }
    let Some(first) = areas.first().cloned() else { return Ok(None) };
    let parts =
        |of: fn(&Area) -> &MultiPolygon<f64>| areas.iter().flat_map(|area| of(area).0.clone()).collect();
    let (grid, lonlat): (MultiPolygon<f64>, MultiPolygon<f64>) =
        (parts(|area| &area.grid.0), parts(|area| &area.lonlat.0));
    if validity::faults(&grid).is_empty() {
        return Ok(Some(area_of(first.code, first.name, GridShape(grid), LonLatShape(lonlat))));
    }
    outline::union_of(&areas, &first.code.0, &first.name).map(Some)
}

fn shapes(feature: RawFeature, crs: FileCrs) -> Result<Shapes, Vec<String>> {
    shape::convert(&feature.parts.map_err(|fault| vec![fault])?, crs)
}

fn note_of(file: BoundaryFile<'_>, label: &str, note: Option<String>) -> Option<BoundaryNote> {
    note.map(|what| BoundaryNote { file: file.name.to_owned(), feature: label.to_owned(), what })
}

fn read_features(file: BoundaryFile<'_>) -> Result<(Vec<RawFeature>, FileCrs), BoundaryFaults> {
    let fault = |what: String| BoundaryFaults::of_file(file.name, what);
    let raw = files::read(file.path, file.table).map_err(fault)?;
    let crs = file_crs::settle(file.crs, raw.crs.as_ref()).map_err(fault)?;
    Ok((raw.features, crs))
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
