//! `GET /conformance`: which standards hold here.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use serde::Serialize;

use crate::http::{App, etag::CACHE_CONTROL, negotiate, negotiate::Format, problem::Problem, query::Query};

#[derive(Serialize)]
struct Conformance {
    #[serde(rename = "conformsTo")]
    conforms_to: Vec<String>,
}

/// Prefixes of conformance classes, and the classes of each.
const CLASSES: &[(&str, &[&str])] = &[
    ("http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/", &["core", "json"]),
    ("http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/", &["collections"]),
    ("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/", &["core", "oas30", "geojson"]),
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
pub async fn conformance(request: HttpRequest, _app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &[Format::Json]);
    query.finish()?;
    format?;
    let document = Conformance { conforms_to: classes() };
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, CACHE_CONTROL)).json(document))
}
