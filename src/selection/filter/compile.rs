//! From a parsed expression to a checked tree.

use cql2::Expr;

use super::{
    like::Pattern,
    truth::{Node, Ordering, Property, Term},
};
use crate::model::{Invalid, Layer};

/// How deep brackets and `not` can nest in `text`, from above.
pub(super) fn nesting(text: &str) -> usize {
    let brackets = text.bytes().filter(|b| matches!(b, b'(' | b'[')).count();
    brackets + text.to_ascii_lowercase().matches("not").count()
}

/// Checks an expression against the properties of incidents.
pub(super) struct Compiler<'a> {
    pub(super) text: &'a str,
    pub(super) layers: &'a [Layer],
}

impl Compiler<'_> {
    fn fault(&self, rule: impl Into<String>) -> Invalid {
        Invalid::new(self.text, rule)
    }

    pub(super) fn node(&self, expression: &Expr) -> Result<Node, Invalid> {
        let Expr::Operation { op, args } = expression else {
            return Err(self.fault("a filter is a condition, as in category = 'burglary'"));
        };
        let nodes = || args.iter().map(|arg| self.node(arg)).collect::<Result<Vec<_>, _>>();
        Ok(match (op.as_str(), args.as_slice()) {
            ("and", _) => Node::And(nodes()?),
            ("or", _) => Node::Or(nodes()?),
            ("not", [inner]) => Node::Not(Box::new(self.node(inner)?)),
            ("isNull", [term]) => Node::IsNull(self.term(term)?),
            ("like", [term, pattern]) => {
                let term = self.term(term)?;
                self.same_kind(&term, &Term::Text(String::new()))?;
                Node::Like(term, self.pattern(pattern)?)
            }
            ("between", [term, low, high]) => {
                let [term, low, high] = [self.term(term)?, self.term(low)?, self.term(high)?];
                self.same_kind(&term, &low)?;
                self.same_kind(&term, &high)?;
                Node::Between(term, low, high)
            }
            ("in", [term, list]) => {
                let Expr::Array(items) = list.as_ref() else {
                    return Err(self.fault("in takes a list, as in category in ('burglary', 'robbery')"));
                };
                let term = self.term(term)?;
                let items = items.iter().map(|item| self.term(item)).collect::<Result<Vec<_>, _>>()?;
                items.iter().try_for_each(|item| self.same_kind(&term, item))?;
                Node::In(term, items)
            }
            (comparison, [left, right]) => {
                let ordering = match comparison {
                    "=" => Ordering::Equal,
                    "<>" => Ordering::NotEqual,
                    "<" => Ordering::Less,
                    "<=" => Ordering::LessOrEqual,
                    ">" => Ordering::Greater,
                    ">=" => Ordering::GreaterOrEqual,
                    other => return Err(self.unknown_operator(other)),
                };
                let (left, right) = (self.term(left)?, self.term(right)?);
                self.same_kind(&left, &right)?;
                Node::Compare(left, ordering, right)
            }
            (other, _) => return Err(self.unknown_operator(other)),
        })
    }

    fn unknown_operator(&self, name: &str) -> Invalid {
        self.fault(format!(
            "'{name}' is not offered; there are and, or, not, =, <>, <, <=, >, >=, in, between, like, is null \
             and casei()"
        ))
    }

    fn term(&self, expression: &Expr) -> Result<Term, Invalid> {
        Ok(match expression {
            Expr::Property { property } => Term::Property(self.property(property)?),
            Expr::Literal(text) => Term::Text(text.clone()),
            Expr::Float(number) => Term::Number(*number),
            Expr::Operation { op, args } if op == "casei" && args.len() == 1 => match self.term(&args[0])? {
                Term::Text(text) => Term::Text(text.to_lowercase()),
                term => {
                    self.same_kind(&term, &Term::Text(String::new()))?;
                    Term::LowerCase(Box::new(term))
                }
            },
            _ => return Err(self.fault("a condition compares properties with texts in quotes or numbers")),
        })
    }

    fn property(&self, name: &str) -> Result<Property, Invalid> {
        Ok(match name {
            "category" => Property::Category,
            "source" => Property::Source,
            "street" => Property::Street,
            "outcome" => Property::Outcome,
            "precision" => Property::Precision,
            "month" => Property::Month,
            "weight" => Property::Weight,
            other => {
                let found = self.layers.iter().enumerate().find(|(_, layer)| layer.id.as_str() == other);
                let (index, layer) = found.ok_or_else(|| {
                    let layers: Vec<_> = self.layers.iter().map(|layer| layer.id.as_str()).collect();
                    self.fault(format!(
                        "incidents have no property '{other}'; they have category, source, street, outcome, \
                         precision, month, weight, {}",
                        layers.join(", ")
                    ))
                })?;
                Property::Area(index, layer.areas.iter().map(|area| area.code.0.clone()).collect())
            }
        })
    }

    fn pattern(&self, expression: &Expr) -> Result<Pattern, Invalid> {
        match self.term(expression)? {
            Term::Text(text) => Ok(Pattern::new(&text)),
            _ => Err(self.fault("like takes a text in quotes, with % for any letters and _ for one")),
        }
    }

    fn same_kind(&self, left: &Term, right: &Term) -> Result<(), Invalid> {
        if left.is_number() == right.is_number() {
            Ok(())
        } else {
            Err(self.fault("a text is compared with a number; put texts in single quotes"))
        }
    }
}
