//! Ordnance Survey grid references: `SO 945 905` and its like.

use crate::model::{GridPoint, Invalid, Metres};

const RULE: &str = "a grid reference is two letters and an even number of digits, as in SO 945 905";

/// Side of the lettered squares, metres.
const SQUARE_M: u32 = 100_000;

/// Reads a grid reference of two letters and 0 to 10 digits. Spaces and case do not matter.
///
/// A reference names a square, not a point: the answer is its centre and its side, so that nothing
/// is shifted by half a square to the south-west.
///
/// # Errors
/// [`Invalid`] for other shapes and for letters that are not a square of Great Britain.
///
/// # Example
/// ```
/// use hotspots::crs::gridref;
/// let (centre, side) = gridref::parse("SO 945 905").unwrap();
/// assert_eq!((centre.easting_m(), centre.northing_m(), side.get()), (394_550.0, 290_550.0, 100.0));
/// ```
pub fn parse(text: &str) -> Result<(GridPoint, Metres), Invalid> {
    let fault = || Invalid::new(text, RULE);
    let mut letters = Vec::with_capacity(2);
    let mut digits = Vec::with_capacity(10);
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        match c {
            'A'..='Z' | 'a'..='z' if letters.len() < 2 && digits.is_empty() => {
                letters.push(c.to_ascii_uppercase());
            }
            '0'..='9' if letters.len() == 2 && digits.len() < 10 => {
                digits.push(c.to_digit(10).unwrap_or_default());
            }
            _ => return Err(fault()),
        }
    }
    let &[first, second] = letters.as_slice() else {
        return Err(fault());
    };
    if digits.len() % 2 == 1 {
        return Err(Invalid::new(text, format!("{RULE}; this one has {} digits", digits.len())));
    }
    let (square_e, square_n) = square(first, second)
        .ok_or_else(|| Invalid::new(text, format!("{first}{second} is no square of the national grid")))?;
    let half = digits.len() / 2;
    let number = |part: &[u32]| part.iter().fold(0, |sum, digit| sum * 10 + digit);
    let side = SQUARE_M / 10_u32.pow(u32::try_from(half).unwrap_or(5));
    let centre =
        |square_m: u32, part: &[u32]| f64::from(square_m + number(part) * side) + f64::from(side) / 2.0;
    let (east, north) = digits.split_at(half);
    Ok((GridPoint::new(centre(square_e, east), centre(square_n, north))?, Metres::new(f64::from(side))?))
}

/// South-west corner of a lettered 100 km square, metres from the false origin.
///
/// Two 5 × 5 arrangements of A–Z without I, rows from the north: the first letter picks a 500 km
/// square (S stands at the origin), the second a 100 km square in it.
fn square(first: char, second: char) -> Option<(u32, u32)> {
    let cell = |letter: char| {
        let index = u32::from(letter) - u32::from('A');
        match letter {
            'I' => None,
            'A'..='H' => Some(index),
            _ => Some(index - 1),
        }
        .map(|i| (i % 5, 4 - i / 5))
    };
    let ((major_e, major_n), (minor_e, minor_n)) = (cell(first)?, cell(second)?);
    // S is column 2, row 1 of the large arrangement.
    let east_100km = (major_e * 5 + minor_e).checked_sub(10)?;
    let north_100km = (major_n * 5 + minor_n).checked_sub(5)?;
    (east_100km < 7 && north_100km < 13).then_some((east_100km * SQUARE_M, north_100km * SQUARE_M))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_even_number_of_digits_is_read() {
        let at = |text| {
            let (p, side) = parse(text).unwrap();
            (p.easting_m(), p.northing_m(), side.get())
        };
        assert_eq!(at("SO"), (350_000.0, 250_000.0, 100_000.0));
        assert_eq!(at("so99"), (395_000.0, 295_000.0, 10_000.0));
        assert_eq!(at("SO 94567 90123"), (394_567.5, 290_123.5, 1.0));
        assert_eq!(at("SV 0 0"), (5_000.0, 5_000.0, 10_000.0));
        assert_eq!(at("HU 396 753"), (439_650.0, 1_175_350.0, 100.0));
    }

    #[test]
    fn what_is_no_grid_reference_is_refused() {
        for text in [
            "",
            "S",
            "SO 945 90",
            "945 905",
            "SO 94 5 90 5 12 34 56",
            "SI 12",
            "AA 12 34",
            "SO94é905",
            "SO -4 5",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
