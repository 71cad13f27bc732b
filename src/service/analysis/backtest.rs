//! Which map would have worked here: several maps, each judged month after month.

use crate::{
    analysis::{
        accuracy::{
            Coverage, Ground,
            backtest::{self, Candidate, Happened, Plan, Standing, Window, Windows},
        },
        hex::HexResolution,
        random::Seed,
    },
    model::{Invalid, Period},
    profile::Method,
    selection::SelectedPlace,
    service::{
        QuestionError, Scope, Service,
        analysis::{
            months::Months,
            study_cells::{StudyCells, TIE_RULE, ground_in_words},
        },
        question::{About, Question},
    },
    snapshot::Snapshot,
};

/// Parameters of the backtest.
#[derive(Clone, Debug)]
pub struct BacktestParameters {
    /// The maps.
    pub candidates: Vec<Candidate>,
    /// Months of training and test.
    pub windows: Windows,
    /// The shares of the ground that hotspots may cover; the first ranks the maps.
    pub coverages: Vec<Coverage>,
    /// How ground is counted.
    pub ground: Ground,
    /// Resolution of the cells.
    pub resolution: Option<HexResolution>,
    /// For the resamples of windows.
    pub seed: Seed,
    /// How many resamples an interval is taken from.
    pub resamples: u32,
}

/// Maps in the order of how well they did.
pub struct Backtest {
    /// As asked.
    pub candidates: Vec<Candidate>,
    /// The coverages that figures are at.
    pub coverages: Vec<Coverage>,
    /// How ground is counted.
    pub ground: Ground,
    /// The periods of training and test of each window.
    pub windows: Vec<(Period, Period)>,
    /// The maps, the best first.
    pub standings: Vec<Standing>,
    /// How it was made.
    pub about: About,
}

/// A backtest of more kernels is refused: on two threads this many take some ten seconds.
pub const MOST_KERNEL_EVALUATIONS: u64 = 8_000_000_000;
/// A backtest of more windows is refused.
pub const MOST_WINDOWS: usize = 120;

impl Service {
    /// Tries several maps on the months of a period. Where none is named it is all the store holds, at most
    /// ten years.
    ///
    /// # Errors
    /// As [`Service::resolve`]; [`QuestionError::Invalid`] for a period that is not made of whole months and
    /// for more work than is done; [`QuestionError::Unanswerable`] for months too few for one window.
    pub fn backtest(
        &self,
        scope: &Scope,
        parameters: BacktestParameters,
        snapshot: &Snapshot,
    ) -> Result<Backtest, QuestionError> {
        let all = snapshot.months().map(|(oldest, newest)| {
            let most = u16::try_from(Windows::MOST_MONTHS).unwrap_or(u16::MAX);
            let held = u16::try_from(newest.index() - oldest.index() + 1).unwrap_or(most);
            Period::ending(newest, held.min(most))
        });
        let period = scope.period.or(all);
        let question = self.question(&Scope { period, ..scope.clone() }, snapshot)?;
        let held = Months::of(&question)?;
        let windows = windows(parameters.windows, held)?;
        let cells = StudyCells::of(&question, parameters.resolution, parameters.ground)?;
        let months = by_month(&question, &cells, held);
        let plan = Plan {
            candidates: parameters.candidates,
            windows: parameters.windows,
            coverages: parameters.coverages,
            ground: parameters.ground,
            seed: parameters.seed,
            resamples: parameters.resamples,
        };
        let study = cells.cells(&question);
        let work = backtest::kernel_evaluations(&months, &study, &plan);
        if work > MOST_KERNEL_EVALUATIONS {
            let rule = format!(
                "a backtest evaluates at most {MOST_KERNEL_EVALUATIONS} kernels: ask for fewer windows or densities, \
                 larger cells, shorter bandwidths, or a smaller area"
            );
            return Err(QuestionError::Invalid { place: "body", fault: Invalid::new(work, rule) });
        }
        let standings = backtest::backtest(&months, &study, &plan);
        let period_of = |months: std::ops::Range<usize>| {
            let month = |index: usize| held.first.plus(i32::try_from(index).unwrap_or(i32::MAX));
            Period::ending(month(months.end - 1), u16::try_from(months.len()).unwrap_or(1))
        };
        let mut about = question.about(card(&plan, &cells, windows.len()));
        about.notices.extend(notices(&plan, windows.len()));
        let periods = |window: Window| (period_of(window.train), period_of(window.test));
        Ok(Backtest {
            windows: windows.into_iter().map(periods).collect(),
            candidates: plan.candidates,
            coverages: plan.coverages,
            ground: plan.ground,
            standings,
            about,
        })
    }
}

fn windows(shape: Windows, held: Months) -> Result<Vec<Window>, QuestionError> {
    if held.count > Windows::MOST_MONTHS {
        let rule = format!("a backtest takes at most {} months", Windows::MOST_MONTHS);
        let fault = Invalid::new(format_args!("{} months", held.count), rule);
        return Err(QuestionError::Invalid { place: "query parameter period", fault });
    }
    let windows = shape.over(held.count);
    if windows.is_empty() {
        return Err(QuestionError::Unanswerable {
            detail: format!(
                "a window takes {} months of training and {} of test, but of the period the store holds {}",
                shape.train(),
                shape.test(),
                held.count
            ),
        });
    }
    Ok(windows)
}

/// What happened in each month by place, with the cell of each place.
fn by_month(question: &Question<'_>, cells: &StudyCells<'_>, held: Months) -> Vec<Vec<Happened>> {
    let snapshot = question.snapshot();
    let selection = &question.selection;
    let holding = cells.holding(question, &selection.places);
    let mut months: Vec<Vec<Happened>> = vec![Vec::new(); held.count];
    let mut rows = selection.rows.iter().zip(&selection.weights);
    for (SelectedPlace { place, count, .. }, cell) in selection.places.iter().zip(holding) {
        let position = snapshot.places().grid(*place);
        // Rows stand by place, and within a place by time.
        for (&row, &weight) in rows.by_ref().take(*count as usize) {
            let month = held.index(snapshot.month(row as usize));
            let Some(month) = month.and_then(|month| months.get_mut(month)) else { continue };
            match month.last_mut().filter(|at| at.position == position) {
                Some(at) => {
                    at.count += 1;
                    at.weight += weight;
                }
                None => month.push(Happened { position, cell, count: 1, weight }),
            }
        }
    }
    months
}

fn card(plan: &Plan, cells: &StudyCells<'_>, windows: usize) -> Method {
    let names: Vec<&str> = plan.candidates.iter().map(|candidate| candidate.name.as_str()).collect();
    let coverages: Vec<f64> = plan.coverages.iter().map(|coverage| coverage.get()).collect();
    Method::new("backtest")
        .with("candidates", names)
        .with("train_months", plan.windows.train())
        .with("test_months", plan.windows.test())
        .with("step_months", plan.windows.step())
        .with("windows", windows)
        .with("coverages", coverages)
        .with("ground", ground_in_words(plan.ground))
        .with("resolution", cells.resolution())
        .with("cells", cells.len())
        .with("hotspots", TIE_RULE)
        .with("look_ahead", "none: a map and its bandwidth come from the training months of its window only")
        .with("densities", "exact at the cells' centres, without edge correction")
        .with("bandwidths_by_rule", "within three cells of the raster and a quarter of the shorter side")
        .with("raster_cell_m", cells.raster_cell())
        .with("rank", "mean PAI at the first coverage, then mean area under the hit rate curve")
        .with("interval_95", "percentile bootstrap of windows, of the mean difference in PAI")
        .with("sign_test_p", "two-sided, exact, windows that are equal left out")
        .with("seed", plan.seed.0)
        .with("resamples", plan.resamples)
        .with("amounts", "sums of the incidents' weights, their number where all weigh 1")
}

fn notices(plan: &Plan, windows: usize) -> Vec<String> {
    let mut notices = Vec::new();
    if plan.windows.step() < plan.windows.test() {
        notices.push(
            "The tests overlap, so that windows are not independent: intervals and p-values are too sure."
                .to_owned(),
        );
    }
    if plan.candidates.len() > 1 && windows < LEAST_WINDOWS {
        notices.push(format!(
            "{windows} windows cannot show that a map is better than another: a sign test needs at least \
             {LEAST_WINDOWS}."
        ));
    }
    notices
}

/// With fewer windows even a map that always wins has a two-sided p of more than 0.05.
const LEAST_WINDOWS: usize = 6;
