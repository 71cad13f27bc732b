//! `GET /analysis/density`: bands as GeoJSON, or the raster as JSON or as a `GeoTIFF`.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{Asked, AskedFor, Members, raster};
use crate::{
    analysis::density::Form,
    http::{App, answer::json, negotiate::Format, parameters, problem::Problem, query::Query},
    model::Invalid,
    render::geojson::{Feature, FeatureCollection, multi_polygon},
    service::{
        Service,
        analysis::density::{Adaptive, Density, DensityBand, DensityParameters},
    },
    snapshot::Snapshot,
};

/// The forms of the answer that are JSON; the raster is a `GeoTIFF` too.
pub(super) const FORMATS: [Format; 2] = [Format::GeoJson, Format::Json];

/// Answers it.
pub async fn density(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut asked = Asked::of(&request, &app, &[Format::GeoJson, Format::Json, Format::GeoTiff])?;
    let compute = compute(&mut asked.query, asked.question.format);
    asked.answer(compute).await
}

/// Reads its parameters for an answer in a form; what then gives it.
pub(super) fn compute(
    query: &mut Query,
    format: Format,
) -> impl FnOnce(&AskedFor, &Service, &Snapshot) -> Result<Vec<u8>, Problem> + Send + use<> {
    let parameters = parameters(query);
    let form: Form = query.parse("form").unwrap_or_default();
    if form != Form::Intensity && format == Format::GeoJson {
        query.fault("form", Invalid::new(form.name(), "only the raster has other forms: f=json or f=tiff"));
    }
    move |asked, service, snapshot| {
        let density = service.density(&asked.scope, &parameters, form, snapshot)?;
        let members = asked.members("density", &density.about);
        match asked.format {
            Format::Json => json(&RasterDocument { members, raster: Raster::of(&density) }),
            Format::GeoTiff => {
                raster::of_density(&density, &members.title, &members.notices, &members.method)
            }
            _ => {
                let features = density.bands().iter().map(band_feature).collect();
                json(&FeatureCollection::new(members, features))
            }
        }
    }
}

/// How a surface is drawn: read by every address that draws one.
pub(in crate::http) fn parameters(query: &mut Query) -> DensityParameters {
    let (adaptive, (bandwidth, bandwidth_rule)) = (adaptive(query), parameters::bandwidth(query));
    if matches!(adaptive, Adaptive::Nearest { .. }) {
        let rule = "with adaptive=nearest the bandwidth follows from k";
        if let Some(bandwidth) = bandwidth {
            query.fault("bandwidth_m", Invalid::new(bandwidth.get(), rule));
        }
        if let Some(other) = bandwidth_rule {
            query.fault("bandwidth_rule", Invalid::new(other, rule));
        }
    }
    DensityParameters {
        kernel: query.parse("kernel").unwrap_or_default(),
        edge: query.parse("edge").unwrap_or_default(),
        adaptive,
        bandwidth,
        bandwidth_rule,
        cell: parameters::metres(query, "cell_m"),
        classes: query.parse("classes").unwrap_or_default(),
        across_border: query.choice("across_border", &[("true", true), ("false", false)]).unwrap_or(false),
    }
}

/// Whether bandwidths follow the incidents: `adaptive`, with `pilot_m` or `k`.
fn adaptive(query: &mut Query) -> Adaptive {
    let words = [("none", 0), ("abramson", 1), ("nearest", 2)];
    let word = query.choice("adaptive", &words).unwrap_or(0);
    let (pilot, k) = (parameters::metres(query, "pilot_m"), query.whole("k", 1..=10_000));
    if let (Some(pilot), 0 | 2) = (pilot, word) {
        query.fault("pilot_m", Invalid::new(pilot.get(), "only adaptive=abramson has a pilot"));
    }
    if let (Some(k), 0 | 1) = (k, word) {
        query.fault("k", Invalid::new(k, "only adaptive=nearest looks for k incidents"));
    }
    match word {
        1 => Adaptive::Abramson { pilot },
        2 => Adaptive::Nearest { k: k.unwrap_or(DEFAULT_K) },
        _ => Adaptive::No,
    }
}

/// The minimum sample that `CrimeStat` takes by default.
const DEFAULT_K: u32 = 100;

#[derive(Serialize)]
struct BandProperties {
    class: usize,
    rule: String,
    label: String,
    lower_per_km2: f64,
    upper_per_km2: Option<f64>,
    area_km2: f64,
}

fn band_feature(band: &DensityBand) -> Feature<BandProperties> {
    let properties = BandProperties {
        class: band.class,
        rule: band.rule.clone(),
        label: match band.upper {
            Some(upper) => format!("{:.1} to {upper:.1} per km²", band.lower),
            None => format!("over {:.1} per km²", band.lower),
        },
        lower_per_km2: band.lower,
        upper_per_km2: band.upper,
        area_km2: band.area.km2(),
    };
    Feature::new(format!("band-{}", band.class), multi_polygon(&band.shape), properties)
}

#[derive(Serialize)]
struct RasterDocument {
    #[serde(flatten)]
    members: Members,
    #[serde(flatten)]
    raster: Raster,
}

/// The surface. Rows run from south to north, columns from west to east; `null` is outside the
/// borough.
#[derive(Serialize)]
struct Raster {
    crs: &'static str,
    origin_easting_m: f64,
    origin_northing_m: f64,
    cell_m: f64,
    columns: usize,
    rows: usize,
    unit: &'static str,
    peak_per_km2: f64,
    thresholds_per_km2: Vec<f64>,
    form: &'static str,
    rescaled_by: Option<f64>,
    values: Vec<Vec<Option<f64>>>,
}

/// What the values of a raster are.
pub(super) const fn unit(form: Form) -> &'static str {
    match form {
        Form::Intensity => "incidents per km2",
        Form::Absolute => "incidents per cell",
        Form::Probability => "share of all incidents",
    }
}

impl Raster {
    fn of(density: &Density<'_>) -> Self {
        let grid = &density.surface.grid;
        let masked = |values: &[f64]| {
            let cells = values.iter().zip(density.inside());
            cells.map(|(value, inside)| inside.then_some(*value)).collect::<Vec<_>>()
        };
        let peak = masked(&density.surface.values).into_iter().flatten().fold(0.0, f64::max);
        Self {
            crs: "EPSG:27700",
            origin_easting_m: grid.west_m(),
            origin_northing_m: grid.south_m(),
            cell_m: grid.cell().get(),
            columns: grid.columns(),
            rows: grid.rows(),
            unit: unit(density.form),
            peak_per_km2: peak,
            thresholds_per_km2: density.thresholds().to_vec(),
            form: density.form.name(),
            rescaled_by: density.rescaled_by,
            values: masked(&density.values).chunks(grid.columns()).map(<[_]>::to_vec).collect(),
        }
    }
}
