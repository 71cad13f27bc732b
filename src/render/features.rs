//! Features of any layer as GeoJSON (RFC 7946, and its shape in other coordinate systems by OGC API – Features
//! Part 2) and as rows of a table.

use std::borrow::Cow;

use geo_types::{Coord, LineString, MultiPolygon};
use jiff::Timestamp;
use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};

use super::geojson::written;
use crate::feature::{Crs, Features, Shape, Value};

/// Which parts of features are written, and in which coordinate system.
#[derive(Clone, Debug)]
pub struct Written {
    /// The system of the geometries.
    pub crs: Crs,
    /// The numbers of the fields, in their order.
    pub fields: Vec<usize>,
    /// Whether geometries are written.
    pub geometry: bool,
}

/// One feature, as it is written.
pub struct FeatureJson<'a> {
    /// The layer.
    pub features: &'a dyn Features,
    /// The row.
    pub row: usize,
    /// What of it.
    pub written: &'a Written,
}

impl Written {
    /// Everything in longitude and latitude.
    pub fn all(features: &dyn Features) -> Self {
        Self { crs: Crs::Crs84, fields: (0..features.fields().len()).collect(), geometry: true }
    }
}

impl Serialize for FeatureJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        self.members(&mut map)?;
        map.end()
    }
}

impl FeatureJson<'_> {
    /// Writes the members of the feature into an object that may have others.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("type", "Feature")?;
        map.serialize_entry("id", &self.features.id(self.row))?;
        let geometry = if self.written.geometry {
            self.features.shape(self.row, self.written.crs.plane())
        } else {
            None
        };
        match geometry {
            None => map.serialize_entry("geometry", &())?,
            Some(shape) => map.serialize_entry("geometry", &GeometryJson::new(shape, self.written.crs))?,
        }
        map.serialize_entry("properties", &Properties(self))
    }
}

struct Properties<'a>(&'a FeatureJson<'a>);

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let FeatureJson { features, row, written } = self.0;
        let mut map = serializer.serialize_map(Some(written.fields.len()))?;
        for field in &written.fields {
            map.serialize_entry(&features.fields()[*field].name, &ValueJson(features.value(*row, *field)))?;
        }
        map.end()
    }
}

/// A value as JSON has it: instants as text in UTC, what is absent as null.
pub struct ValueJson<'a>(pub Value<'a>);

impl Serialize for ValueJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Value::Absent => serializer.serialize_none(),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Whole(number) => serializer.serialize_i64(*number),
            Value::Number(number) => serializer.serialize_f64(*number),
            Value::Flag(flag) => serializer.serialize_bool(*flag),
            Value::Instant(second) => serializer.serialize_str(&instant(*second)),
        }
    }
}

/// An instant as RFC 3339 writes it; empty for one that no calendar has.
///
/// # Example
/// ```
/// assert_eq!(hotspots::render::features::instant(1_704_067_200), "2024-01-01T00:00:00Z");
/// ```
pub fn instant(second: i64) -> String {
    Timestamp::from_second(second).map(|instant| instant.to_string()).unwrap_or_default()
}

/// A value as a cell of a table has it; empty where there is none.
pub fn cell<'a>(value: &'a Value<'_>) -> Cow<'a, str> {
    match value {
        Value::Absent => Cow::Borrowed(""),
        Value::Text(text) => Cow::Borrowed(text),
        Value::Whole(number) => number.to_string().into(),
        Value::Number(number) => number.to_string().into(),
        Value::Flag(flag) => if *flag { "true" } else { "false" }.into(),
        Value::Instant(second) => instant(*second).into(),
    }
}

struct GeometryJson {
    crs: Crs,
    shape: ShapeJson,
}

enum ShapeJson {
    Point(Coord),
    Polygons(MultiPolygon<f64>),
}

impl GeometryJson {
    fn new(shape: Shape<'_>, crs: Crs) -> Self {
        let shape = match shape {
            Shape::Point(at) => ShapeJson::Point(at),
            Shape::Polygons(polygons) => ShapeJson::Polygons(written(&polygons, crs.decimals())),
        };
        Self { crs, shape }
    }
}

impl Serialize for GeometryJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        match &self.shape {
            ShapeJson::Point(at) => {
                map.serialize_entry("type", "Point")?;
                map.serialize_entry("coordinates", &position(*at, self.crs))?;
            }
            ShapeJson::Polygons(polygons) => {
                map.serialize_entry("type", "MultiPolygon")?;
                map.serialize_entry("coordinates", &Polygons(polygons, self.crs))?;
            }
        }
        map.end()
    }
}

/// A position in the order of the system's axes, rounded to its decimals.
fn position(at: Coord, crs: Crs) -> [f64; 2] {
    let ordered = crs.ordered(at);
    let scale = if crs.decimals() == 7 { 1e7 } else { 1e3 };
    [ordered.x, ordered.y].map(|number| (number * scale).round() / scale)
}

struct Polygons<'a>(&'a MultiPolygon<f64>, Crs);

impl Serialize for Polygons<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut parts = serializer.serialize_seq(Some(self.0.0.len()))?;
        for polygon in &self.0.0 {
            let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
            let rings: Vec<Ring<'_>> = rings.map(|ring| Ring(ring, self.1)).collect();
            parts.serialize_element(&rings)?;
        }
        parts.end()
    }
}

struct Ring<'a>(&'a LineString<f64>, Crs);

impl Serialize for Ring<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.coords().map(|at| position(*at, self.1)))
    }
}

/// Where the id stands in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdColumn {
    /// Before the fields.
    First,
    /// Behind them: clients that look at the first column only find the layer's own name there.
    Last,
}

/// Rows of a layer as CSV below the names of their fields, their id first. Points are followed by `lon` and `lat` in
/// degrees.
///
/// # Errors
/// The `csv` crate's, which writing to memory does not have.
pub fn table(
    features: &dyn Features,
    rows: impl Iterator<Item = usize>,
    written: &Written,
) -> Result<Vec<u8>, csv::Error> {
    table_with(features, rows, written, IdColumn::First)
}

/// As [`table`], with the id where it is wanted.
///
/// # Errors
/// As [`table`].
pub fn table_with(
    features: &dyn Features,
    rows: impl Iterator<Item = usize>,
    written: &Written,
    id: IdColumn,
) -> Result<Vec<u8>, csv::Error> {
    let has_points = written.geometry && features.geometry_kind() == crate::feature::GeometryKind::Point;
    let mut builder = csv::WriterBuilder::new();
    let mut writer = builder.terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let names = written.fields.iter().map(|field| features.fields()[*field].name.as_str());
    let lonlat: &[&str] = if has_points { &["lon", "lat"] } else { &[] };
    let (first, last) = if id == IdColumn::First { (Some("id"), None) } else { (None, Some("id")) };
    writer.write_record(first.into_iter().chain(names).chain(lonlat.iter().copied()).chain(last))?;
    for row in rows {
        if id == IdColumn::First {
            writer.write_field(features.id(row).as_bytes())?;
        }
        for field in &written.fields {
            writer.write_field(cell(&features.value(row, *field)).as_bytes())?;
        }
        if has_points {
            let at = match features.shape(row, Crs::Crs84.plane()) {
                Some(Shape::Point(at)) => position(at, Crs::Crs84).map(|number| number.to_string()),
                _ => Default::default(),
            };
            at.iter().try_for_each(|number| writer.write_field(number))?;
        }
        if id == IdColumn::Last {
            writer.write_field(features.id(row).as_bytes())?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}
