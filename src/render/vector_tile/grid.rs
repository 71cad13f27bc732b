//! The whole numbers that positions in a tile are written in.

use geo_types::Coord;
use i_overlay::i_float::int::point::IntPoint;

use crate::feature::{Bounds, TileId};

/// Units along a side of a tile.
pub const EXTENT: u32 = 4096;
/// Units around a tile in which features are given too, so that lines and symbols at its edge are whole.
pub const BUFFER: u32 = 64;

const SIDE: i32 = EXTENT.cast_signed();
/// The least number of the tile with its buffer, along each axis.
pub const FIRST: i32 = -BUFFER.cast_signed();
/// The greatest.
pub const LAST: i32 = SIDE + BUFFER.cast_signed();

/// Positions farther away come to lie here: a quarter of a world off at the deepest zoom, beyond Great Britain from
/// every tile in it. Products of two differences then fit 64 bits.
const FARTHEST: f64 = 268_435_456.0;

/// Turns positions on the Mercator plane into units of a tile, x to the east and y to the south.
///
/// A position is rounded to the nearest unit of its zoom before the tile's corner is taken off, so all tiles of a
/// zoom agree on where it is.
pub struct Grid {
    half_side_m: f64,
    per_metre: f64,
    left: f64,
    top: f64,
    bounds: Bounds,
}

impl Grid {
    /// The grid of a tile.
    pub fn of(tile: TileId) -> Self {
        let side_m = TileId::side_m(tile.zoom());
        Self {
            half_side_m: TileId::side_m(0) / 2.0,
            per_metre: f64::from(EXTENT) / side_m,
            left: f64::from(tile.column()) * f64::from(EXTENT),
            top: f64::from(tile.row()) * f64::from(EXTENT),
            bounds: tile.bounds().widened(side_m * f64::from(BUFFER + 1) / f64::from(EXTENT)),
        }
    }

    /// A box on the Mercator plane around everything that can come to lie in the tile with its buffer.
    pub const fn window(&self) -> &Bounds {
        &self.bounds
    }

    /// The units of a position, clamped where it lies far outside.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a whole number within the bounds that it is clamped to"
    )]
    pub fn units(&self, at: Coord) -> IntPoint {
        let x = ((at.x + self.half_side_m) * self.per_metre).round() - self.left;
        let y = ((self.half_side_m - at.y) * self.per_metre).round() - self.top;
        IntPoint::new(x.clamp(-FARTHEST, FARTHEST) as i32, y.clamp(-FARTHEST, FARTHEST) as i32)
    }
}

/// Whether the tile with its buffer holds a position.
pub fn holds(at: IntPoint) -> bool {
    (FIRST..=LAST).contains(&at.x) && (FIRST..=LAST).contains(&at.y)
}
