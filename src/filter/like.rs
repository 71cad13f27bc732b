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
        let (mut rest, mut piece) = (text.chars(), 0);
        let mut fall_back = None;
        loop {
            let here = rest.clone();
            let Some(letter) = rest.next() else {
                return self.0[piece..].iter().all(|rest| *rest == Piece::Any);
            };
            match self.0.get(piece) {
                Some(Piece::Any) => {
                    piece += 1;
                    fall_back = Some((here.clone(), piece));
                    rest = here;
                }
                Some(Piece::One) => piece += 1,
                Some(Piece::Letter(own)) if *own == letter => piece += 1,
                _ => {
                    let Some((start, after)) = &mut fall_back else { return false };
                    start.next();
                    (rest, piece) = (start.clone(), *after);
                }
            }
        }
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
