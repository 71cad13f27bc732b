//! How often chance makes a local Moran's I as large.

use super::Deviations;
use crate::{
    analysis::{
        neighbours::Neighbours,
        random::{Seed, Stream},
    },
    model::Invalid,
};

/// How many times neighbours are drawn at random.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permutations(u32);

impl Permutations {
    /// # Errors
    /// [`Invalid`] unless it is 99 to 99,999.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::moran::Permutations;
    /// assert_eq!(Permutations::default().get(), 999);
    /// assert!(Permutations::new(98).is_err());
    /// ```
    pub fn new(number: u32) -> Result<Self, Invalid> {
        if (99..=99_999).contains(&number) {
            Ok(Self(number))
        } else {
            Err(Invalid::new(number, "a number of permutations is 99 to 99999"))
        }
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl Default for Permutations {
    fn default() -> Self {
        Self(999)
    }
}

/// One-sided probabilities of one place, each (M + 1)/(R + 1), with M of the R draws as extreme as what
/// was observed (Davison, A. C. and Hinkley, D. V. (1997), doi 10.1017/CBO9780511802843, eq. 4.11).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PermutationP {
    /// Of a statistic at least as large.
    pub greater: f64,
    /// Of a statistic at least as small.
    pub less: f64,
}

impl PermutationP {
    /// Twice the smaller of the two, at most 1: it is at least 2/(R + 1).
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::moran::PermutationP;
    /// assert_eq!(PermutationP { greater: 0.01, less: 0.995 }.two_sided(), 0.02);
    /// ```
    pub fn two_sided(self) -> f64 {
        (2.0 * self.greater.min(self.less)).min(1.0)
    }
}

/// The probabilities of local Moran's I of each place by conditional permutation: the place keeps its value,
/// and its k neighbours are drawn without replacement from the other n − 1 places (Anselin 1995, p. 96).
/// `None` for a place without neighbours, and for all where all values are equal.
///
/// Places with the same number of neighbours are compared with the same draws. Each place has its full
/// number of draws, each draw as likely as every other, so its probability is as good as from draws of
/// its own; what chance remains in it is shared between places, so that places that stand out alike get
/// nearly the same probability. It costs a search per place instead of n·k·R draws.
///
/// # Example
/// ```
/// use hotspots::analysis::{moran::{Permutations, permutation_p}, neighbours::Neighbours, random::Seed};
/// let line = Neighbours::from_rows(5, (0..5_u32).map(|i| vec![i + 1, i.wrapping_sub(1)]));
/// let p = permutation_p(&[0.0, 0.0, 1.0, 4.0, 5.0], &line, Permutations::default(), Seed(1));
/// // The one neighbour of the last place is the largest of the four others: one draw in four.
/// assert!((p[4].unwrap().greater - 0.25).abs() < 0.05);
/// assert_eq!(p[4].unwrap().less, 1.0);
/// ```
pub fn permutation_p(
    values: &[f64],
    neighbours: &Neighbours,
    permutations: Permutations,
    seed: Seed,
) -> Vec<Option<PermutationP>> {
    let places = neighbours.len();
    let Some(deviations) = Deviations::of(values, places) else { return vec![None; places] };
    // Sums of the values themselves: where they are whole numbers, as counts are, equal sums are equal.
    let values: Vec<f64> = (0..places).map(|place| values.get(place).copied().unwrap_or(0.0)).collect();
    let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let mut by_number: Vec<Option<Draws>> = Vec::new();
    let numbers = (0..places).map(|place| neighbours.of(place).len());
    by_number.resize_with(numbers.max().map_or(0, |most| most + 1), || None);
    let each = deviations.each.iter().enumerate();
    each.map(|(place, &deviation)| {
        let around = neighbours.of(place);
        if around.is_empty() {
            return None;
        }
        let draws = by_number.get_mut(around.len())?.get_or_insert_with(|| {
            Draws::new(&values, around.len(), permutations, seed.stream(around.len() as u64))
        });
        let observed = around.iter().filter_map(|&other| values.get(other as usize)).sum();
        // Sums of the same values in another order differ by rounding.
        let rounding = super::ROUNDING * largest * around.len() as f64;
        let (above, below) = draws.as_extreme(place, observed, rounding);
        let (greater, less) = match deviation {
            d if d > 0.0 => (above, below),
            d if d < 0.0 => (below, above),
            // The statistic of the mean is zero whatever is drawn.
            _ => (permutations.get(), permutations.get()),
        };
        let share = |times: u32| (f64::from(times) + 1.0) / (f64::from(permutations.get()) + 1.0);
        Some(PermutationP { greater: share(greater), less: share(less) })
    })
    .collect()
}

/// Draws of k of the places but one, for whichever one: they are drawn from all but the last place, and
/// for a place that is in a draw the last one takes its turn in it.
struct Draws<'a> {
    values: &'a [f64],
    /// The sum of each draw.
    sums: Vec<f64>,
    sorted: Vec<f64>,
    /// For each place where the draws with it end in `with`.
    ends: Vec<u32>,
    with: Vec<u32>,
}

impl<'a> Draws<'a> {
    fn new(values: &'a [f64], k: usize, permutations: Permutations, mut stream: Stream) -> Self {
        let others = values.len().saturating_sub(1);
        let k = k.min(others);
        let mut order: Vec<u32> = (0_u32..).take(others).collect();
        let mut drawn: Vec<u32> = Vec::with_capacity(k * permutations.get() as usize);
        let mut sums = Vec::with_capacity(permutations.get() as usize);
        for _ in 0..permutations.get() {
            // The first steps of a shuffle, of an order that the draws before have shuffled already.
            for (at, left) in (0..k).zip((1..=u32::try_from(others).unwrap_or(u32::MAX)).rev()) {
                order.swap(at, at + stream.below(left) as usize);
            }
            let chosen = order.iter().take(k);
            sums.push(chosen.clone().map(|&place| values[place as usize]).sum());
            drawn.extend(chosen);
        }
        let mut sorted = sums.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        // By place: numbers of draws counted, added up, and written from each end back to the start.
        let mut ends = vec![0_u32; others];
        for &place in &drawn {
            ends[place as usize] += 1;
        }
        let mut total = 0;
        for end in &mut ends {
            total += *end;
            *end = total;
        }
        let mut starts = ends.clone();
        let mut with = vec![0_u32; drawn.len()];
        for (draw, chosen) in (0_u32..).zip(drawn.chunks(k.max(1))) {
            for &place in chosen {
                starts[place as usize] -= 1;
                with[starts[place as usize] as usize] = draw;
            }
        }
        Self { values, sums, sorted, ends, with }
    }

    /// In how many draws for a place the sum is at least and at most the observed one.
    fn as_extreme(&self, place: usize, observed: f64, rounding: f64) -> (u32, u32) {
        let above = |sum: f64| sum >= observed - rounding;
        let below = |sum: f64| sum <= observed + rounding;
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let mut at_least = number(self.sums.len() - self.sorted.partition_point(|&sum| !above(sum)));
        let mut at_most = number(self.sorted.partition_point(|&sum| below(sum)));
        for &draw in self.with(place) {
            let sum = self.sums[draw as usize];
            let last = self.values.last().copied().unwrap_or(0.0);
            let instead = sum - self.values[place] + last;
            at_least = at_least - u32::from(above(sum)) + u32::from(above(instead));
            at_most = at_most - u32::from(below(sum)) + u32::from(below(instead));
        }
        (at_least, at_most)
    }

    /// The draws with a place.
    fn with(&self, place: usize) -> &[u32] {
        let end = |place: usize| self.ends.get(place).map_or(0, |&end| end as usize);
        let start = place.checked_sub(1).map_or(0, end);
        self.with.get(start..end(place)).unwrap_or_default()
    }
}
