//! Takes JSON values out of a stream one by one, each of bounded size.

use std::io::{self, BufRead};

/// What became of an attempt to take a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// It was taken.
    Whole,
    /// It is larger than allowed; its beginning was taken and the rest passed over.
    TooLong,
}

/// Walks through a JSON text by its brackets and quotes; whether a value is valid is not its matter.
pub(super) struct Scanner<'a> {
    text: &'a mut dyn BufRead,
    limit: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a mut dyn BufRead, limit: usize) -> Self {
        Self { text, limit }
    }

    /// The next byte that is no space, which stays there. The record separator of RFC 8142 is space.
    pub(super) fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let chunk = self.text.fill_buf()?;
            if chunk.is_empty() {
                return Ok(None);
            }
            let spaces =
                chunk.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | 0x1E)).count();
            let found = chunk.get(spaces).copied();
            self.text.consume(spaces);
            if found.is_some() {
                return Ok(found);
            }
        }
    }

    /// Passes over the next byte that is no space if it is `wanted`; tells whether it was.
    pub(super) fn skip(&mut self, wanted: u8) -> io::Result<bool> {
        let found = self.peek()? == Some(wanted);
        if found {
            self.text.consume(1);
        }
        Ok(found)
    }

    /// Takes the next value into `value`, which is cleared before.
    ///
    /// # Errors
    /// When the text cannot be read, and [`io::ErrorKind::UnexpectedEof`] where it ends within the value.
    pub(super) fn take(&mut self, value: &mut Vec<u8>) -> io::Result<Taken> {
        value.clear();
        self.peek()?;
        let mut state = State::default();
        let mut taken = Taken::Whole;
        loop {
            let chunk = self.text.fill_buf()?;
            if chunk.is_empty() {
                let kind = io::ErrorKind::UnexpectedEof;
                return Err(io::Error::new(kind, "the text ends within a value"));
            }
            let end = state.end_of_value(chunk);
            let part = &chunk[..end.unwrap_or(chunk.len())];
            let room = self.limit.saturating_sub(value.len());
            value.extend_from_slice(&part[..part.len().min(room)]);
            if part.len() > room {
                taken = Taken::TooLong;
            }
            let used = part.len();
            self.text.consume(used);
            if end.is_some() {
                return Ok(taken);
            }
        }
    }
}

#[derive(Default)]
struct State {
    depth: usize,
    quoted: bool,
    escaped: bool,
    begun: bool,
}

impl State {
    /// How much of `chunk` belongs to the value, when it ends there.
    fn end_of_value(&mut self, chunk: &[u8]) -> Option<usize> {
        for (at, &byte) in chunk.iter().enumerate() {
            let begun = std::mem::replace(&mut self.begun, true);
            if self.quoted {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => {
                        self.quoted = false;
                        if self.depth == 0 {
                            return Some(at + 1);
                        }
                    }
                    _ => {}
                }
                continue;
            }
            match byte {
                // A number or word ends where something else begins; a value has one byte at least.
                b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' | b'}' | b']' | b'{' | b'[' | b'"'
                    if self.depth == 0 && begun =>
                {
                    return Some(at);
                }
                b'"' => self.quoted = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(at + 1);
                    }
                }
                _ => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_taken_one_by_one_however_the_text_is_buffered() {
        let text = r#" {"a":"]}\"","b":[{}]}  , 12.5,"x\\",true]"#;
        for buffer in [1, 2, 3, 7, 100] {
            let mut reader = io::BufReader::with_capacity(buffer, text.as_bytes());
            let mut scanner = Scanner::new(&mut reader, 100);
            let mut value = Vec::new();
            let mut taken = Vec::new();
            loop {
                assert_eq!(scanner.take(&mut value).unwrap(), Taken::Whole);
                taken.push(String::from_utf8(value.clone()).unwrap());
                if !scanner.skip(b',').unwrap() {
                    break;
                }
            }
            assert_eq!(taken, [r#"{"a":"]}\"","b":[{}]}"#, "12.5", r#""x\\""#, "true"], "{buffer}");
            assert!(scanner.skip(b']').unwrap());
            assert_eq!(scanner.peek().unwrap(), None);
        }
    }

    #[test]
    fn a_value_that_is_too_long_is_passed_over_whole() {
        let mut text: &[u8] = br#"[1,2,3,4,5,6,7],{"a":1}"#;
        let mut scanner = Scanner::new(&mut text, 7);
        let mut value = Vec::new();
        assert_eq!(scanner.take(&mut value).unwrap(), Taken::TooLong);
        assert_eq!(value, b"[1,2,3,");
        assert!(scanner.skip(b',').unwrap());
        assert_eq!(scanner.take(&mut value).unwrap(), Taken::Whole);
        assert_eq!(scanner.take(&mut value).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }
}
