//! Boxes with sides along the axes.

use geo_types::{Coord, Rect};

use crate::model::Invalid;

/// A box in some plane, edges included. Never empty: a single position is one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    min: Coord,
    max: Coord,
}

impl Bounds {
    /// The box between two corners.
    ///
    /// # Errors
    /// [`Invalid`] for numbers that are not finite, and where `min` lies beyond `max`.
    pub fn new(min: Coord, max: Coord) -> Result<Self, Invalid> {
        let shown = || format!("{},{},{},{}", min.x, min.y, max.x, max.y);
        if ![min.x, min.y, max.x, max.y].iter().all(|number| number.is_finite()) {
            return Err(Invalid::new(shown(), "the sides of a box are finite numbers"));
        }
        if min.x > max.x || min.y > max.y {
            return Err(Invalid::new(shown(), "the lower corner of a box comes first"));
        }
        Ok(Self { min, max })
    }

    /// The box around positions; `None` without any, and where a number is not finite.
    ///
    /// # Example
    /// ```
    /// use geo_types::coord;
    /// use hotspots::feature::Bounds;
    /// let bounds = Bounds::around([coord! { x: 3.0, y: 1.0 }, coord! { x: 2.0, y: 5.0 }]).unwrap();
    /// assert_eq!((bounds.min().x, bounds.max().y), (2.0, 5.0));
    /// ```
    pub fn around(positions: impl IntoIterator<Item = Coord>) -> Option<Self> {
        let mut positions = positions.into_iter();
        let first = positions.next()?;
        let (mut min, mut max) = (first, first);
        for at in positions {
            min = Coord { x: min.x.min(at.x), y: min.y.min(at.y) };
            max = Coord { x: max.x.max(at.x), y: max.y.max(at.y) };
        }
        Self::new(min, max).ok()
    }

    /// The lower left corner.
    pub const fn min(&self) -> Coord {
        self.min
    }

    /// The upper right corner.
    pub const fn max(&self) -> Coord {
        self.max
    }

    /// From left to right.
    pub fn width(&self) -> f64 {
        self.max.x - self.min.x
    }

    /// From bottom to top.
    pub fn height(&self) -> f64 {
        self.max.y - self.min.y
    }

    /// Whether a position lies in it or on its edge.
    pub fn holds(&self, at: Coord) -> bool {
        (self.min.x..=self.max.x).contains(&at.x) && (self.min.y..=self.max.y).contains(&at.y)
    }

    /// Whether two boxes have a position in common.
    pub fn meets(&self, other: &Self) -> bool {
        self.min.x <= other.max.x
            && other.min.x <= self.max.x
            && self.min.y <= other.max.y
            && other.min.y <= self.max.y
    }

    /// Whether another box lies in it.
    pub fn covers(&self, other: &Self) -> bool {
        self.holds(other.min) && self.holds(other.max)
    }

    /// The box around both.
    #[must_use]
    pub fn joined(&self, other: &Self) -> Self {
        Self {
            min: Coord { x: self.min.x.min(other.min.x), y: self.min.y.min(other.min.y) },
            max: Coord { x: self.max.x.max(other.max.x), y: self.max.y.max(other.max.y) },
        }
    }

    /// The box with a margin on every side; a negative one leaves it as it is.
    #[must_use]
    pub fn widened(&self, margin: f64) -> Self {
        let margin = margin.max(0.0);
        Self {
            min: Coord { x: self.min.x - margin, y: self.min.y - margin },
            max: Coord { x: self.max.x + margin, y: self.max.y + margin },
        }
    }

    /// As a rectangle of `geo`.
    pub fn rect(&self) -> Rect {
        Rect::new(self.min, self.max)
    }
}
