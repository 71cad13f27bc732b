//! The streets of incidents.

use crate::{analysis::hotspots::commonest, service::question::Question};

/// A street as recorded, and how many incidents name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Street {
    /// Its name.
    pub name: String,
    /// Incidents that name it.
    pub count: u64,
}

/// For each of `groups` groups of places the streets that most of its incidents name; equal ones in the order
/// of the alphabet. `group` tells the group of a selected place by its number among them.
pub(super) fn of_groups(
    question: &Question<'_>,
    groups: usize,
    group: impl Fn(usize) -> Option<usize>,
    most: usize,
) -> Vec<Vec<Street>> {
    let mut names: Vec<Vec<&str>> = vec![Vec::new(); groups];
    let mut rows = question.selection.rows.iter();
    for (number, at) in question.selection.places.iter().enumerate() {
        let here = rows.by_ref().take(at.count as usize);
        let streets = here.filter_map(|row| question.snapshot().street(*row as usize));
        if let Some(names) = group(number).and_then(|group| names.get_mut(group)) {
            names.extend(streets);
        } else {
            streets.for_each(drop);
        }
    }
    let named = |names: Vec<&str>| {
        let street = |(name, count): (&str, u64)| Street { name: name.to_owned(), count };
        commonest(names, most).into_iter().map(street).collect()
    };
    names.into_iter().map(named).collect()
}
