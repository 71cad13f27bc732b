//! Which rings are exteriors, and which exterior a hole belongs to.

use geo::{
    BoundingRect, Contains,
    coordinate_position::{CoordPos, coord_pos_relative_to_ring},
};
use geo_types::{LineString, Rect};

/// A hole that no exterior contains, by its place in the list of holes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Orphan(pub(super) usize);

/// The holes of each exterior: a hole belongs to the smallest exterior that contains it.
///
/// # Errors
/// The first hole that no exterior contains.
pub(super) fn holes_of(
    exteriors: &[&LineString<f64>],
    holes: &[&LineString<f64>],
) -> Result<Vec<Vec<usize>>, Orphan> {
    let around = Containers::of(exteriors);
    let mut found = vec![Vec::new(); exteriors.len()];
    for (number, hole) in holes.iter().enumerate() {
        let exterior = around.of_ring(hole).next().ok_or(Orphan(number))?;
        found[exterior].push(number);
    }
    Ok(found)
}

/// How many of the rings contain each of them.
pub(super) fn depths(rings: &[&LineString<f64>]) -> Vec<usize> {
    let around = Containers::of(rings);
    let others = |number: usize, ring| around.of_ring(ring).filter(move |other| *other != number).count();
    rings.iter().enumerate().map(|(number, ring)| others(number, ring)).collect()
}

/// The area that a ring encloses in squares of its unit, positive where it runs anticlockwise.
///
/// Measured from its first vertex, so that small rings far from the origin keep their digits.
pub(super) fn signed_area(ring: &LineString<f64>) -> f64 {
    let Some(&origin) = ring.0.first() else { return 0.0 };
    let doubled: f64 = ring
        .lines()
        .map(|edge| {
            let (start, end) = (edge.start - origin, edge.end - origin);
            start.x * end.y - end.x * start.y
        })
        .sum();
    doubled / 2.0
}

/// Rings in order of size, to be asked which of them contain another one.
struct Containers<'a> {
    by_area: Vec<(f64, usize, Rect<f64>, &'a LineString<f64>)>,
}

impl<'a> Containers<'a> {
    fn of(rings: &[&'a LineString<f64>]) -> Self {
        let mut by_area: Vec<_> = rings
            .iter()
            .enumerate()
            .filter(|(_, ring)| ring.is_closed())
            .filter_map(|(number, &ring)| {
                Some((signed_area(ring).abs(), number, ring.bounding_rect()?, ring))
            })
            .collect();
        by_area.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        Self { by_area }
    }

    /// Those that contain the ring, the smallest first.
    fn of_ring(&self, ring: &LineString<f64>) -> impl Iterator<Item = usize> {
        let rect = ring.bounding_rect();
        let area = signed_area(ring).abs();
        self.by_area
            .iter()
            .filter(move |(_, _, around, _)| {
                rect.is_some_and(|rect| around.contains(&rect) || *around == rect)
            })
            .filter(move |(around, _, _, exterior)| inside(exterior, ring).unwrap_or(*around > area))
            .map(|(_, number, _, _)| *number)
    }
}

/// Whether the first position of `ring` that is not on the border of `exterior` lies inside; `None` where all are on it.
fn inside(exterior: &LineString<f64>, ring: &LineString<f64>) -> Option<bool> {
    let middles = ring.lines().map(|edge| (edge.start + edge.end) / 2.0);
    ring.coords().copied().chain(middles).find_map(|at| match coord_pos_relative_to_ring(at, exterior) {
        CoordPos::Inside => Some(true),
        CoordPos::Outside => Some(false),
        CoordPos::OnBoundary => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(west: f64, side: f64) -> LineString<f64> {
        let east = west + side;
        vec![(west, west), (east, west), (east, east), (west, east), (west, west)].into()
    }

    #[test]
    fn a_hole_belongs_to_the_smallest_exterior_around_it() {
        let (large, small) = (square(0.0, 100.0), square(20.0, 40.0));
        let (in_small, in_large, far) = (square(30.0, 5.0), square(70.0, 5.0), square(200.0, 5.0));
        let of = holes_of(&[&large, &small], &[&in_small, &in_large]).unwrap();
        assert_eq!(of, [vec![1], vec![0]]);
        assert_eq!(holes_of(&[&large, &small], &[&in_small, &far]), Err(Orphan(1)));
        assert_eq!(holes_of(&[], &[&far]), Err(Orphan(0)));
    }

    #[test]
    fn a_hole_that_touches_its_exterior_in_every_vertex_belongs_to_it() {
        let around = square(0.0, 10.0);
        let diamond: LineString<f64> =
            vec![(5.0, 0.0), (10.0, 5.0), (5.0, 10.0), (0.0, 5.0), (5.0, 0.0)].into();
        assert_eq!(holes_of(&[&around], &[&diamond]).unwrap(), [[0]]);
    }

    #[test]
    fn depth_is_the_number_of_rings_around() {
        let rings = [square(0.0, 100.0), square(10.0, 50.0), square(20.0, 10.0), square(70.0, 10.0)];
        assert_eq!(depths(&rings.each_ref()), [0, 1, 2, 1]);
        let twice = [square(0.0, 10.0), square(0.0, 10.0)];
        assert_eq!(depths(&twice.each_ref()), [0, 0]);
    }

    #[test]
    fn area_has_the_sign_of_the_winding() {
        let mut ring = square(400_000.0, 0.5);
        assert!((signed_area(&ring) - 0.25).abs() < 1e-12);
        ring.0.reverse();
        assert!((signed_area(&ring) + 0.25).abs() < 1e-12);
    }
}
