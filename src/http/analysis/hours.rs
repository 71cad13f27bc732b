//! `GET /analysis/hours`: incidents by hour of the week, as JSON or CSV.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{Asked, Members};
use crate::{
    analysis::time::hours::HoursOfWeek,
    http::{
        App,
        answer::{csv, json},
        negotiate::Format,
        problem::Problem,
    },
};

/// Answers it.
pub async fn hours(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let asked = Asked::of(&request, &app, &[Format::Json, Format::Csv])?;
    asked
        .answer(|asked, service, snapshot| {
            let answer = service.hours(&asked.scope, snapshot)?;
            let found = &answer.found;
            if asked.format == Format::Csv {
                return csv(&COLUMNS, &rows(found).collect::<Vec<_>>());
            }
            let all = found.usable() as f64;
            let share = |sum: f64| sum / all;
            json(&HoursDocument {
                members: asked.members("hours of the week", &answer.about),
                usable: found.usable(),
                instants: found.instants,
                intervals: found.intervals,
                week_or_longer: found.week_or_longer,
                only_day: found.only_day,
                only_month: found.only_month,
                days: DAYS
                    .iter()
                    .zip(found.days())
                    .map(|(day, sum)| DayRow { day, incidents: sum, share: share(sum) })
                    .collect(),
                hours: (0..24)
                    .zip(found.hours())
                    .map(|(hour, sum)| HourRow { hour, incidents: sum, share: share(sum) })
                    .collect(),
                hours_of_week: rows(found).collect(),
            })
        })
        .await
}

#[derive(Serialize)]
struct HoursDocument {
    #[serde(flatten)]
    members: Members,
    usable: u64,
    instants: u64,
    intervals: u64,
    week_or_longer: u64,
    only_day: u64,
    only_month: u64,
    days: Vec<DayRow>,
    hours: Vec<HourRow>,
    hours_of_week: Vec<WeekRow>,
}

#[derive(Serialize)]
struct DayRow {
    day: &'static str,
    incidents: f64,
    share: f64,
}

#[derive(Serialize)]
struct HourRow {
    hour: usize,
    incidents: f64,
    share: f64,
}

/// The members of [`WeekRow`] in their order.
const COLUMNS: [&str; 5] = ["hour_of_week", "day", "hour", "incidents", "share"];

#[derive(Serialize)]
struct WeekRow {
    hour_of_week: usize,
    day: &'static str,
    hour: usize,
    incidents: f64,
    share: f64,
}

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The hours of the week, Monday 00:00 first.
fn rows(found: &HoursOfWeek) -> impl Iterator<Item = WeekRow> {
    let all = found.usable() as f64;
    let days = DAYS.iter().flat_map(|day| std::iter::repeat_n(day, 24));
    days.zip(&found.weights).enumerate().map(move |(hour_of_week, (day, &incidents))| WeekRow {
        hour_of_week,
        day,
        hour: hour_of_week % 24,
        incidents,
        share: incidents / all,
    })
}
