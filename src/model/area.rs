//! Areas that incidents are counted in: wards, beats, any other layer, and the borough around them.

use std::{collections::BTreeMap, fmt};

use jiff::civil::Date;

use super::{GridShape, Invalid, LonLatShape, Period, SquareMetres};

/// Name of a boundary layer in addresses and files: `ward`, `beat`, `lsoa`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LayerId(String);

impl LayerId {
    /// # Errors
    /// [`Invalid`] unless it is 1 to 40 of `a`–`z`, `0`–`9`, `-` and `_`.
    pub fn new(text: &str) -> Result<Self, Invalid> {
        let slug = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
        if (1..=40).contains(&text.len()) && text.bytes().all(slug) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new(text, "a layer's id is 1 to 40 of a-z, 0-9, - and _"))
        }
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LayerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The code of an area in its layer, such as `E05001236`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AreaCode(pub String);

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What incidents are divided by to make a rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Per {
    /// Usual residents.
    #[default]
    Residents,
    /// Households.
    Households,
    /// Dwellings, lived in or empty.
    Dwellings,
}

impl Per {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Residents, Self::Households, Self::Dwellings];

    /// The word for it in addresses and files.
    ///
    /// # Example
    /// ```
    /// use hotspots::model::Per;
    /// assert_eq!(Per::ALL.map(Per::as_str), ["residents", "households", "dwellings"]);
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Residents => "residents",
            Self::Households => "households",
            Self::Dwellings => "dwellings",
        }
    }
}

/// What rates are divided by: residents, households and dwellings of an area, by year of the figure. What is not
/// known is absent, and never 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Denominators {
    /// Usual residents by mid-year.
    pub residents: BTreeMap<i16, u32>,
    /// Households by year.
    pub households: BTreeMap<i16, u32>,
    /// Dwellings by year.
    pub dwellings: BTreeMap<i16, u32>,
}

impl Denominators {
    /// The figures of one kind by year.
    pub const fn of(&self, per: Per) -> &BTreeMap<i16, u32> {
        match per {
            Per::Residents => &self.residents,
            Per::Households => &self.households,
            Per::Dwellings => &self.dwellings,
        }
    }

    /// The same, to be changed.
    pub const fn of_mut(&mut self, per: Per) -> &mut BTreeMap<i16, u32> {
        match per {
            Per::Residents => &mut self.residents,
            Per::Households => &mut self.households,
            Per::Dwellings => &mut self.dwellings,
        }
    }
}

/// One area of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// Its code, unique in the layer.
    pub code: AreaCode,
    /// Its name.
    pub name: String,
    /// Its shape in grid metres, exteriors anticlockwise; what computing uses.
    pub grid: GridShape,
    /// Its shape in degrees, exteriors anticlockwise (RFC 7946 §3.1.6); what clients get.
    pub lonlat: LonLatShape,
    /// Its planar area on the grid.
    pub area: SquareMetres,
    /// Residents, households and dwellings, where the manifest gives them.
    pub denominators: Denominators,
}

/// When the boundaries of a vintage are in force: from its first to its last day, both of which belong to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Validity {
    /// The first day; `None` for as long as anyone knows.
    pub from: Option<Date>,
    /// The last day; `None` while nothing else is known.
    pub until: Option<Date>,
}

impl Validity {
    /// Whether it holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// Whether it holds on every day of a period.
    pub fn holds_through(&self, period: Period) -> bool {
        self.holds_on(period.first()) && self.holds_on(period.last())
    }
}

/// A set of areas that are counted side by side, in one vintage of their boundaries. Areas stand in order of their
/// codes.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Its name in addresses, which all its vintages share.
    pub id: LayerId,
    /// What people call it.
    pub title: String,
    /// Which state of the boundaries it shows, as in `2013` or `schematic`. Of layers with the same id, none has
    /// that of another.
    pub vintage: String,
    /// When they are in force.
    pub valid: Validity,
    /// Whether it is no longer offered. Reports that were made with it name it, and are still answered.
    pub retired: bool,
    /// Terms of use of the geometry.
    pub licence: String,
    /// True where the geometry is a drawing aid and not official.
    pub schematic: bool,
    /// The areas, ordered by code.
    pub areas: Vec<Area>,
}

/// A borough: its outline and its layers.
#[derive(Clone, Debug, PartialEq)]
pub struct BoundarySet {
    /// The borough's name.
    pub name: String,
    /// Its code, such as `E08000027`.
    pub code: String,
    /// The outline as an area of its own.
    pub outline: Area,
    /// True where the outline or any layer is schematic.
    pub schematic: bool,
    /// The layers in the manifest's order, each vintage as one of its own; which one a question is about is told by
    /// [`vintages`](super::vintages).
    pub layers: Vec<Layer>,
}
