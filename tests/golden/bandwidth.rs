//! Bandwidth rules and cross-validation against the reference results of topic 05.

use std::collections::HashMap;

use serde_json::Value;

use crate::support::{borough, expected, golden, number, table};
use hotspots::{
    analysis::{
        bandwidth::{
            Rule, Situation, left_out::LeftOut, nearest::mean_nearest_m, pairs::PairDistances, spread, values,
        },
        density::{Kernel, WeightedPoint, merge},
    },
    model::{GridPoint, Metres, SquareMetres},
};

fn position(row: &HashMap<String, String>) -> GridPoint {
    GridPoint::new(number(row, "e"), number(row, "n")).unwrap()
}

/// Every position that is not one of those before it.
fn distinct(incidents: &[GridPoint]) -> Vec<GridPoint> {
    let mut places: Vec<GridPoint> = Vec::new();
    for place in incidents {
        if !places.contains(place) {
            places.push(*place);
        }
    }
    places
}

fn counted(incidents: &[GridPoint]) -> Vec<WeightedPoint> {
    merge(incidents.iter().map(|&position| WeightedPoint { position, weight: 1.0 }).collect())
}

/// Incidents by name, with their weights where the reference has any.
type Set = (&'static str, Vec<GridPoint>, Option<Vec<WeightedPoint>>);

fn sets() -> Option<(Value, Vec<Set>)> {
    let golden = golden()?;
    let events = table(golden.join("04_kde/events.csv"));
    let burglary = |row: &&HashMap<String, String>| row["crime_type"] == "Burglary";
    let weighted = |row: &HashMap<String, String>| WeightedPoint {
        position: position(row),
        weight: number(row, "weight"),
    };
    let burglaries: Vec<_> = events.iter().filter(burglary).map(position).collect();
    let places = distinct(&burglaries);
    let sets = vec![
        ("one_type", burglaries, Some(events.iter().filter(burglary).map(weighted).collect())),
        ("one_type_distinct_points", places, None),
        ("all", events.iter().map(position).collect(), Some(events.iter().map(weighted).collect())),
    ];
    Some((expected(golden.join("05_bandwidth/expected.json")), sets))
}

fn close(value: f64, reference: &Value, tolerance: f64, what: &str) {
    let reference = reference.as_f64().unwrap_or_else(|| panic!("{what}: no reference"));
    assert!((value / reference - 1.0).abs() < tolerance, "{what}: {value} is not {reference}");
}

#[test]
fn rules_of_thumb_equal_the_reference() {
    let Some((expected, sets)) = sets() else { return };
    let golden = golden().unwrap();
    let area = borough(&golden).area;
    for (name, incidents, weighted) in sets {
        let rules = &expected["rules"][name];
        assert_eq!(rules["n"], incidents.len(), "{name}");
        let near = |value: f64, key: &str| close(value, &rules[key], 1e-9, &format!("{name} {key}"));
        for (key, sigma_m) in [
            ("scott_sigma_isotropic", spread::scott_sigma_m(&incidents)),
            ("ns_sigma", spread::silverman_sigma_m(&incidents)),
            ("os_sigma", spread::oversmoothing_sigma_m(&incidents)),
        ] {
            let sigma_m = sigma_m.unwrap();
            near(sigma_m, key);
            let word = key.split('_').next().unwrap();
            near(sigma_m * Kernel::Quartic.per_sigma(), &format!("{word}_quartic_radius_equal_amise"));
            near(
                sigma_m * Kernel::Epanechnikov.per_sigma(),
                &format!("{word}_epanechnikov_radius_equal_amise"),
            );
            near(
                sigma_m / Kernel::Quartic.variance().sqrt(),
                &format!("{word}_quartic_radius_equal_variance"),
            );
        }
        let [east, north] = spread::normal_reference_m(&incidents).unwrap();
        near(east, "mass_bandwidth_nrd_x");
        near(north, "mass_bandwidth_nrd_y");
        near(
            spread::bailey_gatrell_radius_m(incidents.len(), area).unwrap(),
            "bailey_gatrell_0.68_n^-0.2_sqrtA",
        );
        let arcgis = spread::arcgis_radius_m(&incidents).unwrap();
        close(arcgis, &rules["arcgis"]["radius"], 1e-9, &format!("{name} arcgis"));
        if let Some(weighted) = weighted {
            let radius_m = spread::arcgis_weighted_radius_m(&merge(weighted)).unwrap();
            close(radius_m, &rules["arcgis_weighted"]["radius"], 1e-9, &format!("{name} arcgis weighted"));
        }
        let ks = [1, 5, 10, 20];
        for (k, mean) in ks.into_iter().zip(mean_nearest_m(&counted(&incidents), &ks)) {
            near(mean.unwrap(), &format!("mean_knn_distance_k{k}"));
        }
    }
}

#[test]
fn cross_validation_equals_the_reference() {
    let Some((expected, sets)) = sets() else { return };
    let area = borough(&golden().unwrap()).area;
    for (name, set) in [("one_type", &sets[0]), ("distinct", &sets[1])] {
        let places = counted(&set.1);
        let (pairs, left_out) = (PairDistances::of(&places), LeftOut::new(&places));
        let cross_validation = &expected["cross_validation"][name];
        let rows = cross_validation["table"].as_array().unwrap();
        assert_eq!(rows.len(), 14);
        for row in rows {
            let sigma_m = row["sigma"].as_f64().unwrap();
            let sums = left_out.at(sigma_m);
            for (value, key) in [
                (pairs.criterion_by_incident(sigma_m).unwrap(), "lscv"),
                (left_out.log_likelihood_by_incident(&sums), "likelihood_cv"),
                (left_out.area_left_m2(&sums, area).powi(2), "cvl"),
            ] {
                close(value, &row[key], 1e-9, &format!("{name} {key} at {sigma_m}"));
            }
        }
        let situation = Situation {
            counted: &places,
            weighted: &places,
            cell: Metres::new(40.0).unwrap(),
            shorter_side: Metres::new(8_000.0).unwrap(),
            area,
            kernel: Kernel::Quartic,
        };
        let rules = [Rule::LeastSquaresByIncident, Rule::LikelihoodByIncident, Rule::CronieVanLieshout];
        for (value, key) in values(&rules, &situation).into_iter().zip(["lscv", "likelihood_cv", "cvl"]) {
            let optimum = &cross_validation["optimum"][key];
            let given = value.given.unwrap();
            close(given.sigma_m, &optimum["argopt"], 1e-3, &format!("{name} {key}"));
            let of_reference = optimum["local_optima_on_grid"].as_array().unwrap();
            assert_eq!(given.optima.len(), of_reference.len(), "{name} {key}");
            assert!(!given.optima[0].at_bound);
            if key != "cvl" {
                let sign = if key == "likelihood_cv" { -1.0 } else { 1.0 };
                close(sign * given.optima[0].value, &optimum["value"], 1e-9, &format!("{name} {key} value"));
            }
        }
    }
}

#[test]
fn snapped_places_collapse_the_criterion_by_incident_only() {
    let Some((expected, sets)) = sets() else { return };
    let area = SquareMetres(97.94e6);
    let sigma = |places: &[WeightedPoint], rule| {
        let situation = Situation {
            counted: places,
            weighted: places,
            cell: Metres::new(40.0).unwrap(),
            shorter_side: Metres::new(12_000.0).unwrap(),
            area,
            kernel: Kernel::Quartic,
        };
        values(&[rule], &situation).remove(0).given.unwrap().sigma_m
    };
    let (burglaries, places) = (counted(&sets[0].1), counted(&sets[1].1));
    let by_incident = sigma(&burglaries, Rule::LeastSquaresByIncident);
    let together = sigma(&burglaries, Rule::LeastSquares);
    let on_places = sigma(&places, Rule::LeastSquares);
    println!(
        "by incident {by_incident:.1} m, left out together {together:.1} m, places once {on_places:.1} m"
    );
    close(on_places, &expected["cross_validation"]["distinct"]["optimum"]["lscv"]["argopt"], 1e-3, "places");
    assert!(by_incident < 0.5 * together, "{by_incident} {together}");
    // Every incident at a place of its own: both are the same.
    assert!((sigma(&places, Rule::LeastSquaresByIncident) / on_places - 1.0).abs() < 1e-9);
}
