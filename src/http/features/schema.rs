//! What features have, and what they can be asked for by, as JSON Schema.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Serialize, Serializer};

use super::links::own;
use crate::{
    feature::{Field, FieldKind, GeometryKind},
    http::{
        App,
        answer::{Body, answer, json},
        layer,
        negotiate::{self, Format},
        pages,
        parameters::Address,
        problem::Problem,
        query::Query,
    },
    service::collection::Collection,
};

const FORMATS: [Format; 2] = [Format::Schema, Format::Html];

/// Fields as JSON Schema.
#[derive(Serialize)]
pub struct Schema {
    #[serde(rename = "$schema")]
    pub(in crate::http) dialect: &'static str,
    #[serde(rename = "$id")]
    pub(in crate::http) id: String,
    pub(in crate::http) r#type: &'static str,
    pub(in crate::http) title: String,
    pub(in crate::http) description: String,
    /// In the order of the fields, which is how clients list them.
    #[serde(serialize_with = "as_map")]
    pub(in crate::http) properties: Vec<(String, Property)>,
    #[serde(rename = "additionalProperties")]
    pub(in crate::http) additional: bool,
}

fn as_map<S: Serializer>(properties: &[(String, Property)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(properties.iter().map(|(name, property)| (name, property)))
}

#[derive(Default, Serialize)]
pub(in crate::http) struct Property {
    pub(in crate::http) title: String,
    pub(in crate::http) description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http) r#type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http) format: Option<&'static str>,
    #[serde(rename = "x-ogc-unit", skip_serializing_if = "Option::is_none")]
    pub(in crate::http) unit: Option<&'static str>,
    #[serde(rename = "x-ogc-role", skip_serializing_if = "Option::is_none")]
    pub(in crate::http) role: Option<&'static str>,
    #[serde(rename = "x-ogc-propertySeq", skip_serializing_if = "Option::is_none")]
    pub(in crate::http) order: Option<usize>,
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    pub(in crate::http) values: Vec<String>,
}

/// `GET /collections/{collection}/queryables`.
pub async fn queryables(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    describe(request, app, &id, "queryables", false).await
}

/// `GET /collections/{collection}/schema`.
pub async fn schema(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    describe(request, app, &id, "schema", true).await
}

async fn describe(
    request: HttpRequest,
    app: web::Data<App>,
    id: &str,
    what: &'static str,
    with_id: bool,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &FORMATS);
    query.finish()?;
    let collection = layer::collection(&app, id)?;
    let (format, address) = (format?, Address::of(&request, &app));
    answer(&request, &app, format, move |service, snapshot| {
        let mut properties: Vec<(String, Property)> = collection
            .fields
            .iter()
            .enumerate()
            .map(|(number, field)| (field.name.clone(), property(number, field, snapshot)))
            .collect();
        properties.push(("geometry".to_owned(), geometry(&collection)));
        if with_id {
            properties.push(("id".to_owned(), feature_id()));
        }
        let schema = Schema {
            dialect: "https://json-schema.org/draft/2020-12/schema",
            id: format!("{}/collections/{}/{what}", address.base(), collection.id),
            r#type: "object",
            title: collection.title.clone(),
            description: collection.description.clone(),
            properties,
            additional: false,
        };
        if format == Format::Html {
            let links = own(&address, format, &FORMATS);
            return Ok(pages::fields::page(service, address.base(), &collection, &schema, with_id, &links));
        }
        json(&schema).map(Body::from)
    })
    .await
}

fn property(number: usize, field: &Field, snapshot: &crate::snapshot::Snapshot) -> Property {
    let (r#type, format) = match field.kind {
        FieldKind::Text => ("string", None),
        FieldKind::Whole => ("integer", None),
        FieldKind::Number => ("number", None),
        FieldKind::Flag => ("boolean", None),
        FieldKind::Instant => ("string", Some("date-time")),
    };
    Property {
        title: field.title.clone().into_owned(),
        description: field.description.to_owned(),
        r#type: Some(r#type),
        format,
        unit: field.unit,
        role: (field.name == "occurred_from")
            .then_some("primary-interval-start")
            .or_else(|| (field.name == "occurred_to").then_some("primary-interval-end")),
        order: Some(number + 1),
        values: match field.name.as_str() {
            "category" => snapshot.categories().to_vec(),
            "source" => snapshot.sources().to_vec(),
            "precision" => ["minute", "day", "month"].map(str::to_owned).to_vec(),
            _ => Vec::new(),
        },
    }
}

fn geometry(collection: &Collection) -> Property {
    Property {
        title: "Geometry".to_owned(),
        description: "Where the feature is.".to_owned(),
        format: Some(match collection.geometry {
            GeometryKind::Point => "geometry-point",
            GeometryKind::MultiPolygon => "geometry-multipolygon",
        }),
        role: Some("primary-geometry"),
        ..Property::default()
    }
}

fn feature_id() -> Property {
    Property {
        title: "Id".to_owned(),
        description: "What the feature is called in addresses.".to_owned(),
        r#type: Some("string"),
        role: Some("id"),
        ..Property::default()
    }
}
