//! CQL2 text (OGC 21-065r2 §7 and Annex B).
//!
//! A descent by precedence that never goes back, so that it takes a time in proportion to the text.

use super::{
    DEEPEST_NESTING,
    expression::Expr,
    nested_too_deep,
    tokens::{Token, place, tokens},
};

/// How closely operators bind: those of a greater number first.
mod binding {
    pub(super) const OR: u8 = 1;
    pub(super) const AND: u8 = 2;
    pub(super) const NOT: u8 = 3;
    pub(super) const COMPARISON: u8 = 4;
    pub(super) const SUM: u8 = 5;
    pub(super) const PRODUCT: u8 = 6;
    pub(super) const POWER: u8 = 7;
    pub(super) const SIGN: u8 = 8;
}

/// Reads a condition.
///
/// # Errors
/// What was expected and what was found instead, with its place.
pub(super) fn read(text: &str) -> Result<Expr, String> {
    let mut reader = Reader { text, tokens: tokens(text)?, next: 0, depth: 0, sums: 0 };
    let expression = reader.expression(binding::OR)?;
    if reader.next < reader.tokens.len() {
        return Err(reader.unexpected("and, or, or the end"));
    }
    Ok(expression)
}

/// Reads token by token.
pub(super) struct Reader<'a> {
    text: &'a str,
    tokens: Vec<(Token<'a>, usize)>,
    next: usize,
    /// How many brackets and prefixes are open.
    depth: usize,
    /// Arithmetic operators so far: each nests what stands to its left.
    sums: usize,
}

impl<'a> Reader<'a> {
    /// An expression whose operators bind at least as closely as `least`.
    fn expression(&mut self, least: u8) -> Result<Expr, String> {
        let mut left = self.operand()?;
        loop {
            let negated =
                self.is_word("not", 0) && ["like", "in", "between"].iter().any(|word| self.is_word(word, 1));
            let ahead = usize::from(negated);
            let Some((operator, power)) = self.operator(ahead).filter(|(_, power)| *power >= least) else {
                return Ok(left);
            };
            self.next += ahead + 1;
            left = self.operation(left, operator, power)?;
            if negated {
                left = Expr::call("not", [left]);
            }
        }
    }

    /// What an operator does to what stands to its left and right.
    fn operation(&mut self, left: Expr, operator: &'static str, power: u8) -> Result<Expr, String> {
        match operator {
            "and" | "or" => {
                let mut operands = vec![left, self.expression(power + 1)?];
                while self.takes_word(operator) {
                    operands.push(self.expression(power + 1)?);
                }
                return Ok(Expr::call(operator, operands));
            }
            "is" => {
                let negated = self.takes_word("not");
                if !self.takes_word("null") {
                    return Err(self.unexpected("null"));
                }
                let is_null = Expr::call("isnull", [left]);
                return Ok(if negated { Expr::call("not", [is_null]) } else { is_null });
            }
            "between" => {
                let low = self.expression(binding::SUM)?;
                if !self.takes_word("and") {
                    return Err(self.unexpected("and"));
                }
                return Ok(Expr::call("between", [left, low, self.expression(binding::SUM)?]));
            }
            "in" => {
                let items = self.list(|reader| reader.expression(binding::SUM))?;
                return Ok(Expr::call("in", [left, Expr::List(items)]));
            }
            _ => {}
        }
        if power >= binding::SUM {
            self.sums += 1;
            if self.sums > DEEPEST_NESTING {
                return Err(format!("a filter has at most {DEEPEST_NESTING} arithmetic operators"));
            }
        }
        Ok(Expr::call(operator, [left, self.expression(power + 1)?]))
    }

    /// The operator so many tokens ahead, and how closely it binds.
    fn operator(&self, ahead: usize) -> Option<(&'static str, u8)> {
        const WORDS: [(&str, u8); 7] = [
            ("or", binding::OR),
            ("and", binding::AND),
            ("is", binding::COMPARISON),
            ("like", binding::COMPARISON),
            ("in", binding::COMPARISON),
            ("between", binding::COMPARISON),
            ("div", binding::PRODUCT),
        ];
        match &self.tokens.get(self.next + ahead)?.0 {
            Token::Word(word) => WORDS.into_iter().find(|(name, _)| word.eq_ignore_ascii_case(name)),
            Token::Sign("!=") => Some(("<>", binding::COMPARISON)),
            Token::Sign(sign) => match *sign {
                "=" | "<>" | "<" | "<=" | ">" | ">=" => Some((sign, binding::COMPARISON)),
                "+" | "-" => Some((sign, binding::SUM)),
                "*" | "/" | "%" => Some((sign, binding::PRODUCT)),
                "^" => Some((sign, binding::POWER)),
                _ => None,
            },
            _ => None,
        }
    }

    fn operand(&mut self) -> Result<Expr, String> {
        let expected = "a property, a text in single quotes, a number or a bracket";
        let token = self.tokens.get(self.next).map(|(token, _)| token.clone());
        let Some(token) = token else { return Err(self.unexpected(expected)) };
        match token {
            Token::Text(text) => Ok(self.taken(Expr::Text(text))),
            Token::Number(number) => Ok(self.taken(Expr::Number(number))),
            Token::Quoted(name) => Ok(self.taken(Expr::Property(name))),
            Token::Sign("(") => self.nested(|reader| {
                reader.next += 1;
                let inner = reader.expression(binding::OR)?;
                reader.takes(")")?;
                Ok(inner)
            }),
            Token::Sign("+") => self.nested(|reader| {
                reader.next += 1;
                reader.expression(binding::SIGN)
            }),
            Token::Sign("-") => self.nested(|reader| {
                reader.next += 1;
                Ok(match reader.expression(binding::SIGN)? {
                    Expr::Number(number) => Expr::Number(-number),
                    other => Expr::call("*", [Expr::Number(-1.0), other]),
                })
            }),
            Token::Word(word) if word.eq_ignore_ascii_case("not") => self.nested(|reader| {
                reader.next += 1;
                Ok(Expr::call("not", [reader.expression(binding::NOT)?]))
            }),
            Token::Word(word) if self.starts_geometry() => self.geometry(word).map(Expr::Geometry),
            Token::Word(word) if self.is_sign("(", 1) && self.operator(0).is_none() => {
                self.next += 1;
                self.call(word)
            }
            Token::Word(word) if word.eq_ignore_ascii_case("true") => Ok(self.taken(Expr::Flag(true))),
            Token::Word(word) if word.eq_ignore_ascii_case("false") => Ok(self.taken(Expr::Flag(false))),
            Token::Word(word) if self.operator(0).is_none() && !word.eq_ignore_ascii_case("null") => {
                Ok(self.taken(Expr::Property(word.to_owned())))
            }
            _ => Err(self.unexpected(expected)),
        }
    }

    /// A function, from its opening bracket on.
    fn call(&mut self, name: &str) -> Result<Expr, String> {
        let operands = self.list(|reader| reader.expression(binding::OR))?;
        let name = name.to_ascii_lowercase();
        match (name.as_str(), operands.as_slice()) {
            ("date", [Expr::Text(text)]) => Ok(Expr::Date(text.clone())),
            ("timestamp", [Expr::Text(text)]) => Ok(Expr::Timestamp(text.clone())),
            ("date" | "timestamp", _) => Err(format!("{name} takes one text, as in DATE('2024-01-31')")),
            ("interval", _) => Expr::interval(operands),
            ("bbox", _) => Expr::bbox(operands),
            _ => Ok(Expr::Call(name, operands)),
        }
    }

    /// Items between brackets, parted by commas; at least one.
    pub(super) fn list<T>(
        &mut self,
        item: impl Fn(&mut Self) -> Result<T, String>,
    ) -> Result<Vec<T>, String> {
        self.nested(|reader| {
            reader.takes("(")?;
            let mut items = vec![item(reader)?];
            while reader.is_sign(",", 0) {
                reader.next += 1;
                items.push(item(reader)?);
            }
            reader.takes(")")?;
            Ok(items)
        })
    }

    /// Reads what lies one deeper.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        if self.depth == DEEPEST_NESTING {
            return Err(nested_too_deep());
        }
        self.depth += 1;
        let inner = read(self);
        self.depth -= 1;
        inner
    }

    fn taken(&mut self, expression: Expr) -> Expr {
        self.next += 1;
        expression
    }

    pub(super) fn takes(&mut self, sign: &str) -> Result<(), String> {
        if !self.is_sign(sign, 0) {
            return Err(self.unexpected(&format!("'{sign}'")));
        }
        self.next += 1;
        Ok(())
    }

    pub(super) fn is_sign(&self, sign: &str, ahead: usize) -> bool {
        matches!(self.tokens.get(self.next + ahead), Some((Token::Sign(own), _)) if *own == sign)
    }

    /// Takes a word if it comes next.
    pub(super) fn takes_word(&mut self, word: &str) -> bool {
        let is_next = self.is_word(word, 0);
        self.next += usize::from(is_next);
        is_next
    }

    pub(super) fn is_word(&self, word: &str, ahead: usize) -> bool {
        self.word(ahead).is_some_and(|own| own.eq_ignore_ascii_case(word))
    }

    pub(super) fn word(&self, ahead: usize) -> Option<&'a str> {
        match self.tokens.get(self.next + ahead)?.0 {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }

    /// Takes a number, with its sign, if it comes next.
    pub(super) fn takes_number(&mut self) -> Option<f64> {
        let signed = usize::from(self.is_sign("-", 0) || self.is_sign("+", 0));
        let Some((Token::Number(number), _)) = self.tokens.get(self.next + signed) else { return None };
        let number = if self.is_sign("-", 0) { -number } else { *number };
        self.next += signed + 1;
        Some(number)
    }

    /// What is said where something else was expected.
    pub(super) fn unexpected(&self, expected: &str) -> String {
        let Some((_, start)) = self.tokens.get(self.next) else {
            return format!("the filter ends where {expected} is expected");
        };
        let end = self.tokens.get(self.next + 1).map_or(self.text.len(), |(_, next)| *next);
        let found: String = self.text[*start..end].trim_end().chars().take(30).collect();
        format!("at {}, {expected} is expected, not {found}", place(self.text, *start))
    }
}
