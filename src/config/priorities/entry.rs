//! One priority as it is written, and the rules it is held to.

use std::{collections::BTreeMap, ops::RangeInclusive};

use crate::{
    config::{
        slug,
        tree::{MemberFault, Members, Tree, list, number, text, whole},
    },
    model::{
        Category, Invalid, Metres, Priority, PriorityId,
        priority::{BANDWIDTH_M, CELL_M, Comparison, HEX_RESOLUTIONS, MethodDefaults, PeriodRule},
    },
};

/// A priority looks back over at most ten years.
const MOST_MONTHS: u32 = 120;
/// Longest title, in characters: it stands in the titles of layers and in legends.
const LONGEST_TITLE: usize = 120;
/// Longest description, in characters.
const LONGEST_DESCRIPTION: usize = 2_000;
/// Longest filter, in characters: as long as one in an address may be.
const LONGEST_FILTER: usize = 2_000;
/// Most categories and most weights; police.uk has 16 categories.
const MOST_NAMED: usize = 200;
/// Largest weight: sums of ten million such incidents are still exact.
const LARGEST_WEIGHT: f64 = 1_000_000.0;

/// A definition as somebody sent it.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The priority.
    pub priority: Priority,
    /// The version that it is to take the place of, where that was said.
    pub version: Option<u32>,
}

/// Reads a priority from JSON. Beside the members of a file's entry it may have those with which the service shows
/// one, so that what was read there can be changed and sent back: `version` is taken for the one to be replaced,
/// `retired` and `links` are passed over. `id` holds where none is written; `check` says whether a filter can be used.
///
/// # Errors
/// Every fault, with the member that it stands in; one about the whole where the text is no JSON.
///
/// # Example
/// ```
/// use hotspots::config::priorities::from_json;
/// let text = br#"{"id": "fires", "title": " ", "period": {"last_months": 500}}"#;
/// let faults = from_json(text, None, &|_| Ok(())).unwrap_err();
/// let members: Vec<_> = faults.iter().map(|fault| fault.member.as_str()).collect();
/// assert_eq!(members, ["title", "period.last_months", "period.compare"]);
/// ```
pub fn from_json(
    json: &[u8],
    id: Option<&PriorityId>,
    check: &dyn Fn(&str) -> Result<(), Invalid>,
) -> Result<Draft, Vec<MemberFault>> {
    let tree: Tree = serde_json::from_slice(json).map_err(|error| {
        let fault = Invalid::new("", format!("it is not JSON that can be read: {error}"));
        vec![MemberFault { member: String::new(), fault }]
    })?;
    let mut faults = Vec::new();
    let (tree, shown) = parted(tree, &["version", "retired", "links"]);
    let mut beside = Members::of("", shown, &mut faults);
    let version = beside.read("version", |value| whole(value, &(1..=u32::MAX)));
    let priority = read(tree, id, check, &mut faults);
    match priority {
        Some(priority) if faults.is_empty() => Ok(Draft { priority, version }),
        _ => Err(faults),
    }
}

/// Parts the members with one of some names from the others.
fn parted(tree: Tree, names: &[&str]) -> (Tree, Tree) {
    let Tree::Table(members) = tree else { return (tree, Tree::Table(Vec::new())) };
    let (beside, own) = members.into_iter().partition(|(name, _)| names.contains(&name.as_str()));
    (Tree::Table(own), Tree::Table(beside))
}

/// The id that an entry is written with, whether it is a good one or not.
pub(super) fn id_of(tree: &Tree) -> Option<&str> {
    let Tree::Table(members) = tree else { return None };
    members.iter().find(|(name, _)| name == "id").and_then(|(_, value)| text(value).ok())
}

/// The checked priority, or `None` with everything that is wrong with it added to `faults`.
pub(super) fn read(
    tree: Tree,
    id: Option<&PriorityId>,
    check: &dyn Fn(&str) -> Result<(), Invalid>,
    faults: &mut Vec<MemberFault>,
) -> Option<Priority> {
    let before = faults.len();
    let is_table = matches!(tree, Tree::Table(_));
    let mut members = Members::of("", tree, faults);
    if !is_table {
        // That is told; that everything is missing besides would be noise.
        return None;
    }
    let own_id = |value: &Tree| {
        let own = PriorityId::new(text(value)?)?;
        match id {
            Some(other) if *other != own => {
                Err(Invalid::new(own, format!("another id than that of the address, '{other}'")))
            }
            _ => Ok(own),
        }
    };
    let id = match id {
        None => members.required("id", own_id),
        Some(known) => members.read("id", own_id).or_else(|| Some(known.clone())),
    };
    let title = members.required("title", title);
    let description = members.read("description", |value| prose(value, LONGEST_DESCRIPTION, &['\n', '\t']));
    let categories = members.read("categories", categories).unwrap_or_default();
    let filter = members.read("filter", |value| {
        let filter = prose(value, LONGEST_FILTER, &['\n', '\t'])?;
        check(&filter).map(|()| filter)
    });
    let weights = weights(members.table("weights"));
    let mut period = members.table("period");
    let last_months = period.required("last_months", |value| whole(value, &(1..=MOST_MONTHS)));
    let compare = period.required("compare", comparison);
    period.finish();
    let mut method = members.table("method");
    let bandwidth = method.read("bandwidth_m", |value| length(value, &BANDWIDTH_M));
    let cell = method.read("cell_m", |value| length(value, &CELL_M));
    let resolutions = u32::from(*HEX_RESOLUTIONS.start())..=u32::from(*HEX_RESOLUTIONS.end());
    let hex_resolution = method.read("hex_resolution", |value| whole(value, &resolutions));
    method.finish();
    members.finish();
    if faults.len() > before {
        return None;
    }
    let usual = MethodDefaults::default().hex_resolution;
    Some(Priority {
        id: id?,
        title: title?,
        description: description.unwrap_or_default(),
        categories,
        filter,
        weights,
        period: PeriodRule { last_months: u16::try_from(last_months?).ok()?, compare: compare? },
        method: MethodDefaults {
            bandwidth,
            cell,
            hex_resolution: hex_resolution.and_then(|number| u8::try_from(number).ok()).unwrap_or(usual),
        },
    })
}

fn title(value: &Tree) -> Result<String, Invalid> {
    let title = prose(value, LONGEST_TITLE, &[])?;
    if title.trim().is_empty() { Err(Invalid::new(title, "it is empty")) } else { Ok(title) }
}

/// Text of at most so many characters, without those that are not shown but for some that part lines.
fn prose(value: &Tree, longest: usize, parting: &[char]) -> Result<String, Invalid> {
    let text = text(value)?;
    if text.chars().count() > longest {
        return Err(Invalid::new(text, format!("it has at most {longest} characters")));
    }
    match text.chars().find(|letter| is_hidden(*letter) && !parting.contains(letter)) {
        None => Ok(text.to_owned()),
        Some(hidden) => {
            let rule = format!("it has no control characters, as U+{:04X} is one", u32::from(hidden));
            Err(Invalid::new(text, rule))
        }
    }
}

/// Control characters, those that turn the direction of text, and those that XML cannot hold.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
}

fn categories(value: &Tree) -> Result<Vec<Category>, Invalid> {
    let names = list(value)?;
    if names.len() > MOST_NAMED {
        return Err(Invalid::new(names.len(), format!("there are at most {MOST_NAMED}")));
    }
    names.iter().map(|name| slug(text(name)?)).collect()
}

fn weights(mut members: Members<'_>) -> BTreeMap<Category, f64> {
    let given = members.all();
    if given.len() > MOST_NAMED {
        members.fault("", Invalid::new(given.len(), format!("there are at most {MOST_NAMED}")));
        return BTreeMap::new();
    }
    let mut weights = BTreeMap::new();
    for (name, value) in given {
        let weight = number(&value).and_then(|weight| {
            let rule = format!("a weight is a finite number, zero or more, up to {LARGEST_WEIGHT}");
            (0.0..=LARGEST_WEIGHT).contains(&weight).then_some(weight).ok_or(Invalid::new(weight, rule))
        });
        for fault in [slug(&name).err(), weight.clone().err()].into_iter().flatten() {
            members.fault(&Invalid::new(&name, "").value, fault);
        }
        if let (Ok(category), Ok(weight)) = (slug(&name), weight) {
            weights.insert(category, weight);
        }
    }
    weights
}

fn comparison(value: &Tree) -> Result<Comparison, Invalid> {
    let word = text(value)?;
    [Comparison::Before, Comparison::YearBefore]
        .into_iter()
        .find(|known| known.as_str() == word)
        .ok_or_else(|| Invalid::new(word, "it is before or year-before"))
}

fn length(value: &Tree, range: &RangeInclusive<f64>) -> Result<Metres, Invalid> {
    let metres = number(value)?;
    if range.contains(&metres) {
        return Metres::new(metres);
    }
    Err(Invalid::new(metres, format!("it is {} to {} metres", range.start(), range.end())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"id":"a","title":"A","period":{"last_months":1,"compare":"before"}}"#;

    fn faults(json: &str) -> Vec<String> {
        let check = |text: &str| if text == "bad" { Err(Invalid::new(text, "no")) } else { Ok(()) };
        from_json(json.as_bytes(), None, &check).unwrap_err().iter().map(ToString::to_string).collect()
    }

    fn with(member: &str) -> String {
        GOOD.replacen('{', &format!("{{{member},"), 1)
    }

    #[test]
    fn what_the_service_shows_may_be_sent_back() {
        let shown =
            with(r#""version":3,"retired":true,"links":[],"filter":null,"method":{"bandwidth_m":null}"#);
        let draft = from_json(shown.as_bytes(), None, &|_| Ok(())).unwrap();
        assert_eq!(draft.version, Some(3));
        assert_eq!(draft.priority, from_json(GOOD.as_bytes(), None, &|_| Ok(())).unwrap().priority);
    }

    #[test]
    fn the_address_names_the_id() {
        let id = |text| PriorityId::new(text).unwrap();
        let without = GOOD.replace(r#""id":"a","#, "");
        assert!(from_json(without.as_bytes(), Some(&id("b")), &|_| Ok(())).is_ok());
        assert!(from_json(GOOD.as_bytes(), Some(&id("a")), &|_| Ok(())).is_ok());
        assert!(from_json(GOOD.as_bytes(), Some(&id("b")), &|_| Ok(())).is_err());
        assert_eq!(faults(&without), ["id: '': it is missing"]);
    }

    #[test]
    fn wrong_types_are_told_all_at_once() {
        let told = faults(
            r#"{"id":1,"title":[],"description":{},"categories":"x","filter":2,"weights":[],
                "period":{"last_months":"12","compare":true,"more":1},"method":7,"version":0.5}"#,
        );
        for member in [
            "version: '0.5'",
            "id: '1'",
            "title: '[…]'",
            "description: '{…}'",
            "categories: 'x'",
            "filter: '2'",
            "weights: '[…]'",
            "period.last_months: '12'",
            "period.compare: 'true'",
            "period.more: 'more'",
            "method: '7'",
        ] {
            assert!(told.iter().any(|fault| fault.starts_with(member)), "{member} in {told:?}");
        }
        assert_eq!(told.len(), 11, "{told:?}");
    }

    #[test]
    fn hostile_text_is_refused_with_its_place() {
        for (member, place) in [
            (format!(r#""description":"{}""#, "x".repeat(2_001)), "description:"),
            (r#""description":"a\u0000b""#.to_owned(), "description:"),
            (r#""description":"\u202e""#.to_owned(), "description:"),
            (r#""filter":"bad""#.to_owned(), "filter: 'bad': no"),
            (format!(r#""filter":"{}""#, "(".repeat(2_001)), "filter:"),
            (r#""weights":{"robbery":1e300}"#.to_owned(), "weights.robbery:"),
            (r#""weights":{"Robbery":1}"#.to_owned(), "weights.Robbery:"),
            (r#""title":"B""#.to_owned(), "title:"),
            (format!(r#""{}":1"#, "y".repeat(60_000)), "yyy"),
        ] {
            let told = faults(&with(&member));
            assert!(told.len() == 1 && told[0].starts_with(place) && told[0].len() < 500, "{told:?}");
        }
        for text in ["", "nonsense", "{", "[]", "null", "1", &"[".repeat(100_000), &"{\"a\":".repeat(100_000)]
        {
            assert_eq!(faults(text).len(), 1);
        }
    }
}
