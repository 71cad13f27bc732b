//! An image cut into tiles, each compressed by itself.

use flate2::{Compress, Compression, FlushCompress};

use super::image::Image;

/// Side of a tile, cells.
pub(super) const SIDE: usize = 256;

/// Tiles row by row from the north-western one. Those at the east and the south reach over the image's edge.
pub(super) struct Tiles(Vec<Vec<u8>>);

impl Tiles {
    pub fn of(image: &Image) -> Self {
        let starts = |end: usize| (0..end).step_by(SIDE);
        let corners =
            starts(image.rows).flat_map(|row| starts(image.columns).map(move |column| (row, column)));
        Self(corners.map(|(row, column)| deflated(&predicted(image, row, column))).collect())
    }

    /// Bytes of all tiles.
    pub fn len(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    pub fn bytes(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(Vec::as_slice)
    }

    /// Where the tiles begin, when the first begins at `start`.
    pub fn offsets(&self, start: usize) -> Vec<u32> {
        self.0
            .iter()
            .scan(start, |at, tile| {
                let begins = *at;
                *at += tile.len();
                Some(long(begins))
            })
            .collect()
    }

    /// How long the tiles are.
    pub fn lengths(&self) -> Vec<u32> {
        self.0.iter().map(|tile| long(tile.len())).collect()
    }
}

/// A length or place in a file that is known to have no more than 4 GiB.
fn long(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The tile with its north-western cell at a place of the image, by the floating-point predictor (Adobe Photoshop
/// TIFF Technical Note 3): in each row the first bytes of all samples, sign and exponent, then the second ones and so
/// on, and of each byte its difference from that of the cell before. Neighbours are alike, and it comes out as zeros.
fn predicted(image: &Image, top: usize, left: usize) -> Vec<u8> {
    let Image { columns, rows, bands, samples } = image;
    let width = SIDE * bands;
    let mut tile = vec![0; SIDE * width * size_of::<f32>()];
    for (row, bytes) in (top..).zip(tile.chunks_exact_mut(width * size_of::<f32>())) {
        let inside = if row < *rows { (columns - left).min(SIDE) * bands } else { 0 };
        let from = (row.min(rows - 1) * columns + left) * bands;
        let known = samples[from..from + inside].iter().copied();
        let padded = known.chain(std::iter::repeat(f32::NAN)).take(width);
        for (at, sample) in padded.enumerate() {
            for (plane, byte) in sample.to_be_bytes().into_iter().enumerate() {
                bytes[plane * width + at] = byte;
            }
        }
        for at in (*bands..bytes.len()).rev() {
            bytes[at] = bytes[at].wrapping_sub(bytes[at - bands]);
        }
    }
    tile
}

/// The bytes as a zlib stream.
fn deflated(plain: &[u8]) -> Vec<u8> {
    let mut stream = Compress::new(Compression::new(6), true);
    // What deflate cannot make smaller it stores, with five bytes for each 16 KiB or more.
    let mut packed = Vec::with_capacity(plain.len() + plain.len() / 1_000 + 64);
    // The input is whole and the room suffices: there is nothing that could fail, and one call ends it.
    let ended = stream.compress_vec(plain, &mut packed, FlushCompress::Finish);
    debug_assert!(matches!(ended, Ok(flate2::Status::StreamEnd)), "the room suffices");
    packed
}
