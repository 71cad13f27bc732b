//! Events as weighted points in a canonical order.

use std::{borrow::Cow, cmp::Ordering};

use rayon::slice::ParallelSliceMut;

use crate::model::GridPoint;

/// One place and how much happened there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightedPoint {
    /// Where it is.
    pub position: GridPoint,
    /// How many events it stands for, or their weights' sum: finite and not negative.
    pub weight: f64,
}

/// From south to north, within a northing from west to east.
fn by_place(a: &WeightedPoint, b: &WeightedPoint) -> Ordering {
    let (p, q) = (a.position, b.position);
    p.northing_m().total_cmp(&q.northing_m()).then(p.easting_m().total_cmp(&q.easting_m()))
}

/// Makes one point of all with equal coordinates, its weight their sum, sorted by northing, then
/// easting.
///
/// The result depends on the set of the points only and not on their order: weights at one place are
/// summed from the smallest up. Published positions are snapped to few places, so a city of
/// incidents often merges into a tenth of the points; densities stay exactly the same.
///
/// # Example
/// ```
/// use hotspots::{analysis::density::{WeightedPoint, merge}, model::GridPoint};
/// let at = |e, weight| WeightedPoint { position: GridPoint::new(e, 290_000.0).unwrap(), weight };
/// assert_eq!(merge(vec![at(394_500.0, 1.0), at(394_400.0, 1.0), at(394_500.0, 2.0)]), [
///     at(394_400.0, 1.0),
///     at(394_500.0, 3.0),
/// ]);
/// ```
pub fn merge(mut points: Vec<WeightedPoint>) -> Vec<WeightedPoint> {
    points.par_sort_unstable_by(|a, b| by_place(a, b).then(a.weight.total_cmp(&b.weight)));
    points.dedup_by(|next, kept| {
        let same = by_place(next, kept) == Ordering::Equal;
        if same {
            kept.weight += next.weight;
        }
        same
    });
    points
}

/// The points merged; without a copy where they already are.
pub(super) fn merged(points: &[WeightedPoint]) -> Cow<'_, [WeightedPoint]> {
    if points.windows(2).all(|pair| by_place(&pair[0], &pair[1]) == Ordering::Less) {
        Cow::Borrowed(points)
    } else {
        Cow::Owned(merge(points.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{Seeded, point};

    #[test]
    fn merging_does_not_depend_on_the_order() {
        let mut seeded = Seeded::new(1);
        let places: Vec<_> = (0..40).map(|_| (seeded.between(0.0, 9.0), seeded.between(0.0, 9.0))).collect();
        let mut points: Vec<_> = (0..2_000)
            .map(|_| {
                let (e, n) = places[seeded.below(40)];
                point(e, n, seeded.between(0.0, 1.0))
            })
            .collect();
        let first = merge(points.clone());
        assert_eq!(first.len(), 40);
        for _ in 0..5 {
            seeded.shuffle(&mut points);
            assert_eq!(merge(points.clone()), first);
        }
    }

    #[test]
    fn merged_points_are_not_copied() {
        let points = merge(Seeded::new(2).points(100, 500.0));
        assert!(matches!(merged(&points), Cow::Borrowed(_)));
        assert!(matches!(merged(&[point(1.0, 1.0, 1.0), point(0.0, 1.0, 1.0)]), Cow::Owned(_)));
        assert!(merged(&[]).is_empty());
    }
}
