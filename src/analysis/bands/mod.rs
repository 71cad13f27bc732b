//! Hotspot polygons: where an intensity lies between two thresholds.

mod rings;

use geo::{Area, BooleanOps};
use geo_types::{MultiPolygon, Polygon};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::density::Surface;
use crate::model::{GridShape, Invalid};

/// Ascending intensities, each the lower limit of a band.
#[derive(Clone, Debug, PartialEq)]
pub struct Thresholds(Vec<f64>);

impl Thresholds {
    /// The most thresholds; more classes cannot be told apart on a map.
    pub const MOST: usize = 20;

    /// Checks that there are 1 to [`MOST`](Self::MOST) finite values above zero, each above the one before.
    ///
    /// # Errors
    /// [`Invalid`] with the value that breaks the rule.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::bands::Thresholds;
    /// assert_eq!(Thresholds::new(&[10.0, 25.0]).unwrap().as_slice(), [10.0, 25.0]);
    /// assert!(Thresholds::new(&[25.0, 10.0]).is_err());
    /// ```
    pub fn new(values: &[f64]) -> Result<Self, Invalid> {
        if values.is_empty() || values.len() > Self::MOST {
            return Err(Invalid::new(
                format_args!("{} thresholds", values.len()),
                format!("there are 1 to {} thresholds", Self::MOST),
            ));
        }
        let mut previous = 0.0;
        for &value in values {
            if !(value > previous && value.is_finite()) {
                return Err(Invalid::new(value, "thresholds are finite, above zero and ascending"));
            }
            previous = value;
        }
        Ok(Self(values.to_vec()))
    }

    /// The values, lowest first.
    pub fn as_slice(&self) -> &[f64] {
        &self.0
    }
}

/// Where an intensity is at least `lower` and below `upper`.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// Lower limit, events per km².
    pub lower: f64,
    /// Upper limit, events per km²; `None` for the highest band.
    pub upper: Option<f64>,
    /// Its polygons, exteriors anticlockwise; none where the surface has no such value in the outline.
    pub shape: GridShape,
}

/// Smaller polygons are what rounding leaves along common borders, square metres.
const SMALLEST_M2: f64 = 0.001;

/// The bands of a surface within an outline: one for each threshold, lowest first.
///
/// The surface is interpolated linearly between cell centres and taken as 0 beyond the raster. The
/// bands are valid polygons (OGC simple features), do not overlap, and together are the part of the
/// outline in which the surface is at least the lowest threshold. Their lines are placed to two
/// centimetres for each threshold there is; where two meet they are the same to a tenth of a millimetre.
pub fn bands(surface: &Surface, thresholds: &Thresholds, outline: &GridShape) -> Vec<Band> {
    let limits = thresholds.as_slice();
    let numbers = || (0..limits.len()).into_par_iter();
    let rings: Vec<_> = numbers().map(|number| rings::rings(surface, limits, number)).collect();
    numbers()
        .map(|number| {
            // The region above the upper threshold lies in the one above the lower: by the even-odd rule
            // the rings of both together are the band.
            let of_both = rings[number].iter().chain(rings.get(number + 1).into_iter().flatten());
            let region = MultiPolygon(of_both.map(|ring| Polygon::new(ring.clone(), Vec::new())).collect());
            let mut shape = region.intersection(&outline.0);
            shape.0.retain(|polygon| polygon.unsigned_area() >= SMALLEST_M2);
            Band { lower: limits[number], upper: limits.get(number + 1).copied(), shape: GridShape(shape) }
        })
        .collect()
}

#[cfg(test)]
mod tests;
