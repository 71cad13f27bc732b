//! Identifiers: texts that hardly ever repeat.

use std::{borrow::Cow, cmp::Ordering};

use super::{NO_CODE, column_bytes};

/// A key with this bit counts texts, one without counts packed digests.
const TEXT: u32 = 1 << 31;

/// A column of optional identifiers. One of 64 lower-case hexadecimal digits, the form of a
/// police.uk Crime ID, takes 32 bytes; any other is kept as text. A column without any takes
/// nothing.
#[derive(Debug, Default)]
pub(super) struct Identifiers {
    /// Per row a key; no keys at all while every row is `None`.
    keys: Vec<u32>,
    digests: Vec<[u8; 32]>,
    /// Where each text ends in `texts`; it starts where the one before ends.
    ends: Vec<usize>,
    texts: String,
}

impl Identifiers {
    /// Sets the identifier of the row after the last, which is number `row`. The builder keeps rows
    /// below 2³¹.
    pub(super) fn push(&mut self, row: usize, identifier: Option<&str>) {
        if identifier.is_some() && self.keys.is_empty() {
            self.keys.resize(row, NO_CODE);
        }
        let Some(identifier) = identifier else {
            if !self.keys.is_empty() {
                self.keys.push(NO_CODE);
            }
            return;
        };
        let key = if let Some(digest) = digest_of(identifier) {
            let key = self.digests.len();
            self.digests.push(digest);
            u32::try_from(key).unwrap_or(NO_CODE)
        } else {
            let key = self.ends.len();
            self.texts.push_str(identifier);
            self.ends.push(self.texts.len());
            u32::try_from(key).map_or(NO_CODE, |key| key | TEXT)
        };
        self.keys.push(key);
    }

    /// The identifier of a row as it was given.
    pub(super) fn get(&self, row: usize) -> Option<Cow<'_, str>> {
        self.entry(row).map(|entry| match entry {
            Entry::Digest(digest) => Cow::Owned(hex_of(digest)),
            Entry::Text(text) => Cow::Borrowed(text),
        })
    }

    /// Orders two rows by their identifiers: digests, other texts, none.
    pub(super) fn compare(&self, a: usize, b: usize) -> Ordering {
        match (self.entry(a), self.entry(b)) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) => a.cmp(&b),
        }
    }

    /// The same identifiers with the rows in another order.
    pub(super) fn reordered(&self, order: &[u32]) -> Self {
        let mut column = Self::default();
        if self.keys.is_empty() {
            return column;
        }
        column.keys.reserve_exact(order.len());
        column.digests.reserve_exact(self.digests.len());
        column.ends.reserve_exact(self.ends.len());
        column.texts.reserve_exact(self.texts.len());
        for &row in order {
            let key = match self.entry(row as usize) {
                None => NO_CODE,
                Some(Entry::Digest(digest)) => {
                    column.digests.push(*digest);
                    u32::try_from(column.digests.len() - 1).unwrap_or(NO_CODE)
                }
                Some(Entry::Text(text)) => {
                    column.texts.push_str(text);
                    column.ends.push(column.texts.len());
                    u32::try_from(column.ends.len() - 1).map_or(NO_CODE, |key| key | TEXT)
                }
            };
            column.keys.push(key);
        }
        column
    }

    /// Bytes on the heap.
    pub(super) fn memory_bytes(&self) -> usize {
        column_bytes(&self.keys)
            + column_bytes(&self.digests)
            + column_bytes(&self.ends)
            + self.texts.capacity()
    }

    fn entry(&self, row: usize) -> Option<Entry<'_>> {
        let key = self.keys.get(row).copied().filter(|key| *key != NO_CODE)?;
        let place = (key & !TEXT) as usize;
        Some(if key & TEXT == 0 {
            Entry::Digest(&self.digests[place])
        } else {
            let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
            Entry::Text(&self.texts[start..self.ends[place]])
        })
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Entry<'a> {
    Digest(&'a [u8; 32]),
    Text(&'a str),
}

/// The bytes of 64 lower-case hexadecimal digits.
fn digest_of(text: &str) -> Option<[u8; 32]> {
    let nibble = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != 32 || !rest.is_empty() {
        return None;
    }
    let mut digest = [0; 32];
    for (byte, [high, low]) in digest.iter_mut().zip(pairs) {
        *byte = nibble(*high)? << 4 | nibble(*low)?;
    }
    Some(digest)
}

fn hex_of(digest: &[u8; 32]) -> String {
    let digit = |nibble: u8| char::from(if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 });
    digest.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "e2630cf3a25de5e58db9f4cb73793c501de6ea163629d0583818a96c62a8cf71";

    #[test]
    fn every_identifier_comes_back_as_it_was_given() {
        let upper = HEX.to_uppercase();
        let given = [None, Some(HEX), Some(""), None, Some(&upper), Some(&HEX[1..]), Some("né-7"), Some(HEX)];
        let mut column = Identifiers::default();
        for (row, identifier) in given.iter().enumerate() {
            column.push(row, *identifier);
        }
        for (row, identifier) in given.iter().enumerate() {
            assert_eq!(column.get(row).as_deref(), *identifier, "row {row}");
        }
        assert_eq!(column.digests.len(), 2);
        let order = [7, 6, 5, 4, 3, 2, 1, 0];
        let turned = column.reordered(&order);
        for (row, old) in order.into_iter().enumerate() {
            assert_eq!(turned.get(row).as_deref(), given[old as usize], "row {row}");
        }
    }

    #[test]
    fn a_column_without_identifiers_takes_no_memory() {
        let mut column = Identifiers::default();
        for row in 0..100 {
            column.push(row, None);
        }
        assert_eq!(column.memory_bytes(), 0);
        assert_eq!(column.get(99), None);
        assert_eq!(column.compare(3, 4), Ordering::Equal);
    }
}
