//! A condition on incidents.

use std::sync::Arc;

use super::incidents::{self, AreaCodes};
use crate::{
    feature::{Crs, Plane, Shape, Value},
    filter::{Condition, Row},
    model::{BoundarySet, Invalid, Layer},
    snapshot::Snapshot,
};

/// A checked condition on incidents.
#[derive(Clone, Debug)]
pub struct Filter {
    condition: Condition,
    areas: Arc<AreaCodes>,
}

impl Filter {
    /// Parses and checks CQL2 text. The ids of the boundary layers are properties too:
    /// `ward = 'E05001236'`.
    ///
    /// # Errors
    /// As [`Condition::parse_text`].
    pub fn parse(text: &str, boundaries: &BoundarySet) -> Result<Self, Invalid> {
        let condition = Condition::parse_text(text, &incidents::fields_for_filters(boundaries), Crs::Crs84)?;
        Ok(Self { condition, areas: Arc::new(incidents::area_codes(boundaries)) })
    }

    /// The same, with the areas of these layers: a code is then one of the vintage that answers a question.
    #[must_use]
    pub fn in_layers(&self, boundaries: &BoundarySet, layers: &[(usize, &Layer)]) -> Self {
        Self {
            condition: self.condition.clone(),
            areas: Arc::new(incidents::area_codes_in(boundaries, layers)),
        }
    }

    /// The filter as it was given.
    pub fn text(&self) -> &str {
        self.condition.text()
    }

    /// Whether the filter is true for a row; not-known counts as not true.
    pub fn holds(&self, snapshot: &Snapshot, row: usize) -> bool {
        self.condition.holds(&Incident { snapshot, areas: &self.areas, row })
    }
}

/// An incident as a condition sees it.
struct Incident<'a> {
    snapshot: &'a Snapshot,
    areas: &'a AreaCodes,
    row: usize,
}

impl Row for Incident<'_> {
    fn value(&self, field: usize) -> Value<'_> {
        incidents::value(self.snapshot, self.areas, self.row, field)
    }

    fn shape(&self, plane: Plane) -> Option<Shape<'_>> {
        let (place, places) = (self.snapshot.place(self.row)?, self.snapshot.places());
        let at = match plane {
            Plane::Grid => places.grid(place).coord(),
            other => other.project(places.lonlat(place)).ok()?,
        };
        Some(Shape::Point(at))
    }
}
