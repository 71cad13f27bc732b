//! `GET /analysis/seasonality`: the index of each month of the year, as JSON or CSV.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{Asked, Members};
use crate::{
    analysis::time::seasonality::{Evenness, MonthOfYear},
    http::{
        App,
        answer::{csv, json},
        negotiate::Format,
        parameters,
        problem::Problem,
    },
};

/// Answers it.
pub async fn seasonality(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut asked = Asked::of(&request, &app, &[Format::Json, Format::Csv])?;
    let confidence = parameters::confidence(&mut asked.query);
    asked
        .answer(move |asked, service, snapshot| {
            let answer = service.seasonality(&asked.scope, confidence, snapshot)?;
            let months: Vec<_> = answer.found.months.iter().map(MonthRow::of).collect();
            if asked.format == Format::Csv {
                return csv(&COLUMNS, &months);
            }
            json(&SeasonalityDocument {
                members: asked.members("seasonality", &answer.about),
                first_month: answer.found.first.to_string(),
                last_month: answer.found.last.to_string(),
                whole_years: answer.found.years,
                count: answer.found.incidents,
                evenness: answer.found.evenness.map(Test::of),
                months,
            })
        })
        .await
}

#[derive(Serialize)]
struct SeasonalityDocument {
    #[serde(flatten)]
    members: Members,
    first_month: String,
    last_month: String,
    whole_years: usize,
    count: u64,
    evenness: Option<Test>,
    months: Vec<MonthRow>,
}

#[derive(Serialize)]
struct Test {
    chi_square: f64,
    degrees_of_freedom: u32,
    p: f64,
    least_expected: f64,
}

impl Test {
    const fn of(test: Evenness) -> Self {
        let Evenness { chi_square, degrees_of_freedom, p, least_expected } = test;
        Self { chi_square, degrees_of_freedom, p, least_expected }
    }
}

/// The members of [`MonthRow`] in their order.
const COLUMNS: [&str; 8] = ["month", "name", "count", "days", "per_day", "index", "index_low", "index_high"];

#[derive(Serialize)]
struct MonthRow {
    month: u8,
    name: &'static str,
    count: u64,
    days: u32,
    per_day: f64,
    index: Option<f64>,
    index_low: Option<f64>,
    index_high: Option<f64>,
}

impl MonthRow {
    fn of(found: &MonthOfYear) -> Self {
        Self {
            month: found.month,
            name: found.name(),
            count: found.incidents,
            days: found.days,
            per_day: found.incidents as f64 / f64::from(found.days),
            index: found.index,
            index_low: found.low,
            index_high: found.high,
        }
    }
}
