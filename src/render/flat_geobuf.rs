//! Layers as `FlatGeobuf`, which clients read in parts by its index.

use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use geozero::{ColumnValue, GeomProcessor, GeozeroGeometry, PropertyProcessor, error::GeozeroError};
use thiserror::Error;

use super::{features::instant, layer::Layer};
use crate::feature::{Crs, FieldKind, GeometryKind, Shape, Value};

/// In which order features stand in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// In the layer's order, without an index.
    AsGiven,
    /// By place, with an index that finds what lies in a box.
    ByPlace,
}

/// Why a file could not be written.
#[derive(Debug, Error)]
pub enum FlatGeobufError {
    /// The temporary file that it goes through could not be written or read.
    #[error("a FlatGeobuf file could not be put together: {0}")]
    File(#[from] flatgeobuf::Error),
    /// A feature was not taken.
    #[error("a feature does not fit into a FlatGeobuf file: {0}")]
    Feature(#[from] GeozeroError),
}

/// The file. The first column is the feature's id; absent values are left out. A feature without a geometry has an
/// empty one, and a file with such features has no index.
///
/// # Errors
/// [`FlatGeobufError::File`] where the temporary file that it goes through cannot be written.
pub fn write(layer: &Layer<'_>, order: Order) -> Result<Vec<u8>, FlatGeobufError> {
    let plane = layer.written.crs.plane();
    let shape_of = |row: usize| if layer.written.geometry { layer.features.shape(row, plane) } else { None };
    let is_placed = !layer.rows.is_empty() && layer.rows.iter().all(|row| shape_of(*row).is_some());
    let options = FgbWriterOptions {
        write_index: order == Order::ByPlace && is_placed,
        detect_type: false,
        promote_to_multi: false,
        crs: system(layer.written.crs),
        title: Some(layer.title),
        description: Some(layer.description),
        ..FgbWriterOptions::default()
    };
    let kind = match layer.features.geometry_kind() {
        GeometryKind::Point => GeometryType::Point,
        GeometryKind::MultiPolygon => GeometryType::MultiPolygon,
    };
    let mut file = FgbWriter::create_with_options(layer.name, kind, options)?;
    let id = layer.free_name("id");
    file.add_column(&id, ColumnType::String, |_, column| column.nullable = false);
    for field in layer.written.fields.iter().map(|field| &layer.features.fields()[*field]) {
        file.add_column(&field.name, column_type(field.kind), |texts, column| {
            column.title = Some(texts.create_string(&field.title));
            let unit = field.unit.map_or_else(String::new, |unit| format!(" Unit: {unit}."));
            column.description = Some(texts.create_string(&format!("{}{unit}", field.description)));
        });
    }
    for row in layer.rows {
        let mut told = Ok(());
        file.add_feature_geom(Drawn(shape_of(*row)), |columns| told = tell(layer, *row, columns))?;
        told?;
    }
    let mut bytes = Vec::new();
    file.write(&mut bytes)?;
    Ok(bytes)
}

/// Tells the values of a row, its id first. The columns were named before: here they go by number.
fn tell(layer: &Layer<'_>, row: usize, columns: &mut impl PropertyProcessor) -> Result<(), GeozeroError> {
    columns.property(0, "", &ColumnValue::String(&layer.features.id(row)))?;
    for (number, field) in (1..).zip(&layer.written.fields) {
        let value = layer.features.value(row, *field);
        if let Some(value) = column_value(&value, &mut String::new()) {
            columns.property(number, "", &value)?;
        }
    }
    Ok(())
}

/// A geometry that tells the writer of itself.
struct Drawn<'a>(Option<Shape<'a>>);

impl GeozeroGeometry for Drawn<'_> {
    fn process_geom<P: GeomProcessor>(&self, processor: &mut P) -> Result<(), GeozeroError> {
        let polygons = match &self.0 {
            None => return Ok(()),
            Some(Shape::Point(at)) => {
                processor.point_begin(0)?;
                processor.xy(at.x, at.y, 0)?;
                return processor.point_end(0);
            }
            Some(Shape::Polygons(polygons)) => &polygons.0,
        };
        processor.multipolygon_begin(polygons.len(), 0)?;
        for (part, polygon) in polygons.iter().enumerate() {
            processor.polygon_begin(false, 1 + polygon.interiors().len(), part)?;
            let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
            for (number, ring) in rings.enumerate() {
                processor.linestring_begin(false, ring.0.len(), number)?;
                for (corner, at) in ring.coords().enumerate() {
                    processor.xy(at.x, at.y, corner)?;
                }
                processor.linestring_end(false, number)?;
            }
            processor.polygon_end(false, part)?;
        }
        processor.multipolygon_end(0)
    }
}

/// A system as the header names it.
fn system(crs: Crs) -> FgbCrs<'static> {
    let (code, name) = match crs {
        // The format has longitude first, whatever the order of the system's axes.
        Crs::Crs84 | Crs::Wgs84 => (4326, "WGS 84"),
        Crs::WebMercator => (3857, "WGS 84 / Pseudo-Mercator"),
        Crs::BritishGrid => (27700, "OSGB36 / British National Grid"),
    };
    FgbCrs { org: Some("EPSG"), code, name: Some(name), ..FgbCrs::default() }
}

const fn column_type(kind: FieldKind) -> ColumnType {
    match kind {
        FieldKind::Text => ColumnType::String,
        FieldKind::Whole => ColumnType::Long,
        FieldKind::Number => ColumnType::Double,
        FieldKind::Flag => ColumnType::Bool,
        FieldKind::Instant => ColumnType::DateTime,
    }
}

/// A value as a column takes it; `text` is where what has to be written out is held.
fn column_value<'a>(value: &'a Value<'_>, text: &'a mut String) -> Option<ColumnValue<'a>> {
    Some(match value {
        Value::Absent => return None,
        Value::Text(text) => ColumnValue::String(text),
        Value::Whole(number) => ColumnValue::Long(*number),
        Value::Number(number) => ColumnValue::Double(*number),
        Value::Flag(flag) => ColumnValue::Bool(*flag),
        Value::Instant(second) => {
            *text = instant(*second);
            ColumnValue::DateTime(text)
        }
    })
}

#[cfg(test)]
mod tests;
