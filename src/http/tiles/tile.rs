//! Tiles: `…/{z}/{x}/{y}.mvt`, and by matrix, row and column as OGC API – Tiles (20-057 §7) has it.

use actix_web::{HttpRequest, HttpResponse, web};

use super::selection::Selection;
use crate::{
    feature::TileId,
    http::{
        App,
        answer::answer,
        negotiate::{self, Format},
        problem::Problem,
        query::Query,
    },
    model::Invalid,
};

/// `GET /tiles/{collection}/{z}/{x}/{y}.mvt`.
pub async fn one_xyz(
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<(String, String, String, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, zoom, column, row) = path.into_inner();
    let tile = tile_id(&zoom, &column, &row)?;
    let mut query = Query::of(&request)?;
    let selection = Selection::one(&mut query, &app, &id)?;
    respond(&request, &app, query, Ok(Format::VectorTile), selection, tile).await
}

/// `GET /collections/{collection}/tiles/WebMercatorQuad/{matrix}/{row}/{column}`.
pub async fn one_ogc(
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<(String, String, String, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, zoom, row, column) = path.into_inner();
    let tile = tile_id(&zoom, &column, &row)?;
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &[Format::VectorTile]);
    let selection = Selection::one(&mut query, &app, &id)?;
    respond(&request, &app, query, format, selection, tile).await
}

/// `GET /tiles/{z}/{x}/{y}.mvt`.
pub async fn several_xyz(
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<(String, String, String)>,
) -> Result<HttpResponse, Problem> {
    let (zoom, column, row) = path.into_inner();
    let tile = tile_id(&zoom, &column, &row)?;
    let mut query = Query::of(&request)?;
    let selection = Selection::several(&mut query, &app)?;
    respond(&request, &app, query, Ok(Format::VectorTile), selection, tile).await
}

/// `GET /tiles/WebMercatorQuad/{matrix}/{row}/{column}`.
pub async fn several_ogc(
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<(String, String, String)>,
) -> Result<HttpResponse, Problem> {
    let (zoom, row, column) = path.into_inner();
    let tile = tile_id(&zoom, &column, &row)?;
    let mut query = Query::of(&request)?;
    let format = negotiate::format(&request, &mut query, &[Format::VectorTile]);
    let selection = Selection::several(&mut query, &app)?;
    respond(&request, &app, query, format, selection, tile).await
}

async fn respond(
    request: &HttpRequest,
    app: &web::Data<App>,
    query: Query,
    format: Result<Format, Problem>,
    selection: Selection,
    tile: TileId,
) -> Result<HttpResponse, Problem> {
    query.finish()?;
    answer(request, app, format?, move |service, snapshot| Ok(selection.tile(service, snapshot, tile)?)).await
}

/// The tile that path segments name: 400 for what is no number, 404 for a tile that the grid does not have.
fn tile_id(zoom: &str, column: &str, row: &str) -> Result<TileId, Problem> {
    let number = |place: &str, text: &str| {
        let fault = || Problem::invalid(place, Invalid::new(text, "a whole number from 0"));
        text.parse::<u32>().ok().ok_or_else(fault)
    };
    let zoom = number("path segment zoom", zoom)?;
    let (column, row) = (number("path segment column", column)?, number("path segment row", row)?);
    TileId::new(zoom, column, row).map_err(|fault| Problem::not_found(format!("there is no tile {fault}")))
}
