//! Lines of bounded length.

use std::io::{self, BufRead, Read};

/// What became of an attempt to read a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// It was appended, with its line feed where it has one.
    Whole,
    /// It is longer than allowed; its beginning was appended and the rest passed over.
    TooLong,
    /// There is none.
    End,
}

/// Appends the next line to `buffer`, at most `limit` bytes and its line feed.
pub(super) fn append(text: &mut dyn BufRead, buffer: &mut Vec<u8>, limit: usize) -> io::Result<Line> {
    let room = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let read = text.take(room).read_until(b'\n', buffer)?;
    if read == 0 {
        return Ok(Line::End);
    }
    if buffer.last() == Some(&b'\n') || read <= limit {
        return Ok(Line::Whole);
    }
    loop {
        let chunk = text.fill_buf()?;
        let found = chunk.iter().position(|&b| b == b'\n');
        let (used, done) = (found.map_or(chunk.len(), |at| at + 1), found.is_some() || chunk.is_empty());
        text.consume(used);
        if done {
            return Ok(Line::TooLong);
        }
    }
}

/// The line without its `\n` or `\r\n`.
pub(super) fn trimmed(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_too_long_does_not_take_the_next_with_it() {
        let mut text: &[u8] = b"abc\r\nabcdefgh\nxyz";
        let mut next = |limit| {
            let mut buffer = Vec::new();
            let line = append(&mut text, &mut buffer, limit).unwrap();
            (line, String::from_utf8(trimmed(&buffer).to_vec()).unwrap())
        };
        assert_eq!(next(4), (Line::Whole, "abc".into()));
        assert_eq!(next(4), (Line::TooLong, "abcde".into()));
        assert_eq!(next(3), (Line::Whole, "xyz".into()));
        assert_eq!(next(4), (Line::End, String::new()));
    }
}
