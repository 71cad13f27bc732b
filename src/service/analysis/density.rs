//! The intensity surface of a selection and the bands drawn from it.

use geo::{Area, MapCoords};
use geo_types::MultiPolygon;

use crate::{
    analysis::{
        bands::{self, Band},
        bandwidth::{self, Rule},
        classes::{ClassLimits, Classification},
        density::{self, Kernel, RasterGrid, Surface, WeightedPoint},
        mask,
    },
    crs,
    model::{GridPoint, GridShape, Invalid, LonLatShape, Metres, SquareMetres, priority::CELL_M},
    profile::Method,
    service::{
        QuestionError, Scope, Service,
        analysis::bandwidths,
        question::{About, Question},
    },
    snapshot::Snapshot,
};

/// Parameters of the method; what is left out follows the priority or a rule of thumb.
#[derive(Clone, Debug, Default)]
pub struct DensityParameters {
    /// The kernel's radius.
    pub bandwidth: Option<Metres>,
    /// The rule that gives the radius where none was asked for.
    pub bandwidth_rule: Option<Rule>,
    /// Side of the raster's cells.
    pub cell: Option<Metres>,
    /// What parts the surface into classes.
    pub classes: Classification,
}

/// How surfaces are drawn for one question: everything but the points. It is settled once, from the
/// parameters and the selection; what is drawn from it, from any points, can be compared.
pub(super) struct Drawing<'a> {
    /// The study area.
    pub outline: &'a GridShape,
    /// The raster.
    pub grid: RasterGrid,
    /// Whether a cell's centre lies inside the outline, in the raster's order.
    pub inside: Vec<bool>,
    /// What parts the surface into classes.
    pub classes: Classification,
    bandwidth: Metres,
    bandwidth_rule: String,
    cell_rule: String,
}

impl<'a> Drawing<'a> {
    /// Settles how the surface of a question is drawn.
    ///
    /// # Errors
    /// [`QuestionError::Invalid`] for a cell or bandwidth out of bounds.
    pub fn of(question: &Question<'a>, parameters: &DensityParameters) -> Result<Self, QuestionError> {
        let outline = &question.area().grid;
        let configured = question.configured();
        let side = bandwidths::shorter_side(outline);
        let (cell, cell_rule) = given("query parameter cell_m", parameters.cell, configured.cell, &CELL_M)?
            .unwrap_or_else(|| (bandwidth::default_cell(side), CELL_RULE.to_owned()));
        let (asked, rule) = (parameters.bandwidth, parameters.bandwidth_rule);
        let (bandwidth, bandwidth_rule) = bandwidths::in_use(question, asked, rule, cell, Kernel::Quartic)?;
        // A cell around the outline lets the bands' lines run to the border.
        let grid = RasterGrid::covering(outline, cell, cell)
            .map_err(|fault| QuestionError::Invalid { place: "query parameter cell_m", fault })?;
        let inside = mask::centres_inside(&grid, outline);
        let classes = parameters.classes.clone();
        Ok(Self { outline, grid, inside, classes, bandwidth, bandwidth_rule, cell_rule })
    }

    /// Draws the surface of points.
    pub fn surface(&self, points: &[WeightedPoint]) -> Surface {
        density::intensity(points, &self.grid, Kernel::Quartic, self.bandwidth)
    }

    /// The limits of the classes of a surface; `None` where it is zero.
    pub fn limits(&self, surface: &Surface) -> Option<ClassLimits> {
        self.classes.limits(&surface.values, &self.inside)
    }

    /// Adds to a method's parameters how the surface was drawn.
    pub fn described(&self, method: Method, limits: Option<&ClassLimits>) -> Method {
        method
            .with("kernel", "quartic")
            .with("formula", "sum of w * 3/(pi h^2) * (1 - d^2/h^2)^2 for d < h, exact at cell centres")
            .with("unit", "incidents per km2 of the period")
            .with("bandwidth_m", self.bandwidth)
            .with("bandwidth_rule", self.bandwidth_rule.as_str())
            .with("cell_m", self.grid.cell())
            .with("cell_rule", self.cell_rule.as_str())
            .with("edge_correction", "none")
            .with("classes", self.classes.to_string())
            .with("class_rule", self.classes.rule())
            .with("class_limits_per_km2", limits.map(|limits| limits.as_slice().to_vec()))
    }
}

/// A surface with what has to be known about it.
pub struct Density<'a> {
    /// Intensity in events per km² at the cells' centres.
    pub surface: Surface,
    /// How it was made.
    pub about: About,
    drawing: Drawing<'a>,
    limits: Option<ClassLimits>,
}

/// One band of a density layer.
pub struct DensityBand {
    /// Number of its class, from 1, the coolest.
    pub class: usize,
    /// What its class is, in words.
    pub rule: String,
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
    /// The exact quartic intensity surface of a selection over the study area.
    ///
    /// # Errors
    /// As [`Service::resolve`], and for a cell or bandwidth out of bounds.
    pub fn density<'a>(
        &'a self,
        scope: &Scope,
        parameters: &DensityParameters,
        snapshot: &'a Snapshot,
    ) -> Result<Density<'a>, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let drawing = Drawing::of(&question, parameters)?;
        let surface = drawing.surface(&question.weighted());
        let limits = drawing.limits(&surface);
        let about = question.about(drawing.described(Method::new("density"), limits.as_ref()));
        Ok(Density { surface, about, drawing, limits })
    }
}

impl Density<'_> {
    /// Whether a cell's centre lies inside the study area, in the surface's order.
    pub fn inside(&self) -> &[bool] {
        &self.drawing.inside
    }

    /// Lower ends of the bands, events per km²; none where the surface is zero.
    pub fn thresholds(&self) -> &[f64] {
        self.limits.as_ref().map_or(&[], |limits| limits.thresholds().as_slice())
    }

    /// Draws the bands, clipped to the study area, lowest first. Empty bands are left out.
    pub fn bands(&self) -> Vec<DensityBand> {
        let Some(limits) = &self.limits else { return Vec::new() };
        bands::bands(&self.surface, limits.thresholds(), self.drawing.outline)
            .into_iter()
            .filter(|band| !band.shape.0.0.is_empty())
            .map(|Band { lower, upper, shape }| {
                let class = limits.class_from(lower);
                DensityBand {
                    class,
                    rule: self.drawing.classes.label(class),
                    lower,
                    upper,
                    area: SquareMetres(shape.0.unsigned_area()),
                    shape: to_lonlat(&shape.0),
                }
            })
            .collect()
    }
}

const CELL_RULE: &str = "a 250th of the shorter side of the outline's box, rounded down to 10 m";

/// A length that was asked for, or that the priority is configured with, and which of the two.
pub(super) fn given(
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
pub(super) fn to_lonlat(shape: &MultiPolygon<f64>) -> LonLatShape {
    LonLatShape(shape.map_coords(|c| {
        let lonlat = GridPoint::new(c.x, c.y).and_then(crs::osgb::to_lonlat);
        lonlat.map_or(c, |p| geo_types::Coord { x: p.lon_deg(), y: p.lat_deg() })
    }))
}
