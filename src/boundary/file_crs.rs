//! The coordinate system of a boundary file: by its manifest, and by what the file says itself.

use crate::{
    crs,
    model::{GridPoint, Invalid, LonLat, Position},
};

/// The coordinate system of a boundary file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileCrs {
    /// EPSG:4326 (or CRS84), longitude first as in every GeoJSON file.
    LonLat,
    /// EPSG:27700.
    Grid,
    /// Any other that PROJ knows, by its EPSG number.
    Other(u32),
}

impl FileCrs {
    /// Reads a name: `EPSG:27700`, `urn:ogc:def:crs:EPSG::27700`, `OGC:CRS84`, `urn:ogc:def:crs:OGC:1.3:CRS84`.
    pub(super) fn parse(name: &str) -> Result<Self, Invalid> {
        let upper = name.trim().to_ascii_uppercase();
        let parts: Vec<&str> = upper.strip_prefix("URN:OGC:DEF:CRS:").unwrap_or(&upper).split(':').collect();
        let epsg = match parts[..] {
            ["CRS84"] | ["OGC", "CRS84"] | ["OGC", _, "CRS84"] => Some(4326),
            ["EPSG", number] | ["EPSG", _, number] => number.parse().ok(),
            _ => None,
        };
        match epsg {
            Some(4326) => Ok(Self::LonLat),
            Some(27700) => Ok(Self::Grid),
            Some(number) => crs::other::check_known(number).map(|()| Self::Other(number)),
            None => {
                Err(Invalid::new(name, "a coordinate system is written EPSG: and a number, as in EPSG:27700"))
            }
        }
    }

    pub(super) fn place(self, x: f64, y: f64) -> Result<Position, Invalid> {
        match self {
            Self::LonLat => crs::from_lonlat(LonLat::new(x, y)?),
            Self::Grid => crs::from_grid(GridPoint::new(x, y)?),
            Self::Other(epsg) => crs::from_lonlat(crs::other::to_lonlat(epsg, x, y)?),
        }
    }
}

/// What a file says of its coordinate system.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct StatedCrs {
    /// Where and how it says so, as in `its 'crs' member says 'EPSG:27700'`.
    pub(super) said: String,
    /// Which one that is, or why it is not known.
    pub(super) crs: Result<FileCrs, String>,
}

impl StatedCrs {
    /// What `place` (as in `its 'crs' member`) says by a name that [`FileCrs::parse`] reads.
    pub(super) fn by_name(place: &str, name: &str) -> Self {
        Self {
            said: format!("{place} says '{name}'"),
            crs: FileCrs::parse(name).map_err(|fault| format!("{place} is not understood: {fault}")),
        }
    }
}

/// The coordinate system to read a file by: what the manifest says, what the file says, or degrees.
///
/// A file whose system is not understood is read by the manifest.
///
/// # Errors
/// Where both say something and not the same, one of the two is wrong and areas would be drawn elsewhere; and where the
/// manifest says nothing and the file something that is not understood.
pub(super) fn settle(manifest: Option<FileCrs>, file: Option<&StatedCrs>) -> Result<FileCrs, String> {
    match (manifest, file) {
        (Some(crs), Some(StatedCrs { crs: Ok(stated), said })) if crs != *stated => {
            Err(format!("{said}, the manifest another coordinate system"))
        }
        (Some(crs), _) => Ok(crs),
        (None, Some(StatedCrs { crs: Ok(stated), .. })) => Ok(*stated),
        (None, Some(StatedCrs { crs: Err(fault), .. })) => {
            Err(format!("{fault}; give it as 'crs' in the manifest"))
        }
        (None, None) => Ok(FileCrs::LonLat),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_every_spelling() {
        for name in ["EPSG:27700", " epsg:27700 ", "urn:ogc:def:crs:EPSG::27700", "EPSG:9.8:27700"] {
            assert_eq!(FileCrs::parse(name).unwrap(), FileCrs::Grid, "{name}");
        }
        for name in ["EPSG:4326", "OGC:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84"] {
            assert_eq!(FileCrs::parse(name).unwrap(), FileCrs::LonLat, "{name}");
        }
        assert_eq!(FileCrs::parse("EPSG:3857").unwrap(), FileCrs::Other(3857));
        assert!(FileCrs::parse("27700").is_err());
    }

    #[test]
    fn manifest_and_file_must_agree_and_either_is_enough() {
        let grid = StatedCrs::by_name("its .prj", "EPSG:27700");
        let unknown = StatedCrs::by_name("its .prj", "local");
        assert_eq!(settle(None, None), Ok(FileCrs::LonLat));
        assert_eq!(settle(None, Some(&grid)), Ok(FileCrs::Grid));
        assert_eq!(settle(Some(FileCrs::Grid), Some(&grid)), Ok(FileCrs::Grid));
        assert_eq!(settle(Some(FileCrs::Grid), Some(&unknown)), Ok(FileCrs::Grid));
        let told = settle(Some(FileCrs::LonLat), Some(&grid)).unwrap_err();
        assert_eq!(told, "its .prj says 'EPSG:27700', the manifest another coordinate system");
        let told = settle(None, Some(&unknown)).unwrap_err();
        assert!(told.starts_with("its .prj is not understood: 'local': "), "{told}");
    }
}
