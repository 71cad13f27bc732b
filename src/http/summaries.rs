//! Ward, beat and other summaries as JSON, GeoJSON and CSV.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{
    App,
    answer::{answer, csv, json},
    negotiate::{self, Format},
    parameters::{self, Address},
    problem::Problem,
    query::Query,
    wire::Card,
};
use crate::{
    analysis::summary::AreaSummary,
    model::Area,
    render::geojson::{Feature, FeatureCollection, multi_polygon},
    service::summary::Summary,
};

/// `GET /summaries/{layer}`.
pub async fn summary(
    request: HttpRequest,
    app: web::Data<App>,
    layer: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &[Format::Json, Format::GeoJson, Format::Csv]);
    let mut scope = parameters::scope(&mut query, &app.service, None);
    scope.compare = parameters::comparison(&mut query);
    scope.weights = parameters::weights(&mut query);
    query.finish()?;
    let format = format?;
    let address = Address::of(&request, &app);
    answer(&request, &app, format, move |service, snapshot| {
        let summary = service.summary(&layer, &scope, snapshot)?;
        let permalink = address.permalink(&summary.about.card);
        match format {
            Format::GeoJson => {
                let features = rows(&summary)
                    .map(|(area, row)| Feature::new(row.code.clone(), multi_polygon(&area.lonlat), row))
                    .collect();
                json(&FeatureCollection::new(members(&summary, permalink), features))
            }
            Format::Csv => {
                let label = Label::of(&summary);
                csv(&COLUMNS, &rows(&summary).map(|(_, row)| (row, label.clone())).collect::<Vec<_>>())
            }
            _ => json(&SummaryDocument {
                members: members(&summary, permalink),
                rows: rows(&summary).map(|(_, row)| row).collect(),
            }),
        }
    })
    .await
}

#[derive(Serialize)]
struct SummaryDocument {
    #[serde(flatten)]
    members: Members,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Members {
    title: String,
    in_no_area: u64,
    notices: Vec<String>,
    method: Card,
}

/// The members of [`Row`] and [`Label`] in their order.
const COLUMNS: [&str; 16] = [
    "code",
    "name",
    "count",
    "weighted",
    "share",
    "rank",
    "residents",
    "rate_per_1000",
    "area_km2",
    "per_km2",
    "comparison_count",
    "change",
    "change_percent",
    "period",
    "comparison_period",
    "data_notice",
];

#[derive(Clone, Serialize)]
struct Row {
    code: String,
    name: String,
    count: u64,
    weighted: f64,
    share: Option<f64>,
    rank: usize,
    residents: Option<u32>,
    rate_per_1000: Option<f64>,
    area_km2: f64,
    per_km2: f64,
    comparison_count: Option<u64>,
    change: Option<i64>,
    change_percent: Option<f64>,
}

/// What each row of a table also says, since it stands alone once it is pasted somewhere.
#[derive(Clone, Serialize)]
struct Label {
    period: String,
    comparison_period: Option<String>,
    data_notice: String,
}

impl Label {
    fn of(summary: &Summary<'_>) -> Self {
        let card = &summary.about.card;
        let mut notices = Vec::new();
        if card.schematic_boundaries {
            notices.push("schematic boundaries");
        }
        if card.tally.synthetic > 0 {
            notices.push("synthetic incidents");
        }
        Self {
            period: card.period.to_string(),
            comparison_period: card.comparison.map(|period| period.to_string()),
            data_notice: notices.join("; "),
        }
    }
}

fn members(summary: &Summary<'_>, permalink: String) -> Members {
    Members {
        title: summary.layer.title.clone(),
        in_no_area: summary.in_no_area,
        notices: summary.about.notices.clone(),
        method: Card::new(&summary.about.card, permalink),
    }
}

fn rows<'a>(summary: &'a Summary<'_>) -> impl Iterator<Item = (&'a Area, Row)> {
    let areas = summary.layer.areas.iter().zip(&summary.rows).zip(&summary.residents);
    areas.map(|((area, row), residents)| (area, wire_row(area, row, *residents)))
}

fn wire_row(area: &Area, row: &AreaSummary, residents: Option<u32>) -> Row {
    let km2 = area.area.km2();
    Row {
        code: area.code.to_string(),
        name: area.name.clone(),
        count: row.count,
        weighted: row.weighted,
        share: row.share,
        rank: row.rank,
        residents,
        rate_per_1000: row.rate_per_1000,
        area_km2: km2,
        per_km2: row.count as f64 / km2,
        comparison_count: row.change.map(|change| change.before),
        change: row.change.map(|change| change.absolute),
        change_percent: row.change.and_then(|change| change.relative).map(|relative| 100.0 * relative),
    }
}
