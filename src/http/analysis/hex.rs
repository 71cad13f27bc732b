//! `GET /analysis/hex`: H3 cells with counts and significance, as GeoJSON or CSV.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{
    Asked, AskedFor,
    cells::{self, CellMembers, Numbers, Properties},
};
use crate::{
    analysis::hex::HexResolution,
    http::{
        App,
        answer::{csv, json},
        negotiate::Format,
        problem::Problem,
        query::Query,
    },
    render::geojson::{Feature, FeatureCollection, polygon},
    service::{Service, analysis::hex::HexValue},
    snapshot::Snapshot,
};

/// The forms of the answer.
pub(super) const FORMATS: [Format; 2] = [Format::GeoJson, Format::Csv];

/// Answers it.
pub async fn hex(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut asked = Asked::of(&request, &app, &FORMATS)?;
    let compute = compute(&mut asked.query);
    asked.answer(compute).await
}

/// Reads its parameters; what then gives the answer.
pub(super) fn compute(
    query: &mut Query,
) -> impl FnOnce(&AskedFor, &Service, &Snapshot) -> Result<Vec<u8>, Problem> + Send + use<> {
    let resolution = query.parse::<HexResolution>("resolution");
    let statistic = cells::statistic(query);
    let with_empty = cells::with_empty(query);
    move |asked, service, snapshot| {
        let layer = service.hex(&asked.scope, resolution, statistic, snapshot)?;
        let shown = layer.cells().filter(|value| with_empty || value.count > 0);
        if asked.format == Format::Csv {
            let rows: Vec<_> = shown.map(|value| (HexName::of(&value), Numbers::of(&value))).collect();
            return csv(&cells::columns(&["hex_id"]), &rows);
        }
        let features = shown
            .map(|value| {
                let name = HexName::of(&value);
                let (id, shape) = (name.hex_id.clone(), polygon(&value.cell.boundary));
                Feature::new(id, shape, Properties::of(name, &value))
            })
            .collect();
        let members = asked.members("hex cells", &layer.about);
        json(&FeatureCollection::new(CellMembers::new(members, layer.moran, layer.geary), features))
    }
}

#[derive(Serialize)]
struct HexName {
    hex_id: String,
}

impl HexName {
    fn of(value: &HexValue<'_>) -> Self {
        Self { hex_id: value.cell.index.to_string() }
    }
}
