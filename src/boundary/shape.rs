//! From the coordinates of a file to a shape in both systems.

use geo::{
    Validation,
    line_intersection::{LineIntersection, line_intersection},
    validation::{GeometryIndex, InvalidMultiPolygon, InvalidPolygon, RingRole},
    winding_order::{Winding, WindingOrder},
};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use geojson::{PolygonType, Position as FilePosition};

use crate::{
    crs,
    model::{GridPoint, GridShape, Invalid, LonLat, LonLatShape, Position},
};

/// The coordinate system of a boundary file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileCrs {
    /// EPSG:4326 (or CRS84), longitude first as in every GeoJSON file.
    LonLat,
    /// EPSG:27700.
    Grid,
    /// Any other that PROJ knows, by its EPSG number.
    Other(u32),
}

impl FileCrs {
    /// Reads a name: `EPSG:27700`, `urn:ogc:def:crs:EPSG::27700`, `OGC:CRS84`, `urn:ogc:def:crs:OGC:1.3:CRS84`.
    pub(super) fn parse(name: &str) -> Result<Self, Invalid> {
        let upper = name.trim().to_ascii_uppercase();
        let parts: Vec<&str> = upper.strip_prefix("URN:OGC:DEF:CRS:").unwrap_or(&upper).split(':').collect();
        let epsg = match parts[..] {
            ["CRS84"] | ["OGC", "CRS84"] | ["OGC", _, "CRS84"] => Some(4326),
            ["EPSG", number] | ["EPSG", _, number] => number.parse().ok(),
            _ => None,
        };
        match epsg {
            Some(4326) => Ok(Self::LonLat),
            Some(27700) => Ok(Self::Grid),
            Some(number) => crs::other::check_known(number).map(|()| Self::Other(number)),
            None => {
                Err(Invalid::new(name, "a coordinate system is written EPSG: and a number, as in EPSG:27700"))
            }
        }
    }

    fn place(self, x: f64, y: f64) -> Result<Position, Invalid> {
        match self {
            Self::LonLat => crs::from_lonlat(LonLat::new(x, y)?),
            Self::Grid => crs::from_grid(GridPoint::new(x, y)?),
            Self::Other(epsg) => crs::from_lonlat(crs::other::to_lonlat(epsg, x, y)?),
        }
    }
}

/// Converts the parts of a feature, rewinds their rings and validates the outcome. Heights are dropped.
/// The two shapes have the same vertices in the same order.
///
/// # Errors
/// Every fault, as rules. Where rings are broken or vertices cannot be converted, shapes are not
/// validated, as there is none.
pub(super) fn convert(parts: &[PolygonType], crs: FileCrs) -> Result<(GridShape, LonLatShape), Vec<String>> {
    if parts.is_empty() {
        return Err(vec!["its MultiPolygon has no parts".to_owned()]);
    }
    let mut faults = Vec::new();
    let (grid, lonlat): (Vec<_>, Vec<_>) = parts
        .iter()
        .zip(1..)
        .map(|(rings, number)| {
            let part = if parts.len() > 1 { format!("part {number}, ") } else { String::new() };
            convert_part(rings, crs, &part, &mut faults)
        })
        .unzip();
    if !faults.is_empty() {
        return Err(faults);
    }
    let grid = MultiPolygon::new(grid);
    faults.extend(grid.validation_errors().iter().map(|fault| describe(fault, &grid)));
    if faults.is_empty() {
        Ok((GridShape(grid), LonLatShape(MultiPolygon::new(lonlat))))
    } else {
        Err(faults)
    }
}

/// The words of `geo`, with the place of a self-intersection, which is hard to find otherwise.
fn describe(fault: &InvalidMultiPolygon, shape: &MultiPolygon<f64>) -> String {
    let InvalidMultiPolygon::InvalidPolygon(GeometryIndex(part), InvalidPolygon::SelfIntersection(role)) =
        fault
    else {
        return fault.to_string();
    };
    let ring = shape.0.get(*part).and_then(|part| match role {
        RingRole::Exterior => Some(part.exterior()),
        RingRole::Interior(number) => part.interiors().get(*number),
    });
    match ring.and_then(self_intersection) {
        Some(at) => format!("{fault}, at easting {:.1} northing {:.1}", at.x, at.y),
        None => fault.to_string(),
    }
}

/// Where two edges of a ring that do not follow each other meet.
fn self_intersection(ring: &LineString<f64>) -> Option<Coord<f64>> {
    ring.lines().enumerate().find_map(|(i, edge)| {
        ring.lines()
            .skip(i + 1)
            .filter(|other| edge.end != other.start && edge.start != other.end)
            .find_map(|other| line_intersection(edge, other))
            .map(|meeting| match meeting {
                LineIntersection::SinglePoint { intersection, .. } => intersection,
                LineIntersection::Collinear { intersection } => intersection.start,
            })
    })
}

fn convert_part(
    rings: &PolygonType,
    crs: FileCrs,
    part: &str,
    faults: &mut Vec<String>,
) -> (Polygon<f64>, Polygon<f64>) {
    if rings.is_empty() {
        faults.push(format!("{part}a polygon has at least an exterior ring"));
    }
    let mut converted = rings.iter().enumerate().map(|(number, ring)| {
        let (name, winding) = if number == 0 {
            (format!("{part}exterior ring"), WindingOrder::CounterClockwise)
        } else {
            (format!("{part}hole {number}"), WindingOrder::Clockwise)
        };
        let (mut grid, mut lonlat) = convert_ring(ring, crs, &name, faults);
        // Both are turned by the winding of one, so that their vertices stay side by side.
        if grid.winding_order().is_some_and(|found| found != winding) {
            grid.0.reverse();
            lonlat.0.reverse();
        }
        (grid, lonlat)
    });
    let (grid, lonlat) = converted.next().unwrap_or((LineString::new(vec![]), LineString::new(vec![])));
    let (grid_holes, lonlat_holes) = converted.unzip();
    (Polygon::new(grid, grid_holes), Polygon::new(lonlat, lonlat_holes))
}

/// A vertex that falls on the one before it, to the millimetre of the grid, is left out.
fn convert_ring(
    ring: &[FilePosition],
    crs: FileCrs,
    name: &str,
    faults: &mut Vec<String>,
) -> (LineString<f64>, LineString<f64>) {
    if ring.len() < 4 {
        faults.push(format!("{name}: a ring has at least 4 positions, this one has {}", ring.len()));
    } else if ring.first().map(xy) != ring.last().map(xy) {
        faults.push(format!("{name}: a ring ends where it starts"));
    }
    let (mut grid, mut lonlat): (Vec<Coord>, Vec<Coord>) = (Vec::new(), Vec::new());
    let (mut first_fault, mut refused) = (None, 0_usize);
    for (position, number) in ring.iter().zip(1..) {
        match xy(position)
            .ok_or_else(|| Invalid::new(position.len(), "a position has two numbers or more"))
            .and_then(|(x, y)| crs.place(x, y))
        {
            Ok(place) if grid.last() == Some(&place.grid.coord()) => {}
            Ok(place) => {
                grid.push(place.grid.coord());
                lonlat.push(Coord { x: place.lonlat.lon_deg(), y: place.lonlat.lat_deg() });
            }
            Err(fault) => {
                refused += 1;
                first_fault.get_or_insert_with(|| format!("{name}, vertex {number}: {fault}"));
            }
        }
    }
    match (first_fault, refused) {
        (Some(fault), 2..) => faults.push(format!("{fault} (and {} more vertices of the ring)", refused - 1)),
        (Some(fault), _) => faults.push(fault),
        (None, _) => {}
    }
    (LineString::new(grid), LineString::new(lonlat))
}

fn xy(position: &FilePosition) -> Option<(f64, f64)> {
    match position.as_slice() {
        [x, y, ..] => Some((*x, *y)),
        _ => None,
    }
}
