//! The outline of a borough that comes without one.

use std::collections::HashMap;

use geo::{
    Area as _, CoordsIter, MapCoords,
    orient::{Direction, Orient},
    unary_union,
};
use geo_types::{Coord, MultiPolygon, Polygon};

use super::{features::area_of, noding::Nodes, topology::SLIVER_M2, validity};
use crate::{
    crs::osgb,
    model::{Area, AreaCode, GridPoint, GridShape, Invalid, LonLat, LonLatShape},
};

/// How far the union may move a vertex, in metres. It computes in whole numbers of about 10 µm.
const MOVED_M: f64 = 1e-3;

/// The union of areas as an area with that code and name.
///
/// Its vertices are those of the areas, in both systems; only where areas overlap are there new ones.
/// Holes and parts below [`SLIVER_M2`] come from borders that do not quite meet and are left out.
///
/// # Errors
/// What makes the union unfit as an outline.
pub(super) fn union_of(areas: &[Area], code: &str, name: &str) -> Result<Area, String> {
    let vertices = || areas.iter().flat_map(|area| area.grid.0.coords_iter());
    let mut known: HashMap<(u64, u64), Coord<f64>> = HashMap::new();
    for area in areas {
        known.extend(vertices_of(area));
    }
    let united = without_slivers(unary_union(areas.iter().map(|area| &area.grid.0)));
    let grid = Nodes::new(MOVED_M, vertices()).noded(&united).orient(Direction::Default);
    if let Some(fault) = validity::faults(&grid).first() {
        return Err(fault.to_string());
    }
    let lonlat = grid
        .try_map_coords(|at| match known.get(&bits(at)) {
            Some(&degrees) => Ok(degrees),
            None => to_degrees(at),
        })
        .map_err(|fault| fault.to_string())?;
    Ok(area_of(AreaCode(code.to_owned()), name.to_owned(), GridShape(grid), LonLatShape(lonlat)))
}

/// The vertices of an area on the grid, each with the same one in degrees.
fn vertices_of(area: &Area) -> impl Iterator<Item = ((u64, u64), Coord<f64>)> {
    area.grid.0.coords_iter().zip(area.lonlat.0.coords_iter()).map(|(grid, degrees)| (bits(grid), degrees))
}

fn bits(at: Coord<f64>) -> (u64, u64) {
    (at.x.to_bits(), at.y.to_bits())
}

fn to_degrees(at: Coord<f64>) -> Result<Coord<f64>, Invalid> {
    let degrees: LonLat = osgb::to_lonlat(GridPoint::new(at.x, at.y)?)?;
    Ok(Coord { x: degrees.lon_deg(), y: degrees.lat_deg() })
}

fn without_slivers(shape: MultiPolygon<f64>) -> MultiPolygon<f64> {
    let is_sliver =
        |ring: &geo_types::LineString<f64>| Polygon::new(ring.clone(), vec![]).unsigned_area() < SLIVER_M2;
    shape
        .into_iter()
        .filter(|part| !is_sliver(part.exterior()))
        .map(|part| {
            let (exterior, mut holes) = part.into_inner();
            holes.retain(|hole| !is_sliver(hole));
            Polygon::new(exterior, holes)
        })
        .collect()
}
