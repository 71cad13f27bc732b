//! The intensity surface of a selection and the bands drawn from it.

use super::{QuestionError, Scope, Service, scope::tally_notices};
use crate::{
    analysis::{
        bandwidth::{self, Bandwidth},
        bands::{self, Band},
        classes,
        density::{self, RasterGrid, Surface, WeightedPoint},
    },
    crs,
    model::{GridPoint, GridShape, Invalid, LonLatShape, Metres, SquareMetres},
    profile::{MethodCard, MethodParameters},
    selection::Selection,
    snapshot::Snapshot,
};

/// Parameters of the method; what is left out follows the priority or a rule of thumb.
#[derive(Clone, Copy, Debug, Default)]
pub struct DensityParameters {
    /// The kernel's radius.
    pub bandwidth: Option<Metres>,
    /// Side of the raster's cells.
    pub cell: Option<Metres>,
}

/// Shortest and longest side of a raster cell that is taken, metres.
const CELL_M: std::ops::RangeInclusive<f64> = 5.0..=2_000.0;
/// Shortest and longest bandwidth that is taken, metres.
const BANDWIDTH_M: std::ops::RangeInclusive<f64> = 10.0..=20_000.0;

/// A surface with what has to be known about it.
pub struct Density {
    /// Intensity in events per km² at the cells' centres.
    pub surface: Surface,
    /// Whether a cell's centre lies inside the outline, in the surface's order.
    pub inside: Vec<bool>,
    /// Lower ends of the classes drawn as bands, ascending, events per km².
    pub thresholds: Vec<f64>,
    /// How it was made.
    pub card: MethodCard,
    /// What a reader has to know beside the numbers.
    pub notices: Vec<String>,
}

/// One band of a density layer.
pub struct DensityBand {
    /// Its number from 1, the lowest.
    pub class: usize,
    /// Least intensity, events per km².
    pub lower: f64,
    /// Greatest intensity; `None` for the highest band.
    pub upper: Option<f64>,
    /// Its area on the grid, inside the borough.
    pub area: SquareMetres,
    /// Its shape.
    pub shape: LonLatShape,
}

impl Service {
    /// The exact quartic intensity surface of a selection over the borough.
    ///
    /// # Errors
    /// As [`Service::resolve`], and for a cell or bandwidth out of bounds.
    pub fn density(
        &self,
        scope: &Scope,
        parameters: DensityParameters,
        snapshot: &Snapshot,
    ) -> Result<Density, QuestionError> {
        let resolved = self.resolve(scope, snapshot)?;
        let selection = Selection::of(snapshot, &resolved.criteria);
        let points = points(&selection, snapshot);
        let outline = &self.boundaries.outline.grid;
        let configured = resolved.priority.map(|priority| priority.method).unwrap_or_default();

        let (cell, cell_rule) = match parameters.cell.or(configured.cell) {
            Some(cell) => (bounded("cell_m", cell, &CELL_M)?, "as asked".to_owned()),
            None => (bandwidth::default_cell(outline), bandwidth::DEFAULT_CELL_RULE.to_owned()),
        };
        let grid = RasterGrid::covering(outline, cell)
            .map_err(|fault| QuestionError::Invalid { place: "query parameter cell_m", fault })?;
        let (bandwidth, bandwidth_rule) = match parameters.bandwidth.or(configured.bandwidth) {
            Some(bandwidth) => (bounded("bandwidth_m", bandwidth, &BANDWIDTH_M)?, "as asked".to_owned()),
            None => {
                let Bandwidth { radius, rule, .. } = bandwidth::scott_quartic(&points, outline, cell);
                (radius, rule)
            }
        };

        let surface = density::intensity(&points, &grid, bandwidth);
        let inside = grid.inside(outline);
        let mean = classes::positive_mean(&surface, &inside);
        let thresholds = mean.map(classes::incremental_thresholds).unwrap_or_default();
        let method = MethodParameters::Density {
            bandwidth_m: bandwidth.get(),
            bandwidth_rule,
            cell_m: cell.get(),
            cell_rule,
            mean_per_km2: mean,
        };
        let mut notices = resolved.notices.clone();
        notices.extend(tally_notices(&selection.tally));
        let card = self.card(&resolved, selection.tally, method, None, snapshot);
        Ok(Density { surface, inside, thresholds, card, notices })
    }

    /// Draws the bands of a density, clipped to the borough, lowest first. Empty bands are left out.
    pub fn density_bands(&self, density: &Density) -> Vec<DensityBand> {
        bands::bands(&density.surface, &density.thresholds, &self.boundaries.outline.grid)
            .into_iter()
            .enumerate()
            .filter(|(_, band)| !band.shape.0.0.is_empty())
            .map(|(index, Band { lower, upper, shape })| DensityBand {
                class: index + 1,
                lower,
                upper,
                area: shape.area(),
                shape: to_lonlat(&shape),
            })
            .collect()
    }
}

fn points(selection: &Selection, snapshot: &Snapshot) -> Vec<WeightedPoint> {
    let point = |position: GridPoint, weight: f64| WeightedPoint { position, weight };
    let places = snapshot.places();
    // Places are distinct and in canonical order, so there is nothing left to merge.
    selection.places.iter().map(|at| point(places.grid(at.place), at.weight)).collect()
}

fn bounded(
    name: &'static str,
    value: Metres,
    range: &std::ops::RangeInclusive<f64>,
) -> Result<Metres, QuestionError> {
    if range.contains(&value.get()) {
        return Ok(value);
    }
    let rule = format!("it is {} to {} metres", range.start(), range.end());
    Err(QuestionError::Invalid { place: name, fault: Invalid::new(value.get(), rule) })
}

/// The same shape in degrees. Everything drawn lies inside a borough that was itself converted, so a
/// vertex outside the transformation's area cannot occur; it would be left out.
fn to_lonlat(shape: &GridShape) -> LonLatShape {
    use geo::MapCoords;
    LonLatShape(shape.0.map_coords(|c| {
        let lonlat = GridPoint::new(c.x, c.y).and_then(crs::osgb::to_lonlat);
        lonlat.map_or(c, |p| geo_types::Coord { x: p.lon_deg(), y: p.lat_deg() })
    }))
}
