//! Which product a text is, and what its rows say.

use super::{Bounds, lines};
use crate::{
    gazetteer::{EntryKind, Postcode, PostcodeEntry, Quality, Uprn, UprnEntry},
    model::{GridPoint, Invalid},
};

/// Bytes of a header that are shown.
const SHOWN_HEADER: usize = 300;

/// Columns of Code-Point Open where it has no header.
const CODE_POINT_COLUMNS: usize = 10;

/// A product with the numbers of the columns that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Product {
    form: Form,
    /// Fields that a row has.
    pub(super) columns: usize,
    name: usize,
    easting: usize,
    northing: usize,
    /// Of postcodes the indicator of quality, and the date of the end.
    quality: usize,
    ended: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    CodePoint,
    Directory,
    Uprn,
}

/// What a good row says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Row {
    Postcode(PostcodeEntry),
    Uprn(UprnEntry),
    Elsewhere,
    WithoutPosition,
}

/// What a faulty row has wrong: the column and the fault.
pub(super) type RowFault = (Option<&'static str>, Invalid);

impl Product {
    /// Knows a product by its first line, and tells whether that is a header.
    ///
    /// # Errors
    /// [`Invalid`] with what the line holds and what is read.
    pub(super) fn of_first_line(line: &[u8]) -> Result<(Self, bool), Invalid> {
        let mut fields = Vec::new();
        lines::fields(line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line), &mut fields);
        let columns = fields.len();
        let find = |names: &[&str]| {
            let named = |field: &[u8]| names.iter().any(|name| field.eq_ignore_ascii_case(name.as_bytes()));
            fields.iter().position(|field| named(field))
        };
        let product = |form, name, easting, northing, quality, ended| {
            (Self { form, columns, name, easting, northing, quality, ended }, true)
        };
        if let (Some(name), Some(easting), Some(northing)) =
            (find(&["uprn"]), find(&["x_coordinate"]), find(&["y_coordinate"]))
        {
            return Ok(product(Form::Uprn, name, easting, northing, 0, None));
        }
        if let (Some(name), Some(easting), Some(northing), Some(quality), Some(ended)) = (
            find(&["pcds"]),
            find(&["oseast1m", "east1m"]),
            find(&["osnrth1m", "north1m"]),
            find(&["osgrdind", "gridind"]),
            find(&["doterm"]),
        ) {
            return Ok(product(Form::Directory, name, easting, northing, quality, Some(ended)));
        }
        if let (Some(name), Some(easting), Some(northing), Some(quality)) = (
            find(&["postcode"]),
            find(&["eastings"]),
            find(&["northings"]),
            find(&["positional_quality_indicator"]),
        ) {
            return Ok(product(Form::CodePoint, name, easting, northing, quality, None));
        }
        let postcode = |field: &[u8]| text(field).parse::<Postcode>().is_ok();
        let bare = Self {
            form: Form::CodePoint,
            columns,
            name: 0,
            quality: 1,
            easting: 2,
            northing: 3,
            ended: None,
        };
        if columns == CODE_POINT_COLUMNS && fields.first().is_some_and(|field| postcode(field)) {
            return Ok((bare, false));
        }
        let shown = String::from_utf8_lossy(&line[..line.len().min(SHOWN_HEADER)]).into_owned();
        Err(Invalid::new(
            shown,
            "this is no table that is known: Code-Point Open, the ONS Postcode Directory (pcds, oseast1m, osnrth1m, \
             osgrdind, doterm) and OS Open UPRN (UPRN, X_COORDINATE, Y_COORDINATE) are read",
        ))
    }

    /// What its rows are.
    pub(super) const fn kind(&self) -> EntryKind {
        match self.form {
            Form::CodePoint | Form::Directory => EntryKind::Postcodes,
            Form::Uprn => EntryKind::Uprns,
        }
    }

    /// What a row says. Its position is looked at first: a row far away is elsewhere, whatever else it holds.
    ///
    /// # Errors
    /// The column and what is wrong with it.
    pub(super) fn row(&self, fields: &[&[u8]], bounds: &Bounds) -> Result<Row, RowFault> {
        let found = fields.len();
        if found != self.columns {
            let rule = format!("a row here has {} fields, this one has {found}", self.columns);
            return Err((None, Invalid::new(text(fields.first().copied().unwrap_or_default()), rule)));
        }
        let [name, easting, northing] = [self.name, self.easting, self.northing].map(|at| fields[at]);
        let quality = match self.form {
            Form::Uprn => None,
            Form::CodePoint | Form::Directory => match self.quality(fields[self.quality])? {
                None => return Ok(Row::WithoutPosition),
                known => known,
            },
        };
        let zero = |field: &[u8]| field.iter().all(|byte| matches!(byte, b'0' | b'.'));
        if zero(easting) && zero(northing) {
            return Ok(Row::WithoutPosition);
        }
        let [east_name, north_name] = self.coordinate_names();
        let easting_m = number(easting).map_err(|fault| (Some(east_name), fault))?;
        let northing_m = number(northing).map_err(|fault| (Some(north_name), fault))?;
        // Northern Ireland has a grid of its own, whose numbers may look like those of a place in England.
        let is_irish = self.form == Form::Directory && name.starts_with(b"BT");
        if is_irish || !bounds.holds(easting_m, northing_m) {
            return Ok(Row::Elsewhere);
        }
        let grid = GridPoint::new(easting_m, northing_m).map_err(|fault| (Some(east_name), fault))?;
        let Some(quality) = quality else {
            let uprn = text(name).parse::<Uprn>().map_err(|fault| (Some("UPRN"), fault))?;
            return Ok(Row::Uprn(UprnEntry { uprn, grid }));
        };
        let postcode = text(name).parse::<Postcode>().map_err(|fault| (Some("postcode"), fault))?;
        let terminated = self.ended.is_some_and(|ended| !fields[ended].is_empty());
        Ok(Row::Postcode(PostcodeEntry { postcode, grid, quality, terminated }))
    }

    /// The quality that an indicator tells; `None` for a postcode without a position.
    fn quality(&self, field: &[u8]) -> Result<Option<Quality>, RowFault> {
        let fault = |rule: &str| (Some("quality"), Invalid::new(text(field), rule));
        let number: Option<u8> = str::from_utf8(field).ok().and_then(|digits| digits.parse().ok());
        let indicator = match self.form {
            // One digit there is two here.
            Form::Directory => number.and_then(|number| number.checked_mul(10)),
            Form::CodePoint | Form::Uprn => number,
        };
        match indicator {
            Some(Quality::NO_POSITION) => Ok(None),
            Some(indicator) => Quality::new(indicator).map(Some).ok_or_else(|| {
                fault("a positional quality is 10, 20, 30, 40, 50, 60, 80 or 90 (ONS: 1 to 9)")
            }),
            None => Err(fault("a positional quality is a whole number")),
        }
    }

    const fn coordinate_names(&self) -> [&'static str; 2] {
        match self.form {
            Form::CodePoint => ["Eastings", "Northings"],
            Form::Directory => ["oseast1m", "osnrth1m"],
            Form::Uprn => ["X_COORDINATE", "Y_COORDINATE"],
        }
    }
}

fn text(field: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(field)
}

fn number(field: &[u8]) -> Result<f64, Invalid> {
    let plain = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
    let number = str::from_utf8(field).ok().and_then(|digits| digits.parse::<f64>().ok());
    number
        .filter(|number| number.is_finite() && field.iter().all(plain))
        .ok_or_else(|| Invalid::new(text(field), "a coordinate is a number of metres, as in 394607"))
}
