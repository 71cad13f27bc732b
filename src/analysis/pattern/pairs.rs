//! Pairs of incidents by their distance.

use rayon::{iter::ParallelIterator, slice::ParallelSlice};

use super::{Counted, ripley::Radii, squares::Squares};
use crate::analysis::border::Border;

/// How far around an incident others are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Up to the farthest distance.
    Farthest,
    /// Up to the farthest distance that the border is not nearer than.
    Border,
}

/// Ordered pairs of incidents within each of some distances.
pub(super) struct Pairs {
    /// Those within reach.
    pub all: Vec<u64>,
    /// Those whose first incident is at least the distance from the border.
    pub away: Vec<u64>,
    /// The number of these incidents.
    pub incidents_away: Vec<u64>,
}

impl Pairs {
    /// Counts pairs; every place lies inside the border.
    pub fn count(places: &[Counted], border: &Border, radii: &Radii, reach: Reach) -> Self {
        let lengths = radii.as_slice();
        let squares = Squares::of(places, radii.farthest_m() / SQUARES_TO_FARTHEST);
        let bins = Bins::of(lengths);
        let none = || Self {
            all: vec![0; lengths.len()],
            away: vec![0; lengths.len()],
            incidents_away: vec![0; lengths.len()],
        };
        let count = |chunk: &[Counted]| {
            let (mut pairs, mut within) = (none(), vec![0_u64; lengths.len() + 1]);
            for &(at, count) in chunk {
                let border_m = border.distance_m(at).unwrap_or_default();
                let free = lengths.partition_point(|length| *length <= border_m);
                let wanted = if reach == Reach::Border { free } else { lengths.len() };
                let Some(farthest) = wanted.checked_sub(1).and_then(|last| lengths.get(last)) else {
                    continue;
                };
                within.fill(0);
                for run in squares.around(at, *farthest) {
                    for (other, others) in run {
                        within[bins.of_square(at.distance_2(*other))] += u64::from(*others);
                    }
                }
                pairs.add(u64::from(count), &within[..wanted], free);
            }
            pairs
        };
        let parts: Vec<Self> = squares.places.par_chunks(256).map(count).collect();
        parts.into_iter().fold(none(), Self::with)
    }

    /// Adds those of `count` incidents at one place. `within` holds by distance how many incidents there are
    /// around, these among them; the first `free` distances are not beyond the border.
    fn add(&mut self, count: u64, within: &[u64], free: usize) {
        let mut reached = 0;
        for (index, (all, more)) in self.all.iter_mut().zip(within).enumerate() {
            reached += more;
            // An incident is no pair with itself.
            let pairs = count * (reached - 1);
            *all += pairs;
            if index < free {
                self.away[index] += pairs;
                self.incidents_away[index] += count;
            }
        }
    }

    fn with(mut self, other: Self) -> Self {
        let sums = |into: &mut Vec<u64>, from: Vec<u64>| {
            into.iter_mut().zip(from).for_each(|(sum, more)| *sum += more);
        };
        sums(&mut self.all, other.all);
        sums(&mut self.away, other.away);
        sums(&mut self.incidents_away, other.incidents_away);
        self
    }
}

/// How many squares the farthest distance is long: many, so that they fit the circle, but not so many that
/// they hold hardly a place each.
const SQUARES_TO_FARTHEST: f64 = 8.0;

/// Finds the first distance that a pair is within.
struct Bins {
    squares: Vec<f64>,
    /// The first distance that may be right for each part of the farthest squared distance.
    first: Vec<usize>,
    per_m2: f64,
}

/// Parts that the farthest squared distance is cut into.
const PARTS: usize = 1_024;

impl Bins {
    fn of(lengths: &[f64]) -> Self {
        let squares: Vec<f64> = lengths.iter().map(|length| length * length).collect();
        let farthest_2 = squares.last().copied().unwrap_or(1.0);
        let begin = |part: usize| part as f64 / PARTS as f64 * farthest_2 * (1.0 - 1e-12);
        let first = (0..=PARTS).map(|part| squares.partition_point(|square| *square < begin(part))).collect();
        Self { squares, first, per_m2: PARTS as f64 / farthest_2 }
    }

    /// The number of the first distance that is not below the root; one past the last for none.
    fn of_square(&self, distance_2: f64) -> usize {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut to the parts")]
        let part = ((distance_2 * self.per_m2) as usize).min(PARTS);
        let mut bin = self.first[part];
        while self.squares.get(bin).is_some_and(|square| *square < distance_2) {
            bin += 1;
        }
        bin
    }
}
