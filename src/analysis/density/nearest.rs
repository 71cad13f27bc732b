//! How far it is to the k-th nearest event.

use super::{WeightedPoint, merge};
use crate::model::{GridPoint, Metres};

/// Events in a grid of buckets, to be asked how large a circle around a place holds k of them.
#[derive(Clone, Debug)]
pub struct NearestEvents {
    k: f64,
    least: Metres,
    west_m: f64,
    south_m: f64,
    side_m: f64,
    columns: usize,
    rows: usize,
    /// Where each bucket's places begin in `places`, and the end of the last.
    starts: Vec<u32>,
    places: Vec<WeightedPoint>,
}

/// About so many places are in a bucket.
const PLACES_IN_BUCKET: f64 = 2.0;

impl NearestEvents {
    /// Prepares events. `events` tells by their weight how many there are at each place; `least` is the
    /// smallest radius given, because k events may be at one place.
    pub fn new(events: &[WeightedPoint], k: u32, least: Metres) -> Self {
        let mut places = merge(events.to_vec());
        places.retain(|place| place.weight > 0.0);
        let ends = |axis: fn(GridPoint) -> f64| {
            let along = || places.iter().map(|place| axis(place.position));
            (along().fold(f64::INFINITY, f64::min), along().fold(f64::NEG_INFINITY, f64::max))
        };
        let ((west_m, east_m), (south_m, north_m)) =
            (ends(GridPoint::easting_m), ends(GridPoint::northing_m));
        let (width, height) = ((east_m - west_m).max(1.0), (north_m - south_m).max(1.0));
        let buckets = (places.len() as f64 / PLACES_IN_BUCKET).max(1.0);
        // Long and narrow sets get no more buckets along than they have places.
        let side_m = (width * height / buckets).sqrt().max(width.max(height) / (buckets + 1.0));
        let (columns, rows) = (whole(width / side_m) + 1, whole(height / side_m) + 1);
        let mut this = Self {
            k: f64::from(k),
            least,
            west_m,
            south_m,
            side_m,
            columns,
            rows,
            starts: Vec::new(),
            places,
        };
        let bucket =
            |place: &WeightedPoint| this.bucket(place.position.easting_m(), place.position.northing_m());
        let mut keyed: Vec<_> = this.places.iter().map(|place| (bucket(place), *place)).collect();
        keyed.sort_by_key(|&((column, row), _)| row * columns + column);
        let mut starts = vec![0_u32; columns * rows + 1];
        for &((column, row), _) in &keyed {
            starts[row * columns + column + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        this.places = keyed.into_iter().map(|(_, place)| place).collect();
        this.starts = starts;
        this
    }

    /// The distance from a place to its k-th nearest event, not less than the smallest radius. Where there
    /// are fewer than k events it is that to the farthest, and the smallest radius where there are none.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::density::{NearestEvents, WeightedPoint};
    /// use hotspots::model::{GridPoint, Metres};
    /// let at = |e| GridPoint::new(e, 290_000.0).unwrap();
    /// let events = [(400_030.0, 1.0), (400_100.0, 2.0)];
    /// let events = events.map(|(e, weight)| WeightedPoint { position: at(e), weight });
    /// let radius = |k| NearestEvents::new(&events, k, Metres::ONE).radius(at(400_000.0)).get();
    /// assert_eq!([1, 2, 3, 9].map(radius), [30.0, 100.0, 100.0, 100.0]);
    /// ```
    pub fn radius(&self, place: GridPoint) -> Metres {
        self.radius_around(place.easting_m(), place.northing_m())
    }

    pub(super) fn radius_around(&self, easting_m: f64, northing_m: f64) -> Metres {
        let found = self.squared_radius(easting_m, northing_m).sqrt();
        Metres::new(found).map_or(self.least, |found| if found > self.least { found } else { self.least })
    }

    fn squared_radius(&self, easting_m: f64, northing_m: f64) -> f64 {
        let (column, row) = self.bucket(easting_m, northing_m);
        let mut found: Vec<(f64, f64)> = Vec::new();
        let mut events = 0.0;
        let farthest = self.columns.max(self.rows);
        for ring in 0..=farthest {
            self.visit(column, row, ring, |place| {
                let (de, dn) =
                    (place.position.easting_m() - easting_m, place.position.northing_m() - northing_m);
                found.push((de * de + dn * dn, place.weight));
                events += place.weight;
            });
            if events < self.k && ring < farthest {
                continue;
            }
            // Nothing that was not visited is nearer than this.
            let complete = ring as f64 * self.side_m;
            found.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
            let mut reached = 0.0;
            let kth = found.iter().find(|(_, weight)| {
                reached += weight;
                reached >= self.k
            });
            match kth {
                Some(&(d_2, _)) if d_2 <= complete * complete || ring == farthest => return d_2,
                _ => {}
            }
        }
        found.last().map_or(0.0, |&(d_2, _)| d_2)
    }

    /// The places in the buckets at a distance of `ring` buckets.
    fn visit(&self, column: usize, row: usize, ring: usize, mut each: impl FnMut(&WeightedPoint)) {
        let (south, north) = (row.checked_sub(ring), row + ring);
        let (west, east) = (column.checked_sub(ring), column + ring);
        for at_row in south.unwrap_or(0)..=north.min(self.rows - 1) {
            let whole_row = Some(at_row) == south || at_row == north;
            let step = if whole_row || ring == 0 { 1 } else { 2 * ring };
            let first = if whole_row { west.unwrap_or(0) } else { west.unwrap_or(east) };
            for at_column in (first..=east.min(self.columns - 1)).step_by(step) {
                let bucket = at_row * self.columns + at_column;
                let range = self.starts[bucket] as usize..self.starts[bucket + 1] as usize;
                self.places[range].iter().for_each(&mut each);
            }
        }
    }

    /// The bucket that is nearest to a place.
    fn bucket(&self, easting_m: f64, northing_m: f64) -> (usize, usize) {
        let column = whole((easting_m - self.west_m) / self.side_m).min(self.columns - 1);
        (column, whole((northing_m - self.south_m) / self.side_m).min(self.rows - 1))
    }
}

/// The whole part of a number, 0 for what is below or none.
fn whole(number: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut to what fits")]
    let number = number.clamp(0.0, 1e9) as usize;
    number
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{Seeded, metres, point};

    #[test]
    fn the_radius_is_that_of_all_distances_sorted() {
        let mut seeded = Seeded::new(31);
        for n in [1, 2, 7, 300] {
            let mut events = seeded.points(n, 900.0);
            for event in &mut events {
                event.weight = (event.weight + 1.0).floor();
            }
            for k in [1, 3, 50, 400] {
                let nearest = NearestEvents::new(&events, k, metres(1e-6));
                for _ in 0..50 {
                    let (e, n) = (seeded.between(398_000.0, 402_000.0), seeded.between(288_000.0, 292_000.0));
                    let at = GridPoint::new(e, n).unwrap();
                    let often = |event: &WeightedPoint| {
                        std::iter::repeat_n(event.position.distance_2(at), whole(event.weight))
                    };
                    let mut distances: Vec<f64> = events.iter().flat_map(often).collect();
                    distances.sort_by(f64::total_cmp);
                    let kth = distances[(k as usize).min(distances.len()) - 1].sqrt();
                    assert!((nearest.radius(at).get() - kth).abs() < 1e-9, "{n} events, k {k}");
                }
            }
        }
    }

    #[test]
    fn degenerate_events_have_a_radius() {
        let at = GridPoint::new(400_000.0, 290_000.0).unwrap();
        let radius =
            |events: &[WeightedPoint], k| NearestEvents::new(events, k, metres(20.0)).radius(at).get();
        let is = |radius: f64, metres: f64| assert!((radius - metres).abs() < 1e-9, "{radius} {metres}");
        is(radius(&[], 5), 20.0);
        is(radius(&[point(400_000.0, 290_000.0, 9.0)], 5), 20.0);
        is(radius(&[point(400_300.0, 290_000.0, 0.0)], 1), 20.0);
        is(radius(&[point(400_300.0, 290_000.0, 2.0)], 0), 300.0);
        let line: Vec<_> =
            (0..100).map(|i| point(400_000.0 + f64::from(i) * 100.0, 290_000.0, 1.0)).collect();
        is(radius(&line, 11), 1_000.0);
    }
}
