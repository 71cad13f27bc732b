//! Geometries of positions, with the rules that both encodings share.

use geo_types::{Coord, Geometry, GeometryCollection, LineString, MultiPoint, Point, Polygon};

/// A point of its one position.
pub(super) fn point(positions: &[Coord]) -> Result<Point<f64>, String> {
    match positions {
        [at] => Ok(Point(*at)),
        _ => Err(format!("a point has one position, not {}", positions.len())),
    }
}

/// Points, at least one.
pub(super) fn points(positions: Vec<Coord>) -> MultiPoint<f64> {
    MultiPoint(positions.into_iter().map(Point).collect())
}

/// A line of two positions or more.
pub(super) fn line(positions: Vec<Coord>) -> Result<LineString<f64>, String> {
    if positions.len() < 2 {
        return Err("a line has two positions or more".to_owned());
    }
    Ok(LineString(positions))
}

/// An area of its rings, the outer one first.
pub(super) fn polygon(rings: Vec<Vec<Coord>>) -> Result<Polygon<f64>, String> {
    let mut rings = rings.into_iter().map(|ring| {
        if ring.len() < 4 || ring.first() != ring.last() {
            return Err("a ring of a polygon has four positions or more, and ends where it starts".to_owned());
        }
        Ok(LineString(ring))
    });
    let outer = rings.next().ok_or("a polygon has a ring")??;
    Ok(Polygon::new(outer, rings.collect::<Result<_, _>>()?))
}

/// Geometries of several kinds, none of them a collection itself.
pub(super) fn collection(parts: Vec<Geometry<f64>>) -> Result<Geometry<f64>, String> {
    if parts.iter().any(|part| matches!(part, Geometry::GeometryCollection(_))) {
        return Err("a geometry collection holds no further collection".to_owned());
    }
    Ok(Geometry::GeometryCollection(GeometryCollection(parts)))
}
