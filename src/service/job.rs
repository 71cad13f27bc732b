//! A computation as it is seen from both sides: by who computes, and by who waits.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use crate::analysis::progress::Watch;

/// How far a computation is, and whether anyone still waits for it.
#[derive(Debug, Default)]
pub struct Job {
    stopped: AtomicBool,
    pieces: AtomicUsize,
    done: AtomicUsize,
}

/// How many pieces are done, and of how many. Before the work starts there are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Pieces done.
    pub done: usize,
    /// Pieces in all.
    pub pieces: usize,
}

impl Job {
    /// Asks the work to stop.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        // The numbers do not vouch for each other: what is shown never passes the end.
        let (done, pieces) = (self.done.load(Ordering::Relaxed), self.pieces.load(Ordering::Relaxed));
        Progress { done: done.min(pieces), pieces }
    }
}

impl Watch for Job {
    fn starts(&self, pieces: usize) {
        self.done.store(0, Ordering::Relaxed);
        self.pieces.store(pieces, Ordering::Relaxed);
    }

    fn advances(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    fn stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

/// Stops a job when whoever waits for it goes away.
pub(super) struct StopWhenDropped(pub(super) Arc<Job>);

impl Drop for StopWhenDropped {
    fn drop(&mut self) {
        self.0.stop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_counts_the_pieces_of_the_work_that_runs() {
        let job = Job::default();
        job.advances();
        assert_eq!(job.progress(), Progress { done: 0, pieces: 0 });
        job.starts(3);
        job.advances();
        assert_eq!(job.progress(), Progress { done: 1, pieces: 3 });
        assert!(!job.stopped());
        drop(StopWhenDropped(Arc::new(Job::default())));
        let job = Arc::new(job);
        drop(StopWhenDropped(Arc::clone(&job)));
        assert!(job.stopped());
    }
}
