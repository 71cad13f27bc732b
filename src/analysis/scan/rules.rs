//! How wide and how long a cluster may be, and how chance is played out.

use std::ops::Range;

use crate::{
    analysis::{monte_carlo::Replications, random::Seed},
    model::{Invalid, Metres},
};

/// The most that a circle may hold, as a share of all that is at risk: over 0, at most one half.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShareCap(f64);

impl ShareCap {
    /// # Errors
    /// [`Invalid`] unless it is over 0 and at most 0.5: what holds more than half is no cluster but the
    /// rest of the area is a hole.
    pub fn new(share: f64) -> Result<Self, Invalid> {
        if share > 0.0 && share <= 0.5 {
            Ok(Self(share))
        } else {
            Err(Invalid::new(share, "a circle's greatest share is over 0 and at most 0.5"))
        }
    }

    /// The share.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl Default for ShareCap {
    /// A tenth: half a borough is no place to send anyone to.
    fn default() -> Self {
        Self(0.1)
    }
}

/// The rules of a scan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScanRules {
    /// The most that a circle holds.
    pub share: ShareCap,
    /// The greatest distance from a centre to a member.
    pub radius: Option<Metres>,
    /// The longest window in slots, held to the slots there are; `None` for half of them (at least one).
    pub longest: Option<u16>,
    /// Only windows that reach to the last slot: what goes on now (a prospective scan).
    pub ongoing: bool,
    /// How often chance is played out.
    pub replications: Replications,
    /// What it starts from.
    pub seed: Seed,
    /// The most clusters that are told.
    pub most_clusters: usize,
}

impl Default for ScanRules {
    fn default() -> Self {
        Self {
            share: ShareCap::default(),
            radius: None,
            longest: None,
            ongoing: false,
            replications: Replications::default(),
            seed: Seed::default(),
            most_clusters: 10,
        }
    }
}

impl ScanRules {
    /// The windows of `slots` slots.
    pub(super) fn windows(&self, slots: u16) -> Windows {
        let slots = usize::from(slots);
        let longest = self.longest.map_or(slots / 2, usize::from).clamp(1, slots.max(1));
        Windows { slots, longest: longest.min(slots), ongoing: self.ongoing }
    }

    /// How many slots the longest window has.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::scan::ScanRules;
    /// let rules = ScanRules::default();
    /// assert_eq!((rules.longest_of(24), rules.longest_of(1), rules.longest_of(0)), (12, 1, 0));
    /// ```
    pub fn longest_of(&self, slots: u16) -> usize {
        self.windows(slots).longest
    }
}

/// Runs of slots.
pub(super) struct Windows {
    pub(super) slots: usize,
    pub(super) longest: usize,
    ongoing: bool,
}

impl Windows {
    /// All windows, the shortest first, of one length the earliest first.
    pub(super) fn all(&self) -> impl Iterator<Item = Range<usize>> {
        (1..=self.longest).flat_map(|length| self.starts(length).map(move |start| start..start + length))
    }

    /// Where windows of a length may start.
    pub(super) fn starts(&self, length: usize) -> Range<usize> {
        let end = (self.slots + 1).saturating_sub(length);
        if self.ongoing { end.saturating_sub(1)..end } else { 0..end }
    }
}
