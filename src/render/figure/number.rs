//! Numbers for readers.

use crate::model::words::decimal;

/// A number with as many decimals as tell it apart: whole numbers have none, numbers below ten have two at most,
/// others one.
///
/// # Example
/// ```
/// use hotspots::render::figure::short;
/// assert_eq!((short(3.0), short(2.346), short(46.28)), ("3".into(), "2.35".into(), "46.3".into()));
/// ```
pub fn short(value: f64) -> String {
    let decimals = if value.fract() == 0.0 || value.abs() >= 1e3 {
        0
    } else if value.abs() < 10.0 {
        2
    } else {
        1
    };
    decimal(value, decimals)
}

/// The value where it can be drawn: finite, and not beyond a million thousand million, which is no figure of a report;
/// what is nearer to zero than a thousand-millionth is zero.
pub fn datum(value: f64) -> Option<f64> {
    let value = if value.abs() < 1e-9 { 0.0 } else { value };
    (value.is_finite() && value.abs() <= 1e15).then_some(value)
}
