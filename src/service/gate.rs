//! The compute gate: a bounded number of threads and a bounded queue before them.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use tokio::sync::{Semaphore, oneshot};

/// Runs computations on threads of their own, and refuses more than it can queue.
///
/// Without it a burst of large questions would hold every thread of the server, and short answers
/// such as `/health` would wait behind them.
#[derive(Clone)]
pub struct ComputeGate {
    pool: Arc<rayon::ThreadPool>,
    places: Arc<Semaphore>,
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
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|n| format!("compute-{n}"))
            .build()?;
        let places = Arc::new(Semaphore::new(pool.current_num_threads() + queue));
        Ok(Self { pool: Arc::new(pool), places })
    }

    /// Runs `job` and waits for it without holding a server thread.
    ///
    /// # Errors
    /// [`GateError::Full`] at once when the queue is full; [`GateError::Panicked`] when the job did.
    pub async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, GateError> {
        let place =
            Arc::clone(&self.places).try_acquire_owned().map_err(|_closed_or_full| GateError::Full)?;
        let (send, receive) = oneshot::channel();
        self.pool.spawn_fifo(move || {
            // Nothing that the job shares is used again after a panic: snapshots are immutable.
            let result = catch_unwind(AssertUnwindSafe(job)).map_err(|panic| log_panic(panic.as_ref()));
            drop(place);
            // The receiver is gone when the client went away; then nobody wants the result.
            let _ = send.send(result);
        });
        receive.await.unwrap_or(Err(GateError::Panicked))
    }
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
}
