//! Long work in pieces: how far it is, and whether anyone still waits for it.
//!
//! A caller who wants to know hands a [`Watch`] over. The work itself reads no clock and writes nothing;
//! what is done with the news is the caller's business.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// What long work tells, and asks, while it runs. Threads call it at once and in any order.
pub trait Watch: Sync {
    /// The work starts; it has that many pieces.
    fn starts(&self, pieces: usize);

    /// One piece more is done.
    fn advances(&self);

    /// Whether to stop, because nobody wants the result any more. Asked before each piece.
    fn stopped(&self) -> bool;
}

/// Nobody watches: the work runs to its end.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn starts(&self, _pieces: usize) {}

    fn advances(&self) {}

    fn stopped(&self) -> bool {
        false
    }
}

/// Does `count` pieces of work on all threads; the results are in the order of the pieces. `None` when
/// the watch stopped it: a piece that runs is finished, no other is begun.
///
/// # Example
/// ```
/// use hotspots::analysis::progress::{Unwatched, pieces};
/// assert_eq!(pieces(4, &Unwatched, |piece| piece * piece), Some(vec![0, 1, 4, 9]));
/// ```
pub fn pieces<T: Send>(
    count: usize,
    watch: &dyn Watch,
    work: impl Fn(usize) -> T + Sync + Send,
) -> Option<Vec<T>> {
    watch.starts(count);
    let piece = |number| {
        if watch.stopped() {
            return None;
        }
        let result = work(number);
        watch.advances();
        Some(result)
    };
    (0..count).into_par_iter().map(piece).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::analysis::testing::on_threads;

    /// Stops after so many pieces.
    struct Patience {
        pieces: usize,
        told: AtomicUsize,
        done: AtomicUsize,
    }

    impl Patience {
        fn of(pieces: usize) -> Self {
            Self { pieces, told: AtomicUsize::new(0), done: AtomicUsize::new(0) }
        }
    }

    impl Watch for Patience {
        fn starts(&self, pieces: usize) {
            self.told.store(pieces, Ordering::Relaxed);
        }

        fn advances(&self) {
            self.done.fetch_add(1, Ordering::Relaxed);
        }

        fn stopped(&self) -> bool {
            self.done.load(Ordering::Relaxed) >= self.pieces
        }
    }

    #[test]
    fn every_piece_is_told() {
        for threads in [1, 4] {
            let watch = Patience::of(usize::MAX);
            let squares = on_threads(threads, || pieces(1_000, &watch, |piece| piece * piece));
            assert_eq!(squares, Some((0..1_000).map(|piece| piece * piece).collect()));
            assert_eq!((watch.told.into_inner(), watch.done.into_inner()), (1_000, 1_000));
        }
    }

    #[test]
    fn stopped_work_begins_no_further_piece() {
        let begun = AtomicUsize::new(0);
        let watch = Patience::of(10);
        let result = on_threads(4, || pieces(10_000, &watch, |_| begun.fetch_add(1, Ordering::Relaxed)));
        assert_eq!(result, None);
        // Each of the threads may have been at a piece.
        assert!(begun.into_inner() < 10 + 4);
        assert_eq!(pieces(0, &Patience::of(0), |piece| piece), Some(vec![]));
    }
}
