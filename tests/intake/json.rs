//! GeoJSON and NDJSON.

use hotspots::intake::{BodyFormat, Event, Format, Options, Original, Shape};

use super::{Heard, body, fixture, with_mapping};

const GEOJSON: BodyFormat = BodyFormat::Plain(Format::GeoJson);
const NDJSON: BodyFormat = BodyFormat::Plain(Format::NdJson);

fn geojson(text: &str) -> Heard {
    body("asb.geojson", GEOJSON, text.as_bytes(), &Options::default())
}

const POINT: &str = r#""geometry":{"type":"Point","coordinates":[-2.08,52.51]}"#;

fn feature(properties: &str) -> String {
    format!(r#"{{"type":"Feature","properties":{{"category":"x","month":"2024-03"{properties}}},{POINT}}}"#)
}

#[test]
fn features_are_read_by_the_names_of_their_properties() {
    let heard = body("asb.geojson", GEOJSON, &fixture("asb.geojson"), &Options::default());
    let [first, second, third] = heard.incidents.as_slice() else { panic!("{:?}", heard.rejects) };
    assert_eq!((first.own_id.as_deref(), first.source.as_str()), (Some("A1"), "asb"));
    let attributes: Vec<_> =
        first.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(attributes, [("zeta", "1.50"), ("alpha", "x")], "order and digits of the source");
    assert_eq!(second.own_id.as_deref(), Some("2"));
    assert!(second.position.is_some());
    assert_eq!((third.source.as_str(), third.position), ("council", None));
}

#[test]
fn a_bad_feature_does_not_cost_the_others() {
    let heard = body("asb.geojson", GEOJSON, &fixture("faulty.geojson"), &Options::default());
    assert_eq!(heard.report.total.accepted, 1);
    let found: Vec<_> = heard
        .rejects
        .iter()
        .map(|reject| (reject.line, reject.column.as_deref(), reject.value.as_str(), reject.rule.as_str()))
        .collect();
    for (number, (line, column, value, rule)) in [
        (1, Some("geometry"), "LineString", "Point"),
        (2, Some("geometry"), "52.51 -2.08", "swapped"),
        (3, Some("date"), "09.03.2024", "day first"),
        (4, None, "{", "not JSON"),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!((found[number].0, found[number].1), (line, column));
        assert!(found[number].2.starts_with(value) && found[number].3.contains(rule), "{:?}", found[number]);
    }
    assert!(!heard.any_broken());
}

#[test]
fn one_feature_and_features_in_a_row_are_read() {
    let one = feature("");
    for (text, count) in [
        (one.clone(), 1),
        (format!("{one}\n{one}\r\n\n{one}\n"), 3),
        (format!("\u{1e}{one}\n\u{1e}{one}\n"), 2),
        (format!("\u{feff}{{\"features\":[{one}],\"type\":\"FeatureCollection\"}}\n"), 1),
        (r#"{"type":"FeatureCollection","features":[]}"#.to_owned(), 0),
    ] {
        let heard = geojson(&text);
        assert_eq!((heard.report.total.accepted, heard.report.total.rejected), (count, 0), "{text}");
        assert!(matches!(heard.events[0], Event::File { shape: Shape::GeoJson, .. }));
    }
}

#[test]
fn json_of_another_kind_is_one_reject_that_names_it() {
    for (text, value, rule) in [
        ("", "", "empty"),
        ("[1,2]", "[", "begins with {"),
        ("hello", "h", "begins with {"),
        (r#"{"type":"Point","coordinates":[1,2]}"#, "Point", "FeatureCollection or a Feature"),
        (r#"{"type":"Topology","objects":{}}"#, "Topology", "FeatureCollection or a Feature"),
        (r#"{"features":{},"type":"FeatureCollection"}"#, "", "no array of features"),
        (r#"{"type":"Feature","features":[]}"#, "Feature", "has the type FeatureCollection"),
        (r#"{"a":1}"#, "", "has a type"),
        (r#"{"crs":{"type":"name","properties":{"name":"EPSG:x"}},"features":[]}"#, "EPSG:x", "EPSG number"),
        (r#"{"crs":7,"type":"FeatureCollection","features":[]}"#, "7", "properties with a name"),
    ] {
        let heard = geojson(text);
        assert_eq!(heard.report.total.read, 1, "{text}");
        assert_eq!(heard.rejects[0].value, value, "{text}");
        assert!(heard.rejects[0].rule.contains(rule), "{text}: {}", heard.rejects[0].rule);
        assert!(matches!(heard.events[0], Event::File { shape: Shape::Unreadable, .. }), "{text}");
    }
}

#[test]
fn a_collection_that_ends_too_early_is_broken() {
    let good = feature("");
    let whole = format!(r#"{{"type":"FeatureCollection","features":[{good},{good}]}}"#);
    assert!(!geojson(&whole).any_broken());
    let after_first = whole.len() - good.len() - 3;
    for end in (after_first - 3)..whole.len() {
        let heard = geojson(&whole[..end]);
        assert!(heard.any_broken(), "{}", &whole[..end]);
        assert!(heard.rejects.last().unwrap().rule.contains("cut off"), "{end}: {:?}", heard.rejects);
    }
    for joined in
        [format!("{whole}{whole}"), format!("{whole}]"), whole.replace("\"type\":\"FeatureCollection\",", "")]
    {
        assert!(geojson(&joined).any_broken(), "{joined}");
    }
}

#[test]
fn the_old_crs_member_is_obeyed() {
    let feature = r#"{"type":"Feature","properties":{"category":"x","month":"2024-03"},"geometry":{"type":"Point","coordinates":[394500,290500]}}"#;
    let crs = |name: &str| format!(r#""crs":{{"type":"name","properties":{{"name":"{name}"}}}}"#);
    let before =
        |name: &str| format!(r#"{{"type":"FeatureCollection",{},"features":[{feature}]}}"#, crs(name));
    let heard = geojson(&before("urn:ogc:def:crs:EPSG::27700"));
    assert_eq!(heard.incidents[0].position.unwrap().grid.easting_m(), 394_500.0);
    assert!(geojson(&before("urn:ogc:def:crs:OGC:1.3:CRS84")).rejects[0].rule.contains("longitude"));
    let behind = format!(r#"{{"type":"FeatureCollection","features":[{feature}],{}}}"#, crs("EPSG:27700"));
    assert!(geojson(&behind).any_broken(), "the features were read as degrees by then");
    let inside = format!("{},{}}}", &feature[..feature.len() - 1], crs("EPSG:27700"));
    assert_eq!(geojson(&inside).rejects[0].column.as_deref(), Some("crs"));
}

#[test]
fn members_that_contradict_each_other_are_rejected() {
    for (properties, column, rule) in [
        (r#","crime_type":"y""#, "crime_type", "two members mean category"),
        (r#","lon":-2.2,"lat":52.51"#, "lon", "m from the one by geometry"),
        (r#","a":1,"a":2"#, "properties", "two members have this name"),
        (r#","date":"2024-03-01""#, "date", "two members mean occurred"),
        (r#","weight":-1"#, "weight", "between 0"),
        (r#","weight":1e999"#, "weight", "finite"),
    ] {
        let heard = geojson(&feature(properties));
        let reject = heard.rejects.first().unwrap_or_else(|| panic!("{properties}"));
        assert_eq!(reject.column.as_deref(), Some(column), "{properties}");
        assert!(reject.rule.contains(rule), "{}", reject.rule);
    }
}

#[test]
fn a_features_id_and_an_id_property_have_to_be_one() {
    let with_id = |id: &str| feature(r#","id":"A""#).replacen('{', &format!(r#"{{"id":{id},"#), 1);
    assert_eq!(geojson(&with_id("\"A\"")).incidents[0].own_id.as_deref(), Some("A"));
    assert_eq!(geojson(&with_id("null")).incidents[0].own_id.as_deref(), Some("A"));
    assert!(geojson(&with_id("7")).rejects[0].rule.contains("the feature's id is '7'"));
    assert!(geojson(&with_id("{}")).rejects[0].rule.contains("not an object"));
    let named = body("a.json", GEOJSON, with_id("7").as_bytes(), &with_mapping("[columns]\nid = \"id\""));
    assert_eq!(named.incidents[0].own_id.as_deref(), Some("A"));
}

#[test]
fn geometries_that_are_no_point_are_named() {
    for (geometry, value, rule) in [
        ("7", "7", "not a number"),
        (r#"{"type":"MultiPoint","coordinates":[]}"#, "MultiPoint", "Point"),
        (r#"{"type":"Point"}"#, "null", "two numbers"),
        (r#"{"type":"Point","coordinates":[1]}"#, "[1]", "two numbers"),
        (r#"{"type":"Point","coordinates":["-2","52"]}"#, "[\"-2\",\"52\"]", "two numbers"),
        (r#"{"coordinates":[1,2]}"#, "{\"coordinates\":[1,2]}", "not a geometry"),
        (r#"{"type":"Point","coordinates":[0,0]}"#, "0 0", "not known"),
        (r#"{"type":"Point","coordinates":[-87.6,41.8]}"#, "-87.6 41.8", "Great Britain"),
        (r#"{"type":"Point","coordinates":[-200,52]}"#, "-200 52", "longitude"),
    ] {
        let text = format!(
            r#"{{"type":"Feature","properties":{{"category":"x","month":"2024-03"}},"geometry":{geometry}}}"#
        );
        let reject = &geojson(&text).rejects[0];
        assert_eq!((reject.column.as_deref(), reject.value.as_str()), (Some("geometry"), value));
        assert!(reject.rule.contains(rule), "{}", reject.rule);
    }
}

#[test]
fn a_feature_that_is_too_large_is_passed_over() {
    let large = feature(&format!(r#","note":"{}""#, "y".repeat(2 << 20)));
    let text = format!(r#"{{"type":"FeatureCollection","features":[{large},{}]}}"#, feature(""));
    let heard = geojson(&text);
    assert_eq!((heard.report.total.accepted, heard.rejects[0].original.clone()), (1, Original::Nothing));
    let alone = geojson(&large);
    assert_eq!(alone.report.total.rejected, 1);
}

#[test]
fn lines_of_objects_and_features_are_read() {
    let heard = body("calls.ndjson", NDJSON, &fixture("calls.ndjson"), &Options::default());
    let [object, feature, reference] = heard.incidents.as_slice() else { panic!("{:?}", heard.rejects) };
    assert_eq!(object.own_id.as_deref(), Some("1"));
    assert_eq!(object.attributes, [("caller".to_owned(), r#"{"age": 30, "ok": true}"#.to_owned())]);
    assert_eq!(feature.own_id.as_deref(), Some("f"));
    assert_eq!(reference.position.unwrap().grid.easting_m(), 394_550.0);
}

#[test]
fn bad_lines_are_rejected_by_their_number() {
    let heard = body("calls.ndjson", NDJSON, &fixture("faulty.ndjson"), &Options::default());
    let found: Vec<_> = heard.rejects.iter().map(|reject| (reject.line, reject.column.as_deref())).collect();
    assert_eq!(found, [(1, Some("lon")), (2, Some("longitude")), (3, None), (4, None)]);
    assert!(heard.rejects[2].rule.contains("not JSON"));
    assert!(heard.rejects[3].rule.contains("not an array"));
    assert_eq!(heard.report.total.accepted, 1);
}

#[test]
fn deep_and_wide_json_is_rejected_without_harm() {
    let deep = format!("{}{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    assert_eq!(body("a.ndjson", NDJSON, deep.as_bytes(), &Options::default()).report.total.rejected, 1);
    assert_eq!(geojson(&format!(r#"{{"type":"Feature","properties":{deep}}}"#)).report.total.rejected, 1);
    let point = format!(r#"{{"type":"Point","coordinates":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(geojson(&format!(r#"{{"type":"Feature","geometry":{point}}}"#)).report.total.rejected, 1);
    let wide: Vec<String> = (0..20_000).map(|n| format!("\"k{n}\":1")).collect();
    assert!(
        geojson(&feature(&format!(",{}", wide.join(",")))).rejects[0].rule.contains("at most 1000 members")
    );
}
