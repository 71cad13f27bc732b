//! Shapefiles: the rings in `.shp`, the fields in `.dbf`, the coordinate system in `.prj`.

use std::{
    fs::File,
    io::{Cursor, ErrorKind},
    path::{Path, PathBuf},
};

use geo_types::Coord;
use serde_json::{Map, Value};
use shapefile::{
    PolygonRing, Shape, ShapeReader,
    dbase::{self, FieldValue, encoding::DynEncoding},
    record::traits::HasXY,
};

use super::{RawFeature, RawFile, Ring, assembled, whole, wkt};

/// The files of a shapefile, each with what it holds.
#[derive(Default)]
pub(super) struct Files {
    pub(super) shp: Vec<u8>,
    pub(super) dbf: Option<Vec<u8>>,
    pub(super) prj: Option<Vec<u8>>,
    pub(super) cpg: Option<Vec<u8>>,
}

impl Files {
    /// The endings of the files beside `.shp` that are read.
    pub(super) const BESIDE: [&str; 3] = ["dbf", "prj", "cpg"];

    /// Where the file with that ending goes.
    pub(super) fn place(&mut self, ending: &str) -> Option<&mut Option<Vec<u8>>> {
        match ending {
            "dbf" => Some(&mut self.dbf),
            "prj" => Some(&mut self.prj),
            "cpg" => Some(&mut self.cpg),
            _ => None,
        }
    }

    /// A `.shp` and the files beside it, whose endings are written as its own, in small or in capital letters.
    pub(super) fn beside(shp: &Path) -> Result<Self, String> {
        let open = |path: PathBuf| match File::open(path) {
            Ok(file) => whole(file).map(Some),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(format!("it cannot be read: {cause}")),
        };
        let mut files = Self { shp: open(shp.to_owned())?.unwrap_or_default(), ..Self::default() };
        for ending in Self::BESIDE {
            let found = match open(shp.with_extension(ending))? {
                None => open(shp.with_extension(ending.to_ascii_uppercase()))?,
                found => found,
            };
            if let Some(place) = files.place(ending) {
                *place = found;
            }
        }
        Ok(files)
    }
}

/// Reads the records in their order; those that the table marks as deleted are left out.
pub(super) fn read(files: &Files) -> Result<RawFile, String> {
    let Some(dbf) = &files.dbf else {
        return Err("there is no .dbf beside the .shp, and so there are no codes and names".to_owned());
    };
    let shapes = shapes(&files.shp)?;
    let deleted = deleted(dbf)?;
    if shapes.len() != deleted.len() {
        let (shapes, rows) = (shapes.len(), deleted.len());
        return Err(format!(
            "its .shp has {shapes} shapes, its .dbf {rows} records: one of them is of another file"
        ));
    }
    let mut rows = rows(dbf, files.cpg.as_deref())?.into_iter();
    let mut features = Vec::new();
    for (shape, _) in shapes.into_iter().zip(deleted).filter(|(_, deleted)| !deleted) {
        let Some(properties) = rows.next() else {
            return Err("its .dbf is cut off: records are missing".to_owned());
        };
        features.push(RawFeature { properties, parts: rings(shape).and_then(assembled) });
    }
    let crs = files.prj.as_deref().map(|prj| wkt::stated("its .prj", &String::from_utf8_lossy(prj)));
    Ok(RawFile { crs, features })
}

fn shapes(shp: &[u8]) -> Result<Vec<Shape>, String> {
    let broken = |cause| format!("its .shp cannot be read: {cause}");
    let mut reader = ShapeReader::new(Cursor::new(shp)).map_err(broken)?;
    reader.iter_shapes().collect::<Result<_, _>>().map_err(broken)
}

/// Whether each record of the table is marked as deleted. Shapes have no such mark.
fn deleted(dbf: &[u8]) -> Result<Vec<bool>, String> {
    let cut_off = || "its .dbf is cut off: records are missing".to_owned();
    let &[_, _, _, _, n0, n1, n2, n3, h0, h1, r0, r1, ..] = dbf else { return Err(cut_off()) };
    let count = u32::from_le_bytes([n0, n1, n2, n3]) as usize;
    let (header, record) =
        (usize::from(u16::from_le_bytes([h0, h1])), usize::from(u16::from_le_bytes([r0, r1])));
    let rows = dbf.get(header..).ok_or_else(cut_off)?;
    let deleted: Vec<bool> =
        rows.chunks_exact(record.max(1)).take(count).map(|row| row.first() == Some(&b'*')).collect();
    if deleted.len() == count { Ok(deleted) } else { Err(cut_off()) }
}

fn rows(dbf: &[u8], cpg: Option<&[u8]>) -> Result<Vec<Map<String, Value>>, String> {
    let broken = |cause: dbase::Error| format!("its .dbf cannot be read: {cause}");
    let mut builder = dbase::ReaderBuilder::new();
    if let Some(cpg) = cpg {
        let name = String::from_utf8_lossy(cpg).trim().to_owned();
        let encoding = DynEncoding::from_name(&name)
            .ok_or_else(|| format!("its .cpg says '{name}', which is no encoding that is known"))?;
        builder = builder.with_encoding(encoding);
    }
    let mut reader = builder.build(Cursor::new(dbf)).map_err(broken)?;
    let row = |record: dbase::Record| record.into_iter().map(|(name, value)| (name, json(value))).collect();
    reader.iter_records().map(|record| record.map(row)).collect::<Result<_, _>>().map_err(broken)
}

/// A value as the other formats would give it.
fn json(value: FieldValue) -> Value {
    match value {
        FieldValue::Character(Some(text)) | FieldValue::Memo(text) => Value::String(text.trim().to_owned()),
        FieldValue::Numeric(Some(number)) | FieldValue::Double(number) | FieldValue::Currency(number) => {
            numeric(number)
        }
        FieldValue::Float(Some(number)) => numeric(f64::from(number)),
        FieldValue::Integer(number) => number.into(),
        FieldValue::Logical(Some(value)) => value.into(),
        FieldValue::Date(Some(date)) => {
            format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()).into()
        }
        FieldValue::DateTime(_)
        | FieldValue::Character(None)
        | FieldValue::Numeric(None)
        | FieldValue::Float(None)
        | FieldValue::Logical(None)
        | FieldValue::Date(None) => Value::Null,
    }
}

/// Whole numbers stand in these tables as decimal ones; a code such as 7 is to stay 7 and not to become 7.0.
fn numeric(number: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "whole numbers up to 2^53 are exact")]
    if number.fract() == 0.0 && number.abs() <= EXACT { (number as i64).into() } else { number.into() }
}

fn rings(shape: Shape) -> Result<Vec<Ring>, String> {
    match shape {
        Shape::Polygon(polygon) => Ok(polygon.into_inner().into_iter().map(ring).collect()),
        Shape::PolygonM(polygon) => Ok(polygon.into_inner().into_iter().map(ring).collect()),
        Shape::PolygonZ(polygon) => Ok(polygon.into_inner().into_iter().map(ring).collect()),
        Shape::NullShape => Err("it has no geometry".to_owned()),
        other => Err(format!("its geometry is a {}; an area is a Polygon", other.shapetype())),
    }
}

fn ring<P: HasXY>(ring: PolygonRing<P>) -> Ring {
    ring.into_inner().iter().map(|at| Coord { x: at.x(), y: at.y() }).collect()
}
