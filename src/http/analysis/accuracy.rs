//! `GET /analysis/accuracy`: how well a map held later incidents, as JSON or CSV.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{Asked, Members};
use crate::{
    analysis::{
        accuracy::{Coverage, CurvePoint, Figures, Ground},
        density::Kernel,
    },
    http::{
        App,
        answer::{csv, json},
        negotiate::Format,
        parameters,
        problem::Problem,
        query::{Query, finite},
    },
    model::{Invalid, Period},
    service::analysis::accuracy::{Accuracy, AccuracyParameters, MapKind},
};

/// The shares of the ground that hotspots cover where none are asked for.
pub(super) const COVERAGES: [f64; 5] = [0.01, 0.02, 0.05, 0.1, 0.2];
/// At most so many coverages are asked for.
pub(super) const MOST_COVERAGES: usize = 20;
/// Points of the curve in JSON: one for each hundredth of the ground.
const CURVE_STEPS: u32 = 100;

/// Answers it.
pub async fn accuracy(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut asked = Asked::of(&request, &app, &[Format::Json, Format::Csv])?;
    let parameters = read(&mut asked.query);
    let curve = asked.query.choice("table", &[("figures", false), ("curve", true)]).unwrap_or(false);
    asked
        .answer(move |asked, service, snapshot| {
            let judged = service.accuracy(&asked.scope, &parameters, snapshot)?;
            match asked.format {
                Format::Csv if curve => {
                    let points = judged.curve.as_ref().map(|curve| curve.points.as_slice());
                    let rows = points.unwrap_or_default().iter().map(CurveRow::of);
                    csv(&CurveRow::COLUMNS, &rows.collect::<Vec<_>>())
                }
                Format::Csv => {
                    let rows = judged.figures.iter().map(FiguresRow::of);
                    csv(&FiguresRow::COLUMNS, &rows.collect::<Vec<_>>())
                }
                _ => json(&Document::of(asked.members("accuracy", &judged.about), &judged)),
            }
        })
        .await
}

fn read(query: &mut Query) -> AccuracyParameters {
    let test = query.parse::<Period>("test");
    let maps = [("density", MapKind::Density), ("counts", MapKind::Counts), ("gi-star", MapKind::GiStar)];
    let map = query.choice("map", &maps).unwrap_or_default();
    let kernel = query.parse::<Kernel>("kernel");
    let (bandwidth, bandwidth_rule) = parameters::bandwidth(query);
    if map != MapKind::Density && (kernel.is_some() || bandwidth.is_some() || bandwidth_rule.is_some()) {
        let rule = "kernel, bandwidth_m and bandwidth_rule are of map=density only";
        query.fault("map", Invalid::new(if map == MapKind::Counts { "counts" } else { "gi-star" }, rule));
    }
    let coverages = query.read("coverage", |text| {
        let coverages: Vec<&str> = text.split(',').map(str::trim).collect();
        if coverages.len() > MOST_COVERAGES {
            return Err(Invalid::new(text, format!("at most {MOST_COVERAGES} coverages")));
        }
        let coverage = |text: &str| finite(text).and_then(Coverage::new);
        coverages.into_iter().map(coverage).collect::<Result<Vec<_>, _>>()
    });
    AccuracyParameters {
        test,
        map,
        kernel: kernel.unwrap_or_default(),
        bandwidth,
        bandwidth_rule,
        resolution: query.parse("resolution"),
        coverages: coverages.unwrap_or_else(default_coverages),
        ground: query.choice("ground", &GROUNDS).unwrap_or(Ground::Area),
    }
}

/// The words for how ground is counted.
pub(super) const GROUNDS: [(&str, Ground); 2] = [("area", Ground::Area), ("cells", Ground::Cells)];

/// [`COVERAGES`], checked.
pub(super) fn default_coverages() -> Vec<Coverage> {
    COVERAGES.into_iter().filter_map(|share| Coverage::new(share).ok()).collect()
}

#[derive(Serialize)]
struct Document {
    #[serde(flatten)]
    members: Members,
    training_period: String,
    test_period: String,
    cells: usize,
    later: f64,
    later_outside_cells: f64,
    figures: Vec<FiguresRow>,
    area_under_curve: Option<f64>,
    best_area_under_curve: Option<f64>,
    curve: Vec<CurveRow>,
}

impl Document {
    fn of(members: Members, judged: &Accuracy) -> Self {
        let curve = judged.curve.as_ref();
        let points = curve.map(|curve| curve.at_steps(CURVE_STEPS)).unwrap_or_default();
        Self {
            members,
            training_period: judged.training.to_string(),
            test_period: judged.test.to_string(),
            cells: judged.cells,
            later: judged.later,
            later_outside_cells: judged.later_outside,
            figures: judged.figures.iter().map(FiguresRow::of).collect(),
            area_under_curve: curve.map(|curve| curve.area_under),
            best_area_under_curve: curve.map(|curve| curve.best_area_under),
            curve: points.iter().map(CurveRow::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct CurveRow {
    cells: usize,
    ground_share: f64,
    hit_rate: f64,
}

impl CurveRow {
    const COLUMNS: [&str; 3] = ["cells", "ground_share", "hit_rate"];

    fn of(point: &CurvePoint) -> Self {
        Self { cells: point.cells, ground_share: point.ground_share, hit_rate: point.hit_rate }
    }
}

/// Figures at one coverage.
#[derive(Serialize)]
struct FiguresRow {
    coverage: f64,
    cells: usize,
    cell_share: f64,
    area_share: f64,
    cutoff_score: Option<f64>,
    tie_at_cutoff: bool,
    hits: f64,
    hit_rate: Option<f64>,
    pai: Option<f64>,
    pai_by_cells: Option<f64>,
    pai_by_area: Option<f64>,
    best_hits: f64,
    pei: Option<f64>,
    hits_before: f64,
    recapture_rate_index: Option<f64>,
    predicted_observed_ratio: Option<f64>,
}

impl FiguresRow {
    /// The members in their order.
    const COLUMNS: [&str; 16] = [
        "coverage",
        "cells",
        "cell_share",
        "area_share",
        "cutoff_score",
        "tie_at_cutoff",
        "hits",
        "hit_rate",
        "pai",
        "pai_by_cells",
        "pai_by_area",
        "best_hits",
        "pei",
        "hits_before",
        "recapture_rate_index",
        "predicted_observed_ratio",
    ];

    fn of(figures: &Figures) -> Self {
        Self {
            coverage: figures.coverage,
            cells: figures.cells,
            cell_share: figures.cell_share,
            area_share: figures.area_share,
            cutoff_score: figures.cutoff,
            tie_at_cutoff: figures.tie_at_cutoff,
            hits: figures.hits,
            hit_rate: figures.hit_rate,
            pai: figures.pai,
            pai_by_cells: figures.pai_by_cells,
            pai_by_area: figures.pai_by_area,
            best_hits: figures.best_hits,
            pei: figures.pei,
            hits_before: figures.hits_before,
            recapture_rate_index: figures.recapture_rate_index,
            predicted_observed_ratio: figures.predicted_observed_ratio,
        }
    }
}
