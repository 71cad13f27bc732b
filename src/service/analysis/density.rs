//! The intensity surface of a selection and the bands drawn from it.

use geo::{Area, MapCoords};

use crate::{
    analysis::{
        bands::{self, Band, Thresholds},
        bandwidth::{self, BandwidthLimit, Chosen, Rule, Situation},
        classes::IncrementalMean,
        density::{self, Kernel, RasterGrid, Surface},
        mask,
    },
    crs,
    model::{
        GridPoint, GridShape, Invalid, LonLatShape, Metres, SquareMetres,
        priority::{BANDWIDTH_M, CELL_M},
    },
    profile::Method,
    service::{QuestionError, Scope, Service, question::About},
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

/// A surface with what has to be known about it.
pub struct Density<'a> {
    /// Intensity in events per km² at the cells' centres.
    pub surface: Surface,
    /// Whether a cell's centre lies inside the outline, in the surface's order.
    pub inside: Vec<bool>,
    /// Lower ends of the classes drawn as bands; `None` where the surface is zero.
    pub thresholds: Option<Thresholds>,
    /// How it was made.
    pub about: About,
    outline: &'a GridShape,
}

/// One band of a density layer.
pub struct DensityBand {
    /// Its number from 1, the lowest.
    pub class: usize,
    /// Least intensity, events per km².
    pub lower: f64,
    /// Greatest intensity; `None` for the highest band.
    pub upper: Option<f64>,
    /// Its area on the grid, inside the study area.
    pub area: SquareMetres,
    /// Its shape.
    pub shape: LonLatShape,
}

impl Service {
    /// The exact quartic intensity surface of a selection over the borough.
    ///
    /// # Errors
    /// As [`Service::resolve`], and for a cell or bandwidth out of bounds.
    pub fn density<'a>(
        &'a self,
        scope: &Scope,
        parameters: DensityParameters,
        snapshot: &'a Snapshot,
    ) -> Result<Density<'a>, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let outline = &question.area().grid;
        let configured = question.configured();

        let side = bandwidth::shorter_side(outline).unwrap_or(SMALLEST_SIDE);
        let (cell, cell_rule) = given("query parameter cell_m", parameters.cell, configured.cell, &CELL_M)?
            .unwrap_or_else(|| (bandwidth::default_cell(side), CELL_RULE.to_owned()));
        let given =
            given("query parameter bandwidth_m", parameters.bandwidth, configured.bandwidth, &BANDWIDTH_M)?;
        let (bandwidth, bandwidth_rule) = given.unwrap_or_else(|| {
            let chosen = bandwidth::choose(
                Rule::Scott,
                &Situation {
                    counted: &question.counted(),
                    weighted: &question.weighted(),
                    cell,
                    shorter_side: side,
                    area: question.area().area,
                    kernel: Kernel::Quartic,
                },
            );
            (chosen.given.bandwidth, describe(&chosen))
        });
        // A cell around the outline lets the bands' lines run to the border.
        let grid = RasterGrid::covering(outline, cell, cell)
            .map_err(|fault| QuestionError::Invalid { place: "query parameter cell_m", fault })?;

        let surface = density::intensity(&question.weighted(), &grid, bandwidth);
        let inside = mask::centres_inside(&grid, outline);
        let classes = IncrementalMean::of(&surface.values, &inside);
        let mean = classes.map(|classes| classes.mean);
        let thresholds = classes.and_then(|classes| Thresholds::new(&classes.thresholds()).ok());
        let method = Method::new("density")
            .with("kernel", "quartic")
            .with("formula", "sum of w * 3/(pi h^2) * (1 - d^2/h^2)^2 for d < h, exact at cell centres")
            .with("unit", "incidents per km2 of the period")
            .with("bandwidth_m", bandwidth)
            .with("bandwidth_rule", bandwidth_rule)
            .with("cell_m", cell)
            .with("cell_rule", cell_rule)
            .with("edge_correction", "none")
            .with(
                "classes",
                "incremental mean: multiples 1 to 5 of the mean of positive cells in the outline",
            )
            .with("mean_per_km2", mean);
        Ok(Density { surface, inside, thresholds, about: question.about(method), outline })
    }
}

impl Density<'_> {
    /// Draws the bands, clipped to the study area, lowest first. Empty bands are left out.
    pub fn bands(&self) -> Vec<DensityBand> {
        let limits = self.thresholds.as_ref();
        let drawn = limits.map(|limits| bands::bands(&self.surface, limits, self.outline));
        drawn
            .unwrap_or_default()
            .into_iter()
            .enumerate()
            .filter(|(_, band)| !band.shape.0.0.is_empty())
            .map(|(index, Band { lower, upper, shape })| DensityBand {
                class: index + 1,
                lower,
                upper,
                area: SquareMetres(shape.0.unsigned_area()),
                shape: to_lonlat(&shape),
            })
            .collect()
    }
}

const CELL_RULE: &str = "a 250th of the shorter side of the outline's box, rounded down to 10 m";

/// Stands in for an outline without extent, which no checked boundary has.
const SMALLEST_SIDE: Metres = Metres::ONE;

/// How a default bandwidth came about, in words.
fn describe(chosen: &Chosen) -> String {
    let rule = match &chosen.instead_of {
        None => format!(
            "Scott's rule on {} incidents times 2.779 for the quartic kernel: {:.0} m",
            chosen.incidents, chosen.given.raw_m
        ),
        Some(_) => "five cells, because the incidents have no spread to judge by".to_owned(),
    };
    match chosen.given.limited {
        None => rule,
        Some(BandwidthLimit::ThreeCells) => format!("{rule}, raised to three cells"),
        Some(BandwidthLimit::QuarterSide) => {
            format!("{rule}, lowered to a quarter of the outline's shorter side")
        }
    }
}

/// A length that was asked for, or that the priority is configured with, and which of the two.
fn given(
    name: &'static str,
    asked: Option<Metres>,
    configured: Option<Metres>,
    range: &std::ops::RangeInclusive<f64>,
) -> Result<Option<(Metres, String)>, QuestionError> {
    let said = asked.map(|length| (length, "as asked"));
    let Some((length, rule)) = said.or(configured.map(|length| (length, "as configured for the priority")))
    else {
        return Ok(None);
    };
    if range.contains(&length.get()) {
        return Ok(Some((length, rule.to_owned())));
    }
    let limits = format!("it is {} to {} metres", range.start(), range.end());
    Err(QuestionError::Invalid { place: name, fault: Invalid::new(length.get(), limits) })
}

/// The same shape in degrees. Everything drawn lies inside a borough that was itself converted, so a
/// vertex outside the transformation's area cannot occur; it would be left out.
fn to_lonlat(shape: &GridShape) -> LonLatShape {
    LonLatShape(shape.0.map_coords(|c| {
        let lonlat = GridPoint::new(c.x, c.y).and_then(crs::osgb::to_lonlat);
        lonlat.map_or(c, |p| geo_types::Coord { x: p.lon_deg(), y: p.lat_deg() })
    }))
}
