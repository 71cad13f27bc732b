//! How a column looks: its header, how its numbers are shown, how wide it is.

use rust_xlsxwriter::{Format, FormatAlign};

use crate::{
    feature::{Field, FieldKind, Value},
    render::features::cell,
};

/// The title with its unit.
pub(super) fn header(field: &Field) -> String {
    match field.unit {
        // It shows in the cells.
        Some("share" | "year") | None => field.title.clone().into_owned(),
        Some(unit) => format!("{} ({unit})", field.title),
    }
}

/// How the values of a column are shown.
pub(super) fn number_format<'a>(field: &Field, values: impl Iterator<Item = &'a Value<'static>>) -> Format {
    let format = Format::new().set_align(FormatAlign::Top);
    match (field.kind, field.unit) {
        (FieldKind::Text | FieldKind::Flag, _) => format,
        (FieldKind::Instant, _) => format.set_num_format("yyyy-mm-dd hh:mm:ss"),
        (_, Some("year")) => format.set_num_format("0"),
        (_, Some("share")) => format.set_num_format("0.0%"),
        (FieldKind::Whole, _) => format.set_num_format("#,##0"),
        (FieldKind::Number, Some("%")) => format.set_num_format("#,##0.0"),
        (FieldKind::Number, _) => {
            let largest = values.filter_map(Value::as_number).map(f64::abs).fold(0.0, f64::max);
            format.set_num_format(decimals(largest))
        }
    }
}

/// Three significant figures of the largest number of a column, and at least as many decimals as tell apart
/// what is a tenth of it.
fn decimals(largest: f64) -> &'static str {
    match largest {
        0.0 => "0",
        1_000.0.. => "#,##0",
        100.0.. => "0.0",
        10.0.. => "0.00",
        0.1.. => "0.000",
        0.001.. => "0.00000",
        _ => "0.00E+00",
    }
}

/// As wide as the longest of its values, within limits; headers may take two lines.
pub(super) fn width<'a>(header: &str, values: impl Iterator<Item = &'a Value<'static>>) -> f64 {
    let shown = |value: &Value<'_>| match value {
        Value::Number(_) => 9,
        // With separators of thousands.
        Value::Whole(_) => cell(value).len() * 4 / 3,
        other => cell(other).chars().take(60).count(),
    };
    let longest = values.map(shown).max().unwrap_or(0);
    // Two more for the margins, three for the button of the filter.
    (longest + 2).max(header.chars().count() / 2 + 5).clamp(8, 60) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_titles_with_units() {
        let field = |title: &'static str| Field::new("rate", FieldKind::Whole, title, "");
        assert_eq!(header(&field("Rate").in_unit("%")), "Rate (%)");
        assert_eq!(header(&field("Share").in_unit("share")), "Share");
    }

    #[test]
    fn decimals_go_by_the_largest_number() {
        let shown = [0.0, 0.000_4, 0.02, 0.5, 7.0, 12.5, 250.0, 4_000.0].map(decimals);
        assert_eq!(shown, ["0", "0.00E+00", "0.00000", "0.000", "0.000", "0.00", "0.0", "#,##0"],);
    }

    #[test]
    fn columns_are_wide_enough_and_no_wider_than_a_page() {
        let text = |text: &'static str| Value::Text(text.into());
        assert!(width("Code", [text("E05001236")].iter()) >= 11.0);
        assert!(width("Count", [Value::Whole(1_234_567)].iter()) >= 10.0);
        assert!((width("A", [text(include_str!("formats.rs"))].iter()) - 60.0).abs() < 1e-9);
        assert!(width("Incidents in the comparison period", [].iter()) >= 20.0);
    }
}
