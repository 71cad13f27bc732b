//! `GET /analysis/hex`: H3 cells with counts and significance, as GeoJSON or CSV.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::Asked;
use crate::{
    analysis::hex::HexResolution,
    http::{
        App,
        answer::{csv, json},
        negotiate::Format,
        problem::Problem,
    },
    model::Invalid,
    render::geojson::{Feature, FeatureCollection, polygon},
    service::analysis::hex::HexValue,
};

/// Answers it.
pub async fn hex(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut asked = Asked::of(&request, &app, &[Format::GeoJson, Format::Csv])?;
    let resolution = asked.query.read("resolution", |text| {
        let refused = || Invalid::new(text, "a hex resolution is 7 to 11");
        text.parse::<u8>().map_err(|_not_a_number| refused()).and_then(HexResolution::new)
    });
    let with_empty = asked.query.choice("empty", &[("include", true), ("omit", false)]).unwrap_or(true);
    asked
        .answer(move |asked, service, snapshot| {
            let layer = service.hex(&asked.scope, resolution, snapshot)?;
            let shown = layer.cells().filter(|value| with_empty || value.count > 0);
            if asked.format == Format::Csv {
                return csv(&HEX_COLUMNS, &shown.map(|value| HexProperties::of(&value)).collect::<Vec<_>>());
            }
            let features = shown
                .map(|value| {
                    let properties = HexProperties::of(&value);
                    Feature::new(properties.hex_id.clone(), polygon(&value.cell.boundary), properties)
                })
                .collect();
            json(&FeatureCollection::new(asked.members("hex cells", &layer.about), features))
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
