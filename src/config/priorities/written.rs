//! Priorities written out: as a store keeps them, and as a file has them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::entry;
use crate::{
    config::tree::{MemberFault, Members, Tree, whole},
    model::{Invalid, Metres, Priority, priority::MethodDefaults},
};

/// Raised when what is kept takes another form; forms before it stay readable.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Stored<'a> {
    schema: u32,
    priority: Entry<'a>,
}

#[derive(Serialize)]
struct File<'a> {
    priority: Vec<Entry<'a>>,
}

/// The members of [`entry::read`], those that say nothing left out.
#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    categories: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter: Option<&'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    weights: BTreeMap<&'a str, f64>,
    period: Period,
    method: Method,
}

#[derive(Serialize)]
struct Period {
    last_months: u16,
    compare: &'static str,
}

#[derive(Serialize)]
struct Method {
    #[serde(skip_serializing_if = "Option::is_none")]
    bandwidth_m: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cell_m: Option<f64>,
    hex_resolution: u8,
}

impl<'a> Entry<'a> {
    fn of(priority: &'a Priority) -> Self {
        let MethodDefaults { bandwidth, cell, hex_resolution } = priority.method;
        Self {
            id: priority.id.as_str(),
            title: &priority.title,
            description: &priority.description,
            categories: priority.categories.iter().map(crate::model::Category::as_str).collect(),
            filter: priority.filter.as_deref(),
            weights: priority.weights.iter().map(|(category, weight)| (category.as_str(), *weight)).collect(),
            period: Period {
                last_months: priority.period.last_months,
                compare: priority.period.compare.as_str(),
            },
            method: Method {
                bandwidth_m: bandwidth.map(Metres::get),
                cell_m: cell.map(Metres::get),
                hex_resolution,
            },
        }
    }
}

/// A definition as a store keeps it: JSON that says in which form it is.
///
/// # Errors
/// None that can happen: a priority is texts and finite numbers. The type is that of the JSON writer.
pub fn stored(priority: &Priority) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Stored { schema: SCHEMA, priority: Entry::of(priority) })
}

/// Reads what [`stored`] wrote, of this version or one before.
///
/// # Errors
/// What is wrong with it. Filters are not looked at.
pub fn read_stored(text: &str) -> Result<Priority, Vec<MemberFault>> {
    let whole_of = |rule: String| MemberFault { member: String::new(), fault: Invalid::new("", rule) };
    let tree: Tree =
        serde_json::from_str(text).map_err(|error| vec![whole_of(format!("it is not JSON: {error}"))])?;
    let mut faults = Vec::new();
    let mut members = Members::of("", tree, &mut faults);
    members.required("schema", |value| {
        let rule = format!("written by a newer version of the program; this one knows {SCHEMA}");
        whole(value, &(1..=SCHEMA)).map_err(|fault| Invalid::new(fault.value, rule))
    });
    let definition = members.required("priority", |value| Ok(value.clone()));
    members.finish();
    let priority = definition
        .filter(|_| faults.is_empty())
        .and_then(|tree| entry::read(tree, None, &|_| Ok(()), &mut faults));
    priority.ok_or(faults)
}

/// Priorities as a file has them, in TOML.
///
/// # Errors
/// None that can happen, as with [`stored`].
///
/// # Example
/// ```
/// use hotspots::config::priorities::{load, parse, to_toml};
/// let shipped = load(None).unwrap();
/// assert_eq!(parse(&to_toml(&shipped).unwrap()).unwrap(), shipped);
/// ```
pub fn to_toml(priorities: &[Priority]) -> Result<String, toml::ser::Error> {
    toml::to_string(&File { priority: priorities.iter().map(Entry::of).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::priorities::parse;

    fn full() -> Priority {
        let text = r#"
            [[priority]]
            id = "full"
            title = "Full: \"quotes\" \\ é 🚓"
            description = "Two\nlines"
            categories = ["burglary", "robbery"]
            filter = "source = 'it''s'"
            weights = { burglary = 0.1, robbery = 3 }
            period = { last_months = 7, compare = "year-before" }
            method = { bandwidth_m = 123.25, cell_m = 50, hex_resolution = 8 }
        "#;
        parse(text).unwrap().remove(0)
    }

    #[test]
    fn what_is_written_is_read_again() {
        let full = full();
        assert_eq!(read_stored(&stored(&full).unwrap()).unwrap(), full);
        assert_eq!(parse(&to_toml(std::slice::from_ref(&full)).unwrap()).unwrap(), [full]);
    }

    /// This text is in stores: it stays readable for good.
    #[test]
    fn the_first_form_stays_readable() {
        let text = r#"{"schema":1,"priority":{"id":"full","title":"Full: \"quotes\" \\ é 🚓","description":"Two\nlines",
            "categories":["burglary","robbery"],"filter":"source = 'it''s'","weights":{"burglary":0.1,"robbery":3.0},
            "period":{"last_months":7,"compare":"year-before"},
            "method":{"bandwidth_m":123.25,"cell_m":50.0,"hex_resolution":8}}}"#;
        assert_eq!(read_stored(text).unwrap(), full());
    }

    #[test]
    fn what_a_newer_version_wrote_is_told_apart() {
        let newer = stored(&full()).unwrap().replace("\"schema\":1", "\"schema\":2");
        let faults = read_stored(&newer).unwrap_err();
        assert!(faults.len() == 1 && faults[0].to_string().contains("newer version"), "{faults:?}");
        assert_eq!(read_stored("nonsense").unwrap_err().len(), 1);
    }
}
