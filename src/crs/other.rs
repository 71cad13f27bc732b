//! Every other coordinate system, by PROJ.

use std::{cell::RefCell, collections::HashMap};

use proj::Proj;

use crate::model::{Invalid, LonLat};

thread_local! {
    // A `Proj` may not cross threads, and building one costs milliseconds: each thread keeps its own.
    static PROJECTIONS: RefCell<HashMap<u32, Proj>> = RefCell::new(HashMap::new());
}

/// Longitude and latitude of projected coordinates `x` (east), `y` (north) in the system with that
/// EPSG number, in the axis order of maps (easting or longitude first).
///
/// Use [`super::osgb`] for 27700: PROJ has no OSTN15 grid at hand here and would be metres off.
///
/// # Errors
/// [`Invalid`] for a number that PROJ does not know and for coordinates it cannot transform.
///
/// # Example
/// ```
/// use hotspots::crs::other;
/// let dudley = other::to_lonlat(3857, -231_650.2, 6_893_063.2).unwrap();
/// assert!((dudley.lon_deg() - -2.080949).abs() < 1e-5);
/// ```
pub fn to_lonlat(epsg: u32, x: f64, y: f64) -> Result<LonLat, Invalid> {
    PROJECTIONS.with_borrow_mut(|known| {
        let projection = match known.entry(epsg) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(entry) => {
                let made =
                    Proj::new_known_crs(&format!("EPSG:{epsg}"), "OGC:CRS84", None).map_err(|cause| {
                        Invalid::new(
                            format_args!("EPSG:{epsg}"),
                            format!("the coordinate system is not known ({cause})"),
                        )
                    })?;
                entry.insert(made)
            }
        };
        let (lon_deg, lat_deg) = projection.convert((x, y)).map_err(|cause| {
            Invalid::new(
                format_args!("{x} {y}"),
                format!("the coordinates cannot be transformed from EPSG:{epsg} ({cause})"),
            )
        })?;
        LonLat::new(lon_deg, lat_deg)
    })
}
