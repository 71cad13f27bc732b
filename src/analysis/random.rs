//! Seeded chance: the same seed gives the same numbers on every machine and on any number of threads.

use rand_core::Rng;
use rand_pcg::Pcg64;

/// What a random method starts from. A request gives it or takes 1, and every answer repeats it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(pub u64);

impl Default for Seed {
    fn default() -> Self {
        Self(1)
    }
}

impl Seed {
    /// The stream of one piece of work: a cell, a permutation, a resample. Pieces have streams of their
    /// own, so that the order in which threads take them makes no difference.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::random::Seed;
    /// let draw = |piece| Seed(7).stream(piece).below(1_000);
    /// assert_eq!(draw(3), draw(3));
    /// assert_ne!((draw(3), draw(4)), (draw(5), draw(6)));
    /// ```
    pub fn stream(self, piece: u64) -> Stream {
        // Generators that start alike and differ in the increment only are correlated: both are mixed.
        let (seed, piece) = (u128::from(mix(self.0)), u128::from(mix(!piece)));
        Stream(Pcg64::new(seed << 64 | piece, piece))
    }
}

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub struct Stream(Pcg64);

impl Stream {
    /// A whole number in `0..end`, each as likely as the others; 0 where `end` is 0.
    pub fn below(&mut self, end: u32) -> u32 {
        // Lemire, D. (2019). Fast random integer generation in an interval, doi 10.1145/3230636.
        let mut wide = u64::from(self.0.next_u32()) * u64::from(end);
        if low(wide) < end {
            let least = end.wrapping_neg() % end;
            while low(wide) < least {
                wide = u64::from(self.0.next_u32()) * u64::from(end);
            }
        }
        high(wide)
    }

    /// A number in 0..1, in steps of 2⁻⁵³.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Puts items in random order, each order as likely as the others (Fisher–Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let end = u32::try_from(last + 1).unwrap_or(u32::MAX);
            items.swap(last, self.below(end) as usize);
        }
    }

    /// The generator, for the distributions of `rand_distr`.
    pub fn generator(&mut self) -> &mut Pcg64 {
        &mut self.0
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the low half is what is asked for")]
const fn low(wide: u64) -> u32 {
    wide as u32
}

const fn high(wide: u64) -> u32 {
    low(wide >> 32)
}

/// The finaliser of `SplitMix64`: Steele, G. L., Lea, D. and Flood, C. H. (2014), doi 10.1145/2714064.2660195.
const fn mix(bits: u64) -> u64 {
    let bits = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_below_an_end_are_even() {
        let mut stream = Seed(5).stream(0);
        let mut seen = [0_u32; 7];
        for _ in 0..70_000 {
            seen[stream.below(7) as usize] += 1;
        }
        // 10,000 each, with a standard deviation of 93.
        assert!(seen.iter().all(|&times| times.abs_diff(10_000) < 500), "{seen:?}");
        assert_eq!(stream.below(0), 0);
        assert_eq!(stream.below(1), 0);
    }

    #[test]
    fn a_shuffle_keeps_every_item() {
        let mut items: Vec<u32> = (0..100).collect();
        Seed(1).stream(9).shuffle(&mut items);
        assert_ne!(items, (0..100).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..100).collect::<Vec<_>>());
    }
}
