//! Scott's rule against the reference results of topic 05.

use crate::support::{expected, golden, number, table};
use hotspots::{
    analysis::bandwidth::{quartic_per_sigma, scott_sigma_m},
    model::GridPoint,
};

#[test]
fn scotts_rule_equals_the_reference() {
    let Some(golden) = golden() else { return };
    let rules = &expected(golden.join("05_bandwidth/expected.json"))["rules"];
    let events = table(golden.join("04_kde/events.csv"));
    let positions = |only: Option<&str>| {
        let chosen = events.iter().filter(|row| only.is_none_or(|category| row["crime_type"] == category));
        chosen.map(|row| GridPoint::new(number(row, "e"), number(row, "n")).unwrap()).collect::<Vec<_>>()
    };
    let burglaries = positions(Some("Burglary"));
    let mut distinct: Vec<GridPoint> = Vec::new();
    for place in &burglaries {
        if !distinct.contains(place) {
            distinct.push(*place);
        }
    }
    let sets = [("one_type", burglaries), ("one_type_distinct_points", distinct), ("all", positions(None))];
    for (name, incidents) in sets {
        assert_eq!(rules[name]["n"], incidents.len(), "{name}");
        let sigma = scott_sigma_m(&incidents).unwrap();
        for (value, key) in [
            (sigma, "scott_sigma_isotropic"),
            (sigma * quartic_per_sigma(), "scott_quartic_radius_equal_amise"),
        ] {
            let reference = rules[name][key].as_f64().unwrap();
            assert!((value / reference - 1.0).abs() < 1e-9, "{name} {key}: {value} is not {reference}");
        }
    }
}
