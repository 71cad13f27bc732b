//! Places sorted into the squares of a grid, so that those near a place are found without looking at all.

use std::ops::Range;

use super::Counted;
use crate::model::GridPoint;

/// Places square by square, row by row, so that those in neighbouring squares of a row stand together.
pub(super) struct Squares {
    west: f64,
    south: f64,
    side: f64,
    columns: usize,
    rows: usize,
    /// Where each square's places end.
    ends: Vec<usize>,
    /// The places, square by square.
    pub(super) places: Vec<Counted>,
}

/// Widens a search, so that rounding does not lose a place that lies exactly at its end.
const MARGIN_M: f64 = 1e-6;

impl Squares {
    /// Squares with a side of at least `least_side_m`, and so large that there are not many more squares
    /// than places.
    pub(super) fn of(places: &[Counted], least_side_m: f64) -> Self {
        let limits = |axis: fn(GridPoint) -> f64| {
            let all = places.iter().map(|(at, _)| axis(*at));
            all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
        };
        let ((west, east), (south, north)) = (limits(GridPoint::easting_m), limits(GridPoint::northing_m));
        let (width, height) = ((east - west).max(0.0), (north - south).max(0.0));
        let wanted = places.len().max(1) as f64;
        // On a line the squares stand along it.
        let smallest = (width * height / wanted).sqrt().max(width.max(height) / wanted).max(MARGIN_M);
        let side = least_side_m.max(smallest);
        let (columns, rows) = (truncated(width / side) + 1, truncated(height / side) + 1);
        let mut this =
            Self { west, south, side, columns, rows, ends: vec![0; columns * rows], places: Vec::new() };
        let mut sorted: Vec<(usize, Counted)> = places.iter().map(|at| (this.square(at.0), *at)).collect();
        sorted.sort_by_key(|(square, _)| *square);
        for (square, _) in &sorted {
            this.ends[*square] += 1;
        }
        let mut sum = 0;
        for end in &mut this.ends {
            sum += *end;
            *end = sum;
        }
        this.places = sorted.into_iter().map(|(_, at)| at).collect();
        this
    }

    fn column(&self, easting_m: f64) -> usize {
        truncated((easting_m - self.west) / self.side).min(self.columns - 1)
    }

    fn row(&self, northing_m: f64) -> usize {
        truncated((northing_m - self.south) / self.side).min(self.rows - 1)
    }

    fn square(&self, at: GridPoint) -> usize {
        self.row(at.northing_m()) * self.columns + self.column(at.easting_m())
    }

    /// Where the places stand in the squares of a row from one column to another.
    fn run(&self, row: usize, first: usize, last: usize) -> Range<usize> {
        let square = row * self.columns + first;
        let begin = square.checked_sub(1).map_or(0, |before| self.ends[before]);
        begin..self.ends[row * self.columns + last]
    }

    /// Runs of `places` that hold every place within a radius, and few others.
    pub(super) fn around(&self, at: GridPoint, radius_m: f64) -> impl Iterator<Item = &[Counted]> {
        let reach = radius_m + MARGIN_M;
        let rows = self.row(at.northing_m() - reach)..=self.row(at.northing_m() + reach);
        rows.map(move |row| {
            // How far the nearest point of the row is, and so how wide the circle is in it.
            let south = self.south + row as f64 * self.side;
            let beside = (south - at.northing_m()).max(at.northing_m() - south - self.side).max(0.0);
            let half = (reach * reach - beside * beside).max(0.0).sqrt() + MARGIN_M;
            let (first, last) = (self.column(at.easting_m() - half), self.column(at.easting_m() + half));
            &self.places[self.run(row, first, last)]
        })
    }

    /// The squared distance from the place with that number to the nearest other, in square metres; `None`
    /// without another.
    pub(super) fn nearest_2(&self, number: usize) -> Option<f64> {
        let at = self.places[number].0;
        let (column, row) = (self.column(at.easting_m()), self.row(at.northing_m()));
        let mut nearest = f64::INFINITY;
        let mut look = |run: Range<usize>| {
            for other in run.filter(|other| *other != number) {
                nearest = nearest.min(at.distance_2(self.places[other].0));
            }
            nearest
        };
        for ring in 0..=self.columns.max(self.rows) {
            let (first, last) = (column.saturating_sub(ring), (column + ring).min(self.columns - 1));
            let mut found = f64::INFINITY;
            for other in row.saturating_sub(ring)..=(row + ring).min(self.rows - 1) {
                if row.abs_diff(other) == ring {
                    found = look(self.run(other, first, last));
                } else {
                    let ends = [column.checked_sub(ring), Some(column + ring).filter(|&c| c < self.columns)];
                    for end in ends.into_iter().flatten() {
                        found = look(self.run(other, end, end));
                    }
                }
            }
            // Whatever is not within the rings is at least this far.
            if found <= (ring as f64 * self.side - MARGIN_M).max(0.0).powi(2) {
                break;
            }
        }
        nearest.is_finite().then_some(nearest)
    }
}

/// The whole part of a number, 0 for negative ones.
fn truncated(number: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut to what fits")]
    let whole = number as usize;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Seeded;

    #[test]
    fn nearest_and_around_are_those_of_a_search_through_all() {
        let mut seeded = Seeded::new(71);
        for (n, spread, side) in
            [(1, 9.0, 0.0), (2, 0.0, 0.0), (300, 900.0, 0.0), (300, 900.0, 400.0), (80, 5.0, 1.0)]
        {
            // On half metres, so that places meet and lie exactly at the radius.
            let mut on_line = seeded.points(n, spread);
            for point in &mut on_line {
                let (e, n) = (point.position.easting_m(), point.position.northing_m());
                point.position = GridPoint::new((2.0 * e).round() / 2.0, (2.0 * n).round() / 2.0).unwrap();
            }
            let places: Vec<Counted> = on_line.iter().map(|point| (point.position, 1)).collect();
            let squares = Squares::of(&places, side);
            assert_eq!(squares.places.len(), n);
            for number in 0..n {
                let at = squares.places[number].0;
                let others = (0..n).filter(|other| *other != number);
                let naive = others.map(|other| at.distance_2(squares.places[other].0)).min_by(f64::total_cmp);
                assert_eq!(squares.nearest_2(number), naive);
                for radius in [0.0, 2.5, 100.0, 5_000.0] {
                    let near = |places: &[Counted]| {
                        places.iter().filter(|other| at.distance_2(other.0) <= radius * radius).count()
                    };
                    assert_eq!(squares.around(at, radius).map(near).sum::<usize>(), near(&places));
                }
            }
        }
        assert!(Squares::of(&[], 1.0).places.is_empty());
    }
}
