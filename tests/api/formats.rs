//! Every address in every form it offers.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::app::TestApp;

const JSON: &str = "application/json";
const GEOJSON: &str = "application/geo+json";
const CSV: &str = "text/csv";
const EVENTS: &str = "text/event-stream";

const SUMMARY: [(&str, &str); 5] = [
    ("json", JSON),
    ("geojson", GEOJSON),
    ("csv", CSV),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("zip", "application/zip"),
];

/// Address, and the forms it offers: word of `f`, media type. The first is the default.
const FORMS: &[(&str, &[(&str, &str)])] = &[
    ("/layers/ward", &[("geojson", GEOJSON)]),
    ("/layers/beat", &[("geojson", GEOJSON)]),
    ("/incidents?near=-2.0809,52.5123&limit=20", &[("geojson", GEOJSON)]),
    ("/summaries/ward", &SUMMARY),
    ("/summaries/beat?priority=violence", &SUMMARY),
    (
        "/analysis/change/ward?category=burglary&compare=before",
        &[("json", JSON), ("geojson", GEOJSON), ("csv", CSV)],
    ),
    ("/analysis/trend/beat?category=burglary", &[("json", JSON), ("geojson", GEOJSON), ("csv", CSV)]),
    ("/analysis/emerging?category=burglary&resolution=8", &[("geojson", GEOJSON), ("csv", CSV)]),
    ("/analysis/seasonality?category=burglary", &[("json", JSON), ("csv", CSV)]),
    ("/analysis/hours?category=burglary", &[("json", JSON), ("csv", CSV)]),
    ("/analysis/accuracy?priority=burglary", &[("json", JSON), ("csv", CSV)]),
    ("/analysis/bandwidths?priority=burglary", &[("json", JSON), ("csv", CSV)]),
    ("/analysis/density?priority=violence", &[("geojson", GEOJSON), ("json", JSON)]),
    ("/analysis/hex?priority=burglary", &[("geojson", GEOJSON), ("csv", CSV)]),
    ("/analysis/hotspots?priority=burglary&cell_m=200", &[("geojson", GEOJSON), ("csv", CSV)]),
    ("/analysis/risk?priority=burglary&cell_m=400", &[("geojson", GEOJSON), ("json", JSON)]),
    ("/analysis/clusters?priority=burglary", &[("geojson", GEOJSON), ("csv", CSV)]),
    ("/analysis/squares?cell_m=500", &[("geojson", GEOJSON), ("csv", CSV)]),
    (
        "/analysis/scan?priority=burglary&resolution=7&replications=99",
        &[("json", JSON), ("geojson", GEOJSON), ("csv", CSV), ("events", EVENTS)],
    ),
    (
        "/analysis/near-repeat?source=synthetic-fire-service&replications=99",
        &[("json", JSON), ("csv", CSV), ("events", EVENTS)],
    ),
    ("/analysis/concentration?unit=ward", &[("json", JSON), ("geojson", GEOJSON), ("csv", CSV)]),
    ("/analysis/location-quotients/ward", &[("json", JSON), ("geojson", GEOJSON), ("csv", CSV)]),
    (
        "/analysis/pattern?priority=burglary",
        &[("json", JSON), ("geojson", GEOJSON), ("csv", CSV), ("events", EVENTS)],
    ),
    ("/analysis/rates/ward?priority=drugs", &[("json", JSON), ("geojson", GEOJSON), ("csv", CSV)]),
    ("/analysis/repeats", &[("json", JSON), ("geojson", GEOJSON), ("csv", CSV)]),
    ("/weights/cchi-2026", &[("json", JSON), ("csv", CSV)]),
];

fn with(address: &str, more: &str) -> String {
    format!("{address}{}{more}", if address.contains('?') { '&' } else { '?' })
}

#[test]
fn every_form_is_given_by_f_and_by_accept_alike() {
    let app = TestApp::shared();
    for (address, forms) in FORMS {
        for (word, media_type) in *forms {
            let by_word = app.get(&with(address, &format!("f={word}"))).expect(200);
            assert_eq!(by_word.media_type().as_deref(), Some(*media_type), "{address} f={word}");
            // GeoJSON is JSON too: where it stands first, who asks for JSON gets it.
            let fits = |(_, offered): &&(&str, &str)| {
                *offered == *media_type || (*media_type == JSON && *offered == GEOJSON)
            };
            let expected = forms.iter().find(fits).unwrap().1;
            let by_accept = app.get_with(address, &[("accept", media_type)]).expect(200);
            assert_eq!(by_accept.media_type().as_deref(), Some(expected), "{address} {media_type}");
        }
    }
}

#[test]
fn the_first_form_is_the_default_and_f_goes_before_accept() {
    let app = TestApp::shared();
    for (address, forms) in FORMS {
        let (word, media_type) = forms[0];
        for accept in ["*/*", "application/*, */*;q=0.1", "text/html, */*;q=0.5", ""] {
            let headers = [("accept", accept)];
            let given = app.get_with(address, if accept.is_empty() { &[] } else { &headers }).expect(200);
            let expected = if accept.starts_with("application/*") {
                forms.iter().find(|(_, offered)| offered.starts_with("application/")).unwrap().1
            } else {
                media_type
            };
            assert_eq!(given.media_type().as_deref(), Some(expected), "{address} {accept}");
        }
        let given =
            app.get_with(&with(address, &format!("f={word}")), &[("accept", "image/png")]).expect(200);
        assert_eq!(given.media_type().as_deref(), Some(media_type), "{address}");
    }
}

#[test]
fn the_quality_of_accept_decides() {
    let app = TestApp::shared();
    for (accept, media_type) in [
        ("text/csv;q=0.4, application/geo+json;q=0.9", GEOJSON),
        ("application/json;q=0, text/csv", CSV),
        ("text/*", CSV),
        ("application/geo+json, application/json;q=0.9, */*;q=0.1", GEOJSON),
        ("application/json;q=0.2, text/csv;q=0.3, image/png", CSV),
    ] {
        let given = app.get_with("/summaries/ward", &[("accept", accept)]).expect(200);
        assert_eq!(given.media_type().as_deref(), Some(media_type), "{accept}");
    }
}

#[test]
fn what_no_form_fits_is_not_acceptable() {
    let app = TestApp::shared();
    for (address, forms) in FORMS {
        for accept in ["image/png", "application/xml, text/html;q=0.3", "*/*;q=0", "nonsense"] {
            let refused = app.get_with(address, &[("accept", accept)]).expect(406);
            let detail = refused.json()["detail"].as_str().unwrap().to_owned();
            assert!(forms.iter().all(|(_, media_type)| detail.contains(media_type)), "{detail}");
            assert!(detail.contains(accept), "{detail}");
        }
    }
}

#[test]
fn the_three_forms_of_a_summary_say_the_same() {
    let app = TestApp::shared();
    let address = "/summaries/ward?priority=violence&period=2025-07/2025-12&compare=year-before";
    let summary = app.get(address).expect(200).json();
    let rows = summary["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 24);

    let features = app.get(&with(address, "f=geojson")).expect(200).json();
    let properties: Vec<_> =
        features["features"].as_array().unwrap().iter().map(|f| &f["properties"]).collect();
    assert_eq!(properties, rows.iter().collect::<Vec<_>>());

    let (header, table) = app.get(&with(address, "f=csv")).expect(200).csv();
    assert_eq!(table.len(), rows.len());
    for (fields, row) in table.iter().zip(rows) {
        let fields: BTreeMap<_, _> = header.iter().map(String::as_str).zip(fields).collect();
        for (name, value) in row.as_object().unwrap() {
            let field = fields[name.as_str()].as_str();
            match value {
                Value::Null => assert_eq!(field, "", "{name}"),
                Value::String(text) => assert_eq!(field, text, "{name}"),
                number => assert_eq!(field.parse::<f64>().ok(), number.as_f64(), "{name}"),
            }
        }
        assert_eq!(fields["period"], "2025-07/2025-12");
        assert_eq!(fields["comparison_period"], "2024-07/2024-12");
        assert_eq!(fields["data_notice"], "schematic boundaries; synthetic incidents");
    }
}

#[test]
fn a_table_is_csv_as_rfc_4180_has_it() {
    let app = TestApp::shared();
    for address in ["/summaries/ward?f=csv", "/analysis/hex?priority=violence&f=csv&resolution=7"] {
        let text = app.get(address).expect(200).text();
        assert!(
            !text.starts_with('\u{feff}'),
            "{address}: spreadsheets aside, a byte order mark breaks readers"
        );
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{address}");
        assert!(text.ends_with("\r\n"), "{address}");
    }
}

#[test]
fn cells_are_the_same_as_features_and_as_a_table() {
    let app = TestApp::shared();
    let address = "/analysis/hex?priority=burglary&resolution=8";
    let features = app.get(address).expect(200).json();
    let features = features["features"].as_array().unwrap();
    let (header, table) = app.get(&with(address, "f=csv")).expect(200).csv();
    assert_eq!(features.len(), table.len());
    for (feature, fields) in features.iter().zip(&table) {
        assert_eq!(feature["id"], feature["properties"]["hex_id"]);
        for (name, field) in header.iter().zip(fields) {
            let value = &feature["properties"][name];
            let same = value.as_str() == Some(field.as_str()) || value.as_f64() == field.parse().ok();
            assert!(same, "{name}: {value} is not {field}");
        }
    }
    let mut ids: Vec<_> = table.iter().map(|fields| fields[0].clone()).collect();
    assert!(ids.is_sorted(), "cells stand in order of their index");
    ids.dedup();
    assert_eq!(ids.len(), table.len());
}

#[test]
fn leaving_out_empty_cells_changes_nothing_about_the_others() {
    let app = TestApp::shared();
    let all = app.get("/analysis/hex?priority=drugs&empty=include").expect(200).json();
    let some = app.get("/analysis/hex?priority=drugs&empty=omit").expect(200).json();
    let full = all["features"].as_array().unwrap().iter().filter(|cell| cell["properties"]["count"] != 0);
    assert_eq!(full.collect::<Vec<_>>(), some["features"].as_array().unwrap().iter().collect::<Vec<_>>());
    assert_eq!(all["method"]["parameters"]["cells"], all["features"].as_array().unwrap().len());
    assert_eq!(all["method"]["parameters"]["cells"], some["method"]["parameters"]["cells"]);
}

#[test]
fn a_priority_reads_the_same_alone_and_in_the_list() {
    let app = TestApp::shared();
    let list = app.get("/priorities").expect(200).json();
    for priority in list.as_array().unwrap() {
        let id = priority["id"].as_str().unwrap();
        assert_eq!(app.get(&format!("/priorities/{id}")).expect(200).json(), *priority);
    }
}

#[test]
fn a_layer_has_as_many_areas_as_the_list_says() {
    let app = TestApp::shared();
    for layer in app.get("/layers").expect(200).json().as_array().unwrap() {
        let areas = app.get(&format!("/layers/{}", layer["id"].as_str().unwrap())).expect(200).json();
        let features = areas["features"].as_array().unwrap();
        assert_eq!(layer["areas"], features.len());
        let codes: Vec<_> =
            features.iter().map(|area| area["properties"]["code"].as_str().unwrap()).collect();
        assert!(codes.is_sorted(), "areas stand in order of their codes");
        assert!(features.iter().all(|area| area["properties"]["schematic"] == true));
    }
}

#[test]
fn the_raster_has_the_rows_and_columns_it_names() {
    let app = TestApp::shared();
    let raster = app.get("/analysis/density?priority=violence&f=json&cell_m=200&bandwidth_m=600").expect(200);
    let raster = raster.json();
    assert_eq!(
        (&raster["cell_m"], &raster["method"]["parameters"]["cell_m"]),
        (&200.0.into(), &200.0.into())
    );
    assert_eq!(raster["method"]["parameters"]["bandwidth_m"], 600.0);
    let values = raster["values"].as_array().unwrap();
    assert_eq!(raster["rows"], values.len());
    assert!(values.iter().all(|row| raster["columns"] == row.as_array().unwrap().len()));
    let inside: Vec<_> =
        values.iter().flat_map(|row| row.as_array().unwrap()).filter_map(Value::as_f64).collect();
    let peak = inside.iter().copied().fold(0.0, f64::max);
    assert_eq!(raster["peak_per_km2"], peak);
    let positive: Vec<_> = inside.iter().filter(|value| **value > 0.0).collect();
    let mean = positive.iter().copied().sum::<f64>() / positive.len() as f64;
    let said = raster["method"]["parameters"]["class_limits_per_km2"][0].as_f64().unwrap();
    assert!((mean - said).abs() < 1e-9 * said, "{mean} {said}");
    let thresholds: Vec<_> =
        raster["thresholds_per_km2"].as_array().unwrap().iter().filter_map(Value::as_f64).collect();
    for (threshold, multiple) in thresholds.iter().zip(1_u32..) {
        assert!((threshold - f64::from(multiple) * said).abs() < 1e-9 * threshold);
    }
}

#[test]
fn bands_rise_without_a_gap_and_end_open() {
    let app = TestApp::shared();
    let bands = app.get("/analysis/density?priority=violence").expect(200).json();
    let bands: Vec<_> =
        bands["features"].as_array().unwrap().iter().map(|band| &band["properties"]).collect();
    assert!(bands.len() >= 3, "demonstration incidents concentrate");
    for pair in bands.windows(2) {
        assert_eq!(pair[0]["upper_per_km2"], pair[1]["lower_per_km2"]);
        assert!(pair[0]["class"].as_u64() < pair[1]["class"].as_u64());
    }
    assert!(bands.iter().all(|band| band["area_km2"].as_f64().unwrap() > 0.0));
}
