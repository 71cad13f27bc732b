//! `GET /analysis/location-quotients/{layer}`: location quotients as JSON, GeoJSON or CSV.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{Asked, Members};
use crate::{
    analysis::location_quotient::DEFAULT_LEAST,
    http::{
        App,
        answer::{csv, json},
        negotiate::Format,
        problem::Problem,
    },
    render::geojson::{Feature, FeatureCollection, multi_polygon},
    service::analysis::location_quotients::Quotient,
};

/// Answers it.
pub async fn location_quotients(
    request: HttpRequest,
    app: web::Data<App>,
    layer: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut asked = Asked::of(&request, &app, &[Format::Json, Format::GeoJson, Format::Csv])?;
    let least = asked.query.whole("least", 1..=10_000).map_or(DEFAULT_LEAST, u64::from);
    asked
        .answer(move |asked, service, snapshot| {
            let found = service.location_quotients(&layer, &asked.scope, least, snapshot)?;
            let members = asked.members("location quotients", &found.about);
            match asked.format {
                Format::Csv => csv(&COLUMNS, &found.rows().map(|at| Row::of(&at)).collect::<Vec<_>>()),
                Format::GeoJson => {
                    let feature = |at: Quotient<'_>| {
                        let row = Row::of(&at);
                        let id = format!("{}/{}", row.code, row.category);
                        Feature::new(id, multi_polygon(&at.area.lonlat), row)
                    };
                    json(&FeatureCollection::new(members, found.rows().map(feature).collect()))
                }
                _ => json(&QuotientDocument { members, rows: found.rows().map(|at| Row::of(&at)).collect() }),
            }
        })
        .await
}

#[derive(Serialize)]
struct QuotientDocument {
    #[serde(flatten)]
    members: Members,
    rows: Vec<Row>,
}

/// The members of [`Row`] in their order.
const COLUMNS: [&str; 10] = [
    "code",
    "name",
    "category",
    "count",
    "area_count",
    "category_count",
    "location_quotient",
    "low",
    "high",
    "standing",
];

#[derive(Serialize)]
struct Row {
    code: String,
    name: String,
    category: String,
    count: u64,
    area_count: u64,
    category_count: u64,
    location_quotient: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    standing: &'static str,
}

impl Row {
    fn of(at: &Quotient<'_>) -> Self {
        let (low, high) = at.quotient.and_then(|found| found.interval).unzip();
        Self {
            code: at.area.code.to_string(),
            name: at.area.name.clone(),
            category: at.category.to_owned(),
            count: at.counts.category_in_area,
            area_count: at.counts.area,
            category_count: at.counts.category,
            location_quotient: at.quotient.map(|found| found.quotient),
            low,
            high,
            standing: match at.quotient.map(|found| found.standing()) {
                Some(found) => found.as_str(),
                None => "too-few-incidents",
            },
        }
    }
}
