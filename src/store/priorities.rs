//! The log of priorities: every definition that there was, kept beside the incidents.

use super::StoreError;
use crate::model::PriorityEntry;

/// A log of definitions that only grows. Calls block; none is made while a question is answered.
///
/// Its revision is the number of entries, so whoever knows the revision knows what is in it.
pub trait PriorityLog: Send + Sync {
    /// How many entries there are; 0 for a store that no service was started with.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    fn priorities_revision(&self) -> Result<u64, StoreError>;

    /// Every entry, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read or holds an entry that breaks the model's rules.
    fn priority_entries(&self) -> Result<Vec<PriorityEntry>, StoreError>;

    /// Adds entries at once and durably, if the revision still is `after`: whoever decided on them knew all that
    /// was logged before. Nothing is written otherwise.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be made durable, or a priority has such a version already; then none of
    /// them is stored.
    fn log_priorities(&self, after: u64, entries: &[PriorityEntry]) -> Result<Logged, StoreError>;
}

/// What became of entries that were to be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Logged {
    /// They are in the log.
    Added,
    /// Somebody else logged something first; nothing was written.
    Overtaken,
}
