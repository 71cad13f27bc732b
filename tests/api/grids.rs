//! Hexagons and squares with their statistics.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::app::TestApp;

fn json(address: &str) -> Value {
    TestApp::shared().get(address).expect(200).json()
}

fn cells(layer: &Value) -> &Vec<Value> {
    layer["features"].as_array().unwrap()
}

fn number(cell: &Value, member: &str) -> f64 {
    cell["properties"][member].as_f64().unwrap_or_else(|| panic!("{member} of {cell}"))
}

#[test]
fn squares_tile_the_borough_and_hold_all_that_was_used() {
    let wards = json("/layers/ward");
    let area: f64 = cells(&wards).iter().map(|ward| number(ward, "area_km2")).sum();
    for side in ["150", "400", "2000"] {
        let squares = json(&format!("/analysis/squares?priority=violence&cell_m={side}"));
        let sum = |member: &str| cells(&squares).iter().map(|cell| number(cell, member)).sum::<f64>();
        assert!((sum("clipped_area_km2") - area).abs() < 1e-4 * area, "{side} m");
        let used = squares["method"]["incidents"]["used"].as_f64().unwrap();
        assert!((sum("count") - used).abs() < 0.5, "{side} m");
        let whole = side.parse::<f64>().unwrap().powi(2) / 1e6;
        for cell in cells(&squares) {
            let id = format!("{side}mN{}E{}", number(cell, "northing_m"), number(cell, "easting_m"));
            assert_eq!(
                (&cell["id"], &cell["properties"]["square_id"]),
                (&Value::from(id.clone()), &Value::from(id))
            );
            assert!((number(cell, "area_km2") / whole - 1.0).abs() < 1e-9);
        }
    }
    let default = json("/analysis/squares?priority=violence&empty=omit");
    assert_eq!(default["method"]["parameters"]["cell_m"], 150);
}

#[test]
fn rook_leaves_out_the_corners() {
    let queen = json("/analysis/squares?cell_m=1000");
    let rook = json("/analysis/squares?cell_m=1000&neighbours=rook");
    let most = |layer: &Value| cells(layer).iter().map(|cell| number(cell, "neighbours")).fold(0.0, f64::max);
    assert!((most(&queen) - 8.0).abs() < 0.5 && (most(&rook) - 4.0).abs() < 0.5);
    assert_ne!(queen["moran"], rook["moran"]);
    assert!(rook["method"]["parameters"]["neighbours"].as_str().unwrap().starts_with("rook"));
}

#[test]
fn each_statistic_gives_its_own_numbers_for_the_same_counts() {
    for grid in ["hex?resolution=9", "squares?cell_m=300"] {
        let answer =
            |statistic: &str| json(&format!("/analysis/{grid}&priority=violence&statistic={statistic}"));
        let (star, gi, moran) = (answer("gi-star"), answer("gi"), answer("local-moran&permutations=99999"));
        assert_eq!(json(&format!("/analysis/{grid}&priority=violence"))["features"], star["features"]);
        assert!(
            star["moran"] == gi["moran"] && gi["moran"] == moran["moran"] && star["geary"] == moran["geary"]
        );
        let mut different = [0; 2];
        for ((star, gi), moran) in cells(&star).iter().zip(cells(&gi)).zip(cells(&moran)) {
            for member in ["count", "weighted", "neighbours", "clipped_area_km2"] {
                assert!(star["properties"][member] == gi["properties"][member]);
                assert!(star["properties"][member] == moran["properties"][member]);
            }
            assert!(star["properties"]["local_i"].is_null() && gi["properties"]["quadrant"].is_null());
            different[0] += usize::from(star["properties"]["z"] != gi["properties"]["z"]);
            let island = moran["properties"]["neighbours"] == 0;
            assert!(["local_i", "quadrant", "p"].iter().all(|m| moran["properties"][m].is_null() == island));
            if moran["properties"]["z"].is_null() {
                continue;
            }
            // The z of local Moran's I is that of Gi, with the sign of the cell's own deviation.
            let (z, other) = (number(moran, "z"), number(gi, "z"));
            assert!((z.abs() - other.abs()).abs() < 1e-6 * (1.0 + z.abs()), "{moran} {gi}");
            let quadrant = moran["properties"]["quadrant"].as_str().unwrap();
            let alike = quadrant == "HH" || quadrant == "LL";
            assert!(number(moran, "local_i").abs() < 1e-9 || alike == (number(moran, "local_i") > 0.0));
            different[1] += usize::from(number(moran, "class") > 0.0);
        }
        assert!(different[0] > 0 && different[1] > 0, "{grid}: {different:?}");
    }
}

#[test]
fn permutations_are_seeded_and_told() {
    let answer = |more: &str| {
        json(&format!("/analysis/hex?resolution=9&priority=violence&statistic=local-moran{more}"))
    };
    let plain = answer("");
    let parameters = &plain["method"]["parameters"];
    assert_eq!((&parameters["permutations"], &parameters["seed"]), (&Value::from(999), &Value::from(1)));
    assert_eq!(plain["features"], answer("&permutations=999&seed=1")["features"]);
    assert_ne!(plain["features"], answer("&seed=2")["features"]);
    for cell in cells(&plain).iter().filter(|cell| !cell["properties"]["p"].is_null()) {
        // (M + 1)/(R + 1), twice the smaller.
        let times = number(cell, "p") * 500.0;
        assert!((times - times.round()).abs() < 1e-6 && times > 0.5, "{cell}");
    }
    let too_few = "cannot reach an adjusted probability of 0.05";
    assert!(plain["notices"].to_string().contains(too_few), "{}", plain["notices"]);
    let finer = answer("&permutations=99999");
    assert!(!finer["notices"].to_string().contains(too_few), "{}", finer["notices"]);
    let hot = |layer: &Value| cells(layer).iter().filter(|cell| number(cell, "class") > 0.0).count();
    assert!(hot(&finer) > hot(&plain));
}

#[test]
fn neighbours_are_alike_where_incidents_concentrate() {
    let hexes = json("/analysis/hex?priority=violence&resolution=9");
    let [moran, geary] = ["moran", "geary"].map(|member| &hexes[member]);
    assert!(moran["value"].as_f64().unwrap() > moran["expected"].as_f64().unwrap());
    assert!(moran["z"].as_f64().unwrap() > 2.0 && moran["p"].as_f64().unwrap() < 0.05);
    assert_eq!(geary["expected"], 1.0);
    assert!(geary["value"].as_f64().unwrap() < 1.0 && geary["z"].as_f64().unwrap() < 0.0);
}

#[test]
fn a_period_without_incidents_is_no_evidence() {
    for grid in ["hex?", "squares?cell_m=500&"] {
        for statistic in ["gi-star", "gi", "local-moran"] {
            let layer = json(&format!("/analysis/{grid}period=1950-01&statistic={statistic}"));
            assert!(layer["moran"].is_null() && layer["geary"].is_null());
            assert!(!cells(&layer).is_empty());
            for cell in cells(&layer) {
                let properties = &cell["properties"];
                assert!(
                    properties["count"] == 0 && properties["class"] == 0 && properties["local_i"].is_null()
                );
                assert_eq!(properties["p"].is_null(), statistic == "local-moran");
            }
        }
    }
}

#[test]
fn an_area_has_squares_of_its_own() {
    let wards = json("/summaries/ward?period=2025-01/2025-12");
    let row = &wards["rows"][0];
    let code = row["code"].as_str().unwrap();
    let question = format!("period=2025-01/2025-12&within=ward/{code}");
    for address in [
        format!("/analysis/squares?{question}"),
        format!("/analysis/squares?{question}&statistic=local-moran&cell_m=2000"),
        format!("/analysis/hex?{question}&statistic=gi&resolution=7"),
    ] {
        let layer = json(&address);
        assert_eq!(layer["method"]["incidents"]["used"], row["count"]);
        let area: f64 = cells(&layer).iter().map(|cell| number(cell, "clipped_area_km2")).sum();
        let expected = row["area_km2"].as_f64().unwrap();
        assert!((area - expected).abs() < 1e-6 * expected, "{address}");
        if cells(&layer).len() < 30 {
            assert!(layer["notices"].to_string().contains("not reliable"), "{address}");
        }
    }
}

#[test]
fn squares_are_the_same_as_features_and_as_a_table() {
    let address = "/analysis/squares?priority=burglary&cell_m=800&statistic=local-moran";
    let features: BTreeMap<_, _> = cells(&json(address))
        .iter()
        .map(|cell| (cell["id"].as_str().unwrap().to_owned(), cell["properties"].clone()))
        .collect();
    let (header, table) = TestApp::shared().get(&format!("{address}&f=csv")).expect(200).csv();
    assert_eq!(table.len(), features.len());
    for fields in table {
        let properties = &features[&fields[0]];
        for (name, field) in header.iter().zip(&fields) {
            let value = &properties[name];
            let same = value.as_str() == Some(field.as_str()) || value.as_f64() == field.parse().ok();
            assert!(same, "{name}: {value} is not {field}");
        }
    }
}
