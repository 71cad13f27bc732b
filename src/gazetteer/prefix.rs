//! The beginning of a postcode, while somebody types it.

use super::{
    Postcode, PostcodePart,
    postcode::{ends, is_outward, keyed, span, words},
};

/// Everything that a text is the beginning of, as spans of the ordered postcodes.
///
/// Without a space `dy11` begins `DY11 …` and `DY1 1…`; with one, `dy1 1` begins `DY1 1…` only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefix {
    spans: Vec<([u8; 7], [u8; 7])>,
    compact: String,
    /// Where a space was typed behind an outward code, the text with that space.
    spaced: Option<String>,
}

impl Prefix {
    /// Understands what was typed; `None` where no postcode begins so.
    ///
    /// # Example
    /// ```
    /// use hotspots::gazetteer::{Postcode, prefix::Prefix};
    /// let begins = |typed, text: &str| Prefix::of(typed).unwrap().begins(text.parse::<Postcode>().unwrap());
    /// assert!(begins("dy11", "DY1 1HF") && begins("dy11", "DY11 4AA") && !begins("dy1 1", "DY11 4AA"));
    /// assert!(Prefix::of("high street").is_none());
    /// ```
    pub fn of(typed: &str) -> Option<Self> {
        let (first, rest) = words(typed)?;
        let mut spans = Vec::new();
        let is_spaced = is_outward(&first) && (!rest.is_empty() || typed.ends_with(char::is_whitespace));
        let compact = [first.as_slice(), &rest].concat();
        if is_spaced {
            spans.extend(inward(&first, &rest));
        } else {
            if begins_outward(&compact) {
                spans.push(span(&compact));
            }
            // Of the ends that the outward code may have, each with something behind it.
            let splits = (2..compact.len().min(5)).map(|at| compact.split_at(at));
            spans.extend(
                splits.filter(|(code, _)| is_outward(code)).filter_map(|(code, rest)| inward(code, rest)),
            );
        }
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let spaced = is_spaced.then(|| format!("{} {}", text(&first), text(&rest)));
        (!spans.is_empty()).then(|| Self { spans, compact: text(&compact), spaced })
    }

    /// The first and the last key of each stretch of postcodes that begin so, none of which meets another.
    pub(super) fn spans(&self) -> &[([u8; 7], [u8; 7])] {
        &self.spans
    }

    /// Whether a postcode begins so.
    pub fn begins(&self, postcode: Postcode) -> bool {
        self.spans.iter().any(|(first, last)| (*first..=*last).contains(&postcode.key()))
    }

    /// Whether the name of a district or sector begins so.
    pub(super) fn begins_part(&self, part: PostcodePart) -> bool {
        let name = part.to_string();
        match &self.spaced {
            // What follows a space is a sector's digit.
            Some(spaced) => name.starts_with(spaced.as_str()) && name.contains(' '),
            None => name.replace(' ', "").starts_with(&self.compact),
        }
    }

    /// Whether it holds a digit: letters alone may as well begin a name.
    pub fn has_digit(&self) -> bool {
        self.compact.bytes().any(|byte| byte.is_ascii_digit())
    }
}

/// Whether an outward code may begin so.
fn begins_outward(typed: &[u8]) -> bool {
    let letters = typed.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    is_outward(typed) || letters == typed.len() && (1..=2).contains(&letters)
}

/// The span of an outward code with the beginning of an inward one.
fn inward(outward: &[u8], beginning: &[u8]) -> Option<([u8; 7], [u8; 7])> {
    let fits = match beginning {
        [] => true,
        [digit, letters @ ..] => {
            digit.is_ascii_digit() && letters.len() <= 2 && letters.iter().all(|letter| ends(*letter))
        }
    };
    fits.then(|| span(&keyed(outward, beginning)[..4 + beginning.len()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begins(typed: &str, text: &str) -> bool {
        Prefix::of(typed).unwrap().begins(text.parse().unwrap())
    }

    #[test]
    fn a_beginning_is_the_beginning_of_what_it_spells() {
        let all = ["DY1 1HF", "DY1 4AA", "DY10 1AA", "DY11 4AA", "D1 1AA", "B1 1AA", "BA1 1AA"];
        for (typed, found) in [
            ("dy", &all[..4]),
            ("dy1", &all[..4]),
            ("dy1 ", &all[..2]),
            ("dy11", &["DY1 1HF", "DY11 4AA"]),
            ("dy1 1", &["DY1 1HF"]),
            ("dy11h", &["DY1 1HF"]),
            ("DY1 1HF", &["DY1 1HF"]),
            ("b", &["B1 1AA", "BA1 1AA"]),
            ("b1", &["B1 1AA"]),
        ] {
            let begun: Vec<_> = all.into_iter().filter(|text| begins(typed, text)).collect();
            assert_eq!(begun, found, "{typed}");
        }
    }

    #[test]
    fn what_begins_no_postcode_is_none() {
        for typed in ["", "high", "hal", "52.5", "1", "dy1 1c", "dy1 x", "DY1 1HFA", "so 945 905", "dy1é"] {
            assert!(Prefix::of(typed).is_none(), "{typed}");
        }
    }

    #[test]
    fn parts_begin_so_by_their_names() {
        let postcode: Postcode = "DY1 1HF".parse().unwrap();
        let part = |typed: &str, part: PostcodePart| Prefix::of(typed).unwrap().begins_part(part);
        assert!(part("dy", postcode.district()) && part("dy11", postcode.sector()));
        assert!(part("dy1 1", postcode.sector()) && !part("dy1 1", postcode.district()));
        assert!(part("dy1 ", postcode.sector()) && !part("dy2", postcode.sector()));
    }
}
