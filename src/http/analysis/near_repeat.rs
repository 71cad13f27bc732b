//! `GET /analysis/near-repeat`: pairs by distance and days apart, as JSON, as a table, or as events.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{Asked, Members};
use crate::{
    analysis::near_repeat::{Cell, DayBands, DistanceBands, Metric, NearRepeatRules, SAME_PLACE_M},
    http::{
        App,
        answer::{csv, json},
        negotiate::Format,
        parameters,
        problem::Problem,
        query::{Query, finite},
    },
    model::{Invalid, Metres},
    service::analysis::near_repeat::NearRepeatAnswer,
};

/// Answers it.
pub async fn near_repeat(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut asked = Asked::of(&request, &app, &[Format::Json, Format::Csv, Format::Events])?;
    let rules = read(&mut asked.query);
    asked
        .answer_long(move |asked, service, snapshot, job| {
            let answer = service.near_repeat(&asked.scope, rules, snapshot, job)?;
            let cells = CellRow::all(&answer);
            if asked.format == Format::Csv {
                return csv(&COLUMNS, &cells);
            }
            json(&Document {
                members: asked.members("near repeats", &answer.about),
                incidents_in_table: answer.table.events,
                known_to_month: answer.known_to_month,
                known_to_longer: answer.known_to_longer,
                pairs: answer.table.pairs,
                cells,
            })
        })
        .await
}

fn read(query: &mut Query) -> NearRepeatRules {
    let distances = query.read("distances_m", |text| {
        let limit = |item: &str| finite(item.trim()).and_then(Metres::new);
        let limits = text.split(',').map(limit).collect::<Result<_, _>>();
        limits.and_then(DistanceBands::new).map_err(|_faulty| Invalid::new(text, DistanceBands::RULE))
    });
    let days = query.read("days", |text| {
        let refused = || Invalid::new(text, DayBands::RULE);
        let limit = |item: &str| item.trim().parse::<u32>().map_err(|_not_a_number| refused());
        let limits = text.split(',').map(limit).collect::<Result<_, _>>()?;
        DayBands::new(limits).map_err(|_faulty| refused())
    });
    let metric =
        query.choice("metric", &[("euclidean", Metric::Euclidean), ("manhattan", Metric::Manhattan)]);
    NearRepeatRules {
        distances: distances.unwrap_or_default(),
        days: days.unwrap_or_default(),
        metric: metric.unwrap_or_default(),
        replications: parameters::replications(query, "replications").unwrap_or_default(),
        seed: parameters::seed(query),
    }
}

#[derive(Serialize)]
struct Document {
    #[serde(flatten)]
    members: Members,
    incidents_in_table: usize,
    known_to_month: usize,
    known_to_longer: usize,
    pairs: u64,
    cells: Vec<CellRow>,
}

/// The members of [`CellRow`] in their order.
const COLUMNS: [&str; 15] = [
    "distance",
    "from_m",
    "below_m",
    "days_apart",
    "from_days",
    "below_days",
    "observed",
    "mean",
    "median",
    "ratio",
    "ratio_to_median",
    "p",
    "exact_mean",
    "exact_sd",
    "ratio_to_exact_mean",
];

#[derive(Serialize)]
struct CellRow {
    distance: String,
    from_m: f64,
    below_m: Option<f64>,
    days_apart: String,
    from_days: u32,
    below_days: Option<u32>,
    observed: u64,
    mean: f64,
    median: f64,
    ratio: Option<f64>,
    ratio_to_median: Option<f64>,
    p: f64,
    exact_mean: f64,
    exact_sd: Option<f64>,
    ratio_to_exact_mean: Option<f64>,
}

impl CellRow {
    /// The cells row by row: distances from the same place on, in each the days from 0 on.
    fn all(answer: &NearRepeatAnswer) -> Vec<Self> {
        let distances = bands(0.0, SAME_PLACE_M, answer.rules.distances.limits_m());
        let (first, rest) = answer.rules.days.limits_days().split_first().unwrap_or((&1, &[]));
        let days = bands(0, *first, rest);
        let rows = answer.table.rows.iter().zip(&distances);
        let cells =
            rows.flat_map(|(cells, distance)| cells.iter().zip(&days).map(move |cell| (distance, cell)));
        cells.map(|(distance, (cell, days))| Self::of(*distance, *days, cell)).collect()
    }

    fn of(distance: (f64, Option<f64>), days: (u32, Option<u32>), cell: &Cell) -> Self {
        let distance_words = match distance {
            (_, Some(below)) if below <= SAME_PLACE_M => "same place".to_owned(),
            (from, Some(below)) if from <= SAME_PLACE_M => format!("under {below} m"),
            (from, Some(below)) => format!("{from} to under {below} m"),
            (from, None) => format!("{from} m and more"),
        };
        let days_words = match days {
            (from, Some(below)) if below == from + 1 => format!("{from} days"),
            (from, Some(below)) => format!("{from} to {} days", below - 1),
            (from, None) => format!("{from} days and more"),
        };
        Self {
            distance: distance_words,
            from_m: distance.0,
            below_m: distance.1,
            days_apart: days_words,
            from_days: days.0,
            below_days: days.1,
            observed: cell.observed,
            mean: cell.mean,
            median: cell.median,
            ratio: cell.ratio(),
            ratio_to_median: cell.ratio_to_median(),
            p: cell.p,
            exact_mean: cell.exact_mean,
            exact_sd: cell.exact_sd,
            ratio_to_exact_mean: cell.ratio_to_exact_mean(),
        }
    }
}

/// From each limit to the next, the last without an end.
fn bands<T: Copy>(from: T, first: T, rest: &[T]) -> Vec<(T, Option<T>)> {
    let starts = [from, first].into_iter().chain(rest.iter().copied());
    let ends = std::iter::once(first).chain(rest.iter().copied()).map(Some).chain([None]);
    starts.zip(ends).collect()
}
