//! The planes that layers are drawn and written in.

use geo_types::{Coord, MultiPolygon};

use super::Bounds;
use crate::{
    crs::{mercator, osgb},
    model::{GridPoint, Invalid, LonLat},
};

/// A plane of coordinates, x to the east and y to the north in each.
///
/// The order in which a client is given the two numbers is a matter of its coordinate system, and of the edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Plane {
    /// Longitude and latitude of WGS 84, degrees.
    Degrees,
    /// Spherical ("web") Mercator, EPSG:3857, metres.
    Mercator,
    /// The British National Grid, EPSG:27700, metres, by OSTN15.
    Grid,
}

/// Into how many parts a side is divided, to see how it bends.
const STEPS: u32 = 20;

impl Plane {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Degrees, Self::Mercator, Self::Grid];

    /// Where a position given in degrees lies.
    ///
    /// # Errors
    /// [`Invalid`] for a position that the plane does not reach: beyond Great Britain for the grid, at the
    /// poles for Mercator.
    ///
    /// # Example
    /// ```
    /// use hotspots::{feature::Plane, model::LonLat};
    /// let at = Plane::Grid.project(LonLat::new(-2.080949, 52.549678).unwrap()).unwrap();
    /// assert_eq!((at.x, at.y), (394_607.653, 294_649.284));
    /// ```
    pub fn project(self, at: LonLat) -> Result<Coord, Invalid> {
        match self {
            Self::Degrees => Ok(Coord { x: at.lon_deg(), y: at.lat_deg() }),
            Self::Mercator => mercator::from_lonlat(at),
            Self::Grid => osgb::to_grid(at).map(GridPoint::coord),
        }
    }

    /// The degrees of a position in the plane.
    ///
    /// # Errors
    /// [`Invalid`] for a position that the plane does not have.
    pub fn unproject(self, at: Coord) -> Result<LonLat, Invalid> {
        match self {
            Self::Degrees => LonLat::new(at.x, at.y),
            Self::Mercator => mercator::to_lonlat(at),
            Self::Grid => osgb::to_lonlat(GridPoint::new(at.x, at.y)?),
        }
    }

    /// The shape of degrees in this plane, corner by corner: sides are straight between corners in every plane.
    ///
    /// # Errors
    /// [`Invalid`] for a corner that the plane does not reach.
    pub fn project_shape(self, shape: &MultiPolygon<f64>) -> Result<MultiPolygon<f64>, Invalid> {
        use geo::MapCoords;
        shape.try_map_coords(|at| self.project(LonLat::new(at.x, at.y)?))
    }

    /// The box in `to` around a box in this plane, its sides sampled, as they bend from one plane to another.
    /// Parts that `to` does not reach are left out; `None` where nothing of it is reached.
    pub fn bounds_in(self, bounds: &Bounds, to: Self) -> Option<Bounds> {
        if self == to {
            return Some(*bounds);
        }
        let along = |low: f64, high: f64, step: u32| low + (high - low) * f64::from(step) / f64::from(STEPS);
        let (min, max) = (bounds.min(), bounds.max());
        let sides = (0..=STEPS).flat_map(|step| {
            let (x, y) = (along(min.x, max.x, step), along(min.y, max.y, step));
            [
                Coord { x, y: min.y },
                Coord { x, y: max.y },
                Coord { x: min.x, y },
                Coord { x: max.x, y },
                Coord { x, y },
            ]
        });
        Bounds::around(sides.filter_map(|at| self.unproject(at).and_then(|at| to.project(at)).ok()))
    }
}
