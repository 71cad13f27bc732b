//! Vector tiles (Mapbox Vector Tile Specification 2.1) of any layer.
//!
//! A tile is 4096 units wide. Positions are rounded to the units of its zoom before anything is cut, in the same way for
//! every tile, so neighbours agree on them. Areas are cut to the tile with 64 units around it, and stay valid; those
//! that cover no unit are left out.

mod area;
mod grid;
mod layer;
mod path;
mod point;
pub mod wire;

#[cfg(test)]
mod tests;

use crate::feature::{Features, GeometryKind, Plane, Shape, TileId};

/// The media type's usual number for units along a side, and the ones around it.
pub use grid::{BUFFER, EXTENT};

/// From this zoom on each position is a feature of its own. Below it, positions in the same square of 32 units are one
/// feature, with their number as [`COUNT`] and the values on which all agree.
pub const SINGLE_FROM_ZOOM: u8 = 14;
/// The property with the number of positions that a feature stands for.
pub const COUNT: &str = "count";
/// The property with the id of a feature, where that is no whole number below 2⁵³ and so not the tile's own id.
pub const ID: &str = "id";

/// A tile of a layer: of all its rows, or of some, given ascending. No bytes where nothing is in it.
///
/// Properties are typed as the fields are; instants are text (RFC 3339), and what is absent is left out. Tiles of several
/// layers are their bytes one after the other: the format joins them.
///
/// # Example
/// ```
/// use hotspots::{
///     feature::{Field, FieldKind, GeometryKind, Placed, Table, TileId, Value},
///     model::LonLat,
///     render::vector_tile::encode,
/// };
/// let street = Field::new("street", FieldKind::Text, "Street", "Where it is.");
/// let mut table = Table::builder(GeometryKind::Point, vec![street]);
/// let at = LonLat::new(-2.0809, 52.5123).unwrap();
/// table.push("1", Some(Placed::Point(at)), [Value::Text("High Street".into())]);
/// let table = table.finish();
/// assert!(!encode("places", &table, None, TileId::new(14, 8097, 5373).unwrap()).is_empty());
/// assert!(encode("places", &table, None, TileId::new(14, 0, 0).unwrap()).is_empty());
/// ```
pub fn encode(name: &str, features: &dyn Features, rows: Option<&[u32]>, tile: TileId) -> Vec<u8> {
    let grid = grid::Grid::of(tile);
    let mut near = features.rows_meeting(grid.window(), Plane::Mercator);
    if let Some(chosen) = rows {
        near.retain(|row| chosen.binary_search(row).is_ok());
    }
    let mut layer = layer::LayerWriter::new(name, features);
    match features.geometry_kind() {
        GeometryKind::Point if tile.zoom() < SINGLE_FROM_ZOOM => point::gathered(&mut layer, &near, &grid),
        GeometryKind::Point => point::single(&mut layer, &near, &grid),
        GeometryKind::MultiPolygon => areas(&mut layer, &near, &grid),
    }
    layer.finish()
}

fn areas(layer: &mut layer::LayerWriter<'_>, rows: &[u32], grid: &grid::Grid) {
    let mut cutter = area::Cutter::new();
    for row in rows {
        let row = *row as usize;
        let Some(Shape::Polygons(area)) = layer.features.shape(row, Plane::Mercator) else { continue };
        let geometry = cutter.cut(&area, grid);
        if !geometry.is_empty() {
            layer.push_row(row, wire::POLYGON, geometry);
        }
    }
}
