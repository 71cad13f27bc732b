//! What conditions compare: values of fields, constants, and what is computed of them.

use std::{borrow::Cow, cmp::Ordering};

use super::{
    Row,
    letters::Fold,
    time::{self, Moment},
};
use crate::feature::{FieldKind, Value};

/// A value that is compared.
#[derive(Clone, Debug)]
pub(super) enum Term {
    /// The field with that number.
    Property {
        number: usize,
        kind: Kind,
    },
    Text(String),
    Number(f64),
    Flag(bool),
    Time(Moment),
    /// A text without regard to case or accents.
    Folded(Fold, Box<Term>),
    Arithmetic(Arithmetic, Box<[Term; 2]>),
}

/// What sort of value a term has: only like is compared with like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Flag,
    Time,
}

/// What two numbers make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    /// The whole part of a quotient.
    WholeDivide,
    /// The rest, with the sign of the dividend.
    Rest,
    Power,
}

/// The value of a term for a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Datum<'a> {
    Text(Cow<'a, str>),
    Number(f64),
    Flag(bool),
    Time(Moment),
}

impl Kind {
    pub(super) const fn of(kind: FieldKind) -> Self {
        match kind {
            FieldKind::Text => Self::Text,
            FieldKind::Whole | FieldKind::Number => Self::Number,
            FieldKind::Flag => Self::Flag,
            FieldKind::Instant => Self::Time,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Flag => "true or false",
            Self::Time => "a time",
        }
    }
}

impl Arithmetic {
    pub(super) fn named(sign: &str) -> Option<Self> {
        Some(match sign {
            "+" => Self::Add,
            "-" => Self::Subtract,
            "*" => Self::Multiply,
            "/" => Self::Divide,
            "div" => Self::WholeDivide,
            "%" => Self::Rest,
            "^" => Self::Power,
            _ => return None,
        })
    }

    /// What two numbers make; `None` where it is no finite number, as in 1/0.
    fn of(self, a: f64, b: f64) -> Option<f64> {
        let made = match self {
            Self::Add => a + b,
            Self::Subtract => a - b,
            Self::Multiply => a * b,
            Self::Divide => a / b,
            Self::WholeDivide => (a / b).trunc(),
            Self::Rest => a % b,
            Self::Power => libm::pow(a, b),
        };
        Some(made).filter(|made| made.is_finite())
    }
}

impl Term {
    pub(super) const fn kind(&self) -> Kind {
        match self {
            Self::Property { kind, .. } => *kind,
            Self::Text(_) | Self::Folded(..) => Kind::Text,
            Self::Number(_) | Self::Arithmetic(..) => Kind::Number,
            Self::Flag(_) => Kind::Flag,
            Self::Time(_) => Kind::Time,
        }
    }

    /// The text without regard to case or accents: at once for a constant.
    pub(super) fn folded(self, fold: Fold) -> Self {
        match self {
            Self::Text(text) => Self::Text(fold.apply(text.into()).into_owned()),
            other => Self::Folded(fold, Box::new(other)),
        }
    }

    /// Makes terms comparable with each other: where one is a time, texts are read as times.
    ///
    /// # Errors
    /// Where that is no time, and where terms are of different kinds.
    pub(super) fn align(terms: &mut [Self]) -> Result<(), String> {
        if terms.iter().any(|term| term.kind() == Kind::Time) {
            for term in terms.iter_mut() {
                if let Self::Text(text) = term {
                    *term = Self::Time(time::moment(text)?);
                }
            }
        }
        let mut kinds = terms.iter().map(Self::kind);
        let Some(first) = kinds.next() else { return Ok(()) };
        match kinds.find(|kind| *kind != first) {
            None => Ok(()),
            Some(other) => {
                let hint =
                    if [first, other].contains(&Kind::Text) { "; put texts in single quotes" } else { "" };
                Err(format!("{} is compared with {}{hint}", first.name(), other.name()))
            }
        }
    }

    /// The value for a row; `None` where it is not known.
    pub(super) fn value<'a>(&'a self, row: &'a impl Row) -> Option<Datum<'a>> {
        match self {
            Self::Property { number, .. } => Datum::of(row.value(*number)),
            Self::Text(text) => Some(Datum::Text(Cow::Borrowed(text))),
            Self::Number(number) => Some(Datum::Number(*number)),
            Self::Flag(flag) => Some(Datum::Flag(*flag)),
            Self::Time(moment) => Some(Datum::Time(*moment)),
            Self::Folded(fold, inner) => match inner.value(row)? {
                Datum::Text(text) => Some(Datum::Text(fold.apply(text))),
                _ => None,
            },
            Self::Arithmetic(operation, operands) => {
                let [Datum::Number(a), Datum::Number(b)] = [operands[0].value(row)?, operands[1].value(row)?]
                else {
                    return None;
                };
                operation.of(a, b).map(Datum::Number)
            }
        }
    }
}

impl<'a> Datum<'a> {
    fn of(value: Value<'a>) -> Option<Self> {
        Some(match value {
            Value::Absent => return None,
            Value::Text(text) => Self::Text(text),
            Value::Flag(flag) => Self::Flag(flag),
            Value::Instant(second) => Self::Time(Moment::at(second)),
            Value::Whole(_) | Value::Number(_) => Self::Number(value.as_number()?),
        })
    }

    /// The order of two values of a kind.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            (Self::Number(a), Self::Number(b)) => a.partial_cmp(b),
            (Self::Flag(a), Self::Flag(b)) => Some(a.cmp(b)),
            (Self::Time(a), Self::Time(b)) => Some(a.compare(b)),
            _ => None,
        }
    }
}

/// The items of `in`, those that are constant texts or numbers sorted for search.
#[derive(Clone, Debug)]
pub(super) enum Items {
    Texts(Vec<String>),
    Numbers(Vec<f64>),
    Any(Vec<Term>),
}

impl Items {
    pub(super) fn new(terms: Vec<Term>) -> Self {
        let texts =
            || terms.iter().map(|term| if let Term::Text(text) = term { Some(text.clone()) } else { None });
        if let Some(mut texts) = texts().collect::<Option<Vec<_>>>() {
            texts.sort_unstable();
            return Self::Texts(texts);
        }
        let numbers =
            || terms.iter().map(|term| if let Term::Number(number) = term { Some(*number) } else { None });
        if let Some(mut numbers) = numbers().collect::<Option<Vec<_>>>() {
            numbers.sort_by(f64::total_cmp);
            return Self::Numbers(numbers);
        }
        Self::Any(terms)
    }

    /// Whether one of them is the value; not known where none is that is known, and one is not.
    pub(super) fn hold(&self, value: &Datum<'_>, row: &impl Row) -> Option<bool> {
        match (self, value) {
            (Self::Texts(texts), Datum::Text(text)) => {
                Some(texts.binary_search_by(|own| own.as_str().cmp(text)).is_ok())
            }
            (Self::Numbers(numbers), Datum::Number(number)) => {
                let from = numbers.partition_point(|own| own < number);
                // Not by bits: −0 is 0.
                Some(numbers.get(from).is_some_and(|own| own <= number))
            }
            (Self::Any(terms), value) => {
                let mut known = true;
                for term in terms {
                    match term.value(row).and_then(|item| value.compare(&item)) {
                        Some(Ordering::Equal) => return Some(true),
                        Some(_) => {}
                        None => known = false,
                    }
                }
                known.then_some(false)
            }
            _ => None,
        }
    }
}
