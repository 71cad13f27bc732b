//! The intensity surface of a selection and the bands drawn from it.

use std::{borrow::Cow, sync::OnceLock};

use geo::{Area, CoordsIter, MapCoords};
use geo_types::MultiPolygon;

use crate::{
    analysis::{
        bands::{self, Band},
        bandwidth::{self, Rule},
        classes::{ClassLimits, Classification},
        density::{
            Bandwidth, EdgeCorrection, Estimate, Form, Kernel, NearestEvents, RasterGrid, Smoothing, Surface,
            WeightedPoint, Window, intensity,
        },
        order,
    },
    crs,
    model::{
        GridPoint, GridShape, Invalid, LonLatShape, Metres, SquareMetres,
        priority::{BANDWIDTH_M, CELL_M},
    },
    profile::Method,
    service::{
        QuestionError, Scope, Service,
        analysis::bandwidths,
        question::{About, Question},
    },
    snapshot::Snapshot,
};

/// Whether bandwidths follow the incidents.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Adaptive {
    /// One bandwidth for all.
    #[default]
    No,
    /// Each incident has its own, by Abramson's rule.
    Abramson {
        /// The pilot's bandwidth; that of the surface where nothing is said.
        pilot: Option<Metres>,
    },
    /// Each place has its own, so that it reaches this many incidents.
    Nearest {
        /// How many.
        k: u32,
    },
}

/// Parameters of the method; what is left out follows the priority or a rule of thumb.
#[derive(Clone, Debug, Default)]
pub struct DensityParameters {
    /// The kernel.
    pub kernel: Kernel,
    /// What is done about the kernels' mass outside the study area.
    pub edge: EdgeCorrection,
    /// Whether bandwidths follow the incidents.
    pub adaptive: Adaptive,
    /// The kernel's radius.
    pub bandwidth: Option<Metres>,
    /// The rule that gives the radius where none was asked for.
    pub bandwidth_rule: Option<Rule>,
    /// Side of the raster's cells.
    pub cell: Option<Metres>,
    /// What parts the surface into classes.
    pub classes: Classification,
    /// Whether incidents outside the study area count for the density inside it, as far as kernels reach.
    pub across_border: bool,
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
    kernel: Kernel,
    edge: EdgeCorrection,
    adaptive: Adaptive,
    bandwidth: Metres,
    bandwidth_rule: String,
    cell_rule: String,
    smoothing: Smoothing,
    window: Window,
    /// Where incidents outside the study area count: their points, how many they are, and how far they reach.
    beyond: Option<Beyond>,
    /// The edge masses of the cells, where one bandwidth for all is corrected by them.
    masses: OnceLock<Vec<f64>>,
}

/// Incidents outside the study area that count for the density inside.
struct Beyond {
    points: Vec<WeightedPoint>,
    incidents: u64,
    reach: Metres,
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
        let (bandwidth, bandwidth_rule) = bandwidths::in_use(question, asked, rule, cell, parameters.kernel)?;
        // A cell around the outline lets the bands' lines run to the border.
        let grid = RasterGrid::covering(outline, cell, cell)
            .map_err(|fault| QuestionError::Invalid { place: "query parameter cell_m", fault })?;
        let window = Window::new(outline);
        let drawing = Self {
            outline,
            grid,
            inside: window.inside(&grid),
            classes: parameters.classes.clone(),
            kernel: parameters.kernel,
            edge: parameters.edge,
            adaptive: parameters.adaptive,
            bandwidth,
            bandwidth_rule,
            cell_rule,
            smoothing: smoothing(question, parameters, bandwidth, cell)?,
            window,
            beyond: beyond(question, parameters, bandwidth)?,
            masses: OnceLock::new(),
        };
        drawing.affordable(question)?;
        Ok(drawing)
    }

    /// Makes points ready for the surface, or for single places.
    pub fn estimate(&self, points: &[WeightedPoint]) -> Estimate<'_> {
        Estimate::new(&self.with_beyond(points), &self.window, &self.smoothing)
    }

    /// Points, and those outside the study area behind them where they count.
    fn with_beyond<'p>(&self, points: &'p [WeightedPoint]) -> Cow<'p, [WeightedPoint]> {
        match &self.beyond {
            Some(beyond) => Cow::Owned([points, &beyond.points].concat()),
            None => Cow::Borrowed(points),
        }
    }

    /// Draws the surface of points.
    pub fn surface(&self, points: &[WeightedPoint]) -> Surface {
        let points = &self.with_beyond(points);
        let (grid, h) = (&self.grid, self.bandwidth);
        match (self.adaptive, self.edge) {
            (Adaptive::No, EdgeCorrection::None) => intensity(points, grid, self.kernel, h),
            (Adaptive::No, EdgeCorrection::Uniform) => {
                let masses = self.masses.get_or_init(|| self.window.masses_over(grid, self.kernel, h));
                intensity(points, grid, self.kernel, h).over_masses(masses)
            }
            _ => Estimate::new(points, &self.window, &self.smoothing).surface(grid),
        }
    }

    /// Whether every place has the same bandwidth, whatever the incidents.
    pub fn is_fixed(&self) -> bool {
        self.adaptive == Adaptive::No
    }

    /// About how long a surface takes on one core, in units of 10 ns, as it was measured for each kernel.
    pub fn work(&self, question: &Question<'_>) -> f64 {
        let (cells, incidents) = (self.grid.cells() as f64, question.selection.tally.used as f64);
        let beyond = self.beyond.as_ref().map_or(0, |beyond| beyond.points.len());
        let places = (question.selection.places.len() + beyond) as f64;
        let reached = {
            let columns = self.bandwidth.get() / self.grid.cell().get();
            (4.0 * columns * columns + 1.0).min(cells)
        };
        let edges =
            if self.edge == EdgeCorrection::Uniform { self.outline.0.coords_count() as f64 } else { 0.0 };
        let fixed = match self.kernel {
            Kernel::Gaussian => cells * places / 32.0,
            Kernel::Triangular | Kernel::Uniform => reached * places / 16.0,
            Kernel::Quartic | Kernel::Epanechnikov | Kernel::Triweight => 0.0,
        };
        let many = if self.kernel == Kernel::Gaussian { 1.0 } else { 0.05 };
        cells
            + incidents
            + 10.0 * places
            + match self.adaptive {
                Adaptive::No => fixed,
                // A pilot over all pairs, kernels up to five times as wide, and a mass for each cell.
                Adaptive::Abramson { .. } => {
                    places * places + fixed + 4.0 * reached * places / 16.0 + many * cells * edges
                }
                Adaptive::Nearest { k } => cells * (100.0 + f64::from(k)) + many * cells * (places + edges),
            }
    }

    /// Refuses what takes too long.
    fn affordable(&self, question: &Question<'_>) -> Result<(), QuestionError> {
        let (work, cell) = (self.work(question), self.grid.cell().get());
        if work <= MOST_WORK {
            return Ok(());
        }
        let fits_m = (cell * (work / MOST_WORK).sqrt()).ceil();
        let rule = format!(
            "with this kernel and adaptive bandwidth and these incidents that takes too long; a cell of \
             {fits_m} m does not"
        );
        let fault = Invalid::new(cell, rule);
        Err(QuestionError::Invalid { place: "query parameter cell_m", fault })
    }

    /// What a reader has to know where incidents outside the study area count.
    pub fn notice(&self) -> Option<String> {
        let Beyond { incidents, reach, .. } = self.beyond.as_ref()?;
        Some(format!(
            "{incidents} incidents outside the study area, at most {:.0} m from it, count for the density inside; \
             everything else is of those inside alone.",
            reach.get()
        ))
    }

    /// The limits of the classes of a surface; `None` where it is zero.
    pub fn limits(&self, surface: &Surface) -> Option<ClassLimits> {
        self.classes.limits(&surface.values, &self.inside)
    }

    /// Adds to a method's parameters how the surface was drawn.
    pub fn described(&self, method: Method, limits: Option<&ClassLimits>) -> Method {
        let bandwidth = Some(self.bandwidth);
        let (adaptive, adaptive_rule, k, pilot, bandwidth) = match self.adaptive {
            Adaptive::No => ("none", None, None, None, bandwidth),
            Adaptive::Abramson { pilot } => {
                ("abramson", Some(ABRAMSON_RULE), None, Some(pilot.unwrap_or(self.bandwidth)), bandwidth)
            }
            Adaptive::Nearest { k } => ("nearest", Some(NEAREST_RULE), Some(k), None, None),
        };
        method
            .with("kernel", self.kernel.name())
            .with("formula", format!("sum of w * {}, exact at cell centres", self.kernel.formula()))
            .with("unit", "incidents per km2 of the period")
            .with("adaptive", adaptive)
            .with("adaptive_rule", adaptive_rule)
            .with("k", k)
            .with("pilot_m", pilot)
            .with("bandwidth_m", bandwidth)
            .with("bandwidth_rule", self.bandwidth_rule.as_str())
            .with("cell_m", self.grid.cell())
            .with("cell_rule", self.cell_rule.as_str())
            .with("edge_correction", self.edge.name())
            .with("edge_rule", edge_rule(self.edge))
            .with("across_border", self.beyond.is_some())
            .with("incidents_beyond", self.beyond.as_ref().map(|beyond| beyond.incidents))
            .with("reach_m", self.beyond.as_ref().map(|beyond| beyond.reach))
            .with("classes", self.classes.to_string())
            .with("class_rule", self.classes.rule())
            .with("class_limits_per_km2", limits.map(|limits| limits.as_slice().to_vec()))
    }
}

/// A surface with what has to be known about it.
pub struct Density<'a> {
    /// Intensity in events per km² at the cells' centres.
    pub surface: Surface,
    /// What the values count.
    pub form: Form,
    /// The surface in that form.
    pub values: Vec<f64>,
    /// What the cells' events were rescaled by, where the form asks for it.
    pub rescaled_by: Option<f64>,
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
    /// The same on the grid.
    pub grid_shape: GridShape,
}

impl Service {
    /// The exact intensity surface of a selection over the study area.
    ///
    /// # Errors
    /// As [`Service::resolve`], and for a cell or bandwidth out of bounds.
    pub fn density<'a>(
        &'a self,
        scope: &Scope,
        parameters: &DensityParameters,
        form: Form,
        snapshot: &'a Snapshot,
    ) -> Result<Density<'a>, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let drawing = Drawing::of(&question, parameters)?;
        let points = question.weighted();
        let estimate = drawing.estimate(&points);
        let surface = estimate.surface(&drawing.grid);
        let limits = drawing.limits(&surface);
        let weights = points.iter().map(|point| point.weight).sum();
        let (values, rescaled_by) = form.of(surface.clone(), &drawing.inside, weights);
        let bandwidths = if drawing.is_fixed() { None } else { estimate.event_bandwidths() };
        let bandwidths = bandwidths.map(|all| all.map(|(_, h)| h.get()).collect::<Vec<_>>());
        let method = drawing
            .described(Method::new("density"), limits.as_ref())
            .with("incident_bandwidths_m", bandwidths.as_deref().and_then(least_middle_most))
            .with("form", form.name())
            .with("rescaled_by", rescaled_by);
        let mut about = question.about(method);
        about.notices.extend(drawing.notice());
        Ok(Density { surface, form, values: values.values, rescaled_by, about, drawing, limits })
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
                    grid_shape: shape,
                }
            })
            .collect()
    }
}

const CELL_RULE: &str = "a 250th of the shorter side of the outline's box, rounded down to 10 m";

/// Units of 10 ns that one question may take: some ten seconds on one core.
pub(super) const MOST_WORK: f64 = 1e9;

const ABRAMSON_RULE: &str = "each incident has the bandwidth bandwidth_m * min(f^-0.5, 5 G) / G, with the pilot \
     density f at its place and the geometric mean G of f^-0.5 over the incidents";

const NEAREST_RULE: &str = "each place has the distance to its k-th nearest incident as its bandwidth, but at \
     least a cell; incidents count once each, whatever their weight";

fn edge_rule(edge: EdgeCorrection) -> Option<&'static str> {
    match edge {
        EdgeCorrection::None => None,
        EdgeCorrection::Uniform => {
            Some("divided by the share of a kernel at the place that lies in the study area")
        }
        EdgeCorrection::Diggle => {
            Some("each incident's kernel divided by the share of it that lies in the study area")
        }
    }
}

/// The least, the median and the greatest of some values.
fn least_middle_most(values: &[f64]) -> Option<Vec<f64>> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Some(vec![*sorted.first()?, order::median(&sorted)?, *sorted.last()?])
}

/// How the events of a question are smoothed.
fn smoothing(
    question: &Question<'_>,
    parameters: &DensityParameters,
    bandwidth: Metres,
    cell: Metres,
) -> Result<Smoothing, QuestionError> {
    let bandwidth = match parameters.adaptive {
        Adaptive::No => Bandwidth::Fixed(bandwidth),
        Adaptive::Abramson { pilot } => {
            let asked = given("query parameter pilot_m", pilot, None, &BANDWIDTH_M)?;
            Bandwidth::Abramson { global: bandwidth, pilot: asked.map_or(bandwidth, |(pilot, _)| pilot) }
        }
        Adaptive::Nearest { k } => Bandwidth::Nearest(NearestEvents::new(&question.counted(), k, cell)),
    };
    Smoothing::new(parameters.kernel, bandwidth, parameters.edge)
        .map_err(|fault| QuestionError::Invalid { place: "query parameter edge", fault })
}

/// How many bandwidths of a Gaussian count as its reach: what lies farther out is four millionths of it.
const GAUSSIAN_REACH: f64 = 5.0;

/// The incidents outside the study area, where they are to count.
fn beyond(
    question: &Question<'_>,
    parameters: &DensityParameters,
    bandwidth: Metres,
) -> Result<Option<Beyond>, QuestionError> {
    if !parameters.across_border {
        return Ok(None);
    }
    if parameters.edge != EdgeCorrection::None || parameters.adaptive != Adaptive::No {
        let rule = "incidents across the border are seen themselves: with edge=none and adaptive=none only";
        let fault = Invalid::new("true", rule);
        return Err(QuestionError::Invalid { place: "query parameter across_border", fault });
    }
    let reach = match parameters.kernel.radius(bandwidth) {
        Some(radius) => radius,
        None => Metres::new(GAUSSIAN_REACH * bandwidth.get())
            .map_err(|fault| QuestionError::Invalid { place: "query parameter bandwidth_m", fault })?,
    };
    let (points, incidents) = question.weighted_beyond(reach);
    Ok(Some(Beyond { points, incidents, reach }))
}

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
