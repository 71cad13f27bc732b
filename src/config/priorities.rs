//! Reads `priorities.toml`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::{Faults, slug};
use crate::model::{
    Invalid, Metres, Priority, PriorityId,
    priority::{BANDWIDTH_M, CELL_M, Comparison, HEX_RESOLUTIONS, MethodDefaults, PeriodRule},
};

/// The priorities that hold where no file is named.
const SHIPPED: &str = include_str!("../../priorities.toml");

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
    /// The text is not TOML of the right shape.
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

/// Reads priorities from TOML text.
///
/// # Errors
/// As [`load`], but for the reading of a file.
pub fn parse(text: &str) -> Result<Vec<Priority>, PrioritiesError> {
    let file: File = toml::from_str(text)?;
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    let mut priorities = Vec::with_capacity(file.priority.len());
    for entry in file.priority {
        if !seen.insert(entry.id.clone()) {
            faults.push(format!("priority {}: id: this id is given twice", entry.id));
        }
        priorities.extend(entry.check(&mut faults));
    }
    if priorities.is_empty() && faults.is_empty() {
        faults.push("there is no [[priority]]; at least one is needed".to_owned());
    }
    if faults.is_empty() { Ok(priorities) } else { Err(PrioritiesError::Faulty(faults)) }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    priority: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    title: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    categories: Vec<String>,
    filter: Option<String>,
    #[serde(default)]
    weights: BTreeMap<String, f64>,
    period: PeriodEntry,
    #[serde(default)]
    method: MethodEntry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PeriodEntry {
    last_months: u16,
    compare: CompareEntry,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum CompareEntry {
    Before,
    YearBefore,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct MethodEntry {
    bandwidth_m: Option<f64>,
    cell_m: Option<f64>,
    hex_resolution: Option<u8>,
}

/// A priority looks back over at most ten years.
const MOST_MONTHS: u16 = 120;

impl Entry {
    /// The checked priority, or `None` with everything that is wrong with it added to `faults`.
    fn check(self, faults: &mut Vec<String>) -> Option<Priority> {
        let before = faults.len();
        let mut collect = Faults { place: format!("priority {}", self.id), faults };
        let id = collect.take("id", PriorityId::new(&self.id));
        if self.title.trim().is_empty() {
            collect.add("title", "it is empty");
        }
        let categories: Vec<_> =
            self.categories.iter().filter_map(|name| collect.take("categories", slug(name))).collect();
        let mut weights = BTreeMap::new();
        for (name, weight) in self.weights {
            let category = collect.take("weights", slug(&name));
            if !weight.is_finite() || weight < 0.0 {
                collect.add("weights", &format!("'{weight}': a weight is a finite number, zero or more"));
            }
            weights.extend(category.map(|category| (category, weight)));
        }
        if !(1..=MOST_MONTHS).contains(&self.period.last_months) {
            let value = self.period.last_months;
            collect.add("period.last_months", &format!("'{value}': it is 1 to {MOST_MONTHS} months"));
        }
        let bandwidth = collect.take("method.bandwidth_m", length(self.method.bandwidth_m, &BANDWIDTH_M));
        let cell = collect.take("method.cell_m", length(self.method.cell_m, &CELL_M));
        let defaults = MethodDefaults::default();
        let hex_resolution = self.method.hex_resolution.unwrap_or(defaults.hex_resolution);
        if !HEX_RESOLUTIONS.contains(&hex_resolution) {
            collect.add("method.hex_resolution", &format!("'{hex_resolution}': it is 7 to 11"));
        }
        if collect.faults.len() > before {
            return None;
        }
        Some(Priority {
            id: id?,
            title: self.title,
            description: self.description,
            categories,
            filter: self.filter,
            weights,
            period: PeriodRule {
                last_months: self.period.last_months,
                compare: match self.period.compare {
                    CompareEntry::Before => Comparison::Before,
                    CompareEntry::YearBefore => Comparison::YearBefore,
                },
            },
            method: MethodDefaults { bandwidth: bandwidth?, cell: cell?, hex_resolution },
        })
    }
}

fn length(value: Option<f64>, range: &RangeInclusive<f64>) -> Result<Option<Metres>, Invalid> {
    let Some(value) = value else { return Ok(None) };
    if range.contains(&value) {
        return Metres::new(value).map(Some);
    }
    Err(Invalid::new(value, format!("it is {} to {} metres", range.start(), range.end())))
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
            period = { last_months = 0, compare = "before" }
            method = { bandwidth_m = -5.0, hex_resolution = 15 }
        "#;
        let Err(PrioritiesError::Faulty(faults)) = parse(text) else { panic!("accepted") };
        for member in
            ["id:", "title:", "categories:", "weights:", "last_months:", "bandwidth_m:", "hex_resolution:"]
        {
            assert!(faults.iter().any(|fault| fault.contains(member)), "{member} in {faults:?}");
        }
    }

    #[test]
    fn unknown_members_and_doubled_ids_are_refused() {
        let entry = "[[priority]]\nid='a'\ntitle='A'\nperiod={last_months=1,compare='before'}\n";
        assert!(matches!(parse(&format!("{entry}colour='red'")), Err(PrioritiesError::Malformed(_))));
        assert!(matches!(parse(&format!("{entry}{entry}")), Err(PrioritiesError::Faulty(_))));
        assert!(matches!(parse(""), Err(PrioritiesError::Faulty(_))));
    }
}
