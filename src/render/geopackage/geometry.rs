//! Geometries as GeoPackage holds them (OGC 12-128r17 §2.1.3): a head with the box around them, then well-known
//! binary. Numbers are little-endian, x before y in every system.

use geo_types::{Coord, MultiPolygon};

use crate::feature::Shape;

/// The head up to the box: magic, version 0, flags and the number of the system.
fn head(blob: &mut Vec<u8>, flags: u8, srs: i32) {
    blob.extend([b'G', b'P', 0, LITTLE_ENDIAN | flags]);
    blob.extend(srs.to_le_bytes());
}

const LITTLE_ENDIAN: u8 = 1;
/// The flag of a box of four numbers.
const WITH_BOX: u8 = 1 << 1;
/// The flag of a geometry without a position.
const EMPTY: u8 = 1 << 4;

/// Puts the blob of a shape in place of what `blob` holds. A point is its own box and has none beside it.
pub(super) fn encode(blob: &mut Vec<u8>, shape: &Shape<'_>, srs: i32) {
    blob.clear();
    match (shape, shape.bounds()) {
        (Shape::Point(at), _) => {
            head(blob, 0, srs);
            kind(blob, 1);
            position(blob, *at);
        }
        (Shape::Polygons(polygons), Some(bounds)) => {
            head(blob, WITH_BOX, srs);
            let (min, max) = (bounds.min(), bounds.max());
            for number in [min.x, max.x, min.y, max.y] {
                blob.extend(number.to_le_bytes());
            }
            multi_polygon(blob, polygons);
        }
        (Shape::Polygons(polygons), None) => {
            head(blob, EMPTY, srs);
            multi_polygon(blob, polygons);
        }
    }
}

fn multi_polygon(blob: &mut Vec<u8>, polygons: &MultiPolygon) {
    kind(blob, 6);
    count(blob, polygons.0.len());
    for polygon in &polygons.0 {
        kind(blob, 3);
        count(blob, 1 + polygon.interiors().len());
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            count(blob, ring.0.len());
            ring.coords().for_each(|at| position(blob, *at));
        }
    }
}

/// Byte order and type.
fn kind(blob: &mut Vec<u8>, kind: u32) {
    blob.push(LITTLE_ENDIAN);
    blob.extend(kind.to_le_bytes());
}

/// Shapes have far fewer than four billion corners.
fn count(blob: &mut Vec<u8>, number: usize) {
    blob.extend(u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
}

fn position(blob: &mut Vec<u8>, at: Coord) {
    blob.extend(at.x.to_le_bytes());
    blob.extend(at.y.to_le_bytes());
}
