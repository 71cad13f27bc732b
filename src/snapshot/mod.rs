//! The immutable picture of all incidents that questions are answered from.
//!
//! A snapshot is columns, one value per incident, beside a table of *places*: incidents with equal
//! coordinates share one, because recorded positions repeat (police.uk moves each to one of a few
//! thousand points). What depends on the position alone is worked out once per place.
//!
//! It is canonical. Places stand by northing, easting, latitude, longitude; incidents by place,
//! then time, category, source and everything else, those without a place last; dictionaries are
//! sorted. So it does not depend on the order in which incidents were imported, and neither does any
//! sum over it; only the store's row ids do.
//!
//! An incident of police.uk takes about 80 bytes, and under 200 where no two share a place. Street,
//! outcome, attributes and interval are kept once per different value; attributes that differ in
//! every incident come on top at their full length.

mod builder;
mod dictionary;
mod identifiers;
mod index;
mod places;

use std::{borrow::Cow, ops::Range};

pub use builder::{Locate, SnapshotBuilder};
pub use index::Near;
pub use places::Places;

use self::{identifiers::Identifiers, index::PlaceIndex};
use crate::{
    model::{Generation, GridPoint, Metres, Month, Occurred, PositionedBy, StoreId},
    store::{IncidentStore, StoreError},
};

/// Stands in a column of codes where there is none.
const NO_CODE: u32 = u32::MAX;

/// All incidents of one generation of one store. Rows count from 0 to [`len`](Self::len).
///
/// Every accessor costs a few memory reads. One that takes a row or a place panics, as a slice does,
/// for a number that this snapshot did not give.
#[derive(Debug)]
pub struct Snapshot {
    store_id: StoreId,
    generation: Generation,
    places: Places,
    index: PlaceIndex,
    rows: Rows,
    categories: Vec<String>,
    sources: Vec<String>,
    streets: Vec<String>,
    outcomes: Vec<String>,
    attributes: Vec<String>,
    intervals: Vec<Occurred>,
    /// Per interval the London month of its start.
    interval_months: Vec<Month>,
    months: Option<(Month, Month)>,
}

/// One value per incident, in canonical order. Incidents without a place stand at the end and have
/// no value in `place`.
#[derive(Debug, Default)]
struct Rows {
    place: Vec<u32>,
    interval: Vec<u32>,
    category: Vec<u16>,
    source: Vec<u16>,
    weight: Vec<f64>,
    positioned_by: Vec<PositionedBy>,
    street: Vec<u32>,
    outcome: Vec<u32>,
    attributes: Vec<u32>,
    row_id: Vec<i64>,
    own_id: Identifiers,
    reference: Identifiers,
}

impl Snapshot {
    /// Reads every incident of `store` and asks `locate` about every place once, in order.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read, is damaged, or holds more than a snapshot can
    /// (see [`SnapshotBuilder::push`]).
    pub fn load(
        store: &dyn IncidentStore,
        layer_count: usize,
        locate: &mut Locate<'_>,
    ) -> Result<Self, StoreError> {
        let mut builder = SnapshotBuilder::new(layer_count);
        let mut pushed = Ok(());
        let generation = store.scan(&mut |incident| {
            if pushed.is_ok() {
                pushed = builder.push(incident);
            }
        })?;
        pushed?;
        Ok(builder.finish(store.id(), generation, locate))
    }

    /// The store it was read from.
    pub fn store_id(&self) -> &StoreId {
        &self.store_id
    }

    /// The generation it shows.
    pub fn generation(&self) -> Generation {
        self.generation
    }

    /// Number of incidents, located or not.
    pub fn len(&self) -> usize {
        self.rows.interval.len()
    }

    /// Whether there is no incident at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of incidents without a position; they are the last rows.
    pub fn unlocated_count(&self) -> usize {
        self.len() - self.rows.place.len()
    }

    /// Where incidents happened.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The place of an incident; `None` for one without position.
    pub fn place(&self, row: usize) -> Option<u32> {
        debug_assert!(row < self.len(), "row {row} of {}", self.len());
        self.rows.place.get(row).copied()
    }

    /// How the position of an incident is known; coordinates for one without.
    pub fn positioned_by(&self, row: usize) -> PositionedBy {
        self.rows.positioned_by[row]
    }

    /// When an incident happened.
    pub fn occurred(&self, row: usize) -> Occurred {
        self.intervals[self.rows.interval[row] as usize]
    }

    /// The London month in which an incident starts.
    pub fn month(&self, row: usize) -> Month {
        self.interval_months[self.rows.interval[row] as usize]
    }

    /// When an incident happened, as a number in [`intervals`](Self::intervals).
    pub fn interval(&self, row: usize) -> u32 {
        self.rows.interval[row]
    }

    /// The different intervals in which incidents happened, sorted by start, then end. Whether a row
    /// lies in a period is a question about its interval, and there may be few of them: one a month
    /// from police.uk.
    pub fn intervals(&self) -> &[Occurred] {
        &self.intervals
    }

    /// The first and the last month in which an incident starts; `None` without incidents.
    pub fn months(&self) -> Option<(Month, Month)> {
        self.months
    }

    /// The category of an incident, a number in [`categories`](Self::categories).
    pub fn category(&self, row: usize) -> u16 {
        self.rows.category[row]
    }

    /// The slugs of the categories that occur, sorted.
    pub fn categories(&self) -> &[String] {
        &self.categories
    }

    /// The number of a category; `None` when no incident is of it.
    pub fn category_code(&self, slug: &str) -> Option<u16> {
        code_in(&self.categories, slug)
    }

    /// The source of an incident, a number in [`sources`](Self::sources).
    pub fn source(&self, row: usize) -> u16 {
        self.rows.source[row]
    }

    /// The sources that occur, sorted.
    pub fn sources(&self) -> &[String] {
        &self.sources
    }

    /// The number of a source; `None` when no incident is from it.
    pub fn source_code(&self, source: &str) -> Option<u16> {
        code_in(&self.sources, source)
    }

    /// How much an incident counts in weighted analyses.
    pub fn weight(&self, row: usize) -> f64 {
        self.rows.weight[row]
    }

    /// Street or place name as recorded.
    pub fn street(&self, row: usize) -> Option<&str> {
        text_of(&self.streets, self.rows.street[row])
    }

    /// Last known outcome.
    pub fn outcome(&self, row: usize) -> Option<&str> {
        text_of(&self.outcomes, self.rows.outcome[row])
    }

    /// The attributes as a JSON object; empty for none.
    pub fn attributes_json(&self, row: usize) -> &str {
        text_of(&self.attributes, self.rows.attributes[row]).unwrap_or_default()
    }

    /// The id that the source promises to be unique.
    pub fn own_id(&self, row: usize) -> Option<Cow<'_, str>> {
        self.rows.own_id.get(row)
    }

    /// A reference that identifies nothing for certain, such as a police.uk Crime ID.
    pub fn reference(&self, row: usize) -> Option<Cow<'_, str>> {
        self.rows.reference.get(row)
    }

    /// The store's own number for an incident. The only column that depends on the order of imports.
    pub fn row_id(&self, row: usize) -> i64 {
        self.rows.row_id[row]
    }

    /// The places in the box between two corners, edges included, by number. Empty when `min` lies
    /// north or east of `max`.
    pub fn within_box(&self, min: GridPoint, max: GridPoint) -> Vec<u32> {
        self.index.within_box(min, max)
    }

    /// The places at most `radius` from `centre`, the nearest first, equal ones by number.
    pub fn within_radius(&self, centre: GridPoint, radius: Metres) -> Vec<Near> {
        self.index.within_radius(centre, radius)
    }

    /// The `count` places nearest to `centre` (all, if there are fewer), the nearest first, equal
    /// ones by number.
    pub fn nearest(&self, centre: GridPoint, count: usize) -> Vec<Near> {
        self.nearest_iter(centre).take(count).collect()
    }

    /// Every place, in the order of [`nearest`](Self::nearest). Each is looked for only when it is
    /// asked for, so that a caller who counts incidents can stop in time.
    pub fn nearest_iter(&self, centre: GridPoint) -> impl Iterator<Item = Near> + use<'_> {
        self.index.nearest(centre)
    }

    /// The rows of incidents without a position.
    pub fn unlocated_rows(&self) -> Range<usize> {
        self.rows.place.len()..self.len()
    }

    /// Bytes on the heap, from the capacities of its columns and dictionaries. The R-tree, whose
    /// capacities cannot be asked for, is taken at what its nodes need.
    pub fn memory_bytes(&self) -> usize {
        let texts = [&self.categories, &self.sources, &self.streets, &self.outcomes, &self.attributes];
        self.rows.memory_bytes()
            + self.places.memory_bytes()
            + self.index.memory_bytes()
            + column_bytes(&self.intervals)
            + column_bytes(&self.interval_months)
            + texts.into_iter().map(dictionary::memory_bytes).sum::<usize>()
    }
}

impl Rows {
    fn memory_bytes(&self) -> usize {
        column_bytes(&self.place)
            + column_bytes(&self.interval)
            + column_bytes(&self.category)
            + column_bytes(&self.source)
            + column_bytes(&self.weight)
            + column_bytes(&self.positioned_by)
            + column_bytes(&self.street)
            + column_bytes(&self.outcome)
            + column_bytes(&self.attributes)
            + column_bytes(&self.row_id)
            + self.own_id.memory_bytes()
            + self.reference.memory_bytes()
    }
}

fn column_bytes<T>(column: &Vec<T>) -> usize {
    column.capacity() * size_of::<T>()
}

fn text_of(texts: &[String], code: u32) -> Option<&str> {
    (code != NO_CODE).then(|| texts[code as usize].as_str())
}

fn code_in(texts: &[String], text: &str) -> Option<u16> {
    let found = texts.binary_search_by(|known| known.as_str().cmp(text)).ok()?;
    u16::try_from(found).ok()
}

#[cfg(test)]
mod tests;
