//! Texts without regard to case and accents: `casei(…)` and `accenti(…)`.

use std::borrow::Cow;

/// What is not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    /// Whether letters are capitals.
    Case,
    /// The marks of Latin letters, whether they are one character with the letter or follow it.
    Accents,
}

impl Fold {
    /// The text without what is not looked at.
    pub(super) fn apply(self, text: Cow<'_, str>) -> Cow<'_, str> {
        match self {
            Self::Case if text.is_ascii() => {
                if text.bytes().any(|letter| letter.is_ascii_uppercase()) {
                    text.to_ascii_lowercase().into()
                } else {
                    text
                }
            }
            // Letter by letter: a final sigma would make a text differ from the same letters in a pattern.
            Self::Case => text.chars().flat_map(char::to_lowercase).collect::<String>().into(),
            Self::Accents if text.is_ascii() => text,
            Self::Accents => text.chars().filter_map(without_accents).collect::<String>().into(),
        }
    }
}

/// A text in small letters and without the marks of Latin ones, as texts are compared that people type.
///
/// # Example
/// ```
/// assert_eq!(hotspots::filter::plain("Café Łódź"), "cafe łodz");
/// ```
pub fn plain(text: &str) -> String {
    Fold::Case.apply(Fold::Accents.apply(Cow::Borrowed(text))).into_owned()
}

/// Blocks of letters that Unicode takes apart into a letter of ASCII and marks (UAX #15, NFD), from their first
/// character on; a dot stands for what is left as it is.
const ACCENTED: [(u32, &[u8]); 2] = [
    (
        0xC0,
        b"AAAAAA.CEEEEIIII.NOOOOO..UUUUY..aaaaaa.ceeeeiiii.nooooo..uuuuy.yAaAaAaCcCcCcCcDd\
          ..EeEeEeEeEeGgGgGgGgHh..IiIiIiIiI...JjKk.LlLlLl....NnNnNn...OoOoOo..RrRrRrSsSsSs\
          SsTtTt..UuUuUuUuUuUuWwYyYZzZzZz.................................Oo.............U\
          u............................AaIiOoUuUuUuUuUu.AaAa....GgKkOoOo..j...Gg..NnAa....\
          AaAaEeEeIiIiOoOoRrRrUuUuSsTt..Hh......AaEeOoOoOoOoYy............................",
    ),
    (
        0x1E00,
        b"AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMmMmMmNnNnNnNnOoOo\
          OoOoPpPpRrRrRrRrSsSsSsSsSsTtTtTtTtUuUuUuUuUuVvVvWwWwWwWwWwXxXxYyZzZzZzhtwy......\
          AaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEeEeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUu\
          UuYyYyYyYy......",
    ),
];

/// The letter without its marks; `None` for a mark by itself (U+0300 to U+036F).
fn without_accents(letter: char) -> Option<char> {
    if ('\u{300}'..='\u{36F}').contains(&letter) {
        return None;
    }
    let plain = ACCENTED.iter().find_map(|(first, letters)| {
        let at = u32::from(letter).checked_sub(*first)?;
        letters.get(usize::try_from(at).ok()?)
    });
    Some(plain.filter(|plain| **plain != b'.').map_or(letter, |plain| char::from(*plain)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_are_folded() {
        for (fold, text, folded) in [
            (Fold::Case, "High Street", "high street"),
            (Fold::Case, "ÉCOLE ΟΔΟΣ", "école οδοσ"),
            (Fold::Accents, "Café Über Łódź", "Cafe Uber Łodz"),
            (Fold::Accents, "Cafe\u{301}", "Cafe"),
            (Fold::Accents, "Ệ ẃ ÿ æ ß 東", "E w y æ ß 東"),
        ] {
            assert_eq!(fold.apply(Cow::Borrowed(text)), folded);
        }
        for (fold, text) in [(Fold::Case, "high street 1"), (Fold::Accents, "High Street")] {
            assert!(matches!(fold.apply(Cow::Borrowed(text)), Cow::Borrowed(_)), "{text}");
        }
    }
}
