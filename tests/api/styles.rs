//! Styles and legends: listed, in every encoding, with the classes of what is asked.

use std::collections::BTreeSet;

use roxmltree::Document;
use serde_json::Value;

use crate::{app::TestApp, exchange::Exchange};

const SLD: &str = "http://www.opengis.net/sld";
const SE: &str = "http://www.opengis.net/se";

fn get(address: &str) -> Exchange {
    TestApp::shared().get(address).expect(200)
}

fn json(address: &str) -> Value {
    get(address).json()
}

fn list<'a>(document: &'a Value, member: &str) -> &'a Vec<Value> {
    document[member].as_array().unwrap_or_else(|| panic!("{member} of {document}"))
}

fn text<'a>(document: &'a Value, member: &str) -> &'a str {
    document[member].as_str().unwrap_or_else(|| panic!("{member} of {document}"))
}

fn labels(legend: &Value) -> Vec<&str> {
    list(legend, "classes").iter().map(|class| text(class, "label")).collect()
}

/// Whether a class of a legend takes a property.
fn fits(class: &Value, property: &Value) -> bool {
    let test = &class["test"];
    match text(test, "is") {
        "all" => true,
        "absent" => property.is_null(),
        "text" => test["value"] == *property,
        "range" => property.as_f64().is_some_and(|number| {
            test["from"].as_f64().is_none_or(|from| number >= from)
                && test["below"].as_f64().is_none_or(|below| number < below)
        }),
        other => panic!("no test {other}"),
    }
}

#[test]
fn every_style_that_is_listed_is_made_and_has_a_name_of_its_own() {
    let styles = json("/styles");
    let mut ids = BTreeSet::new();
    for style in list(&styles, "styles") {
        let (id, collection) = (text(style, "id"), text(style, "collection"));
        assert!(ids.insert(id.to_owned()), "{id} is listed twice");
        assert!(!text(style, "title").ends_with("()"), "{id} has no title");
        let sheet = json(&format!("/styles/{id}?data=items"));
        assert_eq!(sheet["version"], 8, "{id}");
        assert!(sheet["sources"][collection].is_object(), "{id}");
        let shown = text(&sheet["metadata"], "style");
        assert!(id == collection || *id == format!("{collection}.{shown}"), "{id} shows {shown}");
    }
    for (id, styles) in [("burglary-hotspots", 2), ("burglary-wards", 3), ("borough", 1), ("incidents", 2)] {
        let of_one = json(&format!("/collections/{id}/styles"));
        assert_eq!(list(&of_one, "styles").len(), styles, "{id}");
        assert_eq!((text(&of_one, "default"), text(&of_one["styles"][0], "id")), (id, id));
    }
}

#[test]
fn every_class_of_every_legend_holds_something_and_every_feature_is_drawn() {
    for style in list(&json("/styles"), "styles") {
        let (id, collection) = (text(style, "id"), text(style, "collection"));
        let own = id.split_once('.').map_or(String::new(), |(_, own)| format!("&style={own}"));
        let legend = json(&format!("/collections/{collection}/legend?f=json{own}"));
        let page = json(&format!("/collections/{collection}/items?limit=10000&skipGeometry=true"));
        let features = list(&page, "features");
        let mut held = vec![0; list(&legend, "classes").len()];
        for feature in features {
            let property =
                legend["field"].as_str().map_or(&Value::Null, |field| &feature["properties"][field]);
            let class = list(&legend, "classes").iter().position(|class| fits(class, property));
            held[class.unwrap_or_else(|| panic!("{id}: nothing draws {property}"))] += 1;
            let fitting = list(&legend, "classes").iter().filter(|class| fits(class, property)).count();
            assert_eq!(fitting, 1, "{id}: {property}");
        }
        // Steps of change and levels of significance are the same for every layer.
        let is_fixed = ["change", "significance"].contains(&text(&legend, "style"));
        assert!(is_fixed || held.iter().all(|held| *held > 0), "{id}: {held:?} of {:?}", labels(&legend));
    }
}

#[test]
fn all_encodings_have_the_classes_of_the_legend() {
    for id in ["burglary-wards", "burglary-wards.count", "burglary-density", "violence-hex", "priorities"] {
        let (collection, own) = id.split_once('.').map_or((id, ""), |(layer, own)| (layer, own));
        let own = if own.is_empty() { String::new() } else { format!("&style={own}") };
        let legend = json(&format!("/collections/{collection}/legend?f=json{own}"));
        let expected = labels(&legend);
        for (format, namespace) in [("sld10", SLD), ("sld11", SE)] {
            let sheet = get(&format!("/styles/{id}?f={format}")).text();
            let document = Document::parse(&sheet).unwrap();
            let rules = document.descendants().filter(|node| node.has_tag_name((namespace, "Rule")));
            let title = |rule: roxmltree::Node<'_, '_>| {
                let title = rule.descendants().find(|node| node.has_tag_name((namespace, "Title")));
                title.and_then(|title| title.text()).unwrap().to_owned()
            };
            assert_eq!(rules.map(title).collect::<Vec<_>>(), expected, "{id} {format}");
        }
        let sheet = get(&format!("/styles/{id}.qml")).text();
        let document = Document::parse(&sheet).unwrap();
        let named = document.descendants().filter_map(|node| node.attribute("label"));
        assert_eq!(named.collect::<Vec<_>>(), expected, "{id} qml");
        let symbols = document.descendants().filter(|node| node.has_tag_name("symbol")).count();
        assert_eq!(symbols, expected.len(), "{id} qml");
    }
}

#[test]
fn classes_are_those_of_the_period_that_is_asked() {
    let address = "/collections/burglary-hex/legend?f=json&style=count&period=";
    let (year, month) = (json(&format!("{address}2024-01/2024-12")), json(&format!("{address}2024-03")));
    assert_ne!(labels(&year), labels(&month));
    assert_eq!(labels(&year).last(), Some(&"0"));
    assert!(text(&month, "title").contains("2024-03"), "{month}");
}

#[test]
fn a_maplibre_style_leads_to_tiles_and_legend_of_the_same_question() {
    let style = json("/styles/burglary-hex.count?period=2024-03&resolution=8&f=maplibre");
    let url = text(&style["sources"]["burglary-hex"], "url");
    let base = &TestApp::shared().base;
    assert!(url.starts_with(&format!("{base}/tiles/burglary-hex/tilejson.json?")), "{url}");
    assert!(url.contains("period=2024-03") && url.contains("resolution=8") && !url.contains("f="), "{url}");
    let legend = text(&style["metadata"], "legend").strip_prefix(base.as_str()).unwrap();
    assert!(get(legend).text().contains("<svg "));
    assert!(!list(&style["metadata"], "notices").is_empty(), "made-up incidents are told");
    let items = json("/styles/burglary-hex?period=2024-03&data=items");
    let data = text(&items["sources"]["burglary-hex"], "data").strip_prefix(base.as_str()).unwrap();
    assert_eq!(json(data)["type"], "FeatureCollection");
    // Without a period the one that was taken is written out.
    assert!(text(&json("/styles/burglary-hex")["sources"]["burglary-hex"], "url").contains("period="));
}

#[test]
fn encodings_are_chosen_by_word_extension_and_accept() {
    let app = TestApp::shared();
    for (accept, media_type) in [
        ("application/vnd.ogc.sld+xml;version=1.1", "application/vnd.ogc.sld+xml;version=1.1"),
        ("application/vnd.ogc.sld+xml; version=1.0", "application/vnd.ogc.sld+xml;version=1.0"),
        ("application/vnd.ogc.sld+xml", "application/vnd.ogc.sld+xml;version=1.0"),
        ("application/vnd.qgis.qml", "application/vnd.qgis.qml"),
        ("application/json", "application/vnd.mapbox.style+json"),
        ("*/*", "application/vnd.mapbox.style+json"),
    ] {
        let answer = app.get_with("/styles/wards", &[("accept", accept)]).expect(200);
        assert_eq!(answer.header("content-type").as_deref(), Some(media_type), "{accept}");
    }
    for (end, word) in [(".json", "maplibre"), (".sld", "sld10"), (".qml", "qml")] {
        let by_word = get(&format!("/styles/burglary-wards.rate?f={word}"));
        assert_eq!(get(&format!("/styles/burglary-wards.rate{end}")).plain(), by_word.plain());
    }
    app.get_with("/styles/wards", &[("accept", "text/csv")]).expect(406);
}

#[test]
fn a_legend_is_a_picture_a_drawing_or_json() {
    let png = get("/collections/burglary-wards/legend");
    assert_eq!(png.media_type().as_deref(), Some("image/png"));
    assert!(png.body.starts_with(b"\x89PNG"));
    let side = |png: &Exchange| u32::from_be_bytes(png.body[16..20].try_into().unwrap());
    let twice = get("/collections/burglary-wards/legend?scale=2");
    assert!(side(&twice).abs_diff(2 * side(&png)) <= 1);
    let svg = get("/collections/burglary-wards/legend?f=svg&style=change").text();
    let document = Document::parse(&svg).unwrap();
    assert_eq!(document.root_element().attribute("role"), Some("img"));
}

#[test]
fn metadata_names_layer_encodings_and_legend() {
    let metadata = json("/styles/burglary-wards.count/metadata?period=2024-03");
    assert_eq!(
        (text(&metadata, "id"), text(&metadata["layers"][0], "id")),
        ("burglary-wards.count", "burglary-wards")
    );
    let base = &TestApp::shared().base;
    for sheet in list(&metadata, "stylesheets") {
        let href = text(&sheet["link"], "href").strip_prefix(base.as_str()).unwrap();
        assert!(href.contains("period=2024-03"), "{href}");
        get(href);
    }
    let collection = json("/collections/burglary-wards");
    for end in ["/styles", "/legend"] {
        let link = list(&collection, "links").iter().find(|link| text(link, "rel").ends_with(end)).unwrap();
        get(text(link, "href").strip_prefix(base.as_str()).unwrap());
    }
    let conformance = json("/conformance");
    let conforms = list(&conformance, "conformsTo");
    assert!(
        conforms.iter().any(|class| class == "http://www.opengis.net/spec/ogcapi-styles-1/0.0/conf/core")
    );
}

#[test]
fn what_is_no_style_and_no_parameter_is_refused_by_name() {
    let app = TestApp::shared();
    for (address, status, said) in [
        ("/styles/nowhere", 404, "nowhere"),
        ("/styles/burglary-wards.nothing", 404, "burglary-wards.count"),
        ("/styles/burglary-wards.", 404, "burglary-wards.count"),
        ("/styles/.qml", 404, "collection"),
        ("/styles/wards?period=2024", 400, "period"),
        ("/styles/burglary-wards?data=files", 400, "items"),
        ("/styles/burglary-wards.qml?f=sld10", 400, "f"),
        ("/styles/burglary-hex?f=png", 400, "maplibre"),
        ("/styles?period=2024", 400, "period"),
        ("/collections/burglary-hex/legend?style=rate", 400, "significance"),
        ("/collections/burglary-hex/legend?scale=9", 400, "0.25 to 8"),
        ("/collections/burglary-hex/legend?scale=NaN", 400, "finite"),
        ("/collections/nowhere/legend", 404, "nowhere"),
        ("/collections/nowhere/styles", 404, "nowhere"),
        ("/styles/nowhere/metadata", 404, "nowhere"),
    ] {
        let answer = app.get(address).expect(status).text();
        assert!(answer.contains(said), "{address}: {answer}");
    }
    app.ask("POST", "/styles/wards", &[], b"").expect(405);
}

#[test]
fn partners_are_given_no_style_of_incidents() {
    let app = TestApp::start(&["--demonstration", "--hide-incidents"]);
    assert!(!app.get("/styles").expect(200).text().contains("\"incidents"));
    for address in ["/styles/incidents", "/styles/incidents.category", "/collections/incidents/legend"] {
        app.get(address).expect(404);
    }
}
