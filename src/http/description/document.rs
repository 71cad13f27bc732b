//! The description with what only a running service knows: its address and its layers.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::layers::OF_ONE_LAYER;
use crate::http::{App, landing::OPENAPI, layer, problem::Problem};

static WRITTEN: LazyLock<Result<Value, serde_yaml_ng::Error>> =
    LazyLock::new(|| serde_yaml_ng::from_str(OPENAPI));

/// The description as it was written, parsed once.
///
/// # Errors
/// 500, should it be no YAML.
pub fn written() -> Result<&'static Value, Problem> {
    WRITTEN.as_ref().map_err(|error| Problem::internal(error))
}

/// The description of this service under the address `base`.
///
/// Clients look up the address of a layer's features and take the parameters that stand there for fields
/// they can filter by. So the addresses of features are written out for each layer that whoever asks may see,
/// each with the parameters that it takes; other addresses below a layer stay as they are, and name the
/// layers there are.
///
/// # Errors
/// 500, should the description not be one.
pub fn document(app: &App, base: &str) -> Result<Value, Problem> {
    let mut document = written()?.clone();
    let collections: Vec<_> = layer::collections(app).collect();
    let mut written_out = Map::new();
    for address in &OF_ONE_LAYER {
        let Some(templated) = document["paths"].get(address.templated()) else { continue };
        written_out.extend(collections.iter().map(|collection| {
            let operation = address.of(collection, templated, &document, &app.service);
            (format!("/collections/{}{}", collection.id, address.below), operation)
        }));
    }
    if let Some(paths) = document["paths"].as_object_mut() {
        paths.retain(|path, _| !OF_ONE_LAYER.iter().any(|address| address.templated() == *path));
        paths.extend(written_out);
    }
    document["servers"] = json!([{ "url": base }]);
    let is_used = document["paths"]
        .as_object()
        .is_some_and(|paths| paths.keys().any(|path| path.contains("{collectionId}")));
    if let Some(parameters) = document["components"]["parameters"].as_object_mut() {
        if is_used {
            let ids: Vec<_> = collections.iter().map(|collection| collection.id.as_str()).collect();
            parameters["collectionId"]["schema"]["enum"] = json!(ids);
        } else {
            parameters.remove("collectionId");
        }
    }
    Ok(document)
}

/// What a reference leads to, or the value itself.
pub fn resolved<'a>(value: &'a Value, document: &'a Value) -> &'a Value {
    let target = value["$ref"].as_str().and_then(|reference| document.pointer(reference.strip_prefix('#')?));
    target.unwrap_or(value)
}
