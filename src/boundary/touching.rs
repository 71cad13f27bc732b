//! Rings that touch themselves, taken apart into rings that do not, and rings that go to and fro.
//!
//! Official boundaries have them: where a ward meets itself in a point, generalising leaves one ring that passes a vertex
//! twice. Split at that vertex it encloses the same ground, and every program takes it.

use std::collections::HashMap;

use geo::{Kernel, Orientation, kernels::RobustKernel, winding_order::Winding};
use geo_types::{Coord, LineString};

/// A closed ring in both systems, with the same vertices in the same order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Ring {
    pub(super) grid: Vec<Coord<f64>>,
    pub(super) lonlat: Vec<Coord<f64>>,
}

impl Ring {
    pub(super) fn on_grid(&self) -> LineString<f64> {
        LineString::new(self.grid.clone())
    }

    pub(super) fn reverse(&mut self) {
        self.grid.reverse();
        self.lonlat.reverse();
    }

    fn push(&mut self, (grid, lonlat): Vertex) {
        self.grid.push(grid);
        self.lonlat.push(lonlat);
    }

    fn vertices(&self) -> impl Iterator<Item = Vertex> {
        self.grid.iter().copied().zip(self.lonlat.iter().copied())
    }
}

/// Leaves spikes out of an open ring: where it turns back on the line that it came by, the tip encloses no ground. Gives
/// back the tips. Held against each other are the positions by `at`, exactly.
pub(super) fn without_spikes<T>(ring: Vec<T>, at: impl Fn(&T) -> Coord<f64>) -> (Vec<T>, Vec<T>) {
    let (mut way, mut tips): (Vec<T>, Vec<T>) = (Vec::with_capacity(ring.len()), Vec::new());
    let turns_back = |a: &T, tip: &T, b: &T| turns_back(at(a), at(tip), at(b));
    for vertex in ring {
        while let [.., before, tip] = &way[..]
            && turns_back(before, tip, &vertex)
        {
            tips.extend(way.pop());
        }
        if way.last().is_none_or(|last| at(last) != at(&vertex)) {
            way.push(vertex);
        }
    }
    // The same where the ring closes.
    while let n @ 3.. = way.len() {
        let (first, last) = (&way[0], &way[n - 1]);
        if at(first) == at(last) || turns_back(&way[n - 2], last, first) {
            tips.extend(way.pop());
        } else if turns_back(last, first, &way[1]) {
            tips.push(way.remove(0));
        } else {
            break;
        }
    }
    (way, tips)
}

/// Whether the way from `a` to `tip` and on to `b` goes back along itself.
fn turns_back(a: Coord<f64>, tip: Coord<f64>, b: Coord<f64>) -> bool {
    let (to_a, to_b) = (a - tip, b - tip);
    to_a.x * to_b.x + to_a.y * to_b.y > 0.0 && RobustKernel::orient2d(a, tip, b) == Orientation::Collinear
}

/// A vertex on the grid and in degrees.
type Vertex = (Coord<f64>, Coord<f64>);

/// A ring that was taken apart.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Split {
    /// Rings that pass no vertex twice, each running as it did in the whole. All of them enclose ground.
    pub(super) rings: Vec<Ring>,
    /// The first vertex that was passed again, in grid metres.
    pub(super) at: Coord<f64>,
}

/// Takes a ring apart at every vertex that it passes more than once, and drops what encloses no ground: spikes. `None`
/// where no vertex is passed twice.
pub(super) fn split(ring: &Ring) -> Option<Split> {
    let (mut rings, mut at) = (Vec::new(), None);
    // The way so far, without the loops that were cut off it, and where on it each vertex stands.
    let mut way: Vec<Vertex> = Vec::new();
    let mut places: HashMap<(u64, u64), usize> = HashMap::new();
    // The last vertex is the first again.
    let open = ring.grid.len().saturating_sub(1);
    for vertex in ring.vertices().take(open) {
        if let Some(&place) = places.get(&key(vertex)) {
            at.get_or_insert(vertex.0);
            let cut_off = way.split_off(place + 1);
            for passed in &cut_off {
                places.remove(&key(*passed));
            }
            rings.extend(closed(way.last().copied().into_iter().chain(cut_off)));
        } else {
            places.insert(key(vertex), way.len());
            way.push(vertex);
        }
    }
    let at = at?;
    rings.extend(closed(way));
    Some(Split { rings, at })
}

fn key((at, _): Vertex) -> (u64, u64) {
    (at.x.to_bits(), at.y.to_bits())
}

/// The vertices as a closed ring, where they enclose ground.
fn closed(vertices: impl IntoIterator<Item = Vertex>) -> Option<Ring> {
    let mut ring = Ring::default();
    vertices.into_iter().for_each(|vertex| ring.push(vertex));
    let first = ring.vertices().next()?;
    ring.push(first);
    // A ring whose vertices all lie on a line has no winding.
    ring.on_grid().winding_order().map(|_| ring)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boundary::rings::signed_area;

    /// A ring through these positions and back to the first.
    fn ring(positions: &[(f64, f64)]) -> Ring {
        let mut grid: Vec<Coord<f64>> = positions.iter().map(|&at| at.into()).collect();
        grid.push(grid[0]);
        Ring { lonlat: grid.iter().map(|at| *at / 2.0).collect(), grid }
    }

    fn areas(positions: &[(f64, f64)]) -> Vec<f64> {
        let found = split(&ring(positions)).unwrap().rings;
        for ring in &found {
            assert_eq!(ring.grid.first(), ring.grid.last());
            let degrees: Vec<_> = ring.grid.iter().map(|at| *at / 2.0).collect();
            assert_eq!(ring.lonlat, degrees);
        }
        found.iter().map(|ring| signed_area(&ring.on_grid())).collect()
    }

    #[test]
    fn a_ring_that_passes_no_vertex_twice_is_left_alone() {
        assert_eq!(split(&ring(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0)])), None);
        assert_eq!(split(&Ring::default()), None);
    }

    #[test]
    fn tips_of_spikes_are_left_out_wherever_they_stand() {
        // To and fro on one line, further out than it came, and a spike upon a spike.
        let with_spikes = [
            (0.0, 0.0),
            (9.0, 0.0),
            (4.0, 0.0),
            (4.0, 4.0),
            (4.0, 7.0),
            (5.0, 7.0),
            (4.0, 7.0),
            (4.0, 2.0),
            (4.0, 4.0),
            (0.0, 4.0),
        ];
        for turn in 0..with_spikes.len() {
            let mut turned = with_spikes.map(Coord::from).to_vec();
            turned.rotate_left(turn);
            let (mut left, tips) = without_spikes(turned, |at| *at);
            let start = left.iter().position(|at| *at == Coord::zero()).unwrap();
            left.rotate_left(start);
            let square = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)].map(Coord::from);
            let corners: Vec<_> = left.into_iter().filter(|at| square.contains(at)).collect();
            assert_eq!(corners, square, "{turn}");
            assert!(!tips.is_empty());
        }
        let square = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)].map(Coord::from).to_vec();
        assert_eq!(without_spikes(square.clone(), |at| *at), (square, vec![]));
        for flat in [&[0.0, 1.0][..], &[0.0, 1.0, 2.0], &[0.0, 2.0, 1.0], &[1.0, 0.0, 2.0, 3.0]] {
            let positions = flat.iter().map(|x| Coord { x: *x, y: 3.0 * x }).collect();
            assert!(without_spikes(positions, |at| *at).0.len() < 3, "{flat:?}");
        }
    }

    #[test]
    fn two_triangles_that_touch_are_two_rings() {
        let pinched = [(0.0, 0.0), (2.0, 2.0), (4.0, 0.0), (4.0, 4.0), (2.0, 2.0), (0.0, 4.0)];
        assert_eq!(areas(&pinched), [4.0, 4.0]);
        assert_eq!(split(&ring(&pinched)).unwrap().at, Coord { x: 2.0, y: 2.0 });
    }

    #[test]
    fn a_loop_into_the_ground_runs_the_other_way() {
        let lake =
            [(0.0, 0.0), (8.0, 0.0), (8.0, 8.0), (4.0, 8.0), (5.0, 4.0), (3.0, 4.0), (4.0, 8.0), (0.0, 8.0)];
        assert_eq!(areas(&lake), [-4.0, 64.0]);
    }

    #[test]
    fn spikes_are_dropped_wherever_they_stand() {
        let square = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)];
        let out_and_back = [(4.0, 0.0), (9.0, 0.0), (9.0, 1.0), (9.0, 0.0), (4.0, 0.0)];
        let with_spike: Vec<_> = [&square[..1], &out_and_back, &square[2..]].concat();
        assert_eq!(areas(&with_spike), [16.0]);
        for turn in 0..with_spike.len() {
            let mut turned = with_spike.clone();
            turned.rotate_left(turn);
            turned.dedup();
            if turned.first() == turned.last() {
                turned.pop();
            }
            assert_eq!(areas(&turned), [16.0], "{turn}");
        }
        assert_eq!(areas(&[(0.0, 0.0), (4.0, 0.0), (5.0, 0.0), (4.0, 0.0)]), [0.0; 0]);
    }
}
