//! p-values adjusted for the number of tests.

/// p-values adjusted to control the false discovery rate, in the order given: an adjusted value of at
/// most α is a discovery at rate α.
///
/// Benjamini, Y. and Hochberg, Y. (1995), doi 10.1111/j.2517-6161.1995.tb02031.x. With the p-values in
/// ascending order p₍₁₎ … p₍ₙ₎ the adjusted one is min over k ≥ i of p₍ₖ₎ · n/k, at most 1. Castro, M. C.
/// and Singer, B. H. (2006), doi 10.1111/j.0016-7363.2006.00682.x, recommend it for local statistics.
///
/// # Example
/// ```
/// use hotspots::analysis::fdr::benjamini_hochberg;
/// assert_eq!(benjamini_hochberg(&[0.04, 0.01, 0.5, 0.03]), [0.05333333333333334, 0.04, 0.5, 0.05333333333333334]);
/// ```
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let n = p.len() as f64;
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_unstable_by(|&a, &b| p[a].total_cmp(&p[b]).then(a.cmp(&b)));
    let mut adjusted = vec![1.0; p.len()];
    let mut least = 1.0_f64;
    for (rank, &place) in order.iter().enumerate().rev() {
        least = least.min(p[place] * n / (rank as f64 + 1.0));
        adjusted[place] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Seeded;

    #[test]
    fn discoveries_are_those_of_the_step_up_procedure() {
        let mut seeded = Seeded::new(51);
        for n in [1_usize, 2, 7, 200] {
            let p: Vec<_> =
                (0..n).map(|_| (seeded.between(0.0, 1.0).powi(4) * 500.0).round() / 500.0).collect();
            let adjusted = benjamini_hochberg(&p);
            for alpha in [0.01, 0.05, 0.1, 0.3] {
                let mut sorted = p.clone();
                sorted.sort_by(f64::total_cmp);
                let limit = (1..=n).rev().find(|&k| sorted[k - 1] <= k as f64 * alpha / n as f64);
                let limit = limit.map_or(-1.0, |k| sorted[k - 1]);
                for (p, adjusted) in p.iter().zip(&adjusted) {
                    // On the limit itself the two forms round differently.
                    if (adjusted - alpha).abs() > 1e-12 {
                        assert_eq!(*p <= limit, *adjusted <= alpha, "{p} {adjusted} {alpha}");
                    }
                }
            }
        }
    }

    #[test]
    fn equal_and_extreme_values_are_adjusted_alike() {
        assert!(benjamini_hochberg(&[]).is_empty());
        assert_eq!(benjamini_hochberg(&[0.2]), [0.2]);
        assert_eq!(benjamini_hochberg(&[1.0, 1.0, 0.0]), [1.0, 1.0, 0.0]);
        assert_eq!(benjamini_hochberg(&[0.03; 4]), [0.03; 4]);
    }
}
