//! Incidents by where they are: in a box, within a distance, or nearest.

use super::{QuestionError, Scope, Service};
use crate::{
    model::{GridPoint, Metres},
    selection::Selection,
    snapshot::Snapshot,
};

/// Where to look.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// In a box on the grid, edges included.
    Box {
        /// South-west corner.
        min: GridPoint,
        /// North-east corner.
        max: GridPoint,
    },
    /// Within a distance.
    Radius {
        /// From here.
        centre: GridPoint,
        /// Up to and including this far.
        radius: Metres,
    },
    /// The nearest ones.
    Nearest {
        /// From here.
        centre: GridPoint,
    },
}

/// Incidents found, nearest first (in a box: from south to north).
pub struct Nearby {
    /// Rows of the snapshot, at most as many as were asked for.
    pub rows: Vec<u32>,
    /// How many there are in all; `None` where the search for the nearest stops at the limit.
    pub matched: Option<usize>,
}

impl Service {
    /// Finds up to `limit` incidents that meet `scope`, by the R-tree.
    ///
    /// # Errors
    /// As [`Service::resolve`].
    pub fn nearby(
        &self,
        place: Place,
        scope: &Scope,
        limit: usize,
        snapshot: &Snapshot,
    ) -> Result<Nearby, QuestionError> {
        let resolved = self.resolve(scope, snapshot)?;
        let selection = Selection::of(snapshot, &resolved.criteria);
        let rows_at = |place: u32| {
            let range = snapshot.places().rows_at(place);
            let from = selection.rows.partition_point(|row| (*row as usize) < range.start);
            let to = selection.rows.partition_point(|row| (*row as usize) < range.end);
            selection.rows[from..to].iter().copied()
        };
        Ok(match place {
            Place::Nearest { centre } => {
                let rows = snapshot.nearest_iter(centre).flat_map(|near| rows_at(near.place)).take(limit);
                Nearby { rows: rows.collect(), matched: None }
            }
            Place::Box { min, max } => {
                all(snapshot.within_box(min, max).into_iter().flat_map(rows_at), limit)
            }
            Place::Radius { centre, radius } => {
                let places = snapshot.within_radius(centre, radius).into_iter();
                all(places.flat_map(|near| rows_at(near.place)), limit)
            }
        })
    }
}

fn all(found: impl Iterator<Item = u32>, limit: usize) -> Nearby {
    let mut rows: Vec<u32> = found.collect();
    let matched = Some(rows.len());
    rows.truncate(limit);
    Nearby { rows, matched }
}
