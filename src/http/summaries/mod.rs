//! Ward, beat and other summaries as JSON, GeoJSON, CSV, workbooks and archives of CSV.

pub(super) mod columns;
mod document;
mod sheets;

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    App,
    answer::{Body, answer, json, sheet},
    negotiate::{self, Format},
    parameters::{self, Address},
    problem::Problem,
    query::Query,
};
use crate::{
    model::{Invalid, Per},
    render::geojson,
    service::summary::{Measure, SIMILAR_AREAS, Summary, Wanted},
};

const FORMATS: [Format; 5] = [Format::Json, Format::GeoJson, Format::Csv, Format::Xlsx, Format::Zip];

/// `GET /summaries/{layer}`.
pub async fn summary(
    request: HttpRequest,
    app: web::Data<App>,
    layer: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &FORMATS);
    let mut scope = parameters::scope(&mut query, &app.service, None);
    scope.compare = parameters::comparison(&mut query);
    scope.weights = parameters::weights(&mut query);
    let wanted = wanted(&mut query);
    if matches!(format, Ok(Format::Csv)) && wanted.by_month && wanted.by_category {
        let rule = "a CSV file is one table: give series or by, or ask for f=zip, f=xlsx or f=json";
        query.fault("by", Invalid::new("category", rule));
    }
    query.finish()?;
    let format = format?;
    let address = Address::of(&request, &app);
    answer(&request, &app, format, move |service, snapshot| {
        let summary = service.summary_of(&layer, &scope, &wanted, snapshot)?;
        encoded(&summary, format, address.permalink(&summary.about.card))
    })
    .await
}

/// Reads which measures are asked for and what they are by.
fn wanted(query: &mut Query) -> Wanted {
    let mut measures = query.list("measures", |word| {
        Measure::CHOICES.into_iter().find(|measure| measure.as_str() == word).ok_or_else(|| {
            let words = Measure::CHOICES.map(Measure::as_str).join(", ");
            Invalid::new(word, format!("measures are some of: {words}"))
        })
    });
    let per = query.choice("per", &Per::ALL.map(|per| (per.as_str(), per))).unwrap_or_default();
    let similar = query.whole("similar", 1..=20);
    let by_month = query.choice("series", &[("month", true)]).unwrap_or(false);
    let by_category = query.choice("by", &[("category", true)]).unwrap_or(false);
    let defaults = measures.is_empty();
    // To say with how many areas is to ask for them.
    measures.extend(similar.map(|_| Measure::Similar));
    let similar = similar.map_or(SIMILAR_AREAS, |count| count as usize);
    Wanted { defaults, measures, per, similar, by_month, by_category }
}

fn encoded(summary: &Summary<'_>, format: Format, permalink: String) -> Result<Body, Problem> {
    let file = |bytes: Vec<u8>, ending: &str| {
        let period = summary.about.card.period.to_string().replace('/', "_");
        let name = format!("attachment; filename=\"summary-{}-{period}.{ending}\"", summary.layer.id);
        Body::from(bytes).with("Content-Disposition", name)
    };
    match format {
        Format::GeoJson => {
            let rows = summary.layer.areas.iter().zip(document::rows(summary));
            let features = rows
                .map(|(area, row)| {
                    geojson::Feature::new(area.code.to_string(), geojson::multi_polygon(&area.lonlat), row)
                })
                .collect();
            let members = document::members(summary, permalink);
            Ok(json(&geojson::FeatureCollection::new(members, features))?.into())
        }
        Format::Csv => Ok(sheet(&sheets::one(summary))?.into()),
        Format::Xlsx => Ok(file(sheets::workbook(summary, &permalink)?, "xlsx")),
        Format::Zip => Ok(file(sheets::archive(summary, &permalink)?, "zip")),
        _ => Ok(json(&document::document(summary, permalink))?.into()),
    }
}
