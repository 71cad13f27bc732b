//! What the numbers of a surface count.

use std::str::FromStr;

use super::Surface;
use crate::model::Invalid;

/// The form of a surface's values (Levine, N. (2015). *`CrimeStat` IV*, ch. 10, "Density calculation").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// Events per km²: the density itself.
    #[default]
    Intensity,
    /// Events per cell, rescaled so that the cells inside the outline add up to all events.
    Absolute,
    /// The share of all events in a cell, rescaled so that the cells inside the outline add up to 1.
    Probability,
}

impl Form {
    /// Its name in parameters and method cards.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intensity => "intensity",
            Self::Absolute => "absolute",
            Self::Probability => "probability",
        }
    }

    /// Turns intensities into this form; `events` is the sum of the weights of all events.
    ///
    /// The second value is the factor by which the cells' events, intensity × area, were rescaled: it
    /// makes good what the kernels lose over the border and what cells miss of the surface, and far from
    /// 1 it says that the surface is not to be trusted. `None` for intensities, which are not rescaled,
    /// and where there is nothing inside to rescale.
    pub fn of(self, mut surface: Surface, inside: &[bool], events: f64) -> (Surface, Option<f64>) {
        if self == Self::Intensity {
            return (surface, None);
        }
        let cell_km2 = surface.grid.cell_area().km2();
        let held: f64 =
            surface.values.iter().zip(inside).filter(|(_, inside)| **inside).map(|(v, _)| v).sum();
        let held = held * cell_km2;
        if !(held > 0.0 && events > 0.0) {
            surface.values.fill(0.0);
            return (surface, None);
        }
        let factor = events / held;
        let per_cell = if self == Self::Absolute { factor * cell_km2 } else { cell_km2 / held };
        surface.values.iter_mut().for_each(|value| *value *= per_cell);
        (surface, Some(factor))
    }
}

impl FromStr for Form {
    type Err = Invalid;

    /// Reads a [`name`](Self::name).
    fn from_str(text: &str) -> Result<Self, Invalid> {
        [Self::Intensity, Self::Absolute, Self::Probability]
            .into_iter()
            .find(|form| form.name() == text)
            .ok_or_else(|| Invalid::new(text, "a form is intensity, absolute or probability"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{density::RasterGrid, testing::metres};

    fn surface(values: &[f64]) -> Surface {
        let grid = RasterGrid::new(0.0, 0.0, metres(100.0), values.len(), 1).unwrap();
        Surface { grid, values: values.to_vec() }
    }

    #[test]
    fn cells_inside_add_up_to_all_events_or_to_one() {
        let (of, inside) = (surface(&[100.0, 300.0, 400.0]), [true, true, false]);
        // 1 + 3 of 8 events are inside.
        let (absolute, factor) = Form::Absolute.of(of.clone(), &inside, 8.0);
        assert_eq!((absolute.values, factor), (vec![2.0, 6.0, 8.0], Some(2.0)));
        let (probability, factor) = Form::Probability.of(of.clone(), &inside, 8.0);
        assert_eq!((probability.values, factor), (vec![0.25, 0.75, 1.0], Some(2.0)));
        assert_eq!(Form::Intensity.of(of.clone(), &inside, 8.0), (of, None));
    }

    #[test]
    fn nothing_inside_is_nothing() {
        for form in [Form::Absolute, Form::Probability] {
            assert_eq!(form.of(surface(&[0.0, 5.0]), &[true, false], 3.0), (surface(&[0.0, 0.0]), None));
            assert_eq!(form.of(surface(&[0.0, 5.0]), &[true, true], 0.0), (surface(&[0.0, 0.0]), None));
        }
    }

    #[test]
    fn names_are_read_back() {
        for form in [Form::Intensity, Form::Absolute, Form::Probability] {
            assert_eq!(form.name().parse(), Ok(form));
        }
        assert!("relative".parse::<Form>().is_err());
    }
}
