//! The names that occur most.

use std::collections::BTreeMap;

/// The `most` commonest of names, each with the number of its occurrences, the commonest first, equal ones in
/// the order of the alphabet.
///
/// # Example
/// ```
/// use hotspots::analysis::hotspots::commonest;
/// let streets = ["High Street", "Mill Lane", "High Street", "Church Road"];
/// assert_eq!(commonest(streets, 2), [("High Street", 2), ("Church Road", 1)]);
/// ```
pub fn commonest<'a>(names: impl IntoIterator<Item = &'a str>, most: usize) -> Vec<(&'a str, u64)> {
    let mut counts = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_insert(0) += 1;
    }
    let mut ranked: Vec<_> = counts.into_iter().collect();
    ranked.sort_by(|(_, a), (_, b)| b.cmp(a));
    ranked.truncate(most);
    ranked
}
