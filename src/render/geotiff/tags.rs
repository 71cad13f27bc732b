//! What the directories of a raster say.

use std::fmt::Write;

use super::{
    Raster,
    directory::{Directory, Held},
    image::Image,
    tiles::{self, Tiles},
};

/// Where the tiles begin.
pub(super) const TILE_OFFSETS: u16 = 324;

/// The directory of a raster, or of an overview of it. The offsets of its tiles are zero.
pub(super) fn of(raster: &Raster, image: &Image, tiles: &Tiles, is_overview: bool) -> Directory {
    let long = |number: usize| vec![u32::try_from(number).unwrap_or(u32::MAX)];
    let for_each_band = |value: u16| vec![value; image.bands];
    let mut tags = Directory::default();
    // NewSubfileType: a reduced image, or none.
    tags.set(254, vec![u32::from(is_overview)]);
    tags.set(256, long(image.columns));
    tags.set(257, long(image.rows));
    // Samples: 32 bits, IEEE floating point; black is least, and bands after the first are no colours.
    tags.set(258, for_each_band(32));
    tags.set(339, for_each_band(3));
    tags.set(262, 1_u16);
    tags.set(277, Held::Shorts(vec![u16::try_from(image.bands).unwrap_or(u16::MAX)]));
    if image.bands > 1 {
        tags.set(338, vec![0_u16; image.bands - 1]);
    }
    // Bands side by side; deflate with the floating-point predictor.
    tags.set(284, 1_u16);
    tags.set(259, 8_u16);
    tags.set(317, 3_u16);
    tags.set(322, long(tiles::SIDE));
    tags.set(323, long(tiles::SIDE));
    tags.set(TILE_OFFSETS, vec![0_u32; tiles.lengths().len()]);
    tags.set(325, tiles.lengths());
    // GDAL_NODATA.
    tags.set(42113, "nan".to_owned());
    if !is_overview {
        tags.set(305, concat!("hotspots ", env!("CARGO_PKG_VERSION")).to_owned());
        place(&mut tags, raster);
        tags.set(42112, metadata(raster));
    }
    tags
}

/// Where the raster lies: the size of a cell, the position of its north-western corner, and the system.
fn place(tags: &mut Directory, raster: &Raster) {
    let Raster { west_m, south_m, cell_m, rows, .. } = *raster;
    let north_m = south_m + rows as f64 * cell_m;
    tags.set(33550, vec![cell_m, cell_m, 0.0]);
    tags.set(33922, vec![0.0, 0.0, 0.0, west_m, north_m, 0.0]);
    // Keys of GeoTIFF 1.1: id, where it is held, count, value. A value speaks of its cell, not of a corner.
    let keys: [[u16; 4]; 6] = [
        [1, 1, 1, 5],
        [1024, 0, 1, 1],
        [1025, 0, 1, 1],
        [1026, 34737, NAME_BYTES, 0],
        [3072, 0, 1, 27700],
        [3076, 0, 1, 9001],
    ];
    tags.set(34735, keys.concat());
    tags.set(34737, NAME.to_owned());
}

/// The name of the system, with the mark that ends texts of keys.
const NAME: &str = "OSGB36 / British National Grid|";
const NAME_BYTES: u16 = 31;

/// What GDAL and its clients show beside the raster, in GDAL's XML.
fn metadata(raster: &Raster) -> String {
    let mut xml = "<GDALMetadata>".to_owned();
    // Writing to a string does not fail.
    let mut item = |attributes: String, text: &str| {
        let _ = write!(xml, "<Item {attributes}>{}</Item>", escaped(text));
    };
    for (name, text) in &raster.notes {
        item(format!("name=\"{}\"", escaped(name)), text);
    }
    for (number, band) in raster.bands.iter().enumerate() {
        item(format!("name=\"DESCRIPTION\" sample=\"{number}\" role=\"description\""), &band.title);
        item(format!("name=\"UNITTYPE\" sample=\"{number}\" role=\"unittype\""), &band.unit);
    }
    xml.push_str("</GDALMetadata>");
    xml
}

/// Text as XML 1.0 takes it: without characters that it does not know.
fn escaped(text: &str) -> String {
    let known: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    quick_xml::escape::escape(known).into_owned()
}
