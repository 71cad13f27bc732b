//! Charts of printed reports, as SVG drawings.
//!
//! Each is a plain value with its data and its words, and a method `svg` that draws it. What a chart is called stands in
//! the page that holds it, so it is not drawn; a screen reader is told it. Numbers that are not finite count as missing,
//! and where nothing is left to draw, a chart says so.
//!
//! Marks are told apart without colour: by dashes, by full and hollow marks, by words beside them.

mod axis;
mod frame;
mod funnel;
mod hours;
mod key;
mod lorenz;
mod matrix;
mod month;
mod ranking;
mod scale;
mod seasonality;
mod sparkline;
mod trend;

pub use funnel::{Funnel, FunnelArea, FunnelLimit};
pub use hours::Hours;
pub use lorenz::{Lorenz, LorenzCurve};
pub use matrix::{Threat, ThreatMatrix};
pub use ranking::{Ranking, RankingRow, Significance};
pub use seasonality::{SeasonalIndex, Seasonality};
pub use sparkline::Sparkline;
pub use trend::{Form, Series, Trend};

#[cfg(test)]
mod tests;
