//! Positions as people write them.

use rustc_hash::FxHashMap;

use crate::{
    crs::{self, gridref},
    model::{GridPoint, Invalid, LonLat, Position, PositionedBy},
};

use super::{
    draft::Fault,
    fields::{Field, Values},
    mapping::Crs,
};

/// Positions that are remembered, as rows repeat them; police.uk has some 12,000 for a large force.
const REMEMBERED: usize = 1 << 16;

/// How far two positions given for one row may lie apart.
const AGREEMENT_M: f64 = 1_000.0;

/// Reads positions, and remembers those that repeat.
#[derive(Default)]
pub(super) struct Places {
    known: FxHashMap<(Crs, u64, u64), Position>,
}

/// The geometry of a feature: two numbers in a system.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub(super) crs: Crs,
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Places {
    /// The position of a row: of its geometry or the first pair of coordinates that is given, degrees
    /// before the national grid, x and y, and a grid reference, because that is the order of their
    /// exactness. Whatever else is given has to agree. `None` when nothing is given. With it comes how it was given.
    pub(super) fn of(
        &mut self,
        values: &Values<'_>,
        xy: Option<Crs>,
        geometry: Option<Point>,
    ) -> Result<Option<(Position, PositionedBy)>, Fault> {
        let mut found: Option<(Position, &str)> = None;
        if let Some(Point { crs, x, y }) = geometry {
            let position = self.at(crs, x, y).map_err(|fault| Fault::named("geometry", fault))?;
            found = Some((position, "geometry"));
        }
        for (x, y, crs) in [
            (Field::Lon, Field::Lat, Some(Crs::LonLat)),
            (Field::Easting, Field::Northing, Some(Crs::Grid)),
            (Field::X, Field::Y, xy),
        ] {
            let Some(crs) = crs else { continue };
            let (x_text, y_text) = (values.get(x), values.get(y));
            if x_text.is_empty() && y_text.is_empty() {
                continue;
            }
            for (missing, given) in [(x, y), (y, x)] {
                if values.get(missing).is_empty() {
                    let (missing_name, given_name) = (missing.name(), given.name());
                    let rule = format!(
                        "{given_name} is given ({}) and {missing_name} is not: give both or neither",
                        values.get(given)
                    );
                    return Err(Fault::of(missing, Invalid::new("", rule)));
                }
            }
            let x_number = number(x_text).map_err(|fault| Fault::of(x, fault))?;
            let y_number = number(y_text).map_err(|fault| Fault::of(y, fault))?;
            let position = self.at(crs, x_number, y_number).map_err(|fault| Fault::of(x, fault))?;
            agree(&mut found, position, x, 0.0)?;
        }
        let reference = values.get(Field::GridRef);
        if !reference.is_empty() {
            let fault = |fault| Fault::of(Field::GridRef, fault);
            let (centre, side) = gridref::parse(reference).map_err(fault)?;
            let position = self.at(Crs::Grid, centre.easting_m(), centre.northing_m()).map_err(fault)?;
            // A point in the named square lies up to half its diagonal from its centre.
            agree(&mut found, position, Field::GridRef, side.get() * std::f64::consts::FRAC_1_SQRT_2)?;
        }
        Ok(found.map(|(position, name)| {
            let is_square = name == Field::GridRef.name();
            (position, if is_square { PositionedBy::GridReference } else { PositionedBy::Coordinates })
        }))
    }

    fn at(&mut self, crs: Crs, x: f64, y: f64) -> Result<Position, Invalid> {
        let key = (crs, x.to_bits(), y.to_bits());
        if let Some(&position) = self.known.get(&key) {
            return Ok(position);
        }
        if x == 0.0 && y == 0.0 {
            return Err(Invalid::new("0 0", "0 0 stands for a position that is not known: leave both empty"));
        }
        let position = match crs {
            Crs::LonLat => crs::from_lonlat(LonLat::new(x, y).map_err(|fault| named(fault, x, y))?),
            Crs::Grid => crs::from_grid(GridPoint::new(x, y).map_err(|fault| named(fault, x, y))?),
            Crs::Other(epsg) => crs::other::to_lonlat(epsg, x, y).and_then(crs::from_lonlat),
        }?;
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known.insert(key, position);
        Ok(position)
    }
}

/// Both numbers instead of one, so that a swapped pair can be seen.
fn named(fault: Invalid, x: f64, y: f64) -> Invalid {
    Invalid::new(format_args!("{x} {y}"), fault.rule)
}

fn agree(
    found: &mut Option<(Position, &'static str)>,
    position: Position,
    field: Field,
    tolerance_m: f64,
) -> Result<(), Fault> {
    let Some((first, first_name)) = found else {
        *found = Some((position, field.name()));
        return Ok(());
    };
    let apart_m = first.grid.distance_2(position.grid).sqrt();
    if apart_m <= AGREEMENT_M + tolerance_m {
        return Ok(());
    }
    let shown = format!("{:.0} {:.0}", position.grid.easting_m(), position.grid.northing_m());
    let rule = format!(
        "the position by {} is {apart_m:.0} m from the one by {}, {:.0} {:.0}: give one, or two that agree to 1 km",
        field.name(),
        first_name,
        first.grid.easting_m(),
        first.grid.northing_m()
    );
    Err(Fault::of(field, Invalid::new(shown, rule)))
}

/// Reads a finite number with a decimal point.
pub(super) fn number(text: &str) -> Result<f64, Invalid> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        Ok(_) => Err(Invalid::new(text, "a number is finite")),
        Err(cause) => {
            Err(Invalid::new(text, format!("a number is written with digits and a decimal point ({cause})")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(values: &[(Field, &'static str)]) -> Result<Option<Position>, Fault> {
        let mut row = Values::default();
        for (field, value) in values {
            row.set(*field, value);
        }
        Ok(Places::default().of(&row, Some(Crs::Other(3857)), None)?.map(|(position, _)| position))
    }

    #[test]
    fn every_way_to_say_a_place_gives_the_same_place() {
        let lonlat = place(&[(Field::Lon, "-2.080949"), (Field::Lat, "52.549678")]).unwrap().unwrap();
        assert_eq!(lonlat.grid, GridPoint::new(394_607.653, 294_649.284).unwrap());
        for other in [
            &[(Field::Easting, "394607.653"), (Field::Northing, "294649.284")][..],
            &[(Field::X, "-231650.2"), (Field::Y, "6900131.2")],
            &[(Field::GridRef, "SO 94607 94649")],
        ] {
            let other = place(other).unwrap().unwrap();
            assert!(lonlat.grid.distance_2(other.grid) < 25.0, "{other:?}");
        }
        assert_eq!(place(&[]).unwrap(), None);
    }

    #[test]
    fn two_positions_that_disagree_are_refused() {
        let near = [(Field::Lon, "-2.080949"), (Field::Lat, "52.549678"), (Field::GridRef, "SO 95 95")];
        assert!(place(&near).is_ok(), "a square of 1 km may have its centre further away");
        let far = [(Field::Lon, "-2.080949"), (Field::Lat, "52.549678"), (Field::GridRef, "SO 965 946")];
        let fault = place(&far).unwrap_err();
        assert!(fault.invalid.rule.contains("by gridref is 19"), "{}", fault.invalid.rule);
    }

    #[test]
    fn what_is_no_position_is_refused_by_name() {
        for (lon, lat, value, rule) in [
            ("", "52.5", "", "give both"),
            ("-2.08", "", "", "give both"),
            ("0", "0.0", "0 0", "not known"),
            ("52.5", "-2.08", "52.5 -2.08", "swapped"),
            ("-87.6277", "41.7922", "-87.6277 41.7922", "Great Britain"),
            ("NaN", "52.5", "NaN", "finite"),
            ("-2.08", "inf", "inf", "finite"),
            ("-2,08", "52.5", "-2,08", "decimal point"),
            ("1e400", "52.5", "1e400", "finite"),
            ("394607", "294649", "394607 294649", "longitude"),
        ] {
            let fault = place(&[(Field::Lon, lon), (Field::Lat, lat)]).unwrap_err();
            assert_eq!(fault.invalid.value, value);
            assert!(fault.invalid.rule.contains(rule), "{}", fault.invalid.rule);
        }
        assert!(place(&[(Field::Easting, "0"), (Field::Northing, "0")]).is_err());
        assert!(place(&[(Field::GridRef, "SO 94 9")]).is_err());
    }
}
