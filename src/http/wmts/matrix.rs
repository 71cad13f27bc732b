//! The sets of tile matrices: the square of web maps, and Ordnance Survey's on the British National Grid.

use geo_types::{Coord, coord};

use crate::{
    feature::{Bounds, Crs, TileId},
    http::ows::{Code, Kvp, Refusal},
    model::Invalid,
};

/// Pixels of a side of a tile.
pub const TILE_PX: u32 = 256;

/// A set of tile matrices, each with pixels of half the side of the one before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MatrixSet {
    /// Its name.
    pub id: &'static str,
    /// Another name by which it may be asked for.
    pub alias: &'static str,
    /// Its coordinate system.
    pub crs: Crs,
    /// The system as the standard writes it.
    pub urn: &'static str,
    /// The scales that it has, where they are well known.
    pub scales: Option<&'static str>,
    /// The upper left corner.
    pub origin: Coord,
    /// The side of a pixel of the first matrix, metres.
    pub pixel_m: f64,
    /// Columns and rows of the first matrix.
    pub first: (u32, u32),
    /// How many matrices there are, called 0, 1 and so on.
    pub levels: u8,
}

/// Every set. That of the national grid is the one of Ordnance Survey's own services, so tiles lie one on another.
pub const SETS: [MatrixSet; 2] = [
    MatrixSet {
        id: "WebMercatorQuad",
        alias: "GoogleMapsCompatible",
        crs: Crs::WebMercator,
        urn: "urn:ogc:def:crs:EPSG::3857",
        scales: Some("urn:ogc:def:wkss:OGC:1.0:GoogleMapsCompatible"),
        origin: coord! { x: -crate::crs::mercator::HALF_SIDE_M, y: crate::crs::mercator::HALF_SIDE_M },
        pixel_m: 2.0 * crate::crs::mercator::HALF_SIDE_M / TILE_PX as f64,
        first: (1, 1),
        levels: TileId::MAX_ZOOM + 1,
    },
    MatrixSet {
        id: "EPSG:27700",
        alias: "BritishNationalGrid",
        crs: Crs::BritishGrid,
        urn: "urn:ogc:def:crs:EPSG::27700",
        scales: None,
        origin: coord! { x: -238_375.0, y: 1_376_256.0 },
        pixel_m: 896.0,
        first: (5, 7),
        levels: 14,
    },
];

/// One matrix of a set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Matrix {
    /// Its set.
    pub set: MatrixSet,
    /// Its number.
    pub level: u8,
}

impl MatrixSet {
    /// Its matrices, the coarsest first.
    pub fn matrices(self) -> impl Iterator<Item = Matrix> {
        (0..self.levels).map(move |level| Matrix { set: self, level })
    }
}

impl Matrix {
    /// The side of a pixel, metres.
    pub fn pixel_m(self) -> f64 {
        self.set.pixel_m / f64::from(1_u32 << self.level)
    }

    /// Its scale as the standard counts it.
    pub fn scale_denominator(self) -> f64 {
        // By pixels of 0.28 mm (07-057r7 §6.1), whose reciprocal is 25,000 sevenths: so round numbers stay round.
        self.pixel_m() * 25_000.0 / 7.0
    }

    /// Columns and rows.
    pub fn size(self) -> (u32, u32) {
        (self.set.first.0 << self.level, self.set.first.1 << self.level)
    }

    /// The box of a tile, `None` for one that it does not have.
    ///
    /// Column 24 and row 39 of level 3 of the national grid are the 28,672 m from 449,753 to 478,425 east.
    pub fn bounds(self, column: u32, row: u32) -> Option<Bounds> {
        let (columns, rows) = self.size();
        if column >= columns || row >= rows {
            return None;
        }
        let side = f64::from(TILE_PX) * self.pixel_m();
        let (west, north) =
            (self.set.origin.x + side * f64::from(column), self.set.origin.y - side * f64::from(row));
        Bounds::new(coord! { x: west, y: north - side }, coord! { x: west + side, y: north }).ok()
    }
}

/// A tile that was asked for.
pub struct Tile {
    /// Its box.
    pub bounds: Bounds,
    /// The system of its numbers.
    pub crs: Crs,
}

impl Tile {
    /// Reads the set, the matrix, the row and the column of a tile.
    ///
    /// # Errors
    /// [`Refusal`] for sets and matrices that are not there, and for tiles beyond their edges.
    pub fn read(kvp: &Kvp) -> Result<Self, Refusal> {
        let set = kvp.needed("tilematrixset")?;
        let set = *SETS.iter().find(|known| set == known.id || set == known.alias).ok_or_else(|| {
            let known = SETS.map(|set| set.id);
            Refusal::not_one_of(Code::InvalidParameterValue, "tilematrixset", set, &known)
        })?;
        let level = kvp.whole("tilematrix", 0..=u32::from(set.levels) - 1, Code::InvalidParameterValue)?;
        let level = u8::try_from(level).unwrap_or(u8::MAX);
        let matrix = set.matrices().find(|matrix| matrix.level == level).ok_or_else(|| {
            Refusal::new(
                Code::InvalidParameterValue,
                "tilematrix",
                &Invalid::new(level, "a matrix of the set"),
            )
        })?;
        let (columns, rows) = matrix.size();
        let row = kvp.whole("tilerow", 0..=rows - 1, Code::TileOutOfRange)?;
        let column = kvp.whole("tilecol", 0..=columns - 1, Code::TileOutOfRange)?;
        let bounds = matrix.bounds(column, row).ok_or_else(|| {
            let shown = format!("{column},{row}");
            Refusal::new(Code::TileOutOfRange, "tilecol", &Invalid::new(shown, "a tile of the matrix"))
        })?;
        Ok(Self { bounds, crs: set.crs })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_square_is_that_of_web_maps() {
        let set = SETS[0];
        assert!((set.matrices().next().unwrap().scale_denominator() - 559_082_264.028_717_8).abs() < 1e-3);
        for (zoom, column, row) in [(0, 0, 0), (5, 15, 10), (14, 8_096, 5_387), (20, 1_048_575, 1_048_575)] {
            let tile = TileId::new(zoom, column, row).unwrap().bounds();
            let matrix = set.matrices().nth(usize::try_from(zoom).unwrap()).unwrap();
            let own = matrix.bounds(column, row).unwrap();
            assert!((own.min().x - tile.min().x).abs() < 1e-6 && (own.max().y - tile.max().y).abs() < 1e-6);
        }
    }

    #[test]
    fn the_national_set_is_that_of_ordnance_survey() {
        let matrices: Vec<_> = SETS[1].matrices().collect();
        assert!((matrices[0].scale_denominator() - 3_200_000.0).abs() < 1e-6);
        assert!((matrices[13].pixel_m() - 0.109_375).abs() < 1e-12);
        let tile = matrices[3].bounds(24, 39).unwrap();
        assert_eq!((tile.min().x, tile.max().x), (449_753.0, 478_425.0));
        assert!(matrices[0].bounds(5, 0).is_none() && matrices[0].bounds(0, 7).is_none());
        // The matrix covers the grid, to its south-eastern corner.
        let last = matrices[0].bounds(4, 6).unwrap();
        assert!(last.max().x >= 700_000.0 && last.min().y <= 0.0);
    }
}
