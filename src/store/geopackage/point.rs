//! Points as GeoPackage writes them (OGC 12-128r17 §2.1.3): a header of 8 bytes, then
//! well-known binary of 21.

use crate::model::{GridPoint, Invalid};

/// Length of a point without envelope.
pub(super) const POINT_BYTES: usize = 29;

/// Magic `GP`, version 0, flags (little-endian, no envelope, not empty), SRS 27700; then
/// little-endian WKB of type 1, a point.
const HEAD: [u8; 13] = [b'G', b'P', 0, 1, 0x34, 0x6C, 0, 0, 1, 1, 0, 0, 0];

/// The blob of a point; the coordinates are kept to the bit.
pub(super) fn encode(grid: GridPoint) -> [u8; POINT_BYTES] {
    let mut blob = [0; POINT_BYTES];
    blob[..13].copy_from_slice(&HEAD);
    blob[13..21].copy_from_slice(&grid.easting_m().to_le_bytes());
    blob[21..].copy_from_slice(&grid.northing_m().to_le_bytes());
    blob
}

/// Reads what [`encode`] wrote.
///
/// # Errors
/// [`Invalid`] for any other form, and for a position off the grid.
pub(super) fn decode(blob: &[u8]) -> Result<GridPoint, Invalid> {
    let fault = || {
        let shown = &blob[..blob.len().min(POINT_BYTES)];
        Invalid::new(format_args!("{shown:02x?}"), "the geometry is not a GeoPackage point in EPSG:27700")
    };
    let coordinates = blob.strip_prefix(&HEAD).ok_or_else(fault)?;
    let (easting, rest) = coordinates.split_first_chunk().ok_or_else(fault)?;
    let (northing, rest) = rest.split_first_chunk().ok_or_else(fault)?;
    if !rest.is_empty() {
        return Err(fault());
    }
    GridPoint::new(f64::from_le_bytes(*easting), f64::from_le_bytes(*northing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_written_as_the_standard_says() {
        let blob = encode(GridPoint::new(394_607.653, 294_649.284).unwrap());
        assert_eq!(&blob[..4], b"GP\0\x01");
        assert_eq!(i32::from_le_bytes(blob[4..8].try_into().unwrap()), 27_700);
        assert_eq!(blob[8], 1, "little-endian WKB");
        assert_eq!(u32::from_le_bytes(blob[9..13].try_into().unwrap()), 1, "a point");
    }

    #[test]
    fn coordinates_come_back_to_the_bit() {
        for (e, n) in [(0.0, 0.0), (394_607.653, 294_649.284), (f64::MIN_POSITIVE, 1_300_000.0), (0.1, 0.2)] {
            let point = GridPoint::new(e, n).unwrap();
            let back = decode(&encode(point)).unwrap();
            assert_eq!(back.easting_m().to_bits(), e.to_bits());
            assert_eq!(back.northing_m().to_bits(), n.to_bits());
        }
    }

    #[test]
    fn any_other_blob_is_refused() {
        let good = encode(GridPoint::new(1.0, 2.0).unwrap());
        for at in 0..13 {
            let mut bad = good;
            bad[at] ^= 0x40;
            assert!(decode(&bad).is_err(), "byte {at}");
        }
        for length in 0..POINT_BYTES {
            assert!(decode(&good[..length]).is_err(), "length {length}");
        }
        assert!(decode(&[good.as_slice(), &[0]].concat()).is_err());
        let mut off_grid = good;
        off_grid[13..21].copy_from_slice(&f64::NAN.to_le_bytes());
        assert!(decode(&off_grid).is_err());
    }
}
