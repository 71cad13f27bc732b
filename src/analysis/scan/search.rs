//! The search through all cylinders.
//!
//! Going outwards from a centre, each site adds its cumulative counts to those of the zone. Then all windows
//! are held against the [`Floor`]: a window of `length` slots from `start` has `sum[start + length] −
//! sum[start]` events. The smallest number of events that any window lacks tells how many have to be added
//! before another look can find anything, and until then none is taken.

#![expect(
    clippy::inline_always,
    reason = "what the processor's vector registers do has to stand in one function"
)]

use std::{cmp::Ordering, ops::Range};

use pulp::Arch;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::{
    circles::Circles,
    counts::{Cases, Cumulative, GROUP},
    floor::Floor,
    llr::poisson,
    rules::Windows,
};

/// What is searched.
pub(super) struct Search<'a> {
    pub(super) cases: &'a Cases,
    pub(super) circles: &'a Circles,
    /// Windows and their weights.
    windows: Vec<(Range<usize>, f64)>,
    longest: usize,
}

/// The best cylinder of a centre.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Best {
    pub(super) llr: f64,
    pub(super) centre: usize,
    /// Sites in the zone.
    pub(super) size: usize,
    pub(super) window: Range<usize>,
    pub(super) observed: u32,
    pub(super) expected: f64,
}

impl Best {
    /// The highest ratio first; of equal ones the smaller zone, the shorter window, the earlier one, the
    /// centre that comes first.
    pub(super) fn order(a: &Self, b: &Self) -> Ordering {
        let rank = |best: &Self| (best.size, best.window.len(), best.window.start, best.centre);
        b.llr.total_cmp(&a.llr).then_with(|| rank(a).cmp(&rank(b)))
    }
}

/// Sums of a zone: events before each slot, in whole groups, and the last number once more for every slot
/// that a window could reach beyond the last.
struct Sums {
    before: Vec<i32>,
    zone: Vec<i32>,
}

impl<'a> Search<'a> {
    pub(super) fn of(cases: &'a Cases, circles: &'a Circles, windows: &Windows) -> Self {
        let weighted = windows.all().map(|window| (window.clone(), cases.window_weight(window)));
        Self { cases, circles, windows: weighted.collect(), longest: windows.longest }
    }

    /// The highest ratio of all cylinders, 0 where there is none.
    ///
    /// The floors ascend from 0. The search starts on the one numbered `start`, climbs with what it finds,
    /// and starts anew on the one below where it finds nothing.
    pub(super) fn highest(&self, counts: &Cumulative, floors: &[Floor], start: usize) -> f64 {
        let mut sums = self.sums();
        for (number, floor) in floors.iter().enumerate().take(start + 1).rev() {
            let (mut number, mut level) = (number, floor.level());
            for centre in 0..self.circles.len() {
                if let Some(best) = self.best(centre, counts, &floors[number], level, &mut sums) {
                    level = best.llr;
                    number += floors[number + 1..].iter().take_while(|next| next.level() <= level).count();
                }
            }
            if level > floor.level() {
                return level;
            }
        }
        0.0
    }

    /// The best cylinder of each centre that has one above the floor.
    pub(super) fn each_centre(&self, counts: &Cumulative, floor: &Floor) -> Vec<Best> {
        let best = |centre| self.best(centre, counts, floor, floor.level(), &mut self.sums());
        (0..self.circles.len()).into_par_iter().filter_map(best).collect()
    }

    fn sums(&self) -> Sums {
        let width = self.cases.width();
        Sums { before: vec![0; width + self.longest + 1], zone: vec![0; width] }
    }

    /// The best cylinder around a centre whose ratio is over `level`, which is not below the floor's.
    fn best(
        &self,
        centre: usize,
        counts: &Cumulative,
        floor: &Floor,
        level: f64,
        sums: &mut Sums,
    ) -> Option<Best> {
        Arch::new().dispatch(
            #[inline(always)]
            || self.go_outwards(centre, counts, floor, level, sums),
        )
    }

    #[inline(always)]
    fn go_outwards(
        &self,
        centre: usize,
        counts: &Cumulative,
        floor: &Floor,
        mut level: f64,
        sums: &mut Sums,
    ) -> Option<Best> {
        let mut best = None;
        let mut weight = 0.0;
        // Below this many events no window can reach the floor.
        let mut next_look = 0;
        sums.zone.fill(0);
        for (step, size) in self.circles.steps(centre).iter().zip(1..) {
            let site = step.site();
            weight += self.cases.site_weights()[site];
            add(&mut sums.zone, counts.row(site));
            let events = sums.zone.last().copied().unwrap_or(0);
            if events < next_look || !step.is_rim() {
                continue;
            }
            let needed = floor.needed(weight);
            spread(&sums.zone, &mut sums.before);
            let lack = lack(needed, &sums.before, sums.zone.len());
            next_look = events.saturating_add(lack.max(1));
            if lack > 0 {
                continue;
            }
            for (window, window_weight) in &self.windows {
                let observed = sums.before[window.end] - sums.before[window.start];
                if observed < needed[(window.len() - 1) * sums.zone.len() + window.start] {
                    continue;
                }
                let expected = self.cases.expected(weight, *window_weight);
                let llr = poisson(f64::from(observed), expected, f64::from(self.cases.events()));
                if llr > level {
                    level = llr;
                    let observed = u32::try_from(observed).unwrap_or(0);
                    best = Some(Best { llr, centre, size, window: window.clone(), observed, expected });
                }
            }
        }
        best
    }
}

/// Adds a site's counts to the zone's.
#[inline(always)]
fn add(zone: &mut [i32], site: &[i32]) {
    for (sums, counts) in zone.as_chunks_mut::<GROUP>().0.iter_mut().zip(site.as_chunks::<GROUP>().0) {
        for (sum, count) in sums.iter_mut().zip(counts) {
            *sum += count;
        }
    }
}

/// From the sums up to the end of each slot to those before each slot.
#[inline(always)]
fn spread(zone: &[i32], before: &mut [i32]) {
    let last = zone.last().copied().unwrap_or(0);
    if let Some((_, rest)) = before.split_first_mut() {
        let (slots, beyond) = rest.split_at_mut(zone.len());
        slots.copy_from_slice(zone);
        beyond.fill(last);
    }
}

/// The fewest events that a window lacks of what it needs; 0 or less where one has them.
#[inline(always)]
fn lack(needed: &[i32], before: &[i32], width: usize) -> i32 {
    let starts = before[..width].as_chunks::<GROUP>().0;
    let mut fewest = [i32::MAX; GROUP];
    for (length, needed) in (1..).zip(needed.chunks_exact(width)) {
        let ends = before[length..][..width].as_chunks::<GROUP>().0;
        for ((needed, ends), starts) in needed.as_chunks::<GROUP>().0.iter().zip(ends).zip(starts) {
            for (((fewest, needed), end), start) in fewest.iter_mut().zip(needed).zip(ends).zip(starts) {
                *fewest = (*fewest).min(needed - (end - start));
            }
        }
    }
    fewest.into_iter().min().unwrap_or(i32::MAX)
}
