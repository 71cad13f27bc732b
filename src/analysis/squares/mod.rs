//! The squares of the national grid that cover a borough: areas, neighbours, and incidents counted in them.
//!
//! Squares stand on multiples of their side from the grid's origin, so that every borough, every period and
//! every other program cuts the ground in the same way.

use std::{fmt, str::FromStr};

use geo::{BoundingRect, Contains};
use geo_types::Coord;

use super::grid::{Cell, Convex, Grid, Tessellation};
use crate::model::{Area, GridPoint, Invalid, LonLat};

/// The side of a square, whole metres from 50 to 2,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SquareSide(u16);

impl SquareSide {
    /// 150 m: what a patrol can walk through in a quarter of an hour, and common for patrol plans.
    pub const PATROL: Self = Self(150);

    /// # Errors
    /// [`Invalid`] unless it is a whole number from 50 to 2,000.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::squares::SquareSide;
    /// assert_eq!(SquareSide::new(250).unwrap().get(), 250);
    /// assert!(SquareSide::new(49).is_err());
    /// ```
    pub fn new(metres: u16) -> Result<Self, Invalid> {
        if (50..=2_000).contains(&metres) {
            Ok(Self(metres))
        } else {
            Err(Invalid::new(metres, "the side of a square is a whole number of metres from 50 to 2000"))
        }
    }

    /// Metres.
    pub fn get(self) -> u16 {
        self.0
    }
}

impl FromStr for SquareSide {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let rule = "the side of a square is a whole number of metres from 50 to 2000";
        text.parse::<u16>().map_err(|_not_a_number| Invalid::new(text, rule)).and_then(Self::new)
    }
}

/// Which squares are neighbours; named after the moves of chess.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Contiguity {
    /// The up to eight that share a side or a corner.
    #[default]
    Queen,
    /// The up to four that share a side.
    Rook,
}

/// One square, by its place in the grid of its side. Squares are ordered from south to north, and from west
/// to east in a row.
///
/// It is written as Eurostat writes the cells of European grids: the side, then northing and easting of the
/// south-western corner.
///
/// # Example
/// ```
/// use hotspots::{analysis::squares::{SquareSide, square_of}, model::GridPoint};
/// let market_place = GridPoint::new(394_512.0, 290_340.0).unwrap();
/// let square = square_of(market_place, SquareSide::PATROL);
/// assert_eq!(square.to_string(), "150mN290250E394500");
/// assert_eq!((square.easting_m(), square.northing_m()), (394_500, 290_250));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SquareIndex {
    row: u32,
    column: u32,
    side: SquareSide,
}

impl SquareIndex {
    /// Metres from the grid's origin to the western side.
    pub fn easting_m(self) -> u32 {
        self.column * u32::from(self.side.0)
    }

    /// Metres from the grid's origin to the southern side.
    pub fn northing_m(self) -> u32 {
        self.row * u32::from(self.side.0)
    }

    /// The square that many steps east and north; none beyond the grid's origin.
    fn step(self, east: i32, north: i32) -> Option<Self> {
        let (column, row) = (self.column.checked_add_signed(east)?, self.row.checked_add_signed(north)?);
        Some(Self { row, column, ..self })
    }

    /// Corners anticlockwise from the south-west, not closed.
    fn corners(self) -> Convex {
        let (west, south) = (f64::from(self.easting_m()), f64::from(self.northing_m()));
        let (east, north) = (west + f64::from(self.side.0), south + f64::from(self.side.0));
        [(west, south), (east, south), (east, north), (west, north)].map(Coord::from).to_vec()
    }

    fn centre(self) -> Coord<f64> {
        let half = f64::from(self.side.0) / 2.0;
        Coord { x: f64::from(self.easting_m()) + half, y: f64::from(self.northing_m()) + half }
    }
}

impl fmt::Display for SquareIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}mN{}E{}", self.side.0, self.northing_m(), self.easting_m())
    }
}

/// The square that holds a position. Sides belong to the square north or east of them.
pub fn square_of(position: GridPoint, side: SquareSide) -> SquareIndex {
    square_at(position.coord(), side)
}

fn square_at(at: Coord<f64>, side: SquareSide) -> SquareIndex {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the grid begins at 0")]
    let number = |metres: f64| (metres / f64::from(side.0)).floor() as u32;
    SquareIndex { row: number(at.y), column: number(at.x), side }
}

/// All squares of one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Squares {
    /// Their side.
    pub side: SquareSide,
    /// Which of them are neighbours.
    pub contiguity: Contiguity,
}

impl Tessellation for Squares {
    type Id = SquareIndex;

    fn around(self, square: SquareIndex) -> Vec<SquareIndex> {
        const AROUND: [(i32, i32); 8] =
            [(0, -1), (-1, 0), (1, 0), (0, 1), (-1, -1), (1, -1), (-1, 1), (1, 1)];
        let number = match self.contiguity {
            Contiguity::Queen => 8,
            Contiguity::Rook => 4,
        };
        AROUND.iter().take(number).filter_map(|&(east, north)| square.step(east, north)).collect()
    }
}

/// One square of a borough.
pub type SquareCell = Cell<SquareIndex>;

/// All squares of one side that share ground with an outline, from south to north and west to east.
pub type SquareGrid = Grid<Squares>;

impl SquareGrid {
    /// The squares that share ground with an outline, border squares included.
    ///
    /// `unproject` gives longitude and latitude of a grid position; it is asked for the corners. What the
    /// squares have in the outline adds up to the outline's area.
    ///
    /// # Errors
    /// [`Invalid`] when the box around the outline has more than [`MAX_CELLS`](Self::MAX_CELLS) squares, or
    /// a corner is off the grid or refused by `unproject`.
    pub fn covering(
        outline: &Area,
        squares: Squares,
        unproject: &dyn Fn(GridPoint) -> Result<LonLat, Invalid>,
    ) -> Result<Self, Invalid> {
        let candidates = candidates(outline, squares.side)?;
        let boundary = |square: SquareIndex| {
            let corners = square.corners().into_iter();
            corners.map(|corner| unproject(GridPoint::new(corner.x, corner.y)?)).collect()
        };
        let holds_centre = |square: SquareIndex| outline.grid.0.contains(&square.centre());
        Self::among(squares, &candidates, outline, boundary, holds_centre)
    }
}

/// The squares of the box around an outline, in order.
fn candidates(outline: &Area, side: SquareSide) -> Result<Vec<(SquareIndex, Convex)>, Invalid> {
    let Some(bounds) = outline.grid.0.bounding_rect() else { return Ok(Vec::new()) };
    let (first, last) = (square_at(bounds.min(), side), square_at(bounds.max(), side));
    let (rows, columns) = (first.row..=last.row, first.column..=last.column);
    if rows.clone().count().saturating_mul(columns.clone().count()) > SquareGrid::MAX_CELLS {
        let rule = format!(
            "the box around an outline has at most {} squares; choose larger ones",
            SquareGrid::MAX_CELLS
        );
        return Err(Invalid::new(format!("{} m", side.get()), rule));
    }
    let squares = rows.flat_map(|row| columns.clone().map(move |column| SquareIndex { row, column, side }));
    Ok(squares.map(|square| (square, square.corners())).collect())
}

#[cfg(test)]
mod tests;
