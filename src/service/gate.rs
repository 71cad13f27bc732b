//! The compute gates: a bounded number of threads and a bounded queue before them.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::job::{Job, StopWhenDropped};
use crate::analysis::progress::Watch;

/// Runs computations on threads of their own, and refuses more than it can queue.
///
/// Without it a burst of large questions would hold every thread of the server, and short answers
/// such as `/health` would wait behind them. Work that takes minutes has a gate of its own, so that what
/// takes milliseconds does not wait behind it either: between two gates the system shares the processors.
#[derive(Clone)]
pub struct ComputeGate {
    pool: Arc<rayon::ThreadPool>,
    /// Computations that run or wait.
    places: Arc<Semaphore>,
    /// Computations that run.
    turns: Arc<Semaphore>,
}

/// Why a computation has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GateError {
    /// As many computations as the queue holds are waiting already.
    #[error("the service is computing as much as it can; try again in a few seconds")]
    Full,
    /// The computation panicked. The panic's message is in the log.
    #[error("a computation failed")]
    Panicked,
}

impl ComputeGate {
    /// A gate with `threads` threads and room for `queue` computations that wait.
    ///
    /// # Errors
    /// When the operating system gives no threads.
    pub fn new(threads: usize, queue: usize) -> Result<Self, rayon::ThreadPoolBuildError> {
        let pool = pool("compute", threads)?;
        let turns = pool.current_num_threads();
        Ok(Self::of(pool, turns, queue))
    }

    /// A gate for long work: one computation at a time, on all of its `threads`, and room for `queue` that
    /// wait.
    ///
    /// # Errors
    /// When the operating system gives no threads.
    pub fn one_at_a_time(threads: usize, queue: usize) -> Result<Self, rayon::ThreadPoolBuildError> {
        Ok(Self::of(pool("long", threads)?, 1, queue))
    }

    fn of(pool: rayon::ThreadPool, turns: usize, queue: usize) -> Self {
        Self {
            pool: Arc::new(pool),
            places: Arc::new(Semaphore::new(turns + queue)),
            turns: Arc::new(Semaphore::new(turns)),
        }
    }

    /// Runs `work` and waits for it without holding a server thread.
    ///
    /// # Errors
    /// [`GateError::Full`] at once when the queue is full; [`GateError::Panicked`] when the work did.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, GateError> {
        self.run_watched(Arc::default(), move |_| work()).await
    }

    /// Runs `work`, which tells `job` how far it is, and stops when `job` says so: that happens when this
    /// future is dropped, because the client went away. While it waits for its turn it just leaves the queue.
    ///
    /// # Errors
    /// As [`ComputeGate::run`].
    pub async fn run_watched<T: Send + 'static>(
        &self,
        job: Arc<Job>,
        work: impl FnOnce(&Job) -> T + Send + 'static,
    ) -> Result<T, GateError> {
        self.place()?.run(job, work).await
    }

    /// Takes a place among the computations that run or wait, for work that is not waited for at once.
    ///
    /// # Errors
    /// [`GateError::Full`] when the queue is full.
    pub fn place(&self) -> Result<Place, GateError> {
        let permit =
            Arc::clone(&self.places).try_acquire_owned().map_err(|_closed_or_full| GateError::Full)?;
        Ok(Place { gate: self.clone(), permit })
    }
}

/// A place among the computations of a gate, given back when its work is done or it is dropped.
pub struct Place {
    gate: ComputeGate,
    permit: OwnedSemaphorePermit,
}

impl Place {
    /// Runs `work` here, as [`ComputeGate::run_watched`] does.
    ///
    /// # Errors
    /// [`GateError::Panicked`] when the work did.
    pub async fn run<T: Send + 'static>(
        self,
        job: Arc<Job>,
        work: impl FnOnce(&Job) -> T + Send + 'static,
    ) -> Result<T, GateError> {
        let Self { gate, permit } = self;
        let turn = gate.turns.acquire_owned().await.map_err(|_closed| GateError::Full)?;
        let _waiting = StopWhenDropped(Arc::clone(&job));
        let (send, receive) = oneshot::channel();
        gate.pool.spawn_fifo(move || {
            // Nothing that the work shares is used again after a panic: snapshots are immutable.
            let result = catch_unwind(AssertUnwindSafe(|| work(&job)));
            drop((turn, permit));
            if job.stopped() {
                tracing::info!("a computation ended for which nobody waits any more");
            }
            let _ = send.send(result.map_err(|panic| log_panic(panic.as_ref())));
        });
        receive.await.unwrap_or(Err(GateError::Panicked))
    }
}

fn pool(name: &'static str, threads: usize) -> Result<rayon::ThreadPool, rayon::ThreadPoolBuildError> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(move |number| format!("{name}-{number}"))
        .build()
}

fn log_panic(panic: &(dyn Any + Send)) -> GateError {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    tracing::error!(panic = text, "a computation panicked");
    GateError::Panicked
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[actix_web::test]
    async fn a_panic_is_an_answer_and_the_gate_goes_on() {
        let gate = ComputeGate::new(1, 1).unwrap();
        assert_eq!(gate.run(|| -> u8 { panic!("as a test") }).await, Err(GateError::Panicked));
        assert_eq!(gate.run(|| 7).await, Ok(7));
    }

    #[actix_web::test]
    async fn a_full_queue_refuses_at_once() {
        let gate = ComputeGate::new(1, 1).unwrap();
        let (release, hold) = mpsc::channel::<()>();
        let held = {
            let gate = gate.clone();
            actix_web::rt::spawn(async move { gate.run(move || hold.recv().is_ok()).await })
        };
        let waiting = {
            let gate = gate.clone();
            actix_web::rt::spawn(async move { gate.run(|| true).await })
        };
        while gate.places.available_permits() > 0 {
            actix_web::rt::task::yield_now().await;
        }
        assert_eq!(gate.run(|| true).await, Err(GateError::Full));
        release.send(()).unwrap();
        assert_eq!(held.await.unwrap(), Ok(true));
        assert_eq!(waiting.await.unwrap(), Ok(true));
    }

    #[actix_web::test]
    async fn work_stops_when_nobody_waits_for_it_and_the_gate_is_free() {
        let gate = ComputeGate::one_at_a_time(2, 0).unwrap();
        let (started, starts) = mpsc::channel();
        let job = Arc::new(Job::default());
        let endless = move |job: &Job| {
            started.send(()).unwrap();
            while !job.stopped() {
                std::thread::yield_now();
            }
        };
        let waiting = {
            let (gate, job) = (gate.clone(), Arc::clone(&job));
            actix_web::rt::spawn(async move { gate.run_watched(job, endless).await })
        };
        while starts.try_recv().is_err() {
            actix_web::rt::task::yield_now().await;
        }
        assert_eq!(gate.run(|| true).await, Err(GateError::Full));
        waiting.abort();
        while gate.places.available_permits() == 0 {
            actix_web::rt::task::yield_now().await;
        }
        assert!(job.stopped());
        assert_eq!(gate.run(|| true).await, Ok(true));
    }

    #[actix_web::test]
    async fn who_goes_away_while_waiting_leaves_the_queue() {
        let gate = ComputeGate::one_at_a_time(1, 1).unwrap();
        let (release, hold) = mpsc::channel::<()>();
        let spawn = |gate: ComputeGate, work: Box<dyn FnOnce() -> bool + Send>| {
            actix_web::rt::spawn(async move { gate.run(work).await })
        };
        let held = spawn(gate.clone(), Box::new(move || hold.recv().is_ok()));
        let waiting = spawn(gate.clone(), Box::new(|| unreachable!("nobody waits for it")));
        while gate.places.available_permits() > 0 {
            actix_web::rt::task::yield_now().await;
        }
        waiting.abort();
        while gate.places.available_permits() == 0 {
            actix_web::rt::task::yield_now().await;
        }
        let next = spawn(gate.clone(), Box::new(|| true));
        release.send(()).unwrap();
        assert_eq!(held.await.unwrap(), Ok(true));
        assert_eq!(next.await.unwrap(), Ok(true));
    }
}
