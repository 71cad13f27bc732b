//! Patterns of `like`.

/// A `like` pattern: `%` stands for any letters, `_` for one, `\` takes the next as it is.
#[derive(Clone, Debug)]
pub(super) struct Pattern(Vec<Piece>);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Piece {
    Any,
    One,
    Letter(char),
}

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            let piece = match letter {
                '%' => Piece::Any,
                '_' => Piece::One,
                '\\' => Piece::Letter(letters.next().unwrap_or('\\')),
                other => Piece::Letter(other),
            };
            // Two in a row mean the same as one, and would only cost time.
            if piece != Piece::Any || pieces.last() != Some(&Piece::Any) {
                pieces.push(piece);
            }
        }
        Self(pieces)
    }

    /// Greedy match with one point to fall back to: at most (letters × pieces) steps.
    pub(super) fn matches(&self, text: &str) -> bool {
        let letters: Vec<char> = text.chars().collect();
        let (mut at, mut piece) = (0, 0);
        let mut fall_back: Option<(usize, usize)> = None;
        while at < letters.len() {
            match self.0.get(piece) {
                Some(Piece::Any) => {
                    fall_back = Some((at, piece));
                    piece += 1;
                }
                Some(Piece::One) => (at, piece) = (at + 1, piece + 1),
                Some(Piece::Letter(letter)) if *letter == letters[at] => (at, piece) = (at + 1, piece + 1),
                _ => match fall_back {
                    Some((start, any)) => {
                        fall_back = Some((start + 1, any));
                        (at, piece) = (start + 1, any + 1);
                    }
                    None => return false,
                },
            }
        }
        self.0[piece..].iter().all(|rest| *rest == Piece::Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_matches_as_sql_does() {
        for (pattern, text, matches) in [
            ("%Road", "High Road", true),
            ("%Road", "High Roads", false),
            ("On or near %", "On or near Siddons Road", true),
            ("_ar", "bar", true),
            ("_ar", "ar", false),
            ("%a%b%", "xxaxxbxx", true),
            ("%a%b", "aab b a", false),
            ("100\\%", "100%", true),
            ("", "", true),
            ("%", "", true),
        ] {
            assert_eq!(Pattern::new(pattern).matches(text), matches, "{pattern} on {text}");
        }
    }
}
