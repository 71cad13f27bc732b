//! `GET /analysis/rates/{layer}`: rates by area as JSON, GeoJSON or CSV.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{Asked, Members};
use crate::{
    analysis::rates::AreaRate,
    http::{
        App,
        answer::{csv, json},
        negotiate::Format,
        problem::Problem,
    },
    model::Area,
    render::geojson::{Feature, FeatureCollection, multi_polygon},
    service::analysis::rates::{AreaRates, Per},
};

/// Answers it.
pub async fn rates(
    request: HttpRequest,
    app: web::Data<App>,
    layer: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut asked = Asked::of(&request, &app, &[Format::Json, Format::GeoJson, Format::Csv])?;
    let words = Per::ALL.map(|per| (per.as_str(), per));
    let per = asked.query.choice("per", &words).unwrap_or_default();
    asked
        .answer(move |asked, service, snapshot| {
            let found = service.rates(&layer, &asked.scope, per, snapshot)?;
            let members = || RateMembers::of(&found, asked.members("rates", &found.about));
            match asked.format {
                Format::Csv => csv(&COLUMNS, &rows(&found).collect::<Vec<_>>()),
                Format::GeoJson => {
                    let features = found.areas.iter().zip(rows(&found));
                    let features = features
                        .map(|(area, row)| Feature::new(row.code.clone(), multi_polygon(&area.lonlat), row));
                    json(&FeatureCollection::new(members(), features.collect()))
                }
                _ => json(&RateDocument { members: members(), rows: rows(&found).collect() }),
            }
        })
        .await
}

#[derive(Serialize)]
struct RateDocument {
    #[serde(flatten)]
    members: RateMembers,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct RateMembers {
    #[serde(flatten)]
    members: Members,
    in_no_area: u64,
    overall: Overall,
}

/// All areas with a rate together.
#[derive(Serialize)]
struct Overall {
    count: u64,
    population: u64,
    rate_per_1000: Option<f64>,
    rate_low: Option<f64>,
    rate_high: Option<f64>,
}

impl RateMembers {
    fn of(found: &AreaRates<'_>, members: Members) -> Self {
        let overall = found.rates.overall;
        Self {
            members,
            in_no_area: found.in_no_area,
            overall: Overall {
                count: found.rates.count,
                population: found.rates.population,
                rate_per_1000: overall.map(|rate| rate.per_1000),
                rate_low: overall.map(|rate| rate.interval.0),
                rate_high: overall.map(|rate| rate.interval.1),
            },
        }
    }
}

/// The members of [`Row`] in their order.
const COLUMNS: [&str; 21] = [
    "code",
    "name",
    "count",
    "population",
    "rate_per_1000",
    "rate_low",
    "rate_high",
    "expected",
    "ratio",
    "ratio_low",
    "ratio_high",
    "p",
    "p_adjusted",
    "smoothed_per_1000",
    "smoothed_low",
    "smoothed_high",
    "own_part",
    "local_smoothed_per_1000",
    "local_smoothed_low",
    "local_smoothed_high",
    "local_own_part",
];

#[derive(Serialize)]
struct Row {
    code: String,
    name: String,
    count: u64,
    population: Option<u32>,
    rate_per_1000: Option<f64>,
    rate_low: Option<f64>,
    rate_high: Option<f64>,
    expected: Option<f64>,
    ratio: Option<f64>,
    ratio_low: Option<f64>,
    ratio_high: Option<f64>,
    p: Option<f64>,
    p_adjusted: Option<f64>,
    smoothed_per_1000: Option<f64>,
    smoothed_low: Option<f64>,
    smoothed_high: Option<f64>,
    own_part: Option<f64>,
    local_smoothed_per_1000: Option<f64>,
    local_smoothed_low: Option<f64>,
    local_smoothed_high: Option<f64>,
    local_own_part: Option<f64>,
}

impl Row {
    fn of(area: &Area, count: u64, population: Option<u32>, found: Option<AreaRate>) -> Self {
        let ratio = found.and_then(|found| found.ratio);
        let (all, local) = (found.map(|found| found.smoothed), found.map(|found| found.smoothed_locally));
        let limits = |interval: Option<(f64, f64)>| interval.unzip();
        let (smoothed_low, smoothed_high) = limits(all.and_then(|smoothed| smoothed.interval));
        let (local_smoothed_low, local_smoothed_high) = limits(local.and_then(|smoothed| smoothed.interval));
        let (rate_low, rate_high) = limits(found.map(|found| found.rate.interval));
        let (ratio_low, ratio_high) = limits(ratio.map(|ratio| ratio.interval));
        Self {
            code: area.code.to_string(),
            name: area.name.clone(),
            count,
            population,
            rate_per_1000: found.map(|found| found.rate.per_1000),
            rate_low,
            rate_high,
            expected: found.map(|found| found.expected),
            ratio: ratio.map(|ratio| ratio.ratio),
            ratio_low,
            ratio_high,
            p: found.map(|found| found.p),
            p_adjusted: found.map(|found| found.p_adjusted),
            smoothed_per_1000: all.map(|smoothed| smoothed.per_1000),
            smoothed_low,
            smoothed_high,
            own_part: all.map(|smoothed| smoothed.own_part),
            local_smoothed_per_1000: local.map(|smoothed| smoothed.per_1000),
            local_smoothed_low,
            local_smoothed_high,
            local_own_part: local.map(|smoothed| smoothed.own_part),
        }
    }
}

fn rows<'a>(found: &'a AreaRates<'_>) -> impl Iterator<Item = Row> + 'a {
    let areas = found.areas.iter().zip(&found.counts).zip(&found.populations).zip(&found.rates.areas);
    areas.map(|(((area, count), population), rate)| Row::of(area, *count, *population, *rate))
}
