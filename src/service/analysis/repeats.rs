//! Repeat locations: places with more than one incident.

use std::cmp::Reverse;

use crate::{
    analysis::{concentration::repeats::Repeats, hotspots::commonest},
    model::Position,
    profile::Method,
    selection::SelectedPlace,
    service::{QuestionError, Scope, Service, question::About},
    snapshot::Snapshot,
};

/// A place with more than one incident.
pub struct RepeatPlace<'a> {
    /// Where it is.
    pub position: Position,
    /// The street that most of its incidents name, where any does.
    pub street: Option<&'a str>,
    /// Incidents there.
    pub count: u64,
    /// The sum of their weights.
    pub weighted: f64,
    /// Its incidents by category, the most frequent first.
    pub categories: Vec<(&'a str, u64)>,
}

/// Repeat locations.
pub struct RepeatLocations<'a> {
    /// Places by how many incidents they have.
    pub repeats: Repeats,
    /// The places with the most incidents, most first, equal ones from south to north.
    pub top: Vec<RepeatPlace<'a>>,
    /// How it was made.
    pub about: About,
}

impl Service {
    /// Places with more than one incident, and the first `limit` of them.
    ///
    /// # Errors
    /// As [`Service::resolve`].
    pub fn repeats<'a>(
        &'a self,
        scope: &Scope,
        limit: u32,
        snapshot: &'a Snapshot,
    ) -> Result<RepeatLocations<'a>, QuestionError> {
        let question = self.question(scope, snapshot)?;
        let selected = &question.selection.places;
        let known = question.known_places().len();
        // Places without a selected incident count for what an even spread is.
        let without = std::iter::repeat_n(0, known.saturating_sub(selected.len()));
        let counts: Vec<u64> = selected.iter().map(|at| u64::from(at.count)).chain(without).collect();
        let repeats = Repeats::of(&counts);
        // Rows stand by place, as places do.
        let mut rows = question.selection.rows.iter().map(|row| *row as usize);
        let mut most: Vec<(&SelectedPlace, Vec<usize>)> =
            selected.iter().map(|at| (at, rows.by_ref().take(at.count as usize).collect())).collect();
        most.retain(|(at, _)| at.count > 1);
        most.sort_by_key(|(at, _)| Reverse(at.count));
        let top =
            most.into_iter().take(limit as usize).map(|(at, rows)| RepeatPlace::of(snapshot, at, &rows));
        let method = Method::new("repeats")
            .with("place", "incidents with the same published position")
            .with("repeat_place", "a place with two incidents and more in the period")
            .with("places_known", known)
            .with(
                "known",
                "every position in the study area at which the store holds an incident of any kind and time",
            )
            .with("expected", "each incident on any known place with equal probability (binomial)")
            .with("limit", limit);
        let mut about = question.about(method);
        about.notices.push(SNAPPED.to_owned());
        Ok(RepeatLocations { repeats, top: top.collect(), about })
    }
}

const SNAPPED: &str = "Published positions are often moved to the middle of a street or to a car park, station or \
                       shop: a repeat place is then a street or a venue with all around it, not one address.";

impl<'a> RepeatPlace<'a> {
    fn of(snapshot: &'a Snapshot, at: &SelectedPlace, rows: &[usize]) -> Self {
        let streets = rows.iter().filter_map(|row| snapshot.street(*row));
        let category = |row: &usize| snapshot.categories().get(usize::from(snapshot.category(*row)));
        let categories = rows.iter().filter_map(category).map(String::as_str);
        Self {
            position: Position {
                grid: snapshot.places().grid(at.place),
                lonlat: snapshot.places().lonlat(at.place),
            },
            street: commonest(streets, 1).first().map(|(street, _)| *street),
            count: u64::from(at.count),
            weighted: at.weight,
            categories: commonest(categories, usize::MAX),
        }
    }
}
