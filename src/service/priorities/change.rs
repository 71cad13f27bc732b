//! Changes that are asked for: checked against what is, logged, and shown in the next edition.

use std::sync::{Arc, PoisonError};

use super::{Catalogue, Version};
use crate::{
    config::priorities::stored,
    model::{Invalid, Priority, PriorityChange, PriorityEntry, PriorityId, PriorityOrigin},
    service::{QuestionError, Service},
    store::{Logged, StoreError},
};

/// Most priorities in use: each brings half a dozen layers.
pub const MOST_PRIORITIES: usize = 200;

/// Who changes something, when and why.
#[derive(Clone, Debug)]
pub struct Signed {
    /// A name, as given.
    pub author: String,
    /// Why.
    pub note: Option<String>,
    /// When, in seconds of Unix time.
    pub at_s: i64,
}

/// What a change is meant to take the place of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Whatever there is.
    Any,
    /// This version, and no later one: another may have changed it meanwhile.
    Version(u32),
}

/// Why a priority was not changed. Nothing was.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// One is to be made that there is.
    #[error(
        "there is a priority '{id}' already, in version {version}; PUT changes it, and takes it back into use where \
         it is retired"
    )]
    Exists {
        /// Its id.
        id: PriorityId,
        /// Its version.
        version: u32,
    },
    /// Another version is in place than the one to be changed.
    #[error(
        "the priority '{id}' is in version {current}, not {expected}: somebody has changed it meanwhile; read it \
         again and decide anew"
    )]
    Overtaken {
        /// Its id.
        id: PriorityId,
        /// The version to be changed.
        expected: u32,
        /// Its version.
        current: u32,
    },
    /// It is not in use as it is.
    #[error("the priority '{0}' is retired already")]
    AlreadyRetired(PriorityId),
    /// It is the last one.
    #[error("'{0}' is the only priority in use, and one is needed")]
    Last(PriorityId),
    /// There are as many as there may be.
    #[error("there are {MOST_PRIORITIES} priorities in use, and no more are taken; retire one first")]
    TooMany,
    /// Its filter cannot be used with these boundaries.
    #[error("{0}")]
    Unusable(Invalid),
    /// Its layers would have the names of others.
    #[error("{0}")]
    Collides(Invalid),
    /// There is none of that id, or the store failed.
    #[error(transparent)]
    Question(#[from] QuestionError),
}

impl From<StoreError> for ChangeError {
    fn from(error: StoreError) -> Self {
        Self::Question(error.into())
    }
}

/// A definition as it is logged.
pub(super) fn written(priority: &Priority) -> Result<String, StoreError> {
    let failed = |cause| StoreError::Failed { doing: "writing a definition out", cause: Box::new(cause) };
    stored(priority).map_err(failed)
}

impl Service {
    /// Makes a new priority. The edition that has it is given back.
    ///
    /// # Errors
    /// [`ChangeError`].
    pub fn create_priority(
        self: &Arc<Self>,
        priority: &Priority,
        signed: &Signed,
    ) -> Result<Arc<Self>, ChangeError> {
        self.log(signed, |edition| match edition.catalogue.history(priority.id.as_str()).last() {
            Some(known) => Err(ChangeError::Exists { id: priority.id.clone(), version: known.entry.version }),
            None => Ok(Some((PriorityChange::Created, priority.id.clone(), written(priority)?))),
        })
    }

    /// Gives a priority another definition, and takes it back into use where it was retired. A definition that is
    /// the one in use already is not logged again.
    ///
    /// # Errors
    /// [`ChangeError`].
    pub fn change_priority(
        self: &Arc<Self>,
        priority: &Priority,
        over: Over,
        signed: &Signed,
    ) -> Result<Arc<Self>, ChangeError> {
        self.log(signed, |edition| {
            let known = edition.definition(priority.id.as_str(), None)?;
            over.holds(known)?;
            if known.is_retired() {
                return Ok(Some((PriorityChange::Restored, priority.id.clone(), written(priority)?)));
            }
            let is_new = known.priority.as_ref() != Some(priority);
            Ok(is_new.then_some((PriorityChange::Changed, priority.id.clone(), written(priority)?)))
        })
    }

    /// Takes a priority out of use. Its versions stay to be asked for.
    ///
    /// # Errors
    /// [`ChangeError`].
    pub fn retire_priority(
        self: &Arc<Self>,
        id: &str,
        over: Over,
        signed: &Signed,
    ) -> Result<Arc<Self>, ChangeError> {
        self.log(signed, |edition| {
            let known = edition.definition(id, None)?;
            over.holds(known)?;
            let id = &known.entry.priority;
            if known.is_retired() {
                return Err(ChangeError::AlreadyRetired(id.clone()));
            }
            if edition.priorities().iter().all(|listed| listed.priority.id == *id) {
                return Err(ChangeError::Last(id.clone()));
            }
            Ok(Some((PriorityChange::Retired, id.clone(), known.entry.definition.clone())))
        })
    }

    /// Logs what `decide` finds to be changed, which it is asked again where somebody else was faster.
    fn log(
        self: &Arc<Self>,
        signed: &Signed,
        decide: impl Fn(&Self) -> Result<Option<(PriorityChange, PriorityId, String)>, ChangeError>,
    ) -> Result<Arc<Self>, ChangeError> {
        let _one_at_a_time = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let now = self.read_catalogue()?;
            let Some((change, priority, definition)) = decide(&self.edition(Arc::clone(&now)))? else {
                return Ok(self.newest());
            };
            let newest = now.history(priority.as_str()).last().map_or(0, |known| known.entry.version);
            let entry = PriorityEntry {
                priority,
                version: newest.saturating_add(1),
                at_s: signed.at_s,
                author: signed.author.clone(),
                origin: PriorityOrigin::Http,
                change,
                note: signed.note.clone(),
                definition,
            };
            let next =
                now.with(entry.clone(), &self.file_order, &self.boundaries).map_err(ChangeError::Collides)?;
            acceptable(&now, &next)?;
            if self.store.log_priorities(now.revision(), &[entry])? == Logged::Added {
                self.newest.store(Arc::new(next));
                return Ok(self.newest());
            }
        }
    }
}

/// Whether the last entry of `next` may be logged after those of `now`.
fn acceptable(now: &Catalogue, next: &Catalogue) -> Result<(), ChangeError> {
    // One that cannot be used can still be retired.
    let new = next.last().filter(|last| !last.is_retired());
    if let Some(fault) = new.and_then(|new| new.prepared.as_ref().err()) {
        return Err(ChangeError::Unusable(fault.clone()));
    }
    let grows = next.listed().len() > now.listed().len();
    if grows && next.listed().len() > MOST_PRIORITIES { Err(ChangeError::TooMany) } else { Ok(()) }
}

impl Over {
    fn holds(self, known: &Version) -> Result<(), ChangeError> {
        match self {
            Self::Version(expected) if expected != known.entry.version => Err(ChangeError::Overtaken {
                id: known.entry.priority.clone(),
                expected,
                current: known.entry.version,
            }),
            _ => Ok(()),
        }
    }
}
