//! Layers as features: lists, pages, boxes, times, coordinate systems, sorting and what is refused.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    app::TestApp,
    exchange::{Exchange, encode},
};

const GRID: &str = "http://www.opengis.net/def/crs/EPSG/0/27700";
const LAT_LON: &str = "http://www.opengis.net/def/crs/EPSG/0/4326";

fn collections() -> Vec<String> {
    let listed = TestApp::shared().get("/collections").expect(200).json();
    let ids = listed["collections"].as_array().unwrap().iter();
    ids.map(|known| known["id"].as_str().unwrap().to_owned()).collect()
}

fn ids(page: &Value) -> Vec<String> {
    let features = page["features"].as_array().unwrap().iter();
    features.map(|feature| feature["id"].as_str().unwrap().to_owned()).collect()
}

fn next(page: &Value) -> Option<String> {
    let links = page["links"].as_array().unwrap().iter();
    let href = links.clone().find(|link| link["rel"] == "next")?["href"].as_str().unwrap().to_owned();
    Some(href.strip_prefix(&TestApp::shared().base).unwrap().to_owned())
}

fn items(address: &str) -> Value {
    TestApp::shared().get(address).expect(200).json()
}

#[test]
fn every_listed_layer_gives_features_with_the_fields_of_its_schema() {
    let app = TestApp::shared();
    let listed = collections();
    for id in
        ["wards", "beats", "borough", "incidents", "priorities", "burglary-hotspots", "burglary-density"]
    {
        assert!(listed.iter().any(|known| known == id), "{id} of {listed:?}");
    }
    for id in &listed {
        let one = app.get(&format!("/collections/{id}")).expect(200).json();
        assert_eq!(one["id"], id.as_str());
        let page = items(&format!("/collections/{id}/items?limit=3"));
        let first = &page["features"][0];
        let schema = app.get(&format!("/collections/{id}/schema")).expect(200).json();
        let declared: BTreeSet<_> = schema["properties"].as_object().unwrap().keys().cloned().collect();
        let given: BTreeSet<_> = first["properties"].as_object().unwrap().keys().cloned().collect();
        let others = BTreeSet::from(["geometry".to_owned(), "id".to_owned()]);
        assert_eq!(&given | &others, declared, "{id}");
        let feature = app.get(&format!("/collections/{id}/items/{}", first["id"].as_str().unwrap()));
        let feature = feature.expect(200).json();
        for member in ["id", "geometry", "properties"] {
            assert_eq!(feature[member], first[member], "{id}");
        }
        let kind = &first["geometry"]["type"];
        assert_eq!(kind == "Point", id == "incidents", "{id}: {kind}");
    }
}

#[test]
fn pages_hold_every_feature_once() {
    for (address, limit) in [("/collections/burglary-hex/items", 400), ("/collections/wards/items", 7)] {
        let whole = items(&format!("{address}?limit=10000"));
        let matched = whole["numberMatched"].as_u64().unwrap();
        let mut seen = Vec::new();
        let mut page = items(&format!("{address}?limit={limit}"));
        loop {
            assert_eq!(page["numberMatched"], matched);
            assert_eq!(page["numberReturned"], page["features"].as_array().unwrap().len());
            seen.extend(ids(&page));
            match next(&page) {
                Some(address) => page = items(&address),
                None => break,
            }
        }
        assert_eq!(seen, ids(&whole), "{address}");
        assert_eq!(seen.len() as u64, matched);
    }
}

#[test]
fn a_limit_beyond_the_most_gives_the_most_and_wrong_ones_are_refused() {
    let page = items("/collections/incidents/items?limit=2000000");
    assert_eq!(page["numberReturned"], 10_000);
    for limit in ["0", "-1", "unlimited", "1.5", ""] {
        TestApp::shared().get(&format!("/collections/wards/items?limit={limit}")).expect(400);
    }
    let beyond = items("/collections/wards/items?offset=4000000000");
    assert_eq!((beyond["numberReturned"].as_u64(), beyond["numberMatched"].as_u64()), (Some(0), Some(24)));
}

/// The first page is read, incidents are imported, and the pages after it are of the incidents of the first.
#[test]
fn pages_are_of_one_generation_whatever_is_imported_meanwhile() {
    let app = TestApp::start(&["--demonstration"]);
    let get = |address: &str| app.get(address).expect(200).json();
    let before = get("/collections/incidents/items?limit=10000&properties=category&skipGeometry=true");
    let mut page = get("/collections/incidents/items?limit=9000&properties=category&skipGeometry=true");
    let matched = page["numberMatched"].clone();
    let csv =
        b"id,date,lon,lat,category\nz1,2025-06-01,-2.08,52.51,burglary\nz2,2025-06-02,-2.09,52.5,robbery\n";
    app.post("/incidents?source=late", "text/csv", csv).expect(200);
    let now = get("/collections/incidents/items?limit=1")["numberMatched"].as_u64().unwrap();
    assert_eq!(now, matched.as_u64().unwrap() + 2);
    let mut seen = ids(&page);
    let next = |page: &Value| {
        let links = page["links"].as_array().unwrap().clone();
        let link = links.into_iter().find(|link| link["rel"] == "next")?;
        Some(link["href"].as_str().unwrap().strip_prefix(&app.base).unwrap().to_owned())
    };
    while let Some(address) = next(&page) {
        page = get(&address);
        assert_eq!(page["numberMatched"], matched);
        seen.extend(ids(&page));
    }
    assert_eq!(seen.len() as u64, matched.as_u64().unwrap());
    assert_eq!(seen[..10_000], ids(&before)[..]);
    let distinct: BTreeSet<_> = seen.iter().collect();
    assert_eq!(distinct.len(), seen.len());
    let gone = app.get("/collections/incidents/items?generation=77").expect(410);
    assert!(gone.json()["detail"].as_str().unwrap().contains("77"));
}

#[test]
fn a_box_holds_what_meets_it_and_nothing_else() {
    let (west, south, east, north) = (-2.1, 52.48, -2.06, 52.52);
    let inside = |feature: &&Value| {
        let at = &feature["geometry"]["coordinates"];
        let (lon, lat) = (at[0].as_f64().unwrap(), at[1].as_f64().unwrap());
        (west..=east).contains(&lon) && (south..=north).contains(&lat)
    };
    let all = items("/collections/incidents/items?limit=10000&category=robbery");
    let boxed = format!("bbox={west},{south},{east},{north}");
    let found = items(&format!("/collections/incidents/items?limit=10000&category=robbery&{boxed}"));
    let expected: Vec<_> = all["features"].as_array().unwrap().iter().filter(inside).cloned().collect();
    assert_eq!(found["features"].as_array().unwrap(), &expected);
    assert!(!expected.is_empty() && (expected.len() as u64) < all["numberMatched"].as_u64().unwrap());
}

#[test]
fn the_same_box_in_every_system_finds_the_same_wards() {
    let found = |query: &str| ids(&items(&format!("/collections/wards/items?{query}")));
    let lon_lat = found("bbox=-2.12,52.48,-2.06,52.52");
    assert!(!lon_lat.is_empty() && lon_lat.len() < 24);
    let lat_lon = found(&format!("bbox=52.48,-2.12,52.52,-2.06&bbox-crs={}", encode(LAT_LON)));
    assert_eq!(lat_lon, lon_lat);
    let six = found("bbox=-2.12,52.48,0,-2.06,52.52,90");
    assert_eq!(six, lon_lat);
    assert!(found("bbox=177,-90,-1,90").len() == 24, "over the 180th meridian");
    assert!(found("bbox=177,65,-177,70").is_empty());
    for bad in ["1,2,3", "a,b,c,d", "1,2,3,4,5", "NaN,0,1,1", "-2,53,-1,52", ""] {
        TestApp::shared().get(&format!("/collections/wards/items?bbox={bad}")).expect(400);
    }
}

#[test]
fn coordinates_stand_in_the_order_of_the_axes_of_their_system() {
    let app = TestApp::shared();
    let at = |crs: &str| -> Exchange {
        let query = if crs.is_empty() { String::new() } else { format!("&crs={}", encode(crs)) };
        app.get(&format!("/collections/incidents/items?limit=1{query}")).expect(200)
    };
    let point = |answer: &Exchange| {
        let at = answer.json()["features"][0]["geometry"]["coordinates"].clone();
        (at[0].as_f64().unwrap(), at[1].as_f64().unwrap())
    };
    let (lon, lat) = point(&at(""));
    assert!(lon < 0.0 && lat > 50.0);
    assert_eq!(point(&at(LAT_LON)), (lat, lon));
    let grid = at(GRID);
    assert_eq!(grid.header("content-crs"), Some(format!("<{GRID}>")));
    let (easting, northing) = point(&grid);
    assert!((380_000.0..410_000.0).contains(&easting) && (270_000.0..310_000.0).contains(&northing));
    let asked = app.get(&format!("/geocode?lon={lon}&lat={lat}")).expect(200).json();
    assert!((asked["easting_m"].as_f64().unwrap() - easting).abs() < 0.02, "by OSTN15, in centimetres");
    let unknown = encode("http://www.opengis.net/def/crs/0/unsupported");
    app.get(&format!("/collections/wards/items?crs={unknown}")).expect(400);
    app.get(&format!("/collections/wards/items?bbox=1,2,3,4&bbox-crs={unknown}")).expect(400);
    app.get(&format!("/collections/wards/items/E05001236?crs={unknown}")).expect(400);
}

#[test]
fn spans_of_time_part_the_incidents() {
    let matched = |query: &str| {
        items(&format!("/collections/incidents/items?limit=1&{query}"))["numberMatched"].as_u64().unwrap()
    };
    let all = matched("");
    let (start, end) = ("2025-03-01", "2025-05-31");
    let open_end = matched(&format!("datetime={start}/.."));
    let open_start = matched(&format!("datetime=../{end}"));
    let between = matched(&format!("datetime={start}/{end}"));
    assert_eq!(open_start + open_end - between, all);
    assert!(0 < between && between < open_end && open_end < all);
    assert_eq!(matched("datetime=2120-01-01/.."), 0);
    assert_eq!(matched("datetime=/2025-05-31"), open_start);
    assert_eq!(
        items("/collections/wards/items?datetime=2120-01-01")["numberMatched"],
        24,
        "wards have no time"
    );
    for bad in ["yesterday", "2024-13-01", "2024-01-01T00:00:00Z/2023-01-01T00:00:00Z"] {
        TestApp::shared().get(&format!("/collections/wards/items?datetime={bad}")).expect(400);
    }
}

#[test]
fn features_are_chosen_by_value_sorted_and_cut_to_the_fields_that_are_wanted() {
    let counted = items("/collections/burglary-wards/items?sortby=-count,name&properties=name,count");
    let rows: Vec<(i64, String)> = counted["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| {
            let properties = feature["properties"].as_object().unwrap();
            assert_eq!(properties.keys().collect::<Vec<_>>(), ["name", "count"]);
            (-properties["count"].as_i64().unwrap(), properties["name"].as_str().unwrap().to_owned())
        })
        .collect();
    assert!(rows.is_sorted());
    let norton = items("/collections/wards/items?name=Norton");
    assert_eq!(norton["numberMatched"], 1);
    let two = items("/collections/incidents/items?limit=1&category=burglary,robbery");
    let one = |slug: &str| items(&format!("/collections/incidents/items?limit=1&category={slug}"));
    let sum = one("burglary")["numberMatched"].as_u64().unwrap()
        + one("robbery")["numberMatched"].as_u64().unwrap();
    assert_eq!(two["numberMatched"].as_u64(), Some(sum));
    assert!(items("/collections/wards/items?skipGeometry=true")["features"][0]["geometry"].is_null());
    for bad in ["sortby=nothing", "properties=nothing", "nothing=1", "bandwidth_m=200", "skipGeometry=maybe"]
    {
        TestApp::shared().get(&format!("/collections/wards/items?{bad}")).expect(400);
    }
}

#[test]
fn a_computed_layer_is_made_by_the_parameters_that_are_given() {
    let method =
        |query: &str| items(&format!("/collections/burglary-density/items?{query}"))["method"].clone();
    assert_eq!(method("bandwidth_m=250")["parameters"]["bandwidth_m"], 250.0);
    assert_eq!(method("period=2025-02")["period"], "2025-02");
    let by_analysis =
        TestApp::shared().get("/analysis/density?priority=burglary&bandwidth_m=250").expect(200).json();
    let by_layer = items("/collections/burglary-density/items?bandwidth_m=250");
    let geometries = |document: &Value| {
        let features = document["features"].as_array().unwrap().iter();
        features.map(|feature| feature["geometry"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(geometries(&by_layer), geometries(&by_analysis));
}

#[test]
fn tables_have_the_features_of_the_page() {
    let app = TestApp::shared();
    let (header, rows) =
        app.get("/collections/incidents/items?limit=5&f=csv&properties=category").expect(200).csv();
    assert_eq!(header, ["id", "category", "lon", "lat"]);
    let page = items("/collections/incidents/items?limit=5");
    assert_eq!(rows.iter().map(|row| row[0].clone()).collect::<Vec<_>>(), ids(&page));
    let link = app.get("/collections/incidents/items?limit=5&f=csv").expect(200).header("link").unwrap();
    assert!(link.contains("rel=\"next\"") && link.contains("f=csv"), "{link}");
}

#[test]
fn what_is_not_there_is_said_with_what_is() {
    let app = TestApp::shared();
    let detail = app.get("/collections/nothing").expect(404).json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("burglary-hex"), "{detail}");
    app.get("/collections/nothing/items").expect(404);
    app.get("/collections/wards/items/nothing").expect(404);
    app.get("/collections/incidents/items/99999999999999999999999").expect(404);
    app.get_with("/collections/wards/items", &[("accept", "image/png")]).expect(406);
    app.ask("DELETE", "/collections/wards/items", &[], b"").expect(405);
}

#[test]
fn single_incidents_are_hidden_where_the_audience_may_not_see_them() {
    let app = TestApp::start(&["--demonstration", "--hide-incidents"]);
    let listed = app.get("/collections").expect(200).json();
    assert!(listed["collections"].as_array().unwrap().iter().all(|known| known["id"] != "incidents"));
    for address in
        ["/collections/incidents", "/collections/incidents/items", "/collections/incidents/items/1"]
    {
        app.get(address).expect(404);
    }
    app.get("/incidents?bbox=-2.15,52.45,-2.1,52.5").expect(404);
    assert!(
        app.get("/collections/burglary-hex/items").expect(200).json()["numberMatched"].as_u64() > Some(100)
    );
}
