//! Log-likelihood ratios of the scan against the reference results of topic 17.

use hotspots::analysis::scan::llr::{bernoulli, poisson};
use serde_json::Value;

use crate::support::{expected, golden};

fn check(name: &str, case: &Value, ratio: f64) {
    let reference = case["llr"].as_f64().unwrap();
    assert!((ratio - reference).abs() <= 1e-10 * reference, "{name} {case}: {ratio}");
}

#[test]
fn ratios_equal_the_reference() {
    let Some(golden) = golden() else { return };
    let reference = expected(golden.join("17_scan_llr/expected.json"));
    let of = |case: &Value, member: &str| case[member].as_f64().unwrap();
    for case in reference["poisson"].as_array().unwrap() {
        check("poisson", case, poisson(of(case, "c"), of(case, "E"), of(case, "C")));
    }
    for case in reference["bernoulli"].as_array().unwrap() {
        check("bernoulli", case, bernoulli(of(case, "c"), of(case, "n"), of(case, "C"), of(case, "N")));
    }
    for case in reference["space_time_permutation"].as_array().unwrap() {
        let expected = of(case, "c_zone") * of(case, "c_time") / of(case, "C");
        assert!((expected - of(case, "E")).abs() <= 1e-12 * expected);
        check("permutation", case, poisson(of(case, "c"), expected, of(case, "C")));
    }
}
