//! How far it is to the nearest incidents.

use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

use crate::{analysis::density::WeightedPoint, model::GridPoint};

/// The mean over all incidents of the distance to the k-th nearest other incident, metres, for each `k`.
/// Others at the same place count, at distance 0.
///
/// `counted` holds each place once, with its number of incidents as the weight. `None` for a `k` of 0 and
/// where there are not more than `k` incidents. Williamson, D. et al. (1999), *A better method to smooth
/// crime incident data*, take it as the radius of a kernel; which `k` to take is the analyst's choice.
///
/// # Example
/// ```
/// use hotspots::{analysis::{bandwidth::nearest::mean_nearest_m, density::WeightedPoint}, model::GridPoint};
/// let at = |e, weight| WeightedPoint { position: GridPoint::new(e, 0.0).unwrap(), weight };
/// // Two incidents at 0 m, one at 60 m: 0, 0 and 60 m to the nearest other.
/// assert_eq!(mean_nearest_m(&[at(0.0, 2.0), at(60.0, 1.0)], &[1, 3]), [Some(20.0), None]);
/// ```
pub fn mean_nearest_m(counted: &[WeightedPoint], ks: &[u32]) -> Vec<Option<f64>> {
    let incidents: f64 = counted.iter().map(|place| place.weight).sum();
    let possible = |k: u32| k > 0 && f64::from(k) < incidents;
    let farthest = ks.iter().copied().filter(|&k| possible(k)).max();
    let Some(farthest) = farthest else { return vec![None; ks.len()] };
    let squares = Squares::of(counted);
    let distances: Vec<Vec<f64>> = counted
        .par_iter()
        .with_min_len(64)
        .map(|place| {
            let around = squares.around(place, f64::from(farthest));
            let nearest = |&k: &u32| kth(&around, place.weight, k);
            ks.iter().map(nearest).collect()
        })
        .collect();
    let mean = |index: usize| {
        let sum = |(place, at): (&WeightedPoint, &Vec<f64>)| place.weight * at.get(index).unwrap_or(&0.0);
        counted.iter().zip(&distances).map(sum).sum::<f64>() / incidents
    };
    ks.iter().enumerate().map(|(index, &k)| possible(k).then(|| mean(index))).collect()
}

/// Distance from one of the `here` incidents at a place to the k-th other; `around` is other places by
/// distance, with their incidents.
fn kth(around: &[(f64, f64)], here: f64, k: u32) -> f64 {
    let mut reached = here - 1.0;
    if reached >= f64::from(k) {
        return 0.0;
    }
    let found = around.iter().find(|(_, count)| {
        reached += count;
        reached >= f64::from(k)
    });
    found.map_or(0.0, |(distance_2, _)| distance_2.sqrt())
}

/// Places sorted into squares of a grid.
struct Squares<'a> {
    places: &'a [WeightedPoint],
    west: f64,
    south: f64,
    side: f64,
    columns: usize,
    rows: usize,
    /// Where each square's places end in `order`.
    ends: Vec<usize>,
    /// Numbers of places, square by square.
    order: Vec<usize>,
}

impl<'a> Squares<'a> {
    /// Squares that hold two places each, were they spread evenly.
    fn of(places: &'a [WeightedPoint]) -> Self {
        let limits = |axis: fn(GridPoint) -> f64| {
            places
                .iter()
                .map(|place| axis(place.position))
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)))
        };
        let (west, east) = limits(GridPoint::easting_m);
        let (south, north) = limits(GridPoint::northing_m);
        let (width, height) = (east - west, north - south);
        let wanted = (places.len() as f64 / 2.0).max(1.0);
        // On a line the squares stand along it.
        let side = (width * height / wanted).sqrt().max(width.max(height) / wanted).max(1e-3);
        let count = |length: f64| truncated(length / side) + 1;
        let (columns, rows) = (count(width), count(height));
        let mut this = Self { places, west, south, side, columns, rows, ends: Vec::new(), order: Vec::new() };
        let squares: Vec<usize> = places.iter().map(|place| this.square(place)).collect();
        let mut ends = vec![0; columns * rows];
        for &square in &squares {
            ends[square] += 1;
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += *end;
            *end = sum - *end;
        }
        let mut order = vec![0; places.len()];
        for (number, &square) in squares.iter().enumerate() {
            order[ends[square]] = number;
            ends[square] += 1;
        }
        (this.ends, this.order) = (ends, order);
        this
    }

    fn at(&self, place: &WeightedPoint) -> (usize, usize) {
        let index = |offset: f64, count: usize| truncated(offset / self.side).min(count - 1);
        (
            index(place.position.easting_m() - self.west, self.columns),
            index(place.position.northing_m() - self.south, self.rows),
        )
    }

    fn square(&self, place: &WeightedPoint) -> usize {
        let (column, row) = self.at(place);
        row * self.columns + column
    }

    /// The nearest other places with squared distance and count, from the nearest on: so many that they
    /// hold `wanted` incidents, or all there are.
    fn around(&self, place: &WeightedPoint, wanted: f64) -> Vec<(f64, f64)> {
        let (column, row) = self.at(place);
        let mut found = Vec::new();
        let widest = self.columns.max(self.rows);
        for ring in 0..=widest {
            self.ring(place, column, row, ring, &mut found);
            // Whatever is not within the rings is at least this far.
            let certain = (ring as f64 * self.side).powi(2);
            let near = found.iter().filter(|(distance_2, _)| *distance_2 <= certain);
            if near.map(|(_, count)| count).sum::<f64>() >= wanted {
                break;
            }
        }
        let nearest_first = |a: &(f64, f64), b: &(f64, f64)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1));
        // Each place holds an incident at least, so that no more places are needed than incidents.
        let needed = truncated(wanted).max(1);
        if needed < found.len() {
            found.select_nth_unstable_by(needed - 1, nearest_first);
            found.truncate(needed);
        }
        found.sort_unstable_by(nearest_first);
        found
    }

    /// The places in the squares that are `ring` steps away.
    fn ring(
        &self,
        place: &WeightedPoint,
        column: usize,
        row: usize,
        ring: usize,
        found: &mut Vec<(f64, f64)>,
    ) {
        let (first, last) = (column.saturating_sub(ring), (column + ring).min(self.columns - 1));
        for other_row in row.saturating_sub(ring)..=(row + ring).min(self.rows - 1) {
            let begin = other_row * self.columns;
            if row.abs_diff(other_row) == ring {
                (first..=last).for_each(|other| self.take(place, begin + other, found));
            } else {
                let ends = [column.checked_sub(ring), Some(column + ring).filter(|&c| c < self.columns)];
                ends.into_iter().flatten().for_each(|other| self.take(place, begin + other, found));
            }
        }
    }

    fn take(&self, place: &WeightedPoint, square: usize, found: &mut Vec<(f64, f64)>) {
        let begin = square.checked_sub(1).map_or(0, |before| self.ends[before]);
        for &number in &self.order[begin..self.ends[square]] {
            let other = &self.places[number];
            if !std::ptr::eq(other, place) {
                found.push((place.position.distance_2(other.position), other.weight));
            }
        }
    }
}

/// The whole part of a number that is not negative.
fn truncated(number: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut to what fits")]
    let whole = number as usize;
    whole
}
