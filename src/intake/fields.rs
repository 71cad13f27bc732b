//! The fields of an incident as inputs name them.

/// A field that a column or member can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Id,
    Reference,
    Category,
    Lon,
    Lat,
    Easting,
    Northing,
    X,
    Y,
    GridRef,
    Uprn,
    Postcode,
    Occurred,
    Start,
    End,
    Weight,
    Source,
    Street,
    Outcome,
}

impl Field {
    /// Every field, in the order of their numbers.
    pub(super) const ALL: [Self; 19] = [
        Self::Id,
        Self::Reference,
        Self::Category,
        Self::Lon,
        Self::Lat,
        Self::Easting,
        Self::Northing,
        Self::X,
        Self::Y,
        Self::GridRef,
        Self::Uprn,
        Self::Postcode,
        Self::Occurred,
        Self::Start,
        Self::End,
        Self::Weight,
        Self::Source,
        Self::Street,
        Self::Outcome,
    ];

    /// Its number, from 0, in tables by field.
    pub(super) const fn index(self) -> usize {
        self as usize
    }

    /// Its name in a mapping file, and the names of columns and members that mean it, in lower case
    /// without anything but letters and digits. The table in [`super::mapping`] is made of these.
    pub(super) const fn names(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Id => (
                "id",
                &[
                    "id",
                    "uid",
                    "urn",
                    "uuid",
                    "incidentid",
                    "incidentno",
                    "incidentnumber",
                    "incidentref",
                    "crimeref",
                    "crimeno",
                    "crimenumber",
                ],
            ),
            Self::Reference => ("reference", &["reference", "ref", "crimeid", "persistentid"]),
            Self::Category => (
                "category",
                &[
                    "category",
                    "crimetype",
                    "crimecategory",
                    "incidenttype",
                    "offence",
                    "offencetype",
                    "offense",
                    "offensetype",
                ],
            ),
            Self::Lon => ("lon", &["lon", "lng", "long", "longitude"]),
            Self::Lat => ("lat", &["lat", "latitude"]),
            Self::Easting => ("easting", &["easting", "eastings", "east"]),
            Self::Northing => ("northing", &["northing", "northings", "north"]),
            Self::X => ("x", &["x"]),
            Self::Y => ("y", &["y"]),
            Self::GridRef => (
                "gridref",
                &[
                    "gridref",
                    "gridreference",
                    "nationalgridreference",
                    "ngr",
                    "osgr",
                    "osgridref",
                    "osgridreference",
                ],
            ),
            Self::Uprn => ("uprn", &["uprn", "uniquepropertyreferencenumber"]),
            Self::Postcode => ("postcode", &["postcode", "pcd", "pcds"]),
            Self::Occurred => (
                "occurred",
                &[
                    "occurred",
                    "occurredat",
                    "occurredon",
                    "date",
                    "datetime",
                    "dateoccurred",
                    "incidentdate",
                    "offencedate",
                    "offensedate",
                    "timestamp",
                    "month",
                ],
            ),
            Self::Start => {
                ("start", &["start", "startdate", "startdatetime", "occurredfrom", "occurredstart", "from"])
            }
            Self::End => ("end", &["end", "enddate", "enddatetime", "occurredto", "occurredend", "to"]),
            Self::Weight => ("weight", &["weight"]),
            Self::Source => ("source", &["source", "reportedby", "force"]),
            Self::Street => ("street", &["street", "streetname", "location", "address"]),
            Self::Outcome => ("outcome", &["outcome", "outcomecategory", "lastoutcomecategory"]),
        }
    }

    /// The name in a mapping file.
    pub(super) const fn name(self) -> &'static str {
        self.names().0
    }

    /// Whether its value is kept as an attribute as well: what names a position says more than the position.
    pub(super) const fn is_attribute_too(self) -> bool {
        matches!(self, Self::Uprn | Self::Postcode)
    }

    /// The field that a column or member means by its name alone.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        let plain: String =
            name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        Self::ALL.into_iter().find(|field| field.names().1.contains(&plain.as_str()))
    }

    /// The field that a mapping file calls by `key`.
    pub(super) fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == key)
    }
}

/// The values of one row by field; an empty one is missing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Values<'a>([&'a str; Field::ALL.len()]);

impl<'a> Values<'a> {
    /// The value of `field`, trimmed.
    pub(super) const fn get(&self, field: Field) -> &'a str {
        self.0[field.index()]
    }

    /// Sets the value of `field`.
    pub(super) fn set(&mut self, field: Field, value: &'a str) {
        self.0[field.index()] = value.trim();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_two_fields_and_every_field_is_meant_by_its_own() {
        let mut seen = std::collections::HashSet::new();
        for (number, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!(field.index(), number);
            assert_eq!(Field::of_key(field.name()), Some(field));
            assert_eq!(Field::of_name(field.name()), Some(field));
            for alias in field.names().1 {
                assert!(seen.insert(*alias), "{alias}");
                assert!(alias.bytes().all(|b| b.is_ascii_lowercase()), "{alias}");
            }
        }
    }

    #[test]
    fn case_spaces_and_punctuation_of_a_name_do_not_matter() {
        assert_eq!(Field::of_name(" Crime Type "), Some(Field::Category));
        assert_eq!(Field::of_name("OS_Grid-Ref."), Some(Field::GridRef));
        assert_eq!(Field::of_name("OBJECTID"), None, "a row number of a GIS is no id");
        assert_eq!(Field::of_name(""), None);
    }
}
