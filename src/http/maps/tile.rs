//! Tiles of the square that web maps are cut from: `/tiles/{collection}/{zoom}/{column}/{row}.png`, and the same by
//! row and column as OGC API – Tiles has it. A tile with nothing on it is status 204.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    asked::{Asked, picture},
    tileset::known_set,
};
use crate::{
    feature::{Plane, TileId},
    http::{
        App,
        answer::answer,
        layer,
        negotiate::{self, Format},
        problem::Problem,
        query::Query,
    },
    render::map::View,
};

/// A tile by column and row.
pub async fn by_column(
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<(String, String, String, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, zoom, column, row) = path.into_inner();
    tile(request, app, &id, [&zoom, &column, &row]).await
}

/// A tile by row and column.
pub async fn by_row(
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<(String, String, String, String, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, set, zoom, row, column) = path.into_inner();
    known_set(&set)?;
    tile(request, app, &id, [&zoom, &column, &row]).await
}

async fn tile(
    request: HttpRequest,
    app: web::Data<App>,
    id: &str,
    numbers: [&str; 3],
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request)?;
    let collection = layer::asked_for(&query, &app, id)?;
    let tile = tile_of(numbers)?;
    let format = negotiate::format(&request, &mut query, &[Format::Png]);
    let side = query.choice("size", &[("256", 256), ("512", 512)]).unwrap_or(256);
    let layers = [Asked::one(&mut query, &app, collection)];
    query.finish()?;
    let view = View::new(tile.bounds(), Plane::Mercator, side, side)
        .map_err(|fault| Problem::invalid("tile", fault))?;
    answer(&request, &app, format?, move |service, snapshot| {
        let picture = picture(&layers, &view, None, service, snapshot)?;
        Ok(if picture.is_empty() { Vec::new() } else { picture.png() })
    })
    .await
}

/// The tile of a zoom, column and row.
///
/// # Errors
/// 404 for one that the square does not have.
fn tile_of(numbers: [&str; 3]) -> Result<TileId, Problem> {
    let shown = numbers.join("/");
    let [zoom, column, row] = numbers.map(|text| text.parse::<u32>().ok());
    let (Some(zoom), Some(column), Some(row)) = (zoom, column, row) else {
        return Err(Problem::not_found(format!(
            "'{shown}' is no tile: zoom, column and row are whole numbers"
        )));
    };
    TileId::new(zoom, column, row)
        .map_err(|fault| Problem::not_found(format!("there is no tile {}: {}", fault.value, fault.rule)))
}
