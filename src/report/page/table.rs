//! Tables of a page, from the sheets that every other form has too.

use maud::{Markup, html};

use crate::{
    feature::Value,
    model::words::{decimal, percent},
    render::sheet::Sheet,
};

/// How a column's values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// Text as it is.
    Text,
    /// A whole number, its thousands parted.
    Count,
    /// A number with so many decimals.
    Decimals(usize),
    /// A share as a percentage.
    Percent,
    /// A change as a percentage with its sign.
    Change,
    /// A probability, bold where it is significant.
    Probability,
}

impl Shown {
    const fn is_number(self) -> bool {
        !matches!(self, Self::Text)
    }

    fn of(self, value: &Value<'_>) -> String {
        let Some(number) = value.as_number() else {
            return match value {
                Value::Text(text) => text.to_string(),
                // What is not there is told by a dash: an empty cell could be a slip.
                _ => "–".to_owned(),
            };
        };
        match self {
            Self::Text | Self::Count => decimal(number, 0),
            Self::Decimals(decimals) => decimal(number, decimals),
            Self::Percent => percent(number),
            Self::Change => format!("{}{}", if number > 0.0 { "+" } else { "" }, percent(number)),
            Self::Probability if number < 0.001 => "< 0.001".to_owned(),
            Self::Probability => decimal(number, 3),
        }
    }
}

/// Some columns of a sheet as a table with a caption; the first column names the rows. Where there are more rows than
/// `most`, the caption says so.
pub(super) fn table(sheet: &Sheet, caption: &str, columns: &[(&str, Shown)], most: usize) -> Markup {
    let shown: Vec<_> =
        columns.iter().filter_map(|(name, shown)| sheet.column(name).map(|at| (at, *shown))).collect();
    let left_out = sheet.rows.len().saturating_sub(most);
    html! {
        table {
            caption {
                (caption)
                @if left_out > 0 { ": the first " (most) " of " (sheet.rows.len()) ", the others are in the tables" }
            }
            thead {
                tr {
                    @for (at, shown) in &shown {
                        th scope="col" class=[shown.is_number().then_some("number")] title=(sheet.columns[*at].description) {
                            (sheet.columns[*at].title)
                            @if let Some(unit) = sheet.columns[*at].unit { " (" (unit_of(unit)) ")" }
                        }
                    }
                }
            }
            tbody {
                @for row in sheet.rows.iter().take(most) {
                    tr {
                        @for (number, (at, shown)) in shown.iter().enumerate() {
                            @let text = row.get(*at).map(|value| shown.of(value)).unwrap_or_default();
                            @if number == 0 {
                                th scope="row" class=[shown.is_number().then_some("number")] { (text) }
                            } @else {
                                td class=[shown.is_number().then_some("number")] {
                                    @if is_significant(*shown, row.get(*at)) { strong { (text) } } @else { (text) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn is_significant(shown: Shown, value: Option<&Value<'_>>) -> bool {
    let number = value.and_then(Value::as_number);
    shown == Shown::Probability && number.is_some_and(|p| p <= crate::service::profile::findings::ALPHA)
}

/// Units as people write them.
fn unit_of(unit: &str) -> &str {
    match unit {
        "km2" => "km²",
        "1/km2" => "per km²",
        "deg" => "°",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_people_read_them() {
        assert_eq!(Shown::Count.of(&Value::Whole(12_345)), "12,345");
        assert_eq!(Shown::Change.of(&Value::Number(0.126)), "+13 %");
        assert_eq!(Shown::Change.of(&Value::Number(-0.126)), "−13 %");
        assert_eq!(Shown::Probability.of(&Value::Number(0.0004)), "< 0.001");
        assert_eq!(Shown::Decimals(1).of(&Value::Absent), "–");
        assert_eq!(Shown::Text.of(&Value::Text("<b>".into())), "<b>");
    }
}
