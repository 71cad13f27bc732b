//! Reads the scoring table of the threat assessment, `scoring.toml`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::Faults;
use crate::model::{PriorityId, ScoringTable, scoring::Criterion};

/// The table that holds where no file is named.
const SHIPPED: &str = include_str!("../../scoring.toml");

/// Why the scoring table cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ScoringError {
    /// The file cannot be read.
    #[error("the scoring table {path} cannot be read")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// The text is not TOML of the right shape.
    #[error("the scoring table is not valid TOML: {0}")]
    Malformed(#[from] toml::de::Error),
    /// Values break rules; all of them are listed.
    #[error("the scoring table breaks {} rule(s):\n{}", .0.len(), .0.join("\n"))]
    Faulty(Vec<String>),
}

/// Reads the scoring table in the file at `path`, or the one shipped with the program, which has no scores.
///
/// # Errors
/// [`ScoringError`]; faulty values are all listed with their place.
pub fn load(path: Option<&Path>) -> Result<ScoringTable, ScoringError> {
    match path {
        None => parse(SHIPPED),
        Some(path) => {
            let unreadable = |cause| ScoringError::Unreadable { path: path.to_owned(), cause };
            parse(&fs::read_to_string(path).map_err(unreadable)?)
        }
    }
}

/// Reads a scoring table from TOML text.
///
/// # Errors
/// As [`load`], but for the reading of a file.
pub fn parse(text: &str) -> Result<ScoringTable, ScoringError> {
    let file: File = toml::from_str(text)?;
    let mut faults = Vec::new();
    let table = file.check(&mut Faults { place: "scoring".to_owned(), faults: &mut faults });
    if faults.is_empty() { Ok(table) } else { Err(ScoringError::Faulty(faults)) }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: String,
    #[serde(default)]
    remarks: String,
    scale: (f64, f64),
    #[serde(default)]
    criterion: Vec<Entry>,
    #[serde(default)]
    scores: BTreeMap<String, BTreeMap<String, f64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    title: String,
    #[serde(default)]
    description: String,
    weight: f64,
}

impl File {
    fn check(self, collect: &mut Faults<'_>) -> ScoringTable {
        let (lowest, highest) = self.scale;
        if !(lowest.is_finite() && highest.is_finite() && lowest < highest) {
            collect.add("scale", &format!("'{lowest}, {highest}': the lowest score and a higher one"));
        }
        if self.title.trim().is_empty() {
            collect.add("title", "it is empty");
        }
        if self.criterion.is_empty() {
            collect.add("criterion", "there is no [[criterion]]; at least one is needed");
        }
        let mut known = BTreeSet::new();
        for Entry { id, title, weight, .. } in &self.criterion {
            if id.trim().is_empty() || title.trim().is_empty() {
                collect.add("criterion", &format!("'{id}': id and title are not empty"));
            }
            if !known.insert(id.as_str()) {
                collect.add("criterion", &format!("'{id}': this id is given twice"));
            }
            if !weight.is_finite() || *weight < 0.0 {
                collect.add("criterion", &format!("'{id}': the weight '{weight}' is to be a number from 0"));
            }
        }
        let mut scores = BTreeMap::new();
        for (priority, given) in &self.scores {
            let place = format!("scores.{priority}");
            for (criterion, score) in given {
                if !known.contains(criterion.as_str()) {
                    collect.add(&place, &format!("'{criterion}': there is no such criterion"));
                }
                if !(lowest..=highest).contains(score) {
                    collect
                        .add(&place, &format!("'{score}' of {criterion}: a score is {lowest} to {highest}"));
                }
            }
            scores.extend(collect.take(&place, PriorityId::new(priority)).map(|id| (id, given.clone())));
        }
        ScoringTable {
            title: self.title,
            remarks: self.remarks,
            scale: self.scale,
            criteria: self
                .criterion
                .into_iter()
                .map(|Entry { id, title, description, weight }| Criterion { id, title, description, weight })
                .collect(),
            scores,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_is_good_and_unscored() {
        let table = parse(SHIPPED).unwrap();
        assert!(table.criteria.len() > 3 && table.scores.is_empty());
    }

    #[test]
    fn every_fault_is_listed_with_its_place() {
        let text = r#"
            title = ""
            scale = [0.0, 4.0]
            [[criterion]]
            id = "physical"
            title = "Physical harm"
            weight = -1.0
            [[criterion]]
            id = "physical"
            title = "Again"
            weight = 1.0
            [scores.burglary]
            physical = 5.0
            financial = 1.0
            [scores."Bad Id"]
            physical = 1.0
        "#;
        let Err(ScoringError::Faulty(faults)) = parse(text) else { panic!() };
        let all = faults.join("\n");
        for part in ["title", "twice", "'-1'", "'5' of physical", "'financial'", "Bad Id"] {
            assert!(all.contains(part), "{part} in {all}");
        }
    }
}
