//! The file of priorities against the log: what the file has changed since it was last read is logged, and nothing else.

use std::collections::BTreeSet;

use super::{
    catalogue::{Catalogue, definition_of},
    change,
};
use crate::{
    model::{BoundarySet, Invalid, Priority, PriorityChange, PriorityEntry, PriorityId, PriorityOrigin},
    selection::Filter,
    service::QuestionError,
    store::{IncidentStore, Logged},
};

/// Who is said to have changed what the file changed: whoever keeps the file.
const AUTHOR: &str = "operator";

/// The priorities of a file, as it was read.
#[derive(Clone, Debug)]
pub struct PrioritiesFile {
    /// The priorities, in its order.
    pub priorities: Vec<Priority>,
    /// What the file is called, for the log.
    pub name: String,
    /// When it was read, in seconds of Unix time.
    pub read_at_s: i64,
}

impl PrioritiesFile {
    /// The ids of its priorities, in its order.
    pub(crate) fn order(&self) -> Vec<PriorityId> {
        self.priorities.iter().map(|priority| priority.id.clone()).collect()
    }

    /// Logs what it changes, and gives the catalogue that follows.
    ///
    /// # Errors
    /// [`QuestionError::Invalid`] for a filter that cannot be used and for layers of one name, and then nothing is
    /// logged; [`QuestionError::Store`] when the store fails.
    pub(crate) fn reconcile(
        &self,
        store: &dyn IncidentStore,
        boundaries: &BoundarySet,
    ) -> Result<Catalogue, QuestionError> {
        for priority in &self.priorities {
            let compiled = priority.filter.as_ref().map(|text| Filter::parse(text, boundaries));
            if let Err(Invalid { value, rule }) = compiled.transpose() {
                let fault = Invalid::new(value, format!("{rule} (of the priority '{}')", priority.id));
                return Err(QuestionError::Invalid { place: "a priority's filter", fault });
            }
        }
        loop {
            let mut entries = store.priority_entries()?;
            let after = entries.len() as u64;
            let new = self.changes(&entries)?;
            entries.extend(new.iter().cloned());
            let catalogue = Catalogue::of(entries, &self.order(), boundaries)
                .map_err(|fault| QuestionError::Invalid { place: "the names of layers", fault })?;
            if new.is_empty() || store.log_priorities(after, &new)? == Logged::Added {
                return Ok(catalogue);
            }
        }
    }

    /// What is to be logged. A definition is held against the last one *from a file*, so that what was changed over
    /// HTTP stays until the file itself changes.
    fn changes(&self, log: &[PriorityEntry]) -> Result<Vec<PriorityEntry>, QuestionError> {
        let of = |id: &PriorityId| {
            let id = id.clone();
            log.iter().filter(move |entry| entry.priority == id)
        };
        let from_file = |id: &PriorityId| of(id).rfind(|entry| entry.origin == PriorityOrigin::File);
        let is_retired = |entry: &PriorityEntry| entry.change == PriorityChange::Retired;
        let mut new = Vec::new();
        for priority in &self.priorities {
            let newest = of(&priority.id).next_back();
            let unchanged = from_file(&priority.id)
                .is_some_and(|last| !is_retired(last) && read(last).as_ref() == Some(priority));
            if unchanged {
                continue;
            }
            let change = match newest {
                None => PriorityChange::Created,
                Some(newest) if is_retired(newest) => PriorityChange::Restored,
                Some(_) => PriorityChange::Changed,
            };
            let definition = change::written(priority)?;
            new.push(self.entry(&priority.id, newest.map(|newest| newest.version), change, definition));
        }
        let named: BTreeSet<_> = self.priorities.iter().map(|priority| &priority.id).collect();
        let known: BTreeSet<_> = log.iter().map(|entry| &entry.priority).collect();
        for id in known.difference(&named) {
            // Also where it was retired over HTTP already: if that is taken back, the file has not changed since.
            let left_out = from_file(id).is_some_and(|last| !is_retired(last));
            if let Some(newest) = of(id).next_back().filter(|_| left_out) {
                let definition = newest.definition.clone();
                new.push(self.entry(id, Some(newest.version), PriorityChange::Retired, definition));
            }
        }
        Ok(new)
    }

    fn entry(
        &self,
        id: &PriorityId,
        newest: Option<u32>,
        change: PriorityChange,
        definition: String,
    ) -> PriorityEntry {
        PriorityEntry {
            priority: id.clone(),
            version: newest.unwrap_or(0).saturating_add(1),
            at_s: self.read_at_s,
            author: AUTHOR.to_owned(),
            origin: PriorityOrigin::File,
            change,
            note: Some(self.name.clone()),
            definition,
        }
    }
}

/// The definition of an entry, where it can be read.
fn read(entry: &PriorityEntry) -> Option<Priority> {
    definition_of(entry).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::priorities::parse;

    fn file(entries: &[(&str, &str)]) -> PrioritiesFile {
        let entry = |(id, title): &(&str, &str)| {
            format!("[[priority]]\nid='{id}'\ntitle='{title}'\nperiod={{last_months=1,compare='before'}}\n")
        };
        let text: String = entries.iter().map(entry).collect();
        PrioritiesFile { priorities: parse(&text).unwrap(), name: "p.toml".to_owned(), read_at_s: 7 }
    }

    /// Reads a file against the log, logs what it changes, and tells it: `b2 changed`.
    fn read_against(log: &mut Vec<PriorityEntry>, entries: &[(&str, &str)]) -> Vec<String> {
        let new = file(entries).changes(log).unwrap();
        log.extend(new.iter().cloned());
        new.iter()
            .map(|entry| format!("{}{} {}", entry.priority, entry.version, entry.change.as_str()))
            .collect()
    }

    /// What somebody does over HTTP.
    fn ask(log: &mut Vec<PriorityEntry>, id: &str, change: PriorityChange, title: &str) {
        let mut entry = file(&[(id, title)]).changes(&[]).unwrap().remove(0);
        let versions = log.iter().filter(|known| known.priority == entry.priority).count();
        entry.version = u32::try_from(versions).unwrap() + 1;
        (entry.origin, entry.change) = (PriorityOrigin::Http, change);
        log.push(entry);
    }

    #[test]
    fn a_file_that_is_as_it_was_logs_nothing() {
        let mut log = Vec::new();
        assert_eq!(read_against(&mut log, &[("b", "B"), ("a", "A")]), ["b1 created", "a1 created"]);
        assert_eq!(read_against(&mut log, &[("a", "A"), ("b", "B")]), [""; 0], "its order is no definition");
        assert_eq!((log[0].at_s, log[0].note.as_deref()), (7, Some("p.toml")));
    }

    #[test]
    fn what_the_file_changes_is_logged() {
        let mut log = Vec::new();
        read_against(&mut log, &[("a", "A"), ("b", "B"), ("c", "C")]);
        let told = read_against(&mut log, &[("a", "A"), ("b", "B again"), ("d", "D")]);
        assert_eq!(told, ["b2 changed", "d1 created", "c2 retired"]);
        assert_eq!(read_against(&mut log, &[("a", "A"), ("b", "B again"), ("d", "D")]), [""; 0]);
        assert_eq!(
            read_against(&mut log, &[("c", "C"), ("d", "D")]),
            ["c3 restored", "a2 retired", "b3 retired"]
        );
    }

    #[test]
    fn what_was_changed_over_http_stays_until_the_file_changes() {
        let mut log = Vec::new();
        read_against(&mut log, &[("a", "A"), ("b", "B")]);
        ask(&mut log, "a", PriorityChange::Changed, "A over HTTP");
        ask(&mut log, "b", PriorityChange::Retired, "B");
        ask(&mut log, "c", PriorityChange::Created, "C");
        assert_eq!(read_against(&mut log, &[("a", "A"), ("b", "B")]), [""; 0]);
        let told = read_against(&mut log, &[("a", "A of the file"), ("b", "B of the file")]);
        assert_eq!(told, ["a3 changed", "b3 restored"]);
    }

    #[test]
    fn a_file_that_catches_up_is_remembered() {
        let mut log = Vec::new();
        ask(&mut log, "a", PriorityChange::Created, "A");
        assert_eq!(read_against(&mut log, &[("a", "A")]), ["a2 changed"], "the file has said so now");
        ask(&mut log, "a", PriorityChange::Changed, "A over HTTP");
        assert_eq!(read_against(&mut log, &[("a", "A")]), [""; 0]);
    }

    #[test]
    fn what_the_file_left_out_can_be_restored_over_http() {
        let mut log = Vec::new();
        read_against(&mut log, &[("a", "A"), ("b", "B")]);
        ask(&mut log, "b", PriorityChange::Retired, "B");
        assert_eq!(read_against(&mut log, &[("a", "A")]), ["b3 retired"]);
        ask(&mut log, "b", PriorityChange::Restored, "B");
        assert_eq!(read_against(&mut log, &[("a", "A")]), [""; 0]);
        ask(&mut log, "b", PriorityChange::Retired, "B");
        assert_eq!(read_against(&mut log, &[("a", "A"), ("b", "B")]), ["b6 restored"]);
    }
}
