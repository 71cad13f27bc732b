//! `GET /analysis/squares`: squares of the national grid with counts and significance, as GeoJSON or CSV.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::{
    Asked,
    cells::{self, CellMembers, Numbers, Properties},
};
use crate::{
    analysis::squares::{Contiguity, SquareSide, Squares},
    http::{
        App,
        answer::{csv, json},
        negotiate::Format,
        problem::Problem,
    },
    render::geojson::{Feature, FeatureCollection, polygon},
    service::analysis::squares::SquareValue,
};

/// Answers it.
pub async fn squares(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let mut asked = Asked::of(&request, &app, &[Format::GeoJson, Format::Csv])?;
    let side = asked.query.parse::<SquareSide>("cell_m");
    let words = [("queen", Contiguity::Queen), ("rook", Contiguity::Rook)];
    let contiguity = asked.query.choice("neighbours", &words).unwrap_or_default();
    let squares = Squares { side: side.unwrap_or(SquareSide::PATROL), contiguity };
    let statistic = cells::statistic(&mut asked.query);
    let with_empty = cells::with_empty(&mut asked.query);
    asked
        .answer(move |asked, service, snapshot| {
            let layer = service.squares(&asked.scope, squares, statistic, snapshot)?;
            let shown = layer.cells().filter(|value| with_empty || value.count > 0);
            if asked.format == Format::Csv {
                let rows: Vec<_> = shown.map(|value| (SquareName::of(&value), Numbers::of(&value))).collect();
                return csv(&cells::columns(&["square_id", "easting_m", "northing_m"]), &rows);
            }
            let features = shown
                .map(|value| {
                    let name = SquareName::of(&value);
                    let (id, shape) = (name.square_id.clone(), polygon(&value.cell.boundary));
                    Feature::new(id, shape, Properties::of(name, &value))
                })
                .collect();
            let members = asked.members("squares", &layer.about);
            json(&FeatureCollection::new(CellMembers::new(members, layer.moran, layer.geary), features))
        })
        .await
}

#[derive(Serialize)]
struct SquareName {
    square_id: String,
    easting_m: u32,
    northing_m: u32,
}

impl SquareName {
    fn of(value: &SquareValue<'_>) -> Self {
        let square = value.cell.index;
        Self { square_id: square.to_string(), easting_m: square.easting_m(), northing_m: square.northing_m() }
    }
}
