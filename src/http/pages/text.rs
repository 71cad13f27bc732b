//! Values and addresses as people read them.

use crate::{feature::Value, render::features::cell};

/// A value as a page shows it: numbers to four figures, what is absent as a dash.
pub fn shown(value: &Value<'_>) -> String {
    match value {
        Value::Absent => "–".to_owned(),
        Value::Number(number) => figures(*number),
        Value::Instant(_) => cell(value).replacen('T', " ", 1),
        other => cell(other).into_owned(),
    }
}

/// A number to four figures, and all of them before the point.
///
/// `1234.56` is `1235`, `12.3456` is `12.35`, `0.00012346` is `0.0001235`.
fn figures(number: f64) -> String {
    if number == 0.0 || !number.is_finite() {
        return number.to_string();
    }
    let before_point = number.abs().log10().floor();
    let decimals = (3.0 - before_point).clamp(0.0, 12.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 12")]
    let text = format!("{number:.*}", decimals as usize);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A text as one segment of a path (RFC 3986 section 3.3).
pub fn segment(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_to_four_figures() {
        for (number, text) in [
            (0.0, "0"),
            (1_234_567.8, "1234568"),
            (1_234.56, "1235"),
            (12.345_6, "12.35"),
            (-0.5, "-0.5"),
            (100.0, "100"),
            (0.000_123_456, "0.0001235"),
        ] {
            assert_eq!(shown(&Value::Number(number)), text);
        }
        assert_eq!(shown(&Value::Instant(1_704_067_200)), "2024-01-01 00:00:00Z");
        assert_eq!(shown(&Value::Absent), "–");
    }

    #[test]
    fn segments_are_written_as_they_should_be() {
        assert_eq!(segment("a/b é\"<"), "a%2Fb%20%C3%A9%22%3C");
    }
}
