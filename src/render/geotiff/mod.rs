//! Rasters on the national grid as Cloud Optimized `GeoTIFF` (OGC 21-026 on TIFF 6.0 and OGC 19-008r4).
//!
//! The file tells everything about itself at its beginning: all directories come first, the whole raster before its
//! overviews. Their tiles follow, the coarsest overview first, so that a reader who wants a picture of the whole needs
//! one small part of the file and one who zooms in needs few. Samples are 32-bit floats, not-a-number where there is
//! no value, deflated with the floating-point predictor.

mod directory;
mod image;
mod tags;
mod tiles;

use directory::Directory;
use image::Image;
use tiles::Tiles;

use crate::model::Invalid;

/// Values at the centres of square cells of the British National Grid, EPSG:27700.
pub struct Raster {
    /// Easting of the western edge, metres.
    pub west_m: f64,
    /// Northing of the southern edge, metres.
    pub south_m: f64,
    /// Side of a cell, metres.
    pub cell_m: f64,
    /// Number of columns.
    pub columns: usize,
    /// Number of rows.
    pub rows: usize,
    /// One or several values for each cell.
    pub bands: Vec<Band>,
    /// What a reader has to know, by name.
    pub notes: Vec<(String, String)>,
}

/// One value for each cell.
pub struct Band {
    /// What it is, for people.
    pub title: String,
    /// Its unit: `1/km2`.
    pub unit: String,
    /// Row by row from the south, each row from the west; `None` where there is no value.
    pub values: Vec<Option<f64>>,
}

/// Overviews are drawn until one fits a single tile.
const LEAST_SIDE: usize = tiles::SIDE;

/// The file.
///
/// # Errors
/// [`Invalid`] for a raster without cells or bands, for bands that are not as many values as there are cells, and
/// where the file would be larger than the 4 GiB that its offsets reach.
pub fn write(raster: &Raster) -> Result<Vec<u8>, Invalid> {
    let mut levels = vec![Image::of(raster)?];
    while let Some(coarser) = levels.last().filter(|last| last.columns.max(last.rows) > LEAST_SIDE) {
        let coarser = coarser.halved();
        levels.push(coarser);
    }
    let tiles: Vec<Tiles> = levels.iter().map(Tiles::of).collect();
    let mut directories: Vec<Directory> = levels
        .iter()
        .zip(&tiles)
        .enumerate()
        .map(|(level, (image, tiles))| tags::of(raster, image, tiles, level > 0))
        .collect();

    let head: usize = directory::HEADER_BYTES + directories.iter().map(Directory::len).sum::<usize>();
    let length = head + tiles.iter().map(Tiles::len).sum::<usize>();
    u32::try_from(length).map_err(|_cause| Invalid::new(length, "a TIFF file has at most 4 GiB"))?;

    let mut at = head;
    for (directory, tiles) in directories.iter_mut().zip(&tiles).rev() {
        directory.set(tags::TILE_OFFSETS, tiles.offsets(at));
        at += tiles.len();
    }
    let mut file = directory::chained(&directories, length);
    for tiles in tiles.iter().rev() {
        tiles.bytes().for_each(|tile| file.extend_from_slice(tile));
    }
    Ok(file)
}

#[cfg(test)]
mod tests;
