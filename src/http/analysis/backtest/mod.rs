//! `POST /analysis/backtest`: which of several maps would have worked, as JSON or CSV.

mod body;
mod members;
mod wire;

use actix_web::{HttpRequest, HttpResponse, web};

use super::Asked;
use crate::http::{
    App,
    answer::{csv, json},
    body::json_body,
    negotiate::Format,
    problem::Problem,
};

/// A body of twenty maps takes some kilobytes; more than this is refused unread.
const MOST_BYTES: usize = 64 << 10;

/// Answers it.
pub async fn backtest(
    request: HttpRequest,
    app: web::Data<App>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let asked = Asked::of(&request, &app, &[Format::Json, Format::Csv])?;
    let body = json_body(&request, payload, MOST_BYTES, "a backtest").await?;
    let parameters = body::parameters(&body)?;
    asked
        .answer_posted(move |asked, service, snapshot| {
            let backtest = service.backtest(&asked.scope, parameters, snapshot)?;
            if asked.format == Format::Csv {
                return csv(&wire::TrialRow::COLUMNS, &wire::TrialRow::all(&backtest));
            }
            json(&wire::Document::of(asked.members("backtest", &backtest.about), &backtest))
        })
        .await
}
