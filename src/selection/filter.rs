//! A condition on incidents, written in CQL2 text (OGC 21-065r2).
//!
//! The `cql2` crate parses; here the expression is checked against the properties that incidents
//! have and turned into a tree that is evaluated on the snapshot's columns. A condition on a value
//! that is not known (no street, no outcome) is neither true nor false, as in SQL; an incident is
//! taken only where the whole filter is true.

use cql2::Expr;

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

#[derive(Clone, Debug)]
enum Node {
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
enum Ordering {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Debug)]
enum Term {
    Property(Property),
    Text(String),
    Number(f64),
    /// The term in lower case: `casei(…)`.
    LowerCase(Box<Term>),
}

#[derive(Clone, Debug)]
enum Property {
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
        if nesting(text) > DEEPEST_NESTING {
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

/// How deep brackets and `not` can nest in `text`, from above.
fn nesting(text: &str) -> usize {
    let brackets = text.bytes().filter(|b| matches!(b, b'(' | b'[')).count();
    brackets + text.to_ascii_lowercase().matches("not").count()
}

struct Compiler<'a> {
    text: &'a str,
    layers: &'a [Layer],
}

impl Compiler<'_> {
    fn fault(&self, rule: impl Into<String>) -> Invalid {
        Invalid::new(self.text, rule)
    }

    fn node(&self, expression: &Expr) -> Result<Node, Invalid> {
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

impl Term {
    const fn is_number(&self) -> bool {
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
    fn truth(&self, snapshot: &Snapshot, row: usize) -> Option<bool> {
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

/// A `like` pattern: `%` stands for any letters, `_` for one, `\` takes the next as it is.
#[derive(Clone, Debug)]
struct Pattern(Vec<Piece>);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Piece {
    Any,
    One,
    Letter(char),
}

impl Pattern {
    fn new(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            let piece = match letter {
                '%' => Piece::Any,
                '_' => Piece::One,
                '\\' => Piece::Letter(letters.next().unwrap_or('\\')),
                other => Piece::Letter(other),
            };
            // Two in a row mean the same as one, and would only cost time.
            if piece != Piece::Any || pieces.last() != Some(&Piece::Any) {
                pieces.push(piece);
            }
        }
        Self(pieces)
    }

    /// Greedy match with one point to fall back to: at most (letters × pieces) steps.
    fn matches(&self, text: &str) -> bool {
        let letters: Vec<char> = text.chars().collect();
        let (mut at, mut piece) = (0, 0);
        let mut fall_back: Option<(usize, usize)> = None;
        while at < letters.len() {
            match self.0.get(piece) {
                Some(Piece::Any) => {
                    fall_back = Some((at, piece));
                    piece += 1;
                }
                Some(Piece::One) => (at, piece) = (at + 1, piece + 1),
                Some(Piece::Letter(letter)) if *letter == letters[at] => (at, piece) = (at + 1, piece + 1),
                _ => match fall_back {
                    Some((start, any)) => {
                        fall_back = Some((start + 1, any));
                        (at, piece) = (start + 1, any + 1);
                    }
                    None => return false,
                },
            }
        }
        self.0[piece..].iter().all(|rest| *rest == Piece::Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_matches_as_sql_does() {
        for (pattern, text, matches) in [
            ("%Road", "High Road", true),
            ("%Road", "High Roads", false),
            ("On or near %", "On or near Siddons Road", true),
            ("_ar", "bar", true),
            ("_ar", "ar", false),
            ("%a%b%", "xxaxxbxx", true),
            ("%a%b", "aab b a", false),
            ("100\\%", "100%", true),
            ("", "", true),
            ("%", "", true),
        ] {
            assert_eq!(Pattern::new(pattern).matches(text), matches, "{pattern} on {text}");
        }
    }

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
