//! Tiles of the square that web maps are cut from.

use geo_types::Coord;

use super::Bounds;
use crate::{crs::mercator::HALF_SIDE_M, model::Invalid};

/// A tile of `WebMercatorQuad` (OGC 17-083r4 Annex D.1), which XYZ addresses name too: at zoom z there are 2ᶻ
/// columns, counted from the west, and as many rows, counted from the north.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TileId {
    zoom: u8,
    column: u32,
    row: u32,
}

impl TileId {
    /// The deepest zoom: a tile is 38 m wide in Dudley there.
    pub const MAX_ZOOM: u8 = 20;

    /// A tile.
    ///
    /// # Errors
    /// [`Invalid`] for a zoom beyond [`Self::MAX_ZOOM`] and a column or row that it does not have.
    ///
    /// # Example
    /// ```
    /// use hotspots::feature::TileId;
    /// assert!(TileId::new(1, 1, 0).is_ok());
    /// assert!(TileId::new(1, 2, 0).is_err());
    /// assert!(TileId::new(60, 0, 0).is_err());
    /// ```
    pub fn new(zoom: u32, column: u32, row: u32) -> Result<Self, Invalid> {
        let shown = || format!("{zoom}/{column}/{row}");
        let level = u8::try_from(zoom).ok().filter(|zoom| *zoom <= Self::MAX_ZOOM);
        let level = level.ok_or_else(|| {
            Invalid::new(shown(), format!("a tile has a zoom from 0 to {}", Self::MAX_ZOOM))
        })?;
        let across = 1_u32 << level;
        if column >= across || row >= across {
            return Err(Invalid::new(
                shown(),
                format!("columns and rows of zoom {zoom} are 0 to {}", across - 1),
            ));
        }
        Ok(Self { zoom: level, column, row })
    }

    /// Its zoom.
    pub const fn zoom(self) -> u8 {
        self.zoom
    }

    /// Its column, from the west.
    pub const fn column(self) -> u32 {
        self.column
    }

    /// Its row, from the north.
    pub const fn row(self) -> u32 {
        self.row
    }

    /// The side of a tile of a zoom on the Mercator plane, metres there.
    pub fn side_m(zoom: u8) -> f64 {
        2.0 * HALF_SIDE_M / f64::from(1_u32 << zoom.min(Self::MAX_ZOOM))
    }

    /// Its box on the Mercator plane.
    pub fn bounds(self) -> Bounds {
        let side = Self::side_m(self.zoom);
        let (west, north) =
            (-HALF_SIDE_M + side * f64::from(self.column), HALF_SIDE_M - side * f64::from(self.row));
        let corners = [Coord { x: west, y: north - side }, Coord { x: west + side, y: north }];
        // The corners of a tile are finite: its numbers are bounded.
        Bounds::around(corners).unwrap_or_else(|| unreachable!("a tile's corners are finite"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_of_a_zoom_cover_the_square_without_gap() {
        let whole = TileId::new(0, 0, 0).unwrap().bounds();
        assert_eq!((whole.min().x, whole.max().y), (-HALF_SIDE_M, HALF_SIDE_M));
        let (a, b) = (TileId::new(5, 15, 10).unwrap().bounds(), TileId::new(5, 16, 11).unwrap().bounds());
        assert!((a.max().x - b.min().x).abs() < 1e-8 && (a.min().y - b.max().y).abs() < 1e-8);
    }
}
