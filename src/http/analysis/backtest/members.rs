//! Reads the members of JSON objects: each known, each checked, all faults told together.

use serde_json::{Map, Value};

use crate::{http::problem::FieldFault, model::Invalid};

/// Faults of a body, with the places where they stand.
#[derive(Default)]
pub(super) struct Faults(pub(super) Vec<FieldFault>);

impl Faults {
    pub(super) fn tell(&mut self, place: &str, fault: Invalid) {
        self.0.push(FieldFault {
            place: format!("body member {place}"),
            value: fault.value,
            rule: fault.rule,
        });
    }
}

/// An object whose members are taken one by one.
pub(super) struct Members {
    /// Where the object stands: empty for the body itself, `candidates[2]`.
    place: String,
    given: Map<String, Value>,
    known: Vec<&'static str>,
}

impl Members {
    /// The members of a value; a fault where it is no object.
    pub(super) fn of(place: &str, value: Value, faults: &mut Faults) -> Option<Self> {
        match value {
            Value::Object(given) => Some(Self { place: place.to_owned(), given, known: Vec::new() }),
            other => {
                faults.tell(place, Invalid::new(other, "an object"));
                None
            }
        }
    }

    /// A member as `read` understands it; `None` when it is absent, null or faulty.
    pub(super) fn read<T>(
        &mut self,
        name: &'static str,
        faults: &mut Faults,
        read: impl FnOnce(&Value) -> Result<T, Invalid>,
    ) -> Option<T> {
        self.known.push(name);
        let value = self.given.remove(name).filter(|value| !value.is_null())?;
        read(&value).map_err(|fault| faults.tell(&self.within(name), fault)).ok()
    }

    /// A whole number from `range`.
    pub(super) fn whole(
        &mut self,
        name: &'static str,
        faults: &mut Faults,
        range: std::ops::RangeInclusive<u64>,
    ) -> Option<u64> {
        self.read(name, faults, |value| {
            let rule = format!("a whole number from {} to {}", range.start(), range.end());
            value.as_u64().filter(|number| range.contains(number)).ok_or_else(|| Invalid::new(value, rule))
        })
    }

    /// A member that is a list, taken out; `None` when it is absent, null or no list.
    pub(super) fn list(&mut self, name: &'static str, faults: &mut Faults) -> Option<Vec<Value>> {
        self.read(name, faults, |value| {
            value.as_array().cloned().ok_or_else(|| Invalid::new(value, "a list"))
        })
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(
        &mut self,
        name: &'static str,
        faults: &mut Faults,
        choices: &[(&str, T)],
    ) -> Option<T> {
        self.read(name, faults, |value| {
            let chosen = choices.iter().find(|(word, _)| value.as_str() == Some(word));
            chosen.map(|(_, choice)| *choice).ok_or_else(|| {
                let words: Vec<_> = choices.iter().map(|(word, _)| *word).collect();
                Invalid::new(value, format!("one of: {}", words.join(", ")))
            })
        })
    }

    /// Whether a member is given; it has to be read before [`finish`](Self::finish) all the same.
    pub(super) fn has(&self, name: &str) -> bool {
        self.given.get(name).is_some_and(|value| !value.is_null())
    }

    /// Where a member stands.
    pub(super) fn within(&self, name: &str) -> String {
        if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) }
    }

    /// Ends the reading: every member that nothing asked for is a fault.
    pub(super) fn finish(self, faults: &mut Faults) {
        let rule = format!("not a member here; there are {}", self.known.join(", "));
        for (name, value) in &self.given {
            faults.tell(&self.within(name), Invalid::new(value, rule.clone()));
        }
    }
}

/// A finite number.
pub(super) fn number(value: &Value) -> Result<f64, Invalid> {
    value.as_f64().filter(|number| number.is_finite()).ok_or_else(|| Invalid::new(value, "a finite number"))
}

/// A word that its type reads itself.
pub(super) fn word<T: std::str::FromStr<Err = Invalid>>(value: &Value) -> Result<T, Invalid> {
    value.as_str().ok_or_else(|| Invalid::new(value, "a text")).and_then(str::parse)
}
