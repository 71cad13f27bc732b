//! The zones: every site with its nearest sites around it, as far as the rules allow.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::ScanRules;
use crate::model::GridPoint;

/// For each centre its sites from the nearest on. Every prefix that ends at a rim is a zone.
pub(super) struct Circles {
    steps: Vec<Vec<Step>>,
    greatest_weight: f64,
    sites_over_cap: u32,
}

/// The next site outwards.
#[derive(Clone, Copy)]
pub(super) struct Step(u32);

impl Step {
    const RIM: u32 = 1 << 31;

    /// Its number.
    #[inline]
    pub(super) fn site(self) -> usize {
        (self.0 & !Self::RIM) as usize
    }

    /// Whether a circle ends with it. Sites at the same distance enter together.
    #[inline]
    pub(super) fn is_rim(self) -> bool {
        self.0 & Self::RIM != 0
    }
}

/// Half of the least difference between a sum of weights and a cap that is taken for one.
const ROUNDING: f64 = 1e-12;

impl Circles {
    /// More sites in all circles together would take minutes and gigabytes.
    pub(super) const MOST_STEPS: usize = 20_000_000;

    /// The circles around every site with weight; `None` where there would be too many.
    pub(super) fn around(sites: &[GridPoint], weights: &[f64], rules: &ScanRules) -> Option<Self> {
        let cap = weights.iter().sum::<f64>() * rules.share.get() * (1.0 + ROUNDING);
        let radius_2 = rules.radius.map_or(f64::INFINITY, |radius| radius.get() * radius.get());
        let living: Vec<u32> = (0..).zip(weights).filter(|(_, w)| **w > 0.0).map(|(site, _)| site).collect();
        let taken = AtomicUsize::new(0);
        let circle = |centre: usize| {
            if weights[centre] <= 0.0 {
                return Some(Vec::new());
            }
            let distance = |&site: &u32| (sites[centre].distance_2(sites[site as usize]), site);
            let near = living.iter().map(distance).filter(|(d, _)| *d <= radius_2).collect();
            let steps = within(near, weights, cap);
            let before = taken.fetch_add(steps.len(), Ordering::Relaxed);
            (before + steps.len() <= Self::MOST_STEPS).then_some(steps)
        };
        let steps: Vec<_> = (0..sites.len()).into_par_iter().map(circle).collect::<Option<_>>()?;
        let over = weights.iter().filter(|weight| **weight > cap).count();
        Some(Self { steps, greatest_weight: cap, sites_over_cap: u32::try_from(over).unwrap_or(u32::MAX) })
    }

    /// Number of centres.
    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    /// The sites around a centre, the nearest first.
    pub(super) fn steps(&self, centre: usize) -> &[Step] {
        &self.steps[centre]
    }

    /// The members of a circle of `size` sites.
    pub(super) fn members(&self, centre: usize, size: usize) -> impl Iterator<Item = usize> + Clone {
        self.steps[centre].iter().take(size).map(|step| step.site())
    }

    /// No zone weighs more.
    pub(super) fn greatest_weight(&self) -> f64 {
        self.greatest_weight
    }

    pub(super) fn sites_over_cap(&self) -> u32 {
        self.sites_over_cap
    }
}

/// Sites by squared distance, then number, as long as they weigh no more than `cap` together.
fn within(mut near: Vec<(f64, u32)>, weights: &[f64], cap: f64) -> Vec<Step> {
    let order = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
    let weight = |(_, site): &(f64, u32)| weights[*site as usize];
    // Most sites lie beyond the cap, and need no order: as many are sorted as hold more than it.
    let mut sorted = 256;
    while sorted < near.len() {
        near.select_nth_unstable_by(sorted, order);
        if near[..sorted].iter().map(weight).sum::<f64>() > cap {
            // The site after the last that is sorted tells whether that one is a rim; it is in place.
            near.truncate(sorted + 1);
            break;
        }
        sorted *= 4;
    }
    near.sort_unstable_by(order);
    let mut steps = Vec::new();
    let mut sum = 0.0;
    for ring in near.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        for site in ring {
            sum += weight(site);
        }
        if sum > cap {
            break;
        }
        steps.extend(ring.iter().map(|(_, site)| Step(*site)));
        if let Some(last) = steps.last_mut() {
            last.0 |= Step::RIM;
        }
    }
    steps.shrink_to_fit();
    steps
}
