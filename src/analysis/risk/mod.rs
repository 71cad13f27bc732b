//! Where one kind of event is more common than another: the ratio of two densities.
//!
//! Cases are the events in question, controls those that they are compared with. Both are smoothed by the
//! same Gaussian kernel in the same window, each to a density that integrates to 1, so that the ratio is 1
//! wherever both have the same share of their events, however many of each there are and however busy
//! the place. (Bithell, J. F. (1990), doi 10.1002/sim.4780090616; Kelsall, J. E. and Diggle, P. J. (1995),
//! doi 10.1002/sim.4780142106.)

mod monte_carlo;
mod relative;

pub use self::{
    monte_carlo::Chances,
    relative::{Compared, RelativeRisk, RiskParameters, Shrinkage, default_sigma_m, tolerance_z},
};
