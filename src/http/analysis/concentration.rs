//! `GET /analysis/concentration`: the 80/20 table and the Gini coefficient as JSON, GeoJSON or CSV.

use actix_web::{HttpRequest, HttpResponse, web};
use geojson::Geometry;
use serde::Serialize;

use super::{Asked, Members};
use crate::{
    analysis::{
        concentration::{
            LAW_OF_CRIME_CONCENTRATION,
            bootstrap::Interval,
            table::{Row, Table},
        },
        hex::HexResolution,
        squares::SquareSide,
    },
    http::{
        App,
        answer::{csv, json},
        negotiate::Format,
        parameters,
        problem::Problem,
        query::Query,
    },
    model::{Invalid, LayerId},
    render::geojson::{Feature, FeatureCollection, multi_polygon, point, polygon},
    service::analysis::concentration::{
        Concentration, ConcentrationParameters, ConcentrationUnit, Measure, Unit, UnitShape,
    },
};

/// Rows of the table that a JSON answer lists.
const DEFAULT_LIMIT: u32 = 100;

/// Answers it.
pub async fn concentration(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut asked = Asked::of(&request, &app, &[Format::Json, Format::GeoJson, Format::Csv])?;
    let query = &mut asked.query;
    let unit = unit(query);
    let measures = [("count", Measure::Count), ("weighted", Measure::Weighted)];
    let parameters = ConcentrationParameters {
        unit,
        measure: query.choice("measure", &measures).unwrap_or_default(),
        resamples: parameters::replications(query, "resamples").unwrap_or_default(),
        seed: parameters::seed(query),
    };
    let limit = query.whole("limit", 1..=100_000);
    // A place with its incidents is as good as these.
    let limit = match parameters.unit {
        Unit::Places if !app.audience.may_see_incidents() => Some(0),
        _ => limit,
    };
    asked
        .answer(move |asked, service, snapshot| {
            let found = service.concentration(&asked.scope, &parameters, snapshot)?;
            let most = |default: usize| limit.map_or(default, |limit| limit as usize);
            let members = || ConcentrationMembers::of(&found, asked.members("concentration", &found.about));
            match asked.format {
                Format::Csv => {
                    let rows: Vec<_> = rows(&found).take(most(usize::MAX)).map(|(_, row)| row).collect();
                    csv(&COLUMNS, &rows)
                }
                Format::GeoJson => {
                    let features = rows(&found)
                        .take(most(usize::MAX))
                        .map(|(unit, row)| Feature::new(row.unit.clone(), geometry(&unit.shape), row));
                    json(&FeatureCollection::new(members(), features.collect()))
                }
                _ => {
                    let rows = rows(&found).take(most(DEFAULT_LIMIT as usize)).map(|(_, row)| row).collect();
                    json(&ConcentrationDocument { members: members(), rows })
                }
            }
        })
        .await
}

/// Reads what incidents are counted on, and the size of cells.
fn unit(query: &mut Query) -> Unit {
    let word = query.read("unit", |word| LayerId::new(word).map(|word| word.to_string()));
    let word = word.unwrap_or_else(|| "hex".to_owned());
    let resolution = query.parse::<HexResolution>("resolution");
    let side = query.parse::<SquareSide>("cell_m");
    if let Some(resolution) = resolution.filter(|_| word != "hex") {
        query.fault("resolution", Invalid::new(resolution.get(), "only hex cells have a resolution"));
    }
    if let Some(side) = side.filter(|_| word != "squares") {
        query.fault("cell_m", Invalid::new(side.get(), "only squares have a side"));
    }
    match word.as_str() {
        "hex" => Unit::Hex(resolution),
        "squares" => Unit::Squares(side.unwrap_or(SquareSide::PATROL)),
        "places" => Unit::Places,
        _ => Unit::Layer(word),
    }
}

fn geometry(shape: &UnitShape) -> Geometry {
    match shape {
        UnitShape::Cell(ring) => polygon(ring),
        UnitShape::Point(at) => point(*at),
        UnitShape::Area(shape) => multi_polygon(shape),
    }
}

#[derive(Serialize)]
struct ConcentrationDocument {
    #[serde(flatten)]
    members: ConcentrationMembers,
    rows: Vec<UnitRow>,
}

#[derive(Serialize)]
struct ConcentrationMembers {
    #[serde(flatten)]
    members: Members,
    units: usize,
    total: f64,
    gini: Option<f64>,
    gini_interval: Option<WireInterval>,
    generalised_gini: Option<f64>,
    generalised_gini_interval: Option<WireInterval>,
    unbiased_gini: Option<f64>,
    unbiased_generalised_gini: Option<f64>,
    units_pct_holding: Vec<Holding>,
    held_pct_by_top: Vec<Held>,
    law_of_crime_concentration: Vec<Yardstick>,
    lorenz: Vec<[f64; 2]>,
}

#[derive(Serialize)]
struct WireInterval {
    percentile_low: f64,
    percentile_high: f64,
    bca_low: Option<f64>,
    bca_high: Option<f64>,
}

/// The smallest share of units that holds a share of everything.
#[derive(Serialize)]
struct Holding {
    held_pct: f64,
    units_pct: Option<f64>,
}

/// What a share of units holds.
#[derive(Serialize)]
struct Held {
    units_pct: f64,
    held_pct: Option<f64>,
}

#[derive(Serialize)]
struct Yardstick {
    held_pct: f64,
    street_segments_pct_low: f64,
    street_segments_pct_high: f64,
}

impl WireInterval {
    fn of(interval: Interval) -> Self {
        let (bca_low, bca_high) = interval.bca.unzip();
        let (percentile_low, percentile_high) = interval.percentile;
        Self { percentile_low, percentile_high, bca_low, bca_high }
    }
}

impl ConcentrationMembers {
    fn of(found: &Concentration, members: Members) -> Self {
        let (forms, table) = (found.forms, found.table.as_ref());
        let holding = |held_pct: f64| Holding {
            held_pct,
            units_pct: table.and_then(|table| table.units_pct_holding(held_pct)),
        };
        let held = |units_pct: f64| Held {
            units_pct,
            held_pct: table.map(|table| table.held_pct_by_top(units_pct)),
        };
        Self {
            members,
            units: found.units.len(),
            total: found.total,
            gini: found.gini,
            gini_interval: found.intervals.map(|both| WireInterval::of(both.gini)),
            generalised_gini: forms.map(|forms| forms.generalised),
            generalised_gini_interval: forms
                .and(found.intervals)
                .map(|both| WireInterval::of(both.generalised)),
            unbiased_gini: forms.and_then(|forms| forms.unbiased),
            unbiased_generalised_gini: forms.and_then(|forms| forms.unbiased_generalised),
            units_pct_holding: [25.0, 50.0, 80.0].map(holding).into(),
            held_pct_by_top: [1.0, 5.0, 10.0, 20.0].map(held).into(),
            law_of_crime_concentration: LAW_OF_CRIME_CONCENTRATION
                .iter()
                .map(|found| Yardstick {
                    held_pct: found.incidents_pct,
                    street_segments_pct_low: found.low_pct,
                    street_segments_pct_high: found.high_pct,
                })
                .collect(),
            lorenz: found.lorenz.iter().flatten().map(|&(units, held)| [units, held]).collect(),
        }
    }
}

/// The members of [`UnitRow`] in their order.
const COLUMNS: [&str; 7] =
    ["rank", "unit", "name", "held", "cumulative", "cumulative_pct", "cumulative_units_pct"];

#[derive(Serialize)]
struct UnitRow {
    rank: usize,
    unit: String,
    name: Option<String>,
    held: f64,
    cumulative: f64,
    cumulative_pct: f64,
    cumulative_units_pct: f64,
}

fn rows(found: &Concentration) -> impl Iterator<Item = (&ConcentrationUnit, UnitRow)> {
    let table = found.table.as_ref().map_or(&[][..], |Table { rows, .. }| rows.as_slice());
    (1..).zip(table).filter_map(|(rank, row): (usize, &Row)| {
        let unit = found.units.get(row.unit)?;
        let row = UnitRow {
            rank,
            unit: unit.id.clone(),
            name: unit.name.clone(),
            held: row.amount,
            cumulative: row.cumulative,
            cumulative_pct: row.cumulative_pct,
            cumulative_units_pct: row.units_pct,
        };
        Some((unit, row))
    })
}
