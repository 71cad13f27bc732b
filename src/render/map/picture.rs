//! A picture, and its file.

use png::{BitDepth, ColorType, Compression, DeflateCompression, Encoder, EncodingError, Filter};
use resvg::tiny_skia::Pixmap;
use rustc_hash::FxHashMap;

use super::skia;
use crate::feature::Colour;

/// A picture that was drawn.
#[derive(Clone)]
pub struct Picture {
    pixmap: Pixmap,
}

/// Pixels by the number of their colour.
struct Indexed {
    /// Red, green, blue and opacity, in the order in which they are first seen.
    colours: Vec<[u8; 4]>,
    pixels: Vec<u8>,
}

/// Most colours of a picture that has a palette.
const MOST_COLOURS: usize = 256;

impl Picture {
    /// An empty one of a size that a view has.
    pub(super) fn new(width_px: u32, height_px: u32, background: Option<Colour>) -> Self {
        let mut pixmap = Pixmap::new(width_px, height_px)
            .unwrap_or_else(|| unreachable!("a view has 1 to 4096 pixels each way"));
        if let Some(colour) = background {
            pixmap.fill(skia(colour));
        }
        Self { pixmap }
    }

    pub(super) fn pixmap_mut(&mut self) -> &mut Pixmap {
        &mut self.pixmap
    }

    /// Pixels from left to right.
    pub fn width_px(&self) -> u32 {
        self.pixmap.width()
    }

    /// Pixels from top to bottom.
    pub fn height_px(&self) -> u32 {
        self.pixmap.height()
    }

    /// Red, green, blue and opacity of a pixel, counted from the upper left; `None` beyond the picture.
    pub fn pixel(&self, x: u32, y: u32) -> Option<[u8; 4]> {
        let pixel = (x < self.width_px()).then(|| self.pixmap.pixel(x, y))?;
        pixel.map(|pixel| {
            let colour = pixel.demultiply();
            [colour.red(), colour.green(), colour.blue(), colour.alpha()]
        })
    }

    /// Whether nothing is to be seen.
    pub fn is_empty(&self) -> bool {
        self.pixmap.pixels().iter().all(|pixel| pixel.alpha() == 0)
    }

    /// The picture as a PNG file (ISO/IEC 15948), with a palette where it has no more than 256 colours.
    pub fn png(&self) -> Vec<u8> {
        self.written().unwrap_or_else(|_| unreachable!("a picture of that size can be written to memory"))
    }

    fn written(&self) -> Result<Vec<u8>, EncodingError> {
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, self.width_px(), self.height_px());
        encoder.set_depth(BitDepth::Eight);
        if let Some(Indexed { colours, pixels }) = self.indexed() {
            encoder.set_color(ColorType::Indexed);
            encoder.set_palette(colours.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect::<Vec<u8>>());
            encoder.set_trns(colours.iter().map(|[.., alpha]| *alpha).collect::<Vec<u8>>());
            // Numbers of colours have no slope that a filter could take away.
            encoder.set_filter(Filter::NoFilter);
            encoder.set_deflate_compression(DeflateCompression::Level(PALETTE_LEVEL));
            encoder.write_header()?.write_image_data(&pixels)?;
        } else {
            encoder.set_color(ColorType::Rgba);
            encoder.set_compression(Compression::Fast);
            encoder.write_header()?.write_image_data(&self.pixmap.clone().take_demultiplied())?;
        }
        Ok(file)
    }

    /// `None` for a picture of too many colours.
    fn indexed(&self) -> Option<Indexed> {
        let mut colours = Vec::new();
        let mut numbers: FxHashMap<u32, u8> = FxHashMap::default();
        let mut pixels = Vec::with_capacity(self.pixmap.pixels().len());
        let mut last: Option<(u32, u8)> = None;
        for pixel in self.pixmap.pixels() {
            let seen = u32::from_ne_bytes([pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()]);
            // Neighbours are mostly alike.
            let number = match last {
                Some((colour, number)) if colour == seen => number,
                _ => {
                    if let Some(number) = numbers.get(&seen) {
                        *number
                    } else {
                        let number =
                            u8::try_from(colours.len()).ok().filter(|_| colours.len() < MOST_COLOURS)?;
                        let colour = pixel.demultiply();
                        colours.push([colour.red(), colour.green(), colour.blue(), colour.alpha()]);
                        numbers.insert(seen, number);
                        number
                    }
                }
            };
            last = Some((seen, number));
            pixels.push(number);
        }
        Some(Indexed { colours, pixels })
    }
}

/// Deflate level of numbers of colours.
const PALETTE_LEVEL: u8 = 1;
