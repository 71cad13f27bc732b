//! Where features lie to a geometry that a filter gives (OGC 21-065r2 §7.8; the relations of OGC 06-103r4
//! §6.1.15).

use geo::{
    BoundingRect, Contains, CoordinatePosition, CoordsIter, Intersects, LinesIter, MapCoords, Relate,
    Validation, coordinate_position::CoordPos,
};
use geo_types::{
    Coord, Geometry, GeometryCollection, Line, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};

use crate::feature::{Bounds, Crs, Plane, Shape};

/// How a feature lies to a geometry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SpaceRelation {
    Contains,
    Crosses,
    Disjoint,
    Equals,
    Intersects,
    Overlaps,
    Touches,
    Within,
}

impl SpaceRelation {
    /// All of them by name.
    pub(super) const ALL: [(&'static str, Self); 8] = [
        ("s_contains", Self::Contains),
        ("s_crosses", Self::Crosses),
        ("s_disjoint", Self::Disjoint),
        ("s_equals", Self::Equals),
        ("s_intersects", Self::Intersects),
        ("s_overlaps", Self::Overlaps),
        ("s_touches", Self::Touches),
        ("s_within", Self::Within),
    ];

    /// The relation with a name in lower case; `intersects` is what drafts called `s_intersects`.
    pub(super) fn named(name: &str) -> Option<Self> {
        let name = if name == "intersects" { "s_intersects" } else { name };
        Self::ALL.iter().find(|(own, _)| *own == name).map(|(_, relation)| *relation)
    }

    /// Whether a geometry lies so to itself.
    pub(super) const fn is_of_equals(self) -> bool {
        matches!(self, Self::Contains | Self::Equals | Self::Intersects | Self::Within)
    }

    /// The relation of b to a, where this is that of a to b.
    pub(super) const fn turned(self) -> Self {
        match self {
            Self::Contains => Self::Within,
            Self::Within => Self::Contains,
            other => other,
        }
    }
}

/// A geometry of a filter, in the plane of its coordinate system: its sides are straight there.
#[derive(Clone, Debug)]
pub(super) struct Place {
    plane: Plane,
    bounds: Bounds,
    /// What a box was given as; one over the 180th meridian is two.
    windows: Vec<Bounds>,
    geometry: Geometry<f64>,
    /// The boxes around each of its sides and single points. A feature whose box none of them meets lies in it or
    /// away from it as a whole.
    sides: Vec<Bounds>,
}

/// Numbers of a plane of metres that are taken: more than the earth is round.
const GREATEST_M: f64 = 1e8;

impl Place {
    /// A geometry, its coordinates in the order of the axes of `crs`.
    ///
    /// # Errors
    /// For coordinates beyond the system, for areas that cross themselves, and for a relation that is not
    /// defined for what mixes points, lines and areas.
    pub(super) fn of_geometry(
        mut geometry: Geometry<f64>,
        crs: Crs,
        relation: SpaceRelation,
    ) -> Result<Self, String> {
        geometry = geometry.try_map_coords(|at| reached(crs, at))?;
        let bounds = geometry.bounding_rect().and_then(|rect| Bounds::new(rect.min(), rect.max()).ok());
        let bounds = bounds.ok_or("a geometry has positions")?;
        geometry.check_validation().map_err(|cause| format!("the geometry is not valid: {cause}"))?;
        if let Geometry::GeometryCollection(parts) = geometry {
            geometry = of_one_kind(parts, relation)?;
            geometry
                .check_validation()
                .map_err(|cause| format!("the collection overlaps itself: {cause}"))?;
        }
        Ok(Self { plane: crs.plane(), bounds, windows: Vec::new(), sides: sides(&geometry), geometry })
    }

    /// A box: its lower corner and its upper one, in the order of the axes of `crs`, with heights or without.
    ///
    /// # Errors
    /// For other than four or six numbers, and for corners that are not in order or beyond the system.
    pub(super) fn of_box(numbers: &[f64], crs: Crs) -> Result<Self, String> {
        let (low, high) = match numbers {
            [a, b, c, d] | [a, b, _, c, d, _] => (Coord { x: *a, y: *b }, Coord { x: *c, y: *d }),
            _ => return Err(format!("BBOX has four numbers, or six with heights, not {}", numbers.len())),
        };
        let (low, high) = (reached(crs, low)?, reached(crs, high)?);
        let corners = if crs.plane() == Plane::Degrees && low.x > high.x {
            vec![(low, Coord { x: 180.0, ..high }), (Coord { x: -180.0, ..low }, high)]
        } else {
            vec![(low, high)]
        };
        let windows = corners.into_iter().map(|(low, high)| Bounds::new(low, high));
        let windows = windows.collect::<Result<Vec<_>, _>>().map_err(|fault| fault.to_string())?;
        let bounds = windows.iter().copied().reduce(|all, next| all.joined(&next));
        let bounds = bounds.ok_or("a box has corners")?;
        let geometry = match windows.as_slice() {
            [window] => drawn(window),
            windows => MultiPolygon(windows.iter().map(|window| window.rect().to_polygon()).collect()).into(),
        };
        Ok(Self { plane: crs.plane(), bounds, windows, sides: sides(&geometry), geometry })
    }

    /// The plane that it is in.
    pub(super) const fn plane(&self) -> Plane {
        self.plane
    }

    /// Whether a feature lies so to it; its shape is in the same plane.
    pub(super) fn holds(&self, relation: SpaceRelation, shape: &Shape<'_>) -> bool {
        match relation {
            SpaceRelation::Intersects => self.meets(shape),
            SpaceRelation::Disjoint => !self.meets(shape),
            _ => match shape {
                Shape::Point(at) => self.holds_of_point(relation, *at),
                Shape::Polygons(area) => self.holds_of_area(relation, shape, area),
            },
        }
    }

    fn meets(&self, shape: &Shape<'_>) -> bool {
        if !self.windows.is_empty() {
            return self.windows.iter().any(|window| shape.meets(window));
        }
        match shape {
            Shape::Point(at) => self.bounds.holds(*at) && self.geometry.intersects(&Point(*at)),
            Shape::Polygons(area) => shape.bounds().is_some_and(|own| {
                own.meets(&self.bounds)
                    && self.holds_whole(&own).unwrap_or_else(|| self.geometry.intersects(&**area))
            }),
        }
    }

    /// Whether what lies in a box lies in it; `None` where it may do so in part.
    fn holds_whole(&self, own: &Bounds) -> Option<bool> {
        let is_near = self.sides.iter().any(|side| side.meets(own));
        (!is_near).then(|| self.geometry.coordinate_position(&own.min()) == CoordPos::Inside)
    }

    /// A point has no boundary, and no part of it lies elsewhere than the rest: its position tells everything.
    fn holds_of_point(&self, relation: SpaceRelation, at: Coord) -> bool {
        if !self.bounds.holds(at) {
            return false;
        }
        match relation {
            SpaceRelation::Within => self.geometry.coordinate_position(&at) == CoordPos::Inside,
            SpaceRelation::Touches => self.geometry.coordinate_position(&at) == CoordPos::OnBoundary,
            SpaceRelation::Contains | SpaceRelation::Equals => {
                let is_point = matches!(self.geometry, Geometry::Point(_) | Geometry::MultiPoint(_));
                is_point && self.bounds.min() == at && self.bounds.max() == at
            }
            _ => false,
        }
    }

    fn holds_of_area(&self, relation: SpaceRelation, shape: &Shape<'_>, area: &MultiPolygon<f64>) -> bool {
        let Some(own) = shape.bounds() else { return false };
        // A box costs little, and decides most rows.
        let is_possible = match relation {
            SpaceRelation::Within => self.bounds.covers(&own),
            SpaceRelation::Contains => own.covers(&self.bounds),
            SpaceRelation::Equals => own == self.bounds,
            _ => own.meets(&self.bounds),
        };
        if !is_possible {
            return false;
        }
        if let (SpaceRelation::Contains, Geometry::Point(at)) = (relation, &self.geometry) {
            return area.contains(at);
        }
        if let Some(is_inside) = self.holds_whole(&own) {
            return is_inside && relation == SpaceRelation::Within;
        }
        let matrix = area.relate(&self.geometry);
        match relation {
            SpaceRelation::Contains => matrix.is_contains(),
            SpaceRelation::Crosses => matrix.is_crosses(),
            SpaceRelation::Disjoint => matrix.is_disjoint(),
            SpaceRelation::Equals => matrix.is_equal_topo(),
            SpaceRelation::Intersects => matrix.is_intersects(),
            SpaceRelation::Overlaps => matrix.is_overlaps(),
            SpaceRelation::Touches => matrix.is_touches(),
            SpaceRelation::Within => matrix.is_within(),
        }
    }
}

/// A position with x to the east, where its system reaches it.
fn reached(crs: Crs, written: Coord) -> Result<Coord, String> {
    let at = crs.ordered(written);
    let is_reached = match crs.plane() {
        Plane::Degrees => at.x.abs() <= 180.0 && at.y.abs() <= 90.0,
        Plane::Mercator | Plane::Grid => at.x.abs() <= GREATEST_M && at.y.abs() <= GREATEST_M,
    };
    if is_reached {
        return Ok(at);
    }
    let order = match (crs.plane(), crs.north_first()) {
        (Plane::Degrees, true) => "latitude, then longitude, in degrees",
        (Plane::Degrees, false) => "longitude, then latitude, in degrees",
        _ => "easting, then northing, in metres",
    };
    Err(format!(
        "{} {} is not a position of {crs} ({order}); filter-crs names the system",
        written.x, written.y
    ))
}

/// The boxes around the sides and single points of a geometry.
fn sides(geometry: &Geometry<f64>) -> Vec<Bounds> {
    let around = |side: Line<f64>| Bounds::around([side.start, side.end]);
    match geometry {
        Geometry::LineString(line) => line.lines_iter().filter_map(around).collect(),
        Geometry::MultiLineString(lines) => lines.lines_iter().filter_map(around).collect(),
        Geometry::Polygon(area) => area.lines_iter().filter_map(around).collect(),
        Geometry::MultiPolygon(areas) => areas.lines_iter().filter_map(around).collect(),
        Geometry::GeometryCollection(parts) => parts.iter().flat_map(sides).collect(),
        other => other.coords_iter().filter_map(|at| Bounds::around([at])).collect(),
    }
}

/// A box as what it covers: an area, a line, or a point where it has no width or height.
fn drawn(window: &Bounds) -> Geometry<f64> {
    let (low, high) = (window.min(), window.max());
    match (window.width() > 0.0, window.height() > 0.0) {
        (true, true) => window.rect().to_polygon().into(),
        (false, false) => Point(low).into(),
        _ => geo_types::LineString::from(Line::new(low, high)).into(),
    }
}

/// A collection as the one geometry that its parts make.
fn of_one_kind(parts: GeometryCollection<f64>, relation: SpaceRelation) -> Result<Geometry<f64>, String> {
    let (mut points, mut lines, mut areas) = (Vec::new(), Vec::new(), Vec::<Polygon<f64>>::new());
    for part in &parts {
        match part {
            Geometry::Point(at) => points.push(*at),
            Geometry::MultiPoint(several) => points.extend(several),
            Geometry::LineString(line) => lines.push(line.clone()),
            Geometry::MultiLineString(several) => lines.extend(several.iter().cloned()),
            Geometry::Polygon(area) => areas.push(area.clone()),
            Geometry::MultiPolygon(several) => areas.extend(several.iter().cloned()),
            _ => {}
        }
    }
    if matches!(relation, SpaceRelation::Intersects | SpaceRelation::Disjoint) {
        return Ok(Geometry::GeometryCollection(parts));
    }
    match (points.is_empty(), lines.is_empty(), areas.is_empty()) {
        (false, true, true) => Ok(MultiPoint(points).into()),
        (true, false, true) => Ok(MultiLineString(lines).into()),
        (true, true, false) => Ok(MultiPolygon(areas).into()),
        _ => Err("a collection of points, lines and areas together can be asked for by s_intersects and \
                  s_disjoint only"
            .to_owned()),
    }
}
