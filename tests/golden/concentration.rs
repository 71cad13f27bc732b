//! Gini coefficients and 80/20 tables against the reference results of topic 08.

use hotspots::{
    analysis::{
        concentration::{
            lorenz::{Amounts, Gini},
            table::Table,
        },
        hex::{HexGrid, HexResolution, bin},
    },
    crs::osgb,
    model::LonLat,
};
use serde_json::Value;

use crate::support::{borough, expected, golden, number, table};

fn close(found: f64, reference: &Value, what: &str) {
    let reference = reference.as_f64().unwrap();
    assert!((found - reference).abs() <= 1e-12 * reference.abs().max(1.0), "{what}: {found} {reference}");
}

fn assert_gini(counts: &[f64], reference: &Value) {
    let amounts = Amounts::of(counts.iter().copied());
    assert_eq!(Some(amounts.units()), reference["units"].as_u64());
    close(amounts.total(), &reference["events"], "events");
    let gini = Gini::of_counts(&amounts).unwrap();
    close(gini.gini, &reference["gini"], "gini");
    close(gini.generalised, &reference["generalised_gini"], "generalised");
    close(gini.unbiased.unwrap(), &reference["unbiased_gini"], "unbiased");
    close(
        gini.unbiased_generalised.unwrap(),
        &reference["unbiased_generalised_gini"],
        "unbiased generalised",
    );
}

fn assert_shares(counts: &[f64], reference: &Value) {
    let table = Table::of(counts).unwrap();
    for percent in [25, 50, 80] {
        let found = table.units_pct_holding(f64::from(percent)).unwrap();
        close(found, &reference[format!("pct_units_holding_{percent}_pct_of_events")], "holding");
    }
    for percent in [1, 5, 10, 20] {
        let found = table.held_pct_by_top(f64::from(percent));
        close(found, &reference[format!("pct_events_in_top_{percent}_pct_units")], "top");
    }
}

#[test]
fn test_vectors_equal_the_reference() {
    let Some(golden) = golden() else { return };
    let reference = expected(golden.join("08_concentration/expected.json"));
    for vector in reference["test_vectors"].as_array().unwrap() {
        let counts: Vec<f64> =
            vector["counts"].as_array().unwrap().iter().map(|c| c.as_f64().unwrap()).collect();
        assert_gini(&counts, vector);
    }
}

#[test]
fn concentration_on_cells_and_wards_equals_the_reference() {
    let Some(golden) = golden() else { return };
    let resolution = HexResolution::new(9).unwrap();
    let hexes = HexGrid::covering(&borough(&golden), resolution, &osgb::to_grid).unwrap().centres_inside();
    let incidents = table(golden.join("inputs/incidents_dudley_2014-01_2014-02.csv"));
    let results = expected(golden.join("08_concentration/expected.json"))["results"].clone();
    for (name, reference) in results.as_object().unwrap() {
        let chosen = incidents.iter().filter(|row| name == "all" || row["crime_type"] == *name);
        let lonlat = |row| LonLat::new(number(row, "lon"), number(row, "lat")).unwrap();
        let positions: Vec<_> = chosen.clone().map(lonlat).collect();
        let (counts, _) = hexes.counts(bin(&positions, resolution).into_iter().map(|cell| (cell, 1.0)));
        assert_gini(&counts, &reference["h3_res9_all_cells"]);
        assert_shares(&counts, &reference["h3_res9_all_cells"]);
        let some: Vec<f64> = counts.iter().copied().filter(|count| *count > 0.0).collect();
        assert_gini(&some, &reference["h3_res9_nonzero_cells"]);

        let slug = name.to_lowercase().replace(' ', "_");
        let rows = table(golden.join(format!("08_concentration/h3_res9_8020_{slug}.csv")));
        for (found, row) in Table::of(&counts).unwrap().rows.iter().zip(&rows) {
            assert_eq!(hexes.cells()[found.unit].index.to_string(), row["unit"]);
            assert_eq!(
                (found.amount.to_string(), found.cumulative.to_string()),
                (row["count"].clone(), row["cumulative_count"].clone())
            );
            for (found, column) in
                [(found.cumulative_pct, "cumulative_pct_events"), (found.units_pct, "cumulative_pct_units")]
            {
                assert!((found - number(row, column)).abs() < 1e-12 * 100.0, "{row:?} {found}");
            }
        }

        let wards = reference["table_wards"].as_array().unwrap();
        let mut codes: Vec<_> = wards.iter().map(|row| row["unit"].as_str().unwrap()).collect();
        codes.sort_unstable();
        let count = |code: &&str| chosen.clone().filter(|row| row["ward"] == **code).count() as f64;
        let counts: Vec<f64> = codes.iter().map(count).collect();
        assert_gini(&counts, &reference["wards"]);
        assert_shares(&counts, &reference["wards"]);
        for (found, row) in Table::of(&counts).unwrap().rows.iter().zip(wards) {
            assert_eq!(Some(codes[found.unit]), row["unit"].as_str());
            close(found.cumulative_pct, &row["cumulative_pct_events"], "cumulative events");
            close(found.units_pct, &row["cumulative_pct_units"], "cumulative units");
        }
    }
}
