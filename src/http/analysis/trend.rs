//! `GET /analysis/trend/{layer}`: monthly series by area with tests for a trend, as JSON, GeoJSON or CSV.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{Asked, Members};
use crate::{
    http::{
        App,
        answer::{csv, json},
        negotiate::Format,
        parameters,
        problem::Problem,
    },
    model::Area,
    render::geojson::{Feature, FeatureCollection, multi_polygon},
    service::analysis::trend::{AreaTrend, TrendLayer},
};

/// Answers it.
pub async fn trend(
    request: HttpRequest,
    app: web::Data<App>,
    layer: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut asked = Asked::of(&request, &app, &[Format::Json, Format::GeoJson, Format::Csv])?;
    let confidence = parameters::confidence(&mut asked.query);
    asked
        .answer(move |asked, service, snapshot| {
            let found = service.trend(&layer, &asked.scope, confidence, snapshot)?;
            let members = || TrendMembers {
                members: asked.members("trend", &found.about),
                in_no_area: found.in_no_area,
                months: found.months.iter().map(ToString::to_string).collect(),
                total: Row::of(found.area, &found.total),
            };
            match asked.format {
                Format::Csv => {
                    let without_series = |row: Row| Row { counts: None, ..row };
                    csv(&COLUMNS, &rows(&found).map(without_series).collect::<Vec<_>>())
                }
                Format::GeoJson => {
                    let features =
                        found.layer.areas.iter().zip(rows(&found)).map(|(area, row)| {
                            Feature::new(row.code.clone(), multi_polygon(&area.lonlat), row)
                        });
                    json(&FeatureCollection::new(members(), features.collect()))
                }
                _ => json(&TrendDocument { members: members(), rows: rows(&found).collect() }),
            }
        })
        .await
}

#[derive(Serialize)]
struct TrendDocument {
    #[serde(flatten)]
    members: TrendMembers,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct TrendMembers {
    #[serde(flatten)]
    members: Members,
    in_no_area: u64,
    months: Vec<String>,
    total: Row,
}

/// The members of [`Row`] in their order, without the series.
const COLUMNS: [&str; 16] = [
    "code",
    "name",
    "count",
    "slope_per_month",
    "slope_low",
    "slope_high",
    "kendall_s",
    "kendall_tau",
    "z",
    "p",
    "p_exact",
    "p_adjusted",
    "seasonal_s",
    "seasonal_z",
    "seasonal_p",
    "finding",
];

#[derive(Serialize)]
struct Row {
    code: String,
    name: String,
    count: u64,
    slope_per_month: Option<f64>,
    slope_low: Option<f64>,
    slope_high: Option<f64>,
    kendall_s: Option<i64>,
    kendall_tau: Option<f64>,
    z: Option<f64>,
    p: Option<f64>,
    p_exact: Option<f64>,
    p_adjusted: Option<f64>,
    seasonal_s: Option<i64>,
    seasonal_z: Option<f64>,
    seasonal_p: Option<f64>,
    finding: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<Vec<u64>>,
}

impl Row {
    fn of(area: &Area, found: &AreaTrend) -> Self {
        let tested = found.tested.as_ref();
        let slope = tested.and_then(|tested| tested.slope);
        let seasonal = tested.and_then(|tested| tested.seasonal);
        Self {
            code: area.code.to_string(),
            name: area.name.clone(),
            count: found.count(),
            slope_per_month: slope.map(|slope| slope.slope),
            slope_low: slope.and_then(|slope| slope.low),
            slope_high: slope.and_then(|slope| slope.high),
            kendall_s: tested.map(|tested| tested.test.s),
            kendall_tau: tested.and_then(|tested| tested.test.tau()),
            z: tested.map(|tested| tested.test.z),
            p: tested.map(|tested| tested.test.p),
            p_exact: tested.and_then(|tested| tested.p_exact),
            p_adjusted: tested.map(|tested| tested.p_adjusted),
            seasonal_s: seasonal.map(|test| test.s),
            seasonal_z: seasonal.map(|test| test.z),
            seasonal_p: seasonal.map(|test| test.p),
            finding: match tested.map(|tested| tested.finding) {
                Some(found) => found.as_str(),
                None => "no-incidents",
            },
            counts: Some(found.counts.clone()),
        }
    }
}

fn rows<'a>(found: &'a TrendLayer<'_>) -> impl Iterator<Item = Row> + 'a {
    found.layer.areas.iter().zip(&found.rows).map(|(area, row)| Row::of(area, row))
}
