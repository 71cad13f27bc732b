//! Priorities over HTTP: made, changed, retired; who did it; and that what was asked before is answered as before.

use serde_json::{Value, json};

use crate::{
    app::TestApp,
    exchange::{Exchange, encode},
};

const JSON: (&str, &str) = ("content-type", "application/json");
const BY: &str = "author=A.%20Analyst";

/// A priority of its own: what happens in the evening economy.
fn evenings() -> Value {
    json!({
        "id": "evenings",
        "title": "Evenings",
        "categories": ["violent-crime", "violence-and-sexual-offences"],
        "period": {"last_months": 6, "compare": "before"},
        "method": {"bandwidth_m": 500, "cell_m": 100, "hex_resolution": 8},
    })
}

fn create(app: &TestApp, definition: &Value) -> Exchange {
    app.ask("POST", &format!("/priorities?{BY}"), &[JSON], definition.to_string().as_bytes())
}

fn put(app: &TestApp, id: &str, if_match: Option<&str>, definition: &Value) -> Exchange {
    let mut headers = vec![JSON];
    headers.extend(if_match.map(|tag| ("if-match", tag)));
    let address = format!("/priorities/{id}?{BY}&note=as%20agreed");
    app.ask("PUT", &address, &headers, definition.to_string().as_bytes())
}

fn retire(app: &TestApp, id: &str, version: u64) -> Exchange {
    app.ask("DELETE", &format!("/priorities/{id}?{BY}&version={version}"), &[], b"")
}

fn listed(app: &TestApp, address: &str, member: &str) -> Vec<String> {
    let answer = app.get(address).expect(200).json();
    let all = if member.is_empty() { &answer } else { &answer[member] };
    all.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

fn permalink(app: &TestApp, address: &str) -> (String, Exchange) {
    let answer = app.get(address).expect(200);
    let link = answer.json()["method"]["permalink"].as_str().unwrap().to_owned();
    (link.strip_prefix(&app.base).unwrap().to_owned(), answer)
}

/// Where a priority's numbers can be had.
const ASKED: [&str; 6] = [
    "/analysis/hex?priority=evenings",
    "/analysis/density?priority=evenings",
    "/analysis/hotspots?priority=evenings",
    "/summaries/ward?priority=evenings",
    "/analysis/concentration?priority=evenings",
    "/collections/evenings-hex/items",
];

#[test]
fn a_priority_is_made_changed_retired_and_restored() {
    let app = TestApp::start(&["--demonstration"]);
    let before = listed(&app, "/priorities", "");
    assert!(!before.contains(&"evenings".to_owned()));
    app.get("/analysis/hex?priority=evenings").expect(404);

    // made
    let made = create(&app, &evenings()).expect(201);
    assert_eq!(made.header("location"), Some(format!("{}/priorities/evenings", app.base)));
    assert_eq!((&made.json()["version"], &made.json()["retired"]), (&json!(1), &json!(false)));
    let after = listed(&app, "/priorities", "");
    assert_eq!((after.len(), after.last().unwrap().as_str()), (before.len() + 1, "evenings"));
    assert!(listed(&app, "/collections", "collections").contains(&"evenings-hex".to_owned()));
    assert!(app.get("/wms?service=WMS&request=GetCapabilities").text().contains("evenings-density"));
    create(&app, &evenings()).expect(409);

    // asked for
    let first: Vec<(String, Exchange)> = ASKED.iter().map(|address| permalink(&app, address)).collect();
    for (link, answer) in &first {
        assert!(link.contains("priority_version=1"), "{link}");
        assert_eq!(answer.json()["method"]["priority_version"], 1, "{link}");
    }
    let tile = "/tiles/evenings-wards/10/506/336.mvt";
    let picture = "/collections/evenings-hex/map?width=200&height=200";
    let drawn = [app.get(tile).expect(200), app.get(picture).expect(200)];

    // changed
    let mut definition = app.get("/priorities/evenings").expect(200);
    let tag = definition.header("etag").unwrap();
    let mut changed = definition.json();
    changed["title"] = json!("Nights");
    changed["categories"] = json!(["burglary"]);
    changed["filter"] = json!("not street is null");
    put(&app, "evenings", Some("\"other\""), &changed).expect(412);
    let answer = put(&app, "evenings", Some(&tag), &changed).expect(200);
    assert_eq!(answer.json()["version"], 2);
    assert_ne!(answer.header("etag").unwrap(), tag);
    definition = app.get("/priorities/evenings").expect(200);
    assert_eq!(definition.header("etag"), answer.header("etag"));
    assert_eq!(definition.json()["title"], "Nights");
    app.get_with("/priorities/evenings", &[("if-none-match", &tag)]).expect(200);
    app.get_with("/priorities/evenings", &[("if-none-match", &definition.header("etag").unwrap())])
        .expect(304);
    for (address, (link, before)) in ASKED.iter().zip(&first) {
        let tag = before.header("etag").unwrap();
        let now = app.get_with(address, &[("if-none-match", &tag)]).expect(200);
        assert_ne!(now.json()["method"]["incidents"], before.json()["method"]["incidents"], "{address}");
        assert_eq!(now.json()["method"]["priority_version"], 2, "{address}");
        same_but_for_links(&app.get(link).expect(200), before);
    }
    let now = [app.get(tile).expect(200), app.get(picture).expect(200)];
    for (address, (now, before)) in [tile, picture].iter().zip(now.iter().zip(&drawn)) {
        assert_ne!(now.body, before.body, "{address}");
        let with = if address.contains('?') { "&" } else { "?" };
        let as_of = app.get(&format!("{address}{with}priority_version=1")).expect(200);
        assert!(as_of.body == before.body, "{address}");
    }
    assert_eq!(app.get("/collections/evenings-hex").expect(200).json()["title"], "Nights: hex cells");
    app.get("/analysis/hex?priority=evenings&priority_version=3").expect(404);
    app.get("/collections/evenings-hex/items?priority_version=3").expect(404);

    of_two_analysts_the_second_is_told(&app, &tag, &changed);

    // retired
    retire(&app, "evenings", 1).expect(412);
    let retired = retire(&app, "evenings", 2).expect(200).json();
    assert_eq!((&retired["version"], &retired["retired"]), (&json!(3), &json!(true)));
    retire(&app, "evenings", 3).expect(409);
    assert_eq!(listed(&app, "/priorities", ""), before);
    assert_eq!(listed(&app, "/priorities?retired=true", "").last().unwrap(), "evenings");
    assert!(!listed(&app, "/collections", "collections").iter().any(|id| id.starts_with("evenings")));
    for address in ASKED {
        let refused = app.get(address).expect(404);
        assert!(refused.text().contains("is retired"), "{address}: {}", refused.text());
    }
    for address in ["/collections/evenings-hex", "/collections/evenings-hex/schema", tile] {
        app.get(address).expect(404);
    }
    for (link, before) in &first {
        same_but_for_links(&app.get(link).expect(200), before);
    }
    assert!(app.get(&format!("{tile}?priority_version=1")).expect(200).body == drawn[0].body);
    let legend = app.get("/collections/evenings-hex/legend?f=json&priority_version=2").expect(200);
    assert!(legend.text().contains("Nights"), "{}", legend.text());

    // restored
    let mut again = evenings();
    again["version"] = json!(3);
    let restored = put(&app, "evenings", None, &again).expect(200).json();
    assert_eq!((&restored["version"], &restored["retired"]), (&json!(4), &json!(false)));
    app.get("/analysis/hex?priority=evenings").expect(200);

    the_trail_tells_who_did_what(&app);
}

/// The second has read what the first has replaced meanwhile.
fn of_two_analysts_the_second_is_told(app: &TestApp, tag: &str, changed: &Value) {
    let mut late = changed.clone();
    late["title"] = json!("Late");
    let refused = put(app, "evenings", Some(tag), &late).expect(412);
    assert!(refused.text().contains("version 2"), "{}", refused.text());
    assert_eq!(late["version"], 1, "as it was read");
    put(app, "evenings", None, &late).expect(412);
    late.as_object_mut().unwrap().remove("version");
    put(app, "evenings", None, &late).expect(428);
    // Whatever is in place is to be replaced; but it is so already.
    let mut same = changed.clone();
    same.as_object_mut().unwrap().remove("version");
    assert_eq!(put(app, "evenings", Some("*"), &same).expect(200).json()["version"], 2);
}

fn the_trail_tells_who_did_what(app: &TestApp) {
    let trail = app.get("/priorities/evenings/versions").expect(200).json();
    let versions = trail["versions"].as_array().unwrap();
    let told: Vec<_> = versions.iter().map(|version| version["change"].as_str().unwrap()).collect();
    assert_eq!(told, ["created", "changed", "retired", "restored"]);
    assert!(versions.iter().all(|version| version["author"] == "A. Analyst" && version["origin"] == "http"));
    assert_eq!(
        (&versions[1]["note"], &versions[1]["definition"]["title"]),
        (&json!("as agreed"), &json!("Nights"))
    );
    assert_eq!(versions[0]["definition"]["title"], "Evenings");
    for version in versions {
        let link = version["links"][0]["href"].as_str().unwrap().strip_prefix(&app.base).unwrap();
        let shown = app.get(link).expect(200).json();
        assert_eq!(
            (&shown["title"], &shown["version"]),
            (&version["definition"]["title"], &version["version"])
        );
    }
}

/// Permalinks give the very numbers again. Documents with links of their own differ in where they were asked for.
fn same_but_for_links(again: &Exchange, before: &Exchange) {
    let without_links = |exchange: &Exchange| {
        let mut document = exchange.json();
        document.as_object_mut().unwrap().remove("links");
        document
    };
    assert_eq!(without_links(again), without_links(before), "{}", again.address);
    if before.json().get("links").is_none() {
        assert!(again.body == before.body, "{}", again.address);
    }
}

#[test]
fn every_fault_of_a_definition_is_told_with_its_place() {
    let app = TestApp::shared();
    let faulty = json!({
        "id": "Evenings!",
        "title": "\u{7}",
        "categories": ["Violent crime"],
        "filter": "street = 'High Street' and colour = 'red'",
        "weights": {"burglary": -1},
        "period": {"last_months": 1000, "compare": "after"},
        "method": {"bandwidth_m": 1, "cell_m": "wide", "hex_resolution": 30},
        "colour": "red",
    });
    let refused = app.ask("POST", "/priorities?note=%07", &[JSON], faulty.to_string().as_bytes()).expect(400);
    let places: Vec<String> = refused.faults().into_iter().map(|[place, ..]| place).collect();
    for place in [
        "query parameter author",
        "query parameter note",
        "body member id",
        "body member title",
        "body member categories",
        "body member filter",
        "body member weights.burglary",
        "body member period.last_months",
        "body member period.compare",
        "body member method.bandwidth_m",
        "body member method.cell_m",
        "body member method.hex_resolution",
        "body member colour",
    ] {
        assert!(places.iter().any(|known| known == place), "{place} in {places:?}");
    }
    let fault = refused.faults().into_iter().find(|[place, ..]| place == "body member filter").unwrap();
    assert!(fault.join(" ").contains("colour"), "{fault:?}");
}

#[test]
fn hostile_bodies_are_refused_and_change_nothing() {
    let app = TestApp::shared();
    let before = app.get("/priorities?retired=true").expect(200).text();
    let address = format!("/priorities?{BY}");
    let deep = [b"{\"id\":".repeat(20_000), b"[".repeat(20_000)].concat();
    for body in [&b""[..], b"{", b"[]", b"null", b"\xff\xfe", b"{\"id\":\"a\"} trailing", &deep[..60_000]] {
        let body = if body.is_empty() { b" " } else { body };
        app.ask("POST", &address, &[JSON], body).expect(400);
    }
    let mut long = evenings();
    long["description"] = json!("x".repeat(1 << 20));
    create(app, &long).expect(413);
    long["description"] = json!("x".repeat(2_001));
    create(app, &long).expect(400);
    for filter in ["street = ", "(((((", "street = 'a' or", &"(".repeat(1_900)] {
        let mut definition = evenings();
        definition["filter"] = json!(filter);
        let refused = create(app, &definition).expect(400);
        assert!(refused.faults()[0][0] == "body member filter", "{:?}", refused.faults());
    }
    let good = evenings().to_string();
    for media_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
        app.ask("POST", &address, &[("content-type", media_type)], good.as_bytes()).expect(415);
        let headers = [("content-type", media_type), ("if-match", "*")];
        app.ask("PUT", &format!("/priorities/drugs?{BY}"), &headers, good.as_bytes()).expect(415);
    }
    put(app, "drugs", Some("*"), &evenings()).expect(400);
    put(app, "absent", Some("*"), &evenings()).expect(404);
    retire(app, "absent", 1).expect(404);
    app.get("/priorities/absent/versions").expect(404);
    let mut colliding = evenings();
    // Its hex cells would be called as those of another priority are, if ids could be of any kind.
    colliding["id"] = json!("");
    create(app, &colliding).expect(400);
    for author in ["", "%20", "%07", &"x".repeat(81), &encode("two\nlines")] {
        let address = format!("/priorities?author={author}");
        app.ask("POST", &address, &[JSON], good.as_bytes()).expect(400);
    }
    assert_eq!(app.get("/priorities?retired=true").expect(200).text(), before);
}

#[test]
fn what_is_read_only_says_so() {
    for (option, word) in [("--fixed-priorities", "--fixed-priorities"), ("--hide-incidents", "partners")] {
        let app = TestApp::start(&[option]);
        for refused in
            [create(&app, &evenings()), put(&app, "drugs", Some("*"), &evenings()), retire(&app, "drugs", 1)]
        {
            assert!(refused.expect(403).text().contains(word), "{option}");
        }
        let trail = app.get("/priorities/drugs/versions").expect(200).json();
        assert_eq!(trail["versions"][0]["origin"], "file");
        assert_eq!(trail["versions"][0].get("author").is_some(), option != "--hide-incidents");
    }
}

#[test]
fn the_control_of_a_relative_risk_is_pinned_too() {
    let app = TestApp::start(&["--demonstration"]);
    let (link, before) =
        permalink(&app, "/analysis/risk?priority=burglary&against_priority=all-incidents&cell_m=500");
    assert!(link.contains("against_priority_version=1") && link.contains("&priority_version=1"), "{link}");
    let mut all = app.get("/priorities/all-incidents").expect(200).json();
    all["categories"] = json!(["vehicle-crime"]);
    put(&app, "all-incidents", None, &all).expect(200);
    assert!(app.get(&link).expect(200).body == before.body);
    let now =
        app.get("/analysis/risk?priority=burglary&against_priority=all-incidents&cell_m=500").expect(200);
    assert_ne!(now.json()["controls"], before.json()["controls"]);
}

#[test]
fn pages_of_other_origins_have_to_ask_before_they_change_anything() {
    let app = TestApp::shared();
    let asking = |origin: &str| {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "PUT"),
            ("access-control-request-headers", "content-type,if-match"),
        ];
        app.ask_unchecked("OPTIONS", "/priorities/drugs", &headers, b"")
    };
    let own = asking("http://localhost:5173").expect(200);
    assert!(own.header("access-control-allow-methods").unwrap().contains("PUT"));
    assert!(asking("https://example.org").header("access-control-allow-origin").is_none());
}

#[test]
fn a_version_is_for_a_map_of_one_layer() {
    let app = TestApp::shared();
    app.get("/map?collections=wards,drugs-hex&priority_version=1").expect(400);
    app.get("/map?collections=drugs-hex&priority_version=1&width=50&height=50").expect(200);
    app.get("/collections/wards/items?priority_version=1").expect(400);
    let map = "/wms?service=WMS&version=1.3.0&request=GetMap&styles=&crs=EPSG:27700&bbox=388000,280000,400000,296000\
               &width=50&height=50&format=image/png&priority_version=1";
    assert_eq!(app.get(&format!("{map}&layers=drugs-hex")).expect(200).media_type().unwrap(), "image/png");
    let refused = app.get(&format!("{map}&layers=wards,drugs-hex").replace("styles=", "styles=,"));
    assert!(refused.text().contains("map of one layer"), "{}", refused.text());
}
