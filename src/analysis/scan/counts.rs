//! The events, what is expected of them, and what chance would have made of them.

use super::{Model, ScanEvent};
use crate::analysis::random::{Seed, Stream};

/// Slots are counted in groups of this many, which a processor's vector registers hold.
pub(super) const GROUP: usize = 8;

/// The events that can be scanned, and the weights that say what is expected.
pub(super) struct Cases {
    /// Site and slot of each event.
    events: Vec<(u32, u16)>,
    without_expectation: u32,
    site_weights: Vec<f64>,
    slot_weights: Vec<f64>,
    /// Expected events for one unit of site weight × slot weight.
    scale: f64,
    thrower: Option<Thrower>,
    width: usize,
}

/// For each site how many events it has up to the end of each slot.
///
/// Rows of whole groups; what lies beyond the last slot repeats its number.
pub(super) struct Cumulative {
    rows: Vec<i32>,
    width: usize,
}

impl Cumulative {
    #[inline]
    pub(super) fn row(&self, site: usize) -> &[i32] {
        &self.rows[site * self.width..][..self.width]
    }
}

impl Cases {
    pub(super) fn of(sites: usize, slots: u16, events: &[ScanEvent], model: &Model) -> Self {
        let slots = usize::from(slots);
        let known = |event: &&ScanEvent| (event.site as usize) < sites && usize::from(event.slot) < slots;
        let known = || events.iter().filter(known).map(|event| (event.site, event.slot));
        let (site_weights, slot_weights) = match model {
            Model::Permutation => {
                let (mut by_site, mut by_slot) = (vec![0.0; sites], vec![0.0; slots]);
                for (site, slot) in known() {
                    by_site[site as usize] += 1.0;
                    by_slot[usize::from(slot)] += 1.0;
                }
                (by_site, by_slot)
            }
            Model::Poisson { by_site, by_slot } => (weights(by_site, sites), weights(by_slot, slots)),
        };
        let expects = |(site, slot): &(u32, u16)| {
            site_weights[*site as usize] > 0.0 && slot_weights[usize::from(*slot)] > 0.0
        };
        let (kept, left): (Vec<_>, Vec<_>) = known().partition(expects);
        let product = site_weights.iter().sum::<f64>() * slot_weights.iter().sum::<f64>();
        let thrower = match model {
            Model::Permutation => None,
            Model::Poisson { .. } => Some(Thrower::new(&site_weights, &slot_weights)),
        };
        Self {
            without_expectation: u32::try_from(left.len()).unwrap_or(u32::MAX),
            scale: if product > 0.0 { kept.len() as f64 / product } else { 0.0 },
            events: kept,
            site_weights,
            slot_weights,
            thrower,
            width: slots.max(1).next_multiple_of(GROUP),
        }
    }

    /// Number of events.
    pub(super) fn events(&self) -> u32 {
        u32::try_from(self.events.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn without_expectation(&self) -> u32 {
        self.without_expectation
    }

    pub(super) fn site_weights(&self) -> &[f64] {
        &self.site_weights
    }

    /// Slots in whole groups.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// The weight of a window.
    pub(super) fn window_weight(&self, window: std::ops::Range<usize>) -> f64 {
        self.slot_weights[window].iter().sum()
    }

    /// Events expected in a cylinder.
    #[inline]
    pub(super) fn expected(&self, zone_weight: f64, window_weight: f64) -> f64 {
        zone_weight * window_weight * self.scale
    }

    /// What was observed.
    pub(super) fn observed(&self) -> Cumulative {
        self.cumulative(self.events.iter().copied())
    }

    /// What chance makes of it, another for each replication.
    pub(super) fn by_chance(&self, seed: Seed, replication: usize) -> Cumulative {
        let mut stream = seed.stream(replication as u64);
        if let Some(thrower) = &self.thrower {
            return self.cumulative(self.events.iter().map(|_| thrower.throw(&mut stream)));
        }
        let mut slots: Vec<u16> = self.events.iter().map(|(_, slot)| *slot).collect();
        stream.shuffle(&mut slots);
        self.cumulative(self.events.iter().zip(slots).map(|((site, _), slot)| (*site, slot)))
    }

    fn cumulative(&self, events: impl Iterator<Item = (u32, u16)>) -> Cumulative {
        let width = self.width;
        let mut rows = vec![0; self.site_weights.len() * width];
        for (site, slot) in events {
            rows[site as usize * width + usize::from(slot)] += 1;
        }
        for row in rows.chunks_exact_mut(width) {
            let mut sum = 0;
            for count in row {
                sum += *count;
                *count = sum;
            }
        }
        Cumulative { rows, width }
    }
}

/// As many weights as there are sites or slots; what is no weight is 0.
fn weights(given: &[f64], count: usize) -> Vec<f64> {
    let weight = |weight: &f64| if weight.is_finite() { weight.max(0.0) } else { 0.0 };
    given.iter().map(weight).chain(std::iter::repeat(0.0)).take(count).collect()
}

/// Throws events at sites and slots in proportion to their weights.
struct Thrower {
    sites: Vec<f64>,
    slots: Vec<f64>,
}

impl Thrower {
    fn new(site_weights: &[f64], slot_weights: &[f64]) -> Self {
        let sums = |weights: &[f64]| {
            let mut sum = 0.0;
            let add = |weight: &f64| {
                sum += weight;
                sum
            };
            weights.iter().map(add).collect()
        };
        Self { sites: sums(site_weights), slots: sums(slot_weights) }
    }

    fn throw(&self, stream: &mut Stream) -> (u32, u16) {
        let mut hit = |sums: &[f64]| {
            let at = stream.unit() * sums.last().copied().unwrap_or(0.0);
            // The first sum beyond it; a weight of 0 makes no step and is never hit.
            sums.partition_point(|sum| *sum <= at).min(sums.len().saturating_sub(1))
        };
        let (site, slot) = (hit(&self.sites), hit(&self.slots));
        (u32::try_from(site).unwrap_or(u32::MAX), u16::try_from(slot).unwrap_or(u16::MAX))
    }
}
