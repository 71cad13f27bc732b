//! Positions by name: a property's UPRN, a postcode.

use crate::{
    crs,
    gazetteer::{Gazetteer, Postcode, PostcodeName, Uprn, postcode::readings},
    model::{Invalid, Position, PositionedBy},
};

use super::{
    Unplaced, Why,
    draft::Fault,
    fields::{Field, Values},
};

/// What came of the names in a row.
pub(super) enum Named {
    /// There are none.
    Nothing,
    /// One is known.
    At(Position, PositionedBy),
    /// None of them can be placed; this is why not the one that says most.
    Unplaced(Field, Why),
}

/// The position of a row that has no coordinates: that of its UPRN, or else of its full postcode.
///
/// # Errors
/// The field at fault, where a name is malformed and the other one has no position either.
pub(super) fn of(values: &Values<'_>, gazetteer: Option<&Gazetteer>) -> Result<Named, Fault> {
    let mut told = Named::Nothing;
    let mut fault = None;
    for (field, find) in [(Field::Uprn, uprn as Find), (Field::Postcode, postcode)] {
        let text = values.get(field);
        if text.is_empty() {
            continue;
        }
        match find(text, gazetteer) {
            Ok(Ok(placed)) => return Ok(placed),
            Ok(Err(why)) => {
                if matches!(told, Named::Nothing) {
                    told = Named::Unplaced(field, why);
                }
            }
            Err(invalid) => fault = fault.or(Some(Fault::of(field, invalid))),
        }
    }
    fault.map_or(Ok(told), Err)
}

/// Finds a name: placed, not placed for a reason, or malformed.
type Find = fn(&str, Option<&Gazetteer>) -> Result<Result<Named, Why>, Invalid>;

fn uprn(text: &str, gazetteer: Option<&Gazetteer>) -> Result<Result<Named, Why>, Invalid> {
    let uprn: Uprn = text.parse()?;
    let Some(gazetteer) = gazetteer.filter(|known| known.uprn_count() > 0) else {
        return Ok(Err(Why::NoUprns));
    };
    let Some(grid) = gazetteer.uprn(uprn) else { return Ok(Err(Why::NotInGazetteer)) };
    crs::from_grid(grid).map(|position| Ok(Named::At(position, PositionedBy::Uprn)))
}

fn postcode(text: &str, gazetteer: Option<&Gazetteer>) -> Result<Result<Named, Why>, Invalid> {
    let [PostcodeName::Full(postcode)] = readings(text)?[..] else { return Ok(Err(Why::Partial)) };
    let Some(gazetteer) = gazetteer.filter(|known| known.postcode_count() > 0) else {
        return Ok(Err(Why::NoPostcodes));
    };
    let Some(entry) = gazetteer.postcode(postcode) else { return Ok(Err(Why::NotInGazetteer)) };
    crs::from_grid(entry.grid).map(|position| Ok(Named::At(position, PositionedBy::Postcode)))
}

impl Unplaced {
    /// What is told of a value that has no place, shortened where long.
    pub(super) fn new(line: u64, column: String, value: &str, why: Why) -> Self {
        // A postcode is shown as it is written in the gazetteer.
        let shown = value.parse::<Postcode>().map_or_else(|_| value.to_owned(), |known| known.to_string());
        Self { line, column, value: Invalid::new(shown, "").value, why }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        gazetteer::{PostcodeEntry, Quality, UprnEntry},
        intake::draft::At,
        model::GridPoint,
    };

    fn gazetteer() -> Gazetteer {
        let grid = |east: f64| GridPoint::new(east, 290_300.0).unwrap();
        let postcode = PostcodeEntry {
            postcode: "DY1 1HF".parse().unwrap(),
            grid: grid(394_400.0),
            quality: Quality::new(10).unwrap(),
            terminated: false,
        };
        let uprn = UprnEntry { uprn: Uprn::new(90_014_521).unwrap(), grid: grid(394_450.0) };
        Gazetteer::new(vec![postcode], vec![uprn])
    }

    fn found(uprn: &'static str, postcode: &'static str, known: Option<&Gazetteer>) -> Result<String, Fault> {
        let mut values = Values::default();
        values.set(Field::Uprn, uprn);
        values.set(Field::Postcode, postcode);
        Ok(match of(&values, known)? {
            Named::Nothing => "nothing".to_owned(),
            Named::At(position, by) => format!("{} {}", by.as_str(), position.grid.easting_m()),
            Named::Unplaced(field, why) => format!("{} {why:?}", field.name()),
        })
    }

    #[test]
    fn the_uprn_counts_before_the_postcode_and_nothing_is_guessed() {
        let known = gazetteer();
        for (uprn, postcode, told) in [
            ("", "", "nothing"),
            ("90014521", "DY1 1HF", "uprn 394450"),
            ("90014522", "dy11hf", "postcode 394400"),
            ("x", "dy11hf", "postcode 394400"),
            ("90014521", "N/K", "uprn 394450"),
            ("", "DY1 1HG", "postcode NotInGazetteer"),
            ("90014522", "DY1", "uprn NotInGazetteer"),
            ("", "DY1 1", "postcode Partial"),
            ("", "DY11", "postcode Partial"),
        ] {
            assert_eq!(found(uprn, postcode, Some(&known)).unwrap(), told, "{uprn} {postcode}");
        }
        assert_eq!(found("", "DY1 1HF", None).unwrap(), "postcode NoPostcodes");
        assert_eq!(found("90014521", "", None).unwrap(), "uprn NoUprns");
    }

    #[test]
    fn a_malformed_name_is_a_fault_where_nothing_else_places_the_row() {
        for (uprn, postcode, field) in [
            ("x", "", Field::Uprn),
            ("", "N/K", Field::Postcode),
            ("x", "DY1 1HG", Field::Uprn),
            ("x", "N/K", Field::Uprn),
            ("90014522", "N/K", Field::Postcode),
        ] {
            let fault = found(uprn, postcode, Some(&gazetteer())).unwrap_err();
            assert_eq!(fault.at, At::Field(field), "{uprn} {postcode}");
        }
    }
}
