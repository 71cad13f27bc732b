//! Medians and quantiles.

/// The value below which a share `p` of the values lies, interpolated between neighbours as in type 7 of
/// Hyndman, R. J. and Fan, Y. (1996), doi 10.2307/2684934, which R and numpy take by default. `sorted`
/// ascends; `None` when it is empty.
///
/// # Example
/// ```
/// use hotspots::analysis::order::quantile;
/// assert_eq!(quantile(&[1.0, 2.0, 4.0, 8.0], 0.25), Some(1.75));
/// ```
pub fn quantile(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = p.clamp(0.0, 1.0) * last as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the length")]
    let below = at.floor() as usize;
    let (low, high) = (sorted[below.min(last)], sorted[(below + 1).min(last)]);
    Some(low + (high - low) * (at - at.floor()))
}

/// The middle value, the mean of the two middle ones for an even number; `None` without values.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    quantile(&sorted, 0.5)
}

/// The smallest value up to which at least half of the weight lies; `None` without weight.
///
/// # Example
/// ```
/// use hotspots::analysis::order::weighted_median;
/// assert_eq!(weighted_median(&[(3.0, 1.0), (1.0, 1.0), (2.0, 1.0), (9.0, 4.0)]), Some(9.0));
/// ```
pub fn weighted_median(values_and_weights: &[(f64, f64)]) -> Option<f64> {
    let mut sorted = values_and_weights.to_vec();
    sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let half = sorted.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
    let mut reached = 0.0;
    sorted.into_iter().find_map(|(value, weight)| {
        reached += weight;
        (weight > 0.0 && reached >= half).then_some(value)
    })
}
