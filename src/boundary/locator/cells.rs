//! The cell table: what is known about each cell, and how a point is answered from it.

use std::ops::Range;

use geo::{Kernel, Orientation, kernels::RobustKernel};
use geo_types::Coord;

/// Cells along each side of the table. With the wards of Dudley a cell is about 50 m wide: finer
/// tables no longer fit the processor's cache, coarser ones have borders in more of their cells.
pub(super) const SIDE: u32 = 256;

/// What a cell says, in four bytes: the index of the one area that covers it, that no area does, or
/// (with the top bit set) the number of the entry among the cells with borders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell(u32);

impl Cell {
    /// No area touches the cell.
    pub(super) const EMPTY: Self = Self(0x7FFF_FFFF);
    const BORDER: u32 = 0x8000_0000;

    /// One area covers the whole cell.
    pub(super) fn covered(area: u16) -> Self {
        Self(u32::from(area))
    }

    /// Borders pass through it; `entry` is below [`SIDE`]², as no cell is entered twice.
    pub(super) fn border(entry: usize) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "below 2^16")]
        Self(Self::BORDER | entry as u32)
    }
}

/// A cell that borders pass through.
#[derive(Debug)]
pub(super) struct BorderCell {
    /// A point of the cell, on the line of none of its edges.
    pub(super) reference: Coord<f64>,
    /// Its areas among [`CellTable::candidates`], in order; the last one may cover the whole cell.
    pub(super) candidates: Range<usize>,
}

/// An area that may hold a point of the cell.
#[derive(Debug)]
pub(super) struct Candidate {
    /// Its index.
    pub(super) area: u16,
    /// Whether it holds the cell's reference point.
    pub(super) holds_reference: bool,
    /// Its edges in this cell among [`CellTable::edges`]. None where it covers the whole cell.
    pub(super) edges: Range<usize>,
}

/// An edge of an area in a cell.
#[derive(Debug)]
pub(super) struct Edge {
    pub(super) start: Coord<f64>,
    pub(super) end: Coord<f64>,
    /// On which side of the edge the cell's reference point lies.
    pub(super) reference_side: Orientation,
}

/// The lattice of the cells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lattice {
    /// South-western corner.
    pub(super) min: Coord<f64>,
    /// North-eastern corner.
    pub(super) max: Coord<f64>,
    /// Cells per metre.
    per_m: Coord<f64>,
}

impl Lattice {
    /// Divides the box. A box without width or height has a single column or row.
    pub(super) fn new(min: Coord<f64>, max: Coord<f64>) -> Self {
        let per_m = |from: f64, to: f64| {
            let density = f64::from(SIDE) / (to - from);
            if density.is_finite() { density } else { 0.0 }
        };
        Self { min, max, per_m: Coord { x: per_m(min.x, max.x), y: per_m(min.y, max.y) } }
    }

    /// Column and row of a point; of the nearest cell where it lies outside.
    #[inline]
    pub(super) fn cell_of(&self, at: Coord<f64>) -> (u32, u32) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates, which is what the nearest cell asks for"
        )]
        let place = |value: f64, from: f64, per_m: f64| (((value - from) * per_m) as u32).min(SIDE - 1);
        (place(at.x, self.min.x, self.per_m.x), place(at.y, self.min.y, self.per_m.y))
    }

    /// Width and height of a cell in metres; zero where the box has none.
    pub(super) fn cell_size(&self) -> Coord<f64> {
        (self.max - self.min) / f64::from(SIDE)
    }

    #[inline]
    fn spans(&self, at: Coord<f64>) -> bool {
        (self.min.x..=self.max.x).contains(&at.x) && (self.min.y..=self.max.y).contains(&at.y)
    }
}

/// Place of a cell in [`CellTable::cells`].
#[inline]
pub(super) fn cell_index(column: u32, row: u32) -> usize {
    (row * SIDE + column) as usize
}

/// The table; see the module [`super`].
#[derive(Debug)]
pub(super) struct CellTable {
    pub(super) lattice: Lattice,
    /// Row by row from the south, each from the west.
    pub(super) cells: Box<[Cell]>,
    pub(super) borders: Vec<BorderCell>,
    pub(super) candidates: Vec<Candidate>,
    pub(super) edges: Vec<Edge>,
}

impl CellTable {
    /// The area at a point. `holds` is the whole test of an area for the same point; it is asked only
    /// where the cell cannot tell.
    #[inline]
    pub(super) fn area_at(&self, at: Coord<f64>, holds: impl Fn(u16) -> bool) -> Option<u16> {
        if !self.lattice.spans(at) {
            return None;
        }
        let (column, row) = self.lattice.cell_of(at);
        let cell = self.cells[cell_index(column, row)];
        if cell.0 & Cell::BORDER == 0 {
            // An area's index is 16 bits wide; that of an empty cell is not.
            return u16::try_from(cell.0).ok();
        }
        self.area_beside_borders(&self.borders[(cell.0 & !Cell::BORDER) as usize], at, holds)
    }

    fn area_beside_borders(
        &self,
        cell: &BorderCell,
        at: Coord<f64>,
        holds: impl Fn(u16) -> bool,
    ) -> Option<u16> {
        self.candidates[cell.candidates.clone()]
            .iter()
            .find(|candidate| {
                let edges = &self.edges[candidate.edges.clone()];
                match crosses_odd(edges, cell.reference, at) {
                    Some(odd) => candidate.holds_reference != odd,
                    None => holds(candidate.area),
                }
            })
            .map(|candidate| candidate.area)
    }
}

/// Whether the straight way from `reference` to `at` crosses an odd number of edges. `None` where it
/// touches the line of an edge or an end of one, so that counting could be wrong.
fn crosses_odd(edges: &[Edge], reference: Coord<f64>, at: Coord<f64>) -> Option<bool> {
    let mut odd = false;
    for edge in edges {
        let side = RobustKernel::orient2d(edge.start, edge.end, at);
        if side == Orientation::Collinear {
            return None;
        }
        if side == edge.reference_side {
            continue;
        }
        let start = RobustKernel::orient2d(reference, at, edge.start);
        let end = RobustKernel::orient2d(reference, at, edge.end);
        if start == Orientation::Collinear || end == Orientation::Collinear {
            return None;
        }
        odd ^= start != end;
    }
    Some(odd)
}
