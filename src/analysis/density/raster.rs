//! The raster that intensities are computed on, and the surface of values over it.

use geo::BoundingRect;

use crate::model::{GridShape, Invalid, Metres, SquareMetres};

/// Square cells on the national grid, aligned to multiples of the cell size so that rasters of the
/// same cell size always fit onto each other.
///
/// Columns count from west to east and rows from **south to north**. A cell is spoken for by its
/// centre, at south-west corner + (i + ½) · cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RasterGrid {
    west_m: f64,
    south_m: f64,
    cell: Metres,
    columns: usize,
    rows: usize,
}

/// Coordinates beyond this many metres are no place near Great Britain, and cells of a millimetre
/// are still told apart at it.
const FARTHEST_M: f64 = 1e8;

impl RasterGrid {
    /// The most cells that a raster may have: 2048 × 2048, a surface of 32 MiB.
    pub const MAX_CELLS: usize = 4_194_304;
    /// The widest cell, metres; wider than any borough.
    pub const WIDEST_CELL_M: f64 = 100_000.0;

    /// Checks and builds a raster from the corner of its south-western cell.
    ///
    /// # Errors
    /// [`Invalid`] when there is no row or column, there are more cells than
    /// [`MAX_CELLS`](Self::MAX_CELLS), the cell is wider than [`WIDEST_CELL_M`](Self::WIDEST_CELL_M),
    /// or the corner is not at whole multiples of the cell.
    ///
    /// # Example
    /// ```
    /// use hotspots::{analysis::density::RasterGrid, model::Metres};
    /// let grid = RasterGrid::new(387_000.0, 280_800.0, Metres::new(50.0).unwrap(), 250, 300).unwrap();
    /// assert_eq!(grid.column_centre_m(0), 387_025.0);
    /// assert!(RasterGrid::new(387_010.0, 280_800.0, Metres::new(50.0).unwrap(), 250, 300).is_err());
    /// ```
    pub fn new(
        west_m: f64,
        south_m: f64,
        cell: Metres,
        columns: usize,
        rows: usize,
    ) -> Result<Self, Invalid> {
        if cell.get() > Self::WIDEST_CELL_M {
            return Err(Invalid::new(
                format_args!("a cell of {} m", cell.get()),
                format!("a cell of a raster is at most {} m wide", Self::WIDEST_CELL_M),
            ));
        }
        for corner in [west_m, south_m] {
            let aligned = (corner / cell.get()).round() * cell.get();
            if !(corner.abs() <= FARTHEST_M && (corner - aligned).abs() <= 1e-6) {
                return Err(Invalid::new(
                    corner,
                    format!("the corner of a raster is a multiple of its cell, {} m", cell.get()),
                ));
            }
        }
        if columns == 0 || rows == 0 {
            return Err(Invalid::new(
                format_args!("{columns} x {rows}"),
                "a raster has at least one column and one row",
            ));
        }
        if columns.checked_mul(rows).is_none_or(|cells| cells > Self::MAX_CELLS) {
            let (width, height) = (columns as f64 * cell.get(), rows as f64 * cell.get());
            return Err(too_many_cells(cell, width, height));
        }
        Ok(Self { west_m, south_m, cell, columns, rows })
    }

    /// The smallest aligned raster that covers the bounding box of `extent` and `margin` around it.
    ///
    /// With the bandwidth as the margin the surface holds the whole mass of every incident inside.
    ///
    /// # Errors
    /// [`Invalid`] when the extent is empty, or the raster would have more cells than
    /// [`MAX_CELLS`](Self::MAX_CELLS); the rule then names a cell size that fits.
    pub fn covering(extent: &GridShape, cell: Metres, margin: Metres) -> Result<Self, Invalid> {
        let bounds = extent
            .0
            .bounding_rect()
            .ok_or_else(|| Invalid::new("no polygon", "a raster covers an outline that has an area"))?;
        let (low, high, size, margin) = (bounds.min(), bounds.max(), cell.get(), margin.get());
        for reach in [low.x, low.y, high.x, high.y].map(|c| c.abs() + margin) {
            if reach.is_nan() || reach > FARTHEST_M {
                return Err(Invalid::new(reach, "a raster lies within 100000 km of the grid's origin"));
            }
        }
        let first = |c: f64| ((c - margin) / size).floor();
        let count = |low: f64, high: f64| (((high + margin) / size).ceil() - first(low)).max(1.0);
        let (columns, rows) = (count(low.x, high.x), count(low.y, high.y));
        if columns * rows > Self::MAX_CELLS as f64 {
            return Err(too_many_cells(cell, high.x - low.x + 2.0 * margin, high.y - low.y + 2.0 * margin));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole numbers from 1 to MAX_CELLS"
        )]
        let (columns, rows) = (columns as usize, rows as usize);
        Self::new(first(low.x) * size, first(low.y) * size, cell, columns, rows)
    }

    /// Easting of the western edge, metres.
    pub const fn west_m(&self) -> f64 {
        self.west_m
    }

    /// Northing of the southern edge, metres.
    pub const fn south_m(&self) -> f64 {
        self.south_m
    }

    /// Side of a cell.
    pub const fn cell(&self) -> Metres {
        self.cell
    }

    /// Number of columns, west to east.
    pub const fn columns(&self) -> usize {
        self.columns
    }

    /// Number of rows, south to north.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// Number of cells, at most [`MAX_CELLS`](Self::MAX_CELLS).
    pub const fn cells(&self) -> usize {
        self.columns * self.rows
    }

    /// Area of one cell.
    pub fn cell_area(&self) -> SquareMetres {
        SquareMetres(self.cell.get() * self.cell.get())
    }

    /// Easting of the centres in a column, metres.
    pub fn column_centre_m(&self, column: usize) -> f64 {
        self.west_m + (column as f64 + 0.5) * self.cell.get()
    }

    /// Northing of the centres in a row, metres.
    pub fn row_centre_m(&self, row: usize) -> f64 {
        self.south_m + (row as f64 + 0.5) * self.cell.get()
    }
}

/// The smallest whole number of metres c with (width/c + 2)(height/c + 2) ≤ `MAX_CELLS`; the 2
/// stands for the cells that alignment may add.
fn too_many_cells(cell: Metres, width_m: f64, height_m: f64) -> Invalid {
    let limit = RasterGrid::MAX_CELLS as f64 - 4.0;
    let sum = width_m + height_m;
    let fits_m = ((sum + (sum * sum + limit * width_m * height_m).sqrt()) / limit).ceil();
    Invalid::new(
        format_args!("a cell of {} m", cell.get()),
        format!(
            "a raster has at most {} cells; over {:.0} x {:.0} m a cell of {fits_m} m fits",
            RasterGrid::MAX_CELLS,
            width_m,
            height_m
        ),
    )
}

/// Intensities over a raster.
#[derive(Clone, Debug, PartialEq)]
pub struct Surface {
    /// Where the values stand.
    pub grid: RasterGrid,
    /// Events per km² at the cell centres, row by row from the south, each row from the west:
    /// the value of a cell is at `row · columns + column`.
    pub values: Vec<f64>,
}

impl Surface {
    /// The highest value, events per km²; 0 where there is none.
    pub fn peak(&self) -> f64 {
        self.values.iter().copied().fold(0.0, f64::max)
    }

    /// The surface with each value divided by an edge mass, where the uniform correction is made. Values
    /// where the mass is as good as none become 0.
    #[must_use]
    pub fn over_masses(mut self, masses: &[f64]) -> Self {
        for (value, mass) in self.values.iter_mut().zip(masses) {
            *value = super::over_mass(*value, *mass);
        }
        self
    }

    /// The mass under the surface: Σ value × cell area. It comes close to the sum of the weights
    /// when the raster covers all points with a margin of one bandwidth; the closer, the more cells
    /// a bandwidth spans.
    pub fn total(&self) -> f64 {
        self.values.iter().sum::<f64>() * self.grid.cell_area().km2()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{metres, rectangle};

    #[test]
    fn a_raster_is_aligned_to_multiples_of_its_cell() {
        let outline = rectangle(387_101.0, 280_899.0, 399_300.0, 295_600.0);
        let grid = RasterGrid::covering(&outline, metres(40.0), metres(150.0)).unwrap();
        assert_eq!((grid.west_m() % 40.0, grid.south_m() % 40.0), (0.0, 0.0));
        assert!(grid.west_m() <= 386_951.0 && grid.west_m() > 386_951.0 - 40.0);
        let east = grid.west_m() + grid.columns() as f64 * 40.0;
        assert!((399_450.0..399_490.0).contains(&east), "{east}");
        let again = RasterGrid::new(grid.west_m(), grid.south_m(), grid.cell(), grid.columns(), grid.rows());
        assert_eq!(again.unwrap(), grid);
    }

    #[test]
    fn a_refused_cell_size_comes_with_one_that_fits() {
        let outline = rectangle(387_101.0, 280_899.0, 399_300.0, 295_600.0);
        for margin in [1.0, 3_000.0, 90_000.0] {
            let fault = RasterGrid::covering(&outline, metres(0.25), metres(margin)).unwrap_err();
            let words: Vec<_> = fault.rule.split(' ').collect();
            let offered: f64 = words[words.len() - 3].parse().unwrap();
            assert!(RasterGrid::covering(&outline, metres(offered), metres(margin)).is_ok(), "{fault}");
            assert!(
                RasterGrid::covering(&outline, metres(offered - 1.0), metres(margin)).is_err(),
                "{fault}"
            );
        }
    }

    #[test]
    fn absurd_sizes_are_refused_and_not_allocated() {
        let outline = rectangle(0.0, 0.0, 700_000.0, 1_300_000.0);
        for (cell, margin) in [(1e-300, 1.0), (10.0, 1e300), (1e-3, 1e9), (1.0, 1.0), (1e300, 1e300)] {
            assert!(RasterGrid::covering(&outline, metres(cell), metres(margin)).is_err(), "{cell} {margin}");
        }
        assert_eq!(RasterGrid::covering(&outline, metres(100_000.0), metres(1.0)).unwrap().cells(), 9 * 15);
        assert!(RasterGrid::new(0.0, 0.0, metres(1.0), usize::MAX, 2).is_err());
        assert!(RasterGrid::new(0.0, 0.0, metres(1.0), 0, 2).is_err());
        assert!(RasterGrid::new(f64::NAN, 0.0, metres(1.0), 2, 2).is_err());
        assert!(RasterGrid::new(f64::INFINITY, 0.0, metres(1.0), 2, 2).is_err());
    }

    #[test]
    fn an_empty_extent_is_refused() {
        let nothing = GridShape(geo_types::MultiPolygon(Vec::new()));
        assert!(RasterGrid::covering(&nothing, metres(10.0), metres(10.0)).is_err());
    }
}
