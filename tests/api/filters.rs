//! CQL2 filters on the features of layers: both encodings, coordinate systems, times, and what is refused.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{app::TestApp, exchange::encode};

const GRID: &str = "http://www.opengis.net/def/crs/EPSG/0/27700";
const LAT_LON: &str = "http://www.opengis.net/def/crs/EPSG/0/4326";
const MERCATOR: &str = "http://www.opengis.net/def/crs/EPSG/0/3857";

fn page(collection: &str, query: &str) -> Value {
    let query = if query.is_empty() { String::new() } else { format!("&{query}") };
    let address = format!("/collections/{collection}/items?limit=10000&skipGeometry=true{query}");
    TestApp::shared().get(&address).expect(200).json()
}

fn ids(page: &Value) -> BTreeSet<String> {
    let features = page["features"].as_array().unwrap().iter();
    features.map(|feature| feature["id"].as_str().unwrap().to_owned()).collect()
}

/// The ids of the features that meet a filter, and how many do.
fn filtered(collection: &str, filter: &str, more: &str) -> (BTreeSet<String>, u64) {
    let found = page(collection, &format!("filter={}{more}", encode(filter)));
    (ids(&found), found["numberMatched"].as_u64().unwrap())
}

fn matched(collection: &str, query: &str) -> u64 {
    page(collection, query)["numberMatched"].as_u64().unwrap()
}

#[test]
fn a_box_in_a_filter_takes_what_the_box_of_the_parameter_takes() {
    let boxes = [
        ("-2.12,52.48,-2.06,52.52", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
        ("52.48,-2.12,52.52,-2.06", LAT_LON),
        ("391850,288200,395900,292700", GRID),
        ("-236000,6888000,-229300,6895300", MERCATOR),
        ("177,-90,-2.09,90", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
    ];
    for collection in ["wards", "incidents", "violence-hex"] {
        for (corners, crs) in boxes {
            let crs = encode(crs);
            let by_parameter = page(collection, &format!("bbox={corners}&bbox-crs={crs}"));
            let filter = format!("S_INTERSECTS(geometry,BBOX({corners}))");
            let (found, count) = filtered(collection, &filter, &format!("&filter-crs={crs}"));
            assert_eq!(found, ids(&by_parameter), "{collection} {corners}");
            assert_eq!(Some(count), by_parameter["numberMatched"].as_u64());
            assert!(count > 0, "{collection} {corners}");
            let (_, outside) = filtered(
                collection,
                &format!("s_disjoint(BBOX({corners}), geometry)"),
                &format!("&filter-crs={crs}"),
            );
            assert_eq!(count + outside, matched(collection, ""), "{collection} {corners}");
        }
    }
}

#[test]
fn an_area_is_the_same_in_every_system_and_in_both_encodings() {
    let (lon_lat, count) = filtered(
        "incidents",
        "s_within(geometry, POLYGON((-2.12 52.48, -2.06 52.48, -2.06 52.52, -2.12 52.48)))",
        "",
    );
    assert!(count > 100);
    let lat_lon = "s_within(geometry, POLYGON((52.48 -2.12, 52.48 -2.06, 52.52 -2.06, 52.48 -2.12)))";
    let more = format!("&filter-crs={}", encode(LAT_LON));
    assert_eq!(filtered("incidents", lat_lon, &more).0, lon_lat);
    let with_height = json!({"op": "s_contains", "args": [
        {"type": "Polygon", "coordinates":
            [[[-2.12, 52.48, 1], [-2.06, 52.48, 2], [-2.06, 52.52, 3], [-2.12, 52.48, 1]]]},
        {"property": "geometry"},
    ]});
    assert_eq!(filtered("incidents", &with_height.to_string(), "&filter-lang=cql2-json").0, lon_lat);
    assert_eq!(filtered("incidents", &with_height.to_string(), "").0, lon_lat, "known by its brace");
}

#[test]
fn wards_are_found_by_name_and_by_how_they_lie() {
    let all = filtered("wards", "geometry is not null", "").1;
    assert_eq!(all, 24);
    let (norton, _) = filtered("wards", "name = 'Norton'", "");
    assert_eq!(norton.len(), 1);
    for filter in [
        "casei(name) = casei('NORTON')",
        "accenti(name) like 'N%rton'",
        "name in ('Norton', 'Nowhere')",
        "name between 'Norto' and 'Nortoz'",
        "NOT (name <> 'Norton')",
    ] {
        assert_eq!(filtered("wards", filter, "").0, norton, "{filter}");
    }
    let json = json!({"op": "like", "args": [{"op": "casei", "args": [{"property": "name"}]}, "norton"]});
    assert_eq!(filtered("wards", &json.to_string(), "&filter-lang=cql2-json").0, norton);
    // The ward itself, as it was given: it equals itself, and its neighbours touch it.
    let address = "/collections/wards/items?name=Norton&limit=1";
    let feature = TestApp::shared().get(address).expect(200).json()["features"][0].clone();
    let relation = |name: &str| {
        let filter = json!({"op": name, "args": [{"property": "geometry"}, feature["geometry"]]});
        let (found, _) = filtered("wards", &filter.to_string(), "&filter-lang=cql2-json");
        found
    };
    assert_eq!(relation("s_equals"), norton);
    assert_eq!(relation("s_within"), norton);
    assert_eq!(relation("s_contains"), norton);
    assert!(relation("s_crosses").is_empty() && relation("s_overlaps").is_empty());
    let neighbours = relation("s_touches");
    assert!(!neighbours.is_empty() && neighbours.is_disjoint(&norton));
    assert_eq!(&neighbours | &norton, relation("s_intersects"));
    assert_eq!(relation("s_disjoint").len() + relation("s_intersects").len(), 24);
}

#[test]
fn times_in_a_filter_are_those_of_the_parameter() {
    for (span, ends) in [
        ("2025-03-01/2025-05-31", "'2025-03-01', '2025-05-31'"),
        ("2025-03-01/..", "DATE('2025-03-01'), '..'"),
        ("../2025-03-01T12:00:00Z", "'..', TIMESTAMP('2025-03-01T12:00:00Z')"),
    ] {
        let expected = matched("incidents", &format!("datetime={span}"));
        let filter = format!("T_INTERSECTS(INTERVAL(occurred_from, occurred_to), INTERVAL({ends}))");
        assert_eq!(filtered("incidents", &filter, "").1, expected, "{filter}");
        assert!(expected > 0);
    }
    let count = |filter: &str| filtered("incidents", filter, "").1;
    let all = matched("incidents", "");
    // As GDAL writes it.
    let from = count("occurred_from >= '2025-03-01T00:00:00Z'");
    assert!(0 < from && from < all);
    assert_eq!(count("occurred_from < '2025-03-01T00:00:00Z'"), all - from);
    assert_eq!(count("occurred_from >= DATE('2025-03-01')"), from);
    assert_eq!(count("not t_before(occurred_from, DATE('2025-03-01'))"), from);
    assert_eq!(count("month >= '2025-03'"), from);
    let burglary = matched("incidents", "category=burglary");
    assert_eq!(filtered("incidents", "category = 'burglary'", "&filter-lang=cql-text").1, burglary);
}

#[test]
fn conditions_of_an_analysis_know_places_and_times_too() {
    let app = TestApp::shared();
    let used = |filter: &str| {
        let answer = app
            .get(&format!("/summaries/ward?priority=all-incidents&compare=none&filter={}", encode(filter)));
        answer.expect(200).json()["method"]["incidents"]["used"].as_u64().unwrap()
    };
    let half = |side: &str| used(&format!("s_intersects(geometry, BBOX({side}))"));
    let (west, east) = (half("-3, 52, -2.08, 53"), half("-2.0799999, 52, -1, 53"));
    assert!(west > 0 && east > 0);
    assert_eq!(west + east, used("true"));
}

#[test]
fn what_is_no_condition_is_refused_with_its_rule() {
    let app = TestApp::shared();
    let system = |crs: &str| format!("&filter-crs={}", encode(crs));
    for (filter, more, told) in [
        ("name =", String::new(), "not CQL2 text: the filter ends where"),
        ("name = 'a' AND", String::new(), "ends where"),
        ("nosuch = 1", String::new(), "no property 'nosuch'; there are code"),
        ("s_within(geometry, POINT(394607 294649))", String::new(), "not a position of CRS:84"),
        ("s_within(geometry, POINT(-2 512))", system(LAT_LON), "latitude, then longitude"),
        ("s_within(geometry, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))", String::new(), "not valid"),
        ("{\"op\":\"=\"}", String::new(), "not CQL2 JSON"),
        ("name = 'a'", "&filter-lang=cql2-json".to_owned(), "not CQL2 JSON"),
    ] {
        let answer =
            app.get(&format!("/collections/wards/items?filter={}{more}", encode(filter))).expect(400);
        assert_eq!(answer.media_type().as_deref(), Some("application/problem+json"));
        let faults = answer.faults();
        let is_told = |fault: &&[String; 3]| fault[0].contains("filter") && fault[2].contains(told);
        assert!(faults.iter().any(|fault| is_told(&fault)), "{filter}: {faults:?}");
    }
    for bad in
        ["filter-lang=sql", "filter-crs=EPSG:1", "filter-crs=http://www.opengis.net/def/crs/0/unsupported"]
    {
        app.get(&format!("/collections/wards/items?filter=true&{bad}")).expect(400);
    }
    let nested = format!("{}name = 'a'", "(".repeat(39));
    app.get(&format!("/collections/wards/items?filter={}", encode(&nested))).expect(400);
}

#[test]
fn the_classes_of_cql2_are_declared() {
    let declared = TestApp::shared().get("/conformance").expect(200).text();
    for class in [
        "basic-cql2",
        "basic-spatial-functions",
        "basic-spatial-operators",
        "spatial-functions",
        "temporal-functions",
        "accent-insensitive-comparison",
        "arithmetic",
        "property-property",
    ] {
        assert!(
            declared.contains(&format!("http://www.opengis.net/spec/cql2/1.0/conf/{class}\"")),
            "{class}"
        );
    }
}
