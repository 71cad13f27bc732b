//! Every other coordinate system, by PROJ.

use std::{
    cell::RefCell,
    collections::{HashMap, hash_map::Entry},
};

use proj::Proj;

use crate::model::{Invalid, LonLat};

thread_local! {
    // A `Proj` may not cross threads, and building one costs milliseconds: each thread keeps its own.
    static PROJECTIONS: RefCell<HashMap<u32, Proj>> = RefCell::new(HashMap::new());
}

/// Whether PROJ knows the system with that EPSG number, so that a file can be refused once and not
/// vertex by vertex.
///
/// # Errors
/// [`Invalid`] when it does not.
///
/// # Example
/// ```
/// use hotspots::crs::other;
/// assert!(other::check_known(3857).is_ok());
/// assert!(other::check_known(1).is_err());
/// ```
pub fn check_known(epsg: u32) -> Result<(), Invalid> {
    with_projection(epsg, |_| Ok(()))
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
    let (lon_deg, lat_deg) = with_projection(epsg, |projection| {
        projection.convert((x, y)).map_err(|cause| {
            Invalid::new(
                format_args!("{x} {y}"),
                format!("the coordinates cannot be transformed from EPSG:{epsg} ({cause})"),
            )
        })
    })?;
    LonLat::new(lon_deg, lat_deg)
}

fn with_projection<T>(epsg: u32, act: impl FnOnce(&Proj) -> Result<T, Invalid>) -> Result<T, Invalid> {
    PROJECTIONS.with_borrow_mut(|known| {
        let projection = match known.entry(epsg) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
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
        act(projection)
    })
}
