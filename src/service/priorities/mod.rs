//! The priorities as they are in use, with all that they ever were.
//!
//! A [`Service`] is one edition: it holds one [`Catalogue`] for as long as it lives, so that a question is answered
//! from one state of the priorities from start to end. What is changed shows in the next edition.

mod catalogue;
mod change;
mod file;

use std::sync::{Arc, PoisonError};

pub use catalogue::{Catalogue, Version};
pub use change::{ChangeError, Over, Signed};
pub use file::PrioritiesFile;

use super::{QuestionError, Service, collection::Collection};
use crate::{
    model::{Invalid, Priority},
    selection::Filter,
    store::StoreError,
};

/// A priority with its filter compiled.
#[derive(Clone, Debug)]
pub struct PreparedPriority {
    /// As defined.
    pub priority: Priority,
    /// Which version of its definition that is.
    pub version: u32,
    /// Its filter, where it has one.
    pub filter: Option<Filter>,
}

impl Service {
    /// The priorities in use: those of the file in its order, then others in the order in which they were made.
    pub fn priorities(&self) -> &[Arc<PreparedPriority>] {
        self.catalogue.listed()
    }

    /// The priorities of this edition, with their histories.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The priority with that id, as it is now.
    ///
    /// # Errors
    /// As [`Service::priority_as_of`].
    pub fn priority(&self, id: &str) -> Result<&Arc<PreparedPriority>, QuestionError> {
        self.priority_as_of(id, None)
    }

    /// The priority with that id as it was in a version, or as it is now.
    ///
    /// # Errors
    /// [`QuestionError::Unknown`] with the ids or versions that exist, [`QuestionError::Retired`] where it is not in
    /// use and no version is named, and [`QuestionError::Unanswerable`] for a definition that cannot be used with
    /// these boundaries any more.
    pub fn priority_as_of(
        &self,
        id: &str,
        version: Option<u32>,
    ) -> Result<&Arc<PreparedPriority>, QuestionError> {
        if version.is_none()
            && let Some(listed) = self.priorities().iter().find(|known| known.priority.id.as_str() == id)
        {
            return Ok(listed);
        }
        let asked = self.definition(id, version)?;
        if version.is_none() && asked.is_retired() {
            return Err(QuestionError::Retired { id: id.to_owned(), version: asked.entry.version });
        }
        asked.prepared.as_ref().map_err(|fault| QuestionError::Unanswerable {
            detail: format!("Version {} of the priority {id} cannot be used: {fault}", asked.entry.version),
        })
    }

    /// A version of a priority's definition, or the newest, in use or not.
    ///
    /// # Errors
    /// [`QuestionError::Unknown`] with the ids or versions that exist.
    pub fn definition(&self, id: &str, version: Option<u32>) -> Result<&Arc<Version>, QuestionError> {
        let mut versions = self.catalogue.history(id).peekable();
        if versions.peek().is_none() {
            let known: Vec<_> = self.priorities().iter().map(|known| known.priority.id.as_str()).collect();
            return Err(QuestionError::Unknown {
                kind: "priority",
                name: Invalid::new(id, "").value,
                known: known.join(", "),
            });
        }
        let found = match version {
            None => versions.last(),
            Some(version) => versions.find(|known| known.entry.version == version),
        };
        found.ok_or_else(|| {
            let newest = self.catalogue.history(id).last().map_or(0, |newest| newest.entry.version);
            QuestionError::Unknown {
                kind: "version of this priority with the number",
                name: version.unwrap_or_default().to_string(),
                known: if newest > 1 { format!("1 to {newest}") } else { newest.to_string() },
            }
        })
    }

    /// The collection with that id as it is of a version of its priority; `None` where no such collection is made
    /// from a priority. It need not be in use any more.
    ///
    /// # Errors
    /// As [`Service::priority_as_of`].
    pub fn collection_as_of(&self, id: &str, version: u32) -> Result<Option<Arc<Collection>>, QuestionError> {
        let Some(of) = self.catalogue.whose_collection(id, &self.boundaries) else { return Ok(None) };
        let mut made = self.collections_of(of.entry.priority.as_str(), Some(version))?.into_iter();
        Ok(made.find(|collection| collection.id == id))
    }

    /// The layers that are made from a priority, as it is now or was in a version. They need not be in use any more.
    ///
    /// # Errors
    /// As [`Service::priority_as_of`].
    pub fn collections_of(
        &self,
        id: &str,
        version: Option<u32>,
    ) -> Result<Vec<Arc<Collection>>, QuestionError> {
        let prepared = self.priority_as_of(id, version)?;
        let made = super::collection::of_priority(&prepared.priority, &self.boundaries);
        Ok(made.into_iter().map(Arc::new).collect())
    }

    /// Why a collection that is made from a priority is not listed, where that is so of the one with this id.
    ///
    /// # Errors
    /// As [`Service::priority_as_of`] for a priority that is not in use.
    pub(super) fn check_in_use(&self, collection: &str) -> Result<(), QuestionError> {
        match self.catalogue.whose_collection(collection, &self.boundaries) {
            Some(of) => self.priority(of.entry.priority.as_str()).map(drop),
            None => Ok(()),
        }
    }

    /// The edition with the newest priorities and the newest gazetteer that this process knows of.
    #[must_use]
    pub fn newest(self: &Arc<Self>) -> Arc<Self> {
        let newest = self.newest.load_full();
        let gazetteer = self.newest_gazetteer.load_full();
        if Arc::ptr_eq(&newest, &self.catalogue) && Arc::ptr_eq(&gazetteer, &self.gazetteer) {
            return Arc::clone(self);
        }
        Arc::new(Self { gazetteer, ..self.edition(newest) })
    }

    /// The edition with the newest priorities that the store holds.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn renewed(self: &Arc<Self>) -> Result<Arc<Self>, StoreError> {
        self.refresh_priorities()?;
        Ok(self.newest())
    }

    /// Takes over what others have logged, and says whether there was anything.
    pub(super) fn refresh_priorities(&self) -> Result<bool, StoreError> {
        let _one_at_a_time = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.newest.load_full();
        let newest = self.read_catalogue()?;
        Ok(!Arc::ptr_eq(&before, &newest))
    }

    /// The newest catalogue, read anew where the store holds more; to be called by whoever holds the lock on changes.
    fn read_catalogue(&self) -> Result<Arc<Catalogue>, StoreError> {
        let held = self.newest.load_full();
        if self.store.priorities_revision()? == held.revision() {
            return Ok(held);
        }
        let read =
            Catalogue::of(self.store.priority_entries()?, &self.file_order, &self.boundaries).map_err(
                |fault| StoreError::Failed { doing: "reading the priorities", cause: Box::new(fault) },
            )?;
        let read = Arc::new(read);
        self.newest.store(Arc::clone(&read));
        Ok(read)
    }

    fn edition(&self, catalogue: Arc<Catalogue>) -> Self {
        Self { catalogue, ..self.clone() }
    }
}
