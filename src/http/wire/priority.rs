//! Priorities on the wire.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    http::{Link, audience::Audience},
    model::{Metres, Priority},
    service::priorities::Version,
};

/// A priority with where to go from it. But for `version`, `retired` and `links` it has the members with which one is
/// defined.
#[derive(Debug, Serialize)]
pub struct PriorityDocument {
    #[serde(flatten)]
    definition: Definition,
    version: u32,
    retired: bool,
    links: Vec<Link>,
}

/// What a priority is.
#[derive(Debug, Serialize)]
struct Definition {
    id: String,
    title: String,
    description: String,
    categories: Vec<String>,
    filter: Option<String>,
    weights: BTreeMap<String, f64>,
    period: Period,
    method: Method,
}

#[derive(Debug, Serialize)]
struct Period {
    last_months: u16,
    compare: &'static str,
}

#[derive(Debug, Serialize)]
struct Method {
    bandwidth_m: Option<f64>,
    cell_m: Option<f64>,
    hex_resolution: u8,
}

impl Definition {
    fn of(priority: &Priority) -> Self {
        let weights = priority.weights.iter();
        Self {
            id: priority.id.to_string(),
            title: priority.title.clone(),
            description: priority.description.clone(),
            categories: priority.categories.iter().map(ToString::to_string).collect(),
            filter: priority.filter.clone(),
            weights: weights.map(|(category, weight)| (category.to_string(), *weight)).collect(),
            period: Period {
                last_months: priority.period.last_months,
                compare: priority.period.compare.as_str(),
            },
            method: Method {
                bandwidth_m: priority.method.bandwidth.map(Metres::get),
                cell_m: priority.method.cell.map(Metres::get),
                hex_resolution: priority.method.hex_resolution,
            },
        }
    }
}

/// Where a version of a priority is.
fn address(version: &Version, base: &str) -> String {
    let entry = &version.entry;
    format!("{base}/priorities/{}?priority_version={}", entry.priority, entry.version)
}

/// Where the versions of a priority are told.
fn history(version: &Version, base: &str) -> Link {
    let address = format!("{base}/priorities/{}/versions", version.entry.priority);
    Link::new("version-history", &address, "application/json", "Its versions, and who made them")
}

impl PriorityDocument {
    /// The document of a priority whose addresses begin with `base`; `layers` are the ids of the boundary layers it can
    /// be summarised by. What has been replaced or retired leads to what is made from this very version.
    pub fn new<'a>(
        version: &Version,
        priority: &Priority,
        is_newest: bool,
        base: &str,
        layers: impl Iterator<Item = &'a str>,
    ) -> Self {
        let retired = version.is_retired();
        let newest = format!("{base}/priorities/{}", priority.id);
        let of = if is_newest && !retired {
            format!("priority={}", priority.id)
        } else {
            format!("priority={}&priority_version={}", priority.id, version.entry.version)
        };
        let analysis = |name: &str, title: &str| {
            Link::new("related", &format!("{base}/analysis/{name}?{of}"), "application/geo+json", title)
        };
        let here = if is_newest { newest.clone() } else { address(version, base) };
        let mut links = vec![
            Link::new("self", &here, "application/json", &priority.title),
            history(version, base),
            analysis("density", "Density bands"),
            analysis("hex", "Hex cells with Gi*"),
        ];
        if !is_newest {
            links.push(Link::new("latest-version", &newest, "application/json", "As it is now"));
        }
        links.extend(layers.map(|layer| {
            let address = format!("{base}/summaries/{layer}?{of}");
            Link::new("related", &address, "application/json", &format!("Summary by {layer}"))
        }));
        Self { definition: Definition::of(priority), version: version.entry.version, retired, links }
    }
}

/// Every version of a priority's definition.
#[derive(Debug, Serialize)]
pub struct HistoryDocument {
    id: String,
    versions: Vec<VersionDocument>,
    links: Vec<Link>,
}

/// One of them.
#[derive(Debug, Serialize)]
struct VersionDocument {
    version: u32,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<String>,
    origin: &'static str,
    change: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    definition: Option<Definition>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
    links: Vec<Link>,
}

impl HistoryDocument {
    /// The document of a priority's versions, the first one first; none of them is not a history.
    pub fn of<'a>(
        versions: impl Iterator<Item = &'a Version> + Clone,
        audience: Audience,
        base: &str,
    ) -> Option<Self> {
        let newest = versions.clone().last()?;
        let here = history(newest, base);
        let links = vec![
            Link::new("self", here.href(), here.media_type(), here.title()),
            Link::new(
                "latest-version",
                &format!("{base}/priorities/{}", newest.entry.priority),
                "application/json",
                "As it is now",
            ),
        ];
        Some(Self {
            id: newest.entry.priority.to_string(),
            versions: versions.map(|version| VersionDocument::of(version, audience, base)).collect(),
            links,
        })
    }
}

impl VersionDocument {
    fn of(version: &Version, audience: Audience, base: &str) -> Self {
        let entry = &version.entry;
        let shown = |text: &String| audience.may_see_authors().then(|| text.clone());
        let title = format!("Version {}", entry.version);
        Self {
            version: entry.version,
            at: Timestamp::from_second(entry.at_s).unwrap_or_default().to_string(),
            author: shown(&entry.author),
            origin: entry.origin.as_str(),
            change: entry.change.as_str(),
            note: entry.note.as_ref().and_then(shown),
            definition: version.priority.as_ref().map(Definition::of),
            fault: version.prepared.as_ref().err().map(ToString::to_string),
            links: vec![Link::new("item", &address(version, base), "application/json", &title)],
        }
    }
}
