//! `GET /summaries/columns`: what every column of a summary means.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use maud::html;
use serde::Serialize;

use crate::{
    feature::{Field, FieldKind, Value},
    http::{
        App, Link,
        answer::{self, Body},
        etag::CACHE_CONTROL,
        negotiate::{self, Format},
        pages,
        problem::Problem,
        query::Query,
    },
    render::sheet::Sheet,
    service::summary::{Column, Measure},
};

const TITLE: &str = "Columns of summaries";

/// Answers it.
pub(in crate::http) async fn columns(
    request: HttpRequest,
    app: web::Data<App>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &[Format::Json, Format::Csv, Format::Html]);
    query.finish()?;
    let format = format?;
    let base = app.base(&request);
    let here = format!("{base}/summaries/columns");
    let links = vec![
        Link::new("self", &here, "application/json", TITLE),
        Link::new("alternate", &format!("{here}?f=csv"), "text/csv", "The columns as a table"),
        Link::new("alternate", &format!("{here}?f=html"), "text/html", "This document as a page"),
    ];
    let body = match format {
        Format::Csv => answer::sheet(&sheet())?.into(),
        Format::Html => page(&app, &base, &links),
        _ => {
            let document = Document {
                title: TITLE,
                measures: Measure::CHOICES.map(Measure::as_str),
                columns: Column::all().iter().map(ColumnJson::of).collect(),
                links,
            };
            serde_json::to_vec(&document).map_err(|error| Problem::internal(&error))?.into()
        }
    };
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, CACHE_CONTROL)).content_type(format.media_type());
    let Body { bytes, headers } = body;
    for (name, value) in headers {
        response.insert_header((name, value));
    }
    Ok(response.body(bytes))
}

/// The dictionary as a table.
pub(super) fn sheet() -> Sheet {
    let text = |name: &str, title, meaning| Field::new(name, FieldKind::Text, title, meaning);
    let own = |text: &'static str| {
        if text.is_empty() { Value::Absent } else { Value::Text(text.into()) }
    };
    Sheet {
        name: "columns".to_owned(),
        title: TITLE.to_owned(),
        columns: vec![
            text("name", "Name", "Its name."),
            text("title", "Title", "Its name for people."),
            text("unit", "Unit", "The unit of its values."),
            text("meaning", "Meaning", "What it says."),
            text("absent", "Absent", "When there is no value."),
            text("measure", "Measure", "The measure that it belongs to."),
            Field::new(
                "default",
                FieldKind::Flag,
                "Default",
                "Whether it is told where no measures are asked for.",
            ),
        ],
        rows: Column::all()
            .iter()
            .map(|column| {
                vec![
                    own(column.name),
                    own(column.title),
                    own(column.unit(None).unwrap_or_default()),
                    own(column.meaning),
                    own(column.absent),
                    own(column.measure.as_str()),
                    Value::Flag(column.is_default()),
                ]
            })
            .collect(),
    }
}

#[derive(Serialize)]
struct Document {
    title: &'static str,
    measures: [&'static str; Measure::CHOICES.len()],
    columns: Vec<ColumnJson>,
    links: Vec<Link>,
}

#[derive(Serialize)]
struct ColumnJson {
    name: &'static str,
    r#type: &'static str,
    title: &'static str,
    unit: Option<&'static str>,
    meaning: &'static str,
    absent: Option<&'static str>,
    measure: &'static str,
    default: bool,
}

impl ColumnJson {
    fn of(column: &Column) -> Self {
        Self {
            name: column.name,
            r#type: match column.kind {
                FieldKind::Whole => "integer",
                FieldKind::Number => "number",
                FieldKind::Flag => "boolean",
                FieldKind::Text | FieldKind::Instant => "string",
            },
            title: column.title,
            unit: column.unit(None),
            meaning: column.meaning,
            absent: Some(column.absent).filter(|absent| !absent.is_empty()),
            measure: column.measure.as_str(),
            default: column.is_default(),
        }
    }
}

fn page(app: &App, base: &str, links: &[Link]) -> Body {
    let frame = pages::frame::Frame {
        service: &app.service,
        base,
        title: TITLE,
        step: TITLE,
        trail: &[],
        notices: &[],
        attribution: None,
        links,
    };
    frame.around(&html! {
        p.lead {
            "What each column of " code { "/summaries/{layer}" } " says. Measures are asked for by "
            code { "measures=" } ", as in " code { "measures=rate,funnel" } "."
        }
        div.table {
            table {
                thead {
                    tr {
                        @for name in ["Column", "Measure", "Unit", "Meaning", "Absent"] { th scope="col" { (name) } }
                    }
                }
                tbody {
                    @for column in Column::all() {
                        tr {
                            th scope="row" { code { (column.name) } }
                            td { (column.measure.as_str()) @if column.is_default() { " (by default)" } }
                            td { (column.unit(None).unwrap_or_default()) }
                            td.words { b { (column.title) "." } " " (column.meaning) }
                            td.words { (column.absent) }
                        }
                    }
                }
            }
        }
    })
}
