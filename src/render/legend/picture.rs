//! A legend as a PNG picture.

use std::sync::{Arc, OnceLock};

use resvg::{
    tiny_skia::{Pixmap, PremultipliedColorU8, Transform},
    usvg::{
        Options, Tree,
        fontdb::{Database, Source},
    },
};

use crate::feature::Symbology;

const FAMILY: &str = "DejaVu Sans";
/// A picture has at most so many pixels, whatever scale is asked for.
const MOST_PIXELS: f32 = 16e6;

/// The legend of a layer as a picture: the drawing of [`super::svg`] with so many pixels for one of 1/96 inch,
/// from 0.25 to 8; fewer where there would be more than 16 million in all. Its font is carried along, so that it
/// is the same on every machine.
pub fn png(symbology: &Symbology, title: &str, scale: f32) -> Vec<u8> {
    // The drawing is one of ours, and so can be read.
    drawn(&super::svg(symbology, title), scale).and_then(|picture| encoded(&picture)).unwrap_or_default()
}

/// The tree of a drawing, its text as outlines.
pub(in crate::render) fn tree(svg: &str) -> Option<Tree> {
    let options = Options { font_family: FAMILY.to_owned(), fontdb: fonts(), ..Options::default() };
    Tree::from_str(svg, &options).ok()
}

fn drawn(svg: &str, scale: f32) -> Option<Pixmap> {
    let tree = tree(svg)?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let most = (MOST_PIXELS / (width * height)).sqrt();
    let scale = if scale.is_finite() { scale.clamp(0.25, 8.0) } else { 1.0 }.min(most);
    let size = tree.size().to_int_size().scale_by(scale)?;
    let mut picture = Pixmap::new(size.width(), size.height())?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
    Some(picture)
}

/// Red, green and blue are enough: a legend's paper is opaque.
fn encoded(picture: &Pixmap) -> Option<Vec<u8>> {
    let bytes: Vec<u8> = picture
        .pixels()
        .iter()
        .map(PremultipliedColorU8::demultiply)
        .flat_map(|colour| [colour.red(), colour.green(), colour.blue()])
        .collect();
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, picture.width(), picture.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&bytes).ok()?;
    writer.finish().ok()?;
    Some(png)
}

/// The two weights of the font that is carried along, read once.
fn fonts() -> Arc<Database> {
    static FONTS: OnceLock<Arc<Database>> = OnceLock::new();
    let load = || {
        let mut fonts = Database::new();
        for font in [dejavu::sans::regular(), dejavu::sans::bold()] {
            fonts.load_font_source(Source::Binary(Arc::new(font)));
        }
        fonts.set_sans_serif_family(FAMILY);
        Arc::new(fonts)
    };
    Arc::clone(FONTS.get_or_init(load))
}
