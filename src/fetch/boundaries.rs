//! Boundaries of a local authority: its outline, its wards, its lower layer super output areas, its police beats.

use std::{fs, path::Path};

use jiff::Timestamp;
use serde_json::Value;

use super::{
    AreaId, Client, FetchError, Outline, Watch,
    arcgis::{Kind, LayerDescription, Query, Rows, find, find_not_after, one_of, query::text},
    at_hand::Belongs,
    police,
    record::{LayerEntry, Manifest, ONS_LICENCE, Source, Sources, lay_down, sha256},
};

const GRID: &str = "EPSG:27700";
/// The state of the lower layer super output areas: they are drawn for each census.
const LSOA_VINTAGE: &str = "2021";

/// Where and for what boundaries are fetched.
#[derive(Clone, Copy)]
pub struct Task<'a> {
    /// The client.
    pub client: &'a Client,
    /// The local authority.
    pub area: &'a AreaId,
    /// The folder of the area.
    pub folder: &'a Path,
    /// When; it is written beside the files.
    pub now: Timestamp,
    /// Whether what is there is fetched again.
    pub again: bool,
    /// Is told what happens.
    pub watch: &'a dyn Watch,
}

/// A file at hand in place of a service, and which of its features count.
pub type AtHand<'a> = Option<(&'a Path, Belongs)>;

/// A layer of the Office for National Statistics as it is wanted.
struct Official<'a> {
    kind: Kind,
    vintage: &'a str,
    service: Option<&'a str>,
    at_hand: AtHand<'a>,
    file: String,
    /// How fields begin: `WD` of `WD24CD`.
    start: &'static str,
}

/// A file that holds a layer, with the fields that identify its areas.
pub(super) struct Held {
    file: String,
    id_field: String,
    name_field: String,
}

impl Task<'_> {
    /// The outline of the area in the state of `vintage`, fetched unless it is there.
    ///
    /// # Errors
    /// [`FetchError`]; an area that the layer does not have is one.
    pub fn outline(
        &self,
        vintage: &str,
        service: Option<&str>,
        at_hand: AtHand<'_>,
    ) -> Result<Outline, FetchError> {
        let (kind, start, named) = self.whole();
        let file = format!("{named}-{vintage}.json");
        let wanted = Official { kind, vintage, service, at_hand, file, start };
        let code = self.area.as_str();
        let held = self.official(&wanted, |layer| Ok(format!("{}='{code}'", layer.field(start, "CD")?)))?;
        let outline = self.read_outline(&held)?;
        let mut manifest = Manifest::open(self.folder, self.area, &outline.name)?;
        manifest.set_outline(&held.file, GRID, &held.id_field);
        manifest.save()?;
        Ok(outline)
    }

    /// What the area as a whole is: where it is found, how its fields begin, and how its file is called.
    fn whole(&self) -> (Kind, &'static str, &'static str) {
        if self.area.is_force() {
            (Kind::Forces, "PFA", "police-force")
        } else {
            (Kind::Authorities, "LAD", "local-authority")
        }
    }

    /// The codes of the local authorities that the area is made of, in order: its own, or those of the force.
    ///
    /// # Errors
    /// [`FetchError`]; a force that the table does not have is one.
    pub fn authorities(&self, vintage: &str) -> Result<Vec<String>, FetchError> {
        if !self.area.is_force() {
            return Ok(vec![self.area.as_str().to_owned()]);
        }
        let service = find_not_after(self.client, Kind::AuthorityToForce, vintage)?;
        self.codes_in(&service, ("LAD", "PFA"), &[self.area.as_str().to_owned()])
    }

    /// The local authorities of a force as a layer of its own.
    ///
    /// # Errors
    /// [`FetchError`].
    pub fn districts(&self, vintage: &str, service: Option<&str>, name: &str) -> Result<(), FetchError> {
        let file = format!("local-authorities-{vintage}.json");
        let wanted =
            Official { kind: Kind::Authorities, vintage, service, at_hand: None, file, start: "LAD" };
        let held = self
            .official(&wanted, |layer| Ok(one_of(layer.field("LAD", "CD")?, &self.authorities(vintage)?)))?;
        self.enter(name, &held, ["district", "Local authorities", vintage])
    }

    /// The outline that is there already, of any vintage, the newest first.
    ///
    /// # Errors
    /// [`FetchError`] for one that was changed since it was fetched.
    pub fn held_outline(&self) -> Result<Option<Outline>, FetchError> {
        let sources = Sources::open(self.folder)?;
        let (_, start, named) = self.whole();
        let newest = sources.all().iter().rev().find(|source| source.file.starts_with(&format!("{named}-")));
        let Some(source) = newest else { return Ok(None) };
        if !sources.holds(&source.file)? {
            return Ok(None);
        }
        let set = read_set(&self.folder.join(&source.file))?;
        let held = held_in(&source.file, &set, start)?;
        self.read_outline(&held).map(Some)
    }

    fn read_outline(&self, held: &Held) -> Result<Outline, FetchError> {
        let path = self.folder.join(&held.file);
        let set = read_set(&path)?;
        let code = self.area.as_str();
        let mut features = set["features"].as_array().into_iter().flatten();
        let Some(feature) = features.find(|feature| text(feature, &held.id_field) == code) else {
            return Err(FetchError::content(path.display(), format!("nothing there has the code {code}")));
        };
        let name = text(feature, &held.name_field);
        Outline::of_rings(&name, &feature["geometry"], &path.display().to_string())
    }

    /// The wards of one vintage.
    ///
    /// # Errors
    /// [`FetchError`].
    pub fn wards(
        &self,
        vintage: &str,
        service: Option<&str>,
        at_hand: AtHand<'_>,
        name: &str,
    ) -> Result<(), FetchError> {
        let file = format!("wards-{vintage}.json");
        let wanted = Official { kind: Kind::Wards, vintage, service, at_hand, file, start: "WD" };
        let held = self.official(&wanted, |layer| match layer.field("LAD", "CD") {
            Ok(authority) => Ok(one_of(authority, &self.authorities(vintage)?)),
            // Some vintages name only the ward; a table says whose it is.
            Err(_no_field) => {
                let service = find(self.client, Kind::WardToAuthority, vintage)?;
                let codes = self.codes_in(&service, ("WD", "LAD"), &self.authorities(vintage)?)?;
                Ok(one_of(layer.field("WD", "CD")?, &codes))
            }
        })?;
        self.enter(name, &held, ["ward", "Wards", vintage])
    }

    /// By a table the codes of what belongs to some areas, in order.
    fn codes_in(
        &self,
        service: &str,
        (part, whole): (&str, &str),
        of: &[String],
    ) -> Result<Vec<String>, FetchError> {
        let layer = LayerDescription::read(self.client, service)?;
        let id_field = layer.field(part, "CD")?;
        let condition = one_of(layer.field(whole, "CD")?, of);
        let rows =
            Query { layer: &layer, condition: &condition, id_field, geometry: false }.read(self.client)?;
        let mut codes: Vec<_> = rows.features().iter().map(|row| text(row, id_field)).collect();
        codes.sort_unstable();
        match codes.iter().find(|code| AreaId::new(code).is_err()) {
            Some(wrong) => Err(FetchError::content(rows.address, format!("'{wrong}' is no code of an area"))),
            None if codes.is_empty() => {
                let came = format!("{service} has nothing of {}", of.join(", "));
                Err(FetchError::remote(rows.address, came, "is the code that of an area of that year?"))
            }
            None => Ok(codes),
        }
    }

    /// The lower layer super output areas of 2021. They do not name their local authority, but their names begin with
    /// its name: `Dudley 001A`.
    ///
    /// # Errors
    /// [`FetchError`].
    pub fn lsoas(&self, service: Option<&str>, at_hand: AtHand<'_>, name: &str) -> Result<(), FetchError> {
        let vintage = LSOA_VINTAGE;
        let file = format!("lsoa-{vintage}.json");
        let wanted = Official { kind: Kind::Lsoas, vintage, service, at_hand, file, start: "LSOA" };
        let held = self.official(&wanted, |layer| {
            let field = layer.field("LSOA", "NM")?;
            let like = |name: &String| format!("{field} LIKE '{} ____'", name.replace('\'', "''"));
            let names = if self.area.is_force() { self.district_names()? } else { vec![name.to_owned()] };
            Ok(names.iter().map(like).collect::<Vec<_>>().join(" OR "))
        })?;
        self.enter(name, &held, ["lsoa", "Lower layer super output areas", vintage])
    }

    /// The names of the local authorities of a force, which are there as a layer.
    fn district_names(&self) -> Result<Vec<String>, FetchError> {
        let sources = Sources::open(self.folder)?;
        let newest = sources.all().iter().rev().find(|source| source.file.starts_with("local-authorities-"));
        let Some(source) = newest else {
            let rule = "the local authorities of the force are needed first: --layers outline,ward";
            return Err(FetchError::value(self.area.as_str(), rule));
        };
        let set = read_set(&self.folder.join(&source.file))?;
        let held = held_in(&source.file, &set, "LAD")?;
        let features = set["features"].as_array().into_iter().flatten();
        Ok(features.map(|feature| text(feature, &held.name_field)).collect())
    }

    /// The police beats of today: the neighbourhoods of `force`, or of the force that the middle of the outline lies in,
    /// or of an archive of KML files.
    ///
    /// # Errors
    /// [`FetchError`]; an area without any neighbourhood is one.
    pub fn beats(
        &self,
        outline: &Outline,
        force: Option<&str>,
        archive: Option<&Path>,
    ) -> Result<(), FetchError> {
        let month = self.now.strftime("%Y-%m").to_string();
        let file = format!("beats-{month}.geojson");
        let mut sources = Sources::open(self.folder)?;
        if self.again || archive.is_some() || !sources.holds(&file)? {
            let beats = match archive {
                Some(archive) => police::beats_of_archive(archive, force, outline)?,
                None => police::beats(self.client, force, outline)?,
            };
            for line in &beats.told {
                self.watch.say(line);
            }
            let bytes = beats.geojson()?;
            let counted = beats.found.len() as u64;
            self.keep(&mut sources, &file, beats.address, police::LICENCE, (&month, counted), &bytes)?;
        } else {
            self.watch.say(&format!("{file}: is there"));
        }
        let held = Held { file, id_field: "beat_code".to_owned(), name_field: "name".to_owned() };
        let mut manifest = Manifest::open(self.folder, self.area, &outline.name)?;
        manifest.set_layer(&LayerEntry {
            id: "beat",
            title: "Police neighbourhoods",
            file: &held.file,
            crs: "EPSG:4326",
            id_field: &held.id_field,
            name_field: &held.name_field,
            vintage: &month,
            licence: police::LICENCE,
        });
        manifest.save().map(drop)
    }

    fn enter(&self, name: &str, held: &Held, words: [&str; 3]) -> Result<(), FetchError> {
        let [id, title, vintage] = words;
        let mut manifest = Manifest::open(self.folder, self.area, name)?;
        manifest.set_layer(&LayerEntry {
            id,
            title,
            file: &held.file,
            crs: GRID,
            id_field: &held.id_field,
            name_field: &held.name_field,
            vintage,
            licence: ONS_LICENCE,
        });
        manifest.date_wards();
        manifest.save().map(drop)
    }

    /// Fetches a layer unless it is there.
    fn official(
        &self,
        wanted: &Official<'_>,
        condition: impl FnOnce(&LayerDescription) -> Result<String, FetchError>,
    ) -> Result<Held, FetchError> {
        let file = &wanted.file;
        if let Some((path, belongs)) = wanted.at_hand {
            return self.at_hand(path, (file, wanted.vintage), wanted.start, belongs);
        }
        let mut sources = Sources::open(self.folder)?;
        if !self.again && sources.holds(file)? {
            self.watch.say(&format!("{file}: is there"));
            return held_in(file, &read_set(&self.folder.join(file))?, wanted.start);
        }
        let service = match wanted.service {
            Some(service) => service.to_owned(),
            None if wanted.kind == Kind::Forces => find_not_after(self.client, wanted.kind, wanted.vintage)?,
            None => find(self.client, wanted.kind, wanted.vintage)?,
        };
        let layer = LayerDescription::read(self.client, &service)?;
        let id_field = layer.field(wanted.start, "CD")?;
        let condition = condition(&layer)?;
        let query = Query { layer: &layer, condition: &condition, id_field, geometry: true };
        let Rows { set, address } = query.read(self.client)?;
        let set = Value::Object(set);
        let count = set["features"].as_array().map_or(0, Vec::len);
        if count == 0 {
            let came = format!("{service} has nothing of {}", self.area.as_str());
            let advice = "is the code that of a local authority of that year?";
            return Err(FetchError::remote(address, came, advice));
        }
        let held = held_in(file, &set, wanted.start)?;
        let bytes = set.to_string().into_bytes();
        self.keep(&mut sources, file, address, ONS_LICENCE, (wanted.vintage, count as u64), &bytes)?;
        Ok(held)
    }

    pub(super) fn keep(
        &self,
        sources: &mut Sources,
        file: &str,
        address: String,
        licence: &str,
        (vintage, features): (&str, u64),
        bytes: &[u8],
    ) -> Result<(), FetchError> {
        lay_down(&self.folder.join(file), bytes)?;
        sources.enter(Source {
            file: file.to_owned(),
            address,
            fetched: stamp(self.now),
            licence: licence.to_owned(),
            sha256: sha256(bytes),
            bytes: bytes.len() as u64,
            vintage: vintage.to_owned(),
            features: Some(features),
        })?;
        self.watch.say(&format!("{file}: {features} areas"));
        Ok(())
    }
}

/// The fields of a layer's file, by its first feature.
pub(super) fn held_in(file: &str, set: &Value, start: &str) -> Result<Held, FetchError> {
    let attributes = set.pointer("/features/0/attributes").and_then(Value::as_object);
    let fields = attributes.map(|attributes| attributes.keys().cloned().collect()).unwrap_or_default();
    let layer = LayerDescription { service: file.to_owned(), fields, page: 1 };
    Ok(Held {
        file: file.to_owned(),
        id_field: layer.field(start, "CD")?.to_owned(),
        name_field: layer.field(start, "NM")?.to_owned(),
    })
}

/// A moment as it stands in records: UTC, whole seconds.
pub fn stamp(now: Timestamp) -> String {
    now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

pub(super) fn read_set(path: &Path) -> Result<Value, FetchError> {
    let bytes = fs::read(path).map_err(FetchError::reading(path))?;
    serde_json::from_slice(&bytes).map_err(|cause| FetchError::content(path.display(), cause.to_string()))
}
