//! How incidents spread over time: change between periods, trend, seasons, hours, emerging hot spots.
//!
//! | module | what it answers |
//! |---|---|
//! | [`change`] | whether there were more incidents a day than in another period, or whether that is chance |
//! | [`mann_kendall`] | whether a series goes up or down, and how steeply |
//! | [`emerging`] | which places are new, growing, fading, persistent hot spots |
//! | [`seasonality`] | which months of the year have more than their share |
//! | [`hours`] | in which hours of the week incidents happen, where times are known only within limits |
//! | [`level`] | levels of significance and of confidence |
//! | [`distribution`] | exact tails of the binomial and the Poisson distribution |

pub mod change;
pub mod distribution;
pub mod emerging;
pub mod hours;
pub mod level;
pub mod mann_kendall;
pub mod seasonality;
