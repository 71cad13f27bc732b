//! How well a map of one period holds the incidents of a later one.

use crate::{
    analysis::accuracy::{
        Coverage, Figures, Ground, HitCurve, Judged, Ranking,
        backtest::{BandwidthChoice, Candidate, Happened, Score},
    },
    analysis::{bandwidth::Rule, density::Kernel, hex::HexResolution},
    model::{Invalid, Metres, Month, Period},
    profile::Method,
    selection::{SelectedPlace, Selection},
    service::{
        QuestionError, Scope, Service,
        analysis::{
            bandwidths,
            study_cells::{StudyCells, TIE_RULE, ground_in_words},
        },
        question::{About, Question},
        scope::held_whole,
    },
    snapshot::Snapshot,
};

/// The kinds of map that can be judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MapKind {
    /// The intensity at the cells' centres.
    #[default]
    Density,
    /// Incidents by cell.
    Counts,
    /// The z-score of Getis-Ord Gi*.
    GiStar,
}

/// Parameters of the judgement; what is left out follows the priority or a default.
#[derive(Clone, Debug)]
pub struct AccuracyParameters {
    /// The later period; left out, the month after the map's.
    pub test: Option<Period>,
    /// The map.
    pub map: MapKind,
    /// The kernel of a density.
    pub kernel: Kernel,
    /// The bandwidth of a density.
    pub bandwidth: Option<Metres>,
    /// The rule that gives it where none was asked for.
    pub bandwidth_rule: Option<Rule>,
    /// Resolution of the cells.
    pub resolution: Option<HexResolution>,
    /// The shares of the ground that hotspots may cover.
    pub coverages: Vec<Coverage>,
    /// How ground is counted.
    pub ground: Ground,
}

/// A judged map.
pub struct Accuracy {
    /// The period that the map was made from.
    pub training: Period,
    /// The later period that it is judged by.
    pub test: Period,
    /// Weight of the later incidents in cells of the grid; their number where all weigh 1.
    pub later: f64,
    /// Weight of those that lie in no cell of the grid.
    pub later_outside: f64,
    /// Number of cells.
    pub cells: usize,
    /// The figures at each coverage.
    pub figures: Vec<Figures>,
    /// The hit rate curve; `None` without later incidents.
    pub curve: Option<HitCurve>,
    /// How it was made.
    pub about: About,
}

impl Service {
    /// Judges a map of a period by the incidents of a later one.
    ///
    /// # Errors
    /// As [`Service::resolve`]; [`QuestionError::Invalid`] for a test that does not come after the map's
    /// period, and for parameters out of bounds; [`QuestionError::Unanswerable`] where the store does not
    /// hold all of the test.
    pub fn accuracy(
        &self,
        scope: &Scope,
        parameters: &AccuracyParameters,
        snapshot: &Snapshot,
    ) -> Result<Accuracy, QuestionError> {
        let (training, test) = self.periods(scope, parameters.test, snapshot)?;
        let question = self.question(&Scope { period: Some(training), ..scope.clone() }, snapshot)?;
        let cells = StudyCells::of(&question, parameters.resolution, parameters.ground)?;
        let (score, method) = score(parameters, &question, &cells)?;
        let candidate = Candidate { name: String::new(), score, half_life: None };

        let map = happened(&question, &question.selection, &cells);
        let later_selection = question.selection_in(test);
        let later_places = happened(&question, &later_selection, &cells);
        let (before, _) = sums(&map, cells.len());
        let (later, later_outside) = sums(&later_places, cells.len());
        let scores = candidate.scores(&[map], 1, &cells.cells(&question)).map(|(scores, _)| scores);
        let scores = scores.unwrap_or_else(|| vec![0.0; cells.len()]);
        let days = f64::from(test.day_count()) / f64::from(training.day_count());
        let expected = expected(parameters.map, &scores, cells.areas_m2(), days);
        let judged = Judged {
            scores: &scores,
            areas_m2: cells.areas_m2(),
            later: &later,
            before: &before,
            expected: expected.as_deref(),
        };
        let ranking = Ranking::of(&scores);
        let figures = |&coverage: &Coverage| Figures::of(&judged, &ranking, coverage, parameters.ground);
        let method = method
            .with("test_period", test)
            .with("resolution", cells.resolution())
            .with("cells", cells.len())
            .with("ground", ground_in_words(parameters.ground))
            .with("hotspots", TIE_RULE)
            .with("pai", "share of later incidents in the hotspots / their share of the ground")
            .with("pei", "later incidents in the hotspots / the most that as much ground could hold")
            .with("recapture_rate_index", "(hits later / hits before) / (all later / all before)")
            .with(
                "predicted_observed_ratio",
                "incidents the map expects in the hotspots, by the lengths of both periods / those that came",
            )
            .with("amounts", "sums of the incidents' weights, their number where all weigh 1");
        let mut about = question.about(method);
        if later_selection.tally.used == 0 {
            about.notices.push(format!("No incident of this selection is in the test period {test}."));
        }
        if later_selection.tally.coarser_than_period > 0 {
            about.notices.push(format!(
                "{} incidents are known only to a month that lies partly outside the test period and are not counted.",
                later_selection.tally.coarser_than_period
            ));
        }
        Ok(Accuracy {
            training,
            test,
            later: later.iter().sum(),
            later_outside,
            cells: cells.len(),
            figures: parameters.coverages.iter().map(figures).collect(),
            curve: HitCurve::of(&judged, &ranking, parameters.ground),
            about,
        })
    }

    /// The period of the map and the later one.
    fn periods(
        &self,
        scope: &Scope,
        test: Option<Period>,
        snapshot: &Snapshot,
    ) -> Result<(Period, Period), QuestionError> {
        let usual = self.resolve(scope, snapshot)?.criteria.period;
        let newest = snapshot.months().map_or(Month::of(usual.last()), |(_, newest)| newest);
        let (training, test) = match (scope.period, test) {
            (Some(training), Some(test)) => (training, test),
            (Some(training), None) => (training, Period::ending(Month::of(training.last()).plus(1), 1)),
            (None, test) => {
                let test = test.unwrap_or(Period::ending(newest, 1));
                (as_long_before(usual, test), test)
            }
        };
        if test.first() <= training.last() {
            let rule = format!("the test period begins after the period of the map, {training}");
            return Err(QuestionError::Invalid {
                place: "query parameter test",
                fault: Invalid::new(test, rule),
            });
        }
        if !held_whole(test, snapshot.months()) {
            return Err(QuestionError::Unanswerable {
                detail: format!(
                    "a map is judged by what came later, but the store does not hold all of the test period {test}"
                ),
            });
        }
        Ok((training, test))
    }
}

/// As many whole months as the usual period has, before the month in which the test begins.
fn as_long_before(usual: Period, test: Period) -> Period {
    let months = usual.as_months().map_or(12, |(first, last)| last.index() - first.index() + 1);
    Period::ending(Month::of(test.first()).plus(-1), u16::try_from(months).unwrap_or(12))
}

/// What cells are scored by, and the beginning of the method card.
fn score(
    parameters: &AccuracyParameters,
    question: &Question<'_>,
    cells: &StudyCells<'_>,
) -> Result<(Score, Method), QuestionError> {
    let method = Method::new("accuracy");
    match parameters.map {
        MapKind::Density => {
            let (asked, rule) = (parameters.bandwidth, parameters.bandwidth_rule);
            let kernel = parameters.kernel;
            let (bandwidth, because) =
                bandwidths::in_use(question, asked, rule, cells.raster_cell(), kernel)?;
            let method = method
                .with("map", "density: the intensity at the cells' centres, without edge correction")
                .with("kernel", kernel.name())
                .with("formula", kernel.formula())
                .with("bandwidth_m", bandwidth)
                .with("bandwidth_rule", because);
            Ok((Score::Density { kernel, bandwidth: BandwidthChoice::Fixed(bandwidth) }, method))
        }
        MapKind::Counts => Ok((Score::Counts, method.with("map", "counts by cell"))),
        MapKind::GiStar => {
            let words = "Getis-Ord Gi* of the cells, adjacent cells and the cell itself, binary weights";
            Ok((Score::GiStar, method.with("map", words)))
        }
    }
}

/// A selection by place, with the cell of each.
pub(super) fn happened(
    question: &Question<'_>,
    selection: &Selection,
    cells: &StudyCells<'_>,
) -> Vec<Happened> {
    let known = question.snapshot().places();
    let at = |(at, cell): (&SelectedPlace, Option<u32>)| Happened {
        position: known.grid(at.place),
        cell,
        count: at.count,
        weight: at.weight,
    };
    selection.places.iter().zip(cells.holding(question, &selection.places)).map(at).collect()
}

/// Weights by cell, and of what lies in no cell.
fn sums(happened: &[Happened], cells: usize) -> (Vec<f64>, f64) {
    let (mut sums, mut outside) = (vec![0.0; cells], 0.0);
    for at in happened {
        match at.cell.and_then(|cell| sums.get_mut(cell as usize)) {
            Some(sum) => *sum += at.weight,
            None => outside += at.weight,
        }
    }
    (sums, outside)
}

/// How many incidents a map expects in each cell, where it says so, in a period `days` times as long.
fn expected(map: MapKind, scores: &[f64], areas_m2: &[f64], days: f64) -> Option<Vec<f64>> {
    match map {
        MapKind::Density => {
            Some(scores.iter().zip(areas_m2).map(|(score, area)| score * area / 1e6 * days).collect())
        }
        MapKind::Counts => Some(scores.iter().map(|score| score * days).collect()),
        MapKind::GiStar => None,
    }
}
