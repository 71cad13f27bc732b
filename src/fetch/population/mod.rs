//! What rates are divided by: residents and households of an area's wards and lower layer super output areas.

mod lookup;
mod nomis;
mod table;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use csv::Writer;
use serde_json::Value;

use super::{
    FetchError,
    arcgis::query::text,
    boundaries::{Task, read_set, stamp},
    record::{Manifest, ONS_LICENCE, Source, Sources, lay_down, sha256},
};

pub use nomis::{Dataset, TABLES};
pub use table::{Columns, sum_rows};

/// Figures by code, measure and year.
pub type Figures = BTreeMap<(String, &'static str, i16), u32>;

/// The state of the lower layer super output areas that figures are asked for.
const LSOA_LAYER: &str = "lsoa-2021";

/// Fetches the figures of an area's lower layer super output areas, sums them to the wards of `vintage` by the best fit of
/// the Office for National Statistics, and enters both as tables of denominators in the manifest.
///
/// # Errors
/// [`FetchError`]; an area whose boundaries were not fetched is one, and so is a figure that is missing.
pub fn fetch(task: &Task<'_>, vintage: &str, service: Option<&str>) -> Result<(), FetchError> {
    let ward_layer = format!("ward-{vintage}");
    let files = [format!("population-{LSOA_LAYER}.csv"), format!("population-{ward_layer}.csv")];
    let mut manifest = Manifest::existing(task.folder, task.area)?;
    let sources = Sources::open(task.folder)?;
    if !task.again && sources.holds(&files[0])? && sources.holds(&files[1])? {
        // The layers may have come since.
        for (layer, file) in [LSOA_LAYER, &ward_layer].into_iter().zip(&files) {
            manifest.add_denominators(layer, file);
            task.watch.say(&format!("{file}: is there"));
        }
        return manifest.save().map(drop);
    }
    let fit = lookup::best_fit(task.client, &task.authorities(vintage)?, vintage, service)?;
    let codes: Vec<&str> = fit.keys().map(String::as_str).collect();
    let mut lsoas = Figures::new();
    let mut address = None;
    for dataset in TABLES {
        let (figures, first) = nomis::figures(task.client, dataset, &codes)?;
        address.get_or_insert(first);
        lsoas.extend(figures);
    }
    let wards = summed(&lsoas, &fit)?;
    let address = address.unwrap_or_default();
    let tables = [(LSOA_LAYER, &files[0], lsoas), (&ward_layer, &files[1], wards)];
    // Both or neither: what is refused is told before anything is written.
    for (layer, file, figures) in &tables {
        refuse_doubled(task.folder, &manifest, layer, (file, figures))?;
    }
    for (layer, file, figures) in tables {
        keep(task, &mut manifest, layer, (file, &figures), &address)?;
    }
    manifest.save().map(drop)
}

/// Sums figures by the code that each one's code is best fitted to.
fn summed(figures: &Figures, fit: &BTreeMap<String, String>) -> Result<Figures, FetchError> {
    let mut sums = Figures::new();
    for ((code, measure, year), value) in figures {
        let Some(ward) = fit.get(code) else { continue };
        let sum = sums.entry((ward.clone(), *measure, *year)).or_default();
        *sum = sum.checked_add(*value).ok_or_else(|| {
            FetchError::content(ward, format!("the {measure} of {year} are more than fit a figure"))
        })?;
    }
    Ok(sums)
}

/// Writes figures as the table of denominators `file` and enters it in the manifest.
///
/// # Errors
/// [`FetchError`]; figures of areas that the layer does not have are faults, and so are figures of another table.
pub fn keep(
    task: &Task<'_>,
    manifest: &mut Manifest,
    layer: &str,
    (file, figures): (&str, &Figures),
    address: &str,
) -> Result<(), FetchError> {
    if let Some(codes) = layer_codes(task.folder, manifest, layer)? {
        let given: BTreeSet<&String> = figures.keys().map(|(code, ..)| code).collect();
        let strange = given.iter().filter(|code| !codes.contains(**code));
        let faults: Vec<_> =
            strange.map(|code| format!("no area of the layer {layer} has the code {code}")).collect();
        if !faults.is_empty() {
            return Err(FetchError::Faults(faults));
        }
        let without: Vec<_> = codes.iter().filter(|code| !given.contains(code)).map(String::as_str).collect();
        if !without.is_empty() {
            task.watch.say(&format!("{file}: no figures of {}", without.join(", ")));
        }
    }
    refuse_doubled(task.folder, manifest, layer, (file, figures))?;
    let bytes = csv(figures)?;
    lay_down(&task.folder.join(file), &bytes)?;
    let years: BTreeSet<String> = figures.keys().map(|(.., year)| year.to_string()).collect();
    Sources::open(task.folder)?.enter(Source {
        file: file.to_owned(),
        address: address.to_owned(),
        fetched: stamp(task.now),
        licence: ONS_LICENCE.to_owned(),
        sha256: sha256(&bytes),
        bytes: bytes.len() as u64,
        vintage: years.into_iter().collect::<Vec<_>>().join(", "),
        features: Some(figures.len() as u64),
    })?;
    let entered = manifest.add_denominators(layer, file);
    let hint =
        if entered { "" } else { "; the manifest has no such layer yet: fetch boundaries, then this again" };
    task.watch.say(&format!("{file}: {} figures{hint}", figures.len()));
    Ok(())
}

/// Refuses figures that the manifest or another table of the layer has: with the same figure twice it cannot be read.
fn refuse_doubled(
    folder: &Path,
    manifest: &Manifest,
    layer: &str,
    (file, figures): (&str, &Figures),
) -> Result<(), FetchError> {
    let inline =
        figures.keys().find(|(code, measure, year)| manifest.gives(layer, measure, &year.to_string(), code));
    if let Some((code, measure, year)) = inline {
        let rule = format!(
            "the manifest gives the {measure} of {code} in {year} itself; take [layer.{measure}.{year}] out of the layer \
             {layer} first"
        );
        return Err(FetchError::content(folder.join("area.toml").display(), rule));
    }
    for other in manifest.denominators_of(layer).iter().filter(|other| *other != file) {
        let path = folder.join(other);
        let text = std::fs::read_to_string(&path).map_err(FetchError::reading(&path))?;
        let table = plain_lines(&text);
        let doubled = figures.keys().find(|(code, measure, year)| {
            let start = format!("{code},{measure},{year},");
            table.lines().any(|line| line.starts_with(&start))
        });
        if let Some((code, measure, year)) = doubled {
            let rule = format!(
                "the {measure} of {code} in {year} stand there already; take that table out of the layer {layer} of the \
                 manifest first"
            );
            return Err(FetchError::content(path.display(), rule));
        }
    }
    Ok(())
}

/// The codes of a layer's areas, where the manifest has that layer and its file is JSON.
///
/// # Errors
/// [`FetchError`] for a file that cannot be read.
pub fn layer_codes(
    folder: &Path,
    manifest: &Manifest,
    layer: &str,
) -> Result<Option<BTreeSet<String>>, FetchError> {
    let listed = manifest.listed();
    let Some([_, file, field]) = listed.iter().find(|[name, ..]| name == layer) else { return Ok(None) };
    if !file.ends_with("json") {
        return Ok(None);
    }
    let set = read_set(&folder.join(file))?;
    let features = set["features"].as_array().into_iter().flatten();
    let code = |feature: &Value| match feature.get("properties").and_then(|properties| properties.get(field))
    {
        Some(Value::String(code)) => code.clone(),
        _ => text(feature, field),
    };
    Ok(Some(features.map(code).filter(|code| !code.is_empty()).collect()))
}

/// The text of a table as its reader counts lines: without byte order mark, and with line feeds alone. (The reader
/// counts a line that ends in two characters when it comes to the next one.)
fn plain_lines(text: &str) -> String {
    text.trim_start_matches('\u{feff}').replace("\r\n", "\n")
}

fn csv(figures: &Figures) -> Result<Vec<u8>, FetchError> {
    let broken = |cause: csv::Error| FetchError::content("a table of denominators", cause.to_string());
    let mut writer = Writer::from_writer(Vec::new());
    writer.write_record(["code", "measure", "year", "value"]).map_err(broken)?;
    for ((code, measure, year), value) in figures {
        writer.write_record([code, *measure, &year.to_string(), &value.to_string()]).map_err(broken)?;
    }
    writer.into_inner().map_err(|cause| FetchError::content("a table of denominators", cause.to_string()))
}
