//! The method card on the wire.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::profile::{MethodCard, method_card::Parameter};

/// A method card with the address that gives the same answer again.
#[derive(Debug, Serialize)]
pub struct Card {
    area: String,
    area_code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    layer: Option<Layer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    within: Option<Within>,
    schematic_boundaries: bool,
    priority: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    priority_version: Option<u32>,
    period: String,
    comparison_period: Option<String>,
    categories: Vec<String>,
    sources: Vec<String>,
    filters: Vec<String>,
    weights_from: Option<String>,
    weights: BTreeMap<String, f64>,
    crs: &'static str,
    incidents: Incidents,
    method: &'static str,
    parameters: Parameters,
    store: String,
    generation: u64,
    software: &'static str,
    permalink: String,
}

#[derive(Debug, Serialize)]
struct Layer {
    id: String,
    vintage: String,
}

#[derive(Debug, Serialize)]
struct Within {
    layer: String,
    code: String,
    name: String,
}

#[derive(Debug, Serialize)]
struct Incidents {
    used: u64,
    unlocated: u64,
    outside: u64,
    coarser_than_period: u64,
    synthetic: u64,
    by_postcode: u64,
}

/// The parameters of a method, in their order.
#[derive(Debug)]
struct Parameters(Vec<(&'static str, Parameter)>);

impl Serialize for Parameters {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, ParameterValue(value))))
    }
}

/// The value of a parameter.
pub struct ParameterValue<'a>(pub &'a Parameter);

impl Serialize for ParameterValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Parameter::Absent => serializer.serialize_none(),
            Parameter::Flag(value) => serializer.serialize_bool(*value),
            Parameter::Whole(value) => serializer.serialize_i64(*value),
            Parameter::Number(value) => serializer.serialize_f64(*value),
            Parameter::Text(value) => serializer.serialize_str(value),
            Parameter::List(values) => serializer.collect_seq(values.iter().map(ParameterValue)),
        }
    }
}

impl Card {
    /// The card of an answer that `permalink` gives again.
    pub fn new(card: &MethodCard, permalink: String) -> Self {
        Self {
            area: card.area.clone(),
            area_code: card.area_code.clone(),
            layer: card
                .layer
                .as_ref()
                .map(|layer| Layer { id: layer.id.clone(), vintage: layer.vintage.clone() }),
            within: card.within.as_ref().map(|area| Within {
                layer: area.layer.clone(),
                code: area.code.clone(),
                name: area.name.clone(),
            }),
            schematic_boundaries: card.schematic_boundaries,
            priority: card.priority.as_ref().map(ToString::to_string),
            priority_version: card.priority_version,
            period: card.period.to_string(),
            comparison_period: card.comparison.as_ref().map(ToString::to_string),
            categories: card.categories.iter().map(ToString::to_string).collect(),
            sources: card.sources.clone(),
            filters: card.filters.clone(),
            weights_from: card.weights_from.clone(),
            weights: card.weights.iter().map(|(category, weight)| (category.to_string(), *weight)).collect(),
            crs: "EPSG:27700",
            incidents: Incidents {
                used: card.tally.used,
                unlocated: card.tally.unlocated,
                outside: card.tally.outside,
                coarser_than_period: card.tally.coarser_than_period,
                synthetic: card.tally.synthetic,
                by_postcode: card.tally.by_postcode,
            },
            method: card.method.name,
            parameters: Parameters(card.method.parameters.clone()),
            store: card.store.0.clone(),
            generation: card.generation.0,
            software: concat!("hotspots ", env!("CARGO_PKG_VERSION")),
            permalink,
        }
    }
}
