//! What hexagons and squares have in common: cells that cover an outline without gap and overlap.

mod clip;

use std::hash::Hash;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rustc_hash::FxHashMap;

pub(super) use clip::Convex;

use super::neighbours::Neighbours;
use crate::model::{Area, Invalid, LonLat, SquareMetres};

/// A way to divide all ground into convex cells.
pub trait Tessellation: Copy + Send + Sync {
    /// What a cell is called; the order of cells.
    type Id: Copy + Ord + Hash + Send + Sync;

    /// The cells that count as neighbours of one.
    fn around(self, cell: Self::Id) -> Vec<Self::Id>;
}

/// One cell of a grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell<Id> {
    /// Its index.
    pub index: Id,
    /// Its corners anticlockwise, the first repeated at the end (RFC 7946 §3.1.6).
    pub boundary: Vec<LonLat>,
    /// Its area on the grid, outline or not.
    pub whole: SquareMetres,
    /// The area on the grid of its part in the outline: what densities are divided by.
    pub clipped: SquareMetres,
    /// Whether its centre lies in the outline.
    pub centre_inside: bool,
}

/// All cells of a tessellation that share ground with an outline, ordered by index.
#[derive(Clone, Debug)]
pub struct Grid<T: Tessellation> {
    tessellation: T,
    cells: Vec<Cell<T::Id>>,
    places: FxHashMap<T::Id, usize>,
    neighbours: Neighbours,
}

/// Cells with a smaller part in the outline are left out, square metres: borders are not known so well.
pub(super) const SMALLEST_PART_M2: f64 = 0.01;

impl<T: Tessellation> Grid<T> {
    /// The most cells of a grid.
    pub const MAX_CELLS: usize = 500_000;

    /// Those of some cells, ordered by index and with their shapes, that share ground with an outline.
    ///
    /// `boundary` gives the corners of a cell, anticlockwise and not closed; `holds_centre` whether its
    /// centre lies in the outline. They are asked where it matters.
    pub(super) fn among(
        tessellation: T,
        candidates: &[(T::Id, Convex)],
        outline: &Area,
        boundary: impl Fn(T::Id) -> Result<Vec<LonLat>, Invalid>,
        holds_centre: impl Fn(T::Id) -> bool,
    ) -> Result<Self, Invalid> {
        let areas = clip::areas_within(candidates.iter().map(|(_, shape)| shape), &outline.grid.0);
        let cell = |index, whole: f64, clipped: f64| {
            let mut boundary = boundary(index)?;
            boundary.extend(boundary.first().copied());
            let centre_inside = clipped >= whole * (1.0 - 1e-9) || holds_centre(index);
            let (whole, clipped) = (SquareMetres(whole), SquareMetres(clipped));
            Ok(Cell { index, boundary, whole, clipped, centre_inside })
        };
        let cells = candidates.iter().zip(areas).filter(|(_, clipped)| *clipped >= SMALLEST_PART_M2);
        let cells = cells.map(|((index, shape), clipped)| cell(*index, clip::area(shape), clipped));
        Ok(Self::of(tessellation, cells.collect::<Result<_, Invalid>>()?))
    }

    fn of(tessellation: T, cells: Vec<Cell<T::Id>>) -> Self {
        let places = cells.iter().enumerate().map(|(place, cell)| (cell.index, place)).collect();
        let indices: Vec<_> = cells.iter().map(|cell| cell.index).collect();
        let neighbours = neighbours_among(tessellation, &indices);
        Self { tessellation, cells, places, neighbours }
    }

    /// The cells whose centre lies in the outline, with the neighbours among them.
    ///
    /// A grid in which every ground belongs to one outline only, as other tools make it; incidents in the
    /// cells that are left out count as outside.
    #[must_use]
    pub fn centres_inside(&self) -> Self {
        Self::of(self.tessellation, self.cells.iter().filter(|cell| cell.centre_inside).cloned().collect())
    }

    /// What the cells are cells of.
    pub fn tessellation(&self) -> T {
        self.tessellation
    }

    /// The cells, ordered by index.
    pub fn cells(&self) -> &[Cell<T::Id>] {
        &self.cells
    }

    /// For each place in [`cells`](Self::cells) the places of its neighbours in the grid.
    pub fn neighbours(&self) -> &Neighbours {
        &self.neighbours
    }

    /// The place of a cell in [`cells`](Self::cells); `None` where it is not in the grid.
    pub fn place(&self, cell: T::Id) -> Option<usize> {
        self.places.get(&cell).copied()
    }

    /// Sums weights by cell, in the order of [`cells`](Self::cells), and what fell into no cell of the
    /// grid. Sums and outside together are all the weights; weights of 1 make counts.
    pub fn counts(&self, incidents: impl IntoIterator<Item = (T::Id, f64)>) -> (Vec<f64>, f64) {
        let mut sums = vec![0.0; self.cells.len()];
        let mut outside = 0.0;
        for (cell, weight) in incidents {
            match self.place(cell).and_then(|place| sums.get_mut(place)) {
                Some(sum) => *sum += weight,
                None => outside += weight,
            }
        }
        (sums, outside)
    }
}

/// Which of some cells, ordered by index, are neighbours, by their places.
pub fn neighbours_among<T: Tessellation>(tessellation: T, cells: &[T::Id]) -> Neighbours {
    let rows: Vec<Vec<u32>> = cells
        .par_iter()
        .map(|&cell| {
            let around = tessellation.around(cell).into_iter();
            let places = around.filter_map(|other| cells.binary_search(&other).ok());
            places.filter_map(|place| u32::try_from(place).ok()).collect()
        })
        .collect();
    Neighbours::from_rows(cells.len(), rows)
}
