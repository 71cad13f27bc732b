//! The words, texts, numbers and signs of CQL2 text (OGC 21-065r2 Annex B).

/// A piece of a filter.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'a> {
    /// A name or keyword.
    Word(&'a str),
    /// A name in double quotes.
    Quoted(String),
    /// A text in single quotes.
    Text(String),
    /// A number without sign.
    Number(f64),
    Sign(&'static str),
}

/// Longer signs first.
const SIGNS: [&str; 16] =
    ["<=", ">=", "<>", "!=", "<", ">", "=", "(", ")", ",", "+", "-", "*", "/", "%", "^"];

/// The tokens of a text, each with the byte it starts at.
///
/// # Errors
/// For a quote that is not closed, a number out of range, and letters that mean nothing here.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token<'_>, usize)>, String> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        let rest = &text[at..];
        let (token, length) = match letter {
            space if space.is_whitespace() => {
                at += space.len_utf8();
                continue;
            }
            quote @ ('\'' | '"') => {
                let (inner, length) = quoted(rest, quote)
                    .ok_or_else(|| format!("the quote at {} is not closed", place(text, at)))?;
                (if quote == '\'' { Token::Text(inner) } else { Token::Quoted(inner) }, length)
            }
            digit if digit.is_ascii_digit() || is_fraction(rest) => {
                let length = number_length(rest.as_bytes());
                let number = rest[..length].parse::<f64>().ok().filter(|number| number.is_finite());
                let number =
                    number.ok_or_else(|| format!("the number at {} is too great", place(text, at)))?;
                (Token::Number(number), length)
            }
            start if start.is_alphabetic() || matches!(start, '_' | ':') => {
                let inner = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '.');
                let length = rest.find(|c| !inner(c)).unwrap_or(rest.len());
                (Token::Word(&rest[..length]), length)
            }
            other => {
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign)).ok_or_else(|| {
                    format!("'{}' at {} means nothing here", other.escape_debug(), place(text, at))
                })?;
                (Token::Sign(sign), sign.len())
            }
        };
        found.push((token, at));
        at += length;
    }
    Ok(found)
}

/// How a byte of a text is named to people: as a character, counted from 1.
pub(super) fn place(text: &str, byte: usize) -> String {
    format!("character {}", text[..byte].chars().count() + 1)
}

fn is_fraction(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first() == Some(&b'.') && bytes.get(1).is_some_and(u8::is_ascii_digit)
}

/// What stands between quotes, a doubled one for itself, and the length with quotes.
fn quoted(text: &str, quote: char) -> Option<(String, usize)> {
    let mut inner = String::new();
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == quote && letters.next_if(|(_, next)| *next == quote).is_none() {
            return Some((inner, at + 1));
        }
        inner.push(letter);
    }
    None
}

/// Digits, a fraction and an exponent, as far as they go.
fn number_length(text: &[u8]) -> usize {
    let digits = |from: usize| text[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut length = digits(0);
    if text.get(length) == Some(&b'.') {
        length += 1 + digits(length + 1);
    }
    if text.get(length).is_some_and(|byte| matches!(byte, b'e' | b'E')) {
        let signed = usize::from(text.get(length + 1).is_some_and(|byte| matches!(byte, b'+' | b'-')));
        let exponent = digits((length + 1 + signed).min(text.len()));
        if exponent > 0 {
            length += 1 + signed + exponent;
        }
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_into_its_pieces() {
        let found: Vec<_> = tokens("a.b<='it''s' \"x\"\"y\"1.5e-3 .5 2.").unwrap();
        let expected = [
            (Token::Word("a.b"), 0),
            (Token::Sign("<="), 3),
            (Token::Text("it's".to_owned()), 5),
            (Token::Quoted("x\"y".to_owned()), 13),
            (Token::Number(0.0015), 19),
            (Token::Number(0.5), 26),
            (Token::Number(2.0), 29),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_means_nothing_is_told_with_its_place() {
        for (text, told) in [
            ("é = 'a", "the quote at character 5"),
            ("a = 1e999", "the number at character 5"),
            ("a ? b", "'?' at character 3"),
            ("a = .", "'.' at character 5"),
        ] {
            assert!(tokens(text).unwrap_err().contains(told), "{text}");
        }
    }
}
