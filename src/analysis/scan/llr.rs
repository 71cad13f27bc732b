//! Log-likelihood ratios: how much better "the risk is higher in this zone" explains the counts than
//! "the risk is the same everywhere".
//!
//! Kulldorff, M. (1997). A spatial scan statistic. Communications in Statistics – Theory and Methods
//! 26, 1481–1496, doi 10.1080/03610929708831995.

/// x ln(x/y), with 0 ln 0 = 0.
fn term(x: f64, y: f64) -> f64 {
    if x > 0.0 { x * (x / y).ln() } else { 0.0 }
}

/// The Poisson log-likelihood ratio of a zone with `observed` events of `total`, where `expected` are
/// expected: c ln(c/E) + (C − c) ln((C − c)/(C − E)) for c > E, and 0 otherwise.
///
/// A zone with no more than expected is no cluster and has 0; so has one where nothing or everything is
/// expected, of which nothing can be said.
///
/// # Example
/// ```
/// use hotspots::analysis::scan::llr::poisson;
/// assert!((poisson(20.0, 10.0, 348.0) - 4.012_353_442_767_88).abs() < 1e-12);
/// assert_eq!(poisson(5.0, 10.0, 348.0), 0.0);
/// ```
pub fn poisson(observed: f64, expected: f64, total: f64) -> f64 {
    if !(expected > 0.0 && expected < total && observed > expected) {
        return 0.0;
    }
    (term(observed, expected) + term(total - observed, total - expected)).max(0.0)
}

/// The Bernoulli log-likelihood ratio of a zone with `cases` among `population`, of `all_cases` among
/// `all`: that of two probabilities over that of one, where the one inside is higher, and 0 otherwise.
///
/// # Example
/// ```
/// use hotspots::analysis::scan::llr::bernoulli;
/// assert!((bernoulli(10.0, 20.0, 50.0, 500.0) - 10.997_271_217_568_1).abs() < 1e-10);
/// assert_eq!(bernoulli(5.0, 50.0, 50.0, 500.0), 0.0);
/// ```
pub fn bernoulli(cases: f64, population: f64, all_cases: f64, all: f64) -> f64 {
    let (outside_cases, outside) = (all_cases - cases, all - population);
    // Compared without dividing, so that a zone that is everything or nothing needs no case of its own.
    if !(population > 0.0 && outside > 0.0 && cases * outside > outside_cases * population) {
        return 0.0;
    }
    let likelihood = |cases: f64, of: f64| term(cases, of) + term(of - cases, of);
    let ratio =
        likelihood(cases, population) + likelihood(outside_cases, outside) - likelihood(all_cases, all);
    ratio.max(0.0)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "a ratio of nothing is zero itself")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn where_nothing_can_be_said_the_ratio_is_zero() {
        for (observed, expected, total) in
            [(0.0, 0.0, 0.0), (3.0, 0.0, 9.0), (9.0, 9.0, 9.0), (0.0, 1.0, 9.0), (2.0, 9.0, 9.0)]
        {
            assert_eq!(poisson(observed, expected, total), 0.0, "{observed} {expected} {total}");
        }
        assert_eq!(bernoulli(0.0, 0.0, 0.0, 0.0), 0.0);
        assert_eq!(bernoulli(4.0, 10.0, 4.0, 10.0), 0.0);
    }

    proptest! {
        #[test]
        fn the_poisson_ratio_is_positive_only_above_expectation(
            total in 1_u32..10_000, share in 0.0_f64..1.0, observed in 0.0_f64..1.0,
        ) {
            let total = f64::from(total);
            let (observed, expected) = ((observed * total).floor(), share * total);
            let ratio = poisson(observed, expected, total);
            prop_assert!(ratio.is_finite() && ratio >= 0.0);
            if observed <= expected {
                prop_assert_eq!(ratio, 0.0);
            }
            // More events, or fewer expected, never make it smaller.
            prop_assert!(poisson((observed + 1.0).min(total), expected, total) >= ratio * (1.0 - 1e-9));
            prop_assert!(poisson(observed, expected * 0.99, total) >= ratio * (1.0 - 1e-9));
        }
    }
}
