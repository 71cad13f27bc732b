//! Seeded input for the tests of this module.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;

use crate::{
    analysis::density::WeightedPoint,
    model::{GridPoint, GridShape, Metres},
};

/// A stream of numbers that is the same on every machine.
pub(crate) struct Seeded(Pcg64);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Pcg64::seed_from_u64(seed))
    }

    /// A number in `low..high`.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        let unit = (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        low + unit * (high - low)
    }

    /// A number in `0..end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.0.next_u64() % end as u64).unwrap()
    }

    /// Points in a few clusters around (400 000, 290 000), within `spread` metres of it.
    pub(crate) fn points(&mut self, n: usize, spread: f64) -> Vec<WeightedPoint> {
        let centres: Vec<_> =
            (0..5).map(|_| (self.between(-spread, spread), self.between(-spread, spread))).collect();
        (0..n)
            .map(|_| {
                let (e, n) = centres[self.below(5)];
                let east = (e + self.between(-spread, spread) / 3.0).clamp(-spread, spread);
                let north = (n + self.between(-spread, spread) / 3.0).clamp(-spread, spread);
                point(400_000.0 + east, 290_000.0 + north, self.between(0.1, 5.0))
            })
            .collect()
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

pub(crate) fn point(easting_m: f64, northing_m: f64, weight: f64) -> WeightedPoint {
    WeightedPoint { position: GridPoint::new(easting_m, northing_m).unwrap(), weight }
}

pub(crate) fn metres(value: f64) -> Metres {
    Metres::new(value).unwrap()
}

/// An axis-parallel rectangle, anticlockwise.
pub(crate) fn rectangle(west: f64, south: f64, east: f64, north: f64) -> GridShape {
    shape(&[vec![(west, south), (east, south), (east, north), (west, north)]])
}

/// A polygon from its rings, the first one the exterior, not closed.
pub(crate) fn shape(rings: &[Vec<(f64, f64)>]) -> GridShape {
    let mut rings = rings.iter().map(|ring| {
        let mut line = LineString(ring.iter().map(|&(x, y)| Coord { x, y }).collect());
        line.close();
        line
    });
    let exterior = rings.next().unwrap();
    GridShape(MultiPolygon(vec![Polygon::new(exterior, rings.collect())]))
}

/// Runs `work` on a pool of that many threads.
pub(crate) fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}
