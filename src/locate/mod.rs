//! The areas of a place, in every layer at once.

use crate::{
    boundary::Locator,
    model::{BoundarySet, GridPoint},
};

/// The locators of a borough's outline and of all its layers.
///
/// The border rule is that of [`boundary::locator`](crate::boundary::locator) everywhere.
///
/// # Example
/// ```
/// use hotspots::{boundary::manifest, locate::Locators, model::GridPoint};
/// let set = manifest::load("boundaries/dudley.toml".as_ref()).unwrap();
/// let locators = Locators::new(&set);
/// let place = GridPoint::new(390_800.0, 285_640.0).unwrap();
/// assert!(locators.in_outline(place));
/// let ward = locators.areas(place).next().flatten().unwrap();
/// assert_eq!(set.layers[0].areas[usize::from(ward)].name, "Amblecote");
/// ```
#[derive(Debug)]
pub struct Locators {
    outline: Locator,
    layers: Vec<Locator>,
}

impl Locators {
    /// Prepares a boundary set; some milliseconds for each layer.
    pub fn new(set: &BoundarySet) -> Self {
        Self {
            outline: Locator::new(std::slice::from_ref(&set.outline)),
            layers: set.layers.iter().map(|layer| Locator::new(&layer.areas)).collect(),
        }
    }

    /// Whether the place lies in the borough or on its outline.
    pub fn in_outline(&self, place: GridPoint) -> bool {
        self.outline.locate(place).is_some()
    }

    /// For each layer of the set, in its order, the index of the area that holds the place.
    pub fn areas(&self, place: GridPoint) -> impl ExactSizeIterator<Item = Option<u16>> {
        self.layers.iter().map(move |locator| locator.locate(place))
    }

    /// The locator of the outline, for the distance from the borough's border.
    pub fn outline(&self) -> &Locator {
        &self.outline
    }

    /// The locators of the layers, in the set's order.
    pub fn layers(&self) -> &[Locator] {
        &self.layers
    }
}
