//! Classes of numbers: with about as many values each, with limits that people can read, none of them empty.

use crate::{analysis::order, feature::Features};

/// Classes at most, beside that of nothing.
const MOST: usize = 5;

/// A class of values.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// Its least value, included.
    pub from: Option<f64>,
    /// Its end, not included.
    pub below: Option<f64>,
    /// What it says in a legend: "3 to 5".
    pub label: String,
    /// Whether it is that of no incidents.
    pub is_nothing: bool,
}

/// The values of a field, ascending.
pub fn sorted(features: &dyn Features, field: &str) -> Vec<f64> {
    let Some(field) = features.field(field) else { return Vec::new() };
    let mut values: Vec<f64> =
        (0..features.len()).filter_map(|row| features.value(row, field).as_number()).collect();
    values.sort_unstable_by(f64::total_cmp);
    values
}

/// The classes of values that ascend, the lowest first; none where there is no value. Whole numbers are told by
/// their first and last, and 0 is a class of its own.
pub fn classes(sorted: &[f64], whole: bool) -> Vec<Class> {
    let zeros = if whole { sorted.partition_point(|value| *value <= 0.0) } else { 0 };
    let rest = &sorted[zeros..];
    let nothing =
        (zeros > 0).then(|| Class { from: None, below: Some(1.0), label: "0".to_owned(), is_nothing: true });
    let (Some(least), Some(greatest)) = (rest.first(), rest.last()) else {
        return nothing.into_iter().collect();
    };
    let limits = limits(rest, if whole { f64::ceil } else { rounded });
    let lowest = nothing.as_ref().and_then(|nothing| nothing.below);
    let label = |from: Option<f64>, below: Option<f64>| match (whole, from, below) {
        (true, from, Some(below)) => span(from.unwrap_or(*least), below - 1.0),
        (_, Some(from), None) => format!("{} or more", shown(from)),
        (_, None, None) => span(*least, *greatest),
        (false, None, Some(below)) => format!("under {}", shown(below)),
        (false, Some(from), Some(below)) => format!("{} to under {}", shown(from), shown(below)),
    };
    let of_rest = (0..=limits.len()).map(|class| {
        let from = class.checked_sub(1).map_or(lowest, |before| Some(limits[before]));
        let below = limits.get(class).copied();
        Class { from, below, label: label(from, below), is_nothing: false }
    });
    nothing.into_iter().chain(of_rest).collect()
}

/// Limits between classes, each of which holds something.
fn limits(sorted: &[f64], readable: fn(f64) -> f64) -> Vec<f64> {
    let mut limits: Vec<f64> = Vec::with_capacity(MOST - 1);
    let mut taken = 0;
    for class in 1..MOST {
        let Some(limit) = order::quantile(sorted, class as f64 / MOST as f64).map(readable) else { continue };
        let below = sorted.partition_point(|value| *value < limit);
        if below > taken && below < sorted.len() {
            limits.push(limit);
            taken = below;
        }
    }
    limits
}

/// Three significant figures: a legend is read by people.
fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let scale = libm::pow(10.0, 2.0 - value.abs().log10().floor());
    let rounded = (value * scale).round() / scale;
    if rounded.is_finite() { rounded } else { value }
}

/// A number with three significant figures, all of them where it is greater.
///
/// `12.345` is `12.3`, `1234.5` is `1235`.
pub fn shown(value: f64) -> String {
    if value.abs() >= 100.0 { format!("{value:.0}") } else { rounded(value).to_string() }
}

fn span(least: f64, greatest: f64) -> String {
    if least >= greatest { shown(least) } else { format!("{} to {}", shown(least), shown(greatest)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(values: &[f64], whole: bool) -> Vec<String> {
        classes(values, whole).into_iter().map(|class| class.label).collect()
    }

    #[test]
    fn counts_are_told_by_their_first_and_last_and_none_is_a_class() {
        let counts = [0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 3.0, 5.0, 8.0, 9.0, 20.0, 30.0, 31.0];
        assert_eq!(labels(&counts, true), ["0", "1", "2 to 4", "5 to 8", "9 to 21", "22 or more"]);
        assert_eq!(labels(&[0.0; 4], true), ["0"]);
        assert_eq!(labels(&[0.0, 1.0, 1.0], true), ["0", "1 or more"]);
        assert_eq!(labels(&[4.0, 4.0], true), ["4"]);
        assert!(labels(&[], true).is_empty() && labels(&[], false).is_empty());
    }

    #[test]
    fn numbers_have_limits_of_three_figures() {
        let rates: Vec<f64> = (1..=10_i32).map(|rate| f64::from(rate) * 1.23456).collect();
        let expected = ["under 3.46", "3.46 to under 5.68", "5.68 to under 7.9", "7.9 to under 10.1"];
        assert_eq!(labels(&rates, false)[..4], expected);
        assert_eq!(labels(&rates, false)[4], "10.1 or more");
        assert_eq!(
            [0.0, 0.012_345, 12.345, 123.45, 1234.5].map(shown),
            ["0", "0.0123", "12.3", "123", "1234"]
        );
    }

    #[test]
    fn every_value_lies_in_one_class_and_no_class_is_empty() {
        let mut state = 1_u64;
        for round in 0..500_u64 {
            let mut next = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(round);
                (state >> 40) as f64 / 1e5
            };
            let whole = round % 2 == 0;
            let mut values: Vec<f64> =
                (0..round % 40).map(|_| next()).map(|v| if whole { (v / 30.0).floor() } else { v }).collect();
            values.sort_unstable_by(f64::total_cmp);
            let classes = classes(&values, whole);
            let holds = |class: &Class, value: f64| {
                class.from.is_none_or(|from| value >= from) && class.below.is_none_or(|below| value < below)
            };
            for value in &values {
                let fitting = classes.iter().filter(|class| holds(class, *value)).count();
                assert_eq!(fitting, 1, "{value} of {values:?} in {classes:?}");
            }
            for class in &classes {
                assert!(values.iter().any(|value| holds(class, *value)), "{class:?} of {values:?}");
            }
        }
    }
}
