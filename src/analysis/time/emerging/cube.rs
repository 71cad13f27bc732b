//! Counts by place and step of time.

/// Counts, or sums of weights, by place and step: each place's series stands in one piece.
#[derive(Clone, Debug, PartialEq)]
pub struct Cube {
    steps: usize,
    places: usize,
    values: Vec<f64>,
}

impl Cube {
    /// A cube of zeros.
    pub fn new(places: usize, steps: usize) -> Self {
        Self { steps, places, values: vec![0.0; places.saturating_mul(steps)] }
    }

    /// Adds a weight to a bin, and says whether there is such a bin.
    pub fn add(&mut self, place: usize, step: usize, weight: f64) -> bool {
        let steps = self.steps;
        let bin = if step < steps && place < self.places {
            self.values.get_mut(place * steps + step)
        } else {
            None
        };
        bin.map(|bin| *bin += weight).is_some()
    }

    /// Number of places.
    pub fn places(&self) -> usize {
        self.places
    }

    /// Number of steps.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// The values of a place, step by step; empty for a place that does not exist.
    pub fn series(&self, place: usize) -> &[f64] {
        if place >= self.places {
            return &[];
        }
        &self.values[place * self.steps..(place + 1) * self.steps]
    }

    /// All series, place by place.
    pub fn all_series(&self) -> impl Iterator<Item = &[f64]> {
        (0..self.places).map(|place| self.series(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_stands_in_its_bin_and_nowhere_else() {
        let mut cube = Cube::new(2, 3);
        assert!(cube.add(1, 2, 4.0) && cube.add(1, 2, 0.5) && cube.add(0, 0, 1.0));
        assert!(!cube.add(0, 3, 1.0) && !cube.add(2, 0, 1.0));
        assert_eq!(cube.all_series().collect::<Vec<_>>(), [[1.0, 0.0, 0.0], [0.0, 0.0, 4.5]]);
        assert_eq!(cube.series(2), &[] as &[f64]);
        assert!(!Cube::new(0, 5).add(0, 0, 1.0) && !Cube::new(5, 0).add(0, 0, 1.0));
    }
}
