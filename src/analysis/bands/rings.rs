//! Marching squares: the rings around where a surface is at least a threshold.
//!
//! Lorensen, W. E. and Cline, H. E. (1987), doi 10.1145/37401.37422, in two dimensions. The corners of
//! the squares are the cell centres; beyond the raster the surface is 0, so that every ring closes.
//! A ring crosses the side of a square where the value interpolated along that side is the threshold.
//! Where two opposite corners are in and two are out (a saddle), the mean of the four decides whether
//! the two that are in are joined; so the region of a higher threshold always lies in that of a lower.
//!
//! Where a cell's value is a threshold, exact rings would touch themselves and each other in its centre,
//! and what is cut from touching rings need not be valid polygons. So the rings keep a distance, a
//! [`GAP_M`] from the cell centres and from the rings of other thresholds.

use geo_types::{Coord, LineString};

use crate::analysis::density::{RasterGrid, Surface};

/// How far rings stay apart along the side of a square, metres. What is written in degrees with seven decimals
/// is moved by up to 7 mm; necks and holes have to outlast that. Between cell centres 5 m apart and more nothing
/// is known better.
const GAP_M: f64 = 0.02;

/// A side of a square that no ring leaves.
const NONE: u32 = u32::MAX;

/// The corners of a square in the order of the bits of its case, anticlockwise from the south-west.
type Corners = [f64; 4];

/// The sides of a square.
#[derive(Clone, Copy)]
enum Side {
    South,
    East,
    North,
    West,
}

use Side::{East, North, South, West};

/// The rings of the threshold with that number among the ascending ones, all above zero. What is at or
/// above the threshold is on their left: exteriors run anticlockwise, holes clockwise.
pub(super) fn rings(surface: &Surface, thresholds: &[f64], number: usize) -> Vec<LineString<f64>> {
    let Some(&threshold) = thresholds.get(number) else { return Vec::new() };
    let padded = Padded::new(&surface.grid);
    let spacing = Spacing::new(surface.grid.cell().get(), thresholds.len(), number);
    let mut next = vec![NONE; 2 * padded.nodes()];
    let mut starts = Vec::new();
    let columns = surface.grid.columns();
    let outside = vec![0.0; columns];
    for square_row in 0..=surface.grid.rows() {
        let row = |row: usize| surface.values.get(row * columns..(row + 1) * columns).unwrap_or(&outside);
        let (south, north) =
            (if square_row == 0 { &outside[..] } else { row(square_row - 1) }, row(square_row));
        let (mut sw, mut nw) = (0.0, 0.0);
        for square_column in 0..=columns {
            let (se, ne) =
                south.get(square_column).zip(north.get(square_column)).map_or((0.0, 0.0), |(s, n)| (*s, *n));
            for (from, to) in segments([sw, se, ne, nw], threshold).into_iter().flatten() {
                let from = padded.side(square_column, square_row, from);
                next[from as usize] = padded.side(square_column, square_row, to);
                starts.push(from);
            }
            (sw, nw) = (se, ne);
        }
    }
    let mut rings = Vec::new();
    for start in starts {
        let mut points: Vec<Coord<f64>> = Vec::new();
        let mut side = start;
        while next[side as usize] != NONE {
            let point = padded.crossing(surface, side, threshold, &spacing);
            if points.last() != Some(&point) {
                points.push(point);
            }
            side = std::mem::replace(&mut next[side as usize], NONE);
        }
        if points.len() > 2 {
            let mut ring = LineString(points);
            ring.close();
            rings.push(ring);
        }
    }
    rings
}

/// The pieces of rings through a square, from side to side.
fn segments(corners: Corners, threshold: f64) -> [Option<(Side, Side)>; 2] {
    let [sw, se, ne, nw] = corners.map(|value| value >= threshold);
    let joined = || corners.iter().sum::<f64>() / 4.0 >= threshold;
    let one = |from, to| [Some((from, to)), None];
    match (sw, se, ne, nw) {
        (false, false, false, false) | (true, true, true, true) => [None, None],
        (true, false, false, false) => one(South, West),
        (false, true, false, false) => one(East, South),
        (false, false, true, false) => one(North, East),
        (false, false, false, true) => one(West, North),
        (false, true, true, true) => one(West, South),
        (true, false, true, true) => one(South, East),
        (true, true, false, true) => one(East, North),
        (true, true, true, false) => one(North, West),
        (true, true, false, false) => one(East, West),
        (false, false, true, true) => one(West, East),
        (true, false, false, true) => one(South, North),
        (false, true, true, false) => one(North, South),
        (true, false, true, false) if joined() => [Some((South, East)), Some((North, West))],
        (true, false, true, false) => [Some((South, West)), Some((North, East))],
        (false, true, false, true) if joined() => [Some((West, South)), Some((East, North))],
        (false, true, false, true) => [Some((East, South)), Some((West, North))],
    }
}

/// Moves the places of all thresholds along a side, ordered from its lower to its higher end, so that
/// each has a gap to the one before, the first to the lower and the last to the higher end.
struct Spacing {
    shift: f64,
    scale: f64,
}

impl Spacing {
    fn new(cell_m: f64, thresholds: usize, number: usize) -> Self {
        let gaps = thresholds as f64 + 1.0;
        let gap = (GAP_M / cell_m).min(0.25 / gaps);
        Self { shift: gap * (number as f64 + 1.0), scale: 1.0 - gap * gaps }
    }

    /// The place for one that is `part` of the way up by interpolation.
    fn apply(&self, part: f64) -> f64 {
        self.shift + self.scale * part.clamp(0.0, 1.0)
    }
}

/// The raster with a border of zeros: its nodes are cell centres, node (0, 0) stands south-west of the
/// first cell. Each node numbers the side to its east and, from half-way on, the side to its north.
struct Padded {
    width: u32,
    height: u32,
}

impl Padded {
    fn new(grid: &RasterGrid) -> Self {
        // A raster has at most 2²² cells, so that even a raster of one row is numbered within u32.
        let padded = |count: usize| u32::try_from(count + 2).unwrap_or(NONE);
        Self { width: padded(grid.columns()), height: padded(grid.rows()) }
    }

    fn nodes(&self) -> usize {
        self.width as usize * self.height as usize
    }

    /// The number of a side of the square whose south-western node is given.
    fn side(&self, column: usize, row: usize, side: Side) -> u32 {
        let (column, row) = match side {
            South | West => (column, row),
            East => (column + 1, row),
            North => (column, row + 1),
        };
        let node = row * self.width as usize + column;
        let number = match side {
            South | North => node,
            East | West => node + self.nodes(),
        };
        u32::try_from(number).unwrap_or(NONE)
    }

    /// Where the value along a side is the threshold.
    fn crossing(&self, surface: &Surface, side: u32, threshold: f64, spacing: &Spacing) -> Coord<f64> {
        let nodes = self.width * self.height;
        let (node, to_north) = if side < nodes { (side, false) } else { (side - nodes, true) };
        let (column, row) = (node % self.width, node / self.width);
        let value = |column: u32, row: u32| {
            let (columns, rows) = (surface.grid.columns(), surface.grid.rows());
            let (column, row) = ((column as usize).wrapping_sub(1), (row as usize).wrapping_sub(1));
            if column < columns && row < rows {
                surface.values.get(row * columns + column).copied().unwrap_or(0.0)
            } else {
                0.0
            }
        };
        let here = value(column, row);
        let there = if to_north { value(column, row + 1) } else { value(column + 1, row) };
        let along = if here < there {
            spacing.apply((threshold - here) / (there - here))
        } else {
            1.0 - spacing.apply((threshold - there) / (here - there))
        };
        let (east, north) = if to_north { (0.0, along) } else { (along, 0.0) };
        let cell = surface.grid.cell().get();
        Coord {
            x: surface.grid.west_m() + (f64::from(column) - 0.5 + east) * cell,
            y: surface.grid.south_m() + (f64::from(row) - 0.5 + north) * cell,
        }
    }
}
