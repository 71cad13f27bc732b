//! The raster cells of a polygon.

use geo::BoundingRect;
use geo_types::{MultiPolygon, Polygon};

use super::Peak;
use crate::{
    analysis::{
        density::{RasterGrid, Surface},
        mask,
    },
    model::{GridPoint, GridShape},
};

/// The numbers of the cells whose centre is in the polygon or on its border, ascending.
pub(super) fn within(grid: &RasterGrid, polygon: &Polygon<f64>) -> Vec<u32> {
    let Some((window, first)) = polygon.bounding_rect().and_then(|bounds| {
        let columns = span(bounds.min().x, bounds.max().x, grid.west_m(), grid, grid.columns());
        let rows = span(bounds.min().y, bounds.max().y, grid.south_m(), grid, grid.rows());
        let corner = |origin_m: f64, cells: usize| origin_m + cells as f64 * grid.cell().get();
        let (west_m, south_m) = (corner(grid.west_m(), columns.start), corner(grid.south_m(), rows.start));
        let window = RasterGrid::new(west_m, south_m, grid.cell(), columns.len(), rows.len()).ok()?;
        Some((window, rows.start * grid.columns() + columns.start))
    }) else {
        return Vec::new();
    };
    let inside = mask::centres_inside(&window, &GridShape(MultiPolygon(vec![polygon.clone()])));
    let number = |at: usize| first + at / window.columns() * grid.columns() + at % window.columns();
    // A raster has at most 2²² cells.
    let cells = inside.iter().enumerate().filter(|(_, inside)| **inside);
    cells.filter_map(|(at, _)| u32::try_from(number(at)).ok()).collect()
}

/// The columns or rows that reach into `low..=high`, with one more to each side.
fn span(low: f64, high: f64, origin_m: f64, grid: &RasterGrid, count: usize) -> std::ops::Range<usize> {
    let place = |at: f64| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut to 0..=count")]
        let place = at.clamp(0.0, count as f64) as usize;
        place
    };
    let cell = grid.cell().get();
    place((low - origin_m) / cell - 1.0)..place((high - origin_m) / cell + 2.0)
}

/// The hottest of cells, of equal ones the first; `None` without cells.
pub(super) fn peak(surface: &Surface, cells: &[u32]) -> Option<Peak> {
    let value = |cell: &u32| surface.values.get(*cell as usize).copied();
    let hotter = |best: Option<(usize, f64)>, cell: &u32| match (best, value(cell)) {
        (best, None) => best,
        (Some((_, highest)), Some(value)) if value <= highest => best,
        (_, Some(value)) => Some((*cell as usize, value)),
    };
    let (cell, per_km2) = cells.iter().fold(None, hotter)?;
    let columns = surface.grid.columns();
    let east = surface.grid.column_centre_m(cell % columns);
    let north = surface.grid.row_centre_m(cell / columns);
    Some(Peak { cell, position: GridPoint::new(east, north).ok()?, per_km2 })
}
