//! Places sorted into squares, so that those near a place are found without looking at all.

use std::ops::Range;

use crate::model::{GridPoint, Metres};

/// Side of a square as a part of the reach: a little less than 1/√2, so that the diagonal is below the reach
/// whatever rounding does, and the reach below two sides.
const SIDE: f64 = 0.707;

/// How many squares away a place within reach may be.
const REACH_IN_CELLS: i64 = 2;

pub(super) struct Cells<'a> {
    places: &'a [(GridPoint, u32)],
    reach_2: f64,
    /// The numbers of the places, cell by cell.
    order: Vec<u32>,
    /// Row and column of each cell that holds places, ascending, and where its places end in `order`.
    ends: Vec<((i64, i64), usize)>,
    /// The cell of each place.
    cell_of: Vec<u32>,
}

impl<'a> Cells<'a> {
    pub(super) fn of(places: &'a [(GridPoint, u32)], reach: Metres) -> Self {
        let side = SIDE * reach.get();
        #[expect(clippy::cast_possible_truncation, reason = "at most 1,300 km in sides of over half a metre")]
        let number = |metres: f64| (metres / side).floor() as i64;
        let key = |place: u32| {
            let (at, _) = places[place as usize];
            (number(at.northing_m()), number(at.easting_m()))
        };
        let mut order: Vec<u32> = (0..).take(places.len()).collect();
        order.sort_by_cached_key(|place| key(*place));
        let mut ends: Vec<((i64, i64), usize)> = Vec::new();
        let mut cell_of = vec![0; places.len()];
        for (end, place) in (1..).zip(&order) {
            match ends.last_mut() {
                Some((last, last_end)) if *last == key(*place) => *last_end = end,
                _ => ends.push((key(*place), end)),
            }
            cell_of[*place as usize] = u32::try_from(ends.len() - 1).unwrap_or(u32::MAX);
        }
        Self { places, reach_2: reach.get() * reach.get(), order, ends, cell_of }
    }

    /// Number of cells.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn cell_of(&self, place: usize) -> usize {
        self.cell_of[place] as usize
    }

    fn places_in(&self, cell: usize) -> &[u32] {
        let start = cell.checked_sub(1).map_or(0, |before| self.ends[before].1);
        &self.order[start..self.ends[cell].1]
    }

    /// The cells that may hold places within reach of one in this cell, itself among them.
    fn around(&self, cell: usize) -> impl Iterator<Item = usize> {
        let ((row, column), _) = self.ends[cell];
        (row - REACH_IN_CELLS..=row + REACH_IN_CELLS).flat_map(move |row| self.in_row(row, column))
    }

    fn in_row(&self, row: i64, column: i64) -> Range<usize> {
        let first = self.ends.partition_point(|(at, _)| *at < (row, column - REACH_IN_CELLS));
        let end = self.ends.partition_point(|(at, _)| *at <= (row, column + REACH_IN_CELLS));
        first..end
    }

    fn distance_2(&self, place: usize, other: usize) -> f64 {
        self.places[place].0.distance_2(self.places[other].0)
    }

    fn in_reach(&self, place: usize, other: usize) -> bool {
        self.distance_2(place, other) <= self.reach_2
    }

    /// Whether each place is core: the events within reach are at least `minimum`.
    pub(super) fn core(&self, minimum: u32) -> Vec<bool> {
        let mut core = vec![false; self.places.len()];
        let minimum = u64::from(minimum);
        for cell in 0..self.len() {
            let own: u64 = self.places_in(cell).iter().map(|place| self.count(*place)).sum();
            let others: Vec<usize> = self.around(cell).filter(|other| *other != cell).collect();
            for place in self.places_in(cell).iter().map(|place| *place as usize) {
                core[place] = own >= minimum || self.reaches(place, own, &others, minimum);
            }
        }
        core
    }

    /// Whether the events of the place's own cell and those within reach in other cells are enough.
    fn reaches(&self, place: usize, own: u64, others: &[usize], minimum: u64) -> bool {
        let mut seen = own;
        let near = others.iter().flat_map(|cell| self.places_in(*cell));
        near.filter(|other| self.in_reach(place, **other as usize)).any(|other| {
            seen += self.count(*other);
            seen >= minimum
        })
    }

    fn count(&self, place: u32) -> u64 {
        u64::from(self.places[place as usize].1)
    }

    /// The pairs of cells with core places that may be within each other's reach, each once.
    pub(super) fn pairs_in_reach(&self, core: &[bool]) -> impl Iterator<Item = (usize, usize)> {
        let has_core = |cell: &usize| self.core_in(*cell, core).next().is_some();
        (0..self.len()).filter(has_core).flat_map(move |cell| {
            self.around(cell)
                .filter(move |other| *other > cell)
                .filter(has_core)
                .map(move |other| (cell, other))
        })
    }

    fn core_in(&self, cell: usize, core: &[bool]) -> impl Iterator<Item = usize> + Clone {
        self.places_in(cell).iter().map(|place| *place as usize).filter(|place| core[*place])
    }

    /// Whether any core place of one cell is within reach of one of the other.
    pub(super) fn touch(&self, cell: usize, other: usize, core: &[bool]) -> bool {
        let others = self.core_in(other, core);
        self.core_in(cell, core).any(|place| others.clone().any(|other| self.in_reach(place, other)))
    }

    /// The nearest core place within reach, of equally near ones the one further south, then west.
    pub(super) fn nearest_core(&self, place: usize, core: &[bool]) -> Option<usize> {
        let candidates = self.around(self.cell_of(place)).flat_map(|cell| self.core_in(cell, core));
        candidates.filter(|other| self.in_reach(place, *other)).min_by(|a, b| {
            let (p, q) = (self.places[*a].0, self.places[*b].0);
            let by_distance = self.distance_2(place, *a).total_cmp(&self.distance_2(place, *b));
            let by_northing = p.northing_m().total_cmp(&q.northing_m());
            by_distance.then(by_northing).then(p.easting_m().total_cmp(&q.easting_m()))
        })
    }
}
