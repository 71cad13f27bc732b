//! What happened to the priorities: who defined what, when, and from where.

use super::PriorityId;

/// One version of a priority's definition, as it is logged. Entries are never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriorityEntry {
    /// Whose definition it is.
    pub priority: PriorityId,
    /// 1 for the first of that priority, then 2, 3 and so on.
    pub version: u32,
    /// When, in seconds of Unix time.
    pub at_s: i64,
    /// Who, as given: nobody has checked it.
    pub author: String,
    /// From where.
    pub origin: PriorityOrigin,
    /// What was done.
    pub change: PriorityChange,
    /// Why, or whatever else was to be said.
    pub note: Option<String>,
    /// The whole definition as it holds from now on, in the text form of the settings.
    pub definition: String,
}

/// Where a definition came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriorityOrigin {
    /// The file of priorities.
    File,
    /// A request.
    Http,
}

impl PriorityOrigin {
    /// The word for it: `file` or `http`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Http => "http",
        }
    }

    /// The one that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::File, Self::Http].into_iter().find(|known| known.as_str() == word)
    }
}

/// What was done to a priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriorityChange {
    /// It is new.
    Created,
    /// Its definition is another.
    Changed,
    /// It is not in use any more.
    Retired,
    /// It is in use again.
    Restored,
}

impl PriorityChange {
    /// The word for it: `created`, `changed`, `retired` or `restored`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Retired => "retired",
            Self::Restored => "restored",
        }
    }

    /// The one that a word names.
    ///
    /// # Example
    /// ```
    /// use hotspots::model::PriorityChange;
    /// assert_eq!(PriorityChange::from_word("retired"), Some(PriorityChange::Retired));
    /// assert_eq!(PriorityChange::from_word("gone"), None);
    /// ```
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Created, Self::Changed, Self::Retired, Self::Restored]
            .into_iter()
            .find(|known| known.as_str() == word)
    }
}
