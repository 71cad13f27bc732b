//! Street crimes as rows of the files that data.police.uk publishes, so that they are imported alike.

use std::path::Path;

use csv::Writer;

use super::{Crime, Force};
use crate::{
    fetch::{FetchError, Outline, record::lay_down},
    model::{GridPoint, LonLat},
};

/// The twelve columns of a street file.
pub(super) const COLUMNS: [&str; 12] = [
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Crime type",
    "Last outcome category",
    "Context",
];

/// Which name the files use for a category of the interface.
const CATEGORIES: [(&str, &str); 15] = [
    ("anti-social-behaviour", "Anti-social behaviour"),
    ("bicycle-theft", "Bicycle theft"),
    ("burglary", "Burglary"),
    ("criminal-damage-arson", "Criminal damage and arson"),
    ("drugs", "Drugs"),
    ("other-crime", "Other crime"),
    ("other-theft", "Other theft"),
    ("possession-of-weapons", "Possession of weapons"),
    ("public-order", "Public order"),
    ("robbery", "Robbery"),
    ("shoplifting", "Shoplifting"),
    ("theft-from-the-person", "Theft from the person"),
    ("vehicle-crime", "Vehicle crime"),
    ("violent-crime", "Violence and sexual offences"),
    ("violence-and-sexual-offences", "Violence and sexual offences"),
];

const TRANSPORT: &str = "British Transport Police";

/// A file of one month.
#[derive(Clone, Debug)]
pub struct MonthFile {
    /// The file's bytes: CSV in the form of data.police.uk.
    pub bytes: Vec<u8>,
    /// Rows in it.
    pub rows: u64,
    /// Crimes that lie outside and are not in it.
    pub outside: u64,
    /// Crimes without a place, which may lie anywhere and are not in it.
    pub nowhere: u64,
}

impl MonthFile {
    /// Writes it, whole or not at all.
    ///
    /// # Errors
    /// [`FetchError::Disk`].
    pub fn save(&self, path: &Path) -> Result<(), FetchError> {
        lay_down(path, &self.bytes)
    }
}

/// The crimes within `margin_m` metres of the outline as a street file. The interface does not say which force recorded a
/// crime, but whether it was the British Transport Police; all others are taken for `force`'s, whose ground the borough is.
///
/// # Errors
/// [`FetchError::Faults`] with every category that is not known and every place that is none.
pub fn to_csv(
    crimes: &[Crime],
    force: &Force,
    outline: &Outline,
    margin_m: f64,
) -> Result<MonthFile, FetchError> {
    let mut faults = Vec::new();
    let mut file = MonthFile { bytes: Vec::new(), rows: 0, outside: 0, nowhere: 0 };
    let mut writer = Writer::from_writer(Vec::new());
    let broken = |cause: csv::Error| FetchError::content("a street file", cause.to_string());
    writer.write_record(COLUMNS).map_err(broken)?;
    for crime in crimes {
        let Some(location) = &crime.location else {
            file.nowhere += 1;
            continue;
        };
        let category = CATEGORIES.iter().find(|(slug, _)| *slug == crime.category).map(|(_, name)| *name);
        if category.is_none() {
            faults.push(format!(
                "crime {}: '{}': the category is not known to this version",
                crime.id, crime.category
            ));
        }
        let place = grid(&location.longitude, &location.latitude);
        if place.is_none() {
            let value = format!("{}, {}", location.latitude, location.longitude);
            faults.push(format!(
                "crime {}: '{value}': a place is latitude and longitude in Great Britain",
                crime.id
            ));
        }
        let (Some(category), Some(place)) = (category, place) else { continue };
        if !outline.holds(place, margin_m) {
            file.outside += 1;
            continue;
        }
        let reported = if crime.location_type.as_deref() == Some("BTP") { TRANSPORT } else { &force.name };
        let outcome = crime.outcome_status.as_ref().map_or("", |outcome| outcome.category.as_str());
        let row = [
            crime.persistent_id.as_str(),
            &crime.month,
            reported,
            reported,
            &location.longitude,
            &location.latitude,
            &location.street.name,
            "",
            "",
            category,
            outcome,
            crime.context.as_deref().unwrap_or_default(),
        ];
        writer.write_record(row).map_err(broken)?;
        file.rows += 1;
    }
    if !faults.is_empty() {
        return Err(FetchError::Faults(faults));
    }
    file.bytes =
        writer.into_inner().map_err(|cause| FetchError::content("a street file", cause.to_string()))?;
    Ok(file)
}

pub(super) fn grid(longitude: &str, latitude: &str) -> Option<GridPoint> {
    let degrees = LonLat::new(longitude.parse().ok()?, latitude.parse().ok()?).ok()?;
    crate::crs::from_lonlat(degrees).ok().map(|position| position.grid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_has_one_name() {
        let slugs: std::collections::BTreeSet<_> = CATEGORIES.iter().map(|(slug, _)| slug).collect();
        assert_eq!(slugs.len(), CATEGORIES.len());
    }
}
