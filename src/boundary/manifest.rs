//! The manifest of a borough: a TOML file that names its outline and its layers.
//!
//! ```toml
//! name = "Dudley"
//! code = "E08000027"
//! grid = "EPSG:27700"           # what distances and areas are computed in
//! schematic = false             # true where geometry is a drawing aid; a layer may differ
//!
//! [outline]                     # without it, the outline is the union of the first layer
//! file = "lad.geojson"
//! crs = "EPSG:27700"            # where it is left out: what the file says, else EPSG:4326
//! id_field = "LAD24CD"          # picks the feature with the borough's code; needed only among several
//!
//! [[layer]]
//! id = "ward"                   # its name in addresses
//! title = "Wards"
//! file = "wards.geojson"
//! id_field = "WD24CD"
//! name_field = "WD24NM"
//! vintage = "2024"
//! valid_from = 2024-05-02       # when it came into force; with valid_until, its last day
//! retired = false               # true where it is no longer offered, and only answers reports of before
//! licence = "Open Government Licence v3.0"
//! table = "wards"               # of a GeoPackage that has several feature tables; an outline may have it too
//! merge = true                  # features with one code are parts of one area; without it they are a fault
//!
//! [layer.residents.2020]        # people by area code, for rates; likewise households and dwellings
//! E05015903 = 14965
//!
//! [[layer.denominators]]        # the same from a table; there may be several
//! file = "population.csv"
//! ```
//!
//! Layers with the same id are vintages of one layer; [`vintages`] tells which of them answers a
//! question.
//!
//! A table of denominators is CSV with a header row and the columns `code`, `measure` (`residents`, `households` or
//! `dwellings`), `year` and `value`, in any order: a row for each figure. A figure that is not in any table is not
//! known; nothing takes it for 0.
//!
//! A `file` of a layer or an outline is GeoJSON (a collection, or a feature on each line), ArcGIS JSON (one answer or
//! several pages), KML, KMZ, a shapefile (`.shp`, with `.dbf` and, where they are, `.prj` and `.cpg` beside it), a
//! GeoPackage, or a zip with one of them in it. What it is shows in its first bytes. It has at most 512 MB, also
//! unpacked, and 65,535 features. Where it says its coordinate system and the manifest another one, that is a fault.
//!
//! Names of files are relative to the manifest's folder. Absolute names and `..` are allowed: the
//! manifest belongs to whoever runs the service and never comes from a client.

use std::{
    collections::{BTreeMap, HashSet},
    fs,
    path::Path,
};

use jiff::civil::Date;
use serde::Deserialize;
use toml::value::Datetime;

use super::{
    denominators::{self, Figures},
    fault::{BoundaryFault, BoundaryFaults, BoundaryNote},
    features::{self, BoundaryFile, Fields, Noted},
    file_crs::FileCrs,
    outline,
};
use crate::model::{Area, BoundarySet, Layer, LayerId, Per, Validity, vintages};

const GRID: &str = "EPSG:27700";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ManifestFile {
    name: String,
    code: String,
    grid: String,
    #[serde(default)]
    schematic: bool,
    outline: Option<OutlineEntry>,
    #[serde(default)]
    layer: Vec<LayerEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutlineEntry {
    file: String,
    crs: Option<String>,
    table: Option<String>,
    id_field: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LayerEntry {
    id: String,
    title: String,
    file: String,
    id_field: String,
    name_field: String,
    crs: Option<String>,
    table: Option<String>,
    #[serde(default)]
    merge: bool,
    vintage: String,
    valid_from: Option<Datetime>,
    valid_until: Option<Datetime>,
    #[serde(default)]
    retired: bool,
    licence: String,
    schematic: Option<bool>,
    #[serde(default)]
    residents: CountsByYear,
    #[serde(default)]
    households: CountsByYear,
    #[serde(default)]
    dwellings: CountsByYear,
    #[serde(default)]
    denominators: Vec<DenominatorsEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DenominatorsEntry {
    file: String,
}

/// Year (a TOML key, so a text) → code → count.
type CountsByYear = BTreeMap<String, BTreeMap<String, u32>>;

/// Reads a manifest and every file that it names, and checks all of it.
///
/// Areas stand in order of their codes, whatever the order in the file. Shapes are kept both on the
/// grid (by OSTN15, to the millimetre, unless the file is in EPSG:27700 itself) and in degrees (as
/// given, where the file is in EPSG:4326); exteriors run anticlockwise.
///
/// # Errors
/// Every fault of the manifest or, where it can be read, every fault of every feature of its files,
/// so that a file can be mended in one go.
pub fn load(path: &Path) -> Result<BoundarySet, BoundaryFaults> {
    load_noted(path).map(|(set, _)| set)
}

/// Reads as [`load`] does, and tells what was done to features that are not quite as they should be: a ring that passes a
/// vertex twice is taken apart there, which leaves the ground as it is.
///
/// # Errors
/// Those of [`load`].
///
/// # Example
/// ```
/// use hotspots::boundary::manifest;
/// let (set, notes) = manifest::load_noted("boundaries/dudley.toml".as_ref()).unwrap();
/// assert_eq!((set.layers.len(), notes.len()), (2, 0));
/// ```
pub fn load_noted(path: &Path) -> Result<(BoundarySet, Vec<BoundaryNote>), BoundaryFaults> {
    let shown = path.display().to_string();
    let text = fs::read_to_string(path)
        .map_err(|cause| BoundaryFaults::of_file(&shown, format!("it cannot be read: {cause}")))?;
    let manifest: ManifestFile = toml::from_str(&text).map_err(|cause| {
        let line = cause
            .span()
            .and_then(|span| text.get(..span.start))
            .map(|before| before.matches('\n').count() + 1);
        let place = line.map_or_else(String::new, |line| format!("line {line}: "));
        BoundaryFaults::of_file(&shown, format!("{place}{}", cause.message().trim_end()))
    })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut reading = Reading { manifest: &shown, folder, faults: Vec::new(), notes: Vec::new() };
    let set = reading.set(manifest);
    match set {
        Some(set) if reading.faults.is_empty() => Ok((set, reading.notes)),
        _ => Err(BoundaryFaults(reading.faults)),
    }
}

/// Goes through a manifest and gathers faults; what could not be read is `None` and has its fault noted.
struct Reading<'a> {
    manifest: &'a str,
    folder: &'a Path,
    faults: Vec<BoundaryFault>,
    notes: Vec<BoundaryNote>,
}

impl Reading<'_> {
    fn set(&mut self, manifest: ManifestFile) -> Option<BoundarySet> {
        if manifest.grid != GRID {
            self.note(format!("grid: '{}': the grid is {GRID}; no other is supported", manifest.grid));
        }
        self.require_text("", &[("name", &manifest.name), ("code", &manifest.code)]);
        self.check_vintages(&manifest.layer);
        if manifest.layer.is_empty() {
            self.note("there is no [[layer]]; a borough has at least one".to_owned());
        }
        let wanted = manifest.layer.len();
        let layers: Vec<Layer> =
            manifest.layer.into_iter().filter_map(|entry| self.layer(entry, manifest.schematic)).collect();
        let outline = match manifest.outline {
            Some(entry) => self.outline(&entry, &manifest.code, &manifest.name)?,
            None if layers.len() == wanted => {
                outline::union_of(&layers.first()?.areas, &manifest.code, &manifest.name)
                    .map_err(|fault| format!("the outline, as the union of the first layer: {fault}"))
                    .map_err(|fault| self.note(fault))
                    .ok()?
            }
            None => return None,
        };
        Some(BoundarySet {
            name: manifest.name,
            code: manifest.code,
            outline,
            schematic: manifest.schematic || layers.iter().any(|layer| layer.schematic),
            layers,
        })
    }

    /// Layers with the same id are vintages of one: each is told from the others by a name that fits into an address.
    fn check_vintages(&mut self, layers: &[LayerEntry]) {
        let mut seen = HashSet::new();
        for layer in layers {
            let others = || layers.iter().filter(|other| other.id == layer.id);
            let LayerEntry { id, vintage, .. } = layer;
            if !seen.insert((id, vintage)) {
                self.note(format!("layer '{id}': there are two of the vintage '{vintage}'"));
            }
            if others().count() > 1 && !vintages::is_plain(vintage) {
                self.note(format!(
                    "layer '{id}': vintage: '{vintage}': of a layer with several vintages each is named by 1 to 40 \
                     letters, digits, '-', '_' and '.', as in 2024"
                ));
            }
            if others().all(|other| other.retired) {
                self.note(format!("layer '{id}': every vintage of it is retired; one has to be in use"));
            }
        }
    }

    fn validity(&mut self, entry: &LayerEntry) -> Validity {
        let mut day = |key: &str, given: Option<Datetime>| {
            let date =
                given?.date.filter(|_| given.is_some_and(|it| it.time.is_none() && it.offset.is_none()));
            let read = date.and_then(|date| {
                Date::new(i16::try_from(date.year).ok()?, date.month.cast_signed(), date.day.cast_signed())
                    .ok()
            });
            if read.is_none() {
                let given = given.map(|it| it.to_string()).unwrap_or_default();
                self.note(format!(
                    "layer '{}': {key}: '{given}': a day is written as in 2024-05-02",
                    entry.id
                ));
            }
            read
        };
        let valid = Validity {
            from: day("valid_from", entry.valid_from),
            until: day("valid_until", entry.valid_until),
        };
        if let (Some(from), Some(until)) = (valid.from, valid.until)
            && until < from
        {
            self.note(format!("layer '{}': valid_until: {until} lies before valid_from, {from}", entry.id));
        }
        valid
    }

    fn layer(&mut self, entry: LayerEntry, set_is_schematic: bool) -> Option<Layer> {
        let of_layer = |what: String| format!("layer '{}': {what}", entry.id);
        let id = LayerId::new(&entry.id).map_err(|fault| self.note(of_layer(fault.to_string()))).ok();
        let texts = [("title", &entry.title), ("vintage", &entry.vintage), ("licence", &entry.licence)];
        self.require_text(&of_layer(String::new()), &texts);
        let valid = self.validity(&entry);
        let crs = self.crs(entry.crs.as_deref(), of_layer)?;
        let path = self.folder.join(&entry.file);
        let file = BoundaryFile { name: &entry.file, path: &path, crs, table: entry.table.as_deref() };
        let fields = Fields { id: &entry.id_field, name: &entry.name_field, merge: entry.merge };
        let mut areas = self.noted(features::read_areas(file, fields))?;
        let mut figures = Figures::of(&mut areas);
        for (per, counts) in Per::ALL.into_iter().zip([&entry.residents, &entry.households, &entry.dwellings])
        {
            enter_counts(per, counts, &mut figures, &mut |fault| self.note(of_layer(fault)));
        }
        for DenominatorsEntry { file } in &entry.denominators {
            self.faults.extend(figures.read(file, &self.folder.join(file)));
        }
        Some(Layer {
            id: id?,
            title: entry.title,
            vintage: entry.vintage,
            valid,
            retired: entry.retired,
            licence: entry.licence,
            schematic: entry.schematic.unwrap_or(set_is_schematic),
            areas,
        })
    }

    fn outline(&mut self, entry: &OutlineEntry, code: &str, name: &str) -> Option<Area> {
        let crs = self.crs(entry.crs.as_deref(), |what| format!("outline: {what}"))?;
        let path = self.folder.join(&entry.file);
        let file = BoundaryFile { name: &entry.file, path: &path, crs, table: entry.table.as_deref() };
        self.noted(features::read_outline(file, entry.id_field.as_deref(), code, name))
    }

    /// `Some(None)` where the manifest leaves it to the file.
    #[expect(clippy::option_option, reason = "None is a fault that was noted")]
    fn crs(&mut self, name: Option<&str>, place: impl Fn(String) -> String) -> Option<Option<FileCrs>> {
        name.map(FileCrs::parse).transpose().map_err(|fault| self.note(place(format!("crs: {fault}")))).ok()
    }

    fn noted<T>(&mut self, outcome: Result<Noted<T>, BoundaryFaults>) -> Option<T> {
        match outcome {
            Ok((read, notes)) => {
                self.notes.extend(notes);
                Some(read)
            }
            Err(BoundaryFaults(all)) => {
                self.faults.extend(all);
                None
            }
        }
    }

    fn require_text(&mut self, place: &str, values: &[(&str, &String)]) {
        for (key, value) in values {
            if value.trim().is_empty() {
                self.note(format!("{place}{key} is empty"));
            }
        }
    }

    fn note(&mut self, what: String) {
        self.faults.push(BoundaryFault::of_file(self.manifest, what));
    }
}

/// Enters counts by year and code.
fn enter_counts(per: Per, counts: &CountsByYear, figures: &mut Figures<'_>, note: &mut impl FnMut(String)) {
    let what = per.as_str();
    for (year_text, by_code) in counts {
        let Some(year) = denominators::year(year_text) else {
            note(format!("{what}.{year_text}: {}", denominators::YEAR_RULE));
            continue;
        };
        for (code, &count) in by_code {
            if let Err(fault) = figures.enter(code, per, year, count, "the manifest".to_owned()) {
                note(format!("{what}.{year_text}: {fault}"));
            }
        }
    }
}
