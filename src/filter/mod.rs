//! Conditions on features, written in CQL2 (OGC 21-065r2).
//!
//! The `cql2` crate parses; here the expression is checked against the fields that the features have and turned
//! into a tree that is evaluated row by row. A condition on a value that is not known (no street, no outcome)
//! is neither true nor false, as in SQL; a feature is taken only where the whole condition is true.

mod compile;
mod like;
mod truth;

use self::{compile::Compiler, truth::Node};
use crate::{
    feature::{Crs, Field, Shape, Value},
    model::Invalid,
};

/// A feature as a condition sees it.
pub trait Row {
    /// The value of the field with that number.
    fn value(&self, field: usize) -> Value<'_>;

    /// Its geometry in degrees.
    fn shape(&self) -> Option<Shape<'_>>;

    /// When it happened: its first second and the one after its last, Unix time.
    fn time(&self) -> Option<(i64, i64)>;
}

/// A checked condition.
#[derive(Clone, Debug)]
pub struct Condition {
    text: String,
    root: Node,
}

/// Longer conditions are refused before they are parsed.
const LONGEST: usize = 2_000;
/// Deeper nesting is refused before it is parsed: the parser recurses.
const DEEPEST_NESTING: usize = 40;

impl Condition {
    /// Parses and checks CQL2 text on features that have `fields`.
    ///
    /// # Errors
    /// [`Invalid`] for text that is no CQL2, for a property that the features do not have, for operators that
    /// are not offered, and for a text compared with a number.
    pub fn parse_text(text: &str, fields: &[Field], _crs: Crs) -> Result<Self, Invalid> {
        if text.len() > LONGEST {
            return Err(Invalid::new(text, format!("a filter has at most {LONGEST} characters")));
        }
        if compile::nesting(text) > DEEPEST_NESTING {
            return Err(Invalid::new(text, format!("a filter is nested at most {DEEPEST_NESTING} deep")));
        }
        let expression = cql2::parse_text(text)
            .map_err(|cause| Invalid::new(text, format!("the filter is not CQL2 text: {cause}")))?;
        let root = Compiler { text, fields }.node(&expression)?;
        Ok(Self { text: text.to_owned(), root })
    }

    /// Parses and checks CQL2 JSON.
    ///
    /// # Errors
    /// As [`Self::parse_text`].
    pub fn parse_json(text: &str, fields: &[Field], _crs: Crs) -> Result<Self, Invalid> {
        let expression = cql2::parse_json(text)
            .map_err(|cause| Invalid::new(text, format!("the filter is not CQL2 JSON: {cause}")))?;
        let root = Compiler { text, fields }.node(&expression)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::FieldKind;

    fn fields() -> Vec<Field> {
        let text = |name: &str| Field::new(name, FieldKind::Text, "", "");
        let mut fields: Vec<_> = ["category", "street", "month"].map(text).into();
        fields.push(Field::new("weight", FieldKind::Number, "", ""));
        fields
    }

    #[test]
    fn what_features_do_not_have_is_refused_by_name() {
        let fault = Condition::parse_text("postcode = 'DY1'", &fields(), Crs::Crs84).unwrap_err();
        assert!(fault.rule.contains("no property 'postcode'"), "{fault}");
        for text in ["category", "category = 1", "weight > 'a'", "category =", "'a' like 3", "((("] {
            assert!(Condition::parse_text(text, &fields(), Crs::Crs84).is_err(), "{text}");
        }
        let deep = format!("{}category = 'a'{}", "(".repeat(500), ")".repeat(500));
        assert!(Condition::parse_text(&deep, &fields(), Crs::Crs84).unwrap_err().rule.contains("nested"));
    }

    #[test]
    fn a_good_filter_is_taken() {
        for text in [
            "category = 'burglary'",
            "category in ('burglary', 'robbery') and not street is null",
            "casei(street) like casei('%high street%') or weight between 2 and 5",
            "month >= '2014-01'",
        ] {
            Condition::parse_text(text, &fields(), Crs::Crs84).unwrap();
        }
    }
}
