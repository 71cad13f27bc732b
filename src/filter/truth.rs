//! The checked tree, and whether it is true for a row.

use std::borrow::Cow;

use super::{Row, like::Pattern};
use crate::feature::Value;

#[derive(Clone, Debug)]
pub(super) enum Node {
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Compare(Term, Ordering, Term),
    Like(Term, Pattern),
    In(Term, Vec<Term>),
    Between(Term, Term, Term),
    IsNull(Term),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Ordering {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Debug)]
pub(super) enum Term {
    /// The field with that number.
    Property {
        number: usize,
        is_number: bool,
    },
    Text(String),
    Number(f64),
    /// The term in lower case: `casei(…)`.
    LowerCase(Box<Term>),
}

impl Term {
    pub(super) const fn is_number(&self) -> bool {
        matches!(self, Self::Number(_) | Self::Property { is_number: true, .. })
    }

    /// The value for a row; `None` where it is not known.
    fn value<'a>(&'a self, row: &'a impl Row) -> Option<Value<'a>> {
        match self {
            Self::Text(literal) => Some(Value::Text(Cow::Borrowed(literal))),
            Self::Number(number) => Some(Value::Number(*number)),
            Self::LowerCase(inner) => match inner.value(row)? {
                Value::Text(found) => Some(Value::Text(found.to_lowercase().into())),
                other => Some(other),
            },
            Self::Property { number, .. } => Some(row.value(*number)).filter(|value| !value.is_absent()),
        }
    }
}

impl Node {
    /// True, false, or not known.
    pub(super) fn truth(&self, row: &impl Row) -> Option<bool> {
        let value = |term: &Term| -> Option<()> { term.value(row).map(|_| ()) };
        match self {
            Self::And(nodes) => all(nodes.iter().map(|node| node.truth(row))),
            Self::Or(nodes) => {
                all(nodes.iter().map(|node| node.truth(row).map(|truth| !truth))).map(|none| !none)
            }
            Self::Not(node) => node.truth(row).map(|truth| !truth),
            Self::IsNull(term) => Some(value(term).is_none()),
            Self::Compare(left, ordering, right) => {
                let order = compare(&left.value(row)?, &right.value(row)?)?;
                Some(match ordering {
                    Ordering::Equal => order.is_eq(),
                    Ordering::NotEqual => order.is_ne(),
                    Ordering::Less => order.is_lt(),
                    Ordering::LessOrEqual => order.is_le(),
                    Ordering::Greater => order.is_gt(),
                    Ordering::GreaterOrEqual => order.is_ge(),
                })
            }
            Self::Between(term, low, high) => {
                let found = term.value(row)?;
                let above = compare(&found, &low.value(row)?)?.is_ge();
                let below = compare(&found, &high.value(row)?)?.is_le();
                Some(above && below)
            }
            Self::In(term, items) => {
                let found = term.value(row)?;
                let none = all(items
                    .iter()
                    .map(|item| compare(&found, &item.value(row)?).map(std::cmp::Ordering::is_ne)));
                none.map(|none| !none)
            }
            Self::Like(term, pattern) => match term.value(row)? {
                Value::Text(text) => Some(pattern.matches(&text)),
                _ => None,
            },
        }
    }
}

/// Three-valued and: one false decides, otherwise one not-known does.
fn all(truths: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = true;
    for truth in truths {
        match truth {
            Some(false) => return Some(false),
            Some(true) => {}
            None => known = false,
        }
    }
    known.then_some(true)
}

fn compare(left: &Value<'_>, right: &Value<'_>) -> Option<std::cmp::Ordering> {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Flag(left), Value::Flag(right)) => Some(left.cmp(right)),
        (Value::Instant(left), Value::Instant(right)) => Some(left.cmp(right)),
        _ => left.as_number()?.partial_cmp(&right.as_number()?),
    }
}
