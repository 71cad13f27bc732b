//! Degrees to the national grid and back by OSTN15.

use crate::model::{GridPoint, Invalid, LonLat};

/// Longitudes of Great Britain, degrees.
const BRITAIN_LON_DEG: std::ops::RangeInclusive<f64> = -9.1..=2.1;
/// Latitudes of Great Britain, degrees.
const BRITAIN_LAT_DEG: std::ops::RangeInclusive<f64> = 49.7..=61.0;

fn in_britain(lon_deg: f64, lat_deg: f64) -> bool {
    BRITAIN_LON_DEG.contains(&lon_deg) && BRITAIN_LAT_DEG.contains(&lat_deg)
}

/// Grid position of a longitude and latitude, to the millimetre.
///
/// # Errors
/// [`Invalid`] outside the area that OSTN15 covers; a swapped pair is recognised and named.
///
/// # Example
/// ```
/// use hotspots::{crs::osgb, model::LonLat};
/// let grid = osgb::to_grid(LonLat::new(-1.2978227724, 50.57563665).unwrap()).unwrap();
/// assert_eq!((grid.easting_m(), grid.northing_m()), (449_816.371, 75_335.861)); // OS test point TP04
/// ```
pub fn to_grid(lonlat: LonLat) -> Result<GridPoint, Invalid> {
    let (lon, lat) = (lonlat.lon_deg(), lonlat.lat_deg());
    let shown = || format!("{lon} {lat}");
    if in_britain(lon, lat)
        && let Ok((easting_m, northing_m)) = lonlat_bng::convert_osgb36(lon, lat)
    {
        return GridPoint::new(easting_m, northing_m);
    }
    if in_britain(lat, lon) {
        return Err(Invalid::new(
            shown(),
            "longitude and latitude look swapped: longitude comes first and is between -9 and 2",
        ));
    }
    Err(Invalid::new(shown(), "the position is not in Great Britain, the area of the national grid"))
}

/// Longitude and latitude of a grid position, to better than 1e-8 degrees.
///
/// # Errors
/// [`Invalid`] outside the area that OSTN15 covers.
pub fn to_lonlat(grid: GridPoint) -> Result<LonLat, Invalid> {
    let (easting_m, northing_m) = (grid.easting_m(), grid.northing_m());
    lonlat_bng::convert_osgb36_to_ll(easting_m, northing_m)
        .map_err(|cause| {
            Invalid::new(
                format_args!("{easting_m} {northing_m}"),
                format!("the position is outside the area of the national grid transformation ({cause})"),
            )
        })
        .and_then(|(lon_deg, lat_deg)| LonLat::new(lon_deg, lat_deg))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swapped_degrees_are_named_as_such() {
        let fault = to_grid(LonLat::new(52.5, -2.08).unwrap()).unwrap_err();
        assert!(fault.rule.contains("swapped"), "{fault}");
    }

    #[test]
    fn a_position_abroad_is_refused() {
        for (lon, lat) in [(0.0, 0.0), (2.35, 48.85), (-2.0, -52.5), (-30.0, 55.0)] {
            assert!(to_grid(LonLat::new(lon, lat).unwrap()).is_err(), "{lon} {lat}");
        }
    }

    #[test]
    fn there_and_back_is_within_a_millimetre() {
        let start = GridPoint::new(394_607.653, 294_649.284).unwrap();
        let back = to_grid(to_lonlat(start).unwrap()).unwrap();
        assert!(start.distance_2(back).sqrt() <= 0.0015);
    }
}
