//! How surely a hotspot is found: the surface drawn again from resampled events.
//!
//! The bootstrap of Efron, B. (1979), doi 10.1214/aos/1176344552: from the n events n are drawn with
//! replacement, the surface and its limit are computed again by the same rules, and each hotspot is looked
//! for in the result; cluster by cluster as in Hennig, C. (2007), doi 10.1016/j.csda.2006.11.025. A hotspot
//! that hangs on few events comes and goes with them; one that many events make stays.
//!
//! A hotspot is *found* in a resample where its peak is hot there and so is at least half of its cells. The
//! peak alone would call a speck that is left of a wide hotspot the hotspot, and half of the ground alone one
//! of two halves. It is not asked that it stays apart from its neighbours: where two hotspots run together,
//! both places are as hot as they were.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::{
    density::{Surface, WeightedPoint, merge},
    hotspots::Hotspot,
    random::Seed,
};
use crate::model::Invalid;

/// How many resamples are drawn: 99 to 999.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resamples(u32);

impl Resamples {
    /// # Errors
    /// [`Invalid`] for fewer than 99 and more than 999.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::stability::Resamples;
    /// assert_eq!(Resamples::new(99).unwrap().get(), 99);
    /// assert!(Resamples::new(10).is_err());
    /// ```
    pub fn new(number: u32) -> Result<Self, Invalid> {
        if (99..=999).contains(&number) {
            Ok(Self(number))
        } else {
            Err(Invalid::new(number, "the number of resamples is 99 to 999"))
        }
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// A surface and the intensity from which on it is hot.
pub struct Drawn {
    /// The surface.
    pub surface: Surface,
    /// Events per km²; `None` where nothing is hot.
    pub limit_per_km2: Option<f64>,
}

/// In which share of the resamples something held, 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Stability {
    /// For each hotspot: it was found.
    pub found: Vec<f64>,
    /// For each hotspot: its peak was hot.
    pub peak_hot: Vec<f64>,
    /// For each cell of the surface: it was hot, inside the outline or not.
    pub hot: Vec<f64>,
}

/// Looks for hotspots in resamples of the events they were drawn from.
///
/// `events` has a point for each event. `draw` makes the surface and its limit from points, as it did for the
/// hotspots: on a grid of `cells` cells, with what depends on the events in its rule (the limit) made anew, and
/// what a reader takes as given (grid and bandwidth) kept. It gets the resampled events merged by place.
///
/// Without events everything is 0. The share of a hotspot that truly is found in a share p of resamples has a
/// standard error of √(p(1−p)/B), 0.05 at most for 99. Each resample has a stream of its own, so that the
/// number of threads changes nothing. The memory is that of one surface for each thread.
pub fn stability(
    events: &[WeightedPoint],
    hotspots: &[Hotspot],
    cells: usize,
    resamples: Resamples,
    seed: Seed,
    draw: impl Fn(&[WeightedPoint]) -> Drawn + Sync,
) -> Stability {
    let places = Places::of(events);
    let times = (0..resamples.get())
        .into_par_iter()
        .fold(
            || Times::none(hotspots.len(), cells),
            |mut times, number| {
                times.note(&draw(&places.resampled(seed, number)), hotspots);
                times
            },
        )
        .reduce(|| Times::none(hotspots.len(), cells), Times::and);
    let share = |times: &u16| f64::from(*times) / f64::from(resamples.get());
    let shares = |times: &[u16]| times.iter().map(share).collect();
    Stability { found: shares(&times.found), peak_hot: shares(&times.peak_hot), hot: shares(&times.hot) }
}

/// Events by the place where they are.
struct Places {
    /// The places in canonical order.
    points: Vec<WeightedPoint>,
    /// For each event, in the order of their places, its place and its weight.
    events: Vec<(u32, f64)>,
}

impl Places {
    fn of(events: &[WeightedPoint]) -> Self {
        let points = merge(events.to_vec());
        let order = |a: &WeightedPoint, b: &WeightedPoint| {
            let (p, q) = (a.position, b.position);
            p.northing_m().total_cmp(&q.northing_m()).then(p.easting_m().total_cmp(&q.easting_m()))
        };
        let place = |event: &WeightedPoint| points.partition_point(|point| order(point, event).is_lt());
        let mut events: Vec<_> = events
            .iter()
            .map(|event| (u32::try_from(place(event)).unwrap_or(u32::MAX), event.weight))
            .collect();
        events.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        Self { points, events }
    }

    /// As many events as there are, each drawn from all of them.
    fn resampled(&self, seed: Seed, number: u32) -> Vec<WeightedPoint> {
        let mut random = seed.stream(u64::from(number));
        let mut points = self.points.clone();
        for point in &mut points {
            point.weight = 0.0;
        }
        let end = u32::try_from(self.events.len()).unwrap_or(u32::MAX);
        for _ in &self.events {
            let (place, weight) = self.events[random.below(end) as usize];
            points[place as usize].weight += weight;
        }
        points.retain(|point| point.weight > 0.0);
        points
    }
}

/// In how many resamples something held.
struct Times {
    found: Vec<u16>,
    peak_hot: Vec<u16>,
    hot: Vec<u16>,
}

impl Times {
    fn none(hotspots: usize, cells: usize) -> Self {
        Self { found: vec![0; hotspots], peak_hot: vec![0; hotspots], hot: vec![0; cells] }
    }

    fn note(&mut self, drawn: &Drawn, hotspots: &[Hotspot]) {
        let Some(limit) = drawn.limit_per_km2 else { return };
        let values = &drawn.surface.values;
        for (times, value) in self.hot.iter_mut().zip(values) {
            *times += u16::from(*value >= limit);
        }
        let is_hot = |cell: usize| values.get(cell).is_some_and(|value| *value >= limit);
        let counted = self.found.iter_mut().zip(&mut self.peak_hot);
        for (hotspot, (found, peak_hot)) in hotspots.iter().zip(counted) {
            if is_hot(hotspot.peak.cell) {
                *peak_hot += 1;
                let hot = hotspot.cells.iter().filter(|cell| is_hot(**cell as usize)).count();
                *found += u16::from(2 * hot >= hotspot.cells.len());
            }
        }
    }

    fn and(mut self, other: Self) -> Self {
        let pairs = [
            (&mut self.found, other.found),
            (&mut self.peak_hot, other.peak_hot),
            (&mut self.hot, other.hot),
        ];
        for (sums, others) in pairs {
            for (sum, other) in sums.iter_mut().zip(others) {
                *sum += other;
            }
        }
        self
    }
}

#[cfg(test)]
mod tests;
