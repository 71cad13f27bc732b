//! Texts that repeat, kept once.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};

use super::column_bytes;

/// Numbers texts in the order in which they come.
///
/// The map is the standard one, whose hashes an importer cannot foresee and so cannot make collide.
#[derive(Debug, Default)]
pub(super) struct Interner {
    codes: HashMap<Arc<str>, u32>,
    last: Option<(Arc<str>, u32)>,
}

impl Interner {
    /// The number of `text`, a new one if it has not come before. There are at most as many as calls,
    /// which the builder keeps below 2³¹.
    pub(super) fn code(&mut self, text: &str) -> u32 {
        if let Some((known, code)) = &self.last
            && **known == *text
        {
            return *code;
        }
        let (known, code) = if let Some((known, code)) = self.codes.get_key_value(text) {
            (Arc::clone(known), *code)
        } else {
            let known: Arc<str> = text.into();
            let next = u32::try_from(self.codes.len()).unwrap_or(super::NO_CODE);
            match self.codes.entry(Arc::clone(&known)) {
                Entry::Vacant(entry) => (known, *entry.insert(next)),
                Entry::Occupied(entry) => (known, *entry.get()),
            }
        };
        self.last = Some((known, code));
        code
    }

    /// How many different texts have come.
    pub(super) fn len(&self) -> usize {
        self.codes.len()
    }

    /// The texts in order, and for each number so far its number in that order.
    pub(super) fn sorted(self) -> (Vec<String>, Vec<u32>) {
        let mut texts: Vec<(Arc<str>, u32)> = self.codes.into_iter().collect();
        texts.sort_unstable();
        let renumbered = renumbering(texts.iter().map(|(_, old)| *old));
        (texts.into_iter().map(|(text, _)| text.to_string()).collect(), renumbered)
    }
}

/// The place of each old number in `in_order`, which holds each of 0, 1, … once.
pub(super) fn renumbering(in_order: impl ExactSizeIterator<Item = u32>) -> Vec<u32> {
    let mut renumbered = vec![0; in_order.len()];
    for (new, old) in (0..).zip(in_order) {
        renumbered[old as usize] = new;
    }
    renumbered
}

/// Bytes that a sorted dictionary takes on the heap.
pub(super) fn memory_bytes(texts: &Vec<String>) -> usize {
    column_bytes(texts) + texts.iter().map(String::capacity).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_order_of_the_texts_once_sorted() {
        let mut interner = Interner::default();
        let arrived: Vec<u32> = ["b", "", "b", "a", "é", "a"].map(|text| interner.code(text)).to_vec();
        assert_eq!(arrived, [0, 1, 0, 2, 3, 2]);
        let (texts, renumbered) = interner.sorted();
        assert_eq!(texts, ["", "a", "b", "é"]);
        assert_eq!(
            arrived.iter().map(|code| renumbered[*code as usize]).collect::<Vec<_>>(),
            [2, 0, 2, 1, 3, 1]
        );
    }
}
