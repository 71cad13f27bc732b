//! The method card on the wire.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::profile::{MethodCard, MethodParameters};

/// A method card with the address that gives the same answer again.
#[derive(Debug, Serialize)]
pub struct Card {
    area: String,
    area_code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    layer: Option<Layer>,
    schematic_boundaries: bool,
    priority: Option<String>,
    period: String,
    comparison_period: Option<String>,
    categories: Vec<String>,
    sources: Vec<String>,
    filters: Vec<String>,
    weights: BTreeMap<String, f64>,
    crs: &'static str,
    incidents: Incidents,
    #[serde(flatten)]
    method: Method,
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
struct Incidents {
    used: u64,
    unlocated: u64,
    outside: u64,
    coarser_than_period: u64,
    synthetic: u64,
}

#[derive(Debug, Serialize)]
#[serde(tag = "method", rename_all = "kebab-case")]
enum Method {
    Density {
        kernel: &'static str,
        formula: &'static str,
        unit: &'static str,
        bandwidth_m: f64,
        bandwidth_rule: String,
        cell_m: f64,
        cell_rule: String,
        edge_correction: &'static str,
        classes: &'static str,
        mean_per_km2: Option<f64>,
    },
    Hex {
        grid: &'static str,
        resolution: u8,
        cells: usize,
        cell_area: &'static str,
        statistic: &'static str,
        neighbours: &'static str,
        p_values: &'static str,
    },
    Summary {
        rate: &'static str,
        residents_year: Option<i16>,
        rank: &'static str,
        border_rule: &'static str,
    },
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
            schematic_boundaries: card.schematic_boundaries,
            priority: card.priority.as_ref().map(ToString::to_string),
            period: card.period.to_string(),
            comparison_period: card.comparison.as_ref().map(ToString::to_string),
            categories: card.categories.iter().map(ToString::to_string).collect(),
            sources: card.sources.clone(),
            filters: card.filters.clone(),
            weights: card.weights.iter().map(|(category, weight)| (category.to_string(), *weight)).collect(),
            crs: "EPSG:27700",
            incidents: Incidents {
                used: card.tally.used,
                unlocated: card.tally.unlocated,
                outside: card.tally.outside,
                coarser_than_period: card.tally.coarser_than_period,
                synthetic: card.tally.synthetic,
            },
            method: Method::of(&card.method),
            store: card.store.0.clone(),
            generation: card.generation.0,
            software: concat!("hotspots ", env!("CARGO_PKG_VERSION")),
            permalink,
        }
    }
}

impl Method {
    fn of(method: &MethodParameters) -> Self {
        match method.clone() {
            MethodParameters::Density { bandwidth_m, bandwidth_rule, cell_m, cell_rule, mean_per_km2 } => {
                Self::Density {
                    kernel: "quartic",
                    formula: "sum of w * 3/(pi h^2) * (1 - d^2/h^2)^2 for d < h, exact at cell centres",
                    unit: "incidents per km2 of the period",
                    bandwidth_m,
                    bandwidth_rule,
                    cell_m,
                    cell_rule,
                    edge_correction: "none",
                    classes: "incremental mean: multiples 1 to 5 of the mean of positive cells in the outline",
                    mean_per_km2,
                }
            }
            MethodParameters::Hex { resolution, cells } => Self::Hex {
                grid: "H3, every cell that meets the outline",
                resolution,
                cells,
                cell_area: "planar on the grid, clipped exactly to the outline",
                statistic: "Getis-Ord Gi* of weighted counts",
                neighbours: "adjacent cells of the grid and the cell itself, binary weights",
                p_values: "two-sided normal; adjusted by Benjamini-Hochberg over all cells",
            },
            MethodParameters::Summary { residents_year } => Self::Summary {
                rate: "incidents per 1,000 usual residents",
                residents_year,
                rank: "by count, highest first; ties share the better rank",
                border_rule: "a point on a border belongs to the first of its areas in order of code",
            },
        }
    }
}
