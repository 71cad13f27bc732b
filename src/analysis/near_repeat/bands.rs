//! Bands of distance and of days.

use super::moments::Shape;
use crate::model::{GridPoint, Invalid, Metres};

/// Two events this close, in metres, are at the same place.
pub const SAME_PLACE_M: f64 = 0.001;
/// More bands tell nothing more.
const MOST_BANDS: usize = 20;
/// The longest time apart, in days: ten years.
const MOST_DAYS: u32 = 3_660;

/// How the distance of two events is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Metric {
    /// As the crow flies.
    #[default]
    Euclidean,
    /// East–west and north–south added, as in a city of blocks.
    Manhattan,
}

impl Metric {
    /// The distance in metres.
    pub(super) fn distance_m(self, a: GridPoint, b: GridPoint) -> f64 {
        match self {
            Self::Euclidean => a.distance_2(b).sqrt(),
            Self::Manhattan => {
                (a.easting_m() - b.easting_m()).abs() + (a.northing_m() - b.northing_m()).abs()
            }
        }
    }
}

/// Limits of the bands of distance, ascending.
#[derive(Clone, Debug, PartialEq)]
pub struct DistanceBands(Vec<f64>);

impl Default for DistanceBands {
    /// 100, 200, 300 and 400 m.
    fn default() -> Self {
        Self(vec![100.0, 200.0, 300.0, 400.0])
    }
}

impl DistanceBands {
    /// What limits have to be.
    pub const RULE: &str =
        "1 to 20 limits in metres, each over the one before and over 0.001, as in 100,200,300";

    /// # Errors
    /// [`Invalid`] unless there are 1 to 20 limits, each over the one before and over a millimetre.
    pub fn new(limits: Vec<Metres>) -> Result<Self, Invalid> {
        let limits: Vec<f64> = limits.into_iter().map(Metres::get).collect();
        let ascend = limits.windows(2).all(|pair| pair[0] < pair[1]);
        if (1..=MOST_BANDS).contains(&limits.len()) && ascend && limits[0] > SAME_PLACE_M {
            return Ok(Self(limits));
        }
        let shown: Vec<_> = limits.iter().map(f64::to_string).collect();
        Err(Invalid::new(shown.join(","), Self::RULE))
    }

    /// The limits in metres.
    pub fn limits_m(&self) -> &[f64] {
        &self.0
    }

    pub(super) fn last_m(&self) -> f64 {
        self.0.last().copied().unwrap_or(0.0)
    }

    /// The row of a distance; that of what is beyond is the number of limits + 1.
    pub(super) fn row(&self, distance_m: f64) -> usize {
        if distance_m <= SAME_PLACE_M { 0 } else { 1 + self.0.partition_point(|limit| *limit <= distance_m) }
    }
}

/// Limits of the bands of days, ascending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayBands(Vec<u32>);

impl Default for DayBands {
    /// 7, 14, 21 and 28 days.
    fn default() -> Self {
        Self(vec![7, 14, 21, 28])
    }
}

impl DayBands {
    /// What limits have to be.
    pub const RULE: &str =
        "1 to 20 limits in days, whole numbers from 1 to 3660, each over the one before, as in 7,14,21";

    /// # Errors
    /// [`Invalid`] unless there are 1 to 20 limits, each over the one before, from 1 to 3,660 days.
    pub fn new(limits: Vec<u32>) -> Result<Self, Invalid> {
        let ascend = limits.windows(2).all(|pair| pair[0] < pair[1]);
        let in_range = limits.iter().all(|limit| (1..=MOST_DAYS).contains(limit));
        if (1..=MOST_BANDS).contains(&limits.len()) && ascend && in_range {
            return Ok(Self(limits));
        }
        let shown: Vec<_> = limits.iter().map(u32::to_string).collect();
        Err(Invalid::new(shown.join(","), Self::RULE))
    }

    /// The limits in days.
    pub fn limits_days(&self) -> &[u32] {
        &self.0
    }

    /// The width of the narrowest band, in days. A time that is known less exactly belongs to no band.
    ///
    /// # Example
    /// ```
    /// use hotspots::analysis::near_repeat::DayBands;
    /// assert_eq!(DayBands::new(vec![7, 14, 16]).unwrap().narrowest_days(), 2);
    /// ```
    pub fn narrowest_days(&self) -> u32 {
        let before = std::iter::once(0).chain(self.0.iter().copied());
        self.0.iter().zip(before).map(|(limit, before)| limit - before).min().unwrap_or(1)
    }

    /// By number of days apart, up to the last limit, the column. More days are in the column after.
    pub(super) fn columns(&self) -> Vec<u8> {
        let last = self.0.last().copied().unwrap_or(0);
        // There are at most 20 limits.
        let column = |days| u8::try_from(self.0.partition_point(|limit| *limit <= days)).unwrap_or(u8::MAX);
        (0..=last).map(column).collect()
    }

    /// Which pairs of events, by the days of each, each column holds.
    pub(super) fn shapes(&self, days: &[i32]) -> Vec<Shape> {
        let mut sorted = days.to_vec();
        sorted.sort_unstable();
        // How many events are fewer than `apart` days from one, itself left out.
        let nearer = |day: i32, apart: u32| {
            let before = sorted.partition_point(|&other| day.abs_diff(other) >= apart && other < day);
            let after = sorted.partition_point(|&other| other <= day || day.abs_diff(other) < apart);
            (after - before).saturating_sub(1) as u64
        };
        let all = days.len().saturating_sub(1) as u64;
        let mut inner = vec![0; days.len()];
        let mut shapes: Vec<Shape> = self
            .0
            .iter()
            .map(|&limit| {
                let reached: Vec<u64> = days.iter().map(|&day| nearer(day, limit)).collect();
                let degrees: Vec<u64> =
                    reached.iter().zip(&inner).map(|(outer, inner)| outer - inner).collect();
                inner = reached;
                Shape::of(&degrees)
            })
            .collect();
        let later: Vec<u64> = inner.into_iter().map(|reached| all - reached).collect();
        shapes.push(Shape::of(&later));
        shapes
    }
}
