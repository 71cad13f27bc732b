//! `GET /processes/{process}`: what a process takes and gives.
//!
//! The inputs are the parameters of the address that answers the same, as `openapi.yaml` describes them.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Process, list::Summary, named};
use crate::http::{
    App,
    answer::{self, answer},
    description,
    features::links::link,
    negotiate::{self, Format},
    problem::Problem,
    query::Query,
};

/// Parameters that say how an answer is sent, and not what is computed.
const NO_INPUTS: [&str; 1] = ["f"];
/// References in schemas lead to others; what leads further is left out.
const DEEPEST: u8 = 8;

#[derive(Serialize)]
struct Description {
    #[serde(flatten)]
    summary: Summary,
    inputs: BTreeMap<String, Input>,
    outputs: BTreeMap<&'static str, Output>,
}

#[derive(Serialize)]
struct Input {
    title: String,
    description: String,
    schema: Value,
    #[serde(rename = "minOccurs")]
    min_occurs: u8,
    #[serde(rename = "maxOccurs")]
    max_occurs: u8,
}

#[derive(Serialize)]
struct Output {
    title: &'static str,
    description: &'static str,
    schema: Value,
}

/// Answers it.
pub async fn describe(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &[Format::Json]);
    query.finish()?;
    let process = named(&id)?;
    let base = app.base(&request);
    answer(&request, &app, format?, move |_, _| {
        let mut summary = Summary::of(process, &base, "self");
        let same = format!("{base}{}", process.path());
        summary.links.push(link("alternate", &same, Format::GeoJson, "The address that answers the same"));
        answer::json(&Description {
            summary,
            inputs: inputs(process, description::written()?),
            outputs: BTreeMap::from([("result", output(process))]),
        })
    })
    .await
}

fn inputs(process: Process, written: &Value) -> BTreeMap<String, Input> {
    let parameters = &written["paths"][process.path()]["get"]["parameters"];
    let parameters =
        parameters.as_array().into_iter().flatten().map(|parameter| resolved(parameter, written));
    parameters
        .filter_map(|parameter| {
            let name = parameter["name"].as_str().filter(|name| !NO_INPUTS.contains(name))?;
            let input = Input {
                title: name.replace('_', " "),
                description: parameter["description"].as_str().unwrap_or_default().to_owned(),
                schema: expanded(&parameter["schema"], written, DEEPEST),
                min_occurs: u8::from(parameter["required"] == true),
                max_occurs: 1,
            };
            Some((name.to_owned(), input))
        })
        .collect()
}

/// What a reference leads to, or the value itself.
fn resolved<'a>(value: &'a Value, written: &'a Value) -> &'a Value {
    let pointer = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.and_then(|pointer| written.pointer(pointer)).unwrap_or(value)
}

/// A schema with its references replaced by what they lead to.
fn expanded(schema: &Value, written: &Value, deepest: u8) -> Value {
    let Some(deeper) = deepest.checked_sub(1) else { return json!({}) };
    match resolved(schema, written) {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), expanded(value, written, deeper)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(|item| expanded(item, written, deeper)).collect(),
        plain => plain.clone(),
    }
}

fn output(process: Process) -> Output {
    let schema = |format: Format| match format {
        Format::GeoJson => json!({
            "type": "object",
            "format": "geojson-feature-collection",
            "contentMediaType": format.essence(),
            "$ref": "https://geojson.org/schema/FeatureCollection.json"
        }),
        Format::Csv => json!({"type": "string", "contentMediaType": format.essence()}),
        other => json!({"type": "object", "contentMediaType": other.essence()}),
    };
    Output {
        title: "The answer",
        description: "What the address below /analysis answers: the first media type where none is asked for.",
        schema: json!({"oneOf": process.formats().map(schema).collect::<Vec<_>>()}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_input_is_described_without_references() {
        for process in Process::ALL {
            let inputs = inputs(process, description::written().unwrap());
            for name in ["priority", "period", "category", "source", "filter", "within", "weights"] {
                assert!(inputs.contains_key(name), "{name} of {}", process.id());
            }
            assert!(!inputs.contains_key("f"));
            for (name, input) in inputs {
                assert!(!input.description.is_empty(), "{name}");
                let schema = input.schema.to_string();
                assert!(schema.contains("\"type\"") && !schema.contains("$ref"), "{name}: {schema}");
            }
        }
    }
}
