//! The features of a boundary file, whatever its format.
//!
//! What a file is shows in its first bytes. Its name decides only where those say nothing.

mod arcgis;
mod archive;
mod geojson;
mod geopackage;
mod json;
mod kml;
mod shapefile;
mod wkt;

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::Path,
};

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use serde_json::{Map, Value};

use super::{
    file_crs::StatedCrs,
    rings::{self, Orphan},
};
use crate::model::Invalid;

/// The most that is read of a file, also of one that is packed.
const MOST_BYTES: u64 = 512 << 20;
/// The indexes of areas are kept in 16 bits.
pub(super) const MOST_FEATURES: usize = u16::MAX as usize;
/// Positions of 320 MB.
const MOST_VERTICES: usize = 20_000_000;

const FORMATS: &str = "GeoJSON, ArcGIS JSON, KML, KMZ, shapefile, GeoPackage, or one of them in a zip";

/// The vertices of a ring in the coordinates of the file, x (east) first; the last is the first again.
pub(super) type Ring = Vec<Coord<f64>>;

/// The exterior ring of a polygon, then its holes.
pub(super) type Part = Vec<Ring>;

/// A feature as it stands in the file. Its geometry is read apart from its properties, so that a
/// feature with a broken geometry can still be named.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RawFeature {
    pub(super) properties: Map<String, Value>,
    /// Its polygons, or why it has none.
    pub(super) parts: Result<Vec<Part>, String>,
}

impl RawFeature {
    /// The value of a field that identifies: a text that is not blank, or a whole number.
    pub(super) fn text(&self, field: &str) -> Result<String, String> {
        match self.properties.get(field) {
            Some(Value::String(text)) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
            Some(Value::Number(number)) if !number.is_f64() => Ok(number.to_string()),
            Some(value) => {
                Err(Invalid::new(value, format!("the field '{field}' is a text or a whole number"))
                    .to_string())
            }
            None => Err(format!("it has no field '{field}'")),
        }
    }

    fn vertices(&self) -> usize {
        self.parts.iter().flatten().flatten().map(Vec::len).sum()
    }
}

/// What a boundary file holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RawFile {
    /// Its coordinate system, where it says so.
    pub(super) crs: Option<StatedCrs>,
    pub(super) features: Vec<RawFeature>,
}

/// Reads a file. `table` names the feature table of a GeoPackage that has several.
///
/// # Errors
/// Why the file as a whole cannot be read. A geometry that cannot be read is a fault of its feature.
pub(super) fn read(path: &Path, table: Option<&str>) -> Result<RawFile, String> {
    let unreadable = |cause| format!("it cannot be read: {cause}");
    let mut file = File::open(path).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len();
    if size > MOST_BYTES {
        return Err(format!("it has {} MB; {MOST_BYTES_RULE}", size >> 20));
    }
    let mut head = Vec::new();
    file.by_ref().take(16).read_to_end(&mut head).map_err(unreadable)?;
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    let raw = match Format::of(&head) {
        Format::Zip => archive::read(file, ending(&path.to_string_lossy()) == "kmz", table)?,
        Format::GeoPackage => geopackage::read(path, table)?,
        Format::Shapefile => {
            drop(file);
            shapefile::read(&shapefile::Files::beside(path)?)?
        }
        Format::Text => read_text(&whole(file)?, &path.to_string_lossy())?,
    };
    if table.is_some() && !matches!(Format::of(&head), Format::GeoPackage | Format::Zip) {
        return Err("'table' is for GeoPackages, and this is none".to_owned());
    }
    within_limits(raw)
}

/// A placemark of a KML text: its name, where it has one, and its polygons in degrees, longitude first, or why it has
/// none.
pub type Placemark = (Option<String>, Result<MultiPolygon<f64>, String>);

/// The placemarks of a KML text, in its order.
///
/// # Errors
/// Why the text is no KML.
///
/// # Example
/// ```
/// let text = "<kml><Placemark><name>St James's</name><Polygon><outerBoundaryIs><LinearRing><coordinates>\
///     -2.1,52.5 -2.0,52.5 -2.0,52.6 -2.1,52.5</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></kml>";
/// let (name, shape) = hotspots::boundary::placemarks(text).unwrap().remove(0);
/// assert_eq!(name.as_deref(), Some("St James's"));
/// assert_eq!(shape.unwrap().0.len(), 1);
/// ```
pub fn placemarks(text: &str) -> Result<Vec<Placemark>, String> {
    let polygon = |part: Part| {
        let mut rings = part.into_iter().map(LineString::new);
        rings.next().map(|exterior| Polygon::new(exterior, rings.collect()))
    };
    let placemark = |feature: RawFeature| {
        let shape = |parts: Vec<Part>| parts.into_iter().filter_map(polygon).collect();
        (feature.text("name").ok(), feature.parts.map(shape))
    };
    Ok(kml::read(text)?.features.into_iter().map(placemark).collect())
}

const MOST_BYTES_RULE: &str = "a boundary file has at most 512 MB, also unpacked";

fn within_limits(raw: RawFile) -> Result<RawFile, String> {
    let features = raw.features.len();
    let vertices: usize = raw.features.iter().map(RawFeature::vertices).sum();
    if features == 0 {
        return Err("the collection has no features".to_owned());
    }
    if features > MOST_FEATURES {
        return Err(format!("it has {features} features; at most {MOST_FEATURES} are supported"));
    }
    if vertices > MOST_VERTICES {
        return Err(format!("it has {vertices} vertices; at most {MOST_VERTICES} are supported"));
    }
    Ok(raw)
}

/// Formats that differ in their first bytes.
enum Format {
    Zip,
    GeoPackage,
    Shapefile,
    Text,
}

impl Format {
    fn of(head: &[u8]) -> Self {
        match head {
            [b'P', b'K', 3 | 5, 4 | 6, ..] => Self::Zip,
            [0, 0, 0x27, 0x0a, ..] => Self::Shapefile,
            _ if head.starts_with(b"SQLite format 3\0") => Self::GeoPackage,
            _ => Self::Text,
        }
    }
}

/// A text by its first characters: JSON or XML. `name` decides where it is neither.
fn read_text(bytes: &[u8], name: &str) -> Result<RawFile, String> {
    let ending = ending(name);
    let is_json = matches!(ending.as_str(), "geojson" | "json" | "geojsonl" | "ndjson" | "jsonl");
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}'),
        Err(_) if is_json || ending == "kml" => return Err("it is not UTF-8 text".to_owned()),
        Err(_) => return Err(format!("it is none of the formats that are read: {FORMATS}")),
    };
    let start: String = text.trim_start().chars().take(16).collect::<String>().to_ascii_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        return Err(
            "it is a web page and no data; perhaps an error or a login was saved in its place".to_owned()
        );
    }
    if start.starts_with('<') {
        kml::read(text)
    } else if start.starts_with(['{', '[']) || is_json {
        json::read(text)
    } else if ending == "kml" {
        Err("it is not KML, which is XML".to_owned())
    } else {
        Err(format!("it is none of the formats that are read: {FORMATS}"))
    }
}

/// All of a file, counted while it is read: what it says of its size is not relied on.
fn whole(source: impl Read) -> Result<Vec<u8>, String> {
    up_to(MOST_BYTES, source)
}

fn up_to(most: u64, source: impl Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    source.take(most + 1).read_to_end(&mut bytes).map_err(|cause| format!("it cannot be read: {cause}"))?;
    if bytes.len() as u64 > most { Err(MOST_BYTES_RULE.to_owned()) } else { Ok(bytes) }
}

/// The ending of a name in small letters, without its dot.
fn ending(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_ascii_lowercase())
}

/// The polygons that rings in any order make, as shapefiles and ArcGIS JSON give them: exteriors run clockwise, holes
/// anticlockwise, and a hole belongs to the smallest exterior that contains it.
///
/// Some writers wind all rings alike. Where none is clockwise, nesting decides: what lies in an even number of others is
/// an exterior.
fn assembled(rings: Vec<Ring>) -> Result<Vec<Part>, String> {
    let rings: Vec<LineString<f64>> = rings.into_iter().map(LineString::new).collect();
    let all: Vec<&LineString<f64>> = rings.iter().collect();
    let mut is_hole: Vec<bool> = all.iter().map(|ring| rings::signed_area(ring) > 0.0).collect();
    if is_hole.iter().all(|hole| *hole) {
        is_hole = rings::depths(&all).into_iter().map(|depth| depth % 2 == 1).collect();
    }
    let numbers = |holes: bool| (0..all.len()).filter(|number| is_hole[*number] == holes).collect::<Vec<_>>();
    let (exteriors, holes) = (numbers(false), numbers(true));
    let of = |numbers: &[usize]| numbers.iter().map(|number| all[*number]).collect::<Vec<_>>();
    let holes_of = rings::holes_of(&of(&exteriors), &of(&holes)).map_err(|Orphan(hole)| {
        format!("ring {} is a hole, as it runs anticlockwise, but lies in no exterior ring", holes[hole] + 1)
    })?;
    let part = |(exterior, inside): (&usize, Vec<usize>)| {
        let numbers = std::iter::once(*exterior).chain(inside.into_iter().map(|hole| holes[hole]));
        numbers.map(|number| rings[number].0.clone()).collect()
    };
    Ok(exteriors.iter().zip(holes_of).map(part).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_on_for_ever_is_read_up_to_the_limit() {
        assert_eq!(up_to(1000, std::io::repeat(0)), Err(MOST_BYTES_RULE.to_owned()));
        assert_eq!(up_to(3, &b"abc"[..]), Ok(b"abc".to_vec()));
    }

    #[test]
    fn more_features_than_areas_can_be_counted_are_refused() {
        let file = |count| RawFile {
            crs: None,
            features: vec![RawFeature { properties: Map::new(), parts: Ok(vec![]) }; count],
        };
        assert!(within_limits(file(MOST_FEATURES)).is_ok());
        let told = within_limits(file(MOST_FEATURES + 1)).unwrap_err();
        assert_eq!(told, "it has 65536 features; at most 65535 are supported");
        assert_eq!(within_limits(file(0)).unwrap_err(), "the collection has no features");
    }

    #[test]
    fn numbers_that_are_none_do_no_harm_to_the_assembler() {
        let ring = |odd: f64| vec![(0.0, 0.0), (0.0, odd), (9.0, 9.0), (9.0, 0.0), (0.0, 0.0)];
        for odd in [f64::NAN, f64::INFINITY, f64::MAX] {
            let rings = [ring(odd), ring(9.0), ring(-odd)];
            let rings = rings.map(|ring| ring.into_iter().map(Coord::from).collect());
            // What they make is refused later, vertex by vertex.
            drop(assembled(rings.to_vec()));
        }
    }

    #[test]
    fn endings_are_those_of_the_last_name() {
        assert_eq!(ending("a.b/Wards.GeoJSON"), "geojson");
        assert_eq!(ending("a.b/wards"), "");
    }
}
