//! The limits that a rule gives for a surface.

use super::{IncrementalMean, Rule};
use crate::analysis::{bands::Thresholds, order::quantile};

/// The lower limits of the classes of one surface, one for each class of the rule, lowest first.
///
/// Where two are equal the lower of the two classes holds nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassLimits {
    limits: Vec<f64>,
    thresholds: Thresholds,
}

impl ClassLimits {
    /// `None` unless the values are finite, above zero, and not below the one before.
    fn new(limits: Vec<f64>) -> Option<Self> {
        let mut different = limits.clone();
        different.dedup();
        Some(Self { thresholds: Thresholds::new(&different).ok()?, limits })
    }

    /// The limits of all classes.
    pub fn as_slice(&self) -> &[f64] {
        &self.limits
    }

    /// The limit of the class with that number, counted from 1.
    pub fn of_class(&self, class: usize) -> Option<f64> {
        self.limits.get(class.checked_sub(1)?).copied()
    }

    /// The limits that differ.
    pub const fn thresholds(&self) -> &Thresholds {
        &self.thresholds
    }

    /// The number of the class that begins at a limit: of equal ones the last, which holds something.
    pub fn class_from(&self, limit: f64) -> usize {
        self.limits.partition_point(|other| *other <= limit)
    }
}

pub(super) fn of(rule: &Rule, values: &[f64], inside: &[bool]) -> Option<ClassLimits> {
    ClassLimits::new(match rule {
        Rule::IncrementalMean => IncrementalMean::of(values, inside)?.thresholds().to_vec(),
        Rule::Quantiles(classes) => {
            let hot = Hottest::of(values, inside)?;
            let ascending: Vec<f64> = hot.descending.into_iter().rev().collect();
            parts(*classes).map(|part| quantile(&ascending, part)).collect::<Option<_>>()?
        }
        Rule::EqualIntervals(classes) => {
            let peak = Hottest::of(values, inside)?.descending.first().copied()?;
            parts(*classes).map(|part| peak * part).collect()
        }
        Rule::Volume(percentages) => {
            let hot = Hottest::of(values, inside)?;
            percentages.iter().map(|percent| hot.around_volume(*percent)).collect()
        }
        Rule::AreaShare(percentages) => {
            let hot = Hottest::of(values, inside)?;
            percentages.iter().map(|percent| hot.around_share(*percent)).collect()
        }
        Rule::Limits(limits) => {
            Hottest::of(values, inside)?;
            limits.as_slice().to_vec()
        }
    })
}

/// 1/n, 2/n, … (n − 1)/n.
fn parts(n: u8) -> impl Iterator<Item = f64> {
    (1..n).map(move |part| f64::from(part) / f64::from(n))
}

/// The values inside, hottest first.
struct Hottest {
    /// Those above zero.
    descending: Vec<f64>,
    /// The sum of the values up to each of them.
    sums: Vec<f64>,
    /// How many cells are inside, those at zero among them.
    inside: usize,
}

impl Hottest {
    /// `None` without a value above zero, and where the sum is not finite.
    fn of(values: &[f64], inside: &[bool]) -> Option<Self> {
        let within = || values.iter().zip(inside).filter(|(_, inside)| **inside).map(|(value, _)| *value);
        let mut descending: Vec<f64> = within().filter(|value| *value > 0.0).collect();
        descending.sort_unstable_by(|a, b| b.total_cmp(a));
        let mut sum = 0.0;
        let sums: Vec<f64> = descending
            .iter()
            .map(|value| {
                sum += value;
                sum
            })
            .collect();
        (sum > 0.0 && (100.0 * sum).is_finite()).then(|| Self { descending, sums, inside: within().count() })
    }

    /// The limit around the fewest cells that hold that much of the sum.
    fn around_volume(&self, percent: f64) -> f64 {
        // Hundredfold on both sides: a division first would round whole percentages.
        let wanted = percent * self.sums.last().copied().unwrap_or_default();
        self.below(self.sums.partition_point(|sum| 100.0 * sum < wanted) + 1)
    }

    /// The limit around the fewest cells that are that much of those inside.
    fn around_share(&self, percent: f64) -> f64 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most all the cells")]
        let cells = (percent * self.inside as f64 / 100.0).ceil() as usize;
        self.below(cells)
    }

    /// The limit below the first `cells` and whatever has the value of the last of them.
    fn below(&self, cells: usize) -> f64 {
        let last = cells.clamp(1, self.descending.len()) - 1;
        let taken = self.descending[last];
        let end = self.descending.partition_point(|value| *value >= taken);
        let next = self.descending.get(end).copied().unwrap_or(0.0);
        let half_way = next + (taken - next) / 2.0;
        if half_way > next { half_way } else { taken }
    }
}
