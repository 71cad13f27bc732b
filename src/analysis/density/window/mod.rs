//! The study window: how much of a kernel lies inside an outline.
//!
//! Incidents outside a borough are not seen, so near its border an intensity is too low by the share of
//! the kernel that hangs over. That share is the edge mass q = ∫ K(x − u) du over the outline, computed
//! here from the outline's edges and not from a raster.

mod mass;
mod nodes;
mod over;

use geo::Area as _;
use geo_types::{Coord, LineString, MultiPolygon};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use super::{Kernel, RasterGrid, WeightedPoint};
use crate::{
    analysis::mask,
    model::{GridPoint, GridShape, Metres, SquareMetres},
};

/// An outline prepared for edge masses.
#[derive(Clone, Debug)]
pub struct Window {
    /// In order of the northing of their middles.
    edges: Vec<Edge>,
    /// The northings of their middles.
    middles: Vec<f64>,
    /// The greatest half height of an edge, metres.
    half_height: f64,
    shape: GridShape,
    area_m2: f64,
}

/// One edge; the inside is on its left.
#[derive(Clone, Copy, Debug)]
struct Edge {
    from: Coord<f64>,
    to: Coord<f64>,
}

impl Window {
    /// Prepares an outline. Its rings may turn either way.
    pub fn new(shape: &GridShape) -> Self {
        let mut edges = edges(&shape.0);
        let middle = |edge: &Edge| 0.5 * (edge.from.y + edge.to.y);
        edges.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
        Self {
            middles: edges.iter().map(middle).collect(),
            half_height: edges.iter().map(|edge| 0.5 * (edge.to.y - edge.from.y).abs()).fold(0.0, f64::max),
            edges,
            area_m2: shape.0.unsigned_area(),
            shape: shape.clone(),
        }
    }

    /// Its area.
    pub fn area(&self) -> SquareMetres {
        SquareMetres(self.area_m2)
    }

    /// Its outline.
    pub fn shape(&self) -> &GridShape {
        &self.shape
    }

    /// The edge mass of a kernel at a place, 0 to 1: 1 where the whole kernel lies inside, and about a
    /// half on a straight border. Places outside have one too, as far as kernels reach.
    ///
    /// By Green's theorem it is an integral along the outline. For each edge the part within the kernel's
    /// radius has a closed form; that of the Gaussian is summed with Gauss–Legendre nodes, no more
    /// than half a σ apart, to 1e-12, and edges beyond 9 σ are left out (2.6e-18 of the kernel).
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::density::{Kernel, Window};
    /// use hotspots::model::{GridPoint, GridShape, Metres};
    /// let square = geo_types::Rect::new((400_000.0, 290_000.0), (404_000.0, 294_000.0)).to_polygon();
    /// let window = Window::new(&GridShape(square.into()));
    /// let h = Metres::new(500.0).unwrap();
    /// let mass = |e, n| window.mass_at(GridPoint::new(e, n).unwrap(), Kernel::Quartic, h);
    /// assert_eq!(mass(402_000.0, 292_000.0), 1.0);
    /// assert!((mass(400_000.0, 292_000.0) - 0.5).abs() < 1e-12);
    /// assert!((mass(400_000.0, 290_000.0) - 0.25).abs() < 1e-12);
    /// ```
    pub fn mass_at(&self, place: GridPoint, kernel: Kernel, bandwidth: Metres) -> f64 {
        let at = place.coord();
        let reach = mass::reach(kernel) * bandwidth.get();
        self.mass(self.near(at.y, reach), at, kernel, bandwidth, || self.contains(at))
    }

    /// The edge masses of points, each with a bandwidth of its own.
    pub(super) fn masses_at(
        &self,
        points: &[WeightedPoint],
        kernel: Kernel,
        bandwidth: impl Fn(usize) -> Metres + Sync,
    ) -> Vec<f64> {
        let mass = |i: usize| self.mass_at(points[i].position, kernel, bandwidth(i));
        (0..points.len()).into_par_iter().with_min_len(16).map(mass).collect()
    }

    /// The edge mass at the centre of each cell of a raster.
    ///
    /// The same as [`mass_at`](Self::mass_at) there, for Gaussian kernels to 1e-12.
    pub fn masses_over(&self, grid: &RasterGrid, kernel: Kernel, bandwidth: Metres) -> Vec<f64> {
        if kernel == Kernel::Gaussian && self.has_few_nodes(bandwidth) {
            self.gaussian_masses(grid, bandwidth)
        } else {
            self.masses_by_cell(grid, kernel, &vec![bandwidth; grid.cells()])
        }
    }

    /// The cells of a raster whose centre is inside or on the border.
    pub fn inside(&self, grid: &RasterGrid) -> Vec<bool> {
        mask::centres_inside(grid, &self.shape)
    }

    /// The edges that come nearer than `reach` to a northing, and perhaps some more.
    fn near(&self, northing: f64, reach: f64) -> &[Edge] {
        let reach = reach + self.half_height;
        let first = self.middles.partition_point(|&middle| middle < northing - reach);
        let end = self.middles.partition_point(|&middle| middle <= northing + reach).max(first);
        &self.edges[first..end]
    }

    /// Whether a place is inside, by the number of edges to the east of it.
    fn contains(&self, at: Coord<f64>) -> bool {
        let crosses = |edge: &&Edge| {
            let (low, high) =
                if edge.from.y <= edge.to.y { (edge.from, edge.to) } else { (edge.to, edge.from) };
            let within = low.y <= at.y && at.y < high.y;
            within && (high.x - low.x) * (at.y - low.y) > (at.x - low.x) * (high.y - low.y)
        };
        self.near(at.y, 0.0).iter().filter(crosses).count() % 2 == 1
    }
}

/// The edges of all rings, turned so that the inside is on the left. Edges without length are left out.
fn edges(shape: &MultiPolygon<f64>) -> Vec<Edge> {
    let mut edges = Vec::new();
    let mut add = |ring: &LineString<f64>, anticlockwise: bool| {
        let turned = (signed_area(ring) > 0.0) == anticlockwise;
        let lines = ring.lines().filter(|line| line.start != line.end);
        edges.extend(lines.map(|line| {
            let (from, to) = if turned { (line.start, line.end) } else { (line.end, line.start) };
            Edge { from, to }
        }));
    };
    for polygon in shape {
        add(polygon.exterior(), true);
        for hole in polygon.interiors() {
            add(hole, false);
        }
    }
    edges
}

/// Positive for an anticlockwise ring.
fn signed_area(ring: &LineString<f64>) -> f64 {
    let origin = ring.0.first().copied().unwrap_or_default();
    let cross = |line: geo_types::Line<f64>| {
        let (a, b) = (line.start - origin, line.end - origin);
        a.x * b.y - a.y * b.x
    };
    ring.lines().map(cross).sum()
}

#[cfg(test)]
mod tests;
