//! `GET /styles/{style}/metadata`: what a style shows, of which layer, and in which encodings.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{ENCODINGS, OWN, list::sheets, name::Named};
use crate::{
    feature::GeometryKind,
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
};

const FORMATS: [Format; 1] = [Format::Json];

#[derive(Serialize)]
struct Metadata {
    id: String,
    title: String,
    description: String,
    keywords: Vec<String>,
    scope: &'static str,
    stylesheets: Vec<Stylesheet>,
    layers: [Layer; 1],
    links: Vec<Link>,
}

#[derive(Serialize)]
struct Stylesheet {
    title: &'static str,
    version: &'static str,
    specification: &'static str,
    native: bool,
    link: Link,
}

#[derive(Serialize)]
struct Layer {
    id: String,
    r#type: &'static str,
    #[serde(rename = "sampleData")]
    sample_data: Link,
}

/// Answers it.
pub async fn metadata(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &FORMATS);
    let named = Named::read(&query, &app, &id)?;
    let _checked = layer::question(&mut query, &app.service, &named.collection);
    query.finish()?;
    let (format, address) = (format?, Address::of(&request, &app));
    answer(&request, &app, format, move |_, _| json(&document(&named, &address, format))).await
}

fn document(named: &Named, address: &Address, format: Format) -> Metadata {
    let (id, collection) = (named.id(), &named.collection);
    let to = |what: &str, more: &[(&str, &str)]| {
        address.elsewhere(&format!("/collections/{}/{what}", collection.id), &OWN, more)
    };
    let stylesheet = |(format, link): (&Format, Link)| {
        let (version, specification) = standard(*format);
        Stylesheet { title: format.name(), version, specification, native: true, link }
    };
    let mut links = own(address, format, &FORMATS);
    let legend = to("legend", &[("style", named.style)]);
    links.push(link(LEGEND, &legend, Format::Png, "What its colours mean"));
    Metadata {
        title: named.title(),
        description: collection.description.clone(),
        keywords: collection.keywords.clone(),
        scope: "style",
        stylesheets: ENCODINGS.iter().zip(sheets(&id, address)).map(stylesheet).collect(),
        layers: [Layer {
            id: collection.id.clone(),
            r#type: match collection.geometry {
                GeometryKind::Point => "point",
                GeometryKind::MultiPolygon => "polygon",
            },
            sample_data: link("data", &to("items", &[]), Format::GeoJson, &collection.title),
        }],
        links,
        id,
    }
}

/// The version of an encoding and where it is laid down.
const fn standard(format: Format) -> (&'static str, &'static str) {
    match format {
        Format::Sld10 => ("1.0.0", "https://www.ogc.org/standard/sld/"),
        Format::Sld11 => ("1.1.0", "https://www.ogc.org/standard/sld/"),
        Format::Qml => {
            ("3.22", "https://docs.qgis.org/3.22/en/docs/user_manual/appendices/qgis_file_formats.html")
        }
        _ => ("8", "https://maplibre.org/maplibre-style-spec/"),
    }
}
