//! Counts, rates, shares, ranks and changes by area.

/// How many of some incidents fell into each area of a layer, and how many into none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Incidents in each area, in the order of the layer.
    pub counts: Vec<u64>,
    /// Sum of their weights.
    pub weighted: Vec<f64>,
    /// Incidents in no area.
    pub outside: u64,
    /// Sum of their weights.
    pub outside_weighted: f64,
}

impl Tally {
    /// Counts incidents into `areas` areas by the place of each one's area in the layer, or `None`; a place
    /// beyond the layer is none of its areas. Σ counts + outside is the number of incidents given.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::summary::Tally;
    /// let tally = Tally::of(2, [(Some(0), 1.0), (None, 1.0), (Some(0), 2.5)]);
    /// assert_eq!((tally.counts, tally.weighted, tally.outside), (vec![2, 0], vec![3.5, 0.0], 1));
    /// ```
    pub fn of(areas: usize, incidents: impl IntoIterator<Item = (Option<usize>, f64)>) -> Self {
        let mut tally =
            Self { counts: vec![0; areas], weighted: vec![0.0; areas], outside: 0, outside_weighted: 0.0 };
        for (area, weight) in incidents {
            if let Some((count, sum)) =
                area.and_then(|area| tally.counts.get_mut(area).zip(tally.weighted.get_mut(area)))
            {
                *count += 1;
                *sum += weight;
            } else {
                tally.outside += 1;
                tally.outside_weighted += weight;
            }
        }
        tally
    }

    /// Incidents in any area.
    pub fn inside(&self) -> u64 {
        self.counts.iter().sum()
    }
}

/// What is said about one area.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AreaSummary {
    /// Incidents in it.
    pub count: u64,
    /// Sum of their weights; equal to the count where every weight is 1.
    pub weighted: f64,
    /// Incidents per 1,000 of the denominator (residents, households); `None` without one, or where it is 0.
    pub rate_per_1000: Option<f64>,
    /// Its part of the incidents in all areas, 0…1; `None` where there are none. Incidents in no area
    /// are not part of it, so that the shares add up to 1.
    pub share: Option<f64>,
    /// Its place by count, 1 for the most; areas with equal counts have equal places and the places after
    /// them are left free (1, 2, 2, 4).
    pub rank: usize,
    /// The change since the comparison period; `None` without one.
    pub change: Option<Change>,
}

/// A count against that of the comparison period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Incidents in the comparison period.
    pub before: u64,
    /// Count less `before`.
    pub absolute: i64,
    /// `absolute` / `before`, as in 0.25 for a quarter more; `None` where there were none before.
    pub relative: Option<f64>,
}

impl Change {
    /// The change from one count to another.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::summary::Change;
    /// let change = Change::between(8, 10);
    /// assert_eq!((change.absolute, change.relative), (2, Some(0.25)));
    /// assert_eq!(Change::between(0, 3).relative, None);
    /// ```
    pub fn between(before: u64, now: u64) -> Self {
        let difference = i128::from(now) - i128::from(before);
        let absolute = i64::try_from(difference).unwrap_or(if now > before { i64::MAX } else { i64::MIN });
        let relative = (before > 0).then(|| difference as f64 / before as f64);
        Self { before, absolute, relative }
    }
}

/// One row for each area of the tally, in its order.
///
/// `denominators` and the comparison go by the same order; where they are shorter, the rest has no rate,
/// or had no incidents before.
///
/// # Example
/// ```
/// use hotspots::analysis::summary::{Tally, summarise};
/// let incidents = [Some(0), Some(1), Some(1), None].map(|area| (area, 1.0));
/// let rows = summarise(&Tally::of(2, incidents), &[Some(4_000), None], None);
/// assert_eq!((rows[0].rate_per_1000, rows[0].share, rows[0].rank), (Some(0.25), Some(1.0 / 3.0), 2));
/// assert_eq!((rows[1].rate_per_1000, rows[1].rank), (None, 1));
/// ```
pub fn summarise(
    tally: &Tally,
    denominators: &[Option<u32>],
    comparison: Option<&Tally>,
) -> Vec<AreaSummary> {
    let inside = tally.inside();
    let ranks = competition_ranks(&tally.counts);
    let areas = tally.counts.iter().zip(&tally.weighted).zip(ranks).enumerate();
    areas
        .map(|(area, ((&count, &weighted), rank))| {
            let denominator = denominators.get(area).copied().flatten().filter(|&people| people > 0);
            AreaSummary {
                count,
                weighted,
                rate_per_1000: denominator.map(|people| count as f64 * 1_000.0 / f64::from(people)),
                share: (inside > 0).then(|| count as f64 / inside as f64),
                rank,
                change: comparison
                    .map(|tally| Change::between(tally.counts.get(area).copied().unwrap_or(0), count)),
            }
        })
        .collect()
}

/// The place of each number, 1 for the highest. Equal numbers share a place and the places after them
/// are left free.
///
/// # Example
/// ```
/// use hotspots::analysis::summary::competition_ranks;
/// assert_eq!(competition_ranks(&[5, 9, 5, 2]), [2, 1, 2, 4]);
/// ```
pub fn competition_ranks<T: Ord>(numbers: &[T]) -> Vec<usize> {
    let mut sorted: Vec<&T> = numbers.iter().collect();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    numbers.iter().map(|number| sorted.partition_point(|other| *other > number) + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Seeded;

    #[test]
    fn every_incident_is_counted_once_inside_or_outside() {
        let mut seeded = Seeded::new(61);
        for (n, areas) in [(0_usize, 3_usize), (1, 0), (500, 24), (77, 1)] {
            let incidents: Vec<_> = (0..n)
                .map(|_| {
                    let area = seeded.below(areas + 3);
                    ((area > 0).then(|| area - 1), seeded.between(0.0, 4.0))
                })
                .collect();
            let tally = Tally::of(areas, incidents.iter().copied());
            assert_eq!(tally.inside() + tally.outside, n as u64);
            let all: f64 = incidents.iter().map(|(_, weight)| weight).sum();
            assert!((tally.weighted.iter().sum::<f64>() + tally.outside_weighted - all).abs() < 1e-9);
            let rows = summarise(&tally, &[], None);
            let shares: f64 = rows.iter().filter_map(|row| row.share).sum();
            assert!(tally.inside() == 0 || (shares - 1.0).abs() < 1e-12);
            for row in &rows {
                assert_eq!(row.rank, 1 + tally.counts.iter().filter(|&&count| count > row.count).count());
            }
        }
    }

    #[test]
    fn change_is_told_against_the_comparison() {
        let now = Tally::of(3, [0, 0, 0, 1].map(|area| (Some(area), 1.0)));
        let before = Tally::of(3, [0, 0, 2].map(|area| (Some(area), 1.0)));
        let rows = summarise(&now, &[Some(1_000), Some(0), None], Some(&before));
        let change = |area: usize| rows[area].change.map(|c| (c.before, c.absolute, c.relative)).unwrap();
        assert_eq!(change(0), (2, 1, Some(0.5)));
        assert_eq!(change(1), (0, 1, None));
        assert_eq!(change(2), (1, -1, Some(-1.0)));
        assert_eq!([0, 1, 2].map(|area| rows[area].rate_per_1000), [Some(3.0), None, None]);
        assert!(summarise(&now, &[], None).iter().all(|row| row.change.is_none()));
        assert_eq!(Change::between(u64::MAX, 0).absolute, i64::MIN);
    }

    #[test]
    fn without_incidents_there_is_no_share_and_all_rank_first() {
        let rows = summarise(&Tally::of(3, []), &[None; 3], None);
        assert!(rows.iter().all(|row| row.share.is_none() && row.rank == 1 && row.count == 0));
    }
}
