//! The gazetteer in use, and loading it.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError},
};

use super::Service;
use crate::{
    gazetteer::{
        Gazetteer, SourceFile,
        read::{self, Bounds, Counts, Fault, ReadError},
    },
    store::{GazetteerStore, StoreError},
};

/// The gazetteer of one revision of the store.
#[derive(Debug, Default)]
pub struct HeldGazetteer {
    /// The revision; 0 where none was loaded.
    pub revision: u64,
    /// What it holds.
    pub gazetteer: Arc<Gazetteer>,
}

/// What loading files did. `counts.read` is the sum of the other counts.
#[derive(Clone, Debug)]
pub struct Report {
    /// The files.
    pub sources: Vec<SourceFile>,
    /// Their rows.
    pub counts: Counts,
    /// The first faulty rows.
    pub faults: Vec<Fault>,
    /// Postcodes that the store holds of them now; `None` where the files hold none, and then the old ones stay.
    pub postcodes: Option<u64>,
    /// The same of properties.
    pub uprns: Option<u64>,
    /// The revision of the gazetteer afterwards.
    pub revision: u64,
}

/// Why files were not loaded. The gazetteer is then as it was, but for [`Self::Store`] after postcodes were replaced and
/// before UPRNs were.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// They cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Nothing in them lies near the borough.
    #[error(
        "nothing of {} was taken: of {} rows {} lie elsewhere, {} have no position and {} are faulty{}; is it the file of \
         this part of the country?", .names.join(", "), .counts.read, .counts.elsewhere, .counts.without_position,
        .counts.rejected, first_fault(.faults)
    )]
    Nothing {
        /// The files.
        names: Vec<String>,
        /// Their rows.
        counts: Counts,
        /// The first faulty rows.
        faults: Vec<Fault>,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn first_fault(faults: &[Fault]) -> String {
    faults.first().map_or_else(String::new, |first| {
        format!(" (the first: {}, line {}: {})", first.file, first.line, first.fault)
    })
}

/// Loads files of postcodes or UPRNs near the borough into a store: Code-Point Open, the ONS Postcode Directory, OS Open
/// UPRN, as [`read`] knows them. Postcodes take the place of all postcodes that the store has,
/// and UPRNs of all UPRNs; what is not among the files stays. `bounds` is [`Bounds::around`] the borough's outline, and
/// `progress` is told how many rows have been read.
///
/// A running service takes the new ones over at its next refresh.
///
/// # Errors
/// [`LoadError`].
///
/// # Example
/// ```
/// use hotspots::{
///     gazetteer::read::Bounds, model::GridPoint, service::gazetteer::load_files, store::geopackage::GeoPackageStore,
/// };
/// let folder = tempfile::tempdir().unwrap();
/// let file = folder.path().join("dy.csv");
/// std::fs::write(&file, "DY1 1HF,10,394400,290300,,,,,,\nAB10 1AB,10,394251,806376,,,,,,\n").unwrap();
/// let corner = |east, north| GridPoint::new(east, north).unwrap();
/// let bounds = Bounds::between(corner(370_000.0, 270_000.0), corner(410_000.0, 310_000.0));
/// let store = GeoPackageStore::open(&folder.path().join("incidents.gpkg")).unwrap();
/// let report = load_files(&store, &[file], &bounds, &mut |_| ()).unwrap();
/// assert_eq!((report.postcodes, report.counts.elsewhere, report.revision), (Some(1), 1, 1));
/// ```
pub fn load_files(
    store: &dyn GazetteerStore,
    paths: &[PathBuf],
    bounds: &Bounds,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, LoadError> {
    let read = read::read_files(paths, bounds, progress)?;
    let (counts, faults) = (read.counts, read.faults);
    if read.postcodes.is_empty() && read.uprns.is_empty() {
        let names = read.sources.into_iter().map(|source| source.name).collect();
        return Err(LoadError::Nothing { names, counts, faults });
    }
    let mut report =
        Report { sources: read.sources, counts, faults, postcodes: None, uprns: None, revision: 0 };
    if !read.postcodes.is_empty() {
        report.revision = store.replace_postcodes(&read.postcodes, &report.sources)?;
        report.postcodes = Some(read.postcodes.len() as u64);
    }
    if !read.uprns.is_empty() {
        report.revision = store.replace_uprns(&read.uprns, &report.sources)?;
        report.uprns = Some(read.uprns.len() as u64);
    }
    Ok(report)
}

/// The gazetteer that a store holds, for imports without a service; `None` where it holds none.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn stored(store: &dyn GazetteerStore) -> Result<Option<Arc<Gazetteer>>, StoreError> {
    let held = load(store)?;
    Ok((!held.gazetteer.is_empty()).then_some(held.gazetteer))
}

pub(super) fn load(store: &dyn GazetteerStore) -> Result<HeldGazetteer, StoreError> {
    if store.gazetteer_revision()? == 0 {
        return Ok(HeldGazetteer::default());
    }
    let (mut postcodes, mut uprns) = (Vec::new(), Vec::new());
    let revision =
        store.scan_gazetteer(&mut |entry| postcodes.push(entry), &mut |entry| uprns.push(entry))?;
    Ok(HeldGazetteer { revision, gazetteer: Arc::new(Gazetteer::new(postcodes, uprns)) })
}

impl Service {
    /// The gazetteer of this edition.
    pub fn gazetteer(&self) -> &HeldGazetteer {
        &self.gazetteer
    }

    /// Loads the gazetteer if the store holds another revision, and says whether it did.
    pub(super) fn refresh_gazetteer(&self) -> Result<bool, StoreError> {
        let _one_at_a_time = self.refreshing.lock().unwrap_or_else(PoisonError::into_inner);
        if self.store.gazetteer_revision()? == self.newest_gazetteer.load().revision {
            return Ok(false);
        }
        self.newest_gazetteer.store(Arc::new(load(self.store.as_ref())?));
        Ok(true)
    }
}
