//! Positions: each for itself, or gathered in squares.

use i_overlay::i_float::int::point::IntPoint;

use super::{
    grid::{self, Grid},
    layer::LayerWriter,
    path::Path,
    wire::POINT,
};
use crate::feature::{Plane, Shape, Value};

/// The side of the squares that positions are gathered in, in units. A tile and its buffer are whole squares, so the
/// squares of neighbouring tiles are the same.
const SQUARE: i32 = 32;

/// Adds each position in the tile with its buffer, in the order of rows.
pub fn single(layer: &mut LayerWriter<'_>, rows: &[u32], grid: &Grid) {
    for (row, at) in located(layer, rows, grid) {
        layer.push_row(row, POINT, Path::at(at));
    }
}

/// Adds one feature for each square with a position, from north to south and west to east in it: at the mean of its
/// positions, with their count and the values on which all agree.
pub fn gathered(layer: &mut LayerWriter<'_>, rows: &[u32], grid: &Grid) {
    let square = |at: IntPoint| (at.y.div_euclid(SQUARE), at.x.div_euclid(SQUARE));
    let mut located = located(layer, rows, grid);
    located.sort_by_key(|(_, at)| square(*at));
    for group in located.chunk_by(|(_, a), (_, b)| square(*a) == square(*b)) {
        let agreed = agreed(layer, group);
        layer.push_group(group.len(), agreed, POINT, Path::at(mean(group)));
    }
}

/// The rows with a position in the tile with its buffer, of which the last edge belongs to the squares beyond.
fn located(layer: &LayerWriter<'_>, rows: &[u32], grid: &Grid) -> Vec<(usize, IntPoint)> {
    let locate = |row: &u32| {
        let row = *row as usize;
        let Some(Shape::Point(at)) = layer.features.shape(row, Plane::Mercator) else { return None };
        let at = grid.units(at);
        (grid::holds(at) && at.x < grid::LAST && at.y < grid::LAST).then_some((row, at))
    };
    rows.iter().filter_map(locate).collect()
}

/// The values that all rows of a group have, by field.
fn agreed<'a>(layer: &LayerWriter<'a>, group: &[(usize, IntPoint)]) -> Vec<(usize, Value<'a>)> {
    let features = layer.features;
    let Some(((first, _), others)) = group.split_first() else { return Vec::new() };
    let agreed = |field| {
        let value = features.value(*first, field);
        let all = others.iter().all(|(row, _)| features.value(*row, field) == value);
        all.then_some((field, value))
    };
    (0..features.fields().len()).filter_map(agreed).collect()
}

/// The mean of positions, to the nearest unit.
fn mean(group: &[(usize, IntPoint)]) -> IntPoint {
    let count = i64::try_from(group.len()).unwrap_or(i64::MAX).max(1);
    let of = |axis: fn(&IntPoint) -> i32| {
        let sum: i64 = group.iter().map(|(_, at)| i64::from(axis(at))).sum();
        let mean = (2 * sum + count).div_euclid(2 * count);
        i32::try_from(mean).unwrap_or(i32::MAX)
    };
    IntPoint::new(of(|at| at.x), of(|at| at.y))
}
