//! How a point pattern lies: where its middle is, how far it spreads, and whether it clusters.
//!
//! | module | what it answers |
//! |---|---|
//! | [`centre`] | the mean centre, the centre of the medians, the median centre |
//! | [`ellipse`] | standard distance and standard deviational ellipse |
//! | [`nearest`] | whether incidents lie nearer to each other than by chance (Clark–Evans) |
//! | [`ripley`] | at which distances they cluster (K and L) |
//! | [`envelope`] | what K and L look like by chance in the same outline |
//!
//! Published positions are often snapped to the middle of a street: many incidents then share one
//! position, and clustering at distances below the spacing of those positions is made by the snapping.

pub mod centre;
pub mod ellipse;
pub mod envelope;
pub mod nearest;
mod pairs;
pub mod ripley;
mod squares;

use super::density::WeightedPoint;
use crate::model::GridPoint;

/// A place and how many incidents it stands for.
pub type Counted = (GridPoint, u32);

/// The places that hold incidents, with whole counts; what is above 2³² − 1 counts as that.
fn whole(counted: &[WeightedPoint]) -> Vec<Counted> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut to what fits")]
    let count = |weight: f64| weight.round() as u32;
    let places = counted.iter().map(|place| (place.position, count(place.weight)));
    places.filter(|(_, count)| *count > 0).collect()
}

/// The number of incidents at some places.
fn incidents(places: &[Counted]) -> u64 {
    places.iter().map(|(_, count)| u64::from(*count)).sum()
}
