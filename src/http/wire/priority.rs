//! Priorities on the wire.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{http::Link, model::Priority};

/// A priority with where to go from it.
#[derive(Debug, Serialize)]
pub struct PriorityDocument {
    id: String,
    title: String,
    description: String,
    categories: Vec<String>,
    filter: Option<String>,
    weights: BTreeMap<String, f64>,
    period: Period,
    method: Method,
    links: Vec<Link>,
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

impl PriorityDocument {
    /// The document of a priority whose addresses begin with `base`; `layers` are the ids of the
    /// boundary layers it can be summarised by.
    pub fn new<'a>(priority: &Priority, base: &str, layers: impl Iterator<Item = &'a str>) -> Self {
        let here = format!("{base}/priorities/{}", priority.id);
        let analysis = |name: &str, title: &str| {
            let address = format!("{base}/analysis/{name}?priority={}", priority.id);
            Link::new("related", &address, "application/geo+json", title)
        };
        let mut links = vec![
            Link::new("self", &here, "application/json", &priority.title),
            analysis("density", "Density bands"),
            analysis("hex", "Hex cells with Gi*"),
        ];
        links.extend(layers.map(|layer| {
            let address = format!("{base}/summaries/{layer}?priority={}", priority.id);
            Link::new("related", &address, "application/json", &format!("Summary by {layer}"))
        }));
        Self {
            id: priority.id.to_string(),
            title: priority.title.clone(),
            description: priority.description.clone(),
            categories: priority.categories.iter().map(ToString::to_string).collect(),
            filter: priority.filter.clone(),
            weights: priority
                .weights
                .iter()
                .map(|(category, weight)| (category.to_string(), *weight))
                .collect(),
            period: Period {
                last_months: priority.period.last_months,
                compare: priority.period.compare.as_str(),
            },
            method: Method {
                bandwidth_m: priority.method.bandwidth.map(crate::model::Metres::get),
                cell_m: priority.method.cell.map(crate::model::Metres::get),
                hex_resolution: priority.method.hex_resolution,
            },
            links,
        }
    }
}
