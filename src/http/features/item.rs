//! `GET /collections/{collection}/items/{feature}`.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::links::{link, own};
use crate::{
    feature::{Crs, Features},
    http::{
        App, Link,
        answer::{Body, answer_from, json},
        layer,
        negotiate::{self, Format},
        pages,
        parameters::{self, Address},
        problem::Problem,
        query::Query,
    },
    model::Generation,
    render::features::{FeatureJson, Written},
    service::{
        Service,
        collection::{Collection, LayerQuestion},
    },
};

const FORMATS: [Format; 2] = [Format::GeoJson, Format::Html];

/// A feature with where it leads.
struct Item<'a> {
    feature: FeatureJson<'a>,
    links: Vec<Link>,
}

impl Serialize for Item<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.feature.members(&mut map)?;
        map.serialize_entry("links", &self.links)?;
        map.end()
    }
}

/// What a request for one feature asks for.
pub struct Asked {
    question: LayerQuestion,
    crs: Crs,
    generation: Option<Generation>,
}

impl Asked {
    /// Reads every parameter but the format.
    pub fn read(query: &mut Query, service: &Service, collection: &Collection) -> Self {
        Self {
            question: layer::question(query, service, collection),
            crs: query.parse("crs").unwrap_or_default(),
            generation: parameters::generation(query),
        }
    }
}

/// Answers it.
pub async fn item(
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, feature) = path.into_inner();
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &FORMATS);
    let collection = layer::asked_for(&query, &app, &id)?;
    let Asked { question, crs, generation } = Asked::read(&mut query, &app.service, &collection);
    query.finish()?;
    let format = format?;
    let address = Address::of(&request, &app);
    let snapshot = app.service.snapshot_for_pages(generation)?;
    answer_from(snapshot, &request, &app, format, move |service, snapshot| {
        let made = service.dataset(&collection, &question, snapshot)?;
        let features: &dyn Features = made.features.as_ref();
        let row = features
            .row_of(&feature)
            .ok_or_else(|| Problem::not_found(format!("{} has no feature '{feature}'", collection.id)))?;
        let written = Written { crs, ..Written::all(features) };
        let mut links = own(&address, format, &FORMATS);
        let parent = format!("{}/collections/{}", address.base(), collection.id);
        links.push(link("collection", &parent, Format::Json, &collection.title));
        let body = if format == Format::Html {
            let shown = pages::item::Shown {
                service,
                collection: &collection,
                dataset: &made,
                row,
                address: &address,
                links: &links,
            };
            shown.page()
        } else {
            let feature = FeatureJson { features, row, written: &written };
            Body::from(json(&Item { feature, links })?)
        };
        Ok(body.with("Content-Crs", format!("<{}>", crs.uri())))
    })
    .await
}
