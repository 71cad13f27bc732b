//! How far it is to the nearest incidents.

use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

use crate::{
    analysis::density::{NearestEvents, WeightedPoint},
    model::Metres,
};

/// The mean over all incidents of the distance to the k-th nearest other incident, metres, for each `k`.
/// Others at the same place count, at distance 0.
///
/// `counted` holds each place once, with its number of incidents as the weight. `None` for a `k` of 0 and
/// where there are not more than `k` incidents. Williamson, D. et al. (1999), *A better method to smooth
/// crime incident data*, take it as the radius of a kernel; which `k` to take is the analyst's choice.
///
/// # Example
/// ```
/// use hotspots::{analysis::{bandwidth::nearest::mean_nearest_m, density::WeightedPoint}, model::GridPoint};
/// let at = |e, weight| WeightedPoint { position: GridPoint::new(e, 0.0).unwrap(), weight };
/// // Two incidents at 0 m, one at 60 m: 0, 0 and 60 m to the nearest other.
/// assert_eq!(mean_nearest_m(&[at(0.0, 2.0), at(60.0, 1.0)], &[1, 3]), [Some(20.0), None]);
/// ```
pub fn mean_nearest_m(counted: &[WeightedPoint], ks: &[u32]) -> Vec<Option<f64>> {
    let incidents: f64 = counted.iter().map(|place| place.weight).sum();
    // Other places are farther than this, a millionth of a metre.
    let Ok(least) = Metres::new(1e-6) else { return vec![None; ks.len()] };
    let mean = |&k: &u32| {
        if k == 0 || f64::from(k) >= incidents {
            return None;
        }
        // Seen from an incident, the first of them is itself.
        let nearest = NearestEvents::new(counted, k + 1, least);
        let distances: Vec<f64> = counted
            .par_iter()
            .with_min_len(64)
            .map(|place| {
                let at_place = place.weight > f64::from(k);
                if at_place { 0.0 } else { nearest.radius(place.position).get() }
            })
            .collect();
        let sum: f64 = counted.iter().zip(&distances).map(|(place, distance)| place.weight * distance).sum();
        Some(sum / incidents)
    };
    ks.iter().map(mean).collect()
}
