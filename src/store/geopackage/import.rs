//! Writing: one import, one transaction.

use std::{
    collections::{BTreeSet, HashMap},
    path::Path,
};

use rusqlite::{Connection, OptionalExtension, params};

use super::{failed, file, point};
use crate::{
    model::{Generation, GridPoint, Incident, Invalid, Month, PositionedBy, StoreId, time::london_day},
    store::{Committed, Import, StoreError, attributes},
};

/// The columns of `incidents` after the id, in their order.
const INSERT: &str = "INSERT INTO incidents (geom,source,own_id,reference,category,month,day,start_s,end_s,precision,weight,lon,lat,\
     street,outcome,attributes,generation,positioned_by) \
     VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18)";
const UPDATE: &str = "UPDATE incidents SET (geom,source,own_id,reference,category,month,day,start_s,end_s,\
     precision,weight,lon,lat,street,outcome,attributes,generation,positioned_by) \
     = (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18) WHERE source = ?2 AND own_id = ?3";
const FIND: &str = "SELECT generation FROM incidents WHERE source = ?1 AND own_id = ?2";
/// The rows of a batch, and those that completed it after they were mended: two statements, because
/// each has an index of its own. `;` is the character after `:`.
const CLEAR: [&str; 2] = [
    "DELETE FROM incidents WHERE source = ?1 AND month = ?2 AND own_id IS NULL",
    "DELETE FROM incidents WHERE source = ?1 AND month = ?2 AND own_id >= 'mended:' AND own_id < 'mended;'",
];

const ADDING: &str = "writing an incident";
const COMMITTING: &str = "committing an import";

/// An import in progress. Closing the connection, which dropping does, rolls it back.
pub(super) struct GeoPackageImport {
    connection: Connection,
    /// The generation that the commit will make.
    generation: i64,
    added: u64,
    replaced: u64,
    batches: HashMap<String, BTreeSet<Month>>,
    extent: Option<Extent>,
    day: Day,
    attributes: Vec<u8>,
    /// Set when a write failed. SQLite may then have rolled back on its own, and what was written
    /// after that would be committed row by row.
    broken: bool,
}

impl GeoPackageImport {
    /// Takes the right to write, waiting as long as the connection was told to.
    pub(super) fn begin(connection: Connection, path: &Path, id: &StoreId) -> Result<Self, StoreError> {
        connection.execute_batch("BEGIN IMMEDIATE").map_err(failed("beginning an import"))?;
        let Generation(newest) = file::state_of(&connection, path, id)?.generation;
        let generation =
            newest.checked_add(1).and_then(|next| i64::try_from(next).ok()).ok_or_else(|| {
                StoreError::Failed {
                    doing: "beginning an import",
                    cause: Box::new(Invalid::new(newest, "generations end here")),
                }
            })?;
        Ok(Self {
            connection,
            generation,
            added: 0,
            replaced: 0,
            batches: HashMap::new(),
            extent: None,
            day: Day::of(0),
            attributes: Vec::new(),
            broken: false,
        })
    }

    fn write(&mut self, incident: &Incident) -> Result<(), StoreError> {
        if !(incident.weight.is_finite() && incident.weight >= 0.0) {
            let cause = Invalid::new(incident.weight, "a weight is a finite number, zero or more");
            return Err(StoreError::Failed { doing: ADDING, cause: Box::new(cause) });
        }
        if self.day.start_s != incident.occurred.start_s() {
            self.day = Day::of(incident.occurred.start_s());
        }
        let sql = if let Some(own_id) = &incident.own_id {
            self.find(&incident.source, own_id)?
        } else {
            self.claim(&incident.source)?;
            INSERT
        };
        attributes::write(&incident.attributes, &mut self.attributes)
            .map_err(|cause| StoreError::Failed { doing: ADDING, cause: Box::new(cause) })?;
        self.execute(sql, incident).map_err(failed(ADDING))?;
        if let Some(position) = incident.position {
            self.extent = Some(Extent::with(self.extent, position.grid));
        }
        self.added += 1;
        Ok(())
    }

    /// How an incident with an own id is to be written. An incident that exists keeps its row.
    fn find(&mut self, source: &str, own_id: &str) -> Result<&'static str, StoreError> {
        let earlier: Option<i64> = self
            .connection
            .prepare_cached(FIND)
            .and_then(|mut find| find.query_row([source, own_id], |row| row.get(0)).optional())
            .map_err(failed("looking for an incident's own id"))?;
        if earlier.is_some_and(|generation| generation < self.generation) {
            self.replaced += 1;
        }
        Ok(if earlier.is_some() { UPDATE } else { INSERT })
    }

    /// Removes what earlier imports stored for the batch, the first time it is met.
    fn claim(&mut self, source: &str) -> Result<(), StoreError> {
        let months = match self.batches.get_mut(source) {
            Some(months) if months.contains(&self.day.month) => return Ok(()),
            Some(months) => months,
            None => self.batches.entry(source.to_owned()).or_default(),
        };
        months.insert(self.day.month);
        for clear in CLEAR {
            let removed = self
                .connection
                .execute(clear, [source, &self.day.month_text])
                .map_err(failed("removing the earlier rows of a batch"))?;
            self.replaced += u64::try_from(removed).unwrap_or(u64::MAX);
        }
        Ok(())
    }

    fn execute(&self, sql: &str, incident: &Incident) -> rusqlite::Result<usize> {
        // Bytes that a JSON writer made are UTF-8; bound as a blob they would not be text.
        let attributes = str::from_utf8(&self.attributes)?;
        self.connection.prepare_cached(sql)?.execute(params![
            incident.position.map(|position| point::encode(position.grid)),
            incident.source,
            incident.own_id,
            incident.reference,
            incident.category.as_str(),
            self.day.month_text,
            self.day.date,
            incident.occurred.start_s(),
            incident.occurred.end_s(),
            incident.occurred.precision().as_str(),
            incident.weight,
            incident.position.map(|position| position.lonlat.lon_deg()),
            incident.position.map(|position| position.lonlat.lat_deg()),
            incident.street,
            incident.outcome,
            (!attributes.is_empty()).then_some(attributes),
            self.generation,
            (incident.positioned_by != PositionedBy::Coordinates).then(|| incident.positioned_by.as_str()),
        ])
    }

    /// The batches written, by source and month.
    fn batches(&self) -> Vec<(String, Month)> {
        let mut batches: Vec<_> = self
            .batches
            .iter()
            .flat_map(|(source, months)| months.iter().map(|month| (source.clone(), *month)))
            .collect();
        batches.sort_unstable();
        batches
    }

    fn log(&self, batches: &[(String, Month)]) -> Result<(), StoreError> {
        let named: Vec<_> = batches.iter().map(|(source, month)| (source, month.to_string())).collect();
        let named = serde_json::to_string(&named)
            .map_err(|cause| StoreError::Failed { doing: COMMITTING, cause: Box::new(cause) })?;
        let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        self.connection
            .execute(
                "INSERT INTO hotspots_imports (generation, added, replaced, batches) VALUES (?1,?2,?3,?4)",
                params![self.generation, count(self.added), count(self.replaced), named],
            )
            .and_then(|_| {
                self.connection.execute(
                    "UPDATE hotspots_store SET generation = ?1 WHERE only_row = 1",
                    [self.generation],
                )
            })
            .and_then(|_| {
                self.connection.execute(
                    "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') \
                     WHERE table_name IN ('incidents', 'hotspots_imports')",
                    [],
                )
            })
            .map_err(failed(COMMITTING))?;
        Ok(())
    }

    /// Widens the extent that GIS programs show. It is not narrowed when incidents go: the standard
    /// wants it as information only, and finding it anew would read every row.
    fn widen(&self) -> Result<(), StoreError> {
        let Some(extent) = self.extent else { return Ok(()) };
        self.connection
            .execute(
                "UPDATE gpkg_contents SET min_x = min(ifnull(min_x, ?1), ?1), \
                 min_y = min(ifnull(min_y, ?2), ?2), max_x = max(ifnull(max_x, ?3), ?3), \
                 max_y = max(ifnull(max_y, ?4), ?4) WHERE table_name = 'incidents'",
                params![
                    extent.min.easting_m(),
                    extent.min.northing_m(),
                    extent.max.easting_m(),
                    extent.max.northing_m()
                ],
            )
            .map_err(failed(COMMITTING))?;
        Ok(())
    }

    fn refuse_when_broken(&self, doing: &'static str) -> Result<(), StoreError> {
        if !self.broken {
            return Ok(());
        }
        let cause = "an earlier write of this import failed, so nothing of it is stored";
        Err(StoreError::Failed { doing, cause: cause.into() })
    }
}

impl Import for GeoPackageImport {
    fn add(&mut self, incident: &Incident) -> Result<(), StoreError> {
        self.refuse_when_broken(ADDING)?;
        let written = self.write(incident);
        self.broken = written.is_err();
        written
    }

    fn commit(self: Box<Self>) -> Result<Committed, StoreError> {
        self.refuse_when_broken(COMMITTING)?;
        let batches = self.batches();
        self.log(&batches)?;
        self.widen()?;
        self.connection.execute_batch("COMMIT").map_err(failed(COMMITTING))?;
        Ok(Committed {
            generation: Generation(self.generation.unsigned_abs()),
            added: self.added,
            replaced: self.replaced,
            batches,
        })
    }
}

/// The London day and month of a start: rows of a file often share it, and the calendar is slow.
struct Day {
    start_s: i64,
    month: Month,
    month_text: String,
    date: String,
}

impl Day {
    fn of(start_s: i64) -> Self {
        let day = london_day(start_s);
        let month = Month::of(day);
        Self { start_s, month, month_text: month.to_string(), date: day.to_string() }
    }
}

/// The box around the positions of an import.
#[derive(Clone, Copy)]
struct Extent {
    min: GridPoint,
    max: GridPoint,
}

impl Extent {
    fn with(extent: Option<Self>, point: GridPoint) -> Self {
        let Some(Self { min, max }) = extent else { return Self { min: point, max: point } };
        let corner = |pick: fn(f64, f64) -> f64, old: GridPoint| {
            GridPoint::new(
                pick(old.easting_m(), point.easting_m()),
                pick(old.northing_m(), point.northing_m()),
            )
            .unwrap_or(old)
        };
        Self { min: corner(f64::min, min), max: corner(f64::max, max) }
    }
}
