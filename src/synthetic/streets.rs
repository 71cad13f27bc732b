//! The streets of the city: where incidents are recorded.

use geo::{BoundingRect, Contains};
use rand::{Rng, RngExt};
use rand_distr::weighted::WeightedIndex;

use crate::{
    crs,
    model::{Area, BoundarySet, GridPoint, Position},
};

/// Streets of the whole city.
const STREETS: usize = 3_000;
/// Streets just outside it: recorded places are not always where they should be.
const STREETS_BEYOND: usize = 25;
/// A random point falls into a ward after a few tries; a ward that is met so rarely gets no street.
const MOST_TRIES: usize = 10_000;

/// A street, recorded as one point, as police.uk does.
pub(super) struct Street {
    pub(super) name: String,
    pub(super) position: Position,
}

pub(super) struct Streets {
    streets: Vec<Street>,
    /// By ward, a point in its middle.
    centres: Vec<GridPoint>,
}

impl Streets {
    /// Lays out streets in each area of the first layer, in proportion to its residents (or, where
    /// they are not known, to its area).
    pub(super) fn new(boundaries: &BoundarySet, random: &mut impl Rng) -> Self {
        let wards = boundaries.layers.first().map_or(&[][..], |layer| &layer.areas);
        let size = |ward: &Area| {
            let residents =
                ward.denominators.residents.last_key_value().map(|(_, people)| f64::from(*people));
            residents.unwrap_or(ward.area.0)
        };
        let total: f64 = wards.iter().map(size).sum();
        let mut city = Self { streets: Vec::with_capacity(STREETS), centres: Vec::new() };
        for ward in wards {
            let share = size(ward) / total;
            let wanted = whole(share * STREETS as f64);
            let points: Vec<_> = (0..wanted).filter_map(|_| point_in(ward, random)).collect();
            city.centres.extend(points.first().copied());
            city.add(points);
        }
        let beyond = (0..STREETS_BEYOND).filter_map(|_| point_beyond(&boundaries.outline, random));
        city.add(beyond.collect());
        city
    }

    fn add(&mut self, points: Vec<GridPoint>) {
        for position in points.into_iter().filter_map(|point| crs::from_grid(point).ok()) {
            let name = format!("On or near Demo Street {}", self.streets.len() + 1);
            self.streets.push(Street { name, position });
        }
    }

    pub(super) fn get(&self, index: usize) -> &Street {
        &self.streets[index]
    }

    /// Weights of all streets for a hot spot around the middle of a ward, bell-shaped.
    pub(super) fn around(&self, ward: usize, spread_m: f64) -> Option<WeightedIndex<f64>> {
        let centre = *self.centres.get(ward % self.centres.len().max(1))?;
        let weight =
            |street: &Street| (-centre.distance_2(street.position.grid) / (2.0 * spread_m * spread_m)).exp();
        WeightedIndex::new(self.streets.iter().map(weight)).ok()
    }

    /// Weights of all streets for what is in no hot spot: uneven, as streets are.
    pub(super) fn background(&self, random: &mut impl Rng) -> Option<WeightedIndex<f64>> {
        WeightedIndex::new(self.streets.iter().map(|_| random.random_range(0.1..1.9_f64).powi(2))).ok()
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and STREETS")]
fn whole(number: f64) -> usize {
    number.round().clamp(0.0, STREETS as f64) as usize
}

fn point_in(ward: &Area, random: &mut impl Rng) -> Option<GridPoint> {
    point_near(ward, |inside| inside, random)
}

/// A point in the bounding box of an area, but not in the area.
fn point_beyond(area: &Area, random: &mut impl Rng) -> Option<GridPoint> {
    point_near(area, |inside| !inside, random)
}

fn point_near(area: &Area, wanted: impl Fn(bool) -> bool, random: &mut impl Rng) -> Option<GridPoint> {
    let extent = area.grid.0.bounding_rect()?;
    for _ in 0..MOST_TRIES {
        // Whole metres, as recorded positions have.
        let easting_m = random.random_range(extent.min().x..extent.max().x).round();
        let northing_m = random.random_range(extent.min().y..extent.max().y).round();
        if wanted(area.grid.0.contains(&geo_types::Point::new(easting_m, northing_m))) {
            return GridPoint::new(easting_m, northing_m).ok();
        }
    }
    None
}
