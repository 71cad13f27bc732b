//! From JSON objects and features to incidents.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::{
    intake::{
        Unplaced,
        draft::{self, At, Drafted, Drafter, Fault},
        fields::{Field, Values},
        format,
        mapping::{Crs, Mapping},
        options::Options,
        place::Point,
    },
    model::{Incident, Invalid},
};

use super::members::{kind_of, members, text_of};

/// The member of a feature that says why it was rejected.
pub(in crate::intake) const REJECT_OF_FEATURE: &str = "reject";
/// The member of another object that says it.
pub(in crate::intake) const REJECT_OF_OBJECT: &str = "_reject";

/// An incident, and the name of a place that could not place it.
type Told = (Incident, Option<Unplaced>);

/// Names of members that are remembered.
const REMEMBERED: usize = 1 << 12;

/// Makes incidents of the objects of one file.
pub(super) struct Objects<'o> {
    drafter: Drafter<'o>,
    mapping: Mapping,
    columns: usize,
    /// The system of geometries.
    pub(super) crs: Crs,
    /// Whether the file is one of rejects.
    pub(super) mended: bool,
    fields: FxHashMap<String, Option<Field>>,
}

/// What is known of a row before its values are looked at.
struct Row<'a> {
    /// Each with its name and its value as text; empty ones are left out.
    members: Vec<(String, Cow<'a, str>)>,
    id: Cow<'a, str>,
    geometry: Option<Point>,
    mended_line: Option<String>,
}

impl<'o> Objects<'o> {
    pub(super) fn new(name: &str, options: &'o Options) -> Self {
        Self {
            drafter: Drafter::new(name, options),
            mapping: options.mapping.clone().unwrap_or_default(),
            columns: options.limits.columns,
            crs: Crs::LonLat,
            mended: format::names_rejects(name),
            fields: FxHashMap::default(),
        }
    }

    /// The incident of a feature or, where `plain` objects are allowed, of an object whose members
    /// are its values, and what could not place it. `None` for a note of a file of rejects, which has nothing of its own.
    ///
    /// # Errors
    /// The member at fault as people see it, and what is wrong with it.
    pub(super) fn incident(
        &mut self,
        text: &str,
        line: u64,
        plain: bool,
    ) -> Result<Option<Told>, (Option<String>, Invalid)> {
        match self.try_incident(text, line, plain) {
            Ok(drafted) => Ok(drafted),
            Err(Fault { at: At::Name(name), invalid }) => Err((Some(name), invalid)),
            Err(Fault { at: At::Row, invalid }) => Err((None, invalid)),
            Err(Fault { at: At::Field(field), invalid }) => {
                let name = self.name_of(field, text);
                Err((Some(name), invalid))
            }
        }
    }

    fn try_incident(&mut self, text: &str, line: u64, plain: bool) -> Result<Option<Told>, Fault> {
        let top = members(text).map_err(Fault::row)?;
        let kind = top.iter().find(|(name, _)| name == "type").map(|(_, value)| *value);
        let row = match kind {
            Some("\"Feature\"") => self.feature(top, line)?,
            Some("\"FeatureCollection\"") => {
                let rule =
                    "a feature is expected here, not a collection of them: give the collection as .geojson";
                return Err(Fault::named("type", Invalid::new("FeatureCollection", rule)));
            }
            _ if plain => self.object(top, line)?,
            _ => {
                let rule = "a feature is expected here: an object with \"type\": \"Feature\"";
                return Err(Fault::named("type", Invalid::new(kind.unwrap_or_default(), rule)));
            }
        };
        let Some(row) = row else { return Ok(None) };
        let Drafted { incident, unplaced } = self.of_row(&row)?;
        let unplaced = unplaced.map(|(field, why)| {
            let member = row.members.iter().find(|(name, _)| self.field_of(name) == Some(field));
            let (name, value) = member.map_or((field.name(), ""), |(name, value)| (name, value));
            Unplaced::new(line, name.to_owned(), value.trim(), why)
        });
        Ok(Some((incident, unplaced)))
    }

    fn feature<'a>(&self, top: Vec<(String, &'a str)>, line: u64) -> Result<Option<Row<'a>>, Fault> {
        let mut row =
            Row { members: Vec::new(), id: "".into(), geometry: None, mended_line: self.line_of(None, line) };
        let mut note = None;
        for (name, value) in top {
            match name.as_str() {
                "id" => row.id = scalar("id", value)?,
                "geometry" => row.geometry = self.geometry(value)?,
                "properties" if value != "null" => {
                    let properties = members(value).map_err(|fault| Fault::named("properties", fault))?;
                    row.members = self.texts(properties)?;
                }
                REJECT_OF_FEATURE | REJECT_OF_OBJECT => {
                    note = Some(value);
                    row.mended_line = self.line_of(Some(value), line);
                }
                "crs" if !["null", "CRS84", "4326"].iter().any(|known| value.contains(known)) => {
                    let rule = "a coordinate system stands in the collection, not in a feature";
                    return Err(Fault::named("crs", Invalid::new(value, rule)));
                }
                _ => {}
            }
        }
        let Some(note) =
            note.filter(|_| row.members.is_empty() && row.geometry.is_none() && row.id.is_empty())
        else {
            return Ok(Some(row));
        };
        if members(note).is_ok_and(|parts| parts.iter().any(|(name, _)| name == "original")) {
            let rule = "the text in \"original\" was no JSON: mend it and put it in place of this feature";
            return Err(Fault::named(REJECT_OF_FEATURE, Invalid::new("", rule)));
        }
        Ok(None)
    }

    fn object<'a>(&self, mut top: Vec<(String, &'a str)>, line: u64) -> Result<Option<Row<'a>>, Fault> {
        let note = top.iter().position(|(name, _)| name == REJECT_OF_OBJECT).map(|at| top.remove(at).1);
        if note.is_some() && top.is_empty() {
            return Ok(None);
        }
        let mut geometry = None;
        if let Some(at) = top.iter().position(|(name, value)| name == "geometry" && value.starts_with('{')) {
            geometry = self.geometry(top.remove(at).1)?;
        }
        let mended_line = self.line_of(note, line);
        Ok(Some(Row { members: self.texts(top)?, id: "".into(), geometry, mended_line }))
    }

    /// The line that a mended row had in the file it was rejected from; its own where it names none.
    fn line_of(&self, note: Option<&str>, line: u64) -> Option<String> {
        #[derive(Deserialize)]
        struct Note {
            line: u64,
        }
        match note.map(serde_json::from_str::<Note>) {
            Some(Ok(note)) => Some(note.line.to_string()),
            None if !self.mended => None,
            Some(Err(_)) | None => Some(format!("added-{line}")),
        }
    }

    fn texts<'a>(&self, members: Vec<(String, &'a str)>) -> Result<Vec<(String, Cow<'a, str>)>, Fault> {
        if members.len() > self.columns {
            let rule = format!("an object has at most {} members", self.columns);
            return Err(Fault::row(Invalid::new(members.len(), rule)));
        }
        let mut texts = Vec::with_capacity(members.len());
        for (name, value) in members {
            match text_of(value) {
                Ok(text) if text.trim().is_empty() || self.mapping.is_missing(text.trim()) => {}
                Ok(text) => texts.push((name, text)),
                Err(fault) => return Err(Fault::named(name, fault)),
            }
        }
        Ok(texts)
    }

    fn of_row(&mut self, row: &Row<'_>) -> Result<Drafted, Fault> {
        let mut values = Values::default();
        let mut attributes = Vec::new();
        for (name, value) in &row.members {
            match self.field_of(name) {
                Some(field) if values.get(field).is_empty() => {
                    values.set(field, value);
                    if field.is_attribute_too() && self.mapping.keeps(name) {
                        attributes.push(draft::attribute(name, value.trim())?);
                    }
                }
                Some(field) => {
                    let rule = format!(
                        "two members mean {}, the other with the value '{}'",
                        field.name(),
                        Invalid::new(values.get(field), "").value
                    );
                    return Err(Fault::named(name, Invalid::new(value, rule)));
                }
                None if self.mapping.keeps(name) => attributes.push(draft::attribute(name, value.trim())?),
                None => {}
            }
        }
        // The feature's own id counts, unless the mapping says where another is.
        if !row.id.is_empty() && self.mapping.column(Field::Id).is_none() {
            let other = values.get(Field::Id);
            if !other.is_empty() && other != row.id {
                let rule = format!("the feature's id is '{}': name the right one in a mapping file", row.id);
                return Err(Fault::of(Field::Id, Invalid::new(other, rule)));
            }
            values.set(Field::Id, &row.id);
        }
        self.drafter.incident(&values, row.geometry, attributes, row.mended_line.as_deref())
    }

    fn field_of(&mut self, name: &str) -> Option<Field> {
        if let Some(&field) = self.fields.get(name) {
            return field;
        }
        let field = self.mapping.field_of(name);
        if self.fields.len() >= REMEMBERED {
            self.fields.clear();
        }
        self.fields.insert(name.to_owned(), field);
        field
    }

    fn geometry(&self, value: &str) -> Result<Option<Point>, Fault> {
        #[derive(Deserialize)]
        struct Geometry {
            r#type: String,
            coordinates: Option<serde_json::Value>,
        }
        let fault = |shown: &str, rule: String| Fault::named("geometry", Invalid::new(shown, rule));
        if value == "null" {
            return Ok(None);
        }
        if !value.starts_with('{') {
            return Err(fault(value, format!("a geometry is an object or null, not {}", kind_of(value))));
        }
        let geometry: Geometry = serde_json::from_str(value)
            .map_err(|cause| fault(value, format!("not a geometry of GeoJSON: {cause}")))?;
        if geometry.r#type != "Point" {
            return Err(fault(
                &geometry.r#type,
                "an incident has a Point, or null where it is not known".to_owned(),
            ));
        }
        let coordinates = geometry.coordinates.unwrap_or_default();
        let numbers: Option<Vec<f64>> =
            coordinates.as_array().and_then(|all| all.iter().map(serde_json::Value::as_f64).collect());
        match numbers.as_deref() {
            Some(&[x, y] | &[x, y, _]) => Ok(Some(Point { crs: self.crs, x, y })),
            _ => Err(fault(&coordinates.to_string(), "a Point has two numbers, longitude first".to_owned())),
        }
    }

    /// The member of `text` that holds `field`.
    fn name_of(&mut self, field: Field, text: &str) -> String {
        let top = members(text).unwrap_or_default();
        let properties = top.iter().find(|(name, _)| name == "properties").map(|(_, value)| *value);
        let inner = properties.and_then(|value| members(value).ok()).unwrap_or_default();
        let names = inner.into_iter().chain(top).map(|(name, _)| name);
        names
            .into_iter()
            .find(|name| self.field_of(name) == Some(field))
            .unwrap_or_else(|| field.name().to_owned())
    }
}

fn scalar<'a>(name: &str, value: &'a str) -> Result<Cow<'a, str>, Fault> {
    if value.starts_with(['{', '[', 't', 'f']) {
        let rule = format!("an id is a text or a number, not {}", kind_of(value));
        return Err(Fault::named(name, Invalid::new(value, rule)));
    }
    text_of(value).map_err(|fault| Fault::named(name, fault))
}
