//! How far it is to the border of an outline.

use geo::BoundingRect;
use geo_types::{Coord, Line, LineString};

use crate::model::{GridPoint, GridShape};

/// The border of an outline, its holes among it, prepared so that distances to it cost a few edges each.
///
/// A square over the outline is quartered again and again; each quarter keeps the edges that can be the
/// nearest to any of its points.
#[derive(Clone, Debug)]
pub struct Border {
    edges: Vec<Line<f64>>,
    south_west: Coord<f64>,
    /// Side of the whole square, metres.
    extent: f64,
    /// Cells along each side.
    cells: usize,
    /// Where each cell's edges end in `nearest`, row by row from the south west.
    ends: Vec<usize>,
    /// Numbers of edges, cell by cell.
    nearest: Vec<u32>,
}

/// At most 256 × 256 cells.
const MOST_LEVELS: u32 = 8;

impl Border {
    /// Prepares the border of an outline.
    ///
    /// # Example
    /// ```
    /// use geo_types::{MultiPolygon, polygon};
    /// use hotspots::{analysis::border::Border, model::{GridPoint, GridShape}};
    /// let square = polygon![(x: 0.0, y: 0.0), (x: 90.0, y: 0.0), (x: 90.0, y: 90.0), (x: 0.0, y: 90.0)];
    /// let border = Border::of(&GridShape(MultiPolygon(vec![square])));
    /// assert_eq!(border.distance_m(GridPoint::new(20.0, 50.0).unwrap()), Some(20.0));
    /// ```
    pub fn of(outline: &GridShape) -> Self {
        let rings = outline.0.iter().flat_map(|polygon| {
            std::iter::once(polygon.exterior()).chain(polygon.interiors()).flat_map(LineString::lines)
        });
        let edges: Vec<Line<f64>> = rings.filter(|edge| edge.start != edge.end).collect();
        let (south_west, extent) = outline
            .0
            .bounding_rect()
            .map_or((Coord::zero(), 0.0), |bounds| (bounds.min(), bounds.width().max(bounds.height())));
        let mut all: Vec<u32> = Vec::new();
        all.extend((0..).take(edges.len()));
        let mut quarters = vec![all];
        let mut cells = 1;
        // About one cell for each edge.
        let levels = (edges.len().max(1).ilog2().div_ceil(2)).min(MOST_LEVELS);
        let mut this = Self { edges, south_west, extent, cells, ends: Vec::new(), nearest: Vec::new() };
        for _ in 0..levels {
            cells *= 2;
            this.cells = cells;
            quarters = (0..cells * cells).map(|cell| this.quarter(cell, &quarters)).collect();
        }
        for quarter in quarters {
            this.nearest.extend(quarter);
            this.ends.push(this.nearest.len());
        }
        this
    }

    /// Of the edges of the cell that this one is a quarter of, those that can be nearest here.
    fn quarter(&self, cell: usize, wholes: &[Vec<u32>]) -> Vec<u32> {
        let (column, row) = (cell % self.cells, cell / self.cells);
        let side = self.extent / self.cells as f64;
        let middle = |number: usize| (number as f64 + 0.5) * side;
        let centre = Coord { x: self.south_west.x + middle(column), y: self.south_west.y + middle(row) };
        let whole =
            wholes.get(row / 2 * (self.cells / 2) + column / 2).map(Vec::as_slice).unwrap_or_default();
        let distances: Vec<f64> = whole.iter().map(|edge| self.to_edge_2(centre, *edge).sqrt()).collect();
        let least = distances.iter().copied().fold(f64::INFINITY, f64::min);
        // A point of the cell is at most half a diagonal from its centre; a little more for rounding.
        let farthest = least + side * std::f64::consts::SQRT_2 * 1.000_001;
        whole
            .iter()
            .zip(distances)
            .filter(|(_, distance)| *distance <= farthest)
            .map(|(edge, _)| *edge)
            .collect()
    }

    /// Metres from a position, inside or outside, to the nearest point of the border; `None` where the
    /// outline has none.
    pub fn distance_m(&self, at: GridPoint) -> Option<f64> {
        let at = at.coord();
        let place = |offset: f64| offset / self.extent * self.cells as f64;
        let (column, row) = (place(at.x - self.south_west.x), place(at.y - self.south_west.y));
        let within = 0.0..self.cells as f64;
        let to = |edge: &u32| self.to_edge_2(at, *edge);
        let nearest = if within.contains(&column) && within.contains(&row) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cell's number")]
            let cell = row as usize * self.cells + column as usize;
            let begin = cell.checked_sub(1).map_or(0, |before| self.ends[before]);
            self.nearest[begin..self.ends[cell]].iter().map(to).min_by(f64::total_cmp)
        } else {
            (0..).take(self.edges.len()).map(|edge| to(&edge)).min_by(f64::total_cmp)
        };
        nearest.map(f64::sqrt)
    }

    fn to_edge_2(&self, at: Coord<f64>, edge: u32) -> f64 {
        let Line { start, end } = self.edges[edge as usize];
        let (along, from) = (end - start, at - start);
        let part =
            ((from.x * along.x + from.y * along.y) / (along.x * along.x + along.y * along.y)).clamp(0.0, 1.0);
        let off = from - along * part;
        off.x * off.x + off.y * off.y
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{Seeded, shape};

    #[test]
    fn the_distance_is_that_to_the_nearest_of_all_edges() {
        let mut seeded = Seeded::new(72);
        for corners in [3_u32, 8, 400] {
            let mut ring = |radius: f64| {
                (0..corners)
                    .map(|i| {
                        let turn = f64::from(i) / f64::from(corners) * std::f64::consts::TAU;
                        let r = radius * seeded.between(0.5, 1.0);
                        (5_000.0 + r * turn.cos(), 3_000.0 + 0.4 * r * turn.sin())
                    })
                    .collect::<Vec<_>>()
            };
            let outline = shape(&[ring(2_000.0), ring(600.0)]);
            let border = Border::of(&outline);
            for _ in 0..500 {
                let at = GridPoint::new(seeded.between(2_500.0, 7_500.0), seeded.between(1_000.0, 5_000.0))
                    .unwrap();
                let all = (0..u32::try_from(border.edges.len()).unwrap())
                    .map(|edge| border.to_edge_2(at.coord(), edge));
                assert_eq!(border.distance_m(at), all.min_by(f64::total_cmp).map(f64::sqrt));
            }
        }
    }

    #[test]
    fn an_outline_without_edges_has_no_border() {
        let border = Border::of(&GridShape(geo_types::MultiPolygon(Vec::new())));
        assert_eq!(border.distance_m(GridPoint::new(1.0, 1.0).unwrap()), None);
        let point = shape(&[vec![(5.0, 5.0), (5.0, 5.0), (5.0, 5.0)]]);
        assert_eq!(Border::of(&point).distance_m(GridPoint::new(5.0, 5.0).unwrap()), None);
    }
}
