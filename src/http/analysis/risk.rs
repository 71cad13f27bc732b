//! `GET /analysis/risk`: where risk is surely higher or lower as GeoJSON, or the raster as JSON or as
//! a `GeoTIFF`.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{Asked, Members, raster};
use crate::{
    analysis::{
        density::EdgeCorrection,
        monte_carlo::Replications,
        risk::{Compared, Shrinkage},
    },
    http::{
        App,
        answer::json,
        negotiate::Format,
        parameters,
        problem::Problem,
        query::{self, Query},
    },
    model::{Invalid, Period},
    render::{
        geojson::{Feature, FeatureCollection, multi_polygon},
        geotiff::Band,
    },
    service::{
        Service,
        analysis::risk::{Against, RiskAsked, RiskContour, RiskLayer},
    },
};

/// Answers it.
pub async fn risk(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut asked = Asked::of(&request, &app, &[Format::GeoJson, Format::Json, Format::GeoTiff])?;
    if let Some(table) = &asked.question.scope.weights {
        let rule = "a relative risk compares numbers of incidents and takes no weights";
        asked.query.fault("weights", Invalid::new(table, rule));
    }
    let parameters = parameters(&mut asked.query, &app.service);
    let form = asked.query.choice("form", &FORMS).unwrap_or(Form::LogRatio);
    asked
        .answer(move |asked, service, snapshot| {
            let layer = service.risk(&asked.scope, &parameters, snapshot)?;
            let members = asked.members("relative risk", &layer.about);
            match asked.format {
                Format::Json => json(&RiskRaster::of(members, &layer, form)),
                Format::GeoTiff => {
                    let Members { title, notices, method } = &members;
                    raster::of(&layer.grid, bands(&layer, form), title, notices, method)
                }
                _ => {
                    let members = Counted { members, cases: layer.cases, controls: layer.controls };
                    let features = layer.contours().iter().map(|contour| feature(contour, &layer)).collect();
                    json(&FeatureCollection::new(members, features))
                }
            }
        })
        .await
}

fn parameters(query: &mut Query, service: &Service) -> RiskAsked {
    let priority = query.read("against_priority", |id| Ok(id.to_owned()));
    RiskAsked {
        against: Against {
            priority_version: parameters::priority_version(
                query,
                parameters::AGAINST_VERSION,
                priority.as_deref(),
            ),
            priority,
            categories: query.list("against_category", parameters::category),
            filter: query.read("against", |text| parameters::filter(text, service)),
            period: query.parse::<Period>("against_period"),
        },
        sigma: parameters::metres(query, "bandwidth_m"),
        cell: parameters::metres(query, "cell_m"),
        edge: query.parse("edge").unwrap_or(EdgeCorrection::Uniform),
        shrinkage: query
            .read("shrinkage", |text| {
                Shrinkage::new(query::finite(text)?).map_err(|fault| Invalid::new(text, fault.rule))
            })
            .unwrap_or_default(),
        permutations: query.read("permutations", |text| {
            let refused = || Invalid::new(text, "permutations are a whole number from 99 to 9999");
            text.parse().map_err(|_not_a_number| refused()).and_then(Replications::new)
        }),
        seed: parameters::seed(query),
    }
}

/// What the values of the raster are.
#[derive(Clone, Copy)]
enum Form {
    LogRatio,
    Ratio,
    Difference,
}

const FORMS: [(&str, Form); 3] =
    [("log-ratio", Form::LogRatio), ("ratio", Form::Ratio), ("difference", Form::Difference)];

impl Form {
    fn name(self) -> &'static str {
        match self {
            Self::LogRatio => "log-ratio",
            Self::Ratio => "ratio",
            Self::Difference => "difference",
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::LogRatio => "natural logarithm of the ratio",
            Self::Ratio => "ratio",
            Self::Difference => "share of the incidents per km2",
        }
    }

    fn of(self, at: &Compared) -> Option<f64> {
        match self {
            Self::LogRatio => at.log_ratio,
            Self::Ratio => at.ratio(),
            Self::Difference => Some(at.difference()),
        }
    }
}

#[derive(Serialize)]
struct Counted {
    #[serde(flatten)]
    members: Members,
    cases: u64,
    controls: u64,
}

#[derive(Serialize)]
struct ContourProperties {
    direction: &'static str,
    p_at_most: f64,
    p_above: Option<f64>,
    label: String,
    cases: u64,
    controls: u64,
    relative_risk: Option<f64>,
    area_km2: f64,
}

fn feature(contour: &RiskContour, layer: &RiskLayer<'_>) -> Feature<ContourProperties> {
    let direction = if contour.higher { "higher" } else { "lower" };
    let share = |some: u64, all: u64| some as f64 / all as f64;
    let controls = share(contour.controls, layer.controls);
    let properties = ContourProperties {
        direction,
        p_at_most: contour.p_at_most,
        p_above: contour.p_above,
        label: match contour.p_above {
            Some(above) => format!("{direction}, p {above} to {}", contour.p_at_most),
            None => format!("{direction}, p {} and below", contour.p_at_most),
        },
        cases: contour.cases,
        controls: contour.controls,
        relative_risk: (controls > 0.0).then(|| share(contour.cases, layer.cases) / controls),
        area_km2: contour.area.km2(),
    };
    Feature::new(format!("{direction}-{}", contour.p_at_most), multi_polygon(&contour.shape), properties)
}

/// The comparison as bands of a raster: the values, and the probabilities of so high and so low a ratio.
fn bands(layer: &RiskLayer<'_>, form: Form) -> Vec<Band> {
    let values = layer.cells.iter().map(|at| form.of(at)).collect();
    [
        (form.name(), form.unit(), values),
        ("p_upper", "1", layer.p_upper.clone()),
        ("p_lower", "1", layer.p_lower.clone()),
    ]
    .map(|(title, unit, values)| Band {
        title: title.to_owned(),
        unit: unit.to_owned(),
        values: masked(values, &layer.inside),
    })
    .into()
}

/// The values of the cells inside the study area.
fn masked(values: Vec<Option<f64>>, inside: &[bool]) -> Vec<Option<f64>> {
    values.into_iter().zip(inside).map(|(value, inside)| value.filter(|_| *inside)).collect()
}

/// The comparison by cell. Rows run from south to north, columns from west to east; `null` is outside the
/// study area, or undefined.
#[derive(Serialize)]
struct RiskRaster {
    #[serde(flatten)]
    members: Members,
    crs: &'static str,
    origin_easting_m: f64,
    origin_northing_m: f64,
    cell_m: f64,
    columns: usize,
    rows: usize,
    form: &'static str,
    unit: &'static str,
    cases: u64,
    controls: u64,
    values: Vec<Vec<Option<f64>>>,
    p_upper: Vec<Vec<Option<f64>>>,
    p_lower: Vec<Vec<Option<f64>>>,
}

impl RiskRaster {
    fn of(members: Members, layer: &RiskLayer<'_>, form: Form) -> Self {
        let grid = &layer.grid;
        let rows = |values: Vec<Option<f64>>| {
            masked(values, &layer.inside).chunks(grid.columns()).map(<[_]>::to_vec).collect()
        };
        Self {
            members,
            crs: "EPSG:27700",
            origin_easting_m: grid.west_m(),
            origin_northing_m: grid.south_m(),
            cell_m: grid.cell().get(),
            columns: grid.columns(),
            rows: grid.rows(),
            form: form.name(),
            unit: form.unit(),
            cases: layer.cases,
            controls: layer.controls,
            values: rows(layer.cells.iter().map(|at| form.of(at)).collect()),
            p_upper: rows(layer.p_upper.clone()),
            p_lower: rows(layer.p_lower.clone()),
        }
    }
}
