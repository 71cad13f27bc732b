//! Summaries beyond their default: measures, denominators, months, categories, workbooks and archives.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

use serde_json::Value;

use crate::{app::TestApp, exchange::Exchange};

/// The columns of the default answer, which clients read.
const DEFAULT: [&str; 13] = [
    "code",
    "name",
    "count",
    "weighted",
    "share",
    "rank",
    "residents",
    "rate_per_1000",
    "area_km2",
    "per_km2",
    "comparison_count",
    "change",
    "change_percent",
];
const LABELS: [&str; 3] = ["period", "comparison_period", "data_notice"];
const EVERYTHING: &str = "measures=count,share,rank,rate,density,change,funnel,borough,similar";

fn json(address: &str) -> Value {
    TestApp::shared().get(address).expect(200).json()
}

fn rows(answer: &Value) -> &Vec<Value> {
    answer["rows"].as_array().unwrap()
}

fn names(row: &Value) -> Vec<&str> {
    row.as_object().unwrap().keys().map(String::as_str).collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn close(one: f64, other: f64) {
    assert!((one - other).abs() <= 1e-9 * one.abs().max(1.0), "{one} {other}");
}

/// The files of an archive by their names.
fn unpacked(answer: &Exchange) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(answer.body.clone())).unwrap();
    (0..archive.len())
        .map(|number| {
            let mut file = archive.by_index(number).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            (file.name().unwrap().into_owned(), text)
        })
        .collect()
}

#[test]
fn the_default_answer_has_the_columns_it_always_had() {
    let summary = json("/summaries/ward?priority=violence");
    for row in rows(&summary) {
        assert_eq!(names(row), DEFAULT);
    }
    assert_eq!(names(&summary), ["title", "in_no_area", "notices", "method", "rows"]);
    let (header, table) = TestApp::shared().get("/summaries/ward?priority=violence&f=csv").expect(200).csv();
    assert_eq!(header, [&DEFAULT[..], &LABELS].concat());
    assert_eq!(table.len(), 24);
    assert!(table.iter().all(|fields| fields[3].ends_with(".0")), "sums of weights are written as numbers");
}

#[test]
fn measures_choose_the_columns_and_the_dictionary_has_them_all() {
    let app = TestApp::shared();
    let dictionary = json("/summaries/columns");
    let columns = dictionary["columns"].as_array().unwrap();
    let known: Vec<&str> = columns.iter().map(|column| column["name"].as_str().unwrap()).collect();
    let of = |wanted: &dyn Fn(&Value) -> bool| -> Vec<&str> {
        columns
            .iter()
            .filter(|column| wanted(column))
            .map(|column| column["name"].as_str().unwrap())
            .collect()
    };
    let defaults = of(&|column| column["default"] == true);
    assert_eq!(defaults, [&DEFAULT[..], &LABELS].concat());
    for measure in dictionary["measures"].as_array().unwrap() {
        let mut expected = of(&|column| column["measure"] == "area" || column["measure"] == *measure);
        expected.retain(|name| !["households", "dwellings"].contains(name));
        let found =
            json(&format!("/summaries/ward?priority=violence&measures={}", measure.as_str().unwrap()));
        assert_eq!(names(&rows(&found)[0]), expected, "{measure}");
    }
    let (header, _) = app.get(&format!("/summaries/beat?{EVERYTHING}&f=csv")).expect(200).csv();
    let mut expected = known.clone();
    expected.retain(|name| !["households", "dwellings"].contains(name));
    assert_eq!(header, expected);

    let (_, table) = app.get("/summaries/columns?f=csv").expect(200).csv();
    for (fields, column) in table.iter().zip(columns) {
        for (field, name) in fields.iter().zip(["name", "title", "unit", "meaning", "absent", "measure"]) {
            assert_eq!(field, column[name].as_str().unwrap_or_default());
        }
    }
    let page = app.get_with("/summaries/columns", &[("accept", "text/html")]).expect(200).text();
    assert!(known.iter().all(|name| page.contains(&format!("<code>{name}</code>"))));
}

#[test]
fn funnel_and_borough_agree_with_the_analysis_of_rates() {
    let question = "priority=burglary&period=2025-01/2025-12";
    let found = json(&format!("/summaries/ward?{question}&measures=count,rate,funnel,borough"));
    let rates = json(&format!("/analysis/rates/ward?{question}"));
    let overall = number(&rates["overall"]["rate_per_1000"]);
    for (row, plain) in rows(&found).iter().zip(rows(&rates)) {
        for (name, other) in [
            ("rate_low", "rate_low"),
            ("rate_high", "rate_high"),
            ("rate_ratio", "ratio"),
            ("rate_ratio_low", "ratio_low"),
            ("rate_ratio_high", "ratio_high"),
            ("rate_p", "p"),
            ("rate_p_adjusted", "p_adjusted"),
            ("residents", "population"),
        ] {
            assert_eq!(row[name], plain[other], "{name}");
        }
        close(number(&row["borough_rate_per_1000"]), overall);
        close(number(&row["funnel_target"]), overall);
        assert_eq!(row["denominator_year"], 2020);
        let rate = number(&row["rate_per_1000"]);
        let [far_low, low, high, far_high] =
            ["funnel_998_low", "funnel_95_low", "funnel_95_high", "funnel_998_high"]
                .map(|name| number(&row[name]));
        assert!(far_low <= low && low < overall && overall < high && high < far_high);
        let place = match rate {
            rate if rate < far_low => "below-99.8",
            rate if rate < low => "below-95",
            rate if rate > far_high => "above-99.8",
            rate if rate > high => "above-95",
            _ => "inside",
        };
        assert_eq!(row["funnel_position"], place);
        let significance = match number(&row["rate_p_adjusted"]) {
            p if p >= 0.05 => "no-difference",
            _ if rate > overall => "higher",
            _ => "lower",
        };
        assert_eq!(row["rate_significance"], significance);
    }
    let phi = number(&found["method"]["parameters"]["overdispersion"]);
    assert_eq!(
        found["notices"].to_string().contains("overdispersion"),
        phi > 1.0 + 2.0 * (2.0_f64 / 24.0).sqrt()
    );
}

#[test]
fn areas_are_compared_with_those_that_are_alike() {
    let found = json("/summaries/ward?priority=burglary&similar=3");
    assert_eq!(names(&rows(&found)[0])[..13], DEFAULT, "what is told by default stays");
    assert_eq!(found["method"]["parameters"]["similar"], 3);
    let by_code: BTreeMap<&str, &Value> =
        rows(&found).iter().map(|row| (row["code"].as_str().unwrap(), row)).collect();
    let spread = |of: &dyn Fn(&Value) -> f64| {
        let values: Vec<f64> = rows(&found).iter().map(of).collect();
        let mean = values.iter().sum::<f64>() / 24.0;
        (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 24.0).sqrt()
    };
    let people = |row: &Value| number(&row["residents"]);
    let density = |row: &Value| number(&row["residents"]) / number(&row["area_km2"]);
    let (of_people, of_density) = (spread(&people), spread(&density));
    for (code, row) in &by_code {
        let codes: Vec<&str> = row["similar_areas"].as_str().unwrap().split(';').collect();
        let distance = |other: &str| {
            let other = by_code[other];
            ((people(row) - people(other)) / of_people).powi(2)
                + ((density(row) - density(other)) / of_density).powi(2)
        };
        assert!(codes.len() == 3 && !codes.contains(code));
        let farthest = codes.iter().map(|code| distance(code)).fold(0.0, f64::max);
        let nearer = by_code.keys().filter(|other| *other != code && distance(other) <= farthest).count();
        assert_eq!(nearer, 3, "{code}");
        let sum = |name: &str| codes.iter().map(|code| number(&by_code[code][name])).sum::<f64>();
        close(number(&row["similar_count"]), sum("count"));
        close(number(&row["similar_denominator"]), sum("residents"));
        let theirs = 1_000.0 * sum("count") / sum("residents");
        close(number(&row["similar_rate_per_1000"]), theirs);
        let ratio = number(&row["rate_per_1000"]) / theirs;
        close(number(&row["similar_ratio"]), ratio);
        assert!(number(&row["similar_ratio_low"]) < ratio && ratio < number(&row["similar_ratio_high"]));
        assert!(number(&row["similar_p"]) <= number(&row["similar_p_adjusted"]) * (1.0 + 1e-12));
    }
    let usual = json("/summaries/ward?measures=similar");
    assert_eq!(rows(&usual)[0]["similar_areas"].as_str().unwrap().split(';').count(), 5);
}

#[test]
fn rates_are_by_what_was_asked_for_and_absent_where_it_is_not_known() {
    let found = json(&format!("/summaries/ward?priority=burglary&per=households&{EVERYTHING}"));
    assert_eq!(found["method"]["parameters"]["per"], "households");
    assert_eq!(found["method"]["parameters"]["denominator_year"], 2021);
    let households: f64 = rows(&found).iter().map(|row| number(&row["households"])).sum();
    // Households of Dudley in the census of 2021.
    close(households, 137_053.0);
    for row in rows(&found) {
        assert!(row.get("residents").is_none());
        close(number(&row["rate_per_1000"]), 1_000.0 * number(&row["count"]) / number(&row["households"]));
        assert_eq!(row["denominator_year"], 2021);
    }
    for address in ["/summaries/ward?per=dwellings", "/summaries/beat?per=residents"] {
        let found = json(&format!("{address}&{EVERYTHING}&series=month"));
        for row in rows(&found) {
            for name in [
                "rate_per_1000",
                "rate_low",
                "denominator_year",
                "funnel_target",
                "funnel_position",
                "borough_rate_per_1000",
                "rate_p",
                "rate_significance",
                "similar_areas",
                "similar_rate_per_1000",
            ] {
                assert!(row[name].is_null(), "{address} {name}");
            }
            assert!(row["count"].is_u64());
            assert!(row["series"].as_array().unwrap().iter().all(|month| month["rate_per_1000"].is_null()));
        }
        assert!(found["notices"].to_string().contains("No rate is given"), "{address}");
    }
}

#[test]
fn months_add_up_to_the_period() {
    let app = TestApp::shared();
    let address = "/summaries/ward?priority=violence&period=2025-07/2025-12&series=month";
    let found = json(address);
    let mut expected = Vec::new();
    for row in rows(&found) {
        let series = row["series"].as_array().unwrap();
        let months: Vec<_> = series.iter().map(|month| month["month"].as_str().unwrap()).collect();
        assert_eq!(months, ["2025-07", "2025-08", "2025-09", "2025-10", "2025-11", "2025-12"]);
        close(series.iter().map(|month| number(&month["count"])).sum(), number(&row["count"]));
        close(series.iter().map(|month| number(&month["weighted"])).sum(), number(&row["weighted"]));
        close(
            series.iter().map(|month| number(&month["rate_per_1000"])).sum(),
            number(&row["rate_per_1000"]),
        );
        for month in series {
            expected.push([row["code"].clone(), month["month"].clone(), month["count"].to_string().into()]);
        }
    }
    let (header, table) = app.get(&format!("{address}&f=csv")).expect(200).csv();
    assert_eq!(header, ["code", "name", "month", "count", "weighted", "rate_per_1000", "data_notice"]);
    let told: Vec<_> =
        table.iter().map(|fields| [0, 2, 3].map(|at| Value::from(fields[at].clone()))).collect();
    assert_eq!(told, expected);
    // One month by itself is the same month.
    let alone = json("/summaries/ward?priority=violence&period=2025-09");
    for (row, of_month) in rows(&found).iter().zip(rows(&alone)) {
        assert_eq!(row["series"][2]["count"], of_month["count"]);
    }
    let shapes = json(&format!("{address}&f=geojson"));
    assert_eq!(shapes["features"][3]["properties"], rows(&found)[3]);
    let refused = app.get("/summaries/ward?period=2025-07-02/2025-08-31&series=month").expect(400);
    assert!(refused.text().contains("whole months"));
    app.get("/summaries/ward?period=1950-01&series=month").expect(422);
}

#[test]
fn categories_add_up_in_rows_and_columns() {
    let app = TestApp::shared();
    let address = "/summaries/ward?period=2025-07/2025-12&by=category";
    let found = json(address);
    let table = &found["by_category"];
    let categories = table["categories"].as_array().unwrap();
    assert!(categories.len() > 5);
    let counts: Vec<Vec<f64>> = rows(&found)
        .iter()
        .map(|row| row["by_category"].as_array().unwrap().iter().map(number).collect())
        .collect();
    for (row, counts) in rows(&found).iter().zip(&counts) {
        close(counts.iter().sum(), number(&row["count"]));
    }
    for (at, total) in table["totals"].as_array().unwrap().iter().enumerate() {
        close(counts.iter().map(|counts| counts[at]).sum(), number(total));
    }
    close(
        number(&table["total"]) + number(&found["in_no_area"]),
        number(&found["method"]["incidents"]["used"]),
    );
    let burglary = categories.iter().position(|category| category == "burglary").unwrap();
    let alone = json("/summaries/ward?period=2025-07/2025-12&category=burglary");
    for (counts, row) in counts.iter().zip(rows(&alone)) {
        close(counts[burglary], number(&row["count"]));
    }

    let (header, lines) = app.get(&format!("{address}&f=csv")).expect(200).csv();
    let slugs: Vec<&str> = categories.iter().map(|category| category.as_str().unwrap()).collect();
    assert_eq!(header, [&["code", "name"], &slugs[..], &["total", "period", "data_notice"]].concat());
    assert_eq!(lines.len(), 25);
    let last = &lines[24];
    assert_eq!((last[0].as_str(), last[1].as_str()), ("", "All areas"));
    assert_eq!(last[2 + slugs.len()], table["total"].to_string());

    let few = json("/summaries/ward?category=robbery,burglary&by=category");
    assert_eq!(few["by_category"]["categories"], serde_json::json!(["burglary", "robbery"]));
    let refused = app.get(&format!("{address}&series=month&f=csv")).expect(400);
    assert_eq!(refused.faults().swap_remove(0)[0], "query parameter by");
}

#[test]
fn a_workbook_has_every_table_and_says_what_it_is() {
    let app = TestApp::shared();
    let address = "/summaries/ward?priority=burglary&period=2025-07/2025-12&series=month&by=category";
    let answer = app.get(&format!("{address}&f=xlsx")).expect(200);
    assert_eq!(
        answer.header("content-disposition").as_deref(),
        Some("attachment; filename=\"summary-ward-2025-07_2025-12.xlsx\"")
    );
    assert_eq!(app.get(&format!("{address}&f=xlsx")).body, answer.body);
    let parts = unpacked(&answer);
    let book = roxmltree::Document::parse(&parts["xl/workbook.xml"]).unwrap();
    let sheets: Vec<_> = book
        .descendants()
        .filter(|node| node.tag_name().name() == "sheet")
        .map(|node| node.attribute("name").unwrap().to_owned())
        .collect();
    assert_eq!(sheets, ["About", "areas", "months", "categories", "Columns"]);
    let strings = &parts["xl/sharedStrings.xml"];
    for text in [
        "schematic",
        "The same again: http://",
        "Rate (1/1000 residents)",
        "Halesowen North",
        "All areas",
        "Burglary",
    ] {
        assert!(strings.contains(text), "{text}");
    }
    // As many rows as JSON has, below the header.
    let summary = json(address);
    let sheet = roxmltree::Document::parse(&parts["xl/worksheets/sheet2.xml"]).unwrap();
    let rows_of_sheet: Vec<_> = sheet.descendants().filter(|node| node.tag_name().name() == "row").collect();
    assert_eq!(rows_of_sheet.len(), 25);
    for (row, told) in rows_of_sheet.iter().skip(1).zip(rows(&summary)) {
        let count = row.children().nth(2).and_then(|cell| cell.first_element_child()).unwrap();
        assert_eq!(count.text().unwrap(), told["count"].to_string());
    }
    assert!(parts.values().all(|part| !part.contains("<f>")), "no formula");
}

#[test]
fn an_archive_has_every_table_as_csv() {
    let app = TestApp::shared();
    let address = "/summaries/beat?priority=burglary&period=2025-07/2025-12";
    let answer = app.get(&format!("{address}&series=month&by=category&f=zip")).expect(200);
    let files = unpacked(&answer);
    let known: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(known, ["about.txt", "areas.csv", "categories.csv", "columns.csv", "months.csv"]);
    assert_eq!(files["areas.csv"], app.get(&format!("{address}&f=csv")).expect(200).text());
    assert_eq!(files["months.csv"], app.get(&format!("{address}&series=month&f=csv")).expect(200).text());
    assert_eq!(files["categories.csv"], app.get(&format!("{address}&by=category&f=csv")).expect(200).text());
    assert_eq!(files["columns.csv"], app.get("/summaries/columns?f=csv").expect(200).text());
    assert!(files["about.txt"].contains("schematic"));
}

#[test]
fn faulty_wishes_are_told_together() {
    let app = TestApp::shared();
    let refused =
        app.get("/summaries/ward?measures=count,none&per=people&similar=0&series=day&by=ward").expect(400);
    let places: Vec<String> = refused.faults().into_iter().take(5).map(|[place, _, _]| place).collect();
    assert_eq!(
        places,
        ["measures", "per", "similar", "series", "by"].map(|name| format!("query parameter {name}"))
    );
    assert!(refused.text().contains("count, share, rank, rate, density, change, funnel, borough, similar"));
    app.get("/summaries/ward?similar=21").expect(400);
}
