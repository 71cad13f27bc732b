//! The checked tree, and whether it is true for a row.

use super::like::Pattern;
use crate::snapshot::Snapshot;

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
    Property(Property),
    Text(String),
    Number(f64),
    /// The term in lower case: `casei(…)`.
    LowerCase(Box<Term>),
}

#[derive(Clone, Debug)]
pub(super) enum Property {
    Category,
    Source,
    Street,
    Outcome,
    Precision,
    Month,
    Weight,
    /// The code of the area in the layer with that number; codes by area.
    Area(usize, Vec<String>),
}

enum Value<'a> {
    Text(std::borrow::Cow<'a, str>),
    Number(f64),
}

impl Term {
    pub(super) const fn is_number(&self) -> bool {
        matches!(self, Self::Number(_) | Self::Property(Property::Weight))
    }

    fn value<'a>(&'a self, snapshot: &'a Snapshot, row: usize) -> Option<Value<'a>> {
        let text = |text: &'a str| Some(Value::Text(text.into()));
        match self {
            Self::Text(literal) => text(literal),
            Self::Number(number) => Some(Value::Number(*number)),
            Self::LowerCase(inner) => match inner.value(snapshot, row)? {
                Value::Text(found) => Some(Value::Text(found.to_lowercase().into())),
                number @ Value::Number(_) => Some(number),
            },
            Self::Property(property) => match property {
                Property::Category => text(&snapshot.categories()[usize::from(snapshot.category(row))]),
                Property::Source => text(&snapshot.sources()[usize::from(snapshot.source(row))]),
                Property::Street => text(snapshot.street(row)?),
                Property::Outcome => text(snapshot.outcome(row)?),
                Property::Precision => text(snapshot.occurred(row).precision().as_str()),
                Property::Month => Some(Value::Text(snapshot.month(row).to_string().into())),
                Property::Weight => Some(Value::Number(snapshot.weight(row))),
                Property::Area(layer, codes) => {
                    let area = snapshot.places().area(*layer, snapshot.place(row)?)?;
                    text(codes.get(usize::from(area))?)
                }
            },
        }
    }
}

impl Node {
    /// True, false, or not known.
    pub(super) fn truth(&self, snapshot: &Snapshot, row: usize) -> Option<bool> {
        let value = |term: &Term| -> Option<()> { term.value(snapshot, row).map(|_| ()) };
        match self {
            Self::And(nodes) => all(nodes.iter().map(|node| node.truth(snapshot, row))),
            Self::Or(nodes) => {
                all(nodes.iter().map(|node| node.truth(snapshot, row).map(|truth| !truth))).map(|none| !none)
            }
            Self::Not(node) => node.truth(snapshot, row).map(|truth| !truth),
            Self::IsNull(term) => Some(value(term).is_none()),
            Self::Compare(left, ordering, right) => {
                let order = compare(&left.value(snapshot, row)?, &right.value(snapshot, row)?)?;
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
                let found = term.value(snapshot, row)?;
                let above = compare(&found, &low.value(snapshot, row)?)?.is_ge();
                let below = compare(&found, &high.value(snapshot, row)?)?.is_le();
                Some(above && below)
            }
            Self::In(term, items) => {
                let found = term.value(snapshot, row)?;
                let none = all(items
                    .iter()
                    .map(|item| compare(&found, &item.value(snapshot, row)?).map(std::cmp::Ordering::is_ne)));
                none.map(|none| !none)
            }
            Self::Like(term, pattern) => match term.value(snapshot, row)? {
                Value::Text(text) => Some(pattern.matches(&text)),
                Value::Number(_) => None,
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
        (Value::Number(left), Value::Number(right)) => left.partial_cmp(right),
        _ => None,
    }
}
