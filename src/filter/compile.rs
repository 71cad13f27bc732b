//! From a parsed expression to a checked tree.

use cql2::Expr;

use super::{
    like::Pattern,
    truth::{Node, Ordering, Term},
};
use crate::{
    feature::{Field, FieldKind},
    model::Invalid,
};

/// How deep brackets and `not` can nest in `text`, from above.
pub(super) fn nesting(text: &str) -> usize {
    let brackets = text.bytes().filter(|b| matches!(b, b'(' | b'[')).count();
    brackets + text.to_ascii_lowercase().matches("not").count()
}

/// Checks an expression against the fields of features.
pub(super) struct Compiler<'a> {
    pub(super) text: &'a str,
    pub(super) fields: &'a [Field],
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
            Expr::Property { property } => self.property(property)?,
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

    fn property(&self, name: &str) -> Result<Term, Invalid> {
        let found = self.fields.iter().position(|field| field.name == name);
        let number = found.ok_or_else(|| {
            let known: Vec<_> = self.fields.iter().map(|field| field.name.as_str()).collect();
            self.fault(format!("there is no property '{name}'; there are {}", known.join(", ")))
        })?;
        let is_number = matches!(self.fields[number].kind, FieldKind::Whole | FieldKind::Number);
        Ok(Term::Property { number, is_number })
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
