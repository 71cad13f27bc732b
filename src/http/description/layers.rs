//! The addresses below a layer, written out for one.

use serde_json::{Value, json};

use super::document::resolved;
use crate::{
    feature::{Field, FieldKind},
    http::{
        features::{item, items},
        layer,
        query::Query,
    },
    service::{Service, collection::Collection},
};

/// What addresses of layers begin with.
const TEMPLATED: &str = "/collections/{collectionId}";

/// An address below a layer.
pub struct OfOneLayer {
    /// What follows the layer: `/items`.
    pub below: &'static str,
    /// What is there, after the layer's title.
    what: &'static str,
    takes: fn(&mut Query, &Service, &Collection),
}

/// Those that are written out.
pub const OF_ONE_LAYER: [OfOneLayer; 5] = [
    OfOneLayer { below: "", what: "the layer", takes: |_, _, _| () },
    OfOneLayer { below: "/queryables", what: "what its features can be asked for by", takes: |_, _, _| () },
    OfOneLayer { below: "/schema", what: "its fields", takes: |_, _, _| () },
    OfOneLayer {
        below: "/items",
        what: "its features",
        takes: |query, service, collection| drop(items::Asked::read(query, service, collection)),
    },
    OfOneLayer {
        below: "/items/{featureId}",
        what: "one of its features",
        takes: |query, service, collection| drop(item::Asked::read(query, service, collection)),
    },
];

impl OfOneLayer {
    /// The address with the layer left open.
    pub fn templated(&self) -> String {
        format!("{TEMPLATED}{}", self.below)
    }

    /// The operations of the address for one layer, made from those with the layer left open.
    pub fn of(
        &self,
        collection: &Collection,
        templated: &Value,
        document: &Value,
        service: &Service,
    ) -> Value {
        let mut item = templated.clone();
        let operation = &mut item["get"];
        let parameters = self.parameters(collection, &templated["get"]["parameters"], document, service);
        operation["parameters"] = json!(parameters);
        operation["summary"] = json!(format!("{}: {}", collection.title, self.what));
        let id = operation["operationId"].as_str().unwrap_or_default();
        operation["operationId"] = json!(format!("{id}.{}", collection.id));
        if self.below.is_empty() {
            operation["description"] = json!(collection.description);
        }
        item
    }

    /// The parameters that a layer takes: those that its handler reads, and no other.
    fn parameters(
        &self,
        collection: &Collection,
        templated: &Value,
        document: &Value,
        service: &Service,
    ) -> Vec<Value> {
        let mut query = Query::empty();
        (self.takes)(&mut query, service, collection);
        let taken: Vec<&str> = query.known().chain(["f"]).collect();
        let by_value: Vec<&Field> = layer::fields_by_value(collection)
            .map(|(_, field)| field)
            .filter(|field| taken.contains(&field.name.as_str()))
            .collect();
        let is_declared = |parameter: &&Value| {
            let parameter = resolved(parameter, document);
            let name = parameter["name"].as_str().unwrap_or_default();
            match parameter["in"].as_str() {
                Some("path") => name != "collectionId",
                _ => taken.contains(&name) && !by_value.iter().any(|field| field.name == name),
            }
        };
        let declared = templated.as_array().into_iter().flatten().filter(is_declared).cloned();
        declared.chain(by_value.iter().map(|field| by_field(field, collection))).collect()
    }
}

/// The parameter that asks for features with one value of a field.
fn by_field(field: &Field, collection: &Collection) -> Value {
    let kind = match field.kind {
        FieldKind::Whole => "integer",
        FieldKind::Number => "number",
        FieldKind::Flag => "boolean",
        FieldKind::Text | FieldKind::Instant => "string",
    };
    let unit = field.unit.map(|unit| format!(" In {unit}.")).unwrap_or_default();
    let several =
        if layer::takes_several(collection, &field.name) { " Several are parted by commas." } else { "" };
    json!({
        "name": field.name,
        "in": "query",
        "required": false,
        "style": "form",
        "explode": false,
        "description": format!("Only features with this value. {}{unit}{several}", field.description),
        "schema": { "type": kind },
    })
}
