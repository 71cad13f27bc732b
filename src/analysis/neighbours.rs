//! Which places touch which.

use std::ops::Range;

/// For each of n places the places next to it, in rows that stand one after the other. A place is not
/// its own neighbour here; statistics that count it in (Gi*) add it themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// Where each place's row ends in `places`.
    ends: Vec<u32>,
    places: Vec<u32>,
}

impl Neighbours {
    /// Collects one row for each place in order. Numbers that are no place of the `n`, the place itself
    /// and repetitions are left out; each row is put in ascending order; rows beyond `n` are ignored and
    /// missing ones empty.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::neighbours::Neighbours;
    /// let line = Neighbours::from_rows(3, [vec![1], vec![0, 2], vec![1]]);
    /// assert_eq!(line.of(1), [0, 2]);
    /// ```
    pub fn from_rows(n: usize, rows: impl IntoIterator<Item = Vec<u32>>) -> Self {
        let mut this = Self { ends: Vec::with_capacity(n), places: Vec::new() };
        let mut rows = rows.into_iter();
        for place in 0..n {
            let mut row = rows.next().unwrap_or_default();
            row.retain(|&other| other as usize != place && (other as usize) < n);
            row.sort_unstable();
            row.dedup();
            this.places.extend(row);
            this.ends.push(u32::try_from(this.places.len()).unwrap_or(u32::MAX));
        }
        this
    }

    /// The places that can be reached in at most `rings` steps from neighbour to neighbour. No ring leaves
    /// none.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::neighbours::Neighbours;
    /// let line = Neighbours::from_rows(5, (0..5_u32).map(|i| vec![i + 1, i.wrapping_sub(1)]));
    /// assert_eq!(line.within_rings(2).of(1), [0, 2, 3]);
    /// ```
    #[must_use]
    pub fn within_rings(&self, rings: usize) -> Self {
        let reached = |place: usize| {
            let mut found = vec![u32::try_from(place).unwrap_or(u32::MAX)];
            let mut ring = 0..1;
            for _ in 0..rings {
                let mut next: Vec<u32> =
                    found[ring.clone()].iter().flat_map(|&at| self.of(at as usize)).copied().collect();
                next.sort_unstable();
                next.dedup();
                next.retain(|place| !found.contains(place));
                ring = found.len()..found.len() + next.len();
                found.extend(next);
            }
            found
        };
        Self::from_rows(self.len(), (0..self.len()).map(reached))
    }

    /// Number of places.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True without any place.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The neighbours of a place, ascending; none for a place that does not exist.
    pub fn of(&self, place: usize) -> &[u32] {
        self.places.get(self.row(place)).unwrap_or_default()
    }

    fn row(&self, place: usize) -> Range<usize> {
        let end = |place: usize| self.ends.get(place).map_or(0, |&end| end as usize);
        place.checked_sub(1).map_or(0, end)..end(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_cleaned_and_missing_ones_empty() {
        let rows = Neighbours::from_rows(4, [vec![3, 0, 1, 1, 9], vec![], vec![0, 2]]);
        assert_eq!(
            (rows.of(0), rows.of(1), rows.of(2), rows.of(3)),
            (&[1, 3][..], &[][..], &[0][..], &[][..])
        );
        assert_eq!((rows.len(), rows.of(4), rows.of(usize::MAX)), (4, &[][..], &[][..]));
        assert!(Neighbours::from_rows(0, [vec![1]]).is_empty());
    }

    #[test]
    fn rings_reach_step_by_step_and_no_further_than_there_are_ways() {
        let line = Neighbours::from_rows(6, [vec![1], vec![0, 2], vec![1, 3], vec![2], vec![], vec![]]);
        assert_eq!(line.within_rings(0).of(1), &[] as &[u32]);
        assert_eq!(line.within_rings(1), line);
        assert_eq!((line.within_rings(2).of(0), line.within_rings(9).of(0)), (&[1, 2][..], &[1, 2, 3][..]));
        assert_eq!(line.within_rings(9).of(4), &[] as &[u32]);
    }
}
