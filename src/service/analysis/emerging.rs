//! Emerging hot spots on hex cells, month by month.

use std::borrow::Cow;

use super::months::Months;
use crate::{
    analysis::{
        hex::{self, HexCell, HexGrid, HexResolution},
        time::emerging::{self, Cube, Emerging, Pattern, Rules, gi_star::GlobalWindow},
    },
    model::{Invalid, Month},
    profile::Method,
    service::{
        QuestionError, Scope, Service,
        question::{About, Question},
    },
    snapshot::Snapshot,
};

/// Parameters of the method; what is left out follows the priority or the rules' defaults.
#[derive(Clone, Copy, Debug, Default)]
pub struct EmergingParameters {
    /// The cells.
    pub resolution: Option<HexResolution>,
    /// Rings of cells around a cell that are its neighbours; 1 where left out.
    pub rings: Option<u32>,
    /// What the categories depend on beside.
    pub rules: Rules,
}

/// One cell of the layer.
pub struct EmergingCell<'a> {
    /// The cell.
    pub cell: &'a HexCell,
    /// Its incidents in all months.
    pub count: u64,
    /// Its weighted counts month by month.
    pub weighted: &'a [f64],
    /// z of its bins month by month.
    pub z: &'a [f64],
    /// What was found of it.
    pub pattern: &'a Pattern,
}

/// Emerging hot spots on the complete hex grid.
pub struct EmergingLayer<'a> {
    grid: Cow<'a, HexGrid>,
    counts: Vec<u64>,
    cube: Cube,
    found: Emerging,
    /// The steps of time.
    pub months: Vec<Month>,
    /// How it was made.
    pub about: About,
}

/// A trend of z over fewer steps can never be significant.
const LEAST_MONTHS: usize = 5;
/// ArcGIS takes no cube of fewer steps.
const ENOUGH_MONTHS: usize = 10;
/// The most bins of a cube: 80 MB each of counts and of z.
const MOST_BINS: usize = 10_000_000;

impl Service {
    /// Finds the pattern of each hex cell over the months of a period.
    ///
    /// # Errors
    /// As [`Service::resolve`]; for a period that is not of whole months; for a cube too large; and where the
    /// store holds fewer than five of the months.
    pub fn emerging<'a>(
        &'a self,
        scope: &Scope,
        parameters: EmergingParameters,
        snapshot: &'a Snapshot,
    ) -> Result<EmergingLayer<'a>, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let months = Months::of(&question)?;
        if months.count < LEAST_MONTHS {
            let detail = format!(
                "emerging hot spots take {LEAST_MONTHS} months or more, and of the period {} the store holds {}",
                question.period(),
                months.count
            );
            return Err(QuestionError::Unanswerable { detail });
        }
        let resolution = match parameters.resolution {
            Some(resolution) => resolution,
            None => HexResolution::new(question.configured().hex_resolution)
                .map_err(|fault| QuestionError::Invalid { place: "hex resolution", fault })?,
        };
        let grid = question.hex_grid(resolution)?;
        if grid.cells().len().saturating_mul(months.count) > MOST_BINS {
            let rule = format!(
                "{} cells in {} months are more than the {MOST_BINS} bins that are computed: take larger cells or a \
                 shorter period",
                grid.cells().len(),
                months.count
            );
            let fault = Invalid::new(resolution.get(), rule);
            return Err(QuestionError::Invalid { place: "query parameter resolution", fault });
        }
        let (cube, counts, outside) = cube(&question, &grid, months);
        let rings = parameters.rings.unwrap_or(1);
        let wider = (rings != 1).then(|| grid.neighbours().within_rings(rings as usize));
        let found = emerging::emerging(&cube, wider.as_ref().unwrap_or(grid.neighbours()), parameters.rules);

        let method = method(&parameters.rules, rings, resolution, &grid, months.count, found.least_z);
        let mut about = question.about(method);
        if outside > 0 {
            about.notices.push(format!("{outside} incidents lie in cells that do not meet the study area."));
        }
        if months.count < ENOUGH_MONTHS {
            about.notices.push(format!(
                "{} months are few: categories speak of 90 % of the steps, and ten or more are usual.",
                months.count
            ));
        }
        let borrowed = found.patterns.iter().zip(&counts);
        let borrowed = borrowed.filter(|(pattern, count)| pattern.category.is_some() && **count == 0).count();
        if borrowed > 0 {
            about.notices.push(format!(
                "{borrowed} cells with a pattern have no incident of their own: their neighbours give it to them."
            ));
        }
        Ok(EmergingLayer { grid, counts, cube, found, months: months.iter().collect(), about })
    }
}

/// Weighted counts by cell and month, the number of incidents by cell, and of those in no cell.
fn cube(question: &Question<'_>, grid: &HexGrid, months: Months) -> (Cube, Vec<u64>, u64) {
    let (snapshot, selection) = (question.snapshot(), &question.selection);
    let lonlats: Vec<_> = selection.places.iter().map(|at| snapshot.places().lonlat(at.place)).collect();
    let cells = hex::bin(&lonlats, grid.resolution());
    let mut cube = Cube::new(grid.cells().len(), months.count);
    let mut counts = vec![0_u64; grid.cells().len()];
    let mut outside = 0;
    // Rows stand place by place, in the order of the places.
    let mut rows = selection.rows.iter().zip(&selection.weights);
    for (at, cell) in selection.places.iter().zip(cells) {
        let place = grid.place(cell);
        for (&row, &weight) in rows.by_ref().take(at.count as usize) {
            let bin = place.zip(months.index(snapshot.month(row as usize)));
            match bin.filter(|&(place, month)| cube.add(place, month, weight)) {
                Some((place, _)) => counts[place] += 1,
                None => outside += 1,
            }
        }
    }
    (cube, counts, outside)
}

fn method(
    rules: &Rules,
    rings: u32,
    resolution: HexResolution,
    grid: &HexGrid,
    months: usize,
    least_z: Option<f64>,
) -> Method {
    Method::new("emerging")
        .with("grid", "H3, every cell that meets the outline")
        .with("resolution", resolution.get())
        .with("cells", grid.cells().len())
        .with("steps", "calendar months that the store holds")
        .with("months", months)
        .with("statistic", "Getis-Ord Gi* of weighted counts in space and time, binary weights")
        .with("rings", rings)
        .with("steps_back", rules.steps_back)
        .with("window", window_word(rules.window))
        .with("significance", rules.alpha.get())
        .with("fdr", if rules.fdr { "Benjamini-Hochberg over all bins of the cube" } else { "none" })
        .with("least_z", least_z)
        .with("trend", "Mann-Kendall of each cell's z, two-sided, normal approximation")
        .with("trend_significance", rules.trend_alpha.get())
        .with("definition", rules.definition.as_str())
        .with(
            "order",
            "New, Consecutive, Intensifying, Persistent, Diminishing, Historical, Oscillating, Sporadic: the first \
             that holds, hot before cold",
        )
}

/// The word for a window: `entire-cube`, `neighbourhood-steps`, `individual-step`.
pub const fn window_word(window: GlobalWindow) -> &'static str {
    match window {
        GlobalWindow::EntireCube => "entire-cube",
        GlobalWindow::NeighbourhoodSteps => "neighbourhood-steps",
        GlobalWindow::IndividualStep => "individual-step",
    }
}

impl EmergingLayer<'_> {
    /// The cells in order of their H3 index.
    pub fn cells(&self) -> impl Iterator<Item = EmergingCell<'_>> {
        let cells = self.grid.cells().iter().zip(&self.counts).zip(&self.found.patterns).enumerate();
        cells.map(|(place, ((cell, &count), pattern))| EmergingCell {
            cell,
            count,
            weighted: self.cube.series(place),
            z: self.found.z(place),
            pattern,
        })
    }
}
