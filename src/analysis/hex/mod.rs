//! The H3 cells of a borough: areas, neighbours, and incidents counted in them.
//!
//! H3 (<https://h3geo.org>) covers the globe with hexagons in resolutions, each with cells of about a
//! seventh of the area of the one before. Cells of different resolutions do not fit into each other, so
//! each resolution is indexed from the positions themselves.

mod clip;

use geo::Contains;
use geo_types::Coord;
pub use h3o::CellIndex;
use h3o::{
    LatLng, Resolution,
    geom::{ContainmentMode, TilerBuilder},
};
use rayon::{
    iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator},
    slice::ParallelSliceMut,
};
use rustc_hash::FxHashMap;

use super::neighbours::Neighbours;
use crate::model::{Area, GridPoint, Invalid, LonLat, LonLatShape, SquareMetres};

/// A resolution of use within a borough: 7 (about 5 km² a cell) to 11 (about 0.002 km²).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HexResolution(Resolution);

impl HexResolution {
    /// # Errors
    /// [`Invalid`] unless it is 7 to 11.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::hex::HexResolution;
    /// assert_eq!(HexResolution::new(9).unwrap().get(), 9);
    /// assert!(HexResolution::new(12).is_err());
    /// ```
    pub fn new(resolution: u8) -> Result<Self, Invalid> {
        match Resolution::try_from(resolution) {
            Ok(known) if (7..=11).contains(&resolution) => Ok(Self(known)),
            _ => Err(Invalid::new(resolution, "a hex resolution is 7 to 11")),
        }
    }

    /// The number.
    pub fn get(self) -> u8 {
        self.0.into()
    }
}

/// The cell that holds a position.
///
/// # Example
/// ```
/// use hotspots::{analysis::hex::{HexResolution, cell_of}, model::LonLat};
/// let position = LonLat::new(-2.080949, 52.549678).unwrap();
/// assert_eq!(cell_of(position, HexResolution::new(9).unwrap()).to_string(), "89195c0c4cbffff");
/// ```
pub fn cell_of(position: LonLat, resolution: HexResolution) -> CellIndex {
    // A checked position is finite, and a finite position is never refused.
    LatLng::new(position.lat_deg(), position.lon_deg()).unwrap_or_default().to_cell(resolution.0)
}

/// The centre of a cell.
///
/// # Example
/// ```
/// use hotspots::{analysis::hex::{HexResolution, cell_of, centre_of}, model::LonLat};
/// let (position, resolution) = (LonLat::new(-2.080949, 52.549678).unwrap(), HexResolution::new(9).unwrap());
/// let centre = centre_of(cell_of(position, resolution)).unwrap();
/// assert_eq!(cell_of(centre, resolution), cell_of(position, resolution));
/// ```
pub fn centre_of(cell: CellIndex) -> Option<LonLat> {
    let centre = LatLng::from(cell);
    LonLat::new(centre.lng(), centre.lat()).ok()
}

/// The cell of each position, in their order.
pub fn bin(positions: &[LonLat], resolution: HexResolution) -> Vec<CellIndex> {
    // A position takes well under a microsecond: fewer than some thousands are not worth a thread.
    positions.par_iter().with_min_len(4_096).map(|&position| cell_of(position, resolution)).collect()
}

/// One cell of a borough.
#[derive(Clone, Debug, PartialEq)]
pub struct HexCell {
    /// Its index.
    pub index: CellIndex,
    /// Its corners anticlockwise, the first repeated at the end (RFC 7946 §3.1.6).
    pub boundary: Vec<LonLat>,
    /// Its area on the grid, outline or not. What H3 gives, on a sphere, is 0.3 % less in Dudley and does
    /// not compare with [`clipped`](Self::clipped).
    pub whole: SquareMetres,
    /// The area on the grid of its part in the outline: what densities are divided by.
    pub clipped: SquareMetres,
    /// Whether its centre lies in the outline.
    pub centre_inside: bool,
}

/// All cells of one resolution that share ground with an outline, ordered by index.
#[derive(Clone, Debug)]
pub struct HexGrid {
    resolution: HexResolution,
    cells: Vec<HexCell>,
    places: FxHashMap<CellIndex, usize>,
    neighbours: Neighbours,
}

/// Cells with a smaller part in the outline are left out, square metres: borders are not known so well.
const SMALLEST_PART_M2: f64 = 0.01;

impl HexGrid {
    /// The most cells of a grid. A borough has some 50,000 of the finest.
    pub const MAX_CELLS: usize = 500_000;

    /// The cells that share ground with an outline, border cells included.
    ///
    /// `project` gives the grid position of a longitude and latitude; it is asked for the corners of the
    /// cells. What the cells have in the outline adds up to the outline's area.
    ///
    /// # Errors
    /// [`Invalid`] when there would be more than [`MAX_CELLS`](Self::MAX_CELLS) cells, the outline is not a
    /// valid polygon, or `project` refuses a corner.
    pub fn covering(
        outline: &Area,
        resolution: HexResolution,
        project: &dyn Fn(LonLat) -> Result<GridPoint, Invalid>,
    ) -> Result<Self, Invalid> {
        let candidates = candidates(&outline.lonlat, resolution)?;
        let mut boundaries = Vec::with_capacity(candidates.len());
        let mut projected = Vec::with_capacity(candidates.len());
        for &cell in &candidates {
            let boundary = boundary(cell)?;
            let corners = boundary.iter().map(|&corner| project(corner).map(GridPoint::coord));
            projected.push(corners.collect::<Result<clip::Convex, Invalid>>()?);
            boundaries.push(boundary);
        }
        let areas = clip::areas_within(&projected, &outline.grid.0);
        let cells = candidates
            .into_iter()
            .zip(boundaries)
            .zip(projected.iter().zip(areas))
            .filter(|(_, (_, area))| *area >= SMALLEST_PART_M2)
            .map(|((index, mut boundary), (projected, area))| {
                boundary.extend(boundary.first().copied());
                let whole = clip::area(projected);
                let is_whole = area >= whole * (1.0 - 1e-9);
                HexCell {
                    index,
                    boundary,
                    whole: SquareMetres(whole),
                    clipped: SquareMetres(area),
                    centre_inside: is_whole || holds_centre(&outline.lonlat, index),
                }
            });
        Ok(Self::of(resolution, cells.collect()))
    }

    /// The cells whose centre lies in the outline, with the neighbours among them.
    ///
    /// A grid in which every ground belongs to one outline only, as other tools make it; incidents in the
    /// cells that are left out count as outside.
    #[must_use]
    pub fn centres_inside(&self) -> Self {
        Self::of(self.resolution, self.cells.iter().filter(|cell| cell.centre_inside).cloned().collect())
    }

    fn of(resolution: HexResolution, cells: Vec<HexCell>) -> Self {
        let places: FxHashMap<_, _> =
            cells.iter().enumerate().map(|(place, cell)| (cell.index, place)).collect();
        let indices: Vec<_> = cells.iter().map(|cell| cell.index).collect();
        let neighbours = neighbours_among(&indices);
        Self { resolution, cells, places, neighbours }
    }

    /// The resolution.
    pub fn resolution(&self) -> HexResolution {
        self.resolution
    }

    /// The cells, ordered by index.
    pub fn cells(&self) -> &[HexCell] {
        &self.cells
    }

    /// Which cells touch: for each place in [`cells`](Self::cells) the places of its up to six neighbours
    /// in the grid.
    pub fn neighbours(&self) -> &Neighbours {
        &self.neighbours
    }

    /// The place of a cell in [`cells`](Self::cells); `None` where it is not in the grid.
    pub fn place(&self, cell: CellIndex) -> Option<usize> {
        self.places.get(&cell).copied()
    }

    /// Sums weights by cell, in the order of [`cells`](Self::cells), and what fell into no cell of the
    /// grid. Sums and outside together are all the weights; weights of 1 make counts.
    pub fn counts(&self, incidents: impl IntoIterator<Item = (CellIndex, f64)>) -> (Vec<f64>, f64) {
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

/// Which of some cells, ordered by index and of one resolution, touch each other, by their places.
pub fn neighbours_among(cells: &[CellIndex]) -> Neighbours {
    let rows: Vec<Vec<u32>> = cells
        .par_iter()
        .map(|cell| {
            let around = cell.grid_disk::<Vec<_>>(1);
            let places = around.iter().filter_map(|other| cells.binary_search(other).ok());
            places.filter_map(|place| u32::try_from(place).ok()).collect()
        })
        .collect();
    Neighbours::from_rows(cells.len(), rows)
}

/// Every cell that may share ground with a shape, and some around it, ordered by index.
///
/// H3 compares borders that are straight in degrees; a border that is straight on the grid runs up to
/// decimetres beside it. The ring of cells around makes up for that.
fn candidates(shape: &LonLatShape, resolution: HexResolution) -> Result<Vec<CellIndex>, Invalid> {
    let mut tiler = TilerBuilder::new(resolution.0).containment_mode(ContainmentMode::Covers).build();
    for polygon in &shape.0 {
        tiler.add(polygon.clone()).map_err(|cause| {
            Invalid::new("outline", format!("the outline of a hex grid is a valid polygon ({cause})"))
        })?;
    }
    if tiler.coverage_size_hint() > HexGrid::MAX_CELLS {
        return Err(Invalid::new(
            resolution.get(),
            format!("a hex grid has at most {} cells; choose a lower resolution", HexGrid::MAX_CELLS),
        ));
    }
    let cells: Vec<_> = tiler.into_coverage().collect();
    let mut cells: Vec<_> = cells.iter().flat_map(|cell| cell.grid_disk::<Vec<_>>(1)).collect();
    cells.par_sort_unstable();
    cells.dedup();
    Ok(cells)
}

/// The corners of a cell, anticlockwise, not closed.
fn boundary(cell: CellIndex) -> Result<Vec<LonLat>, Invalid> {
    cell.boundary().iter().map(|corner| LonLat::new(corner.lng(), corner.lat())).collect()
}

fn holds_centre(shape: &LonLatShape, cell: CellIndex) -> bool {
    let centre = LatLng::from(cell);
    shape.0.contains(&Coord { x: centre.lng(), y: centre.lat() })
}

#[cfg(test)]
mod tests;
