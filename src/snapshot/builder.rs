//! Making a snapshot: incidents come in any order, columns go out in canonical order.

use std::{cmp::Ordering, collections::HashMap};

use super::{
    NO_CODE, Rows, Snapshot,
    dictionary::{Interner, renumbering},
    identifiers::Identifiers,
    index::PlaceIndex,
    places::Places,
};
use crate::{
    model::{Generation, GridPoint, Invalid, Month, Occurred, Position, PositionedBy, StoreId},
    store::{StoreError, StoredIncident},
};

/// Tells where a grid position lies: writes the number of its area for every layer and answers
/// whether it is inside the borough's outline. The numbers come in as `None`.
pub type Locate<'a> = dyn FnMut(GridPoint, &mut [Option<u16>]) -> bool + 'a;

/// More would not be told apart from the marks for texts and for nothing.
const MOST_ROWS: usize = (1 << 31) - 1;
/// As many as a `u16` numbers.
const MOST_CODES: usize = 1 << 16;

/// Collects incidents and makes a [`Snapshot`] of them.
#[derive(Debug, Default)]
pub struct SnapshotBuilder {
    layer_count: usize,
    drafts: Vec<Draft>,
    own_ids: Identifiers,
    references: Identifiers,
    places: HashMap<[u64; 4], u32>,
    positions: Vec<Position>,
    intervals: HashMap<Occurred, u32>,
    last_interval: Option<(Occurred, u32)>,
    categories: Interner,
    sources: Interner,
    streets: Interner,
    outcomes: Interner,
    attributes: Interner,
}

/// One incident, its texts and its place as numbers. No place is the highest number, so that
/// incidents without one come last.
#[derive(Debug)]
struct Draft {
    weight: f64,
    positioned_by: PositionedBy,
    row_id: i64,
    place: u32,
    interval: u32,
    category: u32,
    source: u32,
    street: u32,
    outcome: u32,
    attributes: u32,
}

impl SnapshotBuilder {
    /// Starts a snapshot whose places know their area in that many layers.
    pub fn new(layer_count: usize) -> Self {
        Self { layer_count, ..Self::default() }
    }

    /// Takes an incident.
    ///
    /// # Errors
    /// [`StoreError::Failed`] when there would be more than 65,536 categories or sources, or more
    /// than 2³¹ − 1 incidents; the builder is then to be dropped.
    pub fn push(&mut self, incident: StoredIncident<'_>) -> Result<(), StoreError> {
        let StoredIncident {
            row_id,
            source,
            own_id,
            reference,
            occurred,
            category,
            weight,
            position,
            positioned_by,
            street,
            outcome,
            attributes_json,
        } = incident;
        let row = self.drafts.len();
        if row >= MOST_ROWS {
            return Err(too_many(row_id, "a snapshot holds at most 2147483647 incidents"));
        }
        let draft = Draft {
            weight,
            positioned_by,
            row_id,
            place: position.map_or(NO_CODE, |position| self.place(position)),
            interval: self.interval(occurred),
            category: self.categories.code(category),
            source: self.sources.code(source),
            street: street.map_or(NO_CODE, |text| self.streets.code(text)),
            outcome: outcome.map_or(NO_CODE, |text| self.outcomes.code(text)),
            attributes: self.attributes.code(attributes_json),
        };
        if self.categories.len() > MOST_CODES {
            return Err(too_many(category, "a snapshot holds at most 65536 categories"));
        }
        if self.sources.len() > MOST_CODES {
            return Err(too_many(source, "a snapshot holds at most 65536 sources"));
        }
        self.own_ids.push(row, own_id);
        self.references.push(row, reference);
        self.drafts.push(draft);
        Ok(())
    }

    /// Makes the snapshot. `locate` is asked about every place once, in their order.
    pub fn finish(mut self, store_id: StoreId, generation: Generation, locate: &mut Locate<'_>) -> Snapshot {
        let (categories, new_category) = self.categories.sorted();
        let (sources, new_source) = self.sources.sorted();
        let (streets, new_street) = self.streets.sorted();
        let (outcomes, new_outcome) = self.outcomes.sorted();
        let (attributes, new_attributes) = self.attributes.sorted();
        let (positions, new_place) = sorted_places(&self.positions);
        let (intervals, new_interval) = sorted_intervals(self.intervals);
        let renumber = |code: &mut u32, renumbered: &[u32]| {
            if *code != NO_CODE {
                *code = renumbered[*code as usize];
            }
        };
        for draft in &mut self.drafts {
            renumber(&mut draft.place, &new_place);
            renumber(&mut draft.interval, &new_interval);
            renumber(&mut draft.category, &new_category);
            renumber(&mut draft.source, &new_source);
            renumber(&mut draft.street, &new_street);
            renumber(&mut draft.outcome, &new_outcome);
            renumber(&mut draft.attributes, &new_attributes);
        }
        let (order, row_starts) = sorted_rows(&self.drafts, positions.len(), &self.own_ids, &self.references);
        let rows = gather(&self.drafts, &order, &self.own_ids, &self.references);
        let interval_months: Vec<Month> = intervals.iter().map(|occurred| occurred.month()).collect();
        let months = interval_months.iter().min().copied().zip(interval_months.iter().max().copied());
        let places = locate_all(positions, row_starts, self.layer_count, locate);
        let index = PlaceIndex::new(places.ids().map(|place| (places.grid(place), place)));
        Snapshot {
            store_id,
            generation,
            places,
            index,
            rows,
            categories,
            sources,
            streets,
            outcomes,
            attributes,
            intervals,
            interval_months,
            months,
        }
    }

    /// The number of an interval, in order of arrival. Incidents of one month often come together.
    fn interval(&mut self, occurred: Occurred) -> u32 {
        if let Some((last, number)) = self.last_interval
            && last == occurred
        {
            return number;
        }
        let next = u32::try_from(self.intervals.len()).unwrap_or(NO_CODE);
        let number = *self.intervals.entry(occurred).or_insert(next);
        self.last_interval = Some((occurred, number));
        number
    }

    /// The number of a position, in order of arrival.
    fn place(&mut self, position: Position) -> u32 {
        let key = coordinates(position).map(f64::to_bits);
        let next = u32::try_from(self.positions.len()).unwrap_or(NO_CODE);
        let number = *self.places.entry(key).or_insert(next);
        if number == next {
            self.positions.push(position);
        }
        number
    }
}

/// What places are told apart and ordered by.
fn coordinates(position: Position) -> [f64; 4] {
    let Position { grid, lonlat } = position;
    [grid.northing_m(), grid.easting_m(), lonlat.lat_deg(), lonlat.lon_deg()]
}

fn too_many(value: impl std::fmt::Display, rule: &str) -> StoreError {
    StoreError::Failed { doing: "building a snapshot", cause: Box::new(Invalid::new(value, rule)) }
}

/// The positions in order, and for each number so far its number in that order.
fn sorted_places(positions: &[Position]) -> (Vec<Position>, Vec<u32>) {
    let mut order: Vec<(Position, u32)> = positions.iter().copied().zip(0..).collect();
    order.sort_unstable_by(|(a, _), (b, _)| {
        coordinates(*a)
            .iter()
            .zip(&coordinates(*b))
            .map(|(a, b)| a.total_cmp(b))
            .find(|ordering| ordering.is_ne())
            .unwrap_or(Ordering::Equal)
    });
    let renumbered = renumbering(order.iter().map(|(_, old)| *old));
    (order.into_iter().map(|(position, _)| position).collect(), renumbered)
}

/// The intervals in order, and for each number so far its number in that order.
fn sorted_intervals(intervals: HashMap<Occurred, u32>) -> (Vec<Occurred>, Vec<u32>) {
    let mut order: Vec<(Occurred, u32)> = intervals.into_iter().collect();
    order.sort_unstable();
    let renumbered = renumbering(order.iter().map(|(_, old)| *old));
    (order.into_iter().map(|(occurred, _)| occurred).collect(), renumbered)
}

/// The drafts in canonical order, and the first row of every place. Rows are dealt out by place
/// first, so that only the rows of one place are compared with each other.
fn sorted_rows(
    drafts: &[Draft],
    place_count: usize,
    own_ids: &Identifiers,
    references: &Identifiers,
) -> (Vec<u32>, Vec<u32>) {
    // One bucket per place and one for incidents without.
    let bucket = |draft: &Draft| if draft.place == NO_CODE { place_count } else { draft.place as usize };
    let mut starts = vec![0_u32; place_count + 2];
    for draft in drafts {
        starts[bucket(draft) + 1] += 1;
    }
    for place in 1..starts.len() {
        starts[place] += starts[place - 1];
    }
    let mut order = vec![0_u32; drafts.len()];
    let mut next = starts.clone();
    for (row, draft) in (0_u32..).zip(drafts) {
        let slot = &mut next[bucket(draft)];
        order[*slot as usize] = row;
        *slot += 1;
    }
    for range in starts.windows(2) {
        order[range[0] as usize..range[1] as usize].sort_unstable_by(|&a, &b| {
            let (a, b) = (a as usize, b as usize);
            compare(&drafts[a], &drafts[b])
                .then_with(|| own_ids.compare(a, b))
                .then_with(|| references.compare(a, b))
                .then_with(|| drafts[a].row_id.cmp(&drafts[b].row_id))
        });
    }
    starts.truncate(place_count + 1);
    starts.shrink_to_fit();
    (order, starts)
}

/// Canonical order of two incidents at one place, but for their identifiers. Numbers are in
/// the order of what they stand for.
fn compare(a: &Draft, b: &Draft) -> Ordering {
    let texts = |draft: &Draft| (draft.street, draft.outcome, draft.attributes);
    (a.interval, a.category, a.source)
        .cmp(&(b.interval, b.category, b.source))
        .then_with(|| a.weight.total_cmp(&b.weight))
        .then_with(|| texts(a).cmp(&texts(b)))
        .then_with(|| a.positioned_by.cmp(&b.positioned_by))
}

fn gather(drafts: &[Draft], order: &[u32], own_ids: &Identifiers, references: &Identifiers) -> Rows {
    fn column<T>(drafts: &[Draft], order: &[u32], value: impl Fn(&Draft) -> T) -> Vec<T> {
        order.iter().map(|&row| value(&drafts[row as usize])).collect()
    }
    // `push` held these to what a `u16` numbers.
    let short = |code: u32| u16::try_from(code).unwrap_or(u16::MAX);
    let located = drafts.iter().filter(|draft| draft.place != NO_CODE).count();
    Rows {
        place: column(drafts, &order[..located], |draft| draft.place),
        interval: column(drafts, order, |draft| draft.interval),
        category: column(drafts, order, |draft| short(draft.category)),
        source: column(drafts, order, |draft| short(draft.source)),
        weight: column(drafts, order, |draft| draft.weight),
        positioned_by: column(drafts, order, |draft| draft.positioned_by),
        street: column(drafts, order, |draft| draft.street),
        outcome: column(drafts, order, |draft| draft.outcome),
        attributes: column(drafts, order, |draft| draft.attributes),
        row_id: column(drafts, order, |draft| draft.row_id),
        own_id: own_ids.reordered(order),
        reference: references.reordered(order),
    }
}

fn locate_all(
    positions: Vec<Position>,
    row_starts: Vec<u32>,
    layer_count: usize,
    locate: &mut Locate<'_>,
) -> Places {
    let mut areas = vec![Vec::with_capacity(positions.len()); layer_count];
    let mut inside = Vec::with_capacity(positions.len());
    let mut at_place = vec![None; layer_count];
    for position in &positions {
        at_place.fill(None);
        inside.push(locate(position.grid, &mut at_place));
        for (column, area) in areas.iter_mut().zip(&at_place) {
            column.push(*area);
        }
    }
    Places { positions, areas, inside, row_starts }
}
