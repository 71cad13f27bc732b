//! `GET /collections` and `GET /collections/{collection}`.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{document::CollectionDocument, links::own};
use crate::{
    feature::Crs,
    http::{
        App, Link,
        answer::{Body, answer, json},
        layer,
        negotiate::{self, Format},
        pages,
        parameters::Address,
        problem::Problem,
        query::Query,
    },
};

const FORMATS: [Format; 2] = [Format::Json, Format::Html];

#[derive(Serialize)]
struct Collections {
    title: String,
    notices: Vec<String>,
    links: Vec<Link>,
    crs: Vec<&'static str>,
    #[serde(rename = "collections")]
    listed: Vec<CollectionDocument>,
}

/// Every collection.
pub async fn all(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &FORMATS);
    query.finish()?;
    let (format, address) = (format?, Address::of(&request, &app));
    let shared = app.clone();
    answer(&request, &app, format, move |service, _| {
        let links = own(&address, format, &FORMATS);
        if format == Format::Html {
            return Ok(pages::collections::page(&shared, address.base(), &links));
        }
        let collections = layer::collections(&shared);
        let document = json(&Collections {
            title: format!("Layers of {}", service.boundaries().name),
            notices: service.standing_notices().into_iter().chain(service.synthetic_notice()).collect(),
            links,
            crs: Crs::ALL.iter().map(|crs| crs.uri()).collect(),
            listed: collections.map(|known| CollectionDocument::of(&shared, address.base(), known)).collect(),
        });
        document.map(Body::from)
    })
    .await
}

/// One collection.
pub async fn one(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &FORMATS);
    query.finish()?;
    let collection = layer::collection(&app, &id)?;
    let (format, address) = (format?, Address::of(&request, &app));
    let shared = app.clone();
    answer(&request, &app, format, move |_, _| {
        let document = CollectionDocument::of(&shared, address.base(), &collection);
        if format == Format::Html {
            return Ok(pages::collection::page(&shared, address.base(), &collection, &document));
        }
        json(&document).map(Body::from)
    })
    .await
}
