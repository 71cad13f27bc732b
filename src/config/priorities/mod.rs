//! Reads and writes priorities: the file `priorities.toml`, bodies of JSON, and what a store keeps. All have the same
//! members and are held to the same rules.

mod entry;
mod written;

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

pub use entry::{Draft, from_json};
pub use written::{read_stored, stored, to_toml};

use super::tree::{Members, Tree, list};
use crate::model::Priority;

/// The priorities that hold where no file is named.
const SHIPPED: &str = include_str!("../../../priorities.toml");

/// Why the priorities cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PrioritiesError {
    /// The file cannot be read.
    #[error("the priorities file {path} cannot be read")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// The file cannot be used.
    #[error("the priorities file {path} cannot be used")]
    Unusable {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        cause: Box<PrioritiesError>,
    },
    /// The text is not TOML.
    #[error("the priorities are not valid TOML: {0}")]
    Malformed(#[from] toml::de::Error),
    /// Values break rules; all of them are listed.
    #[error("the priorities break {} rule(s):\n{}", .0.len(), .0.join("\n"))]
    Faulty(Vec<String>),
}

/// Reads the priorities in the file at `path`, or those shipped with the program.
///
/// # Errors
/// [`PrioritiesError`]; faulty values are all listed, each with the priority and member it stands in.
pub fn load(path: Option<&Path>) -> Result<Vec<Priority>, PrioritiesError> {
    match path {
        None => parse(SHIPPED),
        Some(path) => {
            let unreadable = |cause| PrioritiesError::Unreadable { path: path.to_owned(), cause };
            let unusable =
                |cause| PrioritiesError::Unusable { path: path.to_owned(), cause: Box::new(cause) };
            parse(&fs::read_to_string(path).map_err(unreadable)?).map_err(unusable)
        }
    }
}

/// Reads priorities from TOML text. Filters are not looked at: what they may name depends on the boundaries.
///
/// # Errors
/// As [`load`], but for the reading of a file.
pub fn parse(text: &str) -> Result<Vec<Priority>, PrioritiesError> {
    let mut faults = Vec::new();
    let mut members = Members::of("", toml::from_str(text)?, &mut faults);
    let entries = members.read("priority", |value| list(value).map(<[Tree]>::to_vec));
    members.finish();
    let mut told: Vec<String> = faults.iter().map(ToString::to_string).collect();
    let mut seen = BTreeSet::new();
    let mut priorities = Vec::new();
    for (number, tree) in entries.into_iter().flatten().enumerate() {
        let id = entry::id_of(&tree).map_or_else(|| format!("number {}", number + 1), str::to_owned);
        if !seen.insert(id.clone()) {
            told.push(format!("priority {id}: id: this id is given twice"));
        }
        let mut faults = Vec::new();
        priorities.extend(entry::read(tree, None, &|_| Ok(()), &mut faults));
        told.extend(faults.iter().map(|fault| format!("priority {id}: {fault}")));
    }
    if priorities.is_empty() && told.is_empty() {
        told.push("there is no [[priority]]; at least one is needed".to_owned());
    }
    if told.is_empty() { Ok(priorities) } else { Err(PrioritiesError::Faulty(told)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_priorities_are_good() {
        assert!(parse(SHIPPED).unwrap().len() >= 6);
    }

    #[test]
    fn every_fault_is_listed_with_its_place() {
        let text = r#"
            [[priority]]
            id = "Bad Id"
            title = " "
            categories = ["Burglary"]
            weights = { robbery = -1.0 }
            period = { last_months = 0, compare = "after" }
            method = { bandwidth_m = -5.0, hex_resolution = 15 }
            colour = "red"
            [[priority]]
            id = "none"
        "#;
        let Err(PrioritiesError::Faulty(faults)) = parse(text) else { panic!("accepted") };
        for member in [
            "Bad Id: id:",
            "title:",
            "categories:",
            "weights.robbery:",
            "period.last_months:",
            "period.compare: 'after'",
            "method.bandwidth_m:",
            "method.hex_resolution:",
            "colour:",
            "none: title: '': it is missing",
            "none: period.last_months: '': it is missing",
        ] {
            assert!(faults.iter().any(|fault| fault.contains(member)), "{member} in {faults:?}");
        }
    }

    #[test]
    fn unknown_members_and_doubled_ids_are_refused() {
        let entry = "[[priority]]\nid='a'\ntitle='A'\nperiod={last_months=1,compare='before'}\n";
        assert_eq!(parse(entry).unwrap().len(), 1);
        for text in [format!("{entry}colour='red'"), format!("{entry}{entry}"), String::new(), "a = 1".into()]
        {
            assert!(matches!(parse(&text), Err(PrioritiesError::Faulty(_))), "{text}");
        }
        assert!(matches!(parse("a ="), Err(PrioritiesError::Malformed(_))));
    }
}
