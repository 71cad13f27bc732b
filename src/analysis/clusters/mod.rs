//! Density-based clusters of events (DBSCAN), and the ground they take.
//!
//! Ester, M., Kriegel, H.-P., Sander, J. and Xu, X. (1996). A density-based algorithm for discovering clusters
//! in large spatial databases with noise. *KDD-96*, pp. 226–231. An event is *core* when at least
//! `minimum` events lie at most `reach` from it, itself among them. Core events that are at most `reach` apart
//! belong to one cluster. An event that is not core but at most `reach` from one that is stands on the *border*
//! and belongs to the cluster of the nearest core event; the original leaves open which. All others are *noise*.

mod cells;
mod hull;
mod joined;

pub use self::hull::widened_hull;
use statrs::distribution::{DiscreteCDF, Poisson};

use self::{cells::Cells, joined::Joined};
use crate::model::{GridPoint, Invalid, Metres, SquareMetres};

/// What makes a cluster.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClusterRule {
    reach: Metres,
    minimum: u32,
}

impl ClusterRule {
    /// The shortest and the longest reach, metres.
    pub const REACH_M: std::ops::RangeInclusive<f64> = 2.0..=5_000.0;
    /// The fewest and the most events that can be asked for.
    pub const MINIMUM: std::ops::RangeInclusive<u32> = 2..=10_000;

    /// Checks both.
    ///
    /// # Errors
    /// [`Invalid`] for a reach out of [`REACH_M`](Self::REACH_M) or a number out of [`MINIMUM`](Self::MINIMUM).
    pub fn new(reach: Metres, minimum: u32) -> Result<Self, Invalid> {
        let (reach_m, number) = (Self::REACH_M, Self::MINIMUM);
        if !reach_m.contains(&reach.get()) {
            let rule = format!("the reach of a cluster is {} to {} m", reach_m.start(), reach_m.end());
            return Err(Invalid::new(reach.get(), rule));
        }
        if !number.contains(&minimum) {
            let rule = format!("a cluster is asked to have {} to {} events", number.start(), number.end());
            return Err(Invalid::new(minimum, rule));
        }
        Ok(Self { reach, minimum })
    }

    /// How far apart events may be.
    pub const fn reach(self) -> Metres {
        self.reach
    }

    /// How many events, itself included, a core event has within reach.
    pub const fn minimum(self) -> u32 {
        self.minimum
    }

    /// The number of events to ask for where nobody said: one more than the most that an event would have
    /// within reach, itself included, in 999 cases of 1,000, if `events` were spread over the ground by chance
    /// (Poisson with mean `events` · π · reach² / ground); and at least 5.
    ///
    /// # Example
    /// ```
    /// use hotspots::{analysis::clusters::ClusterRule, model::{Metres, SquareMetres}};
    /// // Of 3,100 events on 97.94 km², 2.24 are expected within 150 m; in 999 cases of 1,000 up to 8.
    /// let reach = Metres::new(150.0).unwrap();
    /// assert_eq!(ClusterRule::usual_minimum(3_100, SquareMetres(97.94e6), reach), 10);
    /// ```
    pub fn usual_minimum(events: u64, ground: SquareMetres, reach: Metres) -> u32 {
        let disc_m2 = std::f64::consts::PI * reach.get() * reach.get();
        let mean = events as f64 * disc_m2 / ground.0;
        let (least, most) = (5, *Self::MINIMUM.end());
        if mean > f64::from(most) {
            return most;
        }
        let others = Poisson::new(mean).map_or(0, |others| others.inverse_cdf(0.999));
        u32::try_from(others.saturating_add(2)).unwrap_or(most).clamp(least, most)
    }
}

/// What an event is to the clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// It belongs to the cluster with that number and has enough events within reach.
    Core(u32),
    /// It belongs to the cluster with that number, at its border.
    Border(u32),
    /// It belongs to none.
    Noise,
}

impl Membership {
    /// The number of the cluster it belongs to.
    pub const fn cluster(self) -> Option<u32> {
        match self {
            Self::Core(cluster) | Self::Border(cluster) => Some(cluster),
            Self::Noise => None,
        }
    }
}

/// Which cluster each place belongs to; `places` are positions with the number of events there.
///
/// Events at one place share one answer, so that it need be given once. Distances up to the reach and equal
/// to it count. Clusters are numbered from 0 in the order of the first of their core places. The clusters
/// do not depend on the order of the places, but where a border place is equally near to core places of two
/// clusters: the core place further south, then west, decides, and that does not depend on the order either.
///
/// The places are sorted into squares so small that any two in one are within reach; so a square with enough
/// events is core at one look, and squares are joined, not places. Memory is O(places); the time is about
/// proportional to the places, and grows with the product of their numbers only for neighbouring squares
/// that are just out of each other's reach.
///
/// # Example
/// ```
/// use hotspots::{analysis::clusters::{ClusterRule, Membership::*, dbscan}, model::{GridPoint, Metres}};
/// let at = |easting_m, count| (GridPoint::new(easting_m, 0.0).unwrap(), count);
/// let rule = ClusterRule::new(Metres::new(100.0).unwrap(), 4).unwrap();
/// let found = dbscan(&[at(0.0, 1), at(100.0, 3), at(350.0, 3), at(900.0, 4)], rule);
/// assert_eq!(found, [Core(0), Core(0), Noise, Core(1)]);
/// ```
pub fn dbscan(places: &[(GridPoint, u32)], rule: ClusterRule) -> Vec<Membership> {
    let cells = Cells::of(places, rule.reach());
    let core = cells.core(rule.minimum());
    let mut joined = Joined::apart(cells.len());
    for (cell, other) in cells.pairs_in_reach(&core) {
        // Asked late, so that cells which already hang together need no distances.
        if joined.root(cell) != joined.root(other) && cells.touch(cell, other, &core) {
            joined.join(cell, other);
        }
    }
    let mut numbers = vec![None; cells.len()];
    let mut next = 0;
    let mut members = vec![Membership::Noise; places.len()];
    for place in (0..places.len()).filter(|place| core[*place]) {
        let number = numbers[joined.root(cells.cell_of(place))].get_or_insert_with(|| {
            next += 1;
            next - 1
        });
        members[place] = Membership::Core(*number);
    }
    for place in (0..places.len()).filter(|place| !core[*place]) {
        let nearest = cells.nearest_core(place, &core);
        if let Some(cluster) = nearest.and_then(|core| members[core].cluster()) {
            members[place] = Membership::Border(cluster);
        }
    }
    members
}

#[cfg(test)]
mod tests;
