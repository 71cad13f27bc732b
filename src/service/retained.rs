//! Snapshots that somebody is in the middle of reading page by page.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::{QuestionError, Service};
use crate::{model::Generation, snapshot::Snapshot};

/// Most snapshots that are kept beside the live one: each may take as much memory as that.
const MOST: usize = 4;
/// How long one is kept after its last page.
const KEPT_FOR: Duration = Duration::from_mins(10);

/// The snapshots of which a first page was given lately, so that the pages after it are of the same incidents
/// whatever is imported meanwhile.
#[derive(Default)]
pub(super) struct Retained(Mutex<Vec<(Instant, Arc<Snapshot>)>>);

impl Retained {
    /// Keeps a snapshot for further pages, and forgets those that nobody asked for lately.
    fn keep(&self, snapshot: &Arc<Snapshot>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if let Some((used, _)) = kept.iter_mut().find(|(_, known)| Arc::ptr_eq(known, snapshot)) {
            *used = now;
            return;
        }
        kept.retain(|(used, _)| now.duration_since(*used) < KEPT_FOR);
        if kept.len() > MOST {
            let oldest = kept.iter().enumerate().min_by_key(|(_, (used, _))| *used).map(|(at, _)| at);
            oldest.map(|at| kept.swap_remove(at));
        }
        kept.push((now, Arc::clone(snapshot)));
    }

    fn of(&self, generation: Generation) -> Option<Arc<Snapshot>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter()
            .find(|(_, snapshot)| snapshot.generation() == generation)
            .map(|(_, held)| Arc::clone(held))
    }
}

impl Service {
    /// The snapshot to answer a page from: the live one where no generation is named, otherwise that of the
    /// generation. It is kept for the pages after it.
    ///
    /// # Errors
    /// [`QuestionError::Gone`] when the generation is not held any more.
    pub fn snapshot_for_pages(&self, generation: Option<Generation>) -> Result<Arc<Snapshot>, QuestionError> {
        let live = self.snapshot();
        let snapshot = match generation {
            Some(asked) if asked != live.generation() => {
                self.retained.of(asked).ok_or(QuestionError::Gone { generation: asked })?
            }
            _ => live,
        };
        self.retained.keep(&snapshot);
        Ok(snapshot)
    }
}
