//! `area.toml`: the manifest of an area, made or amended so that what people wrote into it stays.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};

use super::lay_down;
use crate::fetch::{AreaId, FetchError};

/// The manifest's name in the folder of an area.
const NAME: &str = "area.toml";

const ELECTION: &str =
    "# New wards take effect on the ordinary day of election, the first Thursday of May.\n";

/// A layer as the manifest names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerEntry<'a> {
    /// `ward`, `beat` or `lsoa`.
    pub id: &'a str,
    /// What people call it.
    pub title: &'a str,
    /// The file, in the manifest's folder.
    pub file: &'a str,
    /// Its coordinate system.
    pub crs: &'a str,
    /// The field with the code.
    pub id_field: &'a str,
    /// The field with the name.
    pub name_field: &'a str,
    /// A year, or a month.
    pub vintage: &'a str,
    /// Terms of use.
    pub licence: &'a str,
}

/// The manifest of an area, open for changes.
#[derive(Debug)]
pub struct Manifest {
    path: PathBuf,
    document: DocumentMut,
    /// Its layers, taken out of the document until it is saved.
    layers: ArrayOfTables,
}

impl Manifest {
    /// Opens the manifest in `folder`, or begins one.
    ///
    /// # Errors
    /// [`FetchError`] for one that cannot be read, is no TOML, or is of another area.
    pub fn open(folder: &Path, area: &AreaId, name: &str) -> Result<Self, FetchError> {
        let path = folder.join(NAME);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                "# Written by `hotspots fetch`. What is changed or added here stays when layers are fetched again.\n"
                    .to_owned()
            }
            Err(cause) => return Err(FetchError::reading(path)(cause)),
        };
        let mut document: DocumentMut = text.parse().map_err(|cause: toml_edit::TomlError| {
            FetchError::content(path.display(), cause.message().to_owned())
        })?;
        for (key, text) in [("name", name), ("code", area.as_str()), ("grid", "EPSG:27700")] {
            if !document.contains_key(key) {
                document.insert(key, value(text));
            }
        }
        // Until the outline came, nobody knew a better name than the code.
        if document.get("name").and_then(Item::as_str) == Some(area.as_str()) {
            document.insert("name", value(name));
        }
        let code = document.get("code").and_then(Item::as_str);
        if code != Some(area.as_str()) {
            let rule = format!("the manifest is of {}, not of {}", code.unwrap_or("no area"), area.as_str());
            return Err(FetchError::content(path.display(), rule));
        }
        let layers = match document.remove("layer").map(Item::into_array_of_tables) {
            None => ArrayOfTables::new(),
            Some(Ok(layers)) => layers,
            Some(Err(_other)) => {
                return Err(FetchError::content(path.display(), "layers stand in [[layer]]"));
            }
        };
        Ok(Self { path, document, layers })
    }

    /// Opens the manifest in `folder`, which is to be there.
    ///
    /// # Errors
    /// As [`open`](Self::open), and where there is none.
    pub fn existing(folder: &Path, area: &AreaId) -> Result<Self, FetchError> {
        let path = folder.join(NAME);
        if !path.exists() {
            let rule = format!(
                "there is no manifest yet: `hotspots fetch boundaries --area {}` makes it",
                area.as_str()
            );
            return Err(FetchError::content(path.display(), rule));
        }
        Self::open(folder, area, area.as_str())
    }

    /// Names the outline's file.
    pub fn set_outline(&mut self, file: &str, crs: &str, id_field: &str) {
        let mut table =
            self.document.remove("outline").and_then(|item| item.into_table().ok()).unwrap_or_default();
        for (key, text) in [("file", file), ("crs", crs), ("id_field", id_field)] {
            set(&mut table, key, text);
        }
        self.document.insert("outline", Item::Table(table));
    }

    /// Names a layer. One with the same id and vintage keeps all keys but those that say how its file is read; a new one
    /// stands before the older vintages of its layer.
    pub fn set_layer(&mut self, layer: &LayerEntry<'_>) {
        let reading = [
            ("file", layer.file),
            ("crs", layer.crs),
            ("id_field", layer.id_field),
            ("name_field", layer.name_field),
        ];
        let layers = &mut self.layers;
        if let Some(table) = layers
            .iter_mut()
            .find(|table| text(table, "id") == layer.id && text(table, "vintage") == layer.vintage)
        {
            for (key, text) in reading {
                set(table, key, text);
            }
        } else {
            let mut table = Table::new();
            for (key, text) in [("id", layer.id), ("title", layer.title)] {
                table.insert(key, value(text));
            }
            for (key, text) in
                reading.into_iter().chain([("vintage", layer.vintage), ("licence", layer.licence)])
            {
                table.insert(key, value(text));
            }
            let place = (rank(layer.id), std::cmp::Reverse(layer.vintage));
            let before =
                |other: &Table| place < (rank(text(other, "id")), std::cmp::Reverse(text(other, "vintage")));
            let at = layers.iter().position(before).unwrap_or(layers.len());
            layers.insert(at, table);
        }
    }

    /// Dates the layers of wards: each takes effect in the year of its vintage, but for the oldest, which stands for what
    /// was before. A date that is there already stays.
    pub fn date_wards(&mut self) {
        let layers = &mut self.layers;
        let is_ward = |table: &Table| text(table, "id") == "ward";
        let oldest =
            layers.iter().filter(|table| is_ward(table)).map(|table| text(table, "vintage").to_owned()).min();
        for table in layers.iter_mut().filter(|table| is_ward(table)) {
            let vintage = text(table, "vintage").to_owned();
            if Some(&vintage) == oldest.as_ref() || table.contains_key("valid_from") {
                continue;
            }
            let date = vintage.parse().ok().and_then(election_day);
            let Some(date) = date.and_then(|date| date.to_string().parse::<toml_edit::Datetime>().ok())
            else {
                continue;
            };
            table.insert("valid_from", value(date));
            if let Some(mut key) = table.key_mut("valid_from") {
                key.leaf_decor_mut().set_prefix(ELECTION);
            }
        }
    }

    /// Names a table of denominators of a layer, as in `ward-2024`. `false` where there is no such layer.
    pub fn add_denominators(&mut self, layer: &str, file: &str) -> bool {
        let Some(table) = self.layers.iter_mut().find(|table| name(table) == layer) else {
            return false;
        };
        match table.get_mut("denominators") {
            Some(Item::ArrayOfTables(entries)) => {
                if !entries.iter().any(|entry| text(entry, "file") == file) {
                    let mut entry = Table::new();
                    entry.insert("file", value(file));
                    entries.push(entry);
                }
            }
            Some(Item::Value(Value::Array(entries))) => add_inline(entries, file),
            _ => {
                let mut entries = Array::new();
                add_inline(&mut entries, file);
                table.insert("denominators", value(entries));
            }
        }
        true
    }

    /// The tables of denominators that a layer names.
    pub fn denominators_of(&self, layer: &str) -> Vec<String> {
        let table = self.layers.iter().find(|table| name(table) == layer);
        match table.and_then(|table| table.get("denominators")) {
            Some(Item::ArrayOfTables(entries)) => {
                entries.iter().map(|entry| text(entry, "file").to_owned()).collect()
            }
            Some(Item::Value(Value::Array(entries))) => {
                let files = entries.iter().filter_map(|entry| entry.as_inline_table()?.get("file")?.as_str());
                files.map(str::to_owned).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether the manifest itself gives a figure of a layer, as in `[layer.residents.2021]`.
    pub fn gives(&self, layer: &str, measure: &str, year: &str, code: &str) -> bool {
        let table = self.layers.iter().find(|table| name(table) == layer);
        let figures = table.and_then(|table| table.get(measure)).and_then(|years| years.get(year));
        figures.is_some_and(|of_year| of_year.get(code).is_some())
    }

    /// The layers with their vintages as in `ward-2024`, their files and fields of codes, in the manifest's order.
    pub fn listed(&self) -> Vec<[String; 3]> {
        let of =
            |table: &Table| [name(table), text(table, "file").to_owned(), text(table, "id_field").to_owned()];
        self.layers.iter().map(of).collect()
    }

    /// Saves it, and gives back where.
    ///
    /// # Errors
    /// [`FetchError::Disk`].
    pub fn save(mut self) -> Result<PathBuf, FetchError> {
        // Tables keep the place they were read at; new ones have none, so all are numbered anew.
        let mut next = 0;
        if let Some(Item::Table(outline)) = self.document.get_mut("outline") {
            number(outline, &mut next);
        }
        for table in self.layers.iter_mut() {
            number(table, &mut next);
        }
        if !self.layers.is_empty() {
            self.document.insert("layer", Item::ArrayOfTables(self.layers));
        }
        lay_down(&self.path, self.document.to_string().as_bytes())?;
        Ok(self.path)
    }
}

/// The order of layers in a manifest.
fn rank(id: &str) -> usize {
    ["ward", "beat", "lsoa"].iter().position(|one| *one == id).unwrap_or(3)
}

/// What a layer in one vintage is called here: `ward-2024`.
fn name(table: &Table) -> String {
    format!("{}-{}", text(table, "id"), text(table, "vintage"))
}

fn text<'a>(table: &'a Table, key: &str) -> &'a str {
    table.get(key).and_then(Item::as_str).unwrap_or_default()
}

/// Sets a text and keeps the comment beside it.
fn set(table: &mut Table, key: &str, text: &str) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) if old.as_str() == Some(text) => {}
        Some(old) => {
            let decor = old.decor().clone();
            *old = text.into();
            *old.decor_mut() = decor;
        }
        None => drop(table.insert(key, value(text))),
    }
}

fn add_inline(entries: &mut Array, file: &str) {
    let names_it =
        |entry: &Value| entry.as_inline_table().and_then(|it| it.get("file")?.as_str()) == Some(file);
    if !entries.iter().any(names_it) {
        entries.push(InlineTable::from_iter([("file", file)]));
    }
}

fn number(table: &mut Table, next: &mut isize) {
    table.set_position(Some(*next));
    *next += 1;
    for (_, item) in table.iter_mut() {
        match item {
            Item::Table(inner) => number(inner, next),
            Item::ArrayOfTables(inner) => inner.iter_mut().for_each(|inner| number(inner, next)),
            _ => {}
        }
    }
}

/// The first Thursday of May.
fn election_day(year: i16) -> Option<jiff::civil::Date> {
    let first = jiff::civil::Date::new(year, 5, 1).ok()?;
    first.nth_weekday_of_month(1, jiff::civil::Weekday::Thursday).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ward(vintage: &str) -> [String; 2] {
        [format!("wards-{vintage}.json"), vintage.to_owned()]
    }

    fn entry<'a>(ward: &'a [String; 2], id: &'a str) -> LayerEntry<'a> {
        LayerEntry {
            id,
            title: "Wards",
            file: &ward[0],
            crs: "EPSG:27700",
            id_field: "WD24CD",
            name_field: "WD24NM",
            vintage: &ward[1],
            licence: "OGL",
        }
    }

    fn open(folder: &Path) -> Manifest {
        Manifest::open(folder, &AreaId::new("E08000027").unwrap(), "Dudley").unwrap()
    }

    #[test]
    fn wards_stand_newest_first_and_are_dated() {
        let folder = tempfile::tempdir().unwrap();
        let mut manifest = open(folder.path());
        for vintage in ["2023", "2024"] {
            manifest.set_layer(&entry(&ward(vintage), "ward"));
        }
        manifest.set_outline("lad.json", "EPSG:27700", "LAD24CD");
        manifest.date_wards();
        let text = fs::read_to_string(manifest.save().unwrap()).unwrap();
        let order: Vec<_> =
            ["[outline]", "wards-2024", "2024-05-02", "wards-2023"].iter().map(|it| text.find(it)).collect();
        assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{text}");
        assert_eq!(text.matches("valid_from").count(), 1, "{text}");
        assert!(text.contains("first Thursday"), "{text}");
    }

    #[test]
    fn what_people_wrote_stays() {
        let folder = tempfile::tempdir().unwrap();
        let written = "# ours\nname = \"Our Dudley\" # as we say\ncode = \"E08000027\"\ngrid = \"EPSG:27700\"\n\n[[layer]]\n\
                       id = \"ward\"\ntitle = \"Our wards\" # better\nfile = \"old.json\" # where\n\
                       vintage = \"2024\"\nvalid_from = 2024-05-06\n\n[layer.residents.2021]\nE05015903 = 1\n";
        fs::write(folder.path().join(NAME), written).unwrap();
        let mut manifest = open(folder.path());
        manifest.set_layer(&entry(&ward("2024"), "ward"));
        manifest.set_layer(&entry(&ward("2023"), "ward"));
        manifest.date_wards();
        assert!(
            manifest.add_denominators("ward-2024", "p.csv")
                && manifest.add_denominators("ward-2024", "p.csv")
        );
        assert!(!manifest.add_denominators("lsoa-2021", "p.csv"));
        let text = fs::read_to_string(manifest.save().unwrap()).unwrap();
        for kept in [
            "# ours",
            "# as we say",
            "\"Our wards\" # better",
            "\"wards-2024.json\" # where",
            "2024-05-06",
            "E05015903 = 1",
        ] {
            assert!(text.contains(kept), "{kept} in {text}");
        }
        assert_eq!(text.matches("p.csv").count(), 1);
        let back: toml::Table = toml::from_str(&text).unwrap();
        assert_eq!(back["layer"].as_array().unwrap().len(), 2);
        assert_eq!(back["layer"][0]["residents"]["2021"]["E05015903"].as_integer(), Some(1));
    }

    #[test]
    fn another_areas_manifest_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(NAME), "code = \"E08000028\"\n").unwrap();
        let area = AreaId::new("E08000027").unwrap();
        assert!(
            Manifest::open(folder.path(), &area, "Dudley").unwrap_err().to_string().contains("E08000028")
        );
    }

    #[test]
    fn elections_are_on_thursdays() {
        assert_eq!(election_day(2024).unwrap().to_string(), "2024-05-02");
        assert_eq!(election_day(2026).unwrap().to_string(), "2026-05-07");
    }
}
