//! Tables of weights by category.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use serde::Serialize;

use super::{
    App, Link,
    answer::csv,
    etag::CACHE_CONTROL,
    negotiate::{self, Format},
    problem::Problem,
    query::Query,
};
use crate::model::WeightTable;

/// `GET /weights`, in order of their ids.
pub async fn list(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    Query::of(&request)?.finish()?;
    let base = app.base(&request);
    let documents: Vec<_> =
        app.service.weight_tables().iter().map(|table| TableDocument::new(table, &base)).collect();
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, CACHE_CONTROL)).json(documents))
}

/// `GET /weights/{table}`.
pub async fn one(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &[Format::Json, Format::Csv]);
    query.finish()?;
    let format = format?;
    let table = app.service.weight_table(&id)?;
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, CACHE_CONTROL)).content_type(format.media_type());
    if format == Format::Csv {
        return Ok(response.body(csv(&COLUMNS, &rows(table).collect::<Vec<_>>())?));
    }
    Ok(response.json(TableDocument::new(table, &app.base(&request))))
}

#[derive(Serialize)]
struct TableDocument {
    id: String,
    title: String,
    unit: String,
    year: i16,
    source: String,
    licence: String,
    remarks: String,
    weights: Vec<Row>,
    links: Vec<Link>,
}

impl TableDocument {
    fn new(table: &WeightTable, base: &str) -> Self {
        let here = format!("{base}/weights/{}", table.id);
        Self {
            id: table.id.to_string(),
            title: table.title.clone(),
            unit: table.unit.clone(),
            year: table.year,
            source: table.source.clone(),
            licence: table.licence.clone(),
            remarks: table.remarks.clone(),
            weights: rows(table).collect(),
            links: vec![
                Link::new("self", &here, "application/json", &table.title),
                Link::new("alternate", &format!("{here}?f=csv"), "text/csv", "The weights as a table"),
            ],
        }
    }
}

/// The members of [`Row`] in their order.
const COLUMNS: [&str; 5] = ["category", "weight", "low", "high", "remark"];

#[derive(Serialize)]
struct Row {
    category: String,
    weight: f64,
    low: Option<f64>,
    high: Option<f64>,
    remark: Option<String>,
}

fn rows(table: &WeightTable) -> impl Iterator<Item = Row> {
    table.weights.iter().map(|(category, entry)| Row {
        category: category.to_string(),
        weight: entry.weight(),
        low: entry.interval().map(|(low, _)| low),
        high: entry.interval().map(|(_, high)| high),
        remark: entry.remark.clone(),
    })
}
