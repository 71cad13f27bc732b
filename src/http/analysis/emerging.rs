//! `GET /analysis/emerging`: hex cells by what became of them as hot or cold spots, as GeoJSON or CSV.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{Asked, Members};
use crate::{
    analysis::time::emerging::{Definition, Rules, gi_star::GlobalWindow},
    http::{
        App,
        answer::{csv, json},
        negotiate::Format,
        parameters,
        problem::Problem,
        query::Query,
    },
    render::geojson::{Feature, FeatureCollection, polygon},
    service::analysis::emerging::{EmergingCell, EmergingParameters, window_word},
};

/// Answers it.
pub async fn emerging(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut asked = Asked::of(&request, &app, &[Format::GeoJson, Format::Csv])?;
    let parameters = read(&mut asked.query);
    let with_series = asked.query.choice("series", &[("include", true), ("omit", false)]).unwrap_or(false);
    let all_cells = asked.query.choice("cells", &[("all", true), ("patterns", false)]).unwrap_or(true);
    asked
        .answer(move |asked, service, snapshot| {
            let layer = service.emerging(&asked.scope, parameters, snapshot)?;
            let shown = layer.cells().filter(|cell| all_cells || cell.pattern.category.is_some());
            if asked.format == Format::Csv {
                return csv(&COLUMNS, &shown.map(|cell| Properties::of(&cell)).collect::<Vec<_>>());
            }
            let features = shown
                .map(|cell| {
                    let numbers = Properties::of(&cell);
                    let series =
                        with_series.then(|| Series { weighted: cell.weighted.to_vec(), z: cell.z.to_vec() });
                    let id = numbers.hex_id.clone();
                    Feature::new(id, polygon(&cell.cell.boundary), CellProperties { numbers, series })
                })
                .collect();
            let mut categories = BTreeMap::new();
            for cell in layer.cells() {
                *categories.entry(name(&cell)).or_default() += 1;
            }
            let members = EmergingMembers {
                members: asked.members("emerging hot spots", &layer.about),
                months: layer.months.iter().map(ToString::to_string).collect(),
                categories,
            };
            json(&FeatureCollection::new(members, features))
        })
        .await
}

fn read(query: &mut Query) -> EmergingParameters {
    let defaults = Rules::default();
    let windows = [GlobalWindow::EntireCube, GlobalWindow::NeighbourhoodSteps, GlobalWindow::IndividualStep];
    let windows = windows.map(|window| (window_word(window), window));
    let definitions = [Definition::Current, Definition::ArcGis2].map(|known| (known.as_str(), known));
    EmergingParameters {
        resolution: query.parse("resolution"),
        rings: query.whole("rings", 0..=5),
        rules: Rules {
            steps_back: query.whole("steps_back", 0..=24).map_or(defaults.steps_back, |steps| steps as usize),
            window: query.choice("window", &windows).unwrap_or(defaults.window),
            alpha: parameters::alpha(query, "significance"),
            fdr: query.choice("fdr", &[("true", true), ("false", false)]).unwrap_or(defaults.fdr),
            trend_alpha: parameters::alpha(query, "trend_significance"),
            definition: query.choice("definition", &definitions).unwrap_or(defaults.definition),
        },
    }
}

#[derive(Serialize)]
struct EmergingMembers {
    #[serde(flatten)]
    members: Members,
    months: Vec<String>,
    categories: BTreeMap<String, usize>,
}

/// The members of [`Properties`] in their order.
const COLUMNS: [&str; 9] =
    ["hex_id", "category", "count", "hot_steps", "cold_steps", "trend_z", "trend_p", "last_z", "note"];

#[derive(Serialize)]
struct CellProperties {
    #[serde(flatten)]
    numbers: Properties,
    #[serde(flatten)]
    series: Option<Series>,
}

#[derive(Serialize)]
struct Series {
    weighted: Vec<f64>,
    z: Vec<f64>,
}

#[derive(Serialize)]
struct Properties {
    hex_id: String,
    category: String,
    count: u64,
    hot_steps: usize,
    cold_steps: usize,
    trend_z: f64,
    trend_p: f64,
    last_z: Option<f64>,
    note: Option<&'static str>,
}

/// What a cell says that owes its pattern to its neighbours.
const BORROWED: &str = "no incident of its own: the pattern is that of its neighbours";

fn name(cell: &EmergingCell<'_>) -> String {
    cell.pattern.category.map_or_else(|| "No Pattern Detected".to_owned(), |category| category.to_string())
}

impl Properties {
    fn of(cell: &EmergingCell<'_>) -> Self {
        let pattern = cell.pattern;
        Self {
            hex_id: cell.cell.index.to_string(),
            category: name(cell),
            count: cell.count,
            hot_steps: pattern.hot_steps,
            cold_steps: pattern.cold_steps,
            trend_z: pattern.trend.z,
            trend_p: pattern.trend.p,
            last_z: cell.z.last().copied(),
            note: (pattern.category.is_some() && cell.count == 0).then_some(BORROWED),
        }
    }
}
