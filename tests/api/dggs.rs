//! Zones of H3, and the hex layers by zone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::app::TestApp;

const ZONES: &str = "/dggs/H3/zones";
const LAYER: &str = "/collections/burglary-hex/dggs/H3";

fn json(address: &str) -> Value {
    TestApp::shared().get(address).expect(200).json()
}

fn names(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

fn faults(address: &str) -> String {
    TestApp::shared().get(address).expect(400).json()["errors"].to_string()
}

#[test]
fn there_is_one_grid() {
    let list = json("/dggs");
    assert_eq!(list["dggrs"][0]["id"], "H3");
    let grid = json("/dggs/H3");
    let levels = grid["levels"].as_array().unwrap();
    assert_eq!((levels.len(), &levels[0]["zones"], &levels[15]["level"]), (16, &json!(122), &json!(15)));
    let own = json(LAYER);
    assert_eq!((&own["maxRefinementLevel"], own["levels"].as_array().unwrap().len()), (&json!(11), 12));
    assert!(own["linkTemplates"].to_string().contains(&format!("{LAYER}/zones/{{zoneId}}/data")));
    assert_eq!(json("/collections/burglary-hex/dggs")["dggrs"][0]["id"], "H3");
    assert!(json("/collections/burglary-hex")["links"].to_string().contains("[ogc-rel:dggrs-list]"));
    let landing = json("/")["links"].to_string();
    for rel in ["[ogc-rel:dggrs-list]", "ogc/1.0/processes", "ogc/1.0/job-list"] {
        assert!(landing.contains(rel), "{rel}");
    }
    let classes = json("/conformance").to_string();
    assert!(
        classes.contains("ogcapi-dggs-1/1.0/conf/core")
            && classes.contains("ogcapi-processes-1/1.0/conf/core")
    );
}

#[test]
fn a_zone_tells_of_its_family() {
    let zone = json(&format!("{ZONES}/89195c0c4cbffff"));
    assert_eq!((&zone["level"], &zone["shapeType"]), (&json!(9), &json!("hexagon")));
    let parent = json(&format!("{ZONES}/{}", zone["parent"].as_str().unwrap()));
    assert!(names(&parent["children"]).contains(&"89195c0c4cbffff".to_owned()));
    assert_eq!((names(&zone["children"]).len(), names(&zone["neighbours"]).len()), (7, 6));
    for neighbour in names(&zone["neighbours"]) {
        let beside = json(&format!("{ZONES}/{neighbour}"));
        assert!(names(&beside["neighbours"]).contains(&"89195c0c4cbffff".to_owned()));
    }
    let (bbox, centre) = (&zone["bbox"], &zone["centroid"]);
    let number = |value: &Value| value.as_f64().unwrap();
    for axis in [0, 1] {
        assert!(
            number(&bbox[axis]) < number(&centre[axis]) && number(&centre[axis]) < number(&bbox[axis + 2])
        );
    }
    let feature = json(&format!("{ZONES}/89195c0c4cbffff?f=geojson"));
    assert_eq!(
        (&feature["geometry"], &feature["properties"]["parent"]),
        (&zone["geometry"], &zone["parent"])
    );
    // At both ends of the hierarchy, at a pentagon and across the 180th meridian.
    assert!(json(&format!("{ZONES}/8001fffffffffff"))["parent"].is_null());
    let pentagon = json(&format!("{ZONES}/8009fffffffffff"));
    assert_eq!((&pentagon["shapeType"], names(&pentagon["children"]).len()), (&json!("pentagon"), 6));
    let across = json(&format!("{ZONES}/807ffffffffffff"));
    assert!(number(&across["bbox"][0]) > number(&across["bbox"][2]));
}

#[test]
fn the_zones_of_a_box_are_told_by_level() {
    let address = format!("{ZONES}?bbox=-2.15,52.45,-2.05,52.55&compact-zones=false");
    let fine = names(&json(&format!("{address}&zone-level=9"))["zones"]);
    assert_eq!(names(&json(&format!("{address}&resolution=9"))["zones"]), fine);
    assert_eq!(names(&json(&address)["zones"]), fine);
    assert!(fine.is_sorted() && fine.len() > 500);
    // Compacted zones stand for the same ground.
    let compact = json(&format!("{ZONES}?bbox=-2.15,52.45,-2.05,52.55&zone-level=9"));
    let mut expanded = BTreeSet::new();
    for zone in names(&compact["zones"]) {
        expanded.extend(names(
            &json(&format!("{ZONES}?parent-zone={zone}&zone-level=9&compact-zones=false"))["zones"],
        ));
    }
    assert!(expanded.iter().eq(&fine) && names(&compact["zones"]).len() < fine.len());
    let (header, rows) = TestApp::shared().get(&format!("{address}&f=csv")).expect(200).csv();
    assert_eq!((header[0].as_str(), rows.len()), ("hex_id", fine.len()));
    let features = json(&format!("{address}&f=geojson"));
    let ids: Vec<_> = features["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|zone| zone["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids, fine);
    // The same box with its axes in another order, and one that is far away.
    let turned = "bbox=52.45,-2.15,52.55,-2.05&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326";
    assert_eq!(names(&json(&format!("{ZONES}?{turned}&compact-zones=false"))["zones"]), fine);
    assert!(names(&json(&format!("{ZONES}?bbox=100,10,101,11"))["zones"]).is_empty());
    assert!(
        !names(&json(&format!("{ZONES}?bbox=170,-90,-170,90&zone-level=0"))["zones"])
            .contains(&String::new())
    );
    assert_eq!(names(&json(&format!("{ZONES}?bbox=-2.1,52.5,-2.1,52.5&zone-level=15"))["zones"]).len(), 1);
    assert_eq!(names(&json(&format!("{ZONES}?zone-level=0"))["zones"]).len(), 1);
}

#[test]
fn a_hex_layer_has_the_zones_and_values_of_its_items() {
    let question = "period=2025-01/2025-12";
    let items = json(&format!("/collections/burglary-hex/items?{question}&resolution=8&limit=10000"));
    let cells: BTreeMap<_, _> = items["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cell| (cell["id"].as_str().unwrap().to_owned(), cell.clone()))
        .collect();
    let zones = names(&json(&format!("{LAYER}/zones?{question}&zone-level=8&compact-zones=false"))["zones"]);
    assert!(zones.iter().eq(cells.keys()));
    let busy = names(
        &json(&format!("{LAYER}/zones?{question}&resolution=8&filter=count%3E5&compact-zones=false"))["zones"],
    );
    assert!(
        !busy.is_empty() && busy.iter().all(|zone| cells[zone]["properties"]["count"].as_i64().unwrap() > 5)
    );
    let parents: BTreeSet<_> = zones
        .iter()
        .map(|zone| json(&format!("{ZONES}/{zone}"))["parent"].as_str().unwrap().to_owned())
        .collect();
    let mut seen = 0;
    for parent in &parents {
        let children = names(&json(&format!("{ZONES}/{parent}"))["children"]);
        let address = format!("{LAYER}/zones/{parent}/data?{question}&zone-depth=1");
        let data = json(&address);
        assert_eq!((&data["zoneId"], &data["depths"]), (&json!(parent), &json!([1])));
        for (property, values) in data["values"].as_object().unwrap() {
            let told = &values[0];
            assert_eq!(told["shape"], json!({"count": children.len(), "subZones": children.len()}));
            for (child, value) in children.iter().zip(told["data"].as_array().unwrap()) {
                let expected = cells.get(child).map_or(&Value::Null, |cell| &cell["properties"][property]);
                assert_eq!(value, expected, "{property} of {child}");
            }
        }
        let features = json(&format!("{address}&f=geojson"));
        for feature in features["features"].as_array().unwrap() {
            assert_eq!(feature, &cells[feature["id"].as_str().unwrap()]);
            seen += 1;
        }
        assert_eq!(features["method"]["incidents"], items["method"]["incidents"]);
        assert_eq!(
            json(&format!("{LAYER}/zones/{parent}/data?{question}&resolution=8"))["values"],
            data["values"]
        );
    }
    assert_eq!(seen, cells.len());
    let one = &zones[0];
    let data = json(&format!("{LAYER}/zones/{one}/data?{question}&properties=count"));
    let expected = json!({"count": [{"depth": 0, "shape": {"count": 1, "subZones": 1},
        "data": [cells[one]["properties"]["count"]]}]});
    assert_eq!((&data["values"], &data["depths"]), (&expected, &json!([0])));
}

#[test]
fn where_a_layer_has_nothing_there_is_no_body() {
    let app = TestApp::shared();
    // A cell of London.
    app.get(&format!("{LAYER}/zones/89194ad32cbffff/data")).expect(204);
    app.get(&format!("{LAYER}/zones/89194ad32cbffff/data?f=geojson")).expect(204);
}

#[test]
fn levels_that_do_not_fit_and_lists_that_are_too_long_are_refused() {
    for (address, words) in [
        (format!("{ZONES}?zone-level=16"), "from 0 to 15"),
        (format!("{ZONES}?zone-level=9&resolution=8"), "the same as zone-level"),
        (format!("{ZONES}?zone-level=13"), "at most 100000"),
        (format!("{ZONES}?bbox=-9,50,2,60&zone-level=15"), "at most 100000"),
        (format!("{ZONES}?bbox=-180,-90,180,90&zone-level=9"), "at most 100000"),
        (format!("{ZONES}?parent-zone=8001fffffffffff&zone-level=15"), "at most 100000"),
        (format!("{ZONES}?parent-zone=89195c0c4cbffff&zone-level=8"), "from 9"),
        (format!("{ZONES}?parent-zone=89195C0C4CBFFFF"), "written as its index"),
        (format!("{ZONES}?bbox=1,2,3"), "four numbers"),
        (format!("{ZONES}?compact-zones=yes"), "true, false"),
        (format!("{LAYER}/zones?zone-level=6"), "7 to 11"),
        (format!("{LAYER}/zones?zone-level=9&resolution=8"), "follows from zone-level"),
        (format!("{LAYER}/zones/8001fffffffffff/data"), "none of them lies at most 5 below"),
        (format!("{LAYER}/zones/8b195c0c4c80fff/data?zone-depth=1"), "from 0 to 0"),
        (format!("{LAYER}/zones/86195c0cfffffff/data"), "from 1 to 5"),
        (format!("{LAYER}/zones/86195c0cfffffff/data?zone-depth=6"), "from 0 to 5"),
        (format!("{LAYER}/zones/89195c0c4cbffff/data?zone-depth=1&resolution=9"), "as it follows from"),
        (format!("{LAYER}/zones/89195c0c4cbffff/data?resolution=8"), "as it follows from"),
        (format!("{LAYER}/zones/89195c0c4cbffff/data?properties=colour"), "colour"),
        (format!("{LAYER}/zones/89195c0c4cbffff/data?bbox=1,2,3,4"), "not a parameter"),
    ] {
        let told = faults(&address);
        assert!(told.contains(words), "{address}: {told}");
    }
}

#[test]
fn grids_zones_and_layers_that_are_not_there_are_not_found() {
    let app = TestApp::shared();
    for address in [
        "/dggs/S2",
        "/dggs/S2/zones",
        "/dggs/H3/zones/x",
        "/dggs/H3/zones/ffffffffffffffff",
        "/collections/wards/dggs",
        "/collections/nothing/dggs/H3",
        "/collections/burglary-hex/dggs/S2/zones",
        "/collections/burglary-density/dggs/H3/zones",
        "/collections/burglary-hex/dggs/H3/zones/x/data",
    ] {
        app.get(address).expect(404);
    }
    let refused = app.get("/collections/wards/dggs").expect(404).json();
    assert!(refused["detail"].as_str().unwrap().contains("burglary-hex"));
}
