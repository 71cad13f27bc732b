//! Centres, spread, the nearest neighbour index and Ripley's K against the reference results of topic 07.

use hotspots::{
    analysis::{
        density::{WeightedPoint, merge},
        pattern::{
            centre,
            ellipse::{Dispersion, Spread},
            nearest::nearest_neighbour,
            ripley::{Radii, ripley},
        },
    },
    model::{GridPoint, Metres},
};
use serde_json::Value;

use crate::support::{borough, expected, golden, number, table};

fn close(found: f64, reference: &Value, what: &str) {
    let reference = reference.as_f64().unwrap();
    assert!((found - reference).abs() <= 1e-9 * reference.abs(), "{what}: {found} {reference}");
}

fn close_point(found: GridPoint, reference: &Value, tolerance_m: f64, what: &str) {
    for (found, axis) in [(found.easting_m(), 0), (found.northing_m(), 1)] {
        let reference = reference[axis].as_f64().unwrap();
        assert!((found - reference).abs() <= tolerance_m, "{what}: {found} {reference}");
    }
}

#[test]
fn centres_spread_and_clustering_equal_the_reference() {
    let Some(golden) = golden() else { return };
    let outline = borough(&golden).grid;
    let incidents = table(golden.join("inputs/incidents_dudley_2014-01_2014-02.csv"));
    let results = expected(golden.join("07_centrography/expected.json"))["results"].clone();
    for (name, reference) in results.as_object().unwrap() {
        let chosen = incidents
            .iter()
            .filter(|row| row["in_borough"] == "1" && (name == "all" || row["crime_type"] == *name));
        let points = |weight: &dyn Fn(&std::collections::HashMap<String, String>) -> f64| {
            let point = |row| WeightedPoint {
                position: GridPoint::new(number(row, "e"), number(row, "n")).unwrap(),
                weight: weight(row),
            };
            chosen.clone().map(point).collect::<Vec<_>>()
        };
        let (counted, weighted) = (merge(points(&|_| 1.0)), merge(points(&|row| number(row, "weight"))));
        let n = reference["n"].as_u64().unwrap();

        let mean = |points: &[WeightedPoint]| centre::mean(points).unwrap();
        close_point(mean(&counted), &reference["mean_centre"], 1e-6, "mean centre");
        close_point(mean(&weighted), &reference["weighted_mean_centre"], 1e-6, "weighted mean centre");
        let medians = centre::of_medians(&counted).unwrap();
        close_point(medians, &reference["median_of_coordinates"], 1e-9, "centre of the medians");
        for (points, at, sum) in [
            (&counted, "euclidean_median_min_distance_centre", "euclidean_median_sum_of_distances_m"),
            (&weighted, "weighted_euclidean_median", "weighted_euclidean_median_sum"),
        ] {
            let median = centre::median(points).unwrap();
            close_point(median.position, &reference[at], 1e-3, at);
            close(median.sum_of_distances_m, &reference[sum], sum);
        }

        let spread = |points: &[WeightedPoint], method| Dispersion::of(points, n, method).unwrap();
        let standard = |points, method| spread(points, method).standard_distance_m;
        close(standard(&counted, Spread::Plain), &reference["standard_distance_n"], "standard distance");
        close(
            standard(&counted, Spread::CrimeStat),
            &reference["standard_distance_crimestat_n_minus_2"],
            "standard distance of CrimeStat",
        );
        close(
            standard(&weighted, Spread::Plain),
            &reference["weighted_standard_distance"],
            "weighted standard distance",
        );
        for (points, sde) in [(&counted, "sde"), (&weighted, "sde_weighted")] {
            for method in [Spread::Plain, Spread::CrimeStat] {
                let ellipse = spread(points, method).ellipse;
                let (sde, axes) = (&reference[sde], &reference[sde][method.as_str()]);
                close(ellipse.semi_major_m, &axes["semi_major"], "longer axis");
                close(ellipse.semi_minor_m, &axes["semi_minor"], "shorter axis");
                close(ellipse.area().km2(), &axes["area_km2"], "area of the ellipse");
                close(ellipse.azimuth_deg.unwrap(), &sde["azimuth_deg_clockwise_from_north"], "azimuth");
            }
        }

        let distinct: Vec<_> = counted.iter().map(|at| WeightedPoint { weight: 1.0, ..*at }).collect();
        for (points, reference) in
            [(&counted, &reference["nni"]), (&distinct, &reference["nni_distinct_points"])]
        {
            let found = nearest_neighbour(points, &outline).unwrap();
            close(found.observed_m, &reference["mean_nn_distance"], "observed distance");
            close(found.chance.expected_m, &reference["expected"], "expected distance");
            close(found.chance.index, &reference["nni"], "index");
            close(found.chance.z, &reference["z"], "z");
            if let Some(p) = reference["p_two_sided"].as_f64() {
                assert!((found.chance.p_two_sided - p).abs() <= 1e-9 * p);
                let shared = reference["points_with_zero_nn_distance"].as_u64();
                assert_eq!(Some(found.at_shared_positions), shared);
            }
            assert!(found.donnelly.is_none());
        }
        if let Some(cdf) = reference["clarkevans_cdf_correction"].as_f64() {
            // The reference puts distances into bins first.
            let found = nearest_neighbour(&counted, &outline).unwrap().border_safe_index.unwrap();
            assert!((found / cdf - 1.0).abs() < 0.01, "{found} {cdf}");
        }

        let rows = reference["ripley_k"].as_array().unwrap();
        let radius = |row: &Value| Metres::new(row["r"].as_f64().unwrap()).unwrap();
        let found = ripley(&counted, &outline, &Radii::new(rows.iter().map(radius)).unwrap());
        for (found, row) in found.iter().zip(rows) {
            close(found.k_uncorrected_m2, &row["K_uncorrected"], "uncorrected K");
            close(found.k_border_m2.unwrap(), &row["K_border"], "border-corrected K");
            close(found.k_random_m2(), &row["K_poisson"], "K of chance");
            assert_eq!(Some(found.away_from_border), row["border_points"].as_u64());
        }
    }
}
