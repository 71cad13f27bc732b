//! The pairs of events within the last limit of distance.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::{DatedPoint, DayBands, DistanceBands, Metric, moments::Shape};

/// The near pairs by band of distance, the same place first. What is farther is not kept: its numbers are
/// what the near ones leave of the totals, whatever the days.
pub(super) struct NearPairs {
    events: usize,
    bands: Vec<Vec<[u32; 2]>>,
}

/// A pair of events, and its band.
type Found = (u8, [u32; 2]);

impl NearPairs {
    /// More would take gigabytes.
    pub(super) const MOST: usize = 20_000_000;

    /// `None` where there are too many.
    pub(super) fn of(events: &[DatedPoint], bands: &DistanceBands, metric: Metric) -> Option<Self> {
        let last = bands.last_m();
        let mut order: Vec<u32> = (0..).zip(events).map(|(number, _)| number).collect();
        let north = |number: u32| events[number as usize].position.northing_m();
        order.sort_unstable_by(|&a, &b| north(a).total_cmp(&north(b)).then(a.cmp(&b)));
        // There are at most 20 bands.
        let row = |distance| u8::try_from(bands.row(distance)).unwrap_or(u8::MAX);
        let number_of_pairs = AtomicUsize::new(0);
        // From south to north: what lies farther north than the last limit is in no near pair.
        let pairs_of = |at: usize| -> Option<Vec<Found>> {
            let one = order[at];
            let position = events[one as usize].position;
            let reach =
                order[at + 1..].iter().take_while(|&&other| north(other) - position.northing_m() < last);
            let pair = |&other: &u32| {
                let distance = metric.distance_m(position, events[other as usize].position);
                (distance < last).then(|| (row(distance), [one, other]))
            };
            let found: Vec<_> = reach.filter_map(pair).collect();
            let before = number_of_pairs.fetch_add(found.len(), Ordering::Relaxed);
            (before + found.len() <= Self::MOST).then_some(found)
        };
        let found: Vec<_> = (0..order.len()).into_par_iter().map(pairs_of).collect::<Option<_>>()?;
        let mut this = Self { events: events.len(), bands: vec![Vec::new(); bands.limits_m().len() + 1] };
        for (row, pair) in found.into_iter().flatten() {
            this.bands[usize::from(row)].push(pair);
        }
        Some(this)
    }

    /// Which pairs each row holds, what is beyond the last limit included.
    pub(super) fn shapes(&self) -> Vec<Shape> {
        let mut beyond = vec![self.events.saturating_sub(1) as u64; self.events];
        let of_band = |pairs: &Vec<[u32; 2]>| {
            let mut degrees = vec![0; self.events];
            for event in pairs.as_flattened() {
                degrees[*event as usize] += 1;
                beyond[*event as usize] -= 1;
            }
            Shape::of(&degrees)
        };
        let mut shapes: Vec<_> = self.bands.iter().map(of_band).collect();
        shapes.push(Shape::of(&beyond));
        shapes
    }

    /// The table when event i is on `days[i]`: rows of distance, columns of days. `totals` are those of the
    /// columns, which no dealing out of days changes.
    pub(super) fn table(&self, days: &[i32], bands: &DayBands, totals: &[u64]) -> Vec<Vec<u64>> {
        let columns = bands.columns();
        let later = totals.len() - 1;
        let count = |pairs: &Vec<[u32; 2]>| {
            let mut row = vec![0_u64; totals.len()];
            for &[one, other] in pairs {
                let apart = days[one as usize].abs_diff(days[other as usize]) as usize;
                row[columns.get(apart).map_or(later, |&column| usize::from(column))] += 1;
            }
            row
        };
        let mut table: Vec<_> = self.bands.iter().map(count).collect();
        let near = |column: usize| table.iter().map(|row| row[column]).sum::<u64>();
        table.push(totals.iter().enumerate().map(|(column, total)| total - near(column)).collect());
        table
    }
}
