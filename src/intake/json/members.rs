//! The members of a JSON object, in their order and as they stand.
//!
//! A map of values would lose the order of attributes, the digits of numbers and the first of two
//! members of one name, so its values are taken as the text they are.

use std::{borrow::Cow, collections::HashSet, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::model::Invalid;

/// Name and value of each member of a JSON object; the values as JSON text.
///
/// # Errors
/// [`Invalid`] for what is no JSON, no object, or has two members of one name.
pub(in crate::intake) fn members(text: &str) -> Result<Vec<(String, &str)>, Invalid> {
    let whole: &RawValue =
        serde_json::from_str(text).map_err(|cause| Invalid::new(text, format!("not JSON: {cause}")))?;
    let whole = whole.get();
    if !whole.starts_with('{') {
        return Err(Invalid::new(whole, format!("an object is expected here, not {}", kind_of(whole))));
    }
    // The text is known to be an object of whole values, so that only a name can be at fault.
    let Members(members) = serde_json::from_str(whole)
        .map_err(|cause| Invalid::new(whole, format!("the name of a member is no text: {cause}")))?;
    let mut seen = HashSet::new();
    match members.iter().find(|(name, _)| !seen.insert(name)) {
        Some((name, _)) => Err(Invalid::new(name, "two members have this name")),
        None => Ok(members),
    }
}

/// The members of an object, in their order and as they stand.
struct Members<'a>(Vec<(String, &'a str)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                    members.push((name, value.get()));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
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
