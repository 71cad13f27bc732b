//! Mean and variance of a cell over all ways to deal the days out to the events.
//!
//! A band of distance is a graph on the events, whose edges are its pairs; a band of days is another. A cell
//! counts the edges that both have when one is laid on the other at random. Barton, D. E. and David, F. N.
//! (1966), The random intersection of two graphs, in Research Papers in Statistics, 455–459; the same as
//! Mantel, N. (1967), Cancer Research 27, 209–220.

/// How the pairs of a band hang together: how many pairs each event is in.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shape {
    /// Events.
    events: usize,
    /// Pairs in the band.
    pub(super) pairs: u64,
    /// For every pair of events 1 in the band or 0, less the band's share of all pairs. These sum to 0; this
    /// is the sum of their squares,
    squares: f64,
    /// and this the sum of the products of two that have an event in common.
    adjacent: f64,
}

impl Shape {
    /// From the number of pairs that each event is in.
    pub(super) fn of(degrees: &[u64]) -> Self {
        let events = degrees.len();
        let pairs = degrees.iter().sum::<u64>() / 2;
        let all = Self::pairs_of(events) as f64;
        let share = if all > 0.0 { pairs as f64 / all } else { 0.0 };
        let others = events.saturating_sub(1) as f64;
        let squares = pairs as f64 * (1.0 - share);
        // The square of an event's sum is the squares of its pairs and twice the products of any two; each
        // pair is there for both of its events.
        let sums: f64 = degrees.iter().map(|&degree| (degree as f64 - share * others).powi(2)).sum();
        Self { events, pairs, squares, adjacent: sums / 2.0 - squares }
    }

    /// n(n − 1)/2.
    pub(super) fn pairs_of(events: usize) -> u64 {
        let events = events as u64;
        events * events.saturating_sub(1) / 2
    }
}

/// Mean and standard deviation of the number of pairs that are in both bands; no deviation without pairs.
pub(super) fn of_chance(one: &Shape, other: &Shape) -> (f64, Option<f64>) {
    let n = one.events as f64;
    let all = Shape::pairs_of(one.events) as f64;
    if all == 0.0 {
        return (0.0, None);
    }
    let mean = one.pairs as f64 * other.pairs as f64 / all;
    // Numbers of unordered pairs of pairs of events: those with one event in common, and those with none.
    let adjacent = n * (n - 1.0) * (n - 2.0) / 2.0;
    let apart = all * (all - 1.0) / 2.0 - adjacent;
    // All products sum to the square of 0, so what squares and adjacent ones leave is apart.
    let rest = |shape: &Shape| -(shape.squares / 2.0) - shape.adjacent;
    let part = |product: f64, number: f64| if number > 0.0 { product / number } else { 0.0 };
    let variance = part(one.squares * other.squares, all)
        + 2.0 * part(one.adjacent * other.adjacent, adjacent)
        + 2.0 * part(rest(one) * rest(other), apart);
    (mean, Some(variance.max(0.0).sqrt()))
}
