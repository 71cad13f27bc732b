//! The checked tree, and whether it is true for a row.

use std::{cmp::Ordering, sync::Arc};

use super::{
    Row,
    like::Pattern,
    space::{Place, SpaceRelation},
    term::{Datum, Items, Term},
    time::{Span, TimeRelation},
};
use crate::feature::Plane;

#[derive(Clone, Debug)]
pub(super) enum Node {
    Constant(bool),
    /// A term that is true or false itself.
    Flag(Term),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Compare(Term, Comparison, Term),
    Like(Term, Pattern),
    In(Term, Items),
    /// The term, its least and its greatest value.
    Between(Box<[Term; 3]>),
    IsNull(Term),
    /// Whether the feature has no geometry.
    IsNowhere,
    Space(SpaceRelation, Arc<Place>),
    /// Whether the feature's geometry lies so to itself: the same for every feature that has one.
    SpaceOfItself(bool),
    Time(TimeRelation, [Span; 2]),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    pub(super) fn named(sign: &str) -> Option<Self> {
        Some(match sign {
            "=" => Self::Equal,
            "<>" => Self::NotEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            _ => return None,
        })
    }

    const fn is(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

impl Node {
    /// True, false, or not known.
    pub(super) fn truth(&self, row: &impl Row) -> Option<bool> {
        match self {
            Self::Constant(truth) => Some(*truth),
            Self::Flag(term) => match term.value(row)? {
                Datum::Flag(flag) => Some(flag),
                _ => None,
            },
            Self::And(nodes) => decided(nodes, false, row),
            Self::Or(nodes) => decided(nodes, true, row),
            Self::Not(node) => node.truth(row).map(|truth| !truth),
            Self::IsNull(term) => Some(term.value(row).is_none()),
            Self::IsNowhere => Some(row.shape(Plane::Degrees).is_none()),
            Self::Compare(left, comparison, right) => {
                left.value(row)?.compare(&right.value(row)?).map(|order| comparison.is(order))
            }
            Self::Between(terms) => {
                let [value, low, high] = &**terms;
                let value = value.value(row)?;
                let side = |end: &Term| value.compare(&end.value(row)?);
                // One end that it lies beyond decides, whatever the other is.
                match (side(low).map(Ordering::is_ge), side(high).map(Ordering::is_le)) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                }
            }
            Self::In(term, items) => items.hold(&term.value(row)?, row),
            Self::Like(term, pattern) => match term.value(row)? {
                Datum::Text(text) => Some(pattern.matches(&text)),
                _ => None,
            },
            Self::Space(relation, place) => Some(place.holds(*relation, &row.shape(place.plane())?)),
            Self::SpaceOfItself(truth) => row.shape(Plane::Degrees).map(|_| *truth),
            Self::Time(relation, [left, right]) => Some(relation.holds(left.of(row)?, right.of(row)?)),
        }
    }
}

/// Three-valued and (`by` false) and or (`by` true): one node of that truth decides, otherwise one that is not
/// known does.
fn decided(nodes: &[Node], by: bool, row: &impl Row) -> Option<bool> {
    let mut known = true;
    for node in nodes {
        match node.truth(row) {
            Some(truth) if truth == by => return Some(by),
            Some(_) => {}
            None => known = false,
        }
    }
    known.then_some(!by)
}
