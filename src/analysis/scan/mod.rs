//! Space-time scan: which circles, in which run of months, hold more events than chance explains.
//!
//! Kulldorff, M. (1997), doi 10.1080/03610929708831995, for the Poisson model; Kulldorff, M., Heffernan,
//! R., Hartman, J., Assunção, R. and Mostashari, F. (2005), doi 10.1371/journal.pmed.0020059, for the
//! space-time permutation.
//!
//! A *site* is a place or a cell with a position, a *slot* a month. A *zone* is a site with its nearest
//! sites around it, a *window* a run of slots; a zone in a window is a cylinder. Every cylinder has a
//! log-likelihood ratio ([`llr::poisson`]) of what was observed against what is expected, and the highest
//! one is the most likely cluster. Its p-value is its rank among the highest ones of data that chance
//! made, so that the search over many cylinders is paid for.
//!
//! Expected is *site weight × slot weight* in proportion, scaled to the events: the sites' events times
//! the months' events for the permutation model, residents or another baseline for the Poisson model.

mod circles;
mod counts;
mod floor;
pub mod llr;
mod rules;
mod search;

use std::ops::Range;

pub use rules::{ScanRules, ShareCap};

use super::{
    monte_carlo::p_at_least,
    progress::{Watch, pieces},
};
use crate::model::GridPoint;
use circles::Circles;
use counts::Cases;
use floor::Floor;
use search::{Best, Search};

/// One event: the number of its site, and the number of its slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanEvent {
    /// Where.
    pub site: u32,
    /// When.
    pub slot: u16,
}

/// What chance is taken to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Model {
    /// Chance deals the slots out to the events anew; every site keeps its events and every slot its.
    /// It needs no population, and finds where *and* when together something is unusual: neither a site
    /// that always has much nor a month that has much everywhere.
    Permutation,
    /// Chance throws every event at a site and a slot in proportion to their weights. It finds what has
    /// more than its share of the weight: residents, or the events of another selection.
    Poisson {
        /// For each site how much is at risk there; finite and not negative.
        by_site: Vec<f64>,
        /// For each slot how much of it: its days, or how many events of another selection it has.
        by_slot: Vec<f64>,
    },
}

/// A cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// The site at its centre.
    pub centre: u32,
    /// Distance from the centre to the farthest member, metres; 0 for one site alone.
    pub radius_m: f64,
    /// Its sites, the nearest to the centre first.
    pub members: Vec<u32>,
    /// Its slots.
    pub slots: Range<u16>,
    /// Events in it.
    pub observed: u32,
    /// Events expected in it.
    pub expected: f64,
    /// Its log-likelihood ratio.
    pub llr: f64,
    /// Its rank among the highest ratios of the simulations, divided by their number + 1. That of a
    /// secondary cluster is too high rather than too low, because it is held against the highest ones.
    pub p: f64,
}

/// What a scan gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Scan {
    /// Clusters without a site in common, the highest ratio first: from every centre only its best one.
    /// One that every simulation reaches (p = 1) is left out.
    pub clusters: Vec<Cluster>,
    /// Events that were scanned.
    pub events: u32,
    /// Events left out because nothing was expected at their site or in their slot, so that no ratio says
    /// anything.
    pub without_expectation: u32,
    /// Sites that hold more than the cap by themselves and so are in no circle.
    pub sites_over_cap: u32,
    /// The ratio that one simulation in twenty reaches somewhere; `None` without events.
    pub critical_llr: Option<f64>,
}

/// The most slots of a scan: ten years of months.
pub const MOST_SLOTS: u16 = 120;

/// Why there is no scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoScan {
    /// The period has more slots than [`MOST_SLOTS`].
    #[error("a scan takes at most {MOST_SLOTS} months; choose a shorter period")]
    TooLong,
    /// The watch stopped it.
    #[error("the scan was stopped")]
    Stopped,
    /// The circles would have too many sites together.
    #[error(
        "the circles would hold {} million sites together; take cells in place of places, a smaller share, or a radius",
        Circles::MOST_STEPS / 1_000_000
    )]
    TooManyCircles,
}

/// Scans events on sites over `slots` slots. Events at no site or in no slot are not there.
///
/// The answer depends on the order of sites and events only where ratios are equal: then the smaller zone,
/// the shorter window, the earlier one, and the centre that comes first go before.
///
/// Without events, with all in one slot (for the permutation model), or with one site that has them all,
/// there is no cluster.
///
/// # Errors
/// [`NoScan`].
pub fn scan(
    sites: &[GridPoint],
    slots: u16,
    events: &[ScanEvent],
    model: &Model,
    rules: &ScanRules,
    watch: &dyn Watch,
) -> Result<Scan, NoScan> {
    if slots > MOST_SLOTS {
        return Err(NoScan::TooLong);
    }
    let cases = Cases::of(sites.len(), slots, events, model);
    let circles = Circles::around(sites, cases.site_weights(), rules).ok_or(NoScan::TooManyCircles)?;
    let windows = rules.windows(slots);
    let floor = |level| Floor::new(&cases, &windows, circles.greatest_weight(), level);
    let search = Search::of(&cases, &circles, &windows);

    let highest = |replication: usize, floors: &[Floor], start: usize| {
        search.highest(&cases.by_chance(rules.seed, replication), floors, start)
    };
    // The first simulation tells what the others are about to reach, and so where to look for it.
    let first = highest(0, &[0.0, 2.0, 4.0, 8.0, 16.0].map(floor), 4);
    let floors = [0.0, 0.5, 0.7, 0.85, 1.0, 1.15, 1.3].map(|part| floor(first * part));
    let simulated = pieces(rules.replications.get(), watch, |replication| highest(replication, &floors, 3));
    let mut simulated = simulated.ok_or(NoScan::Stopped)?;
    simulated.sort_unstable_by(|a, b| b.total_cmp(a));

    // Whatever does not exceed the lowest simulated ratio has a p of 1.
    let floor = floor(simulated.last().copied().unwrap_or(0.0));
    let found = search.each_centre(&cases.observed(), &floor);
    let clusters = without_overlap(found, sites.len(), &circles, rules.most_clusters)
        .into_iter()
        .map(|best| cluster(&best, &search, sites, &simulated))
        .collect();
    Ok(Scan {
        clusters,
        events: cases.events(),
        without_expectation: cases.without_expectation(),
        sites_over_cap: circles.sites_over_cap(),
        critical_llr: simulated.get((simulated.len() + 1) / 20 - 1).copied().filter(|_| cases.events() > 0),
    })
}

/// The best that share no site with a better one.
fn without_overlap(mut found: Vec<Best>, sites: usize, circles: &Circles, most: usize) -> Vec<Best> {
    found.sort_by(Best::order);
    let mut taken = vec![false; sites];
    let mut kept = Vec::new();
    for best in found {
        if kept.len() == most {
            break;
        }
        let mut members = circles.members(best.centre, best.size);
        if members.clone().any(|site| taken[site]) {
            continue;
        }
        members.by_ref().for_each(|site| taken[site] = true);
        kept.push(best);
    }
    kept
}

fn cluster(best: &Best, search: &Search<'_>, sites: &[GridPoint], simulated: &[f64]) -> Cluster {
    let members: Vec<usize> = search.circles.members(best.centre, best.size).collect();
    let number = |site: usize| u32::try_from(site).unwrap_or(u32::MAX);
    let slot = |slot: usize| u16::try_from(slot).unwrap_or(u16::MAX);
    let centre = sites[best.centre];
    let farthest = members.iter().map(|&site| centre.distance_2(sites[site])).fold(0.0, f64::max);
    Cluster {
        centre: number(best.centre),
        radius_m: farthest.sqrt(),
        members: members.into_iter().map(number).collect(),
        slots: slot(best.window.start)..slot(best.window.end),
        observed: best.observed,
        expected: best.expected,
        llr: best.llr,
        p: p_at_least(&best.llr, simulated),
    }
}

#[cfg(test)]
mod tests;
