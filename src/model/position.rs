//! Positions on the ground. Longitude/latitude and the national grid are two types, so that they
//! cannot be mixed up without a compile error.

use geo_types::MultiPolygon;

use super::Invalid;

/// A position in degrees on WGS 84 (taken as equal to ETRS89), as EPSG:4326 or CRS84 publish it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LonLat {
    lon_deg: f64,
    lat_deg: f64,
}

impl LonLat {
    /// Checks and builds a position from named degrees.
    ///
    /// # Errors
    /// [`Invalid`] when a value is not finite or out of −180…180 (longitude), −90…90 (latitude).
    ///
    /// # Example
    /// ```
    /// use hotspots::model::LonLat;
    /// let dudley = LonLat::new(-2.0809, 52.5123).unwrap();
    /// assert_eq!(dudley.lat_deg(), 52.5123);
    /// ```
    pub fn new(lon_deg: f64, lat_deg: f64) -> Result<Self, Invalid> {
        if !(-180.0..=180.0).contains(&lon_deg) {
            return Err(Invalid::new(lon_deg, "a longitude lies between -180 and 180 degrees"));
        }
        if !(-90.0..=90.0).contains(&lat_deg) {
            return Err(Invalid::new(lat_deg, "a latitude lies between -90 and 90 degrees"));
        }
        Ok(Self { lon_deg, lat_deg })
    }

    /// Degrees east of Greenwich.
    pub const fn lon_deg(self) -> f64 {
        self.lon_deg
    }

    /// Degrees north of the equator.
    pub const fn lat_deg(self) -> f64 {
        self.lat_deg
    }
}

/// A position on the British National Grid (EPSG:27700), in metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GridPoint {
    easting_m: f64,
    northing_m: f64,
}

impl GridPoint {
    /// The grid's eastern edge, in metres.
    pub const MAX_EASTING_M: f64 = 700_000.0;
    /// The grid's northern edge, in metres.
    pub const MAX_NORTHING_M: f64 = 1_300_000.0;

    /// Checks and builds a grid position from metres.
    ///
    /// # Errors
    /// [`Invalid`] when a value is not finite or lies off the grid's 700 × 1300 km.
    ///
    /// # Example
    /// ```
    /// use hotspots::model::GridPoint;
    /// assert!(GridPoint::new(394_500.0, 290_500.0).is_ok());
    /// assert!(GridPoint::new(-1.0, 290_500.0).is_err());
    /// ```
    pub fn new(easting_m: f64, northing_m: f64) -> Result<Self, Invalid> {
        if !(0.0..=Self::MAX_EASTING_M).contains(&easting_m) {
            return Err(Invalid::new(easting_m, "an easting lies between 0 and 700000 m"));
        }
        if !(0.0..=Self::MAX_NORTHING_M).contains(&northing_m) {
            return Err(Invalid::new(northing_m, "a northing lies between 0 and 1300000 m"));
        }
        Ok(Self { easting_m, northing_m })
    }

    /// Metres east of the grid's false origin.
    pub const fn easting_m(self) -> f64 {
        self.easting_m
    }

    /// Metres north of the grid's false origin.
    pub const fn northing_m(self) -> f64 {
        self.northing_m
    }

    /// The same position as a coordinate of the `geo` crate: x easting, y northing, metres.
    pub const fn coord(self) -> geo_types::Coord {
        geo_types::Coord { x: self.easting_m, y: self.northing_m }
    }

    /// Squared straight-line distance in square metres.
    ///
    /// # Example
    /// ```
    /// use hotspots::model::GridPoint;
    /// let a = GridPoint::new(0.0, 0.0).unwrap();
    /// let b = GridPoint::new(3.0, 4.0).unwrap();
    /// assert_eq!(a.distance_2(b), 25.0);
    /// ```
    pub fn distance_2(self, other: Self) -> f64 {
        let de = self.easting_m - other.easting_m;
        let dn = self.northing_m - other.northing_m;
        de * de + dn * dn
    }
}

/// One place in both systems: the grid for all computing, degrees for output and H3.
///
/// The position that was given is kept as it was given, the other one is derived, so neither is
/// degraded by a round trip.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// Where it is on the national grid.
    pub grid: GridPoint,
    /// Where it is in degrees.
    pub lonlat: LonLat,
}

/// Polygons in national grid metres.
#[derive(Clone, Debug, PartialEq)]
pub struct GridShape(pub MultiPolygon<f64>);

/// Polygons in degrees, longitude first.
#[derive(Clone, Debug, PartialEq)]
pub struct LonLatShape(pub MultiPolygon<f64>);
