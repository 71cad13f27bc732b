//! Layers as one GeoPackage (OGC GeoPackage 1.3, OGC 12-128r17), made in memory.
//!
//! Each layer is a table with a key `fid`, a geometry `geom`, the feature's `id` and its fields, a spatial index of it,
//! and what its fields mean by the schema extension. The styles of QGIS lie beside them, where QGIS finds them.

mod geometry;
mod index;
mod styles;

use rusqlite::{
    Connection, Error, MAIN_DB, ToSql, Transaction, params,
    types::{ToSqlOutput, ValueRef},
};

use super::{features::instant, layer::Layer};
use crate::feature::{Bounds, Crs, FieldKind, GeometryKind, Shape, Value};

/// `GPKG`, which marks an SQLite file as a GeoPackage.
const APPLICATION_ID: i32 = 0x4750_4B47;
/// GeoPackage 1.3.0; nothing of 1.4 is used, and older readers know this one.
const VERSION: i32 = 10_300;

/// The file with some layers, each of another name. `as_of` is the second of Unix time that is given as that of their
/// last change: the same layers then give the same bytes.
///
/// # Errors
/// Those of SQLite, which in memory has none but a want of it.
pub fn write(layers: &[Layer<'_>], as_of: i64) -> Result<Vec<u8>, Error> {
    let mut connection = Connection::open_in_memory()?;
    // Nothing is ever rolled back, and a page for each of the small tables need not be large.
    connection
        .execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 4096;")?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", VERSION)?;
    let transaction = connection.transaction()?;
    transaction.execute_batch(include_str!("schema.sql"))?;
    for layer in layers {
        add(&transaction, layer, &date_time(as_of))?;
    }
    styles::add(&transaction, layers, &date_time(as_of))?;
    transaction.commit()?;
    Ok(connection.serialize(MAIN_DB)?.to_vec())
}

/// Adds a layer with all that is said of it.
fn add(file: &Transaction<'_>, layer: &Layer<'_>, last_change: &str) -> Result<(), Error> {
    let columns = Columns::of(layer);
    let srs = srs_id(layer.written.crs);
    let bounds = if layer.written.geometry { layer.bounds() } else { None };
    let corner = |of: fn(&Bounds) -> f64| bounds.as_ref().map(of);
    file.execute(
        "INSERT INTO gpkg_contents VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            layer.name,
            if layer.written.geometry { "features" } else { "attributes" },
            layer.title,
            layer.description,
            last_change,
            corner(|bounds| bounds.min().x),
            corner(|bounds| bounds.min().y),
            corner(|bounds| bounds.max().x),
            corner(|bounds| bounds.max().y),
            layer.written.geometry.then_some(srs),
        ],
    )?;
    file.execute_batch(&columns.table(layer))?;
    let mut describe = file.prepare(
        "INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description) VALUES (?1, ?2, ?2, ?3, ?4)",
    )?;
    for field in layer.written.fields.iter().map(|field| &layer.features.fields()[*field]) {
        let unit = field.unit.map_or_else(String::new, |unit| format!(" Unit: {unit}."));
        let description = format!("{}{unit}", field.description);
        describe.execute(params![layer.name, field.name, field.title.as_ref(), description])?;
    }
    if layer.written.geometry {
        file.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?1, ?2, ?3, ?4, 0, 0)",
            params![layer.name, columns.geometry, geometry_type(layer.features.geometry_kind()), srs],
        )?;
        file.execute(
            "INSERT INTO gpkg_extensions VALUES (?1, ?2, 'gpkg_rtree_index', \
             'http://www.geopackage.org/spec/#extension_rtree', 'write-only')",
            params![layer.name, columns.geometry],
        )?;
    }
    fill(file, layer, &columns, srs)?;
    if layer.written.geometry { file.execute_batch(&columns.triggers(layer)) } else { Ok(()) }
}

/// Writes the rows, and the index of their boxes.
fn fill(file: &Transaction<'_>, layer: &Layer<'_>, columns: &Columns, srs: i32) -> Result<(), Error> {
    let mut insert = file.prepare(&Columns::insert(layer))?;
    let (mut blob, mut boxes) = (Vec::new(), Vec::new());
    for (fid, row) in (1_i64..).zip(layer.rows) {
        let shape =
            if layer.written.geometry { layer.features.shape(*row, layer.written.crs.plane()) } else { None };
        if let Some(shape) = &shape {
            geometry::encode(&mut blob, shape, srs);
        }
        let geometry = if shape.is_some() { ValueRef::Blob(&blob) } else { ValueRef::Null };
        let id = layer.features.id(*row);
        let values = layer.written.fields.iter().map(|field| Cell(layer.features.value(*row, *field)));
        insert.raw_bind_parameter(1, fid)?;
        insert.raw_bind_parameter(2, id.as_ref())?;
        let mut next = 3;
        if layer.written.geometry {
            insert.raw_bind_parameter(next, ToSqlOutput::Borrowed(geometry))?;
            next += 1;
        }
        for (number, value) in (next..).zip(values) {
            insert.raw_bind_parameter(number, value)?;
        }
        insert.raw_execute()?;
        boxes.extend(shape.as_ref().and_then(Shape::bounds).map(|bounds| index::Cell::of(fid, &bounds)));
    }
    if layer.written.geometry { index::fill(file, &columns.index(layer), boxes) } else { Ok(()) }
}

/// The names of a layer's columns that are not fields.
struct Columns {
    key: String,
    geometry: String,
    id: String,
}

impl Columns {
    fn of(layer: &Layer<'_>) -> Self {
        let [key, geometry, id] = ["fid", "geom", "id"].map(|wish| layer.free_name(wish));
        Self { key, geometry, id }
    }

    /// Makes the table, and its index.
    fn table(&self, layer: &Layer<'_>) -> String {
        let Self { key, geometry, id } = self;
        let mut columns = format!(
            "{} INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {} TEXT NOT NULL",
            quoted(key),
            quoted(id)
        );
        if layer.written.geometry {
            columns.extend([", ", &quoted(geometry), " ", geometry_type(layer.features.geometry_kind())]);
        }
        for field in layer.written.fields.iter().map(|field| &layer.features.fields()[*field]) {
            columns.extend([", ", &quoted(&field.name), " ", column_type(field.kind)]);
        }
        let index = if layer.written.geometry {
            format!(
                "CREATE VIRTUAL TABLE {} USING rtree(id, minx, maxx, miny, maxy);",
                quoted(&self.index(layer))
            )
        } else {
            String::new()
        };
        format!("CREATE TABLE {} ({columns}); {index}", quoted(layer.name))
    }

    fn insert(layer: &Layer<'_>) -> String {
        let columns = 2 + usize::from(layer.written.geometry) + layer.written.fields.len();
        let places: Vec<String> = (1..=columns).map(|number| format!("?{number}")).collect();
        format!("INSERT INTO {} VALUES ({})", quoted(layer.name), places.join(", "))
    }

    fn index(&self, layer: &Layer<'_>) -> String {
        format!("rtree_{}_{}", layer.name, self.geometry)
    }

    /// What keeps the index when the file is edited later.
    fn triggers(&self, layer: &Layer<'_>) -> String {
        let inside = |name: &str| name.replace('"', "\"\"");
        let (table, geometry, key) = (inside(layer.name), inside(&self.geometry), inside(&self.key));
        include_str!("triggers.sql")
            .replace("\"rtree_T_C", &format!("\"rtree_{table}_{geometry}"))
            .replace("\"T\"", &format!("\"{table}\""))
            .replace("\"C\"", &format!("\"{geometry}\""))
            .replace("\"I\"", &format!("\"{key}\""))
    }
}

/// A name as SQL has it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

const fn srs_id(crs: Crs) -> i32 {
    match crs {
        // The format has longitude first, whatever the order of the system's axes.
        Crs::Crs84 | Crs::Wgs84 => 4326,
        Crs::WebMercator => 3857,
        Crs::BritishGrid => 27700,
    }
}

const fn geometry_type(kind: GeometryKind) -> &'static str {
    match kind {
        GeometryKind::Point => "POINT",
        GeometryKind::MultiPolygon => "MULTIPOLYGON",
    }
}

const fn column_type(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "TEXT",
        FieldKind::Whole => "INTEGER",
        FieldKind::Number => "DOUBLE",
        FieldKind::Flag => "BOOLEAN",
        FieldKind::Instant => "DATETIME",
    }
}

/// A value of a field as a cell takes it.
struct Cell<'a>(Value<'a>);

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>, Error> {
        Ok(match &self.0 {
            Value::Absent => ToSqlOutput::Borrowed(ValueRef::Null),
            Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Value::Whole(number) => ToSqlOutput::Borrowed(ValueRef::Integer(*number)),
            Value::Number(number) => ToSqlOutput::Borrowed(ValueRef::Real(*number)),
            Value::Flag(flag) => ToSqlOutput::Borrowed(ValueRef::Integer((*flag).into())),
            Value::Instant(second) => ToSqlOutput::from(date_time(*second)),
        })
    }
}

/// An instant as GeoPackage writes it: with thousandths of a second.
fn date_time(second: i64) -> String {
    instant(second).replace('Z', ".000Z")
}

#[cfg(test)]
mod tests;
