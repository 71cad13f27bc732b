//! What a filter says, in whichever encoding it was written; nothing is checked against fields yet.

use geo_types::Geometry;

/// An expression. Names of operators and functions are in lower case.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    /// An operator or a function with its operands.
    Call(String, Vec<Expr>),
    Property(String),
    Text(String),
    Number(f64),
    Flag(bool),
    List(Vec<Expr>),
    Date(String),
    Timestamp(String),
    /// From one end to the other; each is a text, a date, a timestamp or a property.
    Interval(Box<[Expr; 2]>),
    /// Coordinates as they were written, heights left out.
    Geometry(Geometry<f64>),
    Bbox(Vec<f64>),
}

impl Expr {
    pub(super) fn call(name: &str, operands: impl Into<Vec<Self>>) -> Self {
        Self::Call(name.to_owned(), operands.into())
    }

    /// An interval of what stands between its brackets.
    pub(super) fn interval(ends: Vec<Self>) -> Result<Self, String> {
        let ends = <[Self; 2]>::try_from(ends);
        ends.map(|ends| Self::Interval(Box::new(ends))).map_err(|ends| {
            format!("an interval has two ends, as in INTERVAL('2024-01-01', '..'), not {}", ends.len())
        })
    }

    /// A box of the numbers of its corners.
    pub(super) fn bbox(numbers: Vec<Self>) -> Result<Self, String> {
        let numbers = numbers.into_iter().map(|number| match number {
            Self::Number(number) => Ok(number),
            _ => Err("the corners of BBOX are numbers".to_owned()),
        });
        numbers.collect::<Result<_, _>>().map(Self::Bbox)
    }
}
