//! Typed fields and their values.

use std::borrow::Cow;

/// A field of a layer: what it is called, of what type it is, and what it means.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name, as in properties and columns.
    pub name: String,
    /// The type of its values.
    pub kind: FieldKind,
    /// Its name for people.
    pub title: Cow<'static, str>,
    /// The unit of its values, where they have one: `1/km2`.
    pub unit: Option<&'static str>,
    /// What it means, in a sentence.
    pub description: &'static str,
}

/// The type of a field's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Text.
    Text,
    /// Whole numbers.
    Whole,
    /// Numbers.
    Number,
    /// True or false.
    Flag,
    /// Points in time.
    Instant,
}

/// The value of a field in a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// There is none.
    Absent,
    /// Text.
    Text(Cow<'a, str>),
    /// A whole number.
    Whole(i64),
    /// A finite number.
    Number(f64),
    /// True or false.
    Flag(bool),
    /// Seconds since 1970-01-01T00:00:00Z.
    Instant(i64),
}

impl Field {
    /// A field without a unit.
    pub fn new(
        name: impl Into<String>,
        kind: FieldKind,
        title: impl Into<Cow<'static, str>>,
        description: &'static str,
    ) -> Self {
        Self { name: name.into(), kind, title: title.into(), unit: None, description }
    }

    /// The same with a unit.
    #[must_use]
    pub const fn in_unit(mut self, unit: &'static str) -> Self {
        self.unit = Some(unit);
        self
    }
}

impl<'a> Value<'a> {
    /// Text, or absent.
    pub fn text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Absent, |text| Self::Text(Cow::Borrowed(text)))
    }

    /// A number; absent where it is none or not finite.
    ///
    /// # Example
    /// ```
    /// use hotspots::feature::Value;
    /// assert_eq!(Value::number(Some(2.5)), Value::Number(2.5));
    /// assert_eq!(Value::number(Some(f64::NAN)), Value::Absent);
    /// ```
    pub fn number(number: Option<f64>) -> Self {
        number.filter(|number| number.is_finite()).map_or(Self::Absent, Value::Number)
    }

    /// The value as a number, where it is one.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2⁵³")]
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Whole(whole) => Some(*whole as f64),
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether there is none.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}
