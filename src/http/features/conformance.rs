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
    ("http://www.opengis.net/spec/ogcapi-styles-1/0.0/conf/", &["core", "mapbox-styles", "sld-10", "sld-11"]),
    (
        "http://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/",
        &[
            "core",
            "collection-map",
            "dataset-map",
            "collections-selection",
            "background",
            "crs",
            "tilesets",
            "png",
        ],
    ),
    (
        "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/",
        &["core", "json", "oas30", "ogc-process-description", "job-list", "dismiss"],
    ),
    (
        "https://www.opengis.net/spec/ogcapi-dggs-1/1.0/conf/",
        &[
            "core",
            "data-retrieval",
            "data-custom-depths",
            "zone-query",
            "collection-dggs",
            "data-json",
            "data-geojson",
            "zone-geojson",
        ],
    ),
    (
        "http://www.opengis.net/spec/cql2/1.0/conf/",
        &[
            "cql2-text",
            "cql2-json",
            "basic-cql2",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
            "accent-insensitive-comparison",
            "basic-spatial-functions",
            "basic-spatial-functions-plus",
            "spatial-functions",
            "temporal-functions",
            "arithmetic",
            "property-property",
            // What drafts called basic-spatial-functions: QGIS before 3.44 looks for it.
            "basic-spatial-operators",
        ],
    ),
    (
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/",
        &[
            "core",
            "tileset",
            "tilesets-list",
            "dataset-tilesets",
            "geodata-tilesets",
            "collections-selection",
            "oas30",
            "mvt",
        ],
    ),
    ("http://www.opengis.net/spec/tms/2.0/conf/", &["tilematrixset", "json-tilematrixset"]),
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
