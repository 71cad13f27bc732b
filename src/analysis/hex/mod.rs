//! The H3 cells of a borough: areas, neighbours, and incidents counted in them.
//!
//! H3 (<https://h3geo.org>) covers the globe with hexagons in resolutions, each with cells of about a
//! seventh of the area of the one before. Cells of different resolutions do not fit into each other, so
//! each resolution is indexed from the positions themselves.

mod binning;
mod plane;
mod zone;

use std::str::FromStr;

pub use binning::bin;
use geo::Contains;
use geo_types::Coord;
pub use h3o::CellIndex;
use h3o::{
    LatLng, Resolution,
    geom::{ContainmentMode, TilerBuilder},
};
use rayon::slice::ParallelSliceMut;
pub use zone::{Zone, ZoneLevel, zone_of};

use super::grid::{Cell, Grid, Tessellation};
use crate::model::{Area, GridPoint, Invalid, LonLat, LonLatShape};

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

impl FromStr for HexResolution {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let refused = |_not_a_number| Invalid::new(text, "a hex resolution is 7 to 11");
        text.parse::<u8>().map_err(refused).and_then(Self::new)
    }
}

impl Tessellation for HexResolution {
    type Id = CellIndex;

    fn around(self, cell: CellIndex) -> Vec<CellIndex> {
        cell.grid_disk(1)
    }
}

/// The cell that holds a position. For many positions [`bin`] gives the same cells, faster.
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

/// One hexagon. Its area is that on the grid: what H3 gives, on a sphere, is 0.3 % less in Dudley and does
/// not compare with the area of its part in the outline.
pub type HexCell = Cell<CellIndex>;

/// All H3 cells of one resolution that share ground with an outline, ordered by index.
///
/// The neighbours of a cell are the up to six that touch it. A borough has some 50,000 cells of the finest
/// resolution.
pub type HexGrid = Grid<HexResolution>;

impl HexGrid {
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
        let candidate = |index| {
            let corners = boundary(index)?.into_iter().map(|corner| project(corner).map(GridPoint::coord));
            Ok((index, corners.collect::<Result<_, _>>()?))
        };
        let candidates = candidates(&outline.lonlat, resolution)?.into_iter().map(candidate);
        let candidates = candidates.collect::<Result<Vec<_>, Invalid>>()?;
        Self::among(resolution, &candidates, outline, boundary, |index| {
            let centre = LatLng::from(index);
            outline.lonlat.0.contains(&Coord { x: centre.lng(), y: centre.lat() })
        })
    }

    /// The resolution.
    pub fn resolution(&self) -> HexResolution {
        self.tessellation()
    }
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

#[cfg(test)]
mod tests;
