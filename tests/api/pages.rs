//! What people see: pages that are well formed, lead only where something is, and load nothing from elsewhere.

use std::collections::BTreeSet;

use crate::{app::TestApp, exchange::Exchange};

/// Every kind of page.
const PAGES: [&str; 16] = [
    "/?f=html",
    "/conformance",
    "/collections",
    "/collections/wards",
    "/collections/incidents",
    "/collections/burglary-hex",
    "/collections/wards/queryables",
    "/collections/burglary-hex/schema",
    "/collections/wards/items",
    "/collections/wards/items/E05001236",
    "/collections/incidents/items?limit=20&offset=20",
    "/collections/burglary-hotspots/items",
    "/collections/burglary-density/items?bandwidth_m=400",
    "/collections/burglary-hex/items?resolution=8&sortby=-count&limit=7",
    "/collections/burglary-wards/items?period=2025-01/2025-06&count=1",
    "/api.html",
];

/// What a browser says that it takes.
const BROWSER: [(&str, &str); 1] =
    [("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8")];

fn page(app: &TestApp, address: &str) -> Exchange {
    let page = app.get_with(address, &BROWSER).expect(200);
    assert_eq!(page.header("content-type").as_deref(), Some("text/html; charset=utf-8"), "{address}");
    page
}

/// A tag of a page: its name with a slash before it where it closes, and its attributes.
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

/// The tags of a page. Attributes are given as they are meant.
fn tags(text: &str) -> Vec<Tag> {
    let meant = |value: &str| {
        value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    };
    let mut tags = Vec::new();
    for part in text.split('<').skip(1) {
        let (tag, after) = part.split_once('>').unwrap_or_else(|| panic!("no end of <{part}"));
        assert!(!after.contains('>'), "a bare > in {after}");
        let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut attributes = Vec::new();
        while let Some((attribute, value)) = rest.split_once("=\"") {
            let (value, after) = value.split_once('"').unwrap_or_else(|| panic!("no end of {tag}"));
            attributes.push((attribute.trim().to_owned(), meant(value)));
            rest = after;
        }
        tags.push(Tag { name: name.to_owned(), attributes });
    }
    tags
}

#[test]
fn pages_are_well_formed() {
    const VOID: [&str; 4] = ["!DOCTYPE", "meta", "link", "br"];
    let app = TestApp::shared();
    for address in PAGES {
        let text = page(app, address).text();
        let mut open: Vec<String> = Vec::new();
        let mut ids = BTreeSet::new();
        for Tag { name, attributes } in tags(&text) {
            match name.strip_prefix('/') {
                Some(closed) => assert_eq!(open.pop().as_deref(), Some(closed), "{address}"),
                None if VOID.contains(&name.as_str()) => {}
                None => open.push(name),
            }
            let names: BTreeSet<_> = attributes.iter().map(|(name, _)| name).collect();
            assert_eq!(names.len(), attributes.len(), "{address}: an attribute is there twice");
            for (_, id) in attributes.iter().filter(|(name, _)| name == "id") {
                assert!(ids.insert(id.clone()), "{address}: the id {id} is there twice");
            }
        }
        assert!(open.is_empty(), "{address}: {open:?}");
        assert_eq!(text.matches("<h1").count(), 1, "{address}");
        assert!(text.matches("<th ").count() == text.matches("<th scope=").count(), "{address}");
    }
}

#[test]
fn pages_run_nothing_and_load_nothing_from_elsewhere() {
    let app = TestApp::shared();
    for address in PAGES {
        let page = page(app, address);
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; ") && policy.contains("frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe-eval") && !policy.contains("http"));
        assert_eq!(policy.contains("script-src"), address == "/api.html");
        for Tag { name, attributes } in tags(&page.text()) {
            let of =
                |wanted: &str| attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value);
            assert!(name != "script" || of("src").is_some(), "{address}: a script in the page");
            for (attribute, value) in &attributes {
                assert!(
                    !attribute.starts_with("on") && attribute != "style",
                    "{address}: {attribute}={value}"
                );
                if ["href", "src", "action"].contains(&attribute.as_str()) {
                    let is_own = value.starts_with(&app.base) || value == "#main";
                    assert!(is_own, "{address}: {name} leads to {value}");
                }
            }
        }
    }
}

#[test]
fn every_link_on_a_page_is_answered() {
    let app = TestApp::shared();
    let mut asked = BTreeSet::new();
    for address in PAGES {
        for Tag { attributes, .. } in tags(&page(app, address).text()) {
            let leads = attributes.iter().filter(|(name, _)| ["href", "src"].contains(&name.as_str()));
            let targets: Vec<_> = leads.filter_map(|(_, value)| value.strip_prefix(&app.base)).collect();
            for target in targets {
                // Of many rows a few lead as far as all.
                let kind: String = target.chars().filter(|c| !c.is_ascii_digit()).collect();
                let key = if target.contains("/items/") {
                    format!("{address} {}", kind.len())
                } else {
                    target.to_owned()
                };
                if asked.insert(key) {
                    app.get_with(target, &BROWSER).expect(200);
                }
            }
        }
    }
    assert!(asked.len() > 100, "{}", asked.len());
}

#[test]
fn what_is_there_to_be_copied_is_answered() {
    let app = TestApp::shared();
    let mut answered = 0;
    for address in ["/?f=html", "/collections/wards", "/collections/burglary-hotspots/items"] {
        for part in page(app, address).text().split("<code class=\"copy\">").skip(1) {
            let copied = part.split('<').next().unwrap().replace("&amp;", "&");
            let Some(copied) = copied.strip_prefix(&app.base) else { continue };
            let copied = copied.replace("/wms", "/wms?SERVICE=WMS&REQUEST=GetCapabilities");
            app.get(if copied.is_empty() { "/" } else { &copied }).expect(200);
            answered += 1;
        }
    }
    assert!(answered > 10, "{answered}");
}

#[test]
fn programs_that_take_anything_get_what_they_always_got() {
    let app = TestApp::shared();
    for (address, media_type) in [
        ("/", "application/json"),
        ("/collections", "application/json"),
        ("/collections/wards/items", "application/geo+json"),
        ("/collections/wards/schema", "application/schema+json"),
    ] {
        for accept in ["*/*", "application/json", "application/geo+json, application/json;q=0.9, */*;q=0.1"] {
            let answer = app.get_with(address, &[("accept", accept)]).expect(200);
            assert_eq!(answer.media_type().as_deref(), Some(media_type), "{address} for {accept}");
        }
        let links = app.get(address).expect(200).json()["links"].clone();
        let to_page = |link: &serde_json::Value| {
            link["rel"] == "alternate"
                && link["type"].as_str().is_some_and(|kind| kind.starts_with("text/html"))
        };
        if let Some(links) = links.as_array() {
            assert!(links.iter().any(to_page), "{address}");
        }
    }
}

#[test]
fn a_page_shows_the_features_that_its_json_gives() {
    let app = TestApp::shared();
    let question = "/collections/burglary-wards/items?period=2025-01/2025-06&sortby=-count&limit=5&offset=5";
    let features = app.get(question).expect(200).json()["features"].clone();
    let text = page(app, question).text();
    let mut from = 0;
    for feature in features.as_array().unwrap() {
        let name = feature["properties"]["name"].as_str().unwrap().replace('&', "&amp;");
        let at = text[from..].find(&format!("<td>{name}</td>")).unwrap_or_else(|| panic!("{name} in order"));
        from += at;
    }
    assert_eq!(text.matches("<path d=").count(), 5 + 1, "an area each, and the bar of the scale");
    assert!(text.contains("6 to 10 of"));
    assert!(text.contains("rel=\"next\"") && text.contains("rel=\"prev\""));
    // Links to features keep how the layer is made, and drop what chose them.
    assert!(
        text.contains("?period=2025-01/2025-06\"")
            && !text.contains("/items/E05001236?period=2025-01/2025-06&amp;sortby")
    );
}

#[test]
fn notices_stand_on_pages_with_numbers() {
    let app = TestApp::shared();
    for address in
        ["/?f=html", "/collections", "/collections/burglary-hex", "/collections/burglary-wards/items"]
    {
        let text = page(app, address).text();
        assert!(text.contains("schematic") && text.contains("synthetic"), "{address}");
    }
}

#[test]
fn hostile_names_are_shown_and_not_run() {
    let app = TestApp::empty();
    let hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";
    let row = serde_json::json!({
        "id": hostile, "category": "Burglary", "date": "2025-03-09", "street": hostile,
        "lon": -2.08, "lat": 52.51,
    });
    let report = app.post(
        "/incidents?source=test&name=a.ndjson",
        "application/x-ndjson",
        format!("{row}\n").as_bytes(),
    );
    assert_eq!(report.expect(200).json()["accepted"], 1);
    let features = app.get("/collections/incidents/items").expect(200).json();
    let shown = features["features"].to_string();
    assert!(shown.contains("<script>alert(1)"), "{shown}");
    let text = page(&app, "/collections/incidents/items").text();
    assert!(text.contains("&lt;script&gt;alert(1)"));
    let mut to_feature = None;
    for Tag { name, attributes } in tags(&text) {
        assert!(!["script", "img"].contains(&name.as_str()));
        let href = attributes.into_iter().find(|(name, value)| name == "href" && value.contains("/items/"));
        to_feature = href.map(|(_, value)| value).or(to_feature);
    }
    let address = to_feature.unwrap();
    let text = page(&app, address.strip_prefix(&app.base).unwrap()).text();
    assert!(tags(&text).iter().all(|tag| !["script", "img"].contains(&tag.name.as_str())));
    // What a query says stands on the page in links, and nowhere else.
    let asked = "/collections/wards/items?limit=5&name=%22%3E%3Cscript%3Ealert(3)%3C/script%3E";
    let text = page(&app, asked).text();
    assert!(!text.contains("<script") && text.contains("No features"));
}

#[test]
fn files_of_pages_may_be_kept_for_good() {
    let app = TestApp::shared();
    let text = page(app, "/api.html").text();
    let mut kinds = BTreeSet::new();
    for Tag { attributes, .. } in tags(&text) {
        for (_, value) in attributes {
            let Some(path) = value.strip_prefix(&app.base).filter(|path| path.starts_with("/assets/")) else {
                continue;
            };
            let file = app.get(path).expect(200);
            assert!(file.header("cache-control").unwrap().contains("immutable"));
            assert!(!file.plain().is_empty());
            kinds.insert(file.media_type().unwrap());
        }
    }
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["image/svg+xml", "text/css", "text/javascript"]);
    app.get("/assets/pages.css").expect(404);
    app.get("/assets/..%2fCargo.toml").expect(404);
}
