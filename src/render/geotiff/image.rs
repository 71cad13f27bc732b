//! The samples of a raster, and of its overviews.

use super::Raster;
use crate::model::Invalid;

/// Samples as a picture has them: rows from the north, each from the west, the bands of a cell side by side.
pub(super) struct Image {
    pub columns: usize,
    pub rows: usize,
    pub bands: usize,
    pub samples: Vec<f32>,
}

impl Image {
    /// That of a whole raster.
    ///
    /// # Errors
    /// [`Invalid`] for a raster without cells or bands, and for a band of another size.
    pub fn of(raster: &Raster) -> Result<Self, Invalid> {
        let Raster { columns, rows, bands, .. } = raster;
        let cells = columns.checked_mul(*rows).filter(|cells| *cells > 0 && !bands.is_empty());
        let Some(cells) = cells.filter(|cells| bands.iter().all(|band| band.values.len() == *cells)) else {
            let shown = format!("{columns} x {rows} cells, {} bands", bands.len());
            return Err(Invalid::new(shown, "a raster has cells, and bands with a value for each of them"));
        };
        let mut samples = Vec::with_capacity(cells * bands.len());
        for row in (0..*rows).rev() {
            for cell in row * columns..(row + 1) * columns {
                samples.extend(bands.iter().map(|band| sample(band.values[cell])));
            }
        }
        Ok(Self { columns: *columns, rows: *rows, bands: bands.len(), samples })
    }

    /// The image with cells twice as wide: each the mean of those of its four that have a value.
    pub fn halved(&self) -> Self {
        let (columns, rows, bands) = (self.columns.div_ceil(2), self.rows.div_ceil(2), self.bands);
        let mut samples = Vec::with_capacity(columns * rows * bands);
        for row in 0..rows {
            for column in 0..columns {
                for band in 0..bands {
                    let below = (2 * row..(2 * row + 2).min(self.rows))
                        .flat_map(|row| {
                            (2 * column..(2 * column + 2).min(self.columns)).map(move |c| (row, c))
                        })
                        .map(|(row, column)| self.samples[(row * self.columns + column) * bands + band]);
                    samples.push(mean(below.filter(|sample| !sample.is_nan())));
                }
            }
        }
        Self { columns, rows, bands, samples }
    }
}

/// A value as it is written.
fn sample(value: Option<f64>) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "seven digits are what the file holds")]
    value.map_or(f32::NAN, |value| value as f32)
}

/// The mean; not a number where there is nothing to take it of.
fn mean(samples: impl Iterator<Item = f32>) -> f32 {
    let (sum, count) = samples.fold((0.0, 0_u8), |(sum, count), one| (sum + f64::from(one), count + 1));
    sample((count > 0).then(|| sum / f64::from(count)))
}
