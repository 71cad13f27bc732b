//! `GET /collections/{collection}/legend`: what the colours of a layer mean, as a picture, a drawing or JSON.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::titled;
use crate::{
    http::{
        App,
        answer::{answer, json},
        layer,
        negotiate::{self, Format},
        problem::Problem,
        query::{Query, finite},
    },
    model::Invalid,
    render::legend::{LegendJson, png, svg},
};

const FORMATS: [Format; 3] = [Format::Png, Format::Svg, Format::Json];

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    legend: LegendJson<'a>,
    notices: &'a [String],
    attribution: Option<&'a str>,
}

/// Answers it.
pub async fn legend(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &FORMATS);
    let collection = layer::asked_for(&query, &app, &id)?;
    let question = layer::question(&mut query, &app.service, &collection);
    let styles: Vec<_> = collection.styles.iter().map(|style| (*style, *style)).collect();
    let style = query.choice("style", &styles);
    let scale = query.read("scale", scale).unwrap_or(1.0);
    query.finish()?;
    let format = format?;
    answer(&request, &app, format, move |service, snapshot| {
        let made = service.dataset(&collection, &question, snapshot)?;
        let symbology = made
            .symbology(style)
            .ok_or_else(|| Problem::not_found(format!("{} is not drawn in that style", collection.id)))?;
        let title = titled(&collection.title, &made);
        let field = symbology.field.as_deref().and_then(|name| made.features.field(name));
        let unit = field.and_then(|field| made.features.fields()[field].unit);
        match format {
            Format::Svg => Ok(svg(symbology, &title).into_bytes()),
            Format::Json => json(&Document {
                legend: LegendJson::of(symbology, &title, unit),
                notices: &made.notices,
                attribution: made.attribution.as_deref(),
            }),
            _ => Ok(png(symbology, &title, scale)),
        }
    })
    .await
}

/// Pixels of a picture for one of 1/96 inch.
fn scale(text: &str) -> Result<f32, Invalid> {
    let number = finite(text)?;
    if !(0.25..=8.0).contains(&number) {
        return Err(Invalid::new(text, "a number from 0.25 to 8"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "between 0.25 and 8")]
    Ok(number as f32)
}
