//! What stands in JSON or TOML, read alike from both: every value first, and what is wrong with it after that, so that
//! all faults can be told together.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};

use crate::model::Invalid;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tree {
    Null,
    Flag(bool),
    Number(f64),
    Text(String),
    List(Vec<Tree>),
    /// Members in their order; a name may come twice.
    Table(Vec<(String, Tree)>),
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Flag(value) => value.fmt(f),
            Self::Number(value) => value.fmt(f),
            Self::Text(value) => f.write_str(value),
            Self::List(_) => f.write_str("[…]"),
            Self::Table(_) => f.write_str("{…}"),
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Grow)
    }
}

struct Grow;

impl<'de> Visitor<'de> for Grow {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Flag(value))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "numbers here are small, and a large one is out of bounds"
    )]
    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Number(value as f64))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "numbers here are small, and a large one is out of bounds"
    )]
    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Tree, A::Error> {
        let mut table = Vec::new();
        while let Some(member) = members.next_entry()? {
            table.push(member);
        }
        Ok(Tree::Table(table))
    }
}

/// A value that breaks a rule, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberFault {
    /// The member: `title`, `period.last_months`; empty for the whole.
    pub member: String,
    /// The value and the rule.
    pub fault: Invalid,
}

impl fmt::Display for MemberFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.member.is_empty() {
            return self.fault.fmt(f);
        }
        write!(f, "{}: {}", self.member, self.fault)
    }
}

/// The members of a table, taken one by one. What is wrong is collected.
pub(super) struct Members<'a> {
    place: String,
    given: Vec<(String, Tree)>,
    known: Vec<&'static str>,
    faults: &'a mut Vec<MemberFault>,
}

impl<'a> Members<'a> {
    /// The members of the value at `place`, empty for the whole; a fault where it is no table.
    pub(super) fn of(place: &str, value: Tree, faults: &'a mut Vec<MemberFault>) -> Self {
        let mut members = Self { place: place.to_owned(), given: Vec::new(), known: Vec::new(), faults };
        match value {
            Tree::Table(given) => {
                for (name, value) in given {
                    if members.given.iter().any(|(known, _)| *known == name) {
                        members.fault(&name, Invalid::new(value, "the member is given twice"));
                    } else {
                        members.given.push((name, value));
                    }
                }
            }
            other => {
                let fault = Invalid::new(other, "it has to be a table of members");
                members.faults.push(MemberFault { member: place.to_owned(), fault });
            }
        }
        members
    }

    /// Says what is wrong with a member.
    pub(super) fn fault(&mut self, name: &str, fault: Invalid) {
        let member = if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) };
        self.faults.push(MemberFault { member, fault });
    }

    /// A member as `read` understands it; `None` where it is absent, null or faulty.
    pub(super) fn read<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&Tree) -> Result<T, Invalid>,
    ) -> Option<T> {
        let value = self.take(name)?;
        read(&value).map_err(|fault| self.fault(name, fault)).ok()
    }

    /// As [`read`](Self::read), for a member that has to be there.
    pub(super) fn required<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&Tree) -> Result<T, Invalid>,
    ) -> Option<T> {
        let Some(value) = self.take(name) else {
            self.fault(name, Invalid::new("", "it is missing"));
            return None;
        };
        read(&value).map_err(|fault| self.fault(name, fault)).ok()
    }

    /// A member that is itself a table; without members where it is absent.
    pub(super) fn table(&mut self, name: &'static str) -> Members<'_> {
        let value = self.take(name).unwrap_or(Tree::Table(Vec::new()));
        let place = if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) };
        Members::of(&place, value, self.faults)
    }

    /// Takes every member there is, with its name.
    pub(super) fn all(&mut self) -> Vec<(String, Tree)> {
        std::mem::take(&mut self.given)
    }

    /// Ends the reading: what nothing asked for is a fault.
    pub(super) fn finish(mut self) {
        let rule = format!("not a member here; there are {}", self.known.join(", "));
        for (name, _) in std::mem::take(&mut self.given) {
            // A name may be as long as the text, and stands in the fault itself.
            let shown = Invalid::new(&name, rule.clone());
            self.fault(&shown.value.clone(), shown);
        }
    }

    fn take(&mut self, name: &'static str) -> Option<Tree> {
        self.known.push(name);
        let at = self.given.iter().position(|(known, _)| known == name)?;
        Some(self.given.swap_remove(at).1).filter(|value| *value != Tree::Null)
    }
}

/// A text.
pub(super) fn text(value: &Tree) -> Result<&str, Invalid> {
    match value {
        Tree::Text(text) => Ok(text),
        other => Err(Invalid::new(other, "it has to be a text")),
    }
}

/// A finite number.
pub(super) fn number(value: &Tree) -> Result<f64, Invalid> {
    match value {
        Tree::Number(number) if number.is_finite() => Ok(*number),
        other => Err(Invalid::new(other, "it has to be a finite number")),
    }
}

/// A whole number from `range`.
pub(super) fn whole(value: &Tree, range: &std::ops::RangeInclusive<u32>) -> Result<u32, Invalid> {
    let rule = || format!("it is a whole number from {} to {}", range.start(), range.end());
    let number = number(value).map_err(|fault| Invalid::new(fault.value, rule()))?;
    let bounds = f64::from(*range.start())..=f64::from(*range.end());
    if number.fract() != 0.0 || !bounds.contains(&number) {
        return Err(Invalid::new(number, rule()));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and within the range")]
    Ok(number as u32)
}

/// A list.
pub(super) fn list(value: &Tree) -> Result<&[Tree], Invalid> {
    match value {
        Tree::List(items) => Ok(items),
        other => Err(Invalid::new(other, "it has to be a list")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_toml_grow_the_same_tree() {
        let json = r#"{"a": 1, "b": [true, "x"], "c": {"d": -2.5}}"#;
        let toml = "a = 1\nb = [true, 'x']\nc = { d = -2.5 }";
        let tree: Tree = serde_json::from_str(json).unwrap();
        assert_eq!(tree, toml::from_str::<Tree>(toml).unwrap());
    }

    #[test]
    fn doubled_and_unknown_members_are_told_with_their_places() {
        let tree: Tree = serde_json::from_str(r#"{"p": {"a": 1, "a": 2, "z": null}, "y": 1}"#).unwrap();
        let mut faults = Vec::new();
        let mut members = Members::of("", tree, &mut faults);
        let mut inner = members.table("p");
        assert_eq!(inner.read("a", number), Some(1.0));
        inner.finish();
        members.finish();
        let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "p.a: '2': the member is given twice",
                "p.z: 'z': not a member here; there are a",
                "y: 'y': not a member here; there are p"
            ]
        );
    }

    #[test]
    fn whole_numbers_are_whole_and_in_range() {
        assert_eq!(whole(&Tree::Number(12.0), &(1..=120)), Ok(12));
        for number in [0.0, 0.5, 121.0, -1.0, 1e300, f64::NAN] {
            assert!(whole(&Tree::Number(number), &(1..=120)).is_err(), "{number}");
        }
    }
}
