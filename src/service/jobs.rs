//! Jobs: computations that go on when whoever asked has gone, and whose outcome is kept for a while.

use std::{
    collections::VecDeque,
    fmt,
    hash::{BuildHasher, RandomState},
    str::FromStr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use tokio::task::AbortHandle;

use super::job::{Job, Progress};
use crate::model::Invalid;

/// Most jobs that are kept, whatever their state.
pub const MOST_JOBS: usize = 64;
/// The largest result of one job, bytes.
pub const MOST_RESULT_BYTES: usize = 64 << 20;
/// Most bytes of all results together.
const MOST_BYTES: usize = 4 * MOST_RESULT_BYTES;
/// How long a job is kept after its end.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(1);

/// What a job is called: 128 bits that cannot be guessed, written as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobId(u128);

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for JobId {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let id = u128::from_str_radix(text, 16).ok().map(Self);
        // One job has one address: signs and capitals are none.
        id.filter(|id| id.to_string() == text)
            .ok_or_else(|| Invalid::new(text, "a job is named by 32 hexadecimal digits"))
    }
}

/// How a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits for its turn.
    Accepted,
    /// It is computed.
    Running,
    /// It has a result.
    Successful,
    /// It has none, and tells why.
    Failed,
    /// It was stopped.
    Dismissed,
}

impl State {
    /// Whether it will not change any more.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Successful | Self::Failed | Self::Dismissed)
    }
}

/// A job as it stands at one moment.
#[derive(Clone, Debug)]
pub struct JobStatus<T, F> {
    /// Its name.
    pub id: JobId,
    /// What is run.
    pub process: &'static str,
    /// How it stands.
    pub state: State,
    /// How much of the work is done, percent: 100 only with the result.
    pub percent: u8,
    /// When it was asked for.
    pub created: Timestamp,
    /// When its work began.
    pub started: Option<Timestamp>,
    /// When it came to its end.
    pub finished: Option<Timestamp>,
    /// What came of it.
    pub outcome: Option<Result<T, F>>,
}

struct Kept<T, F> {
    status: JobStatus<T, F>,
    bytes: usize,
    job: Arc<Job>,
    task: Option<AbortHandle>,
}

/// There are as many jobs as are kept, and all of them still have to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{MOST_JOBS} jobs wait or run already; try again when one of them is done")]
pub struct TooManyJobs;

/// The jobs of the last hour, the newest last. When there are too many, or their results take too much, those that
/// ended first are forgotten first.
pub struct Jobs<T, F>(Mutex<VecDeque<Kept<T, F>>>);

impl<T, F> Default for Jobs<T, F> {
    fn default() -> Self {
        Self(Mutex::new(VecDeque::new()))
    }
}

impl<T: Clone, F: Clone> Jobs<T, F> {
    /// Notes a job that is about to be done.
    ///
    /// # Errors
    /// [`TooManyJobs`].
    pub fn accept(&self, process: &'static str, job: Arc<Job>) -> Result<JobId, TooManyJobs> {
        let now = Timestamp::now();
        let mut kept = self.kept(now);
        if kept.len() >= MOST_JOBS && !forget_one(&mut kept) {
            return Err(TooManyJobs);
        }
        let id = JobId(unguessable());
        let status = JobStatus {
            id,
            process,
            state: State::Accepted,
            percent: 0,
            created: now,
            started: None,
            finished: None,
            outcome: None,
        };
        kept.push_back(Kept { status, bytes: 0, job, task: None });
        Ok(id)
    }

    /// Says which task does a job, so that [`dismiss`](Self::dismiss) can end it.
    pub fn done_by(&self, id: JobId, task: AbortHandle) {
        match find(&mut self.kept(Timestamp::now()), id) {
            Some(found) if !found.status.state.is_final() => found.task = Some(task),
            // It was dismissed before it was known who does it.
            _ => task.abort(),
        }
    }

    /// Notes that the work of a job begins.
    pub fn starts(&self, id: JobId) {
        let now = Timestamp::now();
        if let Some(found) = find(&mut self.kept(now), id)
            && found.status.state == State::Accepted
        {
            found.status.state = State::Running;
            found.status.started = Some(now);
        }
    }

    /// Notes what came of a job; a result takes so many bytes. One that was stopped keeps no outcome.
    pub fn ends(&self, id: JobId, outcome: Result<T, F>, bytes: usize) {
        let now = Timestamp::now();
        let mut kept = self.kept(now);
        while kept.iter().map(|kept| kept.bytes).sum::<usize>().saturating_add(bytes) > MOST_BYTES
            && forget_one(&mut kept)
        {}
        let Some(found) = find(&mut kept, id).filter(|found| !found.status.state.is_final()) else { return };
        found.status.state = if outcome.is_ok() { State::Successful } else { State::Failed };
        found.status.percent = if outcome.is_ok() { 100 } else { found.percent() };
        found.status.finished = Some(now);
        found.status.outcome = Some(outcome);
        found.bytes = bytes;
        found.task = None;
    }

    /// How a job stands; `None` for one that is not kept.
    pub fn status(&self, id: JobId) -> Option<JobStatus<T, F>> {
        find(&mut self.kept(Timestamp::now()), id).map(|found| found.status_now())
    }

    /// How all jobs stand, the newest first.
    pub fn all(&self) -> Vec<JobStatus<T, F>> {
        self.kept(Timestamp::now()).iter().rev().map(Kept::status_now).collect()
    }

    /// Stops a job that waits or runs, or forgets one that has ended; how it then stands.
    pub fn dismiss(&self, id: JobId) -> Option<JobStatus<T, F>> {
        let now = Timestamp::now();
        let mut kept = self.kept(now);
        let found = find(&mut kept, id)?;
        let ended = found.status.state.is_final();
        found.status.percent = found.percent();
        found.status.state = State::Dismissed;
        found.status.finished.get_or_insert(now);
        found.status.outcome = None;
        found.bytes = 0;
        found.job.stop();
        if let Some(task) = found.task.take() {
            task.abort();
        }
        let status = found.status_now();
        if ended {
            kept.retain(|kept| kept.status.id != id);
        }
        Some(status)
    }

    /// The jobs that are still to be kept at `now`.
    fn kept(&self, now: Timestamp) -> MutexGuard<'_, VecDeque<Kept<T, F>>> {
        // Every change is complete before the next begins, so a panic leaves nothing half done.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|kept| {
            kept.status.finished.is_none_or(|finished| now.duration_since(finished) < KEPT_FOR)
        });
        kept
    }
}

impl<T: Clone, F: Clone> Kept<T, F> {
    fn percent(&self) -> u8 {
        if self.status.state.is_final() { self.status.percent } else { percent(self.job.progress()) }
    }

    fn status_now(&self) -> JobStatus<T, F> {
        JobStatus { percent: self.percent(), ..self.status.clone() }
    }
}

fn find<T, F>(kept: &mut VecDeque<Kept<T, F>>, id: JobId) -> Option<&mut Kept<T, F>> {
    kept.iter_mut().find(|kept| kept.status.id == id)
}

/// Forgets the job that ended first; `false` where none has ended.
fn forget_one<T, F>(kept: &mut VecDeque<Kept<T, F>>) -> bool {
    let ended = kept.iter().enumerate().filter_map(|(at, kept)| Some((kept.status.finished?, at)));
    let first = ended.min();
    first.and_then(|(_, at)| kept.remove(at)).is_some()
}

/// A number that nobody can foresee.
fn unguessable() -> u128 {
    // The state holds 128 bits of the system's randomness, and what is hashed with them tells nothing of them.
    let state = RandomState::new();
    u128::from(state.hash_one(0_u8)) << 64 | u128::from(state.hash_one(1_u8))
}

/// Whole percents of the work that are done; the last one comes with the result.
fn percent(Progress { done, pieces }: Progress) -> u8 {
    let whole = done.saturating_mul(100).checked_div(pieces).unwrap_or(0);
    u8::try_from(whole.min(99)).unwrap_or(99)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::progress::Watch;

    type Tried = Jobs<&'static str, &'static str>;

    fn accept(jobs: &Tried) -> JobId {
        jobs.accept("scan", Arc::default()).unwrap()
    }

    #[test]
    fn a_job_waits_runs_and_ends() {
        let jobs = Tried::default();
        let job = Arc::new(Job::default());
        let id = jobs.accept("scan", Arc::clone(&job)).unwrap();
        let seen = || {
            let status = jobs.status(id).unwrap();
            (status.state, status.percent, status.started.is_some(), status.finished.is_some())
        };
        assert_eq!(seen(), (State::Accepted, 0, false, false));
        jobs.starts(id);
        job.starts(3);
        job.advances();
        assert_eq!(seen(), (State::Running, 33, true, false));
        job.advances();
        job.advances();
        assert_eq!(seen(), (State::Running, 99, true, false));
        jobs.ends(id, Ok("found"), 5);
        assert_eq!(seen(), (State::Successful, 100, true, true));
        assert_eq!(jobs.status(id).unwrap().outcome, Some(Ok("found")));
        let failing = accept(&jobs);
        jobs.ends(failing, Err("no"), 0);
        assert_eq!(jobs.status(failing).unwrap().state, State::Failed);
        let order: Vec<_> = jobs.all().iter().map(|status| status.id).collect();
        assert_eq!(order, [failing, id]);
    }

    #[test]
    fn a_dismissed_job_stops_and_is_forgotten_when_it_is_dismissed_again() {
        let jobs = Tried::default();
        let job = Arc::new(Job::default());
        let id = jobs.accept("scan", Arc::clone(&job)).unwrap();
        jobs.starts(id);
        assert_eq!(jobs.dismiss(id).unwrap().state, State::Dismissed);
        assert!(job.stopped());
        jobs.ends(id, Ok("too late"), 8);
        let status = jobs.status(id).unwrap();
        assert_eq!((status.state, status.outcome), (State::Dismissed, None));
        assert_eq!(jobs.dismiss(id).unwrap().state, State::Dismissed);
        assert!(jobs.status(id).is_none() && jobs.dismiss(id).is_none());
    }

    #[test]
    fn ended_jobs_make_room_and_those_to_be_done_do_not() {
        let jobs = Tried::default();
        let ids: Vec<_> = (0..MOST_JOBS).map(|_| accept(&jobs)).collect();
        assert_eq!(jobs.accept("scan", Arc::default()), Err(TooManyJobs));
        for id in [ids[3], ids[1]] {
            jobs.ends(id, Ok("found"), 1);
        }
        accept(&jobs);
        assert!(jobs.status(ids[3]).is_none() && jobs.status(ids[1]).is_some());
        accept(&jobs);
        assert_eq!(jobs.accept("scan", Arc::default()), Err(TooManyJobs));
    }

    #[test]
    fn results_that_take_too_much_together_push_out_the_oldest() {
        let jobs = Tried::default();
        let ids: Vec<_> = (0..5).map(|_| accept(&jobs)).collect();
        for id in &ids {
            jobs.ends(*id, Ok("large"), MOST_RESULT_BYTES);
        }
        let held: Vec<_> = ids.iter().map(|id| jobs.status(*id).is_some()).collect();
        assert_eq!(held, [false, true, true, true, true]);
    }

    #[test]
    fn an_hour_after_its_end_a_job_is_forgotten() {
        let jobs = Tried::default();
        let (ended, waiting) = (accept(&jobs), accept(&jobs));
        jobs.ends(ended, Ok("found"), 5);
        let finished = jobs.status(ended).unwrap().finished.unwrap();
        assert_eq!(jobs.kept(finished + KEPT_FOR - SignedDuration::from_secs(1)).len(), 2);
        let left: Vec<_> = jobs.kept(finished + KEPT_FOR).iter().map(|kept| kept.status.id).collect();
        assert_eq!(left, [waiting]);
    }

    #[test]
    fn ids_are_read_as_they_are_written_and_in_no_other_way() {
        let jobs = Tried::default();
        let (id, other) = (accept(&jobs), accept(&jobs));
        assert_ne!(id, other);
        assert_eq!(id.to_string().parse(), Ok(id));
        for text in ["", "1", "+0000000000000000000000000000001", "0000000000000000000000000000000G"] {
            assert!(text.parse::<JobId>().is_err(), "{text}");
        }
        assert!("0000000000000000000000000000000A".parse::<JobId>().is_err());
    }
}
