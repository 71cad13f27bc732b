//! The coordinate systems that clients can ask for, and the order of their axes.

use std::{fmt, str::FromStr};

use geo_types::Coord;

use super::Plane;
use crate::model::Invalid;

/// A coordinate system that layers are offered in (OGC API – Features Part 2, 18-058r1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Crs {
    /// WGS 84, longitude before latitude: what GeoJSON is written in.
    #[default]
    Crs84,
    /// EPSG:4326: WGS 84, latitude before longitude.
    Wgs84,
    /// EPSG:3857: spherical Mercator, metres.
    WebMercator,
    /// EPSG:27700: the British National Grid, metres.
    BritishGrid,
}

impl Crs {
    /// All of them, the default first.
    pub const ALL: [Self; 4] = [Self::Crs84, Self::Wgs84, Self::WebMercator, Self::BritishGrid];

    /// Its identifier.
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Crs84 => "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
            Self::Wgs84 => "http://www.opengis.net/def/crs/EPSG/0/4326",
            Self::WebMercator => "http://www.opengis.net/def/crs/EPSG/0/3857",
            Self::BritishGrid => "http://www.opengis.net/def/crs/EPSG/0/27700",
        }
    }

    /// Its short name, as WMS has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Crs84 => "CRS:84",
            Self::Wgs84 => "EPSG:4326",
            Self::WebMercator => "EPSG:3857",
            Self::BritishGrid => "EPSG:27700",
        }
    }

    /// The plane of its coordinates.
    pub const fn plane(self) -> Plane {
        match self {
            Self::Crs84 | Self::Wgs84 => Plane::Degrees,
            Self::WebMercator => Plane::Mercator,
            Self::BritishGrid => Plane::Grid,
        }
    }

    /// Whether its first axis runs to the north.
    pub const fn north_first(self) -> bool {
        matches!(self, Self::Wgs84)
    }

    /// Two numbers in the order of its axes as x to the east, y to the north. It is its own inverse.
    ///
    /// # Example
    /// ```
    /// use geo_types::coord;
    /// use hotspots::feature::Crs;
    /// let lat_lon = coord! { x: 52.5, y: -2.08 };
    /// assert_eq!(Crs::Wgs84.ordered(lat_lon), coord! { x: -2.08, y: 52.5 });
    /// assert_eq!(Crs::Crs84.ordered(lat_lon), lat_lon);
    /// ```
    pub const fn ordered(self, at: Coord) -> Coord {
        if self.north_first() { Coord { x: at.y, y: at.x } } else { at }
    }

    /// Decimals that are written: a centimetre or better.
    pub const fn decimals(self) -> usize {
        match self.plane() {
            Plane::Degrees => 7,
            Plane::Mercator | Plane::Grid => 3,
        }
    }
}

/// Reads its identifier as `http(s)` address, `urn:ogc:def:crs:`, `EPSG:27700`, `CRS:84`, with or without a
/// version, and in brackets `[EPSG:27700]`.
impl FromStr for Crs {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let known = || {
            let known: Vec<_> = Self::ALL.iter().map(|crs| crs.uri()).collect();
            Invalid::new(
                text,
                format!("not a coordinate system of this layer; there are {}", known.join(", ")),
            )
        };
        let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
        let bare =
            ["http://www.opengis.net/def/crs/", "https://www.opengis.net/def/crs/", "urn:ogc:def:crs:"]
                .iter()
                .find_map(|prefix| bare.strip_prefix(prefix))
                .unwrap_or(bare);
        let parts: Vec<&str> = bare.split(['/', ':']).collect();
        let (authority, code) = match parts.as_slice() {
            [authority, code] | [authority, _, code] => (authority.to_ascii_uppercase(), *code),
            _ => return Err(known()),
        };
        match (authority.as_str(), code) {
            ("OGC", "CRS84") | ("CRS", "84" | "CRS84") => Ok(Self::Crs84),
            ("EPSG", "4326") => Ok(Self::Wgs84),
            ("EPSG", "3857" | "900913") => Ok(Self::WebMercator),
            ("EPSG", "27700") => Ok(Self::BritishGrid),
            _ => Err(known()),
        }
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_system_is_read() {
        for crs in Crs::ALL {
            assert_eq!(crs.uri().parse::<Crs>(), Ok(crs));
            assert_eq!(crs.name().parse::<Crs>(), Ok(crs));
            assert_eq!(crs.uri().replace("http:", "https:").parse::<Crs>(), Ok(crs));
        }
        for (text, crs) in [
            ("urn:ogc:def:crs:EPSG::27700", Crs::BritishGrid),
            ("urn:ogc:def:crs:OGC:1.3:CRS84", Crs::Crs84),
            ("OGC:CRS84", Crs::Crs84),
            ("[EPSG:3857]", Crs::WebMercator),
        ] {
            assert_eq!(text.parse::<Crs>(), Ok(crs), "{text}");
        }
        for text in ["", "EPSG", "EPSG:1", "http://www.opengis.net/def/crs/0/unsupported", "a:b:c:d"] {
            assert!(text.parse::<Crs>().is_err(), "{text}");
        }
    }
}
