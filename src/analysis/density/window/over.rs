//! Edge masses over a whole raster.

use geo_types::Coord;
use rayon::{
    iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator},
    slice::ParallelSliceMut,
};

use super::{Kernel, Metres, RasterGrid, Window, mass, nodes};
use crate::analysis::{exponential, normal};

/// So many nodes of the outline are handled at a time that their matrices stay small.
const NODES_AT_A_TIME: usize = 1_024;

/// With more nodes than this, which very short bandwidths lead to, cells are looked at one by one.
const MOST_NODES: f64 = 65_536.0;

/// A piece of the outline as Gauss–Legendre sees it, in σ from the raster's south-western corner.
struct Node {
    east: f64,
    north: f64,
    /// Its weight times the northing that it stands for.
    rise: f64,
}

impl Window {
    /// The masses, each cell with a bandwidth of its own.
    pub(in crate::analysis::density) fn masses_by_cell(
        &self,
        grid: &RasterGrid,
        kernel: Kernel,
        bandwidths: &[Metres],
    ) -> Vec<f64> {
        let widest = bandwidths.iter().map(|bandwidth| bandwidth.get()).fold(0.0, f64::max);
        let inside = self.inside(grid);
        let reach = mass::reach(kernel) * widest;
        let mut masses = vec![0.0; grid.cells()];
        masses.par_chunks_mut(grid.columns()).enumerate().for_each(|(row, masses)| {
            let y = grid.row_centre_m(row);
            let edges = self.near(y, reach);
            // The western and eastern end of what the edges may matter to.
            let ends = |edge: &super::Edge| [edge.from.x.min(edge.to.x), edge.from.x.max(edge.to.x)];
            let west = edges.iter().map(|edge| ends(edge)[0]).fold(f64::INFINITY, f64::min) - reach;
            let east = edges.iter().map(|edge| ends(edge)[1]).fold(f64::NEG_INFINITY, f64::max) + reach;
            for (column, mass) in masses.iter_mut().enumerate() {
                let (x, cell) = (grid.column_centre_m(column), row * grid.columns() + column);
                let near = if x < west || x > east { &[] } else { edges };
                *mass = self.mass(near, Coord { x, y }, kernel, bandwidths[cell], || inside[cell]);
            }
        });
        masses
    }

    /// Whether Gaussian masses are best found from all nodes of the outline.
    pub(super) fn has_few_nodes(&self, bandwidth: Metres) -> bool {
        let length = |edge: &super::Edge| (edge.to.x - edge.from.x).hypot(edge.to.y - edge.from.y);
        let pieces = |edge| (length(edge) / bandwidth.get() / nodes::LONGEST_PIECE).ceil();
        let nodes = self.edges.iter().map(pieces).sum::<f64>() * nodes::NODES.len() as f64;
        nodes <= MOST_NODES
    }

    /// The masses of Gaussian kernels of one bandwidth.
    ///
    /// By Green's theorem q = ∮ Φ((u − x)/σ) φ((v − y)/σ)/σ dv along the outline (u, v): a function of
    /// the column times one of the row for each node, and so a product of matrices.
    pub(super) fn gaussian_masses(&self, grid: &RasterGrid, bandwidth: Metres) -> Vec<f64> {
        let sigma = bandwidth.get();
        let all = self.nodes(grid, sigma);
        let centre = |cell: usize| (cell as f64 + 0.5) * grid.cell().get() / sigma;
        let columns: Vec<f64> = (0..grid.columns()).map(centre).collect();
        let mut masses = vec![0.0; grid.cells()];
        for nodes in all.chunks(NODES_AT_A_TIME) {
            let east_of = |node: &Node| columns.iter().map(|x| normal::cdf(node.east - x)).collect();
            let by_column: Vec<Vec<f64>> = nodes.par_iter().map(east_of).collect();
            masses.par_chunks_mut(grid.columns()).enumerate().for_each(|(row, masses)| {
                let y = centre(row);
                let first = nodes.partition_point(|node| node.north < y - mass::GAUSSIAN_REACH);
                let end = nodes.partition_point(|node| node.north <= y + mass::GAUSSIAN_REACH).max(first);
                for (node, columns) in nodes[first..end].iter().zip(&by_column[first..end]) {
                    let dn = node.north - y;
                    let factor = node.rise * exponential::of_minus(0.5 * dn * dn);
                    for (mass, column) in masses.iter_mut().zip(columns) {
                        *mass += factor * column;
                    }
                }
            });
        }
        masses.par_chunks_mut(grid.columns()).flatten().for_each(|mass| *mass = mass.clamp(0.0, 1.0));
        masses
    }

    /// The nodes of all edges, south to north.
    fn nodes(&self, grid: &RasterGrid, sigma: f64) -> Vec<Node> {
        let corner = Coord { x: grid.west_m(), y: grid.south_m() };
        let root = (2.0 * std::f64::consts::PI).sqrt();
        let mut all = Vec::new();
        for edge in self.edges.iter().filter(|edge| edge.from.y.total_cmp(&edge.to.y).is_ne()) {
            let (from, to) = ((edge.from - corner) / sigma, (edge.to - corner) / sigma);
            let along = to - from;
            let pieces = nodes::pieces(along.x.abs().max(along.y.abs()));
            for number in 0..pieces {
                for (at, weight) in nodes::NODES {
                    let share = (f64::from(number) + 0.5 + at) / f64::from(pieces);
                    let place = from + along * share;
                    let rise = weight * along.y / f64::from(pieces) / root;
                    all.push(Node { east: place.x, north: place.y, rise });
                }
            }
        }
        all.sort_by(|a, b| a.north.total_cmp(&b.north));
        all
    }
}
