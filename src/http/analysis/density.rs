//! `GET /analysis/density`: bands as GeoJSON, or the raster as JSON.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{Asked, Members};
use crate::{
    http::{App, answer::json, negotiate::Format, parameters, problem::Problem, query::Query},
    render::geojson::{Feature, FeatureCollection, multi_polygon},
    service::analysis::density::{Density, DensityBand, DensityParameters},
};

/// Answers it.
pub async fn density(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut asked = Asked::of(&request, &app, &[Format::GeoJson, Format::Json])?;
    let parameters = parameters(&mut asked.query);
    asked
        .answer(move |asked, service, snapshot| {
            let density = service.density(&asked.scope, &parameters, snapshot)?;
            let members = asked.members("density", &density.about);
            if asked.format == Format::Json {
                return json(&RasterDocument { members, raster: Raster::of(&density) });
            }
            let features = density.bands().iter().map(band_feature).collect();
            json(&FeatureCollection::new(members, features))
        })
        .await
}

/// How a surface is drawn: read by every address that draws one.
pub(super) fn parameters(query: &mut Query) -> DensityParameters {
    let (bandwidth, bandwidth_rule) = parameters::bandwidth(query);
    DensityParameters {
        bandwidth,
        bandwidth_rule,
        cell: parameters::metres(query, "cell_m"),
        classes: query.parse("classes").unwrap_or_default(),
    }
}

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
    values: Vec<Vec<Option<f64>>>,
}

impl Raster {
    fn of(density: &Density<'_>) -> Self {
        let grid = &density.surface.grid;
        let masked: Vec<Option<f64>> = density
            .surface
            .values
            .iter()
            .zip(density.inside())
            .map(|(value, inside)| inside.then_some(*value))
            .collect();
        Self {
            crs: "EPSG:27700",
            origin_easting_m: grid.west_m(),
            origin_northing_m: grid.south_m(),
            cell_m: grid.cell().get(),
            columns: grid.columns(),
            rows: grid.rows(),
            unit: "incidents per km2",
            peak_per_km2: masked.iter().flatten().copied().fold(0.0, f64::max),
            thresholds_per_km2: density.thresholds().to_vec(),
            values: masked.chunks(grid.columns()).map(<[_]>::to_vec).collect(),
        }
    }
}
