//! Reads tables of weights by category, `weights/<id>.toml`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::{Faults, slug};
use crate::model::{CategoryWeight, Invalid, WeightTable, WeightTableId};

/// The tables that every installation has, by the names of their files.
const SHIPPED: [(&str, &str); 2] = [
    ("cchi-2026.toml", include_str!("../../weights/cchi-2026.toml")),
    ("ons-css-2018.toml", include_str!("../../weights/ons-css-2018.toml")),
];

/// Why the tables of weights cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// The folder or a file in it cannot be read.
    #[error("the tables of weights at {path} cannot be read")]
    Unreadable {
        /// Which folder or file.
        path: PathBuf,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// Files or values break rules; all of them are listed.
    #[error("the tables of weights break {} rule(s):\n{}", .0.len(), .0.join("\n"))]
    Faulty(Vec<String>),
}

/// Reads the tables shipped with the program and those in a folder, in order of their ids.
///
/// # Errors
/// [`WeightsError`]; faults of all files are listed together, each with the file and member it stands in.
pub fn load(folder: Option<&Path>) -> Result<Vec<WeightTable>, WeightsError> {
    let mut files: Vec<(String, String)> =
        SHIPPED.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    if let Some(folder) = folder {
        files.extend(read_folder(folder)?);
    }
    parse(&files)
}

/// The names and texts of a folder's `.toml` files, in order of their names.
fn read_folder(folder: &Path) -> Result<Vec<(String, String)>, WeightsError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |cause| WeightsError::Unreadable { path, cause }
    };
    let mut paths = fs::read_dir(folder)
        .map_err(unreadable(folder))?
        .map(|entry| entry.map(|entry| entry.path()).map_err(unreadable(folder)))
        .collect::<Result<Vec<_>, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort_unstable();
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        fs::read_to_string(&path).map(|text| (name, text)).map_err(unreadable(&path))
    };
    paths.into_iter().map(read).collect()
}

/// Reads tables from the names and texts of files.
///
/// # Errors
/// [`WeightsError::Faulty`].
fn parse(files: &[(String, String)]) -> Result<Vec<WeightTable>, WeightsError> {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    let mut tables = Vec::with_capacity(files.len());
    for (name, text) in files {
        let mut collect = Faults { place: format!("weights {name}"), faults: &mut faults };
        match toml::from_str::<File>(text) {
            Ok(file) => {
                if !seen.insert(file.id.clone()) {
                    collect.add("id", &format!("'{}': another table has this id", file.id));
                }
                if *name != format!("{}.toml", file.id) {
                    collect.add("id", &format!("'{}': a table's file is named after its id", file.id));
                }
                tables.extend(file.check(&mut collect));
            }
            Err(fault) => collect.add("TOML", fault.to_string().trim_end()),
        }
    }
    tables.sort_by(|a, b| a.id.cmp(&b.id));
    if faults.is_empty() { Ok(tables) } else { Err(WeightsError::Faulty(faults)) }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    title: String,
    unit: String,
    year: i16,
    source: String,
    licence: String,
    #[serde(default)]
    remarks: String,
    #[serde(default)]
    weights: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    weight: f64,
    low: Option<f64>,
    high: Option<f64>,
    remark: Option<String>,
}

impl File {
    /// The checked table, or `None` with everything that is wrong with it told to `collect`.
    fn check(self, collect: &mut Faults<'_>) -> Option<WeightTable> {
        let before = collect.faults.len();
        let id = collect.take("id", WeightTableId::new(&self.id));
        for (member, text) in [
            ("title", &self.title),
            ("unit", &self.unit),
            ("source", &self.source),
            ("licence", &self.licence),
        ] {
            if text.trim().is_empty() {
                collect.add(member, "it is empty");
            }
        }
        if !(1900..=2200).contains(&self.year) {
            collect.add("year", &format!("'{}': it is 1900 to 2200", self.year));
        }
        if self.weights.is_empty() {
            collect.add("weights", "there is none; at least one is needed");
        }
        let mut weights = BTreeMap::new();
        for (name, entry) in self.weights {
            let member = format!("weights.{name}");
            let category = collect.take(&member, slug(&name));
            let weight = collect.take(&member, entry.check());
            weights.extend(category.zip(weight));
        }
        if collect.faults.len() > before {
            return None;
        }
        Some(WeightTable {
            id: id?,
            title: self.title,
            unit: self.unit,
            year: self.year,
            source: self.source,
            licence: self.licence,
            remarks: self.remarks,
            weights,
        })
    }
}

impl Entry {
    fn check(self) -> Result<CategoryWeight, Invalid> {
        let interval = match (self.low, self.high) {
            (None, None) => None,
            (Some(low), Some(high)) => Some((low, high)),
            _ => return Err(Invalid::new(self.weight, "low and high are given both or not at all")),
        };
        CategoryWeight::new(self.weight, interval, self.remark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Category;

    const GOOD: &str = "id='local'\ntitle='Local'\nunit='days'\nyear=2024\nsource='Force'\nlicence='Internal'\n\
         [weights.robbery]\nweight=400.0\n";

    fn faults(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<_> = files.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect();
        let Err(WeightsError::Faulty(faults)) = parse(&files) else { panic!("accepted") };
        faults
    }

    #[test]
    fn the_shipped_tables_are_good() {
        let tables = load(None).unwrap();
        let ids: Vec<_> = tables.iter().map(|table| table.id.as_str()).collect();
        assert_eq!(ids, ["cchi-2026", "ons-css-2018"]);
        let weight = |table: usize, name: &str| tables[table].weight(&Category::from_label(name).unwrap());
        assert_eq!((weight(0, "robbery"), weight(1, "robbery")), (Some(365.0), Some(746.0)));
        assert_eq!(
            (weight(0, "anti-social-behaviour"), weight(1, "anti-social-behaviour")),
            (Some(0.0), None)
        );
    }

    #[test]
    fn tables_of_a_folder_join_those_shipped() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("local.toml"), GOOD).unwrap();
        fs::write(folder.path().join("notes.txt"), "not a table").unwrap();
        let tables = load(Some(folder.path())).unwrap();
        assert_eq!(tables.iter().filter(|table| table.id.as_str() == "local").count(), 1);
        assert_eq!(tables.len(), SHIPPED.len() + 1);
        let absent = folder.path().join("absent");
        assert!(matches!(load(Some(&absent)), Err(WeightsError::Unreadable { path, .. }) if path == absent));
    }

    #[test]
    fn every_fault_is_listed_with_its_file_and_member() {
        let faulty = "id='none'\ntitle=' '\nunit=''\nyear=1066\nsource=''\nlicence=''\n\
                      [weights.Robbery]\nweight=-1.0\n[weights.drugs]\nweight=5.0\nlow=6.0\nhigh=7.0\n\
                      [weights.burglary]\nweight=5.0\nlow=1.0\n";
        let faults = faults(&[("other.toml", faulty), ("broken.toml", "id = ")]);
        for member in [
            "other.toml: id: 'none': this word",
            "other.toml: id: 'none': a table's file",
            "title:",
            "unit:",
            "year:",
            "source:",
            "licence:",
            "weights.Robbery: 'Robbery'",
            "weights.Robbery: '-1'",
            "weights.drugs:",
            "weights.burglary:",
            "broken.toml: TOML:",
        ] {
            assert!(faults.iter().any(|fault| fault.contains(member)), "{member} in {faults:?}");
        }
    }

    #[test]
    fn doubled_ids_unknown_members_and_empty_tables_are_refused() {
        assert!(faults(&[("local.toml", GOOD), ("local.toml", GOOD)])[0].contains("another table"));
        let unknown = format!("{GOOD}colour='red'\n");
        assert!(faults(&[("local.toml", &unknown)])[0].contains("colour"));
        let empty = GOOD.split("[weights").next().unwrap();
        assert!(faults(&[("local.toml", empty)])[0].contains("at least one"));
    }
}
