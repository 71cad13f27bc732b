//! Free attributes as JSON text, the form in which every store keeps them.

/// Writes the JSON object of `attributes` over what `json` held, names in the given order; nothing
/// at all for no attributes. A name that comes twice is written twice.
///
/// # Errors
/// None that can happen: a string is always written. The type is that of the JSON writer.
pub(super) fn write(attributes: &[(String, String)], json: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    json.clear();
    for (name, value) in attributes {
        json.push(if json.is_empty() { b'{' } else { b',' });
        serde_json::to_writer(&mut *json, name)?;
        json.push(b':');
        serde_json::to_writer(&mut *json, value)?;
    }
    if !json.is_empty() {
        json.push(b'}');
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(attributes: &[(&str, &str)]) -> String {
        let owned: Vec<_> = attributes.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let mut json = b"left over".to_vec();
        write(&owned, &mut json).unwrap();
        String::from_utf8(json).unwrap()
    }

    #[test]
    fn the_order_of_the_source_is_kept() {
        assert_eq!(text(&[("b", "1"), ("a", "2"), ("b", "3")]), r#"{"b":"1","a":"2","b":"3"}"#);
        assert_eq!(text(&[]), "");
    }

    #[test]
    fn hostile_text_stays_inside_its_string() {
        let json = text(&[("\"}", "a\\\"\n\u{1}é")]);
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read["\"}"], "a\\\"\n\u{1}é");
    }
}
