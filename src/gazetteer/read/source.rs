//! One file: how it is packed, what it is called, and its rows.

use std::{
    fmt::Write,
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek},
    path::Path,
};

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};

use super::{
    Counts, Fault, Name, ReadError, Reading, SHOWN_FAULTS, archive, lines,
    product::{Product, Row, RowFault},
};
use crate::{
    gazetteer::{EntryKind, SourceFile},
    model::Invalid,
};

/// Bytes that one text may expand to: Open UPRN has some 3 GB.
pub(super) const MOST_BYTES: u64 = 16 << 30;
/// Entries that are held: a hundred boroughs' worth.
const MOST_ENTRIES: usize = 20_000_000;
/// Rows between two words of progress.
const PROGRESS_STEP: u64 = 100_000;

/// Reads one file.
pub(super) fn read(path: &Path, reading: &mut Reading<'_>) -> Result<(), ReadError> {
    let unreadable = |cause| ReadError::Unreadable { path: path.to_owned(), cause };
    let mut file = File::open(path).map_err(unreadable)?;
    let sha256 = digest(&mut file).map_err(unreadable)?;
    file.rewind().map_err(unreadable)?;
    let mut first = [0; 2];
    let begun = file.read(&mut first).map_err(unreadable)?;
    file.rewind().map_err(unreadable)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut text = Text { path, reading, kind: None, counts: Counts::default() };
    match &first[..begun] {
        b"PK" => archive::read(file, &name, &mut text)?,
        [0x1F, 0x8B] => text.read(&name, MultiGzDecoder::new(BufReader::new(file)))?,
        _ => text.read(&name, file)?,
    }
    let (kind, counts) = (text.kind, text.counts);
    let Some(kind) = kind else {
        let fault = Invalid::new("", "it holds no table: a file of postcodes or UPRNs has rows");
        return Err(ReadError::Unknown { file: name, fault });
    };
    let edition = edition(&name).or_else(|| written(path));
    reading.read.sources.push(SourceFile {
        kind,
        name,
        edition,
        sha256,
        rows: counts.read,
        taken: counts.taken,
    });
    Ok(())
}

/// A text that is read, or several of one archive.
pub(super) struct Text<'r, 'a> {
    pub(super) path: &'r Path,
    reading: &'r mut Reading<'a>,
    kind: Option<EntryKind>,
    counts: Counts,
}

impl Text<'_, '_> {
    pub(super) fn unreadable(&self, cause: io::Error) -> ReadError {
        ReadError::Unreadable { path: self.path.to_owned(), cause }
    }

    /// Reads one text; `name` is shown with its faults.
    pub(super) fn read(&mut self, name: &str, bytes: impl Read) -> Result<(), ReadError> {
        let mut text = BufReader::with_capacity(1 << 16, bytes.take(MOST_BYTES));
        let (mut line, mut number) = (Vec::new(), 1);
        if !self.next(&mut text, &mut line)? {
            return Ok(());
        }
        let (product, has_header) = Product::of_first_line(&line)
            .map_err(|fault| ReadError::Unknown { file: name.to_owned(), fault })?;
        if *self.kind.get_or_insert(product.kind()) != product.kind() {
            return Err(ReadError::Mixed { path: self.path.to_owned() });
        }
        let mut is_there = !has_header || self.next(&mut text, &mut line)?;
        number += u64::from(has_header);
        while is_there {
            if !line.is_empty() {
                self.row(product, name, number, &line)?;
            }
            is_there = self.next(&mut text, &mut line)?;
            number += 1;
        }
        if text.get_ref().limit() == 0 {
            return Err(
                self.unreadable(io::Error::other(format!("it expands to {MOST_BYTES} bytes or more")))
            );
        }
        Ok(())
    }

    fn next(&self, text: &mut dyn BufRead, line: &mut Vec<u8>) -> Result<bool, ReadError> {
        lines::next(text, line).map_err(|cause| self.unreadable(cause))
    }

    fn row(&mut self, product: Product, name: &str, number: u64, line: &[u8]) -> Result<(), ReadError> {
        let mut fields = Vec::with_capacity(product.columns);
        lines::fields(line, &mut fields);
        let outcome = product.row(&fields, self.reading.bounds).and_then(|row| self.take(row));
        let read = &mut self.reading.read;
        for counts in [&mut read.counts, &mut self.counts] {
            counts.read += 1;
            match &outcome {
                Ok(Row::Postcode(_) | Row::Uprn(_)) => counts.taken += 1,
                Ok(Row::Elsewhere) => counts.elsewhere += 1,
                Ok(Row::WithoutPosition) => counts.without_position += 1,
                Err(_) => counts.rejected += 1,
            }
        }
        if let Err((column, fault)) = outcome
            && read.faults.len() < SHOWN_FAULTS
        {
            read.faults.push(Fault { file: name.to_owned(), line: number, column, fault });
        }
        if read.counts.read.is_multiple_of(PROGRESS_STEP) {
            (self.reading.progress)(read.counts.read);
        }
        if self.reading.known.len() > MOST_ENTRIES {
            return Err(ReadError::TooMany { path: self.path.to_owned(), limit: MOST_ENTRIES });
        }
        Ok(())
    }

    /// Keeps an entry, unless a row before had its name.
    fn take(&mut self, row: Row) -> Result<Row, RowFault> {
        let (name, column, shown) = match row {
            Row::Postcode(entry) => (Name::Postcode(entry.postcode), "postcode", entry.postcode.to_string()),
            Row::Uprn(entry) => (Name::Uprn(entry.uprn), "UPRN", entry.uprn.to_string()),
            Row::Elsewhere | Row::WithoutPosition => return Ok(row),
        };
        if !self.reading.known.insert(name) {
            return Err((Some(column), Invalid::new(shown, "a row before has this one already")));
        }
        match row {
            Row::Postcode(entry) => self.reading.read.postcodes.push(entry),
            Row::Uprn(entry) => self.reading.read.uprns.push(entry),
            Row::Elsewhere | Row::WithoutPosition => {}
        }
        Ok(row)
    }
}

fn digest(file: &mut File) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => hash.update(&buffer[..read]),
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            Err(cause) => return Err(cause),
        }
    }
    let mut digits = String::with_capacity(64);
    for byte in hash.finalize() {
        // Writing to a text cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    Ok(digits)
}

/// The month of an edition that a name tells: `2014-08` of `codepoint_open_2014-08.csv`, `2025-08` of
/// `ONSPD_AUG_2025_UK.csv` and of `osopenuprn_202508_csv.zip`.
fn edition(name: &str) -> Option<String> {
    const MONTHS: [&str; 12] =
        ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    let words: Vec<String> =
        name.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_ascii_uppercase).collect();
    let year = |word: &str| (1990..2100).contains(&word.parse().unwrap_or(0)).then(|| word.to_owned());
    let month =
        |word: &str| word.parse::<u8>().ok().filter(|month| word.len() == 2 && (1..=12).contains(month));
    let named = |word: &str| MONTHS.iter().position(|known| word.get(..3) == Some(known)).map(|at| at + 1);
    for (at, word) in words.iter().enumerate() {
        let next = words.get(at + 1).map_or("", String::as_str);
        if let (Some(year), Some(month)) = (year(word), month(next)) {
            return Some(format!("{year}-{month:02}"));
        }
        if let (Some(month), Some(year)) = (named(word), year(next)) {
            return Some(format!("{year}-{month:02}"));
        }
        if let Some((first, last)) = word.split_at_checked(4)
            && let (Some(year), Some(month)) = (year(first), month(last))
        {
            return Some(format!("{year}-{month:02}"));
        }
    }
    None
}

/// The day a file was written.
fn written(path: &Path) -> Option<String> {
    let at = jiff::Timestamp::try_from(path.metadata().ok()?.modified().ok()?).ok()?;
    Some(at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
}

#[cfg(test)]
mod tests {
    use super::edition;

    #[test]
    fn an_edition_is_told_by_the_name() {
        for (name, told) in [
            ("codepoint_open_2014-08_E08000027.csv", Some("2014-08")),
            ("ONSPD_AUG_2025_UK.csv", Some("2025-08")),
            ("ONSPD_November_2024.zip", Some("2024-11")),
            ("osopenuprn_202508_csv.zip", Some("2025-08")),
            ("codepo_gb.zip", None),
            ("202513.csv", None),
            ("", None),
        ] {
            assert_eq!(edition(name).as_deref(), told, "{name}");
        }
    }
}
