//! Months along an axis.

/// Every how many months one is named, where each has so much room: a number that parts the year, or years.
pub fn step(slot: f64) -> usize {
    const WORD: f64 = 30.0;
    [1, 2, 3, 6, 12, 24, 60]
        .into_iter()
        .find(|step| slot * f64::from(*step) >= WORD)
        .map_or(120, |step| usize::try_from(step).unwrap_or(1))
}
