//! Numbers as people read them.

/// A whole number with its thousands parted: `12,345`.
///
/// # Example
/// ```
/// use hotspots::service::profile::findings::count;
/// assert_eq!((count(7), count(1_234_567)), ("7".to_owned(), "1,234,567".to_owned()));
/// ```
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut parted = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            parted.push(',');
        }
        parted.push(digit);
    }
    parted
}

/// A number with so many decimals and its thousands parted: `1,234.5`. A minus is a minus sign.
///
/// # Example
/// ```
/// use hotspots::service::profile::findings::decimal;
/// assert_eq!((decimal(1_234.56, 1), decimal(-0.04, 1)), ("1,234.6".to_owned(), "0.0".to_owned()));
/// assert_eq!(decimal(-12.5, 1), "−12.5");
/// ```
pub fn decimal(number: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", number.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    // More digits than a whole number has are left as they are.
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), count);
    let sign =
        if number < 0.0 && text.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) { "−" } else { "" };
    format!("{sign}{whole}{rest}")
}

/// A share as a percentage with three significant digits at most: `0.0123` is `1.2 %`.
///
/// # Example
/// ```
/// use hotspots::service::profile::findings::percent;
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
/// use hotspots::service::profile::findings::p_value;
/// assert_eq!((p_value(0.0312), p_value(1e-9)), ("p = 0.031".to_owned(), "p < 0.001".to_owned()));
/// ```
pub fn p_value(p: f64) -> String {
    if p < 0.001 { "p < 0.001".to_owned() } else { format!("p = {p:.3}") }
}

/// Names one after the other: `a`, `a and b`, `a, b and c`.
///
/// # Example
/// ```
/// use hotspots::service::profile::findings::list;
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
pub(super) const fn plural<'a>(number: u64, one: &'a str, many: &'a str) -> &'a str {
    if number == 1 { one } else { many }
}
