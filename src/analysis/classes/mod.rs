//! From which intensity on a place counts as hot: the limits of a surface's classes.
//!
//! All rules but [own limits](Classification) look at the cells whose centre lies inside the outline. A
//! class holds the cells from its limit up to the limit of the next, so that a cell with exactly the value
//! of a limit is in the hotter class, and cells with one value are never parted.

mod incremental_mean;
mod limits;
mod words;

pub use self::{incremental_mean::IncrementalMean, limits::ClassLimits};
use super::bands::Thresholds;

/// A rule that parts a surface into classes. It is read from words:
///
/// | words | limits of the classes, lowest first |
/// |---|---|
/// | `incremental-mean` | μ, 2μ, … 5μ, with μ the mean of the cells above zero |
/// | `quantile:5` | the quantiles 1/5, 2/5, 3/5, 4/5 of the cells above zero |
/// | `equal-interval:5` | 1/5, 2/5, 3/5, 4/5 of the highest intensity |
/// | `volume:50,75,95` | around the smallest areas that hold 95, 75 and 50 % of the volume |
/// | `area:1,3` | around the hottest 3 and 1 % of the area |
/// | `limits:10,25` | 10 and 25 per km² |
///
/// What lies below the lowest limit is no class of its own: `quantile:5` leaves the coolest fifth undrawn.
///
/// # Example
/// ```
/// use hotspots::analysis::classes::Classification;
/// let rule: Classification = "area:10,25".parse().unwrap();
/// let values = [0.0, 8.0, 4.0, 2.0];
/// // A quarter of four cells is one; a tenth of them still takes one.
/// let limits = rule.limits(&values, &[true; 4]).unwrap();
/// assert_eq!(limits.as_slice(), [6.0, 6.0]);
/// assert_eq!(rule.label(1), "hottest 25 % of the area");
/// assert!("area:0".parse::<Classification>().is_err());
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Classification(Rule);

/// A rule with checked numbers.
#[derive(Clone, Debug, Default, PartialEq)]
enum Rule {
    #[default]
    IncrementalMean,
    /// 2 to 21 classes.
    Quantiles(u8),
    /// 2 to 21 classes.
    EqualIntervals(u8),
    /// Percentages, descending.
    Volume(Vec<f64>),
    /// Percentages, descending.
    AreaShare(Vec<f64>),
    Limits(Thresholds),
}

impl Classification {
    /// How many limits there are, at most [`Thresholds::MOST`]. Classes are numbered from 1, the coolest.
    pub fn classes(&self) -> usize {
        match &self.0 {
            Rule::IncrementalMean => 5,
            Rule::Quantiles(classes) | Rule::EqualIntervals(classes) => usize::from(*classes) - 1,
            Rule::Volume(percentages) | Rule::AreaShare(percentages) => percentages.len(),
            Rule::Limits(limits) => limits.as_slice().len(),
        }
    }

    /// The class from which on places are usually called hotspots: the third of the incremental mean
    /// (three times the mean), the hottest of every other rule.
    pub fn usual_hotspot_class(&self) -> usize {
        if self.0 == Rule::IncrementalMean { 3 } else { self.classes() }
    }

    /// The limits for the values of a surface, in the unit of the values.
    ///
    /// `None` where no value inside is above zero, and where their sum is not finite: there is nothing to be
    /// hot. A mask shorter than the values takes the rest as outside.
    ///
    /// - Incremental mean: see [`IncrementalMean`].
    /// - Quantiles: of the values above zero, interpolated as in [`order::quantile`](super::order::quantile).
    /// - Equal intervals: between 0 and the highest value.
    /// - Volume p: the cells are taken from the hottest down until they hold p % of the sum of all.
    /// - Area a: the cells are taken from the hottest down until they are a % of all cells inside, or none
    ///   above zero is left.
    ///
    /// For volume and area, cells with the value of the last one taken are taken too, and the limit stands
    /// half-way to the highest value that is not taken (0 where there is none). It parts the same cells as the
    /// value of the last cell would; but a line at that value would run through the cell's centre, and leave
    /// of a lone cell a point.
    pub fn limits(&self, values: &[f64], inside: &[bool]) -> Option<ClassLimits> {
        limits::of(&self.0, values, inside)
    }
}

#[cfg(test)]
mod tests;
