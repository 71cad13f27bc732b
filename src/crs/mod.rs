//! Coordinate systems: degrees, the British National Grid, grid references, and everything else.
//!
//! The national grid is reached by OSTN15 (Ordnance Survey's definitive transformation, accurate to
//! centimetres); the seven-parameter Helmert form that many tools fall back to without saying so is
//! 1.7 m off in Dudley and is not used anywhere.

pub mod gridref;
pub mod mercator;
pub mod osgb;
pub mod other;

use crate::model::{GridPoint, Invalid, LonLat, Position};

/// The place of a longitude and latitude.
///
/// # Errors
/// [`Invalid`] when it lies outside Great Britain; where swapping the two numbers would put it
/// inside, the rule says so.
///
/// # Example
/// ```
/// use hotspots::{crs, model::LonLat};
/// let place = crs::from_lonlat(LonLat::new(-2.080949, 52.549678).unwrap()).unwrap();
/// assert_eq!(place.grid.easting_m(), 394_607.653);
/// ```
pub fn from_lonlat(lonlat: LonLat) -> Result<Position, Invalid> {
    let grid = osgb::to_grid(lonlat)?;
    Ok(Position { grid, lonlat })
}

/// The place of an easting and northing.
///
/// # Errors
/// [`Invalid`] when it lies outside the area that OSTN15 covers.
pub fn from_grid(grid: GridPoint) -> Result<Position, Invalid> {
    let lonlat = osgb::to_lonlat(grid)?;
    Ok(Position { grid, lonlat })
}
