//! Cross-validation by the intensity that each place has from all others.
//!
//! Unlike the sums over pairs these need a sum for each place, and so a pass over all pairs for each
//! bandwidth. A pass gives, with one exponential for each pair, the sums for a whole row of bandwidths
//! of which each is the one before over √2: its kernel is the square of the one before.

use std::f64::consts::PI;

use pulp::{Arch, NullaryFnOnce};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use crate::{
    analysis::{density::WeightedPoint, exponential},
    model::SquareMetres,
};

/// Places of which each is looked at without itself.
#[derive(Clone, Debug)]
pub struct LeftOut {
    east: Vec<f64>,
    north: Vec<f64>,
    weight: Vec<f64>,
}

/// For each place, in their order, the sum over all others of w exp(−d²/2σ²).
#[derive(Clone, Debug)]
pub struct Sums {
    /// σ, metres.
    pub sigma_m: f64,
    /// The sums.
    pub others: Vec<f64>,
}

impl LeftOut {
    /// Places, each standing there once, with its number of incidents as the weight, or with 1 to count
    /// every place once.
    pub fn new(places: &[WeightedPoint]) -> Self {
        Self {
            east: places.iter().map(|place| place.position.easting_m()).collect(),
            north: places.iter().map(|place| place.position.northing_m()).collect(),
            weight: places.iter().map(|place| place.weight).collect(),
        }
    }

    /// The sums for σ = `sigma_m`.
    pub fn at(&self, sigma_m: f64) -> Sums {
        let others = self.rows(sigma_m, 1).into_iter().flatten().collect();
        Sums { sigma_m, others }
    }

    /// The sums for σ = `widest_m` and for each √2 times shorter one, `count` of them.
    pub fn at_each(&self, widest_m: f64, count: usize) -> Vec<Sums> {
        let rows = self.rows(widest_m, count);
        (0..count)
            .map(|k| Sums {
                sigma_m: widest_m * 0.5_f64.powf(k as f64 / 2.0),
                others: rows.iter().filter_map(|row| row.get(k).copied()).collect(),
            })
            .collect()
    }

    /// The log-likelihood of the incidents, each place under the intensity of all *other places*:
    /// Σ w ln λ₋ᵢ(xᵢ) − Σ w, intensities per m², no edge correction; the greater the better.
    ///
    /// With one incident at each place it is the criterion of Duin, R. P. W. (1976),
    /// doi 10.1109/TC.1976.1674577, in the form for intensities of Loader, C. (1999). *Local Regression and
    /// Likelihood*, section 5.3. −∞ where a place is so far from all others that it has no intensity at
    /// all.
    pub fn log_likelihood(&self, sums: &Sums) -> f64 {
        self.likelihood(sums, |_| 0.0)
    }

    /// The log-likelihood where each *incident* is left out alone, so that others at its place speak for it.
    pub fn log_likelihood_by_incident(&self, sums: &Sums) -> f64 {
        self.likelihood(sums, |weight| weight - 1.0)
    }

    /// `at_place` is how many incidents at a place speak for each of its incidents.
    fn likelihood(&self, sums: &Sums, at_place: impl Fn(f64) -> f64) -> f64 {
        let height = 0.5 / PI / (sums.sigma_m * sums.sigma_m);
        let term = |(&others, &w): (&f64, &f64)| w * ((others + at_place(w)) * height).ln();
        sums.others.iter().zip(&self.weight).map(term).sum::<f64>() - self.weight.iter().sum::<f64>()
    }

    /// Area less the sum over incidents of one over their intensity, m². It is zero for the bandwidth of
    /// Cronie, O. and van Lieshout, M. N. M. (2018), doi 10.1093/biomet/asy001: where each incident
    /// speaks for as much ground as it is dense, incidents fill the area. Each counts in its own intensity.
    pub fn area_left_m2(&self, sums: &Sums, area: SquareMetres) -> f64 {
        let ground = 2.0 * PI * sums.sigma_m * sums.sigma_m;
        let term = |(&others, &w): (&f64, &f64)| w * ground / (others + w);
        area.0 - sums.others.iter().zip(&self.weight).map(term).sum::<f64>()
    }

    /// For each place the sum for each σ.
    fn rows(&self, widest_m: f64, count: usize) -> Vec<Vec<f64>> {
        let arch = Arch::new();
        let row = |place| arch.dispatch(Row { all: self, place, rate: 0.5 / (widest_m * widest_m), count });
        (0..self.weight.len()).into_par_iter().with_min_len(16).map(row).collect()
    }
}

/// The sums of one place for a row of bandwidths.
struct Row<'a> {
    all: &'a LeftOut,
    place: usize,
    rate: f64,
    count: usize,
}

/// Pairs are taken in groups that stay in the fastest memory.
const GROUP: usize = 256;
/// Sums are kept in so many lanes, whatever a processor has, so that every processor adds in one order.
const LANES: usize = 8;

impl NullaryFnOnce for Row<'_> {
    type Output = Vec<f64>;

    #[expect(clippy::inline_always, reason = "compiled anew for what each processor can do")]
    #[inline(always)]
    fn call(self) -> Vec<f64> {
        let Self { all, place, rate, count } = self;
        let (east, north) = (all.east[place], all.north[place]);
        let mut sums = vec![[0.0; LANES]; count];
        let (mut kernels, mut weights) = ([0.0; GROUP], [0.0; GROUP]);
        for side in [0..place, place + 1..all.weight.len()] {
            let mut begin = side.start;
            while begin < side.end {
                let group = begin..side.end.min(begin + GROUP);
                begin = group.end;
                let length = group.len();
                let others = all.east[group.clone()].iter().zip(&all.north[group.clone()]);
                for (kernel, (other_east, other_north)) in kernels.iter_mut().zip(others) {
                    let (de, dn) = (other_east - east, other_north - north);
                    *kernel = exponential::of_minus((de * de + dn * dn) * rate);
                }
                weights[..length].copy_from_slice(&all.weight[group]);
                weights[length..].fill(0.0);
                for sum in &mut sums {
                    let lanes = kernels.chunks_exact_mut(LANES).zip(weights.chunks_exact(LANES));
                    for (kernels, weights) in lanes {
                        for ((sum, kernel), weight) in sum.iter_mut().zip(kernels).zip(weights) {
                            *sum += *kernel * weight;
                            let square = *kernel * *kernel;
                            // Numbers near the smallest there are would slow every operation down.
                            *kernel = if square > 1e-300 { square } else { 0.0 };
                        }
                    }
                }
            }
        }
        sums.iter().map(|lanes| lanes.iter().sum()).collect()
    }
}
