//! `GET /analysis/bandwidths`: what every rule for a bandwidth gives, as JSON or CSV.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{Asked, Members};
use crate::{
    analysis::{
        bandwidth::{BandwidthLimit, Rule, RuleValue},
        density::Kernel,
    },
    http::{
        App,
        answer::{csv, json},
        negotiate::Format,
        parameters,
        problem::Problem,
    },
    service::analysis::bandwidths::{Bandwidths, BandwidthsParameters},
};

/// Answers it.
pub async fn bandwidths(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut asked = Asked::of(&request, &app, &[Format::Json, Format::Csv])?;
    let parameters = BandwidthsParameters {
        kernel: asked.query.parse::<Kernel>("kernel").unwrap_or_default(),
        rule: asked.query.parse::<Rule>("bandwidth_rule"),
        cell: parameters::metres(&mut asked.query, "cell_m"),
    };
    asked
        .answer(move |asked, service, snapshot| {
            let table = service.bandwidths(&asked.scope, parameters, snapshot)?;
            if asked.format == Format::Csv {
                return csv(&COLUMNS, &table.values.iter().map(Line::of).collect::<Vec<_>>());
            }
            let members = asked.members("bandwidths", &table.about);
            json(&Document::of(members, &table))
        })
        .await
}

#[derive(Serialize)]
struct Document {
    #[serde(flatten)]
    members: Members,
    kernel: &'static str,
    places: usize,
    cell_m: f64,
    shorter_side_m: f64,
    area_km2: f64,
    used_m: f64,
    because: String,
    rows: Vec<Row>,
}

impl Document {
    fn of(members: Members, table: &Bandwidths) -> Self {
        Self {
            members,
            kernel: table.kernel.name(),
            places: table.places,
            cell_m: table.cell.get(),
            shorter_side_m: table.shorter_side.get(),
            area_km2: table.area.km2(),
            used_m: table.used.get(),
            because: table.because.clone(),
            rows: table.values.iter().map(Row::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    line: Line,
    optima: Vec<OptimumRow>,
}

#[derive(Serialize)]
struct OptimumRow {
    sigma_m: f64,
    criterion: f64,
    at_bound: bool,
}

impl Row {
    fn of(value: &RuleValue) -> Self {
        let optima = value.given.as_ref().map(|given| given.optima.as_slice()).unwrap_or_default();
        let optimum = |optimum: &crate::analysis::bandwidth::optimum::Optimum| OptimumRow {
            sigma_m: optimum.sigma_m,
            criterion: optimum.value,
            at_bound: optimum.at_bound,
        };
        Self { line: Line::of(value), optima: optima.iter().map(optimum).collect() }
    }
}

/// The members of [`Line`] in their order.
const COLUMNS: [&str; 8] =
    ["rule", "gives", "sigma_m", "unlimited_m", "bandwidth_m", "limited", "not_applicable", "description"];

#[derive(Serialize)]
struct Line {
    rule: String,
    gives: &'static str,
    sigma_m: Option<f64>,
    unlimited_m: Option<f64>,
    bandwidth_m: Option<f64>,
    limited: Option<&'static str>,
    not_applicable: Option<String>,
    description: String,
}

impl Line {
    fn of(value: &RuleValue) -> Self {
        let given = value.given.as_ref().ok();
        Self {
            rule: value.rule.to_string(),
            gives: if value.rule.gives_sigma() { "sigma" } else { "quartic radius" },
            sigma_m: given.map(|given| given.sigma_m),
            unlimited_m: given.map(|given| given.raw_m),
            bandwidth_m: given.map(|given| given.bandwidth.get()),
            limited: given.and_then(|given| given.limited).map(|limit| match limit {
                BandwidthLimit::ThreeCells => "three cells",
                BandwidthLimit::QuarterSide => "a quarter of the shorter side",
            }),
            not_applicable: value.given.as_ref().err().map(ToString::to_string),
            description: value.rule.description(),
        }
    }
}
