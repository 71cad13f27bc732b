//! Where incidents happened: every distinct position once.

use std::ops::Range;

use super::column_bytes;
use crate::model::{GridPoint, LonLat, Position};

/// The table of places, ordered by northing, easting, latitude, longitude; a place's number is its
/// place in that order.
///
/// Two places lie at the same grid position when their degrees differ by less than the grid's
/// millimetre.
#[derive(Debug, Default)]
pub struct Places {
    pub(super) positions: Vec<Position>,
    /// Per layer the area of each place.
    pub(super) areas: Vec<Vec<Option<u16>>>,
    pub(super) inside: Vec<bool>,
    /// The first row of each place, and one past the last row of the last place.
    pub(super) row_starts: Vec<u32>,
}

impl Places {
    /// Number of places.
    pub fn len(&self) -> usize {
        self.positions.len()
    }

    /// Whether no incident has a position.
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }

    /// The numbers of all places, in order.
    pub fn ids(&self) -> Range<u32> {
        // There are at most as many places as rows, which are below 2³¹.
        0..u32::try_from(self.len()).unwrap_or(u32::MAX)
    }

    /// Where a place is on the national grid.
    pub fn grid(&self, place: u32) -> GridPoint {
        self.positions[place as usize].grid
    }

    /// Where a place is in degrees.
    pub fn lonlat(&self, place: u32) -> LonLat {
        self.positions[place as usize].lonlat
    }

    /// The area of a layer that a place lies in, a number in the layer's list; `None` for none.
    pub fn area(&self, layer: usize, place: u32) -> Option<u16> {
        self.areas[layer][place as usize]
    }

    /// Whether a place lies inside the borough's outline.
    pub fn inside(&self, place: u32) -> bool {
        self.inside[place as usize]
    }

    /// The rows of the incidents at a place; there is at least one.
    pub fn rows_at(&self, place: u32) -> Range<usize> {
        let place = place as usize;
        self.row_starts[place] as usize..self.row_starts[place + 1] as usize
    }

    /// Bytes on the heap.
    pub(super) fn memory_bytes(&self) -> usize {
        column_bytes(&self.positions)
            + self.areas.iter().map(column_bytes).sum::<usize>()
            + column_bytes(&self.areas)
            + column_bytes(&self.inside)
            + column_bytes(&self.row_starts)
    }
}
