//! Mann-Kendall against pymannkendall, and its exact p against scipy.

use hotspots::analysis::time::{
    level::Confidence,
    mann_kendall::{exact_p, mann_kendall, sen_slope},
};

use crate::support::{expected, golden};

#[test]
fn series_have_the_tests_of_pymannkendall() {
    let Some(golden) = golden() else { return };
    let reference = expected(golden.join("10_mann_kendall/expected.json"));
    let all = reference["series"].as_array().unwrap();
    assert_eq!(all.len(), 20);
    for case in all {
        let series: Vec<_> = case["x"].as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect();
        let name = &case["name"];
        let near = |got: f64, key: &str| {
            let wanted = case[key].as_f64().unwrap();
            assert!((got - wanted).abs() <= 1e-12 * wanted.abs().max(1.0), "{name} {key}: {got} {wanted}");
        };
        let test = mann_kendall(&series);
        assert_eq!(test.s, case["S"].as_i64().unwrap(), "{name}");
        near(test.variance, "var_S");
        near(test.z, "Z");
        near(test.p, "p_two_sided");
        near(test.tau().unwrap(), "kendall_tau_a");
        near(sen_slope(&series, Confidence::default()).unwrap().slope, "sen_slope");
        match case["p_exact_two_sided"].as_f64() {
            Some(_) => near(exact_p(&series).unwrap(), "p_exact_two_sided"),
            // The reference stops at twelve values, and ties have no exact p.
            None => assert!(exact_p(&series).is_none() || series.len() > 12, "{name}"),
        }
    }
}
