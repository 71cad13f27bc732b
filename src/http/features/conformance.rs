//! `GET /conformance`: which standards hold here.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::links::own;
use crate::http::{
    App,
    answer::{Body, answer, json},
    negotiate::{self, Format},
    pages,
    parameters::Address,
    problem::Problem,
    query::Query,
};

#[derive(Serialize)]
struct Conformance {
    #[serde(rename = "conformsTo")]
    conforms_to: Vec<String>,
}

/// Prefixes of conformance classes, and the classes of each.
const CLASSES: &[(&str, &[&str])] = &[
    ("http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/", &["core", "json", "html", "oas30"]),
    ("http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/", &["collections"]),
    ("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/", &["core", "oas30", "html", "geojson"]),
    ("http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/", &["crs"]),
    (
        "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/",
        &["queryables", "queryables-query-parameters", "filter", "features-filter"],
    ),
    ("http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/", &["schemas", "core-roles-features"]),
    (
        "http://www.opengis.net/spec/cql2/1.0/conf/",
        &[
            "cql2-text",
            "cql2-json",
            "basic-cql2",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
        ],
    ),
];

/// All classes, in their order.
fn classes() -> Vec<String> {
    let of = |(prefix, names): &(&str, &[&str])| -> Vec<String> {
        names.iter().map(|name| format!("{prefix}{name}")).collect()
    };
    CLASSES.iter().flat_map(of).collect()
}

/// Answers it.
pub async fn conformance(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    const FORMATS: [Format; 2] = [Format::Json, Format::Html];
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &FORMATS);
    query.finish()?;
    let (format, address) = (format?, Address::of(&request, &app));
    answer(&request, &app, format, move |service, _| {
        if format == Format::Html {
            let links = own(&address, format, &FORMATS);
            return Ok(pages::conformance::page(service, address.base(), CLASSES, &links));
        }
        json(&Conformance { conforms_to: classes() }).map(Body::from)
    })
    .await
}
