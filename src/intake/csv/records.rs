//! Splits a text into CSV records.
//!
//! As RFC 4180 has it, and strictly where a stray quote could swallow rows: a quoted field is closed
//! by a quote with a delimiter or the end of the line behind it, and nothing else. (The `csv` crate
//! takes whatever stands behind a closing quote for more of the field, and a record may grow until
//! memory is full; it serves as the oracle of the tests here.) When a quote is not closed properly,
//! one line is given up and reading goes on with the line after it.

use std::io::{self, BufRead};

use crate::{
    intake::{
        Original,
        lines::{self, Line},
        text,
    },
    model::Invalid,
};

/// Reads record by record, each at most so many bytes.
pub(super) struct Records<'a> {
    text: &'a mut dyn BufRead,
    delimiter: u8,
    limit: usize,
    /// The number of the next line, from 1.
    next_line: u64,
    /// Lines that were read while looking for a closing quote, to be read again.
    again: Vec<u8>,
    again_at: usize,
    /// The beginning of a line behind those that is too long to be kept.
    long_line: Option<Vec<u8>>,
    /// The current record as it stands in the text.
    raw: Vec<u8>,
    /// The current record's fields, unquoted, one delimiter between two, while they are split.
    bytes: Vec<u8>,
    /// The same when they are.
    fields_text: String,
    /// Where each field lies there, from and up to.
    fields: Vec<(usize, usize)>,
    first_line: u64,
}

/// A line that is no record.
#[derive(Debug)]
pub(super) struct BadLine {
    /// Number of the line.
    pub(super) line: u64,
    /// Number of the field at fault, from 0, where there is one.
    pub(super) field: Option<usize>,
    pub(super) fault: Invalid,
    pub(super) original: Original,
}

/// Where the splitting of a record has got to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    /// Behind a quote in a quoted field: the end of the field, or the first of two.
    QuoteInQuoted,
}

/// How the lines up to now are to be understood.
#[derive(PartialEq, Eq)]
enum Split {
    Complete,
    /// A quoted field goes on in the next line.
    Open,
    /// Behind a closing quote stands something else.
    Misquoted,
}

const QUOTES: &str =
    "a field in quotes ends with a quote and a delimiter, and a quote inside it is written twice";

impl<'a> Records<'a> {
    /// Begins with the first line, whose most frequent of `,` `;` and tab is the delimiter.
    ///
    /// # Errors
    /// When the text cannot be read.
    pub(super) fn new(text: &'a mut dyn BufRead, limit: usize) -> io::Result<Self> {
        let mut again = Vec::new();
        let mut next_line = 0;
        let mut first = Line::Whole;
        while first == Line::Whole && lines::trimmed(&again).is_empty() {
            again.clear();
            next_line += 1;
            first = lines::append(text, &mut again, limit)?;
        }
        let delimiter = most_frequent_delimiter(&again);
        let long_line = (first == Line::TooLong).then(|| std::mem::take(&mut again));
        Ok(Self {
            text,
            delimiter,
            limit,
            next_line,
            again,
            again_at: 0,
            long_line,
            raw: Vec::new(),
            bytes: Vec::new(),
            fields_text: String::new(),
            fields: Vec::new(),
            first_line: next_line,
        })
    }

    pub(super) const fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The line where the current record starts, from 1.
    pub(super) const fn first_line(&self) -> u64 {
        self.first_line
    }

    /// The line where the current record ends.
    pub(super) const fn last_line(&self) -> u64 {
        self.next_line.saturating_sub(1)
    }

    /// Number of fields of the current record.
    pub(super) fn len(&self) -> usize {
        self.fields.len()
    }

    /// A field of the current record; empty beyond the last.
    pub(super) fn get(&self, field: usize) -> &str {
        let &(from, to) = self.fields.get(field).unwrap_or(&(0, 0));
        self.fields_text.get(from..to).unwrap_or_default()
    }

    /// Reads the next record that is not an empty line. `None` at the end of the text; a line that is
    /// no record is told and passed over.
    ///
    /// # Errors
    /// When the text cannot be read.
    pub(super) fn read(&mut self) -> io::Result<Option<Result<(), BadLine>>> {
        loop {
            self.raw.clear();
            self.first_line = self.next_line;
            let from_again = self.again_at < self.again.len();
            match self.append_line(self.limit)? {
                Line::End => return Ok(None),
                Line::TooLong => return Ok(Some(Err(self.too_long()))),
                Line::Whole => {}
            }
            if lines::trimmed(&self.raw).is_empty() {
                continue;
            }
            let after_first = (from_again.then_some(self.again_at), self.raw.len());
            return self.finish(after_first).map(Some);
        }
    }

    /// Splits the record that begins with the line in `raw`. `after_first` is where the next line
    /// lies in `again`, if it does, and in `raw`.
    fn finish(&mut self, after_first: (Option<usize>, usize)) -> io::Result<Result<(), BadLine>> {
        self.bytes = std::mem::take(&mut self.fields_text).into_bytes();
        if !self.raw.contains(&b'"') {
            self.split_plain();
            self.make_text();
            return Ok(Ok(()));
        }
        self.bytes.clear();
        self.fields.clear();
        let mut state = State::FieldStart;
        let mut done = 0;
        loop {
            match self.split_line(&mut state, done) {
                Split::Complete => {
                    self.make_text();
                    return Ok(Ok(()));
                }
                Split::Misquoted => {
                    return Ok(Err(self.give_up(after_first, "closed by a quote followed by other text")));
                }
                Split::Open => {}
            }
            done = self.raw.len();
            let line = self.append_line(self.limit)?;
            if line == Line::End {
                return Ok(Err(self.give_up(after_first, "not closed by the end of the text")));
            }
            if line == Line::TooLong {
                self.long_line = Some(self.raw.split_off(done));
            }
            if line == Line::TooLong || self.raw.len() > self.limit {
                let why = format!("not closed within {} bytes", self.limit);
                return Ok(Err(self.give_up(after_first, &why)));
            }
        }
    }

    fn append_line(&mut self, limit: usize) -> io::Result<Line> {
        if self.again_at >= self.again.len() {
            if let Some(long) = self.long_line.take() {
                self.raw.extend_from_slice(&long);
                self.next_line += 1;
                return Ok(Line::TooLong);
            }
            let line = lines::append(self.text, &mut self.raw, limit)?;
            self.next_line += u64::from(line != Line::End);
            return Ok(line);
        }
        let rest = &self.again[self.again_at..];
        let length = rest.iter().position(|&b| b == b'\n').map_or(rest.len(), |at| at + 1);
        self.raw.extend_from_slice(&rest[..length]);
        self.again_at += length;
        self.next_line += 1;
        Ok(Line::Whole)
    }

    /// Splits a record without quotes at its delimiters.
    fn split_plain(&mut self) {
        std::mem::swap(&mut self.bytes, &mut self.raw);
        self.bytes.truncate(lines::trimmed(&self.bytes).len());
        self.fields.clear();
        let mut from = 0;
        for (at, &byte) in self.bytes.iter().enumerate() {
            if byte == self.delimiter {
                self.fields.push((from, at));
                from = at + 1;
            }
        }
        self.fields.push((from, self.bytes.len()));
    }

    /// Splits the line that begins at `from` in `raw`, going on in `state`.
    fn split_line(&mut self, state: &mut State, from: usize) -> Split {
        let line = &self.raw[from..];
        let content = lines::trimmed(line);
        let mut start = self.fields.last().map_or(0, |&(_, to)| to + 1);
        for &byte in content {
            *state = match (*state, byte) {
                (State::FieldStart, b'"') => State::Quoted,
                (State::Quoted, b'"') => State::QuoteInQuoted,
                (State::Quoted, _) | (State::QuoteInQuoted, b'"') => {
                    self.bytes.push(byte);
                    State::Quoted
                }
                (_, delimiter) if delimiter == self.delimiter => {
                    self.fields.push((start, self.bytes.len()));
                    self.bytes.push(delimiter);
                    start = self.bytes.len();
                    State::FieldStart
                }
                (State::QuoteInQuoted, _) => return Split::Misquoted,
                (State::FieldStart | State::Plain, _) => {
                    self.bytes.push(byte);
                    State::Plain
                }
            };
        }
        if *state == State::Quoted {
            self.bytes.extend_from_slice(&line[content.len()..]);
            return Split::Open;
        }
        self.fields.push((start, self.bytes.len()));
        Split::Complete
    }

    /// Gives up the first line of the record, and puts back the lines behind it.
    fn give_up(&mut self, (again_after, raw_after): (Option<usize>, usize), why: &str) -> BadLine {
        let lines = self.next_line - self.first_line;
        let field = self.fields.len();
        if lines > 1 {
            let all_from_again =
                again_after.is_some_and(|at| self.again.len() - at >= self.raw.len() - raw_after);
            if let (Some(at), true) = (again_after, all_from_again) {
                self.again_at = at;
            } else {
                self.again.clear();
                self.again.extend_from_slice(&self.raw[raw_after..]);
                self.again_at = 0;
            }
        }
        let (first, last) = (self.first_line, self.last_line());
        self.next_line = first + 1;
        self.raw.truncate(raw_after);
        // The line alone, its quotes taken for what they are, can be mended.
        self.split_plain();
        self.make_text();
        let rule = if lines > 1 {
            format!(
                "the quote that opens here is {why}: lines {first} to {last} would be one row, so line {first} is \
                 rejected and reading goes on with line {}; {QUOTES}",
                first + 1
            )
        } else {
            format!("the quote that opens here is {why}; {QUOTES}")
        };
        BadLine {
            line: first,
            field: Some(field),
            fault: Invalid::new(self.get(field), rule),
            original: Original::Fields((0..self.len()).map(|field| self.get(field).to_owned()).collect()),
        }
    }

    fn too_long(&mut self) -> BadLine {
        let rule = format!("a line has at most {} bytes; this one is not kept", self.limit);
        BadLine {
            line: self.first_line,
            field: None,
            fault: Invalid::new(text::decoded(&self.raw), rule),
            original: Original::Nothing,
        }
    }

    /// Makes a text of the fields: UTF-8, or where they are not, each of them windows-1252.
    ///
    /// Fields begin and end beside a delimiter, which is ASCII, so that none ends inside a character.
    fn make_text(&mut self) {
        self.fields_text = match String::from_utf8(std::mem::take(&mut self.bytes)) {
            Ok(text) => text,
            Err(cause) => {
                let bytes = cause.into_bytes();
                let mut decoded = String::with_capacity(bytes.len() * 2);
                for (from, to) in &mut self.fields {
                    let start = decoded.len();
                    decoded.push_str(&text::decoded(&bytes[*from..*to]));
                    (*from, *to) = (start, decoded.len());
                    decoded.push(char::from(self.delimiter));
                }
                decoded
            }
        };
    }
}

/// The one of `,` `;` and tab that a header line has most often outside quotes.
fn most_frequent_delimiter(line: &[u8]) -> u8 {
    let count = |delimiter: u8| {
        let mut quoted = false;
        line.iter()
            .filter(|&&byte| {
                quoted ^= byte == b'"';
                !quoted && byte == delimiter
            })
            .count()
    };
    // Of equals the last is taken.
    *b"\t;,".iter().max_by_key(|&&delimiter| count(delimiter)).unwrap_or(&b',')
}

#[cfg(test)]
#[path = "records_tests.rs"]
mod tests;
