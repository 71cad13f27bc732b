//! The relative risk of a selection against another.

use geo::Area as _;

use super::density::{MOST_WORK, given, to_lonlat};
use crate::{
    analysis::{
        bands::{self, Thresholds},
        bandwidth,
        contained::Northward,
        density::{EdgeCorrection, RasterGrid, Surface, WeightedPoint, Window},
        monte_carlo::Replications,
        normal,
        random::Seed,
        risk::{Compared, RelativeRisk, RiskParameters, Shrinkage, default_sigma_m},
    },
    model::{
        Category, GridPoint, GridShape, Invalid, LonLatShape, Metres, Period, SquareMetres,
        priority::{BANDWIDTH_M, CELL_M},
    },
    profile::Method,
    selection::Filter,
    service::{
        Compare, QuestionError, Scope, Service,
        question::{About, Question},
    },
    snapshot::Snapshot,
};

/// What cases are compared with. With nothing given it is all other incidents of the same period, sources
/// and area; with a period alone the same kind of incidents in that period.
#[derive(Clone, Debug, Default)]
pub struct Against {
    /// The incidents of a priority.
    pub priority: Option<String>,
    /// The version of its definition; `None` for the one in use.
    pub priority_version: Option<u32>,
    /// Those of these categories.
    pub categories: Vec<Category>,
    /// Those that meet this.
    pub filter: Option<Filter>,
    /// Those of this period.
    pub period: Option<Period>,
}

/// Parameters of the method; what is left out follows a rule.
#[derive(Clone, Debug, Default)]
pub struct RiskAsked {
    /// What the selection is compared with.
    pub against: Against,
    /// σ of the Gaussian kernel.
    pub sigma: Option<Metres>,
    /// Side of the raster's cells.
    pub cell: Option<Metres>,
    /// The edge correction.
    pub edge: EdgeCorrection,
    /// What is added to both densities.
    pub shrinkage: Shrinkage,
    /// How often the incidents are dealt out anew, to tell chance; without, it is told asymptotically.
    pub permutations: Option<Replications>,
    /// What the deals start from.
    pub seed: Seed,
}

/// A relative risk with what has to be known about it.
pub struct RiskLayer<'a> {
    /// The raster.
    pub grid: RasterGrid,
    /// Whether a cell's centre lies inside the study area.
    pub inside: Vec<bool>,
    /// The comparison by cell.
    pub cells: Vec<Compared>,
    /// The probability of so high a ratio, or a higher one, by cell.
    pub p_upper: Vec<Option<f64>>,
    /// The probability of so low a ratio, or a lower one.
    pub p_lower: Vec<Option<f64>>,
    /// Number of cases.
    pub cases: u64,
    /// Number of controls.
    pub controls: u64,
    /// How it was made.
    pub about: About,
    outline: &'a GridShape,
    points: [Vec<WeightedPoint>; 2],
}

/// Where the risk is surely higher, or lower.
pub struct RiskContour {
    /// Whether cases have a greater share here than controls; a lesser one otherwise.
    pub higher: bool,
    /// The probability is at most this.
    pub p_at_most: f64,
    /// And above this; `None` for the surest.
    pub p_above: Option<f64>,
    /// Cases inside or on the border.
    pub cases: u64,
    /// Controls inside or on the border.
    pub controls: u64,
    /// Its area on the grid.
    pub area: SquareMetres,
    /// Its shape.
    pub shape: LonLatShape,
}

/// The probabilities that contours are drawn at, the greatest first.
pub const TOLERANCES: [f64; 2] = [0.05, 0.01];

/// Fewer events than this are told of: what holds for many may not hold for them.
const FEW: f64 = 30.0;

impl Service {
    /// The relative risk of a selection against another, in the study area.
    ///
    /// # Errors
    /// As [`Service::resolve`], for a cell or bandwidth out of bounds, and
    /// [`QuestionError::Unanswerable`] where either has no incidents.
    pub fn risk<'a>(
        &'a self,
        scope: &Scope,
        asked: &RiskAsked,
        snapshot: &'a Snapshot,
    ) -> Result<RiskLayer<'a>, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let others = self.question(&control_scope(scope, &asked.against, &question), snapshot)?;
        let cases = question.counted();
        let (controls, shared) = others.counted_without(&question.selection);
        let [n_cases, n_controls] = [&cases, &controls].map(|group| count(group));

        let outline = &question.area().grid;
        let sigma = sigma(asked.sigma, &cases, &controls, outline)?;
        let (cell, cell_rule) = given("query parameter cell_m", asked.cell, None, &CELL_M)?
            .unwrap_or_else(|| (default_cell(outline, sigma.0), CELL_RULE.to_owned()));
        let grid = RasterGrid::covering(outline, cell, cell)
            .map_err(|fault| QuestionError::Invalid { place: "query parameter cell_m", fault })?;
        affordable(asked, &grid, cases.len().max(controls.len()), cases.len().min(controls.len()))?;

        let window = Window::new(outline);
        let parameters = RiskParameters { sigma: sigma.0, edge: asked.edge, shrinkage: asked.shrinkage };
        let risk = RelativeRisk::new(&cases, &controls, &window, &grid, parameters).ok_or_else(|| {
            let detail = format!(
                "A relative risk needs incidents of both kinds in the study area; there are {n_cases} of the \
                 one and {n_controls} of the other."
            );
            QuestionError::Unanswerable { detail }
        })?;
        let cells = risk.surface();
        let (p_upper, p_lower) = match asked.permutations {
            None => cells.iter().map(|at| (at.p_upper(), at.z.map(normal::cdf))).unzip(),
            Some(times) => {
                let chances = risk.chances(asked.seed, times);
                (chances.upper, chances.lower)
            }
        };
        let method = Method::new("risk")
            .with("formula", FORMULA)
            .with("against", described(&asked.against, others.priority_version()))
            .with("cases", n_cases)
            .with("controls", n_controls)
            .with("in_both", shared)
            .with("in_both_rule", "incidents of both kinds are cases only")
            .with("kernel", "gaussian")
            .with("bandwidth_m", sigma.0)
            .with("bandwidth_rule", sigma.1)
            .with("cell_m", cell)
            .with("cell_rule", cell_rule)
            .with("edge_correction", asked.edge.name())
            .with("integrals_before", risk.integrals().to_vec())
            .with("shrinkage", asked.shrinkage.get())
            .with("p", if asked.permutations.is_some() { PERMUTED } else { ASYMPTOTIC })
            .with("permutations", asked.permutations.map(Replications::get))
            .with("seed", asked.permutations.map(|_| asked.seed.0));
        let mut about = question.about(method);
        about.card.against_version = asked.against.priority.as_ref().and(others.priority_version());
        about.notices.extend(notices(&about.notices, &others, [n_cases, n_controls], asked));
        Ok(RiskLayer {
            grid,
            inside: risk.inside().to_vec(),
            cells,
            p_upper,
            p_lower,
            cases: n_cases,
            controls: n_controls,
            about,
            outline,
            points: [cases, controls],
        })
    }
}

impl RiskLayer<'_> {
    /// The contours, those of higher risk first, the surest last. Empty ones are left out.
    pub fn contours(&self) -> Vec<RiskContour> {
        let limits = TOLERANCES.map(|p| -normal::quantile(p));
        let Ok(thresholds) = Thresholds::new(&limits) else { return Vec::new() };
        let held = self.points.each_ref().map(|points| Held::new(points));
        let mut contours = Vec::new();
        for (higher, chances) in [(true, &self.p_upper), (false, &self.p_lower)] {
            // On the scale of z probabilities run evenly between cells.
            let z = |p: &Option<f64>| p.map_or(0.0, |p| (-normal::quantile(p)).clamp(0.0, 40.0));
            let surface = Surface { grid: self.grid, values: chances.iter().map(z).collect() };
            for (number, band) in bands::bands(&surface, &thresholds, self.outline).into_iter().enumerate() {
                if band.shape.0.0.is_empty() {
                    continue;
                }
                let [cases, controls] = held.each_ref().map(|held| held.within(&band.shape));
                contours.push(RiskContour {
                    higher,
                    p_at_most: TOLERANCES[number],
                    p_above: TOLERANCES.get(number + 1).copied(),
                    cases,
                    controls,
                    area: SquareMetres(band.shape.0.unsigned_area()),
                    shape: to_lonlat(&band.shape.0),
                });
            }
        }
        contours
    }
}

/// Points to be counted in shapes.
struct Held<'a> {
    order: Northward,
    points: &'a [WeightedPoint],
}

impl<'a> Held<'a> {
    fn new(points: &'a [WeightedPoint]) -> Self {
        Self { order: Northward::new(points.iter().map(|point| point.position)), points }
    }

    fn within(&self, shape: &GridShape) -> u64 {
        let mut inside: Vec<u32> = shape.0.iter().flat_map(|polygon| self.order.within(polygon)).collect();
        inside.sort_unstable();
        inside.dedup();
        let points: Vec<_> = inside.iter().map(|number| self.points[*number as usize]).collect();
        count(&points)
    }
}

const FORMULA: &str = "ln of the density of the cases over that of the controls, both with the same Gaussian \
     kernel 1/(2 pi h^2) * exp(-d^2/(2 h^2)) and with the integral 1 over the study area";

const CELL_RULE: &str =
    "a tenth of the bandwidth, rounded down to 10 m, and at least that of /analysis/density";

const ASYMPTOTIC: &str = "asymptotic, where both densities are the same (Hazelton and Davies 2009)";

const PERMUTED: &str = "share of random deals of cases and controls over all incidents with such a ratio, the \
     observed one counted in";

/// The scope of the controls.
fn control_scope(scope: &Scope, against: &Against, question: &Question<'_>) -> Scope {
    let same = against.priority.is_none() && against.categories.is_empty() && against.filter.is_none();
    let mut of = Scope {
        priority: against.priority.clone(),
        priority_version: against.priority_version,
        period: Some(against.period.unwrap_or_else(|| question.period())),
        compare: Some(Compare::No),
        categories: against.categories.clone(),
        sources: scope.sources.clone(),
        filter: against.filter.clone(),
        weights: None,
        within: scope.within.clone(),
        vintages: question.vintages(),
    };
    if same && against.period.is_some() {
        of.priority.clone_from(&scope.priority);
        of.priority_version = scope.priority_version;
        of.categories.clone_from(&scope.categories);
        of.filter.clone_from(&scope.filter);
    }
    of
}

/// What the cases are compared with, in words; `version` is that of the priority, where there is one.
fn described(against: &Against, version: Option<u32>) -> String {
    let mut parts = Vec::new();
    parts.extend(against.priority.as_ref().map(|id| {
        let version = version.unwrap_or_default();
        format!("the priority {id} (version {version})")
    }));
    if !against.categories.is_empty() {
        let slugs: Vec<_> = against.categories.iter().map(Category::as_str).collect();
        parts.push(format!("the categories {}", slugs.join(", ")));
    }
    parts.extend(against.filter.as_ref().map(|filter| format!("incidents with {}", filter.text())));
    match (parts.is_empty(), against.period) {
        (true, None) => "all other incidents of the same period, sources and area".to_owned(),
        (true, Some(period)) => format!("the same kind of incidents in {period}"),
        (false, None) => format!("{}, in the same period, sources and area", parts.join(" and ")),
        (false, Some(period)) => format!("{}, in {period}", parts.join(" and ")),
    }
}

/// The bandwidth and where it is from.
fn sigma(
    asked: Option<Metres>,
    cases: &[WeightedPoint],
    controls: &[WeightedPoint],
    outline: &GridShape,
) -> Result<(Metres, String), QuestionError> {
    if let Some(given) = given("query parameter bandwidth_m", asked, None, &BANDWIDTH_M)? {
        return Ok(given);
    }
    let each = |point: &WeightedPoint| {
        std::iter::repeat_n(point.position, usize::try_from(whole(point.weight)).unwrap_or(usize::MAX))
    };
    let all: Vec<GridPoint> = cases.iter().chain(controls).flat_map(each).collect();
    let [n_cases, n_controls] = [cases, controls].map(|group| usize::try_from(count(group)).unwrap_or(0));
    let quarter = bandwidth::shorter_side(outline).map_or(1.0, Metres::get) / 4.0;
    let (raw_m, rule) = match default_sigma_m(&all, n_cases, n_controls) {
        Some(raw_m) => (
            raw_m,
            format!(
                "oversmoothing of all {} incidents with sqrt(cases * controls) as their number: {raw_m:.0} m",
                all.len()
            ),
        ),
        None => (quarter, "a quarter of the shorter side, because the incidents have no spread".to_owned()),
    };
    let (low, high) = (*BANDWIDTH_M.start(), BANDWIDTH_M.end().min(quarter.max(*BANDWIDTH_M.start())));
    let limited = raw_m.clamp(low, high);
    let rule =
        if limited.total_cmp(&raw_m).is_eq() { rule } else { format!("{rule}, kept to {limited:.0} m") };
    Ok((Metres::new(limited).unwrap_or(Metres::ONE), rule))
}

fn default_cell(outline: &GridShape, sigma: Metres) -> Metres {
    let usual = bandwidth::default_cell(bandwidth::shorter_side(outline).unwrap_or(Metres::ONE));
    let tenth = Metres::new((sigma.get() / 100.0).floor() * 10.0);
    tenth.map_or(usual, |tenth| if tenth > usual { tenth } else { usual })
}

/// Refuses what takes too long. Units as in [`MOST_WORK`].
fn affordable(asked: &RiskAsked, grid: &RasterGrid, many: usize, few: usize) -> Result<(), QuestionError> {
    let cells = grid.cells() as f64;
    let once = cells * (10.0 + many as f64 / 16.0);
    if once > MOST_WORK {
        let fits_m = (grid.cell().get() * (once / MOST_WORK).sqrt()).ceil();
        let rule = format!("with these incidents that takes too long; a cell of {fits_m} m does not");
        let fault = Invalid::new(grid.cell().get(), rule);
        return Err(QuestionError::Invalid { place: "query parameter cell_m", fault });
    }
    let Some(times) = asked.permutations else { return Ok(()) };
    let each = cells * (4.0 + few as f64 / 32.0);
    if each * times.get() as f64 <= MOST_WORK {
        return Ok(());
    }
    let rule = format!(
        "with {cells} cells and these incidents at most {:.0} permutations are made; a larger cell_m allows more",
        (MOST_WORK / each).floor()
    );
    let fault = Invalid::new(times.get(), rule);
    Err(QuestionError::Invalid { place: "query parameter permutations", fault })
}

fn notices(known: &[String], others: &Question<'_>, counts: [u64; 2], asked: &RiskAsked) -> Vec<String> {
    let of_controls = others.about(Method::new("risk")).notices;
    let mut notices: Vec<_> = of_controls
        .into_iter()
        .filter(|notice| !known.contains(notice))
        .map(|notice| format!("Of the incidents compared with: {notice}"))
        .collect();
    let few = counts.iter().any(|&count| (count as f64) < FEW);
    if few && asked.permutations.is_none() {
        notices.push(format!(
            "With fewer than {FEW} cases or controls the probabilities are rough; permutations=199 tells them \
             better."
        ));
    }
    notices
}

fn count(points: &[WeightedPoint]) -> u64 {
    points.iter().map(|point| whole(point.weight)).sum()
}

/// A number of incidents.
fn whole(weight: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of rows")]
    let count = weight as u64;
    count
}
