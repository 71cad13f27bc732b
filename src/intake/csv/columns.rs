//! Which column holds what.

use std::collections::HashSet;

use crate::{
    intake::{
        draft::{self, Fault},
        fields::Field,
        mapping::{Mapping, same_name},
        options::Options,
    },
    model::Invalid,
};

use super::{REJECT_COLUMNS, records::Records};

/// The columns by which a street file of police.uk is recognised. The others of its twelve (Crime
/// ID, Falls within, Location, LSOA code, LSOA name, Last outcome category, Context) may be missing.
const POLICE_COLUMNS: [&str; 5] = ["Month", "Reported by", "Longitude", "Latitude", "Crime type"];

/// Police.uk's columns that become attributes, and under which name.
const POLICE_ATTRIBUTES: [(&str, &str); 4] = [
    ("LSOA code", "lsoa_code"),
    ("LSOA name", "lsoa_name"),
    (FALLS_WITHIN, "falls_within"),
    ("Context", "context"),
];

/// Kept only where it is not the force that reported.
const FALLS_WITHIN: &str = "Falls within";

/// Bytes of the names of columns that are shown in a message.
const SHOWN_NAMES: usize = 1_000;

/// How the columns of one file are understood.
#[derive(Debug)]
pub(super) struct Columns {
    names: Vec<String>,
    fields: Vec<(Field, usize)>,
    attributes: Vec<(usize, String)>,
    /// Columns that a file of rejects added.
    added: Vec<usize>,
    reject_line: Option<usize>,
    police: bool,
    /// Police.uk's "Falls within" and "Reported by".
    forces: Option<(usize, usize)>,
    /// Values that stand for none.
    missing: Vec<String>,
}

impl Columns {
    /// Understands a header line.
    ///
    /// # Errors
    /// [`Invalid`] for doubled names, two columns for one field, a column of the mapping that is not
    /// there, and a file without time, category or position; it says which columns were seen.
    pub(super) fn of_header(header: &[String], options: &Options) -> Result<Self, Invalid> {
        let refuse =
            |value: &str, what: String| Err(Invalid::new(value, format!("{what}; {}", seen(header))));
        if header.len() > options.limits.columns {
            let limit = options.limits.columns;
            return Err(Invalid::new(header.len(), format!("a CSV file has at most {limit} columns")));
        }
        let names: Vec<String> = header
            .iter()
            .enumerate()
            .map(|(number, name)| match name.trim() {
                "" => format!("column {}", number + 1),
                name => name.to_owned(),
            })
            .collect();
        let mut taken = HashSet::new();
        for name in &names {
            if !taken.insert(name.to_lowercase()) {
                return refuse(name, "two columns have this name: rename one".to_owned());
            }
        }
        let find = |wanted: &str| names.iter().position(|name| same_name(name, wanted));
        let police = options.mapping.is_none() && POLICE_COLUMNS.iter().all(|&column| find(column).is_some());
        let mapping = options.mapping.clone().unwrap_or_default();
        for field in Field::ALL {
            if let Some(column) = mapping.column(field).filter(|column| find(column).is_none()) {
                let what =
                    format!("the mapping takes {} from a column that this file does not have", field.name());
                return refuse(column, what);
            }
        }
        let mut columns = Self {
            fields: Vec::new(),
            attributes: Vec::new(),
            added: REJECT_COLUMNS.iter().filter_map(|&column| find(column)).collect(),
            reject_line: find(REJECT_COLUMNS[0]),
            police,
            forces: if police { find(FALLS_WITHIN).zip(find("Reported by")) } else { None },
            missing: mapping.missing.clone(),
            names,
        };
        columns.assign(&mapping, header)?;
        columns.check_required(&mapping, header)?;
        Ok(columns)
    }

    fn assign(&mut self, mapping: &Mapping, header: &[String]) -> Result<(), Invalid> {
        for (column, name) in self.names.iter().enumerate() {
            if self.added.contains(&column) {
                continue;
            }
            if let Some(field) = mapping.field_of(name) {
                if let Some(&(_, other)) = self.fields.iter().find(|(one, _)| *one == field) {
                    let key = field.name();
                    let rule = format!(
                        "'{}' and '{name}' both mean {key}: name one in a mapping file, as in [columns] {key} = \
                         \"{name}\", or rename one; {}",
                        self.names[other],
                        seen(header)
                    );
                    return Err(Invalid::new(name, rule));
                }
                self.fields.push((field, column));
                if !field.is_attribute_too() {
                    continue;
                }
            }
            let police_name = POLICE_ATTRIBUTES
                .iter()
                .find(|(theirs, _)| self.police && same_name(theirs, name))
                .map(|pair| pair.1);
            if mapping.keeps(name) {
                self.attributes.push((column, police_name.unwrap_or(name).to_owned()));
            }
        }
        Ok(())
    }

    fn check_required(&self, mapping: &Mapping, header: &[String]) -> Result<(), Invalid> {
        let has = |field: Field| self.column_of(field).is_some();
        let refuse = |value: &str, what: &str| {
            let advice = "rename a column, or name it in a mapping file";
            Err(Invalid::new(value, format!("{what}: {advice}; {}", seen(header))))
        };
        if !has(Field::Category) && mapping.category.is_none() {
            return refuse("category", "no column is known to hold the category");
        }
        if !has(Field::Occurred) && !has(Field::Start) {
            return refuse("occurred", "no column is known to hold the time");
        }
        if has(Field::Occurred) && (has(Field::Start) || has(Field::End)) {
            return refuse("occurred", "there are columns for one time and for a start or an end");
        }
        let pairs = [(Field::Lon, Field::Lat), (Field::Easting, Field::Northing), (Field::X, Field::Y)];
        for (one, other) in pairs {
            if has(one) != has(other) {
                let (found, missing) = if has(one) { (one, other) } else { (other, one) };
                let what = format!("there is a column for {} and none for {}", found.name(), missing.name());
                return refuse(missing.name(), &what);
            }
        }
        let names_places = [Field::GridRef, Field::Uprn, Field::Postcode].into_iter().any(has);
        if !names_places && !pairs.iter().any(|&(one, _)| has(one)) {
            if self.names.iter().any(|name| Field::of_name(name) == Some(Field::X)) {
                return refuse(
                    "x",
                    "x and y are coordinates only when a mapping file says of which system (crs)",
                );
            }
            return refuse("lon", "no column is known to hold a position");
        }
        Ok(())
    }

    /// Number of fields that a row has.
    pub(super) const fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether the file is a street file of police.uk.
    pub(super) const fn is_police(&self) -> bool {
        self.police
    }

    /// The fields that have a column, and which.
    pub(super) fn fields(&self) -> impl Iterator<Item = (Field, usize)> {
        self.fields.iter().copied()
    }

    /// The column with the lines of the rows in the file that they were rejected from.
    pub(super) const fn reject_line(&self) -> Option<usize> {
        self.reject_line
    }

    /// The value of a row in a column, trimmed; empty for a missing one.
    pub(super) fn value<'r>(&self, records: &'r Records<'_>, column: usize) -> &'r str {
        let value = records.get(column).trim();
        if self.missing.iter().any(|one| one == value) { "" } else { value }
    }

    /// The value of a row for `field`; empty where it has no column.
    pub(super) fn value_of<'r>(&self, records: &'r Records<'_>, field: Field) -> &'r str {
        self.column_of(field).map_or("", |column| self.value(records, column))
    }

    /// The attributes of a row, in the order of the columns; empty ones are left out.
    pub(super) fn attributes(&self, records: &Records<'_>) -> Result<Vec<(String, String)>, Fault> {
        let mut attributes = Vec::with_capacity(self.attributes.len());
        for (column, name) in &self.attributes {
            let value = self.value(records, *column);
            let repeats = self.forces.is_some_and(|(falls_within, reported_by)| {
                *column == falls_within && value == records.get(reported_by).trim()
            });
            if !value.is_empty() && !repeats {
                attributes.push(draft::attribute(name, value)?);
            }
        }
        Ok(attributes)
    }

    /// The name of the column that holds `field`, or the field's own where there is none.
    pub(super) fn name_of(&self, field: Field) -> String {
        self.column_of(field).map_or_else(|| field.name().to_owned(), |column| self.names[column].clone())
    }

    /// The name of a column by its number.
    pub(super) fn name_at(&self, column: usize) -> Option<String> {
        self.names.get(column).cloned()
    }

    /// The header without the columns that a file of rejects added.
    pub(super) fn own_header(&self, header: &[String]) -> Vec<String> {
        self.own_fields(header.to_vec())
    }

    /// The fields of a row without those. A row with too few or too many fields has them at its end.
    pub(super) fn own_fields(&self, mut fields: Vec<String>) -> Vec<String> {
        if fields.len() != self.len() {
            fields.truncate(fields.len().saturating_sub(self.added.len()));
            return fields;
        }
        let mut number = 0;
        fields.retain(|_| {
            number += 1;
            !self.added.contains(&(number - 1))
        });
        fields
    }

    /// Whether a row has nothing of its own: a note about what could not be kept.
    pub(super) fn is_note(&self, records: &Records<'_>) -> bool {
        records.len() == self.len()
            && (0..self.len())
                .all(|column| self.added.contains(&column) || records.get(column).trim().is_empty())
    }

    fn column_of(&self, field: Field) -> Option<usize> {
        self.fields.iter().find(|(one, _)| *one == field).map(|&(_, column)| column)
    }
}

/// Which columns there are, for a message.
fn seen(header: &[String]) -> String {
    let mut names = String::new();
    for name in header {
        if names.len() + name.len() > SHOWN_NAMES {
            names.push_str(", …");
            break;
        }
        if !names.is_empty() {
            names.push_str(", ");
        }
        names.push_str(name.trim());
    }
    format!("the columns are: {names}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(header: &str, mapping: Option<&str>) -> Result<Columns, Invalid> {
        let header: Vec<String> = header.split(',').map(str::to_owned).collect();
        let mapping = mapping.map(|text| Mapping::parse(text).unwrap());
        Columns::of_header(&header, &Options { mapping, ..Options::default() })
    }

    #[test]
    fn a_street_file_is_recognised_without_its_optional_columns() {
        let full = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime \
                    type,Last outcome category,Context";
        let full = columns(full, None).unwrap();
        assert!(full.is_police());
        assert_eq!(full.name_of(Field::Reference), "Crime ID", "a Crime ID is no id of its own");
        assert_eq!(full.column_of(Field::Id), None);
        assert!(columns("MONTH, reported by ,longitude,Latitude,crime type", None).unwrap().is_police());
        assert!(!columns("Month,Force,Longitude,Latitude,LSOA code,Crime type", None).unwrap().is_police());
    }

    #[test]
    fn a_header_that_is_not_understood_says_what_was_seen_and_what_to_do() {
        for (header, value, rule) in [
            ("date,lon,lat", "category", "no column is known to hold the category"),
            ("category,lon,lat", "occurred", "hold the time"),
            ("category,date", "lon", "hold a position"),
            ("category,date,x,y", "x", "(crs)"),
            ("category,date,lon", "lat", "a column for lon and none for lat"),
            ("category,date,lon,lat,Lon", "Lon", "two columns have this name"),
            ("category,date,lon,lat,longitude", "longitude", "'lon' and 'longitude' both mean lon"),
            ("category,date,month,lon,lat", "month", "both mean occurred"),
            ("category,date,start,end,lon,lat", "occurred", "one time and for a start"),
        ] {
            let fault = columns(header, None).unwrap_err();
            assert_eq!(fault.value, value, "{header}");
            assert!(fault.rule.contains(rule), "{}", fault.rule);
            assert!(
                fault.rule.contains("the columns are: category") || header.starts_with("date"),
                "{}",
                fault.rule
            );
        }
        let fault = columns("category,date,lon,lat", Some("[columns]\nstreet = \"Road\"")).unwrap_err();
        assert_eq!(fault.value, "Road");
    }

    #[test]
    fn a_mapping_decides_between_two_columns_and_the_other_becomes_an_attribute() {
        let columns = columns("category,date,month,lon,lat", Some("[columns]\noccurred = \"date\"")).unwrap();
        assert_eq!(columns.name_of(Field::Occurred), "date");
        assert_eq!(columns.attributes, [(2, "month".to_owned())]);
    }

    #[test]
    fn the_columns_of_a_file_of_rejects_are_passed_over() {
        let columns = columns("reject_line,category,date,lon,lat,Reject_Rule", None).unwrap();
        assert!(columns.attributes.is_empty());
        assert_eq!(columns.reject_line(), Some(0));
        let fields = |n: usize| (0..n).map(|n| n.to_string()).collect::<Vec<_>>();
        assert_eq!(columns.own_fields(fields(6)), ["1", "2", "3", "4"]);
        assert_eq!(columns.own_fields(fields(5)), ["0", "1", "2"]);
        assert!(columns.own_fields(fields(1)).is_empty());
    }
}
