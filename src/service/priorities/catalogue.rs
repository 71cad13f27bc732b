//! All definitions there are, and what follows from those in use.

use std::sync::Arc;

use super::PreparedPriority;
use crate::{
    config::priorities::read_stored,
    model::{BoundarySet, Invalid, Priority, PriorityChange, PriorityEntry, PriorityId},
    selection::Filter,
    service::collection::{self, Collection},
};

/// One version of a priority's definition.
#[derive(Clone, Debug)]
pub struct Version {
    /// What is logged of it.
    pub entry: PriorityEntry,
    /// The definition, unless it cannot be read.
    pub priority: Option<Priority>,
    /// The definition ready for use, or why it cannot be used.
    pub prepared: Result<Arc<PreparedPriority>, Invalid>,
}

impl Version {
    /// Reads what was logged. What a newer program wrote may not be readable, and a filter may name a boundary layer
    /// that there is no more: such a version is kept, and says so when it is asked for.
    pub(super) fn of(entry: PriorityEntry, boundaries: &BoundarySet) -> Self {
        let priority = definition_of(&entry);
        let prepared = priority.clone().and_then(|priority| {
            let filter = priority.filter.as_ref().map(|text| Filter::parse(text, boundaries)).transpose()?;
            Ok(Arc::new(PreparedPriority { priority, version: entry.version, filter }))
        });
        Self { entry, priority: priority.ok(), prepared }
    }

    /// Whether the priority was not in use as of this version.
    pub fn is_retired(&self) -> bool {
        self.entry.change == PriorityChange::Retired
    }
}

/// The definition of an entry.
///
/// # Errors
/// [`Invalid`] for one that cannot be read.
pub(super) fn definition_of(entry: &PriorityEntry) -> Result<Priority, Invalid> {
    read_stored(&entry.definition).map_err(|faults| {
        let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
        Invalid::new(&entry.priority, format!("its definition cannot be read: {}", told.join("; ")))
    })
}

/// The priorities as of one revision of their log.
#[derive(Debug)]
pub struct Catalogue {
    /// All versions of all priorities, in the order of the log.
    versions: Vec<Arc<Version>>,
    listed: Vec<Arc<PreparedPriority>>,
    collections: Vec<Arc<Collection>>,
}

impl Catalogue {
    /// What a log comes to. `first` are the ids that are listed before others, in their order.
    ///
    /// # Errors
    /// [`Invalid`] where two layers would have one name.
    pub(super) fn of(
        entries: Vec<PriorityEntry>,
        first: &[PriorityId],
        boundaries: &BoundarySet,
    ) -> Result<Self, Invalid> {
        let versions = entries.into_iter().map(|entry| Arc::new(Version::of(entry, boundaries)));
        Self::of_versions(versions.collect(), first, boundaries)
    }

    /// The same with one entry more.
    ///
    /// # Errors
    /// As [`Catalogue::of`].
    pub(super) fn with(
        &self,
        entry: PriorityEntry,
        first: &[PriorityId],
        boundaries: &BoundarySet,
    ) -> Result<Self, Invalid> {
        let mut versions = self.versions.clone();
        versions.push(Arc::new(Version::of(entry, boundaries)));
        Self::of_versions(versions, first, boundaries)
    }

    fn of_versions(
        versions: Vec<Arc<Version>>,
        first: &[PriorityId],
        boundaries: &BoundarySet,
    ) -> Result<Self, Invalid> {
        let mut catalogue = Self { versions, listed: Vec::new(), collections: Vec::new() };
        let mut listed: Vec<_> = catalogue
            .newest_of_each()
            .filter(|newest| !newest.is_retired())
            .filter_map(|newest| newest.prepared.as_ref().ok().map(Arc::clone))
            .collect();
        // A stable sort: those that are not among the first stay in the order in which they were made.
        listed
            .sort_by_key(|known| first.iter().position(|id| *id == known.priority.id).unwrap_or(usize::MAX));
        catalogue.listed = listed;
        let collections = collection::catalogue(boundaries, &catalogue.listed)?;
        catalogue.collections = collections.into_iter().map(Arc::new).collect();
        Ok(catalogue)
    }

    /// The number of definitions that it was made from: another number, another catalogue.
    pub fn revision(&self) -> u64 {
        self.versions.len() as u64
    }

    /// The priorities in use.
    pub fn listed(&self) -> &[Arc<PreparedPriority>] {
        &self.listed
    }

    /// Every layer that clients are given.
    pub fn collections(&self) -> &[Arc<Collection>] {
        &self.collections
    }

    /// The entry that was logged last.
    pub(super) fn last(&self) -> Option<&Arc<Version>> {
        self.versions.last()
    }

    /// The versions of a priority, the first of them first; none for an id that was never given.
    pub fn history(&self, id: &str) -> impl Iterator<Item = &Arc<Version>> {
        self.versions.iter().filter(move |known| known.entry.priority.as_str() == id)
    }

    /// The newest version of each priority, in the order in which priorities were made.
    pub fn newest_of_each(&self) -> impl Iterator<Item = &Arc<Version>> {
        self.versions
            .iter()
            .filter(|known| known.entry.version == 1)
            .filter_map(|first| self.history(first.entry.priority.as_str()).last())
    }

    /// Priorities that would be in use, but for a definition that cannot be used: with these boundaries, or by this
    /// program.
    pub fn unusable(&self) -> impl Iterator<Item = &Arc<Version>> {
        self.newest_of_each().filter(|newest| !newest.is_retired() && newest.prepared.is_err())
    }

    /// The first version of the priority from which a collection is or was made.
    pub(super) fn whose_collection(&self, id: &str, boundaries: &BoundarySet) -> Option<&Arc<Version>> {
        let made = |version: &Arc<Version>| {
            // Ids of collections begin with that of their priority; nothing else is worth making.
            let begins =
                id.strip_prefix(version.entry.priority.as_str()).is_some_and(|rest| rest.starts_with('-'));
            begins
                && version.priority.as_ref().is_some_and(|priority| {
                    collection::of_priority(priority, boundaries).iter().any(|collection| collection.id == id)
                })
        };
        self.versions.iter().find(|version| made(version))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        boundary::manifest,
        model::{LayerId, PriorityOrigin},
    };

    fn boundaries() -> BoundarySet {
        manifest::load("boundaries/dudley.toml".as_ref()).unwrap()
    }

    fn entry(id: &str, version: u32, more: &str) -> PriorityEntry {
        let definition = format!(
            r#"{{"id":"{id}","title":"{id} {version}",{more}"period":{{"last_months":1,"compare":"before"}}}}"#
        );
        PriorityEntry {
            priority: PriorityId::new(id).unwrap(),
            version,
            at_s: 0,
            author: "somebody".to_owned(),
            origin: PriorityOrigin::Http,
            change: if version == 1 { PriorityChange::Created } else { PriorityChange::Changed },
            note: None,
            definition: format!(r#"{{"schema":1,"priority":{definition}}}"#),
        }
    }

    fn titles(catalogue: &Catalogue) -> Vec<&str> {
        catalogue.listed().iter().map(|known| known.priority.title.as_str()).collect()
    }

    #[test]
    fn the_newest_versions_are_listed_those_of_the_file_first() {
        let log = vec![entry("a", 1, ""), entry("b", 1, ""), entry("c", 1, ""), entry("b", 2, "")];
        let first = ["c", "b", "absent"].map(|id| PriorityId::new(id).unwrap());
        let catalogue = Catalogue::of(log, &first, &boundaries()).unwrap();
        assert_eq!(titles(&catalogue), ["c 1", "b 2", "a 1"]);
        let retired = PriorityEntry { change: PriorityChange::Retired, ..entry("c", 2, "") };
        let next = catalogue.with(retired, &first, &boundaries()).unwrap();
        assert_eq!((next.revision(), titles(&next)), (5, vec!["b 2", "a 1"]));
        assert_eq!((catalogue.revision(), titles(&catalogue).len()), (4, 3), "the one before is as it was");
        assert_eq!(next.history("c").count(), 2);
        assert!(!next.collections().iter().any(|collection| collection.id.starts_with("c-")));
    }

    #[test]
    fn a_definition_that_cannot_be_used_is_left_out_and_can_be_told() {
        let newer = entry("newer", 1, "").definition.replace("\"schema\":1", "\"schema\":9");
        let log = vec![
            entry("good", 1, ""),
            entry("parish", 1, r#""filter":"parish = 'Gornal'","#),
            PriorityEntry { definition: newer, ..entry("newer", 1, "") },
        ];
        let catalogue = Catalogue::of(log, &[], &boundaries()).unwrap();
        assert_eq!(titles(&catalogue), ["good 1"]);
        let told: Vec<_> =
            catalogue.unusable().map(|known| known.prepared.as_ref().unwrap_err().to_string()).collect();
        assert!(
            told.len() == 2 && told[0].contains("parish") && told[1].contains("newer version"),
            "{told:?}"
        );
        let [parish, newer] = ["parish", "newer"].map(|id| catalogue.history(id).next().unwrap());
        assert!(parish.priority.is_some() && newer.priority.is_none());
    }

    #[test]
    fn layers_of_one_name_are_refused() {
        let mut boundaries = boundaries();
        boundaries.layers[0].id = LayerId::new("a-hotspot").unwrap();
        let fault = Catalogue::of(vec![entry("a", 1, "")], &[], &boundaries).unwrap_err();
        assert_eq!(fault.value, "a-hotspots");
        assert!(Catalogue::of(vec![entry("b", 1, "")], &[], &boundaries).is_ok());
    }

    #[test]
    fn a_collection_leads_to_its_priority_also_when_that_is_retired() {
        let retired = PriorityEntry { change: PriorityChange::Retired, ..entry("a", 2, "") };
        let log = vec![entry("a", 1, ""), entry("a-b", 1, ""), retired];
        let boundaries = boundaries();
        let catalogue = Catalogue::of(log, &[], &boundaries).unwrap();
        let whose =
            |id: &str| catalogue.whose_collection(id, &boundaries).map(|found| found.entry.priority.as_str());
        assert_eq!(whose("a-hex"), Some("a"));
        assert_eq!(whose("a-b-wards"), Some("a-b"));
        for id in ["a", "a-", "a-nothing", "wards", "b-hex", ""] {
            assert_eq!(whose(id), None, "{id}");
        }
    }
}
