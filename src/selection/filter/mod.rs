//! A condition on incidents, written in CQL2 text (OGC 21-065r2).
//!
//! The `cql2` crate parses; here the expression is checked against the properties that incidents
//! have and turned into a tree that is evaluated on the snapshot's columns. A condition on a value
//! that is not known (no street, no outcome) is neither true nor false, as in SQL; an incident is
//! taken only where the whole filter is true.

mod compile;
mod like;
mod truth;

use self::{compile::Compiler, truth::Node};
use crate::{
    model::{Invalid, Layer},
    snapshot::Snapshot,
};

/// A checked filter.
#[derive(Clone, Debug)]
pub struct Filter {
    text: String,
    root: Node,
}

/// Longer filters are refused before they are parsed.
const LONGEST_FILTER: usize = 2_000;
/// Deeper nesting is refused before it is parsed: the parser recurses.
const DEEPEST_NESTING: usize = 40;

impl Filter {
    /// Parses and checks a filter. `layers` are the boundary layers, whose ids are properties too:
    /// `ward = 'E05001236'`.
    ///
    /// # Errors
    /// [`Invalid`] for text that is no CQL2, for a property that incidents do not have, for operators
    /// that are not offered, and for a text compared with a number.
    pub fn parse(text: &str, layers: &[Layer]) -> Result<Self, Invalid> {
        if text.len() > LONGEST_FILTER {
            return Err(Invalid::new(text, format!("a filter has at most {LONGEST_FILTER} characters")));
        }
        if compile::nesting(text) > DEEPEST_NESTING {
            return Err(Invalid::new(text, format!("a filter is nested at most {DEEPEST_NESTING} deep")));
        }
        let expression = cql2::parse_text(text)
            .map_err(|cause| Invalid::new(text, format!("the filter is not CQL2 text: {cause}")))?;
        let root = Compiler { text, layers }.node(&expression)?;
        Ok(Self { text: text.to_owned(), root })
    }

    /// The filter as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the filter is true for a row; not-known counts as not true.
    pub fn holds(&self, snapshot: &Snapshot, row: usize) -> bool {
        self.root.truth(snapshot, row) == Some(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_incidents_do_not_have_is_refused_by_name() {
        let fault = Filter::parse("postcode = 'DY1'", &[]).unwrap_err();
        assert!(fault.rule.contains("no property 'postcode'"), "{fault}");
        for text in [
            "category",
            "category = 1",
            "weight > 'a'",
            "category =",
            "s_intersects(category, POINT(0 0))",
            "'a' like 3",
            "(((",
        ] {
            assert!(Filter::parse(text, &[]).is_err(), "{text}");
        }
        let deep = format!("{}category = 'a'{}", "(".repeat(500), ")".repeat(500));
        assert!(Filter::parse(&deep, &[]).unwrap_err().rule.contains("nested"));
    }

    #[test]
    fn a_good_filter_is_taken() {
        for text in [
            "category = 'burglary'",
            "category in ('burglary', 'robbery') and not street is null",
            "casei(street) like casei('%high street%') or weight between 2 and 5",
            "month >= '2014-01'",
        ] {
            Filter::parse(text, &[]).unwrap();
        }
    }
}
