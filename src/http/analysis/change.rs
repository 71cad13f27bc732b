//! `GET /analysis/change/{layer}`: change between two periods by area, with tests, as JSON, GeoJSON or CSV.

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
    service::analysis::change::{AreaChange, ChangeLayer},
};

/// Answers it.
pub async fn change(
    request: HttpRequest,
    app: web::Data<App>,
    layer: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut asked = Asked::of(&request, &app, &[Format::Json, Format::GeoJson, Format::Csv])?;
    asked.question.scope.compare = parameters::comparison(&mut asked.query);
    let confidence = parameters::confidence(&mut asked.query);
    asked
        .answer(move |asked, service, snapshot| {
            let found = service.change(&layer, &asked.scope, confidence, snapshot)?;
            let members = || ChangeMembers {
                members: asked.members("change", &found.about),
                in_no_area: found.in_no_area,
                total: Row::of(found.area, &found.total),
            };
            match asked.format {
                Format::Csv => csv(&COLUMNS, &rows(&found).collect::<Vec<_>>()),
                Format::GeoJson => {
                    let features =
                        found.layer.areas.iter().zip(rows(&found)).map(|(area, row)| {
                            Feature::new(row.code.clone(), multi_polygon(&area.lonlat), row)
                        });
                    json(&FeatureCollection::new(members(), features.collect()))
                }
                _ => json(&ChangeDocument { members: members(), rows: rows(&found).collect() }),
            }
        })
        .await
}

#[derive(Serialize)]
struct ChangeDocument {
    #[serde(flatten)]
    members: ChangeMembers,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct ChangeMembers {
    #[serde(flatten)]
    members: Members,
    in_no_area: u64,
    total: Row,
}

/// The members of [`Row`] in their order.
const COLUMNS: [&str; 14] = [
    "code",
    "name",
    "count",
    "comparison_count",
    "change",
    "change_percent",
    "rate_ratio",
    "rate_ratio_low",
    "rate_ratio_high",
    "p_exact",
    "p_exact_adjusted",
    "p_e_test",
    "p_e_test_adjusted",
    "finding",
];

#[derive(Serialize)]
struct Row {
    code: String,
    name: String,
    count: u64,
    comparison_count: u64,
    change: i64,
    change_percent: Option<f64>,
    rate_ratio: Option<f64>,
    rate_ratio_low: Option<f64>,
    rate_ratio_high: Option<f64>,
    p_exact: Option<f64>,
    p_exact_adjusted: Option<f64>,
    p_e_test: Option<f64>,
    p_e_test_adjusted: Option<f64>,
    finding: &'static str,
}

impl Row {
    fn of(area: &Area, found: &AreaChange) -> Self {
        let rate = found.tested.map(|tested| tested.rate);
        Self {
            code: area.code.to_string(),
            name: area.name.clone(),
            count: found.count,
            comparison_count: found.change.before,
            change: found.change.absolute,
            change_percent: found.change.relative.map(|relative| 100.0 * relative),
            rate_ratio: rate.and_then(|rate| rate.ratio),
            rate_ratio_low: rate.map(|rate| rate.low),
            rate_ratio_high: rate.and_then(|rate| rate.high),
            p_exact: rate.map(|rate| rate.p_exact),
            p_exact_adjusted: found.tested.map(|tested| tested.p_exact_adjusted),
            p_e_test: rate.map(|rate| rate.p_e_test),
            p_e_test_adjusted: found.tested.map(|tested| tested.p_e_test_adjusted),
            finding: match found.tested.map(|tested| tested.finding) {
                Some(found) => found.as_str(),
                None => "no-incidents",
            },
        }
    }
}

fn rows<'a>(found: &'a ChangeLayer<'_>) -> impl Iterator<Item = Row> + 'a {
    found.layer.areas.iter().zip(&found.rows).map(|(area, row)| Row::of(area, row))
}
