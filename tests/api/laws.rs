//! What has to hold between answers, whatever the data.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{app::TestApp, exchange::encode};

fn json(address: &str) -> Value {
    TestApp::shared().get(address).expect(200).json()
}

fn sum(values: &Value, of: impl Fn(&Value) -> u64) -> u64 {
    values.as_array().unwrap().iter().map(of).sum()
}

fn used(answer: &Value) -> u64 {
    answer["method"]["incidents"]["used"].as_u64().unwrap()
}

fn count(row: &Value) -> u64 {
    row["count"].as_u64().unwrap()
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs()).max(1.0)
}

#[test]
fn the_areas_of_each_layer_and_none_of_them_hold_all_that_was_used() {
    let priorities = json("/priorities");
    let mut questions = vec![String::new()];
    for priority in priorities.as_array().unwrap() {
        questions.push(format!("priority={}", priority["id"].as_str().unwrap()));
    }
    questions
        .extend(["category=burglary", "source=synthetic-fire-service", "period=2024-03"].map(str::to_owned));
    questions.push(format!("filter={}", encode("street like '%a%' or outcome is null")));
    for question in questions {
        let used_in = ["ward", "beat"].map(|layer| {
            let summary = json(&format!("/summaries/{layer}?{question}"));
            let counted = sum(&summary["rows"], count) + summary["in_no_area"].as_u64().unwrap();
            assert_eq!(counted, used(&summary), "{layer} {question}");
            counted
        });
        assert_eq!(used_in[0], used_in[1], "{question}");
    }
}

#[test]
fn the_cells_of_each_resolution_hold_all_that_was_used() {
    for resolution in 7..=10 {
        let hexes = json(&format!("/analysis/hex?priority=violence&resolution={resolution}&empty=omit"));
        let counted = sum(&hexes["features"], |cell| count(&cell["properties"]));
        assert_eq!(counted, used(&hexes), "resolution {resolution}");
        assert_eq!(counted, used(&json("/summaries/ward?priority=violence")));
    }
}

#[test]
fn every_incident_of_the_store_is_accounted_for() {
    let landing = json("/");
    let period =
        format!("{}/{}", landing["first_month"].as_str().unwrap(), landing["last_month"].as_str().unwrap());
    let incidents = &json(&format!("/summaries/ward?period={period}"))["method"]["incidents"];
    let of = |member: &str| incidents[member].as_u64().unwrap();
    let together = of("used") + of("unlocated") + of("outside") + of("coarser_than_period");
    assert_eq!(landing["incidents"], together);
    assert_eq!(landing["unlocated"], of("unlocated"));
    assert_eq!(incidents["synthetic"], of("used"));
}

#[test]
fn months_add_up_to_their_period() {
    let whole = used(&json("/summaries/ward?period=2025-01/2025-06"));
    let months = (1..=6).map(|month| used(&json(&format!("/summaries/ward?period=2025-{month:02}"))));
    assert_eq!(months.sum::<u64>(), whole);
}

#[test]
fn categories_add_up_to_all_incidents() {
    let landing = json("/");
    let categories = landing["categories"].as_array().unwrap();
    let each = categories.iter().map(|category| {
        used(&json(&format!("/summaries/ward?category={}", encode(category.as_str().unwrap()))))
    });
    assert_eq!(each.sum::<u64>(), used(&json("/summaries/ward")));
}

#[test]
fn an_incident_known_only_to_its_month_is_not_forced_into_a_part_of_it() {
    let part = json("/summaries/ward?period=2025-03-05/2025-03-09&category=anti-social-behaviour");
    assert_eq!(used(&part), 0, "police.uk dates antisocial behaviour to the month");
    assert!(part["method"]["incidents"]["coarser_than_period"].as_u64().unwrap() > 0);
    assert!(part["notices"].to_string().contains("partly outside the period"));
}

#[test]
fn a_filter_on_a_ward_counts_what_the_ward_has() {
    let all = json("/summaries/ward?priority=violence");
    for row in all["rows"].as_array().unwrap().iter().take(4) {
        let code = row["code"].as_str().unwrap();
        let filter = encode(&format!("ward = '{code}'"));
        let only = json(&format!("/summaries/ward?priority=violence&filter={filter}"));
        assert_eq!(used(&only), count(row));
        let rows = only["rows"].as_array().unwrap();
        assert!(rows.iter().all(|other| other["code"] == *code || count(other) == 0));
    }
}

#[test]
fn the_numbers_of_a_row_follow_from_each_other() {
    let summary = json("/summaries/ward?priority=burglary&period=2025-07/2025-12&compare=year-before");
    let rows = summary["rows"].as_array().unwrap();
    let all = sum(&summary["rows"], count) as f64;
    let number = |row: &Value, member: &str| row[member].as_f64().unwrap();
    for row in rows {
        let counted = count(row) as f64;
        assert!(near(number(row, "share"), counted / all));
        assert!(near(number(row, "rate_per_1000"), counted / number(row, "residents") * 1000.0));
        assert!(near(number(row, "per_km2"), counted / number(row, "area_km2")));
        let before = number(row, "comparison_count");
        assert!(near(number(row, "change"), counted - before));
        if before > 0.0 {
            assert!(near(number(row, "change_percent"), (counted - before) / before * 100.0));
        } else {
            assert!(row["change_percent"].is_null());
        }
        let better = rows.iter().filter(|other| count(other) > count(row)).count();
        assert_eq!(row["rank"], better + 1);
    }
    let earlier = json("/summaries/ward?priority=burglary&period=2024-07/2024-12");
    for (row, before) in rows.iter().zip(earlier["rows"].as_array().unwrap()) {
        assert_eq!(row["comparison_count"], before["count"]);
    }
}

#[test]
fn no_change_is_given_where_the_comparison_period_is_not_held() {
    let summary = json("/summaries/ward?period=2024-01/2024-03&compare=before");
    assert_eq!(summary["method"]["comparison_period"], Value::Null);
    assert!(summary["notices"].to_string().contains("2023-10/2023-12"), "{}", summary["notices"]);
    assert!(summary["rows"].as_array().unwrap().iter().all(|row| row["change"].is_null()));
    let none = json("/summaries/ward?compare=none");
    assert!(none["rows"].as_array().unwrap().iter().all(|row| row["comparison_count"].is_null()));
}

#[test]
fn a_period_beyond_the_data_is_counted_and_said() {
    let summary = json("/summaries/ward?period=2025-10/2026-03");
    assert!(summary["notices"].to_string().contains("reaches beyond"), "{}", summary["notices"]);
    let summary = json("/summaries/ward?period=1950-01");
    assert_eq!(used(&summary), 0);
    assert!(summary["notices"].to_string().contains("No incident meets"), "{}", summary["notices"]);
    assert!(summary["rows"].as_array().unwrap().iter().all(|row| row["share"].is_null() && row["rank"] == 1));
}

#[test]
fn clipped_cells_tile_the_borough() {
    let wards = json("/layers/ward");
    let area: f64 = wards["features"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|ward| ward["properties"]["area_km2"].as_f64())
        .sum();
    for resolution in [7, 9] {
        let hexes = json(&format!("/analysis/hex?priority=drugs&resolution={resolution}"));
        let cells = hexes["features"].as_array().unwrap();
        let clipped: f64 =
            cells.iter().filter_map(|cell| cell["properties"]["clipped_area_km2"].as_f64()).sum();
        assert!((clipped - area).abs() < 1e-4 * area, "{resolution}: {clipped} {area}");
        for cell in cells {
            let number = |member: &str| cell["properties"][member].as_f64().unwrap();
            assert!(number("clipped_area_km2") <= number("area_km2") * (1.0 + 1e-9), "{cell}");
        }
    }
}

#[test]
fn adjusted_probabilities_are_no_smaller_and_classes_follow_from_them() {
    let hexes = json("/analysis/hex?priority=violence");
    let mut hot = 0;
    for cell in hexes["features"].as_array().unwrap() {
        let number = |member: &str| cell["properties"][member].as_f64().unwrap();
        let (z, adjusted) = (number("z"), number("p_adjusted"));
        assert!(adjusted >= number("p") * (1.0 - 1e-12), "{cell}");
        let strength = [0.01, 0.05, 0.1].iter().filter(|limit| adjusted <= **limit).count() as f64;
        assert!(near(number("class"), if z < 0.0 { -strength } else { strength }), "{cell}");
        hot += usize::from(number("class") > 2.0);
    }
    assert!(hot > 0, "demonstration incidents concentrate");
}

/// Longitudes and latitudes that hold all of Dudley, and cells that reach over its border.
const WINDOW: [std::ops::RangeInclusive<f64>; 2] = [-2.3..=-1.9, 52.3..=52.7];

#[test]
fn every_layer_is_geojson_as_rfc_7946_has_it() {
    for address in [
        "/layers/ward",
        "/layers/beat",
        "/summaries/ward?f=geojson",
        "/summaries/beat?f=geojson&priority=drugs",
        "/analysis/density?priority=violence",
        "/analysis/density?priority=violence&cell_m=50&bandwidth_m=150",
        "/analysis/hex?priority=violence&resolution=7",
        "/analysis/change/ward?f=geojson&priority=violence",
        "/analysis/trend/beat?f=geojson&priority=violence",
        "/analysis/emerging?priority=violence&resolution=8",
        "/analysis/hex?priority=violence&resolution=10&empty=omit",
        "/analysis/squares?priority=violence&cell_m=500",
        "/incidents?bbox=-2.2,52.4,-2.0,52.6&limit=2000",
    ] {
        let layer = json(address);
        assert_eq!(layer["type"], "FeatureCollection", "{address}");
        assert!(layer.get("crs").is_none(), "{address}: RFC 7946 has no crs member");
        let features = layer["features"].as_array().unwrap();
        assert!(!features.is_empty(), "{address}");
        let ids: BTreeSet<_> = features.iter().map(|feature| feature["id"].to_string()).collect();
        assert_eq!(ids.len(), features.len(), "{address}: ids are unique");
        for feature in features {
            let coordinates = &feature["geometry"]["coordinates"];
            match feature["geometry"]["type"].as_str().unwrap() {
                "Point" => assert!(in_window(coordinates), "{address}: {coordinates}"),
                "Polygon" => check_polygon(address, coordinates),
                "MultiPolygon" => {
                    let polygons = coordinates.as_array().unwrap();
                    assert!(!polygons.is_empty(), "{address}");
                    for polygon in polygons {
                        check_polygon(address, polygon);
                    }
                }
                other => panic!("{address}: {other}"),
            }
        }
    }
}

fn in_window(position: &Value) -> bool {
    WINDOW.iter().enumerate().all(|(axis, limits)| limits.contains(&position[axis].as_f64().unwrap()))
}

fn check_polygon(address: &str, rings: &Value) {
    for (index, ring) in rings.as_array().unwrap().iter().enumerate() {
        let positions = ring.as_array().unwrap();
        assert!(positions.iter().all(in_window), "{address}: {ring}");
        assert_eq!(positions.first(), positions.last(), "{address}: a ring is closed");
        let at = |index: usize, axis: usize| {
            positions[index][axis].as_f64().unwrap() - positions[0][axis].as_f64().unwrap()
        };
        let doubled: f64 =
            (1..positions.len()).map(|i| at(i - 1, 0) * at(i, 1) - at(i, 0) * at(i - 1, 1)).sum();
        let anticlockwise = index == 0;
        // Slivers that rounding to a centimetre has closed have no direction.
        assert!(
            doubled.abs() < 1e-12 || (doubled > 0.0) == anticlockwise,
            "{address}: ring {index} turns wrongly"
        );
    }
}

#[test]
fn an_area_is_analysed_as_if_it_were_the_borough() {
    let app = TestApp::shared();
    let json = |address: &str| app.get(address).expect(200).json();
    let period = "period=2025-01/2025-12";
    let wards = json(&format!("/summaries/ward?{period}"));
    for row in wards["rows"].as_array().unwrap().iter().take(3) {
        let code = row["code"].as_str().unwrap();
        let cells = json(&format!("/analysis/hex?{period}&within=ward/{code}&resolution=9"));
        assert_eq!(&cells["method"]["incidents"]["used"], &row["count"], "{code}");
        assert_eq!(cells["method"]["within"]["name"], row["name"]);
        let sum = |name: &str| -> f64 {
            let cells = cells["features"].as_array().unwrap();
            cells.iter().map(|cell| cell["properties"][name].as_f64().unwrap()).sum()
        };
        let area = row["area_km2"].as_f64().unwrap();
        assert!((sum("clipped_area_km2") - area).abs() < 1e-6 * area, "{code}");
        assert!(sum("count") <= row["count"].as_f64().unwrap());
        let bands = json(&format!("/analysis/density?{period}&within=ward/{code}&bandwidth_m=300"));
        let drawn: f64 = bands["features"]
            .as_array()
            .unwrap()
            .iter()
            .map(|band| band["properties"]["area_km2"].as_f64().unwrap())
            .sum();
        assert!(drawn > 0.0 && drawn <= area * (1.0 + 1e-6), "{code}: {drawn} of {area} km²");
    }
}

#[test]
fn a_table_of_weights_weighs_by_category_and_is_named() {
    let weighted = |query: &str| -> f64 {
        let summary = json(&format!("/summaries/ward?period=2025-01/2025-12&{query}"));
        summary["rows"].as_array().unwrap().iter().map(|row| row["weighted"].as_f64().unwrap()).sum()
    };
    let plain = weighted("category=burglary&weights=none");
    let harm = weighted("category=burglary&weights=cchi-2026");
    assert!(plain > 0.0 && (harm - 221.6 * plain).abs() < 1e-6 * harm, "{harm} of {plain}");

    let cells = json("/analysis/hex?period=2025-01/2025-12&weights=cchi-2026&resolution=8");
    assert_eq!(cells["method"]["weights_from"], "cchi-2026");
    assert_eq!(cells["method"]["weights"]["robbery"], 365.0);
    let notices = cells["notices"].to_string();
    assert!(
        notices.contains("does not name every category") && notices.contains("deliberate-fire"),
        "{notices}"
    );
    assert_eq!(json("/analysis/hex?resolution=8&weights=none")["method"]["weights_from"], Value::Null);
}
