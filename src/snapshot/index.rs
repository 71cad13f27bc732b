//! Finding places by where they are.

use std::cmp::Reverse;

use rstar::{AABB, PointDistance, RStarInsertionStrategy, RTree, RTreeNode, RTreeObject, RTreeParams};

use crate::model::{GridPoint, Metres};

/// A place that was found, and how far it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    /// Number of the place.
    pub place: u32,
    /// Straight-line distance on the grid, metres.
    pub distance_m: f64,
}

/// An R-tree over the places, loaded at once (T. Lee and S. Lee 2003, *OMT: overlap minimizing
/// top-down bulk loading algorithm for R-tree*, in `rstar`'s implementation).
#[derive(Debug)]
pub(super) struct PlaceIndex(RTree<Entry, Wide>);

/// Nodes of up to 16, which take less memory than `rstar`'s own 6 and answer wide questions sooner.
#[derive(Debug)]
struct Wide;

impl RTreeParams for Wide {
    const MIN_SIZE: usize = 6;
    const MAX_SIZE: usize = 16;
    const REINSERTION_COUNT: usize = 4;
    type DefaultInsertionStrategy = RStarInsertionStrategy;
}

#[derive(Clone, Debug)]
struct Entry {
    grid: GridPoint,
    place: u32,
}

impl RTreeObject for Entry {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_point(corner(self.grid))
    }
}

impl PointDistance for Entry {
    fn distance_2(&self, point: &[f64; 2]) -> f64 {
        let (de, dn) = (self.grid.easting_m() - point[0], self.grid.northing_m() - point[1]);
        de * de + dn * dn
    }
}

fn corner(grid: GridPoint) -> [f64; 2] {
    [grid.easting_m(), grid.northing_m()]
}

impl PlaceIndex {
    /// Loads places, given as their grid position and number.
    pub(super) fn new(places: impl Iterator<Item = (GridPoint, u32)>) -> Self {
        Self(RTree::bulk_load_with_params(places.map(|(grid, place)| Entry { grid, place }).collect()))
    }

    pub(super) fn within_box(&self, min: GridPoint, max: GridPoint) -> Vec<u32> {
        if min.easting_m() > max.easting_m() || min.northing_m() > max.northing_m() {
            return Vec::new();
        }
        let envelope = AABB::from_corners(corner(min), corner(max));
        let mut found: Vec<u32> = self.0.locate_in_envelope(&envelope).map(|entry| entry.place).collect();
        found.sort_unstable();
        found
    }

    pub(super) fn within_radius(&self, centre: GridPoint, radius: Metres) -> Vec<Near> {
        let radius_2 = radius.get() * radius.get();
        let found = self
            .0
            .locate_within_distance(corner(centre), radius_2)
            .map(|entry| (entry.grid.distance_2(centre), entry.place))
            .collect();
        by_distance(found)
    }

    /// Every place, the nearest first, equally distant ones by number. Each is looked for only when
    /// it is asked for.
    pub(super) fn nearest(&self, centre: GridPoint) -> impl Iterator<Item = Near> + use<'_> {
        let mut rest = self.0.nearest_neighbor_iter_with_distance_2(&corner(centre)).peekable();
        // Places of one distance, the one to answer next at the end.
        let mut equal: Vec<(f64, u32)> = Vec::new();
        std::iter::from_fn(move || {
            if equal.is_empty() {
                let (first, distance_2) = rest.next()?;
                equal.push((distance_2, first.place));
                while let Some((entry, _)) = rest.next_if(|(_, next_2)| *next_2 <= distance_2) {
                    equal.push((distance_2, entry.place));
                }
                equal.sort_unstable_by_key(|(_, place)| Reverse(*place));
            }
            equal.pop().map(near)
        })
    }

    /// Bytes of the tree's nodes. A leaf's list is made to measure, a parent's grows by doubling
    /// from 4.
    pub(super) fn memory_bytes(&self) -> usize {
        let mut nodes = 0;
        let mut open = vec![self.0.root()];
        while let Some(parent) = open.pop() {
            let children = parent.children();
            let before = open.len();
            open.extend(children.iter().filter_map(|child| match child {
                RTreeNode::Parent(parent) => Some(parent),
                RTreeNode::Leaf(_) => None,
            }));
            let leaves_only = open.len() == before;
            nodes += if leaves_only { children.len() } else { children.len().next_power_of_two().max(4) };
        }
        nodes * size_of::<RTreeNode<Entry>>()
    }
}

fn by_distance(mut found: Vec<(f64, u32)>) -> Vec<Near> {
    found.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    found.into_iter().map(near).collect()
}

fn near((distance_2, place): (f64, u32)) -> Near {
    Near { place, distance_m: distance_2.sqrt() }
}

#[cfg(test)]
mod tests {
    use rand_core::Rng;
    use rand_pcg::Pcg64;

    use super::*;

    fn at(e: f64, n: f64) -> GridPoint {
        GridPoint::new(e, n).unwrap()
    }

    /// Points on a lattice of `step` metres in a square of 2 km: a coarse one makes many equal
    /// distances and equal points.
    fn scattered(count: u32, step: u32, seed: u128) -> Vec<GridPoint> {
        let mut random = Pcg64::new(seed, 1);
        let mut coordinate = || f64::from(random.next_u32() % (2_000 / step) * step);
        (0..count).map(|_| at(390_000.0 + coordinate(), 290_000.0 + coordinate())).collect()
    }

    fn index(points: &[GridPoint]) -> PlaceIndex {
        PlaceIndex::new(points.iter().copied().zip(0..))
    }

    fn all_by_distance(points: &[GridPoint], centre: GridPoint) -> Vec<Near> {
        by_distance(points.iter().map(|point| point.distance_2(centre)).zip(0..).collect())
    }

    fn check(points: &[GridPoint]) {
        let index = index(points);
        let mut centres = scattered(20, 1, 99);
        centres.extend(points.first());
        centres.push(at(0.0, 0.0));
        for centre in centres {
            let all = all_by_distance(points, centre);
            for radius in [0.5, 100.0, 500.0, 5e6] {
                let near = index.within_radius(centre, Metres::new(radius).unwrap());
                let slow: Vec<Near> = all.iter().copied().filter(|near| near.distance_m <= radius).collect();
                assert_eq!(near, slow, "{centre:?} {radius}");
            }
            for count in [0, 1, 7, points.len(), usize::MAX] {
                let near: Vec<Near> = index.nearest(centre).take(count).collect();
                assert_eq!(near, all[..count.min(all.len())], "{centre:?} {count}");
            }
            let max = at(centre.easting_m() + 300.0, centre.northing_m() + 400.0);
            let slow: Vec<u32> = (0..)
                .zip(points)
                .filter(|(_, p)| (centre.easting_m()..=max.easting_m()).contains(&p.easting_m()))
                .filter(|(_, p)| (centre.northing_m()..=max.northing_m()).contains(&p.northing_m()))
                .map(|(place, _)| place)
                .collect();
            assert_eq!(index.within_box(centre, max), slow, "{centre:?}");
            assert!(index.within_box(max, centre).is_empty(), "an inverted box is empty");
        }
    }

    #[test]
    fn the_tree_answers_as_looking_at_every_place_does() {
        for (count, step, seed) in [(1, 1, 1), (2, 1, 2), (17, 10, 3), (300, 100, 4), (3_000, 10, 5)] {
            check(&scattered(count, step, seed));
        }
    }

    #[test]
    fn places_at_one_point_are_all_found_in_order_of_their_numbers() {
        let points = vec![at(391_000.0, 291_000.0); 100];
        check(&points);
        let near = index(&points).nearest(points[0]).take(3).map(|near| near.place).collect::<Vec<_>>();
        assert_eq!(near, [0, 1, 2]);
    }

    #[test]
    fn an_empty_tree_finds_nothing() {
        check(&[]);
        assert_eq!(index(&[]).memory_bytes(), 0);
    }

    #[test]
    fn edges_and_rims_belong_to_what_they_bound() {
        let index = index(&[at(3.0, 4.0)]);
        assert_eq!(index.within_box(at(3.0, 4.0), at(3.0, 4.0)), [0]);
        let near = index.within_radius(at(0.0, 0.0), Metres::new(5.0).unwrap());
        assert_eq!(near, [Near { place: 0, distance_m: 5.0 }]);
    }
}
