//! Postcodes and their wider forms, after the British Standard BS 7666 for addresses.
//!
//! A postcode is an outward code (`DY1`), which is also the name of a district, and an inward code (`1HF`). Its
//! sector is the outward code with the first digit of the inward one (`DY1 1`), its area the letters that it begins
//! with (`DY`). An outward code has one of six forms, A a letter and 9 a digit: A9, A99, AA9, AA99, A9A, AA9A. An
//! inward code is a digit and two letters, which are never C, I, K, M, O or V.

use std::{fmt, str::FromStr};

use crate::model::Invalid;

/// How many characters an outward code has at most, and a whole postcode.
const OUTWARD: usize = 4;
const WHOLE: usize = 7;

const RULE: &str = "a postcode is written as in DY1 1HF: an outward code of the form A9, A99, AA9, AA99, A9A or AA9A, \
     then a digit and two letters other than C, I, K, M, O and V";

/// A full postcode of a valid form. Postcodes are ordered by outward code, then by inward code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Postcode([u8; WHOLE]);

impl Postcode {
    /// The seven characters of fixed width: the outward code, filled up with spaces, and the inward code. Their order
    /// is the order of postcodes.
    pub const fn key(self) -> [u8; WHOLE] {
        self.0
    }

    /// The postcode with that key, where it is one.
    pub(super) fn of_key(key: [u8; WHOLE]) -> Option<Self> {
        let (outward, inward) = key.split_at(OUTWARD);
        (is_outward(outward.trim_ascii_end()) && is_inward(inward)).then_some(Self(key))
    }

    /// The postcode of letters and digits without spaces.
    fn of_compact(compact: &[u8]) -> Option<Self> {
        let (outward, inward) = compact.split_at_checked(compact.len().checked_sub(WHOLE - OUTWARD)?)?;
        (outward.len() <= OUTWARD).then_some(())?;
        Self::of_key(keyed(outward, inward))
    }

    /// The sector it lies in: of `DY1 1HF` it is `DY1 1`.
    pub fn sector(self) -> PostcodePart {
        PostcodePart { level: PartLevel::Sector, key: self.first(OUTWARD + 1) }
    }

    /// The district it lies in: of `DY1 1HF` it is `DY1`.
    pub fn district(self) -> PostcodePart {
        PostcodePart { level: PartLevel::District, key: self.first(OUTWARD) }
    }

    /// The area it lies in: of `DY1 1HF` it is `DY`.
    pub fn area(self) -> PostcodePart {
        let letters = self.0.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        PostcodePart { level: PartLevel::Area, key: self.first(letters) }
    }

    fn first(self, count: usize) -> [u8; WHOLE] {
        let mut key = [b' '; WHOLE];
        key[..count].copy_from_slice(&self.0[..count]);
        key
    }
}

impl FromStr for Postcode {
    type Err = Invalid;

    /// Reads a full postcode. Case does not matter, nor do spaces, as long as one does not stand behind another
    /// outward code: `DY1 11HF` is refused, since nobody knows which of its digits is one too many.
    ///
    /// # Errors
    /// [`Invalid`] for any other text, also for a wider form such as a sector.
    ///
    /// # Example
    /// ```
    /// use hotspots::gazetteer::Postcode;
    /// for text in ["DY1 1HF", "dy11hf", " DY1  1HF "] {
    ///     assert_eq!(text.parse::<Postcode>().unwrap().to_string(), "DY1 1HF");
    /// }
    /// assert!("DY1 1".parse::<Postcode>().is_err());
    /// ```
    fn from_str(text: &str) -> Result<Self, Invalid> {
        match readings(text)?.as_slice() {
            [PostcodeName::Full(postcode)] => Ok(*postcode),
            _ => Err(Invalid::new(text, RULE)),
        }
    }
}

impl fmt::Display for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_key(self.0, f)
    }
}

impl fmt::Debug for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Postcode({self})")
    }
}

/// How wide a part of the postcodes is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartLevel {
    /// An area: `DY`.
    Area,
    /// A district, named by its outward code: `DY1`.
    District,
    /// A sector: `DY1 1`.
    Sector,
}

/// A sector, district or area: all postcodes that begin alike.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PostcodePart {
    level: PartLevel,
    key: [u8; WHOLE],
}

impl PostcodePart {
    /// How wide it is.
    pub const fn level(self) -> PartLevel {
        self.level
    }

    /// The first and the last key that a postcode in it can have.
    pub(super) fn keys(self) -> ([u8; WHOLE], [u8; WHOLE]) {
        let letters = self.key.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        match self.level {
            // Behind the letters of an area stands a digit: B holds no postcode of BA.
            PartLevel::Area => {
                let (mut first, mut last) = span(&self.key[..letters]);
                (first[letters], last[letters]) = (b'0', b'9');
                (first, last)
            }
            PartLevel::District => span(&self.key[..OUTWARD]),
            PartLevel::Sector => span(&self.key[..=OUTWARD]),
        }
    }
}

impl fmt::Display for PostcodePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_key(self.key, f)
    }
}

impl fmt::Debug for PostcodePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}({self})", self.level)
    }
}

/// What a text may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostcodeName {
    /// A full postcode.
    Full(Postcode),
    /// A wider form.
    Part(PostcodePart),
}

/// Everything that a text may name: one full postcode, or a sector, a district, an area. Without a space `DY11` is a
/// district, and it is the sector `DY1 1` too: both are told, the wider first, and nobody guesses which is meant.
///
/// # Errors
/// [`Invalid`] for a text that names none, with the rule.
///
/// # Example
/// ```
/// use hotspots::gazetteer::postcode::readings;
/// let told = |text| readings(text).unwrap().iter().map(|name| format!("{name:?}")).collect::<Vec<_>>();
/// assert_eq!(told("dy11"), ["Part(District(DY11))", "Part(Sector(DY1 1))"]);
/// assert_eq!(told("dy1 1"), ["Part(Sector(DY1 1))"]);
/// assert_eq!(told("DY11HF"), ["Full(Postcode(DY1 1HF))"]);
/// ```
pub fn readings(text: &str) -> Result<Vec<PostcodeName>, Invalid> {
    let fault = || Invalid::new(text, RULE);
    let (first, rest) = words(text).ok_or_else(fault)?;
    if !rest.is_empty() && is_outward(&first) {
        // The space says where the outward code ends.
        let key = keyed(&first, rest.get(..rest.len().min(WHOLE - OUTWARD)).unwrap_or_default());
        return match rest.as_slice() {
            inward if is_inward(inward) => Ok(vec![PostcodeName::Full(Postcode(key))]),
            [b'0'..=b'9'] => Ok(vec![part(PartLevel::Sector, key)]),
            _ => Err(fault()),
        };
    }
    let compact = [first, rest].concat();
    if let Some(postcode) = Postcode::of_compact(&compact) {
        return Ok(vec![PostcodeName::Full(postcode)]);
    }
    let mut found = Vec::new();
    if (1..=2).contains(&compact.len()) && compact.iter().all(u8::is_ascii_alphabetic) {
        found.push(part(PartLevel::Area, keyed(&compact, b"")));
    }
    if is_outward(&compact) {
        found.push(part(PartLevel::District, keyed(&compact, b"")));
    }
    if let Some((last, outward)) = compact.split_last()
        && last.is_ascii_digit()
        && is_outward(outward)
    {
        found.push(part(PartLevel::Sector, keyed(outward, &[*last])));
    }
    if found.is_empty() { Err(fault()) } else { Ok(found) }
}

const fn part(level: PartLevel, key: [u8; WHOLE]) -> PostcodeName {
    PostcodeName::Part(PostcodePart { level, key })
}

/// The first word of a text in capitals, and all that follows it without spaces; `None` for what has no place in a
/// postcode.
pub(super) fn words(text: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    // Nothing longer is a postcode, however many spaces it has.
    if text.len() > 64 {
        return None;
    }
    let mut words = text.split_whitespace().map(|word| word.to_ascii_uppercase().into_bytes());
    let first = words.next()?;
    let rest: Vec<u8> = words.flatten().collect();
    let plain = first.iter().chain(&rest).all(u8::is_ascii_alphanumeric);
    (plain && first.len() + rest.len() <= WHOLE).then_some((first, rest))
}

/// Whether these characters are an outward code.
pub(super) fn is_outward(code: &[u8]) -> bool {
    let letter = |byte: &u8| byte.is_ascii_uppercase();
    let digit = |byte: &u8| byte.is_ascii_digit();
    match code {
        [a, b] => letter(a) && digit(b),
        [a, b, c] => letter(a) && (digit(b) && (digit(c) || letter(c)) || letter(b) && digit(c)),
        [a, b, c, d] => letter(a) && letter(b) && digit(c) && (digit(d) || letter(d)),
        _ => false,
    }
}

/// Whether these characters are an inward code.
fn is_inward(code: &[u8]) -> bool {
    matches!(code, [digit, a, b] if digit.is_ascii_digit() && ends(*a) && ends(*b))
}

/// Whether a letter may stand in an inward code.
pub(super) const fn ends(letter: u8) -> bool {
    letter.is_ascii_uppercase() && !matches!(letter, b'C' | b'I' | b'K' | b'M' | b'O' | b'V')
}

/// The key of an outward code and the beginning of an inward one.
pub(super) fn keyed(outward: &[u8], inward: &[u8]) -> [u8; WHOLE] {
    let mut key = [b' '; WHOLE];
    for (slot, byte) in key.iter_mut().zip(outward) {
        *slot = *byte;
    }
    for (slot, byte) in key[OUTWARD..].iter_mut().zip(inward) {
        *slot = *byte;
    }
    key
}

/// The first and the last key that begin with these bytes.
pub(super) fn span(beginning: &[u8]) -> ([u8; WHOLE], [u8; WHOLE]) {
    let (mut first, mut last) = ([0; WHOLE], [u8::MAX; WHOLE]);
    for ((first, last), byte) in first.iter_mut().zip(&mut last).zip(beginning) {
        (*first, *last) = (*byte, *byte);
    }
    (first, last)
}

/// Writes a key as people do: `DY1 1HF`.
fn write_key(key: [u8; WHOLE], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let shown = |bytes: &[u8]| bytes.iter().map(|byte| char::from(*byte)).collect::<String>();
    let (outward, inward) = (shown(&key[..OUTWARD]), shown(&key[OUTWARD..]));
    f.pad(format!("{} {}", outward.trim_end(), inward).trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        readings(text).unwrap().iter().map(|name| format!("{name:?}")).collect()
    }

    #[test]
    fn every_form_is_read_however_it_is_spaced() {
        for (text, shown) in [
            ("m11ae", "M1 1AE"),
            ("B62 0AA", "B62 0AA"),
            ("DY1  1HF", "DY1 1HF"),
            ("DY111AA", "DY11 1AA"),
            ("W1A 0AX", "W1A 0AX"),
            ("ec1a1bb", "EC1A 1BB"),
            ("DY 1 1HF", "DY1 1HF"),
            ("\tdy1 1 hf ", "DY1 1HF"),
        ] {
            assert_eq!(text.parse::<Postcode>().unwrap().to_string(), shown, "{text}");
        }
    }

    #[test]
    fn what_is_no_postcode_is_refused_with_the_rule() {
        for text in [
            "",
            " ",
            "DY1 1H",
            "DY1 1HC",
            "DY1 1OF",
            "D12Y 1HF",
            "DYX 1HF",
            "1DY 1HF",
            "DY1-1HF",
            "DY1 11HF",
            "DY123 1HF",
            "DY1 HF1",
            "DÝ1 1HF",
            "DY1 1HF X",
            "N/K",
            "unknown",
            "DY1\u{0}1HF",
        ] {
            let fault = text.parse::<Postcode>().unwrap_err();
            assert!(fault.rule.contains("DY1 1HF"), "{text}: {fault}");
        }
        assert!(" ".repeat(1 << 20).parse::<Postcode>().is_err());
    }

    #[test]
    fn a_text_that_may_be_two_things_is_told_as_both() {
        assert_eq!(told("DY11"), ["Part(District(DY11))", "Part(Sector(DY1 1))"]);
        assert_eq!(told("b11"), ["Part(District(B11))", "Part(Sector(B1 1))"]);
        assert_eq!(told("DY1 1"), ["Part(Sector(DY1 1))"]);
        assert_eq!(told("DY111"), ["Part(Sector(DY11 1))"]);
        assert_eq!(told("W1A1"), ["Part(Sector(W1A 1))"]);
        assert_eq!(told("dy1"), ["Part(District(DY1))"]);
        assert_eq!(told("DY 1"), ["Part(District(DY1))"]);
        assert_eq!(told("dy"), ["Part(Area(DY))"]);
        assert!(readings("DY1 11").is_err() && readings("DYX").is_err());
    }

    #[test]
    fn a_postcode_lies_in_its_parts_and_in_no_others() {
        let holds = |part: PostcodePart, text: &str| {
            let (first, last) = part.keys();
            (first..=last).contains(&text.parse::<Postcode>().unwrap().key())
        };
        let postcode: Postcode = "B1 1AY".parse().unwrap();
        for (part, shown) in
            [(postcode.sector(), "B1 1"), (postcode.district(), "B1"), (postcode.area(), "B")]
        {
            assert_eq!(part.to_string(), shown);
            assert!(holds(part, "B1 1AY"));
            assert!(!holds(part, "BA1 1AY") && !holds(part, "A1 1AY") && !holds(part, "C1 1AY"));
        }
        assert!(holds(postcode.area(), "B98 9ZZ") && !holds(postcode.district(), "B11 1AA"));
        assert!(!holds(postcode.sector(), "B1 2AA") && holds(postcode.district(), "B1 2AA"));
    }

    #[test]
    fn the_order_is_by_outward_code_and_then_by_inward() {
        let mut all: Vec<Postcode> = ["DY10 1AA", "DY1 4AA", "DY2 0AA", "B99 9AA", "DY1 1HF"]
            .iter()
            .map(|text| text.parse().unwrap())
            .collect();
        all.sort();
        let shown: Vec<_> = all.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["B99 9AA", "DY1 1HF", "DY1 4AA", "DY10 1AA", "DY2 0AA"]);
    }
}
