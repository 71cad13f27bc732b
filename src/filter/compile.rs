//! From an expression to a checked tree.

use std::sync::Arc;

use super::{
    expression::Expr,
    letters::Fold,
    like::Pattern,
    space::{Place, SpaceRelation},
    term::{Arithmetic, Items, Kind, Term},
    time::{self, End, Span, TimeRelation},
    truth::{Comparison, Node},
};
use crate::feature::{Crs, Field};

/// What the geometry of a feature is called.
const GEOMETRY: [&str; 2] = ["geometry", "geom"];

/// Checks an expression against the fields of features.
pub(super) struct Compiler<'a> {
    pub(super) fields: &'a [Field],
    pub(super) crs: Crs,
}

impl Compiler<'_> {
    /// A condition.
    pub(super) fn node(&self, expression: &Expr) -> Result<Node, String> {
        let (name, operands) = match expression {
            Expr::Call(name, operands) => (name.as_str(), operands.as_slice()),
            Expr::Flag(truth) => return Ok(Node::Constant(*truth)),
            Expr::Property(property) => {
                let term = self.property(property)?;
                return if term.kind() == Kind::Flag { Ok(Node::Flag(term)) } else { Err(no_condition()) };
            }
            _ => return Err(no_condition()),
        };
        let nodes = || operands.iter().map(|operand| self.node(operand)).collect::<Result<Vec<_>, _>>();
        if let Some(relation) = SpaceRelation::named(name) {
            return self.space(name, relation, operands);
        }
        if let Some(relation) = TimeRelation::named(name) {
            let [left, right] = operands else { return Err(count_fault(name, "two times or intervals")) };
            return Ok(Node::Time(relation, [self.span(left)?, self.span(right)?]));
        }
        match (name, operands) {
            ("and", [_, _, ..]) => Ok(Node::And(nodes()?)),
            ("or", [_, _, ..]) => Ok(Node::Or(nodes()?)),
            ("not", [inner]) => Ok(Node::Not(Box::new(self.node(inner)?))),
            ("isnull", [Expr::Property(property)]) if is_geometry(property) => Ok(Node::IsNowhere),
            ("isnull", [term]) => Ok(Node::IsNull(self.term(term)?)),
            ("like", [term, pattern]) => {
                let term = self.text("like", term)?;
                match self.term(pattern)? {
                    Term::Text(pattern) => Ok(Node::Like(term, Pattern::new(&pattern))),
                    _ => Err("like takes a text in quotes, with % for any letters and _ for one".to_owned()),
                }
            }
            ("between", [value, low, high]) => {
                let mut terms = [self.term(value)?, self.term(low)?, self.term(high)?];
                Term::align(&mut terms)?;
                Ok(Node::Between(Box::new(terms)))
            }
            ("in", [value, Expr::List(items)]) if !items.is_empty() => {
                let terms = std::iter::once(value).chain(items).map(|term| self.term(term));
                let mut terms = terms.collect::<Result<Vec<_>, _>>()?;
                Term::align(&mut terms)?;
                let items = terms.split_off(1);
                let value = terms.pop().ok_or_else(no_condition)?;
                Ok(Node::In(value, Items::new(items)))
            }
            ("in", _) => Err("in takes a list, as in category in ('burglary', 'robbery')".to_owned()),
            ("and" | "or", _) => Err(count_fault(name, "two conditions or more")),
            ("not", _) => Err(count_fault(name, "one condition")),
            ("isnull", _) => Err(count_fault("isNull", "one property")),
            ("like", _) => Err(count_fault(name, "a property and a pattern")),
            ("between", _) => Err(count_fault(name, "a value and two ends")),
            _ => match (Comparison::named(name), operands) {
                (Some(comparison), [left, right]) => {
                    let mut terms = [self.term(left)?, self.term(right)?];
                    Term::align(&mut terms)?;
                    let [left, right] = terms;
                    Ok(Node::Compare(left, comparison, right))
                }
                (Some(_), _) => Err(count_fault(name, "two values")),
                (None, _) if is_value(name) => Err(no_condition()),
                (None, _) => Err(unknown(name)),
            },
        }
    }

    /// What is compared.
    fn term(&self, expression: &Expr) -> Result<Term, String> {
        Ok(match expression {
            Expr::Property(property) => self.property(property)?,
            Expr::Text(text) => Term::Text(text.clone()),
            Expr::Number(number) => Term::Number(*number),
            Expr::Flag(flag) => Term::Flag(*flag),
            Expr::Date(text) => Term::Time(time::day(text)?),
            Expr::Timestamp(text) => Term::Time(time::instant(text)?),
            Expr::Call(name, operands) => match (name.as_str(), operands.as_slice()) {
                ("casei", [text]) => self.text(name, text)?.folded(Fold::Case),
                ("accenti", [text]) => self.text(name, text)?.folded(Fold::Accents),
                ("casei" | "accenti", _) => return Err(count_fault(name, "one text")),
                (sign, operands) => match (Arithmetic::named(sign), operands) {
                    (Some(operation), [left, right]) => {
                        let terms = [self.term(left)?, self.term(right)?];
                        if terms.iter().any(|term| term.kind() != Kind::Number) {
                            return Err(format!("'{sign}' takes numbers"));
                        }
                        Term::Arithmetic(operation, Box::new(terms))
                    }
                    (Some(_), _) => return Err(count_fault(sign, "two numbers")),
                    (None, _) if is_offered(name) => {
                        return Err(format!(
                            "'{name}' makes a condition, and stands where a value is compared"
                        ));
                    }
                    (None, _) => return Err(unknown(name)),
                },
            },
            Expr::Geometry(_) | Expr::Bbox(_) => {
                return Err("geometries are compared by functions such as s_intersects".to_owned());
            }
            Expr::Interval(_) => {
                return Err("intervals are compared by functions such as t_intersects".to_owned());
            }
            Expr::List(_) => return Err("a list stands behind in only".to_owned()),
        })
    }

    /// A term that is a text.
    fn text(&self, name: &str, expression: &Expr) -> Result<Term, String> {
        let term = self.term(expression)?;
        if term.kind() == Kind::Text {
            return Ok(term);
        }
        Err(format!("{name} takes a text, not {}", term.kind().name()))
    }

    fn property(&self, name: &str) -> Result<Term, String> {
        let found = self.fields.iter().position(|field| field.name == name);
        if let Some(number) = found {
            return Ok(Term::Property { number, kind: Kind::of(self.fields[number].kind) });
        }
        if is_geometry(name) {
            return Err(format!("'{name}' is compared by functions such as s_intersects"));
        }
        let known: Vec<_> = self.fields.iter().map(|field| field.name.as_str()).collect();
        Err(format!("there is no property '{name}'; there are {}, geometry", known.join(", ")))
    }

    /// A relation of the feature's geometry and one that the filter gives, on either side.
    fn space(&self, name: &str, relation: SpaceRelation, operands: &[Expr]) -> Result<Node, String> {
        let is_own = |expression: &Expr| match expression {
            Expr::Property(property) if is_geometry(property) => Ok(true),
            // Tells what is no property at all.
            Expr::Property(property) => self.property(property).map(|_| false),
            _ => Ok(false),
        };
        let rule = || count_fault(name, "the property geometry and a geometry, as in POINT(-2.08 52.51)");
        let [left, right] = operands else { return Err(rule()) };
        let (relation, literal) = match (is_own(left)?, is_own(right)?) {
            (true, false) => (relation, right),
            (false, true) => (relation.turned(), left),
            (true, true) => return Ok(Node::SpaceOfItself(relation.is_of_equals())),
            (false, false) => return Err(rule()),
        };
        let place = match literal {
            Expr::Geometry(geometry) => Place::of_geometry(geometry.clone(), self.crs, relation)?,
            Expr::Bbox(numbers) => Place::of_box(numbers, self.crs)?,
            _ => return Err(rule()),
        };
        Ok(Node::Space(relation, Arc::new(place)))
    }

    /// A time or an interval.
    fn span(&self, expression: &Expr) -> Result<Span, String> {
        let Expr::Interval(ends) = expression else {
            return match self.end(expression)? {
                End::Field(number) => Ok(Span::Field(number)),
                End::Fixed(moment) => Ok(Span::Fixed(moment)),
                End::Open => Err("'..' is an end of an interval only".to_owned()),
            };
        };
        let (from, to) = (self.end(&ends[0])?, self.end(&ends[1])?);
        if let (End::Fixed(from), End::Fixed(to)) = (from, to)
            && from.first_s > to.last_s.saturating_add(1)
        {
            return Err("an interval does not end before it starts".to_owned());
        }
        Ok(Span::Between(from, to))
    }

    fn end(&self, expression: &Expr) -> Result<End, String> {
        if let Expr::Text(text) = expression {
            return Ok(if text == ".." { End::Open } else { End::Fixed(time::moment(text)?) });
        }
        match self.term(expression)? {
            Term::Time(moment) => Ok(End::Fixed(moment)),
            Term::Property { number, kind: Kind::Time } => Ok(End::Field(number)),
            term => Err(format!("{} stands where a time or an interval is expected", term.kind().name())),
        }
    }
}

fn is_geometry(name: &str) -> bool {
    GEOMETRY.contains(&name)
}

fn is_value(name: &str) -> bool {
    matches!(name, "casei" | "accenti") || Arithmetic::named(name).is_some()
}

/// Whether a name makes a condition.
fn is_offered(name: &str) -> bool {
    matches!(name, "and" | "or" | "not" | "like" | "in" | "between" | "isnull")
        || Comparison::named(name).is_some()
        || SpaceRelation::named(name).is_some()
        || TimeRelation::named(name).is_some()
}

fn no_condition() -> String {
    "a filter is a condition, as in category = 'burglary'".to_owned()
}

fn count_fault(name: &str, takes: &str) -> String {
    format!("'{name}' takes {takes}")
}

fn unknown(name: &str) -> String {
    let names = |names: &[&'static str]| names.join(", ");
    format!(
        "'{name}' is not offered; there are and, or, not, =, <>, <, <=, >, >=, +, -, *, /, div, %, ^, in, between, \
         like, is null, casei(), accenti(), {}, {}",
        names(&SpaceRelation::ALL.map(|(name, _)| name)),
        names(&TimeRelation::ALL.map(|(name, _)| name)),
    )
}
