//! GeoPackage (OGC 12-128): one feature table of an `SQLite` file.

use std::path::Path;

use geo_types::Coord;
use geozero::{GeomProcessor, wkb};
use rusqlite::{Connection, Error, OpenFlags, OptionalExtension, Row, types::ValueRef};
use serde_json::{Map, Value};

use super::{MOST_FEATURES, Part, RawFeature, RawFile, wkt};
use crate::boundary::file_crs::StatedCrs;

/// Reads the table with that name or, without one, the only feature table.
pub(super) fn read(path: &Path, table: Option<&str>) -> Result<RawFile, String> {
    let broken = |cause: Error| format!("it cannot be read as a GeoPackage: {cause}");
    let file = open(path).map_err(broken)?;
    // What the file defines itself may compute, but do nothing else.
    file.pragma_update(None, "trusted_schema", false).map_err(broken)?;
    let table = Table::chosen(Table::all(&file).map_err(broken)?, table)?;
    let crs = table.crs(&file).map_err(broken)?;
    Ok(RawFile { crs, features: table.features(&file).map_err(broken)? })
}

/// Opens a file without writing anything beside it.
///
/// GIS programs leave files in a mode in which even reading needs a folder that can be written to. Where no log of theirs
/// (`-wal`) is beside the file, all is in it, and it can be read as one that does not change.
fn open(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    match path.to_str() {
        Some(name) if !Path::new(&log).exists() => {
            let name = name.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
            let address = format!("file:{name}?immutable=1");
            Connection::open_with_flags(address, flags | OpenFlags::SQLITE_OPEN_URI)
        }
        _ => Connection::open_with_flags(path, flags),
    }
}

/// A feature table by the file's own list of them.
struct Table {
    name: String,
    geometry: String,
    srs_id: i64,
}

impl Table {
    /// Only tables are read: a view may compute for ever.
    fn all(file: &Connection) -> Result<Vec<Self>, Error> {
        let mut statement = file.prepare(
            "SELECT g.table_name, g.column_name, g.srs_id FROM gpkg_geometry_columns g \
             JOIN gpkg_contents c ON c.table_name = g.table_name AND c.data_type = 'features' \
             JOIN sqlite_schema s ON s.name = g.table_name AND s.type = 'table' ORDER BY g.table_name",
        )?;
        let table =
            |row: &Row<'_>| Ok(Self { name: row.get(0)?, geometry: row.get(1)?, srs_id: row.get(2)? });
        statement.query_map([], table)?.collect()
    }

    fn chosen(all: Vec<Self>, wanted: Option<&str>) -> Result<Self, String> {
        let names: Vec<_> = all.iter().map(|table| table.name.clone()).collect();
        let there_are = match &names[..] {
            [] => "there is none".to_owned(),
            names => format!("there are {}", names.join(", ")),
        };
        let mut chosen: Vec<Self> =
            all.into_iter().filter(|table| wanted.is_none_or(|wanted| table.name == wanted)).collect();
        match (chosen.pop(), chosen.is_empty(), wanted) {
            (Some(only), true, _) => Ok(only),
            (_, _, Some(wanted)) => Err(format!("it has no feature table '{wanted}'; {there_are}")),
            (None, ..) => Err("it has no feature table".to_owned()),
            _ => Err(format!(
                "it has several feature tables; name one as 'table' in the manifest: {there_are}"
            )),
        }
    }

    /// The identifiers 0 and -1 stand for systems that are not defined.
    fn crs(&self, file: &Connection) -> Result<Option<StatedCrs>, Error> {
        if self.srs_id <= 0 {
            return Ok(None);
        }
        let place = "its 'srs_id'";
        let known: Option<(String, i64, String)> = file
            .query_row(
                "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?1",
                [self.srs_id],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .optional()?;
        Ok(Some(match known {
            Some((organisation, code, _)) if organisation.eq_ignore_ascii_case("EPSG") => {
                StatedCrs::by_name(place, &format!("EPSG:{code}"))
            }
            Some((_, _, definition)) => wkt::stated(place, &definition),
            None => StatedCrs::by_name(place, &self.srs_id.to_string()),
        }))
    }

    /// One row more than the limit is read, which is enough to see that there are too many.
    fn features(&self, file: &Connection) -> Result<Vec<RawFeature>, Error> {
        let name = self.name.replace('"', "\"\"");
        let mut statement = file.prepare(&format!("SELECT * FROM \"{name}\" LIMIT {}", MOST_FEATURES + 1))?;
        let columns: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
        let mut rows = statement.query([])?;
        let mut features = Vec::new();
        while let Some(row) = rows.next()? {
            let mut properties = Map::new();
            let mut parts = Err("it has no geometry".to_owned());
            for (index, column) in columns.iter().enumerate() {
                match row.get_ref(index)? {
                    ValueRef::Blob(blob) if column.eq_ignore_ascii_case(&self.geometry) => {
                        parts = self::parts(blob);
                    }
                    value if !column.eq_ignore_ascii_case(&self.geometry) => {
                        properties.insert(column.clone(), json(value));
                    }
                    _ => {}
                }
            }
            features.push(RawFeature { properties, parts });
        }
        Ok(features)
    }
}

fn json(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned().into(),
        ValueRef::Null | ValueRef::Blob(_) => Value::Null,
    }
}

/// The polygons of a geometry blob: `GP`, a header of 8 to 72 bytes by its flags, well-known binary.
fn parts(blob: &[u8]) -> Result<Vec<Part>, String> {
    let broken = || "its geometry is no GeoPackage geometry".to_owned();
    let &[b'G', b'P', _, flags, ..] = blob else { return Err(broken()) };
    if flags & 0b1_0000 != 0 {
        return Err("it has no geometry".to_owned());
    }
    let envelope = match (flags >> 1) & 0b111 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return Err(broken()),
    };
    // Collections within collections would be read by as many calls within calls, so only the two kinds that are wanted
    // are read at all.
    let Some(&[order, a, b, c, d]) = blob.get(8 + envelope..13 + envelope) else { return Err(broken()) };
    let kind = if order == 0 { u32::from_be_bytes([a, b, c, d]) } else { u32::from_le_bytes([a, b, c, d]) };
    if !matches!(kind % 1000, 3 | 6) {
        return Err(format!(
            "its geometry is {}; an area is a Polygon or a MultiPolygon",
            match kind % 1000 {
                1 => "a Point".to_owned(),
                2 => "a LineString".to_owned(),
                7 => "a GeometryCollection".to_owned(),
                other => format!("of the kind {other}"),
            }
        ));
    }
    let mut polygons = Polygons::default();
    let mut rest = blob;
    wkb::process_gpkg_geom(&mut rest, &mut polygons)
        .map_err(|cause| format!("its geometry cannot be read: {cause}"))?;
    Ok(polygons.parts)
}

/// Gathers rings as they are read.
#[derive(Default)]
struct Polygons {
    parts: Vec<Part>,
}

impl GeomProcessor for Polygons {
    fn polygon_begin(&mut self, _tagged: bool, _size: usize, _index: usize) -> geozero::error::Result<()> {
        self.parts.push(Part::new());
        Ok(())
    }

    fn linestring_begin(&mut self, _tagged: bool, _size: usize, _index: usize) -> geozero::error::Result<()> {
        if let Some(part) = self.parts.last_mut() {
            part.push(Vec::new());
        }
        Ok(())
    }

    fn xy(&mut self, x: f64, y: f64, _index: usize) -> geozero::error::Result<()> {
        if let Some(ring) = self.parts.last_mut().and_then(|part| part.last_mut()) {
            ring.push(Coord { x, y });
        }
        Ok(())
    }
}
