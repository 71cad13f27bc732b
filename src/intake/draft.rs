//! From the values of one row to an incident: one place for every format.

use rustc_hash::FxHashMap;

use crate::{
    gazetteer::Gazetteer,
    model::{Category, Incident, Invalid, Occurred, PositionedBy, TimePrecision, incident::MENDED_PREFIX},
};

use super::{
    Why,
    fields::{Field, Values},
    format,
    mapping::{Crs, Mapping},
    named::{self, Named},
    options::Options,
    place::{Places, Point, number},
    when,
};

/// Bytes of a street, an outcome, an attribute.
const LONGEST_TEXT: usize = 4_096;
/// Bytes of an id or a reference.
const LONGEST_ID: usize = 256;
/// No incident counts a million times another.
const LARGEST_WEIGHT: f64 = 1e6;
/// Spellings of categories that are remembered.
const REMEMBERED: usize = 1 << 12;

/// What is wrong with one value of a row.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) at: At,
    pub(super) invalid: Invalid,
}

/// Where a fault stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// In the column or member that holds this field.
    Field(Field),
    /// In the column or member of this name.
    Name(String),
    /// In the row as a whole.
    Row,
}

impl Fault {
    pub(super) fn of(field: Field, invalid: Invalid) -> Self {
        Self { at: At::Field(field), invalid }
    }

    pub(super) fn named(name: impl Into<String>, invalid: Invalid) -> Self {
        Self { at: At::Name(name.into()), invalid }
    }

    pub(super) fn row(invalid: Invalid) -> Self {
        Self { at: At::Row, invalid }
    }
}

/// What was made of one row.
#[derive(Debug)]
pub(super) struct Drafted {
    pub(super) incident: Incident,
    /// The field with the name of a place that could not place it, and why.
    pub(super) unplaced: Option<(Field, Why)>,
}

/// Makes incidents of the rows of one file. What repeats from row to row is worked out once.
pub(super) struct Drafter<'o> {
    mapping: Option<&'o Mapping>,
    /// The source of rows that name none.
    source: Result<String, Invalid>,
    /// The file's name without endings, which is part of the id of a mended row.
    stem: String,
    /// Whether the file is police.uk's, whose every row names a source and a month.
    pub(super) police: bool,
    places: Places,
    gazetteer: Option<&'o Gazetteer>,
    categories: FxHashMap<String, Category>,
    last_occurred: Option<(String, Occurred)>,
    last_source: Option<(String, String)>,
}

impl<'o> Drafter<'o> {
    pub(super) fn new(name: &str, options: &'o Options) -> Self {
        let mapping = options.mapping.as_ref();
        let source = match (mapping.and_then(|mapping| mapping.source.clone()), &options.source) {
            (Some(source), _) => Ok(source),
            (None, Some(source)) => source_slug(source),
            (None, None) => source_slug(format::stem(name)),
        };
        Self {
            mapping,
            source,
            stem: format::stem(name).to_owned(),
            police: false,
            places: Places::default(),
            gazetteer: options.gazetteer.as_deref(),
            categories: FxHashMap::default(),
            last_occurred: None,
            last_source: None,
        }
    }

    /// The incident that a row describes.
    ///
    /// `mended_line` is the line that the row has in the file it was rejected from, where this file
    /// is one of rejects.
    pub(super) fn incident(
        &mut self,
        values: &Values<'_>,
        geometry: Option<Point>,
        attributes: Vec<(String, String)>,
        mended_line: Option<&str>,
    ) -> Result<Drafted, Fault> {
        let occurred = self.occurred(values)?;
        let category = self.category(values.get(Field::Category))?;
        let mut unplaced = None;
        let given = self.places.of(values, self.crs(), geometry)?;
        let placed = match given {
            Some(_) => given,
            None => match named::of(values, self.gazetteer)? {
                Named::Nothing => None,
                Named::At(position, by) => Some((position, by)),
                Named::Unplaced(field, why) => {
                    unplaced = Some((field, why));
                    None
                }
            },
        };
        let mut own_id = text(values, Field::Id, LONGEST_ID)?;
        if own_id.is_none()
            && let Some(line) = mended_line
        {
            own_id = Some(format!("{MENDED_PREFIX}{}:{}:{line}", occurred.month(), self.stem));
        }
        let incident = Incident {
            source: self.source(values.get(Field::Source))?,
            own_id,
            reference: text(values, Field::Reference, LONGEST_ID)?,
            occurred,
            category,
            weight: weight(values.get(Field::Weight))?,
            position: placed.map(|(position, _)| position),
            positioned_by: placed.map_or(PositionedBy::Coordinates, |(_, by)| by),
            street: text(values, Field::Street, LONGEST_TEXT)?,
            outcome: text(values, Field::Outcome, LONGEST_TEXT)?,
            attributes,
        };
        Ok(Drafted { incident, unplaced })
    }

    /// The system of x and y.
    fn crs(&self) -> Option<Crs> {
        self.mapping.and_then(|mapping| mapping.crs)
    }

    fn occurred(&mut self, values: &Values<'_>) -> Result<Occurred, Fault> {
        let (start, end) = (values.get(Field::Start), values.get(Field::End));
        let at = values.get(Field::Occurred);
        if at.is_empty() && start.is_empty() {
            let field = if end.is_empty() { Field::Occurred } else { Field::Start };
            return Err(Fault::of(field, Invalid::new("", "an incident has a time, at least its month")));
        }
        let interval = !start.is_empty() || !end.is_empty();
        if interval && !at.is_empty() {
            return Err(Fault::of(
                Field::Occurred,
                Invalid::new(at, "the time is either one, or a start and an end"),
            ));
        }
        if !at.is_empty() {
            let occurred = self.time(at).map_err(|fault| Fault::of(Field::Occurred, fault))?;
            if self.police && occurred.precision() != TimePrecision::Month {
                return Err(Fault::of(
                    Field::Occurred,
                    Invalid::new(at, "police.uk gives a month, as in 2014-01"),
                ));
            }
            return Ok(occurred);
        }
        let from = self.time(start).map_err(|fault| Fault::of(Field::Start, fault))?;
        if end.is_empty() {
            return Ok(from);
        }
        let to = self.time(end).map_err(|fault| Fault::of(Field::End, fault))?;
        when::between(from, to, &format!("{start} to {end}")).map_err(|fault| Fault::of(Field::End, fault))
    }

    fn time(&mut self, written: &str) -> Result<Occurred, Invalid> {
        if let Some((last, occurred)) = &self.last_occurred
            && last == written
        {
            return Ok(*occurred);
        }
        let occurred = match self.mapping.and_then(|mapping| mapping.date_format.as_deref()) {
            Some(format) => when::parse_format(written, format),
            None => when::parse(written),
        }?;
        self.last_occurred = Some((written.to_owned(), occurred));
        Ok(occurred)
    }

    fn category(&mut self, label: &str) -> Result<Category, Fault> {
        if let Some(category) = self.mapping.and_then(|mapping| mapping.category.as_ref()) {
            return Ok(category.clone());
        }
        if let Some(category) = self.categories.get(label) {
            return Ok(category.clone());
        }
        let category = Category::from_label(label).map_err(|fault| Fault::of(Field::Category, fault))?;
        if self.categories.len() >= REMEMBERED {
            self.categories.clear();
        }
        self.categories.insert(label.to_owned(), category.clone());
        Ok(category)
    }

    fn source(&mut self, label: &str) -> Result<String, Fault> {
        if label.is_empty() && !self.police {
            return self.source.clone().map_err(|fault| Fault::of(Field::Source, fault));
        }
        if let Some((last, slug)) = &self.last_source
            && last == label
        {
            return Ok(slug.clone());
        }
        let slug = source_slug(label).map_err(|fault| Fault::of(Field::Source, fault))?;
        self.last_source = Some((label.to_owned(), slug.clone()));
        Ok(slug)
    }
}

/// The slug of a source's name: `west-midlands-police`.
pub(super) fn source_slug(label: &str) -> Result<String, Invalid> {
    match Category::from_label(label) {
        Ok(slug) => Ok(slug.as_str().to_owned()),
        Err(fault) => Err(Invalid { rule: fault.rule.replace("a category", "a source"), ..fault }),
    }
}

fn text(values: &Values<'_>, field: Field, longest: usize) -> Result<Option<String>, Fault> {
    let value = values.get(field);
    if value.len() > longest {
        let rule = format!("a text here has at most {longest} bytes");
        return Err(Fault::of(field, Invalid::new(value, rule)));
    }
    Ok((!value.is_empty()).then(|| value.to_owned()))
}

/// Checks an attribute's value.
pub(super) fn attribute(name: &str, value: &str) -> Result<(String, String), Fault> {
    if value.len() > LONGEST_TEXT {
        let rule = format!("a text here has at most {LONGEST_TEXT} bytes");
        return Err(Fault::named(name, Invalid::new(value, rule)));
    }
    Ok((name.to_owned(), value.to_owned()))
}

fn weight(written: &str) -> Result<f64, Fault> {
    if written.is_empty() {
        return Ok(1.0);
    }
    let weight = number(written).map_err(|fault| Fault::of(Field::Weight, fault))?;
    if (0.0..=LARGEST_WEIGHT).contains(&weight) {
        // A negative zero is a zero, and is written as one.
        return Ok(weight + 0.0);
    }
    Err(Fault::of(Field::Weight, Invalid::new(written, "a weight lies between 0 and 1000000")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn incident(row: &[(Field, &'static str)]) -> Result<Incident, Fault> {
        let mut values = Values::default();
        for (field, value) in row {
            values.set(*field, value);
        }
        let drafted =
            Drafter::new("fires.csv", &Options::default()).incident(&values, None, Vec::new(), None);
        drafted.map(|drafted| drafted.incident)
    }

    #[test]
    fn a_time_and_a_category_are_enough() {
        let incident = incident(&[(Field::Occurred, "2024-03"), (Field::Category, "Bin fire")]).unwrap();
        assert_eq!((incident.source.as_str(), incident.category.as_str()), ("fires", "bin-fire"));
        assert!(incident.position.is_none() && incident.own_id.is_none());
        assert!((incident.weight - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_row_without_what_it_needs_names_the_field() {
        for (row, field) in [
            (&[(Field::Category, "x")][..], Field::Occurred),
            (&[(Field::Occurred, "2024-03")], Field::Category),
            (&[(Field::Category, "x"), (Field::End, "2024-03")], Field::Start),
            (
                &[(Field::Category, "x"), (Field::Occurred, "2024-03"), (Field::Start, "2024-03")],
                Field::Occurred,
            ),
            (&[(Field::Category, "x"), (Field::Start, "2024-03"), (Field::End, "2024-02")], Field::End),
            (&[(Field::Category, "x"), (Field::Occurred, "2024-03"), (Field::Weight, "-1")], Field::Weight),
            (&[(Field::Category, "x"), (Field::Occurred, "2024-03"), (Field::Weight, "1e7")], Field::Weight),
            (&[(Field::Category, "x"), (Field::Occurred, "2024-03"), (Field::Source, "?")], Field::Source),
        ] {
            assert_eq!(incident(row).unwrap_err().at, At::Field(field), "{row:?}");
        }
    }
}
