//! Change, trend, emerging hot spots, seasonality and hours of the week.

use serde_json::Value;

use crate::{
    app::TestApp,
    exchange::{Exchange, encode},
};

fn get(address: &str) -> Exchange {
    TestApp::shared().get(address)
}

fn json(address: &str) -> Value {
    get(address).expect(200).json()
}

fn rows(answer: &Value, member: &str) -> Vec<Value> {
    answer[member].as_array().unwrap().clone()
}

fn number(row: &Value, member: &str) -> f64 {
    row[member].as_f64().unwrap_or_else(|| panic!("{member} of {row}"))
}

fn used(answer: &Value) -> f64 {
    number(&answer["method"]["incidents"], "used")
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs()).max(1.0)
}

fn notices(answer: &Value) -> String {
    answer["notices"].to_string()
}

/// A condition that nothing meets.
fn nothing() -> String {
    format!("filter={}", encode("street = 'nowhere at all'"))
}

#[test]
fn change_counts_what_the_summary_counts_and_allows_for_days() {
    let question = "category=burglary&period=2025-07/2025-12&compare=2024-01/2024-06";
    let change = json(&format!("/analysis/change/ward?{question}"));
    let summary = json(&format!("/summaries/ward?{question}"));
    let (days, days_before) = (184.0, 182.0);
    let parameters = &change["method"]["parameters"];
    assert_eq!((number(parameters, "days"), number(parameters, "comparison_days")), (days, days_before));
    for (row, counted) in rows(&change, "rows").iter().zip(rows(&summary, "rows")) {
        for member in ["code", "name", "count", "comparison_count", "change", "change_percent"] {
            assert_eq!(row[member], counted[member]);
        }
        let (count, before) = (number(row, "count"), number(row, "comparison_count"));
        let ratio = number(row, "rate_ratio");
        assert!(near(ratio, count / days / (before / days_before)));
        assert!(number(row, "rate_ratio_low") < ratio && ratio < number(row, "rate_ratio_high"));
        assert!(number(row, "p_exact") <= number(row, "p_exact_adjusted"));
        assert!(number(row, "p_e_test") <= number(row, "p_e_test_adjusted"));
        let significant = number(row, "p_exact_adjusted") <= 0.05;
        let finding = if !significant {
            "no-evidence"
        } else if ratio > 1.0 {
            "more"
        } else {
            "fewer"
        };
        assert_eq!(row["finding"], finding);
    }
    assert!(near(number(&change["total"], "count"), used(&change)));
    assert_eq!(change["total"]["code"], change["method"]["area_code"]);
    assert_eq!(change["total"]["p_exact"], change["total"]["p_exact_adjusted"]);
}

#[test]
fn a_hot_spot_that_is_new_in_the_city_is_found_as_a_change_of_its_ward() {
    // Burglary has a hot spot that begins in July 2025 and one that fades out over the two years.
    let change = json("/analysis/change/ward?category=burglary&period=2025-07/2025-12&compare=year-before");
    let found: Vec<_> = rows(&change, "rows").iter().map(|row| row["finding"].clone()).collect();
    assert!(found.iter().any(|finding| finding == "more"), "{found:?}");
    // Shares of bicycle theft stay as they are.
    let change = json("/analysis/change/ward?category=drugs&period=2025-02&compare=2025-01");
    let more = rows(&change, "rows").iter().filter(|row| row["finding"] == "more").count();
    assert!(more <= 1, "chance alone gives more than {more}");
}

#[test]
fn a_change_needs_two_whole_periods_that_do_not_overlap() {
    let rules = [
        ("period=2025-01&compare=none", 400, "a period to compare with"),
        ("period=2025-01/2025-03&compare=2025-03", 400, "does not overlap"),
        ("period=2025-01&compare=2024-12-31/2025-01-01", 400, "does not overlap"),
        ("period=2024-01&compare=before", 422, "comparison period 2023-12: it holds 2024-01 to 2025-12"),
        ("period=2025-12/2026-01&compare=2025-01", 422, "period 2025-12/2026-01"),
        ("period=1950-01&compare=2025-01", 422, "period 1950-01"),
    ];
    for (question, status, detail) in rules {
        let refused = get(&format!("/analysis/change/ward?{question}")).expect(status).json();
        assert!(refused["detail"].as_str().unwrap().contains(detail), "{question}: {refused}");
    }
    let part = json("/analysis/change/ward?category=drugs&period=2025-02&compare=2025-01-02/2025-01-31");
    assert!(notices(&part).contains("partly outside the comparison period"), "{}", notices(&part));
}

#[test]
fn series_add_up_to_the_total_and_to_what_was_used() {
    let trend = json("/analysis/trend/ward?priority=violence&period=2024-01/2025-12");
    let months = rows(&trend, "months");
    assert_eq!((months.len(), &months[0], &months[23]), (24, &"2024-01".into(), &"2025-12".into()));
    let series = |row: &Value| -> Vec<f64> {
        row["counts"].as_array().unwrap().iter().map(|count| count.as_f64().unwrap()).collect()
    };
    let total = series(&trend["total"]);
    for (month, total) in total.iter().enumerate() {
        let sum: f64 = rows(&trend, "rows").iter().map(|row| series(row)[month]).sum();
        assert!(*total >= sum && *total <= sum + number(&trend, "in_no_area"));
    }
    assert!(near(total.iter().sum::<f64>(), used(&trend)));
    for row in rows(&trend, "rows").iter().chain([&trend["total"]]) {
        assert!(near(series(row).iter().sum::<f64>(), number(row, "count")));
        let p = number(row, "p_adjusted");
        let (up, down) = (number(row, "kendall_s") > 0.0, number(row, "kendall_s") < 0.0);
        let finding = if p > 0.05 {
            "no-evidence"
        } else if up {
            "up"
        } else {
            "down"
        };
        assert_eq!(row["finding"], finding);
        assert!(!down || number(row, "slope_per_month") <= 0.0);
        assert!(row["seasonal_p"].is_number());
    }
}

#[test]
fn a_hot_spot_that_grows_in_the_city_has_a_trend_and_short_series_have_notices() {
    // Shoplifting, anti-social behaviour, violence and vehicle crime all grow in the ward of one hot spot.
    let trend = json("/analysis/trend/ward?period=2024-01/2025-12");
    let up = rows(&trend, "rows").iter().filter(|row| row["finding"] == "up").count();
    assert!((1..12).contains(&up), "{up}");
    let year = json("/analysis/trend/ward?period=2025-01/2025-12");
    assert!(year["total"]["seasonal_p"].is_null() && notices(&year).contains("less than two years"));
    let short = json("/analysis/trend/ward?period=2025-09/2025-12");
    assert!(notices(&short).contains("five are the least"));
    assert!(rows(&short, "rows").iter().all(|row| row["finding"] == "no-evidence"));
    let beyond = json("/analysis/trend/ward?period=2025-06/2026-06");
    assert_eq!(
        rows(&beyond, "months").len(),
        7,
        "months that the store does not hold are unknown, not empty"
    );
}

#[test]
fn emerging_cells_hold_all_incidents_and_each_has_one_category() {
    let address = "/analysis/emerging?category=burglary&period=2024-01/2025-12&resolution=8&series=include";
    let found = json(address);
    let cells = rows(&found, "features");
    let mut counted = 0.0;
    for cell in &cells {
        let cell = &cell["properties"];
        let (weighted, z) = (rows(cell, "weighted"), rows(cell, "z"));
        assert_eq!((weighted.len(), z.len()), (24, 24));
        let sum: f64 = weighted.iter().map(|value| value.as_f64().unwrap()).sum();
        assert!(near(sum, number(cell, "count")));
        counted += sum;
        assert_eq!(cell["last_z"], z[23]);
        let least = found["method"]["parameters"]["least_z"].as_f64().unwrap_or(f64::INFINITY);
        let hot = z.iter().filter(|z| z.as_f64().unwrap() >= least).count();
        assert_eq!(cell["hot_steps"], hot);
        let without = cell["category"] != "No Pattern Detected" && number(cell, "count") == 0.0;
        assert_eq!(cell["note"].is_string(), without);
    }
    assert!(near(counted, used(&found)));
    let categories = found["categories"].as_object().unwrap();
    assert_eq!(categories.values().map(|cells| cells.as_u64().unwrap()).sum::<u64>(), cells.len() as u64);

    let (header, table) = get(&format!("{}&f=csv", address.replace("&series=include", ""))).expect(200).csv();
    assert_eq!((table.len(), header[1].as_str()), (cells.len(), "category"));
    let patterns = json(&format!("{address}&cells=patterns"));
    let shown = rows(&patterns, "features");
    assert!(shown.iter().all(|cell| cell["properties"]["category"] != "No Pattern Detected"));
    assert_eq!(patterns["categories"], found["categories"]);
    assert_eq!(patterns["method"]["parameters"], found["method"]["parameters"]);
}

#[test]
fn the_hot_spot_that_begins_in_the_city_emerges() {
    let categories = |question: &str| -> Vec<String> {
        let found = json(&format!("/analysis/emerging?category=burglary&resolution=8&{question}"));
        found["categories"].as_object().unwrap().keys().cloned().collect()
    };
    let found = categories("period=2024-01/2025-12&fdr=false");
    let begins = ["New Hot Spot", "Consecutive Hot Spot", "Sporadic Hot Spot"];
    assert!(found.iter().any(|name| begins.contains(&name.as_str())), "{found:?}");
    for question in [
        "window=neighbourhood-steps&steps_back=2&rings=2",
        "window=individual-step&definition=arcgis-2.x",
        "significance=0.1&trend_significance=0.01&rings=0",
        "period=2025-08/2025-12",
    ] {
        let found = json(&format!("/analysis/emerging?category=burglary&resolution=8&{question}"));
        for pair in question.split('&') {
            let (name, value) = pair.split_once('=').unwrap();
            let echoed = &found["method"]["parameters"][name];
            assert!(name == "period" || echoed.to_string().trim_matches('"') == value, "{name}: {echoed}");
        }
        assert_eq!(notices(&found).contains("ten or more are usual"), question.starts_with("period"));
    }
}

#[test]
fn seasons_of_the_city_are_found() {
    let found = json("/analysis/seasonality?category=burglary&period=2024-01/2025-12");
    let months = rows(&found, "months");
    let index = |month: usize| number(&months[month - 1], "index");
    assert!(index(12) > 110.0 && index(6) < 90.0, "burglary peaks in December");
    assert!(number(&found["evenness"], "p") < 0.001);
    let days: f64 = months.iter().map(|month| number(month, "days")).sum();
    let mean: f64 = months.iter().map(|month| number(month, "index") * number(month, "days") / days).sum();
    assert!(near(mean, 100.0) && near(days, 731.0));
    assert!(near(months.iter().map(|month| number(month, "count")).sum(), used(&found)));
    assert!(months.iter().all(|month| number(month, "index_low") <= number(month, "index")));
    assert!(!notices(&found).contains("one year only"));

    let year = json("/analysis/seasonality?category=burglary&period=2024-06/2025-12");
    assert_eq!((&year["first_month"], number(&year, "whole_years")), (&"2025-01".into(), 1.0));
    assert!(notices(&year).contains("oldest 7 months") && notices(&year).contains("one year only"));
    let (header, table) = get("/analysis/seasonality?category=burglary&f=csv").expect(200).csv();
    assert_eq!((table.len(), header[0].as_str(), table[11][1].as_str()), (12, "month", "December"));
}

#[test]
fn hours_add_up_to_the_incidents_with_a_time() {
    let found = json("/analysis/hours?category=burglary");
    assert!(near(number(&found, "usable"), used(&found)));
    for member in ["days", "hours", "hours_of_week"] {
        let sum = |of: &str| rows(&found, member).iter().map(|row| number(row, of)).sum::<f64>();
        assert!(near(sum("incidents"), used(&found)) && near(sum("share"), 1.0), "{member}");
    }
    // Burglaries of the city begin between five and eleven in the evening and end by noon.
    let hours = rows(&found, "hours");
    assert!(number(&hours[22], "share") > 0.08 && number(&hours[14], "share") < 0.001);

    let mixed = json("/analysis/hours?category=burglary,fly-tipping,drugs");
    let of = |member: &str| number(&mixed, member);
    assert!(near(of("usable") + of("only_day") + of("only_month"), used(&mixed)));
    assert!(of("only_day") > 0.0 && of("only_month") > 0.0);
    assert!(notices(&mixed).contains("have no time of day"));
    assert_eq!(mixed["hours"], found["hours"], "what has no time of day is not spread");
    let (_, table) = get("/analysis/hours?category=burglary&f=csv").expect(200).csv();
    assert_eq!((table.len(), table[167][1].as_str(), table[167][2].as_str()), (168, "Sunday", "23"));
}

#[test]
fn what_the_incidents_cannot_answer_is_refused_with_the_reason() {
    for (address, detail) in [
        ("/analysis/hours?category=drugs", "has a time of day"),
        ("/analysis/hours?category=fly-tipping", "known only to the day, 0 only to the month"),
        ("/analysis/hours?period=1950-01", "no incident meets"),
        ("/analysis/seasonality?period=2025-01/2025-11", "the store holds 11"),
        ("/analysis/seasonality?period=1950-01/1955-12", "no month of the period"),
        ("/analysis/trend/ward?period=1950-01/1955-12", "no month of the period"),
        ("/analysis/emerging?period=2025-09/2025-12", "5 months or more"),
        ("/analysis/emerging?period=2025-12/2199-12", "the store holds 1"),
    ] {
        let refused = get(address).expect(422).json();
        assert!(refused["detail"].as_str().unwrap().contains(detail), "{address}: {refused}");
    }
}

#[test]
fn nothing_selected_and_one_ward_alone_have_answers() {
    let nothing = nothing();
    let change = json(&format!("/analysis/change/ward?{nothing}"));
    assert!(
        rows(&change, "rows").iter().all(|row| row["finding"] == "no-incidents" && row["p_exact"].is_null())
    );
    let trend = json(&format!("/analysis/trend/ward?{nothing}"));
    assert!(trend["total"]["slope_per_month"].is_null() && trend["total"]["finding"] == "no-incidents");
    let emerging = json(&format!("/analysis/emerging?{nothing}&resolution=8"));
    assert_eq!(emerging["categories"].as_object().unwrap().len(), 1);
    assert!(emerging["method"]["parameters"]["least_z"].is_null());
    let seasonality = json(&format!("/analysis/seasonality?{nothing}"));
    assert!(seasonality["evenness"].is_null() && seasonality["months"][0]["index"].is_null());
    get(&format!("/analysis/hours?{nothing}")).expect(422);

    let wards = json("/summaries/ward?category=burglary");
    let ward = &wards["rows"][3];
    let code = ward["code"].as_str().unwrap();
    for address in ["change/ward", "trend/ward", "emerging", "seasonality", "hours"] {
        let found = json(&format!("/analysis/{address}?category=burglary&within=ward/{code}"));
        assert!(near(used(&found), number(ward, "count")), "{address}");
        assert_eq!(found["method"]["within"]["code"], code, "{address}");
        assert!(found["total"].is_null() || found["total"]["name"] == ward["name"], "{address}");
    }
}

#[test]
fn weights_count_for_emerging_hot_spots_only_and_are_said_not_to_elsewhere() {
    let period = "period=2025-01/2025-12";
    for address in ["change/ward", "trend/ward", "seasonality", "hours"] {
        let plain = json(&format!("/analysis/{address}?{period}"));
        let weighted = json(&format!("/analysis/{address}?{period}&weights=cchi-2026"));
        assert!(notices(&weighted).contains("every incident counts as one"), "{address}");
        assert!(!notices(&plain).contains("every incident counts as one"), "{address}");
        assert_eq!(plain["total"], weighted["total"]);
        assert_eq!(plain["months"], weighted["months"]);
        assert_eq!(plain["hours"], weighted["hours"]);
    }
}
