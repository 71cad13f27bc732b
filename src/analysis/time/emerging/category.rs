//! The categories of emerging hot spots.

use std::fmt;

use crate::analysis::time::{level::Alpha, mann_kendall::MannKendall};

/// High or low counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// More than elsewhere.
    Hot,
    /// Fewer than elsewhere.
    Cold,
}

/// What has become of a hot spot. Cold spots mirror it: hot and cold change places, and a trend turns round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Hot in the last step and never before.
    New,
    /// Hot in an unbroken run of steps up to the last, never before it, and in less than 90 % of all. The
    /// run has two steps or more, as one is [`New`](Self::New).
    Consecutive,
    /// Hot in 90 % of steps or more, the last among them, with a significant upward trend.
    Intensifying,
    /// Hot in 90 % of steps or more, without a significant trend.
    Persistent,
    /// Hot in 90 % of steps or more, the last among them, with a significant downward trend.
    Diminishing,
    /// Hot in 90 % of steps or more, but not in the last.
    Historical,
    /// Hot in the last step, cold in an earlier one, hot in less than 90 %.
    Oscillating,
    /// On and off: hot in less than 90 % of steps and never cold. By the current wording hot in the last
    /// step, by the older one in any.
    Sporadic,
}

/// In this order they are tried, and the first that holds is taken.
const ORDER: [Kind; 8] = [
    Kind::New,
    Kind::Consecutive,
    Kind::Intensifying,
    Kind::Persistent,
    Kind::Diminishing,
    Kind::Historical,
    Kind::Oscillating,
    Kind::Sporadic,
];

/// Which wording of the categories holds. They part on [`Kind::Sporadic`]; the current one also asks for two
/// steps of a [`Kind::Consecutive`] run, but a run of one is [`Kind::New`] by either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Definition {
    /// That of the current documentation of ArcGIS Pro.
    Current,
    /// That of ArcGIS Pro 2.
    ArcGis2,
}

impl Definition {
    /// The word for it: `current`, `arcgis-2.x`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::ArcGis2 => "arcgis-2.x",
        }
    }
}

/// A category: eight kinds of hot and eight of cold spots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Category {
    /// What has become of it.
    pub kind: Kind,
    /// Hot or cold.
    pub side: Side,
}

impl fmt::Display for Category {
    /// As the field writes it: `New Hot Spot`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?} Spot", self.kind, self.side)
    }
}

/// Where a place's z is going.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Significantly up.
    Up,
    /// Significantly down.
    Down,
    /// Neither.
    Level,
}

impl Direction {
    /// That of a test.
    pub fn of(test: &MannKendall, alpha: Alpha) -> Self {
        if test.p > alpha.get() || test.s == 0 {
            Self::Level
        } else if test.s > 0 {
            Self::Up
        } else {
            Self::Down
        }
    }
}

/// The category of a place that was hot or cold or neither in each step, oldest first; `None` for no
/// pattern.
///
/// Esri (ArcGIS Pro), *How Emerging Hot Spot Analysis works*. The categories overlap, and in which order they
/// are tried is not published. Here it is New, Consecutive, Intensifying, Persistent, Diminishing, Historical,
/// Oscillating, Sporadic, each hot, then cold. So a place hot all but in the last of its steps is Persistent
/// without a trend and Historical with one, and a place that was cold and is hot for the first time is New.
///
/// # Example
/// ```
/// use hotspots::analysis::time::emerging::{Definition, Direction, Side, categorise};
/// let flags: Vec<_> = "..H...HH".chars().map(|c| (c == 'H').then_some(Side::Hot)).collect();
/// let category = categorise(&flags, Direction::Level, Definition::Current).unwrap();
/// assert_eq!(category.to_string(), "Sporadic Hot Spot");
/// ```
pub fn categorise(flags: &[Option<Side>], trend: Direction, definition: Definition) -> Option<Category> {
    let histories = [Side::Hot, Side::Cold].map(|side| (side, History::of(flags, side, trend)));
    let tried = ORDER.iter().flat_map(|&kind| histories.map(|(side, history)| (kind, side, history)));
    let holds = |(kind, _, history): &(Kind, Side, History)| history.is(*kind, definition);
    tried.into_iter().find(holds).map(|(kind, side, _)| Category { kind, side })
}

/// A place's steps as seen from one side.
#[derive(Clone, Copy)]
struct History {
    /// Steps that are of this side.
    own: usize,
    /// Steps that are of the other.
    other: usize,
    /// Steps of this side without a break at the end.
    run: usize,
    /// Whether 90 % of the steps are of this side.
    mostly: bool,
    growing: bool,
    fading: bool,
}

impl History {
    fn of(flags: &[Option<Side>], side: Side, trend: Direction) -> Self {
        let is_own = |flag: &&Option<Side>| **flag == Some(side);
        let own = flags.iter().filter(is_own).count();
        let (away, towards) = match side {
            Side::Hot => (Direction::Up, Direction::Down),
            Side::Cold => (Direction::Down, Direction::Up),
        };
        Self {
            own,
            other: flags.iter().flatten().count() - own,
            run: flags.iter().rev().take_while(is_own).count(),
            mostly: own > 0 && 10 * own >= 9 * flags.len(),
            growing: trend == away,
            fading: trend == towards,
        }
    }

    fn is(&self, kind: Kind, definition: Definition) -> bool {
        let at_last = self.run > 0;
        match kind {
            Kind::New => at_last && self.own == 1,
            Kind::Consecutive => at_last && self.own == self.run && !self.mostly,
            Kind::Intensifying => self.mostly && at_last && self.growing,
            Kind::Persistent => self.mostly && !self.growing && !self.fading,
            Kind::Diminishing => self.mostly && at_last && self.fading,
            Kind::Historical => self.mostly && !at_last,
            Kind::Oscillating => at_last && self.other > 0 && !self.mostly,
            Kind::Sporadic => {
                let now = at_last || definition == Definition::ArcGis2;
                self.own > 0 && now && self.other == 0 && !self.mostly
            }
        }
    }
}
