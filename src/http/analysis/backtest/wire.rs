//! A backtest on the wire.

use serde::Serialize;

use crate::{
    analysis::accuracy::{
        Figures,
        backtest::{Candidate, Comparison, Spread, Standing, Trial},
    },
    http::analysis::Members,
    model::Metres,
    service::analysis::backtest::Backtest,
};

#[derive(Serialize)]
pub(super) struct Document {
    #[serde(flatten)]
    members: Members,
    coverages: Vec<f64>,
    windows: Vec<WindowRow>,
    ranking: Vec<StandingRow>,
}

#[derive(Serialize)]
struct WindowRow {
    training_period: String,
    test_period: String,
}

/// A map over all windows; lists by coverage stand in the order of `coverages`, `trials` in that of
/// `windows`.
#[derive(Serialize)]
struct StandingRow {
    rank: usize,
    name: String,
    pai: Vec<SpreadRow>,
    pei: Vec<SpreadRow>,
    hit_rate: Vec<SpreadRow>,
    area_under_curve: SpreadRow,
    against_best: Option<ComparisonRow>,
    trials: Vec<Option<TrialDocument>>,
}

#[derive(Serialize)]
struct SpreadRow {
    windows: usize,
    mean: Option<f64>,
    sd: Option<f64>,
}

#[derive(Serialize)]
struct ComparisonRow {
    windows: usize,
    wins: usize,
    losses: usize,
    mean_difference: Option<f64>,
    interval_95: Option<[f64; 2]>,
    sign_test_p: Option<f64>,
}

#[derive(Serialize)]
struct TrialDocument {
    bandwidth_m: Option<f64>,
    area_under_curve: Option<f64>,
    figures: Vec<FiguresRow>,
}

#[derive(Serialize)]
struct FiguresRow {
    cells: usize,
    ground_share: f64,
    hits: f64,
    hit_rate: Option<f64>,
    pai: Option<f64>,
    pei: Option<f64>,
}

impl Document {
    pub(super) fn of(members: super::super::Members, backtest: &Backtest) -> Self {
        let window = |(training, test): &(crate::model::Period, crate::model::Period)| WindowRow {
            training_period: training.to_string(),
            test_period: test.to_string(),
        };
        let coverages = backtest.coverages.iter().map(|coverage| coverage.get());
        let standing = |standing| StandingRow::of(standing, backtest);
        Self {
            members,
            coverages: coverages.collect(),
            windows: backtest.windows.iter().map(window).collect(),
            ranking: backtest.standings.iter().map(standing).collect(),
        }
    }
}

fn name_of(standing: &Standing, candidates: &[Candidate]) -> String {
    candidates.get(standing.candidate).map(|candidate| candidate.name.clone()).unwrap_or_default()
}

impl StandingRow {
    fn of(standing: &Standing, backtest: &Backtest) -> Self {
        let spreads = |spreads: &[Spread]| spreads.iter().map(SpreadRow::of).collect();
        let trial = |trial: &Option<Trial>| trial.as_ref().map(|trial| TrialDocument::of(trial, backtest));
        Self {
            rank: standing.rank,
            name: name_of(standing, &backtest.candidates),
            pai: spreads(&standing.pai),
            pei: spreads(&standing.pei),
            hit_rate: spreads(&standing.hit_rate),
            area_under_curve: SpreadRow::of(&standing.area_under_curve),
            against_best: standing.against_best.as_ref().map(ComparisonRow::of),
            trials: standing.trials.iter().map(trial).collect(),
        }
    }
}

impl SpreadRow {
    fn of(spread: &Spread) -> Self {
        Self { windows: spread.windows, mean: spread.mean, sd: spread.sd }
    }
}

impl ComparisonRow {
    fn of(against: &Comparison) -> Self {
        Self {
            windows: against.windows,
            wins: against.wins,
            losses: against.losses,
            mean_difference: against.mean_difference,
            interval_95: against.interval_95.map(|(low, high)| [low, high]),
            sign_test_p: against.sign_test_p,
        }
    }
}

impl TrialDocument {
    fn of(trial: &Trial, backtest: &Backtest) -> Self {
        Self {
            bandwidth_m: trial.bandwidth.map(Metres::get),
            area_under_curve: trial.area_under_curve,
            figures: trial.figures.iter().map(|figures| FiguresRow::of(figures, backtest)).collect(),
        }
    }
}

impl FiguresRow {
    fn of(figures: &Figures, backtest: &Backtest) -> Self {
        Self {
            cells: figures.cells,
            ground_share: backtest.ground.share_of(figures),
            hits: figures.hits,
            hit_rate: figures.hit_rate,
            pai: figures.pai,
            pei: figures.pei,
        }
    }
}

/// One map in one window at one coverage.
#[derive(Serialize)]
pub(super) struct TrialRow {
    rank: usize,
    name: String,
    training_period: String,
    test_period: String,
    coverage: f64,
    bandwidth_m: Option<f64>,
    cells: usize,
    ground_share: f64,
    hits: f64,
    hit_rate: Option<f64>,
    pai: Option<f64>,
    pei: Option<f64>,
    area_under_curve: Option<f64>,
}

impl TrialRow {
    /// The members in their order.
    pub(super) const COLUMNS: [&str; 13] = [
        "rank",
        "name",
        "training_period",
        "test_period",
        "coverage",
        "bandwidth_m",
        "cells",
        "ground_share",
        "hits",
        "hit_rate",
        "pai",
        "pei",
        "area_under_curve",
    ];

    /// Every trial that was made, by rank, then window, then coverage.
    pub(super) fn all(backtest: &Backtest) -> Vec<Self> {
        let mut rows = Vec::new();
        for standing in &backtest.standings {
            let trials = standing.trials.iter().zip(&backtest.windows);
            for (trial, (training, test)) in trials.filter_map(|(trial, w)| trial.as_ref().map(|t| (t, w))) {
                rows.extend(trial.figures.iter().map(|figures| Self {
                    rank: standing.rank,
                    name: name_of(standing, &backtest.candidates),
                    training_period: training.to_string(),
                    test_period: test.to_string(),
                    coverage: figures.coverage,
                    bandwidth_m: trial.bandwidth.map(Metres::get),
                    cells: figures.cells,
                    ground_share: backtest.ground.share_of(figures),
                    hits: figures.hits,
                    hit_rate: figures.hit_rate,
                    pai: figures.pai,
                    pei: figures.pei,
                    area_under_curve: trial.area_under_curve,
                }));
            }
        }
        rows
    }
}
