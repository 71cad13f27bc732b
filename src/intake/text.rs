//! Text encodings: UTF-8 with or without a byte order mark, UTF-16 with one, otherwise windows-1252
//! (which contains latin-1), as spreadsheets in Britain write it.

use std::{
    io::{self, BufRead, BufReader, Read},
    ops::Range,
};

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};

const BUFFER_BYTES: usize = 1 << 16;

/// A buffered reader of the bytes of `inner`, without byte order mark, UTF-16 as UTF-8.
///
/// Bytes that are neither are left as they are: [`decoded`] settles them row by row, because a file
/// cannot be read twice and may come from several hands.
pub(super) fn reader<'a>(mut inner: impl Read + 'a) -> io::Result<Box<dyn BufRead + 'a>> {
    // As many bytes as the marks of other kinds of files have, which the caller looks for.
    let mut head = [0_u8; 4];
    let mut filled = 0;
    while filled < head.len() {
        match inner.read(&mut head[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let (encoding, mark) = match &head[..filled] {
        [0xEF, 0xBB, 0xBF, ..] => (None, 3),
        [0xFF, 0xFE, ..] => (Some(UTF_16LE), 2),
        [0xFE, 0xFF, ..] => (Some(UTF_16BE), 2),
        _ => (None, 0),
    };
    let rest = io::Cursor::new(head).take(filled.try_into().unwrap_or(0));
    let mut bytes = rest.chain(inner);
    io::copy(&mut (&mut bytes).take(mark), &mut io::sink())?;
    Ok(match encoding {
        None => Box::new(BufReader::with_capacity(BUFFER_BYTES, bytes)),
        Some(encoding) => Box::new(Transcoded {
            inner: BufReader::with_capacity(BUFFER_BYTES, bytes),
            decoder: encoding.new_decoder_without_bom_handling(),
            text: vec![0; BUFFER_BYTES],
            unread: 0..0,
            done: false,
        }),
    })
}

/// UTF-16 as UTF-8. A unit that is no character becomes U+FFFD.
struct Transcoded<R> {
    inner: BufReader<R>,
    decoder: Decoder,
    text: Vec<u8>,
    /// The part of `text` that was not read yet.
    unread: Range<usize>,
    done: bool,
}

impl<R: Read> BufRead for Transcoded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.unread.is_empty() && !self.done {
            let input = self.inner.fill_buf()?;
            let last = input.is_empty();
            let (result, read, written, _) = self.decoder.decode_to_utf8(input, &mut self.text, last);
            self.inner.consume(read);
            self.unread = 0..written;
            self.done = last && result == CoderResult::InputEmpty;
        }
        Ok(&self.text[self.unread.clone()])
    }

    fn consume(&mut self, amount: usize) {
        self.unread.start = self.unread.end.min(self.unread.start + amount);
    }
}

impl<R: Read> Read for Transcoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

/// The bytes as text: UTF-8 where they are, otherwise windows-1252, which every byte is.
pub(super) fn decoded(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> String {
        let mut out = Vec::new();
        reader(bytes).unwrap().read_to_end(&mut out).unwrap();
        decoded(&out).into_owned()
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "Café, Dudley – 5 £\r\n";
        let utf16 = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
            std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(unit).collect()
        };
        assert_eq!(read(text.as_bytes()), text);
        assert_eq!(read(format!("\u{feff}{text}").as_bytes()), text);
        assert_eq!(read(&utf16(u16::to_le_bytes)), text);
        assert_eq!(read(&utf16(u16::to_be_bytes)), text);
        assert_eq!(read(b"Caf\xe9, Dudley \x96 5 \xa3\r\n"), text);
    }

    #[test]
    fn a_long_utf_16_text_is_read_in_pieces_and_an_odd_end_does_not_hang() {
        let text = "é€𝄞a".repeat(50_000);
        let mut bytes: Vec<u8> =
            std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&bytes), text);
        bytes.push(b'x');
        assert_eq!(read(&bytes), format!("{text}\u{fffd}"));
        assert_eq!(read(&[0xFF, 0xFE]), "");
        assert_eq!(read(b""), "");
        assert_eq!(read(b"\xEF\xBB"), "ï»");
    }
}
