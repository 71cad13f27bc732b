//! The outline of an area, as it comes from the Office for National Statistics: what is inside, and the box around it.

use geo::{
    Area as _, BooleanOps, BoundingRect, Contains, Distance, Euclidean, InteriorPoint, Intersects, MapCoords,
};
use geo_types::{Coord, LineString, MultiPolygon, Point, Polygon};
use serde_json::Value;

use super::FetchError;
use crate::{
    crs,
    model::{GridPoint, GridShape, LonLat, LonLatShape},
};

/// The easting of 2° W.
const CENTRAL_MERIDIAN_M: f64 = 400_000.0;

/// The outline of a local authority on the national grid.
#[derive(Clone, Debug)]
pub struct Outline {
    /// The authority's name.
    pub name: String,
    grid: MultiPolygon<f64>,
}

impl Outline {
    /// From the rings of an Esri geometry in EPSG:27700: exteriors clockwise, holes anticlockwise.
    ///
    /// # Errors
    /// [`FetchError::Content`] at `place` for what is no polygon of finite coordinates.
    pub fn of_rings(name: &str, geometry: &Value, place: &str) -> Result<Self, FetchError> {
        let fault = || FetchError::content(place, "the outline is to have 'rings' of easting and northing");
        let rings = geometry.get("rings").and_then(Value::as_array).ok_or_else(fault)?;
        let (mut exteriors, mut holes) = (Vec::new(), Vec::new());
        for ring in rings {
            let ring = coordinates(ring).ok_or_else(fault)?;
            let polygon = Polygon::new(ring, Vec::new());
            if polygon.signed_area() < 0.0 { exteriors.push(polygon) } else { holes.push(polygon) }
        }
        if exteriors.is_empty() {
            return Err(fault());
        }
        for hole in holes {
            let first = hole.exterior().points().next().ok_or_else(fault)?;
            // A hole may touch the ring that it lies in.
            let around = exteriors.iter_mut().find(|exterior| exterior.intersects(&first));
            around.ok_or_else(fault)?.interiors_push(hole.exterior().clone());
        }
        Ok(Self { name: name.to_owned(), grid: MultiPolygon(exteriors) })
    }

    /// Whether a place lies within `margin_m` metres of the outline or inside.
    pub fn holds(&self, place: GridPoint, margin_m: f64) -> bool {
        let point = Point(place.coord());
        self.grid.contains(&point) || (margin_m > 0.0 && Euclidean.distance(&point, &self.grid) <= margin_m)
    }

    /// The share of a polygon's area that lies inside, from 0 to 1; and whether its middle does. The polygon is on the
    /// national grid.
    pub fn share(&self, polygon: &MultiPolygon<f64>) -> (f64, bool) {
        let whole = polygon.unsigned_area();
        let inside = if whole > 0.0 { self.grid.intersection(polygon).unsigned_area() / whole } else { 0.0 };
        let middle = polygon.interior_point();
        (inside, middle.is_some_and(|middle| self.grid.contains(&middle)))
    }

    /// A place well inside, in degrees.
    ///
    /// # Errors
    /// [`FetchError::Content`] where it lies off the grid.
    pub fn middle(&self) -> Result<LonLat, FetchError> {
        let middle = self.grid.interior_point().map(|point| point.0);
        self.to_degrees(middle.unwrap_or_default())
    }

    /// The box around it, `margin_m` metres larger on each side, as its south-west and north-east corner in degrees.
    ///
    /// # Errors
    /// [`FetchError::Content`] where it reaches beyond the grid.
    pub fn frame(&self, margin_m: f64) -> Result<(LonLat, LonLat), FetchError> {
        let rect = self.grid.bounding_rect().unwrap_or_else(|| geo_types::Rect::new((0.0, 0.0), (0.0, 0.0)));
        let (low, high) = (rect.min(), rect.max());
        // The grid is turned against the meridians, so all four corners count, and where it is not turned, at the central
        // meridian, a northing reaches its highest latitude.
        let corners = [
            Coord { x: low.x - margin_m, y: low.y - margin_m },
            Coord { x: high.x + margin_m, y: low.y - margin_m },
            Coord { x: low.x - margin_m, y: high.y + margin_m },
            Coord { x: high.x + margin_m, y: high.y + margin_m },
            Coord { x: CENTRAL_MERIDIAN_M.clamp(low.x, high.x), y: high.y + margin_m },
        ];
        let degrees = corners.map(|corner| self.to_degrees(corner));
        let (mut west, mut south, mut east, mut north) = (180.0_f64, 90.0_f64, -180.0_f64, -90.0_f64);
        for corner in degrees {
            let corner = corner?;
            (west, east) = (west.min(corner.lon_deg()), east.max(corner.lon_deg()));
            (south, north) = (south.min(corner.lat_deg()), north.max(corner.lat_deg()));
        }
        let at = |lon, lat| {
            LonLat::new(lon, lat).map_err(|fault| FetchError::content(&self.name, fault.to_string()))
        };
        Ok((at(west, south)?, at(east, north)?))
    }

    /// Its area on the grid, in square metres.
    pub fn area_m2(&self) -> f64 {
        self.grid.unsigned_area()
    }

    /// The shape on the grid and in degrees.
    ///
    /// # Errors
    /// [`FetchError::Content`] where a corner lies off the grid.
    pub fn shapes(&self) -> Result<(GridShape, LonLatShape), FetchError> {
        let lonlat = self.grid.try_map_coords(|at| {
            self.to_degrees(at).map(|degrees| Coord { x: degrees.lon_deg(), y: degrees.lat_deg() })
        })?;
        Ok((GridShape(self.grid.clone()), LonLatShape(lonlat)))
    }

    fn to_degrees(&self, at: Coord<f64>) -> Result<LonLat, FetchError> {
        let place = GridPoint::new(at.x, at.y).and_then(crs::from_grid);
        place
            .map(|place| place.lonlat)
            .map_err(|fault| FetchError::content(format!("the outline of {}", self.name), fault.to_string()))
    }
}

fn coordinates(ring: &Value) -> Option<LineString<f64>> {
    let points = ring.as_array()?.iter().map(|point| {
        let [x, y] = [point.get(0)?.as_f64()?, point.get(1)?.as_f64()?];
        (x.is_finite() && y.is_finite()).then_some(Coord { x, y })
    });
    let points: Vec<_> = points.collect::<Option<_>>()?;
    (points.len() >= 4).then(|| LineString::new(points))
}

/// A polygon in degrees, on the national grid.
///
/// # Errors
/// [`FetchError::Content`] at `place` for a corner outside Great Britain.
pub(super) fn on_grid(polygon: &MultiPolygon<f64>, place: &str) -> Result<MultiPolygon<f64>, FetchError> {
    polygon.try_map_coords(|at| {
        let placed = LonLat::new(at.x, at.y).and_then(crs::from_lonlat);
        placed
            .map(|placed| placed.grid.coord())
            .map_err(|fault| FetchError::content(place, fault.to_string()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square() -> Outline {
        let rings = serde_json::json!({"rings": [
            [[390_000, 280_000], [390_000, 290_000], [400_000, 290_000], [400_000, 280_000], [390_000, 280_000]],
            [[394_000, 284_000], [396_000, 284_000], [396_000, 286_000], [394_000, 286_000], [394_000, 284_000]],
        ]});
        Outline::of_rings("Square", &rings, "here").unwrap()
    }

    #[test]
    fn holes_are_outside_and_margins_inside() {
        let square = square();
        let holds = |e, n, margin| square.holds(GridPoint::new(e, n).unwrap(), margin);
        assert!(holds(391_000.0, 281_000.0, 0.0));
        assert!(!holds(395_000.0, 285_000.0, 0.0) && holds(395_000.0, 285_000.0, 1_000.0));
        assert!(!holds(389_900.0, 285_000.0, 99.0) && holds(389_900.0, 285_000.0, 101.0));
    }

    #[test]
    fn the_frame_holds_every_corner() {
        let (low, high) = square().frame(500.0).unwrap();
        let middle = square().middle().unwrap();
        assert!(low.lon_deg() < middle.lon_deg() && middle.lon_deg() < high.lon_deg());
        assert!(low.lat_deg() < 52.42 && high.lat_deg() > 52.50, "{low:?} {high:?}");
    }

    #[test]
    fn what_is_no_polygon_is_a_fault() {
        for wrong in [
            "{}",
            r#"{"rings": []}"#,
            r#"{"rings": [[[0, 0], [1, 1]]]}"#,
            r#"{"rings": [[["a", 0]]]}"#,
            r#"{"rings": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}"#,
        ] {
            let wrong: Value = serde_json::from_str(wrong).unwrap();
            assert!(Outline::of_rings("x", &wrong, "here").is_err(), "{wrong}");
        }
    }
}
