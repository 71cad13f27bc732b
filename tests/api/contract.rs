//! Holds answers against `openapi.yaml`.
//!
//! JSON Schema in OpenAPI 3.0 is a dialect of its own; here it becomes JSON Schema 2020-12. Objects
//! that are composed with `allOf` cannot be closed in 3.0 and are closed here, so that a member that
//! the description does not know is a fault.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
    sync::{Arc, OnceLock},
};

use jsonschema::{Draft, Validator};
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value, json};

use crate::exchange::Exchange;

/// Everything that the description promises about answers.
pub(crate) struct Contract {
    paths: Vec<(Vec<String>, BTreeMap<String, Operation>)>,
}

/// Answers by status.
type Operation = BTreeMap<u16, Answer>;

struct Answer {
    headers: Vec<Header>,
    /// By media type; empty where the answer has no body.
    content: BTreeMap<String, Body>,
}

struct Header {
    name: String,
    required: bool,
    number: bool,
    schema: Arc<Validator>,
}

struct Body {
    schema: Arc<Validator>,
    /// The header row of a table.
    columns: Option<Vec<String>>,
}

impl Contract {
    /// The contract of this service.
    pub(crate) fn of_the_service() -> &'static Self {
        static CONTRACT: OnceLock<Contract> = OnceLock::new();
        CONTRACT.get_or_init(|| Self::of(include_str!("../../openapi.yaml")))
    }

    /// The contract that a description in YAML makes.
    pub(crate) fn of(text: &str) -> Self {
        let document: Value = serde_yaml_ng::from_str(text).unwrap();
        let mut compiler = Compiler::new(&document);
        let paths = document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(path, methods)| {
                let methods =
                    methods.as_object().unwrap().iter().filter(|(method, _)| *method != "parameters");
                let operations = methods
                    .map(|(method, operation)| {
                        (method.to_uppercase(), compiler.operation(&operation["responses"]))
                    })
                    .collect();
                (segments(path), operations)
            })
            .collect();
        Self { paths }
    }

    /// All declared paths with the methods that each answers.
    pub(crate) fn methods(&self) -> impl Iterator<Item = (String, Vec<&str>)> {
        self.paths.iter().map(|(path, operations)| {
            (format!("/{}", path.join("/")), operations.keys().map(String::as_str).collect())
        })
    }

    /// Everything in which an answer differs from what is declared.
    pub(crate) fn check(&self, exchange: &Exchange) -> Result<(), Vec<String>> {
        let answer = self.declared(exchange).map_err(|fault| vec![fault])?;
        let mut faults = Vec::new();
        for header in &answer.headers {
            faults.extend(header.check(exchange));
        }
        if let Err(fault) = check_body(answer, exchange) {
            faults.push(fault);
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn declared(&self, exchange: &Exchange) -> Result<&Answer, String> {
        let asked = segments(exchange.path());
        let fits = |path: &[String]| {
            path.len() == asked.len()
                && path.iter().zip(&asked).all(|(part, given)| match part.split_once('}') {
                    Some((name, end)) if name.starts_with('{') => given.ends_with(end),
                    _ => part == given,
                })
        };
        let (_, operations) = self
            .paths
            .iter()
            .find(|(path, _)| fits(path))
            .ok_or_else(|| format!("the address {} is not declared", exchange.path()))?;
        let method = if exchange.method == "HEAD" { "GET" } else { exchange.method.as_str() };
        let operation = match operations.get(method) {
            Some(operation) => operation,
            // A method that is not declared has one declared answer.
            None if exchange.status == 405 => operations.values().next().unwrap(),
            None => return Err(format!("{method} is not declared, and was not answered by 405")),
        };
        operation.get(&exchange.status).ok_or_else(|| format!("status {} is not declared", exchange.status))
    }
}

fn segments(path: &str) -> Vec<String> {
    path.split('/').skip(1).map(str::to_owned).collect()
}

impl Header {
    fn check(&self, exchange: &Exchange) -> Option<String> {
        let Some(text) = exchange.header(&self.name) else {
            return self.required.then(|| format!("the header {} is missing", self.name));
        };
        let value =
            if self.number { text.parse::<i64>().map_or(json!(text), Value::from) } else { json!(text) };
        self.schema.validate(&value).err().map(|fault| format!("the header {}: {fault}", self.name))
    }
}

fn check_body(answer: &Answer, exchange: &Exchange) -> Result<(), String> {
    if exchange.method == "HEAD" || answer.content.is_empty() {
        return if exchange.body.is_empty() { Ok(()) } else { Err("there is a body".to_owned()) };
    }
    let media_type = exchange.media_type().ok_or("there is no content type")?;
    let essence = |declared: &str| declared.split(';').next().is_some_and(|known| known.trim() == media_type);
    let body =
        answer.content.iter().find_map(|(declared, body)| essence(declared).then_some(body)).ok_or_else(
            || format!("the content type {media_type} is not declared for {}", exchange.status),
        )?;
    if let Some(columns) = &body.columns {
        let (header, _) = exchange.csv();
        return if header == *columns {
            Ok(())
        } else {
            Err(format!("the header row is {}", header.join(",")))
        };
    }
    let value = if media_type.ends_with("json") && !media_type.ends_with("ndjson") {
        let plain = exchange.plain();
        serde_json::from_slice::<NoDoubles>(&plain).map_err(|fault| format!("the body: {fault}"))?;
        serde_json::from_slice(&plain).map_err(|fault| format!("the body: {fault}"))?
    } else if media_type.starts_with("text/") || media_type.ends_with("xml") || media_type.ends_with("yaml") {
        Value::String(exchange.text())
    } else {
        // Binary: only that it is there can be checked here.
        Value::String(String::from_utf8_lossy(&exchange.plain()).into_owned())
    };
    let faults: Vec<_> = body
        .schema
        .iter_errors(&value)
        .take(5)
        .map(|fault| {
            let mut text = fault.to_string();
            text.truncate(text.char_indices().nth(400).map_or(text.len(), |(at, _)| at));
            format!("the body at {}: {text}", fault.instance_path)
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// Turns schemas into validators, each once.
struct Compiler<'a> {
    document: &'a Value,
    components: Value,
    compiled: HashMap<String, Arc<Validator>>,
}

impl<'a> Compiler<'a> {
    fn new(document: &'a Value) -> Self {
        let schemas = document["components"]["schemas"].as_object().cloned().unwrap_or_default();
        let schemas: Map<_, _> =
            schemas.iter().map(|(name, schema)| (name.clone(), modern(schema))).collect();
        Self { document, components: json!({ "schemas": schemas }), compiled: HashMap::new() }
    }

    /// What a reference leads to, or the value itself.
    fn resolve(&self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => self.document.pointer(reference.trim_start_matches('#')).unwrap(),
            None => value,
        }
    }

    fn operation(&mut self, responses: &'a Value) -> Operation {
        let responses = responses.as_object().unwrap().iter();
        responses.map(|(status, answer)| (status.parse().unwrap(), self.answer(answer))).collect()
    }

    fn answer(&mut self, answer: &'a Value) -> Answer {
        let answer = self.resolve(answer);
        let empty = Map::new();
        let members = |name: &str| answer[name].as_object().unwrap_or(&empty).clone();
        let headers = members("headers")
            .keys()
            .map(|name| {
                let header = self.resolve(&answer["headers"][name]);
                Header {
                    name: name.to_lowercase(),
                    required: header["required"] == true,
                    number: header["schema"]["type"] == "integer",
                    schema: self.schema(&header["schema"]),
                }
            })
            .collect();
        let content = members("content")
            .iter()
            .map(|(media_type, body)| (media_type.clone(), self.body(&body["schema"])))
            .collect();
        Answer { headers, content }
    }

    fn body(&mut self, schema: &Value) -> Body {
        let pointer = schema["$ref"].as_str().map(|reference| reference.trim_start_matches('#'));
        let resolved = pointer.map_or(schema, |pointer| self.document.pointer(pointer).unwrap());
        let columns = serde_json::from_value(resolved["x-columns"].clone()).unwrap();
        Body { schema: self.schema(schema), columns }
    }

    fn schema(&mut self, schema: &Value) -> Arc<Validator> {
        let key = schema.to_string();
        let components = &self.components;
        let compile = || {
            let mut root = modern(schema);
            root["components"] = components.clone();
            let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
            Arc::new(options.build(&root).unwrap())
        };
        Arc::clone(self.compiled.entry(key).or_insert_with(compile))
    }
}

/// A schema of OpenAPI 3.0 as JSON Schema 2020-12.
fn modern(schema: &Value) -> Value {
    let Some(members) = schema.as_object() else { return schema.clone() };
    let each = |value: &Value| match value {
        Value::Array(schemas) => schemas.iter().map(modern).collect(),
        other => modern(other),
    };
    let mut modern_members = Map::new();
    for (name, value) in members {
        let value = match name.as_str() {
            "properties" => {
                let properties = value.as_object().unwrap().iter();
                properties.map(|(name, schema)| (name.clone(), modern(schema))).collect()
            }
            "items" | "additionalProperties" | "allOf" | "anyOf" | "oneOf" | "not" => each(value),
            "nullable" | "example" => continue,
            _ => value.clone(),
        };
        modern_members.insert(name.clone(), value);
    }
    if members.get("nullable") == Some(&json!(true)) {
        let kind = members["type"].clone();
        modern_members.insert("type".to_owned(), json!([kind, "null"]));
        if let Some(Value::Array(values)) = modern_members.get_mut("enum") {
            values.push(Value::Null);
        }
    }
    if members.get("exclusiveMinimum") == Some(&json!(true)) {
        let minimum = modern_members.remove("minimum").unwrap();
        modern_members.insert("exclusiveMinimum".to_owned(), minimum);
    }
    if members.contains_key("allOf") {
        modern_members.insert("unevaluatedProperties".to_owned(), json!(false));
    }
    Value::Object(modern_members)
}

/// JSON in which no object names a member twice. Parsers silently keep one of the two.
struct NoDoubles;

impl<'de> Deserialize<'de> for NoDoubles {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for NoDoubles {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(name) = members.next_key::<String>()? {
            members.next_value::<Self>()?;
            if seen.contains(&name) {
                return Err(de::Error::custom(format!("the member '{name}' is there twice")));
            }
            seen.insert(name);
        }
        Ok(self)
    }
}
