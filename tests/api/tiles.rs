//! Vector tiles, and how clients find them.

use std::collections::{BTreeMap, BTreeSet};

use hotspots::render::vector_tile::wire::{Layer, Tile};
use prost::Message;

use crate::{
    app::TestApp,
    exchange::{Exchange, encode},
};

/// The deepest tile that holds all of Dudley: the borough lies across an edge of every finer zoom.
const DUDLEY: &str = "5/15/10";

fn layers(answer: &Exchange) -> BTreeMap<String, Layer> {
    let tile = Tile::decode(answer.plain().as_slice()).unwrap();
    tile.layers.into_iter().map(|layer| (layer.name.clone(), layer)).collect()
}

fn layer(address: &str, name: &str) -> Layer {
    layers(&TestApp::shared().get(address).expect(200)).remove(name).unwrap()
}

fn texts(layer: &Layer, property: &str) -> BTreeSet<String> {
    let key = layer.keys.iter().position(|key| key == property).unwrap();
    let tags = layer.features.iter().flat_map(|feature| feature.tags.chunks(2));
    let values = tags.filter(|tag| tag[0] as usize == key).map(|tag| &layer.values[tag[1] as usize]);
    values.map(|value| value.text.clone().unwrap()).collect()
}

fn counted(layer: &Layer) -> i64 {
    let key = layer.keys.iter().position(|key| key == "count").unwrap();
    let tags = layer.features.iter().flat_map(|feature| feature.tags.chunks(2));
    tags.filter(|tag| tag[0] as usize == key).map(|tag| layer.values[tag[1] as usize].whole.unwrap()).sum()
}

#[test]
fn a_tile_of_the_borough_has_all_wards_with_their_names() {
    let app = TestApp::shared();
    let wards = layer(&format!("/tiles/wards/{DUDLEY}.mvt"), "wards");
    let items = app.get("/collections/wards/items").expect(200).json();
    let items = items["features"].as_array().unwrap().clone();
    let names = items.iter().map(|item| item["properties"]["name"].as_str().unwrap().to_owned());
    assert_eq!(wards.features.len(), items.len());
    assert_eq!(texts(&wards, "name"), names.collect());
    let ids = items.iter().map(|item| item["id"].as_str().unwrap().to_owned());
    assert_eq!(texts(&wards, "id"), ids.collect());
}

#[test]
fn both_addresses_of_a_tile_give_the_same_bytes() {
    let app = TestApp::shared();
    for (plain, ogc) in [
        ("/tiles/wards/12/2024/1343.mvt", "/collections/wards/tiles/WebMercatorQuad/12/1343/2024"),
        (
            "/tiles/12/2024/1343.mvt?collections=wards",
            "/tiles/WebMercatorQuad/12/1343/2024?collections=wards",
        ),
        (
            "/tiles/burglary-hex/12/2024/1343.mvt?resolution=8",
            "/collections/burglary-hex/tiles/WebMercatorQuad/12/1343/2024?resolution=8",
        ),
    ] {
        let (plain, ogc) = (app.get(plain).expect(200), app.get(ogc).expect(200));
        assert!(!plain.body.is_empty() && plain.body == ogc.body, "{}", plain.address);
        assert_eq!(plain.media_type().as_deref(), Some("application/vnd.mapbox-vector-tile"));
    }
    let asked = [("accept", "application/vnd.mapbox-vector-tile")];
    app.get_with("/collections/wards/tiles/WebMercatorQuad/12/1343/2024?f=mvt", &asked).expect(200);
}

#[test]
fn a_tile_is_held_compressed_and_confirmed() {
    let app = TestApp::shared();
    let address = format!("/tiles/wards/{DUDLEY}.mvt");
    let plain = app.get(&address).expect(200);
    let packed = app.get_with(&address, &[("accept-encoding", "gzip")]).expect(200);
    assert_eq!(packed.header("content-encoding").as_deref(), Some("gzip"));
    assert!(packed.body.len() < plain.body.len() && packed.plain() == plain.body);
    let tag = plain.header("etag").unwrap();
    app.get_with(&address, &[("if-none-match", &tag)]).expect(304);
    assert_eq!(app.get(&address).expect(200).body, plain.body);
    let part = app.get_with(&address, &[("range", "bytes=0-9")]).expect(206);
    assert_eq!(part.body, plain.body[..10]);
}

#[test]
fn a_tile_without_anything_has_no_content() {
    let app = TestApp::shared();
    for address in [
        "/tiles/wards/10/0/0.mvt",
        "/tiles/10/0/0.mvt?collections=wards,borough",
        "/collections/incidents/tiles/WebMercatorQuad/20/0/0",
        "/tiles/wards/10/506/335.mvt?name=Nowhere",
    ] {
        let empty = app.get(address).expect(204);
        assert!(empty.body.is_empty());
        let tag = empty.header("etag").unwrap();
        app.get_with(address, &[("if-none-match", &tag)]).expect(304);
    }
}

#[test]
fn what_is_no_tile_is_refused() {
    let app = TestApp::shared();
    for tile in ["60/0/0", "21/0/0", "1/2/0", "1/0/2", "0/4294967295/0"] {
        app.get(&format!("/tiles/wards/{tile}.mvt")).expect(404);
        app.get(&format!("/tiles/{tile}.mvt")).expect(404);
    }
    for tile in ["-1/0/0", "1/-1/0", "1/0/99999999999", "a/0/0", "1.5/0/0"] {
        app.get(&format!("/tiles/wards/{tile}.mvt")).expect(400);
    }
    app.get("/collections/wards/tiles/WebMercatorQuad/60/0/0").expect(404);
    app.get("/collections/wards/tiles/WebMercatorQuad/x/0/0").expect(400);
    app.get("/tiles/parishes/0/0/0.mvt").expect(404);
    app.get("/tiles/0/0/0.mvt?collections=wards,parishes").expect(404);
    for query in ["x=1", "bandwidth_m=300", "filter=nonsense", "limit=5"] {
        app.get(&format!("/tiles/wards/0/0/0.mvt?{query}")).expect(400);
    }
    for query in ["collections=wards,wards", "resolution=8", "filter=name='Norton'"] {
        app.get(&format!("/tiles/0/0/0.mvt?{query}")).expect(400);
    }
    app.get("/collections/wards/tiles/WebMercatorQuad/0/0/0?f=png").expect(400);
    app.get_with("/collections/wards/tiles/WebMercatorQuad/0/0/0", &[("accept", "image/png")]).expect(406);
    app.ask_unchecked("GET", "/collections/wards/tiles/WorldCRS84Quad", &[], b"").expect(404);
}

#[test]
fn a_tile_shows_what_its_parameters_choose() {
    let app = TestApp::shared();
    let filter = encode("name = 'Norton'");
    let norton = layer(&format!("/tiles/wards/{DUDLEY}.mvt?filter={filter}"), "wards");
    assert_eq!(texts(&norton, "name"), BTreeSet::from(["Norton".to_owned()]));
    assert_eq!(norton, layer(&format!("/tiles/wards/{DUDLEY}.mvt?name=Norton"), "wards"));
    for query in ["", "category=burglary", "datetime=2025-06-01T00:00:00Z/2025-07-01T00:00:00Z"] {
        let items = app.get(&format!("/collections/incidents/items?limit=1&{query}")).expect(200).json();
        let tile = layer(&format!("/tiles/incidents/0/0/0.mvt?{query}"), "incidents");
        assert_eq!(Some(counted(&tile)), items["numberMatched"].as_i64(), "{query}");
    }
    let one = layer(&format!("/tiles/burglary-hex/{DUDLEY}.mvt?resolution=7&period=2025-06"), "burglary-hex");
    let other =
        layer(&format!("/tiles/burglary-hex/{DUDLEY}.mvt?resolution=7&period=2025-07"), "burglary-hex");
    assert!(one.features.len() == other.features.len() && one != other);
}

#[test]
fn a_tile_with_the_incidents_of_half_the_borough_is_small() {
    let answer = TestApp::shared().get("/tiles/incidents/10/506/335.mvt").expect(200);
    assert!(answer.body.len() < 500_000, "{}", answer.body.len());
}

#[test]
fn incidents_are_single_from_zoom_14_on() {
    let app = TestApp::shared();
    let near = app.get("/collections/incidents/items?limit=1").expect(200).json();
    let at = &near["features"][0]["geometry"]["coordinates"];
    let (lon, lat) = (at[0].as_f64().unwrap(), at[1].as_f64().unwrap());
    let tile = |zoom: i32| {
        let across = 2_f64.powi(zoom);
        let x = (lon + 180.0) / 360.0 * across;
        let y = (1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0 * across;
        format!("/tiles/incidents/{zoom}/{}/{}.mvt", x.floor(), y.floor())
    };
    let single = layer(&tile(14), "incidents");
    assert!(single.features.iter().all(|feature| feature.id.is_some()));
    let ids: BTreeSet<u64> = single.features.iter().filter_map(|feature| feature.id).collect();
    assert!(
        ids.len() == single.features.len()
            && ids.contains(&near["features"][0]["id"].as_str().unwrap().parse().unwrap())
    );
    let gathered = layer(&tile(13), "incidents");
    assert!(gathered.features.iter().all(|feature| feature.id.is_none()));
    assert!(counted(&gathered) > i64::try_from(gathered.features.len()).unwrap());
}

#[test]
fn several_layers_share_a_tile() {
    let app = TestApp::shared();
    let names = |address: &str| layers(&app.get(address).expect(200)).into_keys().collect::<Vec<_>>();
    let address = format!("/tiles/{DUDLEY}.mvt");
    assert_eq!(
        names(&format!("{address}?collections=wards,burglary-wards&period=2025-06")),
        ["burglary-wards", "wards"]
    );
    assert_eq!(names(&address), ["beats", "borough", "incidents", "wards"]);
    let alone = layer(&format!("/tiles/burglary-wards/{DUDLEY}.mvt?period=2025-06"), "burglary-wards");
    assert_eq!(
        alone,
        layer(&format!("{address}?collections=burglary-wards&period=2025-06"), "burglary-wards")
    );
}

#[test]
fn tilejson_leads_to_the_tiles_and_tells_what_is_in_them() {
    let app = TestApp::shared();
    for (address, kept) in [
        ("/tiles/wards/tilejson.json", ""),
        ("/tiles/incidents/tilejson.json?category=burglary&f=json", "?category=burglary"),
        ("/tiles/burglary-hex/tilejson.json?resolution=8&empty=omit", "?resolution=8&empty=omit"),
        ("/tiles/tilejson.json?collections=wards,borough", "?collections=wards,borough"),
    ] {
        let document = app.get(address).expect(200).json();
        let template = document["tiles"][0].as_str().unwrap();
        assert!(template.ends_with(&format!("/{{z}}/{{x}}/{{y}}.mvt{kept}")), "{template}");
        assert!(document["description"].as_str().unwrap().contains("schematic"));
        let bounds: Vec<f64> =
            document["bounds"].as_array().unwrap().iter().map(|side| side.as_f64().unwrap()).collect();
        assert!(bounds[0] < -2.0 && bounds[0] > -2.4 && bounds[3] > 52.5 && bounds[3] < 52.7);
        let tile = template.strip_prefix(&app.base).unwrap().replace("{z}/{x}/{y}", DUDLEY);
        let layers = layers(&app.get(&tile).expect(200));
        let told = document["vector_layers"].as_array().unwrap();
        assert_eq!(told.len(), layers.len());
        for told in told {
            let layer = &layers[told["id"].as_str().unwrap()];
            let fields = told["fields"].as_object().unwrap();
            assert!(layer.keys.iter().all(|key| fields.contains_key(key)), "{address}: {:?}", layer.keys);
        }
    }
    let wards = app.get("/tiles/wards/tilejson.json").expect(200).json();
    assert_eq!((&wards["tilejson"], &wards["maxzoom"]), (&"3.0.0".into(), &16.into()));
    assert!(wards["attribution"].is_string());
    app.get("/tiles/wards/tilejson.json?resolution=8").expect(400);
    app.get("/tiles/parishes/tilejson.json").expect(404);
}

#[test]
fn braces_of_a_filter_are_not_filled_in() {
    let filter = r#"{"op":"=","args":[{"property":"name"},"Norton"]}"#;
    let address = format!("/tiles/wards/tilejson.json?filter-lang=cql2-json&filter={}", encode(filter));
    let document = TestApp::shared().get(&address).expect(200).json();
    assert_eq!(document["tiles"][0].as_str().unwrap().matches('{').count(), 3);
}

#[test]
fn tilesets_lead_from_the_landing_page_to_a_tile() {
    let app = TestApp::shared();
    let linked = |document: &serde_json::Value, rel: &str| {
        let links = document["links"].as_array().unwrap();
        let link =
            links.iter().find(|link| link["rel"] == rel).unwrap_or_else(|| panic!("{rel}: {document}"));
        link["href"].as_str().unwrap().strip_prefix(&app.base).unwrap().to_owned()
    };
    let get = |address: &str| app.get(address).expect(200).json();
    let tilesets = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
    for from in ["/", "/collections/wards", "/collections/burglary-hex"] {
        let list = get(&linked(&get(from), tilesets));
        let listed = &list["tilesets"][0];
        let tileset = get(&linked(listed, "self"));
        assert_eq!(tileset["links"], listed["links"]);
        assert_eq!(tileset["dataType"], "vector");
        let item = tileset["links"].as_array().unwrap().iter().find(|link| link["rel"] == "item").unwrap();
        assert_eq!(item["templated"], true);
        let template = linked(&tileset, "item");
        let tile = template.replace("{tileMatrix}/{tileRow}/{tileCol}", "10/335/506");
        assert!(!layers(&app.get(&tile).expect(200)).is_empty());
        // The limits hold every tile that has something.
        let limits = &tileset["tileMatrixSetLimits"][10];
        assert_eq!(limits["tileMatrix"], "10");
        assert!(limits["minTileRow"].as_u64() <= Some(335) && limits["maxTileCol"].as_u64() >= Some(506));
        let set = get(&linked(&tileset, "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"));
        assert_eq!((&set["id"], &set["uri"]), (&"WebMercatorQuad".into(), &tileset["tileMatrixSetURI"]));
        assert_eq!(set["tileMatrices"].as_array().unwrap().len(), 21);
        get(&linked(&tileset, "describedby"));
    }
    let sets = get("/tileMatrixSets");
    assert_eq!(sets["tileMatrixSets"][0]["id"], "WebMercatorQuad");
    let list = get("/collections/burglary-hex/tiles?resolution=7&f=json");
    assert!(linked(&list["tilesets"][0], "item").ends_with("?resolution=7"));
    let conformance = get("/conformance").to_string();
    for class in ["core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets", "mvt"] {
        let class = format!("http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{class}\"");
        assert!(conformance.contains(&class), "{class}");
    }
}

#[test]
fn an_open_service_says_so_to_whoever_asks() {
    let app = TestApp::start(&["--cors-origin", "*"]);
    let allowed = |headers: &[(&str, &str)]| {
        let answer = app.get_with("/tiles/wards/tilejson.json", headers).expect(200);
        answer.header("access-control-allow-origin")
    };
    assert_eq!(allowed(&[]).as_deref(), Some("*"));
    assert_eq!(allowed(&[("origin", "https://maps.example.org")]).as_deref(), Some("*"));
    let refused =
        app.get_with("/tiles/wards/60/0/0.mvt", &[("origin", "https://maps.example.org")]).expect(404);
    assert_eq!(refused.header("access-control-allow-origin").as_deref(), Some("*"));
    assert_eq!(TestApp::shared().get("/health").header("access-control-allow-origin"), None);
}
