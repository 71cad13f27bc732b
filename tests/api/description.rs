//! The description that clients read: every layer written out, with the parameters that it takes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::app::TestApp;

fn description(app: &TestApp) -> Value {
    let answer = app.get("/api").expect(200);
    let media_type = answer.header("content-type").unwrap();
    assert_eq!(media_type, "application/vnd.oai.openapi+json;version=3.0");
    answer.json()
}

fn resolved<'a>(value: &'a Value, document: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => {
            document.pointer(&reference[1..]).unwrap_or_else(|| panic!("{reference} leads nowhere"))
        }
        None => value,
    }
}

/// The query parameters of an address, by name.
fn parameters<'a>(path: &str, document: &'a Value) -> BTreeMap<&'a str, &'a Value> {
    let listed = document["paths"][path]["get"]["parameters"].as_array().unwrap();
    let parameters: Vec<_> = listed
        .iter()
        .map(|parameter| resolved(parameter, document))
        .filter(|parameter| parameter["in"] == "query")
        .map(|parameter| (parameter["name"].as_str().unwrap(), parameter))
        .collect();
    let number = parameters.len();
    let by_name: BTreeMap<_, _> = parameters.into_iter().collect();
    assert_eq!(by_name.len(), number, "{path} declares a parameter twice");
    by_name
}

fn ids(app: &TestApp) -> Vec<String> {
    let layers = app.get("/collections").expect(200).json();
    let listed = layers["collections"].as_array().unwrap();
    listed.iter().map(|layer| layer["id"].as_str().unwrap().to_owned()).collect()
}

/// The names that an address says it takes, when it is asked for something that is no parameter.
fn taken(app: &TestApp, address: &str) -> BTreeSet<String> {
    let refused = app.get(&format!("{address}?no-parameter=1")).expect(400);
    let [_, _, rule] = refused.faults().swap_remove(0);
    let (_, names) = rule.split_once("it takes ").unwrap_or_else(|| panic!("{address}: {rule}"));
    names.split(", ").map(str::to_owned).collect()
}

#[test]
fn every_layer_has_addresses_of_its_own_with_exactly_the_parameters_that_it_takes() {
    let app = TestApp::shared();
    let document = description(app);
    let ids = ids(app);
    assert!(ids.len() > 20);
    for id in &ids {
        for below in ["", "/queryables", "/schema", "/items", "/items/{featureId}"] {
            let path = format!("/collections/{id}{below}");
            let declared = parameters(&path, &document);
            let declared: BTreeSet<_> = declared.keys().map(|name| (*name).to_owned()).collect();
            assert_eq!(declared, taken(app, &path.replace("{featureId}", "none")), "{path}");
        }
    }
    let wards = parameters("/collections/wards/items", &document);
    assert!(!wards.contains_key("bandwidth_m") && wards.contains_key("name"));
    let density = parameters("/collections/burglary-density/items", &document);
    assert!(density.contains_key("bandwidth_m") && !density.contains_key("minimum_count"));
    for path in document["paths"].as_object().unwrap().keys() {
        assert!(!path.starts_with("/collections/{collectionId}/items"), "{path}");
    }
}

#[test]
fn fields_are_parameters_with_their_types() {
    let app = TestApp::shared();
    let document = description(app);
    for id in ids(app) {
        let declared = parameters(&format!("/collections/{id}/items"), &document);
        let schema = app.get(&format!("/collections/{id}/schema")).expect(200).json();
        let mut by_value = 0;
        for (name, field) in schema["properties"].as_object().unwrap() {
            let Some(parameter) = declared.get(name.as_str()) else { continue };
            // A parameter of the method may have the name of a field; it then says so itself.
            if parameter["description"].as_str().unwrap().starts_with("Only features with this value") {
                assert_eq!(parameter["schema"]["type"], field["type"], "{id} {name}");
                assert_eq!((&parameter["style"], &parameter["explode"]), (&"form".into(), &false.into()));
                by_value += 1;
            }
        }
        assert!(by_value > 2, "{id}");
    }
    let found = app.get("/collections/wards/items?name=Norton&f=geojson").expect(200).json();
    assert_eq!(found["numberMatched"], 1);
}

#[test]
fn it_is_what_clients_look_for() {
    let app = TestApp::shared();
    let document = description(app);
    assert!(document["openapi"].as_str().unwrap().starts_with("3.0."));
    assert_eq!(document["servers"], serde_json::json!([{ "url": app.base }]));
    let limit = &document["components"]["parameters"]["limit"];
    assert_eq!((&limit["name"], &limit["schema"]["minimum"]), (&"limit".into(), &1.into()));
    assert_eq!((&limit["schema"]["maximum"], &limit["schema"]["default"]), (&10_000.into(), &100.into()));
    let of_wards = document["paths"]["/collections/wards/items"]["get"]["parameters"].to_string();
    assert!(of_wards.contains("#/components/parameters/limit"), "{of_wards}");
    let languages =
        parameters("/collections/wards/items", &document)["filter-lang"]["schema"]["enum"].clone();
    assert!(languages.as_array().unwrap().contains(&"cql-text".into()));
    let size = document.to_string().len();
    assert!(size < 1_500_000, "{size} bytes");
    let mut operations = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path}"));
            assert!(operations.insert(id), "{id} is there twice");
            assert!(operation["responses"].as_object().is_some_and(|answers| !answers.is_empty()), "{path}");
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn check(value: &Value, document: &Value) {
        match value {
            Value::Array(values) => values.iter().for_each(|value| check(value, document)),
            Value::Object(members) => {
                resolved(value, document);
                members.values().for_each(|value| check(value, document));
            }
            _ => {}
        }
    }
    let document = description(TestApp::shared());
    check(&document, &document);
}

#[test]
fn layers_that_are_hidden_are_not_described() {
    let app = TestApp::start(&["--hide-incidents"]);
    let document = description(&app);
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.contains_key("/collections/wards/items"));
    assert!(!paths.keys().any(|path| path.starts_with("/collections/incidents")));
}

#[test]
fn it_can_be_read_and_tried_in_a_browser() {
    let app = TestApp::shared();
    let browser = [("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")];
    for (address, headers) in [("/api.html", &[][..]), ("/api?f=html", &[]), ("/api", &browser)] {
        let page = app.get_with(address, headers).expect(200);
        assert_eq!(page.media_type().as_deref(), Some("text/html"), "{address}");
        assert!(page.text().contains("/assets/swagger-ui-bundle."), "{address}");
    }
}
