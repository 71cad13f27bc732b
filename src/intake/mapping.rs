//! How columns and members are understood: by their names, or as a mapping file says.
//!
//! # Names that are known
//! Case, spaces and punctuation do not matter: `Crime type`, `crime_type` and `CrimeType` are one.
//!
//! | field | names of columns and members |
//! |---|---|
//! | `id` (replaces what the source gave under it before) | id, uid, urn, uuid, incident id, incident no, incident number, incident ref, crime ref, crime no, crime number |
//! | `reference` (identifies nothing for certain) | reference, ref, crime id, persistent id |
//! | `category` | category, crime type, crime category, incident type, offence, offence type, offense, offense type |
//! | `lon`, `lat` | lon, lng, long, longitude; lat, latitude |
//! | `easting`, `northing` | easting, eastings, east; northing, northings, north |
//! | `x`, `y` (only with `crs`) | x; y |
//! | `gridref` | gridref, grid reference, national grid reference, ngr, osgr, os grid ref, os grid reference |
//! | `uprn`, `postcode` (place a row that has no other position; kept as attributes too) | uprn, unique property reference number; postcode, post code, pcd, pcds |
//! | `occurred` | occurred, occurred at, occurred on, date, datetime, date occurred, incident date, offence date, offense date, timestamp, month |
//! | `start`, `end` | start, start date, start datetime, occurred from, occurred start, from; end, end date, end datetime, occurred to, occurred end, to |
//! | `weight` | weight |
//! | `source` | source, reported by, force |
//! | `street` | street, street name, location, address |
//! | `outcome` | outcome, outcome category, last outcome category |
//!
//! Every other column or member is kept as an attribute under its own name. Two names for one field
//! are not decided by chance: the file is refused until a mapping file names one of them.
//!
//! # A mapping file
//! ```
//! let mapping = hotspots::intake::mapping::Mapping::parse(
//!     r#"
//!     source = "fire-service"            # of rows that name none
//!     category = "deliberate-fire"       # of every row, in place of a column
//!     crs = "EPSG:3857"                  # the system of x and y
//!     date_format = "%d.%m.%Y %H:%M"     # of every time, as strptime has it
//!     missing = ["NA", "-"]              # values that mean none
//!     attributes = ["Station", "Cause"]  # kept as they are; without this line, all others
//!
//!     [columns]
//!     x = "Grid X"
//!     y = "Grid Y"
//!     occurred = "Call received"
//!     "#,
//! );
//! assert!(mapping.is_ok());
//! ```

use std::{collections::BTreeMap, str::FromStr};

use serde::Deserialize;

use crate::{
    crs,
    model::{Category, Invalid},
};

use super::fields::Field;

/// A checked mapping file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping {
    pub(super) source: Option<String>,
    pub(super) category: Option<Category>,
    pub(super) crs: Option<Crs>,
    pub(super) date_format: Option<String>,
    pub(super) missing: Vec<String>,
    pub(super) attributes: Option<Vec<String>>,
    /// Names of columns or members, by the number of the field.
    columns: [Option<String>; Field::ALL.len()],
}

/// The system of coordinates that are not said to be degrees or of the national grid by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Crs {
    /// Longitude and latitude, in this order.
    LonLat,
    /// Easting and northing on the national grid.
    Grid,
    /// The system with this EPSG number.
    Other(u32),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    source: Option<String>,
    category: Option<String>,
    crs: Option<String>,
    date_format: Option<String>,
    #[serde(default)]
    missing: Vec<String>,
    attributes: Option<Vec<String>>,
    #[serde(default)]
    columns: BTreeMap<String, String>,
}

impl Mapping {
    /// Reads the text of a mapping file, which is TOML.
    ///
    /// # Errors
    /// [`Invalid`] for what is no TOML, an unknown key, a field that does not exist, a field without
    /// the one that it needs, and a coordinate system that is not known.
    ///
    /// # Example
    /// ```
    /// use hotspots::intake::mapping::Mapping;
    /// assert!(Mapping::parse("[columns]\ncategory = \"Offence\"").is_ok());
    /// let fault = Mapping::parse("[columns]\nkategory = \"Offence\"").unwrap_err();
    /// assert_eq!(fault.value, "kategory");
    /// ```
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let wire: Wire = toml::from_str(text).map_err(|cause| {
            let before = cause.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            Invalid::new(
                text.lines().nth(line - 1).unwrap_or_default(),
                format!(
                    "line {line}: {}; a mapping file is TOML, as in [columns] category = \"Offence\"",
                    cause.message()
                ),
            )
        })?;
        let mut columns: [Option<String>; Field::ALL.len()] = std::array::from_fn(|_| None);
        for (key, name) in wire.columns {
            let field = Field::of_key(&key).ok_or_else(|| {
                let known: Vec<_> = Field::ALL.iter().map(|field| field.name()).collect();
                Invalid::new(&key, format!("[columns] knows the fields {}", known.join(", ")))
            })?;
            if columns.iter().flatten().any(|taken| same_name(taken, &name)) {
                return Err(Invalid::new(name, "a column is named for one field only"));
            }
            columns[field.index()] = Some(name);
        }
        let crs = wire.crs.as_deref().map(str::parse).transpose()?;
        let named = |field: Field| columns[field.index()].is_some();
        for (one, other) in
            [(Field::Lon, Field::Lat), (Field::Easting, Field::Northing), (Field::X, Field::Y)]
        {
            if named(one) != named(other) {
                return Err(Invalid::new(
                    one.name(),
                    format!("{} and {} go together", one.name(), other.name()),
                ));
            }
        }
        if named(Field::X) && crs.is_none() {
            return Err(Invalid::new("x", "x and y need crs, as in crs = \"EPSG:3857\""));
        }
        if wire.category.is_some() && named(Field::Category) {
            return Err(Invalid::new("category", "the category is either one for all or in a column"));
        }
        Ok(Self {
            source: wire.source.as_deref().map(super::draft::source_slug).transpose()?,
            category: wire.category.as_deref().map(Category::from_label).transpose()?,
            crs,
            date_format: wire.date_format,
            missing: wire.missing,
            attributes: wire.attributes,
            columns,
        })
    }

    /// The column or member that the file names for `field`.
    pub(super) fn column(&self, field: Field) -> Option<&str> {
        self.columns[field.index()].as_deref()
    }

    /// The field that a column or member of that name holds.
    pub(super) fn field_of(&self, name: &str) -> Option<Field> {
        let named = Field::ALL
            .into_iter()
            .find(|&field| self.column(field).is_some_and(|column| same_name(column, name)));
        named.or_else(|| Field::of_name(name).filter(|&field| !self.settles(field)))
    }

    /// Whether `field` is taken from where this file says, so that names mean nothing for it.
    fn settles(&self, field: Field) -> bool {
        let named = |one: Field| self.column(one).is_some();
        match field {
            Field::Category => named(field) || self.category.is_some(),
            // x and y are names of many things: only a stated system makes them coordinates.
            Field::X | Field::Y => named(field) || self.crs.is_none(),
            Field::Occurred => named(field) || named(Field::Start) || named(Field::End),
            Field::Start | Field::End => named(field) || named(Field::Occurred),
            _ => named(field),
        }
    }

    /// Whether the column or member of that name is kept as an attribute.
    pub(super) fn keeps(&self, name: &str) -> bool {
        self.attributes.as_ref().is_none_or(|kept| kept.iter().any(|one| same_name(one, name)))
    }

    /// Whether that value stands for none.
    pub(super) fn is_missing(&self, value: &str) -> bool {
        self.missing.iter().any(|one| one == value)
    }
}

/// Whether two names of columns are one, apart from case and surrounding space.
pub(super) fn same_name(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

const CRS_RULE: &str = "a coordinate system is named by its EPSG number, as in EPSG:3857";

impl FromStr for Crs {
    type Err = Invalid;

    /// Reads `EPSG:27700`, and the forms of GeoJSON's old `crs` member:
    /// `urn:ogc:def:crs:EPSG::27700`, `urn:ogc:def:crs:OGC:1.3:CRS84`.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let upper = text.trim().to_ascii_uppercase();
        let (rest, number) = upper.rsplit_once(':').ok_or_else(|| Invalid::new(text, CRS_RULE))?;
        if number == "CRS84" {
            return Ok(Self::LonLat);
        }
        let is_epsg = rest == "EPSG" || rest.starts_with("URN:OGC:DEF:CRS:EPSG:");
        match number.parse::<u32>().ok().filter(|_| is_epsg) {
            Some(4326) => Ok(Self::LonLat),
            Some(27700) => Ok(Self::Grid),
            Some(number) => {
                // Asked for once here, so that an unknown one is not looked for again at every row.
                let unknown = format!("EPSG:{number}");
                match crs::other::to_lonlat(number, 0.0, 0.0) {
                    Err(fault) if fault.value == unknown => Err(fault),
                    _ => Ok(Self::Other(number)),
                }
            }
            None => Err(Invalid::new(text, CRS_RULE)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_column_keeps_other_names_from_meaning_its_field() {
        let mapping = Mapping::parse("[columns]\noccurred = \"Call received\"").unwrap();
        assert_eq!(mapping.field_of(" call RECEIVED"), Some(Field::Occurred));
        assert_eq!(mapping.field_of("date"), None);
        assert_eq!(mapping.field_of("start"), None);
        assert_eq!(mapping.field_of("latitude"), Some(Field::Lat));
        assert_eq!(mapping.field_of("x"), None);
    }

    #[test]
    fn coordinate_systems_are_read_in_their_usual_forms() {
        for (text, crs) in [
            ("EPSG:27700", Crs::Grid),
            ("urn:ogc:def:crs:EPSG::27700", Crs::Grid),
            ("urn:ogc:def:crs:OGC:1.3:CRS84", Crs::LonLat),
            ("epsg:4326", Crs::LonLat),
            ("EPSG:3857", Crs::Other(3857)),
        ] {
            assert_eq!(text.parse(), Ok(crs), "{text}");
        }
        for text in ["", "27700", "EPSG:", "EPSG:-1", "ESRI:102100", "EPSG:99999999999", "EPSG:999999"] {
            assert!(text.parse::<Crs>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_mapping_that_cannot_work_says_which_key_is_wrong() {
        for (text, value) in [
            ("[columns]\nx = \"X\"\ny = \"Y\"", "x"),
            ("[columns]\nlon = \"X\"", "lon"),
            ("[columns]\nlon = \"X\"\nlat = \"x \"", "X"),
            ("category = \"a\"\n[columns]\ncategory = \"X\"", "category"),
            ("category = \"--\"", "--"),
            ("crs = \"27700\"", "27700"),
        ] {
            assert_eq!(Mapping::parse(text).unwrap_err().value, value, "{text}");
        }
        assert!(Mapping::parse("colums = 1").unwrap_err().value.contains("colums"));
        assert!(Mapping::parse("= broken").is_err());
    }
}
