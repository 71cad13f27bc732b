//! Street crimes of a rectangle and a month.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::API;
use crate::{
    fetch::{Client, FetchError, Watch},
    model::{LonLat, Month},
};

/// How the service says that a rectangle holds more than 10,000 crimes.
const TOO_MANY: u16 = 503;
/// Neighbouring rectangles overlap by this much, in degrees, so that no crime falls between them.
const OVERLAP_DEG: f64 = 1e-6;
/// A rectangle is not split below this width and height, in degrees: some 70 by 110 metres.
const LEAST_DEG: f64 = 1e-3;

/// A crime as the service gives it.
#[derive(Clone, Debug, Deserialize)]
pub struct Crime {
    /// The service's own number for it.
    pub id: i64,
    /// Its 64 digits, or nothing (antisocial behaviour).
    #[serde(default)]
    pub persistent_id: String,
    /// The category's slug.
    pub category: String,
    /// The month, `2024-01`.
    pub month: String,
    /// Where; a crime may have none.
    pub location: Option<Location>,
    /// `Force` or, of the British Transport Police, `BTP`.
    #[serde(default)]
    pub location_type: Option<String>,
    /// What became of it.
    pub outcome_status: Option<Outcome>,
    /// More about it.
    #[serde(default)]
    pub context: Option<String>,
}

/// A place: the middle of a street, most often.
#[derive(Clone, Debug, Deserialize)]
pub struct Location {
    /// Degrees, as text.
    pub latitude: String,
    /// Degrees, as text.
    pub longitude: String,
    /// The street.
    pub street: Street,
}

/// A street.
#[derive(Clone, Debug, Deserialize)]
pub struct Street {
    /// `On or near High Street`.
    pub name: String,
}

/// What became of a crime.
#[derive(Clone, Debug, Deserialize)]
pub struct Outcome {
    /// In words, the last of them.
    pub category: String,
}

#[derive(Deserialize)]
struct Available {
    date: String,
}

/// The months that the service has, in order.
///
/// # Errors
/// [`FetchError`]; a date that is no month is one.
pub fn available_months(client: &Client) -> Result<Vec<Month>, FetchError> {
    let address = format!("{API}/crimes-street-dates");
    let listed: Vec<Available> = client.json(&address)?;
    let months = listed.iter().map(|one| one.date.parse::<Month>());
    let mut months = months
        .collect::<Result<Vec<_>, _>>()
        .map_err(|fault| FetchError::content(&address, fault.to_string()))?;
    months.sort_unstable();
    Ok(months)
}

/// A rectangle, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cover {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Cover {
    /// The rectangle between two corners.
    pub fn new(south_west: LonLat, north_east: LonLat) -> Self {
        Self {
            west: south_west.lon_deg(),
            south: south_west.lat_deg(),
            east: north_east.lon_deg(),
            north: north_east.lat_deg(),
        }
    }

    /// Its four quarters, which overlap; `None` where it is as small as rectangles get.
    ///
    /// # Example
    /// ```
    /// use hotspots::{fetch::police::Cover, model::LonLat};
    /// let at = |lon, lat| LonLat::new(lon, lat).unwrap();
    /// assert!(Cover::new(at(-2.2, 52.4), at(-2.0, 52.6)).quarters().is_some());
    /// assert!(Cover::new(at(-2.0005, 52.4), at(-2.0, 52.4005)).quarters().is_none());
    /// ```
    pub fn quarters(self) -> Option<[Self; 4]> {
        if self.east - self.west < LEAST_DEG && self.north - self.south < LEAST_DEG {
            return None;
        }
        let (x, y) = (f64::midpoint(self.west, self.east), f64::midpoint(self.south, self.north));
        let half = OVERLAP_DEG / 2.0;
        let (left, right) = (Self { east: x + half, ..self }, Self { west: x - half, ..self });
        let cut = |side: Self| [Self { north: y + half, ..side }, Self { south: y - half, ..side }];
        let ([south_west, north_west], [south_east, north_east]) = (cut(left), cut(right));
        Some([south_west, north_west, south_east, north_east])
    }

    fn address(self, month: Month) -> String {
        let Self { west, south, east, north } = self;
        let corners = [(south, west), (north, west), (north, east), (south, east)];
        let poly: Vec<_> = corners.iter().map(|(lat, lon)| format!("{lat:.7},{lon:.7}")).collect();
        format!("{API}/crimes-street/all-crime?date={month}&poly={}", poly.join(":"))
    }
}

/// The crimes of a month in a rectangle, in order of their ids. A rectangle with too many for one answer is split in
/// four, and these again.
///
/// # Errors
/// [`FetchError`]; a rectangle of the least size that still has too many is one, with its place.
pub fn crimes(
    client: &Client,
    month: Month,
    cover: Cover,
    watch: &dyn Watch,
) -> Result<Vec<Crime>, FetchError> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![cover];
    let mut asked = 0_u64;
    while let Some(cover) = waiting.pop() {
        let address = cover.address(month);
        asked += 1;
        if let Some(crimes) = client.json_unless::<Vec<Crime>>(TOO_MANY, &address)? {
            found.extend(crimes.into_iter().map(|crime| (crime.id, crime)));
        } else {
            let Some(quarters) = cover.quarters() else {
                let (lat, lon) =
                    (f64::midpoint(cover.south, cover.north), f64::midpoint(cover.west, cover.east));
                let came = format!(
                    "status 503 even for the smallest rectangle, around {lat:.4}, {lon:.4}: it holds more than 10,000 \
                     crimes, or the service is down"
                );
                return Err(FetchError::remote(
                    address,
                    came,
                    "try later, or take the archive with --archive",
                ));
            };
            waiting.extend(quarters);
        }
        watch.bytes(&format!("{month}, rectangles"), asked, Some(asked + waiting.len() as u64));
    }
    let wrong = found.values().find(|crime| crime.month != month.to_string());
    if let Some(wrong) = wrong {
        let came = format!("crime {} is of the month '{}', and {month} was asked for", wrong.id, wrong.month);
        return Err(FetchError::remote(cover.address(month), came, "try later"));
    }
    Ok(found.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_overlap_and_cover_the_whole() {
        let whole = Cover { west: -2.2, south: 52.4, east: -2.0, north: 52.6 };
        let [south_west, north_west, south_east, north_east] = whole.quarters().unwrap();
        assert!((south_west.east - south_east.west - OVERLAP_DEG).abs() < 1e-12);
        assert!((south_west.north - north_west.south - OVERLAP_DEG).abs() < 1e-12);
        let same = |a: f64, b: f64| a.to_bits() == b.to_bits();
        assert!(same(south_west.west, whole.west) && same(south_west.south, whole.south));
        assert!(same(north_east.east, whole.east) && same(north_east.north, whole.north));
    }

    #[test]
    fn latitude_comes_first_and_the_ring_goes_round() {
        let cover = Cover { west: -2.2, south: 52.4, east: -2.0, north: 52.6 };
        let address = cover.address("2024-01".parse().unwrap());
        let corners =
            "52.4000000,-2.2000000:52.6000000,-2.2000000:52.6000000,-2.0000000:52.4000000,-2.0000000";
        assert_eq!(address, format!("{API}/crimes-street/all-crime?date=2024-01&poly={corners}"));
    }
}
