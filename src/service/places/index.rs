//! Names that are looked for while somebody types.

use std::cmp::Ordering;

use super::Place;
use crate::filter::plain;

/// Places with their names as they are compared.
#[derive(Debug, Default)]
pub(super) struct Names(Vec<Named>);

#[derive(Debug)]
struct Named {
    /// The name as [`comparable`] gives it.
    text: String,
    /// Its code likewise; empty for none.
    code: String,
    place: Place,
}

/// How well a name fits what was typed, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is the name, or the code.
    Exact,
    /// The name begins with it.
    Beginning,
    /// Its words are beginnings of words of the name, in their order.
    Words,
    /// It stands anywhere in the name.
    Inside,
}

impl Names {
    pub fn of(places: impl IntoIterator<Item = Place>) -> Self {
        let named = |place: Place| Named {
            text: comparable(&place.name),
            code: place.code.as_deref().map(comparable).unwrap_or_default(),
            place,
        };
        let mut names: Vec<Named> = places.into_iter().map(named).collect();
        names.sort_by(Named::order);
        Self(names)
    }

    /// The places whose name is this text of [`comparable`] characters, then those whose code it is, each in order.
    pub fn exactly<'a>(&'a self, text: &str) -> impl Iterator<Item = &'a Place> {
        let first = self.0.partition_point(|named| named.text.as_str() < text);
        let last = self.0.partition_point(|named| named.text.as_str() <= text);
        // A text of marks alone is empty as it is compared, and so is the code of what has none.
        let code = (!text.is_empty()).then(|| text.to_owned());
        let called = if code.is_some() { &self.0[first..last] } else { &[] };
        let coded = self.0.iter().filter(move |named| code.as_ref() == Some(&named.code));
        called.iter().chain(coded).map(|named| &named.place)
    }

    /// At most `most` places that fit a text of [`comparable`] characters, the best first.
    pub fn find<'a>(&'a self, typed: &str, most: usize) -> Vec<(Rank<'a>, &'a Place)> {
        let words: Vec<&str> = typed.split(' ').collect();
        let fits = |named: &'a Named| {
            let rank = Rank { fit: named.fit(typed, &words)?, named };
            Some((rank, &named.place))
        };
        let mut found: Vec<_> = self.0.iter().filter_map(fits).collect();
        // The names are in order, and a stable sort keeps it within each fit.
        found.sort_by_key(|(rank, _)| rank.fit);
        found.truncate(most);
        found
    }
}

/// Where a place stands among those that fit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rank<'a> {
    fit: Fit,
    named: &'a Named,
}

impl Rank<'_> {
    /// The better fit first, then by name, code and kind.
    pub fn order(&self, other: &Self) -> Ordering {
        self.fit.cmp(&other.fit).then_with(|| self.named.order(other.named))
    }
}

impl Named {
    fn order(&self, other: &Self) -> Ordering {
        let key = |named: &Self| {
            (named.place.code.is_none(), named.place.code.clone(), named.place.context.clone())
        };
        self.text.cmp(&other.text).then_with(|| key(self).cmp(&key(other)))
    }

    fn fit(&self, typed: &str, words: &[&str]) -> Option<Fit> {
        if typed.is_empty() {
            None
        } else if self.text == typed || self.code == typed {
            Some(Fit::Exact)
        } else if self.text.starts_with(typed) {
            Some(Fit::Beginning)
        } else if self.has_words(words) {
            Some(Fit::Words)
        } else {
            self.text.contains(typed).then_some(Fit::Inside)
        }
    }

    fn has_words(&self, typed: &[&str]) -> bool {
        let mut words = self.text.split(' ');
        typed.iter().all(|typed| words.any(|word| word.starts_with(typed)))
    }
}

/// A text as names are compared: small letters without accents, words parted by one space, no apostrophes and
/// other marks.
pub(super) fn comparable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in plain(text).chars().filter(|letter| !matches!(letter, '\'' | '’' | '‘' | '.')) {
        if letter.is_alphanumeric() {
            out.push(letter);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{crs, model::LonLat, service::places::PlaceKind};

    fn place(name: &str, code: Option<&str>) -> Place {
        Place {
            kind: PlaceKind::Street,
            name: name.to_owned(),
            context: None,
            code: code.map(str::to_owned),
            at: crs::from_lonlat(LonLat::new(-2.1, 52.5).unwrap()).unwrap(),
            bbox: None,
            precision_m: None,
            detail: None,
        }
    }

    fn found(names: &Names, typed: &str) -> Vec<String> {
        names.find(&comparable(typed), 20).iter().map(|(_, place)| place.name.clone()).collect()
    }

    #[test]
    fn the_better_fit_stands_first_and_equal_ones_by_name_and_code() {
        let names = Names::of([
            place("Whale Street", None),
            place("New Hall", None),
            place("Halesowen South", None),
            place("Hal", None),
            place("Halesowen North", Some("E2")),
            place("Halesowen North", Some("E1")),
            place("Old Halesowen North Road", None),
        ]);
        assert_eq!(
            found(&names, "hal"),
            [
                "Hal",
                "Halesowen North",
                "Halesowen North",
                "Halesowen South",
                "New Hall",
                "Old Halesowen North Road",
                "Whale Street",
            ]
        );
        let first = names.find("halesowen north", 1);
        assert_eq!(first[0].1.code.as_deref(), Some("E1"));
        assert_eq!(
            found(&names, "hale n"),
            ["Halesowen North", "Halesowen North", "Old Halesowen North Road"]
        );
        assert_eq!(found(&names, "north hale"), [""; 0]);
        assert_eq!(found(&names, "e2"), ["Halesowen North"]);
        assert_eq!(found(&names, "''"), [""; 0]);

        let exactly =
            |text: &str| names.exactly(text).filter_map(|place| place.code.clone()).collect::<Vec<_>>();
        assert_eq!(exactly("halesowen north"), ["E1", "E2"]);
        assert_eq!(exactly("e2"), ["E2"]);
        assert_eq!(names.exactly("halesowen").count() + names.exactly("").count(), 0);
    }

    #[test]
    fn case_accents_and_marks_do_not_matter() {
        let names = Names::of([place("St. James’s", None), place("Café-Row & Lane", None)]);
        for typed in ["st jamess", "ST JAMES'S", "St.  James"] {
            assert_eq!(found(&names, typed), ["St. James’s"], "{typed}");
        }
        assert_eq!(found(&names, "cafe row lane"), ["Café-Row & Lane"]);
        assert_eq!(comparable("  -Ünder  Hill- "), "under hill");
    }

    #[test]
    fn five_thousand_names_are_looked_through_at_once() {
        let names = Names::of((0..5_000).map(|n| place(&format!("Street of the number {n}"), None)));
        assert_eq!(names.find("number 4999", 8).len(), 1);
        assert_eq!(names.find("street", 8).len(), 8);
    }
}
