//! `GET /styles` and `GET /collections/{collection}/styles`.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{ENCODINGS, OWN, name};
use crate::{
    http::{
        App, Link,
        answer::{answer, json},
        features::links::{LEGEND, link, own},
        layer,
        negotiate::{self, Format},
        parameters::Address,
        problem::Problem,
        query::Query,
    },
    service::collection::Collection,
};

const FORMATS: [Format; 1] = [Format::Json];

#[derive(Serialize)]
struct Document {
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<String>,
    styles: Vec<Entry>,
    links: Vec<Link>,
}

#[derive(Serialize)]
struct Entry {
    id: String,
    title: String,
    collection: String,
    links: Vec<Link>,
}

/// The styles of every layer.
pub async fn all(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &FORMATS);
    query.finish()?;
    let (format, address) = (format?, Address::of(&request, &app));
    let shared = app.clone();
    answer(&request, &app, format, move |service, _| {
        json(&Document {
            title: format!("Styles of {}", service.boundaries().name),
            default: None,
            styles: layer::collections(&shared).flat_map(|known| entries(known, &address)).collect(),
            links: own(&address, format, &FORMATS),
        })
    })
    .await
}

/// The styles of one layer; their addresses have the parameters of this one.
pub async fn of_collection(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &FORMATS);
    let collection = layer::asked_for(&query, &app, &id)?;
    let _checked = layer::question(&mut query, &app.service, &collection);
    query.finish()?;
    let (format, address) = (format?, Address::of(&request, &app));
    answer(&request, &app, format, move |_, _| {
        let mut links = own(&address, format, &FORMATS);
        let parent = format!("{}/collections/{}", address.base(), collection.id);
        links.push(link("collection", &parent, Format::Json, &collection.title));
        json(&Document {
            title: format!("Styles of {}", collection.title),
            default: Some(collection.id.clone()),
            styles: entries(&collection, &address).collect(),
            links,
        })
    })
    .await
}

fn entries<'a>(collection: &'a Collection, address: &'a Address) -> impl Iterator<Item = Entry> + 'a {
    collection.styles.iter().map(|style| {
        let (id, title) = (name::id(collection, style), name::title(collection, style));
        let mut links = sheets(&id, address);
        let path = format!("/styles/{id}/metadata");
        let about = address.elsewhere(&path, &OWN, &[]);
        links.push(link("describedby", &about, Format::Json, "What it shows"));
        let path = format!("/collections/{}/legend", collection.id);
        let legend = address.elsewhere(&path, &OWN, &[("style", style)]);
        links.push(link(LEGEND, &legend, Format::Png, "What its colours mean"));
        Entry { id, title, collection: collection.id.clone(), links }
    })
}

/// Links to the encodings of a style.
pub fn sheets(id: &str, address: &Address) -> Vec<Link> {
    let path = format!("/styles/{id}");
    let sheet = |format: &Format| {
        let href = address.elsewhere(&path, &OWN, &[("f", format.word())]);
        link("stylesheet", &href, *format, format.name())
    };
    ENCODINGS.iter().map(sheet).collect()
}
