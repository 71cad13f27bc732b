//! Spherical ("web") Mercator, EPSG:3857: the plane of map tiles.

use std::f64::consts::{FRAC_PI_4, PI};

use geo_types::Coord;

use crate::model::{Invalid, LonLat};

/// The radius of its sphere, metres.
const RADIUS_M: f64 = 6_378_137.0;
/// Half the side of its square, metres: tiles cover −this to +this both ways.
pub const HALF_SIDE_M: f64 = PI * RADIUS_M;

/// The position of a longitude and latitude (IOGP Guidance Note 7-2, §3.2.1.2, method 1024).
///
/// # Errors
/// [`Invalid`] at the poles, which lie at infinity.
///
/// # Example
/// ```
/// use hotspots::{crs::mercator, model::LonLat};
/// let at = mercator::from_lonlat(LonLat::new(-2.080949, 52.549678).unwrap()).unwrap();
/// assert!((at.x - -231_650.18).abs() < 0.01 && (at.y - 6_900_131.09).abs() < 0.01);
/// ```
pub fn from_lonlat(at: LonLat) -> Result<Coord, Invalid> {
    let lat = at.lat_deg().to_radians();
    if lat.abs() >= PI / 2.0 - 1e-9 {
        return Err(Invalid::new(at.lat_deg(), "the poles are not on a Mercator map"));
    }
    Ok(Coord {
        x: RADIUS_M * at.lon_deg().to_radians(),
        y: RADIUS_M * libm::log(libm::tan(FRAC_PI_4 + lat / 2.0)),
    })
}

/// The longitude and latitude of a position.
///
/// # Errors
/// [`Invalid`] for positions east or west of the map, and for numbers that are not finite.
pub fn to_lonlat(at: Coord) -> Result<LonLat, Invalid> {
    let lat = 2.0 * libm::atan(libm::exp(at.y / RADIUS_M)) - PI / 2.0;
    // The easternmost meridian may come out a rounding beyond 180 degrees.
    let lon = (at.x / RADIUS_M).to_degrees();
    let lon = if lon.abs() <= 180.0 + 1e-9 { lon.clamp(-180.0, 180.0) } else { lon };
    LonLat::new(lon, lat.to_degrees())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_is_the_same_place() {
        for (lon, lat) in [(-2.08, 52.55), (0.0, 0.0), (180.0, 85.0), (-180.0, -85.0)] {
            let back = to_lonlat(from_lonlat(LonLat::new(lon, lat).unwrap()).unwrap()).unwrap();
            assert!(
                (back.lon_deg() - lon).abs() < 1e-9 && (back.lat_deg() - lat).abs() < 1e-9,
                "{lon} {lat}"
            );
        }
    }

    #[test]
    fn what_is_not_on_the_map_is_refused() {
        assert!(from_lonlat(LonLat::new(0.0, 90.0).unwrap()).is_err());
        assert!(to_lonlat(Coord { x: 3e7, y: 0.0 }).is_err());
        assert!(to_lonlat(Coord { x: f64::NAN, y: 0.0 }).is_err());
    }
}
