//! Least-squares cross-validation from the distances between all pairs of incidents.
//!
//! What the criterion needs of the incidents, for every bandwidth, is how many pairs there are at which
//! distance. So all pairs are looked at once, and a bandwidth then costs some thousand bins.

use std::f64::consts::PI;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::analysis::density::WeightedPoint;

/// Bins to each doubling of the squared distance.
const BINS_TO_AN_OCTAVE: u32 = 512;
/// Bits of a squared distance that tell its bin from others: exponent and the first nine of the fraction.
const SHIFT: u32 = 52 - BINS_TO_AN_OCTAVE.ilog2();
/// The first bin ends at one metre, the last at 2²¹ metres, farther than the national grid reaches.
const OCTAVES: u32 = 42;
const FIRST: u64 = 1_f64.to_bits() >> SHIFT;
const BINS: usize = 1 + (OCTAVES * BINS_TO_AN_OCTAVE) as usize;

/// The pairs are summed in this many parts, whatever the number of threads, and the parts in order.
const PARTS: usize = 16;

/// Sums over the pairs of a bin of w δ^k, k = 0…3, where δ is the squared distance less that of the bin's
/// middle and w the product of both weights.
type Moments = [f64; 4];

/// The distances between all pairs of places, in 512 bins to each doubling of the squared distance, with
/// what a third-order expansion within the bins needs. A sum over pairs of a Gaussian of σ ≥ 10 m is
/// within 2·10⁻¹³ of the kernel's height for each pair.
#[derive(Clone, Debug)]
pub struct PairDistances {
    /// Σ w.
    total: f64,
    /// Σ w².
    squares: f64,
    /// The middle of each bin that holds pairs, m², ascending, and its sums.
    bins: Vec<(f64, Moments)>,
}

impl PairDistances {
    /// The distances between places. Each stands there once, with its number of incidents as the weight, or
    /// with 1 to count every place once.
    ///
    /// The work is a pass over all n(n − 1)/2 pairs.
    pub fn of(places: &[WeightedPoint]) -> Self {
        let east: Vec<_> = places.iter().map(|place| place.position.easting_m()).collect();
        let north: Vec<_> = places.iter().map(|place| place.position.northing_m()).collect();
        let weight: Vec<_> = places.iter().map(|place| place.weight).collect();
        let part = |part: usize| {
            let mut sums = vec![Moments::default(); BINS];
            for i in (part..places.len()).step_by(PARTS) {
                add_row(
                    (east[i], north[i], weight[i]),
                    [&east[i + 1..], &north[i + 1..], &weight[i + 1..]],
                    &mut sums,
                );
            }
            sums
        };
        let parts: Vec<_> = (0..PARTS).into_par_iter().map(part).collect();
        let bin = |index: usize| {
            let mut sums = Moments::default();
            for part in &parts {
                for (sum, more) in sums.iter_mut().zip(&part[index]) {
                    *sum += more;
                }
            }
            (middle(index), sums)
        };
        Self {
            total: weight.iter().sum(),
            squares: weight.iter().map(|w| w * w).sum(),
            bins: (0..BINS).map(bin).filter(|(_, sums)| sums[0] > 0.0).collect(),
        }
    }

    /// The criterion of least-squares cross-validation for a Gaussian kernel, per m²: the integrated squared
    /// density less twice the mean density that the incidents have by those at *other places*,
    ///
    /// Σᵢⱼ wᵢ wⱼ N(xᵢ − xⱼ; 2σ²) / (Σ w)² − 2 Σ_{i≠j} wᵢ wⱼ N(xᵢ − xⱼ; σ²) / Σ_{i≠j} wᵢ wⱼ.
    ///
    /// It estimates, up to a constant, how far the density is from the true one; the smaller the better.
    /// With one incident at each place it is that of Bowman, A. W. (1984), doi 10.1093/biomet/71.2.353.
    /// Published positions are snapped to few places. Incidents at one place are left out together, because
    /// their distance of nothing says how positions were published and not how incidents are spread.
    ///
    /// `None` where there are fewer than two places.
    pub fn criterion(&self, sigma_m: f64) -> Option<f64> {
        let [wide, narrow] = self.gaussians(sigma_m);
        let pairs = self.total * self.total - self.squares;
        (!self.bins.is_empty()).then(|| {
            let squared = (self.squares + 2.0 * wide) / (self.total * self.total * 4.0 * PI);
            let left_out = 2.0 * narrow / (pairs * 2.0 * PI);
            (squared - 2.0 * left_out) / (sigma_m * sigma_m)
        })
    }

    /// The criterion where each *incident* is left out alone, so that others at its place speak for it.
    ///
    /// Where incidents repeat at places it draws the bandwidth towards zero. `None` as
    /// [`criterion`](Self::criterion).
    pub fn criterion_by_incident(&self, sigma_m: f64) -> Option<f64> {
        let [wide, narrow] = self.gaussians(sigma_m);
        (!self.bins.is_empty()).then(|| {
            let squared = (self.squares + 2.0 * wide) / (self.total * self.total * 4.0 * PI);
            let at_one_place = self.squares - self.total;
            let left_out = (2.0 * narrow + at_one_place) / (self.total * (self.total - 1.0) * 2.0 * PI);
            (squared - 2.0 * left_out) / (sigma_m * sigma_m)
        })
    }

    /// Σ w exp(−d²/4σ²) and Σ w exp(−d²/2σ²) over the pairs.
    fn gaussians(&self, sigma_m: f64) -> [f64; 2] {
        let rate = 0.25 / (sigma_m * sigma_m);
        let near = self.bins.partition_point(|(middle, _)| middle * rate < FARTHEST);
        let mut sums = [0.0; 2];
        for (middle, moments) in &self.bins[..near] {
            let height = (-middle * rate).exp();
            sums[0] += height * expanded(moments, rate);
            sums[1] += height * height * expanded(moments, 2.0 * rate);
        }
        sums
    }
}

/// Pairs with a greater exponent than this add less than 10⁻²⁶ of a kernel's height.
const FARTHEST: f64 = 60.0;

/// Σ w exp(−a δ) to the third order.
fn expanded([m0, m1, m2, m3]: &Moments, a: f64) -> f64 {
    m0 - a * (m1 - a / 2.0 * (m2 - a / 3.0 * m3))
}

/// Adds the pairs of one place with those after it.
fn add_row((east, north, weight): (f64, f64, f64), others: [&[f64]; 3], sums: &mut [Moments]) {
    let [easts, norths, weights] = others;
    for ((other_east, other_north), other_weight) in easts.iter().zip(norths).zip(weights) {
        let (de, dn) = (other_east - east, other_north - north);
        let distance_2 = de * de + dn * dn;
        let index = index(distance_2);
        if let Some(bin) = sums.get_mut(index) {
            let delta = distance_2 - middle(index);
            let w = weight * other_weight;
            let (wd, d2) = (w * delta, delta * delta);
            bin[0] += w;
            bin[1] += wd;
            bin[2] += w * d2;
            bin[3] += wd * d2;
        }
    }
}

/// The bin of a squared distance, m².
fn index(distance_2: f64) -> usize {
    let bits = (distance_2.to_bits() >> SHIFT).saturating_sub(FIRST - 1);
    usize::try_from(bits).unwrap_or(BINS)
}

/// The middle of a bin, m².
fn middle(index: usize) -> f64 {
    match (index as u64).checked_sub(1) {
        None => 0.5,
        Some(above) => f64::from_bits((FIRST + above) << SHIFT | 1 << (SHIFT - 1)),
    }
}
