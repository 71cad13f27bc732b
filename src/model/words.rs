//! Numbers, names and probabilities as people read them, the same in every page, report and drawing.

/// A whole number with its thousands parted: `12,345`.
///
/// # Example
/// ```
/// use hotspots::model::words::count;
/// assert_eq!((count(7), count(1_234_567)), ("7".to_owned(), "1,234,567".to_owned()));
/// ```
pub fn count(number: u64) -> String {
    parted(&number.to_string())
}

/// Digits with a comma before every three from the end.
fn parted(digits: &str) -> String {
    let mut parted = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            parted.push(',');
        }
        parted.push(digit);
    }
    parted
}

/// A number with so many decimals, its thousands parted, and a minus that is as wide as a digit: `−1,234.5`.
///
/// From a million million on it is written by powers of ten, so that no number is long; what is no number is a dash.
///
/// # Example
/// ```
/// use hotspots::model::words::decimal;
/// assert_eq!((decimal(1_234.56, 1), decimal(-0.04, 1)), ("1,234.6".to_owned(), "0.0".to_owned()));
/// assert_eq!((decimal(-12.5, 1), decimal(f64::NAN, 1)), ("−12.5".to_owned(), "–".to_owned()));
/// ```
pub fn decimal(number: f64, decimals: usize) -> String {
    if !number.is_finite() {
        return "–".to_owned();
    }
    if number.abs() >= 1e12 {
        return format!("{number:.1e}").replace('-', "−");
    }
    let text = format!("{:.decimals$}", number.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let is_zero = text.bytes().all(|byte| byte == b'0' || byte == b'.');
    let sign = if number < 0.0 && !is_zero { "−" } else { "" };
    format!("{sign}{}{rest}", parted(whole))
}

/// A share as a percentage with three significant digits at most: `0.0123` is `1.2 %`.
///
/// # Example
/// ```
/// use hotspots::model::words::percent;
/// assert_eq!((percent(0.0123), percent(0.456), percent(1.5)), ("1.2 %".into(), "46 %".into(), "150 %".into()));
/// ```
pub fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    let decimals = match percent.abs() {
        9.95.. => 0,
        0.095.. => 1,
        _ => 2,
    };
    format!("{} %", decimal(percent, decimals))
}

/// A probability as reports give it: `p = 0.031`, `p < 0.001`.
///
/// # Example
/// ```
/// use hotspots::model::words::p_value;
/// assert_eq!((p_value(0.0312), p_value(1e-9)), ("p = 0.031".to_owned(), "p < 0.001".to_owned()));
/// ```
pub fn p_value(p: f64) -> String {
    if p < 0.001 { "p < 0.001".to_owned() } else { format!("p = {p:.3}") }
}

/// Names one after the other: `a`, `a and b`, `a, b and c`.
///
/// # Example
/// ```
/// use hotspots::model::words::list;
/// assert_eq!(list(&["Gornal", "Lye", "Norton"]), "Gornal, Lye and Norton");
/// ```
pub fn list<S: AsRef<str>>(names: &[S]) -> String {
    match names {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

/// The singular for one, the plural for every other number.
///
/// # Example
/// ```
/// use hotspots::model::words::plural;
/// assert_eq!((plural(1, "is", "are"), plural(0, "is", "are")), ("is", "are"));
/// ```
pub const fn plural<'a>(number: u64, one: &'a str, many: &'a str) -> &'a str {
    if number == 1 { one } else { many }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted_from_the_right() {
        let said = [0, 12, 999, 1_000, 123_456, 1_234_567].map(count);
        assert_eq!(said, ["0", "12", "999", "1,000", "123,456", "1,234,567"]);
        assert_eq!(decimal(1_234_567.0, 0), "1,234,567");
    }

    #[test]
    fn nothing_is_a_negative_zero_and_no_number_is_long() {
        assert_eq!(decimal(-0.04, 1), "0.0");
        assert_eq!(decimal(f64::NAN, 1), "–");
        assert!(decimal(-f64::MAX, 3).chars().count() < 10);
    }
}
