//! The members of a JSON object, in their order and as they stand.
//!
//! A map of values would lose the order of attributes, the digits of numbers and the first of two
//! members of one name, so an object is checked as a whole and then only cut into pieces.

use std::{borrow::Cow, collections::HashSet};

use serde::de::IgnoredAny;

use crate::model::Invalid;

/// Name and value of each member of a JSON object; the values as JSON text.
///
/// # Errors
/// [`Invalid`] for what is no JSON, no object, or has two members of one name.
pub(in crate::intake) fn members(text: &str) -> Result<Vec<(String, &str)>, Invalid> {
    let text = text.trim_matches(is_space);
    if let Err(cause) = serde_json::from_str::<IgnoredAny>(text) {
        return Err(Invalid::new(text, format!("not JSON: {cause}")));
    }
    if !text.starts_with('{') {
        return Err(Invalid::new(text, format!("an object is expected here, not {}", kind_of(text))));
    }
    let mut members = Vec::new();
    let mut seen = HashSet::new();
    // The text is known to be an object, so that whatever does not fit is its end.
    let mut rest = text[1..].trim_start_matches(is_space);
    while rest.starts_with('"') {
        let (name, behind) = rest.split_at(value_end(rest));
        let name: String = serde_json::from_str(name)
            .map_err(|cause| Invalid::new(name, format!("the name of a member is no text: {cause}")))?;
        if !seen.insert(name.clone()) {
            return Err(Invalid::new(name, "two members have this name"));
        }
        let behind = behind.trim_start_matches(is_space);
        let behind = behind.strip_prefix(':').unwrap_or(behind).trim_start_matches(is_space);
        let (value, behind) = behind.split_at(value_end(behind));
        members.push((name, value));
        let behind = behind.trim_start_matches(is_space);
        rest = behind.strip_prefix(',').unwrap_or(behind).trim_start_matches(is_space);
    }
    Ok(members)
}

/// A value as text: a string without quotes, `null` as nothing, anything else as it stands.
///
/// # Errors
/// [`Invalid`] for a string that is no Unicode.
pub(in crate::intake) fn text_of(value: &str) -> Result<Cow<'_, str>, Invalid> {
    match value.as_bytes().first() {
        Some(b'"') => {
            let plain = value.get(1..value.len().saturating_sub(1)).unwrap_or_default();
            if plain.contains('\\') {
                serde_json::from_str(value)
                    .map(Cow::Owned)
                    .map_err(|cause| Invalid::new(value, format!("no text: {cause}")))
            } else {
                Ok(plain.into())
            }
        }
        Some(b'n') => Ok("".into()),
        _ => Ok(value.into()),
    }
}

/// What a JSON value is, in words.
pub(super) fn kind_of(value: &str) -> &'static str {
    match value.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a text",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        Some(_) => "a number",
        None => "nothing",
    }
}

const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// Where the first value of a JSON text ends.
fn value_end(text: &str) -> usize {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, &byte) in text.as_bytes().iter().enumerate() {
        if quoted {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => quoted = false,
                _ => {}
            }
            if !quoted && depth == 0 {
                return at + 1;
            }
            continue;
        }
        match byte {
            b'"' => quoted = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth > 1 => depth -= 1,
            b'}' | b']' if depth == 1 => return at + 1,
            b'}' | b']' | b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order_and_their_digits() {
        let text = r#" { "z" : 1.50, "a\"b":"x\\\"}", "o":{"k":[1,"]"]} ,"n":null,"":-1e5,"e":[] } "#;
        let members = members(text).unwrap();
        let shown: Vec<_> = members.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        assert_eq!(
            shown,
            [
                ("z", "1.50"),
                ("a\"b", r#""x\\\"}""#),
                ("o", r#"{"k":[1,"]"]}"#),
                ("n", "null"),
                ("", "-1e5"),
                ("e", "[]")
            ]
        );
        assert_eq!(text_of(shown[1].1).unwrap(), r#"x\"}"#);
        assert_eq!(text_of("null").unwrap(), "");
        assert_eq!(text_of("12345678901234567890123").unwrap(), "12345678901234567890123");
        assert_eq!(super::members("{}").unwrap(), []);
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for (text, rule) in [
            ("", "not JSON"),
            ("{", "not JSON"),
            ("{\"a\":1,}", "not JSON"),
            ("{\"a\":NaN}", "not JSON"),
            ("{\"a\":1} x", "not JSON"),
            ("[1]", "not an array"),
            ("\"x\"", "not a text"),
            ("{\"a\":1,\"a\":2}", "two members"),
            ("{\"\\ud800\":1}", "no text"),
        ] {
            let fault = members(text).unwrap_err();
            assert!(fault.rule.contains(rule), "{text}: {}", fault.rule);
        }
        assert!(text_of("\"\\ud800\"").is_err());
    }

    #[test]
    fn deep_nesting_does_not_overflow_the_stack() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(200_000), "]".repeat(200_000));
        let _ = members(&deep);
    }
}
