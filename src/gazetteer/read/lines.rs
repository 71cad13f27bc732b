//! Lines and their fields. No field of these products holds a line end, so a line is a row whatever its quotes say,
//! and an unclosed quote spoils one row only.

use std::io::{self, BufRead, Read};

/// Bytes of a line; the longest of these products has some 400.
const LONGEST_LINE: u64 = 1 << 16;

/// Reads the next line into `line`, without its end; `false` at the end of the text.
///
/// # Errors
/// When the text cannot be read, or a line is too long to be one of these products.
pub(super) fn next(text: &mut dyn BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let read = text.take(LONGEST_LINE).read_until(b'\n', line)?;
    if line.last() == Some(&b'\n') {
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
    } else if read as u64 == LONGEST_LINE {
        return Err(io::Error::other(format!("a line has more than {LONGEST_LINE} bytes")));
    }
    Ok(read > 0)
}

/// Parts a line at its commas; a field in quotes is given without them.
pub(super) fn fields<'a>(line: &'a [u8], fields: &mut Vec<&'a [u8]>) {
    fields.clear();
    let mut rest = line;
    loop {
        let quoted = rest.strip_prefix(b"\"").and_then(|inner| {
            let end = inner.iter().position(|byte| *byte == b'"')?;
            matches!(inner.get(end + 1), None | Some(b',')).then(|| (&inner[..end], &inner[end + 1..]))
        });
        let (field, behind) = quoted.unwrap_or_else(|| {
            rest.split_at(rest.iter().position(|byte| *byte == b',').unwrap_or(rest.len()))
        });
        fields.push(field.trim_ascii());
        match behind.split_first() {
            Some((_, next)) => rest = next,
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parted(line: &str) -> Vec<String> {
        let mut parted = Vec::new();
        fields(line.as_bytes(), &mut parted);
        parted.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect()
    }

    #[test]
    fn fields_come_without_their_quotes() {
        assert_eq!(parted("\"B1  1AY\",10,406523"), ["B1  1AY", "10", "406523"]);
        assert_eq!(parted("a,\"b,c\",d"), ["a", "b,c", "d"]);
        assert_eq!(parted("a,,"), ["a", "", ""]);
        assert_eq!(parted(""), [""]);
        assert_eq!(parted("\"open,b"), ["\"open", "b"]);
    }

    #[test]
    fn lines_end_with_or_without_a_return_and_are_not_endless() {
        let mut text: &[u8] = b"a\r\nb\n\nc";
        let (mut line, mut all) = (Vec::new(), Vec::new());
        while next(&mut text, &mut line).unwrap() {
            all.push(String::from_utf8(line.clone()).unwrap());
        }
        assert_eq!(all, ["a", "b", "", "c"]);
        let long = vec![b'x'; 1 << 17];
        assert!(next(&mut long.as_slice(), &mut line).is_err());
    }
}
