//! How well the areas of a layer fit together and into the outline.
//!
//! Real boundaries overlap and gape a little, generalised ones more. None of it stops the service,
//! as the border rule of [`locator`](super::locator) gives every point one area at most; but a
//! borough should know how much ground is counted twice or not at all.

use std::fmt;

use geo::{Area as _, BooleanOps, BoundingRect, InteriorPoint, unary_union};
use geo_types::{Coord, LineString, MultiPolygon, Point, Polygon};
use rstar::{
    AABB, RTree,
    primitives::{GeomWithData, Rectangle},
};

use crate::model::{Area, AreaCode, BoundarySet, GridShape, Layer, LayerId, SquareMetres};

/// Pieces smaller than this many square metres are summed but not listed one by one: they come from
/// the rounding of coordinates.
pub const SLIVER_M2: f64 = 1.0;

/// The fit of every layer.
#[derive(Clone, Debug, PartialEq)]
pub struct TopologyReport {
    /// The layers in the manifest's order.
    pub layers: Vec<LayerTopology>,
}

impl TopologyReport {
    /// True where nothing is listed for any layer; slivers may be there.
    pub fn is_clean(&self) -> bool {
        self.layers.iter().all(LayerTopology::is_clean)
    }
}

/// The fit of one layer.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerTopology {
    /// Which layer.
    pub layer: LayerId,
    /// How many areas it has.
    pub areas: usize,
    /// Their planar areas, summed.
    pub total: SquareMetres,
    /// Ground that two areas share, by pair of codes in their order.
    pub overlaps: Vec<Overlap>,
    /// Ground that no area covers, in the outline or enclosed by areas; the largest first.
    pub gaps: Vec<Piece>,
    /// Ground of areas beyond the outline, in the order of their codes.
    pub outside: Vec<Outside>,
    /// What was too small to list.
    pub slivers: Slivers,
}

impl LayerTopology {
    /// True where there is nothing but slivers.
    pub fn is_clean(&self) -> bool {
        self.overlaps.is_empty() && self.gaps.is_empty() && self.outside.is_empty()
    }
}

/// A piece of ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// Its planar area.
    pub area: SquareMetres,
    /// A position inside it in grid metres, x easting and y northing.
    pub at: Coord<f64>,
}

/// Two areas that share ground.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlap {
    /// Both codes, the smaller first.
    pub areas: (AreaCode, AreaCode),
    /// All that they share, with a position in its largest part.
    pub shared: Piece,
}

/// An area that reaches beyond the outline.
#[derive(Clone, Debug, PartialEq)]
pub struct Outside {
    /// Its code.
    pub code: AreaCode,
    /// All of it that lies outside, with a position in its largest part.
    pub beyond: Piece,
}

/// Pieces below [`SLIVER_M2`], of all kinds together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Slivers {
    /// How many.
    pub count: usize,
    /// Their areas, summed.
    pub total: SquareMetres,
}

impl Slivers {
    fn add(&mut self, area_m2: f64) {
        self.count += 1;
        self.total.0 += area_m2;
    }
}

/// Measures overlaps, gaps and what lies outside, on the grid, layer by layer.
///
/// A gap is a part of the outline that no area covers, or a hole that areas enclose; where another
/// borough truly lies inside this one, its hole is listed as a gap too.
///
/// # Example
/// ```
/// use hotspots::boundary::{manifest, topology};
/// let set = manifest::load("boundaries/dudley.toml".as_ref()).unwrap();
/// let report = topology::check(&set);
/// assert!(report.is_clean());
/// assert_eq!(report.layers[0].areas, 24);
/// ```
pub fn check(set: &BoundarySet) -> TopologyReport {
    TopologyReport { layers: set.layers.iter().map(|layer| check_layer(layer, &set.outline)).collect() }
}

fn check_layer(layer: &Layer, outline: &Area) -> LayerTopology {
    let mut slivers = Slivers::default();
    let overlaps = overlaps(&layer.areas, &mut slivers);
    let gaps = gaps(&layer.areas, outline, &mut slivers);
    let outside = outside(&layer.areas, outline, &mut slivers);
    let total = SquareMetres(layer.areas.iter().map(|area| area.area.0).sum());
    LayerTopology {
        layer: layer.id.clone(),
        areas: layer.areas.len(),
        total,
        overlaps,
        gaps,
        outside,
        slivers,
    }
}

fn overlaps(areas: &[Area], slivers: &mut Slivers) -> Vec<Overlap> {
    let boxes =
        areas.iter().enumerate().filter_map(|(i, area)| Some(GeomWithData::new(box_of(&area.grid)?, i)));
    let tree = RTree::bulk_load(boxes.collect());
    let mut pairs: Vec<(usize, usize)> = tree
        .intersection_candidates_with_other_tree(&tree)
        .map(|(a, b)| (a.data, b.data))
        .filter(|(a, b)| a < b)
        .collect();
    pairs.sort_unstable();
    pairs
        .into_iter()
        .filter_map(|(a, b)| {
            let (a, b) = (&areas[a], &areas[b]);
            let shared = summed(&a.grid.0.intersection(&b.grid.0), slivers)?;
            Some(Overlap { areas: (a.code.clone(), b.code.clone()), shared })
        })
        .collect()
}

fn box_of(shape: &GridShape) -> Option<Rectangle<Point<f64>>> {
    let rect = shape.0.bounding_rect()?;
    Some(Rectangle::from_aabb(AABB::from_corners(Point(rect.min()), Point(rect.max()))))
}

fn gaps(areas: &[Area], outline: &Area, slivers: &mut Slivers) -> Vec<Piece> {
    let covered = unary_union(areas.iter().map(|area| &area.grid.0));
    let filled: MultiPolygon<f64> = covered.iter().map(|part| filled_ring(part.exterior())).collect();
    let to_be_covered = outline.grid.0.union(&filled);
    let mut gaps = Vec::new();
    for part in &to_be_covered.difference(&covered) {
        match piece(part) {
            Some(piece) if piece.area.0 >= SLIVER_M2 => gaps.push(piece),
            Some(piece) => slivers.add(piece.area.0),
            None => {}
        }
    }
    gaps.sort_by(|a, b| b.area.0.total_cmp(&a.area.0));
    gaps
}

fn filled_ring(exterior: &LineString<f64>) -> Polygon<f64> {
    Polygon::new(exterior.clone(), vec![])
}

fn outside(areas: &[Area], outline: &Area, slivers: &mut Slivers) -> Vec<Outside> {
    areas
        .iter()
        .filter_map(|area| {
            let beyond = summed(&area.grid.0.difference(&outline.grid.0), slivers)?;
            Some(Outside { code: area.code.clone(), beyond })
        })
        .collect()
}

/// The whole of a shape as one piece, its position in the largest part. A sliver is added to those.
fn summed(shape: &MultiPolygon<f64>, slivers: &mut Slivers) -> Option<Piece> {
    let area_m2 = shape.unsigned_area();
    if area_m2 < SLIVER_M2 {
        if area_m2 > 0.0 {
            slivers.add(area_m2);
        }
        return None;
    }
    let largest = shape.iter().max_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()))?;
    Some(Piece { area: SquareMetres(area_m2), ..piece(largest)? })
}

fn piece(part: &Polygon<f64>) -> Option<Piece> {
    let at = part.interior_point()?.0;
    Some(Piece { area: SquareMetres(part.unsigned_area()), at })
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>12.1} m² at {:.0} {:.0}", self.area.0, self.at.x, self.at.y)
    }
}

/// For a terminal: a line for each layer, under it a line for each finding.
impl fmt::Display for TopologyReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for layer in &self.layers {
            write!(f, "{layer}")?;
        }
        Ok(())
    }
}

impl fmt::Display for LayerTopology {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fit = if self.is_clean() {
            "no overlaps, no gaps, nothing outside the outline"
        } else {
            "does not fit"
        };
        writeln!(f, "{}: {} areas, {:.3} km²: {fit}", self.layer, self.areas, self.total.km2())?;
        for Overlap { areas: (first, second), shared } in &self.overlaps {
            writeln!(f, "  overlap {shared}: {first} and {second}")?;
        }
        for gap in &self.gaps {
            writeln!(f, "  gap     {gap}")?;
        }
        for Outside { code, beyond } in &self.outside {
            writeln!(f, "  outside {beyond}: {code}")?;
        }
        if self.slivers.count > 0 {
            let Slivers { count, total } = self.slivers;
            writeln!(f, "  slivers {:>12.3} m² in {count} pieces of less than {SLIVER_M2} m² each", total.0)?;
        }
        Ok(())
    }
}
