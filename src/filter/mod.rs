//! Conditions on features, written in CQL2 (OGC 21-065r2), as text or as JSON.
//!
//! Both encodings are read into one expression, which is checked against the fields that the features have and
//! turned into a tree that is evaluated row by row. A condition on a value that is not known (no street, no
//! outcome) is neither true nor false, as in SQL; a feature is taken only where the whole condition is true.
//!
//! The encodings are read here, and not by a crate, because a filter comes from outside: reading takes a time in
//! proportion to its length, whatever it is, and a fault is told with its place.

mod compile;
mod expression;
mod geometry;
mod json;
mod letters;
mod like;
mod space;
mod term;
#[cfg(test)]
mod tests;
mod text;
mod time;
mod tokens;
mod truth;
mod wkt;

pub use self::letters::plain;
use self::{compile::Compiler, expression::Expr, truth::Node};
use crate::{
    feature::{Crs, Field, Plane, Shape, Value},
    model::Invalid,
};

/// A feature as a condition sees it.
pub trait Row {
    /// The value of the field with that number.
    fn value(&self, field: usize) -> Value<'_>;

    /// Its geometry in a plane; `None` where it has none.
    fn shape(&self, plane: Plane) -> Option<Shape<'_>>;
}

/// A checked condition.
#[derive(Clone, Debug)]
pub struct Condition {
    text: String,
    root: Node,
}

/// Longer conditions are refused before they are read.
const LONGEST: usize = 8_000;
/// How deep brackets, functions and `not` nest at most: what reads and evaluates them recurses.
const DEEPEST_NESTING: usize = 40;

impl Condition {
    /// Reads and checks CQL2 text on features that have `fields`. Coordinates of geometries are those of `crs`,
    /// in the order of its axes, and sides are straight in its plane.
    ///
    /// # Errors
    /// [`Invalid`] for text that is no CQL2, for a property that the features do not have, for operators that
    /// are not offered, for values of different kinds that are compared, and for geometries that are not valid
    /// or lie beyond the coordinate system.
    pub fn parse_text(text: &str, fields: &[Field], crs: Crs) -> Result<Self, Invalid> {
        Self::parse(text, fields, crs, "text", text::read)
    }

    /// Reads and checks CQL2 JSON, which means the same as the text does.
    ///
    /// # Errors
    /// As [`Self::parse_text`].
    pub fn parse_json(text: &str, fields: &[Field], crs: Crs) -> Result<Self, Invalid> {
        Self::parse(text, fields, crs, "JSON", json::read)
    }

    fn parse(
        text: &str,
        fields: &[Field],
        crs: Crs,
        encoding: &str,
        read: fn(&str) -> Result<Expr, String>,
    ) -> Result<Self, Invalid> {
        let fault = |rule: String| Invalid::new(text, rule);
        if text.len() > LONGEST {
            return Err(fault(format!("a filter has at most {LONGEST} characters")));
        }
        let expression =
            read(text).map_err(|rule| fault(format!("the filter is not CQL2 {encoding}: {rule}")))?;
        let root = Compiler { fields, crs }.node(&expression).map_err(fault)?;
        Ok(Self { text: text.to_owned(), root })
    }

    /// The condition as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is true for a feature; not-known counts as not true.
    pub fn holds(&self, row: &impl Row) -> bool {
        self.root.truth(row) == Some(true)
    }
}

fn nested_too_deep() -> String {
    format!("a filter is nested at most {DEEPEST_NESTING} deep")
}
