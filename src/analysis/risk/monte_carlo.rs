//! The chance of a relative risk, by shuffling who is a case.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::{
    RelativeRisk,
    relative::{held, log_ratio},
};
use crate::{
    analysis::{
        density::{EdgeCorrection, Kernel, Surface, WeightedPoint, intensity, merge, over_mass},
        monte_carlo::Replications,
        random::Seed,
    },
    model::GridPoint,
};

/// How often chance alone gives as much, by cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Chances {
    /// The probability of so high a ratio, or a higher one; `None` where there is no ratio.
    pub upper: Vec<Option<f64>>,
    /// The probability of so low a ratio, or a lower one.
    pub lower: Vec<Option<f64>>,
}

/// Ratios closer than this are the same: a sum in another order must not look like chance.
const SAME: f64 = 1e-9;

impl RelativeRisk<'_> {
    /// Deals the events out anew `times` times, as many cases and controls as there are, and tells for each
    /// cell in what share of them the ratio is at least as high, and at least as low, the observed one
    /// counted in: p = (1 + #)/(1 + times).
    ///
    /// Every deal takes the bandwidth, the shrinkage and the edge correction of the observed ratio. Where a
    /// deal leaves no ratio it counts on both sides. The same seed gives the same answer on any number of
    /// threads.
    pub fn chances(&self, seed: Seed, times: Replications) -> Chances {
        let grid = self.cases.surface.grid;
        let edge = self.parameters.edge;
        let places = self.places();
        let deck: Vec<u32> = places.iter().enumerate().flat_map(|(i, place)| place.deal(i)).collect();
        let few = self.events()[0] <= self.events()[1];
        let group = |place: &Place| if few { place.cases } else { place.controls };
        let dealt: usize = places.iter().map(|place| group(place) as usize).sum();
        let masses = (edge == EdgeCorrection::Uniform)
            .then(|| self.window.masses_over(&grid, Kernel::Gaussian, self.parameters.sigma));
        let together = |cell: usize| self.cases.surface.values[cell] + self.controls.surface.values[cell];
        let all: Vec<f64> = (0..grid.cells()).map(together).collect();
        let observed: Vec<Option<f64>> =
            self.ratios([&self.cases.surface.values, &self.controls.surface.values]);

        // The smaller group is dealt and smoothed; the other one is what is left of all.
        let deal = |number: usize| {
            let mut deck = deck.clone();
            seed.stream(number as u64).shuffle(&mut deck);
            let mut counts = vec![0.0; places.len()];
            for &place in deck.iter().take(dealt) {
                counts[place as usize] += 1.0;
            }
            let points: Vec<_> = places
                .iter()
                .zip(counts)
                .filter(|(_, count)| *count > 0.0)
                .map(|(place, count)| WeightedPoint { position: place.at, weight: count * place.factor })
                .collect();
            let Surface { values: mut some, .. } =
                intensity(&points, &grid, Kernel::Gaussian, self.parameters.sigma);
            if let Some(masses) = &masses {
                some.iter_mut().zip(masses).for_each(|(value, mass)| *value = over_mass(*value, *mass));
            }
            // What is left of a place where all events were dealt is rounding.
            let rest = |(some, all): (&f64, &f64)| if all - some < 1e-12 * all { 0.0 } else { all - some };
            let others: Vec<f64> = some.iter().zip(&all).map(rest).collect();
            self.ratios(if few { [&some, &others] } else { [&others, &some] })
        };
        let none = || vec![[0_u32; 2]; grid.cells()];
        let counts = (0..times.get())
            .into_par_iter()
            .fold(none, |mut counts, number| {
                for ((count, dealt), observed) in counts.iter_mut().zip(deal(number)).zip(&observed) {
                    let Some(observed) = observed else { continue };
                    count[0] += u32::from(dealt.is_none_or(|dealt| dealt >= observed - SAME));
                    count[1] += u32::from(dealt.is_none_or(|dealt| dealt <= observed + SAME));
                }
                counts
            })
            .reduce(none, |mut a, b| {
                a.iter_mut().zip(b).for_each(|(a, b)| *a = [a[0] + b[0], a[1] + b[1]]);
                a
            });
        let share = |side: usize| {
            let p = |count: &[u32; 2]| f64::from(count[side] + 1) / (times.get() + 1) as f64;
            counts.iter().zip(&observed).map(|(count, observed)| observed.map(|_| p(count))).collect()
        };
        Chances { upper: share(0), lower: share(1) }
    }

    /// The log ratio of two surfaces, in events per km², at each cell.
    fn ratios(&self, [cases, controls]: [&Vec<f64>; 2]) -> Vec<Option<f64>> {
        let held = [cases, controls].map(|values| held(values, &self.inside, self.window));
        if held.iter().any(|&held| held <= 0.0) {
            return vec![None; cases.len()];
        }
        cases.iter().zip(controls).map(|(&f, &g)| log_ratio([f, g], held, self.shift())).collect()
    }

    /// The places of all events, south to north.
    fn places(&self) -> Vec<Place> {
        let [cases, controls] = &self.points;
        let mut all: Vec<Place> = Vec::new();
        let merged = merge(cases.iter().chain(controls).copied().collect());
        let corrected = self.parameters.edge == EdgeCorrection::Diggle;
        for point in merged {
            let mass = if corrected {
                self.window.mass_at(point.position, Kernel::Gaussian, self.parameters.sigma)
            } else {
                1.0
            };
            all.push(Place { at: point.position, cases: 0, controls: 0, factor: over_mass(1.0, mass) });
        }
        let order = |a: GridPoint, b: GridPoint| {
            a.northing_m().total_cmp(&b.northing_m()).then(a.easting_m().total_cmp(&b.easting_m()))
        };
        for (group, points) in self.points.iter().enumerate() {
            for point in points {
                let Ok(found) = all.binary_search_by(|place| order(place.at, point.position)) else {
                    continue;
                };
                let place = &mut all[found];
                let count = if group == 0 { &mut place.cases } else { &mut place.controls };
                *count += whole(point.weight);
            }
        }
        all
    }
}

/// A place with its events.
struct Place {
    at: GridPoint,
    cases: u32,
    controls: u32,
    /// What the edge correction multiplies its kernels by.
    factor: f64,
}

impl Place {
    /// Its number once for each of its events.
    fn deal(&self, number: usize) -> impl Iterator<Item = u32> + use<> {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        std::iter::repeat_n(number, (self.cases + self.controls) as usize)
    }
}

/// A number of events.
fn whole(weight: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut to what fits")]
    let whole = weight.round().clamp(0.0, 4e9) as u32;
    whole
}
