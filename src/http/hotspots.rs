//! Hotspot layers of a priority: density bands and hex cells.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{
    App,
    answer::{answer, csv, json},
    negotiate::{self, Format},
    parameters::{self, Address},
    problem::Problem,
    query::Query,
    wire::Card,
};
use crate::{
    analysis::hex::HexResolution,
    model::Invalid,
    profile::MethodCard,
    render::geojson::{Feature, FeatureCollection, multi_polygon, polygon},
    service::{
        density::{Density, DensityBand, DensityParameters},
        hex::HexValue,
    },
};

#[derive(Serialize)]
struct Members {
    title: String,
    notices: Vec<String>,
    method: Card,
}

impl Members {
    fn new(title: String, notices: Vec<String>, card: &MethodCard, address: &Address) -> Self {
        Self { title, notices, method: Card::new(card, address.permalink(card.period)) }
    }
}

/// `GET /priorities/{priority}/hotspots/density`: bands as GeoJSON, or the raster as JSON.
pub async fn density(
    request: HttpRequest,
    app: web::Data<App>,
    priority: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let priority = priority.into_inner();
    let title = app.service.priority(&priority)?.priority.title.clone();
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &[Format::GeoJson, Format::Json]);
    let scope = parameters::scope(&mut query, &app.service, Some(priority));
    let parameters = DensityParameters {
        bandwidth: parameters::metres(&mut query, "bandwidth_m"),
        cell: parameters::metres(&mut query, "cell_m"),
    };
    query.finish()?;
    let format = format?;
    let address = Address::of(&request, &app);
    answer(&request, &app, format, move |service, snapshot| {
        let density = service.density(&scope, parameters, snapshot)?;
        let title = format!("{title}: density");
        let members = Members::new(title, density.notices.clone(), &density.card, &address);
        if format == Format::Json {
            return json(&RasterDocument { members, raster: Raster::of(&density) });
        }
        let features = service.density_bands(&density).iter().map(band_feature).collect();
        json(&FeatureCollection::new(members, features))
    })
    .await
}

#[derive(Serialize)]
struct BandProperties {
    class: usize,
    label: String,
    lower_per_km2: f64,
    upper_per_km2: Option<f64>,
    area_km2: f64,
}

fn band_feature(band: &DensityBand) -> Feature<BandProperties> {
    let properties = BandProperties {
        class: band.class,
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
    fn of(density: &Density) -> Self {
        let grid = &density.surface.grid;
        let masked: Vec<Option<f64>> = density
            .surface
            .values
            .iter()
            .zip(&density.inside)
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
            thresholds_per_km2: density
                .thresholds
                .as_ref()
                .map(|limits| limits.as_slice().to_vec())
                .unwrap_or_default(),
            values: masked.chunks(grid.columns()).map(<[_]>::to_vec).collect(),
        }
    }
}

/// `GET /priorities/{priority}/hotspots/hex`: H3 cells with counts and significance.
pub async fn hex(
    request: HttpRequest,
    app: web::Data<App>,
    priority: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let priority = priority.into_inner();
    let title = app.service.priority(&priority)?.priority.title.clone();
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &[Format::GeoJson, Format::Csv]);
    let scope = parameters::scope(&mut query, &app.service, Some(priority));
    let resolution = query.read("resolution", |text| {
        let refused = || Invalid::new(text, "a hex resolution is 7 to 11");
        text.parse::<u8>().map_err(|_not_a_number| refused()).and_then(HexResolution::new)
    });
    let with_empty = query.choice("empty", &[("include", true), ("omit", false)]).unwrap_or(true);
    query.finish()?;
    let format = format?;
    let address = Address::of(&request, &app);
    answer(&request, &app, format, move |service, snapshot| {
        let layer = service.hex(&scope, resolution, snapshot)?;
        let shown = layer.cells.iter().filter(|value| with_empty || value.count > 0);
        if format == Format::Csv {
            return csv(&HEX_COLUMNS, &shown.map(HexProperties::of).collect::<Vec<_>>());
        }
        let title = format!("{title}: hex cells");
        let members = Members::new(title, layer.notices.clone(), &layer.card, &address);
        let features = shown
            .map(|value| {
                let properties = HexProperties::of(value);
                Feature::new(properties.hex_id.clone(), polygon(&value.cell.boundary), properties)
            })
            .collect();
        json(&FeatureCollection::new(members, features))
    })
    .await
}

/// The members of [`HexProperties`] in their order.
const HEX_COLUMNS: [&str; 10] = [
    "hex_id",
    "count",
    "weighted",
    "area_km2",
    "clipped_area_km2",
    "per_km2",
    "gi_star_z",
    "p",
    "p_adjusted",
    "gi_class",
];

#[derive(Serialize)]
struct HexProperties {
    hex_id: String,
    count: u64,
    weighted: f64,
    area_km2: f64,
    clipped_area_km2: f64,
    per_km2: f64,
    gi_star_z: f64,
    p: f64,
    p_adjusted: f64,
    gi_class: i8,
}

impl HexProperties {
    fn of(value: &HexValue<'_>) -> Self {
        Self {
            hex_id: value.cell.index.to_string(),
            count: value.count,
            weighted: value.weighted,
            area_km2: value.cell.whole.km2(),
            clipped_area_km2: value.cell.clipped.km2(),
            per_km2: value.per_km2,
            gi_star_z: value.gi_star.z,
            p: value.gi_star.p_two_sided,
            p_adjusted: value.p_adjusted,
            gi_class: value.class.get(),
        }
    }
}
