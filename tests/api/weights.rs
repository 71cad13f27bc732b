//! Tables of weights, those shipped and those of a folder.

use std::fs;

use crate::app::TestApp;

#[test]
fn a_table_reads_the_same_alone_in_the_list_and_as_csv() {
    let app = TestApp::shared();
    let list = app.get("/weights").expect(200).json();
    let ids: Vec<_> = list.as_array().unwrap().iter().map(|table| table["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["cchi-2026", "ons-css-2018"]);
    for table in list.as_array().unwrap() {
        let address = format!("/weights/{}", table["id"].as_str().unwrap());
        assert_eq!(app.get(&address).expect(200).json(), *table);
        let (header, rows) = app.get(&format!("{address}?f=csv")).expect(200).csv();
        assert_eq!(header[..2], ["category", "weight"]);
        let weights = table["weights"].as_array().unwrap();
        assert_eq!(rows.len(), weights.len());
        for (fields, row) in rows.iter().zip(weights) {
            assert_eq!(row["category"], fields[0].as_str());
            assert_eq!(row["weight"].as_f64(), fields[1].parse().ok());
        }
    }
}

#[test]
fn a_table_of_a_folder_weighs() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let table = "id = 'local'\ntitle = 'Local'\nunit = 'points'\nyear = 2024\nsource = 'The partnership'\n\
                 licence = 'Internal'\n[weights.burglary]\nweight = 7.5\nlow = 5.0\nhigh = 10.0\n";
    fs::write(folder.path().join("local.toml"), table).unwrap();
    let app = TestApp::start(&["--demonstration", "--weights", folder.path().to_str().unwrap()]);
    assert_eq!(app.get("/weights/local").expect(200).json()["weights"][0]["high"], 10.0);
    let summary = app.get("/summaries/ward?priority=burglary&weights=local").expect(200).json();
    for row in summary["rows"].as_array().unwrap() {
        assert_eq!(row["weighted"].as_f64(), row["count"].as_f64().map(|count| 7.5 * count));
    }
    assert_eq!(summary["method"]["weights_from"], "local");
}
