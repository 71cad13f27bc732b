//! Reads query parameters: each once, each known, each checked, all faults told together.

use std::{
    borrow::Cow,
    collections::{BTreeMap, btree_map::Entry},
    str::FromStr,
};

use actix_web::{HttpRequest, web};

use super::problem::{FieldFault, Problem};
use crate::model::Invalid;

/// The query of one request. Take what is known with the methods below, then call
/// [`finish`](Self::finish), which refuses whatever was not taken.
pub struct Query {
    kind: Kind,
    given: BTreeMap<String, String>,
    known: Vec<Cow<'static, str>>,
    faults: Vec<FieldFault>,
}

/// Where what is read stands.
#[derive(Clone, Copy)]
enum Kind {
    /// In the query of an address.
    Parameter,
    /// In the body of an execution.
    Input,
}

impl Kind {
    const fn place(self) -> &'static str {
        match self {
            Self::Parameter => "query parameter",
            Self::Input => "input",
        }
    }

    const fn doubled(self) -> &'static str {
        match self {
            Self::Parameter => "the parameter is given twice",
            Self::Input => "the input is given twice",
        }
    }

    const fn unknown(self) -> &'static str {
        match self {
            Self::Parameter => "not a parameter of this address; it takes",
            Self::Input => "not an input of this process; it takes",
        }
    }
}

impl Query {
    /// Reads the query string.
    ///
    /// # Errors
    /// 400 when it is not percent-encoded UTF-8.
    pub fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(request.query_string())
            .map_err(|cause| {
                let rule = format!("the query is not percent-encoded UTF-8 ({cause})");
                Problem::invalid("query", Invalid::new(request.query_string(), rule))
            })?
            .into_inner();
        Ok(Self::of_pairs(pairs))
    }

    /// Reads names and values that were parted already.
    pub fn of_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self::from_pairs(Kind::Parameter, pairs)
    }

    /// Reads the inputs of a process, which are written as the parameters of an address are.
    pub fn of_inputs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self::from_pairs(Kind::Input, pairs)
    }

    fn from_pairs(kind: Kind, pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut query = Self { kind, given: BTreeMap::new(), known: Vec::new(), faults: Vec::new() };
        for (name, value) in pairs {
            match query.given.entry(name) {
                Entry::Vacant(entry) => {
                    entry.insert(value);
                }
                Entry::Occupied(entry) => {
                    let name = entry.key().clone();
                    query.fault(&name, Invalid::new(value, kind.doubled()));
                }
            }
        }
        query
    }

    /// A query without parameters. What is read from it shows what an address takes: see [`known`](Self::known).
    pub fn empty() -> Self {
        Self::of_pairs([])
    }

    /// The value of a parameter that was not read yet, as it stands. Reading it takes it all the same.
    pub fn given(&self, name: &str) -> Option<&str> {
        self.given.get(name).map(String::as_str)
    }

    /// The names of parameters that were asked for so far, in that order.
    pub fn known(&self) -> impl Iterator<Item = &str> {
        self.known.iter().map(AsRef::as_ref)
    }

    /// The parameter as `read` understands it; `None` when it is absent or faulty.
    pub fn read<T>(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        read: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        let name = name.into();
        let value = self.given.remove(name.as_ref());
        let result = value.and_then(|value| read(&value).map_err(|fault| self.fault(&name, fault)).ok());
        self.known.push(name);
        result
    }

    /// The parameter by its type's own reading.
    pub fn parse<T: FromStr<Err = Invalid>>(&mut self, name: &'static str) -> Option<T> {
        self.read(name, str::parse)
    }

    /// A finite number.
    pub fn number(&mut self, name: &'static str) -> Option<f64> {
        self.read(name, finite)
    }

    /// A whole number from `range`.
    pub fn whole(&mut self, name: &'static str, range: std::ops::RangeInclusive<u32>) -> Option<u32> {
        self.read(name, |text| {
            text.parse::<u32>().ok().filter(|number| range.contains(number)).ok_or_else(|| {
                Invalid::new(text, format!("a whole number from {} to {}", range.start(), range.end()))
            })
        })
    }

    /// One of a few words.
    pub fn choice<T: Copy>(&mut self, name: &'static str, choices: &[(&str, T)]) -> Option<T> {
        self.read(name, |text| {
            choices.iter().find(|(word, _)| *word == text).map(|(_, value)| *value).ok_or_else(|| {
                let words: Vec<_> = choices.iter().map(|(word, _)| *word).collect();
                Invalid::new(text, format!("one of: {}", words.join(", ")))
            })
        })
    }

    /// A list parted by commas; empty when absent.
    pub fn list<T>(&mut self, name: &'static str, read: impl Fn(&str) -> Result<T, Invalid>) -> Vec<T> {
        self.read(name, |text| text.split(',').map(|item| read(item.trim())).collect()).unwrap_or_default()
    }

    /// Notes a fault that only shows when parameters are seen together.
    pub fn fault(&mut self, name: &str, fault: Invalid) {
        self.faults.push(FieldFault {
            place: format!("{} {name}", self.kind.place()),
            value: fault.value,
            rule: fault.rule,
        });
    }

    /// Whether anything read so far was faulty.
    pub fn has_faults(&self) -> bool {
        !self.faults.is_empty()
    }

    /// Takes over what another reading of the same query took and found at fault.
    pub fn join(&mut self, other: Self) {
        self.given.retain(|name, _| !other.known.iter().any(|known| known == name));
        self.known
            .extend(other.known.into_iter().filter(|name| !self.known.contains(name)).collect::<Vec<_>>());
        for fault in other.faults {
            if !self.faults.contains(&fault) {
                self.faults.push(fault);
            }
        }
    }

    /// Ends the reading of a request that has a body, in which there were `more` faults.
    ///
    /// # Errors
    /// As [`finish`](Self::finish), with those of the body.
    pub fn finish_with(mut self, more: Vec<FieldFault>) -> Result<(), Problem> {
        self.faults.extend(more);
        self.finish()
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// 400 with every fault, among them every parameter that nothing asked for.
    pub fn finish(mut self) -> Result<(), Problem> {
        let rule = match self.known.as_slice() {
            [] => "this address takes no parameters".to_owned(),
            known => format!("{} {}", self.kind.unknown(), known.join(", ")),
        };
        for (name, value) in std::mem::take(&mut self.given) {
            let shown = if value.is_empty() { name.clone() } else { format!("{name}={value}") };
            self.fault(&name, Invalid::new(shown, rule.clone()));
        }
        self.finish_known()
    }

    /// Ends the reading where parameters that are not known are passed over, as WMS wants it (06-042 §6.8.1).
    ///
    /// # Errors
    /// 400 with every fault of what was read.
    pub fn finish_known(self) -> Result<(), Problem> {
        if self.faults.is_empty() { Ok(()) } else { Err(Problem::bad_request(self.faults)) }
    }
}

/// A finite number, written plainly.
///
/// # Errors
/// [`Invalid`] for text, `NaN` and infinities.
pub fn finite(text: &str) -> Result<f64, Invalid> {
    text.parse::<f64>()
        .ok()
        .filter(|number| number.is_finite())
        .ok_or_else(|| Invalid::new(text, "a finite number"))
}
