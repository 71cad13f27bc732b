//! What a text that somebody types may mean: one understanding for suggestions and for geocoding.

use super::{PlaceKind, index::comparable};
use crate::{
    crs,
    gazetteer::{PostcodeName, Uprn, postcode::readings, prefix::Prefix},
    model::{LonLat, Metres, Position},
};

/// Everything that a text may mean; it may be several things, and what is not there is not meant.
pub(super) struct Understood {
    /// A grid reference of two digits or more, or a pair of degrees.
    pub position: Option<Read>,
    /// What it names among postcodes.
    pub postcodes: Vec<PostcodeName>,
    /// What it begins among postcodes.
    pub prefix: Option<Prefix>,
    /// A property.
    pub uprn: Option<Uprn>,
    /// The text as names are compared.
    pub name: String,
}

/// What a position was read from: its kind, its name as it is shown, itself, and the side of its square.
pub(super) type Read = (PlaceKind, String, Position, Option<Metres>);

impl Understood {
    pub fn of(typed: &str) -> Self {
        Self {
            position: grid_square(typed).or_else(|| coordinates(typed)),
            postcodes: readings(typed).unwrap_or_default(),
            prefix: Prefix::of(typed),
            uprn: typed.parse().ok(),
            name: comparable(typed),
        }
    }
}

/// A grid reference. Two letters alone are the beginning of a name rather than a square of 100 km.
fn grid_square(typed: &str) -> Option<Read> {
    let letters: String = typed.split_whitespace().collect::<String>().to_ascii_uppercase();
    let (centre, side) = crs::gridref::parse(&letters).ok()?;
    let half = (letters.len() - 2) / 2;
    if half == 0 {
        return None;
    }
    // What was parsed is ASCII.
    let (square, digits) = letters.split_at(2);
    let (east, north) = digits.split_at(half);
    let position = crs::from_grid(centre).ok()?;
    Some((PlaceKind::GridReference, format!("{square} {east} {north}"), position, Some(side)))
}

/// Latitude and longitude, as people write them, or the other way round: in Great Britain no pair is both.
fn coordinates(typed: &str) -> Option<Read> {
    let (one, other) = pair(typed)?;
    let position = |lat: f64, lon: f64| LonLat::new(lon, lat).and_then(crs::from_lonlat).ok();
    let position = position(one, other).or_else(|| position(other, one))?;
    let name = format!("{}, {}", position.lonlat.lat_deg(), position.lonlat.lon_deg());
    Some((PlaceKind::Coordinates, name, position, None))
}

/// Two numbers of degrees, wherever they lie.
pub(super) fn pair(typed: &str) -> Option<(f64, f64)> {
    let parts: Vec<&str> = typed
        .split(|c: char| c == ',' || c == ';' || c.is_whitespace())
        .filter(|part| !part.is_empty())
        .collect();
    let &[one, other] = parts.as_slice() else { return None };
    degrees(one).zip(degrees(other))
}

/// A number of degrees, with or without the sign for them.
fn degrees(text: &str) -> Option<f64> {
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+');
    let text = text.trim_end_matches('°').replace('−', "-");
    text.parse::<f64>().ok().filter(|number| number.is_finite() && text.chars().all(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grid_references_are_read_with_two_digits_or_more() {
        let (kind, name, position, side) = grid_square("so 945905").unwrap();
        assert_eq!(
            (kind, name.as_str(), side.unwrap().get()),
            (PlaceKind::GridReference, "SO 945 905", 100.0)
        );
        assert_eq!(position.grid.easting_m().to_string(), "394550");
        for text in ["so", "st", "SO 9", "Soho 12", "", "ſt 12", "ZZ 12 12"] {
            assert!(grid_square(text).is_none(), "{text}");
        }
    }

    #[test]
    fn degrees_are_read_in_both_orders_and_only_in_great_britain() {
        for text in ["52.51, -2.08", "52.51 -2.08", "-2.08,52.51", "52.51°; −2.08°"] {
            let (kind, name, position, _) = coordinates(text).unwrap();
            assert_eq!((kind, name.as_str()), (PlaceKind::Coordinates, "52.51, -2.08"), "{text}");
            assert!((position.lonlat.lat_deg() - 52.51).abs() < 1e-12);
        }
        for text in
            ["52.51", "52.51, -2.08, 3", "1, 2", "52.51, nan", "5e1, -2", "inf, 2", "a, b", "48.8, 2.3"]
        {
            assert!(coordinates(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_text_may_be_a_district_and_a_square() {
        let both = Understood::of("sk11");
        assert!(both.position.is_some() && both.postcodes.len() == 2);
        let number = Understood::of("90014521");
        assert!(number.uprn.is_some() && number.postcodes.is_empty() && number.position.is_none());
        assert!(Understood::of("high street").postcodes.is_empty());
    }
}
