//! Numbers for readers.

/// A number with so many decimals, thousands parted by commas, and the sign that is as wide as a digit.
///
/// From a million million on it is written by powers of ten, so that no number is long.
///
/// # Example
/// ```
/// use hotspots::render::figure::number;
/// assert_eq!(number(12_345.678, 1), "12,345.7");
/// assert_eq!(number(-1_200.0, 0), "−1,200");
/// assert_eq!(number(999.0, 2), "999.00");
/// ```
pub fn number(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    if value.abs() >= 1e12 {
        return format!("{value:.1e}").replace('-', "−");
    }
    let text = format!("{:.*}", decimals, value.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut parted = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            parted.push(',');
        }
        parted.push(digit);
    }
    let is_zero = text.chars().all(|c| c == '0' || c == '.');
    let sign = if value < 0.0 && !is_zero { "−" } else { "" };
    format!("{sign}{parted}{rest}")
}

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
    number(value, decimals)
}

/// The value where it can be drawn: finite, and not beyond a million thousand million, which is no figure of a report;
/// what is nearer to zero than a thousand-millionth is zero.
pub fn datum(value: f64) -> Option<f64> {
    let value = if value.abs() < 1e-9 { 0.0 } else { value };
    (value.is_finite() && value.abs() <= 1e15).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted_from_the_right() {
        let said = [0.0, 12.0, 123.0, 1_234.0, 123_456.0, 1_234_567.0].map(|value| number(value, 0));
        assert_eq!(said, ["0", "12", "123", "1,234", "123,456", "1,234,567"]);
    }

    #[test]
    fn nothing_is_a_negative_zero_and_no_number_is_long() {
        assert_eq!(number(-0.04, 1), "0.0");
        assert_eq!(number(f64::NAN, 1), "–");
        assert!(number(-f64::MAX, 3).chars().count() < 10);
    }
}
